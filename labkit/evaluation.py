"""How good a policy is, measured apart from training."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from labkit.messages import _, ngettext
from labkit.numbers import number

Policy = Callable[[Any], Any]  # an observation in, an action out
Values = Callable[[Any], npt.NDArray[Any]]  # an observation in, a value for each action out

_RESAMPLES = 10_000


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The returns of some episodes.

    Attributes:
        returns: sum of the rewards of each episode, shape (episodes,), float64.
    """

    returns: npt.NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean return of an episode."""
        return float(self.returns.mean())

    @property
    def std(self) -> float:
        """Standard deviation of the returns (divided by n - 1); NaN for one episode."""
        return float(self.returns.std(ddof=1)) if len(self.returns) > 1 else float("nan")

    @property
    def median(self) -> float:
        """Median return."""
        return float(np.median(self.returns))

    @cached_property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the mean, by the percentile bootstrap (Efron, 1979); NaN for one episode.

        It supposes no bell curve and never leaves the range of the returns, which suits
        episodes cut at a maximum. Its resamples have a fixed seed: same returns, same interval.
        """
        n = len(self.returns)
        if n < 2:
            return float("nan"), float("nan")
        rows = np.random.default_rng(0).integers(n, size=(_RESAMPLES, n))
        low, high = np.quantile(self.returns[rows].mean(axis=1), [0.025, 0.975])
        return float(low), float(high)

    def __str__(self) -> str:
        n = len(self.returns)
        if n < 2:
            return _("return {value:.1f} in one episode").format(value=number(self.mean))
        low, high = self.interval
        return ngettext(
            "mean {mean:.1f} (95 % interval {low:.1f} to {high:.1f}) over {n} episode",
            "mean {mean:.1f} (95 % interval {low:.1f} to {high:.1f}) over {n} episodes",
            n,
        ).format(mean=number(self.mean), low=number(low), high=number(high), n=n)


def run_episode(env: gym.Env[Any, Any], policy: Policy, *, seed: int | None = None) -> float:
    """Play one episode to its end, terminated or truncated.

    Args:
        env: an environment whose episodes end (`gym.make` adds the time limit).
        policy: a function from an observation to an action.
        seed: seed of the episode; None goes on with the environment's random numbers.

    Returns:
        The undiscounted sum of the rewards.
    """
    obs, _info = env.reset(seed=seed)
    total, done = 0.0, False
    while not done:
        obs, reward, terminated, truncated, _info = env.step(policy(obs))
        total += float(reward)
        done = terminated or truncated
    return total


def evaluate(env: gym.Env[Any, Any], policy: Policy, *, episodes: int = 100, seed: int = 10_000) -> Evaluation:
    """Play several episodes that training has not seen, and gather their returns.

    Episode i starts from `env.reset(seed=seed + i)`. `env.action_space` is seeded as well, so
    that a policy which draws its actions from it gives the same returns each time.

    Args:
        env: an environment whose episodes end.
        policy: a function from an observation to an action; greedy, usually.
        episodes: number of episodes, 1 or more.
        seed: seed of the first; keep it away from those of training.

    Raises:
        ValueError: fewer than one episode is asked for.
    """
    if episodes < 1:
        raise ValueError(
            ngettext(
                "Cannot evaluate over {n} episode: ask for 1 or more.",
                "Cannot evaluate over {n} episodes: ask for 1 or more.",
                episodes,
            ).format(n=episodes)
        )
    # A seed that no episode has: equal seeds would tie the actions to the environment's chances.
    env.action_space.seed(seed + episodes)
    return Evaluation(np.array([run_episode(env, policy, seed=seed + i) for i in range(episodes)]))


def greedy_returns(env: str, values: Values, *, episodes: int, seed: int) -> npt.NDArray[np.float64]:
    """Returns of episodes in which the action with the largest value is always taken.

    All are played at once, in one vectorised environment: the values of all their observations
    are asked for together, which takes hardly longer than those of one.

    Args:
        env: id of the environment, with a time limit.
        values: from observations, shape (episodes, ...), to the values of all actions (or the
            logits of a policy), shape (episodes, A).
        episodes: how many.
        seed: of the environments; keep it away from those of training.

    Returns:
        The undiscounted returns, shape (episodes,).
    """
    envs = gym.make_vec(env, num_envs=episodes)
    obs, _info = envs.reset(seed=seed)
    returns, over = np.zeros(episodes), np.zeros(episodes, dtype=bool)
    while not over.all():
        obs, reward, terminated, truncated, _info = envs.step(np.argmax(values(obs), axis=-1))
        returns += np.where(over, 0.0, reward)  # those that have ended play on, but do not count
        over = np.any([over, terminated, truncated], axis=0)
    envs.close()
    return returns


def belief_and_truth(
    env: gym.Env[Any, Any], values: Values, *, gamma: float, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """What an agent believes that it will still collect, and what it does, in one greedy episode.

    Where a time limit cuts the episode off, what is believed there stands for all that would follow.

    Args:
        env: an environment whose episodes end.
        values: from an observation to the values of all actions, shape (A,).
        gamma: discount factor.
        seed: of the episode.

    Returns:
        For each step the largest value of an action, and the discounted return from there on; both
        of shape (T,).
    """
    obs, _info = env.reset(seed=seed)
    belief, rewards, done = [], [], False
    while not done:
        q = values(obs)
        belief.append(float(np.max(q)))
        obs, reward, terminated, truncated, _info = env.step(int(np.argmax(q)))
        rewards.append(float(reward))
        done = terminated or truncated
    rest = 0.0 if terminated else float(np.max(values(obs)))
    truth = list(accumulate(reversed(rewards), lambda following, reward: reward + gamma * following, initial=rest))
    return np.array(belief), np.array(truth[:0:-1])
