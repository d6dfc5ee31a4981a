"""The inputs that lessons' `grading.py` draw."""

import numpy as np

import labkit
from coursekit.grading import arrays, dense_shapes, layer_sizes, transitions


def rng(seed=0):
    return np.random.default_rng(seed)


def test_sizes_are_two_or_more_and_differ():
    for seed in range(50):
        sizes = layer_sizes(rng(seed), 3)
        assert len(set(sizes)) == 3
        assert {*sizes} <= {2, 3, 4, 5, 6}
        assert all(type(size) is int for size in sizes)
    assert len({tuple(layer_sizes(rng(seed), 3)) for seed in range(50)}) > 20


def test_shapes_of_a_dense_network():
    assert dense_shapes([3, 5, 2]) == [(3, 5), (5,), (5, 2), (2,)]
    keras = [array.shape for array in labkit.mlp(3, [5], 2).get_weights()]
    assert dense_shapes([3, 5, 2]) == keras


def test_arrays_are_single_and_scaled():
    small, large = (arrays(rng(), [(400, 5), (3,)], scale) for scale in (0.1, 10.0))
    assert [(array.shape, array.dtype.name) for array in small] == [((400, 5), "float32"), ((3,), "float32")]
    np.testing.assert_allclose(100 * small[0], large[0], rtol=1e-6)
    assert 0.09 < small[0].std() < 0.11


def test_columns_are_those_of_a_batch():
    action = np.array([2, 0, 1, 1, 3])
    batch = labkit.Batch(*transitions(rng(), 4, action))
    assert [column.shape for column in batch] == [(5, 4), (5,), (5,), (5, 4), (5,)]
    assert [column.dtype.name for column in batch] == ["float32", "int64", "float32", "float32", "bool"]
    np.testing.assert_array_equal(batch.action, action)
    assert sum(batch.terminated) == 2
    assert not np.array_equal(batch.obs, batch.next_obs)
    orders = {tuple(transitions(rng(seed), 1, action)[4].tolist()) for seed in range(200)}
    assert len(orders) == 10  # 2 of 5 places
