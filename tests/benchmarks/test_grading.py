"""Marking a class, timed: what both graders are given, and the table that hand-made figures give."""

from benchmarks import grading
from benchmarks.__main__ import line, plan
from benchmarks.report import report

MADE = {"date": "2026-01-31", "processor": "Abacus", "versions": "Python 3.11"}


def run(contestant, seed, wall):
    return MADE | {"task": "grading", "contestant": contestant, "seed": seed, "students": 4, "wall": wall}


RUNS = [
    *(run("coursekit", seed, wall) for seed, wall in enumerate([8.0, 12.0, 9.0])),
    *(run("nbgrader", seed, wall) for seed, wall in enumerate([100.0, 90.0, 120.0])),
]


def test_seconds_a_submission_are_medians_and_their_ratio_meets_the_goal():
    text = report(RUNS)
    assert "| `coursekit grade` | 2.2 (2.0 to 3.0) |" in text
    assert "| `nbgrader autograde` | 25.0 (22.5 to 30.0) |" in text
    assert "**11.1 (goal 10: met)**" in text
    assert "4 submissions of the lesson mdp_q_learning" in text
    assert "Marking a class" not in report([run for run in RUNS if run["contestant"] == "nbgrader"])


def test_the_two_take_turns():
    assert list(plan(["grading"], seeds=2)) == [
        ("grading", contestant, seed) for seed in (0, 1) for contestant in ("coursekit", "nbgrader")
    ]
    assert line(RUNS[0]).endswith("seed 0: 2.0 s a submission")


def test_exercises_are_solutions_and_checks_are_tests_and_nothing_else_is_marked():
    cells = [cell["metadata"].get("nbgrader") for cell in grading.read("solutions")["cells"]]
    kinds = {(cell["solution"], cell["grade"], cell.get("points")) for cell in cells if cell}
    assert kinds == {(True, False, None), (False, True, 1)}
    assert None in cells
    assert not any(cell.get("outputs") for cell in grading.read("solutions")["cells"])
