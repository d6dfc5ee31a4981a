"""Ms. Pac-Man: what is no action or no observation is refused, and the film shows the game that is measured."""

import sys

import numpy as np
import pytest

from labkit import atari


@pytest.fixture(scope="module")
def game():
    env = atari.make_game(sticky=0.0, frameskip=1)
    env.reset(seed=0)
    return env


@pytest.fixture(scope="module")
def games():
    env = atari.make_games(2, num_threads=1)
    env.reset(seed=0)
    return env


def test_a_game_shows_the_screen(game):
    obs, reward, terminated, truncated, info = game.step(np.int64(1))
    assert (obs.shape, obs.dtype, reward, terminated, truncated) == ((210, 160, 3), np.uint8, 0.0, False, False)
    assert info["lives"] == 3
    assert game.action_space.n == atari.ACTIONS


@pytest.mark.parametrize("action", [-1, 9])
def test_what_is_no_action_is_refused(game, games, action):
    with pytest.raises(ValueError, match=f"There is no action {action}: choose from 0"):
        game.step(action)
    with pytest.raises(ValueError, match=f"There is no action {action}: choose from 0"):
        games.step(np.array([0, action]))


@pytest.mark.parametrize("action", [1.5, [1], None])
def test_an_action_is_a_whole_number(game, action):
    with pytest.raises(ValueError, match="An action is one whole number"):
        game.step(action)


@pytest.mark.parametrize("actions", [[1], [1, 2, 3], [1.0, 2.0], 1])
def test_there_is_one_action_for_each_game(games, actions):
    with pytest.raises(ValueError, match=r"Actions are whole numbers of shape \(2,\)"):
        games.step(np.array(actions))


def test_games_show_stacks_that_begin_black(games):
    obs, _info = games.reset(seed=3)
    assert (obs.shape, obs.dtype) == ((2, 4, 84, 84), np.uint8)
    assert not obs[:, :3].any()
    assert obs[:, 3].any()
    after, reward, *_rest = games.step(np.array([1, 2]))
    assert (after[:, 2] == obs[:, 3]).all()
    assert reward.tolist() == [0, 0]


def test_there_must_be_a_game():
    with pytest.raises(ValueError, match="There must be 1 game or more, not 0"):
        atari.make_games(0)


def test_without_sticky_actions_a_list_of_actions_gives_one_game():
    def last_screen(seed, sticky):
        env = atari.make_game(sticky=sticky)
        env.reset(seed=seed)
        for step in range(150):
            screen, *_rest = env.step(1 + step // 3 % 4)
        return screen.tobytes()

    assert len({last_screen(seed, 0.0) for seed in range(3)}) == 1
    assert len({last_screen(seed, 0.25) for seed in range(3)}) == 3


def test_the_film_shows_the_game_that_is_measured():
    film, games = atari.FilmedGame(), atari.make_games(3, num_threads=1)
    obs, _info = film.reset(seed=12)
    all_obs, _info = games.reset(seed=10)
    rng, over = np.random.default_rng(0), False
    while not over:
        assert (obs == all_obs[2]).all()
        actions = rng.integers(9, size=3)
        all_obs, rewards, all_over, *_rest = games.step(actions)
        obs, reward, over, truncated, _info = film.step(actions[2])
        assert (reward, over, truncated) == (rewards[2], all_over[2], False)
    picture = film.render()
    assert picture.shape == (420, 320, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 3


def test_ale_py_missing_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "ale_py", None)
    for make in (atari.make_game, lambda: atari.make_games(1)):
        with pytest.raises(ModuleNotFoundError, match="pip install ale-py"):
            make()


@pytest.fixture(scope="module")
def net():
    """Values: the number of the action times the mean brightness of the newest frame."""
    import keras

    frames = keras.Input((4, 84, 84), dtype="uint8")
    means = keras.ops.mean(keras.layers.Rescaling(1.0)(frames), axis=(2, 3))
    net = keras.Model(frames, keras.layers.Dense(3, use_bias=False)(means))
    kernel = np.zeros((4, 3))
    kernel[3] = [0, 1, 2]
    net.set_weights([kernel])
    return net


def test_a_compiled_network_gives_its_values(net):
    values = atari.compile_network(net)
    frames = np.zeros((2, 4, 84, 84), np.uint8)
    frames[1, 3] = 10
    assert values(frames).tolist() == [[0, 0, 0], [0, 10, 20]]
    net.set_weights([2 * net.get_weights()[0]])  # it follows the weights
    assert values(frames).tolist() == [[0, 0, 0], [0, 20, 40]]


@pytest.mark.parametrize(
    ("shape", "dtype"), [((4, 84, 84), np.uint8), ((1, 84, 84, 4), np.uint8), ((1, 4, 84, 84), np.float32)]
)
def test_frames_of_another_shape_are_refused(net, shape, dtype):
    with pytest.raises(ValueError, match="The network takes frames of shape"):
        atari.compile_network(net)(np.zeros(shape, dtype))
