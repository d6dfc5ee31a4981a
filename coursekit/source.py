"""The lesson source: read, and its faults named."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml

from coursekit.cell import BEGIN, MARKER, STUDENT, VARIANTS, Cell
from coursekit.problems import CourseError, one_line
from coursekit.tags import NO_TAG, TAGS, meaning
from coursekit.text import pieces

RESERVED = {"header", "setup"}  # the build's own cells
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
    def packages(self) -> dict[str, str]:
        """What pip must bring to Colab beside labkit: from a module's name to what installs it."""
        return dict(self.front.get("packages") or {})


def read_lesson(path: Path) -> tuple[Lesson, list[tuple[str, str]]]:
    """Read a lesson.

    Returns:
        The lesson, and what is wrong with it as (cell name, reason), which is empty for one that can be built.
    """
    lesson = Lesson(path.parent.name, (), {})
    try:
        raw_cells = jupytext.reads(path.read_text("utf-8"), fmt=PERCENT).cells
    except nbformat.ValidationError as error:
        return lesson, [("", f'a cell\'s line cannot be read ({error.message}): tags are written tags=["check"]')]
    except UnicodeDecodeError as error:
        return lesson, [("", f"the file is no UTF-8 text ({error}): save it as such")]
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
    cells = []
    for position, raw in enumerate(raw_cells, start=1):
        name, tags = raw.metadata.get("title", ""), raw.metadata.get("tags", ())
        cell = Cell(name, raw.cell_type, raw.source, tuple(tags), raw.metadata.get("points"))
        faults += [(name or f"cell {position}", fault) for fault in cell_faults(cell, raw.metadata)]
        cells.append(cell)
    return Lesson(path.parent.name, tuple(cells), front), [*faults, *twice(cells), *unchecked(cells)]


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
