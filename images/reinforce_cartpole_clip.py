"""Film ../labkit/media/reinforce_cartpole.mp4: the lesson's own solution, trained, then one greedy episode.

The lesson's source runs as it is (its markers are comments), without its checks and its trainings.
"""

from pathlib import Path
from typing import Any

import gymnasium as gym
import jupytext
import matplotlib

import labkit

ROOT = Path(__file__).parents[1]
SKIPPED = {"check", "training", "nbval-ignore-output"}  # what is not needed to define the agent


def lesson() -> dict[str, Any]:
    """The names that the solution of lesson reinforce_cartpole defines."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    source = (ROOT / "lessons/reinforce_cartpole/lesson.py").read_text("utf-8")
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        skipped = cell.metadata.get("title") != "imports" and SKIPPED & set(cell.metadata.get("tags", ()))
        if cell.cell_type == "code" and not skipped:
            exec(cell.source, names)
    return names


def film(names: dict[str, Any]) -> labkit.Video:
    """Train the lesson's agent until a greedy test is perfect, and record 500 steps of it."""
    agent = names["Agent"](seed=0)
    names["train"](agent)
    agent.training.restore_best()
    print(f"{len(agent.training.returns)} episodes, best test {agent.training.best}")
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    return labkit.record(env, lambda obs: int(agent.fast(obs).argmax()), seed=10_000)


if __name__ == "__main__":
    video = film(lesson())
    print(video.alt)
    video.save(ROOT / "labkit/media/reinforce_cartpole.mp4")
