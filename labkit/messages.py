"""What labkit says, in the reader's language."""

import gettext
from pathlib import Path

_LOCALE = Path(__file__).parent / "locale"
_ENGLISH = {"x-number": "1,234.5", "x-percent": "12%"}

_translations = gettext.NullTranslations()


def languages() -> tuple[str, ...]:
    """The languages that labkit speaks: English, and those that have a catalog."""
    return "en", *sorted(path.parts[-3] for path in _LOCALE.glob("*/LC_MESSAGES/labkit.mo"))


def use(language: str) -> None:
    """Choose the language of labkit's messages, from now on.

    Raises:
        ValueError: labkit does not speak that language.
    """
    global _translations
    if language not in languages():
        spoken = ", ".join(languages())
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


def number_sample() -> str:
    """The number 1,234.5 as the language in use writes it; the catalog's header has it."""
    return _from_header("x-number")


def percent_sample() -> str:
    """12 percent as the language in use writes it; the catalog's header has it, too."""
    return _from_header("x-percent")


def _from_header(name: str) -> str:
    return _translations.info().get(name, _ENGLISH[name])
