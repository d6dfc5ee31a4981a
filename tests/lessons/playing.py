"""Lessons played in this process: their cells run in order, wrong answers put in the place of right ones."""

import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import labkit
from coursekit.course import MASTER, Course, open_course
from coursekit.mistakes import Mistake
from coursekit.notebook import text_of

ROOT = Path(__file__).parents[2]
COURSE: Course = open_course(ROOT)
LESSONS = COURSE.lessons()
SLOW = {"training", "nbval-skip"}  # run by nbval; no answer needs them


class Played(NamedTuple):
    """What the checks of a lesson played.

    Attributes:
        solved: by check cell, what it raised after the right answers (None when it passed).
        wrong: by number of the mistake, what its check cell raised.
        undone: by exercise cell, what its check cell raised when it was left as students get it.
    """

    solved: dict[str, BaseException | None]
    wrong: dict[int, BaseException | None]
    undone: dict[str, BaseException | None]


def mistakes(lesson: str) -> list[Mistake]:
    """The bank of plausible wrong answers of a lesson."""
    return list(runpy.run_path(str(ROOT / "lessons" / lesson / "mistakes.py"))["MISTAKES"])


def code_cells(kind: str, language: str, lesson: str) -> list[dict[str, Any]]:
    """The code cells of a committed notebook."""
    cells = json.loads(COURSE.notebook(kind, language, lesson).read_text("utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def raised(source: str, namespace: dict[str, Any]) -> BaseException | None:
    """What a cell raises, or None."""
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except Exception as error:
        return error
    return None


@cache
def play(lesson: str, language: str) -> Played:
    """Run the solution's cells; at each check, give it every wrong answer and the empty one first."""
    try:
        return run_cells(lesson, language)
    finally:
        labkit.use(MASTER)  # the cells choose the language of this process, in which other tests run too


def run_cells(lesson: str, language: str) -> Played:
    """The same, and labkit is left in the lesson's language."""
    bank = mistakes(lesson)
    stubs = {cell["id"]: text_of(cell) for cell in code_cells("notebooks", language, lesson)}
    solutions = {cell["id"]: text_of(cell) for cell in code_cells("solutions", language, lesson)}
    played = Played({}, {}, {})
    namespace: dict[str, Any] = {"__name__": "__main__"}
    waiting: list[str] = []
    for cell in code_cells("solutions", language, lesson):
        name, tags = cell["id"], set(cell["metadata"].get("tags", ()))
        if tags & SLOW:
            continue
        if "exercise" in tags:
            waiting.append(name)
        if "check" not in tags:
            error = raised(solutions[name], namespace)
            if error and not isinstance(error, NotImplementedError):  # results of a training cell are not there
                raise error
            continue

        def tried(exercise: str, code: str, check: str = name) -> BaseException | None:
            error = raised(code, namespace) or raised(solutions[check], namespace)
            raised(solutions[exercise], namespace)
            return error

        played.undone.update({exercise: tried(exercise, stubs[exercise]) for exercise in waiting})
        waiting = []
        played.wrong.update({number: tried(m.exercise, m.code) for number, m in enumerate(bank) if m.check == name})
        played.solved[name] = raised(solutions[name], namespace)
    return played
