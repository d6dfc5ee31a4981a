"""Film ../labkit/media/ddpg_ball.mp4 and ddpg_pendulum.mp4: the lesson's own agents, trained, then one game each."""

from pathlib import Path
from typing import Any

from solution import solution

import labkit

ROOT = Path(__file__).parents[1]
MEDIA = ROOT / "labkit/media"


def film(names: dict[str, Any], agent: Any, env: Any, steps: int, seed: int, max_steps: int) -> labkit.Video:
    """Train an agent, and record its best weights."""
    names["train"](agent, minutes=10, steps=steps)
    agent.training.restore_best()
    print(f"best test {agent.training.best}")
    return labkit.record(env, agent.fast, seed=seed, max_steps=max_steps)


if __name__ == "__main__":
    names = solution("ddpg_ball_pendulum")
    env = names["make"]("labkit/Ball-v0", sigma=2.0, render_mode="rgb_array")
    video = film(names, names["ball_agent"](seed=0), env, steps=8_000, seed=10_000, max_steps=150)
    video.save(MEDIA / "ddpg_ball.mp4")
    env = names["make"]("Pendulum-v1", render_mode="rgb_array")
    video = film(names, names["pendulum_agent"](seed=0), env, steps=8_000, seed=10_002, max_steps=120)
    video.save(MEDIA / "ddpg_pendulum.mp4")
