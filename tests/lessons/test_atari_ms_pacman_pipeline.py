"""Lesson atari_ms_pacman's own solution, on the real game: its stacks are the library's, its sums those that trained the network."""

import numpy as np
import pytest

from benchmarks.ms_pacman_replay import FrameReplay
from coursekit.notebook import text_of
from labkit import atari
from tests.lessons.playing import code_cells

NEEDED = {"imports", "network", "preprocess", "skip-frames", "push", "play-games", "n-step-sum"}


@pytest.fixture(scope="module")
def solution():
    """The names that the solution of lesson atari_ms_pacman defines."""
    names = {"__name__": "__main__"}
    for cell in code_cells("solutions", "en", "atari_ms_pacman"):
        if cell["id"] in NEEDED:
            exec(compile(text_of(cell), cell["id"], "exec"), names)
    return names


def test_frames_pushed_one_by_one_give_the_librarys_observations(solution):
    games = atari.make_games(1, num_threads=1)
    obs, _info = games.reset(seed=1)
    stack, first, ends = np.zeros((4, 84, 84), np.uint8), True, 0
    rng = np.random.default_rng(0)
    while ends < 2:
        stack = solution["push"](stack, obs[0, -1], first)
        assert np.array_equal(stack, obs[0])
        obs, _reward, terminated, truncated, _info = games.step(rng.integers(9, size=1))
        first = bool(terminated[0] | truncated[0])
        ends += first


def test_held_frames_end_where_the_emulators_do(solution):
    by_hand, library = atari.make_game(sticky=0.0, frameskip=1), atari.make_game(sticky=0.0, frameskip=4)
    last, _info = by_hand.reset(seed=0)
    library.reset(seed=0)
    scores = np.zeros(2)
    for step in range(150):
        action = 1 + step // 7 % 4
        picture, reward, terminated, truncated = solution["skip_frames"](by_hand, action)
        last, library_reward, *ends, _info = library.step(action)
        scores += reward, library_reward
        assert [terminated, truncated] == ends
        assert (picture >= last).all()  # the brighter of the last two frames is nowhere darker than the last one
    assert scores[0] == scores[1] > 0


def test_what_is_seen_of_the_screen(solution):
    game = atari.make_game(sticky=0.0)
    game.reset(seed=0)
    for _step in range(80):
        screen, *_rest = game.step(3)
    picture = solution["preprocess"](screen)
    white = np.argwhere(picture[..., 0] == 127)
    hers = np.argwhere((screen[:176:2, ::2] == (210, 164, 74)).all(axis=-1))
    assert len(white) >= 5
    assert np.array_equal(white, hers)


def test_the_shipped_network_plays(solution):
    assert (solution["media"] / "ms_pacman.npz").stat().st_size <= 2_000_000
    obs, _info = atari.make_games(8, num_threads=1).reset(seed=5)
    assert solution["q_values"](obs).shape == (8, 5)
    games = atari.make_games(8, num_threads=1)
    scores = solution["play_games"](games, lambda obs: solution["q_values"](obs).argmax(axis=1), seed=5)
    assert scores.mean() > 1_000  # random play: about 250


def test_sums_over_n_steps_are_those_of_the_replay_buffer(solution):
    rng = np.random.default_rng(0)
    reward, ended = rng.random((30, 1)), rng.random((30, 1)) < 0.2
    replay = FrameReplay(40, 1, n_steps=7, gamma=0.9, seed=0, size=(1, 1))
    for t in range(30):
        replay.add(np.zeros((1, 1, 1), np.uint8), np.array([t == 0]), np.zeros(1, int), reward[t], ended[t])
    places, (_obs, _action, totals, _next_obs, discount, _weight) = replay.sample(200)
    for place, total, left in zip(places, totals, discount, strict=True):
        want, over = solution["n_step_sum"](reward[place : place + 7], ended[place : place + 7], 0.9)
        assert total == pytest.approx(want[0])
        assert (left == 0) == over[0]
    assert 0 < (discount == 0).mean() < 1
