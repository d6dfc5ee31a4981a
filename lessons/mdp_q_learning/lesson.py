# ---
# title: Markov decision processes and Q-learning
# line: plan when you know the rules, learn when you do not
# minutes: 75
# ---

# %% title [markdown]
# # Markov decision processes, planning and Q-learning
#
# At the end of this lesson you will be able to
#
# - read a decision problem as states, actions, probabilities and rewards;
# - compute the best policy when those tables are known (value iteration);
# - learn the same policy when they are not, from experience alone (Q-learning);
# - say what the step size $\alpha$ and the discount factor $\gamma$ change, and show
#   it;
# - tell *terminated* from *truncated*, and Q-learning from SARSA.
#
# **Time:** about 75 minutes. **Builds on:** lesson {lesson:environments} (`reset`, `step`, episodes,
# returns) and a little probability (the expected value).

# %% picture [markdown]
# ![Graph of a Markov decision process with three states s0, s1 and s2; arrows show the
# actions with the probabilities of where they lead and the rewards that they
# pay](../../images/mdp.png)
#
# This is the whole world of today's agent. The large circles are its three states, the
# dots are actions, and each arrow that leaves a dot carries a probability and, where
# there is one, a reward in bold. It is so small that we can compute everything about
# it, and then see how close learning comes.
#
# - In **s0** a step may pay 10.
# - In **s1** the agent stands before a fire. It may wait there for nothing, or cross
#   the fire at a cost of 50.
# - In **s2**, behind the fire, the way back to s0 usually pays 40.
#
# Would you cross the fire? Make a guess now; you will compute the answer below.

# %% imports
from typing import NamedTuple

import gymnasium as gym
import labkit
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# %% mdp [markdown]
# ## 1. A Markov decision process
#
# A **Markov decision process** (MDP) consists of
#
# - states $s \in \mathcal S$ and, in each state, the actions $a \in \mathcal A(s)$ that
#   are allowed there;
# - transition probabilities $p(s' \mid s, a)$: where action $a$ leads from state $s$;
# - rewards $r(s, a, s')$: what that step pays.
#
# *Markov* means that the present state tells all that matters: given $s$ and $a$, the
# earlier history changes neither the probabilities nor the rewards.
#
# The environment holds the probabilities and the rewards as arrays of shape
# $(S, A, S)$, indexed by state, action and next state, and the allowed actions as
# booleans of shape $(S, A)$. An agent does not normally see these tables. We look at
# them first.

# %% make-env
env = gym.make("labkit/ThreeStateMDP-v0")
P = env.unwrapped.P  # probabilities, shape (S, A, S)
R = env.unwrapped.R  # rewards, shape (S, A, S)
allowed = env.unwrapped.allowed  # bool, shape (S, A)
runs = labkit.Runs()  # rewards and tables by name, for the cells that follow

STATES = ["s0", "s1", "s2"]
ACTIONS = ["a0", "a1", "a2"]
pairs = pd.MultiIndex.from_tuples(
    [(STATES[state], ACTIONS[action]) for state, action in np.argwhere(allowed)],
    names=[_("state"), _("action")],
)

# %% transition-table tags=["nbval-ignore-output"]
# Probabilities: from the state and action of the row to the state of the column.
pd.DataFrame(P[allowed], index=pairs, columns=STATES)

# %% reward-table tags=["nbval-ignore-output"]
# Rewards of the same transitions.
pd.DataFrame(R[allowed], index=pairs, columns=STATES)

# %% tables-read [markdown]
# Each row of the first table sums to 1. Only six of the nine pairs of a state and an
# action are allowed; `allowed` says which, and the environment repeats the row of the
# present state in `info["action_mask"]`. `step` refuses any other action.
#
# Find three facts in the tables before you go on: the only way to lose anything, the
# only state in which there is no choice, and the chance that `a0` in s0 pays.
#
# <details><summary>Answers</summary>
#
# `a2` in s1 costs 50; in s2 only `a1` is allowed; `a0` in s0 pays with probability 0.7.
#
# </details>

# %% policy-theory [markdown]
# ## 2. Policies and what they earn
#
# A **policy** $\pi$ says what to do in each state. The simplest one needs no thought:
# draw one of the allowed actions, each with the same probability. It is our
# **baseline**: an agent that has learned something does better.

# %% random-hint [markdown]
# <details><summary>Hint</summary>
#
# `np.flatnonzero(mask)` gives the positions at which a boolean array is true, and
# `rng.choice(array)` draws one element of an array.
#
# </details>

# %% random-action tags=["exercise"] points=1
def random_action(
    state: int, allowed: np.ndarray, rng: np.random.Generator
) -> int:
    """Draw one of the actions allowed in `state`, all equally likely.

    Args:
        state: number of the state.
        allowed: bool, shape (S, A): which actions each state allows.
        rng: source of the random numbers.

    Returns:
        The number of the action.
    """
    # TODO: draw from the actions that the row of `state` allows.
    ### BEGIN SOLUTION
    return rng.choice(np.flatnonzero(allowed[state]))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% random-action-check tags=["check"]
rng = np.random.default_rng(0)
draws = [[random_action(s, allowed, rng) for i in range(600)] for s in range(3)]
labkit.check(
    draws[0][0] is not None,
    _("random_action(...) gives None: is a `return` missing?"),
)
labkit.check(
    np.ndim(draws[0][0]) == 0,
    _("random_action(...) must return one number, not an array or a list."),
)
labkit.check(
    not isinstance(draws[0][0], bool | np.bool_),
    _("True or False is drawn, not an action's number: see np.flatnonzero (hint)."),
)
labkit.check(
    set(draws[1]) != {0, 1},
    _(
        "In s1 the actions drawn are 0 and 1, but a0 and a2 are allowed: you draw a "
        "position in the list of allowed actions, not the action that stands there."
    ),
)
for s in range(3):
    labkit.check(
        all(0 <= action < 3 and allowed[s, action] for action in draws[s]),
        _(f"In s{s} an action is drawn that is not allowed there: use allowed[state]."),
    )
    counts = np.bincount(draws[s], minlength=3)[allowed[s]]
    labkit.check(
        counts.min() > 0,
        _(f"In s{s} an allowed action is never drawn."),
    )
    labkit.check(
        counts.max() < 1.4 * counts.min(),
        _(f"In s{s} the allowed actions are not equally likely."),
    )
again = np.random.default_rng(0)
labkit.check(
    draws[0] == [random_action(0, allowed, again) for i in range(600)],
    _("The same seed gives other actions: draw from `rng`, not from np.random."),
)
labkit.passed()

# %% play-theory [markdown]
# To judge a policy we let it play. `play` keeps every reward, so that we can add them
# up in more than one way. Nothing in this world ends an episode, so the environment cuts
# each one after 100 steps.

# %% play
def play(env, policy, episodes: int = 1000, seed: int = 10_000) -> np.ndarray:
    """Play whole episodes of 100 steps.

    Args:
        env: the environment, with its time limit of 100 steps.
        policy: a function from a state to an action.
        episodes: how many.
        seed: of the first episode; the others follow.

    Returns:
        The rewards, shape (episodes, 100).
    """
    rewards = np.zeros((episodes, 100))
    for episode in range(episodes):
        state, info = env.reset(seed=seed + episode)
        for t in range(100):
            state, reward, terminated, truncated, info = env.step(policy(state))
            rewards[episode, t] = reward
    return rewards


def summary(rewards: np.ndarray) -> dict[str, float]:
    """Mean, standard deviation, minimum and maximum of the undiscounted returns."""
    returns = rewards.sum(axis=1)  # one number an episode
    return {
        _("mean"): returns.mean(),
        _("std"): returns.std(),
        _("min"): returns.min(),
        _("max"): returns.max(),
    }

# %% baseline tags=["nbval-ignore-output"]
rng = np.random.default_rng(1)
runs["random"] = play(env, lambda state: random_action(state, allowed, rng))
pd.DataFrame([summary(runs["random"])], index=[_("random")]).round(1)

# %% baseline-read [markdown]
# Expect a mean return of about −25, a standard deviation of about 90, and single
# episodes anywhere between −400 and +250. Random play loses on average: it crosses the
# fire again and again, and in s0 it chooses `a0`, the only action that pays, just one
# time in three.
#
# The figures describe 1,000 episodes. The standard error of such a mean is
# $90/\sqrt{1000} \approx 2.8$, so two runs with other seeds differ by a few points.

# %% hand-theory [markdown]
# ### Two policies by hand
#
# A policy that always does the same thing in a state can be written as an array with
# one action for each state. Write two:
#
# - the **safest** among those that try to earn the 10 in s0: it takes `a0` there, and
#   never pays 50;
# - the **riskiest**: it also takes `a0` in s0, but crosses the fire whenever it stands
#   before it.

# %% hand-hint [markdown]
# <details><summary>Hint</summary>
#
# In s2 there is no choice. The two policies differ in a single number.
#
# </details>

# %% hand-policies tags=["exercise"] points=1
def safest_policy() -> np.ndarray:
    """Return the action for each of s0, s1, s2, shape (3,): never cross the fire."""
    # TODO: three numbers in an array.
    ### BEGIN SOLUTION
    return np.array([0, 0, 1])
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION


def riskiest_policy() -> np.ndarray:
    """Return the action for each of s0, s1, s2, shape (3,): always cross the fire."""
    # TODO: three numbers in an array.
    ### BEGIN SOLUTION
    return np.array([0, 2, 1])
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% hand-policies-check tags=["check"]
safest, riskiest = safest_policy(), riskiest_policy()
for name, policy in [("safest_policy()", safest), ("riskiest_policy()", riskiest)]:
    labkit.check(
        policy is not None, _(f"{name} gives None: is a `return` missing?")
    )
    policy = np.asarray(policy)
    labkit.check(
        policy.shape == (3,) and policy.dtype.kind == "i",
        _(f"{name} must be an array of 3 whole numbers: one action for each state."),
    )
    for s, action in enumerate(policy):
        labkit.check(
            0 <= action < 3 and allowed[s, action],
            _(f"{name} takes action {action} in s{s}, where it is not allowed."),
        )
    labkit.check(
        policy[0] == 0,
        _(f"{name} takes action {policy[0]} in s0: only a0 can earn the 10 there."),
    )
labkit.check(
    safest[1] != 2,
    _("safest_policy() crosses the fire: a2 in s1 pays -50."),
)
labkit.check(
    riskiest[1] == 2,
    _("riskiest_policy() never crosses the fire: look at the actions of s1."),
)
labkit.passed()

# %% hand-play tags=["nbval-ignore-output"]
def follow(table: np.ndarray):
    """Return the function from a state to an action that reads `table`, shape (S,)."""
    return lambda state: int(table[state])


names = {
    "random": _("random"),
    "safest": _("safest"),
    "riskiest": _("riskiest"),
}
runs["safest"] = play(env, follow(safest_policy()))
runs["riskiest"] = play(env, follow(riskiest_policy()))
pd.DataFrame(
    [summary(runs[name]) for name in names], index=list(names.values())
).round(1)

# %% hand-read [markdown]
# The safest policy earns 23 or 24 on average and never loses. It collects 10 for each
# step that it stays in s0, a little over two of them on average, then falls into s1 and
# waits there until the time limit, for nothing.
#
# The riskiest policy earns about 120 on average, five times as much. The price is the
# spread: a standard deviation of about 135, and a worst episode that loses several
# hundred.
#
# So the fire is worth crossing, *if* what counts is the plain sum over 100 steps. The
# next section is about that "if".
#
# (One policy is safer still: `a1` in s0, for ever. Its return is 0 in every episode.)

# %% discount-theory [markdown]
# ### The discounted return
#
# The theory of MDPs rarely uses the plain sum. A reward that comes $k$ steps later
# counts $\gamma^k$ times as much, with a **discount factor** $0 \le \gamma < 1$:
#
# $$ G_t = R_{t+1} + \gamma R_{t+2} + \gamma^2 R_{t+3} + \dots
#        = \sum_{k=0}^{\infty} \gamma^k R_{t+k+1} $$
#
# A smaller $\gamma$ makes the agent less patient. As a rule of thumb it looks about
# $1/(1-\gamma)$ steps ahead: 10 steps for $\gamma = 0.9$, 33 for $\gamma = 0.97$. And
# the sum stays finite although no episode ever ends by itself.

# %% discount-code
def discounted(rewards: np.ndarray, gamma: float) -> np.ndarray:
    """Discounted return of each episode: shape (episodes, T) -> (episodes,)."""
    return rewards @ gamma ** np.arange(rewards.shape[1])

# %% discount-table tags=["nbval-ignore-output"]
pd.DataFrame(
    {
        _("plain sum"): [runs[name].sum(axis=1).mean() for name in names],
        "γ = 0.97": [discounted(runs[name], 0.97).mean() for name in names],
        "γ = 0.9": [discounted(runs[name], 0.9).mean() for name in names],
    },
    index=list(names.values()),
).round(1)

# %% discount-read [markdown]
# These are the same episodes, added up in three ways. With the plain sum and with
# $\gamma = 0.97$ the riskiest policy wins; with $\gamma = 0.9$ the safest one does
# (19.5 against 10.5). Which policy is *best* is not a property of the world alone: it
# depends on $\gamma$, which we choose.
#
# From here on keep the two apart: agents are **trained** on the discounted return, and
# policies are often **compared** by the plain sum of an episode.

# %% bellman-theory [markdown]
# ## 3. Planning: the best policy when the tables are known
#
# The **action value** $q_*(s, a)$ is the expected discounted return when the agent
# takes $a$ in $s$ and plays as well as possible ever after. It obeys the **Bellman
# optimality equation**: the best value is the reward of one step, plus the discounted
# best value of the state where that step leads.
#
# $$ q_*(s,a) = \sum_{s'} p(s' \mid s,a)
#    \Big[ r(s,a,s') + \gamma \max_{a' \in \mathcal A(s')} q_*(s',a') \Big] $$
#
# The unknown $q_*$ stands on both sides. The trick is to read the equation as an
# assignment: put some table $Q$ into the right-hand side, and get a better one on the
# left. One such assignment for all pairs is a **Bellman backup**.
#
# The maximum ranges over *allowed* actions. We give the other ones the value $-\infty$:
# a maximum never picks it.
#
# A table of zeros is the place to start. One backup of it must give the mean reward of
# each pair: $0.7 \cdot 10 = 7$ for `a0` in s0, −50 for `a2` in s1, $0.8 \cdot 40 = 32$
# for `a1` in s2, and 0 for the other three.

# %% empty-table
def empty_table(allowed: np.ndarray) -> np.ndarray:
    """Table of action values, shape (S, A): 0 where allowed, -inf elsewhere."""
    return np.where(allowed, 0.0, -np.inf)


empty_table(allowed)

# %% backup-hint [markdown]
# <details><summary>Hint</summary>
#
# First the best value of each state, `Q.max(axis=1)`, shape `(S,)`. Added to an array
# of shape `(S, A, S)`, NumPy lines it up with the *last* axis, which is the next state:
# just what the equation asks for. Then weight by `P` and sum over that axis.
# `np.where(allowed, values, -np.inf)` puts back the $-\infty$.
#
# </details>

# %% bellman-backup tags=["exercise"] points=2
def bellman_backup(
    Q: np.ndarray, P: np.ndarray, R: np.ndarray, allowed: np.ndarray, gamma: float
) -> np.ndarray:
    """Apply the right-hand side of the Bellman optimality equation once.

    Args:
        Q: action values, shape (S, A), -inf where not allowed.
        P: transition probabilities, shape (S, A, S).
        R: rewards, shape (S, A, S).
        allowed: bool, shape (S, A).
        gamma: discount factor.

    Returns:
        A new table, shape (S, A), -inf where not allowed. `Q` is left as it is.
    """
    # TODO: reward plus discounted best next value, averaged over the next states.
    ### BEGIN SOLUTION
    best = Q.max(axis=1)  # (S,): value of each state
    new_Q = (P * (R + gamma * best)).sum(axis=2)  # (S, A)
    return np.where(allowed, new_Q, -np.inf)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% bellman-backup-check tags=["check"]
def table_of(*values):
    """Table with these six values in the allowed pairs, row by row."""
    table = np.full((3, 3), -np.inf)
    table[allowed] = values
    return table


# Best next values 4, -3 and 6; gamma = 0.5.
Q = table_of(4.0, 2.0, 0.0, -3.0, -5.0, 6.0)
got = bellman_backup(Q.copy(), P, R, allowed, 0.5)
want = table_of(7.95, 2.0, 1.3, -1.5, -47.0, 33.75)
mistakes = [
    (
        np.nan_to_num(want, neginf=0.0),
        _("The pairs that are not allowed have the value 0: they must stay -inf."),
    ),
    (
        table_of(8.9, 4.0, 2.6, -3.0, -44.0, 35.5),
        _("The next value is not discounted: multiply it by gamma."),
    ),
    (
        table_of(7.0, 0.0, 0.0, 0.0, -50.0, 32.0),
        _("Only the rewards are counted: add gamma times the best next value."),
    ),
    (
        table_of(7.1, 1.0, 0.4, -2.0, -47.0, 32.9),
        _("You average over the next actions: take the maximum."),
    ),
    (
        table_of(8.4, 2.0, 1.6, 0.0, -47.0, 33.9),
        _("The maximum picks actions that are not allowed: leave their -inf in Q."),
    ),
    (
        table_of(9.0, 2.0, 2.0, -1.5, -51.5, 35.0),
        _("You use the best value of the state itself: use that of the next state."),
    ),
    (
        table_of(9.3, 2.0, 2.2, 3.0, -50.0, 33.9),
        _("The maximum is over the states: the actions are axis 1 of Q."),
    ),
    (
        table_of(10.5, 3.5, 3.5, 3.5, -46.5, 35.5),
        _("Only the rewards are weighted: weigh the next values, too (brackets)."),
    ),
    (
        table_of(9.0, -1.5, 3.0, 2.0, -47.0, 30.5),
        _("The best values line up with the actions: add them to R before you sum."),
    ),
    (
        table_of(10.0, 3.0, 3.0, 3.0, -47.0, 35.0),
        _("Q.max() is one number: take the maximum of each row, axis=1."),
    ),
    (
        table_of(13.5, 3.5, 3.5, 3.5, -46.5, 43.5),
        _("The next states are not weighted: multiply by P before you sum."),
    ),
]
labkit.check_value("bellman_backup(...)", got, want, mistakes=mistakes)
before = Q.copy()
bellman_backup(Q, P, R, allowed, 0.5)
labkit.check(
    np.array_equal(Q, before),
    _("bellman_backup(...) changes Q: build a new table and return it."),
)
labkit.passed()

# %% vi-theory [markdown]
# ### Value iteration
#
# Apply the backup again and again, and the table stops changing. Whatever the first
# table was, each backup multiplies its distance to $q_*$ by $\gamma$ or less.
#
# <details><summary>Why it converges</summary>
#
# Take two tables $Q$ and $U$ and let $d = \max_{s,a} |Q(s,a) - U(s,a)|$. For each state
# $|\max_a Q(s,a) - \max_a U(s,a)| \le d$: the larger of the two maxima belongs to some
# action, and at that action the tables differ by at most $d$. A backup takes a weighted
# mean of such differences, which is again at most $d$, and multiplies it by $\gamma$.
# So after one backup the tables differ by at most $\gamma d$: the backup is a
# *contraction*.
#
# With $U = q_*$, which the backup leaves unchanged, the error after $k$ backups is at
# most $\gamma^k$ times the first one. As $\gamma < 1$, it goes to 0.
#
# </details>
#
# One backup of the whole table is also called a *sweep*. Stop when no value has changed
# by more than a small tolerance.

# %% vi-hint [markdown]
# <details><summary>Hint</summary>
#
# `-inf - -inf` is NaN, and every comparison with NaN is false. So compare the two
# tables only where `allowed`: `new_Q[allowed]` is the list of the six values that
# count. Remember to carry the new table over to the next sweep.
#
# </details>

# %% value-iteration tags=["exercise"] points=2
def value_iteration(
    P: np.ndarray,
    R: np.ndarray,
    allowed: np.ndarray,
    gamma: float,
    tolerance: float = 1e-9,
) -> np.ndarray:
    """Repeat Bellman backups until no value changes by more than `tolerance`.

    Args:
        P, R, allowed, gamma: as in `bellman_backup`.
        tolerance: largest change, in the unit of the rewards, at which to stop.

    Returns:
        The action values q*, shape (S, A), -inf where not allowed.
    """
    Q = empty_table(allowed)
    for sweep in range(20_000):  # far more than needed: a loop that surely ends
        # TODO: one backup; the largest change of an allowed pair; stop, or go on.
        ### BEGIN SOLUTION
        new_Q = bellman_backup(Q, P, R, allowed, gamma)
        change = np.abs(new_Q[allowed] - Q[allowed]).max()
        Q = new_Q
        if change < tolerance:
            break
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION
    return Q

# %% value-iteration-check tags=["check"]
# For gamma = 0.5 by hand: wait in s1, so q*(s0, a0) = 7 / (1 - 0.35), and so on.
no = -np.inf
x = 7 / (1 - 0.7 * 0.5)
z = (0.8 * (40 + 0.5 * x)) / (1 - 0.1 * 0.5)
want = np.array([[x, 0.5 * x, 0.4 * x], [0, no, -50 + 0.5 * z], [no, z, no]])
got = value_iteration(P, R, allowed, 0.5)
once = bellman_backup(empty_table(allowed), P, R, allowed, 0.5)
twice = bellman_backup(once, P, R, allowed, 0.5)
mistakes = [
    (
        once,
        _(
            "You stop after one backup: compute the change before Q is replaced, and "
            "stop when the largest one is *smaller* than `tolerance`."
        ),
    ),
    (
        twice,
        _("You stop after two backups: take the absolute value of the changes."),
    ),
    (
        empty_table(allowed),
        _(
            "The table is still empty: Q never becomes the result of the backup, or you "
            "stop in the first sweep (the smallest change, or NaN)."
        ),
    ),
]
labkit.check_value("value_iteration(...)", got, want, mistakes=mistakes, rtol=1e-5)
patient = value_iteration(P, R, allowed, 0.99)
labkit.check(
    np.allclose(bellman_backup(patient, P, R, allowed, 0.99), patient, atol=1e-6),
    _("With gamma = 0.99 you stop too early: go on until the change is < tolerance."),
)
coarse = value_iteration(P, R, allowed, 0.5, tolerance=1000.0)
labkit.check(
    not np.allclose(coarse[allowed], want[allowed]),
    _(
        "You never stop early: is `tolerance` used, and is the change a number "
        "(-inf - -inf is NaN)?"
    ),
)
worse = value_iteration(P, R - 50.0, allowed, 0.5)  # each step 50 less: values 100 less
labkit.check(
    np.allclose(worse[allowed], want[allowed] - 100.0, atol=1e-6),
    _("You stop too early when values fall: take the absolute value of the changes."),
)
labkit.passed()

# %% greedy-theory [markdown]
# A table of values gives a policy at once: in each state take an action with the
# largest value. That is the **greedy** policy, and the one that is greedy for $q_*$ is
# optimal.

# %% greedy-code
def greedy_policy(Q: np.ndarray) -> np.ndarray:
    """Best action of each state, shape (S,); the first one of equals."""
    return Q.argmax(axis=1)


def as_table(**tables: np.ndarray) -> pd.DataFrame:
    """Action-value tables side by side, one row for each allowed pair."""
    return pd.DataFrame(
        {name: table[allowed] for name, table in tables.items()}, index=pairs
    ).round(2)

# %% q-star tags=["nbval-ignore-output"]
runs["q*, 0.9"] = value_iteration(P, R, allowed, gamma=0.9)
runs["q*, 0.97"] = value_iteration(P, R, allowed, gamma=0.97)
for gamma in (0.9, 0.97):
    print(f"gamma = {labkit.number(gamma)}:", greedy_policy(runs[f"q*, {gamma}"]))
as_table(**{f"γ = {gamma}": runs[f"q*, {gamma}"] for gamma in (0.9, 0.97)})

# %% q-star-read [markdown]
# You should see the policy `[0 0 1]` for $\gamma = 0.9$, which is the safest policy,
# and `[0 2 1]` for $\gamma = 0.97$, the riskiest one. Planning agrees with the table of
# discounted returns, and it needed no episode at all.
#
# A check by hand: with $\gamma = 0.9$ the agent waits in s1, whose value is then 0, so
# $q_*(s_0, a_0) = 0.7\,(10 + 0.9\, q_*(s_0, a_0))$, which gives
# $7 / (1 - 0.63) \approx 18.92$.

# %% flip-theory [markdown]
# ### At which gamma does the best action in s1 change?
#
# Somewhere between 0.9 and 0.97 the best action in s1 flips from waiting to crossing.
# Plot both values against $\gamma$, and find the point by bisection: halve the
# interval, and keep the half in which the sign of the difference changes.

# %% flip-plot tags=["nbval-ignore-output"]
gammas = np.linspace(0.88, 0.97, 46)
wait, cross = np.transpose(
    [value_iteration(P, R, allowed, gamma)[1, [0, 2]] for gamma in gammas]
)

low, high = 0.9, 0.97
for halving in range(20):
    middle = (low + high) / 2
    q_wait, q_cross = value_iteration(P, R, allowed, middle)[1, [0, 2]]
    low, high = (middle, high) if q_cross < q_wait else (low, middle)
print(_(f"the best action in s1 changes at gamma = {labkit.number(low):.4f}"))

figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
axes.plot(gammas, wait, label=_("wait: $q_*(s_1, a_0)$"))
axes.plot(gammas, cross, "--", label=_("cross the fire: $q_*(s_1, a_2)$"))
axes.axvline(low, color="0.5", linestyle=":")
axes.set(xlabel=r"$\gamma$", ylabel=_("action value"))
axes.legend()
axes.grid(alpha=0.3)
plt.show()

# %% flip-table
for gamma in (0.5, 0.9, 0.95, 0.99):
    Q = value_iteration(P, R, allowed, gamma)
    policy, q_wait, q_cross = greedy_policy(Q), Q[1, 0], Q[1, 2]
    print(
        f"gamma = {labkit.number(gamma):.2f}",
        _(f"greedy: {policy}"),
        _(f"wait: {labkit.number(q_wait):6.2f}"),
        _(f"cross: {labkit.number(q_cross):6.2f}"),
        sep="    ",
    )

# %% flip-read [markdown]
# The flip is at $\gamma \approx 0.9476$. Below it, crossing costs more than all that
# can be earned behind the fire, as far as the agent looks. Above it, crossing pays.
#
# To the right of the flip, though, the two curves almost touch: at $\gamma = 0.95$
# crossing is better by only 0.06, at $\gamma = 0.99$ by about 1, where both values are
# near 100. The question below asks why. Keep that small gap in mind: soon the values
# will be learned from noisy experience.

# %% gamma-prompt [markdown]
# **Question 1** (3 points). Answer in your own words, with numbers from above.
#
# 1. Why does the same agent in the same world wait at $\gamma = 0.9$ and cross the fire
#    at $\gamma = 0.97$?
# 2. Above the flip the two values differ by the factor $\gamma$:
#    $q_*(s_1, a_0) = \gamma\, q_*(s_1, a_2)$. Why?
# 3. A classmate trains with $\gamma = 0.9$, and then compares agents by the plain sum
#    over 100 steps. What goes wrong?

# %% gamma-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. Crossing costs 50 now, and the gains (40 on the way back, then 10 for each step
#    that stays in s0) come later. With $\gamma = 0.9$ the agent looks about 10 steps
#    ahead, and what it can still see of those gains is worth less than 50:
#    $q_*(s_1, a_2) = -4.88 < 0$. With $\gamma = 0.97$ it looks about 33 steps ahead,
#    far enough to go round the loop several times, and crossing is worth $18.2 > 0$.
# 2. Waiting costs nothing and changes nothing: one step later the agent stands in s1
#    again and then does the best, which is to cross. So waiting is worth the same as
#    crossing, one step later:
#    $q_*(s_1, a_0) = \gamma \max_a q_*(s_1, a) = \gamma\, q_*(s_1, a_2)$. The gap,
#    $(1-\gamma)\, q_*(s_1, a_2)$, is small when $\gamma$ is near 1.
# 3. The agent optimises something else than what it is judged by. At $\gamma = 0.9$ it
#    correctly learns to wait, and earns about 23 in 100 steps where the riskiest policy
#    earns about 121. Nothing is wrong with the algorithm: the discount factor does not
#    match the goal. Take a larger one, whose horizon $1/(1-\gamma)$ is nearer to the
#    length of an episode.
#
# **What to look for:** (1) the cost comes first and the gains later, with a horizon or
# with values from the tables; (2) waiting only delays the same choice by a step; (3)
# the aim in training differs from the measure, with the two returns named. One point
# each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% q-theory [markdown]
# ## 4. Q-learning: the same values without the tables
#
# Now forget `P` and `R`. The agent acts, and all that it ever sees are **transitions**:
# in $s$ it did $a$, received $r$ and found itself in $s'$.
#
# It cannot average over the next states, but it can *sample* them. **Q-learning**
# (Watkins, 1989) takes the one next state that came up, forms the **target**
# $r + \gamma \max_{a'} Q(s', a')$, and moves its table a small step towards it:
#
# $$ Q(s,a) \leftarrow Q(s,a) + \alpha
#    \underbrace{\Big[ r + \gamma \max_{a' \in \mathcal A(s')} Q(s',a')
#    - Q(s,a) \Big]}_{\text{TD error } \delta} $$
#
# The **step size** $\alpha$ (or learning rate) says how far to move: 0 not at all, 1
# all the way, which forgets every earlier sample. The error $\delta$ is called a
# *temporal difference* (TD): it compares two estimates made at successive times. To use
# an estimate inside a target is called **bootstrapping**.
#
# An example by hand, with $\alpha = 0.1$ and $\gamma = 0.5$: if $Q(s,a) = 2$, the
# reward is 3.5 and the best value in $s'$ is −4, then the target is $3.5 - 2 = 1.5$,
# the error $\delta = -0.5$, and the new value 1.95.

# %% ends-theory [markdown]
# ### Terminated or truncated?
#
# What if the episode ends with this transition? It depends on *why*.
#
# - **Terminated**: the world itself ended. The pole fell, or the game is over. Nothing
#   can be earned after that, so the target is $r$ alone.
# - **Truncated**: only our patience ended, here after 100 steps. The world would have
#   gone on, and $s'$ is worth as much as ever. The target bootstraps as usual.
#
# In this environment `terminated` is always false, so *every* target bootstraps. We
# write the rule down all the same, since most environments do terminate; section 8
# shows what it costs to confuse the two.

# %% transition
class Transition(NamedTuple):
    """One step of experience."""

    state: int
    action: int
    reward: float
    next_state: int
    terminated: bool = False  # a terminal state was reached; not a time limit
    next_action: int | None = None  # only SARSA needs it, in section 7

# %% q-update-hint [markdown]
# <details><summary>Hint</summary>
#
# `Q[t.next_state].max()` is the best value of the next state. Multiply it by
# `not t.terminated`: Python counts `True` as 1 and `False` as 0.
#
# </details>

# %% q-update tags=["exercise"] points=2
def q_update(Q: np.ndarray, t: Transition, alpha: float, gamma: float) -> float:
    """Move Q[state, action] one step towards its Q-learning target, in place.

    Args:
        Q: action values, shape (S, A), -inf where not allowed; changed by this call.
        t: the transition to learn from.
        alpha: step size, between 0 and 1.
        gamma: discount factor.

    Returns:
        The TD error, before the step.
    """
    # TODO: target (no bootstrap after a terminal state), TD error, step.
    ### BEGIN SOLUTION
    target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)
    delta = target - Q[t.state, t.action]
    Q[t.state, t.action] += alpha * delta
    return delta
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% update-helper
def after_update(update, t):
    """TD error and new value of one update: what the checks of this lesson look at."""
    no = -np.inf
    before = np.array([[2.0, 9.0, 1.0], [-6.0, no, -4.0], [no, 12.0, no]])
    Q = before.copy()
    delta = update(Q, t, alpha=0.1, gamma=0.5)
    labkit.check(delta is not None, _("The update gives None: return the TD error."))
    labkit.check(
        np.ndim(delta) == 0, _("The update must return one number: the TD error.")
    )
    before[t.state, t.action] = new = Q[t.state, t.action]
    labkit.check(
        np.array_equal(Q, before),
        _("Other values than Q[state, action] have changed, too."),
    )
    return [float(delta), float(new)]

# %% q-update-check tags=["check"]
# The example above: from s0 (value 2) with reward 3.5 to s1 (best value -4).
name, no, want = _("[TD error, new value] of q_update(...)"), -np.inf, [-0.5, 1.95]
mistakes = [
    ([1.5, 1.95], _("You return the target: return the TD error.")),
    ([1.95, 1.95], _("You return the new value: return the TD error.")),
    ([-0.5, 2.0], _("Q has not changed: write the new value into Q[state, action].")),
    ([-0.5, 1.5], _("The value jumps all the way to the target: use alpha.")),
    ([0.0, 1.5], _("The value jumps all the way to the target: use alpha.")),
    ([-0.45, 1.95], _("Return the TD error as it was before the step.")),
    ([-0.5, -0.05], _("The step replaces the old value: add it to the old value.")),
    ([-0.5, 2.05], _("The step goes away from the target: add it.")),
    (
        [0.5, 2.05],
        _(
            "The TD error is wrong: it is the target minus Q[state, action], and gamma "
            "multiplies the next value alone."
        ),
    ),
    ([-0.5, 2.15], _("You add alpha times the target: add alpha times the TD error.")),
    ([0.5, 1.95], _("The TD error has the wrong sign: it is target minus Q.")),
    ([-2.5, 1.75], _("The next value is not discounted: multiply it by gamma.")),
    ([6.0, 2.6], _("The maximum is over the present state: use the next state.")),
    ([7.5, 2.75], _("The maximum is over the whole table: use one row of it.")),
    ([2.5, 2.25], _("argmax gives the best action: take its value, with max.")),
    ([-1.5, 1.85], _("You take the smallest next value: take the largest.")),
    ([no, no], _("You take a value of -inf: that action is not allowed; use max.")),
    ([1.5, 2.15], _("The target is the reward alone, though nothing terminated.")),
    ([3.5, 2.35], _("~False is -1 in Python: write `not t.terminated`.")),
]
got = after_update(q_update, Transition(0, 0, 3.5, 1))
labkit.check_value(name, got, want, mistakes=mistakes)
# The same step from s0 with action 1 (value 9), and the world ends with it.
got = after_update(q_update, Transition(0, 1, 3.5, 1, terminated=True))
mistakes = [
    (
        [-7.5, 8.25],
        _(
            "Your target still bootstraps after `terminated`: "
            "nothing can be earned there, so the target is the reward alone."
        ),
    ),
    (
        [1.5, 9.15],
        _("`not t.terminated` belongs to the next value, not to Q[state, action]."),
    ),
    (
        [-9.0, 8.1],
        _("The last reward counts too: after `terminated` only the next value goes."),
    ),
    ([3.5, 9.35], _("After `terminated`, too, the TD error is target minus Q.")),
]
labkit.check_value(name, got, [-5.5, 8.45], mistakes=mistakes)
labkit.passed()

# %% explore-theory [markdown]
# ### Explore and learn
#
# The agent must try every pair again and again, or it cannot know its value. The usual
# recipe is **epsilon-greedy**: with probability $\varepsilon$ take a random allowed
# action, otherwise the one that looks best. With $\varepsilon = 1$ the agent only
# explores, with $\varepsilon = 0$ it only exploits what it believes.

# %% epsilon-greedy
def epsilon_greedy(
    Q: np.ndarray, state: int, epsilon: float, rng: np.random.Generator
) -> int:
    """A random allowed action with probability `epsilon`, else the best in `Q`."""
    if rng.random() < epsilon:
        return random_action(state, allowed, rng)
    return Q[state].argmax()

# %% episode-hint [markdown]
# <details><summary>Hint</summary>
#
# Four steps, in this order: choose an action with `epsilon_greedy`; take it with
# `env.step`, which gives five things; call `q_update` with a `Transition` of them; and
# go on from the next state. The two lines below the gap need `reward`, `terminated` and
# `truncated`.
#
# </details>

# %% q-episode tags=["exercise"] points=2
def q_episode(
    env,
    Q: np.ndarray,
    alpha: float,
    gamma: float,
    epsilon: float,
    rng: np.random.Generator,
) -> float:
    """Play one episode, epsilon-greedy, and learn from each step of it.

    Args:
        env: the environment.
        Q: action values, shape (S, A); changed in place, step by step.
        alpha: step size.
        gamma: discount factor.
        epsilon: probability of a random action.
        rng: source of the agent's random numbers.

    Returns:
        The undiscounted return of the episode.
    """
    state, info = env.reset()
    total, done = 0.0, False
    while not done:
        # TODO: choose, step, update, move on to the next state.
        ### BEGIN SOLUTION
        action = epsilon_greedy(Q, state, epsilon, rng)
        next_state, reward, terminated, truncated, info = env.step(action)
        t = Transition(state, action, reward, next_state, terminated)
        q_update(Q, t, alpha, gamma)
        state = next_state
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION
        total += reward
        done = terminated or truncated
    return total

# %% q-episode-check tags=["check"]
def after_episode(end, epsilon=0.0, seed=0):
    """Table, return and actions of an episode with alpha 0.25 and gamma 0.5."""
    no = -np.inf
    Q = np.array([[0.0, 0.0, 3.0], [1.0, no, 2.0], [no, 4.0, no]])
    # Stands in for the environment: s0, s1, s2, s0, then the end.
    states, rewards = [0, 1, 2, 0, 1], [5.0, -7.0, 3.0, 5.0]
    over = _("The episode goes on after its end.")
    env = labkit.ScriptedEnv(states, rewards, end, over=over)
    total = q_episode(env, Q, 0.25, 0.5, epsilon, np.random.default_rng(seed))
    for s, action in zip(states, env.actions):
        labkit.check(
            allowed[s, action],
            _(
                f"An action is chosen that is not allowed in s{s}, where the "
                "environment is: move `state` on once in each step, after q_update."
            ),
        )
    return Q, total, env.actions


Q, total, actions = after_episode("truncated")
labkit.check(
    actions == [2, 2, 1, 2],
    _("With epsilon = 0 the actions are not the greedy ones of Q."),
)
no = -np.inf
want = np.array([[0.0, 0.0, 4.1875], [1.0, no, 0.25], [no, 4.21875, no]])
cut = np.array([[0.0, 0.0, 4.0625], [1.0, no, 0.25], [no, 4.21875, no]])
swapped = np.array([[0.0, 0.0, 4.75], [1.0, no, -2.0], [no, 4.03125, no]])
start = np.array([[0.0, 0.0, 3.0], [1.0, no, 2.0], [no, 4.0, no]])
mistakes = [
    (start, _("The table has not changed: call q_update after each step.")),
    (swapped, _("alpha and gamma are swapped in the call of q_update.")),
    (
        cut,
        _(
            "Your target stops at the time limit: give the Transition `terminated`, "
            "not `truncated` or `done`."
        ),
    ),
]
labkit.check_value(_("Q after q_episode(...)"), Q, want, mistakes=mistakes)
Q, total, actions = after_episode("terminated")
mistakes = [
    (
        want,
        _("Your target still bootstraps after `terminated`: give it to Transition."),
    )
]
name = _("Q after q_episode(..., terminated)")
labkit.check_value(name, Q, cut, mistakes=mistakes)
mistakes = [
    (12.0, _("The reward is added twice: the line below the gap does it already.")),
]
labkit.check_value("q_episode(...)", total, 6.0, mistakes=mistakes)
labkit.check(
    len({tuple(after_episode("truncated", 1.0, seed)[2]) for seed in range(20)}) > 4,
    _("With epsilon = 1 the actions do not vary: give `epsilon` to epsilon_greedy."),
)
labkit.passed()

# %% train-theory [markdown]
# ### Let it learn
#
# The agent plays 300 episodes, which is 30,000 steps, with $\gamma = 0.9$,
# $\varepsilon = 0.5$ and $\alpha = 0.1$. As we know $q_*$, we can watch how far off the
# table is: its **error** is the largest difference over the six allowed pairs.
#
# You may interrupt the training, the second cell below, and run it again: it goes on
# from the table that it has, with a new plot. To learn from scratch, run the first cell
# below again before it.

# %% error
def error(Q: np.ndarray, Q_true: np.ndarray) -> float:
    """Largest difference between two tables, over the allowed pairs."""
    return np.linalg.norm(Q[allowed] - Q_true[allowed], ord=np.inf)


Q_learned = empty_table(allowed)  # run this cell again to start afresh
agent_rng = np.random.default_rng(3)

# %% train tags=["training", "nbval-ignore-output"]
runs["online"] = Q_learned  # the same array: kept even if you interrupt the loop
env.reset(seed=4)  # not the agent's seed: equal seeds would draw equal numbers
with labkit.LivePlot(
    _("Q-learning, step size 0.1"), ylabel=_("error to q*"), window=20
) as plot:
    for episode in labkit.progress(300, _("episodes")):
        q_episode(env, Q_learned, 0.1, 0.9, epsilon=0.5, rng=agent_rng)
        plot.add(error(Q_learned, runs["q*, 0.9"]))

# %% train-table tags=["nbval-ignore-output"]
as_table(**{"q*": runs["q*, 0.9"], _("learned"): runs["online"]})

# %% train-read [markdown]
# Before the first episode the error is 50, the largest value in $q_*$. It falls below
# 10 within a few episodes and then goes on wandering, mostly between 2 and 11, with
# peaks up to 15. More episodes do not help.

# %% alpha-theory [markdown]
# ## 5. How large a step?
#
# Each target contains one random reward and one random next state, so it scatters
# around the true mean. A table that moves by a *constant* share $\alpha$ towards every
# new target never settles: it keeps an error, the **noise floor**, that is larger the
# larger $\alpha$ is. A small $\alpha$ has a low floor but takes long to get there.
#
# The way out is a step size that **decays** with $n$, the number of times that the pair
# has been visited. Convergence to $q_*$ is guaranteed (Watkins and Dayan, 1992) if
# every pair is visited for ever and
#
# $$ \sum_n \alpha_n = \infty \qquad \text{and} \qquad \sum_n \alpha_n^2 < \infty : $$
#
# the steps must be large enough, all together, to get anywhere, and become small fast
# enough for the noise to average out. We take $\alpha_n = n^{-0.8}$, which meets both
# conditions.

# %% record-theory [markdown]
# To compare step sizes fairly, let every one of them learn from *the same* experience.
# A random agent records it once, and each learner replays it. That is allowed: the
# target of Q-learning does not ask which policy chose the action. An algorithm that can
# learn about one policy from the experience of another is called **off-policy**.

# %% collect
def collect(env, steps: int, seed: int) -> list[Transition]:
    """Record the transitions of a random agent, each with the action that follows."""
    rng = np.random.default_rng(seed)
    transitions = []
    state, info = env.reset(seed=1000 + seed)
    action = random_action(state, allowed, rng)
    for step in range(steps):
        next_state, reward, terminated, truncated, info = env.step(action)
        next_action = random_action(next_state, allowed, rng)
        transitions.append(
            Transition(state, action, reward, next_state, terminated, next_action)
        )
        state, action = next_state, next_action
        if terminated or truncated:
            state, info = env.reset()
            action = random_action(state, allowed, rng)
    return transitions

# %% replay
def learn(transitions, update, alpha, gamma, Q_true, every=250):
    """Learn from recorded transitions, in their order.

    Args:
        transitions: what to learn from.
        update: `q_update`, or another function of (Q, transition, alpha, gamma).
        alpha: function from n, the visits of a pair so far, to the step size.
        gamma: discount factor.
        Q_true: the table that the error is measured to.
        every: steps from one measurement to the next.

    Returns:
        The table learned, and its errors after `every`, 2 `every`, ... steps.
    """
    Q, visits = empty_table(allowed), np.zeros(allowed.shape, dtype=int)
    errors = []
    for step, t in enumerate(transitions, start=1):
        visits[t.state, t.action] += 1
        update(Q, t, alpha(visits[t.state, t.action]), gamma)
        if step % every == 0:
            errors.append(error(Q, Q_true))
    return Q, np.array(errors)


step_sizes = {
    "α = 0.5": lambda n: 0.5,
    "α = 0.1": lambda n: 0.1,
    "α = 0.02": lambda n: 0.02,
    "α = 1/n": lambda n: 1 / n,
    "α = n^-0.8": lambda n: n**-0.8,
}

# %% alpha-runs tags=["training", "nbval-ignore-output"]
runs["streams"] = [
    collect(env, 15_000, seed) for seed in labkit.progress(10, _("recording"))
]
for name, alpha in labkit.progress(step_sizes.items(), _("learning")):
    runs[name] = [
        learn(stream, q_update, alpha, 0.9, runs["q*, 0.9"])
        for stream in runs["streams"]
    ]

# %% alpha-plot tags=["nbval-ignore-output"]
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
for name in step_sizes:
    curves = np.array([errors for table, errors in runs[name]])  # (streams, times)
    steps = 250 * np.arange(1, curves.shape[1] + 1)
    axes.semilogy(steps, curves.mean(axis=0), label=name)
axes.set(xlabel=_("steps"), ylabel=_("error to q*, mean of 10 streams"))
axes.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
axes.minorticks_off()
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
axes.grid(alpha=0.3)
plt.show()

# %% alpha-table tags=["nbval-ignore-output"]
rows = {}
for name in step_sizes:
    curves = np.array([errors for table, errors in runs[name]])
    rows[name] = {
        _(f"error after {steps}"): curves[:, steps // 250 - 1].mean().round(2)
        for steps in (1000, 5000, 15000)
    }
    right = [
        (greedy_policy(table) == safest_policy()).all() for table, errors in runs[name]
    ]
    rows[name][_("right policies of 10")] = sum(right)
pd.DataFrame.from_dict(rows, orient="index")

# %% alpha-check tags=["check", "nbval-check-output"]
last = {
    name: np.mean([errors[-1] for table, errors in runs[name]]) for name in step_sizes
}
labkit.check(
    last["α = n^-0.8"] < 2,
    _("With the decaying step size the error stays large: look at q_update."),
)
labkit.check(
    last["α = 0.5"] > 3 * last["α = 0.02"],
    _("A large step size should leave a larger error: is `alpha` used in q_update?"),
)
labkit.passed()

# %% alpha-read [markdown]
# - $\alpha = 0.5$ goes on jumping around an error of 20, $\alpha = 0.1$ around 5: these
#   are their noise floors.
# - $\alpha = 0.02$ is slow (about 14 after 1,000 steps), but its floor is near 2.
# - $\alpha_n = n^{-0.8}$ is fast *and* goes on improving: about 1 after 15,000 steps.
# - $\alpha_n = 1/n$ makes $Q(s,a)$ the plain mean of all its targets so far. It meets
#   the conditions, too, yet lags behind $n^{-0.8}$: the early targets were computed
#   from a table that was still wrong, and they are never forgotten.
#
# The last column shows why the error matters. In s1 waiting is better than crossing by
# 4.88. A table that is off by 5 or 20 often has the two in the wrong order, and then
# the greedy policy is wrong.

# %% learned-theory [markdown]
# ## 6. The policy that was learned, and what it earns
#
# Now read the greedy policy from the learned table, and let it play. One stream of
# 40,000 transitions serves both discount factors: the experience is the same, only
# $\gamma$ in the target differs.

# %% learned tags=["training", "nbval-ignore-output"]
decaying = step_sizes["α = n^-0.8"]
runs["experience"] = collect(env, 40_000, seed=42)
for gamma in (0.9, 0.97):
    table, errors = learn(
        runs["experience"], q_update, decaying, gamma, runs[f"q*, {gamma}"]
    )
    runs[f"learned, {gamma}"] = table
    said = _(f"error {labkit.number(errors[-1]):.2f}")
    print(f"gamma = {labkit.number(gamma)}:", greedy_policy(table), said)

# %% learned-check tags=["check", "nbval-check-output"]
labkit.check(
    (greedy_policy(runs["learned, 0.9"]) == greedy_policy(runs["q*, 0.9"])).all(),
    _("With gamma = 0.9 the greedy policy is not the one of q*: look at q_update."),
)
labkit.check(
    (greedy_policy(runs["learned, 0.97"]) == greedy_policy(runs["q*, 0.97"])).all(),
    _("With gamma = 0.97 the greedy policy is not the one of q*: look at q_update."),
)
labkit.passed()

# %% compare tags=["nbval-ignore-output"]
for gamma in (0.9, 0.97):
    policy = greedy_policy(runs[f"learned, {gamma}"])
    runs[f"plays, {gamma}"] = play(env, follow(policy))

names = {
    "random": _("random"),
    "safest": _("safest"),
    "riskiest": _("riskiest"),
    "plays, 0.9": _("learned, γ = 0.9"),
    "plays, 0.97": _("learned, γ = 0.97"),
}
rows = [
    summary(runs[name])
    | {
        "γ = 0.97": discounted(runs[name], 0.97).mean(),
        "γ = 0.9": discounted(runs[name], 0.9).mean(),
    }
    for name in names
]
pd.DataFrame(rows, index=list(names.values())).round(1)

# %% compare-read [markdown]
# The first four columns describe the plain sum over 100 steps; the last two are means
# of discounted returns.
#
# With $\gamma = 0.9$ the agent has learned the safest policy, with $\gamma = 0.97$ the
# riskiest one, each from the same random experience. Same policy, same seeds: so the
# rows agree to the last digit. In the plain sum the patient agent wins by far, about
# 120 against 24; in the discounted return with $\gamma = 0.9$ the other one does, and
# that is what it was asked for.
#
# Look back at the error printed for $\gamma = 0.97$: it is about 12, and the policy is
# right all the same. With a $\gamma$ near 1 values build up over many steps and take
# long to rise; but all six rise together, and a greedy policy needs only their order.

# %% video-theory [markdown]
# ### See it walk
#
# 30 steps of the random agent beside 30 steps of the one that learned with
# $\gamma = 0.97$. Both cross the fire several times. Watch what each does in s0 in
# between: that is where the difference is earned.

# %% video tags=["nbval-ignore-output"]
filmed = gym.make("labkit/ThreeStateMDP-v0", render_mode="rgb_array")
rng = np.random.default_rng(501)
walks = {
    _("random"): lambda state: random_action(state, allowed, rng),
    _("learned, γ = 0.97"): follow(greedy_policy(runs["learned, 0.97"])),
}
labkit.side_by_side(
    [
        (name, labkit.record(filmed, policy, seed=1, max_steps=30))
        for name, policy in walks.items()
    ]
)

# %% sarsa-theory [markdown]
# ## 7. SARSA: learn the values of the agent as it is
#
# The maximum in the Q-learning target assumes that the agent will act as well as it can
# from the next state on. An agent that explores does not. **SARSA** (Rummery and
# Niranjan, 1994) puts the value of the action $a'$ that the agent *really takes* next
# into the target:
#
# $$ Q(s,a) \leftarrow Q(s,a) + \alpha \big[ r + \gamma\, Q(s', a') - Q(s,a) \big] $$
#
# Its name lists what an update uses: state, action, reward, next state, next action. It
# learns $q_\pi$, the values of the policy $\pi$ that is really followed, exploration
# included: it is **on-policy**.

# %% sarsa-hint [markdown]
# <details><summary>Hint</summary>
#
# Only the target differs from `q_update`: in the row of the next state take the value
# of `t.next_action`.
#
# </details>

# %% sarsa-update tags=["exercise"] points=1
def sarsa_update(Q: np.ndarray, t: Transition, alpha: float, gamma: float) -> float:
    """Move Q[state, action] one step towards its SARSA target, in place.

    Args:
        Q: action values, shape (S, A); changed by this call.
        t: the transition, with `next_action`.
        alpha: step size.
        gamma: discount factor.

    Returns:
        The TD error, before the step.
    """
    # TODO: as in q_update, with the value of the action really taken next.
    ### BEGIN SOLUTION
    next_value = Q[t.next_state, t.next_action] * (not t.terminated)
    delta = t.reward + gamma * next_value - Q[t.state, t.action]
    Q[t.state, t.action] += alpha * delta
    return delta
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% sarsa-update-check tags=["check"]
# alpha is 0.1, gamma 0.5. From s0 (value 2) with reward 3.2 to s1, where a2 (value -4)
# is best and a0 (value -6) is taken.
name = _("[TD error, new value] of sarsa_update(...)")
got = after_update(sarsa_update, Transition(0, 0, 3.2, 1, next_action=0))
mistakes = [
    (
        [-0.8, 1.92],
        _(
            "This is Q-learning: take the value of `next_action`, "
            "not the largest one of the next state."
        ),
    ),
    (
        [1.2, 2.12],
        _(
            "The target is the reward alone, though nothing terminated; or you use "
            "`next_action` itself: take its value in Q."
        ),
    ),
    ([2.2, 2.22], _("The next value is that of the present state: use next_state.")),
    ([-4.8, 1.52], _("The next value is not discounted: multiply it by gamma.")),
    ([-1.8, 0.2], _("The value jumps all the way to the target: use alpha.")),
    ([-1.8, 2.0], _("Q has not changed: write the new value into Q[state, action].")),
    ([-1.8, 2.18], _("The step goes away from the target: add it.")),
    ([1.8, 2.18], _("The TD error has the wrong sign: it is target minus Q.")),
    ([1.8, 1.82], _("The TD error has the wrong sign: it is target minus Q.")),
    ([4.2, 2.42], _("~False is -1 in Python: write `not t.terminated`.")),
]
labkit.check_value(name, got, [-1.8, 1.82], mistakes=mistakes)
# From s1 (a2 taken, value -4), reward 1, to s0, where a1 (value 9) is taken next.
got = after_update(sarsa_update, Transition(1, 2, 1.0, 0, next_action=1))
mistakes = [
    ([5.5, -3.45], _("You use the action taken now: use `next_action`.")),
]
labkit.check_value(name, got, [9.5, -3.05], mistakes=mistakes)
ended = Transition(0, 0, 3.2, 1, terminated=True, next_action=0)
mistakes = [
    (
        [-1.8, 1.82],
        _(
            "Your target still bootstraps after `terminated`: "
            "nothing can be earned there, so the target is the reward alone."
        ),
    ),
]
got = after_update(sarsa_update, ended)
labkit.check_value(name, got, [1.2, 2.12], mistakes=mistakes)
labkit.passed()

# %% sarsa-exact-theory [markdown]
# ### The same experience, two sets of values
#
# Let both algorithms learn from the same 40,000 transitions of the random agent, with
# $\gamma = 0.9$. What SARSA should find is the value $q_\pi$ of *random* play. We can
# compute that, too: it obeys the same equation as $q_*$ with the *mean* over the next
# actions in place of the maximum. Your `bellman_backup` serves once more. Replace every
# value of a state by the mean of its row: the maximum of equal numbers is that number,
# so the backup now uses the mean, with no change to its code.

# %% sarsa-exact
def random_policy_values(gamma: float, sweeps: int = 1000) -> np.ndarray:
    """Action values of the random policy, shape (S, A), from the tables."""
    Q = empty_table(allowed)
    for sweep in range(sweeps):
        mean = Q.mean(axis=1, where=allowed, keepdims=True)  # (S, 1)
        level = np.where(allowed, mean, -np.inf)  # each row: its mean
        Q = bellman_backup(level, P, R, allowed, gamma)
    return Q


runs["q random"] = random_policy_values(gamma=0.9)

# %% sarsa-run tags=["training", "nbval-ignore-output"]
runs["sarsa"], errors = learn(
    runs["experience"], sarsa_update, decaying, 0.9, runs["q random"]
)
as_table(
    **{
        "Q-learning": runs["learned, 0.9"],
        "q*": runs["q*, 0.9"],
        "SARSA": runs["sarsa"],
        _("q of random play"): runs["q random"],
    }
)

# %% sarsa-run-check tags=["check", "nbval-check-output"]
labkit.check(
    error(runs["sarsa"], runs["q random"]) < 4,
    _("SARSA should come close to the values of random play: look at sarsa_update."),
)
labkit.check(
    error(runs["sarsa"], runs["q*, 0.9"]) > 10,
    _("SARSA should not come close to q* here: is it Q-learning that runs?"),
)
labkit.passed()

# %% sarsa-read [markdown]
# Two algorithms, one stream of experience, two different and equally correct answers:
#
# - **Q-learning** says what a pair is worth if the agent plays *optimally* from there
#   on: waiting in s1 is worth 0, since one can wait for ever.
# - **SARSA** says what it is worth if the agent goes on *as it does now*. For a random
#   agent waiting in s1 is worth about −18: a random agent does not wait for ever, it
#   stumbles into the fire sooner or later.
#
# An agent that explores while it earns (a robot that can break, say) may well prefer
# the second answer. If $\varepsilon$ decreases to 0 so slowly that every pair is still
# visited for ever, and $\alpha$ decays too, SARSA reaches $q_*$ as well.

# %% bug-theory [markdown]
# ## 8. Find the bug
#
# A colleague writes a learner for $\gamma = 0.99$. It runs without an error and its
# values settle, yet they are far too low, however long it learns. One line below is
# wrong.

# %% bug
def hasty_step(env, state: int, action: int) -> tuple[Transition, bool]:
    """Take a step; return the transition to learn from, and whether to reset."""
    next_state, reward, terminated, truncated, info = env.step(action)
    over = terminated or truncated
    return Transition(state, action, reward, next_state, over), over


def learn_online(env, take_step, steps: int, gamma: float, seed: int) -> np.ndarray:
    """Q-learning while acting at random, with step size 0.02; return the table."""
    rng = np.random.default_rng(seed)
    Q = empty_table(allowed)
    state, info = env.reset(seed=1000 + seed)
    for step in range(steps):
        t, over = take_step(env, state, random_action(state, allowed, rng))
        q_update(Q, t, 0.02, gamma)
        state = t.next_state
        if over:
            state, info = env.reset()
    return Q

# %% bug-run tags=["training", "nbval-ignore-output"]
Q = learn_online(env, hasty_step, 60_000, 0.99, seed=7)
Q_true = value_iteration(P, R, allowed, 0.99)
as_table(**{"q*": Q_true, _("the colleague's"): Q})

# %% bug-hint [markdown]
# <details><summary>Hint</summary>
#
# What does `over` mean in `hasty_step`, and who reads the last field of its
# `Transition`? Read again what section 4 says about a time limit.
#
# </details>

# %% mended-step tags=["exercise"] points=2
def mended_step(env, state: int, action: int) -> tuple[Transition, bool]:
    """Take a step; return the transition to learn from, and whether to reset."""
    # TODO: as in hasty_step, with the faulty line mended.
    ### BEGIN SOLUTION
    next_state, reward, terminated, truncated, info = env.step(action)
    t = Transition(state, action, reward, next_state, terminated)
    return t, terminated or truncated
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% mended-step-check tags=["check"]
ends = {"neither": (0, 0), "truncated": (0, 1), "terminated": (1, 0), "both": (1, 1)}
for end, (terminated, truncated) in ends.items():
    got = mended_step(labkit.ScriptedEnv([0, 1], [10.0], end), 0, 2)
    labkit.check(
        isinstance(got, tuple) and len(got) == 2 and isinstance(got[0], Transition),
        _("mended_step(...) must return two things: a Transition and a bool."),
    )
    t, over = got
    labkit.check(
        bool(t.terminated) or not terminated,
        _("Your target still bootstraps after `terminated`: store it as it is."),
    )
    labkit.check(
        bool(t.terminated) == terminated,
        _(
            "A time limit is still stored as the end of the world: "
            "the Transition needs `terminated` alone."
        ),
    )
    labkit.check(
        bool(over) == (terminated or truncated),
        _("The episode must be reset after `terminated` and after `truncated`."),
    )
    labkit.check(
        t[:4] == (0, 2, 10.0, 1),
        _("The Transition must hold state, action, reward, next_state, in this order."),
    )
labkit.passed()

# %% mended-run tags=["training", "nbval-ignore-output"]
Q = learn_online(env, mended_step, 60_000, 0.99, seed=7)
Q_true = value_iteration(P, R, allowed, 0.99)
as_table(**{"q*": Q_true, _("mended"): Q})

# %% bug-read [markdown]
# The exact value of $Q(s_0, a_0)$ is 121. With the bug it ends near 65; mended, the
# same number of steps brings it to about 110, and it is still rising.
#
# Why about half? One step in a hundred meets the time limit, and there the bug cuts off
# all of the future. On average that multiplies $\gamma$ by 0.99 once more: the
# colleague's agent lives in a world with $\gamma \approx 0.98$, where the exact value
# is 59. (The rest is noise: with a constant step size the table goes on wandering by 5
# or more.) With $\gamma = 0.9$ hardly anybody would have noticed.
#
# (If an agent really had 100 steps to live, the time left would matter to its choice,
# and would have to be part of the state: Pardo and others, 2018.)

# %% other-prompt [markdown]
# ## 9. Other algorithms
#
# **Question 2** (4 points). You have met value iteration, Q-learning and SARSA. For the
# three-state MDP, would another algorithm do, and why? Discuss at least two of these:
# policy iteration, linear programming, Monte-Carlo control, a deep Q-network (lesson
# {lesson:dqn_cartpole}). Say of each whether it needs the tables or only samples. Then choose one
# algorithm for the case that the tables are known, and one for the case that they are
# not.
#
# In one sentence each:
#
# - *Policy iteration*: compute $q_\pi$ of a policy, make the policy greedy for it, and
#   repeat.
# - *Linear programming*: find the smallest state values $v(s)$ with
#   $v(s) \ge \sum_{s'} p(s' \mid s,a)\,[r(s,a,s') + \gamma\, v(s')]$ for every allowed
#   pair; a solver does it.
# - *Monte-Carlo control*: move $Q(s,a)$ towards the return of the whole rest of the
#   episode, without bootstrapping.
# - *Deep Q-network*: Q-learning with a neural network in place of the table.

# %% other-answer [markdown] tags=["question"] points=4
# ### BEGIN SOLUTION
# With the tables known this is a **planning** problem, and every exact method works on
# six numbers:
#
# - *Policy iteration* alternates between evaluating a policy exactly (a linear system
#   of three equations) and making it greedy. There are only $3 \cdot 2 \cdot 1 = 6$
#   deterministic policies, so it stops after a few rounds with an exactly optimal one.
#   It needs `P` and `R`.
# - *Linear programming* minimises $\sum_s v(s)$ subject to
#   $v(s) \ge \sum_{s'} p(s' \mid s,a)\,[r(s,a,s') + \gamma v(s')]$ for each allowed
#   pair. It needs `P` and `R` as well, and suits problems with additional constraints.
# - *Value iteration* is as good here and the shortest to write; it needs more sweeps
#   when $\gamma$ is near 1.
#
# With the tables unknown, **samples** must do:
#
# - *Q-learning* needs neither tables nor complete episodes, and learns from anybody's
#   experience.
# - *Monte-Carlo control* averages returns of whole episodes. Here no episode
#   terminates, so each return is cut off by the time limit (with $\gamma = 0.9$ what is
#   missing is negligible, with $\gamma$ near 1 it is not), and returns scatter more
#   than one-step targets.
# - Or *estimate the tables* by counting transitions, and plan with the estimates: with
#   three states that is cheap, and it uses the samples better.
# - A *deep Q-network* would work but is pointless: a table of six numbers is exact,
#   quicker, and its convergence is proved. Networks pay when there are too many states
#   for a table.
#
# My choice: policy or value iteration if the tables are known, Q-learning (or counting
# and planning) if they are not.
#
# **What to look for:** one point for the distinction between planning with the model
# and learning from samples; one for each of two further algorithms described rightly,
# with what they need; one for a choice that is justified for both cases. Any sound
# choice is accepted.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% experiments [markdown]
# ## 10. Experiments
#
# Change one thing at a time, guess the result first, then run.
#
# 1. **No exploration.** The cell below learns with $\varepsilon = 0$ and
#    $\gamma = 0.97$. Which values are still 0 at the end, which of these pairs were never
#    tried, and why does the agent never find the riskiest policy?
# 2. **Optimism.** Start the same cell from `np.where(allowed, 100.0, -np.inf)`. Why
#    does the agent cross the fire now, with no randomness at all in its choices? After
#    300 episodes it has stopped doing so. What happened, and why does it never recover?
# 3. **A knife edge.** Repeat section 6 with $\gamma = 0.95$ and several seeds. How
#    often is the greedy policy right? Compare the error with the gap of 0.06 in s1.
# 4. **Step sizes again.** Repeat the plot of section 5 with $\gamma = 0.97$. Which step
#    sizes suffer most?
# 5. **A cheaper fire.** Make a copy `R2 = R.copy()`, set the cost of the fire to 30
#    (`R2[1, 2, 2] = -30`), and find the new $\gamma$ at which the best action in s1
#    flips. It is not between 0.9 and 0.97: start the bisection from
#    `low, high = 0.5, 0.97`.

# %% experiment tags=["training", "nbval-ignore-output"]
Q = empty_table(allowed)
env.reset(seed=8)
rng = np.random.default_rng(9)
for episode in range(300):
    q_episode(env, Q, 0.1, 0.97, epsilon=0.0, rng=rng)
print(greedy_policy(Q))
as_table(**{"q*": runs["q*, 0.97"], _("learned"): Q})

# %% recap [markdown]
# ## Recap
#
# - An MDP is states, allowed actions, probabilities and rewards. A policy is judged by
#   its return, and which one is best depends on $\gamma$.
# - With the tables, value iteration repeats the Bellman backup until the table no
#   longer changes: that is $q_*$.
# - Without them, Q-learning moves $Q(s,a)$ a step of size $\alpha$ towards
#   $r + \gamma \max_{a'} Q(s', a')$, over allowed actions only.
# - A constant $\alpha$ leaves a noise floor; a decaying one converges.
# - `terminated` stops the bootstrap, `truncated` does not.
# - Q-learning is off-policy and finds $q_*$; SARSA is on-policy and finds $q_\pi$ of
#   the agent that acts.
#
# Next: in lesson {lesson:linear_q_cartpole} the state of CartPole consists of four real numbers. No table holds
# them, and the table becomes a function.
#
# ### To read next
#
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd
#   edition, MIT Press, 2018: sections 3.1 to 3.6 (MDPs, returns, Bellman equations),
#   4.3 and 4.4 (policy and value iteration), chapter 5 (Monte Carlo), 6.4 (SARSA) and
#   6.5 (Q-learning); 2.5 on step sizes.
# - C. J. C. H. Watkins and P. Dayan, "Q-learning", *Machine Learning* 8, 279–292, 1992:
#   the proof that it converges.
# - R. Bellman, *Dynamic Programming*, Princeton University Press, 1957: where it began.
# - M. L. Puterman, *Markov Decision Processes: Discrete Stochastic Dynamic
#   Programming*, Wiley, 1994: the reference on planning; chapter 6 treats discounted
#   problems.
# - E. Even-Dar and Y. Mansour, "Learning Rates for Q-learning", *Journal of Machine
#   Learning Research* 5, 1–25, 2003: why $1/n$ is a slow choice.
# - F. Pardo and others, "Time Limits in Reinforcement Learning", *ICML*, 2018: more
#   about section 8.
# - C. J. C. H. Watkins, *Learning from Delayed Rewards*, PhD thesis, King's College,
#   Cambridge, 1989, and G. A. Rummery and M. Niranjan, *On-line Q-learning Using
#   Connectionist Systems*, technical report CUED/F-INFENG/TR 166, Cambridge University,
#   1994: where Q-learning and SARSA were first described.
