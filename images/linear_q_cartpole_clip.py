"""Film ../labkit/media/linear_q_cartpole.mp4: the lesson's own solution, trained, then one greedy episode."""

from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from solution import solution

import labkit

ROOT = Path(__file__).parents[1]


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
    video = film(solution("linear_q_cartpole"))
    print(video.alt)
    video.save(ROOT / "labkit/media/linear_q_cartpole.mp4")
