"""Each lesson's `grading.py`, in the sandbox: right answers get full marks in every language, untouched ones none,
and the first known mistake of each exercise loses some and gets its hint. The others: `test_mistakes.py`."""

from functools import cache

import pytest

from coursekit.grading.asked.key import read_key
from coursekit.grading.grade import Options, gradable, grade
from coursekit.grading.sandbox.bubblewrap import available
from tests.grading import classroom as room
from tests.grading.classroom import COURSE, LANGUAGES, as_bytes
from tests.lessons.playing import mistakes

LESSONS = gradable(COURSE)
pytestmark = pytest.mark.skipif(bool(available()), reason=available())


@cache
def firsts(lesson):
    """The first mistake of each exercise, by its name."""
    found = {}
    for mistake in mistakes(lesson):
        found.setdefault(mistake.exercise, mistake)
    return found


MISTAKES = [(lesson, exercise) for lesson in LESSONS for exercise in firsts(lesson)]


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """By lesson, the marks of solutions, of untouched notebooks, and of students who made one mistake each."""

    @cache
    def of(lesson):
        folder = tmp_path_factory.mktemp(lesson)
        notebooks = {
            exercise: room.solved(lesson, **{exercise.replace("-", "_"): mistake.code})
            for exercise, mistake in firsts(lesson).items()
        }
        notebooks |= {f"solution {language}": room.solved(lesson, language) for language in LANGUAGES}
        notebooks |= {f"untouched {language}": room.untouched(lesson, language) for language in LANGUAGES}
        for name, notebook in notebooks.items():
            (folder / "in" / name).mkdir(parents=True)
            (folder / "in" / name / "x.ipynb").write_bytes(as_bytes(notebook))
        marked = grade(COURSE, folder / "in", folder / "out", Options(workers=2))
        return {one.student.name: one.marks[lesson] for one in marked}

    return of


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_key_has_every_exercise(lesson):
    key = read_key(COURSE, lesson)
    tagged = [c["id"] for c in room.untouched(lesson)["cells"] if "exercise" in c["metadata"].get("tags", ())]
    assert [exercise.name for exercise in key.exercises] == tagged
    assert all(key.spec[name] for name in tagged)
    assert set(firsts(lesson)) == set(tagged)


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_right_answers_get_full_marks_and_untouched_ones_none(marks, lesson, language):
    solution, untouched = marks(lesson)[f"solution {language}"], marks(lesson)[f"untouched {language}"]
    assert {name: (mark.state, mark.share, mark.error) for name, mark in solution.items()} == dict.fromkeys(
        solution, ("right", 1.0, "")
    )
    assert {(mark.state, mark.share) for mark in untouched.values()} == {("undone", 0.0)}


@pytest.mark.parametrize(("lesson", "exercise"), MISTAKES)
def test_a_mistake_loses_marks_and_nothing_else_does(marks, lesson, exercise):
    mistake, got = firsts(lesson)[exercise], dict(marks(lesson)[exercise])
    mark = got.pop(exercise)
    assert mark.share < 1, mistake.code
    assert {other.share for other in got.values()} <= {1.0}
    assert mark.state in ("wrong", "partly", "raised", "refused", "undone"), mark
    if mark.state in ("wrong", "partly"):
        assert mistake.message in mark.hint
