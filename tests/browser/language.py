"""Whether a sentence that is on the screen is in the notebook's language."""

import ast
import re
from collections.abc import Iterator

from coursekit.build import catalog_if_any
from coursekit.course import MASTER, Course
from coursekit.notebook import loads, text_of
from coursekit.package_messages import package_catalog, package_messages

LETTERS = 6  # a pattern with fewer of its own may be found in anything


def patterns(course: Course, lesson: str, language: str) -> set[str]:
    """What the lesson and labkit can say in a language: regular expressions that no other language shares."""
    found = {*notebook_strings(course, lesson, language), *labkit_messages(course, language)}
    if language != MASTER:
        found -= {*notebook_strings(course, lesson, MASTER), *labkit_messages(course, MASTER)}
    return {pattern for pattern in found if len(re.findall(r"[^\W\d_]", pattern)) >= LETTERS}


def is_said(text: str, sayings: set[str]) -> bool:
    """Whether one of the patterns stands in the text."""
    flat = " ".join(text.split())
    return any(re.search(saying, flat) for saying in sayings)


def notebook_strings(course: Course, lesson: str, language: str) -> Iterator[str]:
    """The strings in a notebook's code, with anything in the place of an f-string's fields."""
    for cell in loads(course.notebook("notebooks", language, lesson))["cells"]:
        if cell["cell_type"] != "code":
            continue
        for node in ast.walk(ast.parse(text_of(cell))):
            if isinstance(node, ast.JoinedStr):
                yield ".+?".join(escaped(part.value) for part in node.values if isinstance(part, ast.Constant))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield escaped(node.value)


def labkit_messages(course: Course, language: str) -> Iterator[str]:
    """What labkit can say in a language, with anything in the place of the fields."""
    if language == MASTER:
        texts = [text for message in package_messages(course, "labkit") for text in (message.text, message.plural)]
    else:
        catalog = catalog_if_any(course, package_catalog(course, "labkit", language)) or ()
        texts = [text for entry in catalog for text in (entry.msgstr, *entry.msgstr_plural.values())]
    for text in texts:
        yield ".+?".join(map(escaped, re.split(r"\{[^{}]*\}", text)))


def escaped(text: str) -> str:
    """A pattern for the text, wherever the lines end."""
    return re.escape(" ".join(text.split()))
