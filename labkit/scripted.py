"""Environments that play a script: by them loops of one's own are tested.

What comes out of a loop is then known to the last digit, whatever the loop does.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from labkit.checks import check
from labkit.messages import _
from labkit.recording import plain

_ENDS = {
    "terminated": (True, False),
    "truncated": (False, True),
    "both": (True, True),
    "neither": (False, False),
}


class ScriptedEnv(gym.Env[Any, Any]):
    """An environment that shows given observations and pays given rewards, whatever one does.

    It starts as if `reset` had been called. Each `reset` begins the script anew; the notes go on. So that no loop
    is endless, an episode must be played to its end before the next one.

    Args:
        obs: what it shows, one more than `rewards`: the first at `reset`, the others after each step.
        rewards: what the steps of an episode pay.
        end: what the last step says: "terminated", "truncated", "both" or "neither".
        actions: how many there are.
        over: what is said to who steps on after the last step.
        early: what is said to who resets before it.

    Attributes:
        time: steps since the last `reset`.
        actions: each action that was taken, as a number or an array, over all episodes.
        seeds: the seed that each `reset` was given.

    Raises:
        ValueError: the numbers of observations and rewards do not go together, or there is no such end.
    """

    def __init__(
        self,
        obs: Sequence[Any] | npt.NDArray[Any],
        rewards: Sequence[float] | npt.NDArray[Any],
        end: str = "terminated",
        *,
        actions: int = 2,
        over: str = "",
        early: str = "",
    ) -> None:
        _fit(len(obs), len(rewards))
        if end not in _ENDS:
            raise ValueError(
                _("An episode cannot end by {end!r}: choose from {known}.").format(end=end, known=", ".join(_ENDS))
            )
        self.action_space = gym.spaces.Discrete(actions)
        self._obs, self._rewards, self._ends = obs, rewards, _ENDS[end]
        self._over, self._early = over, early
        self.time = 0
        self.actions: list[Any] = []
        self.seeds: list[int | None] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin the script anew.

        Raises:
            CheckFailed: the episode is not over.
        """
        _not_early(self.time in (0, len(self._rewards)), self._early)
        self.time = 0
        self.seeds.append(seed)
        return copy(self._obs[0]), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Go on in the script.

        Raises:
            CheckFailed: the episode was over.
        """
        _not_over(self.time < len(self._rewards), self._over)
        self.actions.append(plain(action))
        self.time += 1
        terminated, truncated = self._ends if self.time == len(self._rewards) else (False, False)
        return copy(self._obs[self.time]), float(self._rewards[self.time - 1]), terminated, truncated, {}


class ScriptedVectorEnv(gym.vector.VectorEnv[Any, Any, Any]):
    """N environments side by side that play tables back, whatever one does: row t of each is step t.

    The tables say all of it: an environment is begun anew only where they do so. So that no loop is endless, each
    must have ended once before the next `reset`, or the tables have.

    Args:
        obs: what is shown, shape (T + 1, N, ...): row 0 at `reset`.
        rewards: what is paid, shape (T, N).
        terminated: where a terminal state is reached, shape (T, N).
        truncated: where an episode is cut off, shape (T, N).
        over: what is said to who steps on after the last row.
        early: what is said to who resets before each environment has ended.

    Attributes:
        time: steps since the last `reset`.
        actions: the actions of each step, as arrays.
        seeds: the seed that each `reset` was given.

    Raises:
        ValueError: the numbers of rows do not go together.
    """

    def __init__(
        self,
        obs: npt.ArrayLike,
        rewards: npt.ArrayLike,
        terminated: npt.ArrayLike,
        truncated: npt.ArrayLike,
        *,
        over: str = "",
        early: str = "",
    ) -> None:
        self._obs, self._over, self._early = np.asarray(obs), over, early
        self._columns = [np.asarray(column) for column in (rewards, terminated, truncated)]
        for column in self._columns:
            _fit(len(self._obs), len(column))
        self.num_envs = self._obs.shape[1]
        self.time = 0
        self.actions: list[npt.NDArray[Any]] = []
        self.seeds: list[Any] = []

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Go back to row 0.

        Raises:
            CheckFailed: an environment has not ended yet.
        """
        _reward, terminated, truncated = (column[: self.time] for column in self._columns)
        ended = (terminated | truncated).any(axis=0).all()
        _not_early(ended or self.time in (0, len(self._obs) - 1), self._early)
        self.time = 0
        self.seeds.append(seed)
        return self._obs[0].copy(), {}

    def step(self, actions: npt.ArrayLike) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Go on to the next row.

        Raises:
            CheckFailed: there is none.
        """
        _not_over(self.time < len(self._obs) - 1, self._over)
        self.actions.append(np.array(actions))
        reward, terminated, truncated = (column[self.time].copy() for column in self._columns)
        self.time += 1
        return self._obs[self.time].copy(), reward, terminated, truncated, {}


def _fit(obs: int, steps: int) -> None:
    """Refuse a script whose parts do not go together.

    Raises:
        ValueError: they do not.
    """
    if obs != steps + 1:
        raise ValueError(
            _(
                "The observations ({obs}) and steps ({steps}) of a script do not go together: give one observation "
                "more than steps, the first for `reset`."
            ).format(obs=obs, steps=steps)
        )


def _not_over(playing: bool, said: str) -> None:
    """Go on while the script does; `said`, or a sentence of our own, is the error."""
    check(playing, said or _("The episode is over, and you step on: call env.reset() first."))


def _not_early(ended: object, said: str) -> None:
    """Begin anew where all is played; `said`, or a sentence of our own, is the error."""
    check(ended, said or _("You reset before the episode is over: reset once, then only step."))
