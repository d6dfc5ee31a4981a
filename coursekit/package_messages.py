"""The messages of labkit and of coursekit itself: found in their code, kept in catalogs, labkit's compiled."""

import ast
from collections.abc import Iterator
from pathlib import Path

from coursekit.catalog import Message, read_catalog
from coursekit.course import Course
from coursekit.problems import CourseError, place

PACKAGES = ("labkit", "coursekit")
COMPILED = "labkit"  # students have it without what reads catalogs


def speaking_packages(course: Course) -> Iterator[tuple[str, str]]:
    """Each package of the course that has messages, with each language into which they are translated."""
    for package in PACKAGES:
        if any(map(speaks, (course.root / package).rglob("*.py"))):
            yield from ((package, language) for language in course.translations)


def speaks(path: Path) -> bool:
    """Whether a file marks messages; one that cannot be read may."""
    try:
        return any(True for _ in marked_strings(path.read_text("utf-8")))
    except (SyntaxError, ValueError):
        return True


def package_catalog(course: Course, package: str, language: str) -> Path:
    """The catalog of a package in a language."""
    return course.root / package / "locale" / language / "LC_MESSAGES" / f"{package}.po"


def number_header(course: Course, language: str) -> dict[str, str]:
    """What a catalog's header says of numbers, for labkit, which students have without Babel."""
    spoken = course.spoken[language]
    return {"X-Number": spoken.number_sample, "X-Percent": spoken.percent_sample}


def package_messages(course: Course, package: str) -> list[Message]:
    """Each text of a package once, in the order of the files.

    Raises:
        CourseError: a file does not parse, or marks what is no plain string.
    """
    found: dict[tuple[str, str], Message] = {}
    for path in sorted((course.root / package).rglob("*.py")):
        try:
            marked = list(marked_strings(path.read_text("utf-8")))
        except (SyntaxError, ValueError) as error:
            raise CourseError(f"this cannot be read ({error}): mend it first", course.relative(path)) from error
        for text, plural in marked:
            found.setdefault((text, plural), Message("", text, "string", plural))
    return list(found.values())


def marked_strings(source: str) -> Iterator[tuple[str, str]]:
    """The (singular, plural) of each `_("...")` and `ngettext("...", "...", n)`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"):
            if any(isinstance(arg, ast.JoinedStr) for arg in call.args):
                raise ValueError(f"line {call.lineno} marks an f-string, which no catalog can hold: use .format()")
            constants = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
            texts = [text for text in constants if isinstance(text, str)]
            if texts:
                yield texts[0], texts[1] if call.func.id == "ngettext" else ""


def compiled(course: Course, language: str) -> tuple[Path, bytes]:
    """Labkit's catalog in the form that gettext reads, as (path, bytes).

    Raises:
        CourseError: the catalog is missing or does not parse.
    """
    path = package_catalog(course, COMPILED, language)
    with place(course.relative(path)):
        catalog = read_catalog(path)
    return path.with_suffix(".mo"), catalog.to_binary()
