"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import Graded, arrays, dense, dense_shapes, likely, returns


def policy(units: int) -> list:
    """Shapes of the weights of a policy with one hidden layer."""
    return dense_shapes([4, units, 2])


def states(rng, count: int) -> np.ndarray:
    return rng.normal(size=(count, 4)).astype("float32")


# --- policy_network


def network(rng) -> dict:
    units = int(rng.integers(3, 12))
    return {"units": units, "arrays": arrays(rng, policy(units)), "seen": states(rng, 8)}


NETWORK = """
net = policy_network(units)
result = [[list(w.shape) for w in net.get_weights()]]
net.set_weights(arrays)
result.append(np.asarray(net(seen)))
"""

# --- choose_action


def choice(rng) -> dict:
    """Logits are a state times a matrix; `sure` makes one action all but certain."""
    matrix = np.zeros((4, 3), "float32")
    matrix[:3] = np.eye(3)
    best = rng.integers(3, size=7)
    return {
        "matrix": matrix,
        "seen": np.append(rng.normal(0, 1, size=3), 0.0),
        "sure": np.pad(60 * np.eye(3)[best], ((0, 0), (0, 1))),
        "best": best,
    }


CHOOSE = """
def known(obs):
    assert np.ndim(obs) == 2
    return tf.cast(obs, tf.float32) @ matrix

batch = choose_action(known, np.tile(seen, (6000, 1)))
rows, single = choose_action(known, sure), [choose_action(known, row) for row in sure]
kinds = [isinstance(each, np.ndarray | np.generic) for each in (batch, rows, *single)]
result = [batch, rows, [np.shape(each) for each in single], [int(each) for each in single], kinds]
"""


def drawn(result, reference, inputs) -> bool:
    """Each action as often as softmax says, each row its own, one number for one state."""
    batch, rows, shapes, single, kinds = result
    if not isinstance(batch, np.ndarray) or batch.shape != (6000,) or batch.dtype.kind != "i":
        return False
    if batch.min() < 0 or batch.max() > 2 or not all(kinds):
        return False
    odds = np.exp(inputs["seen"][:3])
    best = inputs["best"].tolist()
    return (
        likely(np.bincount(batch, minlength=3), odds / odds.sum())
        and rows.tolist() == single == best
        and shapes == [()] * len(best)
    )


# --- policy_loss, policy_update


def weighted_steps(rng) -> dict:
    """A policy, 6 steps with both actions among them, and what each is worth."""
    return {
        "units": 5,
        "arrays": arrays(rng, policy(5)),
        "seen": states(rng, 6),
        "taken": rng.permutation([0, 1, 1, 0, 1, 0]),
        "worth": rng.normal(0, 20, size=6).astype("float32"),
        "short": rng.uniform(0.1, 0.5),
        "rate": rng.uniform(0.01, 0.1),
    }


LOSS = """
net = policy_network(units)
net.set_weights(arrays)
with tf.GradientTape() as tape:
    value = policy_loss(net, seen, taken, worth)
result = [value, tape.gradient(value, net.trainable_variables)]
"""

TRAIN_STEP = """
def stepped(max_norm):
    net, sgd = policy_network(units), keras.optimizers.SGD(rate)
    net.set_weights(arrays)
    loss, norm = policy_update(net, sgd, Steps(seen, taken, worth), worth, max_norm)
    return [float(loss), float(norm), net.get_weights()]

result = [stepped(short), stepped(1e6)]
"""

# --- discounted_returns, normalised


def rewards(rng) -> dict:
    return {
        "paid": rng.normal(0, 3, size=rng.integers(4, 9)).tolist(),
        "whole": rng.integers(1, 5, size=6),
        "once": rng.normal(),
        "discount": rng.uniform(0.3, 0.95),
    }


RETURNS = """
lists = paid, whole, [once]
result = [discounted_returns(each, discount) for each in lists]
"""


def samples(rng) -> dict:
    return {
        "sample": rng.normal(20, 5, size=rng.integers(3, 12)),
        "whole": rng.permutation(9)[:6],
        "equal": [np.full(4, rng.normal()), np.array([7.0]), np.full(7, 0.1), np.array([5, 5])],
    }


NORMALISED = """
with np.errstate(all="ignore"):
    result = [normalised(sample), normalised(whole), [np.asarray(normalised(e)) for e in equal]]
"""


def standard(result, reference, inputs) -> bool:
    """Mean 0 and standard deviation 1, and next to 0 where all are equal."""
    for got, want in zip(result[:2], reference[:2], strict=True):
        if np.shape(got) != want.shape or not np.allclose(got, want, rtol=1e-5, atol=1e-6):
            return False
    pairs = zip(result[2], inputs["equal"], strict=True)
    return all(got.shape == each.shape and np.abs(got).max() < 1e-3 for got, each in pairs)


# --- Memory, union


def episodes(rng) -> dict:
    """Three episodes of different lengths."""
    lengths = (rng.permutation(4)[:3] + 1).tolist()
    return {
        "seen": [states(rng, n) for n in lengths],
        "taken": [rng.integers(2, size=n) for n in lengths],
        "paid": [rng.integers(1, 6, size=n).astype(float) for n in lengths],
        "discount": rng.uniform(0.3, 0.95),
    }


UNION = """
memories = [Memory() for episode in paid]
for memory, *columns in zip(memories, seen, taken, paid):
    for row in zip(*columns):
        memory.add(*row)
held = [[len(m), np.array(m.obs), np.array(m.action), np.array(m.reward)] for m in memories]
steps = union(memories, discount)
result = [held, steps.obs, steps.action, steps.returns]
"""

# --- play_episodes


def side_by_side(rng) -> dict:
    """Four episodes of different lengths, the last two cut off by a time limit."""
    lengths, cut = rng.permutation([1, 2, 3, 4]), rng.permutation([False, False, True, True])
    over = np.arange(1, 20)[:, None] % (lengths + 1) == lengths  # the step after the end resets
    return {
        "shown": rng.normal(size=(20, 4, 4)),
        "paid": rng.normal(size=(19, 4)),
        "ended": over & ~cut,
        "cut": over & cut,
    }


PLAY = """
envs = labkit.ScriptedVectorEnv(shown, paid, ended, cut)
memories = play_episodes(envs, lambda obs: (1000 * np.abs(obs[:, 0])).astype(int))
columns = [[np.array(m.obs), np.array(m.action), np.array(m.reward)] for m in memories]
result = [columns, envs.actions]
"""

# --- fit_baseline


def regression(rng) -> dict:
    return {
        "seen": rng.normal(size=(200, 4)),
        "followed": rng.normal(30, 10, size=200),
        "others": rng.normal(size=(7, 4)),
    }


# --- on_one_page: an agent, trained


def start(rng) -> dict:
    return {"start": int(rng.integers(1000))}


TRAIN = """
made = []

class Seen(Agent):
    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        made.append(self)

Agent = Seen
means = on_one_page(start, 60)
result = [np.asarray(means), made[-1].net.get_weights()]
"""


def learned(result, reference, inputs) -> bool:
    """One mean for each update, and a policy that holds the pole when it is played here."""
    means, weights = result
    if means.shape != (60,) or not np.isfinite(means).all():
        return False
    logits = dense(weights, [4, 32, 2], hidden="tanh")
    played = returns("CartPole-v1", lambda obs: logits(obs).argmax(axis=1), 50, seed=7)
    return played.mean() > 150


EXERCISES = [
    Graded("policy-network", network, NETWORK, atol=1e-4, draws=3),
    Graded("choose-action", choice, CHOOSE, judge=drawn, draws=3),
    Graded("policy-loss", weighted_steps, LOSS, atol=1e-4, rtol=1e-4, draws=3),
    Graded("discounted-returns", rewards, RETURNS),
    Graded("normalised", samples, NORMALISED, judge=standard),
    Graded("union", episodes, UNION),
    Graded("play-episodes", side_by_side, PLAY),
    Graded("train-step", weighted_steps, TRAIN_STEP, atol=1e-4, rtol=1e-4, draws=3),
    Graded(
        "fit-baseline",
        regression,
        "result = fit_baseline(seen, followed)(others)",
        rtol=1e-4,
        atol=1e-4,
        draws=3,
    ),
    Graded("on-one-page", start, TRAIN, judge=learned, draws=1, seconds=60.0),
]
