"""Keras networks by their sizes: made, copied, blended, saved and loaded."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym

from labkit.messages import _, ngettext
from labkit.numbers import number

Network = Any  # a keras.Model: Keras is imported only where it is used, as it takes seconds


def mlp(
    inputs: int,
    hidden: Sequence[int],
    outputs: int,
    *,
    activation: str = "relu",
    output_activation: str | None = None,
    seed: int | None = None,
) -> Network:
    """A network of dense layers (a multilayer perceptron).

    Args:
        inputs: numbers in one observation.
        hidden: units of each hidden layer; an empty list gives a linear function.
        outputs: numbers that come out, one for each action, say.
        activation: of the hidden layers.
        output_activation: of the last layer; None leaves its outputs unbounded.
        seed: seed of the first weights (Glorot and Bengio, 2010); None draws one.

    Returns:
        A Keras model from (B, inputs) to (B, outputs), float32.

    Raises:
        ValueError: a size is not at least 1.
    """
    sizes = [int(size) for size in (inputs, *hidden, outputs)]  # NumPy's integers, too, which Keras refuses
    if min(sizes) < 1:
        raise ValueError(_("A network cannot have the sizes {sizes}: each must be 1 or more.").format(sizes=sizes))
    import keras

    obs = x = keras.Input((inputs,))
    for i, units in enumerate(sizes[1:]):
        layer_seed = None if seed is None else seed * 1000 + i
        start = keras.initializers.GlorotUniform(seed=layer_seed)
        last = i == len(hidden)
        x = keras.layers.Dense(units, output_activation if last else activation, kernel_initializer=start)(x)
    return keras.Model(obs, x)


def copy_weights(source: Network, target: Network) -> None:
    """Give `target` the weights of `source`: the hard update of a target network (Mnih et al., 2015).

    Raises:
        ValueError: the two differ in architecture.
    """
    soft_update(source, target, 1.0)


def soft_update(source: Network, target: Network, tau: float) -> None:
    """Move the weights of `target` towards those of `source`: the soft update (Lillicrap et al., 2016).

    target <- target + tau (source - target), also inside a compiled function.

    Args:
        source: the network that is trained.
        target: the network that follows it.
        tau: share of the way, 0 to 1.

    Raises:
        ValueError: the two differ in architecture, or tau is out of its range.
    """
    if not 0 <= tau <= 1:
        raise ValueError(_("tau is a share of the way, from 0 to 1, and not {tau}.").format(tau=number(tau)))
    shapes = [[tuple(weight.shape) for weight in net.weights] for net in (source, target)]
    if shapes[0] != shapes[1]:
        raise ValueError(
            _(
                "A target network has the architecture of the network that it follows; the shapes of the weights are "
                "{source} and {target}."
            ).format(source=shapes[0], target=shapes[1])
        )
    for new, old in zip(source.weights, target.weights, strict=True):
        old.assign(old + tau * (new - old) if tau < 1 else new)


def check_network(net: Network, env: gym.Env[Any, Any]) -> None:
    """Go on if the network takes the environment's observations and has one output for each action.

    For continuous actions: one output for each number of an action.

    Raises:
        ValueError: it does not; the message gives both sizes.
    """
    obs_shape, got = env.observation_space.shape, tuple(net.input_shape[1:])
    if got != obs_shape:
        raise ValueError(
            _("The network takes inputs of shape {got}, and an observation has shape {want}.").format(
                got=got, want=obs_shape
            )
        )
    space, outputs = env.action_space, net.output_shape[-1]
    want = int(space.n) if isinstance(space, gym.spaces.Discrete) else int(space.shape[0])  # type: ignore[index]
    if outputs != want:
        raise ValueError(
            ngettext(
                "The network has {outputs} output, and the environment needs {want}: one for each action.",
                "The network has {outputs} outputs, and the environment needs {want}: one for each action.",
                outputs,
            ).format(outputs=outputs, want=want)
        )


def save_network(net: Network, path: str | Path) -> None:
    """Write a network to a `.keras` file, whole or not at all.

    Raises:
        ValueError: the name does not end in .keras.
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise ValueError(_("A network is saved in a file that ends in .keras, and not {path}.").format(path=path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".keras")
    os.close(handle)
    try:
        net.save(beside)
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)


def load_network(path: str | Path, *, inputs: int | None = None, outputs: int | None = None) -> Network:
    """Read a network from a `.keras` file.

    Args:
        path: the file.
        inputs: numbers in one observation that the network must take; None takes any.
        outputs: outputs that it must have; None takes any.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file holds no network, or one of another shape.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(_("There is no file {path}: train and save the network first.").format(path=path))
    import keras

    try:
        net = keras.models.load_model(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            _("{path} holds no network that Keras can read: save it again with labkit.save_network.").format(path=path)
        ) from error
    got = net.input_shape[-1], net.output_shape[-1]
    want = inputs or got[0], outputs or got[1]
    if got != want:
        raise ValueError(
            _(
                "The network in {path} has other sizes (inputs: {inputs}, outputs: {outputs}) than are needed "
                "(inputs: {want_inputs}, outputs: {want_outputs}): load another file, or train anew."
            ).format(path=path, inputs=got[0], outputs=got[1], want_inputs=want[0], want_outputs=want[1])
        )
    return net
