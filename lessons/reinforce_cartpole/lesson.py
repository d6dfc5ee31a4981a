# ---
# title: REINFORCE on CartPole
# line: learn the policy itself
# minutes: 90
# packages: {tensorflow_probability: tensorflow-probability}
# ---

# %% title [markdown]
# # Learn the policy itself: REINFORCE on CartPole
#
# At the end of this lesson you will be able to
#
# - write a policy as a network that gives *probabilities* of actions, and draw from it;
# - say what the policy-gradient theorem states, and turn it into a loss of one line;
# - write REINFORCE whole: episodes, returns, loss, clipped gradient step;
# - measure how noisy a policy gradient is, and make it less noisy with a baseline that
#   leaves its mean where it was;
# - tell a gradient that is noisy from one that is wrong.
#
# **Time:** about 90 minutes. **Builds on:** lesson {lesson:linear_q_cartpole} (CartPole, returns, features) and
# lesson {lesson:dqn_cartpole} (networks in Keras, `GradientTape`).

# %% imports tags=["nbval-ignore-output"]
import time
from typing import NamedTuple

import gymnasium as gym
import keras
import labkit
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow_probability import distributions as tfd

# %% clip-theory [markdown]
# Here is where the lesson leads: a pole balanced for 500 steps by an agent that has
# never estimated the value of anything. Its training takes a few seconds.

# %% clip tags=["nbval-ignore-output"]
labkit.show(
    labkit.load(
        "reinforce_cartpole",
        _("A cart moves left and right under a pole and keeps it upright"),
    )
)

# %% policy-theory [markdown]
# ## 1. A policy with weights
#
# The agents so far learned *values*, and the policy was a by-product: take the action
# with the largest one. That can be a detour. In lesson {lesson:linear_q_cartpole}, four weights were enough to
# balance the pole perfectly, and no four weights could express its values.
#
# So let us go straight for the policy: a function with weights $\theta$ that gives each
# action a **probability**, $\pi(a \mid s; \theta)$. The last layer of a network gives
# any real numbers, one for each action. They are called **logits**, and *softmax* makes
# probabilities of them:
#
# $$ \pi(a \mid s; \theta) = \frac{e^{z_a}}{\sum_b e^{z_b}}, \qquad
#    z = \text{logits of the network for } s $$
#
# ![Four numbers, the observation, enter a network; two logits come out, 0.2 and 1.3;
# softmax makes the probabilities 0.25 and 0.75 of them; the action 1 is drawn, and
# the return that follows decides how far its probability is
# raised](../../images/policy_gradient.png)
#
# Probabilities bring two gifts. The agent explores by itself, without an epsilon; and a
# small change of the weights changes the policy only a little, so that it can be
# improved by following a gradient.
#
# Leave softmax out of the network: what follows takes logits, and computes
# $\log \pi$ from them without overflow.

# %% policy-network-hint [markdown]
# <details><summary>Hint</summary>
#
# `keras.Sequential([...])` takes a list: `keras.Input((4,))`, then the layers.
# `keras.layers.Dense(n, activation="tanh")` is a layer of `n` units; without
# `activation` its outputs are unbounded.
#
# </details>

# %% policy-network tags=["exercise"] points=1
def policy_network(hidden: int = 32) -> keras.Model:
    """A policy for CartPole: one hidden layer with tanh.

    Args:
        hidden: units of the hidden layer.

    Returns:
        A model from observations, shape (B, 4), to logits, shape (B, 2).
    """
    # TODO: the input, the hidden layer, and the output layer.
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(hidden, activation="tanh"),
            keras.layers.Dense(2),
        ]
    )
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% policy-network-expected [markdown]
# With 32 hidden units the network has $4 \cdot 32 + 32 + 32 \cdot 2 + 2 = 226$ weights.

# %% policy-network-check tags=["check"]
def activation(layer) -> str:
    """Name of a layer's activation; a layer without one, such as Softmax(), names itself."""
    kind = getattr(layer, "activation", layer)
    return getattr(kind, "__name__", type(kind).__name__).lower()


net = policy_network(hidden=7)
labkit.check(
    isinstance(net, keras.Model),
    _("policy_network(...) must return a Keras model: is a `return` missing?"),
)
labkit.check(
    net.built and net.input_shape == (None, 4),
    _("The network must take 4 numbers: begin with keras.Input((4,))."),
)
labkit.check(
    net.output_shape == (None, 2),
    _(f"The output has shape {net.output_shape}: it needs one logit for each action, 2."),
)
name = activation(net.layers[-1])
labkit.check(
    name != "softmax",
    _("These are probabilities: leave softmax out, so that logits come out."),
)
labkit.check(
    name == "linear",
    _(f"The last layer has the activation {name}: a logit may be any number."),
)
shapes = [tuple(weight.shape) for weight in net.weights]
labkit.check(
    len(shapes) == 4,
    _(f"The network has {len(net.layers)} layers: one hidden layer, and the output."),
)
labkit.check(
    shapes[0] == (4, 7), _("The hidden layer must have as many units as `hidden` says.")
)
labkit.check(
    activation(net.layers[-2]) == "tanh",
    _("The hidden layer needs the activation tanh."),
)
labkit.passed()

# %% choose-action-theory [markdown]
# ### Drawing an action
#
# The agent **draws** its action: with logits $(0, \ln 3)$ it takes action 0 in a
# quarter and action 1 in three quarters of the cases. `tfd.Categorical`, from
# TensorFlow Probability, is such a distribution: `tfd.Categorical(logits=z)` is one for
# each row of `z`; `.sample()` draws from each of them, and `.log_prob(a)` gives $\log
# \pi(a \mid s)$.
#
# One function for both uses: a single observation, and a batch of them.

# %% choose-action-hint [markdown]
# <details><summary>Hint</summary>
#
# A network takes batches: `np.atleast_2d(obs)` makes a batch of one of a single
# observation, and leaves a batch as it is. A network is called like a function,
# `net(...)`. What `.sample()` gives is a tensor: `.numpy()` makes an array of it. In
# the end, `obs.ndim == 1` tells whether the answer is the whole array or its first
# entry.
#
# </details>

# %% choose-action tags=["exercise"] points=2
def choose_action(net, obs: np.ndarray) -> np.ndarray:
    """Draw an action from the policy, for one observation or for each of a batch.

    Args:
        net: the policy, from observations, shape (B, 4), to logits, shape (B, A).
        obs: shape (4,) or (B, 4).

    Returns:
        The numbers of the actions, integers (NumPy): shape () or (B,).
    """
    obs = np.asarray(obs, dtype=np.float32)
    # TODO: the logits of the batch, a draw for each row; one number for one obs.
    ### BEGIN SOLUTION
    logits = net(np.atleast_2d(obs))
    action = tfd.Categorical(logits=logits).sample().numpy()
    return action[0] if obs.ndim == 1 else action
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% choose-action-check tags=["check"]
def known_policy(obs):
    """Logits (1, 1 + obs[0]): with obs[0] = ln 3 the probabilities are 1/4 and 3/4."""
    labkit.check(
        np.ndim(obs) == 2,
        _("The network gets a single observation: make a batch of one, shape (1, 4)."),
    )
    return tf.stack([tf.ones_like(obs[:, 0]), 1 + obs[:, 0]], axis=1)


def predict(*args, **kwargs):
    """Stands in for net.predict."""
    message = _("Call the network itself, net(...): net.predict is slow, and has no gradient.")
    raise labkit.CheckFailed(message)


known_policy.predict = predict
labkit.seed_everything(0)
batch = np.tile([np.log(3), 0, 0, 0], (20_000, 1))
action = choose_action(known_policy, batch)
labkit.check(
    action is not None, _("choose_action(...) gives None: is a `return` missing?")
)
labkit.check(
    isinstance(action, np.ndarray | np.generic),
    _("choose_action(...) must return NumPy integers: call .numpy() on the tensor."),
)
labkit.check(
    np.shape(action) == (20_000,) and action.dtype.kind == "i",
    _(
        f"For a batch of 20000 the answer has shape {np.shape(action)} and type "
        f"{action.dtype}: it must be one integer for each row, (20000,)."
    ),
)
share = np.mean(action)
labkit.check(set(action.tolist()) <= {0, 1}, _("The actions must be 0 or 1."))
labkit.check(
    0 < share < 1,
    _("All rows get the same action: draw one for each row, and do not take the largest."),
)
for wrong, message in [
    (0.677, _("These are no probabilities: write tfd.Categorical(logits=...).")),
    (0.622, _("Softmax is applied twice: give the logits as they are.")),
    (0.500, _("The actions are drawn without regard to the logits.")),
    (0.250, _("The probabilities are the wrong way round: do not change the logits.")),
]:
    labkit.check(abs(share - wrong) > 0.02, message)
labkit.check(
    abs(share - 0.75) < 0.02,
    _(f"Action 1 has a share of {labkit.number(share):.2f}, expected 0.75."),
)
sure = np.array([[50.0, 0, 0, 0], [-50, 0, 0, 0], [-50, 0, 0, 0], [50, 0, 0, 0]])
labkit.check(
    np.array_equal(choose_action(known_policy, sure), [1, 0, 0, 1]),
    _("A row gets the action of another row."),
)
one = [choose_action(known_policy, row) for row in sure]
labkit.check(
    np.shape(one[0]) == (),
    _(f"For one observation the shape is {np.shape(one[0])}: return a single number."),
)
labkit.check(
    np.array_equal(one, [1, 0, 0, 1]), _("For one observation the action is wrong.")
)
labkit.passed()

# %% sample-theory [markdown]
# ### The same draw, quicker
#
# Nearly all of the time that `choose_action` takes goes into starting small TensorFlow
# operations, one after the other. An agent that learns from 60,000 steps should not
# wait for that. From here on we act with two shortcuts. Several episodes run side by
# side, so that one call serves them all; and the call is pure NumPy:
#
# - `labkit.NumpyNetwork(net)` computes the same logits on a copy of the weights
#   (`refresh()` copies them again);
# - `sample` draws by the **Gumbel-max trick**: add to each logit a random number from
#   the Gumbel distribution, and take the largest sum.
#
# <details><summary>Why the largest sum is a draw from softmax</summary>
#
# A Gumbel number is $g = -\ln E$, where $E$ has the exponential distribution of rate
# one. Then $z_a + g_a = -\ln (E_a\, e^{-z_a})$, and the largest sum belongs to the
# smallest $E_a\, e^{-z_a}$, which is an exponential number of rate $e^{z_a}$. Of
# several independent exponential numbers, that of rate $\lambda_a$ is the smallest with
# probability $\lambda_a / \sum_b \lambda_b$. With $\lambda_a = e^{z_a}$ this is
# softmax.
#
# </details>

# %% sample
def sample(logits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw an action for each row of logits (Gumbel-max): shape (A,) or (B, A)."""
    if not np.isfinite(logits).all():
        raise FloatingPointError(
            _("The logits are not finite numbers: make the network anew and train again.")
        )
    return np.argmax(logits + rng.gumbel(size=np.shape(logits)), axis=-1)

# %% sample-speed tags=["nbval-ignore-output"]
def microseconds(call, repeats: int = 50) -> float:
    """Mean processor time of a call."""
    call()
    start = time.process_time()
    for repeat in range(repeats):
        call()
    return (time.process_time() - start) / repeats * 1e6


rng = np.random.default_rng(0)
net = policy_network()
fast = labkit.NumpyNetwork(net)
obs = rng.normal(size=(16, 4)).astype(np.float32)
for name, act in {
    "choose_action": lambda obs: choose_action(net, obs),
    "sample": lambda obs: sample(fast(obs), rng),
}.items():
    one, many = microseconds(lambda: act(obs[0])), microseconds(lambda: act(obs))
    print(_(f"{name}: {one:.0f} µs for one observation, {many:.0f} µs for 16"))
rows = np.repeat(obs[:1], 20_000, axis=0)
shares = [choose_action(net, rows).mean(), sample(fast(rows), rng).mean()]
print(_(f"share of action 1: {labkit.number(shares[0]):.3f} and {labkit.number(shares[1]):.3f}"))

# %% gradient-theory [markdown]
# ## 2. The policy gradient
#
# How good is a policy? Let $J(\theta)$ be the expected return of an episode. We want to
# climb: $\theta \leftarrow \theta + \alpha \nabla J(\theta)$. The trouble is that
# $\theta$ decides which episodes happen, and the environment, which decides as well,
# cannot be differentiated. The **policy-gradient theorem** says that it need not be:
#
# $$ \nabla J(\theta) = \mathbb E \Big[ \sum_{t} G_t \,
#    \nabla_\theta \log \pi(a_t \mid s_t; \theta) \Big],
#    \qquad G_t = \sum_{k \ge t} \gamma^{k-t}\, r_k $$
#
# In words: play; then make each action that you took more likely, in proportion to the
# return $G_t$ that followed it. An action with a large return is pushed up more
# strongly than the others, and as probabilities sum to 1, the others go down.
#
# This is **REINFORCE** (Williams, 1992). Only $\log \pi$ is differentiated, and that is
# your network.
#
# <details><summary>Derivation, in four steps</summary>
#
# 1. *An expectation as a sum.* Let $\tau$ be an episode, $p(\tau; \theta)$ its
#    probability and $R(\tau)$ its return. Then
#    $J(\theta) = \sum_\tau p(\tau; \theta)\, R(\tau)$.
# 2. *The log-derivative trick.* Because $\nabla \log p = \nabla p / p$, we may write
#    $\nabla p = p\, \nabla \log p$, and so
#    $\nabla J = \sum_\tau p\, R\, \nabla \log p = \mathbb E[R(\tau)\, \nabla \log
#    p(\tau; \theta)]$: an expectation again, which playing can estimate.
# 3. *The environment drops out.* The probability of an episode is a product,
#    $p(\tau; \theta) = p(s_0) \prod_t \pi(a_t \mid s_t; \theta)\, p(s_{t+1} \mid s_t,
#    a_t)$. Its logarithm is a sum, and only the terms with $\pi$ contain $\theta$:
#    $\nabla \log p(\tau; \theta) = \sum_t \nabla \log \pi(a_t \mid s_t; \theta)$.
# 4. *The past does not count.* An action cannot change rewards that came before it.
#    Indeed, for $k < t$ the mean of $r_k\, \nabla \log \pi(a_t \mid s_t; \theta)$ is 0
#    (Question 2 shows why), so from $R(\tau)$ only the rewards from $t$ on are left.
#
# With $\gamma = 1$ that is the theorem. With $\gamma < 1$, the exact gradient of the
# discounted return has another factor $\gamma^t$ in front of $G_t$ (Sutton and Barto,
# section 13.3). Like nearly everybody we leave it out: it would make the agent care
# little about all but the first steps of an episode.
#
# </details>

# %% policy-loss-theory [markdown]
# ### As a loss
#
# Optimisers go *down* a loss. So take for the loss the mean of
# $-\log \pi(a_i \mid s_i; \theta)$ over all steps $i$ of the batch, each scaled by a
# number $A_i$, the **advantage** of the action:
#
# $$ L(\theta) = -\frac{1}{N} \sum_{i=1}^{N} A_i \log \pi(a_i \mid s_i; \theta) $$
#
# For now read $A_i = G_i$. (The name says where we are heading: how much better than
# usual was that?) Without $A_i$ this is the loss of a classifier that is told to
# imitate its own actions; $A_i$ says how much each of them deserves it. The value of
# this loss means nothing: it need not fall while the agent gets better. Only its
# gradient counts.
#
# For logits $(0, \ln 3)$, action 1 and the advantage 2, the loss is
# $-2 \ln \tfrac34 = 0.575$.

# %% policy-loss-hint [markdown]
# <details><summary>Hint</summary>
#
# `tfd.Categorical(logits=...).log_prob(action)` gives one number for each row, shape
# `(N,)`. Use TensorFlow's mean, `tf.reduce_mean`: NumPy's would end the gradient.
#
# </details>

# %% policy-loss tags=["exercise"] points=2
def policy_loss(net, obs, action, advantage) -> tf.Tensor:
    """Mean negative log-likelihood of the actions, each scaled by its advantage.

    Args:
        net: the policy, from observations to logits, shape (N, A).
        obs: shape (N, 4), float32.
        action: the actions that were taken, shape (N,), integers.
        advantage: shape (N,), float32; held constant.

    Returns:
        A scalar tensor, differentiable in the weights of `net`.
    """
    # TODO: log-probabilities of the actions taken; then the loss.
    ### BEGIN SOLUTION
    log_prob = tfd.Categorical(logits=net(obs)).log_prob(action)
    return -tf.reduce_mean(log_prob * advantage)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% policy-loss-check tags=["check"]
obs = np.zeros((3, 4), dtype=np.float32)
obs[:, 0] = np.log([3, 3, 1])
action = np.array([1, 0, 0])
advantage = np.array([2.0, -1.0, 4.0], dtype=np.float32)
chosen, logit = np.log([3 / 4, 1 / 4, 1 / 2]), np.array([1 + np.log(3), 1, 1])
other = np.log([1 / 4, 3 / 4, 1 / 2])
twice = np.exp(chosen) - np.log(np.exp(np.exp(chosen)) + np.exp(np.exp(other)))
as_probs = np.log(logit / (logit + [1, 1 + np.log(3), 1]))
loss = policy_loss(known_policy, obs, action, advantage)
mistakes = [
    (np.mean(chosen * advantage), _("The sign is wrong: a loss is made smaller.")),
    (-np.sum(chosen * advantage), _("This is the sum: take the mean over the steps.")),
    (-np.mean(chosen), _("The advantage is missing: scale each log-probability by it.")),
    (
        -np.mean(np.exp(chosen) * advantage),
        _("These are probabilities: the loss needs their logarithms, log_prob."),
    ),
    (-np.mean(logit * advantage), _("These are logits: log_prob normalises them.")),
    (
        -np.mean(twice * advantage),
        _("Softmax is applied twice: give the logits as they are."),
    ),
    (
        -np.mean(as_probs * advantage),
        _("These are no probabilities: write tfd.Categorical(logits=...)."),
    ),
    (
        -np.mean(other * advantage),
        _("These are the log-probabilities of the other action."),
    ),
    (
        -np.mean(chosen) * np.mean(advantage),
        _(
            "The product of two means: multiply step by step, then take the mean "
            "((N, 1) times (N,) gives that too)."
        ),
    ),
    (-chosen * advantage, _("One loss for each step: take the mean over the steps.")),
]
want = np.float32(-np.mean(chosen * advantage))
labkit.check_value("policy_loss(...)", loss, want, mistakes=mistakes)
net = policy_network()
with tf.GradientTape() as tape:
    loss = policy_loss(net, obs, action, advantage)
labkit.check(
    isinstance(loss, tf.Tensor)
    and None not in tape.gradient(loss, net.trainable_variables),
    _("No gradient reaches the network: compute with TensorFlow all the way to the loss."),
)
labkit.passed()

# %% returns-theory [markdown]
# ## 3. Returns
#
# The returns of all steps of an episode take one walk from its end to its beginning:
#
# $$ G_t = r_t + \gamma\, G_{t+1}, \qquad G_T = 0 $$
#
# With $\gamma = 0.5$ the rewards $(1, 2, 4)$ have the returns $(3, 4, 4)$. As we wait
# for the end of the episode, no target bootstraps. That has a price at the time limit:
# what a truncated episode would still have earned is missing.

# %% discounted-returns-hint [markdown]
# <details><summary>Hint</summary>
#
# Make the array of results first, with `np.zeros(len(reward))` (an array made *like*
# the rewards may hold integers only). Then `for t in reversed(range(len(reward)))`
# walks backwards, with the return of the step after in a variable.
#
# </details>

# %% discounted-returns tags=["exercise"] points=1
def discounted_returns(reward, gamma: float) -> np.ndarray:
    """Return from each step to the end of the episode.

    Args:
        reward: the rewards of one whole episode, in order; T numbers.
        gamma: discount factor.

    Returns:
        Shape (T,), float.
    """
    # TODO: from the last step to the first.
    ### BEGIN SOLUTION
    returns, following = np.zeros(len(reward)), 0.0
    for t in reversed(range(len(reward))):
        following = reward[t] + gamma * following
        returns[t] = following
    return returns
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% discounted-returns-check tags=["check"]
mistakes = [
    (np.array([4.0, 4.0, 3.0]), _("The returns are in reverse order: turn them round.")),
    (np.array([7.0, 6.0, 4.0]), _("Nothing is discounted: multiply by gamma.")),
    (np.array([3.0, 3.0, 3.0]), _("Each step has its own return, from there on.")),
    (np.array([1.0, 2.5, 5.25]), _("The sum runs forwards: rewards of the past count.")),
    (np.array([1.0, 2.0, 5.0]), _("The sum runs forwards: rewards of the past count.")),
    (np.array([3.0, 2.0, 1.0]), _("Discount from the step itself, not from step 0.")),
    (np.array([2.0, 2.0, 0.0]), _("The step's own reward is missing: G = r + gamma G'.")),
    (np.array([2.0, 4.0, 4.0]), _("A return holds *all* later rewards, not only the next.")),
    (np.array([1.5, 2.0, 2.0]), _("The reward itself is not discounted.")),
    (np.array([1.0, 2.0, 4.0]), _("These are the rewards: add what follows them.")),
    (
        np.array([4.0, 4.0, 0.0]),
        _("The return is stored before it is brought up to date: first add the reward."),
    ),
]
got = discounted_returns([1.0, 2.0, 4.0], 0.5)
labkit.check(
    not isinstance(got, list),
    _("discounted_returns(...) must return a NumPy array, not a list: fill np.zeros(...)."),
)
want = np.array([3.0, 4.0, 4.0])
name = "discounted_returns([1., 2., 4.], 0.5)"
labkit.check_value(name, got, want, mistakes=mistakes)
mistakes = [
    (
        np.array([1, 1, 1]),
        _("Integer rewards give rounded returns: make an array of floats."),
    ),
]
got = discounted_returns(np.array([1, 1, 1]), 0.5)
want = np.array([1.75, 1.5, 1.0])
labkit.check_value(_("discounted_returns of integers"), got, want, mistakes=mistakes)
got = discounted_returns([5], 0.9)
labkit.check_value(_("discounted_returns of one step"), got, np.array([5.0]))
labkit.passed()

# %% normalised-theory [markdown]
# ### Normalised
#
# In CartPole every return is positive, so *every* action is made more likely, a bad one
# only less strongly than a good one. It is clearer to compare with the average:
# subtract the mean of the batch, so that actions followed by less than usual are made
# *less* likely. And divide by the standard deviation, so that one learning rate suits
# returns of 20 and of 500:
#
# $$ A_i = \frac{G_i - \text{mean}(G)}{\text{std}(G) + \epsilon}, \qquad
#    \epsilon = 10^{-8} $$
#
# Why $\epsilon$? If all returns are equal there is nothing to learn from them, and the
# advantages must be 0. Without $\epsilon$ they are 0/0.

# %% normalised-hint [markdown]
# <details><summary>Hint</summary>
#
# `np.asarray(returns, dtype=float)` makes floats of whatever comes. Arrays have the
# methods `.mean()` and `.std()`.
#
# </details>

# %% normalised tags=["exercise"] points=1
def normalised(returns, epsilon: float = 1e-8) -> np.ndarray:
    """Returns with mean 0 and standard deviation 1; zeros where all are equal.

    Args:
        returns: shape (N,), floats or integers; N may be 1.
        epsilon: keeps the division away from 0.

    Returns:
        Shape (N,), float.
    """
    # TODO: subtract the mean, divide by the standard deviation plus epsilon.
    ### BEGIN SOLUTION
    returns = np.asarray(returns, dtype=float)
    return (returns - returns.mean()) / (returns.std() + epsilon)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% normalised-check tags=["check"]
returns = np.array([1.0, 3.0, 8.0])
mean, std = returns.mean(), returns.std()
mistakes = [
    (returns - mean, _("Divide by the standard deviation.")),
    (returns / std, _("Subtract the mean first.")),
    ((returns - mean) / std**2, _("You divide by the variance: take its root, .std().")),
    ((mean - returns) / std, _("The sign is wrong: a large return is a good one.")),
    ((returns - mean) / returns.std(ddof=1), _("Use .std() as it is, without ddof.")),
    (returns - mean / std, _("Parentheses are missing around the difference.")),
]
want = (returns - mean) / std
got = normalised(returns)
labkit.check_value("normalised([1., 3., 8.])", got, want, mistakes=mistakes)
got = normalised(np.array([1, 3, 8]))
labkit.check_value(_("normalised of integers"), got, want, rtol=1e-5)
# 0.1 seven times: the computed mean is off by a rounding error.
for returns in [np.ones(4), np.array([7.0]), np.full(7, 0.1), np.array([5, 5])]:
    with np.errstate(all="ignore"):
        got = np.asarray(normalised(returns))
    labkit.check(
        np.shape(got) == returns.shape and np.isfinite(got).all(),
        _("Equal returns give NaN, from 0/0: add epsilon to the standard deviation."),
    )
    labkit.check(
        np.abs(got).max() < 1e-3,
        _("Equal returns must give zeros: add epsilon to the standard deviation."),
    )
labkit.passed()

# %% union-theory [markdown]
# ## 4. Episodes
#
# ### A memory for each episode, and their union
#
# A `Memory` holds one episode, step by step: the observation, the action taken *there*,
# and the reward that came of it. For an update several of them become one batch. What
# must not get mixed up are the returns: they end where *their* episode ends.

# %% union-hint [markdown]
# <details><summary>Hint</summary>
#
# `np.concatenate([memory.obs for memory in memories])` puts the observations of all
# episodes below each other, shape `(N, 4)`. The actions go the same way. For the
# returns, call `discounted_returns` for each memory, then concatenate.
#
# </details>

# %% union tags=["exercise"] points=2
class Memory:
    """One episode: what the agent saw, what it did, and what it got."""

    def __init__(self):
        self.obs, self.action, self.reward = [], [], []

    def __len__(self) -> int:
        return len(self.reward)

    def add(self, obs: np.ndarray, action: int, reward: float) -> None:
        """Note one step: the action was taken in `obs`, and the reward came of it."""
        # TODO: one entry more in each of the three lists.
        ### BEGIN SOLUTION
        self.obs.append(obs)
        self.action.append(action)
        self.reward.append(reward)
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION


class Steps(NamedTuple):
    """The steps of several episodes as columns."""

    obs: np.ndarray  # (N, 4) float32
    action: np.ndarray  # (N,) int64
    returns: np.ndarray  # (N,) float32: from that step to the end of its own episode


def union(memories: list[Memory], gamma: float) -> Steps:
    """All steps of several episodes, one episode after the other.

    Args:
        memories: whole episodes, of any lengths.
        gamma: discount factor of the returns.
    """
    # TODO: obs, action and returns of all episodes.
    ### BEGIN SOLUTION
    obs = np.concatenate([memory.obs for memory in memories])
    action = np.concatenate([memory.action for memory in memories])
    returns = np.concatenate(
        [discounted_returns(memory.reward, gamma) for memory in memories]
    )
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION
    return Steps(
        obs.astype(np.float32), action.astype(np.int64), returns.astype(np.float32)
    )

# %% union-check tags=["check"]
def explained(call, sentences: dict[str, str]):
    """What the call gives; for an error whose text contains a key, its sentence."""
    try:
        return call()
    except (AttributeError, TypeError, ValueError) as error:
        for part, sentence in sentences.items():
            labkit.check(part not in str(error), sentence)
        raise


def note(memory, *step):
    """Add a step to a memory."""
    appends = _("`list += x` adds the entries of x: add x itself with append.")
    explained(lambda: memory.add(*step), {"iterable": appends})


first, second = Memory(), Memory()
for step in range(3):
    note(first, np.full(4, step), step % 2, 2**step)  # rewards 1, 2, 4: integers
note(second, np.full(4, 9.0), 1, 8.0)
labkit.check(
    (len(first.obs), len(first.action), len(first.reward)) == (3, 3, 3),
    _("After three steps, each of the three lists must have three entries."),
)
labkit.check(
    first.action == [0, 1, 0] and first.reward == [1, 2, 4] and first.obs[2][0] == 2,
    _("The lists do not hold what was added: obs, action and reward, each in its own."),
)
labkit.check(
    (len(second), len(first)) == (1, 3),
    _("Two memories share their lists: each must have its own."),
)
lengths_differ = _("The episodes differ in length: join them with np.concatenate.")
brackets = _("np.concatenate takes a list of arrays, one for each memory: [... for ...].")
sentences = {
    "astype": _("obs, action and returns must be arrays: np.concatenate makes one."),
    "inhomogeneous": lengths_differ,
    "same shape": lengths_differ,
    "needs to be a sequence": brackets,
    "zero-dimensional": brackets,
}
steps = explained(lambda: union([first, second], gamma=0.5), sentences)
rows = np.array([0.0, 1, 2, 9])
labkit.check_value(
    _("obs of the union"), steps.obs, np.repeat(rows[:, None], 4, axis=1)
)
labkit.check_value(_("action of the union"), steps.action, np.array([0, 1, 0, 1]))
mistakes = [
    (
        np.array([4.0, 6.0, 8.0, 8.0]),
        _(
            "The rewards of one episode leak into the returns of another: compute the "
            "returns of each memory by itself."
        ),
    ),
    (np.array([1.0, 2, 4, 8]), _("These are the rewards: use discounted_returns.")),
    (np.array([7.0, 6, 4, 8]), _("The returns are not discounted: pass gamma on.")),
]
want = np.array([3.0, 4.0, 4.0, 8.0])
labkit.check_value(_("returns of the union"), steps.returns, want, mistakes=mistakes)
labkit.passed()

# %% play-theory [markdown]
# ### Several episodes side by side
#
# A vectorised environment steps 16 carts at a time. An episode that has ended is *reset
# by the next step*: in that step its action is ignored and its reward is 0, and after
# it another episode runs in its place. We want one episode from each environment,
# whole, and none of what comes after. So `playing` notes which of the first episodes
# still go on.
#
# Why not simply take the first 16 episodes that end? Because short ones end first. The
# batch would be made of failures, and the gradient of an agent worse than ours.

# %% play-hint [markdown]
# <details><summary>Hint</summary>
#
# `np.flatnonzero(playing)` gives the numbers of the environments that still play: add a
# step to the memory of each of them. An environment plays on if it was playing *and*
# has not ended now, whatever ended it.
#
# </details>

# %% play-episodes tags=["exercise"] points=2
def play_episodes(envs, act) -> list[Memory]:
    """Play one whole episode in each environment, all of them side by side.

    Args:
        envs: a vectorised environment that resets an episode on the step after its end.
        act: function from observations, shape (B, 4), to actions, shape (B,).

    Returns:
        One memory for each environment.
    """
    memories = [Memory() for env in range(envs.num_envs)]
    playing = np.ones(envs.num_envs, dtype=bool)
    obs, info = envs.reset()
    while playing.any():
        action = act(obs)
        next_obs, reward, terminated, truncated, info = envs.step(action)
        # TODO: note the step of each episode that is playing; then who plays on.
        ### BEGIN SOLUTION
        for i in np.flatnonzero(playing):
            memories[i].add(obs[i], action[i], reward[i])
        playing &= ~(terminated | truncated)
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION
        obs = next_obs
    return memories

# %% play-episodes-check tags=["check"]
def scripted_envs():
    """Three environments: episodes of 1, 3 and 2 steps, the last one truncated."""
    lengths, last = np.array([1, 3, 2]), np.array([False, False, True])
    clock = np.arange(12)[:, None] % (lengths + 1)  # the step after the end
    obs = np.repeat((10.0 * np.arange(3) + clock)[..., None], 4, axis=-1)
    ended, reward = clock[1:] == lengths, clock[1:].astype(float)
    over = _("It never ends: an episode is over when it is terminated *or* truncated.")
    return labkit.ScriptedVectorEnv(obs, reward, ended & ~last, ended & last, over=over)


play = lambda: play_episodes(scripted_envs(), lambda obs: obs[:, 0].astype(int) + 100)
sentences = {
    "truth value": _("`and`, `or`, `not` and `if` take single truths: use &, | and ~."),
    "list indices": _("`playing` holds truths: np.flatnonzero(playing) holds numbers."),
    "'append'": _("A memory takes a step with add(obs, action, reward)."),
}
memories = explained(play, sentences)
shapes = [
    np.shape(part)
    for memory in memories
    for step in zip(memory.obs, memory.action, memory.reward)
    for part in step
]
labkit.check(
    set(shapes) <= {(4,), ()},
    _("A memory takes what belongs to its own episode: obs[i], action[i], reward[i]."),
)
lengths = [len(memory) for memory in memories]
labkit.check(
    lengths != [0, 2, 1] and lengths != [0, 0, 0],
    _("The last step of an episode is missing: note the step, then who plays on."),
)
labkit.check(
    lengths == [1, 3, 2],
    _(
        f"The episodes take 1, 3 and 2 steps, and the memories hold {lengths}: what "
        "comes after the end of an episode is not part of it."
    ),
)
steps = union(memories, gamma=0.0)
seen = np.array([0.0, 10, 11, 12, 20, 21])
mistakes = [
    (seen + 1, _("A memory must hold the obs in which the action was taken: not next_obs.")),
]
labkit.check_value(_("obs in the memories"), steps.obs[:, 0], seen, mistakes=mistakes)
labkit.check_value(_("actions in the memories"), steps.action, seen.astype(int) + 100)
labkit.check_value(
    _("rewards in the memories"), steps.returns, np.array([1.0, 1, 2, 3, 1, 2])
)
labkit.passed()

# %% train-step-theory [markdown]
# ## 5. Training
#
# ### One step
#
# The gradient of a batch is noisy, and now and then very long. **Clipping by the global
# norm** takes the gradients of all weights as one long vector $g$, and where it is
# longer than a limit $c$ shortens it to that length:
#
# $$ g \leftarrow g \cdot \min\big(1,\; c / \lVert g \rVert \big) $$
#
# The direction stays; clipping each gradient by itself would turn it.
# `tf.clip_by_global_norm(gradients, c)` returns the clipped gradients and the norm
# before.

# %% train-step-hint [markdown]
# <details><summary>Hint</summary>
#
# As in lesson {lesson:dqn_cartpole}: compute the loss inside `with tf.GradientTape() as tape:`, then
# `tape.gradient(loss, net.trainable_variables)`. The lines below the gap expect the
# names `loss`, `gradients` and `norm`.
#
# </details>

# %% train-step tags=["exercise"] points=2
def policy_update(net, optimizer, steps: Steps, advantage, max_norm: float = 2.0):
    """One step of gradient descent on the policy loss, with a clipped gradient.

    Args:
        net: the policy; its weights are changed.
        optimizer: a Keras optimizer.
        steps: a batch of N steps.
        advantage: shape (N,), float.
        max_norm: largest global norm of a gradient.

    Returns:
        Scalar tensors: the loss before the step, the norm before clipping.
    """
    advantage = tf.cast(advantage, tf.float32)
    # TODO: loss, gradients, their norm; the gradients clipped.
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        loss = policy_loss(net, steps.obs, steps.action, advantage)
    gradients = tape.gradient(loss, net.trainable_variables)
    gradients, norm = tf.clip_by_global_norm(gradients, max_norm)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION
    optimizer.apply(gradients, net.trainable_variables)
    return loss, norm

# %% train-step-check tags=["check"]
obs = np.array([[3.0, 0, 0, 0], [0, 4, 0, 0], [0, 0, 0, 0]])
steps = Steps(obs.astype(np.float32), np.array([1, 0, 1]), np.zeros(3))
advantage = np.array([6.0, 6.0, -6.0])


def stepped(max_norm):
    """Weights after one step from 0 with the learning rate 1, and what was returned."""
    layer = keras.layers.Dense(2, kernel_initializer="zeros")
    net = keras.Sequential([keras.Input((4,)), layer])
    returned = policy_update(net, keras.optimizers.SGD(1.0), steps, advantage, max_norm)
    weights = np.concatenate([weight.numpy() for weight in layer.weights], axis=None)
    return weights, returned


# By hand: with all logits 0, the gradient of -log pi(a) is -1/2 for the logit of a and
# 1/2 for the other one. Times A/3 = 2, 2 and -2, times obs, summed over the steps.
kernel = np.array([3.0, -3, -4, 4, 0, 0, 0, 0])
gradient = np.array([*kernel, -1, 1])
norm = np.sqrt(52.0)
parts = np.array([*kernel * 2 / np.sqrt(50), -1, 1])
mistakes = [
    (-gradient, _("The gradient is not clipped: apply what clip_by_global_norm returns.")),
    (gradient * 2 / norm, _("The step goes up the loss: do not change the sign.")),
    (-parts, _("Each gradient is clipped by itself: clip all of them together.")),
    (-np.clip(gradient, -2, 2), _("The numbers are cut one by one: clip the norm.")),
    (-gradient / norm, _("The clipped norm is 1: it must be max_norm.")),
    (0 * gradient, _("The weights have not changed.")),
]
got, returned = stepped(max_norm=2.0)
labkit.check_value(
    _("The weights after policy_update(...)"), got, np.float32(-gradient * 2 / norm),
    mistakes=mistakes, atol=1e-5,
)
want = np.float32([2 * np.log(2), norm])
mistakes = [
    (np.float32([want[0], 2]), _("The norm is that of the clipped gradient: it is needed before.")),
]
labkit.check_value(
    _("policy_update(...), (loss, norm)"), np.array(returned), want, mistakes=mistakes
)
got, returned = stepped(max_norm=10.0)
labkit.check_value(
    _("The weights after a step that needs no clipping"), got, np.float32(-gradient),
    mistakes=[
        (-gradient * 10 / norm, _("A short gradient is stretched: leave it as it is.")),
        (-gradient * 2 / norm, _("Use max_norm, not a number.")),
    ],
    atol=1e-5,
)
labkit.passed()

# %% agent-theory [markdown]
# ### The agent and its training
#
# All parts are there. An `Agent` holds what training carries from one update to the
# next. One update uses 16 whole episodes, and then they are thrown away: the gradient
# is that of the policy that played them (*on-policy*).

# %% agent
LEANING = np.zeros((41, 4), dtype=np.float32)  # carts at rest, poles at various angles
LEANING[:, 2] = np.radians(np.linspace(-12, 12, 41))


def vector_env(episodes: int):
    """CartPole, `episodes` times side by side."""
    return gym.make_vec(
        "CartPole-v1", num_envs=episodes, vectorization_mode="vector_entry_point"
    )


def normalised_returns(steps: Steps) -> np.ndarray:
    """The advantages that we use by default."""
    return normalised(steps.returns)


COLUMNS_OF_STEPS = Steps(
    tf.TensorSpec((None, 4)), tf.TensorSpec((None,), tf.int64), tf.TensorSpec((None,))
)


class Agent:
    """A policy, and what its training carries from one update to the next."""

    def __init__(self, seed: int, advantages=normalised_returns, episodes: int = 16):
        self.rng = labkit.seed_everything(seed)  # for the weights and for the draws
        self.advantages = advantages  # function of the steps of a batch
        self.gamma = 0.99  # discount factor: looks about 100 steps ahead
        self.net = policy_network(hidden=32)
        self.fast = labkit.NumpyNetwork(self.net)  # the same, for acting
        self.optimizer = keras.optimizers.Adam(1e-2)  # its learning rate
        self.optimizer.build(self.net.trainable_variables)
        # policy_update, compiled: recorded once, then replayed for batches of any size.
        self.learn = tf.function(
            lambda steps, advantage: policy_update(
                self.net, self.optimizer, steps, advantage
            ),
            input_signature=[COLUMNS_OF_STEPS, COLUMNS_OF_STEPS.returns],
        )
        self.envs = vector_env(episodes)  # episodes in one update
        self.envs.reset(seed=seed)
        self.training = labkit.Training("REINFORCE", self.fast, solved_at=475)
        self.leaning: list[np.ndarray] = []  # logits for LEANING, at each test

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Draw actions from the policy."""
        return sample(self.fast(obs), self.rng)


# %% train-theory [markdown]
# `train` is the algorithm, on one screen. Training returns are those of the policy as
# it plays, with its chance. Every fifth update the agent is also tested without: 20
# episodes, other seeds, always the more likely action (*greedy*). A perfect test ends
# the training; the best weights are kept.
#
# You may interrupt the training at any time (the square button ■): nothing is lost, and
# running the cell again goes on from there.

# %% train
def greedy_policy(agent: Agent):
    """The function from an observation to the likeliest action."""
    return lambda obs: int(agent.fast(obs).argmax())


def train(agent: Agent, updates: int = 100, until_perfect: bool = True) -> None:
    """REINFORCE: until there are so many updates in all, or until a test is perfect."""
    training = agent.training
    for update in training.steps(updates, _("updates")):
        memories = play_episodes(agent.envs, agent.act)
        steps = union(memories, agent.gamma)
        loss, norm = agent.learn(steps, agent.advantages(steps).astype(np.float32))
        if not np.isfinite(norm):
            raise FloatingPointError(
                _("The gradient is NaN or infinite: mend the advantages, make the agent anew.")
            )
        agent.fast.refresh()
        for memory in memories:
            training.add(sum(memory.reward))
        if update % 5 == 4:
            mean = labkit.greedy_returns(
                "CartPole-v1", agent.fast, episodes=20, seed=20_000
            ).mean()
            training.keep(mean)
            agent.leaning.append(agent.fast(LEANING))
            if until_perfect and mean == 500:
                training.stop()

# %% agent-make
runs = labkit.Runs()  # results by name, for the cells that follow
runs["new agent"] = Agent(seed=0)

# %% agent-train tags=["training", "nbval-ignore-output"]
agent = runs["new agent"]
with agent.training:
    train(agent)
agent.training.restore_best()
runs["agent"] = agent

# %% agent-train-check tags=["check", "nbval-check-output"]
trained = runs["agent"]
mean = labkit.greedy_returns(
    "CartPole-v1", trained.fast, episodes=100, seed=10_000
).mean()
labkit.check(
    mean >= 400,
    _(
        f"The greedy mean over 100 episodes is {mean:.0f}, and it should be 475 or more. If "
        "all checks above have passed, make the agent with another seed and train it again."
    ),
)
labkit.passed(_("The pole stands."))

# %% evaluate-theory [markdown]
# ### Evaluation
#
# Apart from training: other seeds, fixed weights, one episode after the other. Once
# with the likeliest action, once with actions drawn as in training.

# %% evaluate tags=["nbval-ignore-output"]
trained, env = runs["agent"], gym.make("CartPole-v1")
print(_(f"processor time of the training: {labkit.number(trained.training.seconds):.1f} s"))
print(_("greedy: "), labkit.evaluate(env, greedy_policy(trained)))
print(_("drawn: "), labkit.evaluate(env, lambda obs: int(trained.act(obs)), episodes=20))

# %% evaluate-read [markdown]
# Greedy, the agent is perfect or nearly so. With drawn actions it falls earlier: it is
# not sure yet, and a wrong push now and then adds up. The plot above shows the drawn
# ones, so its curve ends well below what the agent can do.
#
# ### See it

# %% videos tags=["nbval-ignore-output"]
def film(policy):
    """A video of one episode."""
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    return labkit.record(env, policy, seed=10_000)


trained, untrained = runs["agent"], Agent(seed=1)
clips = [
    (_("untrained"), film(lambda obs: int(untrained.act(obs)))),
    (_("trained"), film(greedy_policy(trained))),
]
labkit.side_by_side(clips)

# %% longer-theory [markdown]
# ### Shorter, or longer?
#
# The training stopped at the first perfect test. Here is another agent, for 100 updates
# whatever the tests say. The left plot shows returns as the agent plays, with its
# chance, and the greedy tests. The right one shows the policy itself: the probability
# of a push to the right when the cart and the pole are at rest and the pole leans at
# some angle.

# %% longer-make
runs["new longer"] = Agent(seed=1)

# %% longer-train tags=["training", "nbval-ignore-output"]
longer = runs["new longer"]
with longer.training:
    train(longer, updates=100, until_perfect=False)
runs["longer"] = longer

# %% longer-plot tags=["nbval-ignore-output"]
training = runs["longer"].training
played = np.reshape(training.returns, (-1, 16)).mean(axis=1)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
left.plot(np.arange(1, 1 + len(played)), played, label=_("drawn actions, 16 episodes"))
tests = np.array(training.scores)
left.plot(tests[:, 0] + 1, tests[:, 1], "o-", label=_("greedy test"))
left.set(xlabel=_("updates"), ylabel=_("mean return"))
left.legend()
degrees = np.degrees(LEANING[:, 2])
for updates in (5, 20, 50, 100):
    logits = runs["longer"].leaning[updates // 5 - 1]
    chance = 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))  # softmax of two logits
    right.plot(degrees, chance, label=_(f"after {updates} updates"))
right.axhline(0.5, color="0.6", linestyle="--")
right.set(xlabel=_("angle of the pole (degrees)"), ylabel=_("probability of a push right"))
right.set(ylim=(0, 1))
right.legend()
plt.show()

# %% longer-prompt [markdown]
# **Question 1** (3 points). Use the plots, and train again with other numbers of
# updates and other seeds where you need to.
#
# 1. Shorter: what can an agent do after 5, 10 and 20 updates, drawn and greedy? Why is
#    the greedy policy so much better than the one that was trained?
# 2. Longer: what goes on changing after the first perfect greedy test, and what does
#    not? How does the right plot explain it?
# 3. Would 1,000 updates be better still? What could go wrong in the long run? Think of
#    what a policy that is sure can still learn, and of what the batches then look like.

# %% longer-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. In our runs with five seeds the drawn returns were about 18 to 43 after 5 updates,
#    38 to 67 after 10, 60 to 119 after 20; the greedy tests gave 39 to 104, 77 to 259
#    and 118 to 403. A policy that takes the right side in 7 of 10 cases makes three
#    wrong pushes, which the next ones must mend; the greedy policy makes none. It only
#    needs to know which logit is larger, not by how much, and that is learned first.
# 2. The first perfect test came after 30 to 45 updates. The drawn returns went on
#    rising, to 474 to 492 after 100 updates: the curves of the right plot grow steeper,
#    so that a leaning pole gets the right push more surely. The greedy policy depends
#    only on where a curve crosses one half. It had nothing more to gain, and it even
#    fell back at times: later tests gave 437 to 500, and three of five runs ended below
#    465.
# 3. No. When all episodes reach the time limit, an advantage says little about the
#    action and much about the time: steps near the end have small returns, because what
#    comes after the limit is not counted. Such batches push the weights about. And a
#    sure policy tries nothing else: it cannot find out that another action would be
#    better, and its $\nabla \log \pi$ is nearly 0, so that a way back is slow. Hence
#    the tests apart, and the best weights kept.
#
# **What to look for:** (1) numbers from own runs; taking the likelier action removes
# the chance, not the skill; (2) drawn returns go on rising, greedy ones cannot, and the
# steeper curves say why; (3) little to gain, less exploration, misleading advantages or
# relapses. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% variance-theory [markdown]
# ## 6. How noisy is the gradient?
#
# The theorem speaks of an expectation; an update has 16 episodes. One more batch from
# the same policy would give another gradient. The less these differ, the more an update
# knows. We can measure that: hold the policy fixed, play many episodes, compute the
# gradient of each of them, and add up the variances of its 226 numbers.
#
# We compare four things to scale $\nabla \log \pi(a_t \mid s_t)$ with, all of which
# have the **same mean** gradient (with $\gamma = 1$, exactly):
#
# | | scaled by |
# |---|---|
# | whole return | $G_0$, the return of the whole episode, at every step |
# | from here on | $G_t$: an action cannot change the past |
# | minus the mean | $G_t - b$, with $b$ the mean of all returns |
# | minus a value | $G_t - b(s_t)$, with $b(s)$ the return to *expect* from the state $s$ |
#
# What is subtracted is called a **baseline**. For the last one we need a function that
# predicts returns from states. Lesson {lesson:linear_q_cartpole} has one: linear, with 15 features (the scaled
# state, its squares and products). Now the targets are known, real returns, and linear
# least squares finds the best weights at once:
#
# $$ w = \arg\min_w \sum_i \big( w^\top x(s_i) - G_i \big)^2, \qquad b(s) = w^\top x(s) $$

# %% fit-baseline-hint [markdown]
# <details><summary>Hint</summary>
#
# `np.linalg.lstsq(x, y, rcond=None)[0]` gives the weights `w` for which `x @ w` is
# closest to `y`. Return a function: `return lambda obs: ...`.
#
# </details>

# %% fit-baseline tags=["exercise"] points=2
SCALE = np.array([1.0, 1.0, 0.1, 1.0])  # m, m/s, rad, rad/s
ROWS, COLUMNS = np.triu_indices(5)  # all i <= j: (0, 0), (0, 1), ..., (4, 4)


def state_features(obs: np.ndarray) -> np.ndarray:
    """1, the scaled state, and all products of two of its numbers: shape (N, 15)."""
    z = np.concatenate([np.ones((len(obs), 1)), obs / SCALE], axis=1)
    return z[:, ROWS] * z[:, COLUMNS]


def fit_baseline(obs: np.ndarray, returns: np.ndarray):
    """Fit a linear function of the state features to returns, by least squares.

    Args:
        obs: states, shape (N, 4).
        returns: the return that followed each of them, shape (N,).

    Returns:
        A function from states, shape (M, 4), to predicted returns, shape (M,).
    """
    # TODO: fit the weights; then the function that predicts.
    ### BEGIN SOLUTION
    weights = np.linalg.lstsq(state_features(obs), returns, rcond=None)[0]
    return lambda obs: state_features(obs) @ weights
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% fit-baseline-check tags=["check"]
rng = np.random.default_rng(0)
obs, others = rng.normal(size=(200, 4)), rng.normal(size=(5, 4))
weights = np.arange(15.0) - 4
returns = state_features(obs) @ weights  # these a linear function can express
sentences = {
    "inhomogeneous": _("np.linalg.lstsq returns a tuple: its entry [0] holds the weights."),
    "different from 4": _("A prediction needs the features, too: state_features(obs)."),
    "different from 15": _("The features come first: state_features(obs) @ weights."),
    "must be square": _("np.linalg.solve needs as many rows as weights: use lstsq."),
}
baseline = explained(lambda: fit_baseline(obs, returns), sentences)
labkit.check(
    callable(baseline),
    _("fit_baseline(...) must return a function: end with `return lambda obs: ...`."),
)
got = explained(lambda: baseline(others), sentences)
want = state_features(others) @ weights
labkit.check(
    np.shape(got) != (200,),
    _("The function predicts for the states of the fit, not for those it is given."),
)
straight = np.linalg.lstsq(obs, returns, rcond=None)[0]
mistakes = [
    (np.full(5, returns.mean()), _("This is the mean return: fit it to the features.")),
    (others @ straight, _("This is linear in the state: fit it to state_features(obs).")),
]
labkit.check_value(_("The baseline at 5 states"), got, want, mistakes=mistakes, rtol=1e-4)
noisy = returns + rng.normal(size=200)
error = noisy - fit_baseline(obs, noisy)(obs)
labkit.check(
    np.abs(state_features(obs).T @ error).max() < 1e-6,
    _("With noise in the returns the fit is not the best one: use least squares."),
)
labkit.passed()

# %% variance-measure
def flat_gradient(net):
    """A function from one episode and its advantages to the gradient, in one array."""

    @tf.function(reduce_retracing=True)  # compiled once, then quick
    def gradient(obs, action, advantage):
        with tf.GradientTape() as tape:
            loss = policy_loss(net, obs, action, advantage)
        gradients = tape.gradient(loss, net.trainable_variables)
        return tf.concat([tf.reshape(part, [-1]) for part in gradients], axis=0)

    def of_episode(steps: Steps, advantage: np.ndarray) -> np.ndarray:
        arrays = steps.obs, steps.action, advantage.astype(np.float32)
        tensors = [tf.convert_to_tensor(array) for array in arrays]
        return -len(advantage) * gradient(*tensors).numpy()  # a sum; upwards

    return of_episode


WAYS = [_("whole return"), _("from here on"), _("minus the mean"), _("minus a value")]


def gradients_of_episodes(agent: Agent, episodes: int = 200) -> np.ndarray:
    """Gradient of each episode, scaled in each of the four ways: (4, episodes, 226)."""
    envs = vector_env(2 * episodes)
    envs.reset(seed=123)
    memories = play_episodes(envs, agent.act)
    # The baselines come from other episodes: they know nothing of these actions.
    before = union(memories[episodes:], gamma=1.0)
    mean, value = before.returns.mean(), fit_baseline(before.obs, before.returns)
    gradient, found = flat_gradient(agent.net), []
    for memory in memories[:episodes]:
        steps = union([memory], gamma=1.0)
        g = steps.returns
        ways = [np.full(len(g), g[0]), g, g - mean, g - value(steps.obs)]
        found.append([gradient(steps, way) for way in ways])
    return np.swapaxes(found, 0, 1)

# %% variance-run tags=["training", "nbval-ignore-output"]
MOMENTS = [0, 10, 20, 30]  # updates
measured, learner = [], Agent(seed=2)
for updates in labkit.progress(MOMENTS, _("measuring")):
    train(learner, updates, until_perfect=False)
    measured.append(gradients_of_episodes(learner))
runs["gradients"] = np.array(measured)  # (moments, ways, episodes, weights)

# %% variance-plot tags=["nbval-ignore-output"]
variance = runs["gradients"].var(axis=2, ddof=1).sum(axis=-1)  # (moments, ways)
figure, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
places = np.arange(len(MOMENTS))
for way, name in enumerate(WAYS):
    here = places + 0.2 * (way - 1.5)
    bars = axes.bar(here, variance[:, way], width=0.18, label=name)
    shares = variance[:, way] / variance[:, 0]
    labels = [f"{labkit.number(share):.0%}" for share in shares]
    axes.bar_label(bars, labels=labels, fontsize=7)
axes.set_yscale("log")
axes.set_xticks(places, [_(f"after {updates} updates") for updates in MOMENTS])
axes.set_ylabel(_("variance of one episode's gradient"))
axes.legend(fontsize=8)
plt.show()

# %% variance-check tags=["check", "nbval-check-output"]
variance = runs["gradients"].var(axis=2, ddof=1).sum(axis=-1)
labkit.check(
    np.all(variance[:, 1] < 0.6 * variance[:, 0]),
    _("Returns from here on should halve the variance at least: check union."),
)
labkit.check(
    variance[-1, 3] < 0.7 * variance[-1, 1],
    _("A value as baseline should lower the variance: check fit_baseline."),
)
labkit.passed(_("The baseline lowers the variance."))

# %% variance-read [markdown]
# The axis is logarithmic. In our runs with five seeds the return from here on had 15 to
# 27 % of the variance of the whole return. The mean took away another part; a value did
# best as soon as there were episodes of some length to fit it to: after 30 updates its
# variance was about a third of that of the return from here on. (For the untrained
# agent it is not always better than the mean: short episodes are little to learn 15
# weights from.)
#
# What does that mean for an update? The error of a mean over 16 episodes is the root of
# a sixteenth of the variance. With the return from here on it was as long as the
# gradient itself (the median of 20 measurements), so that the arrow that the agent
# follows points some 45 degrees away from the right direction. With a value as the
# baseline the error had 0.8 times that length.
#
# All of this is worth something only because a baseline changes the noise and not the
# mean.

# %% baseline-prompt [markdown]
# **Question 2** (3 points). Why may we subtract a baseline at all?
#
# 1. Show that $\mathbb E_{a \sim \pi(\cdot \mid s)} \big[ \nabla_\theta \log \pi(a \mid
#    s; \theta) \big] = 0$. (Write the expectation as a sum over the actions, and use
#    what the probabilities add up to.)
# 2. Conclude that subtracting $b(s_t)$ from $G_t$ leaves the mean of the gradient as it
#    is, whatever the function $b$. Where does your proof fail if $b$ depends on the
#    action $a_t$?
# 3. Why does it lower the variance, then? Give an example of a baseline that raises it.
#    And is the gradient that we train with, with the returns normalised over its own
#    batch, exactly unbiased?

# %% baseline-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. $\sum_a \pi(a \mid s)\, \nabla \log \pi(a \mid s) = \sum_a \nabla \pi(a \mid s) =
#    \nabla \sum_a \pi(a \mid s) = \nabla 1 = 0$.
# 2. Given $s_t$, the number $b(s_t)$ is a constant: $\mathbb E [b(s_t)\, \nabla \log
#    \pi(a_t \mid s_t)] = \mathbb E \big[ b(s_t)\; \mathbb E_{a_t} [\nabla \log \pi(a_t
#    \mid s_t)] \big] = 0$. If $b$ depends on $a_t$ it cannot be taken out of the inner
#    expectation, and $\sum_a b(s, a)\, \nabla \pi(a \mid s)$ is not 0 in general.
# 3. The vector $\nabla \log \pi$ is multiplied by a smaller number, as far as the
#    return could be foreseen from the state; what remains is mostly what the action and
#    the chance after it have changed. A large constant, $b = 10^6$, has the same mean
#    gradient and an enormous variance. Normalised over its own batch the gradient is
#    slightly biased: mean and standard deviation contain the returns of the very
#    actions that they are applied to. With thousands of steps in a batch this hardly
#    matters, and the division only changes the length of the step.
#
# **What to look for:** (1) the sum of the gradients of probabilities is the gradient of
# 1; (2) conditioning on the state, and where independence of the action is used; (3)
# smaller factors, a baseline that hurts, and the dependence within the batch. One point
# each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% bug-theory [markdown]
# ## 7. Find the bug
#
# A colleague has put REINFORCE on one page. It runs without an error, her gradients are
# finite, and the weights do change. But the episodes get no longer; in most runs they
# become *shorter*. She has tried other learning rates, more updates, other seeds.
#
# Delete the line with `raise`, run that cell and the one after it, and look for the
# bug. A line or two mend it.

# %% bug-hint [markdown]
# <details><summary>Hint</summary>
#
# The theorem scales $\nabla \log \pi(a_t \mid s_t)$ by the return that *followed*
# $a_t$. Which action does the return in this code follow?
#
# </details>

# %% on-one-page tags=["exercise"] points=2
# TODO: find the bug and mend it.
### BEGIN SOLUTION
def on_one_page(seed: int, updates: int = 25) -> np.ndarray:
    """REINFORCE on CartPole; return the mean return of each batch: shape (updates,)."""
    agent, means = Agent(seed), []
    for update in range(updates):
        memories = play_episodes(agent.envs, agent.act)
        steps = union(memories, agent.gamma)
        advantage = tf.cast(normalised(steps.returns), tf.float32)
        with tf.GradientTape() as tape:
            policy = tfd.Categorical(logits=agent.net(steps.obs))
            loss = -tf.reduce_mean(policy.log_prob(steps.action) * advantage)
        gradients = tape.gradient(loss, agent.net.trainable_variables)
        gradients, norm = tf.clip_by_global_norm(gradients, 2.0)
        agent.optimizer.apply(gradients, agent.net.trainable_variables)
        agent.fast.refresh()
        means.append(np.mean([len(memory) for memory in memories]))
    return np.array(means)
### STUDENT
# def on_one_page(seed: int, updates: int = 25) -> np.ndarray:
#     """REINFORCE on CartPole; return the mean return of each batch: shape (updates,)."""
#     raise NotImplementedError("TODO")
#     agent, means = Agent(seed), []
#     for update in range(updates):
#         memories = play_episodes(agent.envs, agent.act)
#         steps = union(memories, agent.gamma)
#         advantage = tf.cast(normalised(steps.returns), tf.float32)
#         with tf.GradientTape() as tape:
#             policy = tfd.Categorical(logits=agent.net(steps.obs))
#             action = policy.sample()
#             loss = -tf.reduce_mean(policy.log_prob(action) * advantage)
#         gradients = tape.gradient(loss, agent.net.trainable_variables)
#         gradients, norm = tf.clip_by_global_norm(gradients, 2.0)
#         agent.optimizer.apply(gradients, agent.net.trainable_variables)
#         agent.fast.refresh()
#         means.append(np.mean([len(memory) for memory in memories]))
#     return np.array(means)
### END SOLUTION

# %% on-one-page-run tags=["training", "nbval-ignore-output"]
for seed in range(2):
    means = on_one_page(seed)
    print(_(f"seed {seed}: first batch {means[0]:.0f}, last {means[-1]:.0f}"))

# %% on-one-page-check tags=["check"]
lasts = []
for seed in range(3):
    means = on_one_page(seed, updates=25)
    labkit.check(
        np.shape(means) == (25,),
        _("on_one_page(...) must return the mean of each batch, shape (25,)."),
    )
    lasts.append(means[-3:].mean())
labkit.check(
    min(lasts) > 50,
    _(
        f"The last batches have a mean of {min(lasts):.0f} steps, and 50 or more is easy: "
        "the return of an action must scale the log-probability of that same action."
    ),
)
labkit.passed()

# %% on-one-page-read [markdown] tags=["solution-only"]
# The loss used actions drawn anew, `policy.sample()`, and scaled their
# log-probabilities by returns that had followed *other* actions, those in
# `steps.action`. To the new actions these returns are nothing but a baseline, a number
# that does not depend on them, and by Question 2 the mean of such a gradient is exactly
# zero. What was left is noise, and the weights went on a random walk. It tends to end
# where softmax is near 0 or 1: there the gradient dies out, and the walk cannot come
# back. A cart that is always pushed to the same side drops its pole after 9 or 10
# steps. (In four of eight runs of 25 updates the last batches had means of 10 to 12
# steps, in the others of 29 to 58; with the bug mended, all eight had 72 to 317.)

# %% experiments [markdown]
# ## 8. Experiments
#
# Change one thing at a time, guess the result first, then run. In parentheses stands
# what we measured with five seeds: greedy means over 100 episodes with the best
# weights, and after how many updates a test was perfect.
#
# 1. **One episode an update**, `Agent(seed, episodes=1)` and 400 updates. (Four agents
#    496 or more, after 50 to 95 updates; one 9, for ever.) Compare the number of
#    *episodes* with that of the agent above. Why is a single episode quicker and
#    riskier?
# 2. **Returns as they are**, `advantages=lambda steps: steps.returns`. With 16
#    episodes: all five 499 or more, after 25 to 35 updates. Normalising is not needed
#    here; Adam divides by the size of the gradient anyway. With one episode an update
#    it goes less well: 500 three times, after 125 to 305 updates, then 60 and 9. Why
#    does the baseline matter more when there are fewer episodes?
# 3. **A value as the baseline**: the advantages are
#    `normalised(steps.returns - fit_baseline(steps.obs, steps.returns)(steps.obs))`.
#    With 16 episodes: all five 499 or more, after 25 to 45 updates. With one: 500, 238,
#    100, 38 and 9. Why is it a bad idea to fit 15 weights to the very episode that they
#    are subtracted from?
# 4. **A shorter horizon**, `agent.gamma = 0.5` (four times 500, once 449). How long
#    does an action have to wait for the rewards that it is judged by?
# 5. **Other learning rates**, `agent.optimizer.learning_rate = 0.1` (all five 500,
#    after 10 to 80 updates) and 0.001 (130 to 497, none perfect in 100 updates). Which
#    one would you take for a task that you do not know?
# 6. **The wrong sign**, `advantages=lambda steps: -normalised_returns(steps)`. How
#    short can an episode be? (Four seeds, 30 updates: 9 steps each.)

# %% experiment tags=["training", "nbval-ignore-output"]
# Experiment 1: one episode in each update.
alone = Agent(seed=0, episodes=1)
train(alone, updates=400)
best = alone.training.best
print(_(f"best greedy test: {best:.0f}, after {len(alone.training.returns)} episodes"))

# %% recap [markdown]
# ## Recap
#
# - A policy network gives logits; softmax makes probabilities of them; the agent draws.
#   It needs no values and no epsilon.
# - The policy-gradient theorem: make each action more likely in proportion to the
#   return that followed it. The environment need not be differentiated. As a loss:
#   $-\frac1N \sum_i A_i \log \pi(a_i \mid s_i; \theta)$, with the action that was
#   *taken*.
# - Returns are computed episode by episode, in float, and normalised so that equal
#   returns give zeros, never NaN.
# - Whole episodes from vectorised environments: one from each, and nothing of what
#   comes after its end.
# - A baseline that does not depend on the action leaves the mean of the gradient as it
#   is and lowers its variance; the better it predicts the return, the more.
# - REINFORCE is on-policy: each batch is used once. Simple, robust on small problems,
#   and wasteful with experience.
#
# Next: lesson {lesson:ddpg_ball_pendulum} turns to actions that are real numbers. A network that learns the
# baseline while the policy learns is a *critic*; actor-critic methods are built on it,
# and some use each batch more than once (PPO). They are for a lesson to come.
#
# ### To read next
#
# - R. J. Williams, "Simple Statistical Gradient-Following Algorithms for Connectionist
#   Reinforcement Learning", *Machine Learning* 8, 229–256, 1992: REINFORCE.
# - R. S. Sutton, D. McAllester, S. Singh and Y. Mansour, "Policy Gradient Methods for
#   Reinforcement Learning with Function Approximation", *NIPS*, 1999: the theorem.
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd
#   edition, MIT Press, 2018: chapter 13; section 13.4 for the baseline.
# - E. Greensmith, P. L. Bartlett and J. Baxter, "Variance Reduction Techniques for
#   Gradient Estimates in Reinforcement Learning", *Journal of Machine Learning
#   Research* 5, 1471–1530, 2004: which baseline is best.
# - J. Schulman, P. Moritz, S. Levine, M. Jordan and P. Abbeel, "High-Dimensional
#   Continuous Control Using Generalized Advantage Estimation", *ICLR*, 2016: what may
#   scale the log-probability, in one table.
# - R. Pascanu, T. Mikolov and Y. Bengio, "On the Difficulty of Training Recurrent
#   Neural Networks", *ICML*, 2013: clipping by the norm.
# - C. J. Maddison, D. Tarlow and T. Minka, "A\* Sampling", *NIPS*, 2014: the Gumbel-max
#   trick, and where it leads.
