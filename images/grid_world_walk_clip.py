"""Film ../labkit/media/grid_world_walk.mp4: a policy by hand, which looks at the picture and walks to a goal."""

from collections import deque
from pathlib import Path

import gymnasium as gym
import numpy as np
import numpy.typing as npt

import labkit

ROOT = Path(__file__).parents[1]
BLUE, GREEN, RED, WHITE = (0, 0, 255), (0, 255, 0), (255, 0, 0), (255, 255, 255)
STEPS = [(-1, 0), (1, 0), (0, -1), (0, 1)]  # up, down, left, right

Cell = tuple[int, int]


def cells(obs: npt.NDArray[np.uint8], color: tuple[int, int, int]) -> set[Cell]:
    """Where a full view has this colour, in its 7 by 7 cells."""
    return {(int(y), int(x)) for y, x in np.argwhere((obs[::12, ::12] == color).all(axis=2))}


def nearest_goal(obs: npt.NDArray[np.uint8]) -> int:
    """The first step of a shortest way to a goal that touches neither fire nor wall (breadth-first search)."""
    (start,), goals = cells(obs, BLUE), cells(obs, GREEN)
    closed = cells(obs, RED) | cells(obs, WHITE) | {start}
    ways: deque[tuple[Cell, int | None]] = deque([(start, None)])
    while ways:
        (y, x), first = ways.popleft()
        if (y, x) in goals:
            assert first is not None
            return first
        for action, (dy, dx) in enumerate(STEPS):
            cell = y + dy, x + dx
            if cell not in closed:
                closed.add(cell)
                ways.append((cell, action if first is None else first))
    return 0


if __name__ == "__main__":
    print(labkit.evaluate(gym.make("labkit/GridWorld-v0"), nearest_goal))
    env = gym.make("labkit/GridWorld-v0", render_mode="rgb_array")
    video = labkit.record(env, nearest_goal, seed=0)
    print(video.alt, len(video.mp4), "bytes")
    video.save(ROOT / "labkit/media/grid_world_walk.mp4")
