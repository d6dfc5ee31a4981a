"""Steps of environments that end, and of many at once."""

import gymnasium as gym
import numpy as np

from benchmarks import rates

MADE = {"date": "2026-01-31", "processor": "Abacus", "versions": "Python 3.11"}


class ThreeSteps(gym.Env):
    """An episode of three steps, which must not be stepped any further."""

    observation_space, action_space = gym.spaces.Discrete(1), gym.spaces.Discrete(2)

    def reset(self, seed=None, options=None):
        self.left = 3
        return 0, {}

    def step(self, action):
        assert self.left
        self.left -= 1
        return 0, 0.0, self.left == 0, False, {}


def test_steps_of_one_world_are_counted_and_ended_episodes_begin_again():
    found = rates.rate(ThreeSteps(), seconds=0.0)
    assert found["steps"] == 256
    assert found["cpu"] > 0


def test_steps_of_all_worlds_are_counted():
    worlds = gym.make_vec("labkit/GridWorld-v0", num_envs=5)
    assert rates.rate(worlds, seconds=0.0)["steps"] == 5 * 256


def test_every_environment_of_the_course_is_there_and_can_be_made():
    for name in ("CartPole-v1", "Pendulum-v1", "GridWorld", "GridWorld, 16 at once", "the Ball, 256 at once"):
        env = rates.ENVIRONMENTS[name]()
        obs, _info = env.reset(seed=0)
        assert np.shape(obs) == env.observation_space.shape


def test_the_table():
    runs = [
        MADE | {"task": "rates", "contestant": "GridWorld", "seed": seed, "steps": 1000 * n, "cpu": 2.0}
        for seed, n in enumerate([60, 80, 70])
    ]
    assert "| GridWorld | 35,000 (30,000 to 40,000) |" in rates.section(runs)
    assert "CartPole" not in rates.section(runs)
    assert "| an old one | 35,000" in rates.section([run | {"contestant": "an old one"} for run in runs])
    assert rates.section([]) == ""
