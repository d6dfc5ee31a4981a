"""From `lessons/` to `notebooks/` and `solutions/`."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polib

from coursekit.catalog import lesson_messages, read_catalog, translator, updated, write_catalog
from coursekit.cell import Variant
from coursekit.course import MASTER, Course
from coursekit.files import write_bytes
from coursekit.notebook import Notebook, carry_outputs, dumps, loads, make_notebook
from coursekit.package_messages import compiled, package_catalog, package_languages, package_messages
from coursekit.problems import CourseError, place
from coursekit.source import Lesson, read_lesson
from coursekit.start import START, Opening, opening, start_page
from coursekit.text import translate

FOLDERS: dict[str, Variant] = {"notebooks": "student", "solutions": "solution"}


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
    """All notebooks of a lesson, without outputs."""
    for language in course.languages:
        catalog = lesson_catalog(course, lesson.name, language)
        for folder, variant in FOLDERS.items():
            notebook = make_notebook(course, lesson, language, variant, partial(translator, catalog))
            yield course.notebook(folder, language, lesson.name), notebook


def built(course: Course, lesson: Lesson) -> Iterator[tuple[Path, Notebook]]:
    """All notebooks of a lesson, the solutions with the outputs that still hold."""
    for path, notebook in made(course, lesson):
        if notebook["metadata"]["coursekit"]["variant"] == "solution" and path.is_file():
            with place(course.relative(path)):
                carry_outputs(loads(path), notebook)
        yield path, notebook


def lesson_catalog(course: Course, lesson: str, language: str) -> polib.POFile | None:
    """The catalog of a lesson; the master has none."""
    return None if language == MASTER else catalog_if_any(course, course.catalog(lesson, language))


def catalog_if_any(course: Course, path: Path) -> polib.POFile | None:
    """A catalog that need not be there yet."""
    with place(course.relative(path)):
        return read_catalog(path) if path.is_file() else None


def start_pages(course: Course) -> Iterator[tuple[Path, bytes]]:
    """The page of each language that lists all lessons; one that has no title yet is left out."""
    lessons = [read_lesson(course.source(name))[0] for name in course.lessons()]
    for language in course.languages:
        listed = [
            (lesson.name, first, lesson.front.get("minutes"))
            for lesson in lessons
            if (first := lesson_opening(course, lesson, language))
        ]
        page = start_page(course, language, listed)
        yield course.root / "notebooks" / language / START, page.encode("utf-8")


def lesson_opening(course: Course, lesson: Lesson, language: str) -> Opening | None:
    """How a lesson begins, in a language."""
    words = partial(translator, lesson_catalog(course, lesson.name, language))
    cells = (cell for cell in lesson.cells if cell.kind == "markdown")
    return next((opening(translate(cell.source, cell.kind, words(cell.name))) for cell in cells), None)


def build(course: Course, lessons: list[str]) -> list[Path]:
    """Build notebooks, the pages that list the lessons, and labkit's compiled messages.

    Everything is made before anything is written, so that a broken lesson leaves the course as it was.

    Returns:
        The files that changed.
    """
    files: list[tuple[Path, bytes]] = []
    for name in lessons:
        files += [(path, dumps(notebook)) for path, notebook in built(course, whole_lesson(course, name))]
    files += start_pages(course)
    files += [compiled(course, language) for language in package_languages(course)]
    return [path for path, data in files if write_bytes(path, data)]


def update(course: Course, lessons: list[str]) -> list[Path]:
    """Bring the catalogs into step with the English; returns the files that changed."""
    catalogs = []
    for name in lessons:
        messages = lesson_messages(whole_lesson(course, name))
        for language in course.translations:
            path = course.catalog(name, language)
            catalogs.append((path, updated(catalog_if_any(course, path), messages, language)))
    for language in package_languages(course):
        path = package_catalog(course, language)
        catalogs.append((path, updated(catalog_if_any(course, path), package_messages(course), language)))
    return [path for path, catalog in catalogs if write_catalog(path, catalog)]
