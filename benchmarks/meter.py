"""The clock of a run: environment steps, processor time, and greedy evaluations that cost neither."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
import numpy.typing as npt

Policy = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]  # observations (B, n) to greedy actions (B, ...)

LOOK, CONFIRM = 20, 100  # episodes of an evaluation, and of the one that confirms it
_make, _make_vec = gym.make, gym.make_vec  # those that nobody counts


class Stop(Exception):  # noqa: N818 - nothing went wrong
    """The run has reached its threshold or used up its budget."""


class Point(NamedTuple):
    """A point of the learning curve."""

    steps: int
    cpu: float  # processor seconds, imports and evaluations not counted
    wall: float  # seconds on the clock, likewise
    score: float  # mean return of greedy episodes


def play(policy: Policy, env_id: str, episodes: int, seed: int) -> npt.NDArray[np.float64]:
    """Returns of `episodes` episodes played side by side, shape (episodes,)."""
    envs = _make_vec(env_id, num_envs=episodes)
    obs, _info = envs.reset(seed=seed)
    returns, running = np.zeros(episodes), np.ones(episodes, dtype=bool)
    while running.any():
        obs, reward, terminated, truncated, _info = envs.step(policy(obs))
        returns += np.where(running, reward, 0.0)
        running &= ~(terminated | truncated)
    envs.close()
    return returns


class Meter:
    """Counts the steps of all environments made while it is installed, and stops the run in time.

    Every `every` steps the policy plays 20 greedy episodes of its own. When their mean reaches the threshold,
    it plays 100 others; when theirs does too, the threshold is reached and the run ends. A run that ends by itself
    is evaluated once more.

    Args:
        env_id: the environment of the evaluations.
        every: steps between two of them; None evaluates never.
        threshold: mean return to reach.
        budget: processor seconds.
        seed: of the run; the evaluations take theirs from it.

    Attributes:
        greedy: gives the greedy policy as it stands; set by the run as soon as there is one.
        points: the learning curve.
        reached: whether the threshold was reached, at the last point.
    """

    def __init__(self, env_id: str, every: int | None, threshold: float, budget: float, seed: int) -> None:
        self.env_id, self.every, self.threshold, self.budget = env_id, every, threshold, budget
        self.greedy: Callable[[], Policy] | None = None
        self.points: list[Point] = []
        self.reached = False
        self.steps = 0
        self.marks: dict[int, tuple[float, float] | None] = {}
        self._next = every
        self._seed = 1_000_000 * (seed + 1)
        self._pause = 0
        self.start()

    def start(self) -> None:
        """Set the clocks to zero: imports are done."""
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def now(self) -> tuple[float, float]:
        """Processor seconds and seconds on the clock since the start, evaluations not counted."""
        return time.process_time() - self._cpu, time.perf_counter() - self._wall

    def install(self) -> None:
        """From now on, each environment that is made counts its steps here."""
        gym.make = self._counting(_make)
        gym.make_vec = self._counting(_make_vec)

    def uncounted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, whose environment steps are not those of training."""

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self._pause += 1
            try:
                return function(*args, **kwargs)
            finally:
                self._pause -= 1

        return wrapped

    def count(self, steps: int) -> None:
        """Note that `steps` steps were done.

        Raises:
            Stop: the threshold is reached, or the budget is used up.
        """
        if self._pause:
            return
        self.steps += steps
        for mark, seen in self.marks.items():
            if seen is None and self.steps >= mark:
                self.marks[mark] = self.now()
        if self.marks and None not in self.marks.values():
            raise Stop
        if self._next is not None and self.every is not None and self.steps >= self._next and self.greedy:
            self._next = self.steps - self.steps % self.every + self.every
            self._look(self.greedy())
        if self.reached or self.now()[0] >= self.budget:
            raise Stop

    def close(self) -> None:
        """Evaluate a run that has ended by itself, if there were steps since the last evaluation."""
        if self.every is not None and self.greedy and not (self.points and self.points[-1].steps == self.steps):
            self._look(self.greedy())

    def final(self) -> float:
        """Mean return of 100 fresh greedy episodes of the policy as it is; NaN without one."""
        return float(self._play(self.greedy(), CONFIRM).mean()) if self.greedy else float("nan")

    def _look(self, policy: Policy) -> None:
        cpu, wall = self.now()
        score = float(self._play(policy, LOOK).mean())
        if score >= self.threshold:
            score = float(self._play(policy, CONFIRM).mean())
            self.reached = score >= self.threshold
        self.points.append(Point(self.steps, cpu, wall, score))
        away = self.now()
        self._cpu += away[0] - cpu
        self._wall += away[1] - wall

    def _play(self, policy: Policy, episodes: int) -> npt.NDArray[np.float64]:
        self._seed += 1000
        return play(policy, self.env_id, episodes, self._seed)

    def _counting(self, make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **kwargs: Any) -> Any:
            env = make(*args, **kwargs)
            step, number = env.step, getattr(env, "num_envs", 1)

            def counted(action: Any) -> Any:
                result = step(action)
                self.count(number)
                return result

            env.step = counted
            return env

        return made
