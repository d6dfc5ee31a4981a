"""Marks from results: the student's against the reference's, both plain data."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.grading.asked.spec import Draw, Graded
from coursekit.grading.sandbox.guest.wire import decode
from coursekit.grading.sandbox.job import Limits


def share(graded: Graded, results: Sequence[bytes], reference: Sequence[bytes], draws: Sequence[Draw]) -> float:
    """Share of the points that results earn, 0 to 1: that of the worst draw.

    Nothing that a student's kernel has sent is believed: what does not decode, is not complete, or is such that the
    judge raises, earns nothing.
    """
    if not draws or len(results) != len(draws):
        return 0.0
    return min(share_of_draw(graded, *triple) for triple in zip(results, reference, draws, strict=True))


def share_of_draw(graded: Graded, result: bytes, reference: bytes, draw: Draw) -> float:
    """Share of the points that the result of one draw earns."""
    limit = Limits().reply
    right = decode(reference, limit)
    try:
        got = decode(result, limit)
        if graded.judge is None:
            return float(equal(got, right, graded.rtol, graded.atol))
        earned = float(graded.judge(got, right, draw))
    except Exception:  # forged data may make a judge raise anything
        return 0.0
    return min(max(earned, 0.0), 1.0) if math.isfinite(earned) else 0.0


def equal(got: Any, want: Any, rtol: float = 1e-5, atol: float = 1e-7) -> bool:
    """Whether two plain values agree in structure, kinds, shapes and, within tolerance, numbers.

    A whole number may stand for a float of that value; a float array does not stand for one of indices, a bool is no
    number, a list no tuple, a number no array of one.
    """
    if isinstance(want, dict):
        return (
            isinstance(got, dict)
            and got.keys() == want.keys()
            and all(equal(got[name], want[name], rtol, atol) for name in want)
        )
    if isinstance(want, list | tuple):
        return (
            type(got) is type(want)
            and len(got) == len(want)
            and all(equal(one, other, rtol, atol) for one, other in zip(got, want, strict=True))
        )
    if want is None or isinstance(want, str):
        return type(got) is type(want) and bool(got == want)
    if not isinstance(got, bool | int | float | np.ndarray):
        return False
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()  # a tensor or array that holds a single number
    if np.shape(got) != np.shape(want):
        return False
    one, other = np.asarray(got), np.asarray(want)
    if (one.dtype.kind == "b") != (other.dtype.kind == "b") or (
        one.dtype.kind == "f" and other.dtype.kind in "iu" and one.ndim
    ):
        return False
    return bool(np.isclose(one, other, rtol=rtol, atol=atol, equal_nan=True).all())
