"""The figures of lesson dqn_cartpole's text are those of its own agent, and of the changes that the text names."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

import labkit
from benchmarks.cartpole_figures import FIGURES, Figure, lesson_names, told, trained


@pytest.fixture(scope="module")
def names():
    return lesson_names()


@pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))
def test_the_lessons_agent_has_these_settings(names, figure):
    inspect.signature(names["Agent"]).bind(seed=0, **figure.settings)
    assert figure.settings.get("update", "dqn_update") in names


def moved(names, update, next_best):
    """The weights of a linear network after one update, where its target network has other values."""
    q_net, target_net = names["q_network"](1, [], 2), names["q_network"](1, [], 2)
    q_net.set_weights([np.float32([[1.0, 0.0]]), np.zeros(2)])
    target_net.set_weights([np.float32([next_best]), np.zeros(2)])
    optimizer = names["keras"].optimizers.SGD(0.5)
    obs, ended = tf.constant([[1.0], [1.0]]), tf.constant([False, True])
    batch = labkit.Batch(obs, tf.constant([0, 1]), tf.constant([1.0, 1.0]), obs, ended)
    names[update](batch, q_net, target_net, optimizer, 0.5, 0.1)
    return q_net.get_weights()[0][0].tolist()


def test_each_update_does_what_the_text_says(names):
    # Predictions 1 and 0. The largest value of the target network is 4, that of the online network's choice 2:
    # targets 1 + 0.5 * 4 = 3 and 1, or 2 and 1; a step of 0.5 adds half of each error.
    assert moved(names, "dqn_update", [2.0, 4.0]) == [2.0, 0.5]
    assert moved(names, "double_update", [2.0, 4.0]) == [1.5, 0.5]
    # Each of the predictions goes to the mean of all targets.
    assert moved(names, "colleagues_update", [2.0, 4.0]) == [1.5, 1.0]


def test_what_became_of_an_agent(names):
    found = trained(names, Figure({}, steps=501), 0)
    assert found["perfect test at"] is found["lowest test after it"] is None
    assert 8 <= found["last test"] <= found["best test"] < 500
    assert found["last belief"] <= found["highest belief"]


def test_an_endless_run_goes_on_after_a_perfect_test(names, monkeypatch):
    monkeypatch.setattr(labkit, "greedy_returns", lambda env, values, episodes, seed: np.full(episodes, 500.0))
    ended, endless = (trained(names, Figure({}, steps=1001, endless=endless), 0) for endless in (False, True))
    assert ended["perfect test at"] == endless["perfect test at"] == 0
    assert ended["lowest test after it"] is None
    assert endless["lowest test after it"] == 500


@pytest.mark.parametrize(("value", "text"), [(None, "none"), (9.24, "9.2"), (190_000, "190,000.0")])
def test_a_figure_is_told_with_one_decimal(value, text):
    assert told(value) == text
