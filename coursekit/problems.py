"""What can be wrong with a course, said in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that `coursekit check` found.

    Attributes:
        file: path from the course's root.
        cell: name of the cell, or "" when the whole file is meant.
        reason: what is wrong and what to do, in one sentence.
    """

    file: str
    cell: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in self if part)


class CourseError(Exception):
    """The command cannot go on; the message says where, what is wrong and what to do."""

    def __init__(self, reason: str, file: str = "", cell: str = "") -> None:
        self.problem = Problem(file, cell, reason)
        super().__init__(str(self.problem))


@contextmanager
def place(file: str = "", cell: str = "") -> Iterator[None]:
    """Errors from inside name this file and this cell, where they do not name their own."""
    try:
        yield
    except CourseError as error:
        known = error.problem
        raise CourseError(known.reason, known.file or file, known.cell or cell) from error


def one_line(error: object) -> str:
    """What an error of another kind says, in one line."""
    return " ".join(str(error).split())
