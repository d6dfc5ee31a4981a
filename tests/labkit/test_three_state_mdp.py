import itertools

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from labkit.envs.three_state_mdp import ThreeStateMDP, draw_graph


@pytest.fixture
def env():
    return gym.make("labkit/ThreeStateMDP-v0", render_mode="rgb_array")


def trajectory(env, seed, steps=100):
    """(state, action, reward, next state) of each step of random play."""
    env.action_space.seed(seed)
    state, info = env.reset(seed=seed)
    for _ in range(steps):
        action = env.action_space.sample(info["action_mask"])
        next_state, reward, _terminated, _truncated, info = env.step(action)
        yield int(state), int(action), reward, int(next_state)
        state = next_state


@pytest.mark.filterwarnings("error::UserWarning:gymnasium")
def test_it_keeps_gymnasiums_contract(env):
    for seed in range(10):  # check_env samples actions: whatever it draws must be allowed
        env.unwrapped.action_space.seed(seed)
        check_env(env.unwrapped)


def test_the_tables():
    table = ThreeStateMDP
    assert table.P.shape == table.R.shape == (3, 3, 3)
    assert table.allowed.tolist() == [[True, True, True], [True, False, True], [False, True, False]]
    np.testing.assert_allclose(table.P.sum(axis=2), table.allowed)
    assert table.P[2, 1].tolist() == [0.8, 0.1, 0.1]
    paid = {tuple(where): table.R[tuple(where)] for where in np.argwhere(table.R).tolist()}
    assert paid == {(0, 0, 0): 10, (1, 2, 2): -50, (2, 1, 0): 40}


def test_the_tables_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        ThreeStateMDP.P[0, 0, 0] = 1


def test_steps_follow_the_tables(env):
    counts = np.zeros((3, 3, 3))
    for seed in range(200):
        for state, action, reward, next_state in trajectory(env, seed):
            counts[state, action, next_state] += 1
            assert reward == ThreeStateMDP.R[state, action, next_state]
    tried = counts.sum(axis=2, keepdims=True)
    assert (tried[..., 0] > 0).tolist() == ThreeStateMDP.allowed.tolist()
    deviation = np.sqrt(ThreeStateMDP.P * (1 - ThreeStateMDP.P) / np.maximum(tried, 1))
    frequencies = counts / np.maximum(tried, 1)
    assert (np.abs(frequencies - ThreeStateMDP.P) <= 4 * deviation + 1e-9).all()


def test_same_seed_same_trajectory(env):
    assert list(trajectory(env, 3)) == list(trajectory(env, 3))
    assert list(trajectory(env, 3)) != list(trajectory(env, 4))


def test_an_episode_is_truncated_after_100_steps_and_never_terminates(env):
    env.reset(seed=0)
    ends = [env.step(1)[2:4] for _ in range(100)]
    assert ends == [(False, False)] * 99 + [(False, True)]


def test_masks_follow_the_state(env):
    state, info = env.reset(seed=0)
    assert state == 0 and info["action_mask"].dtype == np.int8
    seen = {0: info["action_mask"].tolist()}
    for _ in range(200):
        action = env.action_space.sample()
        state, *_rest, info = env.step(action)
        seen[int(state)] = info["action_mask"].tolist()
    assert seen == {0: [1, 1, 1], 1: [1, 0, 1], 2: [0, 1, 0]}


def test_sampling_without_a_mask_keeps_to_the_allowed_actions():
    env = ThreeStateMDP()
    env.reset(seed=0)
    env._state = 1
    assert {int(env.action_space.sample()) for _ in range(50)} == {0, 2}
    assert env.action_space.sample(np.array([0, 1, 0], np.int8)) == 1
    assert env.action_space.sample(probability=np.array([0.0, 1.0, 0.0])) == 1


@pytest.mark.parametrize("action", [0, 2, 3, -1])
def test_an_action_that_is_not_allowed_says_which_are(action):
    env = ThreeStateMDP()
    env.reset(seed=0)
    env._state = 2
    with pytest.raises(ValueError, match=rf"^Action {action} is not allowed in state 2: choose among \[1\].$"):
        env.step(action)


def test_frames_have_even_sides_and_show_the_state(env):
    env.reset(seed=0)
    start = env.render()
    assert start.shape == (320, 640, 3) and start.dtype == np.uint8
    env.step(1)
    moved = env.render()
    assert (moved != start).any()
    moved[:] = 0  # a frame is the caller's own
    assert env.render().any()


def test_without_a_render_mode_there_is_no_frame():
    env = ThreeStateMDP()
    env.reset(seed=0)
    assert env.render() is None


def test_labels_of_the_graph_do_not_overlap():
    figure = draw_graph()
    figure.canvas.draw()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    overlaps = [
        (a.get_text(), b.get_text())
        for (a, box_a), (b, box_b) in itertools.combinations(zip(texts, boxes, strict=True), 2)
        if box_a.overlaps(box_b)
    ]
    assert not overlaps
    assert len(texts) == 3 + 6 + 10  # states, actions, outcomes


def test_the_graph_highlights_what_it_is_told_to():
    plain, lit = draw_graph(), draw_graph(0, (0, 0, 1))
    colors = [{text.get_color() for text in figure.axes[0].texts} for figure in (plain, lit)]
    assert len(colors[0]) < len(colors[1])
