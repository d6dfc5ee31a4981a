"""What judges use: chance, and agents that are given as arrays of weights and played outside the sandbox."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Policy = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]

ACTIVATIONS: dict[str, Callable[[npt.NDArray[Any]], npt.NDArray[Any]]] = {
    "relu": lambda x: np.maximum(x, 0.0),
    "tanh": np.tanh,
    "linear": lambda x: x,
}


def likely(counts: Sequence[int] | npt.NDArray[Any], probabilities: Sequence[float] | npt.NDArray[Any]) -> bool:
    """Whether independent draws may well have given these counts: each is within 6 standard deviations.

    A right answer fails by chance less than once in a hundred million times.
    """
    got, p = np.asarray(counts, float), np.asarray(probabilities, float)
    n = got.sum()
    return bool((np.abs(got - n * p) <= 6 * np.sqrt(n * p * (1 - p)) + 1e-9).all())


def numbers(values: Any, below: int) -> npt.NDArray[np.int64] | None:
    """A list of whole numbers from 0 to `below`, exclusive, as an array; None where it is anything else."""
    if isinstance(values, list) and all(type(value) is int and 0 <= value < below for value in values):
        return np.array(values, dtype=np.int64)
    return None


def dense(weights: Any, sizes: Sequence[int], hidden: str = "relu", output: str = "linear") -> Policy:
    """The function that a dense network computes, from what a student's kernel says are its weights.

    Args:
        weights: kernel and bias of each layer in turn, as `model.get_weights()` gives them.
        sizes: how many inputs, and how many outputs of each layer.
        hidden: activation of the hidden layers: relu, tanh or linear.
        output: activation of the last layer.

    Raises:
        ValueError: the weights are not those of such a network, or not finite.
    """
    shapes = [shape for n, m in pairwise(sizes) for shape in ((n, m), (m,))]
    if not isinstance(weights, list) or [np.shape(array) for array in weights] != shapes:
        raise ValueError(f"the weights must have the shapes {shapes}")
    if not all(isinstance(array, np.ndarray) and np.isfinite(array).all() for array in weights):
        raise ValueError("the weights must be finite numbers")
    layers = list(zip(weights[::2], weights[1::2], strict=True))

    def outputs(obs: npt.NDArray[Any]) -> npt.NDArray[Any]:
        x = np.asarray(obs, np.float32)
        for kernel, bias in layers[:-1]:
            x = ACTIVATIONS[hidden](x @ kernel + bias)
        kernel, bias = layers[-1]
        return ACTIVATIONS[output](x @ kernel + bias)

    return outputs


def returns(env: str, policy: Policy, episodes: int, seed: int, **settings: Any) -> npt.NDArray[np.float64]:
    """Undiscounted returns of whole episodes, played side by side.

    Args:
        env: the environment's id, with a time limit.
        policy: from observations (episodes, ...) to actions (episodes, ...).
        episodes: how many.
        seed: of the first episode; the others follow.
        settings: of the environment.
    """
    import gymnasium as gym  # reading what was handed in needs none

    envs = gym.make_vec(env, num_envs=episodes, vectorization_mode="sync", **settings)
    obs, _ = envs.reset(seed=seed)
    total, playing = np.zeros(episodes), np.ones(episodes, dtype=bool)
    while playing.any():
        obs, reward, terminated, truncated, _ = envs.step(policy(obs))
        total += reward * playing
        playing &= ~(terminated | truncated)
    envs.close()
    return total
