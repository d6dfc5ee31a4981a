"""The table of contents: what READMEs, start pages, links between lessons and the site say of each lesson."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from coursekit.catalog import COURSE, FRONT, Translations, translations, translator
from coursekit.course import MASTER, Course
from coursekit.problems import CourseError, place
from coursekit.references import Target, resolve
from coursekit.source import Lesson, read_lesson
from coursekit.text import translate


class Opening(NamedTuple):
    """How a lesson begins.

    Attributes:
        title: its first heading.
        promise: the paragraph before its first list, such as "At the end of this lesson you will be able to"; or "".
        aims: that list; "" where no paragraph comes before it.
    """

    title: str
    promise: str = ""
    aims: str = ""


class Entry(NamedTuple):
    """A lesson, in one language.

    Attributes:
        lesson: its name.
        number: two digits.
        file: its notebook's name.
        title: in a few words.
        line: what it is about, in a line; may be empty.
        minutes: how long it takes; None where nobody said.
        promise: see `Opening`.
        aims: see `Opening`.
    """

    lesson: str
    number: str
    file: str
    title: str
    line: str
    minutes: int | None
    promise: str
    aims: str


class Section(NamedTuple):
    """A part of the course, in one language."""

    title: str
    entries: Sequence[Entry]


def opening(source: str) -> Opening | None:
    """How a markdown cell opens a lesson; None where it is no title."""
    heading, _, rest = source.strip().partition("\n")
    if not heading.startswith("# "):
        return None
    blocks = re.split(r"\n\s*\n", rest.strip())
    place = next((i for i, block in enumerate(blocks) if re.match(r"[-*] ", block)), 0)
    promise = " ".join(blocks[place - 1].split()) if place else ""
    return Opening(heading[2:].strip(), promise, blocks[place] if place else "")


def lesson_translations(course: Course, lesson: str, language: str) -> Translations:
    """What a lesson's catalog translates; nothing for the master, which has none."""
    return known(course, course.catalog(lesson, language), language)


def languages_of(course: Course, lesson: str) -> list[str]:
    """The languages in which a lesson is there: the master's, and those in which its catalog says something."""
    return [language for language in course.languages if language == MASTER or is_there(course, lesson, language)]


def is_there(course: Course, lesson: str, language: str) -> bool:
    """Whether a lesson's catalog says something; one that does not parse does, and who reads it names the fault."""
    try:
        return bool(lesson_translations(course, lesson, language))
    except CourseError:
        return True


def lessons_in(course: Course, language: str) -> list[str]:
    """The lessons that are there in a language, in order."""
    return [lesson for lesson in course.lessons() if language in languages_of(course, lesson)]


def languages_there(course: Course) -> list[str]:
    """The languages in which a lesson is there; nothing is shown of one that is only being begun."""
    return [language for language in course.languages if language == MASTER or lessons_in(course, language)]


def course_words(course: Course, language: str) -> Callable[[str], str]:
    """A function from what `course.toml` says to its translation."""
    return translator(known(course, course.own_catalog(language), language), COURSE)


def known(course: Course, path: Path, language: str) -> Translations:
    """What a catalog of the course translates."""
    if language == MASTER:
        return {}
    with place(course.relative(path)):
        return translations(path)


def table_of_contents(course: Course, language: str) -> list[Section]:
    """The parts of the course and their lessons, as far as they are there in a language."""
    words, there = course_words(course, language), lessons_in(course, language)
    return [
        Section(words(part.title), [entry(course, name, language) for name in part.lessons if name in there])
        for part in course.parts
        if set(part.lessons) & set(there)
    ]


def entry(course: Course, name: str, language: str) -> Entry:
    """What is said of a lesson in a language."""
    lesson, _faults = read_lesson(course.source(name))
    catalog = lesson_translations(course, name, language)
    number, file, title = target(course, name, language)
    line = translator(catalog, FRONT)(lesson.line)
    _heading, promise, aims = first_words(lesson, catalog)
    aims = resolve(aims, "markdown", targets(course, language), lesson.todos)
    return Entry(name, number, file, title, line, lesson.minutes, promise, aims)


def first_words(lesson: Lesson, catalog: Translations) -> Opening:
    """How a lesson begins, translated; its name where it has no heading yet."""
    for cell in lesson.cells:
        if cell.kind == "markdown":
            words = translator(catalog, cell.name)
            return opening(translate(cell.source, "markdown", words)) or Opening(lesson.name)
    return Opening(lesson.name)


def targets(course: Course, language: str) -> dict[str, Target]:
    """The lessons that texts may refer to, by name."""
    return {name: target(course, name, language) for name in course.lessons()}


def target(course: Course, name: str, language: str) -> Target:
    """A lesson as a text refers to it: in the master's language where it is not there in the text's."""
    lesson, _faults = read_lesson(course.source(name))
    catalog = lesson_translations(course, name, language)
    title = translator(catalog, FRONT)(lesson.title) or first_words(lesson, catalog).title
    beside = "" if language in languages_of(course, name) else f"../{MASTER}/"
    return Target(course.number(name), f"{beside}{course.stem(name)}.ipynb", title)
