"""A replay buffer: the last transitions, kept to learn from them more than once."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labkit.messages import _, ngettext


class Batch(NamedTuple):
    """Transitions as columns: row i of each is one step."""

    obs: npt.NDArray[Any]  # (B, *obs_shape) float32
    action: npt.NDArray[Any]  # (B, *action_shape)
    reward: npt.NDArray[np.float32]  # (B,)
    next_obs: npt.NDArray[Any]  # (B, *obs_shape) float32
    terminated: npt.NDArray[np.bool_]  # (B,): a terminal state, not a time limit


class ReplayBuffer:
    """The last `capacity` transitions, in a ring of arrays (Lin, 1992).

    Adding and drawing take the same time however full the buffer is.

    Args:
        capacity: transitions kept; after that a new one replaces the oldest.
        obs_shape: shape of one observation, such as (4,).
        action_shape: shape of one action; () for a number.
        obs_dtype: type of the stored observations (np.uint8 keeps images small).
        action_dtype: type of the stored actions; np.float32 for continuous ones.
        seed: seed of the draws.

    Raises:
        ValueError: the capacity is not at least 1.
    """

    def __init__(
        self,
        capacity: int,
        obs_shape: tuple[int, ...],
        action_shape: tuple[int, ...] = (),
        *,
        obs_dtype: npt.DTypeLike = np.float32,
        action_dtype: npt.DTypeLike = np.int64,
        seed: int | None = None,
    ) -> None:
        if capacity < 1:
            raise ValueError(
                ngettext(
                    "A ReplayBuffer cannot hold {capacity} transition: give it a capacity of 1 or more.",
                    "A ReplayBuffer cannot hold {capacity} transitions: give it a capacity of 1 or more.",
                    capacity,
                ).format(capacity=capacity)
            )
        self._columns = Batch(
            obs=np.zeros((capacity, *obs_shape), obs_dtype),
            action=np.zeros((capacity, *action_shape), action_dtype),
            reward=np.zeros(capacity, np.float32),
            next_obs=np.zeros((capacity, *obs_shape), obs_dtype),
            terminated=np.zeros(capacity, np.bool_),
        )
        self._capacity = capacity
        self._added = 0
        self._rng = np.random.default_rng(seed)

    def __len__(self) -> int:
        return min(self._added, self._capacity)

    def add(
        self, obs: npt.ArrayLike, action: npt.ArrayLike, reward: float, next_obs: npt.ArrayLike, terminated: bool
    ) -> None:
        """Store one transition; `terminated` is True only where a terminal state was reached."""
        row = self._added % self._capacity
        for column, value in zip(self._columns, (obs, action, reward, next_obs, terminated), strict=True):
            column[row] = value
        self._added += 1

    def extend(
        self,
        obs: npt.ArrayLike,
        action: npt.ArrayLike,
        reward: npt.ArrayLike,
        next_obs: npt.ArrayLike,
        terminated: npt.ArrayLike,
    ) -> None:
        """Store N transitions at once, given as columns (N, ...): a step of N environments, say.

        Raises:
            ValueError: the columns differ in length, or are longer than the buffer.
        """
        columns = [np.asarray(column) for column in (obs, action, reward, next_obs, terminated)]
        count = len(columns[0])
        if count > self._capacity or any(len(column) != count for column in columns):
            raise ValueError(
                ngettext(
                    "Columns of the lengths {lengths} cannot be added to a ReplayBuffer of {capacity} transition: "
                    "give columns of one length that fit.",
                    "Columns of the lengths {lengths} cannot be added to a ReplayBuffer of {capacity} transitions: "
                    "give columns of one length that fit.",
                    self._capacity,
                ).format(lengths=[len(column) for column in columns], capacity=self._capacity)
            )
        rows = (self._added + np.arange(count)) % self._capacity
        for stored, new in zip(self._columns, columns, strict=True):
            stored[rows] = new
        self._added += count

    def sample(self, size: int | tuple[int, ...]) -> Batch:
        """Draw transitions uniformly, with replacement.

        Args:
            size: how many, for columns (size, ...); or (U, B), for U batches of B transitions with
                columns (U, B, ...).

        Raises:
            ValueError: the buffer is empty.
        """
        if not len(self):
            raise ValueError(_("Cannot sample from an empty ReplayBuffer: add transitions first."))
        rows = self._rng.integers(min(self._added, self._capacity), size=size)
        return Batch._make(column[rows] for column in self._columns)
