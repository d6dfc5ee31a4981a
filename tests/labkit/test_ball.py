import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from numpy.testing import assert_allclose, assert_array_equal

from labkit.envs.ball import draw_trajectory


def play(env, policy, seed=0):
    """Observations, rewards and the end of one game."""
    obs, _info = env.reset(seed=seed)
    observations, rewards, terminated, truncated = [obs], [], False, False
    while not (terminated or truncated):
        obs, reward, terminated, truncated, _info = env.step(policy(obs))
        observations.append(obs)
        rewards.append(reward)
    return np.array(observations), rewards, terminated, truncated


def center(obs):
    """The best policy: a = -x, and the environment clips it."""
    return -10 * obs


@pytest.mark.filterwarnings("ignore:.*symmetric and normalized space")  # the bounds are Pendulum's
@pytest.mark.filterwarnings("error::UserWarning:gymnasium")
@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_it_keeps_gymnasiums_contract(dimensions):
    check_env(gym.make("labkit/Ball-v0", dimensions=dimensions, render_mode="rgb_array").unwrapped)


def test_one_step_without_noise_by_hand():
    env = gym.make("labkit/Ball-v0", dimensions=2, sigma=0)
    obs, _info = env.reset(options={"position": [3.0, -9.0]})
    assert_allclose(obs, [0.3, -0.9], rtol=1e-6)
    obs, reward, terminated, truncated, _info = env.step(np.array([0.5, -1.0], np.float32))
    assert_allclose(obs, [0.35, -1.0], rtol=1e-6)  # on the edge is inside
    assert (reward, terminated, truncated) == (1.0, False, False)
    obs, reward, terminated, truncated, _info = env.step(np.array([0.0, -0.5], np.float32))
    assert_allclose(obs, [0.35, -1.05], rtol=1e-6)
    assert (reward, terminated, truncated) == (-10.0, True, False)


def test_an_action_beyond_the_bounds_is_clipped():
    env = gym.make("labkit/Ball-v0", sigma=0).unwrapped
    env.reset()
    env.step([7.0, -np.inf])
    assert_array_equal(env.position, [2.0, -2.0])


@pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 2)])
def test_an_action_of_another_shape_says_which_is_needed(shape):
    env = gym.make("labkit/Ball-v0").unwrapped
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"the ball needs \(2,\): one number for each dimension"):
        env.step(np.zeros(shape))


def test_nan_is_refused_and_moves_nothing():
    env = gym.make("labkit/Ball-v0").unwrapped
    env.reset(seed=0)
    with pytest.raises(ValueError, match="NaN"):
        env.step(np.array([0.0, np.nan]))
    assert_array_equal(env.position, [0, 0])


def test_a_game_that_is_won_pays_550_and_is_truncated():
    observations, rewards, terminated, truncated = play(gym.make("labkit/Ball-v0", sigma=0.5), center)
    assert len(observations) == 501 and sum(rewards) == 550
    assert rewards[:499] == [1] * 499 and rewards[-1] == 51
    assert (terminated, truncated) == (False, True)


def test_a_game_that_is_lost_at_the_last_step_is_not_won():
    env = gym.make("labkit/Ball-v0", dimensions=1, sigma=0)
    env.reset(options={"position": [9.5]})
    for _ in range(499):
        env.step([0.0])
    assert env.step([2.0])[1:4] == (-10, True, True)


def test_the_noise_has_the_spread_it_is_said_to_have():
    env = gym.make("labkit/Ball-v0", dimensions=1000, sigma=0.5).unwrapped
    env.reset(seed=0)
    env.step(np.ones(1000))
    assert abs(env.position.mean() - 1) < 0.06  # 4 standard errors: 4 * 0.5 / sqrt(1000)
    assert abs(env.position.std() - 0.5) < 0.05


def test_same_seed_same_game():
    env = gym.make("labkit/Ball-v0", sigma=2)
    games = [play(env, center, seed)[0] for seed in (3, 3, 4)]
    assert_array_equal(games[0], games[1])
    assert not np.array_equal(games[0][:9], games[2][:9])


def test_an_observation_is_cut_off_far_outside():
    env = gym.make("labkit/Ball-v0", dimensions=1, sigma=1000)
    env.reset(seed=0)
    obs, *_rest = env.step([0.0])
    assert abs(obs[0]) == 2 and obs in env.observation_space


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"dimensions": 0}, "1 dimension or more, not 0"),
        ({"sigma": -1}, "0 or a positive number, not -1"),
        ({"sigma": float("nan")}, "not nan"),
    ],
)
def test_a_ball_that_cannot_be_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        gym.make("labkit/Ball-v0", **arguments)


@pytest.mark.parametrize("position", [[0.0], [0.0, 11.0], [np.nan, 0.0]])
def test_a_start_outside_the_box_is_refused(position):
    with pytest.raises(ValueError, match="give it 2 numbers from -10 to 10"):
        gym.make("labkit/Ball-v0").reset(options={"position": position})


# What the best policy holds: seeds and games other than those that the constants were found with.
@pytest.mark.parametrize(("sigma", "low", "high"), [(1, 1.0, 1.0), (2, 0.85, 0.92), (2.5, 0.10, 0.16), (3, 0.0, 0.0)])
def test_what_the_best_policy_holds(sigma, low, high):
    envs = gym.make_vec("labkit/Ball-v0", num_envs=1000, sigma=sigma, vectorization_mode="vector_entry_point")
    obs, _info = envs.reset(seed=1)
    held = np.ones(1000, dtype=bool)
    for _ in range(500):
        obs, _reward, terminated, truncated, _info = envs.step(center(obs))
        held &= ~terminated
    assert truncated[held].all()
    assert low <= held.mean() <= high


def test_many_balls_play_the_game_of_one():
    one = gym.make("labkit/Ball-v0", sigma=3).unwrapped
    many = gym.make_vec("labkit/Ball-v0", num_envs=1, sigma=3, vectorization_mode="vector_entry_point")
    observations, rewards, terminated, truncated = play(one, center, seed=5)
    obs, _info = many.reset(seed=5)
    for step, reward in enumerate(rewards):
        assert_array_equal(obs[0], observations[step])
        obs, got, ended, late, _info = many.step(center(obs))
        assert got[0] == reward
    assert (ended[0], late[0]) == (terminated, truncated) == (True, False)
    obs, got, ended, late, _info = many.step(center(obs))  # the step that starts again
    assert_array_equal(obs[0], [0, 0])
    assert (got[0], ended[0], late[0]) == (0, False, False)


def test_many_balls_are_won_after_500_steps_again_and_again():
    envs = gym.make_vec("labkit/Ball-v0", num_envs=2, sigma=0, vectorization_mode="vector_entry_point")
    obs, _info = envs.reset(seed=0)
    won = []
    for step in range(1, 1003):
        obs, reward, _terminated, truncated, _info = envs.step(center(obs))
        if truncated.all():
            won.append((step, reward.tolist()))
    assert won == [(500, [51, 51]), (1001, [51, 51])]


def test_many_balls_refuse_the_actions_of_one():
    envs = gym.make_vec("labkit/Ball-v0", num_envs=3, vectorization_mode="vector_entry_point")
    envs.reset(seed=0)
    with pytest.raises(ValueError, match=r"the ball needs \(3, 2\)"):
        envs.step(np.zeros(2))
    with pytest.raises(ValueError, match="1 ball or more, not 0"):
        gym.make_vec("labkit/Ball-v0", num_envs=0, vectorization_mode="vector_entry_point")


@pytest.mark.parametrize(("dimensions", "shape"), [(1, (96, 480, 3)), (2, (320, 320, 3)), (3, (320, 320, 3))])
def test_frames_show_the_ball_where_it_is(dimensions, shape):
    env = gym.make("labkit/Ball-v0", dimensions=dimensions, sigma=0, render_mode="rgb_array")
    env.reset(options={"position": [6.0] * dimensions})
    picture = env.render()
    assert picture.shape == shape and picture.dtype == np.uint8
    rows, columns = np.nonzero((picture == [31, 119, 180]).all(axis=2))
    scale = shape[1] / 2 / 12  # pixels a unit
    assert abs(columns.mean() - shape[1] / 2 - 6 * scale) < 1
    assert abs(shape[0] / 2 - rows.mean() - 6 * scale * (dimensions > 1)) < 1


def test_a_frame_shows_a_lost_ball_in_red_even_beyond_its_edge():
    env = gym.make("labkit/Ball-v0", sigma=1000, render_mode="rgb_array")
    env.reset(seed=0)
    assert not (env.render() == [214, 39, 40]).all(axis=2).any()
    env.step([0.0, 0.0])
    assert (env.render() == [214, 39, 40]).all(axis=2).any()


def test_without_a_render_mode_there_is_no_frame():
    env = gym.make("labkit/Ball-v0").unwrapped
    env.reset()
    assert env.render() is None


def test_a_trajectory_is_drawn_in_time_or_in_the_plane():
    line = draw_trajectory([[0.0], [1.0], [-2.0]]).axes[0]
    assert_array_equal(line.lines[0].get_xydata(), [[0, 0], [1, 1], [2, -2]])
    plane = draw_trajectory([[0.0, 0.0], [1.0, 2.0], [11.0, 3.0]]).axes[0]
    assert_array_equal(plane.lines[0].get_xydata(), [[0, 0], [1, 2], [11, 3]])
    assert (line.lines[-1].get_color(), plane.lines[-1].get_color()) == ("C0", "C3")
    for wrong in (np.zeros((5, 3)), np.zeros(5), np.zeros((0, 2))):
        with pytest.raises(ValueError, match="cannot be drawn"):
            draw_trajectory(wrong)
