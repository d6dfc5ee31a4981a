"""Film ../labkit/media/05_lunar_lander.mp4: lesson 05's own solution, trained, then one greedy landing.

The lesson's source runs as it is (its markers are comments), without its checks and what follows its training.
"""

from pathlib import Path
from typing import Any

import gymnasium as gym
import jupytext
import matplotlib

import labkit

ROOT = Path(__file__).parents[1]
SKIPPED = {"check", "nbval-ignore-output"}  # what is not needed to train the agent
SEED = 10_017  # a start from the side, and a landing of a few seconds


def lesson() -> dict[str, Any]:
    """The names that the solution of lesson 05 defines up to its training, the trained agent among them."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    source = (ROOT / "lessons/05_dqn_lunar_lander/lesson.py").read_text("utf-8")
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        tags = set(cell.metadata.get("tags", ()))
        if cell.cell_type == "code" and (cell.metadata["name"] in ("imports", "dqn-train") or not SKIPPED & tags):
            exec(cell.source, names)
        if cell.metadata["name"] == "dqn-train":
            break
    return names


def film(names: dict[str, Any]) -> labkit.Video:
    """Record one greedy episode with the best weights."""
    names["runs"]["dqn"].restore_best()
    env = gym.make("LunarLander-v3", render_mode="rgb_array")
    return labkit.record(env, names["greedy"](names["runs"]["agent"].fast), seed=SEED)


if __name__ == "__main__":
    video = film(lesson())
    print(video.alt)
    video.save(ROOT / "labkit/media/05_lunar_lander.mp4")
