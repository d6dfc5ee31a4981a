"""A lesson's own solution, for the scripts that film it."""

from pathlib import Path
from typing import Any

import jupytext
import matplotlib

LESSONS = Path(__file__).parents[1] / "lessons"
SKIPPED = {"check", "training", "nbval-ignore-output"}  # what is not needed to define an agent


def solution(lesson: str, **partly: str) -> dict[str, Any]:
    """The names that a lesson's solution defines, without its checks and its own trainings.

    The source runs as it is: its markers are comments.

    Args:
        lesson: its name.
        partly: cells that are needed although they show something, by name, up to the line that begins so.
    """
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    for cell in jupytext.reads((LESSONS / lesson / "lesson.py").read_text("utf-8"), fmt="py:percent").cells:
        title = cell.metadata.get("title")
        needed = title in ("imports", *partly) or not SKIPPED & set(cell.metadata.get("tags", ()))
        if cell.cell_type == "code" and needed:
            exec(cell.source.split(f"\n{partly[title]}")[0] if title in partly else cell.source, names)
    return names
