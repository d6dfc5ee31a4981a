"""Deep Q-learning in the course's way with Stable-Baselines3's own settings: how fast does it go?

The same networks, optimizer, loss, batches, ratio of updates to steps and exploration as `peers.DQN`; one
environment, as there. What differs is how the work is done: acting in NumPy on the network's weights, and the
updates that are due in one compiled call (on the lunar lander those of 50 steps together, so that the target
network is copied every 250 steps, as it is there).
"""

from typing import Any

import gymnasium as gym
import numpy as np

import labkit
from benchmarks.meter import Meter
from benchmarks.peers import DQN
from benchmarks.tasks import TASKS

BLOCK = {"cartpole-dqn": 256, "lunar-dqn": 50}  # environment steps between two calls


def imports() -> None:
    """What a lesson imports."""
    import tensorflow

    assert tensorflow


def train(meter: Meter, task: str, contestant: str, seed: int) -> None:
    """Learn until the meter has seen enough."""
    import keras
    import tensorflow as tf

    settings: dict[str, Any] = DQN[task]
    env = gym.make(TASKS[task].env)
    inputs, actions = env.observation_space.shape[0], int(env.action_space.n)  # type: ignore[index,attr-defined]
    hidden, gamma = settings["policy_kwargs"]["net_arch"], settings["gamma"]
    q_net = labkit.mlp(inputs, hidden, actions, seed=seed)
    target_net = labkit.mlp(inputs, hidden, actions, seed=seed)
    optimizer = keras.optimizers.Adam(settings["learning_rate"], global_clipnorm=10.0)
    optimizer.build(q_net.trainable_variables)
    fast = labkit.NumpyNetwork(q_net)

    def update(batch: labkit.Batch) -> Any:
        next_q = tf.reduce_max(target_net(batch.next_obs), axis=1)
        target = batch.reward + gamma * next_q * (1 - tf.cast(batch.terminated, tf.float32))
        with tf.GradientTape() as tape:
            q = tf.gather(q_net(batch.obs), batch.action, axis=1, batch_dims=1)
            error = tf.abs(target - q)
            loss = tf.reduce_mean(tf.where(error < 1, 0.5 * error**2, error - 0.5))
        gradients = tape.gradient(loss, q_net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, q_net.trainable_variables, strict=True))
        return loss

    learn = labkit.compile_updates(update, refresh=fast)
    buffer = labkit.ReplayBuffer(settings["buffer_size"], (inputs,), seed=seed)
    rng = np.random.default_rng(seed)
    block, every = BLOCK[task], settings["target_update_interval"]
    updates = settings["gradient_steps"] if settings["gradient_steps"] > 0 else block
    decay = settings["exploration_fraction"] * settings["n_timesteps"]
    obs, _info = env.reset(seed=seed)
    for step in range(1, settings["n_timesteps"] + 1):
        epsilon = max(settings["exploration_final_eps"], 1 - (1 - settings["exploration_final_eps"]) * step / decay)
        action = int(rng.integers(actions)) if rng.random() < epsilon else int(fast(obs).argmax())
        next_obs, reward, terminated, truncated, _info = env.step(action)
        buffer.add(obs, action, float(reward), next_obs, terminated)
        obs = env.reset()[0] if terminated or truncated else next_obs
        if step % block == 0 and step > settings["learning_starts"]:
            if step // every > (step - block) // every:  # a copy was due since: only now it makes a difference
                labkit.copy_weights(q_net, target_net)
            learn(buffer.sample((updates, settings["batch_size"])))
