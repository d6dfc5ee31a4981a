"""From `lessons/` to `notebooks/` and `solutions/`."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polib

from coursekit.catalog import course_messages, lesson_messages, read_catalog, translator, updated, write_catalog
from coursekit.cell import Variant
from coursekit.contents import languages_of, languages_there, lesson_translations, table_of_contents, targets
from coursekit.course import Course
from coursekit.files import write_bytes
from coursekit.notebook import Notebook, carry_outputs, dumps, loads, make_notebook
from coursekit.package_messages import (
    COMPILED,
    compiled,
    number_header,
    package_catalog,
    package_messages,
    speaking_packages,
)
from coursekit.problems import CourseError, place
from coursekit.readme import readmes
from coursekit.source import Lesson, read_lesson
from coursekit.start import START, start_page

FOLDERS: dict[str, Variant] = {"notebooks": "student", "solutions": "solution"}
FORMER = re.compile(r"\d+_")


def whole_lesson(course: Course, name: str) -> Lesson:
    """Read a lesson that can be built.

    Raises:
        CourseError: something is wrong in its source; the first fault is named.
    """
    lesson, faults = read_lesson(course.source(name))
    if faults:
        cell, reason = faults[0]
        raise CourseError(reason, course.relative(course.source(name)), cell)
    return lesson


def made(course: Course, lesson: Lesson) -> Iterator[tuple[Path, Notebook]]:
    """All notebooks of a lesson, in the languages in which it is there, without outputs."""
    for language in languages_of(course, lesson.name):
        words = partial(translator, lesson_translations(course, lesson.name, language))
        for folder, variant in FOLDERS.items():
            notebook = make_notebook(course, lesson, language, variant, words, targets(course, language))
            yield course.notebook(folder, language, lesson.name), notebook


def built(course: Course, lesson: Lesson) -> Iterator[tuple[Path, Notebook]]:
    """All notebooks of a lesson, the solutions with the outputs that still hold."""
    for path, notebook in made(course, lesson):
        if notebook["metadata"]["coursekit"]["variant"] == "solution":
            for before in [path] if path.is_file() else renumbered(course, path, lesson.name):
                with place(course.relative(before)):
                    carry_outputs(loads(before), notebook)
        yield path, notebook


def renumbered(course: Course, path: Path, lesson: str) -> list[Path]:
    """The notebooks beside a path that are the same lesson's under an earlier number."""
    beside = sorted(path.parent.glob(f"*_{lesson}.ipynb"))
    return [other for other in beside if other != path and FORMER.fullmatch(other.stem.removesuffix(lesson))]


def catalog_if_any(course: Course, path: Path) -> polib.POFile | None:
    """A catalog that need not be there yet."""
    with place(course.relative(path)):
        return read_catalog(path) if path.is_file() else None


def start_pages(course: Course) -> Iterator[tuple[Path, bytes]]:
    """The page of each language that lists all lessons."""
    for language in languages_there(course):
        page = start_page(course, language, table_of_contents(course, language))
        yield course.root / "notebooks" / language / START, page.encode("utf-8")


def lists(course: Course) -> Iterator[tuple[Path, bytes]]:
    """All that lists the lessons: the start pages and the READMEs."""
    yield from start_pages(course)
    for language, _before, due in readmes(course):
        yield course.readme(language), due.encode("utf-8")


def build(course: Course, lessons: list[str]) -> list[Path]:
    """Build notebooks, what lists the lessons, and labkit's compiled messages.

    Everything is made before anything is written, so that a broken lesson leaves the course as it was. A notebook that
    stands under an earlier number of its lesson goes.

    Returns:
        The files that changed.
    """
    files: list[tuple[Path, bytes]] = []
    gone: list[Path] = []
    for name in lessons:
        for path, notebook in built(course, whole_lesson(course, name)):
            files.append((path, dumps(notebook)))
            gone += renumbered(course, path, name)
    files += lists(course)
    files += [compiled(course, language) for package, language in speaking_packages(course) if package == COMPILED]
    changed = [path for path, data in files if write_bytes(path, data)]
    for path in gone:
        path.unlink()
    return [*changed, *gone]


def update(course: Course, lessons: list[str]) -> list[Path]:
    """Bring the catalogs into step with the English; returns the files that changed."""
    catalogs = []
    for name in lessons:
        messages = lesson_messages(whole_lesson(course, name))
        for language in course.translations:
            path = course.catalog(name, language)
            catalogs.append((path, updated(catalog_if_any(course, path), messages, language)))
    for language in course.translations:
        path = course.own_catalog(language)
        catalogs.append((path, updated(catalog_if_any(course, path), course_messages(course), language)))
    for package, language in speaking_packages(course):
        path, messages = package_catalog(course, package, language), package_messages(course, package)
        header = number_header(course, language)
        catalogs.append((path, updated(catalog_if_any(course, path), messages, language, header)))
    return [path for path, catalog in catalogs if write_catalog(path, catalog)]
