import gymnasium as gym
import numpy as np
import pytest

from labkit import Evaluation, ScriptedEnv, belief_and_truth, evaluate, greedy_returns, run_episode, use


class Countdown(gym.Env):
    """Pays 1, 2, 3, ...; terminates after 3 steps, or is truncated after 2 where the seed is odd."""

    observation_space = gym.spaces.Discrete(10)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t, self.odd = 0, (seed or 0) % 2 == 1
        return 0, {}

    def step(self, action):
        self.t += 1
        return self.t, self.t, self.t == 3, self.odd and self.t == 2, {}


def test_the_return_of_an_episode_that_terminates_or_is_truncated():
    assert run_episode(Countdown(), lambda obs: 0, seed=0) == 1 + 2 + 3
    assert run_episode(Countdown(), lambda obs: 0, seed=1) == 1 + 2


def test_the_policy_sees_the_observations():
    seen = []
    run_episode(Countdown(), lambda obs: seen.append(obs) or 0, seed=0)
    assert seen == [0, 1, 2]


def test_episode_i_has_seed_plus_i():
    result = evaluate(Countdown(), lambda obs: 0, episodes=4, seed=0)
    np.testing.assert_array_equal(result.returns, [6.0, 3.0, 6.0, 3.0])
    assert result.returns.dtype == np.float64


def test_statistics_by_hand():
    result = Evaluation(np.array([1.0, 2.0, 3.0, 6.0]))
    assert (result.mean, result.median) == (3.0, 2.5)
    assert result.std == pytest.approx((14 / 3) ** 0.5)  # (4 + 1 + 0 + 9) / (4 - 1)


def test_the_interval_of_a_large_sample_is_the_normal_one():
    returns = np.random.default_rng(0).normal(size=2000)
    low, high = Evaluation(returns).interval
    half = 1.96 * returns.std() / 2000**0.5
    assert low == pytest.approx(returns.mean() - half, abs=0.004)
    assert high == pytest.approx(returns.mean() + half, abs=0.004)


def test_the_interval_stays_in_the_range_and_is_the_same_each_time():
    returns = np.array([500.0] * 99 + [100.0])
    low, high = Evaluation(returns).interval
    assert 484 <= low < 496 < high == 500.0
    assert Evaluation(returns).interval == (low, high)


def test_equal_returns_have_an_interval_of_no_width():
    assert Evaluation(np.full(10, 200.0)).interval == (200.0, 200.0)


def test_one_episode_has_no_spread():
    result = Evaluation(np.array([7.0]))
    assert np.isnan([result.std, *result.interval]).all()
    assert str(result) == "return 7.0 in one episode"


def test_a_policy_that_draws_from_the_action_space_repeats_itself():
    env = gym.make("CartPole-v1")
    first, again = (evaluate(env, lambda obs: env.action_space.sample(), episodes=5) for _ in range(2))
    np.testing.assert_array_equal(first.returns, again.returns)
    assert len(set(first.returns)) > 1


def test_it_reads_as_a_sentence_in_each_language():
    result = Evaluation(np.full(20, 486.25))
    assert str(result) == "mean 486.2 (95 % interval 486.2 to 486.2) over 20 episodes"
    use("fr")
    assert str(result) == "moyenne 486.2 (intervalle à 95\u202f% de 486.2 à 486.2) sur 20 épisodes"
    use("ro")
    assert str(result).endswith("pe 20 de episoade")


def test_no_episode_is_refused():
    with pytest.raises(ValueError, match=r"^Cannot evaluate over 0 episodes: ask for 1 or more.$"):
        evaluate(Countdown(), lambda obs: 0, episodes=0)


class Seeded(gym.spaces.Discrete):
    """An action space that notes the seeds it is given."""

    seeds: list

    def seed(self, seed=None):
        if seed is not None:
            self.seeds.append(seed)
        return super().seed(seed)


def test_actions_are_drawn_from_a_seed_that_no_episode_has():
    env, seeds = Countdown(), []
    env.action_space = Seeded(2)
    env.action_space.seeds = []
    env.reset = lambda *, seed=None, options=None: seeds.append(seed) or Countdown.reset(env, seed=seed)
    evaluate(env, lambda obs: env.action_space.sample(), episodes=4, seed=7)
    assert seeds == [7, 8, 9, 10]
    assert env.action_space.seeds == [11]


def leaning(weights):
    """Values of two actions: minus and plus a weighted sum of the observation."""
    return lambda obs: np.stack([-obs @ weights, obs @ weights], axis=-1)


def test_greedy_episodes_side_by_side_are_those_played_one_by_one():
    values = leaning(np.array([0.1, 0.5, 4.0, 1.0]))
    envs = gym.make_vec("CartPole-v1", num_envs=3)
    starts, _info = envs.reset(seed=5)
    alone = []
    for start in starts:
        env = gym.make("CartPole-v1").unwrapped
        env.reset()
        env.state = start
        obs, total, terminated = start, 0.0, False
        while not terminated and total < 500:
            obs, reward, terminated, _truncated, _info = env.step(int(values(obs).argmax()))
            total += reward
        alone.append(total)
    assert greedy_returns("CartPole-v1", values, episodes=3, seed=5).tolist() == alone


def test_a_greedy_episode_counts_up_to_its_own_end_alone():
    got = greedy_returns("CartPole-v1", leaning(np.zeros(4)), episodes=20, seed=0)  # always to the left
    assert got.shape == (20,)
    assert 8 <= got.min() < got.max() <= 11
    np.testing.assert_array_equal(got, greedy_returns("CartPole-v1", leaning(np.zeros(4)), episodes=20, seed=0))


@pytest.mark.parametrize(
    ("end", "truth"),
    [
        ("terminated", [4.0, 4.0, 8.0]),  # 8; 0 + 8/2; 2 + 4/2
        ("truncated", [6.5, 9.0, 18.0]),  # 8 + 20/2; 0 + 18/2; 2 + 9/2
    ],
)
def test_belief_and_truth_by_hand(end, truth):
    env = ScriptedEnv([0.0, 1.0, 2.0, 20.0], [2.0, 0.0, 8.0], end)
    belief, collected = belief_and_truth(env, lambda obs: np.array([obs - 1, obs]), gamma=0.5, seed=3)
    assert belief.tolist() == [0.0, 1.0, 2.0]
    assert collected.tolist() == truth
    assert env.actions == [1, 1, 1]
    assert env.seeds == [3]
