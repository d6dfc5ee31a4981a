"""What coursekit itself says to students, in whichever of its languages they read."""

import gettext
import io
from functools import lru_cache
from pathlib import Path

from coursekit.catalog import read_catalog

LOCALE = Path(__file__).parent / "locale"


def sentences(language: str) -> gettext.NullTranslations:
    """Coursekit's sentences in a language; those without a translation stay English.

    The catalog itself is read, not what gettext would compile it to: a build is then in step with it at once.

    Raises:
        CourseError: the catalog does not parse.
    """
    path = LOCALE / language / "LC_MESSAGES" / "coursekit.po"
    return compiled(path, path.read_text("utf-8")) if path.is_file() else gettext.NullTranslations()


@lru_cache(maxsize=32)
def compiled(path: Path, text: str) -> gettext.NullTranslations:
    """The translations that a catalog's text holds."""
    return gettext.GNUTranslations(io.BytesIO(read_catalog(path).to_binary()))
