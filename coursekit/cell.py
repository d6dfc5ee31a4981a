"""One cell of a lesson, and the marked parts of an exercise."""

import re
from dataclasses import dataclass
from typing import Literal

from coursekit.markdown import SEPARATOR
from coursekit.problems import CourseError
from coursekit.tags import meaning
from coursekit.text import Kind

Variant = Literal["student", "solution"]
VARIANTS: tuple[Variant, ...] = ("student", "solution")

BEGIN, STUDENT, END = MARKERS = ("### BEGIN SOLUTION", "### STUDENT", "### END SOLUTION")
# What is a marker, or was meant as one. A heading is a legitimate ### in markdown; none in code is.
MARKER = {
    "code": re.compile(r"\s*###|.*#\s*(?i:begin|end)\s+(?i:solution)|\s*#+\s*STUDENT\s*$"),
    "markdown": re.compile(r"\s*(#+\s*(?i:begin|end)\s+(?i:solution)|### *(BEGIN|STUDENT|END)\b|#+\s*STUDENT\s*$)"),
}


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson, with its markers still in the source."""

    name: str
    kind: Kind
    source: str
    tags: tuple[str, ...] = ()
    points: int | None = None

    def variant(self, variant: Variant) -> str | None:
        """The source as students or solutions hold it; None where the cell is left out.

        Where a marker stood there stands a `SEPARATOR`, so that a comment of both and one of the solution stay
        two texts; `translate` takes it away.

        Raises:
            CourseError: a marker is unknown or unbalanced.
        """
        if meaning(self.tags).withheld and variant == "student":
            return None
        parts = split_markers(self.source, self.kind)
        return "\n".join(line for part, lines in parts if part in ("both", variant, "marker") for line in lines)

    def secret(self) -> str:
        """What stands only in the solution: the marked part, or the whole of a cell that is withheld."""
        if meaning(self.tags).withheld:
            return self.source
        return "\n".join(
            line for part, lines in split_markers(self.source, self.kind) if part == "solution" for line in lines
        )


def split_markers(source: str, kind: Kind) -> list[tuple[str, list[str]]]:
    """Cut a cell's source into ("both" | "solution" | "student" | "marker", lines).

    Raises:
        CourseError: a marker is unknown or unbalanced.
    """
    follows = {"both": BEGIN, "solution": STUDENT, "student": END}
    after = {"both": "solution", "solution": "student", "student": "both"}
    part = "both"
    parts: list[tuple[str, list[str]]] = [(part, [])]
    for line in source.split("\n"):
        if not MARKER[kind].match(line):
            parts[-1][1].append(uncommented(line) if part == "student" and kind == "code" else line)
            continue
        marker = line.strip()
        if marker not in MARKERS:
            raise CourseError(f"unknown marker {marker!r}: use {BEGIN!r}, {STUDENT!r} and {END!r}")
        if marker != follows[part]:
            raise CourseError(f"unbalanced markers: {marker!r} where {follows[part]!r} was due")
        part = after[part]
        parts += [("marker", [line[: -len(line.lstrip())] + SEPARATOR]), (part, [])]
    if part != "both":
        raise CourseError(f"unbalanced markers: the cell ends where {follows[part]!r} was due")
    return parts


def uncommented(line: str) -> str:
    """A line of the student's part without its comment sign."""
    if line.strip() and not line.lstrip().startswith("#"):
        raise CourseError(f"after {STUDENT!r} every line is commented out, and {line.strip()!r} is not")
    return re.sub(r"^(\s*)# ?", r"\1", line)
