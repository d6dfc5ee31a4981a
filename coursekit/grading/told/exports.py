"""Exports: each takes a class's marks to those who wait for them, and is found by its entry point.

A new one, for another learning platform, say, is one module with a function like `export` of `marks_csv`, and one line
under `[project.entry-points."coursekit.exports"]` in the `pyproject.toml` of whatever package it is in.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from coursekit.grading.asked.key import Key
from coursekit.grading.marking.marks import Marked
from coursekit.problems import CourseError, one_line

GROUP = "coursekit.exports"


@dataclass(frozen=True)
class Results:
    """A class's marks, and where to write what is told of them.

    Attributes:
        keys: of the lessons that were handed in.
        marked: the class.
        out: folder for files.
        gradebook: nbgrader's database to write into, if any.
    """

    keys: Sequence[Key]
    marked: Sequence[Marked]
    out: Path
    gradebook: Path | None = None


Export = Callable[[Results], None]


def exports() -> list[Export]:
    """All exports that are installed.

    Raises:
        CourseError: one cannot be loaded, or not even coursekit's own are there.
    """
    found: dict[str, Export] = {}
    for entry in entry_points(group=GROUP):
        try:
            found[entry.name] = entry.load()
        except Exception as error:  # whatever another package's module does
            reason = one_line(repr(error))
            raise CourseError(f"the export {entry.name!r} cannot be loaded ({reason}): mend or remove it") from error
    if not found:
        raise CourseError("the exports are not registered: run make lint, which installs coursekit again")
    return [found[name] for name in sorted(found)]


def write_all(exports: Iterable[Export], results: Results) -> None:
    """Let each export write; one that cannot keeps no other from it.

    Raises:
        CourseError: the first that an export raised.
    """
    problems = []
    for export in exports:
        try:
            export(results)
        except CourseError as problem:
            problems.append(problem)
    if problems:
        raise problems[0]
