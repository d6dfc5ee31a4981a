import numpy as np
import pytest

from labkit import Batch, ReplayBuffer


def filled(capacity, n, seed=0):
    buffer = ReplayBuffer(capacity, (2,), seed=seed)
    for i in range(n):
        buffer.add([i, -i], i % 3, 10.0 * i, [i + 1, -i - 1], i == n - 1)
    return buffer


def test_length_grows_up_to_the_capacity():
    assert [len(filled(3, n)) for n in (0, 2, 3, 7)] == [0, 2, 3, 3]


def test_shapes_and_types():
    batch = filled(10, 5).sample(4)
    assert isinstance(batch, Batch)
    assert [(column.shape, column.dtype.name) for column in batch] == [
        ((4, 2), "float32"),
        ((4,), "int64"),
        ((4,), "float32"),
        ((4, 2), "float32"),
        ((4,), "bool"),
    ]


def test_columns_of_a_row_belong_together():
    batch = filled(10, 10).sample(200)
    i = batch.obs[:, 0]
    np.testing.assert_array_equal(batch.action, i % 3)
    np.testing.assert_array_equal(batch.reward, 10 * i)
    np.testing.assert_array_equal(batch.next_obs, np.stack([i + 1, -i - 1], axis=1))
    np.testing.assert_array_equal(batch.terminated, i == 9)


def test_the_oldest_are_replaced():
    assert set(filled(3, 5).sample(100).obs[:, 0]) == {2, 3, 4}


def test_only_what_was_added_is_drawn():
    assert set(filled(100, 2).sample(50).obs[:, 0]) == {0, 1}


def test_draws_are_uniform():
    counts = np.bincount(filled(4, 4).sample(8000).obs[:, 0].astype(int))
    # 2000 expected each, standard deviation sqrt(8000 * 1/4 * 3/4) = 39
    assert np.abs(counts - 2000).max() < 5 * 39


def test_same_seed_same_draws():
    np.testing.assert_array_equal(filled(9, 9, seed=4).sample(20).obs, filled(9, 9, seed=4).sample(20).obs)


def test_a_sample_is_a_copy():
    buffer = filled(1, 1)
    buffer.sample(1).reward[0] = 99
    assert buffer.sample(1).reward[0] == 0


def test_continuous_actions_and_images():
    buffer = ReplayBuffer(5, (4, 4, 3), (2,), obs_dtype=np.uint8, action_dtype=np.float32)
    buffer.add(np.full((4, 4, 3), 255), [0.5, -0.5], 1, np.zeros((4, 4, 3)), False)
    batch = buffer.sample(1)
    assert batch.obs.dtype == np.uint8 and batch.obs.max() == 255
    np.testing.assert_array_equal(batch.action, np.array([[0.5, -0.5]], np.float32))


def test_an_empty_buffer_says_what_to_do():
    with pytest.raises(ValueError, match=r"^Cannot sample from an empty ReplayBuffer: add transitions first.$"):
        ReplayBuffer(5, (2,)).sample(1)


def test_a_capacity_of_zero_is_refused():
    message = "^A ReplayBuffer cannot hold 0 transitions: give it a capacity of 1 or more.$"
    with pytest.raises(ValueError, match=message):
        ReplayBuffer(0, (2,))


def test_many_at_once_are_the_same_as_one_after_the_other():
    one, many = ReplayBuffer(5, (2,), seed=0), ReplayBuffer(5, (2,), seed=0)
    for start in (0, 3, 6):  # the second and third go round the end
        i = np.arange(start, start + 3)
        many.extend(np.stack([i, -i], 1), i % 3, 10.0 * i, np.stack([i + 1, -i], 1), i == 4)
        for k in i:
            one.add([k, -k], k % 3, 10.0 * k, [k + 1, -k], k == 4)
    assert len(one) == len(many) == 5
    for a, b in zip(one.sample(50), many.sample(50), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("lengths", [(2, 2, 1, 2, 2), (6, 6, 6, 6, 6)])
def test_columns_that_do_not_fit_are_refused(lengths):
    buffer = ReplayBuffer(5, ())
    with pytest.raises(ValueError, match="columns of one length"):
        buffer.extend(*(np.zeros(n) for n in lengths))
    assert len(buffer) == 0


def test_several_batches_at_once():
    batches = filled(10, 10).sample((3, 4))
    assert batches.obs.shape == (3, 4, 2)
    assert batches.reward.shape == (3, 4)
    np.testing.assert_array_equal(batches.reward, 10 * batches.obs[..., 0])
