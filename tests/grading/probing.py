"""Answers probed in this process: quick, and only for code of our own. The sandbox has tests of its own."""

import base64
import contextlib
import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import matplotlib

from coursekit.course import MASTER
from coursekit.grading.asked.exercise import Exercise
from coursekit.grading.asked.key import Key, read_key
from coursekit.grading.marking.judge import share_of_draw
from coursekit.grading.marking.probes import draws_for, make_job
from coursekit.grading.sandbox.guest.calls import load, seed
from coursekit.grading.sandbox.guest.wire import encode
from tests.grading.classroom import COURSE

matplotlib.use("agg")


@cache
def key_of(lesson: str) -> Key:
    return read_key(COURSE, lesson)


@cache
def inputs_of(lesson: str) -> dict[str, list[list[dict[str, Any]]]]:
    return draws_for(key_of(lesson), "")


def probed(lesson: str, exercise: Exercise, part: int, answer: str = "") -> Iterator[bytes]:
    """The results of one part of an exercise, draw by draw; the reference's without an answer."""
    graded, draws = key_of(lesson).spec[exercise.name][part], inputs_of(lesson)[exercise.name][part]
    job = make_job(key_of(lesson), exercise, graded, MASTER, answer, draws)
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for code in job.setup:
            exec(code, names)
        seed()
        exec(job.answer, names)
    for draw in job.draws:
        load(base64.b64encode(draw).decode(), names)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(job.probe, names)
        yield encode(names["result"])


@cache
def reference(lesson: str, exercise: str, part: int) -> list[bytes]:
    return list(probed(lesson, find(lesson, exercise), part))


def find(lesson: str, exercise: str) -> Exercise:
    return next(each for each in key_of(lesson).exercises if each.name == exercise)


def loses(lesson: str, exercise: str, answer: str) -> bool:
    """Whether an answer loses marks: after the first draw that shows it, no other is made."""
    for part, graded in enumerate(key_of(lesson).spec[exercise]):
        right, draws = reference(lesson, exercise, part), inputs_of(lesson)[exercise][part]
        try:
            for got, want, draw in zip(probed(lesson, find(lesson, exercise), part, answer), right, draws, strict=True):
                if share_of_draw(graded, got, want, draw) < 1:
                    return True
        except Exception:
            return True
    return False
