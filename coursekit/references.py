"""What is known by name in the source and by number in a notebook: exercises (`TODO`) and lessons."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coursekit.problems import CourseError
from coursekit.text import Kind

# `# TODO: what to do`, and the error that the exercise raises until it is done. A translation may put a space before
# the colon.
TODO = re.compile(r'(?P<note># ?)TODO(?=\s?:)|(?<=NotImplementedError\(")TODO(?="\))')
TYPED = re.compile(r'# ?TODO \d+|NotImplementedError\("TODO \d+"\)')
REFERENCE = re.compile(r"\{(lesson|todo):([\w-]+)\}")


class Target(NamedTuple):
    """A lesson that texts refer to.

    Attributes:
        number: two digits.
        file: its notebook, seen from that of the text.
        title: in the text's language.
    """

    number: str
    file: str
    title: str


def count_todos(source: str) -> int:
    """How many exercises a code cell's source asks for."""
    return sum(found["note"] is not None for found in TODO.finditer(source))


def number_todos(source: str, first: int) -> str:
    """The source of a code cell with its TODOs numbered from `first`; an error has the number of the note before it."""
    number = first - 1

    def numbered(found: re.Match[str]) -> str:
        nonlocal number
        number += found["note"] is not None
        return f"{found['note'] or ''}TODO {number}"

    return TODO.sub(numbered, source)


def todo_faults(source: str) -> Iterator[str]:
    """What is wrong with the TODOs of a code cell's source, each in a sentence."""
    if typed := TYPED.search(source):
        yield f"the build numbers the exercises: take the number out of {typed[0]!r}"
    first = TODO.search(source)
    if first and first["note"] is None:
        yield 'NotImplementedError("TODO") has no number, as no comment "# TODO: ..." stands before it: write one'


def resolve(source: str, kind: Kind, lessons: Mapping[str, Target], todos: Mapping[str, int]) -> str:
    """A cell's source with `{lesson:NAME}` as the lesson's number and `{todo:CELL}` as `TODO 3`.

    In markdown the number is a link that says the lesson's title. The word "lesson" stays in the text, where each
    language declines it as it must.

    Args:
        source: of a cell, or a part of it.
        kind: of the cell.
        lessons: by name.
        todos: number of the first TODO, by name of the cell.

    Raises:
        CourseError: no lesson or no exercise has that name.
    """

    def resolved(found: re.Match[str]) -> str:
        sort, name = found.groups()
        known: Mapping[str, object] = lessons if sort == "lesson" else todos
        if name not in known:
            raise CourseError(f"{found[0]} leads nowhere: choose among {', '.join(known)}")
        if sort == "todo":
            return f"TODO {todos[name]}"
        target = lessons[name]
        title = target.title.replace('"', "'")
        return f'[{target.number}]({target.file} "{title}")' if kind == "markdown" else target.number

    return REFERENCE.sub(resolved, source)
