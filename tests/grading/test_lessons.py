"""Each lesson's `grading.py`: right answers get full marks in every language, and every known mistake loses some."""

from functools import cache

import pytest

from coursekit.grading.grade import Options, gradable, grade
from coursekit.grading.key import read_key
from coursekit.grading.sandbox import available
from tests.grading import classroom as room
from tests.grading.classroom import COURSE, LANGUAGES, as_bytes
from tests.lessons.playing import mistakes

LESSONS = gradable(COURSE)
MISTAKES = [(lesson, number) for lesson in LESSONS for number in range(len(mistakes(lesson)))]
pytestmark = pytest.mark.skipif(bool(available()), reason=available())


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """By lesson, the marks of students who made one mistake each, of solutions and of untouched notebooks."""

    @cache
    def of(lesson):
        folder = tmp_path_factory.mktemp(lesson)
        notebooks = {
            f"mistake {n}": room.solved(lesson, **{m.exercise.replace("-", "_"): m.code})
            for n, m in enumerate(mistakes(lesson))
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


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_right_answers_get_full_marks_and_untouched_ones_none(marks, lesson, language):
    solution, untouched = marks(lesson)[f"solution {language}"], marks(lesson)[f"untouched {language}"]
    assert {name: (mark.state, mark.share, mark.error) for name, mark in solution.items()} == dict.fromkeys(
        solution, ("right", 1.0, "")
    )
    assert {(mark.state, mark.share) for mark in untouched.values()} == {("undone", 0.0)}


@pytest.mark.parametrize(("lesson", "number"), MISTAKES)
def test_a_mistake_loses_marks_and_nothing_else_does(marks, lesson, number):
    mistake, got = mistakes(lesson)[number], marks(lesson)[f"mistake {number}"]
    mark = got.pop(mistake.exercise)
    assert mark.share < 1, mistake.code
    assert {other.share for other in got.values()} == {1.0}
    assert mark.state in ("wrong", "partly", "raised", "refused", "undone"), mark
    if mark.state in ("wrong", "partly"):
        assert mistake.message in mark.hint
