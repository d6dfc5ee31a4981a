"""A progress bar that every notebook can show."""

import sys
from collections.abc import Iterable
from typing import Any, TypeVar, overload

from tqdm.std import tqdm

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
        description: words before the bar.
        done: of a number of times, how many were done before: the bar, and the loop, begin there.

    Returns:
        A tqdm bar: loop over it; `.set_postfix(...)` adds numbers behind it.
    """
    items, total = (range(done, iterable), iterable) if isinstance(iterable, int) else (iterable, None)
    return tqdm(items, description or None, total, initial=done, file=sys.stdout, ascii=True, mininterval=0.5)
