from typing import NamedTuple

import numpy as np
import pytest
import tensorflow as tf

from labkit import CheckFailed, check, check_recorded, check_value, passed, use
from tests.labkit.notebooks import outputs


class Pair(NamedTuple):
    obs: np.ndarray
    reward: float


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (3, 3),
        (3, 3.0),
        (np.float32(0.1), 0.1),
        (np.array(2.5), 2.5),
        (True, np.True_),
        ("left", "left"),
        (None, None),
        (np.array([1, 2]), np.array([1, 2], dtype=np.int32)),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.array([0.1], np.float32), np.array([0.1])),
        (np.array([np.nan, -np.inf]), np.array([np.nan, -np.inf])),
        ([1, 2.0], [1, 2]),
        ({"a": np.zeros(2)}, {"a": np.zeros(2)}),
        (Pair(np.ones(3), 1.0), (np.ones(3), 1)),
    ],
)
def test_right_values_pass(got, want):
    check_value("x", got, want)


@pytest.mark.parametrize(
    ("got", "want", "message"),
    [
        (None, 1.0, "x gives None: is a `return` missing?"),
        ("1", 1.0, "x is of type str, expected float."),
        ([1.0, 2.0], np.zeros(2), "x is of type list, expected ndarray[float64]."),
        (np.array([1, None]), np.zeros(2), "x is of type ndarray[object], expected ndarray[float64]."),
        ([1, 2], (1, 2), "x is of type list, expected tuple."),
        ("left", "right", "x is 'left', expected 'right'."),
        (np.zeros(3), 0.5, "x is an array of shape (3,), expected a single number."),
        (0.5, np.zeros(3), "x is a single number, expected an array of shape (3,)."),
        (np.zeros((2, 2)), np.zeros(2), "x has shape (2, 2), expected (2,)."),
        (np.zeros((2, 1)), np.zeros(2), "x has shape (2, 1), expected (2,)."),
        (np.array([1, 2]), np.array([1.5, 2.0]), "x holds values of type int64, expected float64."),
        (np.array([1.0, 2.0]), np.array([1, 2]), "x holds values of type float64, expected int64."),
        (np.array([0, 1]), np.array([False, True]), "x holds values of type int64, expected bool."),
        (True, 1.0, "x holds values of type bool, expected float64."),
        (np.array([np.nan, 1]), np.ones(2), "x has NaN (not a number) in it: look for 0/0, inf - inf or 0 * inf."),
        (np.array([np.inf, 1]), np.ones(2), "x has an infinite value: look for a division by 0 or an overflow."),
        (1.0, np.nan, "x is 1, expected nan."),
        (1.25, 2.5, "x is 1.25, expected 2.5."),
        (2, 3, "x is 2, expected 3."),
        (False, True, "x is False, expected True."),
        (1.0000123, 1.0000456, "x is 1.0000123, expected 1.0000456."),
        (np.array([[1.0], [2.0]]), np.array([[1.0], [3.0]]), "x is [[1], [2]], expected [[1], [3]]."),
        ((1, 2), (1, 2, 3), "x has length 2, expected 3."),
        ((1, 2), (1, 3), "x[1] is 2, expected 3."),
        ({"a": 1}, {"b": 1}, "x has the keys ['a'], expected ['b']."),
        ({"a": 1}, {"a": 2}, "x['a'] is 1, expected 2."),
        ((0, None), (0, 1), "x[1] gives None: is a `return` missing?"),
    ],
)
def test_each_fault_has_its_sentence(got, want, message):
    with pytest.raises(CheckFailed) as failure:
        check_value("x", got, want)
    assert str(failure.value) == message


def test_a_large_array_shows_the_first_difference():
    got = np.zeros((5, 5))
    got[2, 3] = 7
    with pytest.raises(CheckFailed, match=r"^x is 7 at index \[2, 3\], expected 0\.$"):
        check_value("x", got, np.zeros((5, 5)))


def test_single_precision_is_given_its_rounding_and_no_more():
    check_value("x", np.float32(1.000001), 1.0)
    with pytest.raises(CheckFailed):
        check_value("x", 1.00001, 1.0)
    with pytest.raises(CheckFailed):
        check_value("x", np.float32(1.0001), 1.0)


def test_tolerances_are_the_callers():
    check_value("x", 1.05, 1.0, rtol=0.1)
    check_value("x", 0.05, 0.0, atol=0.1)


def test_the_mistake_that_matches_speaks():
    mistakes = [
        (5.0, "you forgot the minus sign"),
        (np.zeros((2, 2)), "you broadcast a column against a row"),
        (None, "you print the result: return it"),
    ]
    for wrong, message in mistakes:
        with pytest.raises(CheckFailed, match=f"^{message}$"):
            check_value("x", wrong, -5.0, mistakes=mistakes)
    with pytest.raises(CheckFailed, match=r"^x is 4, expected -5\.$"):
        check_value("x", 4.0, -5.0, mistakes=mistakes)


def test_a_right_answer_passes_even_if_listed_as_a_mistake():
    check_value("x", 1.0, 1.0, mistakes=[(1.0, "no")])


def test_check_raises_its_message_unless_the_condition_holds():
    check(np.bool_(True), "no")
    with pytest.raises(CheckFailed, match=r"^the pole falls$"):
        check(False, "the pole falls")


def test_a_function_of_tensors_can_be_recorded():
    seen, total = [], tf.Variable(1.0)

    def add(pair, factor):
        seen.append((pair[0].shape, factor))
        return total.assign_add(tf.reduce_sum(pair[0] - pair[1]) * factor)

    check_recorded(add, (tf.constant([5.0, 6.0]), tf.constant([1.0, 2.0])), 0.5)
    assert seen == [((2,), 0.5)]
    assert float(total) == 5.0


@pytest.mark.parametrize(
    "answer", [lambda x: x.numpy().sum(), lambda x: np.square(x), float], ids=["numpy", "np", "float"]
)
def test_what_asks_for_numbers_cannot_be_recorded(answer):
    answer(tf.constant(3.0))
    with pytest.raises(CheckFailed, match=r"^It works on numbers, but TensorFlow cannot record it, .* with tf, "):
        check_recorded(answer, tf.constant(3.0))


def test_passed_prints_one_fixed_line(capsys):
    passed()
    passed("The policy is greedy")
    assert capsys.readouterr().out == "✓ All checks passed\n✓ The policy is greedy\n"


def test_messages_are_translated(capsys):
    use("fr")
    with pytest.raises(CheckFailed) as failure:
        check_value("x", 1, 2)
    assert str(failure.value) == "x\u202f: la valeur est 1 au lieu de 2."
    use("ro")
    with pytest.raises(CheckFailed, match=r"^x: valoarea este 1 în loc de 2.$"):
        check_value("x", 1, 2)
    passed()
    assert capsys.readouterr().out == "✓ Toate verificările au reușit\n"


def test_a_notebook_shows_one_line_and_leaves_a_stub_alone():
    stub = (
        "def td_target():\n    raise NotImplementedError('TODO 1')\nlabkit.check_value('td_target()', td_target(), 1.0)"
    )
    failed, todo = outputs("import labkit\nlabkit.check_value('x', 1.0, 2.0)", stub, allow_errors=True)
    assert failed[0].ename == "CheckFailed"
    assert failed[0].traceback == ["✗ x is 1, expected 2."]
    assert (todo[0].ename, todo[0].evalue) == ("NotImplementedError", "TODO 1")


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("form", [np.float32, lambda x: np.array([x], np.float32), lambda x: tf.constant([x])])
def test_single_precision_on_either_side_is_given_its_rounding(side, form):
    shape = np.shape(form(1.0))
    for off, right in ((3e-6, True), (3e-5, False)):
        pair = [form(1.0 + off), np.full(shape, 1.0)]
        got, want = pair[::-1] if side else pair
        if right:
            check_value("x", got, want)
        else:
            with pytest.raises(CheckFailed):
                check_value("x", got, want)
