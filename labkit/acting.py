"""A network's outputs for one observation, without waiting for TensorFlow."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from labkit.messages import _

Array = npt.NDArray[np.float32]


def _softmax(x: Array) -> Array:
    probabilities: Array = np.exp(x - x.max(axis=-1, keepdims=True))
    probabilities /= probabilities.sum(axis=-1, keepdims=True)
    return probabilities


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0.0, out=x),
    "tanh": lambda x: np.tanh(x, out=x),
    "sigmoid": lambda x: np.reciprocal(1 + np.exp(-x), dtype=np.float32),
    "softmax": _softmax,
}


class NumpyNetwork:
    """The outputs of a Keras network of dense layers, computed in NumPy.

    An agent asks its network about one observation at every step. Almost all of the time that
    `net(obs[None])` takes goes into finding out what to compute; the handful of products of a small
    matrix and a vector are done in microseconds.

    The weights are a copy: `refresh` reads them again after the network has learned.
    `compile_updates` does so by itself.

    Args:
        net: a Keras model whose layers are Dense, one after the other.

    Raises:
        ValueError: another kind of layer or activation.
    """

    def __init__(self, net: Any) -> None:
        layers = [layer for layer in net.layers if type(layer).__name__ != "InputLayer"]
        for layer in layers:
            if type(layer).__name__ != "Dense" or layer.activation.__name__ not in ACTIVATIONS or not layer.use_bias:
                raise ValueError(
                    _(
                        "NumpyNetwork computes dense layers with one of the activations {known}, and not {layer!r}: "
                        "call the Keras network itself."
                    ).format(known=", ".join(ACTIVATIONS), layer=layer.name)
                )
        self.net = net
        self._activations = [ACTIVATIONS[layer.activation.__name__] for layer in layers]
        self._layers: list[tuple[Array, Array, Callable[[Array], Array]]] = []
        self.refresh()

    def __call__(self, obs: npt.ArrayLike) -> Array:
        """Outputs for one observation, shape (n,), or for a batch, shape (B, n): float32."""
        x = np.asarray(obs, dtype=np.float32)
        for kernel, bias, activation in self._layers:
            x = activation(x @ kernel + bias)
        return x

    def refresh(self, weights: Sequence[Array] | None = None) -> None:
        """Take the network's present weights, or those given: kernel and bias of each layer in turn."""
        arrays = [np.asarray(weight) for weight in (self.net.weights if weights is None else weights)]
        self._layers = list(zip(arrays[::2], arrays[1::2], self._activations, strict=True))
