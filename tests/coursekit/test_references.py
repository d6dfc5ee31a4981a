"""Exercises and lessons are named in the source; their places give them their numbers."""

import pytest

from coursekit.problems import CourseError
from coursekit.references import Target, count_todos, number_todos, resolve, todo_faults

TWICE = """\
def f():
    # TODO: one.
    raise NotImplementedError("TODO")


def g():
    x = 1  # TODO : deux.
    raise NotImplementedError("TODO")
"""
LESSONS = {"tables": Target("04", "04_tables.ipynb", 'The "tables"')}


def test_todos_are_numbered_in_the_order_of_the_cell():
    assert count_todos(TWICE) == 2
    numbered = number_todos(TWICE, 7)
    assert numbered.count('# TODO 7: one.\n    raise NotImplementedError("TODO 7")') == 1
    assert numbered.count('# TODO 8 : deux.\n    raise NotImplementedError("TODO 8")') == 1


@pytest.mark.parametrize(
    "source",
    ['print("the lines below the TODO.")', "# a TODO of mine", "TODO = 1", 'NotImplementedError("see the TODO")'],
)
def test_other_mentions_stay(source):
    assert number_todos(source, 1) == source and not list(todo_faults(source))


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("# TODO 3: add", "take the number out of '# TODO 3'"),
        ('raise NotImplementedError("TODO 3")', "take the number out"),
        ('raise NotImplementedError("TODO")', "no comment"),
    ],
)
def test_a_fault_is_named(source, fault):
    assert [fault in sentence for sentence in todo_faults(source)] == [True]


def test_references():
    assert resolve("lesson {lesson:tables}.", "code", LESSONS, {}) == "lesson 04."
    link = """lesson [04](04_tables.ipynb "The 'tables'")."""
    assert resolve("lesson {lesson:tables}.", "markdown", LESSONS, {}) == link
    assert resolve("`{todo:sum-code}`: do it", "markdown", {}, {"sum-code": 5}) == "`TODO 5`: do it"
    assert resolve("{lesson} {other:tables} $\\{x\\}$", "markdown", LESSONS, {}) == "{lesson} {other:tables} $\\{x\\}$"


@pytest.mark.parametrize("text", ["{lesson:chairs}", "{todo:chairs}"])
def test_a_reference_that_leads_nowhere(text):
    with pytest.raises(CourseError, match=r"^\{(lesson|todo):chairs\} leads nowhere: choose among (tables|sum-code)$"):
        resolve(text, "markdown", LESSONS, {"sum-code": 5})
