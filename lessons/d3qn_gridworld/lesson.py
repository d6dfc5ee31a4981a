# ---
# title: D3QN on the GridWorld
# line: learn from pictures; dueling, double
# minutes: 90
# ---

# %% title [markdown]
# # Learning from pictures: a dueling double deep Q-network
#
# At the end of this lesson you will be able to
#
# - build a convolutional network for action values, and say by hand which shapes and
#   how many weights it has;
# - store pictures so that a replay buffer takes megabytes, not gigabytes;
# - write deep Q-learning for many worlds at once, with exploration that begins with
#   games played purely at random;
# - give the network two heads (*dueling*) and its targets two opinions (*double*): with
#   both it is called D3QN;
# - measure how much an agent overestimates itself, instead of believing that it does.
#
# **Time:** about 90 minutes. **Builds on:** lesson {lesson:dqn_lunar_lander} (targets, gradient step, soft
# update), lesson {lesson:environments} (the GridWorld). Each idea is recalled in a few lines.

# %% imports tags=["nbval-ignore-output"]
import time
from functools import partial
from types import SimpleNamespace

import gymnasium as gym
import keras
import labkit
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf

# %% clip-theory [markdown]
# Here is where the lesson leads. The agent (blue square) has never been told what a
# goal (green disc) or a fire (red triangle) is, nor that it can move: it has seen
# pictures, and after each step a number. (The film is drawn for people: the agent sees
# squares of one colour.)

# %% clip tags=["nbval-ignore-output"]
labkit.show(
    labkit.load(
        "d3qn_gridworld",
        _(
            "A blue square walks through a grid from green disc to green disc, around "
            "red triangles"
        ),
    )
)

# %% world [markdown]
# ## 1. A world of pictures
#
# The GridWorld of lesson {lesson:environments}, for an agent that learns:
#
# | | |
# |---|---|
# | observation | a picture of 84 by 84 pixels, shape (84, 84, 3), whole numbers 0 to 255 |
# | colours | agent blue, 4 goals green, 2 fires red, wall white, the rest black |
# | actions | 0 up, 1 down, 2 left, 3 right; against the wall the agent stays where it is |
# | reward | $+1$ for a goal, $-1$ for a fire, else 0 |
# | end | none: a touched goal or fire appears again elsewhere. A game is cut after 50 steps |
#
# A vectorised environment (`gym.make_vec`) plays many worlds at once: its observations
# have shape (worlds, 84, 84, 3), and each step takes one action for each world. What
# does a random policy earn in a game (an episode)?

# %% random
worlds = gym.make_vec("labkit/GridWorld-v0", num_envs=100)
obs, info = worlds.reset(seed=0)
print(_("pictures:"), obs.shape, obs.dtype)
rng, returns = np.random.default_rng(0), np.zeros(100)
for step in range(50):
    obs, reward, terminated, truncated, info = worlds.step(rng.integers(4, size=100))
    returns += reward
print(_("random policy:"), labkit.Evaluation(returns))

# %% small-theory [markdown]
# ### What is in a picture
#
# 84 by 84 pixels in three colours are 21,168 numbers. But the world has 7 by 7 cells,
# its wall included, and each cell is a square of 12 by 12 pixels of *one* colour. One
# pixel of each cell tells all there is to know: 147 numbers. (With the partial view of
# lesson {lesson:environments} there are 3 by 3 cells of 28 pixels.)
#
# Real games are not so kind. Lesson {lesson:atari_ms_pacman} shrinks the pictures of Atari, and there
# something is lost. The question is the same: what does the agent need to see?

# %% small-hint [markdown]
# <details><summary>Hint</summary>
#
# `x[::3]` takes every third entry along the first axis. `...` stands for "all axes that
# come before": `x[..., ::3, :]` takes every third along the last axis but one, however
# many axes `x` has.
#
# </details>

# %% small-pictures tags=["exercise"] points=1
def small_pictures(obs: np.ndarray, pixels: int = 12) -> np.ndarray:
    """The upper left pixel of each cell.

    Args:
        obs: one picture or many, uint8, shape (..., 84, 84, 3).
        pixels: side of a cell: 12 with the full view, 28 with the partial one.

    Returns:
        uint8, shape (..., 84 / pixels, 84 / pixels, 3).

    Raises:
        ValueError: these are not pictures of the GridWorld.
    """
    if np.shape(obs)[-3:] != (84, 84, 3):
        raise ValueError(_(f"Pictures are (..., 84, 84, 3), and not {np.shape(obs)}."))
    # TODO: every `pixels`-th pixel, downwards and to the right; all colours.
    ### BEGIN SOLUTION
    return obs[..., ::pixels, ::pixels, :]
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% small-pictures-check tags=["check"]
pictures = np.random.default_rng(0).integers(256, size=(2, 84, 84, 3), dtype=np.uint8)
got = small_pictures(pictures)
labkit.check(
    got is not None, _("small_pictures(...) gives None: is a `return` missing?")
)
labkit.check(
    np.shape(got) != (1, 7, 84, 3),
    _("The slices act on the first two axes: put `...` before them."),
)
labkit.check(
    np.shape(got)[-1] == 3,
    _("The colours are lost: keep all three with `:` at the end."),
)
labkit.check(
    np.shape(got) == (2, 7, 7, 3),
    _(f"The shape is {np.shape(got)}, expected (2, 7, 7, 3): one pixel of each cell."),
)
labkit.check(
    np.asarray(got).dtype == np.uint8,
    _("The small pictures must stay uint8: a float takes four times the room."),
)
want = pictures[:, np.arange(7) * 12][:, :, np.arange(7) * 12]
corner = pictures[:, :7, :7]
mistakes = [
    (corner, _("This is a corner of the picture: take every 12th pixel.")),
    (pictures[:, 6::12, 6::12], _("Begin with pixel 0: the upper left of each cell.")),
    (want.swapaxes(1, 2), _("Rows and columns are exchanged: only slice.")),
]
labkit.check_value("small_pictures(...)", got, want, mistakes=mistakes)
try:
    one = small_pictures(pictures[1])
except IndexError:
    one = None
labkit.check(
    np.shape(one) == (7, 7, 3),
    _("One picture alone, (84, 84, 3), must work, too: put `...` in front."),
)
labkit.check_value(_("one picture"), one, want[1])
partial_view = small_pictures(pictures, 28)
labkit.check(
    np.shape(partial_view) == (2, 3, 3, 3),
    _("With pixels=28 there must be 3 by 3 cells: use `pixels`, not 12."),
)
try:
    small_pictures(pictures[:, :80])
    refused = False
except ValueError:
    refused = True
labkit.check(refused, _("Pictures of another size must still raise ValueError."))
labkit.passed()

# %% look tags=["nbval-ignore-output"]
full, info = gym.make("labkit/GridWorld-v0").reset(seed=0)
near, info = gym.make("labkit/GridWorld-v0", partial=True).reset(seed=0)
shown = [full, small_pictures(full), small_pictures(near, 28)]
figure, axes = plt.subplots(1, 3, figsize=(9, 3.4), layout="constrained")
for axis, picture in zip(axes, shown):
    axis.imshow(picture)
    axis.set(title=f"{picture.shape}", xticks=[], yticks=[])
plt.show()

# %% memory-prompt [markdown]
# **Question 1** (3 points). A replay buffer is to hold 50,000 transitions
# $(s, a, r, s')$. Count the pictures alone: two for each transition.
#
# 1. How many bytes do they take as (84, 84, 3) in float32 (4 bytes a number), in uint8
#    (1 byte), and as (7, 7, 3) in uint8?
# 2. The network computes with floats between 0 and 1. Where should the pictures be
#    divided by 255: before they are stored, or inside the network? Why?
# 3. The picture $s'$ of one step is the picture $s$ of the next. How could the buffer
#    save nearly half of the room, and what would it have to take care of?

# %% memory-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. $50\,000 \cdot 2 \cdot 21\,168 \cdot 4 \approx 8.5 \cdot 10^9$ bytes, 8.5 GB, more
#    than a small computer has; in uint8 a quarter of it, 2.1 GB; small,
#    $50\,000 \cdot 2 \cdot 147 = 14.7 \cdot 10^6$ bytes, 15 MB.
# 2. Inside the network: the buffer then holds one byte a number instead of four, and
#    whoever acts, trains or tests cannot forget it or do it twice. Only the pictures of
#    one batch are ever floats.
# 3. Store each picture once, in the order in which it was seen, and let a transition be
#    a position: $s$ is there, $s'$ is the next. Care is needed at the end of a game,
#    where the next picture belongs to another one; where the ring overwrites old
#    pictures; and with many worlds at once, whose pictures must not be taken for each
#    other's.
#
# **What to look for:** (1) about 8.5 GB, 2.1 GB, 15 MB; (2) inside, with a reason; (3)
# each picture once, and the ends of games (or the ring's seam). One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% conv-theory [markdown]
# ## 2. A network that looks
#
# ![A picture of seven by seven pixels, then blocks of 32 and of 64 maps, a column of 256
# numbers, and from it two heads: one value V and four advantages A, joined to four
# action values Q](../../images/d3qn.png)
#
# (The two heads on the right, $V$ and $A$, come in section 5.)
#
# A dense layer would have to learn the same thing 25 times over: "a goal to the right
# of me" looks different in each cell. A **convolution** asks the same small question
# everywhere. A filter is a window of 3 by 3 pixels with one weight for each number in
# it; it slides over the picture, and at each place gives
#
# $$ h_{ij} = \mathrm{relu}\Big(b + \sum_{u=0}^{2} \sum_{v=0}^{2} \sum_{c}
#    w_{uvc}\; x_{i+u,\,j+v,\,c}\Big) $$
#
# A layer with 32 filters gives 32 such maps, which are the "colours" of the next
# layer's picture. A window of width $k$ has $n - k + 1$ places along a side of $n$
# pixels (here the window never leaves the picture, and moves by one pixel at a time).
#
# After two such layers the maps are laid out in one row of numbers (`Flatten`), and a
# dense layer makes *features* of them. From here on nothing is new: the last layer, the
# **head**, is a linear function of features, as in lesson {lesson:linear_q_cartpole}.

# %% shapes-prompt [markdown]
# **Question 2** (3 points). By hand, for small pictures (7, 7, 3), two convolutional
# layers with windows of 3 by 3 and 32 and 64 filters, a dense layer of 256 units and a
# head with 4 outputs:
#
# 1. Which shape does each of the two convolutions give, and how many numbers does
#    `Flatten` lay out?
# 2. How many weights has each layer, biases included, and which has most of them?
# 3. How large a piece of the small picture does one number of the second layer see? Can
#    a convolution alone know *where in the world* a goal is?

# %% shapes-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. $7 - 3 + 1 = 5$ and $5 - 3 + 1 = 3$: (5, 5, 32), then (3, 3, 64), hence
#    $3 \cdot 3 \cdot 64 = 576$ numbers.
# 2. First layer $3 \cdot 3 \cdot 3 \cdot 32 + 32 = 896$, second
#    $3 \cdot 3 \cdot 32 \cdot 64 + 64 = 18\,496$, dense layer
#    $576 \cdot 256 + 256 = 147\,712$, head $256 \cdot 4 + 4 = 1\,028$: 168,132 in all.
#    The dense layer has seven eighths of them.
# 3. A piece of 5 by 5: a window of 3 by 3 over numbers that each see 3 by 3. The
#    filters are the same at all places, so a number alone does not tell where it was
#    computed; the dense layer, which has weights of its own for each place, can tell.
#
# **What to look for:** (1) (5, 5, 32), (3, 3, 64), 576; (2) the four numbers, and the
# dense layer; (3) 5 by 5, and shared weights against those of the dense layer. One
# point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% features-hint [markdown]
# <details><summary>Hint</summary>
#
# In Keras a layer is made and then called with its input:
# `keras.layers.Dense(8)(numbers)` gives the output of a new dense layer. For pictures
# there is `keras.layers.Conv2D(filters, 3, activation="relu")`: 3 is the side of its
# window. `keras.layers.Flatten()` has no settings. Each layer takes the output of the
# one before: a loop in which `x = layer(x)`.
#
# </details>

# %% features tags=["exercise"] points=2
def features(pictures, filters, hidden: int):
    """Convolutions with windows of 3 by 3 and relu, then one dense layer with relu.

    Args:
        pictures: a Keras tensor, shape (B, height, width, colours); floats from 0 to 1,
            divided by 255 already.
        filters: number of filters of each convolutional layer, such as [32, 64].
        hidden: units of the dense layer.

    Returns:
        A Keras tensor of shape (B, hidden).
    """
    # TODO: the convolutions in turn; one row of numbers; the dense layer.
    ### BEGIN SOLUTION
    x = pictures
    for count in filters:
        x = keras.layers.Conv2D(count, 3, activation="relu")(x)
    return keras.layers.Dense(hidden, activation="relu")(keras.layers.Flatten()(x))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% features-expected [markdown]
# The check takes pictures (7, 7, 3), filters `[5, 6]` and 11 units: the convolutions
# have $3 \cdot 3 \cdot 3 \cdot 5 + 5 = 140$ and $3 \cdot 3 \cdot 5 \cdot 6 + 6 = 276$
# weights, the dense layer $3 \cdot 3 \cdot 6 \cdot 11 + 11 = 605$.

# %% features-check tags=["check"]
pictures = keras.Input((7, 7, 3))
out = features(pictures, [5, 6], 11)
labkit.check(out is not None, _("features(...) gives None: is a `return` missing?"))
labkit.check(
    isinstance(out, keras.KerasTensor),
    _("Return the output of the last layer, layer(x), and not a layer or a network."),
)
labkit.check(
    len(out.shape) == 2,
    _(f"The output has shape {out.shape}, expected (None, 11): flatten the maps."),
)
labkit.check(
    out.shape[-1] == 11, _("The last layer here is dense, with `hidden` units.")
)
model = keras.Model(pictures, out)
kinds = {type(layer).__name__ for layer in model.layers}
labkit.check(
    "Sequential" not in kinds,
    _("Call the layers one by one, x = layer(x), without keras.Sequential."),
)
layers = [layer for layer in model.layers if layer.weights]
asked = {"InputLayer", "Conv2D", "Flatten", "Reshape", "Dense", "ReLU", "Activation"}
others = ", ".join(sorted(kinds - asked - {"Rescaling"}))
labkit.check(
    "Pool" not in others,
    _("The maps are pooled: where a thing was seen is lost. Use Flatten alone."),
)
labkit.check(
    not others,
    _(f"Only Conv2D, Flatten and Dense are wanted here, and not {others}."),
)
convolutions = [layer for layer in layers if isinstance(layer, keras.layers.Conv2D)]
labkit.check(
    len(convolutions) == 2,
    _(
        f"Convolutions on the way to the output: {len(convolutions)}, expected 2. Each "
        "takes the output of the one before: x = layer(x)."
    ),
)
labkit.check(
    [layer.filters for layer in convolutions] == [5, 6],
    _("Each convolution has its own number of filters, in the order of `filters`."),
)
labkit.check(
    all(layer.kernel_size == (3, 3) for layer in convolutions),
    _("Each window must be 3 by 3: Conv2D(filters, 3, ...)."),
)
labkit.check(
    all(layer.strides == (1, 1) and layer.padding == "valid" for layer in convolutions),
    _("The windows move by one pixel and stay inside: no strides, no padding."),
)
counts = [layer.count_params() for layer in layers]
labkit.check_value(_("the list of weights of the layers"), counts, [140, 276, 605])
stages = keras.Model(pictures, [*(layer.input for layer in layers), out])
noise = np.random.default_rng(0).normal(size=(8, 7, 7, 3)).astype(np.float32)
seen, *after = map(np.asarray, stages(noise))
labkit.check(
    np.allclose(seen, noise),
    _("The pictures come as numbers from 0 to 1: q_network divides them already."),
)
labkit.check(
    after[0].min() == after[1].min() == 0,
    _("The convolutions need activation='relu': two linear layers are just one."),
)
labkit.check(after[2].min() == 0, _("The dense layer needs activation='relu', too."))
try:
    shape = features(keras.Input((3, 3, 3)), [4], 2).shape
except IndexError:
    text = _("There may be one convolution, or five: go through `filters` in a loop.")
    raise labkit.CheckFailed(text) from None
labkit.check_value(_("with one layer of filters"), shape, (None, 2))
labkit.passed()

# %% q-network-theory [markdown]
# The rest of the network is given: the pictures come as bytes, `Rescaling` divides them
# by 255, and a *head* makes action values from your features. The plain head is one
# linear layer; in section 5 you write another one.

# %% q-network
def plain_head(x, actions: int):
    """One linear layer: a value for each action."""
    return keras.layers.Dense(actions)(x)


def q_network(
    head, seed: int, shape=(7, 7, 3), filters=(32, 64), hidden=256, actions=4
) -> keras.Model:
    """A network from pictures, uint8, (B, *shape), to action values, (B, actions)."""
    keras.utils.set_random_seed(seed)
    pictures = keras.Input(shape, dtype="uint8")
    x = keras.layers.Rescaling(1 / 255)(pictures)
    return keras.Model(pictures, head(features(x, filters, hidden), actions))

# %% size-theory [markdown]
# What does it save that the pictures are small? The same layers on pictures of 84 by
# 84:

# %% size tags=["nbval-ignore-output"]
def size_and_time(side: int) -> list[float]:
    """Weights, and milliseconds for 64 pictures of so many pixels a side."""
    net = q_network(plain_head, seed=0, shape=(side, side, 3))
    values = tf.function(lambda pictures: net(pictures))
    batch = np.zeros((64, side, side, 3), np.uint8)
    values(batch)  # the first call records the function
    start = time.perf_counter()
    values(batch)
    return [net.count_params(), round((time.perf_counter() - start) * 1e3, 1)]


columns = {f"{side} x {side} x 3": size_and_time(side) for side in (7, 84)}
pd.DataFrame(columns, index=[_("weights"), _("64 pictures (ms)")])

# %% agent-theory [markdown]
# ## 3. Deep Q-learning, for pictures
#
# ### The target network is a copy
#
# Targets come from a second network of the *same architecture*, with the *same weights*
# at first, and with variables *of its own*. In lesson {lesson:dqn_lunar_lander} you built both from their
# sizes. A network of any architecture, two heads included, is copied more safely from
# itself.

# %% copy-hint [markdown]
# <details><summary>Hint</summary>
#
# `keras.models.clone_model(net)` makes a network of the same architecture, with new,
# random weights. `net.get_weights()` gives the weights as arrays,
# `other.set_weights(arrays)` takes them.
#
# </details>

# %% target-copy tags=["exercise"] points=1
def target_copy(net: keras.Model) -> keras.Model:
    """A network of the same architecture, with the same weights, that shares none."""
    # TODO: a clone, with the weights of `net`.
    ### BEGIN SOLUTION
    twin = keras.models.clone_model(net)
    weights = net.get_weights()
    twin.set_weights(weights)
    return twin
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% target-copy-check tags=["check"]
net = q_network(plain_head, seed=3, filters=(2,), hidden=5)
weights = net.get_weights()
twin = target_copy(net)
labkit.check(twin is not None, _("target_copy(...) gives None: is a `return` missing?"))
labkit.check(
    isinstance(twin, keras.Model), _("target_copy(...) must return a Keras network.")
)
labkit.check(
    all(map(np.array_equal, net.get_weights(), weights)),
    _("The weights of `net` have changed: only the clone receives weights."),
)
labkit.check(
    twin is not net, _("This is the same network under a second name: clone it.")
)
own, copied = ({id(weight) for weight in each.weights} for each in (net, twin))
labkit.check(
    not own & copied,
    _("The two networks share their weights: clone the network."),
)
labkit.check(
    all(map(np.array_equal, twin.get_weights(), weights)),
    _("The clone has weights of its own: give it those of `net`."),
)
net.set_weights([weight + 1 for weight in weights])
labkit.check(
    all(map(np.array_equal, twin.get_weights(), weights)),
    _("When `net` learns, the target network changes with it: copy the numbers."),
)
labkit.passed()

# %% update-theory [markdown]
# ### The update
#
# One gradient step, as you have written it in lessons {lesson:dqn_cartpole} and {lesson:dqn_lunar_lander}, with one door left
# open. What the next state is worth is not always $\max_{a'} Q(s', a'; \theta^-)$;
# section 6 brings a better rule. So the agent has a function
#
# $$ v(s') = \texttt{agent.next_value}\big(Q(s', \cdot\,; \theta),\;
#    Q(s', \cdot\,; \theta^-)\big) $$
#
# of the values of *both* networks, online first. For now it is `largest`, which looks
# at the target network alone. The rest of the update:
#
# $$ y = r + \gamma\, v(s') \;\text{ (no } v \text{ where } s' \text{ is terminal)},
#    \qquad L = \frac1B \sum_i h\big(y_i - Q(s_i, a_i; \theta)\big), \qquad
#    \theta^- \leftarrow \theta^- + \tau (\theta - \theta^-) $$
#
# with the Huber loss $h$ of lesson {lesson:dqn_lunar_lander}, here `huber(targets, taken)`, which takes the
# mean as well, and $\tau = 0.01$. (The GridWorld never terminates. Your update should
# work for worlds that do.)

# %% largest
def largest(online, target):
    """Value of each next state: the largest value of the target network, shape (B,)."""
    return tf.reduce_max(target, axis=1)


huber = keras.losses.Huber()

# %% update-hint [markdown]
# <details><summary>Hint</summary>
#
# From lesson {lesson:dqn_lunar_lander}: `tf.cast(batch.terminated, tf.float32)` makes 1 and 0 of truth values;
# `tf.gather(q, batch.action, batch_dims=1)` takes from each row the value of its
# action; `with tf.GradientTape() as tape:` records what is computed in it, from the
# network to the loss; `tape.gradient(loss, variables)` and
# `agent.optimizer.apply(gradients, variables)` are the step, with
# `variables = agent.q_net.trainable_variables`. The soft update is
# `labkit.soft_update(source, target, tau)`.
#
# </details>

# %% update tags=["exercise"] points=2
def dqn_update(agent, batch):
    """One update of deep Q-learning: online network by gradient, then target network.

    TensorFlow records it (tf.function): compute with tf alone.

    Args:
        agent: has q_net, target_net, next_value, optimizer, gamma and tau.
        batch: tensors obs, action, reward, next_obs, terminated: a labkit.Batch.

    Returns:
        The loss before the update, a scalar tensor.
    """
    # TODO: next values, targets, loss on the tape, gradient step, soft update.
    ### BEGIN SOLUTION
    online, target = agent.q_net(batch.next_obs), agent.target_net(batch.next_obs)
    goes_on = 1.0 - tf.cast(batch.terminated, tf.float32)
    targets = batch.reward + agent.gamma * agent.next_value(online, target) * goes_on
    variables = agent.q_net.trainable_variables
    with tf.GradientTape() as tape:
        taken = tf.gather(agent.q_net(batch.obs), batch.action, batch_dims=1)
        loss = huber(targets, taken)
    agent.optimizer.apply(tape.gradient(loss, variables), variables)
    labkit.soft_update(agent.q_net, agent.target_net, agent.tau)
    return loss
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% update-expected [markdown]
# The check takes two linear networks instead of pictures, two transitions,
# $\gamma = 0.5$, $\tau = 0.25$ and plain gradient descent with the learning rate 1. By
# hand: the first transition has the next values $(0.2, 0.8)$ in the target network, and
# the target $0.3 + 0.5 \cdot 0.8 = 0.7$; the second one is terminal, with the target
# $-1.3$. The predictions are $0.4$ and $0$, the errors $0.3$ and $-1.3$, and the loss is
# $\tfrac12 \big(\tfrac12 0.3^2 + 1.3 - \tfrac12\big) = 0.4225$.

# %% update-check tags=["check"]
online = np.float32([[0.2, 0.4], [0.6, 0.0]])
target = np.float32([[1.0, 0.4], [0.2, 0.8]])


def linear_agent(next_value):
    """An agent with two linear networks, without biases yet."""
    nets = labkit.mlp(2, [], 2), labkit.mlp(2, [], 2)
    for net, kernel in zip(nets, (online, target)):
        net.set_weights([kernel, np.zeros(2)])
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build(nets[0].trainable_variables)
    return SimpleNamespace(
        q_net=nets[0], target_net=nets[1], optimizer=optimizer, gamma=0.5, tau=0.25,
        next_value=next_value,
    )  # fmt: skip


two = labkit.Batch(
    obs=tf.constant([[1.0, 0.0], [0.0, 1.0]]),
    action=tf.constant([1, 1], tf.int64),
    reward=tf.constant([0.3, -1.3]),
    next_obs=tf.constant([[0.0, 1.0], [1.0, 0.0]]),
    terminated=tf.constant([False, True]),
)
seen = []
agent = linear_agent(lambda *values: seen.append(values) or largest(*values))
try:
    loss = dqn_update(agent, two)
except ValueError as error:
    text = _(
        "No gradient reaches q_net: call it and `huber` in the `with`, no predict."
    )
    labkit.check("No gradients" not in str(error), text)
    raise
labkit.check(
    seen, _("The next values must come from agent.next_value(online, target).")
)
labkit.check(
    np.allclose(seen[0][0], online[::-1]) and np.allclose(seen[0][1], target[::-1]),
    _(
        "agent.next_value gets the values of batch.next_obs: first those of q_net, "
        "then those of target_net, before either network has changed."
    ),
)
kernel, bias = agent.q_net.get_weights()
squared = _("The error is squared: the loss is huber(targets, taken).")
rows = _("Rows or all actions are compared: gather(..., batch_dims=1).")
wrong = [
    ([[0.2, 0.4], [0.6, 0.0]], _("q_net has not learned: apply the gradients to it.")),
    (
        [[0.2, 0.55], [0.6, -0.4]],
        _("Your targets still bootstrap after `terminated`: there y = r."),
    ),
    (
        [[0.2, 0.35], [0.6, -0.4]],
        _("The mask is inverted: bootstrap where *not* terminated."),
    ),
    (
        [[0.2, 0.55], [0.6, 0.0]],
        _("The mask wipes out the reward, too: it belongs to the next value alone."),
    ),
    ([[0.2, 0.75], [0.6, -0.5]], _("The next value is not discounted: agent.gamma.")),
    ([[0.2, 0.7], [0.6, -1.3]], squared),
    ([[0.2, 0.55], [0.6, -0.65]], squared),
    ([[0.2, 0.4], [0.65, -0.5]], rows),
    ([[0.2, 0.225], [0.6, -0.075]], rows),
    ([[0.325, 0.15], [0.625, -0.25]], rows),
    ([[0.2, 0.45], [0.6, -0.5]], _("agent.gamma and agent.tau are exchanged.")),
    ([[0.2, 0.25], [0.6, 0.5]], _("The step goes up the gradient: go down.")),
    (
        [[0.2, 0.55], [0.1, 0.0]],
        _("The largest value of each row learns: take that of the action taken."),
    ),
    (
        [[0.4, 0.5125], [0.5, -0.175]],
        _("The online network follows the target network: exchange the two."),
    ),
]
wrong = [(np.float32(weights), message) for weights, message in wrong]
want = np.float32([[0.2, 0.55], [0.6, -0.5]])
labkit.check_value(_("the matrix of q_net"), kernel, want, mistakes=wrong)
labkit.check_value(_("the bias vector of q_net"), bias, np.float32([0.0, -0.35]))
wrong = [
    (target, _("The target network does not follow: soft_update with agent.tau.")),
    (want, _("The target network is copied: move it by the share agent.tau only.")),
    (
        np.float32([[0.4, 0.5125], [0.5, -0.175]]),
        _("soft_update is given 1 - tau: it takes agent.tau."),
    ),
    (
        np.float32([[0.8, 0.4], [0.3, 0.6]]),
        _("The soft update comes before the gradient step: it must come after it."),
    ),
]
kernel, bias = agent.target_net.get_weights()
want = np.float32([[0.8, 0.4375], [0.3, 0.475]])
labkit.check_value(_("the matrix of target_net"), kernel, want, mistakes=wrong)
labkit.check_value(_("the loss"), loss, np.float32(0.4225))
agent = linear_agent(largest)
labkit.check_recorded(lambda batch: dqn_update(agent, batch), two)
labkit.passed()

# %% agent-class-theory [markdown]
# ### The agent
#
# The class `Agent` holds all that deep Q-learning carries along. Its network and its
# rule for next values come from outside: that is how one class becomes four algorithms.
# What is new:
#
# - It plays in 16 worlds at once. `agent.act(small, epsilon)` chooses an action for
#   each, epsilon-greedy: one call of the network for 16 pictures costs little more than
#   for one.
# - `agent.q_values` is the network, recorded by `tf.function`. `agent.learn` runs your
#   `dqn_update` on many batches in one call. This time without the compiler XLA, which
#   makes convolutions *slower* on a processor.
# - The buffer keeps small pictures as `uint8`.

# %% dqn-class
class Agent:
    """Deep Q-learning from pictures, in many worlds at once."""

    def __init__(
        self,
        q_net: keras.Model,  # from small pictures to a value for each action
        next_value,  # function of the next values, online and target, each (B, A)
        seed: int,
        partial_view=False,  # whether the agent sees only the cells around it
        games=16,  # worlds that are played side by side
        learning_rate=5e-4,  # of Adam
        gamma=0.9,  # discount factor: looks about 10 steps ahead
        tau=0.01,  # share of the way in a soft update
        capacity=50_000,  # transitions in the replay buffer
        batch_size=64, updates=50,  # minibatches of so many, so many after each round
        explore=3, anneal=30, epsilon_end=0.05,  # see epsilon_of
    ):
        self.q_net, self.target_net = q_net, target_copy(q_net)
        self.next_value, self.gamma, self.tau = next_value, gamma, tau
        self.sizes = updates, batch_size
        self.explore, self.anneal, self.epsilon_end = explore, anneal, epsilon_end
        self.rng = np.random.default_rng(seed)
        self.pixels = 28 if partial_view else 12
        self.partial_view = partial_view
        self.worlds = gym.make_vec(
            "labkit/GridWorld-v0", num_envs=games, partial=partial_view
        )
        self.worlds.reset(seed=seed)
        self.optimizer = keras.optimizers.Adam(learning_rate)
        self.optimizer.build(q_net.trainable_variables)
        shape = q_net.input_shape[1:]
        pictures = tf.TensorSpec((None, *shape), tf.uint8)
        self.q_values = tf.function(
            lambda small: q_net(small), input_signature=[pictures]
        )
        self.learn = labkit.compile_updates(partial(dqn_update, self), xla=False)
        self.buffer = labkit.ReplayBuffer(
            capacity, shape, obs_dtype=np.uint8, seed=seed
        )
        self.records = []  # of the tests: (round, rewards, values)

    def act(self, small: np.ndarray, epsilon: float) -> np.ndarray:
        """An action for each of the small pictures, epsilon-greedy: shape (N,)."""
        want, got = self.q_net.input_shape[1:], np.shape(small)[1:]
        if got != want:
            raise ValueError(_(f"The network sees pictures {want}, and not {got}."))
        best = self.q_values(small).numpy().argmax(axis=1)
        chance = self.rng.integers(self.q_net.output_shape[-1], size=len(small))
        return np.where(self.rng.random(len(small)) < epsilon, chance, best)

# %% epsilon-theory [markdown]
# ### First chance alone, then less and less
#
# Training goes in **rounds**: each world plays a game of 50 steps, so 800 transitions,
# then the network learns from 50 minibatches. At first there is nothing to be greedy
# about, and a buffer with few transitions would be learned by heart. So the first
# `explore` rounds are games of pure exploration, $\varepsilon = 1$. Then $\varepsilon$
# falls on a straight line, from 1 in round number `explore` to `end` after `anneal`
# more rounds, and stays there. Rounds are numbered from 0. The network learns for the
# first time at the end of the last round of pure exploration.

# %% epsilon-hint [markdown]
# <details><summary>Hint</summary>
#
# `labkit.linear_decay(start, end, steps, step)` is a line from `start` at step 0 to
# `end` at `steps`, and `end` after it. It knows nothing of negative steps: before step
# 0 the line goes on upwards.
#
# </details>

# %% epsilon-of tags=["exercise"] points=1
def epsilon_of(step: int, explore: int, anneal: int, end: float) -> float:
    """Probability of a random action in a round.

    Args:
        step: number of the round, from 0.
        explore: rounds of pure exploration.
        anneal: rounds in which epsilon then falls, from 1 to `end`.
        end: value that it keeps.
    """
    # TODO: 1 at first; then a line, from round number `explore` on.
    ### BEGIN SOLUTION
    if step < explore:
        return 1.0
    return labkit.linear_decay(1.0, end, anneal, step - explore)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% epsilon-of-expected [markdown]
# With `explore=3`, `anneal=10` and `end=0.2`: 1 in the rounds 0 to 3, then 0.92, 0.84,
# ..., 0.6 in round 8, and 0.2 from round 13 on.

# %% epsilon-of-check tags=["check"]
got = [epsilon_of(step, explore=3, anneal=10, end=0.2) for step in range(20)]
labkit.check(
    None not in got, _("epsilon_of(...) gives None: is a `return` missing?")
)
labkit.check(
    max(got) <= 1.0,
    _(f"epsilon is {labkit.number(max(got)):.2f} while exploring: a probability is at most 1."),
)
labkit.check(
    np.allclose(got[:3], 1.0),
    _("The first `explore` rounds are pure exploration: epsilon is 1 there."),
)
labkit.check(
    not np.isclose(got[3], 1 - 0.8 * 0.3),
    _("The line begins in round 0: it must begin when exploration ends."),
)
labkit.check(
    not np.isclose(got[10], 0.2),
    _("epsilon falls too fast: `anneal` rounds after exploration, not in all."),
)
labkit.check(
    not (np.isclose(got[8], 0.5) and got[19] > 0),
    _("The line must reach `end`, and not 0, after `anneal` rounds."),
)
labkit.check(
    min(got) >= 0.2 - 1e-9, _("epsilon must not fall below `end`: some chance remains.")
)
labkit.check_value(_("epsilon in round 3"), got[3], 1.0)
labkit.check_value(_("epsilon in round 8"), got[8], 0.6)
labkit.check_value(_("epsilon in round 13"), got[13], 0.2)
labkit.check_value(_("epsilon in round 19"), got[19], 0.2)
got = [epsilon_of(step, explore=5, anneal=4, end=0.1) for step in range(11)]
labkit.check(
    np.allclose(got, [1, 1, 1, 1, 1, 1, 0.775, 0.55, 0.325, 0.1, 0.1]),
    _("Other settings give wrong numbers: use `explore`, `anneal` and `end`."),
)
labkit.passed()

# %% play-theory [markdown]
# ### A round of games
#
# All worlds begin together and are cut together, after 50 steps. What is stored are
# small pictures, before and after the step, and `terminated` alone. The world goes on
# after the cut: $s'$ of the last step has a future, and only *we* stop looking.
#
# `buffer.extend` takes the transitions of all worlds at once: columns of shape
# (worlds, ...). (Step on after the cut, and the vectorised environment begins new games
# in a step that pays nothing. It is no transition: nothing of it may be stored.)

# %% play-hint [markdown]
# <details><summary>Hint</summary>
#
# `agent.buffer.extend(obs, action, reward, next_obs, terminated)`. Each world has a
# return of its own: `reward` has shape (worlds,), and so has `returns`. All worlds are
# cut in the same step: `truncated.all()`.
#
# </details>

# %% play-games tags=["exercise"] points=2
def play_games(agent, epsilon: float) -> np.ndarray:
    """Play one game in each of the agent's worlds, and store all transitions.

    Args:
        agent: has worlds, act, pixels and buffer; the buffer is changed.
        epsilon: probability of a random action.

    Returns:
        The undiscounted returns of the games, shape (worlds,).
    """
    obs, info = agent.worlds.reset()
    small = small_pictures(obs, agent.pixels)
    returns, over = np.zeros(agent.worlds.num_envs), False
    while not over:
        action = agent.act(small, epsilon)
        obs, reward, terminated, truncated, info = agent.worlds.step(action)
        next_small = small_pictures(obs, agent.pixels)
        # TODO: store the transitions, count the rewards, go on; is it over?
        ### BEGIN SOLUTION
        agent.buffer.extend(small, action, reward, next_small, terminated)
        returns += reward
        small = next_small
        over = truncated.all()
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION
    return returns

# %% play-script
def scripted_worlds():
    """Stands in for two worlds: games of three steps, pictures full of one number."""
    numbers = np.array([[0, 10], [1, 11], [2, 12], [3, 13]], np.uint8)
    pictures = np.ones((84, 84, 3), np.uint8) * numbers[:, :, None, None, None]
    rewards = np.array([[1.0, 0.0], [0.0, -1.0], [1.0, 0.0]])
    never = np.zeros((3, 2), bool)
    cut = np.array([[False, False], [False, False], [True, True]])
    over = _("The games are cut, and the agent steps on: set `over`.")
    return labkit.ScriptedVectorEnv(pictures, rewards, never, cut, over=over)


class Recorder:
    """A replay buffer that only writes down what is added."""

    def __init__(self):
        self.added = []

    def add(self, *transition):
        raise labkit.CheckFailed(
            _("buffer.add stores one transition: extend takes those of all worlds.")
        )

    def extend(self, obs, action, reward, next_obs, terminated):
        labkit.check(
            np.shape(obs) == np.shape(next_obs) == (2, 3, 3, 3),
            _("Store small, action, reward, next_small, terminated, in this order."),
        )
        pictures = [np.array(part)[:, 0, 0, 0].tolist() for part in (obs, next_obs)]
        others = [np.array(part).tolist() for part in (action, reward, terminated)]
        self.added.append((*pictures, *others))

# %% play-games-check tags=["check"]
agent = SimpleNamespace(
    worlds=scripted_worlds(), buffer=Recorder(), pixels=28,
    act=lambda small, epsilon: np.array([3, int(small[0, 0, 0, 0])]),
)  # fmt: skip
try:
    returns = play_games(agent, epsilon=0.5)
except ValueError as error:
    text = _("`over` has one truth value for each world: take truncated.all().")
    labkit.check("truth value" not in str(error), text)
    raise
added = agent.buffer.added
labkit.check(
    agent.worlds.time == 3,
    _(f"Steps played: {agent.worlds.time}, expected 3: over when all are truncated."),
)
labkit.check(
    len(added) == 3,
    _(f"In 3 steps something was stored {len(added)} times: store once a step."),
)
before, after, actions, rewards, ended = zip(*added)
labkit.check(
    before != ([1, 11], [2, 12], [3, 13]),
    _("The picture *before* the step must be stored: store first, then go on."),
)
labkit.check(
    before == ([0, 10], [1, 11], [2, 12]),
    _("The agent looks at the first picture for ever: small = next_small."),
)
labkit.check(
    after == ([1, 11], [2, 12], [3, 13]),
    _("The next picture is the one after the step."),
)
labkit.check(
    actions == ([3, 0], [3, 1], [3, 2]),
    _("The second column must be the actions that were taken."),
)
labkit.check(
    rewards == ([1, 0], [0, -1], [1, 0]),
    _("The third column must be the rewards of this step alone."),
)
labkit.check(
    ended[-1] != [True, True],
    _("The cut after 50 steps is stored as the end of the world: store `terminated`."),
)
labkit.check(
    ended == ([False, False],) * 3, _("Store `terminated` as the environment gives it.")
)
mistakes = [
    (np.full(2, 1.0), _("Each world counts the rewards of all: add `reward`.")),
    (np.full(2, 0.5), _("Each world counts the mean of all: add `reward`.")),
    (np.array([1.0, 0.0]), _("Only the last rewards are returned: add them up.")),
    (np.zeros(2), _("The rewards are not counted: add them to `returns`.")),
]
want = np.array([2.0, -1.0])
labkit.check_value(_("the array of returns"), returns, want, mistakes=mistakes)
labkit.passed()

# %% train-theory [markdown]
# ## 4. The first agent
#
# Every 5 rounds a **greedy test**: 50 games with other seeds, played on for 100 steps.
# The first 50 steps are the score, by which the best weights are kept. The rewards of
# all 100 steps, and the values that the network gave, are written down for section 7.

# %% train
GAME = 50  # steps


def greedy_games(agent: Agent, games: int, seed: int):
    """Greedy play: rewards, shape (steps, games), and values, (steps, games, A)."""
    steps = 2 * GAME
    worlds = gym.make_vec(
        "labkit/GridWorld-v0", num_envs=games, max_episode_steps=steps,
        partial=agent.partial_view,
    )  # fmt: skip
    obs, info = worlds.reset(seed=seed)
    rewards, values = [], []
    for step in range(steps):
        values.append(agent.q_values(small_pictures(obs, agent.pixels)).numpy())
        obs, reward, *over, info = worlds.step(values[-1].argmax(axis=1))
        rewards.append(reward)
    return np.stack(rewards), np.stack(values)


def greedy_test(agent: Agent, training: labkit.Training) -> None:
    """Keep the weights if they are the best so far, and note what was played."""
    rewards, values = greedy_games(agent, games=50, seed=20_000)
    training.keep(rewards[:GAME].sum(axis=0).mean())
    agent.records.append((training.step, rewards, values))


def train(agent: Agent, training: labkit.Training, rounds: int = 50) -> None:
    """Play and learn, for so many rounds in all."""
    with training:
        for step in training.steps(rounds, _("rounds")):
            epsilon = epsilon_of(step, agent.explore, agent.anneal, agent.epsilon_end)
            for finished in play_games(agent, epsilon):
                training.add(finished)
            if step + 1 >= agent.explore:
                agent.learn(agent.buffer.sample(agent.sizes))
            if step % 5 == 4:
                greedy_test(agent, training)


def begin(name: str, head, next_value, seed: int, **settings) -> None:
    """Make an agent (settings: those of Agent) and its training, for the next cell."""
    agent = Agent(q_network(head, seed), next_value, seed, **settings)
    training = labkit.Training(name, agent.q_net, solved_at=18, window=80)
    runs[f"{name}, new"] = agent, training

# %% runs
runs = labkit.Runs()  # what training cells make, for the cells that follow

# %% dqn-make
begin("DQN", plain_head, largest, seed=0)

# %% dqn-train-theory [markdown]
# 50 rounds are 40,000 steps, and 2,400 updates, as it learns in 48 of them: less than
# half a minute. You may interrupt the cell (the square button ■) and run it again: it
# goes on. To begin afresh, run the cell above again, too.

# %% dqn-train tags=["training", "nbval-ignore-output"]
agent, training = runs["DQN, new"]
train(agent, training)
training.restore_best()
runs["DQN"] = agent
print(_(f"{training.seconds:.0f} s of processor time, best test {labkit.number(training.best):.1f}"))

# %% measure-theory [markdown]
# Now the evaluation, apart from training: 100 greedy games, with seeds that neither
# the training nor the tests have seen.

# %% measure
def evaluate(agent: Agent, games: int = 100, epsilon: float = 0.0) -> labkit.Evaluation:
    """Returns of games of 50 steps, greedy but for a share epsilon of chance."""
    worlds = gym.make_vec(
        "labkit/GridWorld-v0", num_envs=games, partial=agent.partial_view
    )
    obs, info = worlds.reset(seed=10_000)
    returns = np.zeros(games)
    for step in range(GAME):
        action = agent.act(small_pictures(obs, agent.pixels), epsilon)
        obs, reward, *over, info = worlds.step(action)
        returns += reward
    return labkit.Evaluation(returns)

# %% dqn-measure tags=["nbval-ignore-output"]
print("DQN", evaluate(runs["DQN"]))

# %% dqn-check tags=["check", "nbval-check-output"]
labkit.check(
    evaluate(runs["DQN"]).mean >= 15,
    _(
        "The trained agent should earn 15 or more in a game. If all checks above have "
        "passed, make it with another seed and train it again."
    ),
)
labkit.passed(_("It finds the goals."))

# %% film-theory [markdown]
# And see a game: untrained and trained, in the same world. One game is one game: it may
# be far from the mean. An agent that begins to walk to and fro is met again in the
# experiments at the end.

# %% film tags=["nbval-ignore-output"]
def film(label: str, agent: Agent):
    """A labelled video of one greedy game."""
    env = gym.make(
        "labkit/GridWorld-v0", partial=agent.partial_view, render_mode="rgb_array"
    )

    def policy(obs):
        return int(agent.act(small_pictures(obs[None], agent.pixels), epsilon=0.0)[0])

    return label, labkit.record(env, policy, seed=10_000)


untrained = Agent(q_network(plain_head, seed=1), largest, seed=1)
labkit.side_by_side(
    [film(_("untrained"), untrained), film(_("trained"), runs["DQN"])]
)

# %% dueling-theory [markdown]
# ## 5. Two heads: dueling
#
# In the GridWorld the value of a state is mostly the state's: with goals all around,
# every action is good, as the others can be taken afterwards. What decides is a small
# difference. The plain head has to learn the large common part four times over, once
# for each action, and each transition tells it about *one* action only.
#
# The **dueling** head (Wang and others, 2016) has two outputs: one number $V(s)$, and
# for each action an *advantage* $A(s, a)$. Together they give
#
# $$ Q(s, a) = V(s) + A(s, a) - \frac{1}{\lvert\mathcal A\rvert}
#    \sum_{a'} A(s, a') $$
#
# Now each transition teaches $V(s)$, whatever the action was. The mean is subtracted
# because $Q$ alone would not say what belongs to $V$ and what to $A$.

# %% dueling-hint [markdown]
# <details><summary>Hint</summary>
#
# `keras.ops.mean(x, axis=1, keepdims=True)` is the mean of each row, with shape (B, 1):
# it can be subtracted from (B, A). Without `keepdims` it has shape (B,), which NumPy
# and TensorFlow would lay along the *other* axis. Use `keras.ops`, which also works
# while a network is being built.
#
# </details>

# %% dueling-values tags=["exercise"] points=2
def dueling_values(value, advantage):
    """Action values from the two outputs of a dueling head.

    Args:
        value: float32, shape (B, 1).
        advantage: float32, shape (B, A).

    Returns:
        Float32, shape (B, A).
    """
    # TODO: Q from V and A.
    ### BEGIN SOLUTION
    return value + advantage - keras.ops.mean(advantage, axis=1, keepdims=True)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% dueling-expected [markdown]
# With $V = 1$ and $A = (0, 3, 6)$ the mean advantage is 3, and $Q = (-2, 1, 4)$.

# %% dueling-values-check tags=["check"]
value = tf.constant([[1.0], [10.0], [-4.0]])
advantage = tf.constant([[0.0, 3.0, 6.0], [1.0, 1.0, 4.0], [-2.0, 8.0, 0.0]])
sums = value + advantage
mean = np.float32([[3.0], [2.0], [2.0]])
most = np.float32([[6.0], [4.0], [8.0]])
columns = np.mean(advantage, axis=0)
plain = np.asarray(advantage)
mistakes = [
    (sums, _("The mean advantage is not subtracted.")),
    (sums - most, _("The largest advantage is subtracted: take the mean.")),
    (sums + mean, _("The mean advantage is added: subtract it.")),
    (sums - columns, _("The mean goes down the columns: take axis=1.")),
    (sums - mean[:, 0], _("The means lie along the wrong axis: keepdims=True.")),
    (sums - plain.mean(), _("One mean for the whole batch: take that of each row.")),
    (sums - 3 * mean, _("The sum of the advantages is subtracted: take the mean.")),
    (plain - mean, _("V is lost: add it, and subtract the mean of A alone.")),
    (value - advantage + mean, _("The advantage is subtracted: V + A - mean.")),
]
mistakes = [(np.asarray(wrong), message) for wrong, message in mistakes]
want = np.float32([[-2, 1, 4], [9, 9, 12], [-8, 2, -6]])
labkit.check_value(
    "dueling_values(...)", dueling_values(value, advantage), want, mistakes=mistakes
)
rows = _("The sum is divided by the number of rows: divide by that of the actions.")
got = dueling_values(value[:2], advantage[:2])
mistakes = [(np.asarray(sums - 1.5 * mean)[:2], rows)]
labkit.check_value(_("the values of two rows"), got, want[:2], mistakes=mistakes)
try:
    built = dueling_values(keras.Input((1,)), keras.Input((4,)))
except Exception:
    built = None
labkit.check(
    isinstance(built, keras.KerasTensor),
    _("A network cannot be built from this: use keras.ops, and neither np nor tf."),
)
labkit.passed()

# %% dueling-prompt [markdown]
# **Question 3** (2 points).
#
# 1. Suppose that the mean were not subtracted, $Q = V + A$. A trained network gives
#    $V = 3$ and $A = (0, 1, 0, -1)$. Name other $V$ and $A$ with the same $Q$. What
#    would be bad about that?
# 2. With the mean subtracted, what is the mean of $Q(s, a)$ over the actions? Is the
#    network's $V(s)$ then the value of the best action?

# %% dueling-answer [markdown] tags=["question"] points=2
# ### BEGIN SOLUTION
# 1. $V = 0$ and $A = (3, 4, 3, 2)$, say: any number can be moved from one to the other.
#    The loss sees $Q$ alone, so nothing would decide between them, and $V$ and $A$
#    could wander off together. Nothing would make $V$ learn the part that actions have
#    in common, for which the head was made.
# 2. The advantages less their mean add up to 0, so the mean of $Q$ is $V$. It is not
#    the value of the best action, $\max_a Q(s, a)$, which is larger unless all are
#    equal. (To subtract $\max_{a'} A(s, a')$ would make it so; the authors found the
#    mean to be more stable.)
#
# **What to look for:** (1) any other pair that adds up to the same, and that $V$ is not
# determined; (2) the mean is $V$, and the maximum is larger. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% dueling-head
def dueling_head(x, actions: int):
    """Two linear layers: one value, and an advantage for each action."""
    return dueling_values(keras.layers.Dense(1)(x), keras.layers.Dense(actions)(x))

# %% double-theory [markdown]
# ## 6. Two opinions: double
#
# Lesson {lesson:dqn_lunar_lander} asked what happens to $\max_a Q(s, a)$ when the estimates are off by chance.
# Here is the answer in numbers. Four actions are all worth 0. Two networks estimate
# their values, each with errors of its own, of mean 0 and standard deviation 1.

# %% bias
rng = np.random.default_rng(0)
first, second = rng.normal(size=(2, 100_000, 4))  # two estimates, in 100,000 states
best = first.argmax(axis=1)
print(_(f"largest value of the first: {labkit.number(first.max(axis=1).mean()):.2f}"))
print(_(f"what the second says of it: {labkit.number(second[np.arange(100_000), best].mean()):.2f}"))

# %% double-theory-2 [markdown]
# The largest of four estimates is mostly one that is too high, on average by more than
# one standard deviation, although no single estimate is biased. But ask the *second*
# network about the action that the *first* one has chosen, and there is no bias left,
# since the errors of the second had no part in the choice.
#
# **Double deep Q-learning** (van Hasselt and others, 2016) has two networks at hand
# anyway. The online network chooses, the target network says what the choice is worth:
#
# $$ v(s') = Q\big(s', a^*; \theta^-\big), \qquad
#    a^* = \arg\max_{a'} Q(s', a'; \theta) $$
#
# (They are no strangers: $\theta^-$ follows $\theta$. So some bias will remain. How
# much? We shall measure it.)

# %% double-hint [markdown]
# <details><summary>Hint</summary>
#
# `tf.argmax(x, axis=1)` gives the *number* of the largest entry of each row;
# `tf.gather(x, numbers, batch_dims=1)` takes from each row the entry with its number.
#
# </details>

# %% double-value tags=["exercise"] points=2
def double_value(online, target):
    """Value of each next state: the online network chooses, the target network judges.

    Args:
        online: online network's values of the next states, float32, shape (B, A).
        target: target network's values of the same states, float32, shape (B, A).

    Returns:
        Float32 tensor, shape (B,).
    """
    # TODO: the online network's best action, the target network's value of it.
    ### BEGIN SOLUTION
    best = tf.argmax(online, axis=1)
    return tf.gather(target, best, batch_dims=1)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% double-expected [markdown]
# Online values $(1, 5, 2)$ and target values $(7, 4, 6)$: action 1 is chosen, and it is
# worth 4. (`largest` would say 7.)

# %% double-value-check tags=["check"]
online = tf.constant([[1.0, 5.0, 2.0], [0.0, 1.0, 9.0], [8.0, 3.0, 2.0]])
target = tf.constant([[7.0, 4.0, 6.0], [1.0, 3.0, -2.5], [8.5, -1.0, 9.5]])
mistakes = [
    ([7, 3, 9.5], _("This is the largest target value: the online network chooses.")),
    ([5, 9, 8], _("These are the online network's values: the target network judges.")),
    ([1, 1, 2], _("The two are exchanged: online chooses, target judges.")),
    ([4, 1, 8], _("The smaller of two values is taken: only the target judges.")),
    ([5, 3, 8], _("The smaller of two largest values: only `online` chooses.")),
    ([7, 1, 9.5], _("The online network's *worst* action is taken: tf.argmax.")),
    ([6, 1, -1], _("The choice goes down the columns: take axis=1.")),
    ([4, 0, 8.5], _("A value below 0 is lost among zeros: use tf.gather.")),
    ([4.5, 3.25, 8.25], _("The two opinions are averaged: the target network judges.")),
]
mistakes = [(np.float32(wrong), message) for wrong, message in mistakes]
got = double_value(online, target)
labkit.check(
    got is None or np.shape(got) == (3,),
    _(
        f"The shape is {np.shape(got)}, expected (3,): one value for each row. With "
        "tf.gather this takes batch_dims=1."
    ),
)
labkit.check(
    got is None or np.asarray(got).dtype.kind == "f",
    _("These are the numbers of the actions: take their values, with tf.gather."),
)
want = np.float32([4.0, -2.5, 8.5])
labkit.check_value("double_value(...)", got, want, mistakes=mistakes)
labkit.check(
    tf.is_tensor(got), _("double_value(...) must return a tensor: compute with tf.")
)
labkit.check_recorded(double_value, online, target)
labkit.passed()

# %% d3qn-make
begin("D3QN", dueling_head, double_value, seed=0)

# %% d3qn-train-theory [markdown]
# Dueling, double, deep: D3QN. Everything else is as before.

# %% d3qn-train tags=["training", "nbval-ignore-output"]
agent, training = runs["D3QN, new"]
train(agent, training)
training.restore_best()
runs["D3QN"] = agent
print(_(f"{training.seconds:.0f} s of processor time, best test {labkit.number(training.best):.1f}"))

# %% d3qn-measure tags=["nbval-ignore-output"]
for name in ("DQN", "D3QN"):
    print(name, evaluate(runs[name]))

# %% d3qn-check tags=["check", "nbval-check-output"]
labkit.check(
    evaluate(runs["D3QN"]).mean >= 15,
    _(
        "The trained agent should earn 15 or more in a game. If all checks above have "
        "passed, make it with another seed and train it again."
    ),
)
labkit.passed(_("It finds the goals, too."))

# %% d3qn-read [markdown]
# Is D3QN better than DQN? Two runs, one of each, cannot say: another seed may turn the
# order round. The papers averaged over dozens of games; here the world is small, and
# both come near to what can be earned at all. (The rule of lesson {lesson:environments}, which knows the
# shortest way to a goal, gets 26.) What does differ between them can be measured in
# another way.
#
# With five seeds, 0 to 4, we measured from 21.9 to 24.4 for DQN, and from 22.1 to 23.6
# for D3QN.

# %% over-theory [markdown]
# ## 7. How much does it overestimate itself?
#
# An agent *believes*: being in $s_t$, it will still collect $\max_a Q(s_t, a)$, with
# discounting. What it does collect in a greedy game can be counted:
#
# $$ G_t = r_{t+1} + \gamma\, r_{t+2} + \gamma^2 r_{t+3} + \dots
#    = r_{t+1} + \gamma\, G_{t+1} $$
#
# **Overestimation** is the mean of $\max_a Q(s_t, a) - G_t$ over many states. One $G_t$
# is full of chance (where will the next goal appear?); the mean over 2,500 of them is
# not.
#
# The world never ends and our games do. So the tests played on for 100 steps, and only
# the first 50 states are judged: what is cut off lies 50 steps or more ahead of them,
# and counts less than $0.9^{50} \approx 0.005$.

# %% over-hint [markdown]
# <details><summary>Hint</summary>
#
# Begin with the last step, where $G = r$, and walk backwards: `reversed(range(n))`
# gives n - 1, ..., 0. All games can go side by side: `rewards[t]` is one row, a number
# for each game. `values.max(axis=2)` is what the agent believed.
#
# </details>

# %% overestimation tags=["exercise"] points=2
def overestimation(rewards, values, gamma: float, judged: int) -> float:
    """How much more an agent believed than it then collected, on average.

    Args:
        rewards: of greedy games, shape (steps, games).
        values: action values in the state *before* each step, (steps, games, A).
        gamma: discount factor.
        judged: the states of the first so many steps are judged; the rewards of all
            steps count.

    Returns:
        Mean of belief - truth; above 0 where the agent overestimates itself.
    """
    # TODO: truth, from the end of the games; then the mean over the judged states.
    ### BEGIN SOLUTION
    truth, ahead = np.zeros(np.shape(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * ahead
        truth[t] = ahead
    belief = np.max(values, axis=2)
    return float(np.mean((belief - truth)[:judged]))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% overestimation-expected [markdown]
# The check takes two games of four steps with the rewards $(-2, 0, 3, 2)$ and
# $(-1, 1, 4, 0)$, and $\gamma = 0.5$: $G = (-1, 2, 4, 2)$ and $(0.5, 3, 4, 0)$. The
# agent believed $6, 1, 0, -1$ and $4, 2, 2, 3$. With the first two states judged, it
# overestimates itself by $(7 - 1 + 3.5 - 1) / 4 = 2.125$.

# %% overestimation-check tags=["check"]
rewards = np.array([[-2.0, -1.0], [0.0, 1.0], [3.0, 4.0], [2.0, 0.0]])
values = np.array(
    [[[5, 6], [4, 0]], [[1, -3], [-3, 2]], [[0, 0], [2, -1]], [[-1, -3], [3, 0]]]
)
summed = _("This is a sum: take the mean over states *and* games.")
largest_one = _("Belief is the largest action value of a state: the maximum, axis=2.")
mistakes = [
    (0.75, _("The truth is back to front: your list begins with the last step.")),
    (0.0, _("The reward of the state's own step is left out: G begins with it.")),
    (3.5, _("All states share one G, changed in place: G = rewards[t] + gamma * G.")),
    (-2.125, _("The sign is wrong: belief - truth.")),
    (0.3125, _("All states are judged: only the first `judged` are.")),
    (5.25, _("Only the first state is judged: take the first `judged`.")),
    (-1.5, _("The last states are judged: take the first `judged`.")),
    (3.125, _("Absolute differences are taken: errors up and down must cancel.")),
    (3.75, _("Belief is compared with the next reward: G counts all that follow.")),
    (-1.0, _("The rewards are not discounted.")),
    (2.6875, _("The next reward is discounted, too: G = rewards[t] + gamma * G.")),
    (4.125, _("Discounting runs the wrong way: begin with the last step.")),
    (3.625, _("Rewards after the judged states are left out: cut at the very end.")),
    *((wrong, largest_one) for wrong in (0.375, 1.875, 0.625, 2.375)),
    (3.25, _("This is the mean belief: subtract the truth.")),
    *((wrong, summed) for wrong in (8.5, 4.25)),
]
given = rewards.copy()
got = overestimation(rewards, values, gamma=0.5, judged=2)
labkit.check(
    np.array_equal(rewards, given),
    _("The rewards given have been changed: compute with a copy."),
)
labkit.check(
    got is None or np.ndim(got) == 0,
    _("One number is wanted: the mean over the judged states of all games."),
)
labkit.check_value("overestimation(...)", got, 2.125, mistakes=mistakes)
got = overestimation(rewards[:2], values[:2], gamma=0.5, judged=2)
labkit.check_value(_("with all states judged"), got, 3.625)
labkit.passed()

# %% over-plot-theory [markdown]
# Each test has left its rewards and values in `agent.records`.

# %% over-plot tags=["nbval-ignore-output"]
agents = {name: runs[name] for name in ("DQN", "D3QN")}
figure, (top, bottom) = plt.subplots(
    2, sharex=True, figsize=(7, 5), layout="constrained"
)
for name, agent in agents.items():
    rounds, rewards, values = zip(*agent.records)
    pairs = zip(rewards, values)
    excess = [overestimation(*pair, agent.gamma, judged=GAME) for pair in pairs]
    scores = [each[:GAME].sum(axis=0).mean() for each in rewards]
    top.plot(rounds, scores, "o-", label=name)
    bottom.plot(rounds, excess, "o-", label=name)
bottom.axhline(0, color="0.5", linewidth=1)
top.set(ylabel=_("greedy test"))
bottom.set(xlabel=_("round"), ylabel=_("overestimation"))
for axes in (top, bottom):
    axes.grid(alpha=0.3)
    axes.legend()
plt.show()

# %% same-theory [markdown]
# The two agents have different heads and did not see the same games, and while they
# learn, their policy changes under the values. To see the rule for next values *alone*,
# hold everything else fixed: the same network, the same first weights, the same 2,400
# transitions of random play. Nothing is played in between; the network only learns,
# again and again, from what is there. A third run has the plain rule again, and 20
# random rounds instead of 3. (Less than a minute, without a progress bar.)

# %% same tags=["training", "nbval-ignore-output"]
def from_chance(next_value, seed: int, games: int = 3, calls: int = 10) -> list[float]:
    """Overestimation while learning from a few random rounds, every 100 updates."""
    agent = Agent(q_network(plain_head, seed), next_value, seed, updates=100)
    for game in range(games):
        play_games(agent, epsilon=1.0)
    excess = []
    for call in range(calls):
        agent.learn(agent.buffer.sample(agent.sizes))
        rewards, values = greedy_games(agent, games=50, seed=30_000)
        excess.append(overestimation(rewards, values, agent.gamma, judged=GAME))
    return excess


runs["same"] = {
    _("largest, 3 rounds"): from_chance(largest, seed=0),
    _("double, 3 rounds"): from_chance(double_value, seed=0),
    _("largest, 20 rounds"): from_chance(largest, seed=0, games=20),
}

# %% same-plot tags=["nbval-ignore-output"]
same = runs["same"]
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
for name, excess in same.items():
    axes.plot(np.arange(1, len(excess) + 1) * 100, excess, "o-", label=name)
    print(name, np.round(excess, 2))
axes.axhline(0, color="0.5", linewidth=1)
axes.set(xlabel=_("updates"), ylabel=_("overestimation"))
axes.legend()
plt.show()

# %% over-prompt [markdown]
# **Question 4** (3 points).
#
# 1. In the first plot: in which rounds does an agent overestimate itself, and when is
#    its belief *below* the truth? What may cause the second? (Lesson {lesson:dqn_lunar_lander} met it, too.)
# 2. In the second plot nothing new is played. How large does the overestimation become
#    with 3 rounds, and with 20? Why does more experience help against it?
# 3. In the second plot, by how much does double reduce the overestimation? Why can the
#    first plot not say it? In the numbers of section 6 no bias was left: which of their
#    assumptions fails here?

# %% over-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. The answer depends on the run. In ours both are above 0 in the first 20 rounds, by
#    up to 0.6. The truth is nearly 0 then, as the greedy tests earn hardly anything:
#    almost all of the belief is imagined. Later it lies below the truth, by up to 1 or
#    so. The policy becomes better faster than its values: a reward travels back one
#    step at a time, by way of a target network that follows slowly.
# 2. With 3 rounds it grows from call to call and reaches nearly 2, while it stayed
#    below 0.6 in the first plot; with 20 rounds it stays small. The maximum picks
#    actions that are imagined to be good. Where something like them has been tried, the
#    outcome contradicts; where it has not, what is imagined goes into the targets, and
#    from there to other states. New games help most: the agent takes just the actions
#    that it imagines to be good, is disappointed, and the disappointment goes into the
#    buffer.
# 3. Little: with the same transitions double takes a small part away. In the first plot
#    the head, the rule and the games differ, all at once, so no difference can be put
#    down to one of them. Those numbers needed two estimates with *independent* errors.
#    But $\theta^-$ is what $\theta$ was some 100 updates ago, and both have
#    learned from the same transitions: what one of them imagines, the other one
#    imagines as well.
#
# **What to look for:** (1) above 0 at first, below 0 later, with one reason that the
# values lag; (2) a larger number, growing, and that experience corrects what is
# imagined; (3) little, with the student's own numbers, that the first plot differs in
# more than the rule, and that the errors of the two networks are not independent. One
# point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% bug-theory [markdown]
# ## 8. Find the bug
#
# A colleague wants to see what moves: she subtracts each picture from the next one, so
# that everything that stands still becomes black. She takes the absolute value, since a
# pixel may become brighter or darker. There is no error message. But half of what moves
# is missing from her pictures.
#
# Delete the line with `raise`, run that cell and the next one, and look. Then mend the
# function. Its result must still be a picture in `uint8`.

# %% bug-hint [markdown]
# <details><summary>Hint</summary>
#
# What is `np.uint8([0]) - np.uint8([255])`? Eight bits hold the numbers 0 to 255, and
# what comes after them begins at 0 again. Which type can hold the difference?
#
# </details>

# %% change tags=["exercise"] points=2
# TODO: find the bug and mend it.
### BEGIN SOLUTION
def change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How much each number has changed, up or down: a picture, uint8."""
    difference = after.astype(np.int16) - before
    return np.abs(difference).astype(np.uint8)
### STUDENT
# def change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
#     """How much each number has changed, up or down: a picture, uint8."""
#     raise NotImplementedError("TODO")
#     return np.abs(after - before)
### END SOLUTION

# %% change-run tags=["nbval-ignore-output"]
world = gym.make("labkit/GridWorld-v0")
start = ["A.G..", ".....", "..F.G", ".G...", "F..G."]
before, info = world.reset(options={"map": start})
after, reward, *others = world.step(3)  # to the right
shown = {_("before"): before, _("after"): after, _("change"): change(before, after)}
figure, axes = plt.subplots(1, 3, figsize=(9, 3.2), layout="constrained")
for axis, (title, picture) in zip(axes, shown.items()):
    axis.imshow(picture)
    axis.set(title=title, xticks=[], yticks=[])
plt.show()

# %% change-check tags=["check"]
before = np.array([[0, 255, 10], [200, 7, 90]], np.uint8)
after = np.array([[255, 0, 30], [180, 7, 91]], np.uint8)
given = before.copy(), after.copy()
got = change(before, after)
labkit.check(got is not None, _("change(...) gives None: is a `return` missing?"))
labkit.check(
    np.array_equal(before, given[0]) and np.array_equal(after, given[1]),
    _("The pictures given have been changed: compute with copies."),
)
numbers = np.asarray(got).astype(float)
labkit.check(
    numbers[1, 0] not in (236, 65516),
    _(f"180 - 200 has become {numbers[1, 0]:.0f}: an unsigned type holds no -20."),
)
labkit.check(
    numbers[0, 1] != 0, _("What became darker is lost: count changes down as well.")
)
labkit.check(
    numbers[0, 0] != 0, _("What became brighter is lost: count changes up as well.")
)
labkit.check(
    np.asarray(got).dtype == np.uint8,
    _(f"The picture is {np.asarray(got).dtype}: it must be uint8 again."),
)
labkit.check(
    numbers[0, 0] != 1,
    _("int8 holds only -128 to 127: take a wider type, such as int16."),
)
labkit.check(
    numbers[0, 2] != 255,
    _("Return how much each number has changed, not whether it has."),
)
want = np.array([[255, 255, 20], [20, 0, 1]], np.uint8)
labkit.check_value("change(...)", got, want)
labkit.passed()

# %% bug-read [markdown] tags=["solution-only"]
# The difference of two `uint8` is a `uint8`, modulo 256: from 255 to 0 it is $-255$,
# which becomes 1, nearly black. The absolute value comes too late, as there is no
# negative number left. From 0 to 255 all is well, and so only half of the pixels are
# wrong. The same happens with sums (200 + 100 is 44) and to whoever stores `obs / 255`
# in a buffer of `uint8`: everything becomes 0 or 1. So store bytes, compute with wider
# numbers, and leave the division to the network.

# %% experiments [markdown]
# ## 9. Experiments
#
# Change one thing at a time, guess the result first, then run.
#
# 1. **The partial view.** The cell below trains an agent that sees only the 3 by 3
#    cells around it, then lets it play greedily, and with a little chance. Why is it
#    better off with some chance? Film it, `labkit.side_by_side([film("near", near)])`:
#    what does it do where nothing is in sight?
# 2. **A little chance, with the full view.** `evaluate(runs["D3QN"], epsilon=0.05)`.
#    Does chance help here, too? Look for a game in which the greedy agent walks to and
#    fro between two cells: what must be true of their values?
# 3. **One half at a time.** `begin("dueling", dueling_head, largest, seed=0)` and
#    `begin("double", plain_head, double_value, seed=0)`, each with a training cell of
#    its own. Which half does more? How many seeds would you need to be sure?
# 4. **No target network.** `begin("tau 1", dueling_head, double_value, 0, tau=1.0)`,
#    then a training cell. What becomes of the returns, and of the overestimation?
# 5. **A longer view.** The same with `gamma=0.97`: rewards 30 steps away count. Are the
#    returns higher? Are the values as easy to learn?

# %% experiment tags=["training", "nbval-ignore-output"]
# Experiment 1: the partial view.
net = q_network(dueling_head, seed=0, shape=(3, 3, 3), filters=(64,))
near = Agent(net, double_value, seed=0, partial_view=True)
training = labkit.Training(_("partial view"), net, window=80)
train(near, training)
training.restore_best()
for epsilon in (0.0, 0.1, 0.2):
    print("epsilon", labkit.number(epsilon), evaluate(near, epsilon=epsilon))

# %% recap [markdown]
# ## Recap
#
# - A convolution asks the same question at each place of a picture; a dense layer
#   behind it knows the places. A window of width $k$ turns $n$ pixels into $n - k + 1$.
# - Look at what a picture contains before you feed it to a network. Store bytes, divide
#   inside the network, and compute differences in a type that can hold them.
# - Many worlds at once make acting cheap: one call of the network for all of them.
#   Exploration begins with games played purely at random, and fades.
# - Dueling: $Q = V + A$ less the mean of $A$; each transition teaches $V$.
# - Double: the online network chooses, the target network judges. The maximum of noisy
#   estimates is too high; the value of a choice that somebody else made is not.
# - What an agent believes can be measured. Do that before you explain it.
#
# Next: in lesson {lesson:atari_ms_pacman} the pictures come from a game console, and there are many more of
# them.
#
# ### To read next
#
# - Z. Wang and others, "Dueling Network Architectures for Deep Reinforcement Learning",
#   *ICML*, 2016 (arXiv:1511.06581).
# - H. van Hasselt, A. Guez and D. Silver, "Deep Reinforcement Learning with Double
#   Q-learning", *AAAI*, 2016 (arXiv:1509.06461); and the first double Q-learning, for
#   tables: H. van Hasselt, "Double Q-learning", *NeurIPS*, 2010.
# - V. Mnih and others, "Human-level control through deep reinforcement learning",
#   *Nature* 518, 529–533, 2015: a convolutional Q-network for 49 Atari games.
# - S. Thrun and A. Schwartz, "Issues in Using Function Approximation for Reinforcement
#   Learning", *Connectionist Models Summer School*, 1993: where overestimation was
#   first described.
# - M. Hessel and others, "Rainbow: Combining Improvements in Deep Reinforcement
#   Learning", *AAAI*, 2018 (arXiv:1710.02298): what dueling and double are worth on
#   Atari, beside four other improvements.
# - Y. LeCun and others, "Gradient-Based Learning Applied to Document Recognition",
#   *Proceedings of the IEEE* 86, 2278–2324, 1998: convolutional networks.
