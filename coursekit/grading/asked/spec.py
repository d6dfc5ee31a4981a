"""What authors write in a lesson's `grading.py`: how each exercise is marked."""

import ast
import hashlib
import math
import runpy
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.problems import CourseError, one_line

Draw = dict[str, Any]
Judge = Callable[[Any, Any, Draw], float | bool]


@dataclass(frozen=True)
class Graded:
    """How one exercise, or a part of it, is marked.

    Attributes:
        exercise: name of the exercise's cell.
        inputs: makes the inputs of one draw: plain values by name (None, bools, numbers, strings, arrays, and lists,
            tuples and dicts of them).
        probe: code that runs after the student's answer, with the names of `inputs` as global variables; it leaves
            plain data in `result`.
        points_share: share of the exercise's points; the shares of all its parts add up to 1.
        needs: names of cells to run before the answer, beside those that define a name which is used (a cell that
            only changes something, say).
        skip: names of cells not to run, although they define a name that is used.
        draws: how many times the probe runs, each time with new inputs; the worst result counts.
        rtol: relative tolerance of numbers.
        atol: absolute tolerance of numbers, in their own unit.
        judge: from (result, reference's result, inputs) to the share earned, 0 to 1, or a bool. It runs outside the
            sandbox, on plain data that a student may have forged: whatever it raises is worth 0. None: the result has
            to equal the reference's.
        seconds: processor time that one draw may take; three times that and a bit on the clock.
        hint: whether the lesson's check cell says what is wrong when the answer loses marks.
    """

    exercise: str
    inputs: Callable[[np.random.Generator], Draw]
    probe: str
    _: KW_ONLY
    points_share: float = 1.0
    needs: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    draws: int = 5
    rtol: float = 1e-5
    atol: float = 1e-7
    judge: Judge | None = None
    seconds: float = 20.0
    hint: bool = True


def draws_of(graded: Graded, seed: bytes) -> list[Draw]:
    """The inputs of each draw: the same for the same seed, others for another one."""
    entropy = int.from_bytes(hashlib.sha256(seed + graded.exercise.encode()).digest())
    return [graded.inputs(np.random.default_rng([entropy, number])) for number in range(graded.draws)]


def read_spec(path: Path, exercises: Iterable[str]) -> dict[str, tuple[Graded, ...]]:
    """Read `grading.py`.

    Args:
        path: the file.
        exercises: names of the lesson's exercises.

    Returns:
        The parts of each exercise, in their order.

    Raises:
        CourseError: the file is missing or broken, or does not say how to mark every exercise.
    """
    if not path.is_file():
        raise CourseError("this file is not there, and the lesson has exercises: write it")
    try:
        written = list(runpy.run_path(str(path))["EXERCISES"])
    except Exception as error:
        raise CourseError(f"this file does not run ({one_line(repr(error))}): mend it") from error
    spec = {exercise: tuple(graded for graded in written if graded.exercise == exercise) for exercise in exercises}
    for graded in written:
        if graded.exercise not in spec:
            raise CourseError(f"the lesson has no exercise {graded.exercise!r}: use the name of a cell")
        parsed(graded)
    for exercise, parts in spec.items():
        if not math.isclose(sum(part.points_share for part in parts), 1.0):
            raise CourseError(f"the parts of {exercise!r} must have shares that add up to 1")
    return spec


def parsed(graded: Graded) -> None:
    """Refuse a probe that no kernel can run.

    Raises:
        CourseError: its code does not parse, or it never sets `result`.
    """
    try:
        tree = ast.parse(graded.probe)
    except SyntaxError as error:
        raise CourseError(f"the probe of {graded.exercise!r} does not parse ({error.msg}): mend it") from error
    if not any(isinstance(node, ast.Name) and node.id == "result" for node in ast.walk(tree)):
        raise CourseError(f"the probe of {graded.exercise!r} must leave its data in `result`")
