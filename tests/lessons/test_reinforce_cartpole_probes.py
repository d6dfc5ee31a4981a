"""Lesson reinforce_cartpole's own solution learns what can be known: one-step episodes whose best action is told beforehand.

An environment that a wrong agent cannot solve finds a bug in seconds; one test shows that these can fail.
"""

from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import matplotlib
import numpy as np
import pytest

LESSON = Path(__file__).parents[2] / "lessons" / "reinforce_cartpole" / "lesson.py"
SKIPPED = {"check", "training", "nbval-ignore-output"}  # what defines nothing


class OneStep:
    """64 episodes of one step: the reward is 1 for the best action, `lowest` for the other one."""

    num_envs = 64

    def __init__(self, best: Any, lowest: float) -> None:
        self.best, self.lowest = best, lowest
        self.rng = np.random.default_rng(0)

    def reset(self) -> tuple[np.ndarray, dict[str, Any]]:
        self.obs = self.rng.choice([-1.0, 1.0], size=(self.num_envs, 4)).astype(np.float32)
        return self.obs, {}

    def step(self, action: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        reward = np.where(action == self.best(self.obs), 1.0, self.lowest)
        ended = np.ones(self.num_envs, dtype=bool)
        return self.obs, reward, ended, ~ended, {}


@cache
def lesson() -> dict[str, Any]:
    """The names that the solution defines."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {"_": lambda text: text}
    for cell in jupytext.reads(LESSON.read_text("utf-8"), fmt="py:percent").cells:
        skipped = cell.metadata.get("title") != "imports" and SKIPPED & set(cell.metadata.get("tags", ()))
        if cell.cell_type == "code" and not skipped:
            exec(cell.source, names)
    return names


def share_of_best(best, lowest=0.0, sign=1.0, updates=40):
    """Mean probability of the best action after the lesson's training steps, on fresh observations."""
    names = lesson()
    agent = names["Agent"](seed=0)
    envs = OneStep(best, lowest)
    for _update in range(updates):
        steps = names["union"](names["play_episodes"](envs, agent.act), agent.gamma)
        agent.learn(steps, sign * names["normalised"](steps.returns).astype(np.float32))
        agent.fast.refresh()
    obs, _info = envs.reset()
    logits = agent.fast(obs)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return probabilities[np.arange(len(obs)), best(obs)].mean()


def always_one(obs):
    return np.ones(len(obs), dtype=int)


def sign_of_the_third(obs):
    return (obs[:, 2] > 0).astype(int)


PROBES = pytest.mark.parametrize("best", [always_one, sign_of_the_third])


@PROBES
@pytest.mark.parametrize("lowest", [0.0, -1.0, 0.9])
def test_it_learns_the_best_action(best, lowest):
    assert share_of_best(best, lowest) > 0.9


@PROBES
def test_the_wrong_sign_learns_the_worst_action(best):
    assert share_of_best(best, sign=-1.0) < 0.1


def test_with_equal_rewards_the_policy_stays_as_it_was():
    names = lesson()
    agent = names["Agent"](seed=0)
    before = [weight.numpy() for weight in agent.net.weights]
    steps = names["union"](names["play_episodes"](OneStep(always_one, 1.0), agent.act), agent.gamma)
    _loss, norm = agent.learn(steps, names["normalised"](steps.returns).astype(np.float32))
    assert norm == 0
    for old, new in zip(before, agent.net.weights, strict=True):
        np.testing.assert_array_equal(old, new)


def test_nan_is_refused_with_a_sentence():
    names = lesson()
    agent = names["Agent"](seed=0, advantages=lambda steps: steps.returns * np.nan)
    with pytest.raises(FloatingPointError, match="make the agent anew"):
        names["train"](agent, updates=1)
    with pytest.raises(FloatingPointError, match="not finite"):
        names["sample"](np.array([0.0, np.nan]), agent.rng)


def test_an_interrupted_training_goes_on_where_it_stopped():
    names = lesson()
    agent = names["Agent"](seed=0)
    learn, calls = agent.learn, []

    def interrupted(*arrays):
        calls.append(len(calls))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return learn(*arrays)

    agent.learn = interrupted
    with agent.training:
        names["train"](agent, updates=4)
    assert agent.training.step == 2
    with agent.training:
        names["train"](agent, updates=4)
    assert agent.training.step == 4
    assert len(agent.training.returns) == 4 * 16
    assert np.isfinite(agent.fast(np.zeros(4))).all()
