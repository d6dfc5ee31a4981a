"""Trains the network that lesson atari_ms_pacman ships, and measures it.

python -m benchmarks.ms_pacman train --minutes 70 --out saved/ms_pacman
python -m benchmarks.ms_pacman choose --out saved/ms_pacman
python -m benchmarks.ms_pacman measure --out saved/ms_pacman

The first command can be interrupted, and goes on from its last test when it is run again. It writes into the folder
curve.json, each network that it tests (step_N.npz) and last.keras, to go on from. The second tests the last three
networks in more games and takes the best as net.npz. The third plays 30 games, which no choice has seen, with that
network and with random actions.

Deep Q-learning with what paid most in Rainbow (Hessel and others, 2018): a dueling head, targets over n steps,
replay of surprising transitions first, small patches for first layers (van Hasselt, Hessel and Aslanides, 2019).
Five actions only (none, up, right, left, down); rewards compressed by a square root, so that a ghost counts for more
than a pill; the loss of a life ends the discounted sum, though not the game.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import labkit
from benchmarks.ms_pacman_replay import FrameReplay
from labkit import atari

Weights = npt.NDArray[np.float32]

ACTIONS, GAMES, TEST_GAMES = 5, 16, 20
N_STEPS, GAMMA, BATCH, UPDATES, TAU = 7, 0.99, 32, 2, 0.005
CAPACITY, LEARN_AFTER, EXPLORE, TEST_EVERY = 400_000, 12_000, 40_000, 64_000
RATE = (2e-4, 5e-5)  # Adam's step size at the beginning and at the end


def make_net(seed: int) -> Any:
    """Q-values, (B, 5), of frames, (B, 4, 84, 84) uint8, for training.

    The first layer sees patches of 4 x 4 pixels, about one place of the maze each, and the second 3 x 3 of those. As
    neither overlap, both are dense layers on patches; in bfloat16 they take two thirds of the time.
    """
    import keras

    keras.utils.set_random_seed(seed)
    layers, half = keras.layers, "mixed_bfloat16"
    frames = keras.Input((4, 84, 84), dtype="uint8")
    x = layers.Permute((2, 4, 1, 3, 5))(layers.Reshape((4, 21, 4, 21, 4))(frames))
    x = layers.Rescaling(1 / 255, dtype=half)(layers.Reshape((21, 21, 64))(x))
    x = layers.Dense(32, activation="relu", dtype=half)(x)
    x = layers.Permute((1, 3, 2, 4, 5), dtype=half)(layers.Reshape((7, 3, 7, 3, 32), dtype=half)(x))
    x = layers.Dense(48, activation="relu", dtype=half)(layers.Reshape((7, 7, 288), dtype=half)(x))
    x = layers.Dense(192, activation="relu", dtype=half)(layers.Flatten(dtype=half)(x))
    return keras.Model(frames, dueling(x))


def make_convolutional() -> Any:
    """The same network as two convolutions in single precision, as the lesson builds it."""
    import keras

    frames = keras.Input((4, 84, 84), dtype="uint8")
    x = keras.layers.Rescaling(1 / 255)(keras.layers.Permute((2, 3, 1))(frames))
    x = keras.layers.Conv2D(32, 4, 4, activation="relu")(x)
    x = keras.layers.Conv2D(48, 3, 3, activation="relu")(x)
    x = keras.layers.Dense(192, activation="relu")(keras.layers.Flatten()(x))
    return keras.Model(frames, dueling(x))


def as_convolutions(weights: list[Weights]) -> list[Weights]:
    """The weights of `make_net` for `make_convolutional`."""
    first, bias, second, *rest = weights
    first = first.reshape(4, 4, 4, 32).transpose(1, 2, 0, 3)  # frame, y, x, filter -> y, x, frame, filter
    return [first, bias, second.reshape(3, 3, 32, 48), *rest]


def load(path: Path) -> Any:
    """The network whose weights are in a file: arrays alone, which any version of Keras can take."""
    net = make_convolutional()
    with np.load(path) as weights:
        net.set_weights([weights[name] for name in weights.files])
    return net


def dueling(x: Any) -> Any:
    """One value of the state, and of each action how much better it is than the mean (Wang and others, 2016)."""
    import keras

    value = keras.layers.Dense(1, dtype="float32")(x)
    advantage = keras.layers.Dense(ACTIONS, dtype="float32")(x)
    return value + advantage - keras.ops.mean(advantage, axis=1, keepdims=True)


def make_update(q_net: Any, target_net: Any, optimizer: Any) -> Any:
    """One compiled update on a batch of columns; it returns the sizes of the errors, (B,)."""
    import tensorflow as tf

    optimizer.build(q_net.trainable_variables)

    @tf.function  # type: ignore[untyped-decorator]
    def update(obs: Any, action: Any, reward: Any, next_obs: Any, discount: Any, weight: Any) -> Any:
        target = reward + discount * tf.reduce_max(target_net(next_obs), axis=1)
        with tf.GradientTape() as tape:
            size = tf.abs(target - tf.gather(q_net(obs), action, batch_dims=1))
            huber = tf.where(size <= 1.0, 0.5 * size**2, size - 0.5)
            loss = tf.reduce_mean(weight * huber)
        gradients = tape.gradient(loss, q_net.trainable_variables)
        optimizer.apply(tf.clip_by_global_norm(gradients, 10.0)[0], q_net.trainable_variables)
        labkit.soft_update(q_net, target_net, TAU)
        return size

    return update


def make_act(net: Any) -> Any:
    """The best action of each of several observations, compiled."""
    import tensorflow as tf

    return tf.function(lambda obs: tf.argmax(net(obs), axis=1))


def play_games(act: Any, games: int, seed: int) -> npt.NDArray[np.float64]:
    """The returns of one game in each of `games` environments, played with the actions that `act` gives."""
    env = atari.make_games(games, num_threads=1)
    obs, _info = env.reset(seed=seed)
    returns, playing = np.zeros(games), np.ones(games, bool)
    while playing.any():
        obs, reward, terminated, truncated, _info = env.step(np.asarray(act(obs)))
        returns += np.where(playing, reward, 0.0)
        playing &= ~(terminated | truncated)
    return returns


def keep(out: Path, curve: list[dict[str, Any]], net: Any) -> None:
    """Write the network and the curve up to its test."""
    labkit.save_network(net, out / "last.keras")
    np.savez_compressed(out / f"step_{curve[-1]['step']}.npz", *as_convolutions(net.get_weights()))
    (out / "beside.json").write_text(json.dumps(curve))
    (out / "beside.json").replace(out / "curve.json")
    print(curve[-1], flush=True)


def train(out: Path, minutes: float, seed: int = 0) -> None:
    """Train for so many minutes, testing and saving along the way; go on from the last test where there is one."""
    import keras

    out.mkdir(parents=True, exist_ok=True)
    curve = json.loads((out / "curve.json").read_text()) if (out / "curve.json").exists() else []
    last = curve[-1] if curve else {"step": 0, "updates": 0, "seconds": 0}
    step, updates, learn_at = last["step"], last["updates"], last["step"] + LEARN_AFTER
    q_net, target_net = make_net(seed), make_net(seed)
    if curve:
        labkit.copy_weights(labkit.load_network(out / "last.keras"), q_net)
    labkit.copy_weights(q_net, target_net)
    optimizer = keras.optimizers.Adam(RATE[0], epsilon=1.5e-4)
    update, act, act_greedily = make_update(q_net, target_net, optimizer), make_act(q_net), make_act(target_net)
    replay = FrameReplay(CAPACITY // GAMES, GAMES, n_steps=N_STEPS, gamma=GAMMA, seed=seed + step)
    rng, env = np.random.default_rng(seed + step), atari.make_games(GAMES, num_threads=1)
    epsilons = 0.4 ** (1 + 7 * np.arange(GAMES) / (GAMES - 1))  # one for each game (Horgan and others, 2018)
    obs, info = env.reset(seed=seed + step + 1)
    lives, first, total, returns = info["lives"], np.ones(GAMES, bool), np.zeros(GAMES), [0.0]
    start, began = time.time(), time.process_time()
    while (done := (time.time() - start) / (60 * minutes)) < 1:
        explore = rng.random(GAMES) < np.maximum(epsilons, 1 - step / EXPLORE)
        action = np.where(explore, rng.integers(ACTIONS, size=GAMES), np.asarray(act(obs)))
        next_obs, reward, terminated, truncated, info = env.step(action)
        over = terminated | truncated
        replay.add(obs[:, -1], first, action, np.sqrt(reward) / 10, over | (info["lives"] < lives))
        obs, lives, first, total = next_obs, info["lives"], over, total + reward
        returns += list(total[over])
        total[over] = 0.0
        step += GAMES
        if step >= learn_at:
            places, batches = replay.sample(UPDATES * BATCH)
            for part in np.split(np.arange(UPDATES * BATCH), UPDATES):
                replay.prioritise(places[part], update(*(column[part] for column in batches)).numpy())
            updates += UPDATES
        if step % TEST_EVERY == 0:
            optimizer.learning_rate = RATE[0] + done * (RATE[1] - RATE[0])
            mean = float(play_games(act_greedily, TEST_GAMES, seed=100_000 + step).mean())
            seconds, training = last["seconds"] + time.process_time() - began, float(np.mean(returns[-50:]))
            row = {"step": step, "updates": updates, "seconds": round(seconds), "training": training, "mean": mean}
            curve.append(row)
            keep(out, curve, target_net)


def choose(out: Path, among: int = 3, games: int = 40) -> None:
    """Test the last few networks once more, in more games, and take the best of them.

    The best of all tests along the way would be the luckiest rather than the best: a mean of 20 games is noisy.
    """
    paths = [out / f"step_{row['step']}.npz" for row in json.loads((out / "curve.json").read_text())[-among:]]
    means = [float(play_games(make_act(load(path)), games, seed=200_000).mean()) for path in paths]
    for path, mean in zip(paths, means, strict=True):
        print(path.name, mean)
    (out / "net.npz").write_bytes(paths[int(np.argmax(means))].read_bytes())


def measure(out: Path, games: int = 30, seed: int = 10_000) -> None:
    """Print the mean return over games that no choice has seen, beside that of random actions."""
    rng = np.random.default_rng(seed)
    act = make_act(load(out / "net.npz"))
    for name, policy in (("network", act), ("random", lambda obs: rng.integers(9, size=len(obs)))):
        print(name, labkit.Evaluation(play_games(policy, games, seed)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["train", "choose", "measure"])
    parser.add_argument("--out", type=Path, default=Path("saved/ms_pacman"))
    parser.add_argument("--minutes", type=float, default=70)
    given = parser.parse_args()
    if given.command == "train":
        train(given.out, given.minutes)
    else:
        doing, needed, before = {"choose": (choose, "curve.json", "train"), "measure": (measure, "net.npz", "choose")}[
            given.command
        ]
        if not (given.out / needed).exists():
            parser.error(f"{given.out} holds no {needed} yet: run `{before}` first, until its first test is saved")
        doing(given.out)
