"""Film ../labkit/media/dqn_lunar_lander.mp4: lesson dqn_lunar_lander's own solution, trained, then one greedy landing.

The lesson's source runs as it is (its markers are comments), without its checks and its own training.
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
    """The names that the solution of lesson dqn_lunar_lander defines."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    source = (ROOT / "lessons/dqn_lunar_lander/lesson.py").read_text("utf-8")
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        needed = cell.metadata.get("title") == "imports" or not SKIPPED & set(cell.metadata.get("tags", ()))
        if cell.cell_type == "code" and needed:
            exec(cell.source, names)
    return names


def film(names: dict[str, Any]) -> labkit.Video:
    """Train the lesson's agent, and record one greedy episode with its best weights."""
    agent = names["Agent"](gym.make("LunarLander-v3"), seed=5)
    training = labkit.Training("DQN on LunarLander", agent.fast, stop_at=200)
    names["train"](agent, training)
    training.restore_best()
    print(f"{training.step} steps, best test {training.best}")
    env = gym.make("LunarLander-v3", render_mode="rgb_array")
    return labkit.record(env, names["greedy_policy"](agent.fast), seed=10_017)


if __name__ == "__main__":
    video = film(lesson())
    print(video.alt)
    video.save(ROOT / "labkit/media/dqn_lunar_lander.mp4")
