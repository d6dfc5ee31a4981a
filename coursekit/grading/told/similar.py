"""Answers of different students that are nearly identical, beyond what the exercise makes inevitable."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from coursekit.forms import LEAST, parsed
from coursekit.grading.asked.exercise import Exercise
from coursekit.trees import nameless, size

COMMON = 0.1  # share of the class that may well have the same idea ...
FEW = 3  # ... or so many students
ALIKE = 0.8  # share of the rest of two answers that is the same
TELLING = 3  # parts that the rest must have to tell anything


class Pair(NamedTuple):
    """Two students whose answers to some exercises are nearly identical."""

    one: str
    other: str
    exercises: tuple[str, ...]


def telling(exercise: Exercise, answers: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """By student, the parts of an answer that are the student's own.

    Parts are statements and expressions without their names, so that renaming hides nothing. Those that the
    exercise gives, that the reference has too, or that many students have, are no sign of anything.
    """
    given = [text for texts in (exercise.stub, exercise.solution) for text in texts.values()]
    inevitable = frozenset[str]().union(*map(forms_of, given))
    forms = {student: forms_of(text) - inevitable for student, text in answers.items()}
    times = Counter(form for own in forms.values() for form in own)
    most = max(FEW, COMMON * len(answers))
    return {student: frozenset(form for form in own if times[form] <= most) for student, own in forms.items()}


def forms_of(source: str) -> frozenset[str]:
    """The statements and expressions that say enough to tell an answer, without their names."""
    nodes = (node for node in ast.walk(parsed(source)) if isinstance(node, ast.stmt | ast.expr) and size(node) >= LEAST)
    return frozenset(map(nameless, nodes))


def similar(exercises: Sequence[Exercise], answers: Mapping[str, Mapping[str, str]]) -> Iterator[Pair]:
    """Pairs of students, those with most exercises alike first.

    Args:
        exercises: of a lesson.
        answers: by student, then by exercise, the code.
    """
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for exercise in exercises:
        own = telling(
            exercise, {name: codes[exercise.name] for name, codes in answers.items() if exercise.name in codes}
        )
        for one, other in combinations(sorted(own), 2):
            shared, either = own[one] & own[other], own[one] | own[other]
            if len(shared) >= TELLING and len(shared) >= ALIKE * len(either):
                alike[one, other].append(exercise.name)
    for (one, other), names in sorted(alike.items(), key=lambda item: (-len(item[1]), item[0])):
        yield Pair(one, other, tuple(names))
