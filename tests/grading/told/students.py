"""Students of the lesson mdp_q_learning, with the marks that a test needs."""

from coursekit.grading.asked.key import read_key
from coursekit.grading.handed_in.normalise import Answers
from coursekit.grading.handed_in.roll import Student
from coursekit.grading.marking.marks import UNDONE, Mark, Marked
from tests.grading.classroom import COURSE, MDP

KEY = read_key(COURSE, MDP)
ATTACK = "<script>alert(1)</script>"


def student(name, language="en", words=None, **states):
    """A student of the lesson mdp_q_learning with these marks; all other exercises are right."""
    marks = {exercise.name: Mark(1.0, "right") for exercise in KEY.exercises}
    marks |= {exercise.replace("_", "-"): mark for exercise, mark in states.items()}
    code = {exercise: f"# {ATTACK}" for exercise, mark in marks.items() if mark != UNDONE}
    answers = Answers(MDP, language, code, {}, words or {})
    return Marked(Student(name, {MDP: answers}, {MDP: "x.ipynb"}), {MDP: marks})
