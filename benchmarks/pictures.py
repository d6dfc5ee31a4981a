"""The GridWorld as lesson d3qn_gridworld sees it: one pixel of each cell."""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[Any]
SHAPE = (7, 7, 3)


def small(pictures: Pictures) -> Pictures:
    """One pixel of each cell, of one picture or of many; nothing is lost: a cell has 12 by 12 of one colour."""
    return np.ascontiguousarray(pictures[..., ::12, ::12, :])


class SmallPictures(gym.ObservationWrapper[Pictures, np.int64, Pictures]):
    """Pictures of 7 by 7 pixels instead of 84 by 84."""

    def __init__(self, env: gym.Env[Pictures, np.int64]) -> None:
        super().__init__(env)
        self.observation_space = gym.spaces.Box(0, 255, SHAPE, np.uint8)

    def observation(self, observation: Pictures) -> Pictures:
        """One pixel of each cell."""
        return small(observation)
