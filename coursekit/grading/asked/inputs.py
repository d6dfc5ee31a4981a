"""Inputs that the parts of many agents need: what a lesson's `grading.py` draws."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def layer_sizes(rng: np.random.Generator, count: int = 4) -> list[int]:
    """Sizes of the inputs and layers of a network, 2 or more, no two alike: one in another's place shows."""
    return [int(size) for size in rng.permutation(count + 2)[:count] + 2]


def dense_shapes(sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """Shapes of a dense network's weights, from the sizes of its inputs and layers: kernel and bias of each."""
    return [shape for inputs, outputs in pairwise(sizes) for shape in ((inputs, outputs), (outputs,))]


def arrays(rng: np.random.Generator, shapes: Iterable[tuple[int, ...]], scale: float = 1.0) -> list[Floats]:
    """Normal numbers of mean 0, float32, in each of the shapes."""
    return [rng.normal(0, scale, size=shape).astype(np.float32) for shape in shapes]


def transitions(rng: np.random.Generator, obs: int, action: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """The columns of a `labkit.Batch`, a row for each action: two of them end, the other columns are normal, float32.

    Args:
        rng: what is drawn comes from it.
        obs: numbers in an observation.
        action: the column of actions.
    """
    rows = len(action)
    seen, reward, next_seen = arrays(rng, [(rows, obs), (rows,), (rows, obs)])
    return [seen, action, reward, next_seen, rng.permutation(np.arange(rows) < 2)]
