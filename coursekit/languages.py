"""What a language is: a code that Babel knows, and in `lessons/course.toml` what Babel does not know."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import babel
from babel.lists import format_list
from babel.messages.plurals import get_plural
from babel.numbers import format_percent, get_decimal_symbol, get_group_symbol

from coursekit.problems import CourseError

MASTER = "en"
NO_BREAK = "\u00a0\u202f"
QUOTES = '"“”„‟«»'
AFTER = r"(?=[\s)\]*_.,…]|$)"


@dataclass(frozen=True)
class Language:
    """A language of the course.

    Attributes:
        code: as Babel and gettext have it, such as "fr" or "pt_BR".
        quotes: pairs of quotes that its prose uses, around "…", such as "„…”", the first of which is offered for
            others; with a no-break space inside where one stands there. None: all are right.
        spaced: marks that have a no-break space before them, such as ":;!?".
        refused: signs that are not written, each with what is written instead.
        group: what stands between thousands, where it is not what Babel says.
    """

    code: str
    quotes: tuple[str, ...] = ()
    spaced: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    group: str = ""

    @cached_property
    def locale(self) -> babel.Locale:
        """What Babel knows of it."""
        return babel.Locale.parse(self.code)

    @property
    def name(self) -> str:
        """The name that it has for itself, as a title: Français."""
        name = self.locale.get_display_name() or self.code
        return name[0].upper() + name[1:]

    @property
    def english(self) -> str:
        """Its name in English."""
        return self.locale.get_display_name(MASTER) or self.code

    @property
    def decimal_sign(self) -> str:
        """What stands before tenths."""
        return get_decimal_symbol(self.locale)

    @property
    def thousands_sign(self) -> str:
        """What stands between thousands."""
        return self.group or get_group_symbol(self.locale)

    @property
    def number_sample(self) -> str:
        """1,234.5 as it writes it."""
        return f"1{self.thousands_sign}234{self.decimal_sign}5"

    @property
    def percent_sample(self) -> str:
        """12 percent as it writes it."""
        return format_percent(0.12, locale=self.locale)

    def listed(self, items: Iterable[str]) -> str:
        """Several things in a sentence: a, b and c."""
        return format_list(list(items), locale=self.locale)

    def number(self, text: str) -> str:
        """A number that Python has written, such as "1,234.5", as it writes it."""
        return text.translate({ord(","): self.thousands_sign, ord("."): self.decimal_sign})

    @cached_property
    def due_spaces(self) -> tuple[re.Pattern[str], ...]:
        """Patterns of places in which a no-break space is missing."""
        found = []
        if self.spaced:
            # A mark at the end of a word or a sentence; `?!` has one, `(?)` and a table's `|---:|` none.
            marks = re.escape(self.spaced)
            found.append(rf"(?:\S[ \n]?)?(?<![{NO_BREAK}(\[«{marks}-])[{marks}]{AFTER}")
        for pair in self.quotes:
            before, after = pair.split("…")
            if before[1:]:
                found.append(rf"{before[0]}(?![{NO_BREAK}])|(?<![{NO_BREAK}]){after[-1]}")
        if self.thousands_sign in tuple(NO_BREAK):
            found.append(r"(?<![\d.,])\d{1,3} \d{3}(?!\d)")
        return tuple(map(re.compile, found))

    @property
    def own_quotes(self) -> str:
        """The quotes that it offers for others."""
        return " ".join(part.strip() for part in self.quotes[0].split("…"))

    def wrong_quotes(self, text: str) -> list[str]:
        """The quotes in a text that this language does not use."""
        right = set("".join(self.quotes))
        return sorted(set(text) & set(QUOTES) - right) if self.quotes else []


FIELDS = {"quotes": list, "spaced": str, "refused": dict, "group": str}


def languages_of(entries: Mapping[str, Any]) -> dict[str, Language]:
    """The languages of a course, the master first.

    Args:
        entries: by code, what Babel does not know: the table `[languages]` of `lessons/course.toml`.

    Raises:
        CourseError: an entry is none of a language, or says what no entry says.
    """
    if next(iter(entries), "") != MASTER:
        raise CourseError(f"the languages begin with [languages.{MASTER}], the master: put it first")
    return {code: language_of(code, entry) for code, entry in entries.items()}


def language_of(code: str, entry: Mapping[str, Any]) -> Language:
    """One language.

    Raises:
        CourseError: Babel does not know the code, or the entry says what no entry says.
    """
    for name, value in entry.items():
        if name not in FIELDS or not isinstance(value, FIELDS[name]):
            raise CourseError(
                f"[languages.{code}] has {name} = {value!r}: it may have quotes (a list), spaced, group (texts) and "
                "refused (a table)"
            )
    if any(len(pair.split("…")) != 2 for pair in entry.get("quotes", ())):
        raise CourseError(f"[languages.{code}] quotes are written around three dots, as in „…”: mend them")
    try:
        babel.Locale.parse(code)
    except (ValueError, TypeError, babel.UnknownLocaleError) as error:
        raise CourseError(f"[languages.{code}]: Babel knows no language {code!r}: give a code such as pt_BR") from error
    return Language(code, **{**entry, "quotes": tuple(entry.get("quotes", ()))})


def plural_forms(code: str) -> str:
    """The plural rule of a language, as a catalog's header has it."""
    return get_plural(code).plural_forms


def plural_count(code: str) -> int:
    """How many plural forms a language has."""
    return get_plural(code).num_plurals
