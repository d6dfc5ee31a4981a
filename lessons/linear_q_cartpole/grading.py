"""How the exercises of this lesson are marked: inputs, probes and judges."""

from collections.abc import Callable

import numpy as np

import labkit
from coursekit.grading import Graded, explores, likely, numbers, same_notes

SCALE = np.array([1.0, 1.0, 0.1, 1.0])
ROWS, COLUMNS = np.triu_indices(5)


def states(rng, size: int = 6) -> dict:
    """One state, a batch of them, and an action for each, both actions among them."""
    actions = rng.permutation([0, 1, *rng.integers(2, size=size - 2).tolist()])
    return {
        "state": rng.normal(0, 2, size=4),
        "batch_states": rng.normal(0, 2, size=(size, 4)),
        "batch_actions": actions,
        "square_states": rng.normal(0, 2, size=(4, 4)),
        "square_actions": rng.permutation([0, 1, 1, 0]),
    }


FEATURES_OF = """
result = [
    {features}(state, 0),
    {features}(state, 1),
    {features}(batch_states, batch_actions),
    {features}(square_states, square_actions),
]
"""

# --- q_values, td_targets, q_update

OTHER_FEATURES = """
def other(obs, action):
    action = np.asarray(action)[..., None]
    return np.concatenate([obs * (1 + action), np.sin(obs), 0 * obs[..., :1] + action**2], axis=-1)
"""


def values(rng) -> dict:
    return {
        "weights": rng.normal(size=9),
        "state": rng.normal(0, 2, size=4),
        "batch_states": rng.normal(0, 2, size=(5, 4)),
        "order": rng.permutation(4).tolist(),
    }


VALUES = """
result = [
    q_values(weights, state, order, other),
    q_values(weights, batch_states, order, other),
]
"""


def targets(rng) -> dict:
    return {
        "paid": rng.normal(0, 3, size=6),
        "values": rng.normal(0, 5, size=(6, 3)),
        "ended": rng.permutation([True, True, False, False, False, rng.random() < 0.5]),
        "discount": rng.uniform(0.3, 0.95),
    }


def experience(rng) -> dict:
    """Weights of 9 features, and a batch of 6 transitions."""
    return {
        "weights": rng.normal(size=9),
        "columns": [
            rng.normal(0, 2, size=(6, 4)),
            rng.permutation([0, 1, 1, 0, 1, 0]),
            rng.normal(0, 3, size=6),
            rng.normal(0, 2, size=(6, 4)),
            rng.permutation([True, False, False, True, False, False]),
        ],
        "discount": rng.uniform(0.3, 0.95),
        "rate": rng.uniform(0.01, 0.3),
    }


STEP = """
batch = labkit.Batch(*columns)
result = [q_update(weights, batch, other, discount, rate), weights]
"""

# --- epsilon_greedy


def choice(rng) -> dict:
    return {
        "q": rng.permutation([-1.0, 0.0, 0.5, 2.0]) + rng.normal(0, 0.1, size=4),
        "share": rng.uniform(0.2, 0.8),
        "seed": int(rng.integers(2**31)),
    }


CHOOSE = """
def chosen(epsilon):
    rng = np.random.default_rng(seed)
    return [epsilon_greedy(q, epsilon, rng) for draw in range(3000)]

result = [chosen(0.0), chosen(share), chosen(1.0), chosen(share)]
"""


def explored(result, reference, inputs) -> bool:
    """The best action with epsilon 0; else each as often as it should be, from `rng`."""
    return result[1] == result[3] and all(
        explores(actions, inputs["q"], epsilon, 3000)
        for actions, epsilon in zip(result[:3], (0.0, inputs["share"], 1.0), strict=True)
    )


# --- ReplayMemory


def transitions(rng) -> dict:
    count = int(rng.integers(14, 20))
    return {
        "capacity": int(rng.integers(8, 13)),
        "stored": [
            rng.normal(size=(count, 4)),
            rng.integers(2, size=count),
            rng.permutation(count) + rng.random(),  # no two alike: they tell the rows apart
            rng.normal(size=(count, 4)),
            rng.random(count) < 0.3,
        ],
        "seed": int(rng.integers(2**31)),
    }


REMEMBER = """
memory = ReplayMemory(capacity, seed)
for obs, action, reward, next_obs, terminated in zip(*stored):
    memory.add(obs, int(action), float(reward), next_obs, bool(terminated))
result = [memory.sample(2000), memory.sample(2000), len(memory)]
"""


def remembered(result, reference, inputs) -> bool:
    """Whole transitions, of the last ones, equally often, in no order and anew each time."""
    first, second, length = result
    stored, capacity = inputs["stored"], inputs["capacity"]
    if length != capacity or not isinstance(first, tuple) or len(first) != 5:
        return False
    if not all(isinstance(column, np.ndarray) and len(column) == 2000 for column in first):
        return False
    order = np.argsort(stored[2])
    rows = order[np.searchsorted(stored[2][order], first[2]).clip(0, len(order) - 1)]
    for column, source in zip(first, stored, strict=True):
        if column.shape != (2000, *source.shape[1:]) or not np.array_equal(column, source[rows]):
            return False
    counts = np.bincount(rows, minlength=len(order))[-capacity:]
    if counts.sum() != 2000 or not likely(counts, np.full(capacity, 1 / capacity)):
        return False
    in_order = len(set(np.diff(rows[:50]).tolist())) <= 3
    return not in_order and not np.array_equal(first[2], second[2])


# --- q_episode


def script(rng) -> dict:
    """What a scripted world shows, and an agent's weights and settings."""
    return {
        "shown": rng.normal(0, 1, size=(7, 4)),
        "rewards": rng.uniform(0.5, 3.0, size=6).tolist(),
        "weights": rng.normal(size=9),
        "discount": rng.uniform(0.5, 0.95),
        "rate": rng.uniform(0.001, 0.02),
        "size": int(rng.integers(3, 9)),
    }


EPISODE = """
def played(end, epsilon, seed):
    agent = SimpleNamespace(
        theta=weights.copy(), features=other, gamma=discount, learning_rate=rate, batch_size=size,
        epsilon=epsilon, rng=np.random.default_rng(seed),
        env=labkit.ScriptedEnv(shown, rewards, end), buffer=labkit.RecordingBuffer((4,)),
    )
    total = q_episode(agent)
    sizes = [draw.size for draw in agent.buffer.draws]
    return [agent.env.actions, agent.buffer.added, sizes, agent.theta, total]

result = [
    played("terminated", 0.0, 0),
    played("truncated", 0.0, 1),
    [played("truncated", 1.0, seed)[0] for seed in range(20)],
]
"""


def learned(result, reference, inputs) -> bool:
    """Greedy and exact with epsilon 0; actions of all kinds with epsilon 1."""
    for got, want in zip(result[:2], reference[:2], strict=True):
        if got[0] != want[0] or got[2] != want[2] or not same_notes(got[1], want[1]):
            return False
        if got[3].shape != want[3].shape or not np.allclose(got[3], want[3], rtol=1e-6):
            return False
        if not np.isclose(got[4], want[4]):
            return False
    actions = [numbers(actions, below=2) for actions in result[2]]
    return all(a is not None and len(a) == 6 for a in actions) and len({*map(tuple, result[2])}) > 4


# --- state_features, per_action_features, mirror_features

STATE_FEATURES = "result = [state_features(state), state_features(batch_states)]"
PER_ACTION = """
result = [
    [state_features(state), per_action_features(state, 1)],
    [state_features(batch_states), per_action_features(batch_states, batch_actions)],
]
"""


def halves(result, reference, inputs) -> bool:
    """The student's own state features in the action's half, zeros in the other."""
    for (x, pair), actions in zip(result, (1, inputs["batch_actions"]), strict=True):
        actions = np.asarray(actions)[..., None]
        if not np.any(x, axis=-1).all() or np.shape(x)[:-1] != np.shape(actions)[:-1]:
            return False
        want = np.concatenate([x * (actions == 0), x * (actions == 1)], axis=-1)
        if np.shape(pair) != want.shape or not np.allclose(pair, want):
            return False
    return True


# --- on_one_page


def training(rng) -> dict:
    return {"seeds": rng.integers(1000, size=4).tolist()}


TRAIN = """
result = [[on_one_page(seed, episodes) for episodes in (10, 35, 55)] for seed in seeds]
"""


def values_of(theta) -> Callable[[np.ndarray], np.ndarray]:
    """The values of both actions by the lesson's per-action features, for many observations at once."""

    def values(obs) -> np.ndarray:
        z = np.concatenate([np.ones((len(obs), 1)), obs / SCALE], axis=-1)
        x = z[:, ROWS] * z[:, COLUMNS]
        return np.stack([x @ theta[:15], x @ theta[15:]], axis=-1)

    return values


def kept(result, reference, inputs) -> bool:
    """The weights that come back score what they are said to, and more training never less."""
    for runs, wants in zip(result, reference, strict=True):
        means = []
        for theta, mean in runs:
            if np.shape(theta) != (30,) or not np.isfinite(theta).all():
                return False
            # The seeds are those of the lesson's own test.
            played = labkit.greedy_returns("CartPole-v1", values_of(theta), episodes=20, seed=20_000)
            if abs(played.mean() - mean) > 1.0:
                return False
            means.append(mean)
        if means != sorted(means):
            return False
        # The first test is early enough for all processors to agree on the weights.
        if not np.allclose(runs[0][0], wants[0][0], rtol=1e-3, atol=1e-3):
            return False
    return True


EXERCISES = [
    Graded("phi", states, FEATURES_OF.format(features="phi")),
    Graded("q-values", values, OTHER_FEATURES + VALUES),
    Graded("td-targets", targets, "result = td_targets(paid, values, ended, discount)"),
    Graded("td-update", experience, OTHER_FEATURES + STEP),
    Graded("epsilon-greedy", choice, CHOOSE, judge=explored, draws=3),
    Graded("replay-memory", transitions, REMEMBER, judge=remembered, draws=3),
    Graded("learn-one-episode", script, OTHER_FEATURES + EPISODE, judge=learned),
    Graded("per-action-features", states, STATE_FEATURES, points_share=0.5),
    Graded("per-action-features", states, PER_ACTION, points_share=0.5, judge=halves),
    Graded("mirror-features", states, FEATURES_OF.format(features="mirror_features")),
    Graded("on-one-page", training, TRAIN, judge=kept, draws=1, seconds=60.0),
]
