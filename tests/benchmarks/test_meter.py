"""The meter: what it counts, and when it stops a run."""

import gymnasium as gym
import numpy as np
import pytest

from benchmarks import meter as metering
from benchmarks.meter import Meter, Stop, play


@pytest.fixture
def made(monkeypatch):
    """A meter that is installed, and environments that it counts."""
    monkeypatch.setattr(gym, "make", gym.make)  # put back afterwards
    monkeypatch.setattr(gym, "make_vec", gym.make_vec)

    def make(**settings):
        meter = Meter("CartPole-v1", settings.pop("every", None), settings.pop("threshold", 475), budget=60, seed=0)
        meter.install()
        return meter

    return make


def left(obs):
    """Always to the left: the pole falls in 8 to 10 steps."""
    return np.zeros(len(obs), dtype=int)


def upright(obs):
    """Push against the fall: such a pole stands for 500 steps."""
    return (obs @ [0.1, 0.5, 1.0, 1.0] > 0).astype(int)


def test_returns_of_policies_whose_worth_is_known():
    assert set(play(left, "CartPole-v1", 10, seed=0)) <= {8.0, 9.0, 10.0}
    assert set(play(upright, "CartPole-v1", 10, seed=0)) == {500.0}
    # 200 steps without torque: the reward is never above 0, and -16.3 a step at worst.
    still = play(lambda obs: np.zeros((len(obs), 1)), "Pendulum-v1", 3, seed=0)
    assert ((still < 0) & (still > -16.3 * 200)).all()


def test_steps_of_one_environment_and_of_many(made):
    meter = made()
    env, envs = gym.make("CartPole-v1"), gym.make_vec("CartPole-v1", num_envs=3)
    env.reset(seed=0)
    envs.reset(seed=0)
    env.step(0)
    envs.step(np.array([0, 1, 0]))
    assert meter.steps == 4


def test_what_is_uncounted(made):
    meter = made()
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    meter.uncounted(env.step)(0)
    assert meter.steps == 0
    env.step(0)
    assert meter.steps == 1


def test_the_run_ends_where_the_threshold_is_confirmed(made):
    meter = made(every=100)
    policy = left
    meter.greedy = lambda: policy
    meter.count(150)
    policy = upright
    meter.count(49)
    assert [(point.steps, point.score <= 10) for point in meter.points] == [(150, True)]
    with pytest.raises(Stop):
        meter.count(1)
    assert meter.reached
    assert [point.steps for point in meter.points] == [150, 200]
    assert meter.final() == 500


def test_a_run_that_ends_by_itself_is_evaluated_once_more(made):
    meter = made(every=100)
    policy = left
    meter.greedy = lambda: policy
    meter.count(100)
    meter.close()
    assert [point.steps for point in meter.points] == [100]  # as it was just then
    meter.count(50)
    policy = upright
    meter.close()
    assert [point.steps for point in meter.points] == [100, 150]
    assert meter.reached


def test_a_lucky_score_is_not_confirmed(made, monkeypatch):
    meter = made(every=10)
    meter.greedy = lambda: left
    scores = iter([np.array([480.0]), np.array([470.0])])
    monkeypatch.setattr(metering, "play", lambda *args: next(scores))
    meter.count(10)
    assert not meter.reached
    assert meter.points[0].score == 470


def test_evaluations_cost_no_time(made, monkeypatch):
    clock = iter([0.0, 5.0, 9.0, 9.5])  # start; before the evaluation; after it; the end
    monkeypatch.setattr(metering.time, "process_time", lambda: next(clock))
    monkeypatch.setattr(metering, "play", lambda *args: np.zeros(1))
    meter = made(every=10)
    meter.greedy = lambda: left
    meter.count(10)
    assert meter.points[0].cpu == 5.0
    assert meter._cpu == 4.0  # the clock began four seconds later, so to speak


def test_the_budget_ends_a_run(made):
    meter = made()
    meter.budget = 0
    with pytest.raises(Stop):
        meter.count(1)
    assert not meter.reached


def test_a_window_is_timed_and_ends_the_run(made):
    meter = made()
    meter.marks = {10: None, 20: None}
    meter.count(15)
    with pytest.raises(Stop):
        meter.count(5)
    (first, _wall), (last, _wall) = meter.marks.values()
    assert last >= first
