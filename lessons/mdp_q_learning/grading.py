"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import Graded, likely, numbers

# What the lesson's own world allows: the given code around some answers relies on it.
ALLOWED = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 0]], dtype=bool)


def some_allowed(rng, states: int, actions: int, least: int = 1) -> np.ndarray:
    """Booleans, shape (states, actions), with at least `least` true in each row."""
    mask = rng.random((states, actions)) < 0.5
    for row in mask:
        row[rng.permutation(actions)[:least]] = True
    return mask


def decision_problem(rng) -> dict:
    """A decision problem of 4 states and 3 actions, and a table of its values."""
    mask = some_allowed(rng, 4, 3)
    p = rng.dirichlet(np.ones(4), size=(4, 3)) * mask[..., None]
    return {
        "p": p,
        "r": rng.uniform(0.5, 5.0, size=(4, 3, 4)) * rng.choice([-1, 1]),
        "mask": mask,
        "table": np.where(mask, rng.normal(0, 5, size=(4, 3)), -np.inf),
        "discount": rng.uniform(0.3, 0.9),
    }


# --- random_action


def choice(rng) -> dict:
    mask = some_allowed(rng, 5, 4, least=2)
    return {"mask": mask, "row": int(rng.integers(5)), "seed": int(rng.integers(2**31))}


CHOOSE = """
def drawn():
    rng = np.random.default_rng(seed)
    return [random_action(row, mask, rng) for draw in range(1000)]

result = [drawn(), drawn()]
"""


def drawn_evenly(result, reference, inputs) -> bool:
    """Whole numbers, only allowed ones, all of them equally often, and from `rng`."""
    actions = numbers(result[0], below=4)
    if actions is None or result[0] != result[1]:
        return False
    right = inputs["mask"][inputs["row"]]
    return likely(np.bincount(actions, minlength=4), right / right.sum())


# --- value_iteration


def patience(rng) -> dict:
    """As `decision_problem`, with a discount near 1 and a tolerance that stops early.

    The last state is never left and pays nothing: its values do not change at all.
    """
    problem = decision_problem(rng)
    problem["p"][3] = np.eye(4)[3] * problem["mask"][3][:, None]
    problem["r"][3] = 0.0
    return problem | {"discount": rng.uniform(0.95, 0.99), "coarse": rng.uniform(0.5, 1.0)}


ITERATE = """
result = [
    value_iteration(p, r, mask, discount),
    value_iteration(p, -r, mask, discount),
    value_iteration(p, r, mask, discount, tolerance=coarse),
]
"""


def iterated(result, reference, inputs) -> bool:
    """Converged for rising and for falling values, and stopped in time when told to."""
    mask = inputs["mask"]
    if not isinstance(result, list) or {np.shape(table) for table in result} != {(4, 3)}:
        return False
    for got, want in zip(result[:2], reference[:2], strict=True):
        if not np.allclose(got, want, rtol=1e-5, atol=1e-5):
            return False
    tables, change = [np.where(mask, 0.0, -np.inf)], np.inf
    while change >= inputs["coarse"]:
        best = tables[-1].max(axis=1)
        new = (inputs["p"] * (inputs["r"] + inputs["discount"] * best)).sum(axis=2)
        tables.append(np.where(mask, new, -np.inf))
        change = np.abs(tables[-1][mask] - tables[-2][mask]).max()
    return any(np.allclose(result[2], table) for table in tables[-2:])


# --- q_update, sarsa_update


def transition(rng) -> dict:
    """A transition in a world of 4 states and 3 actions."""
    mask = some_allowed(rng, 4, 3)
    s, s2 = rng.integers(4, size=2)
    a, a2 = (int(rng.choice(np.flatnonzero(mask[state]))) for state in (s, s2))
    return {
        "values": np.where(mask, rng.normal(0, 5, size=(4, 3)), -np.inf),
        "fields": [int(s), a, rng.normal(0, 3), int(s2)],
        "then": a2,
        "step_size": rng.uniform(0.05, 0.6),
        "discount": rng.uniform(0.3, 0.95),
    }


UPDATE = """
def updated(ended):
    table = values.copy()
    t = Transition(*fields, terminated=ended, next_action=then)
    error = {update}(table, t, step_size, discount)
    return [error, table]

result = [updated(False), updated(True)]
"""


# --- q_episode


def episode(rng) -> dict:
    """What a scripted world shows: states and rewards; and a table to begin with."""
    return {
        "states": [0, *rng.integers(3, size=6).tolist()],
        "rewards": rng.normal(0, 4, size=6).tolist(),
        "values": np.where(ALLOWED, rng.normal(0, 3, size=(3, 3)), -np.inf),
        "step_size": rng.uniform(0.1, 0.5),
        "discount": rng.uniform(0.3, 0.95),
    }


PLAY = """
def played(end, epsilon, seed):
    env, table = labkit.ScriptedEnv(states, rewards, end), values.copy()
    total = q_episode(env, table, step_size, discount, epsilon, np.random.default_rng(seed))
    return [env.actions, table, total]

result = [
    played("terminated", 0.0, 0),
    played("truncated", 0.0, 1),
    [played("truncated", 1.0, seed)[0] for seed in range(30)],
]
"""


def learned(result, reference, inputs) -> bool:
    """Greedy and exact with epsilon 0; all kinds of allowed actions with epsilon 1."""
    *greedy, random = result
    for (actions, table, total), (want_actions, want_table, want_total) in zip(greedy, reference[:2], strict=True):
        if actions != want_actions or table.shape != (3, 3):
            return False
        if not np.allclose(table, want_table) or not np.isclose(total, want_total):
            return False
    for actions in random:
        pairs = zip(inputs["states"][:-1], actions, strict=True)
        if not all(ALLOWED[state, action] for state, action in pairs):
            return False
    choices = {len(np.flatnonzero(ALLOWED[state])) for state in inputs["states"][:-1]}
    return len({tuple(actions) for actions in random}) > (1 if choices == {1} else 3)


# --- mended_step


def one_step(rng) -> dict:
    return {
        "before": int(rng.integers(3)),
        "chosen": int(rng.integers(3)),
        "paid": rng.normal(0, 5),
        "after": int(rng.integers(3)),
    }


STEP = """
result = []
for end in ("neither", "truncated", "terminated", "both"):
    env = labkit.ScriptedEnv([before, after], [paid], end)
    t, over = mended_step(env, before, chosen)
    fields = [int(t.state), int(t.action), float(t.reward), int(t.next_state)]
    result.append([fields, bool(t.terminated), bool(over), env.actions])
"""

EXERCISES = [
    Graded("random-action", choice, CHOOSE, judge=drawn_evenly),
    Graded(
        "hand-policies",
        lambda rng: {},
        "result = np.asarray(safest_policy())",
        points_share=0.5,
        draws=1,
    ),
    Graded(
        "hand-policies",
        lambda rng: {},
        "result = np.asarray(riskiest_policy())",
        points_share=0.5,
        draws=1,
    ),
    Graded(
        "bellman-backup",
        decision_problem,
        "result = [bellman_backup(table, p, r, mask, discount), table]",
    ),
    Graded("value-iteration", patience, ITERATE, judge=iterated, draws=3),
    Graded("q-update", transition, UPDATE.format(update="q_update")),
    Graded("q-episode", episode, PLAY, judge=learned),
    Graded("sarsa-update", transition, UPDATE.format(update="sarsa_update")),
    Graded("mended-step", one_step, STEP),
]
