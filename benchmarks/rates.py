"""How fast the environments are by themselves: random actions, drawn beforehand, and nothing learned."""

import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import gymnasium as gym

import labkit  # noqa: F401 - registers the course's environments
from benchmarks import summary
from benchmarks.summary import Run, select

TASK = "rates"
SECONDS = 2.0  # processor time for one figure


def vector(env_id: str, worlds: int) -> Callable[[], Any]:
    """What makes many environments that are computed together."""
    return lambda: gym.make_vec(env_id, num_envs=worlds, vectorization_mode="vector_entry_point")


def ms_pacman() -> Any:
    """MsPacman, whose environment repeats each action for 4 frames."""
    import ale_py

    gym.register_envs(ale_py)
    return gym.make("ALE/MsPacman-v5")


ENVIRONMENTS: dict[str, Callable[[], Any]] = {
    "CartPole-v1": lambda: gym.make("CartPole-v1"),
    "CartPole-v1, 32 at once": vector("CartPole-v1", 32),
    "LunarLander-v3": lambda: gym.make("LunarLander-v3"),
    "Pendulum-v1": lambda: gym.make("Pendulum-v1"),
    "GridWorld": lambda: gym.make("labkit/GridWorld-v0"),
    "GridWorld, 16 at once": vector("labkit/GridWorld-v0", 16),
    "the Ball, 256 at once": vector("labkit/Ball-v0", 256),
}
if find_spec("ale_py"):
    ENVIRONMENTS["MsPacman, 4 frames a step"] = ms_pacman


def rate(env: Any, seconds: float, seed: int = 0) -> dict[str, float]:
    """Step an environment for some seconds of processor time; episodes that end begin again, which counts as time.

    Args:
        env: a single environment or a vectorised one.
        seconds: processor time to spend, at least.
        seed: of the environment and of its actions.

    Returns:
        steps, those of all worlds together, and cpu, in seconds.
    """
    worlds = getattr(env, "num_envs", 1)
    vectorised = isinstance(env.unwrapped, gym.vector.VectorEnv)
    env.reset(seed=seed)
    env.action_space.seed(seed)
    actions = [env.action_space.sample() for _action in range(256)]
    steps, cpu, start = 0, 0.0, time.process_time()
    while not steps or cpu < seconds:
        for action in actions:
            _obs, _reward, terminated, truncated, _info = env.step(action)
            if not vectorised and (terminated or truncated):
                env.reset()
        steps += worlds * len(actions)
        cpu = time.process_time() - start
    return {"steps": steps, "cpu": cpu}


def measured(name: str, seed: int) -> dict[str, float]:
    """The rate of one of ENVIRONMENTS."""
    env = ENVIRONMENTS[name]()
    result = rate(env, SECONDS, seed)
    env.close()
    return result


def section(runs: Sequence[Run]) -> str:
    """The table."""
    names = [run["contestant"] for run in runs if run["task"] == TASK]
    names = [name for name in dict.fromkeys([*ENVIRONMENTS, *names]) if name in names]
    lines = [f"| {name} | {summary.rate(select(runs, TASK, name)).text(0)} |" for name in names]
    if not lines:
        return ""
    head = "## The environments by themselves\n\nSteps per CPU second with random actions, resets included."
    return "\n".join([head, "", "| | steps per CPU s |", "| --- | --- |", *lines])
