"""Shares of points from plain data, forged or not; what `grading.py` must say; the slice of cells that is run."""

import math

import numpy as np
import pytest

from coursekit.grading import Graded, dense, likely, numbers, returns
from coursekit.grading.data import encode
from coursekit.grading.judge import equal, share
from coursekit.grading.slices import Given, defined, needed, used
from coursekit.grading.spec import draws_of, read_spec
from coursekit.problems import CourseError

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


def test_draws_are_the_same_for_a_seed_and_differ_between_seeds_and_draws():
    graded = Graded("x", lambda rng: {"a": rng.random()}, "result = a", draws=3)
    first, again, other = (draws_of(graded, seed) for seed in (b"1", b"1", b"2"))
    assert first == again
    assert len({draw["a"] for draw in [*first, *other]}) == 6


HEAD = "from coursekit.grading import Graded\n\ndef none(rng):\n    return {}\n\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("EXERCISES = [Graded('a', none, 'result = 1')]", "'b' must have shares"),
        ("EXERCISES = [Graded(n, none, 'result = 1') for n in 'abc']", "no exercise 'c'"),
        ("EXERCISES = [Graded(n, none, 'result =') for n in 'ab']", "does not parse"),
        ("EXERCISES = [Graded(n, none, 'x = 1') for n in 'ab']", "must leave its data in `result`"),
        ("EXERCISES = [Graded(n, none, 'result = 1', points_share=0.4) for n in 'aabb']", "add up to 1"),
        ("EXERCISES = 1 / 0", "does not run .ZeroDivisionError"),
        ("", "does not run .KeyError"),
    ],
)
def test_a_faulty_grading_py_is_refused(tmp_path, text, message):
    path = tmp_path / "grading.py"
    path.write_text(HEAD + text)
    with pytest.raises(CourseError, match=message):
        read_spec(path, "ab")


def test_parts_keep_their_order(tmp_path):
    path = tmp_path / "grading.py"
    path.write_text(HEAD + "EXERCISES = [Graded('a', none, f'result = {n}', points_share=0.5) for n in (1, 2)]")
    assert [part.probe for part in read_spec(path, "a")["a"]] == ["result = 1", "result = 2"]
    with pytest.raises(CourseError, match="is not there"):
        read_spec(tmp_path / "none.py", "a")


CODE = """
import numpy as np
from math import pi as p
x, y = 1, z
def f(a, b=c):
    global g
    g = a + d
    return [e for e in a if e]
class K(M):
    h = i
    def m(self):
        return j(self)
"""


def test_names_that_a_cell_binds_and_uses():
    assert defined(CODE) == {"np", "p", "x", "y", "f", "K"}
    assert used(CODE) - {"g"} == {"z", "c", "d", "M", "i", "j"}
    assert (defined("def f(:"), used("def f(:")) == ({"f"}, set())


def test_only_cells_that_are_needed_are_run():
    cells = [
        Given("imports", "import numpy as np"),
        Given("old", "def f():\n    return old()"),
        Given("slow", "rng = np.random.default_rng()\nresults = train(rng)"),
        Given("effect", "np.seterr(all='raise')"),
        Given("f", "def f():\n    return np.zeros(n)"),
        Given("n", "n = 3"),
    ]
    assert [cell.name for cell in needed(cells, {"f"})] == ["imports", "f"]  # n comes after f, but is it run?
    assert [cell.name for cell in needed(cells, {"f", "n"}, ["effect"])] == ["imports", "effect", "f", "n"]


def test_likely_counts():
    assert likely([480, 520], [0.5, 0.5])
    assert not likely([400, 600], [0.5, 0.5])
    assert likely([0, 1000], [0, 1])
    assert not likely([1, 999], [0, 1])


def test_numbers_are_whole_and_in_range():
    assert numbers([0, 2], below=3).tolist() == [0, 2]
    assert all(numbers(bad, below=3) is None for bad in ([3], [-1], [1.0], [True], [None], [A], 1, None, A))


def test_an_agent_given_as_weights_is_played_outside():
    by_hand = np.array([[-0.1, 0.1], [-0.5, 0.5], [-4.0, 4.0], [-1.0, 1.0]], np.float32)  # it never falls
    net = dense([by_hand, np.zeros(2, np.float32)], [4, 2])
    assert returns("CartPole-v1", lambda obs: net(obs).argmax(axis=1), 5, seed=3).tolist() == [500.0] * 5
    assert returns("CartPole-v1", lambda obs: np.zeros(5, int), 5, seed=3).max() < 12


def test_a_dense_network_by_hand():
    weights = [np.array([[1.0, -1.0]]), np.array([0.0, 1.0]), np.array([[2.0], [3.0]]), np.array([0.5])]
    assert dense(weights, [1, 2, 1])(np.array([[2.0], [-3.0]])).tolist() == [[4.5], [12.5]]
    for bad in (weights[:2], None, [np.full_like(w, np.nan) for w in weights], [w.T for w in weights]):
        with pytest.raises(ValueError, match="weights must"):
            dense(bad, [1, 2, 1])
