# ---
# title: Deep Q-learning on CartPole
# line: a network that finds its own features
# minutes: 90
# ---

# %% title [markdown]
# # Deep Q-learning: CartPole with a neural network
#
# At the end of this lesson you will be able to
#
# - build a Q-network of any size in Keras, and say what `compile`, `train_on_batch` and
#   a training step of your own do with one batch;
# - write deep Q-learning (DQN) in its essential lines: loss, targets, target network,
#   gradient step, exploration, and the loop around them;
# - make it fast without making it obscure: a pole balanced after a few seconds of
#   training;
# - watch what the network believes, and find a bug that raises no error.
#
# **Time:** about 90 minutes. **Builds on:** lesson {lesson:linear_q_cartpole} (targets, epsilon-greedy, replay,
# the deadly triad).

# %% imports tags=["nbval-ignore-output"]
import time
from types import SimpleNamespace

import gymnasium as gym
import keras
import labkit
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf

# %% clip-theory [markdown]
# Here is where the lesson leads. The task is that of lesson {lesson:linear_q_cartpole}. This time nobody tells
# the agent which features to use: it sees four numbers, and finds the rest.

# %% clip tags=["nbval-ignore-output"]
labkit.show(
    labkit.load(
        "dqn_cartpole",
        _("A cart moves left and right under a pole and keeps it upright"),
    )
)

# %% network-theory [markdown]
# ## 1. A network that finds the features
#
# In lesson {lesson:linear_q_cartpole} you wrote the features $\phi(s, a)$, and the agent learned weights for
# them. Four features failed, thirty worked, and finding the thirty took *your* insight:
# products, scales, a mirror. A neural network learns its features too. A **multilayer
# perceptron** computes, layer after layer,
#
# $$ h_1 = \mathrm{relu}(s W_1 + b_1), \quad h_2 = \mathrm{relu}(h_1 W_2 + b_2),
#    \quad \dots, \quad Q(s, \cdot\,; \theta) = h_n W + b $$
#
# where $\mathrm{relu}(x) = \max(0, x)$, number by number, and $\theta$ stands for all
# the matrices $W$ and vectors $b$ together. The last layer is lesson {lesson:linear_q_cartpole} again: a linear
# function of $h_n$, with one weight vector for each action. But the features $h_n$ are
# made of weights as well, and are learned with the rest.
#
# Two things to note:
#
# - The network takes the *state* and gives the values of *all* actions at once, where
#   `features(obs, action)` was asked about one action at a time. One call is enough to
#   find the best one.
# - Values may be any numbers, so nothing bounds the output: no relu there.
#
# Write it for any number of inputs, hidden layers and outputs: a function of the sizes.

# %% network-hint [markdown]
# <details><summary>Hint</summary>
#
# `net.add(keras.layers.Dense(units, activation="relu"))` adds one layer that computes
# $\mathrm{relu}(x W + b)$; without `activation` it computes $x W + b$. A `for` loop
# over `hidden` does for any number of layers, none included.
#
# </details>

# %% q-network tags=["exercise"] points=2
def q_network(inputs: int, hidden, outputs: int) -> keras.Model:
    """A multilayer perceptron for action values.

    Args:
        inputs: numbers in one observation.
        hidden: units of each hidden layer, such as [64, 64]; may be empty.
        outputs: number of actions.

    Returns:
        A network from observations, shape (B, inputs), to values, shape (B, outputs).
    """
    net = keras.Sequential([keras.Input((inputs,))])
    # TODO: the hidden layers (relu), then the output layer (linear).
    ### BEGIN SOLUTION
    for units in hidden:
        net.add(keras.layers.Dense(units, activation="relu"))
    net.add(keras.layers.Dense(outputs))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION
    return net

# %% network-expected [markdown]
# `q_network(4, [64, 64], 2)` has three layers with
# $4 \cdot 64 + 64 = 320$, $64 \cdot 64 + 64 = 4160$ and
# $64 \cdot 2 + 2 = 130$ weights, 4,610 in all. Lesson {lesson:linear_q_cartpole} had 30.

# %% q-network-check tags=["check"]
def describe(net):
    """Inputs, units and activation of each dense layer."""
    labkit.check(net is not None, _("q_network(...) gives None: is a `return` missing?"))
    weights = [tuple(weight.shape) for weight in net.weights]
    kernels = [shape for shape in weights if len(shape) == 2]
    activations = [layer.activation.__name__ for layer in net.layers if layer.weights]
    return kernels, activations


net = q_network(3, [5, 7], 4)
kernels, activations = describe(net)
labkit.check(
    len(kernels) != 2 or kernels[-1][-1] != 7,
    _("The output layer is missing: one more layer, with `outputs` units."),
)
labkit.check(
    len(kernels) == 3,
    _(f"[5, 7] gives {len(kernels)} layers: one for each hidden size, then the output."),
)
labkit.check(
    kernels[-1][-1] == 4, _("The last layer needs one unit for each action: `outputs`.")
)
labkit.check(
    kernels == [(3, 5), (5, 7), (7, 4)],
    _("Each hidden layer has its own size: with [5, 7], first 5 units, then 7."),
)
labkit.check(
    activations[-1] == "linear",
    _("The output layer must have no activation: a value may be any number."),
)
labkit.check(
    activations == ["relu", "relu", "linear"],
    _("Hidden layers need activation='relu': without it the layers melt into one."),
)
labkit.check(
    describe(q_network(3, [], 2))[0] == [(3, 2)],
    _("Without hidden layers there should be the output layer alone."),
)
labkit.check_value(
    _("number of weights"), q_network(4, [64, 64], 2).count_params(), 4_610
)
labkit.passed()

# %% batch-theory [markdown]
# ## 2. What training does, on one batch
#
# Before any reinforcement learning, see the tool at work where the right answers are
# known. Take 8 random observations and 16 numbers that the network should give for
# them. Then: predict, train, predict again.
#
# - `compile` only notes down *how* to train: which loss, and which optimizer changes
#   the weights. Adam (Kingma and Ba, 2015) is gradient descent that scales the step of
#   each weight by the size of its recent gradients.
# - `train_on_batch` does **one** step: predict, compute the loss, its gradient with
#   respect to all weights, and move them.
# - `predict` changes nothing.

# %% one-batch tags=["nbval-ignore-output"]
rng = labkit.seed_everything(0)
obs = rng.normal(size=(8, 4)).astype("float32")
wanted = rng.normal(size=(8, 2)).astype("float32")
net = q_network(4, [64, 64], 2)
net.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-2), loss="mse")

before = net.predict(obs, verbose=0)
losses = [labkit.number(net.train_on_batch(obs, wanted)) for step in range(100)]
after = net.predict(obs, verbose=0)
print(_(f"loss: {labkit.number(losses[0]):.3f} at first, {labkit.number(losses[-1]):.5f} after 100 steps"))
named = {_("wanted"): wanted, _("before"): before, _("after"): after}
tables = {name: pd.DataFrame(values) for name, values in named.items()}
pd.concat(tables, axis=1).round(2)

# %% custom-step-theory [markdown]
# The same step without `compile`, so that every part of it is in sight. TensorFlow
# writes down on a *tape* what is computed inside the `with`, and then differentiates
# it, backwards, with respect to the weights.
#
# Two networks that start with the same weights, one step each: do they agree?

# %% custom-step tags=["nbval-ignore-output"]
def supervised_step(net, optimizer, obs, wanted):
    """One step of gradient descent on the mean squared error."""
    with tf.GradientTape() as tape:
        error = net(obs) - wanted
        mse = tf.reduce_mean(error**2)
    gradients = tape.gradient(mse, net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
    return mse


net, twin = q_network(4, [64, 64], 2), q_network(4, [64, 64], 2)
twin.set_weights(net.get_weights())
net.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-2), loss="mse")
adam = keras.optimizers.Adam(learning_rate=1e-2)
print("train_on_batch: ", labkit.number(net.train_on_batch(obs, wanted)))
print("supervised_step:", labkit.number(supervised_step(twin, adam, obs, wanted)))
difference = np.abs(net.predict(obs, verbose=0) - twin.predict(obs, verbose=0)).max()
print(_(f"largest difference of the outputs afterwards: {labkit.number(difference):.1e}"))

# %% loss-theory [markdown]
# ### The loss of deep Q-learning
#
# Here reinforcement learning differs: a transition $(s, a, r, s')$ has a target for the
# action *taken*, and none for the others. So the network gives $A$ values for each
# state of the batch, and the loss looks at one of them:
#
# $$ L(\theta) = \frac1B \sum_{i=1}^{B} \big( y_i - Q(s_i, a_i; \theta) \big)^2 $$
#
# The others have no part in the loss, so they get no gradient of their own. (They move
# all the same, because they share the hidden layers.) This is why we need a step of our
# own, and not `compile(loss="mse")`.
#
# Mind the shapes: $B$ predictions, shape `(B,)`, against $B$ targets, shape `(B,)`.

# %% loss-hint [markdown]
# <details><summary>Hint</summary>
#
# `tf.gather(q, action, batch_dims=1)` takes from row $i$ of `q` the entry number
# `action[i]`: shape `(B,)`; NumPy's `q[np.arange(B), action]` does not work on tensors.
# The mean of squares is `tf.reduce_mean(x**2)`.
#
# </details>

# %% dqn-loss tags=["exercise"] points=2
def q_loss(q: tf.Tensor, action: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Mean squared error of the values of the actions taken.

    Args:
        q: values of all actions, shape (B, A).
        action: the actions taken, shape (B,), integers.
        targets: shape (B,).

    Returns:
        The loss, a single number.
    """
    # TODO: the value of each row's own action, then the mean squared error.
    ### BEGIN SOLUTION
    taken = tf.gather(q, action, batch_dims=1)
    return tf.reduce_mean(tf.square(targets - taken))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% loss-expected [markdown]
# With the values $(1, 2)$, $(6, 4)$, $(5, 7)$, the actions $1, 1, 0$ and the targets
# $3, 1, 8$ the errors are $1, -3, 3$, and the loss is $19/3$.

# %% dqn-loss-check tags=["check"]
q = tf.constant([[1.0, 2.0], [6.0, 4.0], [5.0, 7.0]])
action, targets = tf.constant([1, 1, 0]), tf.constant([3.0, 1.0, 8.0])
every_action = _("You use all actions: only the action taken has a target.")
everyone = _("Each prediction meets all targets: (B, 1) - (B,) gives a (B, B) array.")
mistakes = [
    (19.0, _("This is the sum: take the mean over the batch.")),
    (19 / 6, _("The loss is half as large as it should be: divide by B only.")),
    (49 / 6, every_action),
    (9.0, _("You take the largest value of each row: take that of the action taken.")),
    (11 / 3, _("You take one column for all rows: each row has its own action.")),
    (31 / 3, everyone),
    (14.0, _("Each row meets the actions of all rows: set batch_dims=1 in tf.gather.")),
    (7 / 3, _("This is the mean *absolute* error: square the errors.")),
    (1 / 9, _("Square each error first, then take the mean.")),
]
mistakes = [(np.float32(wrong), message) for wrong, message in mistakes]
got = q_loss(q, action, targets)
labkit.check(
    got is None or np.size(got) == 1,
    _("The loss must be a single number: take the mean over the batch."),
)
labkit.check_value("q_loss(...)", got, np.float32(19 / 3), mistakes=mistakes)
with tf.GradientTape() as tape:
    tape.watch(q)
    loss = q_loss(q, action, targets)
gradient = tape.gradient(loss, q) if tf.is_tensor(loss) else None
labkit.check(
    gradient is not None,
    _("The tape finds no gradient: compute the loss with TensorFlow, not NumPy."),
)
want = np.array([[0, -2 / 3], [0, 2], [-2, 0]])
labkit.check_value(_("the gradient of the loss"), gradient, want, rtol=1e-5)
labkit.passed()

# %% targets-theory [markdown]
# ## 3. Targets, and a network to compute them
#
# The target is the old one, $y = r + \gamma \max_{a'} Q(s', a')$, and $y = r$ if $s'$
# is terminal. (A time limit is not terminal: the replay buffer stores `terminated`,
# never `truncated`.)
#
# But lesson {lesson:linear_q_cartpole} ended with a warning. The target contains the network that it trains:
# each step towards the target also moves the target. DQN (Mnih et al., 2015) computes
# its targets with a second network of the same architecture, the **target network**,
# whose weights $\theta^-$ are an older copy of $\theta$:
#
# $$ y = r + \gamma \max_{a'} Q(s', a'; \theta^-) \quad \text{if } s' \text{ is not
#    terminal} $$
#
# The network that learns and acts is called the *online* network, `q_net` in our code.

# %% targets-hint [markdown]
# <details><summary>Hint</summary>
#
# `target_net(batch.next_obs)` has shape `(B, A)`; `tf.reduce_max(..., axis=1)` is the
# largest value of each row. TensorFlow does not multiply numbers by bools:
# `tf.cast(batch.terminated, tf.float32)` is 1 where terminated and 0 elsewhere.
#
# </details>

# %% dqn-targets tags=["exercise"] points=2
def td_targets(batch: labkit.Batch, target_net, gamma: float) -> tf.Tensor:
    """One-step targets of a batch, computed with the target network.

    Args:
        batch: tensors batch.obs and batch.next_obs, shape (B, n), batch.action,
            batch.reward and batch.terminated, shape (B,).
        target_net: network from (B, n) to (B, A).
        gamma: discount factor.

    Returns:
        The targets, shape (B,), float32.
    """
    # TODO: bootstrap from the target network, except after a terminal state.
    ### BEGIN SOLUTION
    next_value = tf.reduce_max(target_net(batch.next_obs), axis=1)
    goes_on = 1 - tf.cast(batch.terminated, tf.float32)
    return batch.reward + gamma * next_value * goes_on
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% known-nets
def linear_net(kernel, bias):
    """A network without hidden layers, whose outputs are obs @ kernel + bias."""
    net = q_network(len(kernel), [], len(bias))
    net.set_weights([np.array(kernel, "float32"), np.array(bias, "float32")])
    return net


def make_batch(obs, action, reward, next_obs, terminated):
    """Transitions with one number an observation, as tensors."""
    obs, next_obs = np.reshape(obs, (-1, 1)), np.reshape(next_obs, (-1, 1))
    columns = [obs, action, reward, next_obs, terminated]
    types = ["float32", "int64", "float32", "float32", "bool"]
    return labkit.Batch(*map(tf.constant, map(np.asarray, columns, types)))


def same_compiled(name, function, *inputs):
    """Check that TensorFlow can compile a function, and what it then gives."""
    try:
        return tf.function(function, autograph=False)(*inputs)
    except Exception:
        fault = _(
            f"{name} cannot be compiled: use TensorFlow alone, "
            "without NumPy, float or predict."
        )
        raise labkit.CheckFailed(fault) from None

# %% targets-expected [markdown]
# The check takes a target network without hidden layers, whose values in the three next
# states are $(2, 6, 1)$, $(4, 5, 1)$, $(8, 3, 1)$. With the rewards $1, 2, 3$,
# $\gamma = 0.5$ and the third transition terminal, the targets are
# $(1 + 0.5 \cdot 6,\; 2 + 0.5 \cdot 5,\; 3) = (4, 4.5, 3)$.

# %% dqn-targets-check tags=["check"]
known = linear_net([[2.0, -1.0, 0.0]], [0.0, 7.0, 1.0])
batch = make_batch([0, 5, 1], [0, 1, 2], [1, 2, 3], [1, 2, 4], [False, False, True])
mistakes = [
    (
        [4, 4.5, 7],
        _(
            "Your targets still bootstrap after `terminated`: "
            "nothing can be earned there, so the target is the reward alone."
        ),
    ),
    ([1, 2, 7], _("The mask is inverted: bootstrap where *not* terminated.")),
    ([4, 4.5, 0], _("The last step has a reward too: y = r, not 0.")),
    ([7, 7, 3], _("The next value is not discounted: multiply by gamma.")),
    ([3.5, 3.5, 1.5], _("The reward is discounted too: only the next value is.")),
    ([5, 5, 3], _("The maximum goes down the columns: take axis=1.")),
    ([5, 6, 3], _("One maximum for the whole batch: take axis=1.")),
    ([4.5, 7, 3], _("These are the values of batch.obs: the target looks at next_obs.")),
    ([2, 4.5, 3], _("You take the value of the action taken: take the largest one.")),
    ([1.5, 2.5, 3], _("You use the number of the best action: use its value.")),
    ([2.5, 11 / 3, 3], _("You average the next values: take the largest.")),
    ([1, 2, 3], _("The target is the reward alone: bootstrap from the next state.")),
]
mistakes = [(np.array(wrong, "float32"), message) for wrong, message in mistakes]
want = np.array([4.0, 4.5, 3.0], "float32")
got = td_targets(batch, known, 0.5)
labkit.check_value("td_targets(...)", got, want, mistakes=mistakes)
got = same_compiled("td_targets(...)", lambda: td_targets(batch, known, 0.5))
labkit.check_value("td_targets(...)", got, want, mistakes=mistakes)
labkit.passed()

# %% copy-theory [markdown]
# ### Two ways to follow
#
# How does the target network get its weights? No gradient ever touches it. Either it is
# a copy that is renewed now and then,
#
# $$ \theta^- \leftarrow \theta
#    \qquad \text{(hard update, every few thousand steps)} $$
#
# or it follows at a distance, a little after each gradient step (Lillicrap et al.,
# 2016):
#
# $$ \theta^- \leftarrow \tau\, \theta + (1 - \tau)\, \theta^-
#    \qquad \text{(soft update, } \tau \text{ from } 0.001 \text{ to } 0.1) $$
#
# With a small $\tau$ the target network is an average over about the last $1/\tau$
# online networks. Write both.

# %% copy-hint [markdown]
# <details><summary>Hint</summary>
#
# `net.weights` is the list of all matrices and vectors of a network, in the same order
# for both networks: loop over `zip(q_net.weights, target_net.weights)`. They are
# *variables*: `variable.assign(value)` changes one in place. (With `x = value` the
# *name* `x` would get another meaning, and the network would not notice.)
#
# </details>

# %% target-updates tags=["exercise"] points=2
def hard_update(q_net, target_net) -> None:
    """Give the target network the weights of the online network."""
    # TODO: copy every matrix and vector.
    ### BEGIN SOLUTION
    for online, target in zip(q_net.weights, target_net.weights):
        target.assign(online)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION


def soft_update(q_net, target_net, tau: float) -> None:
    """Move the target network's weights by the share tau towards the online ones."""
    # TODO: the weighted mean, for every matrix and vector.
    ### BEGIN SOLUTION
    for online, target in zip(q_net.weights, target_net.weights):
        target.assign(tau * online + (1 - tau) * target)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% copy-expected [markdown]
# A weight of 1 in the online network and of 3 in the target network, with
# $\tau = 0.25$: the target's becomes $0.25 \cdot 1 + 0.75 \cdot 3 = 2.5$.

# %% target-updates-check tags=["check"]
def two_nets():
    """An online and a target network with known weights."""
    return linear_net([[1.0, 2.0]], [4.0, 0.0]), linear_net([[3.0, 6.0]], [8.0, 4.0])


def numbers(net):
    """All weights of a network in one array."""
    return np.concatenate([weight.ravel() for weight in net.get_weights()])


online = np.array([1.0, 2, 4, 0], "float32")
following = np.array([3.0, 6, 8, 4], "float32")
moved = _("The online network has changed: it learns by gradients alone.")
still = _("The target network has not changed: use target.assign(...).")
part = _("Only some of the weights have been updated: loop over all of net.weights.")

q_net, target_net = two_nets()
hard_update(q_net, target_net)
labkit.check_value("q_net", numbers(q_net), online, mistakes=[(following, moved)])
parts = [(np.where([1, 1, 0, 0], online, following), part)]
parts += [(np.where([0, 0, 1, 1], online, following), part)]
mistakes = [(following, still), *parts]
labkit.check_value("target_net", numbers(target_net), online, mistakes=mistakes)
q_net.set_weights([np.zeros((1, 2)), np.zeros(2)])
labkit.check_value(_("target_net, after q_net has learned"), numbers(target_net), online)

q_net, target_net = two_nets()
soft_update(q_net, target_net, 0.25)
want = np.array([2.5, 5, 7, 3], "float32")
labkit.check(np.array_equal(numbers(q_net), online), moved)
mistakes = [
    (following, still),
    ([1.5, 3, 5, 1], _("tau and 1 - tau are swapped: the target keeps the larger share.")),
    (online, _("This is a hard update: move by the share tau only.")),
    (0.25 * online, _("The target's old weights are lost: add (1 - tau) times them.")),
    (following + 0.25 * online, _("The weights add up to more than 1: tau and 1 - tau.")),
    ([2.5, 5, 8, 4], part),
    ([3, 6, 7, 3], part),
]
mistakes = [(np.array(wrong, "float32"), message) for wrong, message in mistakes]
labkit.check_value("target_net", numbers(target_net), want, mistakes=mistakes)
q_net, target_net = two_nets()
same_compiled("soft_update(...)", lambda: soft_update(q_net, target_net, 0.25))
labkit.check_value("target_net", numbers(target_net), want, mistakes=mistakes)
labkit.passed()

# %% chase-prompt [markdown]
# **Question 1** (3 points). Lesson {lesson:linear_q_cartpole} had a tiny example in which values grow without
# cause: one weight $w$, two states with the values $w$ and $2w$, no rewards, and one
# transition from the first state to the second, learned from again and again:
# $w \leftarrow w + \alpha\,(\gamma\, 2w - w)$.
#
# 1. Now the target comes from a target network with the weight $w^-$, which is held
#    fixed for a long time. Write down the update of $w$. Towards which number does $w$
#    go, starting anywhere?
# 2. Then a hard update, $w^- \leftarrow w$, and again a long time, and so on. With
#    $\gamma = 0.99$ and $w^- = 1$ at first: what are the next three values of
#    $w^-$? Does a target network cure the deadly triad?
# 3. What is it good for, then? Compare how fast values grow with it and without it, and
#    say what kind of problem gradient descent has to solve between two hard updates.

# %% chase-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. $w \leftarrow w + \alpha\,(2\gamma w^- - w)$. The target is a constant now, and
#    $w$ goes to it, $w \to 2\gamma w^-$, wherever it starts (for $0 < \alpha < 2$).
# 2. Each copy multiplies by $2\gamma = 1.98$: $w^-$ is 1.98, then 3.92, then 7.76.
#    It still grows for ever. A target network is no cure.
# 3. Without it every *update* multiplies $w$ by $1 + \alpha (2\gamma - 1)$; with it
#    every *copy* multiplies by at most 1.98, however many updates lie between two
#    copies. Errors travel once a copy (or at the speed $\tau$) and not at once, so that
#    other transitions have time to correct them. Between two copies the targets are
#    fixed numbers: ordinary regression, as in section 2, where gradient descent is at
#    home. The price: news travels as slowly as errors do.
#
# **What to look for:** (1) the limit $2\gamma w^-$; (2) growth by 1.98 a copy, no
# cure; (3) slower, or fixed targets and hence regression. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% update-theory [markdown]
# ## 4. One step of learning
#
# Put it together, in this order:
#
# 1. the targets, from the target network;
# 2. the loss, on the tape: the tape must see how it is computed from the weights;
# 3. the gradient of the loss with respect to the *online* network's weights, and a step
#    of the optimizer;
# 4. the soft update of the target network, towards the new online weights.
#
# The targets count as constants (the semi-gradient of lesson {lesson:linear_q_cartpole}). They do by
# themselves: we differentiate with respect to $\theta$, and they are made of
# $\theta^-$.

# %% update-hint [markdown]
# <details><summary>Hint</summary>
#
# `supervised_step` above has the pattern: tape, gradient, optimizer. Here the loss is
# `q_loss(q_net(batch.obs), batch.action, targets)`.
#
# </details>

# %% dqn-update tags=["exercise"] points=3
def dqn_update(
    batch: labkit.Batch, q_net, target_net, optimizer, gamma: float, tau: float
) -> tf.Tensor:
    """One gradient step of deep Q-learning, then one soft update of the target network.

    Args:
        batch: tensors batch.obs and batch.next_obs, shape (B, n), batch.action,
            batch.reward and batch.terminated, shape (B,).
        q_net: online network, changed by the optimizer.
        target_net: target network, changed by the soft update alone.
        optimizer: a Keras optimizer.
        gamma: discount factor.
        tau: share of the soft update.

    Returns:
        The loss before the step, a single number.
    """
    # TODO: targets, loss, gradient step, soft update; return the loss.
    ### BEGIN SOLUTION
    targets = td_targets(batch, target_net, gamma)
    with tf.GradientTape() as tape:
        loss = q_loss(q_net(batch.obs), batch.action, targets)
    gradients = tape.gradient(loss, q_net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, q_net.trainable_variables))
    soft_update(q_net, target_net, tau)
    return loss
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% update-expected [markdown]
# The check takes networks without hidden layers: $Q(s, \cdot) = (s, -s)$ online, and
# $(2s,\; 1)$ for the target network. Two transitions, with $\gamma = 0.5$: from $s = 1$
# with action 0 and reward 0 to $s' = 2$, and from $s = 2$ with action 1 and reward 1 to
# the end. By hand: predictions $1, -2$, targets $0 + 0.5 \cdot 4 = 2$ and $1$, the loss
# $(1 + 9)/2 = 5$; gradients $(-1, -6)$ for the matrix and $(-1, -3)$ for the vector;
# with plain gradient descent and the learning rate 0.1 the online weights become
# $(1.1, -0.4)$ and $(0.1, 0.3)$, and with $\tau = 0.5$ those of the target network
# $(1.55, -0.2)$ and $(0.05, 0.65)$.

# %% dqn-update-check tags=["check"]
def one_update(update, compiled=False):
    """Loss, online weights and target weights after one update by known networks."""
    q_net = linear_net([[1.0, -1.0]], [0.0, 0.0])
    target_net = linear_net([[2.0, 0.0]], [0.0, 1.0])
    sgd = keras.optimizers.SGD(learning_rate=0.1)
    sgd.build(q_net.trainable_variables)
    batch = make_batch([1, 2], [0, 1], [0, 1], [2, 3], [False, True])
    run = lambda: update(batch, q_net, target_net, sgd, 0.5, 0.5)
    try:
        loss = same_compiled("dqn_update(...)", run) if compiled else run()
    except ValueError as error:
        nothing = _("No gradient reaches q_net: compute the loss from it, on the tape.")
        labkit.check("No gradients" not in str(error), nothing)
        raise
    return loss, numbers(q_net), numbers(target_net)


STARTS = np.array([1.0, -1, 0, 0]), np.array([2.0, 0, 0, 1])  # online, target
ONLINE = np.array([1.1, -0.4, 0.1, 0.3], "float32")
TARGET = np.array([1.55, -0.2, 0.05, 0.65], "float32")
loss, online, target = one_update(dqn_update)
labkit.check(loss is not None, _("dqn_update(...) gives None: return the loss."))
early = _("The soft update comes too early: first the gradient step, then the update.")
mistakes = [
    (np.float32(4.5), _("The targets come from q_net: compute them with target_net.")),
    (np.float32(0.0), _("The predictions come from target_net: q_net is to learn.")),
    (np.float32(4.625), early),
]
labkit.check_value(_("the loss"), loss, np.float32(5.0), mistakes=mistakes)
mistakes = [
    (STARTS[0], _("q_net has not learned: apply the gradients to its weights.")),
    ([0.9, -1.6, -0.1, -0.3], _("The step goes uphill: apply the gradient as it is.")),
    ([1.05, -0.7, 0.05, 0.15], _("The step is half as long as it should be.")),
    ([1.2, 0.2, 0.2, 0.6], _("The step is applied twice: one step for one batch.")),
    (TARGET, _("q_net follows target_net: exchange the two in soft_update.")),
]
mistakes = [(np.array(wrong, "float32"), message) for wrong, message in mistakes]
labkit.check_value(_("q_net after the update"), online, ONLINE, mistakes=mistakes)
mistakes = [
    (STARTS[1], _("The target network does not follow: call soft_update at the end.")),
    (ONLINE, _("The target network is a copy of q_net: a soft update moves it by tau.")),
    ((STARTS[0] + STARTS[1]) / 2, early),
]
mistakes = [(np.array(wrong, "float32"), message) for wrong, message in mistakes]
labkit.check_value(_("target_net after the update"), target, TARGET, mistakes=mistakes)
got = one_update(dqn_update, compiled=True)[1]
labkit.check_value(_("q_net after the compiled update"), got, ONLINE, rtol=1e-5)
labkit.passed()

# %% speed-theory [markdown]
# ### The price of small steps
#
# One update of this network is little work: about a million multiplications. But
# TensorFlow takes its time to *start* each operation, and there are dozens of them. Two
# remedies, both of which leave your equations as they are:
#
# - `labkit.compile_updates(update)` records your update once, and then runs many
#   updates, one after the other, in a single call, with no Python in between. 64 batches
#   go in at once; the soft update takes place after each, inside the call. Unless told
#   `xla=False`, it also has the compiler XLA melt what was recorded into a few large
#   operations. Then an update is faster still, but the first call takes longer.
# - `labkit.NumpyNetwork(net)` computes the same outputs with the same weights in NumPy.
#   To act, the agent needs the values of *one* observation at each step, and for that
#   Keras' machinery is far too heavy.
#
# See what they are worth on your machine.

# %% speed tags=["nbval-ignore-output"]
def milliseconds(name, function, calls):
    """Print how long a call takes, on average, and how long the first one took."""
    begin = time.perf_counter()
    function()
    start = time.perf_counter()
    for call in range(calls):
        function()
    mean = (time.perf_counter() - start) / calls
    first = start - begin
    print(_(f"{name:28} {labkit.number(mean * 1e3):8.3f} ms, the first time {first * 1e3:5.0f} ms"))


net, copy = q_network(4, [64, 64], 2), q_network(4, [64, 64], 2)
fast, one = labkit.NumpyNetwork(net), np.zeros(4, "float32")
milliseconds(_("act: net.predict"), lambda: net.predict(one[None], verbose=0), 10)
milliseconds(_("act: net"), lambda: net(one[None]), 100)
milliseconds(_("act: NumpyNetwork"), lambda: fast(one), 1000)

adam = keras.optimizers.Adam(1e-3)
adam.build(net.trainable_variables)
buffer = labkit.ReplayBuffer(1000, (4,), seed=0)
buffer.add(one, 0, 1.0, one, False)
single = labkit.Batch(*map(tf.constant, buffer.sample(64)))


def update(batch):
    """One update of the networks above."""
    return dqn_update(batch, net, copy, adam, gamma=0.99, tau=0.1)


milliseconds(_("learn: 1 update"), lambda: update(single), 20)
for name, xla in [(_("learn: 64 updates"), False), (_("learn: 64 updates, XLA"), True)]:
    learn = labkit.compile_updates(update, xla=xla)
    milliseconds(name, lambda: learn(buffer.sample((64, 64))), 20)

# %% speed-read [markdown]
# In our runs each of the two saved a factor of a hundred or more (for learning, compare
# 64 times the line of 1 update with the line of 64), and XLA another factor of two, at
# the price of half a second or more before the first update. The agent below learns in
# a few thousand updates, for which that hardly pays: it does without. Compiled code
# does not show what happens inside it: when something is wrong, call `dqn_update`
# itself on one batch, as the checks do, and print.

# %% epsilon-theory [markdown]
# ## 5. Acting, and the loop
#
# Epsilon-greedy again, on the network this time: with probability $\varepsilon$ any
# action, all equally likely, otherwise one with the largest value. `fast` is the
# `NumpyNetwork`; it takes one observation, shape `(4,)`, and gives the values, shape
# `(2,)`.

# %% epsilon-hint [markdown]
# <details><summary>Hint</summary>
#
# `q = fast(obs)`; the rest is that of lesson {lesson:linear_q_cartpole}: `rng.random()` is below `epsilon` with
# probability `epsilon`, and `rng.integers(len(q))` draws one of the actions.
#
# </details>

# %% epsilon-greedy tags=["exercise"] points=1
def epsilon_greedy(
    fast, obs: np.ndarray, epsilon: float, rng: np.random.Generator
) -> int:
    """Choose an action with a network.

    Args:
        fast: function from an observation to the values of all actions, shape (A,).
        obs: one observation.
        epsilon: probability of a random action, 0 to 1.
        rng: source of the random numbers.

    Returns:
        The number of the action.
    """
    # TODO: a random action with probability epsilon, else the best one.
    ### BEGIN SOLUTION
    q = fast(obs)
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(np.argmax(q))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% epsilon-greedy-check tags=["check"]
def shares(epsilon, obs):
    """Share of each of three actions in 5,000 choices."""
    rng = np.random.default_rng(0)
    values = lambda obs: np.array([1.0, 2 + obs[0], 3.0], "float32")
    chosen = [epsilon_greedy(values, obs, epsilon, rng) for i in range(5000)]
    labkit.check(
        None not in chosen, _("epsilon_greedy(...) gives None: is a `return` missing?")
    )
    labkit.check(
        set(map(str, chosen)) <= {"0", "1", "2"},
        _("epsilon_greedy(...) must return the number of an action: 0, 1 or 2 here."),
    )
    return np.bincount(chosen, minlength=3) / 5000


low, high = np.zeros(4), np.ones(4) * 5
greedy_share, random_share = shares(0.0, low), shares(1.0, low)
share, again = shares(0.3, low), shares(0.3, low)
labkit.check(greedy_share[0] < 0.9, _("The worst action is taken: argmax, not argmin."))
labkit.check(
    greedy_share[2] > 0.5,
    _("With epsilon = 0 the best action is rare: is the test the wrong way round?"),
)
labkit.check(
    greedy_share[2] == 1, _("With epsilon = 0 always take the action with the largest q.")
)
labkit.check(
    shares(0.0, high)[1] == 1, _("The action does not depend on obs: ask fast(obs).")
)
labkit.check(
    abs(share[2] - 0.7) > 0.03,
    _("The random action must be any of them, the best one included."),
)
labkit.check(
    np.abs(random_share - 1 / 3).max() < 0.04,
    _("With epsilon = 1 the actions must all be equally likely."),
)
labkit.check(
    abs(share[2] - 0.8) < 0.03,
    _(f"epsilon = 0.3: the best action has a share of {labkit.number(share[2]):.2f}, expected 0.80."),
)
labkit.check(
    np.array_equal(share, again),
    _("The same seed gives other actions: draw from `rng`, not from np.random."),
)
labkit.passed()

# %% agent-theory [markdown]
# ### The agent
#
# ![The loop of deep Q-learning: the environment gives an observation, the online network
# chooses the action; transitions go to the replay buffer; batches from it train the
# online network towards targets that the target network computes; the target network
# follows the online one](../../images/dqn.png)
#
# An agent holds what the loop carries along: two networks, the optimizer, memory and
# random numbers. Everything that can be chosen is an argument. `agent.learn(batches)`
# is your `dqn_update`, compiled, for as many batches as it is given; afterwards
# `agent.fast` has the new weights. `agent.training` looks after the bar, the curve,
# interruptions and the best weights.

# %% agent
class Agent:
    """What deep Q-learning carries from one step to the next."""

    def __init__(
        self,
        seed: int,
        hidden=(64, 64),  # units of the hidden layers
        learning_rate: float = 1e-2,  # of the optimizer
        gamma: float = 0.99,  # discount factor: looks about 100 steps ahead
        tau: float = 0.1,  # share by which the target network follows
        capacity: int = 50_000,  # transitions remembered
        update=None,  # what one batch teaches: dqn_update
        env: gym.Env | None = None,  # where it plays: CartPole
    ):
        self.rng = labkit.seed_everything(seed)  # for the weights and for exploration
        self.env = env or gym.make("CartPole-v1")
        inputs = self.env.observation_space.shape[0]
        sizes = inputs, hidden, int(self.env.action_space.n)
        self.q_net, self.target_net = q_network(*sizes), q_network(*sizes)
        labkit.check_network(self.q_net, self.env)
        hard_update(self.q_net, self.target_net)
        self.fast = labkit.NumpyNetwork(self.q_net)  # acts with the weights of q_net
        optimizer = keras.optimizers.Adam(learning_rate)
        optimizer.build(self.q_net.trainable_variables)
        update = update or dqn_update

        def learn_one(batch):
            return update(batch, self.q_net, self.target_net, optimizer, gamma, tau)

        self.learn = labkit.compile_updates(learn_one, refresh=self.fast, xla=False)
        self.buffer = labkit.ReplayBuffer(capacity, (inputs,), seed=seed)
        self.gamma, self.batch_size = gamma, 64  # transitions in one update
        self.learn_every = 64  # steps between two calls of learn; as many updates
        self.learning_starts = 250  # transitions stored before the first one
        self.obs, info = self.env.reset(seed=seed)  # where the present episode is
        self.total = 0.0  # reward collected in it so far
        title = _("Deep Q-learning on CartPole")
        self.training = labkit.Training(title, self.fast, solved_at=475, window=20)
        self.believed: list[tuple[int, float]] = []  # step, value of the upright pole

    def epsilon(self, step: int) -> float:
        """Probability of a random action: from 1 to 0.04 in 2,000 steps."""
        return labkit.linear_decay(1.0, 0.04, 2000, step)

# %% step-theory [markdown]
# ### One step of the loop
#
# At each step the agent
#
# 1. chooses an action for `agent.obs`, epsilon-greedy, with `agent.fast` and
#    `agent.epsilon(step)`;
# 2. takes it in its environment;
# 3. stores the transition, with `terminated`, whatever may have ended the episode;
# 4. learns, when `step` is a multiple of `agent.learn_every` and the buffer holds at
#    least `agent.learning_starts` transitions: as many updates as there were steps,
#    `agent.learn_every` batches of `agent.batch_size` transitions, in one call.
#
# The textbook learns from one batch after each step. Ours takes 64 steps, then 64
# updates: as many updates, a little later, and many times faster. The agent acts with
# weights that are at most 64 steps old.

# %% step-hint [markdown]
# <details><summary>Hint</summary>
#
# `agent.env.step(action)` returns five things: name them `next_obs, reward, terminated,
# truncated, info`, as the lines below the gap expect.
# `len(agent.buffer)` is the number of transitions stored.
# `agent.buffer.sample((U, B))` draws U batches of B transitions; hand them to
# `agent.learn`.
#
# </details>

# %% one-step tags=["exercise"] points=3
def agent_step(agent: Agent, step: int) -> float | None:
    """Act once, remember it and, every agent.learn_every steps, learn.

    Args:
        agent: its memory, networks and present episode are changed.
        step: number of this step, from 0.

    Returns:
        The return of the episode that this step ended; None if it goes on.
    """
    # TODO: choose an action, take it and store the transition.
    ### BEGIN SOLUTION
    action = epsilon_greedy(agent.fast, agent.obs, agent.epsilon(step), agent.rng)
    next_obs, reward, terminated, truncated, info = agent.env.step(action)
    agent.buffer.add(agent.obs, action, reward, next_obs, terminated)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION
    # TODO: learn, if it is time to and there is enough to learn from.
    ### BEGIN SOLUTION
    if step % agent.learn_every == 0 and len(agent.buffer) >= agent.learning_starts:
        agent.learn(agent.buffer.sample((agent.learn_every, agent.batch_size)))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION
    agent.obs, agent.total = next_obs, agent.total + reward
    if not (terminated or truncated):
        return None
    total, agent.total = agent.total, 0.0
    agent.obs, info = agent.env.reset()
    return total

# %% step-script
# Stands in for CartPole: episodes of three steps, known observations.
script = np.array([[1.0, 0, 0, 0], [-1, 1, 0, 0], [1, 2, 0, 0], [9, 3, 0, 0]])


def slow(obs):
    """Stands in for q_net, which must not be asked at each step."""
    raise labkit.CheckFailed(_("Act with agent.fast: q_net takes far longer for one obs."))


def rehearse(ending="terminated", epsilon=0.0, seed=0, steps=12):
    """Let agent_step play the script: the agent, the returns, what was learned."""
    learned = []  # (step, shape of the rewards)

    def learn(batches):
        learned.append((agent.now, np.shape(batches.reward)))

    agent = SimpleNamespace(
        fast=lambda obs: np.array([-obs[0], obs[0]]), q_net=slow, learn=learn,
        epsilon=lambda step: epsilon, rng=np.random.default_rng(seed),
        env=labkit.ScriptedEnv(script, [2.0, 2.0, 2.0], ending),
        buffer=labkit.RecordingBuffer((4,)), obs=script[0],
        total=0.0, learn_every=4, batch_size=8, learning_starts=6, now=0,
    )  # fmt: skip
    returns = []
    for agent.now in range(steps):
        returns.append(agent_step(agent, agent.now))
    return agent, returns, learned

# %% one-step-check tags=["check"]
agent, returns, learned = rehearse()
added = agent.buffer.added
labkit.check(
    len(added) == 12,
    _(f"Transitions stored in 12 steps: {len(added)}. Store each step once."),
)
for step, (obs, action, reward, next_obs, terminated) in enumerate(added):
    labkit.check(
        np.array_equal(obs, script[step % 3])
        and np.array_equal(next_obs, script[step % 3 + 1]),
        _("A transition must hold the obs *before* the step and the one after it."),
    )
    labkit.check(
        (action, reward) == (agent.env.actions[step], 2.0),
        _("A transition must hold the action taken and its own reward."),
    )
labkit.check(
    agent.env.actions == [1, 0, 1] * 4,
    _("With epsilon = 0 the agent must take the action with the largest value."),
)
labkit.check(
    [transition.terminated for transition in added] == [False, False, True] * 4,
    _("Store `terminated` as the environment gives it."),
)
labkit.check(
    not any(row.terminated for row in rehearse("truncated")[0].buffer.added),
    _("A time limit is stored as the end of the world: store `terminated` alone."),
)
labkit.check(
    len({tuple(rehearse(epsilon=1.0, seed=s)[0].env.actions) for s in range(20)}) > 4,
    _("With epsilon = 1 the actions must be random: use agent.epsilon(step)."),
)
steps = [step for step, shape in learned]
labkit.check(steps, _("The agent never learns: call agent.learn(...)."))
labkit.check(
    steps[0] >= 5,
    _("The agent learns before agent.learning_starts transitions are stored."),
)
labkit.check(
    len(set(steps)) == len(steps),
    _("The agent learns more than once in a step: one call of agent.learn is enough."),
)
labkit.check(
    steps == [8],
    _(
        "With learn_every = 4 and learning_starts = 6, in steps 0 to 11, the agent "
        f"should learn in step 8, and learns in steps {steps}: look at `step` and "
        "learn_every."
    ),
)
mistakes = [
    ((8, 4), _("The two sizes are swapped: agent.learn_every batches of batch_size.")),
    ((8,), _("This is one batch: draw (agent.learn_every, agent.batch_size).")),
]
shape = learned[0][1]
labkit.check_value(_("shape of the rewards"), shape, (4, 8), mistakes=mistakes)
labkit.check_value(_("the returns"), returns, [None, None, 6.0] * 4)
labkit.passed()

# %% train-theory [markdown]
# ### Testing and training
#
# As in lesson {lesson:linear_q_cartpole}, the agent is tested apart from training: every 500 steps, greedily,
# with fixed weights, on 50 episodes with other seeds, all at once. The best weights are
# kept, because the last ones need not be the best. A perfect test ends the training.
#
# At each test we also write down what the network believes about the upright pole at
# rest. Values are the first thing to look at when something goes wrong.

# %% train
runs = labkit.Runs()  # agents by name, for the cells that follow


def greedy_test(agent: Agent, step: int) -> None:
    """Keep the weights if they are the best so far; stop if they are perfect."""
    score = labkit.greedy_returns(
        "CartPole-v1", agent.fast, episodes=50, seed=20_000
    ).mean()
    agent.training.keep(score)
    agent.believed.append((step, float(agent.fast(np.zeros(4)).max())))
    if score == 500:
        agent.training.stop()


def train(agent: Agent, steps: int = 40_000) -> None:
    """Deep Q-learning, for so many steps in all, or until a test is perfect."""
    with agent.training as training:
        for step in training.steps(steps):
            if step % 500 == 0:
                greedy_test(agent, step)
            total = agent_step(agent, step)
            if total is not None:
                training.add(total)

# %% make-agent [markdown]
# Make the agent in one cell, and train it in the next. You may interrupt the training
# (the square button ■) and run that cell again: it goes on from there. To begin anew,
# or after you have changed a function above, run the cell that makes the agent first.

# %% dqn-agent
runs["new agent"] = Agent(seed=1)

# %% dqn-train tags=["training", "nbval-ignore-output"]
agent = runs["new agent"]
train(agent)
agent.training.restore_best()
runs["dqn"] = agent
steps, seconds, best = agent.training.step, agent.training.seconds, agent.training.best
print(_(f"{steps} steps, {labkit.number(seconds):.1f} s of processor time, best test {labkit.number(best):.1f}"))

# %% evaluate-theory [markdown]
# In our runs with twenty seeds this took 1,500 to 7,500 steps and 1 to 2 s of processor
# time, compiling included; the live plot takes about a second more. The curve need not
# reach the green line: those are episodes of training, with a random action now and
# then, and the weights change all the while. And learning is no steady climb. Tests of
# several hundred steps may be followed by tests of 100, until suddenly everything fits.
# The first perfect test ends the training; when we went on, worse ones came again, with
# each of five seeds.
#
# Now evaluate it apart: greedy, 100 episodes that neither the training nor the tests
# have seen.

# %% dqn-evaluate tags=["nbval-ignore-output"]
def greedy_policy(fast):
    """The function from an observation to the action with the largest value."""
    return lambda obs: int(fast(obs).argmax())


print(labkit.evaluate(gym.make("CartPole-v1"), greedy_policy(runs["dqn"].fast)))

# %% dqn-check tags=["check", "nbval-check-output"]
mean = labkit.greedy_returns(
    "CartPole-v1", runs["dqn"].fast, episodes=100, seed=10_000
).mean()
labkit.check(
    mean >= 475,
    _(
        "The trained agent should hold the pole for 475 steps or more. If all checks "
        "above have passed, make the agent with another seed and train it again."
    ),
)
labkit.passed(_("The pole stands."))

# %% video-theory [markdown]
# And see it: on the left a network with its first, random weights, on the right yours.

# %% video tags=["nbval-ignore-output"]
def film(fast):
    """A video of one greedy episode."""
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    return labkit.record(env, greedy_policy(fast), seed=10_000)


untrained = labkit.NumpyNetwork(q_network(4, [64, 64], 2))
labkit.side_by_side(
    [(_("untrained"), film(untrained)), (_("trained"), film(runs["dqn"].fast))]
)

# %% belief-theory [markdown]
# ## 6. What does the network believe?
#
# The policy is excellent. What about the values that it comes from? First, the value of
# the upright pole at rest while the agent learned. No discounted return can exceed
# $1 + \gamma + \gamma^2 + \dots = 1/(1 - \gamma) = 100$.

# %% believed tags=["nbval-ignore-output"]
def plot_believed(agents: dict[str, Agent], scale: str = "linear") -> None:
    """Score of the tests, and believed value of the upright pole, against the step."""
    figure, (top, bottom) = plt.subplots(
        2, sharex=True, figsize=(7, 5), layout="constrained"
    )
    for name, agent in agents.items():
        top.plot(*zip(*agent.training.scores), "o-", markersize=3)
        bottom.plot(*zip(*agent.believed), "o-", markersize=3, label=name)
    top.set(ylabel=_("greedy test"), ylim=(0, 520))
    bottom.axhline(100, color="C3", linestyle="--", label=_("no return can be larger"))
    bottom.set(xlabel=_("step"), ylabel=_("believed value"))
    bottom.set_yscale(scale, **({"linthresh": 100} if scale == "symlog" else {}))
    bottom.set_ylim(bottom=0)
    bottom.legend()  # the colours above are the same
    for axes in (top, bottom):
        axes.grid(alpha=0.3)
    plt.show()


plot_believed({_("DQN"): runs["dqn"]})

# %% truth-theory [markdown]
# Then, at each step of one greedy episode, what the agent believes that it will still
# collect, $\max_a Q(s, a)$, beside the discounted return that it does collect from
# there. (For this plot the time limit is 1,000 steps.)

# %% truth tags=["nbval-ignore-output"]
dqn, env = runs["dqn"], gym.make("CartPole-v1", max_episode_steps=1000)
belief, truth = labkit.belief_and_truth(env, dqn.fast, gamma=dqn.gamma, seed=10_000)
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
axes.plot(truth[:500], label=_("really collected from here on"))
axes.plot(belief[:500], "--", label=_("believed: $\\max_a Q(s, a)$"))
axes.set(xlabel=_("step of the episode"), ylabel=_("discounted return"), ylim=(0, None))
axes.legend()
plt.show()

# %% landscape-theory [markdown]
# And what has it found instead of your features? Hold the cart at rest in the middle,
# and vary the angle and the angular velocity of the pole.

# %% landscape tags=["nbval-ignore-output"]
angles, velocities = np.linspace(-0.21, 0.21, 61), np.linspace(-2, 2, 61)
states = np.zeros((61, 61, 4), "float32")  # rows: velocities, columns: angles
states[..., 2], states[..., 3] = angles, velocities[:, None]
q = runs["dqn"].fast(states.reshape(-1, 4)).reshape(61, 61, 2)
figure, panels = plt.subplots(1, 2, sharey=True, figsize=(9, 3.6), layout="constrained")
differences = q[..., 1] - q[..., 0]
limit = np.abs(differences).max()
values = panels[0].contourf(angles, velocities, q.max(axis=-1), 20)
sides = panels[1].contourf(
    angles, velocities, differences, 20, cmap="RdBu", vmin=-limit, vmax=limit
)
panels[1].contour(angles, velocities, differences, [0], colors="black", linewidths=2)
panels[0].set(title=_("value: $\\max_a Q(s, a)$"), ylabel=_("angular velocity (rad/s)"))
panels[1].set(title=_("choice: $Q(s, 1) - Q(s, 0)$"))
for axes, shown in zip(panels, (values, sides)):
    axes.set_xlabel(_("angle (rad)"))
    figure.colorbar(shown, ax=axes)
plt.show()

# %% landscape-read [markdown]
# On the left a plateau between two valleys, in which the pole falls to one side. A pole
# that leans to the right and swings back to the left is worth as much as one that
# stands. In lesson {lesson:linear_q_cartpole} this took your squares and products. On the right the choice, with
# the black line where the agent does not care. Where the colours are strong the choice
# matters, and there it is nearly symmetric, and that of the rule "push to the right if
# $4\beta + \dot\beta > 0$", with which you balanced the pole by hand in lesson {lesson:linear_q_cartpole}.
# Nobody told the network about either. Where the colours are pale a wrong push costs
# little, and the line need not follow the rule. (In the corners the pole falls whatever
# one does. The agent has hardly been there, and what it says about them means little.)

# %% maximum-prompt [markdown]
# **Question 2** (4 points). What the maximum does.
#
# 1. Two actions are worth 0, both of them. An agent's estimates of them are wrong by
#    $+1$ or by $-1$, each with probability $1/2$, independently. What is the mean of
#    the estimate of *one* of them? And what is the mean of the *larger* of the two
#    estimates?
# 2. A value that is too high by $c$ wherever the maximum is taken goes into the target,
#    and from there into the values, and into the next targets. If the agent never drops
#    the pole, by how much is its value too high in the end? Take your $c$ from 1, and
#    $\gamma = 0.99$.
# 3. Look at the two plots of beliefs. Is there such an error? Why does the agent
#    balance the pole nevertheless?
# 4. Suppose you had a second network, whose errors are independent of those of the
#    first. How would you use both in a target, so that the mean of the error in 1 is 0?

# %% maximum-answer [markdown] tags=["question"] points=4
# ### BEGIN SOLUTION
# 1. One estimate has the mean 0. The larger one is $-1$ only if both are, with
#    probability $1/4$, and $+1$ otherwise: $3/4 - 1/4 = 0.5$. The maximum of noisy
#    estimates is too high, although no estimate is: it picks lucky errors.
# 2. With the error $e$ of the values, $e = \gamma\,(e + c)$, so that
#    $e = \gamma c / (1 - \gamma) = 99 \cdot 0.5 = 49.5$. Bootstrapping multiplies a
#    small error by about a hundred.
# 3. Usually the belief rises above 100, which no policy can collect, and stays above
#    what is really collected. But the greedy policy only compares the two actions of
#    one state; an error that both share changes no choice.
# 4. Let one network choose the action and the other one say what it is worth:
#    $y = r + \gamma\, Q_2(s', \arg\max_{a'} Q_1(s', a'))$. The errors of $Q_2$ know
#    nothing of which action was lucky in $Q_1$. This is *double* Q-learning (lesson
#    {lesson:d3qn_gridworld}).
#
# **What to look for:** (1) 0 and 0.5; (2) the fixed point, 49.5 (50 if the last step is
# counted otherwise); (3) belief above truth or above 100, and comparison within one
# state; if the student's run shows no error, saying so is right; (4) choose with one,
# evaluate with the other. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% no-target-theory [markdown]
# ## 7. Without a target network
#
# With $\tau = 1$ the target network is a copy of the online network after each update:
# as if there were none. Same seed, same settings; guess first.

# %% no-target-agent
runs["new agent, no target"] = Agent(seed=1, tau=1.0)

# %% no-target-train tags=["training", "nbval-ignore-output"]
agent = runs["new agent, no target"]
train(agent, steps=20_000)
runs["no target"] = agent

# %% no-target-plot tags=["nbval-ignore-output"]
both = {_("DQN"): runs["dqn"], _("no target network"): runs["no target"]}
plot_believed(both, scale="symlog")

# %% no-target-read [markdown]
# (The lower plot is logarithmic above 100.) The agent can learn without a target
# network, too, but its values lose touch with the world. In our runs over five seeds the
# belief rose to between 360 and 190,000 at some time, where 100 is the most that there
# is; with the target network, over twenty seeds, to between 130 and 940. Four of the
# five found a perfect policy all the same, after 3,000 to 16,000 steps. The fifth did
# not in 40,000, and there keeping the best weights mattered: they scored 61 in their
# test, and in the last test the weights scored 9.
#
# So the target network slows the chase down, as question 1 has it, and with these
# settings that is enough. It does not end it: even with it every agent believed in more
# than 100 at some time.

# %% bug-theory [markdown]
# ## 8. Find the bug
#
# A colleague has written the update in her own way. It runs, the loss is finite, the
# values grow. But her agent does not learn: over five seeds, in the last test of 10,000
# steps of training, the pole fell after 9.2 to 10.4 steps on average. That is worse than
# a coin. What the agent believed in by then was 10 or 11.
#
# In the cell of {todo:colleagues-update} delete the line with `raise`, run that cell and the next ones
# (all but the check, which names the bug), and look for the bug. When it is mended, also
# run the cell that makes the agent again.
# Staring at curves will not help much. Two things do:
#
# - **Print shapes**, of everything that enters the loss.
# - **Learn something whose answer you know.** In the smallest problem that could go
#   wrong the observation is $-1$ or $1$, the reward is the observation, and the episode
#   ends at once. So $Q(-1, \cdot) = -1$ and $Q(1, \cdot) = 1$: `probe` below trains a
#   small network on it for a second. (Such *probe environments* are how people who
#   write reinforcement learning for a living find their bugs.)

# %% bug-hint [markdown]
# <details><summary>Hint</summary>
#
# What is the shape of `targets - q` when one has shape `(B,)` and the other `(B, 1)`?
# Try `np.zeros(3) - np.zeros((3, 1))`.
#
# </details>

# %% colleagues-update tags=["exercise"] points=2
# TODO: find the bug and mend it.
### BEGIN SOLUTION
def colleagues_update(batch, q_net, target_net, optimizer, gamma, tau):
    """One gradient step of deep Q-learning; returns the loss."""
    targets = td_targets(batch, target_net, gamma)
    mask = tf.one_hot(batch.action, q_net.output_shape[-1])  # 1 for the action taken
    with tf.GradientTape() as tape:
        q = tf.reduce_sum(q_net(batch.obs) * mask, axis=1)
        loss = tf.reduce_mean(tf.square(targets - q))
    gradients = tape.gradient(loss, q_net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, q_net.trainable_variables))
    soft_update(q_net, target_net, tau)
    return loss
### STUDENT
# def colleagues_update(batch, q_net, target_net, optimizer, gamma, tau):
#     """One gradient step of deep Q-learning; returns the loss."""
#     raise NotImplementedError("TODO")
#     targets = td_targets(batch, target_net, gamma)
#     mask = tf.one_hot(batch.action, q_net.output_shape[-1])  # 1 for the action taken
#     with tf.GradientTape() as tape:
#         q = tf.reduce_sum(q_net(batch.obs) * mask, axis=1, keepdims=True)
#         loss = tf.reduce_mean(tf.square(targets - q))
#     gradients = tape.gradient(loss, q_net.trainable_variables)
#     optimizer.apply_gradients(zip(gradients, q_net.trainable_variables))
#     soft_update(q_net, target_net, tau)
#     return loss
### END SOLUTION

# %% probe
def probe(update) -> np.ndarray:
    """Values of two actions, rows for the observations -1 and 1, after 300 updates."""
    rng = labkit.seed_everything(0)
    q_net, target_net = q_network(1, [16], 2), q_network(1, [16], 2)
    optimizer = keras.optimizers.Adam(1e-2)
    optimizer.build(q_net.trainable_variables)
    reward = rng.choice([-1.0, 1.0], size=(300, 32)).astype("float32")
    obs, ended = reward[..., None], np.ones((300, 32), bool)
    batches = labkit.Batch(obs, rng.integers(2, size=(300, 32)), reward, obs, ended)

    def learn_one(batch):
        return update(batch, q_net, target_net, optimizer, 0.99, 0.02)

    labkit.compile_updates(learn_one, xla=False)(batches)
    return q_net(np.array([[-1.0], [1.0]], "float32")).numpy()

# %% probe-run tags=["nbval-ignore-output"]
print(_("your update:"), probe(dqn_update).round(2), sep="\n")
print(_("hers:"), probe(colleagues_update).round(2), sep="\n")

# %% bug-agent
runs["new agent, colleague"] = Agent(seed=1, update=colleagues_update)

# %% bug-train tags=["training", "nbval-ignore-output"]
agent = runs["new agent, colleague"]
train(agent, steps=10_000)
last, value = agent.training.scores[-1][1], agent.believed[-1][1]
print(_(f"last test {labkit.number(last):.1f}, believed value of the upright pole {labkit.number(value):.1f}"))

# %% colleagues-update-check tags=["check"]
loss, online, target = one_update(colleagues_update)
labkit.check(loss is not None, _("colleagues_update(...) gives None: return the loss."))
everyone = _(
    "Each prediction still meets all targets: one has shape (B, 1), the other (B,), and "
    "their difference (B, B). Print the shapes of q and targets."
)
mistakes = [
    (np.float32(6.5), everyone),
    (np.float32(4.5), _("The targets come from q_net: leave them to target_net.")),
    (np.float32(1.0), _("The predictions must be the values of the actions taken.")),
    (np.float32(10.0), _("This is the sum of the squares: take the mean over the batch.")),
]
labkit.check_value(_("the loss"), loss, np.float32(5.0), mistakes=mistakes)
labkit.check_value(_("q_net after the update"), online, ONLINE)
labkit.check_value(_("target_net after the update"), target, TARGET)
labkit.check(
    np.allclose(probe(colleagues_update), [[-1, -1], [1, 1]], atol=0.2),
    _("The probe does not learn that the reward is the observation."),
)
labkit.passed()

# %% bug-read [markdown] tags=["solution-only"]
# With `keepdims=True` the predictions have shape `(B, 1)`, and the targets `(B,)`.
# Their difference is a table of shape `(B, B)`: every prediction minus every target.
# Its mean square is smallest when each prediction is the mean of *all* targets of the
# batch, and so the network learns that mean, whatever the state. Nothing complains: the
# loss falls (to the variance of the targets), and the values look reasonable. Taking
# `keepdims` away is enough.

# %% experiments [markdown]
# ## 9. Experiments
#
# Change one thing at a time, guess the result first, then run. In parentheses stands
# what the best weights scored in their test, with the seeds 0 to 4 in our runs, sorted;
# yours may differ.
#
# 1. **No hidden layers.** `hidden=()` in 20,000 steps (55, 60, 87, 114, 497; the last
#    weights 28 to 32). Which of lesson {lesson:linear_q_cartpole}'s features are these? What can they not
#    express, and what can one of forty tests find by luck all the same?
# 2. **Small networks.** `hidden=(16,)` has 114 weights instead of 4,610 (301, 483, and
#    500 three times, after 29,500 steps or more), and `hidden=(32, 32)` 1,282 (500, five
#    times). In lesson {lesson:linear_q_cartpole} 30 weights were enough: what must the others be good for?
# 3. **A shorter horizon.** `gamma=0.9` (209, 398, 437, 500, 500; the last weights 24 to
#    86, and 500 twice). How large can values be now, and does the network believe in
#    more? What does an agent overlook that looks ten steps ahead? With
#    `learning_rate=3e-3` as well (351, 396, and 500 three times): why may smaller steps
#    help?
# 4. **A short memory.** `capacity=64` and, before the training,
#    `agent.learning_starts = 64`: each call of `learn` sees nothing but the last 64
#    steps (500, five times, but four of them only after 6,000 to 12,000 steps). What do
#    the batches lack?
# 5. **Choose with one network, judge with the other.** Write an update with the targets
#    of question 2.4 (the online network chooses, the target network judges), and pass
#    it to `Agent` as `update=` (500, five times). Without the last two lines of
#    `greedy_test` the beliefs, `agent.believed`, rose in 20,000 steps to between 307
#    and 814, and with `dqn_update` and the same seeds to between 224 and 498: no cure.
#    With `tau=0.02` they rose to between 102 and 144, and with `dqn_update` to between
#    114 and 148. What has $\tau$ to do with how independent the errors of the two
#    networks are?
# 6. **Another learning rate.** `learning_rate=0.1` (a perfect test after 1,500 to 8,000
#    steps with nine seeds of ten, none in 20,000 with the tenth) and `1e-3` (after 7,500
#    to 35,000 steps with seven of ten, none in 40,000 with the others). Why is there a
#    best one in between? With `1e-3` one agent believed in 103,000 at its first perfect
#    test: what does a policy need of the values, and what not?
#
# An agent for another task takes no more than `Agent(seed=0, env=gym.make(...))`, where
# observations are vectors and actions are numbered. Lesson {lesson:dqn_lunar_lander} lands a rocket that way.

# %% experiment tags=["training", "nbval-ignore-output"]
# Experiment 1 with one seed.
one = Agent(seed=1, hidden=())
train(one, steps=20_000)
best, (last_step, last) = one.training.best, one.training.scores[-1]
print(_(f"best test {labkit.number(best):.1f}, last test {labkit.number(last):.1f}"))

# %% recap [markdown]
# ## Recap
#
# - A neural network is a linear function of features that it learns itself. One call
#   gives the values of all actions.
# - The loss looks at the value of the action taken, and at that alone. Predictions and
#   targets both have shape `(B,)`; where one of them is `(B, 1)`, nothing complains and
#   nothing is learned.
# - Targets come from a target network, which has the same architecture and follows the
#   online one, by copies or softly. It slows down the chase of one's own values; it
#   does not end it.
# - The maximum of noisy estimates is too high, and bootstrapping multiplies the error.
#   Watch what the network believes; compare it with what it gets.
# - Act in NumPy and learn in blocks: the equations stay, the waiting goes.
# - Test apart from training, keep the best weights, and when nothing is learned, print
#   shapes and try a problem whose answer you know.
#
# Next: in lesson {lesson:dqn_lunar_lander} the same algorithm lands a rocket.
#
# ### To read next
#
# - V. Mnih and others, "Human-level control through deep reinforcement learning",
#   *Nature* 518, 529–533, 2015: DQN, with replay and a target network, on 49 Atari
#   games.
# - M. Riedmiller, "Neural Fitted Q Iteration", *ECML*, 2005: fixed targets, then
#   regression, ten years earlier; cart-pole is one of its tasks.
# - T. P. Lillicrap and others, "Continuous control with deep reinforcement learning",
#   *ICLR*, 2016: the soft update.
# - H. van Hasselt, A. Guez and D. Silver, "Deep Reinforcement Learning with Double
#   Q-learning", *AAAI*, 2016: what the maximum does, measured, and the cure of question
#   2.
# - H. van Hasselt and others, "Deep Reinforcement Learning and the Deadly Triad",
#   arXiv:1812.02648, 2018: how target networks and other choices tame it.
# - D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", *ICLR*, 2015.
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd
#   edition, MIT Press, 2018: sections 9.7 (networks as features) and 16.5 (DQN on
#   Atari).
# - A. L. Jones, "Debugging Reinforcement Learning Systems", 2021
#   (andyljones.com/posts/rl-debugging.html): probe environments, and what else to look
#   at.
