"""Several updates of a network in one compiled call."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from labkit.acting import NumpyNetwork
from labkit.messages import _
from labkit.numbers import number
from labkit.replay import Batch


def compile_updates(
    update: Callable[[Batch], Any],
    *,
    refresh: NumpyNetwork | Sequence[NumpyNetwork] = (),
    xla: bool = True,
) -> Callable[[Batch], Any]:
    """A function that runs `update` on many batches in turn, compiled into one call.

    Called as it is, an update of a small network takes some 15 ms, of which nearly all goes into
    starting one small operation after the other. `tf.function` records them once, XLA melts them
    together, and a loop inside the compiled call makes one start do for all updates. The order of
    things is that of calling `update` on one batch after the other.

    The first call compiles, which takes a second or two, and so does one with another number or size
    of batches.

    Args:
        update: takes one `Batch` of tensors (B, ...), changes the networks' weights and returns a
            loss, or a tuple or dict of numbers. It is recorded without AutoGraph, as `check_recorded` does:
            no Python `if` or loop on a tensor's numbers. Optimizers must have been built before, by
            `optimizer.build(net.trainable_variables)`.
        refresh: what acts in NumPy on networks that `update` changes; brought up to date by each call.
        xla: False leaves XLA out: right for convolutions, which it makes slower on a CPU, and for no more
            than some thousand updates, as compiling takes up to a second longer.

    Returns:
        A function of batches with columns (U, B, ...), as `ReplayBuffer.sample((U, B))` draws them.
        It returns what `update` does, as NumPy arrays (U,), and raises FloatingPointError where a
        loss is NaN or infinite.
    """
    import tensorflow as tf

    acting = [refresh] if isinstance(refresh, NumpyNetwork) else list(refresh)
    one = tf.function(update, autograph=False)

    @tf.function(jit_compile=xla, autograph=False)  # type: ignore[untyped-decorator]
    def run(batches: Batch) -> Any:
        count = batches.reward.shape[0]
        specs = Batch(*(tf.TensorSpec(column.shape[1:], column.dtype) for column in batches))
        structure = one.get_concrete_function(specs).structured_outputs
        empty = tf.nest.map_structure(lambda _loss: tf.TensorArray(tf.float32, count, element_shape=()), structure)

        def body(i: Any, collected: Any) -> Any:
            losses = one(Batch(*(column[i] for column in batches)))
            write = lambda array, loss: array.write(i, tf.cast(loss, tf.float32))  # noqa: E731
            return i + 1, tf.nest.map_structure(write, collected, losses)

        _end, collected = tf.while_loop(lambda i, _collected: i < count, body, (0, empty))
        weights = [[tf.identity(weight) for weight in fast.net.weights] for fast in acting]
        return tf.nest.map_structure(lambda array: array.stack(), collected), weights

    def run_updates(batches: Batch) -> Any:
        losses, weights = run(Batch(*(tf.convert_to_tensor(column) for column in batches)))
        for fast, arrays in zip(acting, weights, strict=True):
            fast.refresh([array.numpy() for array in arrays])
        losses = tf.nest.map_structure(lambda array: array.numpy(), losses)
        for values in tf.nest.flatten(losses):
            _check_finite(values)
        return losses

    return run_updates


def _check_finite(values: Any) -> None:
    """Go on if all losses are numbers."""
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise FloatingPointError(
            _(
                "The loss of update {update} of {count} is {value}: look at the targets (is a division by 0 or a log "
                "of 0 in them?) and at the learning rate (is it too large?), then make the networks anew."
            ).format(update=bad[0] + 1, count=len(values), value=number(values[bad[0]]))
        )
