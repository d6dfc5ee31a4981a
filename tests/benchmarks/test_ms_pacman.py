"""The replay buffer that trains lesson atari_ms_pacman's network: stacks, sums and chances, worked out by hand."""

import numpy as np
import pytest

from benchmarks.ms_pacman_replay import FrameReplay

PICTURE = (1, 1)


def filled(steps, *, length=20, n_steps=2, first=(), ended=()):
    """One game, whose frame at step t is t + 1, with reward t + 1 and action t."""
    replay = FrameReplay(length, 1, n_steps=n_steps, gamma=0.5, seed=0, size=PICTURE)
    for t in range(steps):
        frame = np.full((1, *PICTURE), t + 1, np.uint8)
        replay.add(frame, np.array([t in first]), np.array([t]), np.array([t + 1.0]), np.array([t in ended]))
    return replay


def stacks(replay, *rows):
    return replay.stack(np.array(rows), np.zeros(len(rows), int))[:, :, 0, 0].tolist()


def test_a_stack_is_black_before_a_games_first_frame():
    replay = filled(9, first={0, 5})
    assert stacks(replay, 0, 2, 4, 5, 6, 8) == [
        [0, 0, 0, 1],
        [0, 1, 2, 3],
        [2, 3, 4, 5],
        [0, 0, 0, 6],
        [0, 0, 6, 7],
        [6, 7, 8, 9],
    ]


def drawn(replay, count=500):
    """The transitions drawn: row -> (stack, reward, next stack, discount)."""
    places, (obs, action, reward, next_obs, discount, weight) = replay.sample(count)
    assert weight.max() == 1
    seen = {}
    for i, place in enumerate(places):
        seen[int(place)] = (obs[i, :, 0, 0].tolist(), action[i], reward[i], next_obs[i, :, 0, 0].tolist(), discount[i])
    return seen


def test_a_transition_goes_over_n_steps():
    seen = drawn(filled(14, first={0}))
    obs, action, reward, next_obs, discount = seen[7]
    assert (obs, action, next_obs) == ([5, 6, 7, 8], 7, [7, 8, 9, 10])
    assert reward == pytest.approx(8 + 0.5 * 9)
    assert discount == pytest.approx(0.25)


def test_a_life_that_ends_ends_the_sum():
    seen = drawn(filled(14, first={0}, ended={7}))
    assert seen[6][2] == pytest.approx(7 + 0.5 * 8)  # the reward of the step that ends it counts
    assert seen[7][2] == pytest.approx(8)
    assert (seen[6][4], seen[7][4]) == (0, 0)
    assert seen[8][4] == pytest.approx(0.25)


def test_only_whole_transitions_are_drawn():
    replay = filled(27, length=20, first={0})  # rows 0 to 6 hold the steps 20 to 26, rows 7 to 19 the steps 7 to 19
    rows = set(drawn(replay, 5_000))
    # Not the newest two steps; nor those whose three frames before are overwritten: steps 7, 8, 9.
    assert rows == {10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 0, 1, 2, 3, 4}
    assert stacks(replay, 1) == [[19, 20, 21, 22]]


def test_a_surprise_is_drawn_more_often():
    replay = filled(14, first={0})
    places = np.flatnonzero(replay.priority.ravel())
    replay.prioritise(places, np.where(places == places[0], 0.16 - 1e-3, 0.01 - 1e-3))  # square roots: 0.4 and 0.1
    others = len(places) - 1
    share = np.mean(replay.sample(20_000)[0] == places[0])
    assert share == pytest.approx(0.4 / (0.4 + 0.1 * others), abs=0.02)


def test_the_convolutions_compute_what_the_patches_do():
    from benchmarks.ms_pacman import as_convolutions, make_convolutional, make_net

    net, convolutional = make_net(0), make_convolutional()
    convolutional.set_weights(as_convolutions(net.get_weights()))
    frames = np.random.default_rng(0).integers(256, size=(5, 4, 84, 84)).astype(np.uint8)
    got, want = np.asarray(convolutional(frames)), np.asarray(net(frames))
    assert got == pytest.approx(want, abs=0.05)  # bfloat16 keeps two or three digits
    assert np.std(want) > 0.2
