# ---
# title: Linear Q-learning on CartPole
# line: function approximation by hand, and why features decide
# minutes: 120
# ---

# %% title [markdown]
# # Function approximation by hand: linear Q-learning on CartPole
#
# At the end of this lesson you will be able to
#
# - replace the table of action values by a function with a few weights, and derive how
#   Q-learning changes those weights (the *semi-gradient*);
# - write the whole algorithm in NumPy: targets, update, exploration and a replay buffer;
# - tell an agent that fails because of a bug from one that fails because its features
#   cannot express what it has to learn;
# - recognise the *deadly triad* when it is at work, and live with it.
#
# **Time:** about 2 hours. **Builds on:** lesson {lesson:mdp_q_learning} (Q-learning, targets,
# *terminated* and *truncated*), derivatives of a square, and NumPy arrays.

# %% imports
import time
from collections import deque
from types import SimpleNamespace
from typing import NamedTuple

import gymnasium as gym
import labkit
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# %% clip-theory [markdown]
# Here is where the lesson leads: a pole balanced for 500 steps by an agent that you
# will have written line by line. All that it has learned is 30 numbers.

# %% clip tags=["nbval-ignore-output"]
labkit.show(
    labkit.load(
        "linear_q_cartpole",
        _("A cart moves left and right under a pole and keeps it upright"),
    )
)

# %% cartpole [markdown]
# ## 1. From a table to a function
#
# ![A cart on a track carries a pole. The cart's position p and velocity and the pole's
# angle beta and angular velocity are marked; arrows show action 0, a push to the left,
# and action 1, a push to the right; dashed lines show the limits of 2.4 metres and 12
# degrees](../../images/cartpole.png)
#
# CartPole (Barto, Sutton and Anderson, 1983) in one table:
#
# | | |
# |---|---|
# | state $s$ | position $p$ (m), velocity $\dot p$ (m/s), angle $\beta$ (rad), angular velocity $\dot\beta$ (rad/s) |
# | actions | 0: push to the left, 1: push to the right |
# | reward | 1 for each step |
# | terminated | the pole leans more than 12° (0.21 rad), or the cart is more than 2.4 m from the centre |
# | truncated | after 500 steps of 0.02 s each |
#
# The table of lesson {lesson:mdp_q_learning} had one number for each state and action. Now a state is four
# *real* numbers, and the agent hardly ever sees the same state twice. Even ten bins for
# each number would make $10^4 \times 2 = 20\,000$ entries, and what one entry learns
# its neighbours would not know.
#
# So we give up the table and take a **function** with a few adjustable weights. A
# change of the weights changes the value of *every* state at once. That is what lets
# the agent generalise, and you will see that it is also where the trouble comes from.

# %% phi-theory [markdown]
# ### Features
#
# The simplest such function is linear. Describe the pair $(s, a)$ by a vector of
# numbers, its **features** $\phi(s, a)$, and weight them:
#
# $$ Q(s, a; \theta) = \theta^\top \phi(s, a) = \sum_k \theta_k\, \phi_k(s, a) $$
#
# (Sutton and Barto write $\mathbf w$ for the weights and $\mathbf x$ for the features.)
#
# Which features? CartPole is symmetric: what is good to the right is bad to the left.
# That suggests four features, the state itself with the sign of the push:
#
# $$ \phi(s, a) = \begin{cases} \phantom{-}s & \text{if } a = 1 \\
#    -s & \text{if } a = 0 \end{cases} $$
#
# It looks reasonable. Let us build the whole agent on it and see.

# %% phi-hint [markdown]
# <details><summary>Hint</summary>
#
# `np.where(condition, x, y)` takes from `x` where the condition holds, from `y`
# elsewhere. (An `if` would take *one* decision for the whole batch.)
#
# Why the line that is there already? For a batch of 32, `action` has shape `(32,)` and
# `obs` has shape `(32, 4)`; NumPy cannot line these up. With `[..., None]` the actions
# have shape `(32, 1)`: one for each row, for all four columns.
#
# </details>

# %% phi tags=["exercise"] points=1
def phi(obs: np.ndarray, action: int | np.ndarray) -> np.ndarray:
    """Features of one pair of state and action, or of a batch of pairs.

    Args:
        obs: states, shape (4,) or (B, 4).
        action: 0 (left) or 1 (right): a number, or shape (B,).

    Returns:
        The state where the action is 1, its opposite where it is 0; shape as `obs`.
    """
    action = np.asarray(action)[..., None]  # shape (1,) or (B, 1)
    # TODO: the state or its opposite.
    ### BEGIN SOLUTION
    return np.where(action == 1, obs, -obs)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% phi-expected [markdown]
# `phi([0.1, 0.2, 0.3, 0.4], 0)`, with the list made an array, is
# `[-0.1, -0.2, -0.3, -0.4]`.

# %% phi-check tags=["check"]
s = np.array([0.5, -1.0, 2.0, 3.0])
mistakes = [
    (-s, _("The sign is the wrong way round: action 1 keeps the state as it is.")),
]
labkit.check_value("phi(s, 1)", phi(s, 1), s, mistakes=mistakes)
mistakes = [
    (s, _("Action 0 must change the sign of the state.")),
    (0 * s, _("Action 0 gives zeros: multiply by -1, not by the action.")),
]
labkit.check_value("phi(s, 0)", phi(s, 0), -s, mistakes=mistakes)
# Four states, so that signs put on columns instead of rows show.
batch = np.arange(1.0, 17.0).reshape(4, 4)
signs = np.array([1.0, -1.0, -1.0, 1.0])
mistakes = [
    (batch * signs, _("The signs go by column: each row has its own action.")),
    (batch, _("In a batch, each row must get the sign of its own action.")),
    (-batch, _("In a batch, each row must get the sign of its own action.")),
]
want = batch * signs[:, None]
got = phi(batch, np.array([1, 0, 0, 1]))
labkit.check_value(_("phi(...) of a batch"), got, want, mistakes=mistakes)
labkit.passed()

# %% q-values-theory [markdown]
# ### The value of each action
#
# To choose an action, and to form a target, the agent needs $Q(s, a; \theta)$ for every
# action $a$. Write a function that takes the features as an *argument*, as you pass a
# number: later we will exchange the features and keep the rest.
#
# `q_values(theta, s, [0, 1], phi)` with $\theta = (1, 0, 2, 0)$ and
# $s = (3, 9, 1, 9)$ must be $(-5, 5)$: the action 1 has the value
# $1 \cdot 3 + 2 \cdot 1 = 5$, the action 0 the opposite.

# %% q-values-hint [markdown]
# <details><summary>Hint</summary>
#
# The value of one action, for one state or for a batch of them, is
# `features(obs, action) @ theta`. Collect these for all actions in a list, and let
# `np.stack(list, axis=-1)` put them side by side along a new *last* axis.
#
# </details>

# %% q-values tags=["exercise"] points=1
def q_values(theta: np.ndarray, obs: np.ndarray, actions, features) -> np.ndarray:
    """Action values of one state, or of a batch of states.

    Args:
        theta: weights, shape (n,).
        obs: states, shape (4,) or (B, 4).
        actions: list of A actions.
        features: function (obs, action) -> features, shape (n,) or (B, n).

    Returns:
        One value for each action, in the order of the list: shape (A,) or (B, A).
    """
    # TODO: the value of each action, side by side.
    ### BEGIN SOLUTION
    values = [features(obs, action) @ theta for action in actions]
    return np.stack(values, axis=-1)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% q-values-check tags=["check"]
theta = np.array([1.0, 0.0, 2.0, 0.0])
s = np.array([3.0, 9.0, 1.0, 9.0])
mistakes = [
    (np.array([5.0, -5.0]), _("The values are in the wrong order: keep the list's.")),
    (np.array([5.0, 5.0]), _("Both values are equal: does `features` get the action?")),
    (np.array(5.0), _("Return the values of all actions, not the largest one.")),
]
got = q_values(theta, s, [0, 1], phi)
labkit.check_value(
    _("q_values(...) of one state"), got, np.array([-5.0, 5.0]), mistakes=mistakes
)
states = np.array([s, 2 * s, -s])
want = np.array([[5.0, -5.0], [10.0, -10.0], [-5.0, 5.0]])
mistakes = [
    (-want, _("Use the actions of the list in its order: here it is [1, 0].")),
    (want.T, _("The axes are swapped: a row for each state, a column for each action.")),
    (want[:, :1] * [1, 1], _("All columns are equal: does `features` get the action?")),
]
got = q_values(theta, states, [1, 0], phi)
labkit.check_value(_("q_values(...) of a batch"), got, want, mistakes=mistakes)


def other(obs, action):
    """Other features than phi."""
    one = 1 + 0 * obs[..., 0]
    return np.stack([obs[..., 0], obs[..., 1], action * one, one], axis=-1)


got = q_values(np.array([1.0, 1.0, 100.0, 0.0]), s, [0, 1], other)
labkit.check(
    np.shape(got) == (2,) and np.allclose(got, [12, 112]),
    _("With other features the values are wrong: call `features`, not phi."),
)
labkit.passed()

# %% targets-theory [markdown]
# ## 2. Learning the weights
#
# ### One-step targets
#
# The target is that of lesson {lesson:mdp_q_learning}. A transition $(s, a, r, s')$ says that $Q(s, a)$
# should be
#
# $$ y = \begin{cases} r & \text{if } s' \text{ is terminal} \\
#    r + \gamma \max_{a'} Q(s', a'; \theta) & \text{otherwise} \end{cases} $$
#
# Only `terminated` means *terminal*. After 500 steps the episode is truncated: the pole
# still stands, and would go on standing, so its value counts.
#
# We work on a **batch** of $B$ transitions at a time. With $\gamma = 0.5$, rewards
# $(1, 2, 3)$, next values $(10, 20)$, $(40, 30)$, $(50, 60)$ and only the third
# transition terminal, the targets are $(11, 22, 3)$.

# %% targets-hint [markdown]
# <details><summary>Hint</summary>
#
# `next_q.max(axis=1)` is the largest value of each row. To multiply by `~terminated`
# (true where *not* terminated) sets it to 0 after a terminal state.
#
# </details>

# %% td-targets tags=["exercise"] points=2
def td_targets(
    reward: np.ndarray, next_q: np.ndarray, terminated: np.ndarray, gamma: float
) -> np.ndarray:
    """One-step Q-learning targets of a batch.

    Args:
        reward: shape (B,).
        next_q: values of all actions in the next states, shape (B, A).
        terminated: bool, shape (B,): the next state is terminal.
        gamma: discount factor.

    Returns:
        The targets, shape (B,).
    """
    # TODO: bootstrap, except after a terminal state.
    ### BEGIN SOLUTION
    return reward + gamma * next_q.max(axis=1) * ~terminated
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% td-targets-check tags=["check"]
reward, next_q = np.array([1.0, 2.0]), np.array([[10.0, 20.0], [40.0, 30.0]])
on = np.array([False, False])
mistakes = [
    (np.array([21.0, 42.0]), _("The next value is not discounted: multiply by gamma.")),
    (np.array([10.5, 21.0]), _("The reward is discounted too: only the next value is.")),
    (np.array([21.0, 17.0]), _("The maximum goes down the columns: take axis=1.")),
    (np.array([21.0, 22.0]), _("One maximum for the whole batch: take axis=1.")),
    (np.array([6.0, 17.0]), _("You take the smallest next value: take the largest.")),
    (np.array([8.5, 19.5]), _("You average the next values: take the largest.")),
    (np.array([16.0, 37.0]), _("You add up the next values: take the largest.")),
    (reward, _("The target is the reward alone, though nothing terminated.")),
]
got = td_targets(reward, next_q, on, 0.5)
want = np.array([11.0, 22.0])
labkit.check_value("td_targets(...)", got, want, mistakes=mistakes)

reward = np.array([1.0, 2.0, 3.0])
next_q = np.array([[10.0, 20.0], [40.0, 30.0], [50.0, 60.0]])
ended = np.array([False, False, True])
mistakes = [
    (
        np.array([11.0, 22.0, 33.0]),
        _(
            "Your targets still bootstrap after `terminated`: "
            "nothing can be earned there, so the target is the reward alone."
        ),
    ),
    (np.array([1.0, 2.0, 33.0]), _("The mask is inverted: use ~terminated.")),
    (np.array([11.0, 22.0, 0.0]), _("The last step has a reward too: y = r, not 0.")),
]
got = td_targets(reward, next_q, ended, 0.5)
want = np.array([11.0, 22.0, 3.0])
labkit.check_value("td_targets(...)", got, want, mistakes=mistakes)
labkit.passed()

# %% gradient-prompt [markdown]
# ### The gradient
#
# The weights should bring the predictions $\theta^\top \phi_i$ near the targets $y_i$,
# where $\phi_i = \phi(s_i, a_i)$. Half the mean squared error measures how near:
#
# $$ J(\theta) = \frac{1}{2B} \sum_{i=1}^{B} \big( y_i - \theta^\top \phi_i \big)^2 $$
#
# **Question 1** (3 points). With pencil and paper, then here:
#
# 1. Derive $\nabla_\theta J$, with the targets $y_i$ held **constant**, and write down
#    one step of gradient descent with the learning rate $\alpha$.
# 2. Let $B = 1$, and let there be one feature for each pair of a state and an action,
#    which is 1 for that pair and 0 for all others. What does your step become?
# 3. The targets contain $\theta$ too. What would the derivative be if we did not hold
#    them constant, and what would the agent change that it should not?

# %% gradient-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. Write $\delta_i = y_i - \theta^\top \phi_i$. By the chain rule
#    $\nabla_\theta \tfrac12 \delta_i^2 = \delta_i \nabla_\theta \delta_i =
#    -\delta_i\, \phi_i$, so that
#    $\nabla_\theta J = -\tfrac1B \sum_i \delta_i\, \phi_i$. A step against the gradient
#    is $\theta \leftarrow \theta + \tfrac{\alpha}{B} \sum_i \delta_i\, \phi_i$.
# 2. Only the weight of the pair $(s, a)$ changes: it *is* the table entry $Q(s, a)$,
#    and the step is $Q(s,a) \leftarrow Q(s,a) + \alpha\, [y - Q(s,a)]$, the Q-learning
#    of lesson {lesson:mdp_q_learning}. A table is a linear function with very many features.
# 3. With $a^*$ the best action in $s'$ (and $s'$ not terminal) the derivative of
#    $\delta$ has a second part, $\gamma\, \phi(s', a^*)$, and the step becomes
#    $\theta \leftarrow \theta + \tfrac{\alpha}{B} \sum_i \delta_i\, [\phi_i - \gamma\,
#    \phi(s'_i, a^*_i)]$. It would also pull the value of the *next* state towards the
#    present prediction. But information should flow backwards in time: what comes later
#    is evidence about the present, not the other way round. The target plays the part of
#    a measured label. Because one part of the gradient is left out on purpose, this is
#    called a *semi-gradient* method.
#
# **What to look for:** (1) the gradient with its sign and the step; (2) the table as a
# special case; (3) the second part of the derivative (or that it moves $Q(s', \cdot)$)
# and a reason for leaving it out. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% td-update-theory [markdown]
# ### The update
#
# As the targets are held constant, this follows only a part of the gradient of the
# error: it is called a *semi-gradient* step.
#
# Now in code. To form the targets, the function calls what you have written; the last
# two steps are yours: the errors, and the new weights. Return *new* weights, and leave
# the array `theta` that you were given as it is.

# %% td-update-hint [markdown]
# <details><summary>Hint</summary>
#
# $\theta \leftarrow \theta + \frac{\alpha}{B} \sum_i \delta_i\, \phi_i$ with
# $\delta_i = y_i - \theta^\top \phi_i$. With the features of the batch in `x`, shape
# `(B, n)`, all predictions at once are `x @ theta`, shape `(B,)`; and the sum
# $\sum_i \delta_i\, \phi_i$ is `errors @ x`, shape `(n,)`.
#
# </details>

# %% td-update tags=["exercise"] points=2
ACTIONS = [0, 1]


def q_update(
    theta: np.ndarray, batch, features, gamma: float, learning_rate: float
) -> np.ndarray:
    """One semi-gradient step of Q-learning on a batch.

    Args:
        theta: weights, shape (n,); not changed.
        batch: arrays batch.obs and batch.next_obs, shape (B, 4), batch.action,
            batch.reward and batch.terminated, shape (B,).
        features: function (obs, action) -> features, shape (B, n).
        gamma: discount factor.
        learning_rate: step size alpha, for the mean over the batch.

    Returns:
        The new weights, shape (n,).
    """
    next_q = q_values(theta, batch.next_obs, ACTIONS, features)  # (B, A)
    targets = td_targets(batch.reward, next_q, batch.terminated, gamma)  # (B,)
    x = features(batch.obs, batch.action)  # (B, n)
    # TODO: the errors, shape (B,); then the new weights.
    ### BEGIN SOLUTION
    errors = targets - x @ theta
    return theta + learning_rate * errors @ x / len(errors)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% td-update-expected [markdown]
# The check takes a batch of four and the weights $(1, 0, 0, 0)$. By hand: predictions
# $(2, 0, -1, 1)$, targets $(3, 3, 1, 3)$, hence errors $(1, 3, 2, 2)$ and, for
# $\alpha = 0.1$, the new weights $(1.05, -0.075, -0.05, 0.05)$.

# %% td-update-check tags=["check"]
theta = np.array([1.0, 0.0, 0.0, 0.0])
four = labkit.Batch(
    obs=np.array([[2.0, 0, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]]),
    action=np.array([1, 0, 0, 1]),
    reward=np.array([1.0, 3.0, 0.0, 1.0]),
    next_obs=np.array([[4.0, 0, 0, 0], [6, 0, 0, 0], [2, 0, 0, 0], [4, 0, 0, 0]]),
    terminated=np.array([False, True, False, False]),
)
mistakes = [
    ([0.95, 0.075, 0.05, -0.05], _("The step goes away from the targets: change its sign.")),
    ([1.2, -0.3, -0.2, 0.2], _("The step is 4 times too long: average over the batch.")),
    ([1.1, -0.15, -0.1, 0.1], _("The step is twice too long: J has a factor 1/2.")),
    ([1.5, -0.75, -0.5, 0.5], _("The step is not multiplied by the learning rate.")),
    ([0.05, -0.075, -0.05, 0.05], _("This is the step alone: add it to theta.")),
    ([1.0, 0.0, 0.0, 0.0], _("The weights have not changed: return the new ones.")),
    (
        [0.85, -0.075, -0.05, 0.05],
        _("Your gradient goes through the targets: hold them constant."),
    ),
    (
        [0.975, -0.0625, -0.0875, 0.0375],
        _("Each prediction meets all targets: (B, 1) - (B,) gives a (B, B) array."),
    ),
    ([1.2, -0.075, -0.025, 0.075], _("You use the targets as errors: subtract x @ theta.")),
    (
        [1.05, -0.075, -0.075, 0.075],
        _("The sum runs over the wrong axis: write `errors @ x`, not `x @ errors`."),
    ),
]
mistakes = [(np.array(wrong), message) for wrong, message in mistakes]
before = theta.copy()
got = q_update(theta, four, phi, gamma=0.5, learning_rate=0.1)
labkit.check(
    np.array_equal(theta, before),
    _("q_update(...) changes theta itself: `theta += ...` does that; use theta + ..."),
)
labkit.check(
    np.ndim(got) < 2,
    _(
        "The new weights have two axes: predictions, targets and errors have shape (B,), "
        "and the sum over the batch is `errors @ x`."
    ),
)
want = np.array([1.05, -0.075, -0.05, 0.05])
labkit.check_value("q_update(...)", got, want, mistakes=mistakes)
two = labkit.Batch(*(column[:2] for column in four))  # 2 transitions, 4 weights
got = q_update(before, two, phi, gamma=0.5, learning_rate=0.1)
mistakes = [
    (
        np.array([1.05, -0.075, 0.0, 0.0]),
        _("Divide by the number of transitions, not by that of the weights."),
    ),
]
want = np.array([1.1, -0.15, 0.0, 0.0])
labkit.check_value(_("q_update(...) of 2 transitions"), got, want, mistakes=mistakes)
labkit.passed()

# %% epsilon-theory [markdown]
# ## 3. Acting and remembering
#
# ### Epsilon-greedy
#
# As in lesson {lesson:mdp_q_learning}: with probability $\varepsilon$ any action, all equally likely;
# otherwise one with the largest value. With $\varepsilon = 0.3$ and 3 actions the best
# one is taken with probability $0.7 + 0.3/3 = 0.8$.

# %% epsilon-hint [markdown]
# <details><summary>Hint</summary>
#
# `rng.random()` is a number between 0 and 1: it is below `epsilon` with probability
# `epsilon`. `rng.integers(n)` draws one of 0, 1, ..., n - 1.
#
# </details>

# %% epsilon-greedy tags=["exercise"] points=1
def epsilon_greedy(q: np.ndarray, epsilon: float, rng: np.random.Generator) -> int:
    """Choose an action.

    Args:
        q: values of the actions in the present state, shape (A,).
        epsilon: probability of a random action, 0 to 1.
        rng: source of the random numbers.

    Returns:
        The number of the action.
    """
    # TODO: a random action with probability epsilon, else the best one.
    ### BEGIN SOLUTION
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(np.argmax(q))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% epsilon-greedy-check tags=["check"]
q = np.array([1.0, 3.0, 2.0])


def shares(epsilon):
    """Share of each action in 20,000 choices."""
    rng = np.random.default_rng(0)
    chosen = [epsilon_greedy(q, epsilon, rng) for i in range(20_000)]
    labkit.check(
        None not in chosen, _("epsilon_greedy(...) gives None: is a `return` missing?")
    )
    labkit.check(
        set(map(str, chosen)) <= {"0", "1", "2"},
        _("epsilon_greedy(...) must return the number of an action: 0, 1 or 2 here."),
    )
    return np.bincount(chosen, minlength=3) / 20_000


greedy_share, share, random_share = shares(0.0), shares(0.3), shares(1.0)
labkit.check(
    greedy_share[0] < 0.9, _("The worst action is taken: argmax, not argmin, of q.")
)
labkit.check(
    greedy_share[1] > 0.1,
    _("With epsilon = 0 the best action is never taken: is the test the wrong way round?"),
)
labkit.check(
    abs(share[1] - 0.53) > 0.03,
    _("The best action is too rare: random with probability epsilon, not 1 - epsilon."),
)
labkit.check(
    abs(share[1] - 0.7) > 0.03,
    _("The random action must be any of them, the best one included."),
)
labkit.check(
    greedy_share[1] == 1, _("With epsilon = 0 always take the action with the largest q.")
)
labkit.check(
    np.abs(random_share - 1 / 3).max() < 0.03,
    _("With epsilon = 1 the actions must all be equally likely."),
)
labkit.check(
    abs(share[1] - 0.8) < 0.03,
    _(f"epsilon = 0.3: the best action has a share of {labkit.number(share[1]):.2f}, expected 0.80."),
)
labkit.check(
    np.array_equal(share, shares(0.3)),
    _("The same seed gives other actions: draw from `rng`, not from np.random."),
)
labkit.passed()

# %% replay-theory [markdown]
# ### A replay buffer
#
# Gradient descent likes batches of *independent* examples. The steps of an episode are
# anything but: each state is nearly the one before. And a transition seen once and
# thrown away is wasted. A **replay buffer** (Lin, 1992) cures both: keep the last
# 50,000 transitions, and draw each batch from them at random, each transition equally
# likely, with replacement.
#
# The store is a `deque` of limited length: when it is full, the oldest entry drops out.
# What it stores about the end is `terminated` alone; a time limit ends the episode, not
# the world.

# %% replay-hint [markdown]
# <details><summary>Hint</summary>
#
# Draw `size` row numbers with `self.rng.integers(len(self), size=size)`, and collect
# the transitions in a list. `zip(*list)` turns a list of transitions into columns:
# first all `obs`, then all `action`, and so on. Make each column an array, and pass the
# five arrays to `labkit.Batch`, a named tuple with the fields obs, action, reward,
# next_obs, terminated.
#
# </details>

# %% replay-memory tags=["exercise"] points=2
class ReplayMemory:
    """The last `capacity` transitions, to draw batches from."""

    def __init__(self, capacity: int, seed: int | None = None):
        self.transitions = deque(maxlen=capacity)
        self.rng = np.random.default_rng(seed)

    def __len__(self) -> int:
        return len(self.transitions)

    def add(self, obs, action, reward, next_obs, terminated) -> None:
        """Store one transition; the oldest one makes room when the memory is full."""
        self.transitions.append((obs, action, reward, next_obs, terminated))

    def sample(self, size: int) -> labkit.Batch:
        """Draw `size` transitions, uniformly and with replacement.

        Returns:
            Five arrays: obs and next_obs of shape (size, 4), the others (size,).
        """
        # TODO: draw whole transitions; then make an array of each column.
        ### BEGIN SOLUTION
        rows = self.rng.integers(len(self), size=size)
        drawn = [self.transitions[row] for row in rows]
        return labkit.Batch(*[np.array(column) for column in zip(*drawn)])
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION

# %% replay-memory-check tags=["check"]
memory = ReplayMemory(capacity=10, seed=0)
for i in range(14):  # the first four drop out
    memory.add(np.full(4, i), i % 2, float(i), np.full(4, i + 1), i == 13)
batch = memory.sample(2000)
labkit.check(
    batch is not None, _("memory.sample(...) gives None: is a `return` missing?")
)
labkit.check(
    isinstance(batch, tuple) and len(batch) == 5,
    _("memory.sample(...) must return a labkit.Batch of five arrays."),
)
labkit.check(
    all(isinstance(column, np.ndarray) for column in batch),
    _("Each of the five columns must be a NumPy array: use np.array."),
)
batch = labkit.Batch(*batch)
labkit.check(
    [column.shape[1:] for column in batch] == [(4,), (), (), (4,), ()]
    and {len(column) for column in batch} == {2000},
    _("A batch of 2,000 needs the shapes (2000, 4), (2000,), (2000,), (2000, 4), (2000,)."),
)
numbers = batch.obs[:, 0].astype(int)
labkit.check(
    np.array_equal(batch.reward, numbers)
    and np.array_equal(batch.action, numbers % 2)
    and np.array_equal(batch.next_obs[:, 3], numbers + 1)
    and np.array_equal(batch.terminated, numbers == 13),
    _("A row mixes several transitions: draw one row number for all five columns."),
)
counts = np.bincount(numbers, minlength=14)[4:]
labkit.check(counts.min() > 0, _("Some stored transitions are never drawn."))
labkit.check(
    130 < counts.min() and counts.max() < 270,
    _("The transitions are not drawn equally often: use rng.integers(len(self), ...)."),
)
labkit.check(
    len(set(np.diff(numbers[:50]).tolist())) > 3,
    _("The rows come in a fixed order: draw them at random."),
)
labkit.check(
    not np.array_equal(numbers, memory.sample(2000).obs[:, 0]),
    _("Two batches are equal: draw from self.rng, made once, not from a new generator."),
)
labkit.passed()

# %% replay-speed-theory [markdown]
# Yours is correct, and slow: each batch visits 32 Python tuples. `labkit.ReplayBuffer`
# has the same two methods, but keeps one long array for each column and so draws a
# batch with five array operations. From here on we use that one. How much faster is it?

# %% replay-speed tags=["nbval-ignore-output"]
for memory in (ReplayMemory(50_000, seed=0), labkit.ReplayBuffer(50_000, (4,), seed=0)):
    for i in range(5000):
        memory.add(np.full(4, i), i % 2, 1.0, np.full(4, i + 1), False)
    start = time.perf_counter()
    for draw in range(500):
        memory.sample(32)
    microseconds = (time.perf_counter() - start) / 500 * 1e6
    name = type(memory).__name__
    print(_(f"{name}: {microseconds:.0f} µs for a batch of 32"))

# %% agent-theory [markdown]
# ## 4. Batch linear Q-learning
#
# An agent is what Q-learning carries from one episode to the next: weights, memory,
# settings and random numbers. It also keeps a history: a `Moment` for every tenth
# episode, with the weights of that time and how well they play greedily. That is how
# the **best** weights are kept: learning is no steady climb, and the last weights are
# often not the best ones.
#
# $\varepsilon$ is multiplied by 0.98 after each episode, from 1 down to 0.01.

# %% agent
class Moment(NamedTuple):
    """An agent at some point of its training."""

    episode: int  # training episodes so far
    theta: np.ndarray  # its weights at that time
    mean: float  # mean return of a greedy test with these weights


class Agent:
    """What Q-learning carries from one episode to the next."""

    def __init__(self, features, size, learning_rate, seed, gamma=0.99, batch_size=32):
        self.features = features  # function (obs, action) -> features
        self.learning_rate = learning_rate  # how far one update moves the weights
        self.gamma = gamma  # discount factor: looks about 100 steps ahead
        self.batch_size = batch_size  # transitions in one update
        self.rng = labkit.seed_everything(seed)  # for the weights and for exploration
        self.theta = self.rng.normal(size=size)  # weights, drawn from N(0, 1)
        self.buffer = labkit.ReplayBuffer(50_000, (4,), seed=seed)
        self.env = gym.make("CartPole-v1")
        self.env.reset(seed=seed)
        self.returns: list[float] = []  # of the training episodes
        self.history: list[Moment] = []

    @property
    def epsilon(self) -> float:
        """Probability of a random action in the present episode."""
        return labkit.exponential_decay(1.0, 0.01, 0.98, len(self.returns))

    @property
    def best(self) -> Moment:
        """The moment with the best greedy test."""
        return max(self.history, key=lambda moment: moment.mean)

# %% episode-theory [markdown]
# ### One episode of learning
#
# At each step the agent
#
# 1. computes the values of the two actions in `obs` and chooses one, epsilon-greedy;
# 2. takes the action in its environment;
# 3. stores the transition (with `terminated`, whatever ended the episode);
# 4. draws a batch and updates its weights.
#
# All settings are in `agent`. Everything is there: five lines put it together.

# %% episode-hint [markdown]
# <details><summary>Hint</summary>
#
# `q_values(agent.theta, obs, ACTIONS, agent.features)` gives what `epsilon_greedy`
# needs. `agent.env.step(action)` returns five things: name them `next_obs, reward,
# terminated, truncated, info`, as the line below the gap expects. `q_update` returns
# the new weights: store them in `agent.theta`.
#
# </details>

# %% learn-one-episode tags=["exercise"] points=2
def q_episode(agent: Agent) -> float:
    """Play one episode, epsilon-greedy, and learn from one batch after each step.

    Args:
        agent: its theta and its buffer are changed.

    Returns:
        The undiscounted return of the episode.
    """
    obs, info = agent.env.reset()
    total, done = 0.0, False
    while not done:
        # TODO: choose, step, store, and update agent.theta with a batch.
        ### BEGIN SOLUTION
        q = q_values(agent.theta, obs, ACTIONS, agent.features)
        action = epsilon_greedy(q, agent.epsilon, agent.rng)
        next_obs, reward, terminated, truncated, info = agent.env.step(action)
        agent.buffer.add(obs, action, reward, next_obs, terminated)
        batch = agent.buffer.sample(agent.batch_size)
        agent.theta = q_update(
            agent.theta, batch, agent.features, agent.gamma, agent.learning_rate
        )
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION
        obs, total, done = next_obs, total + reward, terminated or truncated
    return total

# %% episode-script
# Stands in for CartPole in the check: three steps with known observations.
script = np.array([[1.0, 0, 0, 0], [-1, 1, 0, 0], [1, 2, 0, 0], [9, 3, 0, 0]])


def rehearse(ending: str, epsilon: float = 0.0, seed: int = 0):
    """Let q_episode play the script; return the agent and the return."""
    empty = _("Store the transition before you draw a batch.")
    agent = SimpleNamespace(
        theta=np.array([-1.0, 0.0, 0.0, 0.0]),
        features=lambda obs, action: -phi(obs, action),  # not phi: an agent has its own
        gamma=0.9, learning_rate=1e-3, batch_size=8, epsilon=epsilon,
        rng=np.random.default_rng(seed),
        env=labkit.ScriptedEnv(script, [2.0, 2.0, 2.0], ending),
        buffer=labkit.RecordingBuffer((4,), empty=empty),
    )
    return agent, q_episode(agent)

# %% learn-one-episode-check tags=["check"]
agent, total = rehearse("terminated")
added, drawn = agent.buffer.added, [draw.batch for draw in agent.buffer.draws]
labkit.check(
    len(added) == 3,
    _(f"Transitions stored in an episode of 3 steps: {len(added)}. Store each of them."),
)
for step, (obs, action, reward, next_obs, terminated) in enumerate(added):
    labkit.check(
        np.array_equal(obs, script[step])
        and np.array_equal(next_obs, script[step + 1]),
        _("A transition must hold the obs *before* the step and the one after it."),
    )
    labkit.check(
        (action, reward) == (agent.env.actions[step], 2.0),
        _("A transition must hold the action taken and its own reward."),
    )
labkit.check(
    agent.env.actions == [1, 0, 1],
    _(
        "With epsilon = 0 the agent must take the action with the largest value: use "
        "agent.theta and agent.features."
    ),
)
labkit.check(
    [transition.terminated for transition in added] == [False, False, True],
    _("Store `terminated` as the environment gives it."),
)
labkit.check(
    not any(row.terminated for row in rehearse("truncated")[0].buffer.added),
    _("A time limit is stored as the end of the world: store `terminated` alone."),
)
labkit.check(
    len({tuple(rehearse("terminated", 1.0, s)[0].env.actions) for s in range(40)}) > 4,
    _("With epsilon = 1 the actions must be random: use epsilon_greedy, agent.epsilon."),
)
labkit.check(
    len(drawn) == 3,
    _(f"Batches drawn in an episode of 3 steps: {len(drawn)}. Learn once at each step."),
)
labkit.check(
    {len(batch.reward) for batch in drawn} == {8},
    _("Draw agent.batch_size transitions for each update."),
)
theta = np.array([-1.0, 0.0, 0.0, 0.0])
labkit.check(
    not np.array_equal(agent.theta, theta),
    _("The weights never change: store what q_update returns in agent.theta."),
)
for batch in drawn:
    theta = q_update(theta, batch, agent.features, 0.9, 1e-3)
labkit.check(
    np.allclose(agent.theta, theta, rtol=1e-9),
    _(
        "The weights differ: use agent.features, agent.gamma and agent.learning_rate, "
        "one update a step."
    ),
)
labkit.check_value("q_episode(...)", total, 6.0)
labkit.passed()

# %% train-theory [markdown]
# ### Testing and training
#
# The return of a training episode is a poor measure: it includes random actions, and the
# weights change while the episode runs. So the agent is tested apart: greedy, with
# fixed weights, on 20 episodes with other seeds. `greedy_returns` plays all of them
# side by side, in one environment that holds many carts.
#
# `train` stops early when a test is perfect. Where a curve is drawn you may interrupt it
# at any time (the square button ■): nothing is lost, and running the cell again goes on
# from there. The cells that train ten agents start afresh.

# %% train
def greedy_returns(theta, features, episodes: int, seed: int) -> np.ndarray:
    """Returns of episodes of greedy play, all at once: shape (episodes,)."""
    values = lambda obs: q_values(theta, obs, ACTIONS, features)
    return labkit.greedy_returns("CartPole-v1", values, episodes=episodes, seed=seed)


def greedy_test(agent: Agent) -> None:
    """Add the present moment to the agent's history."""
    mean = greedy_returns(agent.theta, agent.features, 20, seed=20_000).mean()
    agent.history.append(Moment(len(agent.returns), agent.theta, mean))


def train(
    agent: Agent, episodes: int = 300, plot: labkit.LivePlot | None = None
) -> None:
    """Learn until there are so many episodes in all, or until a test is perfect."""
    if not agent.history:
        greedy_test(agent)  # the untrained agent
    remaining = range(len(agent.returns), episodes)
    try:
        for episode in labkit.progress(remaining, _("episodes")) if plot else remaining:
            if agent.best.mean == 500:
                break
            agent.returns.append(q_episode(agent))
            if plot:
                plot.add(agent.returns[-1])
            if len(agent.returns) % 10 == 0:
                greedy_test(agent)
    except KeyboardInterrupt:
        if plot is None:  # one of several agents: stop the whole cell
            raise
        print(_("Interrupted: run the cell again to go on."))

# %% phi-agent
runs = labkit.Runs()  # trained agents by name, for the cells that follow
phi_agent = Agent(phi, size=4, learning_rate=1e-3, seed=3)

# %% phi-train tags=["training", "nbval-ignore-output"]
with labkit.LivePlot(_("Features: the state and its opposite"), solved_at=475) as plot:
    plot.values.extend(phi_agent.returns)  # what was there before an interruption
    train(phi_agent, episodes=300, plot=plot)
runs["phi"] = phi_agent

# %% phi-evaluate tags=["nbval-ignore-output"]
def greedy_policy(agent: Agent):
    """The function from an observation to the best action, with the best weights."""
    theta, features = agent.best.theta, agent.features
    return lambda obs: int(q_values(theta, obs, ACTIONS, features).argmax())


print(labkit.evaluate(gym.make("CartPole-v1"), greedy_policy(runs["phi"])))

# %% phi-read [markdown]
# Expect a mean of about 35 steps out of 500: 0.7 seconds of balance. The curve has
# hardly moved in 300 episodes. Print `runs["phi"].best.episode`, too: if it is 0, no
# test was better than the one *before* the training.
#
# Bad luck? A bug? Every part has passed its check. Before we blame anything we look at
# more than one run.

# %% seeds-theory [markdown]
# ## 5. Why does it fail?
#
# One run is an anecdote. Train ten agents that differ only in their seed, and measure
# each of them greedily over 100 episodes, before the training and after it.

# %% seeds
def train_seeds(features, size, learning_rate, **settings) -> list[Agent]:
    """Ten agents, trained with the seeds 0 to 9."""
    agents = []
    for seed in labkit.progress(10, _("seeds")):
        agents.append(Agent(features, size, learning_rate, seed, **settings))
        train(agents[-1])
    return agents


def score(agent: Agent, moment: Moment) -> float:
    """Mean return of 100 greedy episodes with the weights of that moment."""
    return greedy_returns(moment.theta, agent.features, 100, seed=10_000).mean()


NAMES = {
    "untrained": _("untrained"),
    "last": _("last weights"),
    "best": _("best weights"),
    "episodes": _("episodes"),
}


def scores(agents: list[Agent]) -> pd.DataFrame:
    """One row for each agent: its first, last and best weights, and how long it took."""
    return pd.DataFrame(
        {
            "untrained": [score(agent, agent.history[0]) for agent in agents],
            "last": [score(agent, agent.history[-1]) for agent in agents],
            "best": [score(agent, agent.best) for agent in agents],
            "episodes": [len(agent.returns) for agent in agents],
        }
    )

# %% phi-seeds tags=["training", "nbval-ignore-output"]
runs["phi seeds"] = train_seeds(phi, size=4, learning_rate=1e-3)
runs["phi scores"] = scores(runs["phi seeds"])
runs["phi scores"].rename(columns=NAMES).round(1)

# %% phi-seeds-check tags=["check", "nbval-check-output"]
labkit.check(
    runs["phi scores"]["last"].median() < 200,
    _("With these features most seeds should fail: check phi and the settings."),
)
labkit.passed(_("Most seeds fail, as they should."))

# %% phi-plot tags=["nbval-ignore-output"]
table = runs["phi scores"]
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
axes.plot([8, 520], [8, 520], color="0.7", label=_("no change"))
axes.loglog(table["untrained"], table["last"], "o", alpha=0.6, label=_("one seed"))
axes.set(
    xlabel=_("greedy return, untrained"),
    ylabel=_("greedy return, at the end"),
    xticks=[10, 30, 100, 300, 500],
    yticks=[10, 30, 100, 300, 500],
)
axes.set_xticklabels([10, 30, 100, 300, 500])
axes.set_yticklabels([10, 30, 100, 300, 500])
axes.minorticks_off()
axes.legend()
plt.show()

# %% phi-plot-read [markdown]
# Most points lie on the line or near it. Agents that begin badly end badly; those that
# keep the pole up for a while could do so before their first lesson. Where a point has
# left the line, it may as well have gone down as up. 300 episodes of learning have
# decided little: the draw of the first weights did.
#
# Perhaps four features are too few to balance a pole? Try weights written by hand: push
# to the right if $0.1\, p + 0.5\, \dot p + 4\, \beta + \dot\beta > 0$.

# %% by-hand
by_hand = np.array([0.1, 0.5, 4.0, 1.0])
print(labkit.number(greedy_returns(by_hand, phi, 100, seed=10_000).mean()))

# %% belief-theory [markdown]
# 500 of 500, in all of 100 episodes. These features can *act* perfectly!
#
# One more clue. At each step of a greedy episode compare what the agent *believes* it
# will still collect, $\max_a Q(s, a)$, with the discounted return that it does collect
# from there. (For this plot the time limit is 1,000 steps.)

# %% belief
def plot_belief(agent: Agent, title: str) -> None:
    """Plot both, over the first 300 steps."""
    # It plays with the last weights: the best ones may be those before any training.
    values = lambda obs: q_values(agent.theta, obs, ACTIONS, agent.features)
    env = gym.make("CartPole-v1", max_episode_steps=1000)
    belief, truth = labkit.belief_and_truth(env, values, gamma=agent.gamma, seed=10_000)
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    axes.plot(truth[:300], label=_("really collected from here on"))
    axes.plot(belief[:300], "--", label=_("believed: $\\max_a Q(s, a)$"))
    axes.set(title=title, xlabel=_("step of the episode"), ylabel=_("discounted return"))
    axes.set_ylim(bottom=0)
    axes.legend()
    plt.show()

# %% phi-belief tags=["nbval-ignore-output"]
plot_belief(runs["phi"], _("Features: the state and its opposite"))

# %% why-prompt [markdown]
# **Question 2** (4 points). Find out why the agent fails. Use the definition of $\phi$
# and the two plots.
#
# 1. What is $Q(s, 0) + Q(s, 1)$, for any weights? What value does the agent give to the
#    best state of all, the upright pole at rest ($s = 0$)? What is its true value for an
#    agent that never drops the pole, with $\gamma = 0.99$?
# 2. Nearly every target is larger than the prediction. (Why?) The agent took action 1
#    in $s$ and updates. What happens to $Q(s, 1)$, and what to $Q(s, 0)$, of which it
#    has learned nothing?
# 3. Explain with your second answer why the points lie on the line or near it.
# 4. The weights by hand are perfect, with the same features. What is it then that these
#    features cannot express?

# %% why-answer [markdown] tags=["question"] points=4
# ### BEGIN SOLUTION
# 1. $Q(s, 0) = -\theta^\top s = -Q(s, 1)$: the sum is 0, for ever, whatever is learned.
#    The upright pole gets the value 0 for both actions. Its true value is
#    $1 + \gamma + \gamma^2 + \dots = 1/(1 - \gamma) = 100$.
# 2. The reward is 1 and $\max_{a'} Q(s', a') = |\theta^\top s'| \ge 0$, so every target
#    is at least 1, while predictions are scattered around 0. The update pushes
#    $Q(s, 1)$ up, and because the sum is 0 it pushes $Q(s, 0)$ *down* by as much. The
#    agent concludes from "I went right and got a reward" that going left would have
#    been bad.
# 3. So each update confirms the action taken, good or bad. Random actions confirm both
#    sides about equally often, which cancels; greedy ones confirm what the weights
#    preferred already. What would tell good from bad (the targets after a fall are
#    smaller) drowns in it. Nothing pulls the weights towards better ones, and with this
#    small learning rate they end about where they began.
# 4. They can express the *choice*: the sign of $\theta^\top s$ is a good policy for
#    good weights. They cannot express the *values*: what both actions have in common,
#    the worth of the state itself, is 0 by construction, when it ought to lie between 1
#    and 100. Q-learning fits values, not choices. It spends its weights on an error that
#    they cannot remove.
#
# **What to look for:** (1) antisymmetry, 0 against 100; (2) the other action is pushed
# down although nothing was learned about it; (3) updates confirm whatever is done; (4)
# policy expressible, values not. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% features-theory [markdown]
# ## 6. Better features
#
# The algorithm stays as it is. Only the features change, in three ways.
#
# **Scale.** The angle stays below 0.21 rad while positions reach 2.4 m, so the same
# step moves their weights at different speeds. Divide the state by typical values of a
# balanced pole, so that all four numbers have about the same size.
#
# **Shape.** The value of a state is highest in the middle and falls to both sides. A
# straight line cannot do that; a parabola can. With $z = (1, z_1, z_2, z_3, z_4)$, a
# one and the scaled state, take all products $z_i z_j$ with $i \le j$. These are 15
# numbers: the constant 1, the four $z_i$, their squares and the products of two.
#
# **One weight vector for each action.** Put the 15 numbers into the first half of a
# vector of 30 if $a = 0$, into the second half if $a = 1$, and zeros into the other
# half. Each action then has weights of its own, and $Q$ is still linear in $\theta$.

# %% features-hint [markdown]
# <details><summary>Hint</summary>
#
# For the one in front: `np.ones((*obs.shape[:-1], 1))` has shape `(1,)` or `(B, 1)`,
# and `np.concatenate([..., ...], axis=-1)` puts two arrays side by side.
#
# For the products: `z[..., ROWS]` picks the first factor of each of the 15 products,
# `z[..., COLUMNS]` the second one.
#
# For the halves: `action == 0` has shape `(1,)` or `(B, 1)`; multiplying by it keeps
# the features or makes them 0.
#
# </details>

# %% per-action-features tags=["exercise"] points=2
SCALE = np.array([1.0, 1.0, 0.1, 1.0])  # m, m/s, rad, rad/s
ROWS, COLUMNS = np.triu_indices(5)  # all i <= j: (0, 0), (0, 1), ..., (4, 4)


def state_features(obs: np.ndarray) -> np.ndarray:
    """1, the scaled state, and all products of two of its numbers.

    Args:
        obs: states, shape (4,) or (B, 4), divided by SCALE in here.

    Returns:
        The 15 products in the order of ROWS and COLUMNS, shape (15,) or (B, 15).
    """
    # TODO: z = (1, scaled state), in the last axis; then the products.
    ### BEGIN SOLUTION
    one = np.ones((*obs.shape[:-1], 1))
    z = np.concatenate([one, obs / SCALE], axis=-1)
    return z[..., ROWS] * z[..., COLUMNS]
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION


def per_action_features(obs: np.ndarray, action: int | np.ndarray) -> np.ndarray:
    """State features in the half that belongs to the action, zeros in the other.

    Args:
        obs: states, shape (4,) or (B, 4).
        action: 0 or 1: a number, or shape (B,).

    Returns:
        Shape (30,) or (B, 30): the first half for action 0, the second for action 1.
    """
    x = state_features(obs)  # (15,) or (B, 15)
    action = np.asarray(action)[..., None]  # (1,) or (B, 1)
    # TODO: two halves side by side.
    ### BEGIN SOLUTION
    return np.concatenate([x * (action == 0), x * (action == 1)], axis=-1)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% per-action-features-expected [markdown]
# For $s = (2, 3, 0.5, 7)$ the scaled state is $(2, 3, 5, 7)$, and `state_features(s)`
# is $(1,\; 2, 3, 5, 7,\; 4, 6, 10, 14,\; 9, 15, 21,\; 25, 35,\; 49)$.

# %% per-action-features-check tags=["check"]
s = np.array([2.0, 3.0, 0.5, 7.0])
x = np.array([1.0, 2, 3, 5, 7, 4, 6, 10, 14, 9, 15, 21, 25, 35, 49])
unscaled = np.array([1.0, 2, 3, 0.5, 7, 4, 6, 1, 14, 9, 1.5, 21, 0.25, 3.5, 49])
wrong_way = np.array([1, 2, 3, 0.05, 7, 4, 6, 0.1, 14, 9, 0.15, 21, 0.0025, 0.35, 49])
mistakes = [
    (unscaled, _("The state is not scaled: divide it by SCALE.")),
    (wrong_way, _("The state is multiplied by SCALE: divide by it.")),
    (x[[0, 1, 2, 3, 4]], _("These are 1 and the state: the products are missing.")),
    (np.outer(x[:5], x[:5]), _("Each product is there twice: use ROWS and COLUMNS.")),
    (
        np.array([4.0, 6, 10, 14, 2, 9, 15, 21, 3, 25, 35, 5, 49, 7, 1]),
        _("Put the 1 in front of the state, not behind it."),
    ),
    (x[ROWS] + x[COLUMNS], _("You add the factors: multiply them.")),
]
got = state_features(s)
labkit.check(
    np.shape(got) != (10,),
    _("There are 10 products instead of 15: put the 1 in front of the state."),
)
labkit.check_value("state_features(s)", got, x, mistakes=mistakes)
batch = np.array([s, 0 * s, s])
got = state_features(batch)
labkit.check_value(
    _("state_features(...) of a batch"), got, np.array([x, [1, *[0] * 14], x])
)

no = np.zeros(15)
want = np.array([[*no, *x], [*got[1], *no], [*x, *no]])
mistakes = [
    (
        np.concatenate([want[:, 15:], want[:, :15]], axis=1),
        _("The halves are swapped: the first one belongs to action 0."),
    ),
    (
        np.concatenate([got, got], axis=1),
        _("Both halves are filled: the one of the other action must be zeros."),
    ),
]
got = per_action_features(batch, np.array([1, 0, 0]))
labkit.check_value(_("per_action_features(...)"), got, want, mistakes=mistakes)
got = per_action_features(s, 1)
labkit.check_value(_("per_action_features(s, 1)"), got, want[0])
labkit.passed()

# %% features-train-theory [markdown]
# The steps may be larger now, $\alpha = 0.05$: the features are of the order of 1, and
# values have a long way to go, from 0 to about 100.

# %% features-agent
agent = Agent(per_action_features, size=30, learning_rate=5e-2, seed=4)

# %% features-train tags=["training", "nbval-ignore-output"]
with labkit.LivePlot(_("One weight vector for each action"), solved_at=475) as plot:
    plot.values.extend(agent.returns)
    train(agent, episodes=300, plot=plot)
runs["per action"] = agent

# %% features-evaluate tags=["nbval-ignore-output"]
print(labkit.evaluate(gym.make("CartPole-v1"), greedy_policy(runs["per action"])))

# %% features-train-check tags=["check", "nbval-check-output"]
trained = runs["per action"]
labkit.check(
    score(trained, trained.best) >= 300,
    _(
        "The trained agent should hold the pole for 300 steps or more. If all checks "
        "above have passed, make the agent with another seed and train it again."
    ),
)
labkit.passed(_("The pole stands."))

# %% features-read [markdown]
# Usually the pole stands for 500 steps, after fewer than 100 episodes. Not a line of the
# algorithm has changed. The learning rate has, but that is not the reason: see
# experiment 1.
#
# ### See it learn
#
# Three moments: untrained, the first test that reached half of the best return, and the
# best weights.

# %% moments tags=["nbval-ignore-output"]
def film(agent: Agent, moment: Moment):
    """A labelled video of one greedy episode with the weights of that moment."""
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    theta, episodes = moment.theta, moment.episode

    def policy(obs):
        return int(q_values(theta, obs, ACTIONS, agent.features).argmax())

    return _(f"after {episodes} episodes"), labkit.record(env, policy, seed=10_000)


trained = runs["per action"]
half = trained.best.mean / 2
middle = next(moment for moment in trained.history if moment.mean >= half)
moments = [trained.history[0], middle, trained.best]
labkit.side_by_side([film(trained, moment) for moment in moments])

# %% features-seeds-theory [markdown]
# ### Ten seeds again
#
# And is *this* more than an anecdote?

# %% features-seeds tags=["training", "nbval-ignore-output"]
runs["per action seeds"] = train_seeds(per_action_features, size=30, learning_rate=5e-2)
runs["per action scores"] = scores(runs["per action seeds"])
runs["per action scores"].rename(columns=NAMES).round(1)

# %% features-seeds-check tags=["check", "nbval-check-output"]
labkit.check(
    runs["per action scores"]["best"].median() >= 400,
    _("The median over ten seeds should be 400 or more: check settings and features."),
)
labkit.passed(_("The median over ten seeds is above 400."))

# %% strip-plot tags=["nbval-ignore-output"]
def strip_plot(tables: dict[str, pd.DataFrame]) -> None:
    """One point for each seed, in a column for each set of features."""
    figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for column, table in enumerate(tables.values()):
        best = table["best"]
        spread = np.linspace(-0.15, 0.15, len(best))  # so that equal points show
        axes.plot(column + spread, best, "o", color="C0", alpha=0.6)
        axes.hlines(best.median(), column - 0.25, column + 0.25, color="C1")
    axes.set_xticks(range(len(tables)), list(tables))
    axes.set(xlim=(-0.5, len(tables) - 0.5), ylabel=_("greedy return (line: median)"))
    axes.grid(axis="y", alpha=0.3)
    plt.show()


strip_plot(
    {
        _("the state\nand its opposite"): runs["phi scores"],
        _("one weight vector\nfor each action"): runs["per action scores"],
    }
)

# %% belief-2-theory [markdown]
# ## 7. Too good to be true: the deadly triad
#
# The policy is excellent. What about the values that it comes from?

# %% belief-2 tags=["nbval-ignore-output"]
plot_belief(runs["per action"], _("One weight vector for each action"))

# %% upright-theory [markdown]
# The agent believes in more than 100, and no policy on earth can collect that: each
# reward is 1, so no discounted return exceeds $1 + \gamma + \gamma^2 + \dots = 100$. Is
# this agent special? Look at the value of the upright pole at rest, in all ten runs,
# while they learn.

# %% upright tags=["nbval-ignore-output"]
def upright_value(agent: Agent, moment: Moment) -> float:
    """Value of the upright pole at rest with the weights of that moment."""
    return q_values(moment.theta, np.zeros(4), ACTIONS, agent.features).max()


agents = runs["per action seeds"]
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
for one in agents:
    episodes = [moment.episode for moment in one.history]
    values = [upright_value(one, moment) for moment in one.history]
    axes.plot(episodes, values, color="C0", alpha=0.6)
axes.axhline(100, color="C3", linestyle="--", label=_("no return can be larger"))
axes.set_yscale("symlog", linthresh=10)
axes.set_ylim(bottom=-2)
axes.set(xlabel=_("training episodes"), ylabel=_("believed value, upright pole"))
axes.legend()
plt.show()

# %% triad-theory [markdown]
# Most runs come to believe the impossible (7 of 10 when we measured), and now and then
# one exceeds the limit many times over. A table that starts at 0 could not do that: a
# new value lies between the old one, at most 100, and a target, which is at most
# $1 + 0.99 \cdot 100 = 100$.
#
# This is no bug of yours. Three ingredients, each of them useful and any two of them
# safe enough, can together make values grow without any cause in the data. Sutton and
# Barto call them the **deadly triad**:
#
# - **function approximation**: a step for one state changes the values of others, the
#   next state's among them;
# - **bootstrapping**: that next value is part of the target, so the target moves when
#   the prediction does;
# - **off-policy learning**: the transitions come from one policy, the values are those
#   of another one, so nothing makes sure that states whose values have been raised by
#   mistake are visited, and corrected, as often as they are used.
#
# The smallest example has one weight $w$ and two states whose features are 1 and 2, so
# that their values are $w$ and $2w$. All rewards are 0, and the true values too. The
# agent learns again and again from the one transition from the first state to the
# second:
#
# $$ w \leftarrow w + \alpha\, \big( 0 + \gamma\, 2w - w \big) \cdot 1
#      = \big( 1 + \alpha\, (2\gamma - 1) \big)\, w $$

# %% triad tags=["nbval-ignore-output"]
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
for gamma, style in [(0.99, "-"), (0.4, "--")]:
    w = [1.0]
    for update in range(100):
        w.append(w[-1] + 0.1 * (gamma * 2 * w[-1] - w[-1]))
    axes.semilogy(w, style, label=rf"$\gamma = {gamma}$")
axes.set(xlabel=_("updates"), ylabel=_("weight $w$ (it should be 0)"))
axes.legend()
plt.show()

# %% triad-read [markdown]
# For $\gamma > 1/2$ the weight grows for ever, *however small the learning rate*: each
# update raises the prediction by a little, and the target by about twice as much. If
# the agent learned equally often from what follows the second state, those updates
# would pull $w$ back. Baird (1995) shows the same in a complete decision problem, in
# which every state is visited again and again.
#
# Take away any one of the three and, for linear functions, values stay within bounds, at
# a price: a table does not scale; full returns, without bootstrapping, are noisy and
# known only at the end of the episode; on-policy learning cannot reuse old experience.
# Our agent, and the deep Q-networks of the next lessons, keep all three and live with
# the danger:
#
# - **Watch the values.** A value above $r_{\max}/(1-\gamma)$ is an alarm that costs
#   nothing.
# - **Test apart from training, and keep the best weights.**
# - Lesson {lesson:dqn_cartpole} adds a *target network*, which slows the chase down.
#
# Why does our agent play so well with such values? A greedy policy compares the two
# actions of *one* state. An error that both share does it no harm.

# %% mirror-theory [markdown]
# ## 8. The right symmetry
#
# Was the symmetry of the pole a bad idea, then? Hold CartPole in front of a mirror:
# state $s$ becomes $-s$, left becomes right. So the true values obey
#
# $$ Q(s, 0) = Q(-s, 1) $$
#
# and that is *not* the same as $Q(s, 0) = -Q(s, 1)$. To build the true symmetry in,
# describe a push to the left by what the mirror shows: the state features of $-s$.
#
# $$ \phi_{\text{mirror}}(s, a) = \begin{cases} x(s) & \text{if } a = 1 \\
#    x(-s) & \text{if } a = 0 \end{cases} $$
#
# where $x$ stands for `state_features`. Half the weights, and each step teaches both
# sides.

# %% mirror-hint [markdown]
# <details><summary>Hint</summary>
#
# Which function of yours turns $s$ into $s$ or $-s$, as the action says? One line.
#
# </details>

# %% mirror-features tags=["exercise"] points=1
def mirror_features(obs: np.ndarray, action: int | np.ndarray) -> np.ndarray:
    """State features of the state (action 1) or of its mirror image (action 0).

    Args:
        obs: states, shape (4,) or (B, 4).
        action: 0 or 1: a number, or shape (B,).

    Returns:
        Shape (15,) or (B, 15).
    """
    # TODO: use two functions that you have written.
    ### BEGIN SOLUTION
    return state_features(phi(obs, action))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% mirror-features-check tags=["check"]
s = np.array([2.0, 3.0, 0.5, 7.0])
x = np.array([1.0, 2, 3, 5, 7, 4, 6, 10, 14, 9, 15, 21, 25, 35, 49])
mirrored = np.array([1.0, -2, -3, -5, -7, 4, 6, 10, 14, 9, 15, 21, 25, 35, 49])
mistakes = [
    (-x, _("You mirror the features: mirror the state, then compute its features.")),
    (x, _("Action 0 must give the features of -s.")),
]
got = mirror_features(s, 0)
labkit.check_value("mirror_features(s, 0)", got, mirrored, mistakes=mistakes)
mistakes = [(mirrored, _("The two actions are swapped: action 1 keeps the state."))]
labkit.check_value("mirror_features(s, 1)", mirror_features(s, 1), x, mistakes=mistakes)
got = mirror_features(np.array([s, s, s]), np.array([0, 1, 0]))
want = np.array([mirrored, x, mirrored])
labkit.check_value(_("mirror_features(...) of a batch"), got, want)
labkit.passed()

# %% mirror-seeds tags=["training", "nbval-ignore-output"]
runs["mirror seeds"] = train_seeds(mirror_features, size=15, learning_rate=5e-2)
runs["mirror scores"] = scores(runs["mirror seeds"])
strip_plot(
    {
        _("the state\nand its opposite"): runs["phi scores"],
        _("one weight vector\nfor each action"): runs["per action scores"],
        _("mirror"): runs["mirror scores"],
    }
)

# %% mirror-seeds-check tags=["check", "nbval-check-output"]
labkit.check(
    runs["mirror scores"]["best"].median() >= 450,
    _("The median over ten seeds should be 450 or more: check mirror_features."),
)
labkit.passed(_("The median over ten seeds is above 450."))

# %% mirror-read [markdown]
# Half the weights, and steadier: in our runs each of the ten seeds reached 480 or more,
# after 30 to 80 episodes.
#
# Now compare with where we began. A mirror changes the sign of $z_1, \dots, z_4$ but
# not of the constant, the squares and the products. In the difference
# $Q(s, 1) - Q(s, 0)$ these cancel, and what remains is
# $2 (\theta_1 z_1 + \dots + \theta_4 z_4)$, where $\theta_i$ is the weight of $z_i$. Its
# sign decides: a linear function of the state. So these features describe **exactly the
# same policies** as the first four did. The eleven others never decide an action. They
# hold what both actions have in common, so that the four are free to learn the
# difference.

# %% bug-theory [markdown]
# ## 9. Find the bug
#
# A colleague likes an algorithm on one page, and has put all of it into one function.
# It learns. It keeps the best weights. But when she tests those weights again, on the
# very same 20 episodes, they score something else: in one of our runs her best test was
# 500.0 and the second test of the same weights 9.8.
#
# Delete the line with `raise`, run that cell and the one after it, and look for the
# bug. It takes two lines to make it, and mending either of them is enough.

# %% bug-hint [markdown]
# <details><summary>Hint</summary>
#
# Which line changes an array that another name still refers to? Try
# `a = np.zeros(2); b = a; a += 1; print(b)`.
#
# </details>

# %% on-one-page tags=["exercise"] points=2
# TODO: find the bug and mend it.
### BEGIN SOLUTION
def on_one_page(seed: int, episodes: int = 65) -> tuple[np.ndarray, float]:
    """Q-learning on CartPole; return the best weights and the mean of their test."""
    rng = labkit.seed_everything(seed)
    env, buffer = gym.make("CartPole-v1"), labkit.ReplayBuffer(50_000, (4,), seed=seed)
    env.reset(seed=seed)
    theta = rng.normal(size=30)
    best_theta, best_mean = theta, -1.0
    for episode in range(1, episodes + 1):
        obs, info = env.reset()
        done = False
        while not done:
            q = q_values(theta, obs, ACTIONS, per_action_features)
            action = epsilon_greedy(q, max(0.01, 0.98**episode), rng)
            next_obs, reward, terminated, truncated, info = env.step(action)
            buffer.add(obs, action, reward, next_obs, terminated)
            batch = buffer.sample(32)
            next_q = q_values(theta, batch.next_obs, ACTIONS, per_action_features)
            targets = td_targets(batch.reward, next_q, batch.terminated, 0.99)
            x = per_action_features(batch.obs, batch.action)
            theta += 0.2 * (targets - x @ theta) @ x / 32
            obs, done = next_obs, terminated or truncated
        if episode % 10 == 0:
            mean = greedy_returns(theta, per_action_features, 20, seed=20_000).mean()
            if mean > best_mean:
                best_theta, best_mean = theta.copy(), mean
    return best_theta, best_mean
### STUDENT
# def on_one_page(seed: int, episodes: int = 65) -> tuple[np.ndarray, float]:
#     """Q-learning on CartPole; return the best weights and the mean of their test."""
#     raise NotImplementedError("TODO")
#     rng = labkit.seed_everything(seed)
#     env, buffer = gym.make("CartPole-v1"), labkit.ReplayBuffer(50_000, (4,), seed=seed)
#     env.reset(seed=seed)
#     theta = rng.normal(size=30)
#     best_theta, best_mean = theta, -1.0
#     for episode in range(1, episodes + 1):
#         obs, info = env.reset()
#         done = False
#         while not done:
#             q = q_values(theta, obs, ACTIONS, per_action_features)
#             action = epsilon_greedy(q, max(0.01, 0.98**episode), rng)
#             next_obs, reward, terminated, truncated, info = env.step(action)
#             buffer.add(obs, action, reward, next_obs, terminated)
#             batch = buffer.sample(32)
#             next_q = q_values(theta, batch.next_obs, ACTIONS, per_action_features)
#             targets = td_targets(batch.reward, next_q, batch.terminated, 0.99)
#             x = per_action_features(batch.obs, batch.action)
#             theta += 0.2 * (targets - x @ theta) @ x / 32
#             obs, done = next_obs, terminated or truncated
#         if episode % 10 == 0:
#             mean = greedy_returns(theta, per_action_features, 20, seed=20_000).mean()
#             if mean > best_mean:
#                 best_theta, best_mean = theta, mean
#     return best_theta, best_mean
### END SOLUTION

# %% on-one-page-run tags=["training", "nbval-ignore-output"]
for seed in range(3):
    theta, first = on_one_page(seed)
    second = greedy_returns(theta, per_action_features, 20, seed=20_000).mean()
    print(_(f"seed {seed}: best test {labkit.number(first):.1f}, the same test again {labkit.number(second):.1f}"))

# %% on-one-page-check tags=["check"]
for seed in range(6):
    means = []
    for episodes in (35, 55):
        got = on_one_page(seed, episodes)
        labkit.check(
            isinstance(got, tuple) and len(got) == 2 and np.shape(got[0]) == (30,),
            _("on_one_page(...) must return the best weights, shape (30,), and a mean."),
        )
        theta, first = got
        second = greedy_returns(theta, per_action_features, 20, seed=20_000).mean()
        labkit.check(
            first == second,
            _(
                f"When they were kept the weights scored {labkit.number(first):.1f}; those that come back "
                f"score {labkit.number(second):.1f}: they changed after they were kept."
            ),
        )
        means.append(first)
    labkit.check(
        means[0] <= means[1],
        _("20 more episodes lower the best mean: keep the best weights, not the last."),
    )
labkit.passed()

# %% on-one-page-read [markdown] tags=["solution-only"]
# `theta += ...` changes the array in place, and `best_theta = theta` makes a second
# *name* for it, not a second array. So the "best" weights went on learning, and at the
# end were simply the last ones. Either keep a copy, or make a new array at each update
# (`theta = theta + ...`), as `q_update` does.

# %% experiments [markdown]
# ## 10. Experiments
#
# Change one thing at a time, guess the result first, then run. In parentheses stands the
# median of the best weights over ten seeds that we measured; yours may differ a little.
#
# 1. **Is it the learning rate?** Train the four features of section 1 with
#    `learning_rate=0.05`, and look at the column of the last weights. (10: the
#    learning rate was not the problem.)
# 2. **Which features matter?** Leave out all products: one weight vector for
#    each action over $(1, z_1, \dots, z_4)$, without the squares, too. (147.) It cannot
#    be the policies that are missing. What is?
# 3. **Steps too large, steps too small.** Train `per_action_features` with a learning
#    rate of 0.5 (61; in the end the weights overflow to `nan`), then of 0.005 (11). How
#    does this way to diverge differ from the deadly triad?
# 4. **No replay.** Learn from the newest transition only: `batch_size=1`, and
#    `agent.buffer = labkit.ReplayBuffer(1, (4,))` before the training. (271; look at
#    the last weights, too.)
# 5. **A shorter horizon.** With `gamma=0.9` (500), how large can values be? Plot that
#    of the upright pole again. Why does an agent that looks some 10 steps ahead balance
#    for 500?
# 6. **The time limit.** Store `terminated or truncated` in `q_episode`. In
#    lesson {lesson:mdp_q_learning} this ruined the values. Here we got 500 as before. Why does it matter so
#    little in this lesson, and when would it matter more?

# %% experiment tags=["training", "nbval-ignore-output"]
# Experiment 3 with one seed; for ten: train_seeds(per_action_features, 30, 0.5).
one = Agent(per_action_features, size=30, learning_rate=0.5, seed=0)
with np.errstate(all="ignore"):  # numbers will overflow
    train(one)
best, largest = score(one, one.best), np.abs(one.theta).max()
print(_(f"best weights: {labkit.number(best):.1f}, largest of the last weights: {labkit.number(largest):.1e}"))

# %% recap [markdown]
# ## Recap
#
# - A linear function $Q(s, a; \theta) = \theta^\top \phi(s, a)$ replaces the table. The
#   table is the special case with one feature for each pair.
# - The semi-gradient step $\theta \leftarrow \theta + \frac{\alpha}{B} \sum_i \delta_i\,
#   \phi_i$ holds the targets constant. Targets bootstrap after a time limit, never
#   after a terminal state.
# - Replay makes batches of nearly independent transitions, and uses each of them many
#   times.
# - Features decide what can be learned. $\pm s$ can express a perfect policy but no
#   sensible values, and Q-learning learns values. The same policies with eleven more
#   features for the common part of the values: solved in seconds.
# - Function approximation, bootstrapping and off-policy learning together come without
#   guarantees. Watch the values, test greedily on other seeds, keep the best weights,
#   and never judge by one seed.
#
# Next: in lesson {lesson:dqn_cartpole} a neural network finds the features by itself.
#
# ### To read next
#
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd
#   edition, MIT Press, 2018: sections 9.3 (semi-gradient methods), 9.4 (linear
#   methods), 9.5 (features), 11.2 (divergence, with the example of $w$ and $2w$) and
#   11.3 (the deadly triad).
# - A. G. Barto, R. S. Sutton and C. W. Anderson, "Neuronlike Adaptive Elements That Can
#   Solve Difficult Learning Control Problems", *IEEE Transactions on Systems, Man, and
#   Cybernetics* SMC-13, 834–846, 1983: the pole, balanced with a table of 162 entries.
# - C. J. C. H. Watkins, *Learning from Delayed Rewards*, PhD thesis, King's College,
#   Cambridge, 1989: Q-learning.
# - L.-J. Lin, "Self-Improving Reactive Agents Based on Reinforcement Learning, Planning
#   and Teaching", *Machine Learning* 8, 293–321, 1992: experience replay.
# - L. Baird, "Residual Algorithms: Reinforcement Learning with Function Approximation",
#   *ICML*, 1995: the counterexample, and what the full gradient does instead.
# - J. N. Tsitsiklis and B. Van Roy, "An Analysis of Temporal-Difference Learning with
#   Function Approximation", *IEEE Transactions on Automatic Control* 42, 674–690, 1997:
#   on-policy, linear methods converge.
# - H. van Hasselt and others, "Deep Reinforcement Learning and the Deadly Triad",
#   arXiv:1812.02648, 2018: how often values grow beyond the limit in practice.
# - E. van der Pol and others, "MDP Homomorphic Networks: Group Symmetries in
#   Reinforcement Learning", *NeurIPS*, 2020: the mirror of section 8, in deep networks.
