from itertools import product

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from numpy.testing import assert_array_equal

from labkit.envs.grid_world import DOWN, LEFT, RIGHT, UP

MAP = [
    "A.G..",
    ".....",
    ".F.G.",
    "...F.",
    "G...G",
]
WHITE, BLACK, BLUE, GREEN, RED = [255] * 3, [0] * 3, [0, 0, 255], [0, 255, 0], [255, 0, 0]
COLORS = {".": BLACK, "A": BLUE, "G": GREEN, "F": RED}


def make(**arguments):
    return gym.make("labkit/GridWorld-v0", **arguments)


def make_many(num_envs, **arguments):
    return gym.make_vec("labkit/GridWorld-v0", num_envs=num_envs, vectorization_mode="vector_entry_point", **arguments)


def on_map(rows, actions, seed=0):
    """Rewards of a list of actions, and the world after them."""
    env = make()
    env.reset(seed=seed, options={"map": rows})
    return [env.step(action)[1] for action in actions], env.unwrapped.map


def find(rows, letter):
    """Row and column of each such letter."""
    return {(y, x) for y, x in product(range(5), range(5)) if rows[y][x] == letter}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("partial", [False, True])
def test_it_keeps_gymnasiums_contract(partial):
    check_env(make(partial=partial, render_mode="rgb_array").unwrapped)


def test_a_game_begins_with_everything_in_a_cell_of_its_own():
    env = make()
    for seed in range(20):
        env.reset(seed=seed)
        letters = "".join(env.unwrapped.map)
        assert sorted(letters) == sorted("AGGGGFF" + "." * 18)


def test_everything_begins_anywhere_with_equal_chances():
    env, counts = make(), np.zeros((2, 25))
    env.reset(seed=0)
    for _ in range(5000):
        env.reset()
        letters = "".join(env.unwrapped.map)
        counts[0, letters.index("A")] += 1
        counts[1, [cell for cell in range(25) if letters[cell] == "F"]] += 1
    # Five standard deviations of a binomial count with p = 1/25 and p = 2/25.
    assert abs(counts[0] - 200).max() < 5 * np.sqrt(200 * 0.96)
    assert abs(counts[1] - 400).max() < 5 * np.sqrt(400 * 0.92)


def test_the_agent_goes_where_the_action_says_and_walls_hold_it():
    steps = [(RIGHT, (0, 1)), (DOWN, (1, 1)), (LEFT, (1, 0)), (UP, (0, 0)), (UP, (0, 0)), (LEFT, (0, 0))]
    env = make()
    env.reset(options={"map": MAP})
    for action, cell in steps:
        _obs, reward, terminated, truncated, _info = env.step(action)
        assert find(env.unwrapped.map, "A") == {cell}
        assert (reward, terminated, truncated) == (0, False, False)
    corner = ["G.G..", ".....", ".F.G.", "...F.", "G...A"]
    assert on_map(corner, [DOWN, RIGHT, DOWN]) == ([0, 0, 0], corner)


def test_what_is_touched_pays_and_appears_elsewhere():
    for seed in range(10):
        rewards, after = on_map(MAP, [RIGHT, RIGHT], seed)
        assert rewards == [0, 1] and find(after, "A") == {(0, 2)}
        assert len(find(after, "G")) == 4 and find(after, "G") > find(MAP, "G") - {(0, 2)}
        rewards, after = on_map(MAP, [DOWN, DOWN, RIGHT], seed)
        assert rewards == [0, 0, -1] and find(after, "A") == {(2, 1)}
        assert len(find(after, "F")) == 2 and (3, 3) in find(after, "F")


def test_it_appears_in_every_free_cell_equally_often():
    counts = np.zeros((5, 5))
    kept = find(MAP, "G") - {(0, 2)}
    env = make()
    env.reset(seed=0)
    for _ in range(3800):
        env.reset(options={"map": MAP})
        env.step(RIGHT)
        env.step(RIGHT)
        ((y, x),) = find(env.unwrapped.map, "G") - kept
        counts[y, x] += 1
    free = find(MAP, ".") | {(0, 0)}  # the agent has left its corner; where it stands now, nothing appears
    assert {(int(y), int(x)) for y, x in np.argwhere(counts)} == free
    assert len(free) == 19
    assert abs(counts[counts > 0] - 200).max() < 5 * np.sqrt(200 * 18 / 19)


def test_the_full_view_has_one_colour_a_cell_and_a_wall_around():
    obs, _info = make().reset(options={"map": MAP})
    assert obs.shape == (84, 84, 3) and obs.dtype == np.uint8
    small = obs[::12, ::12]
    assert_array_equal(small.repeat(12, axis=0).repeat(12, axis=1), obs)  # nothing is lost
    walled = ["W" * 7, *(f"W{row}W" for row in MAP), "W" * 7]
    assert_array_equal(small, [[(COLORS | {"W": WHITE})[letter] for letter in row] for row in walled])


def test_the_partial_view_is_what_surrounds_the_agent():
    env = make(partial=True)
    obs, _info = env.reset(options={"map": MAP})
    small = obs[::28, ::28]
    assert_array_equal(small.repeat(28, axis=0).repeat(28, axis=1), obs)
    assert_array_equal(small, [[WHITE] * 3, [WHITE, BLUE, BLACK], [WHITE, BLACK, BLACK]])
    env.step(RIGHT)
    obs, *_rest = env.step(DOWN)
    small = obs[::28, ::28]
    assert_array_equal(small, [[BLACK, BLACK, GREEN], [BLACK, BLUE, BLACK], [BLACK, RED, BLACK]])


def test_same_seed_same_game():
    def game(seed):
        env = make()
        first, _info = env.reset(seed=seed)
        actions = np.random.default_rng(9).integers(4, size=50)
        return np.array([first, *(env.step(int(action))[0] for action in actions)])

    assert_array_equal(game(3), game(3))
    assert not np.array_equal(game(3), game(4))


def test_a_game_is_truncated_after_50_steps():
    env = make()
    env.reset(seed=0)
    ends = [env.step(step % 4)[2:4] for step in range(50)]
    assert ends == [(False, False)] * 49 + [(False, True)]


@pytest.mark.parametrize("action", [4, -1, 1.0, "up", None, [1]])
def test_an_action_that_is_none_says_which_there_are(action):
    env = make().unwrapped
    env.reset(seed=0)
    before = env.map
    with pytest.raises(ValueError, match=r"There is no action .*: choose 0 \(up\), 1 \(down\), 2 \(left\)"):
        env.step(action)
    assert env.map == before


@pytest.mark.parametrize(
    "rows",
    [
        [],
        MAP[:4],
        [*MAP[:4], "G...GG"],
        [*MAP[:4], "G...."],
        [*MAP[:4], "G..XG"],
        ["".join(MAP)],
    ],
)
def test_a_map_of_another_world_says_what_a_map_is(rows):
    with pytest.raises(ValueError, match='5 strings of 5 letters, with 1 "A"'):
        make().reset(options={"map": rows})


@pytest.mark.parametrize("partial", [False, True])
def test_a_frame_shows_the_world_and_darkens_what_is_not_seen(partial):
    env = make(partial=partial, render_mode="rgb_array")
    env.reset(options={"map": MAP})
    picture = env.render()
    assert picture.shape == (336, 336, 3) and picture.dtype == np.uint8
    for y, x in product(range(5), range(5)):
        cell = picture[48 * (y + 1) : 48 * (y + 2), 48 * (x + 1) : 48 * (x + 2)]
        wanted = {"A": (31, 119, 180), "G": (44, 160, 44), "F": (214, 39, 40), ".": (245, 245, 245)}[MAP[y][x]]
        shade = 0.6 if partial and (y > 1 or x > 1) else 1.0
        assert_array_equal(cell[28, 24], (shade * np.array(wanted)).astype(np.uint8))


def test_without_a_render_mode_there_is_no_frame():
    env = make().unwrapped
    env.reset(seed=0)
    assert env.render() is None


@pytest.mark.parametrize("partial", [False, True])
def test_many_worlds_play_the_game_of_one(partial):
    one, many = make(partial=partial), make_many(1, partial=partial)
    (obs, _info), (all_obs, _infos) = one.reset(seed=7), many.reset(seed=7)
    assert_array_equal(all_obs, [obs])
    for action in np.random.default_rng(1).integers(4, size=50):
        obs, *rest, _info = one.step(int(action))
        all_obs, *all_rest, _info = many.step(np.array([action]))
        assert_array_equal(all_obs, [obs])
        assert [column.tolist() for column in all_rest] == [[value] for value in rest]
    assert rest[-1]


def test_many_worlds_start_again_at_the_step_after_the_last():
    many = make_many(16)
    first, _info = many.reset(seed=0)
    assert first.shape == (16, 84, 84, 3) and first in many.observation_space
    assert len({obs.tobytes() for obs in first}) == 16  # each begins in its own way
    ends = []
    for _ in range(102):
        _obs, reward, terminated, truncated, _info = many.step(many.action_space.sample())
        assert reward.dtype == np.float64 and not terminated.any()
        ends.append(truncated.tolist())
    assert [step for step, end in enumerate(ends, start=1) if all(end)] == [50, 101]
    assert sum(map(any, ends)) == 2
    assert_array_equal(reward, np.zeros(16))  # step 102 began the third game


def test_rewards_of_many_worlds_are_those_of_what_they_touch():
    many = make_many(8)
    before, _info = many.reset(seed=0)
    met = set()
    for _ in range(49):
        actions = many.action_space.sample()
        after, reward, *_rest = many.step(actions)
        for old, new, paid in zip(before[:, ::12, ::12], after[:, ::12, ::12], reward, strict=True):
            y, x = np.argwhere((new == BLUE).all(axis=2))[0]
            assert paid == {tuple(GREEN): 1, tuple(RED): -1}.get(tuple(old[y, x].tolist()), 0)
            met.add(float(paid))
        before = after
    assert met == {-1, 0, 1}


def test_a_game_of_another_length():
    many = make_many(2, max_episode_steps=3)
    many.reset(seed=0)
    assert [many.step([0, 0])[3].all() for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("actions", [[0], [[0, 1, 2]], [0, 1, 4], [0, -1, 2], [0.0, 1.0, 2.0], 1])
def test_many_worlds_say_which_actions_they_need(actions):
    many = make_many(3)
    many.reset(seed=0)
    with pytest.raises(ValueError, match="must be 3 whole numbers"):
        many.step(actions)


def test_no_world_at_all_is_refused():
    with pytest.raises(ValueError, match="1 world or more, not 0"):
        make_many(0)
