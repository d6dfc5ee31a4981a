import numpy as np
import pytest

from labkit import CheckFailed, RecordingBuffer


def test_a_buffer_writes_down_what_is_added_and_drawn():
    buffer = RecordingBuffer((2,), empty="Store first.")
    with pytest.raises(CheckFailed, match=r"^Store first\.$"):
        buffer.sample(3)
    obs = np.array([1.0, 2.0])
    buffer.add(obs, np.int64(1), np.float32(0.5), [3.0, 4.0], np.True_)
    obs[:] = 9.0
    batch = buffer.sample((2, 3))
    (stored,) = buffer.added
    assert (stored.obs.tolist(), stored.action, stored.reward) == ([1.0, 2.0], 1, 0.5)
    assert (stored.next_obs.tolist(), stored.terminated) == ([3.0, 4.0], True)
    assert [(draw.size, draw.found) for draw in buffer.draws] == [((2, 3), 1)]
    assert buffer.draws[0].batch is batch
    np.testing.assert_array_equal(batch.obs, np.broadcast_to([1.0, 2.0], (2, 3, 2)))
    assert len(buffer) == 1


def test_a_buffer_writes_down_whole_columns():
    buffer = RecordingBuffer((1,), obs_dtype=np.uint8)
    columns = [[[1], [2]], [0, 1], [0.5, -1.0], [[2], [3]], [False, True]]
    buffer.extend(*columns)
    assert [column.tolist() for column in buffer.extended[0]] == columns
    assert len(buffer.extended) == 1
    assert buffer.added == []
    assert buffer.sample(50).obs.dtype == np.uint8
    assert set(buffer.sample(50).reward.tolist()) == {0.5, -1.0}


def test_nothing_to_draw_from_has_a_sentence_of_its_own():
    with pytest.raises(CheckFailed, match=r"^Nothing has been stored yet: add transitions, then draw\.$"):
        RecordingBuffer((1,)).sample(1)


def test_the_draws_of_two_buffers_are_alike():
    first, second = RecordingBuffer((1,)), RecordingBuffer((1,))
    for buffer in (first, second):
        for i in range(20):
            buffer.add([i], 0, 0.0, [i + 1], False)
    np.testing.assert_array_equal(first.sample(10).obs, second.sample(10).obs)
