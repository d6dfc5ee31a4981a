"""Film ../labkit/media/dqn_cartpole.mp4: lesson dqn_cartpole's own solution, trained, then one greedy episode.

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
    """The names that the solution of lesson dqn_cartpole defines."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    source = (ROOT / "lessons/dqn_cartpole/lesson.py").read_text("utf-8")
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        tags = set(cell.metadata.get("tags", ()))
        if cell.cell_type == "code" and (not SKIPPED & tags or cell.source.startswith("import")):
            exec(cell.source, names)
    return names


def film(names: dict[str, Any]) -> labkit.Video:
    """Train the lesson's agent until a greedy test is perfect, and record 500 steps of it."""
    agent = names["Agent"](seed=0)
    names["train"](agent)
    agent.training.restore_best()
    print(f"{agent.training.step} steps, best test {agent.training.best}")

    def policy(obs: Any) -> int:
        return int(agent.fast(obs).argmax())

    return labkit.record(gym.make("CartPole-v1", render_mode="rgb_array"), policy, seed=10_000)


if __name__ == "__main__":
    video = film(lesson())
    print(video.alt)
    video.save(ROOT / "labkit/media/dqn_cartpole.mp4")
