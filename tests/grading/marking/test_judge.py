"""Shares of points from plain data, forged or not."""

import math

import numpy as np
import pytest

from coursekit.grading import Graded
from coursekit.grading.marking.judge import equal, share
from coursekit.grading.sandbox.guest.wire import encode

A = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("got", "want", "same"),
    [
        (A, A, True),
        (A + 1e-6, A, True),
        (A + 1e-3, A, False),
        (np.array([1, 2]), A, True),
        (A, np.array([1, 2]), False),
        (A[:, None], A, False),
        ([1.0, 2.0], A, False),
        (None, A, False),
        (np.array([np.nan, 2.0]), A, False),
        (np.array([1.0, -np.inf]), np.array([1.0, -np.inf]), True),
        (True, 1, False),
        (1, True, False),
        (2, 2.0, True),
        (np.array(2.0), 2.0, True),
        (np.array([2.0]), 2.0, False),
        ("a", "a", True),
        ("a", "b", False),
        ("a", "A", False),
        (0, "0", False),
        ("None", None, False),
        (0, None, False),
        ("a", 0, False),
        ("a", ["a"], False),
        ([1, "a"], [1, "b"], False),
        (None, None, True),
        ((1, A), (1, A), True),
        ([1, A], (1, A), False),
        ({"x": 1}, {"x": 1}, True),
        ({"x": 1, "y": 2}, {"x": 1}, False),
    ],
)
def test_equal(got, want, same):
    assert equal(got, want) is same


def marked(results, judge=None, draws=2):
    graded = Graded("x", lambda rng: {}, "result = 1", judge=judge)
    return share(graded, results, [encode(A)] * draws, [{}] * draws)


def test_every_draw_has_to_be_right():
    assert marked([encode(A), encode(A)]) == 1
    assert marked([encode(A), encode(A + 1)]) == 0
    assert marked([encode(A)]) == 0
    assert marked([]) == 0


def test_forged_data_earns_nothing():
    assert marked([encode(A), b""]) == marked([encode(A), encode(A)[:-1]]) == marked([b"\x80\x04N.", encode(A)]) == 0


@pytest.mark.parametrize(
    ("judged", "earned"), [(0.4, 0.4), (True, 1), (7, 1), (-3, 0), (math.nan, 0), (math.inf, 0), ("x", 0), (None, 0)]
)
def test_a_judge_gives_a_share(judged, earned):
    assert marked([encode(A)] * 2, judge=lambda result, reference, inputs: judged) == earned


def test_a_judge_that_stumbles_over_a_reply_gives_nothing():
    assert marked([encode(A)] * 2, judge=lambda result, reference, inputs: result["weights"]) == 0


def test_the_worst_draw_counts():
    results = [encode(0.5), encode(0.8)]
    assert marked(results, judge=lambda result, reference, inputs: result) == 0.5


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [x], lambda x: (1, [x]), lambda x: {"a": {"b": x}}])
@pytest.mark.parametrize(
    ("got", "want", "rtol", "atol", "same"),
    [
        (11.0, 10.0, 0.1, 0.0, True),
        (11.1, 10.0, 0.1, 0.0, False),
        (9.0, 10.0, 0.1, 0.0, True),
        (10.0, 9.0, 0.1, 0.0, False),  # a share of what is wanted: 0.9
        (0.25, 0.0, 0.0, 0.25, True),
        (0.3, 0.0, 0.0, 0.25, False),
        (A * 1.5, A, 0.5, 0.0, True),
        (A * 1.5, A, 0.4, 0.0, False),
        (A, A, 0.0, 0.0, True),
        (np.nan, np.nan, 0.0, 0.0, True),
        (np.nan, 1.0, 1.0, 1.0, False),
        (1.0, np.nan, 1.0, 1.0, False),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), 0.0, 0.0, True),
    ],
)
def test_tolerances_hold_at_every_depth(got, want, rtol, atol, same, wrap):
    assert equal(wrap(got), wrap(want), rtol, atol) is same


def test_tolerances_are_narrow_unless_the_author_says_otherwise():
    assert equal(1.0 + 9e-6, 1.0) and not equal(1.0 + 1.2e-5, 1.0)
    assert equal(9e-8, 0.0) and not equal(1.1e-7, 0.0)


@pytest.mark.parametrize(
    ("settings", "off", "earned"),
    [
        ({}, 1e-3, 0),
        ({"rtol": 1e-2}, 1e-3, 1),
        ({"atol": 1e-2}, 1e-3, 1),
        ({"rtol": 0.0}, 2e-6, 0),
        ({"rtol": 0.0, "atol": 1e-5}, 2e-6, 1),
    ],
)
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [x, (x,)]])
def test_the_authors_tolerances_are_those_of_the_mark(settings, off, earned, wrap):
    graded = Graded("x", lambda rng: {}, "result = 1", **settings)
    assert share(graded, [encode(wrap(A + off))], [encode(wrap(A))], [{}]) == earned


def test_without_draws_nothing_is_earned():
    assert marked([], draws=0) == 0
    assert marked([], judge=lambda result, reference, inputs: 1, draws=0) == 0


def test_a_judge_sees_the_result_the_reference_and_the_inputs_of_its_draw():
    seen = []
    graded = Graded("x", lambda rng: {}, "result = 1", judge=lambda *three: seen.append(three) or 1)
    assert share(graded, [encode(1), encode(2)], [encode(3), encode(4)], [{"k": 5}, {"k": 6}]) == 1
    assert seen == [(1, 3, {"k": 5}), (2, 4, {"k": 6})]


def test_a_broken_reference_is_no_fault_of_the_answer():
    graded = Graded("x", lambda rng: {}, "result = 1")
    with pytest.raises(ValueError, match="does not begin"):
        share(graded, [encode(1)], [b""], [{}])


def test_results_too_large_to_be_sent_earn_nothing():
    large = encode(np.zeros(2**21 + 1))  # 16 MiB and 8 bytes
    graded = Graded("x", lambda rng: {}, "result = 1", judge=lambda *_: 1)
    assert share(graded, [large], [encode(1)], [{}]) == 0


def test_a_draw_without_its_reference_is_no_mark():
    graded = Graded("x", lambda rng: {}, "result = 1")
    with pytest.raises(ValueError, match="shorter"):
        share(graded, [encode(1)] * 2, [encode(1)], [{}] * 2)
