"""Every known mistake of a lesson loses marks; every check that gives a hint has the cells that it needs."""

import builtins

import pytest

from coursekit.course import MASTER
from coursekit.grading.asked.slices import defined, used
from coursekit.grading.grade import gradable
from coursekit.grading.marking.probes import make_job
from tests.grading.classroom import COURSE
from tests.grading.probing import key_of, loses
from tests.lessons.playing import mistakes

LESSONS = gradable(COURSE)
MISTAKES = [(lesson, number) for lesson in LESSONS for number in range(len(mistakes(lesson)))]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("lesson", "number"), MISTAKES)
def test_a_mistake_loses_marks(lesson, number):
    mistake = mistakes(lesson)[number]
    assert loses(lesson, mistake.exercise, mistake.code), mistake.code


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_check_has_all_that_it_uses(lesson):
    key = key_of(lesson)
    for exercise in key.exercises:
        job = make_job(key, exercise, key.spec[exercise.name][0], MASTER, "", [], check=True)
        known = {*dir(builtins), "__name__"}.union(*map(defined, (*job.setup, job.answer, job.check)))
        assert not used(job.check) - known, exercise.name
