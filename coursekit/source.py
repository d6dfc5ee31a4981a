"""The lesson source: read, and its faults named."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml

from coursekit.cell import BEGIN, MARKER, STUDENT, VARIANTS, Cell
from coursekit.problems import CourseError, one_line
from coursekit.references import count_todos, todo_faults
from coursekit.tags import NO_TAG, TAGS, meaning
from coursekit.text import pieces

RESERVED = {"header", "setup", "front"}  # the build's own cells, and what catalogs call the front matter
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# jupytext would otherwise take comments that begin with a shell command's name for magics.
PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}


@dataclass(frozen=True)
class Lesson:
    """The English master of a lesson."""

    name: str
    cells: tuple[Cell, ...]
    front: dict[str, Any]

    @property
    def title(self) -> str:
        """What lists of lessons call it; where it is empty, they take the first heading."""
        return str(self.front.get("title") or "")

    @property
    def line(self) -> str:
        """What it is about, in a few words; may be empty."""
        return str(self.front.get("line") or "")

    @property
    def minutes(self) -> int | None:
        """How long it takes; None where nobody said."""
        minutes: int | None = self.front.get("minutes")
        return minutes

    @property
    def packages(self) -> dict[str, str]:
        """What pip must bring to Colab beside labkit: from a module's name to what installs it."""
        return dict(self.front.get("packages") or {})

    @cached_property
    def todos(self) -> dict[str, int]:
        """Number of the first TODO of each cell that has one, by the cell's name."""
        numbers, following = {}, 1
        for cell in self.cells:
            count = count_todos(cell.variant("student") or "") if cell.kind == "code" else 0
            if count:
                numbers[cell.name] = following
            following += count
        return numbers


def read_lesson(path: Path) -> tuple[Lesson, list[tuple[str, str]]]:
    """Read a lesson.

    Returns:
        The lesson, and what is wrong with it as (cell name, reason), which is empty for one that can be built.
    """
    name = path.parent.name
    try:
        return parsed(name, path.read_text("utf-8"))
    except FileNotFoundError:
        return Lesson(name, (), {}), [("", "this file is not there, and lessons/course.toml lists the lesson")]
    except UnicodeDecodeError as error:
        return Lesson(name, (), {}), [("", f"the file is no UTF-8 text ({error}): save it as such")]


@lru_cache(maxsize=64)  # each lesson of a course is asked for again and again, as others refer to it
def parsed(name: str, text: str) -> tuple[Lesson, list[tuple[str, str]]]:
    """The lesson of that name in a text, and its faults."""
    lesson = Lesson(name, (), {})
    try:
        raw_cells = jupytext.reads(text, fmt=PERCENT).cells
    except nbformat.ValidationError as error:
        return lesson, [("", f'a cell\'s line cannot be read ({error.message}): tags are written tags=["check"]')]
    front: Any = {}
    if raw_cells and raw_cells[0].cell_type == "raw" and "title" not in raw_cells[0].metadata:
        try:
            front = yaml.safe_load(raw_cells.pop(0).source.strip("- \n")) or {}
        except yaml.YAMLError as error:
            return lesson, [("", f"the front matter is no YAML ({one_line(error)}): mend it")]
    faults = []
    if not isinstance(front, dict) or not isinstance(front.get("packages") or {}, dict):
        faults.append(("", "the front matter holds lines such as 'packages: {Box2D: box2d}': mend it"))
        front = {}
    if type(front.get("minutes") or 0) is not int:
        faults.append(("", "the front matter's minutes are no whole number: write minutes: 90"))
    cells = []
    for position, raw in enumerate(raw_cells, start=1):
        title, tags = raw.metadata.get("title", ""), raw.metadata.get("tags", ())
        cell = Cell(title, raw.cell_type, raw.source, tuple(tags), raw.metadata.get("points"))
        faults += [(title or f"cell {position}", fault) for fault in cell_faults(cell, raw.metadata)]
        cells.append(cell)
    return Lesson(name, tuple(cells), front), [*faults, *twice(cells), *unchecked(cells)]


def cell_faults(cell: Cell, metadata: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one cell, each in a sentence."""
    if "incorrectly_encoded_metadata" in metadata:
        yield f"the cell's line does not parse at {metadata['incorrectly_encoded_metadata']!r}"
    if not NAME.fullmatch(cell.name) or len(cell.name) > 64:
        yield "a cell needs a name of lowercase words joined by hyphens, 64 characters at most"
    if cell.name in RESERVED:
        yield f"the name {cell.name!r} belongs to a cell that the build makes: choose another"
    for tag in sorted({str(tag) for tag in cell.tags} - TAGS.keys()):
        yield f"unknown tag {tag!r}: use one of {', '.join(sorted(TAGS))}"
    for tag in cell.tags:
        kind = TAGS.get(str(tag), NO_TAG).kind
        if kind and cell.kind != kind:
            yield f"a cell tagged {tag} is {kind}: {'add' if kind == 'markdown' else 'take away'} [markdown]"
    said = meaning(cell.tags)
    if said.varies and said.nbval not in ("ignored", "skipped"):
        yield "what training shows differs from run to run: add the tag nbval-ignore-output"
    graded = said.graded
    valid = type(cell.points) is int and cell.points > 0
    if not valid if graded else cell.points is not None:
        yield "exercises and questions, and they alone, have points=N"
    if cell.kind not in MARKER:
        yield f"a cell is code or [markdown], and this one is {cell.kind}"
        return
    try:
        if graded and not cell.secret().strip():
            yield f"an exercise or question needs a part between {BEGIN!r} and {STUDENT!r}"
        for variant in VARIANTS:
            source = cell.variant(variant) or ""
            if cell.kind == "code":
                ast.parse(source)
            pieces(source, cell.kind)
        if cell.kind == "code":
            yield from todo_faults(cell.variant("student") or "")
            if count_todos(cell.variant("student") or "") != count_todos(cell.variant("solution") or ""):
                yield f'a comment "# TODO: ..." stands before {BEGIN!r}: students and solutions have the same ones'
    except CourseError as error:
        yield error.problem.reason
    except SyntaxError as error:
        yield f"the code does not parse: {error.msg} in line {error.lineno} of the cell"


def twice(cells: list[Cell]) -> Iterator[tuple[str, str]]:
    """Names that stand on several cells."""
    for name, times in Counter(cell.name for cell in cells if cell.name).items():
        if times > 1:
            yield name, f"this name stands on {times} cells: rename the newer ones"


def unchecked(cells: list[Cell]) -> Iterator[tuple[str, str]]:
    """Exercises that no check cell follows before the next exercise."""
    waiting = ""
    for cell in [*cells, Cell("", "code", "", ("exercise",))]:
        if "check" in cell.tags:
            waiting = ""
        elif "exercise" in cell.tags:
            if waiting:
                yield waiting, "no check cell follows this exercise: add one tagged check"
            waiting = cell.name
