"""One call that seeds every source of randomness."""

import random
import sys

import numpy as np

from labkit.messages import _


def seed_everything(seed: int) -> np.random.Generator:
    """Seed Python's, NumPy's old and, if it is imported, TensorFlow's random numbers.

    Environments are seeded apart, by `env.reset(seed=...)`.

    Args:
        seed: an integer from 0 to 2**32 - 1.

    Returns:
        A generator with that seed: new code draws from it, and from nothing global.

    Raises:
        ValueError: the seed is out of range.
    """
    if not 0 <= seed < 2**32:
        raise ValueError(
            _("A seed must be an integer from 0 to 4294967295, not {seed}: choose another.").format(seed=seed)
        )
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - other people's code may draw from it
    if tensorflow := sys.modules.get("tensorflow"):
        tensorflow.keras.utils.set_random_seed(seed)
    return np.random.default_rng(seed)
