"""Tiny notebooks, run in a real kernel."""

import nbformat
from nbclient import NotebookClient


def outputs(*sources: str, allow_errors: bool = False) -> list[list[nbformat.NotebookNode]]:
    """What each code cell leaves under it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=allow_errors).execute()
    return [cell.outputs for cell in notebook.cells]
