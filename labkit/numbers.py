"""Numbers as the language in use writes them: 0,5 rather than 0.5, 20 % rather than 20%."""

from typing import Any, ClassVar, SupportsFloat

import numpy as np

from labkit.messages import number_sample, percent_sample


def number(value: SupportsFloat) -> float:
    """A number to be printed or drawn: the same number, which f-strings write as the language in use does.

        print(f"mean {labkit.number(mean):.1f}")    # English: mean 12.3; French: mean 12,3

    `:,` groups thousands, and `:%` sets the percent sign, as the language does, too. `labkit.use` chooses it.

    Args:
        value: an int, or anything that Python's `float` takes, such as a tensor of one number.
    """
    return _Whole(value) if isinstance(value, int | np.integer) else _Real(value)


class _InLanguage:
    """What `format` and `str` write in the language in use; `repr` stays Python's."""

    _plain: ClassVar[type]

    def __format__(self, spec: str) -> str:
        return written(format(self._plain(self), spec))

    def __str__(self) -> str:
        return format(self)


class _Real(_InLanguage, float):
    _plain = float


class _Whole(_InLanguage, int):
    _plain = int


def written(text: str) -> str:
    """A number that Python has written, such as "1,234.5" or "12%", in the language in use."""
    sample = number_sample()
    text = text.translate({ord(","): sample[1:-5], ord("."): sample[-2]})
    return percent_sample().replace("12", text[:-1]) if text.endswith("%") else text


def array_text(values: Any, digits: int) -> str:
    """An array of numbers on one line, with so many significant digits.

    Where the decimal sign is a comma, semicolons stand between floats: [0,5; 0,25].
    """
    values = np.asarray(values)
    between = "; " if values.dtype.kind == "f" and written(".") == "," else ", "
    with np.printoptions(formatter={"float_kind": lambda x: f"{number(x):.{digits}g}"}, linewidth=10_000):
        return " ".join(np.array2string(values, separator=between).split())
