"""A replay buffer that takes notes: by it is seen what a loop of one's own stores and draws."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labkit.checks import check
from labkit.messages import _
from labkit.replay import Batch, ReplayBuffer


class Stored(NamedTuple):
    """One transition, as it was added."""

    obs: npt.NDArray[Any]
    action: Any
    reward: float
    next_obs: npt.NDArray[Any]
    terminated: bool


class Draw(NamedTuple):
    """What one draw asked for and got.

    Attributes:
        size: as `sample` was called with it.
        found: how many transitions had been added by then.
        batch: what was drawn.
    """

    size: int | tuple[int, ...]
    found: int
    batch: Batch


class RecordingBuffer(ReplayBuffer):
    """A replay buffer for 100 transitions that also writes down all that is added, and each draw.

    Args:
        obs_shape: shape of one observation.
        action_shape: shape of one action; () for a number.
        empty: what is said to who draws before anything was added.
        settings: of `ReplayBuffer`; the seed is 0 unless another one is given.

    Attributes:
        added: each transition added; actions are numbers or arrays.
        extended: the columns of each call of `extend`.
        draws: each draw.
    """

    def __init__(
        self, obs_shape: tuple[int, ...], action_shape: tuple[int, ...] = (), *, empty: str = "", **settings: Any
    ) -> None:
        super().__init__(100, obs_shape, action_shape, **{"seed": 0} | settings)
        self.added: list[Stored] = []
        self.extended: list[Batch] = []
        self.draws: list[Draw] = []
        self._empty = empty

    def add(
        self, obs: npt.ArrayLike, action: npt.ArrayLike, reward: float, next_obs: npt.ArrayLike, terminated: bool
    ) -> None:
        """Store one transition, and write it down."""
        self.added.append(Stored(np.array(obs), plain(action), float(reward), np.array(next_obs), bool(terminated)))
        super().add(obs, action, reward, next_obs, terminated)

    def extend(
        self,
        obs: npt.ArrayLike,
        action: npt.ArrayLike,
        reward: npt.ArrayLike,
        next_obs: npt.ArrayLike,
        terminated: npt.ArrayLike,
    ) -> None:
        """Store N transitions, and write their columns down."""
        columns = obs, action, reward, next_obs, terminated
        self.extended.append(Batch._make(np.array(column) for column in columns))
        super().extend(*columns)

    def sample(self, size: int | tuple[int, ...]) -> Batch:
        """Draw transitions, and write the draw down.

        Raises:
            CheckFailed: nothing was added yet.
        """
        check(len(self), self._empty or _("Nothing has been stored yet: add transitions, then draw."))
        batch = super().sample(size)
        self.draws.append(Draw(size, len(self.added), batch))
        return batch


def plain(action: Any) -> Any:
    """A copy of an action: a number where it is one, else an array."""
    array = np.array(action)
    return array if array.ndim else array.item()
