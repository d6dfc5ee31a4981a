"""A file that was handed in, read as a notebook whatever it has been through."""

import ast
import codecs
import json
import re
from typing import Any, NamedTuple

from coursekit.grading.asked.cells import lines_read
from coursekit.grading.handed_in.notes import Note
from coursekit.notebook import Notebook, fault_of

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MOST_CELLS = 5_000
FORMAT = {"nbformat": 4, "nbformat_minor": 4}
MAGIC = re.compile(r"^\s*(%|!|\?|.*\?\s*$)")


class PaperCell(NamedTuple):
    """A cell.

    Attributes:
        kind: "code" or, whatever else it is, "markdown".
        ids: the cell's id, and what its metadata calls it.
        source: its text; code is without magics where it does not parse with them.
    """

    kind: str
    ids: tuple[str, ...]
    source: str


class Paper(NamedTuple):
    """What a file holds.

    Attributes:
        cells: its cells, in their order.
        text: the lines of its markdown and comments.
        metadata: what the course noted in the notebook's.
    """

    cells: tuple[PaperCell, ...]
    text: frozenset[str]
    metadata: dict[str, Any]

    @property
    def code(self) -> list[PaperCell]:
        """Its cells of code."""
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def ids(self) -> set[str]:
        """What its cells are called."""
        return {name for cell in self.cells for name in cell.ids}


def decoded(data: bytes) -> tuple[str, Note | None]:
    """The text of a file, and a note where it is in another encoding than notebooks are."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), Note(
                "encoding", encoding=encoding.replace("-sig", " with a byte order mark")
            )
    if data[:200].count(0) > 20:  # every other byte of ASCII text in UTF-16
        encoding = "utf-16-be" if data[0] == 0 else "utf-16-le"
        return data.decode(encoding, "replace"), Note("encoding", encoding="utf-16")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), Note("encoding", encoding="cp1252")


def read_paper(data: bytes) -> tuple[Paper | None, list[Note]]:
    """Read a file as a notebook.

    Returns:
        What it holds, or None where it is no notebook; and what is odd about it.
    """
    if not data.strip():
        return None, [Note("empty")]
    text, note = decoded(data)
    notes = [note] if note else []
    try:
        notebook = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None, [*notes, Note("no-json")]
    notebook = mended(notebook)
    if notebook is None or not is_valid(notebook):
        return None, [*notes, Note("no-notebook")]
    cells, lines = [], set[str]()
    for cell in notebook["cells"]:
        kind, source = cell["cell_type"], cell["source"]
        lines |= lines_read(source, kind == "code")
        cells.append(PaperCell(kind, ids_of(cell), runnable(source) if kind == "code" else source))
    return Paper(tuple(cells), frozenset(lines), notebook["metadata"]), notes


def mended(notebook: Any) -> Notebook | None:
    """A notebook of the present format with what is read of it, and nothing else; None where there are no cells.

    What tools and hands lose or break is put right: cells without metadata or outputs, sources that are lists, line
    ends, the worksheets of format 3.
    """
    cells = cells_of(notebook)
    if cells is None:
        return None
    return {"cells": list(map(mended_cell, cells)), "metadata": kept(notebook, "coursekit"), **FORMAT}


def mended_cell(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell of such a notebook: of code, or, whatever else it is, of text."""
    named = {"id": cell["id"]} if isinstance(cell.get("id"), str) else {}
    new = {**named, "metadata": kept(cell, "id", "nbgrader"), "source": source_of(cell)}
    if cell.get("cell_type") == "code":
        return new | {"cell_type": "code", "execution_count": None, "outputs": []}
    return new | {"cell_type": "markdown"}


def kept(holder: dict[str, Any], *names: str) -> dict[str, Any]:
    """What metadata says under these names."""
    metadata = holder.get("metadata")
    return {name: metadata[name] for name in names if name in metadata} if isinstance(metadata, dict) else {}


def is_valid(notebook: Notebook) -> bool:
    """Whether Jupyter's own schema knows it as a notebook; ids, which that format does not have yet, may be doubled."""
    return not fault_of(notebook, FORMAT["nbformat_minor"], strict=False)


def cells_of(notebook: Any) -> list[dict[str, Any]] | None:
    """The cells of a notebook, of format 3 too; None where it has none."""
    if not isinstance(notebook, dict):
        return None
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        return None
    return [cell for cell in cells[:MOST_CELLS] if isinstance(cell, dict)]


def source_of(cell: dict[str, Any]) -> str:
    """The source of a cell, whatever form it has, with Unix line ends."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    text = source if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def ids_of(cell: dict[str, Any]) -> tuple[str, ...]:
    """What a cell is called, the surest first: its id, the one that Colab keeps, and nbgrader's."""
    metadata = cell["metadata"]
    nbgrader = metadata.get("nbgrader")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    names = (cell.get("id"), metadata.get("id"), grade_id)
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))


def runnable(source: str) -> str:
    """A source without IPython's own lines (%timeit, !pip, name?), where it is no Python with them."""
    try:
        compile(source, "<cell>", "exec", flags=ast.PyCF_ONLY_AST, dont_inherit=True)
        return source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(line for line in source.split("\n") if not MAGIC.match(line))
