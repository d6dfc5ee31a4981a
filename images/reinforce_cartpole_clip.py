"""Film ../labkit/media/reinforce_cartpole.mp4: the lesson's own solution, trained, then one greedy episode."""

from pathlib import Path
from typing import Any

import gymnasium as gym
from solution import solution

import labkit

ROOT = Path(__file__).parents[1]


def film(names: dict[str, Any]) -> labkit.Video:
    """Train the lesson's agent until a greedy test is perfect, and record 500 steps of it."""
    agent = names["Agent"](seed=0)
    names["train"](agent)
    agent.training.restore_best()
    print(f"{len(agent.training.returns)} episodes, best test {agent.training.best}")
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    return labkit.record(env, lambda obs: int(agent.fast(obs).argmax()), seed=10_000)


if __name__ == "__main__":
    video = film(solution("reinforce_cartpole"))
    print(video.alt)
    video.save(ROOT / "labkit/media/reinforce_cartpole.mp4")
