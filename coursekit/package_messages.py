"""labkit's own messages: found in its code, kept in its catalogs, compiled for gettext."""

import ast
from collections.abc import Iterator
from pathlib import Path

from coursekit.catalog import Message, read_catalog
from coursekit.course import Course
from coursekit.problems import CourseError, place


def package_languages(course: Course) -> tuple[str, ...]:
    """Languages into which labkit is translated; none where the course has no labkit of its own."""
    return course.translations if (course.root / "labkit").is_dir() else ()


def package_catalog(course: Course, language: str) -> Path:
    """The catalog of labkit in a language."""
    return course.root / "labkit" / "locale" / language / "LC_MESSAGES" / "labkit.po"


def package_messages(course: Course) -> list[Message]:
    """Each text once, in the order of the files.

    Raises:
        CourseError: a file of labkit does not parse, or marks what is no plain string.
    """
    found: dict[tuple[str, str], Message] = {}
    for path in sorted((course.root / "labkit").rglob("*.py")):
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
    """The catalog in the form that gettext reads, as (path, bytes).

    Raises:
        CourseError: the catalog is missing or does not parse.
    """
    path = package_catalog(course, language)
    with place(course.relative(path)):
        catalog = read_catalog(path)
    return path.with_suffix(".mo"), catalog.to_binary()
