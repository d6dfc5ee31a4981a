"""Film ../labkit/media/linear_q_cartpole.mp4: the lesson's own solution, trained, then one greedy episode.

The lesson's source runs as it is (its markers are comments), without its checks and its other trainings.
"""

from pathlib import Path
from typing import Any

import gymnasium as gym
import jupytext
import matplotlib
import numpy as np

import labkit

ROOT = Path(__file__).parents[1]
SKIPPED = {"check", "training", "nbval-ignore-output"}  # what is not needed to define the agent


def lesson() -> dict[str, Any]:
    """The names that the solution of lesson linear_q_cartpole defines."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    source = (ROOT / "lessons/linear_q_cartpole/lesson.py").read_text("utf-8")
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        if cell.cell_type == "code" and not SKIPPED & set(cell.metadata.get("tags", ())):
            exec(cell.source, names)
    return names


def film(names: dict[str, Any]) -> labkit.Video:
    """Train the lesson's agent until a greedy test is perfect, and record 500 steps of it."""
    agent = names["Agent"](names["per_action_features"], size=30, learning_rate=5e-2, seed=4)
    names["train"](agent)
    print(f"{len(agent.returns)} episodes, best test {agent.best.mean}")
    theta = agent.best.theta

    def policy(obs: np.ndarray) -> int:
        return int(names["q_values"](theta, obs, names["ACTIONS"], agent.features).argmax())

    return labkit.record(gym.make("CartPole-v1", render_mode="rgb_array"), policy, seed=10_000)


if __name__ == "__main__":
    video = film(lesson())
    print(video.alt)
    video.save(ROOT / "labkit/media/linear_q_cartpole.mp4")
