"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import Graded, likely

HERS = np.array([210, 164, 74], np.uint8)  # Ms. Pac-Man's colour

# --- preprocess


def screen(rng) -> dict:
    """A screen of random colours; some pixels are hers, some only in part."""
    frame = rng.integers(256, size=(210, 160, 3), dtype=np.uint8)
    frame[rng.random((210, 160)) < 0.1] = HERS
    in_part = (rng.random((210, 160, 1)) < 0.3) & (rng.random((210, 160, 3)) < 0.6)
    return {"shown": np.where(in_part, HERS, frame)}


PREPROCESS = """
got = preprocess(shown)
result = [got, str(got.dtype), shown]
"""


def halved(result, reference, inputs) -> bool:
    """The reference's picture, but for what is rounded up or down."""
    got, kind, left = result
    if kind != "int8" or np.shape(got) != (88, 80, 1):
        return False
    hers = (inputs["shown"][:176:2, ::2] == HERS).all(axis=-1)
    apart = np.abs(got.astype(int) - reference[0].astype(int))
    return apart.max() <= 1 and (got[hers] == 127).all() and np.array_equal(left, inputs["shown"])


# --- buffer_gigabytes


def sizes(rng) -> dict:
    return {
        "count": int(rng.integers(100_000, 500_000)),
        "shape": rng.integers(30, 90, size=3).tolist(),
        "kind": str(rng.permutation(["int8", "int16", "float32", "float64"])[0]),
        "each": int(rng.integers(2, 9)),
    }


# --- skip_frames


def flicker(rng) -> dict:
    return {
        "frames": rng.integers(256, size=(6, 4, 5), dtype=np.uint8),
        "paid": rng.integers(1, 50, size=6).astype(float),
        "held": int(rng.integers(1, 9)),
    }


SKIP = """
result = []
for count, ending, skip in [
    (6, "terminated", 4), (3, "terminated", 4), (2, "truncated", 4), (1, "terminated", 4),
    (6, "truncated", 3), (4, "truncated", 4), (6, "terminated", 1),
]:
    env = labkit.ScriptedEnv([None, *frames[:count]], paid[:count], ending)
    result.append([skip_frames(env, held, skip), env.actions])
"""

# --- push


def stacks(rng) -> dict:
    return {
        "before": rng.integers(1, 256, size=(4, 3, 5), dtype=np.uint8),
        "newest": rng.integers(1, 256, size=(3, 5), dtype=np.uint8),
    }


PUSH = """
got = push(before, newest, False)
result = [got, str(got.dtype), before.copy(), push(before, newest, True), before, newest]
"""

# --- taken_actions, epsilon_greedy


def joysticks(rng) -> dict:
    last = rng.integers(9, size=4000)
    return {
        "last_taken": last,
        "wanted": (last + rng.integers(1, 9, size=4000)) % 9,
        "chance": rng.uniform(0.2, 0.6),
        "start": int(rng.integers(2**31)),
    }


STICK = """
def taken(p, seed=start):
    return taken_actions(np.random.default_rng(seed), last_taken, wanted, p)

result = [taken(chance), taken(chance), taken(chance, start + 1), taken(0.0), taken(1.0), last_taken, wanted]
"""


def stuck(result, reference, inputs) -> bool:
    """The last action as often as p says, each game on its own, and from `rng`."""
    first, again, other, never, always, *left = result
    last, new, p = inputs["last_taken"], inputs["wanted"], inputs["chance"]
    if np.shape(first) != (4000,) or not ((first == last) | (first == new)).all():
        return False
    if first.dtype.kind not in "iu":
        return False
    sticks = first == last
    pairs = np.bincount(2 * sticks[::2] + sticks[1::2], minlength=4)
    return (
        likely(pairs, [(1 - p) ** 2, p * (1 - p), p * (1 - p), p * p])
        and np.array_equal(first, again)
        and not np.array_equal(first, other)
        and np.array_equal(never, new)
        and np.array_equal(always, last)
        and all(np.array_equal(*pair) for pair in zip(left, (last, new), strict=True))
    )


def choice(rng) -> dict:
    return {
        "table": rng.normal(size=(6000, 5)).astype("float32"),
        "narrow": rng.normal(size=(6000, 3)).astype("float32"),
        "chance": rng.uniform(0.3, 0.7),
        "start": int(rng.integers(2**31)),
    }


CHOOSE = """
def chosen(epsilon, q=table, seed=start):
    return epsilon_greedy(lambda obs: q[obs], np.arange(6000), epsilon, np.random.default_rng(seed))

result = [chosen(0.0), chosen(chance), chosen(1.0), chosen(chance), chosen(chance, seed=start + 1), chosen(1.0, narrow)]
"""


def explored(result, reference, inputs) -> bool:
    """The best action with epsilon 0; else each as often as it should be, from `rng`."""
    best = inputs["table"].argmax(axis=1)
    for actions, epsilon in zip(result[:3], (0.0, inputs["chance"], 1.0), strict=True):
        if np.shape(actions) != (6000,) or actions.dtype.kind not in "iu":
            return False
        if actions.min() < 0 or actions.max() > 4:
            return False
        ranks = np.bincount((actions - best) % 5, minlength=5)
        if not likely(ranks, (1 - epsilon) * np.eye(5)[0] + epsilon / 5):
            return False
    again, other, narrow = result[3:]
    return (
        likely(np.bincount(result[2], minlength=5), np.full(5, 0.2))
        and np.array_equal(result[1], again)
        and not np.array_equal(result[1], other)
        and narrow.max() == 2
    )


# --- play_games


def games(rng) -> dict:
    """Games of different lengths, some cut off by a time limit."""
    over = np.arange(1, 8)[:, None] % rng.permutation([2, 3, 5, 7]) == 0
    cut = rng.permutation([False, False, True, True])
    return {
        "shown": rng.integers(100, size=(8, 4, 1)),
        "paid": rng.integers(-50, 51, size=(7, 4)),
        "ended": over & ~cut,
        "cut": over & cut,
        "start": int(rng.integers(1000)),
    }


PLAY = """
known = labkit.ScriptedVectorEnv(shown, paid, ended, cut)
result = [play_games(known, lambda obs: obs[:, 0] % 9, start), known.seeds, known.actions]
"""

# --- n_step_sum, double_targets


def steps(rng) -> dict:
    """Three steps in six games; a life ends in each of the steps, twice, or never."""
    ended = np.zeros((3, 6), bool)
    ended[[0, 1, 2, 0, 1, 0, 2], [0, 1, 2, 3, 3, 4, 4]] = True
    return {
        "paid": rng.normal(0, 3, size=(3, 6)),
        "ended": ended[:, rng.permutation(6)],
        "discount": rng.uniform(0.3, 0.95),
    }


SUM = """
result = [n_step_sum(paid, ended, discount), n_step_sum(paid[:1], ended[:1], discount), paid, ended]
"""


def targets(rng) -> dict:
    online, target = rng.normal(0, 5, size=(2, 6, 4)).astype("float32")
    return {
        "sums": rng.normal(0, 3, size=6).astype("float32"),
        "ended": rng.permutation([True, True, False, False, False, False]),
        "online": online,
        "target": target,
        "factor": float(rng.uniform(0.3, 0.95)),
    }


TARGETS = """
compiled = tf.function(lambda *case: double_targets(*case, factor), autograph=False)
result = compiled(*map(tf.constant, (sums, ended, online, target)))
"""

EXERCISES = [
    Graded("preprocess", screen, PREPROCESS, judge=halved, draws=2),
    Graded(
        "buffer-gigabytes",
        sizes,
        "result = buffer_gigabytes(count, np.zeros(shape, kind), each)",
        atol=0.0,
    ),
    Graded("skip-frames", flicker, SKIP),
    Graded("push", stacks, PUSH),
    Graded("taken-actions", joysticks, STICK, judge=stuck, draws=2),
    Graded("choose-actions", choice, CHOOSE, judge=explored, draws=2),
    Graded("play-games", games, PLAY),
    Graded("n-step-sum", steps, SUM),
    Graded("double-targets", targets, TARGETS, atol=1e-4, draws=3),
]
