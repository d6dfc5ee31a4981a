"""A progress bar that every notebook can show."""

import sys
from collections.abc import Iterable
from typing import Any, TypeVar, overload

from tqdm.std import tqdm

from labkit.messages import _
from labkit.numbers import number

T = TypeVar("T")


@overload
def progress(iterable: int, description: str = "", done: int = 0) -> "tqdm[int]": ...
@overload
def progress(iterable: Iterable[T], description: str = "", done: int = 0) -> "tqdm[T]": ...
def progress(iterable: Iterable[Any] | int, description: str = "", done: int = 0) -> "tqdm[Any]":
    """Loop over something with a bar of plain text under the cell.

    Text, not a widget: it needs no extension and is still there when the notebook is opened again.

    Args:
        iterable: what to loop over, or how many times.
        description: words before the bar: what is done, or a plural that says what is counted.
        done: of a number of times, how many were done before: the bar, and the loop, begin there.

    Returns:
        A tqdm bar: loop over it; `.set_postfix_str(...)` adds words behind it.
    """
    items, total = (range(done, iterable), iterable) if isinstance(iterable, int) else (iterable, None)
    return _Bar(items, description or None, total, initial=done, file=sys.stdout, ascii=True, mininterval=0.5)


class _Bar(tqdm):  # type: ignore[type-arg]
    """tqdm's bar in the language in use. No noun stands beside its numbers: it would have to agree with each."""

    @property
    def format_dict(self) -> Any:
        """What tqdm's format may name, and the format."""
        about = super().format_dict
        done, total, seconds = about["n"], about["total"], about["elapsed"]
        if total and done > total:  # there is more than was said
            total = None
        rate = about["rate"] or ((done - about["initial"]) / seconds if seconds else 0.0)
        start = f"{number(done / total):4.0%}" if total else f"{done}"
        if words := (about["prefix"] or "").removesuffix(": "):
            start = _("{description}: {number}").format(description=words, number=start)
        form = "|{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}, " if total else " [{elapsed}, "
        return {**about, "start": start, "speed": _speed(rate), "bar_format": "{start}" + form + "{speed}{postfix}]"}


def _speed(rate: float) -> str:
    """How many a second, or how many seconds each."""
    if 0 < rate < 1:
        return _("{seconds:.2f} s each").format(seconds=number(1 / rate))
    return _("{rate}/s").format(rate=f"{number(rate):.{0 if rate >= 100 else 2}f}" if rate else "?")
