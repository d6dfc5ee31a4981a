"""Judges of what agents choose and note down; the data may be forged."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from coursekit.grading.asked.evaluate import likely, numbers


def explores(actions: Any, values: Sequence[float] | npt.NDArray[Any], epsilon: float, draws: int) -> bool:
    """Whether an epsilon-greedy agent may well have chosen so: the best action, or with epsilon any, all alike.

    Args:
        actions: what was chosen, a list.
        values: of all actions.
        epsilon: the chance of an action at random.
        draws: how many choices there must be.
    """
    chosen = numbers(actions, below=len(values))
    if chosen is None or len(chosen) != draws:
        return False
    best = np.eye(len(values))[np.argmax(values)]
    return likely(np.bincount(chosen, minlength=len(values)), (1 - epsilon) * best + epsilon / len(values))


def same_notes(got: Any, want: Any) -> bool:
    """Whether two lists of transitions, as `labkit.RecordingBuffer` notes them, are the same to the last digit."""
    return len(got) == len(want) and all(
        len(one) == len(other) and all(map(np.array_equal, one, other)) for one, other in zip(got, want, strict=True)
    )
