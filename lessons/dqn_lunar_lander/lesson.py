# ---
# title: Deep Q-learning on LunarLander
# line: a rocket that lands
# minutes: 90
# packages: {Box2D: box2d}
# ---

# %% title [markdown]
# # A rocket that lands: deep Q-learning on LunarLander
#
# At the end of this lesson you will be able to
#
# - build a deep Q-learning agent from its equations: online and target network, targets,
#   Huber loss, gradient step, soft update, exploration that fades;
# - make it fast without making it another algorithm, and say where the time goes;
# - train it until it lands, keep its best weights, save them to a file, load them again
#   and measure them;
# - tell what an agent believes from what it earns.
#
# **Time:** about 90 minutes. **Builds on:** lesson {lesson:dqn_cartpole} (a neural network as action-value
# function, replay, target network). Each idea is recalled in a few lines.

# %% imports tags=["nbval-ignore-output"]
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import gymnasium as gym
import keras
import labkit
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf

# %% clip-theory [markdown]
# Here is where the lesson leads: an agent that has learned to fly from nothing but a
# number after each step. It was trained with the code that you are about to write.

# %% clip tags=["nbval-ignore-output"]
labkit.show(
    labkit.load(
        "dqn_lunar_lander",
        _("A lander comes down between two flags, upright, and stands still"),
    )
)

# %% lander [markdown]
# ## 1. The lander
#
# ![A lander with two legs, tilted, above a landing pad between two flags. Its position
# x and y, its velocity and its angle theta are marked; arrows show the pushes: action 1
# from its right, action 2 from below, action 3 from its
# left](../../images/lunar_lander.png)
#
# **State** $s$: eight numbers, all of the order of 1. The pad is at $(0, 0)$.
#
# | | number | unit |
# |---|---|---|
# | 0, 1 | position $x$, $y$ | half the width (10 m), half the height (6.7 m) of the picture |
# | 2, 3 | velocity $v_x$, $v_y$ | 5 m/s, 7.5 m/s |
# | 4 | angle $\vartheta$, 0 when upright | rad |
# | 5 | angular velocity | 2.5 rad/s |
# | 6, 7 | right leg, left leg | 1 when it touches the ground, else 0 |
#
# **Actions** $a$, one for each step of 0.02 s:
#
# | | | fuel |
# |---|---|---|
# | 0 | all engines off | 0 |
# | 1 | side engine: pushes to the left, turns to the left ($\vartheta$ grows) | 0.03 |
# | 2 | main engine: pushes upwards, along the lander's axis | 0.3 |
# | 3 | side engine: pushes to the right, turns to the right | 0.03 |
#
# **End and reward:**
#
# | | reward | |
# |---|---|---|
# | each step | $\Phi(s') - \Phi(s)$ less the fuel | |
# | the body touches the ground, or $\lvert x\rvert \ge 1$ | $-100$ | terminated |
# | it has come to rest | $+100$ | terminated |
# | 1,000 steps are over | as for each step | truncated |
#
# $\Phi$ measures how near the lander is to where it should be:
#
# $$ \Phi(s) = -100 \sqrt{x^2 + y^2} - 100 \sqrt{v_x^2 + v_y^2}
#    - 100\, \lvert\vartheta\rvert + 10\, (\text{legs on the ground}) $$
#
# So the agent need not wait for the landing to learn whether it does well: coming
# nearer, slowing down and turning upright pay at once. A mean return of 200 counts as
# solved.

# %% random
def potential(obs: np.ndarray) -> float:
    """Phi: how near the lander is to where it should be."""
    x, y, vx, vy, angle, spin, right, left = obs
    return -100 * (np.hypot(x, y) + np.hypot(vx, vy) + abs(angle)) + 10 * (left + right)


env = gym.make("LunarLander-v3")
starts = [env.reset(seed=seed)[0] for seed in range(100)]
mean = labkit.number(np.mean([potential(s) for s in starts]))
print(_(f"Phi at the start, mean: {mean:.1f}"))
print(_("random policy:"), labkit.evaluate(env, lambda obs: env.action_space.sample()))

# %% reward-prompt [markdown]
# **Question 1** (3 points).
#
# 1. Add up the rewards $\Phi(s') - \Phi(s)$ of a whole episode: what is left? Estimate
#    the return of a perfect landing that burns fuel for 30 points. (The last reward is
#    $+100$ *instead of* the difference.)
# 2. What does it pay, apart from the fuel, to fly away from the pad and come back?
# 3. After 1,000 steps the episode is cut off. What would a lander learn that hovers just
#    above the pad at that moment, if the cut were stored as a terminal state?

# %% reward-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. The sum telescopes: each $\Phi(s')$ is taken away again by the next step, and
#    $\Phi(\text{end}) - \Phi(\text{start})$ is left. At rest on the pad
#    $\Phi = 0 + 0 + 0 + 20$. The cell above gives a mean start of about $-200$, so the
#    differences add up to about 220; with $+100$ at the end and 30 for the fuel, about
#    290.
# 2. Nothing: what was lost on the way out is earned on the way back. Only the fuel (and
#    $\gamma < 1$) makes the detour cost something. Rewards of this form, the difference
#    of a *potential*, help to learn faster and leave the best policy as it is (Ng,
#    Harada and Russell, 1999, for $\gamma \Phi(s') - \Phi(s)$).
# 3. The state just above the pad, upright and slow, is one of the best there are: $+100$
#    and the legs are still to come. Stored as terminal, the step before it would be
#    taught a value near 0, and as the state does not contain the time, that would count
#    at *every* time: the agent would learn that it is not worth being there.
#
# **What to look for:** (1) the sum telescopes, and an estimate between 250 and 320; (2)
# nothing but fuel (or discounting); (3) the value of good states would be pulled towards
# the reward alone although the episode could go on. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% outputs-theory [markdown]
# ## 2. Two networks
#
# ### One output for each action
#
# A network could take the state *and* the action and return one number $Q(s, a)$, as
# our features did in lesson {lesson:linear_q_cartpole}. But to act, and to form a target, the agent needs the
# values of *all* actions of a state. So give the network the state alone and let it
# return all four at once: one pass instead of four. Let us measure both.

# %% outputs-time tags=["nbval-ignore-output"]
def microseconds(function, repeats: int = 300) -> float:
    """Shortest time of a call: what else the computer does only makes it longer."""
    times = []
    for repeat in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times) * 1e6


all_at_once = labkit.NumpyNetwork(labkit.mlp(8, [128, 128], 4))
one_by_one = labkit.NumpyNetwork(labkit.mlp(8 + 4, [128, 128], 1))  # action: 0001, ...
states = {_("one state"): np.ones((1, 8)), _("512 states"): np.ones((512, 8))}
rows = {}
for name, obs in states.items():
    pairs = [np.hstack([obs, np.tile(np.eye(4)[a], (len(obs), 1))]) for a in range(4)]
    rows[name] = [
        microseconds(lambda: all_at_once(obs)),
        microseconds(lambda: [one_by_one(pair) for pair in pairs]),
    ]
pd.DataFrame(rows, index=[_("one pass (µs)"), _("one pass an action (µs)")]).round(0)

# %% outputs-prompt [markdown]
# **Question 2** (2 points).
#
# 1. One update learns from 64 transitions. How many times does a state go through a
#    network in it, forwards, with four outputs, and how many times with one network call
#    for each action?
# 2. For which kind of actions can a network *not* have one output for each? What
#    would have to replace $\max_{a'} Q(s', a')$ there?

# %% outputs-answer [markdown] tags=["question"] points=2
# ### BEGIN SOLUTION
# 1. With four outputs: 64 next states through the target network and 64 states through
#    the online network, 128 in all. With one call for each action: $4 \cdot 64$ for the
#    targets, and 64 for the predictions, as there only the action taken is needed: 320.
# 2. For continuous actions, such as the thrust of an engine between 0 and 1 (or for very
#    many discrete ones): there are infinitely many. Then the action must be an input, and
#    the maximum over all actions must be searched for, or found by a second network that
#    proposes the best action: the *actor* of lesson {lesson:ddpg_ball_pendulum}.
#
# **What to look for:** (1) 128 against 320 (or the factor 4 in the targets only); (2)
# continuous actions, and some way to find the best one. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% networks-theory [markdown]
# ### Online and target network
#
# The targets $r + \gamma \max_{a'} Q(s', a')$ contain the values that are being
# learned, and a target that moves with every step is hard to hit. So there are two
# networks of the **same architecture**:
#
# - the *online* network $Q(\cdot\,; \theta)$ acts, and is trained by gradient;
# - the *target* network $Q(\cdot\,; \theta^-)$ only gives the next values in the
#   targets. It follows the online one slowly.
#
# `labkit.mlp` makes a network from its sizes: inputs, hidden layers, outputs. Its
# outputs are action values, which may be any number: no activation there.

# %% networks-hint [markdown]
# <details><summary>Hint</summary>
#
# `labkit.mlp(inputs, hidden, outputs, seed=seed)` twice (the seed of the second does not
# matter), then `labkit.copy_weights(source, target)`. An environment has
# `env.observation_space.shape[0]` numbers in a state and `env.action_space.n` actions.
#
# `target_net = q_net` would make a second *name* for the same network, not a second
# network.
#
# </details>

# %% make-networks tags=["exercise"] points=1
def make_networks(env: gym.Env, hidden: list[int], seed: int):
    """Online and target network for an environment with discrete actions.

    Args:
        env: its states are vectors of numbers.
        hidden: units in each hidden layer.
        seed: seed of the first weights of the online network.

    Returns:
        q_net and target_net: two Keras models from (B, numbers in a state) to
        (B, actions), with equal weights.
    """
    # TODO: two networks; the second one starts with the weights of the first.
    ### BEGIN SOLUTION
    inputs, outputs = env.observation_space.shape[0], int(env.action_space.n)
    q_net = labkit.mlp(inputs, hidden, outputs, seed=seed)
    target_net = labkit.mlp(inputs, hidden, outputs)
    labkit.copy_weights(q_net, target_net)
    return q_net, target_net
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% make-networks-expected [markdown]
# For LunarLander and `hidden=[128, 128]` each network has
# $8 \cdot 128 + 128 + 128 \cdot 128 + 128 + 128 \cdot 4 + 4 = 18\,180$ weights.

# %% make-networks-check tags=["check"]
lander = gym.make("LunarLander-v3")
networks = make_networks(lander, [128, 128], seed=1)
labkit.check(
    isinstance(networks, tuple) and len(networks) == 2,
    _("make_networks(...) must return the two networks: return q_net, target_net."),
)
q_net, target_net = networks
labkit.check(
    q_net is not target_net,
    _("Both names stand for one network: make a second one with labkit.mlp."),
)
for net in networks:
    labkit.check(
        net.input_shape == (None, 8),
        _("The network must take the 8 numbers of a state, and nothing else."),
    )
    labkit.check(
        net.output_shape == (None, 4),
        _(f"Outputs: {net.output_shape[-1]}. There must be 4, one for each action."),
    )
    labkit.check(
        net.layers[-1].activation.__name__ == "linear",
        _("Action values may be any number: no activation after the last layer."),
    )
    labkit.check_value(_("number of weights"), net.count_params(), 18_180)
pairs = zip(q_net.get_weights(), target_net.get_weights())
labkit.check(
    all(np.array_equal(online, target) for online, target in pairs),
    _("The two networks differ: the target network starts with the weights of q_net."),
)
first = q_net.get_weights()[0]
again, other = (
    make_networks(lander, [128, 128], seed)[0].get_weights()[0] for seed in (1, 2)
)
labkit.check(
    np.array_equal(again, first) and not np.array_equal(again, other),
    _("The seed must decide the first weights: pass seed=seed to labkit.mlp."),
)
small, _small = make_networks(gym.make("CartPole-v1"), [5], seed=0)
labkit.check(
    small.input_shape == (None, 4) and small.output_shape == (None, 2),
    _("CartPole has 4 numbers and 2 actions: take the sizes from `env`."),
)
labkit.check_value(_("weights with hidden=[5]"), small.count_params(), 37)
labkit.passed()

# %% targets-theory [markdown]
# ## 3. One update
#
# ### The targets
#
# As in lessons {lesson:linear_q_cartpole} and {lesson:dqn_cartpole}, for each transition $(s, a, r, s')$ of a batch:
#
# $$ y = \begin{cases} r & \text{if } s' \text{ is terminal} \\
#    r + \gamma \max_{a'} Q(s', a'; \theta^-) & \text{otherwise} \end{cases} $$
#
# with the values of the *target* network. The time limit is not terminal: a lander that
# still flies after 1,000 steps has a future, and its target bootstraps.
#
# This time everything is a TensorFlow tensor, so that it can be compiled later. With
# $\gamma = 0.5$, rewards $(1, 2, -100)$ and next values $(10, 20, 0)$, $(40, 30, 8)$,
# $(50, 60, 70)$, of which only the third is terminal, the targets are
# $(11, 22, -100)$.

# %% targets-hint [markdown]
# <details><summary>Hint</summary>
#
# `tf.reduce_max(next_q, axis=1)` is the largest value of each row. TensorFlow does not
# multiply numbers by truth values: `tf.cast(terminated, tf.float32)` makes 1 and 0 of
# them.
#
# </details>

# %% td-targets tags=["exercise"] points=2
def td_targets(reward, next_q, terminated, gamma: float):
    """One-step Q-learning targets of a batch.

    Args:
        reward: float32, shape (B,).
        next_q: target network's values of the next states, float32, shape (B, A).
        terminated: bool, shape (B,): the next state is terminal.
        gamma: discount factor.

    Returns:
        The targets, a float32 tensor of shape (B,).
    """
    # TODO: bootstrap, except after a terminal state.
    ### BEGIN SOLUTION
    goes_on = 1.0 - tf.cast(terminated, tf.float32)
    return reward + gamma * tf.reduce_max(next_q, axis=1) * goes_on
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% td-targets-check tags=["check"]
reward = tf.constant([1.0, 2.0, -100.0])
next_q = tf.constant([[10.0, 20.0, 0.0], [40.0, 30.0, 8.0], [50.0, 60.0, 70.0]])
ended = tf.constant([False, False, True])
wrong_targets = [
    ([11, 22, -65], _("Your targets still bootstrap after `terminated`.")),
    ([1, 2, -65], _("The mask is inverted: bootstrap where *not* terminated.")),
    ([11, 22, 0], _("The last step has a reward too: y = r, not 0.")),
    ([21, 42, -100], _("The next value is not discounted: multiply by gamma.")),
    ([10.5, 21, -50], _("The reward is discounted too: only the next value is.")),
    ([26, 32, -100], _("The maximum goes down the columns: take axis=1.")),
    ([36, 37, -100], _("One maximum for the whole batch: take axis=1.")),
    ([6, 15, -100], _("The mean of the next values is taken: take the largest.")),
    ([1, 6, -100], _("The smallest next value is taken: take the largest.")),
]
wrong_targets = [(np.float32(wrong), message) for wrong, message in wrong_targets]
got = td_targets(reward, next_q, ended, 0.5)
want = np.float32([11, 22, -100])
labkit.check_value("td_targets(...)", got, want, mistakes=wrong_targets)
labkit.check(
    tf.is_tensor(got),
    _("td_targets(...) must return a tensor: compute with tf, not with np."),
)
four = tf.zeros(4), tf.zeros((4, 2)), tf.zeros(4, tf.bool)
labkit.check_recorded(td_targets, *four, 0.5)
labkit.passed()

# %% loss-theory [markdown]
# ### The loss
#
# The network returns four values for each state, but a transition tells something about
# *one* action, the one taken: $Q(s_i, a_i; \theta)$. The errors
# $\delta_i = y_i - Q(s_i, a_i; \theta)$ of a batch are to become small.
#
# How should a large error count? Most rewards of the lander lie within a few points,
# but a crash gives $-100$ in one step. Squared, one such error weighs as much as ten
# thousand errors of 1, and throws the weights about. The **Huber loss** (Huber, 1964) is a
# parabola for small errors and a straight line for large ones:
#
# $$ L = \frac1B \sum_i h(\delta_i), \qquad h(\delta) = \begin{cases}
#    \tfrac12 \delta^2 & \text{if } \lvert\delta\rvert \le 1 \\
#    \lvert\delta\rvert - \tfrac12 & \text{otherwise} \end{cases} $$
#
# Its slope never exceeds 1: a single transition can pull only so hard, and still always
# pulls.

# %% loss-plot
delta = np.linspace(-4, 4, 201)
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
axes.plot(delta, delta**2 / 2, "--", color="0.6", label=_("half the square"))
axes.plot(delta, keras.losses.huber(0 * delta[:, None], delta[:, None]), label="Huber")
axes.set(xlabel=r"$\delta$", ylabel=r"$h(\delta)$", ylim=(0, 5))
axes.legend()
plt.show()

# %% loss-hint [markdown]
# <details><summary>Hint</summary>
#
# `tf.gather(q, action, batch_dims=1)` takes from each row the value at the index that
# `action` gives for this row: shape `(B,)`. (Without `batch_dims=1` it would take whole
# rows.) `tf.where(condition, x, y)` works as in NumPy.
#
# Both targets and predictions must have shape `(B,)`. Where one has `(B, 1)`, the
# difference silently becomes a table `(B, B)`.
#
# </details>

# %% q-loss tags=["exercise"] points=2
def q_loss(q, action, targets):
    """Mean Huber loss of the actions taken.

    Args:
        q: online network's values of the states, float32, shape (B, A).
        action: number of the action taken in each state, integer, shape (B,).
        targets: float32, shape (B,).

    Returns:
        A float32 scalar.
    """
    # TODO: values of the actions taken, errors, Huber, mean.
    ### BEGIN SOLUTION
    taken = tf.gather(q, action, batch_dims=1)
    size = tf.abs(targets - taken)
    return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% q-loss-expected [markdown]
# The check takes the errors $(0.5, -3, 2, 0)$. By hand:
# $h = (0.125, 2.5, 1.5, 0)$, and the loss is $1.03125$.

# %% q-loss-check tags=["check"]
q = tf.constant([[1.0, 2, 3, 9], [5, 0, 1, 2], [0, 1, 0, 2], [2, -2, 1, 4]])
action = tf.constant([2, 0, 3, 1], tf.int64)
targets = tf.constant([3.5, 2.0, 4.0, -2.0])
wrong_losses = [
    (3.3125, _("This is the mean square: large errors count by their size alone.")),
    (1.65625, _("This is half the square everywhere: it must be straight beyond 1.")),
    (1.375, _("This is the mean absolute error: it must be a parabola up to 1.")),
    (1.0625, _("The parabola lacks its factor 1/2: half the square up to 1.")),
    (1.28125, _("The two pieces do not meet at 1: |delta| - 1/2, not |delta|.")),
    (1.5, _("The two pieces are swapped: the parabola is for small errors.")),
    (0.28125, _("The error is clipped: large errors would no longer pull.")),
    (1.53125, _("Large negative errors count squared: take the absolute value.")),
    (1.15625, _("Large positive errors count squared: take the absolute value.")),
    (3.625, _("The largest value of each row is used: take that of the action taken.")),
    (1.40625, _("A value below 0 is lost among zeros: take it with tf.gather.")),
    (4.125, _("This is the sum: take the mean over the batch.")),
    (0.2578125, _("Zeros count in the mean: divide by B, not by B times A.")),
    (2.2578125, _("Each prediction meets all targets: (B, 1) - (B,) gives (B, B).")),
    (2.78125, _("Rows or all actions are compared: gather(..., batch_dims=1).")),
    (1.6640625, _("Rows or all actions are compared: gather(..., batch_dims=1).")),
    (2.5, _("Whole rows are gathered: give tf.gather batch_dims=1.")),
    (2.1953125, _("All actions are compared with the target: only the one taken is.")),
]
wrong_losses = [(np.float32(wrong), message) for wrong, message in wrong_losses]
got = q_loss(q, action, targets)
labkit.check(
    got is None or np.ndim(got) == 0,
    _("The loss must be one number: take the mean over the batch."),
)
labkit.check_value("q_loss(...)", got, np.float32(1.03125), mistakes=wrong_losses)
with tf.GradientTape() as tape:
    tape.watch(q)
    loss = q_loss(q, action, targets)
gradient = tape.gradient(loss, q) if tf.is_tensor(loss) else None
labkit.check(
    gradient is not None,
    _("The tape finds no gradient: compute the loss with TensorFlow, not NumPy."),
)
labkit.check_recorded(q_loss, q, action, targets)
labkit.passed()

# %% soft-theory [markdown]
# ### The soft update
#
# A target network that is copied from the online one every so many updates is constant
# for a while, and then all targets jump at once. As in lesson {lesson:dqn_cartpole}, ours follows *a little
# after each update* instead:
#
# $$ \theta^- \leftarrow \theta^- + \tau\, (\theta - \theta^-) \qquad \tau = 0.005 $$
#
# (Lillicrap and others, 2016.) The target network is a moving average of past online
# networks. Where $\theta$ jumps, $\theta^-$ has gone half the way after
# $\ln 2 / \tau \approx 139$ updates.

# %% soft-hint [markdown]
# <details><summary>Hint</summary>
#
# `net.weights` is a list of the variables of a network (a matrix and a vector for each
# layer); `zip` walks through two such lists side by side. `variable.assign(value)`
# stores a new value, `variable.assign_add(change)` adds to the old one.
# `variable = value` would only give the *name* another meaning.
#
# </details>

# %% soft-update tags=["exercise"] points=1
def soft_update(q_net, target_net, tau: float) -> None:
    """Move the weights of the target network towards those of the online network.

    Args:
        q_net: the online network; not changed.
        target_net: network of the same architecture; changed in place.
        tau: share of the way, 0 to 1.
    """
    # TODO: for each pair of variables.
    ### BEGIN SOLUTION
    for online, target in zip(q_net.weights, target_net.weights):
        target.assign_add(tau * (online - target))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% soft-update-expected [markdown]
# With $\theta = 1$, $\theta^- = 3$ and $\tau = 0.25$ the target weights become 2.5, and
# after a second update 2.125.

# %% soft-update-check tags=["check"]
def filled(value: float):
    """A small network, all weights equal."""
    net = labkit.mlp(2, [3], 2)
    net.set_weights([np.full_like(weight, value) for weight in net.get_weights()])
    return net


def weights(net) -> np.ndarray:
    """All weights of a network in one vector."""
    return np.concatenate([weight.ravel() for weight in net.get_weights()])


q_net, target_net = filled(1.0), filled(3.0)
soft_update(q_net, target_net, 0.25)
got = weights(target_net)
labkit.check(
    np.all(weights(q_net) == 1.0),
    _("The online network has changed: only the target network follows."),
)
labkit.check(
    not np.all(got == 3.0), _("The target network has not changed: use assign.")
)
labkit.check(
    len(set(got.tolist())) == 1,
    _("Some weights have moved and others not: go through all of net.weights."),
)
mistakes = [
    (1.5, _("tau is on the wrong side: most of the old target weights must remain.")),
    (1.0, _("This is a copy: move only by the share tau.")),
    (0.25, _("The old target weights are lost: add the step to them.")),
    (3.25, _("tau times the online weights is added: the difference is missing.")),
    (3.5, _("The step goes away from the online network: online - target.")),
    (-0.5, _("The step alone is stored: add it to the old target weights.")),
]
labkit.check_value(_("a target weight"), float(got[0]), 2.5, mistakes=mistakes)
soft_update(q_net, target_net, 0.25)
labkit.check_value(_("after a second update"), float(weights(target_net)[0]), 2.125)
labkit.check_recorded(lambda: soft_update(q_net, target_net, 0.25))
labkit.passed()

# %% soft-prompt [markdown]
# **Question 3** (2 points).
#
# 1. After how many updates has a target weight gone 95 % of the way to a new, constant
#    online weight, for $\tau = 0.005$?
# 2. Which algorithm does $\tau = 1$ give, and what would $\tau = 0$ learn?

# %% soft-answer [markdown] tags=["question"] points=2
# ### BEGIN SOLUTION
# 1. Each update leaves the share $1 - \tau$ of the distance, so $0.995^n = 0.05$ and
#    $n = \ln 0.05 / \ln 0.995 \approx 598$.
# 2. $\tau = 1$: the target network always equals the online one, which is deep
#    Q-learning without a target network. $\tau = 0$: the targets use the random first
#    network for ever. They never propagate anything further than one step: the agent
#    learns the next reward plus noise.
#
# **What to look for:** (1) about 600, with the reasoning; (2) no target network; targets
# that never improve. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% agent-theory [markdown]
# ### The agent
#
# An `Agent` is all that deep Q-learning carries from one step to the next. Look through
# its settings: each has a word on what it does. Two of its parts are new.
#
# `agent.fast` computes the same outputs as `agent.q_net`, in NumPy. It is what the agent
# acts with, as you will measure below.
#
# `agent.learn` is the function `dqn_update`, which you write next, compiled so that it
# learns from many batches in one call. Afterwards it brings `agent.fast` up to date.

# %% agent
class Agent:
    """What deep Q-learning carries from one step to the next."""

    def __init__(
        self,
        env: gym.Env,
        seed: int,
        hidden=(128, 128),  # units of the hidden layers
        learning_rate=5e-4,  # of Adam
        gamma=0.99,  # discount factor: looks about 100 steps ahead
        tau=0.005,  # share of the way in a soft update
        capacity=100_000,  # transitions in the replay buffer
        batch_size=64,  # transitions in a minibatch
        learning_starts=1_000,  # transitions stored before the first update
        learn_every=64, updates=64,  # every 64 steps, 64 updates
        epsilon_end=0.02, epsilon_steps=30_000,  # epsilon: from 1 to this, in so many
    ):
        self.env, self.gamma, self.tau = env, gamma, tau
        self.batch_size, self.learning_starts = batch_size, learning_starts
        self.learn_every, self.updates = learn_every, updates
        self.epsilon_end, self.epsilon_steps = epsilon_end, epsilon_steps
        self.rng = labkit.seed_everything(seed)
        self.q_net, self.target_net = make_networks(env, list(hidden), seed)
        self.optimizer = keras.optimizers.Adam(learning_rate)
        self.optimizer.build(self.q_net.trainable_variables)
        self.fast = labkit.NumpyNetwork(self.q_net)
        self.learn = labkit.compile_updates(
            partial(dqn_update, self), refresh=self.fast
        )
        obs_shape = env.observation_space.shape
        self.buffer = labkit.ReplayBuffer(capacity, obs_shape, seed=seed)
        self.obs, info = env.reset(seed=seed)  # where the present episode stands
        self.total = 0.0  # its rewards so far

# %% gradient-theory [markdown]
# ### The gradient step
#
# One update puts the pieces together:
#
# 1. the targets, from the target network and the *next* states;
# 2. the loss of the online network on the states, recorded on a `tf.GradientTape`;
# 3. its gradient with respect to the *online* weights, and a step of the optimizer;
# 4. the soft update of the target network.
#
# The targets are computed before the tape starts: they are constants, as in lesson {lesson:linear_q_cartpole}
# (the *semi-gradient*).

# %% gradient-hint [markdown]
# <details><summary>Hint</summary>
#
# ```python
# with tf.GradientTape() as tape:
#     loss = ...
# gradients = tape.gradient(loss, variables)
# optimizer.apply(gradients, variables)
# ```
#
# with `variables = agent.q_net.trainable_variables`. A network is called like a function:
# `agent.q_net(batch.obs)`.
#
# </details>

# %% gradient-step tags=["exercise"] points=2
def dqn_update(agent, batch):
    """One update of deep Q-learning: online network by gradient, then target network.

    Args:
        agent: has q_net, target_net, optimizer, gamma and tau.
        batch: tensors obs, action, reward, next_obs, terminated: a labkit.Batch.

    Returns:
        The loss before the update, a scalar tensor.
    """
    # TODO: targets, loss, gradient step, soft update.
    ### BEGIN SOLUTION
    next_q = agent.target_net(batch.next_obs)
    targets = td_targets(batch.reward, next_q, batch.terminated, agent.gamma)
    variables = agent.q_net.trainable_variables
    with tf.GradientTape() as tape:
        loss = q_loss(agent.q_net(batch.obs), batch.action, targets)
    agent.optimizer.apply(tape.gradient(loss, variables), variables)
    soft_update(agent.q_net, agent.target_net, agent.tau)
    return loss
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% gradient-step-expected [markdown]
# The check takes two linear networks, a batch of two, $\gamma = 0.5$, $\tau = 0.1$ and
# plain gradient descent with the learning rate 1. By hand: targets $(0.7, -0.1)$,
# predictions $(0.2, 0.3)$, hence errors $(0.5, -0.4)$ and a loss of
# $\tfrac12 \big(\tfrac12 0.5^2 + \tfrac12 0.4^2\big) = 0.1025$.

# %% gradient-step-check tags=["check"]
def linear_agent(online, target):
    """An agent with two linear networks, with the matrices given and no bias yet."""
    q_net, target_net = labkit.mlp(2, [], 2), labkit.mlp(2, [], 2)
    q_net.set_weights([np.float32(online), np.zeros(2)])
    target_net.set_weights([np.float32(target), np.zeros(2)])
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build(q_net.trainable_variables)
    return SimpleNamespace(
        q_net=q_net, target_net=target_net, optimizer=optimizer, gamma=0.5, tau=0.1
    )


two = labkit.Batch(
    obs=tf.constant([[1.0, 0.0], [0.0, 1.0]]),
    action=tf.constant([1, 0], tf.int64),
    reward=tf.constant([0.3, -0.1]),
    next_obs=tf.constant([[0.0, 1.0], [1.0, 0.0]]),
    terminated=tf.constant([False, True]),
)
online = np.float32([[0.1, 0.2], [0.3, 0.4]])
target = np.float32([[0.5, 0.4], [0.7, 0.8]])
agent = linear_agent(online, target)
try:
    loss = dqn_update(agent, two)
except ValueError as error:
    nothing = _("No gradient reaches q_net: compute the loss from it, on the tape.")
    labkit.check("No gradients" not in str(error), nothing)
    raise
kernel, bias = agent.q_net.get_weights()
target_kernel, target_bias = agent.target_net.get_weights()
mistakes = [
    (
        online,
        _("The online network has not learned: apply the gradients to its variables."),
    ),
    (
        np.float32([[0.1, 0.375], [0.1, 0.4]]),
        _("The targets are made of batch.obs: the next values are those of batch.next_obs."),
    ),
    (
        np.float32([[0.0, 0.2], [0.3, 0.55]]),
        _("The loss takes the values of batch.next_obs: take those of batch.obs."),
    ),
    (
        np.float32([[0.1, 0.646], [0.1, 0.4]]),
        _("The discount factor is fixed at 0.99: take agent.gamma."),
    ),
    (
        np.float32([[0.1, 0.35], [0.1, 0.4]]),
        _("The next values come from the online network: take the target network's."),
    ),
    (
        np.float32([[0.1, 0.44], [0.1, 0.4]]),
        _("The target network moves before the targets are computed: move it last."),
    ),
    (
        np.float32([[0.1, -0.05], [0.5, 0.4]]),
        _("The step goes up the gradient: apply the gradient as it is."),
    ),
    (
        np.float32([[0.14, 0.445], [0.16, 0.44]]),
        _("The online network follows the target network: exchange the two."),
    ),
    (
        np.float32([[0.1, 0.29], [0.1, 0.4]]),
        _("agent.gamma and agent.tau are exchanged."),
    ),
]
want = np.float32([[0.1, 0.45], [0.1, 0.4]])
labkit.check_value(_("the matrix of q_net"), kernel, want, mistakes=mistakes)
labkit.check_value(_("the bias vector of q_net"), bias, np.float32([-0.2, 0.25]))
mistakes = [
    (target, _("The target network does not follow: call soft_update with agent.tau.")),
    (
        np.float32([[0.46, 0.38], [0.66, 0.76]]),
        _("The soft update comes before the gradient step: it must come after it."),
    ),
    (want, _("The target network is copied: move it by the share agent.tau only.")),
    (
        np.float32([[0.14, 0.445], [0.16, 0.44]]),
        _("soft_update is given 1 - tau: it takes agent.tau."),
    ),
]
want = np.float32([[0.46, 0.405], [0.64, 0.76]])
labkit.check_value(_("the matrix of target_net"), target_kernel, want, mistakes=mistakes)
want = np.float32([-0.02, 0.025])
labkit.check_value(_("the bias vector of target_net"), target_bias, want)
labkit.check_value(_("the loss"), loss, np.float32(0.1025))
agent = linear_agent(online, target)
labkit.check_recorded(lambda batch: dqn_update(agent, batch), two)
labkit.passed()

# %% speed-theory [markdown]
# ### What compiling buys
#
# Called as it stands, `dqn_update` starts some hundred small operations, one after
# the other, and each start costs more than the arithmetic. `tf.function` records them
# once; the compiler XLA melts them together; and as `labkit.compile_updates` puts a loop
# of 64 updates into *one* call, that call is started once, not 64 times. The equations
# are still yours, and so is their order.
#
# Acting has the same trouble, once in every step: for one observation it is quicker to
# multiply a few matrices in NumPy than to ask TensorFlow.

# %% speed tags=["nbval-ignore-output"]
trial = Agent(gym.make("LunarLander-v3"), seed=0)
for i in range(100):
    trial.buffer.add(trial.obs, i % 4, 1.0, trial.obs, False)
one = tf.nest.map_structure(tf.constant, trial.buffer.sample(64))
obs = trial.obs
rows = {
    _("one update, as it stands"): microseconds(lambda: dqn_update(trial, one), 20),
    _("one update of 64 in a compiled call"): microseconds(
        lambda: trial.learn(trial.buffer.sample((64, 64))), 10
    ) / 64,
    _("values of one state, q_net"): microseconds(lambda: trial.q_net(obs[None]), 20),
    _("values of one state, fast"): microseconds(lambda: trial.fast(obs)),
}
pd.DataFrame({"µs": rows}).round(0)

# %% choose-theory [markdown]
# ## 4. From step to step
#
# ### Exploration that fades
#
# At first the agent knows nothing and should try everything; later it should fly well
# enough to *reach* the states that matter. So $\varepsilon$ falls on a straight line,
# counted in **steps**, from 1 at step 0 to `agent.epsilon_end` at
# `agent.epsilon_steps`, and then stays there:
#
# $$ \varepsilon(n) = \max\!\Big(\varepsilon_{\text{end}},\;
#    1 - (1 - \varepsilon_{\text{end}})\, \frac{n}{N}\Big) $$
#
# (Counted in episodes it would fall at another speed whenever episodes become longer.)

# %% choose-hint [markdown]
# <details><summary>Hint</summary>
#
# `labkit.linear_decay(start, end, steps, step)` is that line. `agent.rng.random()` is
# below $\varepsilon$ with probability $\varepsilon$; `agent.rng.integers(n)` draws one
# of n actions, and `agent.env.action_space.n` says how many there are;
# `agent.fast(agent.obs)` gives the values of the present state.
#
# </details>

# %% choose-action tags=["exercise"] points=1
def epsilon_greedy(agent, step: int) -> int:
    """Choose an action for agent.obs, epsilon-greedy.

    Args:
        agent: has fast, obs, rng, env, epsilon_end and epsilon_steps.
        step: number of this training step, 0 or more; epsilon depends on it.

    Returns:
        The number of the action.
    """
    # TODO: epsilon of this step; then a random action or the best one.
    ### BEGIN SOLUTION
    epsilon = labkit.linear_decay(1.0, agent.epsilon_end, agent.epsilon_steps, step)
    if agent.rng.random() < epsilon:
        return int(agent.rng.integers(agent.env.action_space.n))
    return int(agent.fast(agent.obs).argmax())
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% choose-action-expected [markdown]
# With four actions, $\varepsilon_{\text{end}} = 0.2$ and $N = 100$, the best action is
# taken with probability 0.25 at step 0, $0.4 + 0.6/4 = 0.55$ at step 50, and
# $0.8 + 0.2/4 = 0.85$ from step 100 on.

# %% choose-action-check tags=["check"]
def share_of_best(step: int, seed: int = 0) -> float:
    """How often the action with the largest value is chosen at that step."""
    agent = SimpleNamespace(
        obs=np.float32([0, 3, 1, 2]), fast=lambda obs: obs,
        rng=np.random.default_rng(seed),
        env=SimpleNamespace(action_space=gym.spaces.Discrete(4)),
        epsilon_end=0.2, epsilon_steps=100,
    )
    chosen = [epsilon_greedy(agent, step) for i in range(10_000)]
    labkit.check(
        None not in chosen, _("epsilon_greedy(...) gives None: is a `return` missing?")
    )
    labkit.check(
        set(map(str, chosen)) <= {"0", "1", "2", "3"},
        _(
            "epsilon_greedy(...) must return the number of an action: 0, 1, 2 or 3 "
            "here."
        ),
    )
    labkit.check(
        step > 0 or len(set(chosen)) == 4,
        _("At step 0 all four actions must be tried: epsilon is 1 there."),
    )
    return np.mean(np.equal(chosen, 1))


def near(share: float, want: float) -> bool:
    return abs(share - want) < 0.02


first, half, end, later = (share_of_best(step) for step in (0, 50, 100, 200))
labkit.check(
    not near(later, first), _("epsilon does not fall: use the number of the step.")
)
labkit.check(
    not near(end, 0.8), _("A random action may be any of them, the best one included.")
)
labkit.check(not near(end, 0.05), _("The worst action is taken: argmax of the values."))
labkit.check(near(first, 0.25), _("At step 0 all actions must be equally likely."))
labkit.check(
    not near(end, 1.0) and not near(later, 1.0),
    _("epsilon must not fall below agent.epsilon_end: some exploration remains."),
)
labkit.check(
    not near(half, 0.625),
    _("epsilon reaches agent.epsilon_end too early: only at agent.epsilon_steps."),
)
labkit.check(
    near(half, 0.55),
    _(f"At step 50 of 100 the best action has a share of {labkit.number(half):.2f}, expected 0.55."),
)
labkit.check(
    near(end, 0.85) and near(later, 0.85),
    _(f"From step 100 on the best action has a share of {labkit.number(later):.2f}, expected 0.85."),
)
labkit.check(
    half == share_of_best(50),
    _("The same seed gives other actions: draw from agent.rng alone."),
)
labkit.passed()

# %% due-theory [markdown]
# ### When to learn
#
# Two rules decide:
#
# - **Not too early.** The first minibatches would be drawn again and again from a
#   handful of transitions. The agent waits until `agent.learning_starts` are stored.
# - **Not at every step.** A call costs the same whether it learns from one batch or
#   from many. Every `agent.learn_every` steps (those that it divides: 0, 64, 128, ...)
#   the agent learns from `agent.updates` **minibatches**, each of `agent.batch_size`
#   transitions, drawn independently.
#
# 64 updates every 64 steps are as many as one in each step. In between the agent acts
# with weights that are up to 64 steps old, about one second of flight. The target
# network is updated *inside* each update, so it does not fall behind.

# %% due-hint [markdown]
# <details><summary>Hint</summary>
#
# `agent.buffer.sample((U, B))` draws U minibatches of B transitions at once: its columns
# have shape `(U, B, ...)`. `agent.learn(batches)` runs one update on each of them, in
# turn, and returns their U losses. `step % n == 0` says whether n divides the step.
#
# </details>

# %% learn-if-due tags=["exercise"] points=2
def learn_if_due(agent, step: int) -> float | None:
    """Learn from several minibatches if it is time to.

    Args:
        agent: has buffer, learn, learning_starts, learn_every, updates and batch_size.
        step: number of this training step.

    Returns:
        The mean of the losses, or None where it was not time to learn.
    """
    # TODO: is it time? Then draw the minibatches and learn from them, in one call.
    ### BEGIN SOLUTION
    if step % agent.learn_every != 0 or len(agent.buffer) < agent.learning_starts:
        return None
    batches = agent.buffer.sample((agent.updates, agent.batch_size))
    return float(agent.learn(batches).mean())
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% learn-if-due-check tags=["check"]
calls = []


def noted_learn(batches):
    """Stands in for agent.learn: notes the shape of the rewards."""
    calls.append((step, np.shape(batches.reward)))
    return np.float32([1.0, 2.0, 6.0])


agent = SimpleNamespace(
    buffer=labkit.ReplayBuffer(100, (2,), seed=0), learn=noted_learn,
    learning_starts=12, learn_every=4, updates=3, batch_size=5,
)
losses = {}
for step in range(-8, 20):  # 8 transitions are stored before step 0
    losses[step] = learn_if_due(agent, step) if step >= 0 else None
    agent.buffer.add([step, step], 0, float(step), [step, step], False)
times = [when for when, shape in calls]
labkit.check(calls, _("agent.learn is never called."))
labkit.check(
    times[0] >= 4,
    _("It learns too early: wait until learning_starts transitions are stored."),
)
labkit.check(
    12 not in times or 13 not in times,
    _("It learns at each step: only every agent.learn_every steps."),
)
labkit.check(
    len(times) == len(set(times)),
    _("agent.learn is called several times in a step: one call for all minibatches."),
)
labkit.check(
    times not in ([12, 16], [16]),
    _("Count the transitions stored, len(agent.buffer), and not the steps."),
)
labkit.check(
    times != [8, 12, 16],
    _("12 transitions are enough for learning_starts=12: learn with 12 or more."),
)
labkit.check(
    times == [4, 8, 12, 16],
    _(f"It learned at the steps {times}, expected [4, 8, 12, 16]."),
)
shape = calls[0][1]
labkit.check(
    shape == (3, 5),
    _(
        f"The rewards drawn have shape {shape}, expected (3, 5): sample((updates, "
        "batch_size)) draws independent minibatches."
    ),
)
labkit.check(
    losses[9] is None, _("Return None where it was not time to learn.")
)
no_mean = _("Return the mean of all losses, neither their sum nor one of them.")
mistakes = [(wrong, no_mean) for wrong in (1.0, 6.0, 9.0)]
labkit.check_value("learn_if_due(...)", losses[8], 3.0, mistakes=mistakes)
labkit.passed()

# %% play-theory [markdown]
# ### One step
#
# The rest is bookkeeping, and it is where most bugs live. After each step
#
# 1. the transition is stored, with the observation *before* and *after* the step and
#    with `terminated` alone;
# 2. `agent.obs` and `agent.total` (the rewards of this episode) go on;
# 3. if the episode is over, for either reason, a new one begins.

# %% play-hint [markdown]
# <details><summary>Hint</summary>
#
# Store first, then let `agent.obs = next_obs`. At the end of an episode remember
# `agent.total` under another name before you set it to 0, and take the first
# observation of the next episode from `agent.env.reset()`, which returns two things.
#
# </details>

# %% play-step tags=["exercise"] points=2
def agent_step(agent, step: int) -> float | None:
    """Take one step in the environment and store what happened.

    Args:
        agent: its buffer, obs and total are changed.
        step: number of this training step.

    Returns:
        The undiscounted return of the episode if it ended with this step, else None.
    """
    action = epsilon_greedy(agent, step)
    next_obs, reward, terminated, truncated, info = agent.env.step(action)
    # TODO: store the transition, go on, and begin anew when the episode is over.
    ### BEGIN SOLUTION
    agent.buffer.add(agent.obs, action, reward, next_obs, terminated)
    agent.obs = next_obs
    agent.total += reward
    if terminated or truncated:
        finished = agent.total
        agent.total = 0.0
        agent.obs, info = agent.env.reset()
        return finished
    return None
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% play-script
# Stands in for the lander in the check: episodes of three known steps.
script = np.float32([[1, 0], [2, 0], [3, 0], [4, 0]])


class Recorder(labkit.RecordingBuffer):
    """A replay buffer that only writes down what is added."""

    def add(self, obs, *others):
        labkit.check(
            isinstance(obs, np.ndarray),
            _("agent.obs is no observation: env.reset() returns two things, obs and info."),
        )
        super().add(obs, *others)


def rehearse(ending: str):
    """Seven steps of play; return the agent and what agent_step returned."""
    over = _("The episode is over, and the agent steps on: call agent.env.reset().")
    agent = SimpleNamespace(
        env=labkit.ScriptedEnv(script, [2.0, 4.0, 8.0], ending, over=over),
        buffer=Recorder((2,)), rng=np.random.default_rng(0),
        fast=lambda obs: np.float32([0, 1]), total=0.0,
        epsilon_end=0.0, epsilon_steps=1,
    )
    agent.obs, info = agent.env.reset()
    returned = [agent_step(agent, step) for step in range(1, 8)]
    seeds = [seed for seed in agent.env.seeds if seed is not None]
    labkit.check(
        len(set(seeds)) == len(seeds),
        _("A fixed seed makes all episodes start alike: call agent.env.reset()."),
    )
    return agent, returned

# %% play-step-check tags=["check"]
agent, returned = rehearse("terminated")
added = agent.buffer.added
labkit.check(
    len(added) == 7,
    _(f"Transitions stored in 7 steps: {len(added)}. Store one in each step."),
)
labkit.check(
    [row.obs[0] for row in added[:3]] != [1, 1, 1],
    _("agent.obs stands still: after storing, agent.obs = next_obs."),
)
labkit.check(
    [row.obs[0] for row in added[:3]] == [1, 2, 3],
    _("The observation stored must be the one *before* the step: store, then go on."),
)
labkit.check(
    added[2].next_obs[0] == 4,
    _("The last next_obs of an episode is lost: store it before the reset."),
)
labkit.check(
    [row.next_obs[0] for row in added[:3]] == [2, 3, 4],
    _("The next observation stored must be the one after the step."),
)
labkit.check(
    added[3].obs[0] == 1,
    _("A new episode starts from what env.reset() returns: store it in agent.obs."),
)
labkit.check(
    [row[1:3] for row in added[:3]] == [(1, 2.0), (1, 4.0), (1, 8.0)],
    _("A transition must hold the action taken and its own reward."),
)
labkit.check(
    [row.terminated for row in added[:3]] == [False, False, True],
    _("Store `terminated` as the environment gives it."),
)
labkit.check(
    returned[0] is None and returned[1] is None,
    _("Return None in each step that does not end the episode."),
)
not_all = _("The return is the sum of all rewards of the episode, the last included.")
mistakes = [(wrong, not_all) for wrong in (0.0, 6.0, 8.0)]
labkit.check_value(_("the first return"), returned[2], 14.0, mistakes=mistakes)
labkit.check(
    returned[5] != 28.0, _("The second return includes the first: set total to 0.")
)
labkit.check_value(_("the second return"), returned[5], 14.0)
agent, returned = rehearse("truncated")
labkit.check(
    not any(row.terminated for row in agent.buffer.added),
    _("A time limit is stored as the end of the world: store `terminated` alone."),
)
labkit.check_value(_("the return of a truncated episode"), returned[2], 14.0)
labkit.passed()

# %% train-theory [markdown]
# ## 5. Training
#
# Now the loop is short. `training` watches it: progress bar, live plot, and the stop
# rule: the loop ends when the mean of the last 100 training episodes reaches 200.
#
# That mean is a poor measure of the weights: it contains random actions, and weights of
# many different moments. And learning is no steady climb: good weights can be spoilt a
# minute later. So every 10,000 steps, and at the end, a **greedy test** on other seeds
# scores the present weights, and `training.keep` keeps the best ones.

# %% train
def greedy_policy(fast):
    """The policy that takes the action with the largest value."""
    return lambda obs: int(fast(obs).argmax())


def train(agent: Agent, training: labkit.Training, steps: int = 300_000) -> None:
    """Act and learn, until there are so many steps in all or the goal is reached."""
    test_env = gym.make(agent.env.spec)
    policy = greedy_policy(agent.fast)
    greedy_test = partial(labkit.evaluate, test_env, policy, episodes=20, seed=20_000)
    with training:
        for step in training.steps(steps):
            finished = agent_step(agent, step)
            learn_if_due(agent, step)
            if finished is not None:
                training.add(finished)
            if (step + 1) % 10_000 == 0:
                training.keep(greedy_test().mean)
        training.keep(greedy_test().mean)

# %% make-agent
runs = labkit.Runs()  # what training cells make, for the cells that follow
runs["agent"] = Agent(gym.make("LunarLander-v3"), seed=1)
runs["training"] = labkit.Training(
    _("DQN on LunarLander"), runs["agent"].fast, solved_at=200, stop_at=200
)

# %% dqn-train-theory [markdown]
# It takes a minute or two. At first the returns are about $-200$: the lander falls and
# crashes. Then it learns to hover (it crashes less, and the episodes become long), and at
# last to come down. You may interrupt the cell at any time (the square button ■):
# nothing is lost, and running it again goes on from there. To begin afresh, run the cell
# above again, too.

# %% dqn-train tags=["training", "nbval-ignore-output"]
train(runs["agent"], runs["training"])
runs["dqn"] = runs["training"]

# %% time-spent tags=["nbval-ignore-output"]
training = runs["dqn"]
print(_(f"{training.step} steps, {len(training.returns)} episodes"))
print(_(f"{training.seconds:.0f} s of processor time, tests included"))
print(_(f"{training.step / training.seconds:.0f} steps a second"))
pd.DataFrame(training.scores, columns=[_("step"), _("greedy test")]).round(1).tail()

# %% saved-theory [markdown]
# ## 6. Saved, loaded, measured
#
# A trained network outlives its notebook in a `.keras` file. `labkit.save_network`
# writes it beside its final name first and then renames it, so that an interruption
# never leaves half a file; `labkit.load_network` refuses a network of another shape.
#
# Then **evaluate apart from training**: greedy, 100 episodes, starts that neither the
# training nor the tests have seen. `labkit.evaluate(env, policy, episodes=n)` plays
# them.

# %% saved-hint [markdown]
# <details><summary>Hint</summary>
#
# `labkit.load_network(path, inputs=..., outputs=...)` checks the sizes that you give it;
# you computed both in `make_networks`. `labkit.NumpyNetwork(net)` makes it quick, and
# `greedy_policy(fast)`, above, is a policy.
#
# </details>

# %% measure-saved tags=["exercise"] points=1
def evaluate_saved(path, env: gym.Env, episodes: int = 100) -> labkit.Evaluation:
    """Load a network and evaluate its greedy policy.

    Args:
        path: a .keras file.
        env: environment to play in; the network must fit it.
        episodes: how many to play.

    Returns:
        The returns, with mean and interval.

    Raises:
        ValueError: the network does not fit the environment.
    """
    # TODO: load, with both sizes checked; then evaluate greedily.
    ### BEGIN SOLUTION
    inputs, outputs = env.observation_space.shape[0], int(env.action_space.n)
    net = labkit.load_network(path, inputs=inputs, outputs=outputs)
    policy = greedy_policy(labkit.NumpyNetwork(net))
    return labkit.evaluate(env, policy, episodes=episodes)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% measure-saved-check tags=["check"]
class ChoiceEnv(gym.Env):
    """Episodes of one step: the reward is the number of the action."""

    observation_space = gym.spaces.Box(0, 1, (2,), np.float32)
    action_space = gym.spaces.Discrete(3)

    def reset(self, seed=None, options=None):
        return np.zeros(2, np.float32), {}

    def step(self, action):
        labkit.check(
            isinstance(action, int | np.integer),
            _(
                "A policy gives an action's number: `greedy_policy(fast)` is one, "
                "`greedy_policy` is not."
            ),
        )
        return np.zeros(2, np.float32), float(action), True, False, {}


def saved(folder: str, inputs: int, biases: list[float]) -> Path:
    """A file with a network whose values are the biases, whatever the state."""
    net = labkit.mlp(inputs, [], len(biases))
    net.set_weights([np.zeros((inputs, len(biases))), np.array(biases)])
    labkit.save_network(net, Path(folder) / "net.keras")
    return Path(folder) / "net.keras"


with TemporaryDirectory() as folder:
    try:
        got = evaluate_saved(
            saved(folder, 2, [0.0, -1.0, 5.0]), ChoiceEnv(), episodes=7
        )
    except ValueError as error:
        whole = _("A Keras network takes batches alone: act with labkit.NumpyNetwork(net).")
        labkit.check("Invalid input shape" not in str(error), whole)
        raise
    labkit.check(
        got is not None, _("evaluate_saved(...) gives None: is a `return` missing?")
    )
    labkit.check(
        isinstance(got, labkit.Evaluation),
        _("evaluate_saved(...) must return what labkit.evaluate returns."),
    )
    labkit.check(
        len(got.returns) == 7,
        _(f"Episodes played: {len(got.returns)}, expected 7: pass episodes=episodes."),
    )
    labkit.check(
        set(got.returns) == {2.0},
        _("The action with the largest value must be taken, and never another one."),
    )
    got = evaluate_saved(saved(folder, 2, [3.0, 4.0, 1.0]), ChoiceEnv(), episodes=2)
    labkit.check(
        got.mean == 1.0, _("The network in the file must play, and no other one.")
    )
    for inputs, biases in [(2, [0.0, 1.0]), (3, [0.0, 1.0, 2.0])]:
        try:
            evaluate_saved(saved(folder, inputs, biases), ChoiceEnv(), episodes=1)
            refused = ""
        except ValueError as error:
            refused = str(error)
        labkit.check(
            "net.keras" in refused,
            _(
                "A network of another shape must be refused: give load_network the "
                "inputs and outputs that the environment needs."
            ),
        )
labkit.passed()

# %% measure-theory [markdown]
# The best weights of the training, through the file. On Colab, download the file (the
# folder symbol at the left): it vanishes with the machine.

# %% measure tags=["training", "nbval-ignore-output"]
runs["dqn"].restore_best()
file = Path("saved") / "dqn_lunar_lander.keras"
labkit.save_network(runs["agent"].q_net, file)
runs["evaluation"] = evaluate_saved(file, gym.make("LunarLander-v3"))
runs["net"] = labkit.load_network(file)
print(runs["evaluation"])

# %% measure-check tags=["check", "nbval-check-output"]
labkit.check(
    runs["evaluation"].mean >= 150,
    _(
        "The trained lander should earn 150 or more. If all checks above have passed, "
        "make the agent with another seed and train it again."
    ),
)
labkit.passed(_("It lands."))

# %% returns-plot tags=["nbval-ignore-output"]
returns = runs["evaluation"].returns
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
axes.hist(returns, bins=np.arange(-400, 341, 20))
axes.axvline(returns.mean(), color="C1", label=_("mean"))
axes.axvline(200, color="C2", linestyle="--", label=_("solved: 200"))
axes.set(xlabel=_("greedy return"), ylabel=_("episodes"))
axes.legend()
plt.show()

# %% returns-read [markdown]
# The mean hides two kinds of episodes: many good landings, near the 290 that you
# estimated for a perfect one or somewhat below, and a few that went wrong. A mean alone
# would not tell a pilot who always lands clumsily from one who lands perfectly and
# crashes now and then.
#
# ### See it fly
#
# Untrained and trained, from the same start.

# %% film tags=["nbval-ignore-output"]
def film(label: str, net):
    """A labelled video of one greedy episode, of at most 10 seconds."""
    env = gym.make("LunarLander-v3", render_mode="rgb_array")
    policy = greedy_policy(labkit.NumpyNetwork(net))
    return label, labkit.record(env, policy, seed=10_000, max_steps=500)


untrained, _target = make_networks(env, [128, 128], seed=1)
labkit.side_by_side([film(_("untrained"), untrained), film(_("trained"), runs["net"])])

# %% belief-theory [markdown]
# ### What does it believe?
#
# As in lesson {lesson:linear_q_cartpole}: at each step of a greedy episode compare what the agent believes it
# will still collect, $\max_a Q(s, a)$, with the discounted return that it does collect
# from there.

# %% belief tags=["nbval-ignore-output"]
fast, env = labkit.NumpyNetwork(runs["net"]), gym.make("LunarLander-v3")
believed = partial(labkit.belief_and_truth, env, fast, gamma=0.99)
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
belief, truth = believed(seed=10_000)
axes.plot(truth, label=_("really collected from here on"))
axes.plot(belief, "--", label=_("believed: $\\max_a Q(s, a)$"))
axes.set(xlabel=_("step of the episode"), ylabel=_("discounted return"))
axes.legend()
plt.show()
pairs = [believed(seed=seed) for seed in range(10_000, 10_020)]
excess = np.mean([np.mean(belief - truth) for belief, truth in pairs])
print(_(f"mean of belief - truth over 20 episodes: {labkit.number(excess):.1f}"))

# %% belief-prompt [markdown]
# **Question 4** (3 points).
#
# 1. Look at the plot. Where does the believed value rise or fall suddenly, and what
#    happens to the lander there? (Compare with the video: 50 steps are a second.)
# 2. Suppose that all four actions of a state are worth 100, and that the four estimates
#    are off by independent errors with mean 0. Is the mean of $\max_a Q$ then 100, more
#    or less? Why, and how does it get into the targets?
# 3. Does the number that the cell prints say the same? When we trained with ten seeds,
#    the belief lay *below* the truth in nine runs, by 20 on average. Where may errors
#    come from whose mean is not 0?

# %% belief-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. The answer depends on the run. Two things change a value along the way. What is
#    still to be earned by coming nearer, $\Phi(\text{end}) - \Phi(s)$, shrinks as it is
#    earned; the $+100$ at the end comes nearer and is discounted less. Jumps are seen
#    where a leg touches the ground or loses contact, or the lander tilts: its inputs
#    change from one step to the next, and it was seldom there while it learned.
# 2. More. The maximum picks whichever estimate is too high: among four numbers scattered
#    around 100, the largest lies above 100 nearly always. Targets contain this maximum,
#    so values are trained upwards, and those enter the next targets: this
#    *overestimation* is handed on from step to step.
# 3. In most runs, no. Values must travel: the $+100$ of a landing reaches the states of
#    the descent, some hundred steps earlier, only by way of all those in between and of a
#    target network that follows slowly, and training stopped soon after the first good
#    landings. Until then most states had been worth little. So the policy is already
#    better than its values say. The replay buffer, too, holds mostly flights of older,
#    worse policies, and the Huber loss gives less weight to rare large errors. The bias
#    of the maximum is there all the same; here the others outweigh it.
#
# **What to look for:** (1) a description that fits the plot, with a reason; (2) larger,
# because the maximum selects positive errors, and targets pass it on; (3) a comparison
# with the student's own number, and one systematic error (values that lag, old data, the
# loss). One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% bug-theory [markdown]
# ## 7. Find the bug
#
# A colleague has heard that compiled code is fast, and compiles her exploration. There is
# no error message, but her agent learns nothing: the replay buffer is full of one and the
# same action.
#
# Delete the line with `raise`, run that cell and the next one, and look at the numbers.
# Then mend the function: with probability `epsilon` any of the four actions, *drawn anew
# at each call*, else the best one. You need not keep it compiled.

# %% bug-hint [markdown]
# <details><summary>Hint</summary>
#
# Put `print("hello")` into the function `choose`. How often does it print in 1,000
# calls? When does ordinary Python code inside a `tf.function` run?
#
# </details>

# %% compiled-choice tags=["exercise"] points=2
# TODO: find the bug and mend it.
### BEGIN SOLUTION
def compiled_choice(q_net, epsilon: float, seed: int):
    """A function from an observation, shape (8,), to an epsilon-greedy action."""
    rng = np.random.default_rng(seed)
    values = tf.function(lambda obs: q_net(obs[None])[0])

    def choose(obs):
        if rng.random() < epsilon:
            return int(rng.integers(4))
        return int(np.argmax(values(obs)))

    return choose
### STUDENT
# def compiled_choice(q_net, epsilon: float, seed: int):
#     """A function from an observation, shape (8,), to an epsilon-greedy action."""
#     raise NotImplementedError("TODO")
#     rng = np.random.default_rng(seed)
#
#     @tf.function
#     def choose(obs):
#         if rng.random() < epsilon:
#             return tf.constant(rng.integers(4))
#         return tf.argmax(q_net(obs[None])[0])
#
#     return choose
### END SOLUTION

# %% compiled-choice-run tags=["nbval-ignore-output"]
for seed in range(4):
    choose = compiled_choice(labkit.mlp(8, [16], 4, seed=0), epsilon=0.5, seed=seed)
    chosen = [int(choose(tf.ones(8))) for i in range(200)]
    print(_(f"seed {seed}: times that each action was chosen:"), end=" ")
    print(np.bincount(chosen, minlength=4))

# %% compiled-choice-check tags=["check"]
def shares(epsilon: float, seed: int) -> np.ndarray:
    """Share of each action in 1,500 choices of a network whose best action is 2."""
    net = labkit.mlp(8, [], 4)
    net.set_weights([np.zeros((8, 4)), np.float32([1, 0, 5, 2])])
    choose = compiled_choice(net, epsilon, seed)
    chosen = [choose(tf.ones(8)) for i in range(1500)]
    labkit.check(
        all(action is not None and np.shape(action) == () for action in chosen),
        _("compiled_choice(...) must return a function that gives an action's number."),
    )
    return np.bincount(np.array(chosen, int), minlength=4) / 1500


random, half, best = shares(1.0, 0), shares(0.5, 0), shares(0.0, 0)
labkit.check(
    random.max() < 1.0,
    _(
        "1,500 random actions are all the same: the draw is made only once, or the "
        "generator is made anew in each call."
    ),
)
labkit.check(best[2] == 1.0, _("With epsilon = 0 always take the best action."))
labkit.check(
    half[2] > 0.01 and half[2] < 0.99,
    _("With epsilon = 0.5 it is always random or never: decide anew at each call."),
)
labkit.check(
    np.abs(random - 0.25).max() < 0.06,
    _("With epsilon = 1 the four actions must be equally likely."),
)
labkit.check(
    abs(half[2] - 0.625) < 0.06,
    _(f"epsilon = 0.5: the best action has a share of {labkit.number(half[2]):.2f}, expected 0.62."),
)
labkit.passed()

# %% bug-read [markdown] tags=["solution-only"]
# Python code inside a `tf.function` runs once, while the function is *recorded*; later
# calls replay the TensorFlow operations alone. `rng.random()` and `rng.integers(4)` are
# Python: drawn while recording, then constants. So the one function has decided for ever
# either to act greedily or to take the action that it drew. Keep the drawing outside, as
# here, or draw with `tf.random`, which is an operation and is replayed. For the same
# reason a setting that `dqn_update` reads, such as `agent.gamma`, is fixed once
# `agent.learn` has been called: to change it, make the agent anew.

# %% experiments [markdown]
# ## 8. Experiments
#
# Change one thing at a time, guess the result first, then run. The numbers are mean
# returns of 100 greedy episodes that we measured; yours will differ.
#
# 1. **Where it has never been.** The cell below lets the trained network fly in the wind,
#    and with half the gravity. (Seven networks: 236 at home, 78 in the wind, with a
#    range from $-9$ to 142, and 212 with half the gravity.) Why is less gravity easier
#    to bear than wind? Then train in the wind.
# 2. **A little chance.** Let the trained lander take a random action with probability
#    0.02, then 0.1. (240 and 220.) So exploration is not why the last 100 training
#    episodes have a mean of 200 only. What is?
# 3. **No target network.** Train with `tau=1.0` in `Agent(...)`. (Seeds 0, 1 and 5: 239,
#    257 and 237 after 101,000, 141,000 and 209,000 steps. With $\tau = 0.005$: 247, 230
#    and 228 after 184,000, 138,000 and 93,000.) Does the target network help here? What
#    would you have to do to know?
# 4. **Double deep Q-learning** (van Hasselt and others, 2016): the online network chooses
#    the best action in $s'$, the target network says what that action is worth. In
#    `dqn_update`, after `next_q`:
#
#    ```python
#    best = tf.argmax(agent.q_net(batch.next_obs), axis=1)
#    next_q = tf.gather(next_q, best, batch_dims=1)[:, None]
#    ```
#
#    (Seeds 0, 1 and 5: 269, 247 and 198, after 153,000, 291,000 and 99,000 steps.) Why
#    would this lower overestimation, and why is there little to gain here? Lesson {lesson:d3qn_gridworld}
#    measures it.
# 5. **The time limit.** Store `terminated or truncated` in `agent_step`. (Seeds 0, 1
#    and 5: 233, 248 and 241, no worse than before.) So the mistake of question 1 does
#    no harm here. Which states are mistaught, and why is "hovering to the end is worth
#    nothing" not a bad lesson for a lander? In which task would it be one?
# 6. **One seed is an anecdote.** Ten seeds took from 92,000 to 265,000 steps and reached
#    227 to 266. In seven of them the *last* weights were worse than the best ones that
#    were kept, in one by 144 points. Train with two more seeds, and print
#    `training.scores`.

# %% experiment tags=["training", "nbval-ignore-output"]
# Experiment 1: the trained network where it has never been.
policy = greedy_policy(labkit.NumpyNetwork(runs["net"]))
for change in ({}, {"enable_wind": True}, {"gravity": -5.0}):
    print(change, labkit.evaluate(gym.make("LunarLander-v3", **change), policy))

# %% recap [markdown]
# ## Recap
#
# - One output for each action: a single pass gives all that acting and targets need.
# - Two networks of one architecture. The online one is trained by gradient; the target
#   one follows by $\theta^- \leftarrow \theta^- + \tau (\theta - \theta^-)$, inside each
#   update.
# - The Huber loss bounds the pull of a single transition. Targets bootstrap after the
#   time limit, never after a crash or a landing.
# - Speed is in how the equations are run, not in other equations: act in NumPy, learn in
#   blocks, compiled. What is Python inside compiled code runs once.
# - The best weights are chosen by a greedy test apart from training, saved, and measured
#   once more on starts that no choice has seen.
#
# Next: in lesson {lesson:d3qn_gridworld} the agent sees pixels, and two improvements of its head are measured.
#
# ### To read next
#
# - V. Mnih and others, "Human-level control through deep reinforcement learning",
#   *Nature* 518, 529–533, 2015: the deep Q-network, with replay and target network.
# - T. P. Lillicrap and others, "Continuous control with deep reinforcement learning",
#   *ICLR*, 2016 (arXiv:1509.02971): the soft update; lesson {lesson:ddpg_ball_pendulum} is about this paper.
# - H. van Hasselt, A. Guez and D. Silver, "Deep Reinforcement Learning with Double
#   Q-learning", *AAAI*, 2016 (arXiv:1509.06461): overestimation, measured and reduced.
# - A. Y. Ng, D. Harada and S. Russell, "Policy Invariance under Reward Transformations",
#   *ICML*, 1999: which extra rewards leave the best policy as it is.
# - P. J. Huber, "Robust Estimation of a Location Parameter", *Annals of Mathematical
#   Statistics* 35, 73–101, 1964: the loss.
# - M. Hessel and others, "Rainbow: Combining Improvements in Deep Reinforcement
#   Learning", *AAAI*, 2018 (arXiv:1710.02298): six improvements, and what each is worth.
# - F. Pardo and others, "Time Limits in Reinforcement Learning", *ICML*, 2018
#   (arXiv:1712.00378): terminated against truncated.
