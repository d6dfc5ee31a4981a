import numpy as np
import pytest
import tensorflow as tf

from labkit import CheckFailed, check_value, number, use


@pytest.mark.parametrize(
    ("value", "form", "english", "french", "romanian"),
    [
        (12.34, ".1f", "12.3", "12,3", "12,3"),
        (-0.5, "", "-0.5", "-0,5", "-0,5"),
        (1234567.891, ",.2f", "1,234,567.89", "1\u202f234\u202f567,89", "1\u00a0234\u00a0567,89"),
        (0.256, ".0%", "26%", "26\u00a0%", "26\u00a0%"),
        (0.00015, ".1e", "1.5e-04", "1,5e-04", "1,5e-04"),
        (2.5, "6.2f", "  2.50", "  2,50", "  2,50"),
        (20000, ",", "20,000", "20\u202f000", "20\u00a0000"),
        (np.float32(0.25), "g", "0.25", "0,25", "0,25"),
        (np.int64(7), "3d", "  7", "  7", "  7"),
        (float("nan"), ".1f", "nan", "nan", "nan"),
    ],
)
def test_a_number_in_each_language(value, form, english, french, romanian):
    for language, text in (("en", english), ("fr", french), ("ro", romanian)):
        use(language)
        assert f"{number(value):{form}}" == text


def test_it_is_the_number_still():
    use("fr")
    assert number(0.5) + 1 == 1.5
    assert (str(number(0.5)), repr(number(0.5)), [number(0.5)]) == ("0,5", "0.5", [0.5])
    assert f"{number(tf.constant(0.5)):.1f} et {number(3)}" == "0,5 et 3"


def test_semicolons_stand_between_decimal_commas():
    for language, shown in (("en", "[0.5, 0.25]"), ("fr", "[0,5; 0,25]"), ("ro", "[0,5; 0,25]")):
        use(language)
        with pytest.raises(CheckFailed) as failure:
            check_value("x", np.array([0.5, 0.25]), np.array([0.5, 1.0]))
        assert shown in str(failure.value)
    with pytest.raises(CheckFailed, match=r"\[1, 2\]"):  # whole numbers need none
        check_value("x", np.array([1, 2]), np.array([1, 3]))
