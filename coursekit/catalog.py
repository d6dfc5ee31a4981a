"""Catalogs of translations (gettext), kept in step with the English they translate."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import polib

from coursekit.cell import VARIANTS
from coursekit.course import Course
from coursekit.files import write_text
from coursekit.languages import plural_count, plural_forms
from coursekit.problems import CourseError, one_line
from coursekit.source import Lesson
from coursekit.text import pieces

LINE = re.compile(r'\s*(#.*|((msg(ctxt|id|id_plural|str|str\[\d\])\s*)?"(\\.|[^"\\])*")?)\s*')
ALIKE = 0.6  # how like a new English text an old one must be for its translation to be offered
FRONT, COURSE = "front", "course"  # where texts stand that are in no cell
SAME_CELL = 0.3  # how much less like it may be in the same cell


class Message(NamedTuple):
    """One text to translate.

    Attributes:
        context: the cell (or file) that it stands in.
        text: the English.
        what: "markdown", "comment", "docstring" or "string".
        plural: the English plural, or "".
    """

    context: str
    text: str
    what: str
    plural: str = ""


def lesson_messages(lesson: Lesson) -> list[Message]:
    """Each text of a lesson once a cell, in the order in which a reader meets it."""
    found: dict[tuple[str, str], Message] = {}
    for text in filter(None, (lesson.title, lesson.line)):
        found[FRONT, text] = Message(FRONT, text, "markdown")
    for cell in lesson.cells:
        for variant in VARIANTS:
            for piece in pieces(cell.variant(variant) or "", cell.kind):
                found.setdefault((cell.name, piece.text), Message(cell.name, piece.text, piece.what))
    return list(found.values())


def course_messages(course: Course) -> list[Message]:
    """What the course itself says: its title, what it is, and the titles of its parts."""
    texts = [course.title, course.about, *(part.title for part in course.parts)]
    return [Message(COURSE, text, "markdown") for text in dict.fromkeys(texts)]


def read_catalog(path: Path) -> polib.POFile:
    """Read a catalog.

    Raises:
        CourseError: it is not there, or it does not parse.
    """
    if not path.is_file():
        raise CourseError(f"{path.name} is missing: run coursekit update to make it")
    try:
        for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
            if not LINE.fullmatch(line):  # polib would read on, and lose a part of the text
                raise ValueError(f"line {number} is {line!r}")
        return polib.pofile(str(path), wrapwidth=100, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = one_line(error).replace(f"{path}", path.name)
        raise CourseError(f"the catalog does not parse ({reason}): mend it by hand or with a PO editor") from error


def key(message: Message) -> tuple[str, str]:
    """What tells the messages of a catalog apart."""
    return message.context, message.text


def is_stale(catalog: polib.POFile, messages: Iterable[Message]) -> bool:
    """Whether the catalog holds other texts than the source, or in another order."""
    return list(map(message_of, catalog)) != list(messages)


def message_of(entry: polib.POEntry) -> Message:
    """What an entry translates."""
    return Message(entry.msgctxt or "", entry.msgid, entry.comment, entry.msgid_plural)


def updated(
    old: polib.POFile | None, messages: Iterable[Message], language: str, header: Mapping[str, str] | None = None
) -> polib.POFile:
    """A catalog of just these messages, with the translations that the old one holds.

    A text that moved to another cell takes its translation along. Where the English changed, the entry keeps the
    old translation, marked fuzzy, with its previous text. What `header` holds stands in the catalog's own, too.
    """
    messages = list(messages)
    catalog = polib.POFile(wrapwidth=100)
    catalog.header = old.header if old else ""
    catalog.metadata = (old.metadata if old else {}) | {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(language),
        **(header or {}),
    }
    known = {key(message_of(entry)): entry for entry in old or ()}
    moved = {entry.msgid: entry for entry in old or () if is_filled(entry, language)}
    texts = {message.text for message in messages}
    edited = pairs(
        [message for message in messages if key(message) not in known and message.text not in moved],
        [entry for entry in moved.values() if entry.msgid not in texts],
    )
    for message in messages:
        former = known.get(key(message)) or moved.get(message.text) or edited.get(message)
        catalog.append(entry_for(message, former, language))
    return catalog


def entry_for(message: Message, former: polib.POEntry | None, language: str) -> polib.POEntry:
    """An entry with the translation of a former one, which is fuzzy where the English is another."""
    entry = polib.POEntry(
        msgctxt=message.context or None, msgid=message.text, msgid_plural=message.plural, comment=message.what
    )
    if message.plural:
        entry.msgstr_plural = dict.fromkeys(range(plural_count(language)), "")
    if former is None:
        return entry
    entry.tcomment = former.tcomment
    if bool(former.msgid_plural) == bool(message.plural):
        entry.msgstr = former.msgstr
        entry.msgstr_plural |= former.msgstr_plural
    elif not message.plural:
        entry.msgstr = former.msgstr_plural.get(0, "")
    changed = (former.msgid, former.msgid_plural) != (message.text, message.plural)
    if former.fuzzy or changed:
        entry.flags = ["fuzzy"]
        entry.previous_msgid = former.previous_msgid or (former.msgid if changed else None)
    return entry


def is_filled(entry: polib.POEntry, language: str) -> bool:
    """Whether an entry has a translation, in every plural form."""
    if entry.msgid_plural:
        return all(entry.msgstr_plural.get(form, "").strip() for form in range(plural_count(language)))
    return bool(entry.msgstr.strip())


def pairs(messages: list[Message], orphans: list[polib.POEntry]) -> dict[Message, polib.POEntry]:
    """New messages with the orphaned entries that they were probably edited from, the likest first."""

    def likeness(message: Message, entry: polib.POEntry) -> float:
        ratio = difflib.SequenceMatcher(None, entry.msgid, message.text, autojunk=False).ratio()
        return ratio + (SAME_CELL if message_of(entry).context == message.context else 0)

    likenesses = {(m, o): likeness(messages[m], orphans[o]) for m in range(len(messages)) for o in range(len(orphans))}
    found: dict[int, int] = {}
    for (message, orphan), value in sorted(likenesses.items(), key=lambda item: -item[1]):
        if value >= ALIKE and message not in found and orphan not in found.values():
            found[message] = orphan
    return {messages[message]: orphans[orphan] for message, orphan in found.items()}


def write_catalog(path: Path, catalog: polib.POFile) -> bool:
    """Write a catalog whole; returns whether it changed."""
    return write_text(path, str(catalog).rstrip("\n") + "\n")


Translations = Mapping[tuple[str, str], str]  # by (context, English)


def translations(path: Path) -> Translations:
    """What a catalog translates; empty where there is none, without what is fuzzy.

    Raises:
        CourseError: it does not parse.
    """
    return filled(path, path.read_text("utf-8")) if path.is_file() else {}


@lru_cache(maxsize=128)  # each text of a notebook is looked up in it
def filled(path: Path, text: str) -> Translations:
    """The translations that a catalog's text holds."""
    entries = [entry for entry in read_catalog(path) if entry.msgstr and not entry.fuzzy]
    return MappingProxyType({(entry.msgctxt or "", entry.msgid): entry.msgstr for entry in entries})


def translator(known: Translations, context: str) -> Callable[[str], str]:
    """A function from English to the translation; what has none stays English."""
    return lambda text: known.get((context, text), text)
