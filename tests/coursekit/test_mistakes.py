import pytest

from coursekit.mistakes import Mistake, filled, of, swap

LOOP = """
def total(numbers):
    for number in numbers:
        {body}
    return {returned}
"""


def test_the_body_is_indented_as_its_gap_is():
    code = filled(LOOP, body="if number:\n    s += number\n\nprint()", returned="s")
    assert code == (
        "\ndef total(numbers):\n    for number in numbers:\n        if number:\n            s += number\n\n"
        "        print()\n    return s\n"
    )


def test_a_gap_that_nothing_fills_stays():
    assert filled("a = {one} + {two}\n{three}", one="1") == "a = 1 + {two}\n{three}\n"


def test_a_mistake_for_each_answer():
    assert of("sum-up", LOOP, ("s += 1", "count"), ("s = 1", "last"), returned="s") == [
        Mistake("sum-up", "sum-up-check", filled(LOOP, body="s += 1", returned="s"), "count"),
        Mistake("sum-up", "sum-up-check", filled(LOOP, body="s = 1", returned="s"), "last"),
    ]


def test_another_gap_and_another_check():
    (mistake,) = of("sum-up", LOOP, ("0", "zero"), gap="returned", check="sum-check", body="pass")
    assert mistake == Mistake("sum-up", "sum-check", filled(LOOP, body="pass", returned="0"), "zero")


def test_a_head_is_enough_for_a_function():
    (mistake,) = of("double", "SCALE = 2\ndef double(x):", ("y = x\nreturn y", "same"))
    assert mistake.code == "SCALE = 2\ndef double(x):\n    y = x\n    return y\n"


def test_parts_are_swapped_in_turn():
    assert swap("a + b", ("a", "b"), ("b + b", "2 * b")) == "2 * b"


def test_a_swap_that_changes_nothing_is_refused():
    with pytest.raises(ValueError, match=r"^'c' is not in the code that it is to be replaced in:\na \+ b$"):
        swap("a + b", ("c", "d"))
