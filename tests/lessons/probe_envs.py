"""Environments so small that the right action values are known: what an agent must learn in seconds, or has a bug.

Each asks one thing more than those before it, so the first that fails says where to look. The idea is
Andy L. Jones's ("Debugging reinforcement learning systems without the agonizing pain", 2021).
"""

from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
import numpy.typing as npt


class Probe(gym.Env[npt.NDArray[np.float32], int]):
    """One number to see, some actions, and a known answer.

    Attributes:
        states: every observation that can be met and that something follows, shape (N, 1).
    """

    states: ClassVar[list[list[float]]] = [[0.0]]
    observation_space = gym.spaces.Box(-1.0, 1.0, (1,), np.float32)
    action_space: gym.spaces.Discrete

    def __init__(self, actions: int = 2) -> None:
        self.action_space = gym.spaces.Discrete(actions)
        self.obs = np.zeros(1, np.float32)

    def answer(self, gamma: float) -> npt.NDArray[np.float64]:
        """Optimal action values for a discount factor, shape (N, A): a row for each state."""
        raise NotImplementedError

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[npt.NDArray[np.float32], dict[str, Any]]:
        """Begin an episode in one of the first states, at random."""
        super().reset(seed=seed)
        self.obs = np.array(self.first(), np.float32)
        return self.obs, {}

    def first(self) -> list[float]:
        """The first observation of an episode."""
        return self.states[int(self.np_random.integers(len(self.states)))]

    def end(self, reward: float) -> tuple[npt.NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """What the step into a terminal state gives."""
        return self.obs, reward, True, False, {}


class OneReward(Probe):
    """A single action, the reward 1, the end: every value is 1. It fails where targets bootstrap after the end."""

    def __init__(self) -> None:
        super().__init__(actions=1)

    def answer(self, gamma: float) -> npt.NDArray[np.float64]:
        """The reward."""
        return np.array([[1.0]])

    def step(self, action: int) -> Any:
        """End with the reward 1."""
        return self.end(1.0)


class RewardIsObs(Probe):
    """The observation is -1 or 1, and so is the reward: values must depend on the observation."""

    states: ClassVar = [[-1.0], [1.0]]

    def answer(self, gamma: float) -> npt.NDArray[np.float64]:
        """The observation, whatever the action."""
        return np.array([[-1.0, -1.0], [1.0, 1.0]])

    def step(self, action: int) -> Any:
        """End with the observation as reward."""
        return self.end(float(self.obs[0]))


class TwoSteps(Probe):
    """No reward, then the reward 1: the first value is gamma, by way of the second."""

    states: ClassVar = [[0.0], [1.0]]

    def answer(self, gamma: float) -> npt.NDArray[np.float64]:
        """gamma, then 1."""
        return np.array([[gamma, gamma], [1.0, 1.0]])

    def first(self) -> list[float]:
        """Always the first of the two."""
        return self.states[0]

    def step(self, action: int) -> Any:
        """Go on to the second state, or end with the reward 1."""
        if self.obs[0] == 1:
            return self.end(1.0)
        self.obs = np.ones(1, np.float32)
        return self.obs, 0.0, False, False, {}


class RewardIsAction(Probe):
    """Action 1 gives 1 and action 0 gives -1: values must depend on the action."""

    def answer(self, gamma: float) -> npt.NDArray[np.float64]:
        """-1 and 1."""
        return np.array([[-1.0, 1.0]])

    def step(self, action: int) -> Any:
        """End with a reward by the action."""
        return self.end(1.0 if action else -1.0)


class MatchObs(Probe):
    """The reward is 1 where the action fits the observation (0 for -1, 1 for 1), and -1 elsewhere."""

    states: ClassVar = [[-1.0], [1.0]]

    def answer(self, gamma: float) -> npt.NDArray[np.float64]:
        """1 on the diagonal."""
        return np.array([[1.0, -1.0], [-1.0, 1.0]])

    def step(self, action: int) -> Any:
        """End with a reward by observation and action."""
        return self.end(1.0 if (self.obs[0] == 1) == bool(action) else -1.0)


class TimeLimit(Probe):
    """The reward 1 for ever, cut after three steps: truncated is not terminated, so values are 1/(1 - gamma)."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def answer(self, gamma: float) -> npt.NDArray[np.float64]:
        """1 + gamma + gamma^2 + ..."""
        return np.full((1, 2), 1 / (1 - gamma))

    def first(self) -> list[float]:
        """The only state; the clock starts."""
        self.steps = 0
        return self.states[0]

    def step(self, action: int) -> Any:
        """Stay, with the reward 1."""
        self.steps += 1
        return self.obs, 1.0, False, self.steps == 3, {}


PROBES = [OneReward, RewardIsObs, TwoSteps, RewardIsAction, MatchObs, TimeLimit]
