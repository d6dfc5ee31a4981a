"""What labkit says, in the reader's language."""

import gettext
from pathlib import Path

LANGUAGES = ("en", "fr", "ro")
_LOCALE = Path(__file__).parent / "locale"

_translations = gettext.NullTranslations()


def use(language: str) -> None:
    """Choose the language of labkit's messages and plot labels, from now on.

    Args:
        language: "en", "fr" or "ro".

    Raises:
        ValueError: labkit does not speak that language.
    """
    global _translations
    if language not in LANGUAGES:
        spoken = ", ".join(LANGUAGES)
        raise ValueError(
            _("labkit has no language {language!r}: choose one of {spoken}.").format(language=language, spoken=spoken)
        )
    _translations = gettext.translation("labkit", _LOCALE, [language], fallback=True)


def _(message: str) -> str:
    """`message` in the language in use when this is called."""
    return _translations.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of a message that goes with `n` things, in the language in use."""
    return _translations.ngettext(singular, plural, n)
