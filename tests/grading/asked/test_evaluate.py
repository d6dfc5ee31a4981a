"""What judges are made of: chance, whole numbers, and agents given as weights."""

import subprocess
import sys

import numpy as np
import pytest

from coursekit.grading import dense, likely, numbers, returns

A = np.array([1.0, 2.0])


def test_likely_counts():
    assert likely([480, 520], [0.5, 0.5])
    assert not likely([400, 600], [0.5, 0.5])
    assert likely([0, 1000], [0, 1])
    assert not likely([1, 999], [0, 1])


def test_numbers_are_whole_and_in_range():
    assert numbers([0, 2], below=3).tolist() == [0, 2]
    assert all(numbers(bad, below=3) is None for bad in ([3], [-1], [1.0], [True], [None], [A], 1, None, A))


def test_an_agent_given_as_weights_is_played_outside():
    by_hand = np.array([[-0.1, 0.1], [-0.5, 0.5], [-4.0, 4.0], [-1.0, 1.0]], np.float32)  # lesson 03: it never falls
    net = dense([by_hand, np.zeros(2, np.float32)], [4, 2])
    assert returns("CartPole-v1", lambda obs: net(obs).argmax(axis=1), 5, seed=3).tolist() == [500.0] * 5
    assert returns("CartPole-v1", lambda obs: np.zeros(5, int), 5, seed=3).max() < 12


def test_a_dense_network_by_hand():
    weights = [np.array([[1.0, -1.0]]), np.array([0.0, 1.0]), np.array([[2.0], [3.0]]), np.array([0.5])]
    assert dense(weights, [1, 2, 1])(np.array([[2.0], [-3.0]])).tolist() == [[4.5], [12.5]]
    for bad in (weights[:2], None, [np.full_like(w, np.nan) for w in weights], [w.T for w in weights]):
        with pytest.raises(ValueError, match="weights must"):
            dense(bad, [1, 2, 1])


def test_only_playing_an_agent_needs_gymnasium():
    code = "import sys, coursekit.grading.handed_in.roll; sys.exit('gymnasium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
