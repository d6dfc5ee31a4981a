"""What `grading.py` must say, and the inputs that it draws."""

import pytest

from coursekit.grading import Graded
from coursekit.grading.asked.spec import draws_of, read_spec
from coursekit.problems import CourseError


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
