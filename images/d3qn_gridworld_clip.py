"""Film ../labkit/media/d3qn_gridworld.mp4: lesson d3qn_gridworld's own D3QN, trained, then one greedy game.

The lesson's source runs as it is (its markers are comments), without its checks and its own training.
"""

from pathlib import Path
from typing import Any

import jupytext
import matplotlib

import labkit

ROOT = Path(__file__).parents[1]
SKIPPED = {"check", "training", "nbval-ignore-output"}  # what is not needed to define the agent


def lesson() -> dict[str, Any]:
    """The names that the solution of lesson d3qn_gridworld defines."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    source = (ROOT / "lessons/d3qn_gridworld/lesson.py").read_text("utf-8")
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        needed = cell.metadata.get("title") in ("imports", "film") or not SKIPPED & set(cell.metadata.get("tags", ()))
        if cell.cell_type == "code" and needed:
            exec(cell.source.split("\n\nuntrained = ")[0], names)
    return names


def film(names: dict[str, Any]) -> labkit.Video:
    """Train the lesson's D3QN, and record one greedy game with its best weights."""
    names["begin"]("D3QN", names["dueling_head"], names["double_value"], seed=1)
    agent, training = names["runs"]["D3QN, new"]
    names["train"](agent, training)
    training.restore_best()
    print(f"best test {training.best}; {names['evaluate'](agent)}")
    _label, video = names["film"]("", agent)
    return video


if __name__ == "__main__":
    video = film(lesson())
    print(video.alt, len(video.mp4), "bytes")
    video.save(ROOT / "labkit/media/d3qn_gridworld.mp4")
