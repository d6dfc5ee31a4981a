"""The loops as courses usually write them: every step asks Keras for one action, every update runs eagerly.

Written by us, to show where the time goes: the mathematics, the network sizes and the learning rates are
those of the lessons or usual ones. What differs from a lesson is only how the work is handed to TensorFlow:
one observation and one batch at a time, each operation started from Python.
"""

import random
from collections import deque
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np

from benchmarks.meter import Meter
from benchmarks.pictures import SHAPE, SmallPictures, small
from benchmarks.tasks import TASKS

FOREVER = 10**9  # steps: the meter ends the run
GAMMA = 0.99


def imports() -> None:
    """What such a script has to import."""
    import keras
    import tensorflow

    assert keras and tensorflow


def train(meter: Meter, task: str, contestant: str, seed: int) -> None:
    """Learn the task until the meter stops it."""
    import keras

    keras.utils.set_random_seed(seed)
    learn = {"cartpole-reinforce": reinforce, "pendulum-ddpg": ddpg, "gridworld-dqn": dqn_pictures}.get(task, dqn)
    learn(meter, gym.make(TASKS[task].env), seed)


def network(inputs: int, hidden: list[int], outputs: int, last: str | None = None) -> Any:
    """A network of dense layers."""
    import keras

    layers = [keras.layers.Dense(units, "relu") for units in hidden]
    return keras.Sequential([keras.Input((inputs,)), *layers, keras.layers.Dense(outputs, last)])


def columns(transitions: list[tuple[Any, ...]]) -> list[Any]:
    """Transitions, stacked to one float32 array for each column."""
    return [np.array(column, dtype=np.float32) for column in zip(*transitions, strict=True)]


def dqn(meter: Meter, env: Any, seed: int) -> None:
    """Deep Q-learning (Mnih et al., 2015): one update a step, the target copied every 500 steps."""
    q_net = network(env.observation_space.shape[0], [128, 128], int(env.action_space.n))
    q_learning(meter, env, seed, q_net, GAMMA, lambda obs: obs)


def dqn_pictures(meter: Meter, env: Any, seed: int) -> None:
    """The same, with d3qn_gridworld's network and discount factor, for pictures of which one pixel a cell is seen."""
    import keras

    layers = [keras.layers.Conv2D(filters, 3, activation="relu") for filters in (32, 64)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(256, "relu"), keras.layers.Dense(4)]
    q_net = keras.Sequential([keras.Input(SHAPE), keras.layers.Rescaling(1 / 255), *layers])
    q_learning(meter, SmallPictures(env), seed, q_net, 0.9, small)


def q_learning(meter: Meter, env: Any, seed: int, q_net: Any, gamma: float, see: Callable[[Any], Any]) -> None:
    """The loop of both; `see` makes of what a vectorised environment gives what the network takes."""
    import keras
    import tensorflow as tf

    actions = int(env.action_space.n)
    target_net = keras.models.clone_model(q_net)
    target_net.set_weights(q_net.get_weights())
    optimizer = keras.optimizers.Adam(5e-4)
    memory: deque[tuple[Any, ...]] = deque(maxlen=50_000)
    meter.greedy = lambda: lambda obs: q_net(see(obs)).numpy().argmax(axis=1)
    obs, _info = env.reset(seed=seed)
    for step in range(FOREVER):
        epsilon = max(0.05, 1 - step / 10_000)
        explore = random.random() < epsilon
        action = random.randrange(actions) if explore else int(q_net(obs[None])[0].numpy().argmax())
        next_obs, reward, terminated, truncated, _info = env.step(action)
        memory.append((obs, action, reward, next_obs, terminated))
        obs = env.reset()[0] if terminated or truncated else next_obs
        if len(memory) < 1000:
            continue
        s, a, r, s_next, end = columns(random.sample(memory, 64))
        target = r + gamma * (1 - end) * target_net(s_next).numpy().max(axis=1)
        with tf.GradientTape() as tape:
            q = tf.reduce_sum(q_net(s) * tf.one_hot(tf.cast(a, tf.int32), actions), axis=1)
            loss = tf.reduce_mean(tf.square(target - q))
        gradients = tape.gradient(loss, q_net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, q_net.trainable_variables, strict=True))
        if step % 500 == 0:
            target_net.set_weights(q_net.get_weights())


def reinforce(meter: Meter, env: Any, seed: int) -> None:
    """REINFORCE (Williams, 1992): one update an episode, on its normalised returns."""
    import keras
    import tensorflow as tf

    policy = network(env.observation_space.shape[0], [32], int(env.action_space.n))
    optimizer = keras.optimizers.Adam(1e-2)
    rng = np.random.default_rng(seed)
    meter.greedy = lambda: lambda obs: policy(obs).numpy().argmax(axis=1)
    obs, _info = env.reset(seed=seed)
    while meter.steps < FOREVER:
        episode: list[tuple[Any, ...]] = []
        done = False
        while not done:
            probabilities = tf.nn.softmax(policy(obs[None])[0]).numpy()
            action = rng.choice(len(probabilities), p=probabilities / probabilities.sum())
            next_obs, reward, terminated, truncated, _info = env.step(action)
            episode.append((obs, action, reward))
            obs, done = next_obs, terminated or truncated
        obs, _info = env.reset()
        s, a, r = columns(episode)
        returns = np.zeros_like(r)
        total = 0.0
        for t in reversed(range(len(r))):
            total = r[t] + GAMMA * total
            returns[t] = total
        returns = (returns - returns.mean()) / (returns.std() + 1e-6)
        with tf.GradientTape() as tape:
            surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(a, tf.int32), policy(s))
            loss = tf.reduce_mean(returns * surprise)
        gradients = tape.gradient(loss, policy.trainable_variables)
        optimizer.apply_gradients(zip(gradients, policy.trainable_variables, strict=True))


def ddpg(meter: Meter, env: Any, seed: int) -> None:
    """Deep deterministic policy gradient (Lillicrap et al., 2016): one update of everything a step."""
    import keras
    import tensorflow as tf

    n_obs, n_actions, high = env.observation_space.shape[0], env.action_space.shape[0], env.action_space.high
    actor, critic = network(n_obs, [64, 64], n_actions, "tanh"), network(n_obs + n_actions, [64, 64], 1)
    nets = [(net, keras.models.clone_model(net)) for net in (actor, critic)]
    for net, target in nets:
        target.set_weights(net.get_weights())
    (_, target_actor), (_, target_critic) = nets
    actor_optimizer, critic_optimizer = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)
    memory: deque[tuple[Any, ...]] = deque(maxlen=50_000)
    rng = np.random.default_rng(seed)
    env.action_space.seed(seed)
    meter.greedy = lambda: lambda obs: high * actor(obs).numpy()
    obs, _info = env.reset(seed=seed)
    for step in range(FOREVER):
        if step < 1000:
            action = env.action_space.sample() / high
        else:
            action = np.clip(actor(obs[None])[0].numpy() + 0.1 * rng.standard_normal(n_actions), -1, 1)
        next_obs, reward, terminated, truncated, _info = env.step(np.float32(high * action))
        memory.append((obs, action, reward, next_obs, terminated))
        obs = env.reset()[0] if terminated or truncated else next_obs
        if step < 1000:
            continue
        s, a, r, s_next, end = columns(random.sample(memory, 64))
        q_next = target_critic(tf.concat([s_next, target_actor(s_next)], axis=1)).numpy()[:, 0]
        y = r + 0.98 * (1 - end) * q_next
        with tf.GradientTape() as tape:
            critic_loss = tf.reduce_mean(tf.square(y - critic(tf.concat([s, a], axis=1))[:, 0]))
        gradients = tape.gradient(critic_loss, critic.trainable_variables)
        critic_optimizer.apply_gradients(zip(gradients, critic.trainable_variables, strict=True))
        with tf.GradientTape() as tape:
            actor_loss = -tf.reduce_mean(critic(tf.concat([s, actor(s)], axis=1)))
        gradients = tape.gradient(actor_loss, actor.trainable_variables)
        actor_optimizer.apply_gradients(zip(gradients, actor.trainable_variables, strict=True))
        for net, target in nets:
            pairs = zip(net.get_weights(), target.get_weights(), strict=True)
            target.set_weights([0.005 * new + 0.995 * old for new, old in pairs])
