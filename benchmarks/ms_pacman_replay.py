"""A replay buffer for the frames of several games at once, each frame stored once."""

from typing import Any

import numpy as np
import numpy.typing as npt

STACK = 4


class FrameReplay:
    """The last steps of several games, in a ring: row t holds one step of each game.

    An observation is four frames, of which three were there a step before: so each step stores one frame, and a
    quarter of the memory does. Transitions are drawn in proportion to the square root of their last error
    (Schaul and others, 2016), and go over n steps (Sutton, 1988).

    Args:
        length: steps kept of each game.
        games: number of games.
        n_steps: steps of reward before the value is bootstrapped.
        gamma: discount of one step.
        seed: seed of the draws.
        size: height and width of a frame.
    """

    def __init__(
        self, length: int, games: int, *, n_steps: int, gamma: float, seed: int, size: tuple[int, int] = (84, 84)
    ) -> None:
        self.length, self.games, self.n_steps, self.gamma = length, games, n_steps, gamma
        self.frame = np.zeros((length, games, *size), np.uint8)
        self.age = np.zeros((length, games), np.int32)  # steps since the game began
        self.action = np.zeros((length, games), np.int64)
        self.reward = np.zeros((length, games), np.float32)
        self.goes_on = np.zeros((length, games), np.float32)
        self.priority = np.zeros((length, games))  # 0 where a row cannot be drawn
        self.highest, self.added = 1.0, 0
        self._rng = np.random.default_rng(seed)

    def add(
        self,
        frame: npt.NDArray[np.uint8],
        first: npt.NDArray[np.bool_],
        action: npt.NDArray[np.int64],
        reward: npt.NDArray[Any],
        ended: npt.NDArray[np.bool_],
    ) -> None:
        """Store a step of each game: its newest frame, whether it is a game's first, and what followed."""
        row = self.added % self.length
        self.age[row] = np.where(first, 0, self.age[row - 1] + 1)
        self.frame[row], self.action[row], self.reward[row], self.goes_on[row] = frame, action, reward, ~ended
        # Not to be drawn: the newest n rows, and the oldest three, whose first frames are overwritten.
        self.priority[(row + np.arange(STACK)) % self.length] = 0.0
        if self.added >= self.n_steps + STACK:
            self.priority[(row - self.n_steps) % self.length] = self.highest
        self.added += 1

    def stack(self, row: npt.NDArray[np.int64], game: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """The observations, (B, 4, 84, 84): black before a game's first frame, as in ale-py."""
        back = np.arange(STACK - 1, -1, -1)
        frames: npt.NDArray[np.uint8] = self.frame[(row[:, None] - back) % self.length, game[:, None]]
        frames[self.age[row, game][:, None] < back] = 0
        return frames

    def sample(self, count: int) -> tuple[npt.NDArray[np.int64], tuple[npt.NDArray[Any], ...]]:
        """Draw transitions.

        Returns:
            Their places, for `prioritise`, and the columns obs, action, reward, next_obs, discount, weight:
            target = reward + discount * (value of next_obs); weight takes back half of what the unequal draw favours.
        """
        sums = np.cumsum(self.priority.ravel())
        places = np.searchsorted(sums, self._rng.random(count) * sums[-1], side="right")
        places = np.minimum(places, self.priority.size - 1)
        row, game = np.divmod(places, self.games)
        reward, discount = np.zeros(count, np.float32), np.ones(count, np.float32)
        for k in range(self.n_steps):
            later = (row + k) % self.length
            reward += discount * self.reward[later, game]
            discount *= self.gamma * self.goes_on[later, game]
        weight = (1 / np.maximum(self.priority.ravel()[places], 1e-3)) ** 0.5
        next_obs = self.stack((row + self.n_steps) % self.length, game)
        columns = (self.stack(row, game), self.action[row, game], reward, next_obs, discount)
        return places, (*columns, (weight / weight.max()).astype(np.float32))

    def prioritise(self, places: npt.NDArray[np.int64], errors: npt.NDArray[np.float32]) -> None:
        """Draw these transitions by their new errors from now on."""
        fresh = np.sqrt(errors.astype(float) + 1e-3)
        self.highest = max(self.highest * 0.9999, fresh.max())
        self.priority.ravel()[places] = fresh
