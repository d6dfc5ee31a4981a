"""What stands between a course and its students: faults in sources, translations and notebooks."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from coursekit.build import lists, made
from coursekit.catalog import Message, course_messages, is_stale, lesson_messages, read_catalog
from coursekit.contents import languages_of, languages_there, lessons_in, targets
from coursekit.course import MASTER, Course
from coursekit.notebook import Notebook, carry_outputs, dumps, in_place, loads, text_of
from coursekit.package_messages import (
    COMPILED,
    compiled,
    number_header,
    package_catalog,
    package_messages,
    speaking_packages,
)
from coursekit.problems import CourseError, Problem, place
from coursekit.proof import entry_faults
from coursekit.source import Lesson, read_lesson
from coursekit.trees import same_but_marked


def check(course: Course, lessons: list[str]) -> list[Problem]:
    """All problems of the chosen lessons, and of the packages' messages, each once."""
    found: list[Problem] = []
    for name in lessons:
        source = course.relative(course.source(name))
        lesson, faults = read_lesson(course.source(name))
        found += [Problem(source, cell, reason) for cell, reason in faults]
        if not faults:
            found += until_error(lesson_problems(course, lesson))
    there = [language for language in languages_there(course) if language != MASTER]
    for package, language in speaking_packages(course):
        if language in there:
            found += until_error(package_problems(course, package, language))
    for language in there:
        found += until_error(catalog_problems(course, language, course.own_catalog(language), course_messages(course)))
    found += until_error(list_problems(course))
    return list(dict.fromkeys([*found, *strays(course)]))


def absences(course: Course, lessons: list[str]) -> Iterator[str]:
    """What of the course is not there in a language, which is no fault, each in a sentence."""
    for language in course.translations:
        absent = [course.stem(lesson) for lesson in lessons if language not in languages_of(course, lesson)]
        if absent:
            yield f"not translated into {course.spoken[language].english}, and so left out there: {', '.join(absent)}"


def until_error(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Problems, the last of which may be what made it impossible to look further."""
    try:
        yield from problems
    except CourseError as error:
        yield error.problem


def lesson_problems(course: Course, lesson: Lesson) -> Iterator[Problem]:
    """Problems of a lesson whose source is sound."""
    messages = lesson_messages(lesson)
    for language in languages_of(course, lesson.name):
        if language != MASTER:
            path = course.catalog(lesson.name, language)
            yield from until_error(catalog_problems(course, language, path, messages))
    for path, notebook in made(course, lesson):
        yield from code_problems(course, lesson, notebook)
        yield from until_error(notebook_problems(course, path, notebook))


def catalog_problems(course: Course, language: str, path: Path, messages: list[Message]) -> Iterator[Problem]:
    """Problems of one catalog."""
    file = course.relative(path)
    with place(file):
        catalog = read_catalog(path)
    if is_stale(catalog, messages):
        yield Problem(file, "", "the catalog is stale (the English changed): run coursekit update")
    for entry in catalog:
        for fault in entry_faults(entry, course.spoken[language]):
            yield Problem(file, entry.msgctxt or "", fault)


def code_problems(course: Course, lesson: Lesson, notebook: Notebook) -> Iterator[Problem]:
    """Cells whose code, as it is built, does something else than the lesson's."""
    stamp = notebook["metadata"]["coursekit"]
    translated = stamp["language"] != MASTER
    file = course.relative(course.catalog(lesson.name, stamp["language"]) if translated else course.source(lesson.name))
    sources = {cell["id"]: text_of(cell) for cell in notebook["cells"]}
    lessons = targets(course, MASTER)
    for cell in lesson.cells:
        master = cell.variant(stamp["variant"])
        if cell.kind != "code" or master is None:
            continue
        if not does_the_same(in_place(master, cell, lesson, lessons), sources[cell.name]):
            yield Problem(file, cell.name, "the code differs from the English: mend the translations of this cell")


def does_the_same(master: str, built: str) -> bool:
    """Whether a built cell runs the master's code; one that does not parse runs none."""
    try:
        return same_but_marked(master, built)
    except (SyntaxError, ValueError):
        return False


def notebook_problems(course: Course, path: Path, notebook: Notebook) -> Iterator[Problem]:
    """Problems of a committed notebook, beside what the source builds."""
    file = course.relative(path)
    if not path.is_file():
        yield Problem(file, "", "this notebook is not there: run coursekit build")
        return
    solution = notebook["metadata"]["coursekit"]["variant"] == "solution"
    with place(file):
        committed = loads(path)
    if solution:
        carry_outputs(committed, notebook)
    if path.read_bytes() != dumps(notebook):
        yield Problem(
            file,
            first_difference(committed, notebook),
            "the notebook is not what the source builds: change lesson.py or the catalog rather than "
            "the notebook, then run coursekit build",
        )
    elif solution and (cell := unexecuted(notebook)):
        yield Problem(file, cell, f"this cell was not executed: run coursekit execute {path.stem}")


def first_difference(committed: Notebook, built: Notebook) -> str:
    """Name of the first cell in which two notebooks differ, or "" when it is something else."""
    for one, other in zip_longest(committed["cells"], built["cells"]):
        if one != other:
            return str((other or one).get("id", ""))
    return ""


def unexecuted(notebook: Notebook) -> str:
    """Name of the first code cell without a run, or ""."""
    codes = (cell for cell in notebook["cells"] if cell["cell_type"] == "code" and text_of(cell).strip())
    return next((str(cell["id"]) for cell in codes if cell.get("execution_count") is None), "")


def package_problems(course: Course, package: str, language: str) -> Iterator[Problem]:
    """Problems of a package's messages in a language."""
    path = package_catalog(course, package, language)
    yield from catalog_problems(course, language, path, package_messages(course, package))
    if not number_header(course, language).items() <= read_catalog(path).metadata.items():
        yield Problem(course.relative(path), "", "its header writes numbers otherwise: run coursekit update")
    if package != COMPILED:
        return
    binary, data = compiled(course, language)
    if not binary.is_file() or binary.read_bytes() != data:
        yield Problem(course.relative(binary), "", "this is not what the catalog compiles to: run coursekit build")


def list_problems(course: Course) -> Iterator[Problem]:
    """Problems of the pages that list the lessons."""
    for path, data in lists(course):
        if not path.is_file() or path.read_bytes() != data:
            yield Problem(course.relative(path), "", "this page is not what the lessons make: run coursekit build")


def strays(course: Course) -> Iterator[Problem]:
    """Lessons that no part lists, and notebooks without a lesson."""
    for path in sorted((course.root / "lessons").glob("*/lesson.py")):
        if path.parent.name not in course.lessons():
            yield Problem(course.relative(path), "", "no part in lessons/course.toml lists this lesson: add it to one")
    known = {
        (language, course.stem(lesson)) for language in course.languages for lesson in lessons_in(course, language)
    }
    for folder in ("notebooks", "solutions"):
        for path in sorted((course.root / folder).glob("*/*.ipynb")):
            if (path.parent.name, path.stem) not in known:
                yield Problem(course.relative(path), "", "no lesson builds this notebook: build, or delete it")
