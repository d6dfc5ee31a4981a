import random
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from labkit import seed_everything


def draws(seed):
    rng = seed_everything(seed)
    return random.random(), np.random.rand(), rng.random()  # noqa: NPY002 - the one under test


def test_same_seed_same_numbers():
    assert draws(1) == draws(1)
    assert len({*draws(1), *draws(2)}) == 6


def test_the_generator_is_numpys_own():
    assert seed_everything(7).random() == np.random.default_rng(7).random()


def test_tensorflow_is_seeded_if_it_is_there(monkeypatch):
    seeds = []
    keras = SimpleNamespace(utils=SimpleNamespace(set_random_seed=seeds.append))
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(keras=keras))
    seed_everything(5)
    assert seeds == [5]


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(
        ValueError, match=f"^A seed must be an integer from 0 to 4294967295, not {seed}: choose another.$"
    ):
        seed_everything(seed)
