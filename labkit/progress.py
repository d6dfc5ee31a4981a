"""A progress bar that every notebook can show."""

import sys
from collections.abc import Iterable
from typing import Any, TypeVar, overload

from tqdm.std import tqdm

T = TypeVar("T")


@overload
def progress(iterable: int, description: str = "") -> "tqdm[int]": ...
@overload
def progress(iterable: Iterable[T], description: str = "") -> "tqdm[T]": ...
def progress(iterable: Iterable[Any] | int, description: str = "") -> "tqdm[Any]":
    """Loop over something with a bar of plain text under the cell.

    Text, not a widget: it needs no extension and is still there when the notebook is opened again.

    Args:
        iterable: what to loop over, or how many times.
        description: words before the bar.

    Returns:
        A tqdm bar: loop over it; `.set_postfix(...)` adds numbers behind it.
    """
    items = range(iterable) if isinstance(iterable, int) else iterable
    return tqdm(items, desc=description or None, file=sys.stdout, ascii=True, mininterval=0.5)
