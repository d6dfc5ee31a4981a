"""Lesson d3qn_gridworld's own solution learns tiny worlds whose values are known, and is found out where it has a bug."""

import gymnasium as gym
import numpy as np
import pytest

from coursekit.notebook import text_of
from tests.lessons.playing import code_cells

GAMMA = 0.5
NEEDED = {"imports", "small-pictures", "features", "q-network", "target-copy", "largest", "update", "dqn-class"} | {
    "epsilon-of",
    "play-games",
    "train",
    "measure",
    "dueling-values",
    "dueling-head",
    "double-value",
    "overestimation",
}


@pytest.fixture(scope="module")
def solution():
    """The names that the solution of lesson d3qn_gridworld defines."""
    names = {"__name__": "__main__"}
    for cell in code_cells("solutions", "en", "d3qn_gridworld"):
        if cell["id"] in NEEDED:
            exec(compile(text_of(cell), cell["id"], "exec"), names)
    return names


class TinyWorlds:
    """Eight worlds of pictures: a white or a black one, and four actions.

    White turns black, whatever is done, and pays nothing. In black, action 2 pays 1 and the others -1, and white
    comes next; or the world ends there. A game is cut after four steps.
    """

    num_envs = 8

    def __init__(self, ends: bool):
        self.ends = ends

    def pictures(self):
        return np.full((8, 84, 84, 3), 255 * (self.time % 2 == 0), np.uint8)

    def reset(self, seed=None):
        self.time = 0
        return self.pictures(), {}

    def step(self, action):
        black = self.time % 2 == 1
        reward = np.where(action == 2, 1.0, -1.0) * black
        self.time += 1
        return self.pictures(), reward, np.full(8, black and self.ends), np.full(8, self.time == 4), {}


def answer(ends: bool):
    """Values of the white and the black picture, shape (2, 4): v = gamma b, b = 1 + gamma v (or 1 at the end)."""
    best = 1.0 if ends else 1 / (1 - GAMMA**2)
    white = GAMMA * best
    ahead = 0.0 if ends else GAMMA * white
    return np.array([[white] * 4, [ahead - 1, ahead - 1, ahead + 1, ahead - 1]])


def learned(solution, head="plain_head", rule="largest", ends=False):
    """What an agent of the lesson believes of the two pictures after 20 rounds of chance and 800 updates."""
    net = solution["q_network"](solution[head], seed=0, filters=(4,), hidden=16)
    settings = {"gamma": GAMMA, "tau": 0.1, "learning_rate": 5e-3, "updates": 40, "batch_size": 32}
    agent = solution["Agent"](net, solution[rule], seed=0, **settings)
    agent.worlds = TinyWorlds(ends)
    for _round in range(20):
        solution["play_games"](agent, epsilon=1.0)
        agent.learn(agent.buffer.sample(agent.sizes))
    pictures = np.full((2, 7, 7, 3), np.reshape([255, 0], (2, 1, 1, 1)), np.uint8)
    return agent.q_values(pictures).numpy()


@pytest.mark.parametrize("head", ["plain_head", "dueling_head"])
@pytest.mark.parametrize("rule", ["largest", "double_value"])
def test_it_learns_the_known_values(solution, head, rule):
    assert learned(solution, head, rule) == pytest.approx(answer(ends=False), abs=0.05)


def test_nothing_is_earned_after_the_end(solution):
    assert learned(solution, ends=True) == pytest.approx(answer(ends=True), abs=0.05)


def mean_of_all(solution):
    """Next values that are no largest ones."""
    return "largest", lambda online, target: solution["tf"].reduce_mean(target, axis=1)


def standing_target(solution):
    """A target network that never learned: its clone has weights of its own, and is not brought up to date."""
    return "target_copy", lambda net: solution["q_network"](solution["plain_head"], seed=9, filters=(2,))


def black_pictures(solution):
    """Pictures that are all black, as a division by 256 makes them."""
    return "small_pictures", lambda obs, pixels=12: np.zeros_like(obs[..., ::pixels, ::pixels, :])


def cut_is_the_end(solution):
    """Every cut stored as the end of the world."""
    right = solution["play_games"]

    def play_games(agent, epsilon):
        extend, steps = agent.buffer.extend, iter(range(4))
        agent.buffer.extend = lambda *columns: extend(*columns[:4], np.full(8, next(steps) == 3))
        returns = right(agent, epsilon)
        agent.buffer.extend = extend
        return returns

    return "play_games", play_games


@pytest.mark.parametrize("bug", [mean_of_all, black_pictures, cut_is_the_end])
def test_a_bug_is_found(solution, monkeypatch, bug):
    monkeypatch.setitem(solution, *bug(solution))
    assert np.abs(learned(solution) - answer(ends=False)).max() > 0.2


def test_a_target_network_of_another_architecture_is_refused(solution, monkeypatch):
    monkeypatch.setitem(solution, *standing_target(solution))
    with pytest.raises(ValueError, match="architecture"):
        learned(solution)


def test_bad_input_gets_a_sentence(solution):
    net = solution["q_network"](solution["plain_head"], seed=0, filters=(2,), hidden=4)
    agent = solution["Agent"](net, solution["largest"], seed=0, games=2)
    with pytest.raises(ValueError, match=r"The network sees pictures \(7, 7, 3\), and not \(84, 84, 3\)"):
        agent.act(np.zeros((2, 84, 84, 3), np.uint8), epsilon=0.0)
    with pytest.raises(ValueError, match=r"Pictures are \(..., 84, 84, 3\), and not \(2, 7, 7, 3\)"):
        solution["small_pictures"](np.zeros((2, 7, 7, 3), np.uint8))
    for actions in ([0, 4], [0.0, 1.0], [0]):
        with pytest.raises(ValueError, match="The actions must be 2 whole numbers"):
            agent.worlds.step(np.array(actions))
    with pytest.raises(ValueError, match="There is no action 4"):
        gym.make("labkit/GridWorld-v0").unwrapped.step(4)


def test_the_buffer_holds_bytes_and_what_was_seen(solution):
    net = solution["q_network"](solution["plain_head"], seed=0, filters=(2,), hidden=4)
    agent = solution["Agent"](net, solution["largest"], seed=0, games=3, capacity=1000)
    returns = solution["play_games"](agent, epsilon=1.0)
    assert returns.shape == (3,)
    batch = agent.buffer.sample(500)
    assert batch.obs.dtype == batch.next_obs.dtype == np.uint8
    assert not batch.terminated.any()
    agents = (batch.obs == [0, 0, 255]).all(axis=-1)  # one blue cell in each picture
    assert (agents.sum(axis=(1, 2)) == 1).all()
    assert len(agent.buffer) == 3 * 50


def test_overestimation_of_an_agent_that_knows_the_truth_is_zero(solution):
    rng = np.random.default_rng(0)
    rewards = rng.normal(size=(60, 5))
    truth = np.array([(0.9 ** np.arange(60 - t)) @ rewards[t:] for t in range(60)])
    values = truth[..., None] - rng.random((60, 5, 4)) * [0, 1, 2, 3]
    assert solution["overestimation"](rewards, values, 0.9, 50) == pytest.approx(0, abs=1e-12)
    assert solution["overestimation"](rewards, values + 0.25, 0.9, 50) == pytest.approx(0.25)
