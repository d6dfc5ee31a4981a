"""Each check cell passes right answers, fails empty ones, and names the fault of wrong ones."""

import pytest

from labkit.checks import CheckFailed
from tests.lessons.playing import COURSE, LESSONS, code_cells, mistakes, play

MISTAKES = [(lesson, number) for lesson in LESSONS for number in range(len(mistakes(lesson)))]


def of(lesson, tag, language="en"):
    return [c["id"] for c in code_cells("solutions", language, lesson) if tag in c["metadata"].get("tags", ())]


EXERCISES = [(lesson, name) for lesson in LESSONS for name in of(lesson, "exercise")]


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
@pytest.mark.parametrize("language", COURSE.languages)
def test_an_empty_answer_fails_its_check(lesson, exercise, language):
    assert isinstance(play(lesson, language).undone[exercise], NotImplementedError)


@pytest.mark.parametrize(("lesson", "number"), MISTAKES)
def test_a_wrong_answer_is_named(lesson, number):
    error = play(lesson, "en").wrong[number]
    assert isinstance(error, CheckFailed), f"not caught: {mistakes(lesson)[number].code}\n{error!r}"
    assert mistakes(lesson)[number].message in str(error)


@pytest.mark.parametrize(("lesson", "number"), MISTAKES)
@pytest.mark.parametrize("language", COURSE.translations)
def test_a_wrong_answer_is_named_in_the_students_language(lesson, number, language):
    error = play(lesson, language).wrong[number]
    assert isinstance(error, CheckFailed)
    assert str(error) != str(play(lesson, "en").wrong[number])


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_has_wrong_answers(lesson):
    tried = {mistake.exercise for mistake in mistakes(lesson)}
    assert tried == set(of(lesson, "exercise"))


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", COURSE.languages)
def test_right_answers_pass(lesson, language):
    for check, error in play(lesson, language).solved.items():
        # A check of trained results has none here; nbval runs it after the training.
        assert error is None or isinstance(error, NotImplementedError), f"{check}: {error!r}"
    passed = [check for check, error in play(lesson, language).solved.items() if error is None]
    assert len(passed) >= len({mistake.check for mistake in mistakes(lesson)})
