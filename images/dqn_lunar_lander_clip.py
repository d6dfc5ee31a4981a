"""Film ../labkit/media/dqn_lunar_lander.mp4: the lesson's own solution, trained, then one greedy landing."""

from pathlib import Path
from typing import Any

import gymnasium as gym
from solution import solution

import labkit

ROOT = Path(__file__).parents[1]


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
    video = film(solution("dqn_lunar_lander"))
    print(video.alt)
    video.save(ROOT / "labkit/media/dqn_lunar_lander.mp4")
