"""Numbers along the axes of matplotlib's plots, in the language in use."""

from functools import cache
from typing import Any

from labkit.numbers import written


def localize_axes() -> None:
    """Have matplotlib write the numbers of linear axes as the language in use does, whatever is in use when it draws.

    matplotlib itself would follow the system's locale, which must be installed for that: on Colab there is only
    English. So its scale called "linear" is replaced by one that differs in this alone. English needs no other than
    matplotlib's, and matplotlib is imported only where it does not do.
    """
    if written("0.5") != "0.5":
        _replace_scale()


@cache
def _replace_scale() -> None:
    from matplotlib.scale import LinearScale, register_scale
    from matplotlib.ticker import ScalarFormatter

    class Numbers(ScalarFormatter):
        """Numbers along an axis, and what stands at its end where they are very large or small."""

        def __call__(self, x: float, pos: int | None = None) -> str:
            return _written(super().__call__(x, pos))

        def get_offset(self) -> str:
            return _written(super().get_offset())

    class Linear(LinearScale):
        """The scale that every axis has unless told otherwise."""

        def __init__(self, *args: Any) -> None:  # the axis, up to matplotlib 3.10; nothing since
            super().__init__(*args)

        def set_default_locators_and_formatters(self, axis: Any) -> None:
            super().set_default_locators_and_formatters(axis)
            axis.set_major_formatter(Numbers())

    register_scale(Linear)


def _written(text: str) -> str:
    """A tick's text; in a formula, braces say that no space follows the decimal comma."""
    return text.replace(".", "{,}") if text.startswith("$") and written(".") == "," else written(text)
