"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import Graded, arrays, dense_shapes, transitions

# --- small_pictures


def pictures(rng) -> dict:
    return {"shown": rng.integers(256, size=(2, 84, 84, 3), dtype=np.uint8)}


SMALL = """
small = [small_pictures(shown), small_pictures(shown[0]), small_pictures(shown, 28)]
result = [small, [str(each.dtype) for each in small]]
for wrong in (shown[:, :80], shown[..., :1]):
    try:
        small_pictures(wrong)
    except ValueError:
        result.append("refused")
"""

# --- features


def convolutions(rng) -> dict:
    """Sizes, no two alike, and weights for two convolutions and a dense layer."""
    height, width, colours, first, second, hidden = (rng.permutation(6) + 2).tolist()
    height, width = height + 4, width + 4
    row = (height - 4) * (width - 4) * second
    shapes = [(3, 3, colours, first), (first,), (3, 3, first, second), (second,)]
    return {
        "shape": [height, width, colours],
        "counts": [first, second],
        "units": hidden,
        "arrays": arrays(rng, [*shapes, (row, hidden), (hidden,)]),
        "seen": rng.normal(size=(4, height, width, colours)).astype("float32"),
    }


FEATURES = """
def built(counts):
    shown = keras.Input(shape)
    return keras.Model(shown, features(shown, counts, units))

net, bare = built(counts), built(counts[:1])
result = [[list(w.shape) for w in each.get_weights()] for each in (net, bare)]
net.set_weights(arrays)
result.append(np.asarray(net(seen)))
"""

# --- target_copy


def weights(rng) -> dict:
    shapes = [(3, 3, 3, 2), (2,), (50, 5), (5,), (5, 4), (4,)]
    return {
        "arrays": arrays(rng, shapes),
        "later": arrays(rng, shapes),
        "seen": rng.integers(256, size=(4, 7, 7, 3), dtype=np.uint8),
    }


COPY = """
net = q_network(plain_head, seed=3, filters=(2,), hidden=5)
net.set_weights(arrays)
twin = target_copy(net)
result = [net.get_weights(), twin.get_weights()]
net.set_weights(later)
result += [twin.get_weights(), np.asarray(twin(seen))]
twin.set_weights(arrays[:-1] + [later[-1] + 1])
result.append(net.get_weights())
"""

# --- dqn_update


def learning(rng) -> dict:
    """Two networks, a batch of 6 transitions, some terminal, and settings."""
    shapes = dense_shapes([3, 5, 4])
    return {
        "arrays": [arrays(rng, shapes), arrays(rng, shapes)],
        "columns": transitions(rng, 3, rng.integers(4, size=6)),
        "discount": rng.uniform(0.3, 0.95),
        "share": float(rng.uniform(0.1, 0.4)),
        "rate": rng.uniform(0.01, 0.1),
    }


UPDATE = """
nets = [labkit.mlp(3, [5], 4) for either in range(2)]
for net, own in zip(nets, arrays):
    net.set_weights(own)
sgd = keras.optimizers.SGD(rate)
sgd.build(nets[0].trainable_variables)
agent = SimpleNamespace(
    q_net=nets[0], target_net=nets[1], optimizer=sgd, gamma=discount, tau=share,
    next_value=lambda online, target: tf.reduce_max(online, axis=1) - 2 * target[:, 1],
)
step = tf.function(lambda batch: dqn_update(agent, batch), autograph=False)
value = step(labkit.Batch(*map(tf.constant, columns)))
result = [value, *(net.get_weights() for net in nets)]
"""

# --- epsilon_of


def schedule(rng) -> dict:
    return {
        "first": int(rng.integers(2, 6)),
        "falling": int(rng.integers(7, 15)),
        "least": rng.uniform(0.05, 0.4),
    }


# --- play_games


def games(rng) -> dict:
    """What three worlds show, in pictures of one number each, and what they pay."""
    steps = int(rng.integers(4, 7))
    ends = np.zeros((steps, 3), bool)
    ends[1, rng.integers(3)] = True
    return {
        "shown": rng.integers(256, size=(steps + 1, 3), dtype=np.uint8),
        "paid": rng.normal(size=(steps, 3)),
        "ended": ends,
        "cut": np.repeat(np.arange(1, steps + 1) == steps, 3).reshape(steps, 3),
        "chance": rng.uniform(0.1, 0.9),
    }


PLAY = """
pictures = np.ones((84, 84, 3), np.uint8) * shown[:, :, None, None, None]
worlds = labkit.ScriptedVectorEnv(pictures, paid, ended, cut)
buffer = labkit.RecordingBuffer((3, 3, 3), obs_dtype=np.uint8)

def act(small, epsilon):
    return (small[:, 0, 0, 0].astype(int) + int(100 * epsilon)) % 4

agent = SimpleNamespace(worlds=worlds, buffer=buffer, pixels=28, act=act)
result = [play_games(agent, chance), worlds.time, worlds.actions]
for obs, action, reward, next_obs, terminated in buffer.extended:
    seen = [[list(each.shape), each[:, 0, 0, 0]] for each in (obs, next_obs)]
    result.append([*seen, action, reward, terminated])
"""

# --- dueling_values, double_value


def heads(rng) -> dict:
    return {
        "value": rng.normal(0, 5, size=(6, 1)).astype("float32"),
        "advantage": rng.normal(0, 5, size=(6, 4)).astype("float32"),
    }


DUELING = """
parts = keras.Input((1,)), keras.Input((4,))
net = keras.Model(parts, dueling_values(*parts))
result = [dueling_values(tf.constant(value), tf.constant(advantage)), net([value, advantage])]
"""


def opinions(rng) -> dict:
    first, second = rng.normal(0, 5, size=(2, 6, 4)).astype("float32")
    return {"first": first, "second": second}


DOUBLE = """
result = tf.function(double_value, autograph=False)(tf.constant(first), tf.constant(second))
"""

# --- overestimation, change


def played(rng) -> dict:
    return {
        "paid": rng.normal(size=(8, 3)),
        "believed": rng.normal(0, 3, size=(8, 3, 4)),
        "discount": rng.uniform(0.3, 0.95),
        "first": int(rng.integers(3, 7)),
    }


BELIEF = "result = [overestimation(paid, believed, discount, n) for n in (first, 8)]"


def two_pictures(rng) -> dict:
    first, second = rng.integers(256, size=(2, 5, 6, 3), dtype=np.uint8)
    first[0, :2, 0], second[0, :2, 0] = [0, 255], [255, 0]
    return {"first": first, "second": second}


CHANGE = """
got = change(first, second)
result = [got, str(got.dtype), first, second]
"""

EXERCISES = [
    Graded("small-pictures", pictures, SMALL, draws=2),
    Graded("features", convolutions, FEATURES, rtol=1e-4, atol=1e-3, draws=3),
    Graded("target-copy", weights, COPY, rtol=1e-4, atol=1e-4, draws=2),
    Graded("update", learning, UPDATE, atol=1e-4, draws=3),
    Graded(
        "epsilon-of",
        schedule,
        "result = [epsilon_of(step, first, falling, least) for step in range(30)]",
    ),
    Graded("play-games", games, PLAY, draws=3),
    Graded("dueling-values", heads, DUELING, atol=1e-4, draws=3),
    Graded("double-value", opinions, DOUBLE, draws=3),
    Graded("overestimation", played, BELIEF),
    Graded("change", two_pictures, CHANGE),
]
