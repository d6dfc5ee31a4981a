"""What check cells call: a wrong answer gets one sentence that says what is wrong and where to look."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from labkit.messages import _
from labkit.numbers import array_text

_SHOWN_WHOLE = 16  # arrays of up to this many numbers are printed in full
_FLOAT32_RTOL = 1e-5  # single precision keeps about 7 digits


class CheckFailed(AssertionError):  # noqa: N818 - a failed check is no error of the program
    """An answer is not right yet; the message says why."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a trace (IPython's hook)."""
        return [f"✗ {self}"]


def check(condition: object, message: str) -> None:
    """Go on if `condition` holds.

    Raises:
        CheckFailed: it does not; `message` says what is wrong.
    """
    if not condition:
        raise CheckFailed(message)


def passed(message: str = "") -> None:
    """Print the line that ends a check cell, the same at every run."""
    print("✓ " + (message or _("All checks passed")))


def check_value(
    name: str,
    got: Any,
    want: Any,
    *,
    mistakes: Iterable[tuple[Any, str]] = (),
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> None:
    """Compare an answer with the right value; explain the difference in one sentence.

    In turn: nothing returned, a known mistake, the wrong type, the wrong shape, the wrong
    kind of numbers, NaN or infinity, other values. Tuples, lists and dicts are compared
    part by part. Anything that NumPy can read as an array (a tensor, say) passes for one.

    Args:
        name: what is checked, as the student knows it: `"td_targets(...)"`.
        got: the student's value, of any type.
        want: the right value: a number, bool, string, array, or a tuple, list or dict of them.
        mistakes: pairs (wrong value, message); the message of the first pair that equals `got`
            is raised.
        rtol: relative tolerance; at least 1e-5 where either side is in single precision.
        atol: absolute tolerance, in the unit of `want`.

    Raises:
        CheckFailed: `got` is not `want`.
    """
    if _same(got, want, rtol, atol):
        return
    for wrong, message in mistakes:
        if _same(got, wrong, rtol, atol):
            raise CheckFailed(message)
    if got is None:
        raise CheckFailed(_("{name} gives None: is a `return` missing?").format(name=name))
    parts = _parts(name, got, want)
    if parts is None:
        raise CheckFailed(_difference(name, got, want, rtol, atol))
    for part in parts:
        check_value(*part, rtol=rtol, atol=atol)


def check_recorded(function: Callable[..., Any], *inputs: Any) -> None:
    """Call a function once while TensorFlow records it, as `labkit.compile_updates` will.

    What computes in NumPy or asks a tensor for its numbers works when called as it is, and
    cannot be recorded. So first check what the function returns, then this. AutoGraph, which
    mends some of it where it finds the source, is left out: an answer passes everywhere or nowhere.

    Args:
        function: takes `inputs`; the variables that it changes are changed here, too.
        inputs: tensors, or tuples of them; anything else is a constant of the recording.

    Raises:
        CheckFailed: TensorFlow cannot record the function.
    """
    import tensorflow as tf

    try:
        tf.function(function, autograph=False)(*inputs)
    except Exception as error:
        raise CheckFailed(
            _(
                "It works on numbers, but TensorFlow cannot record it, to compile it later: compute with tf, "
                "without np, .numpy(), float(), get_weights and predict."
            )
        ) from error


def _parts(name: str, got: Any, want: Any) -> list[tuple[str, Any, Any]] | None:
    """Name, value and right value of each part of two containers; None if they do not match."""
    if isinstance(want, Mapping):
        if not isinstance(got, Mapping) or got.keys() != want.keys():
            return None
        keys: Iterable[Any] = want
    elif isinstance(want, list | tuple):
        if not isinstance(got, _sequence_type(want)) or len(got) != len(want):
            return None
        keys = range(len(want))
    else:
        return None
    return [(f"{name}[{key!r}]", got[key], want[key]) for key in keys]


def _sequence_type(value: Any) -> type[Any]:
    """List or tuple; a named tuple counts as a tuple."""
    return list if isinstance(value, list) else tuple


def _same(got: Any, want: Any, rtol: float, atol: float) -> bool:
    """Whether two values are equal in type, shape and, within tolerance, numbers."""
    if isinstance(want, Mapping | list | tuple):
        parts = _parts("", got, want)
        return parts is not None and all(_same(*part[1:], rtol, atol) for part in parts)
    if not (_is_numeric(got) and _is_numeric(want)):
        return isinstance(got, type(want)) and not hasattr(got, "__array__") and bool(got == want)
    if np.shape(got) != np.shape(want):
        return False
    a, b = np.asarray(got), np.asarray(want)
    return _kinds_agree(a, b) and bool(_close(a, b, rtol, atol).all())


def _is_numeric(value: Any) -> bool:
    """Whether NumPy reads `value`, not a plain list, as an array of numbers or bools."""
    if not (isinstance(value, bool | int | float) or hasattr(value, "__array__")):
        return False
    return np.asarray(value).dtype.kind in "biuf"


def _kinds_agree(got: npt.NDArray[Any], want: npt.NDArray[Any]) -> bool:
    """Bools are not numbers, and an array of indices is not one of floats; the rest is one kind."""
    if (got.dtype.kind == "b") != (want.dtype.kind == "b"):
        return False
    return not (got.ndim and got.dtype.kind == "f" and want.dtype.kind in "iu")


def _close(got: npt.NDArray[Any], want: npt.NDArray[Any], rtol: float, atol: float) -> npt.NDArray[np.bool_]:
    if np.float32 in (got.dtype, want.dtype):
        rtol = max(rtol, _FLOAT32_RTOL)
    close: npt.NDArray[np.bool_] = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    return close


def _difference(name: str, got: Any, want: Any, rtol: float, atol: float) -> str:
    """One sentence on the first thing in which two unequal values differ."""
    if isinstance(got, Mapping) and isinstance(want, Mapping):
        return _("{name} has the keys {got}, expected {want}.").format(name=name, got=[*got], want=[*want])
    if isinstance(want, list | tuple) and isinstance(got, _sequence_type(want)):
        return _("{name} has length {got}, expected {want}.").format(name=name, got=len(got), want=len(want))
    if not (_is_numeric(got) and _is_numeric(want)):
        if isinstance(got, type(want)) and not hasattr(got, "__array__"):
            return _("{name} is {got}, expected {want}.").format(name=name, got=repr(got), want=repr(want))
        return _("{name} is of type {got}, expected {want}.").format(
            name=name, got=_type_name(got), want=_type_name(want)
        )
    a, b = np.asarray(got), np.asarray(want)
    if a.ndim and not b.ndim:
        return _("{name} is an array of shape {got}, expected a single number.").format(name=name, got=a.shape)
    if b.ndim and not a.ndim:
        return _("{name} is a single number, expected an array of shape {want}.").format(name=name, want=b.shape)
    if a.shape != b.shape:
        return _("{name} has shape {got}, expected {want}.").format(name=name, got=a.shape, want=b.shape)
    if not _kinds_agree(a, b) or (a.ndim and a.dtype.kind in "iu" and b.dtype.kind == "f"):
        return _("{name} holds values of type {got}, expected {want}.").format(name=name, got=a.dtype, want=b.dtype)
    close = _close(a, b, rtol, atol)
    if np.isnan(a[~close]).any():
        return _("{name} has NaN (not a number) in it: look for 0/0, inf - inf or 0 * inf.").format(name=name)
    if np.isinf(a[~close]).any():
        return _("{name} has an infinite value: look for a division by 0 or an overflow.").format(name=name)
    if a.size <= _SHOWN_WHOLE:
        got_text, want_text = _texts(a, b)
        return _("{name} is {got}, expected {want}.").format(name=name, got=got_text, want=want_text)
    where = tuple(np.argwhere(~close)[0].tolist())
    got_text, want_text = _texts(a[where], b[where])
    return _("{name} is {got} at index {where}, expected {want}.").format(
        name=name, got=got_text, where=list(where), want=want_text
    )


def _type_name(value: Any) -> str:
    """Name of a type, with that of its elements for an array."""
    name = type(value).__name__
    return f"{name}[{value.dtype}]" if isinstance(value, np.ndarray) else name


def _texts(got: Any, want: Any) -> tuple[str, str]:
    """Both values as text, on one line, with as few digits as still tell them apart."""
    for digits in (5, 9, 17):
        got_text, want_text = array_text(got, digits), array_text(want, digits)
        if got_text != want_text:
            break
    return got_text, want_text
