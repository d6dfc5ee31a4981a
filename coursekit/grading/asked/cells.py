"""Cells of notebooks: their code, their tags, and what they do and say."""

import ast
from functools import lru_cache
from typing import Any

from coursekit.grading.asked.slices import MANY
from coursekit.notebook import Notebook, text_of
from coursekit.trees import undocumented


def code_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """The cells of code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def sources(notebooks: dict[str, Notebook]) -> dict[str, dict[str, str]]:
    """By language and name, the source of each cell of code."""
    return {
        language: {cell["id"]: text_of(cell) for cell in code_cells(notebook)}
        for language, notebook in notebooks.items()
    }


@lru_cache(MANY)
def tree_of(source: str) -> str:
    """What a source does, without docstrings and comments; the bare text where it does not parse."""
    try:
        return ast.dump(undocumented(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())


def lines_read(source: str, is_code: bool) -> set[str]:
    """The lines of a cell that are there to be read: all of a text's, the comments of code."""
    return {line.strip() for line in source.split("\n") if not is_code or line.lstrip().startswith("#")}
