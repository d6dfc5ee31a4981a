"""Plausible wrong answers, by which each check cell of a lesson is proved."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """One wrong answer that a student might well give.

    Attributes:
        exercise: name of the exercise cell that `code` stands in for.
        check: name of the check cell that must catch it.
        code: the whole wrong answer, as it would stand in the exercise cell.
        message: a fragment of the English message that must be shown.
    """

    exercise: str
    check: str
    code: str
    message: str
