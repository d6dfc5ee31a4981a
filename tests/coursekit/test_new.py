"""A lesson made by `coursekit new`: it builds, checks, executes and is marked as it stands, in every language."""

import json
import runpy
import shutil
from pathlib import Path

import pytest

from coursekit.build import build, update
from coursekit.check import check
from coursekit.course import open_course
from coursekit.execute import execute
from coursekit.grading.grade import Options, grade
from coursekit.grading.sandbox.bubblewrap import available
from coursekit.new import new_lesson
from coursekit.problems import CourseError
from labkit.checks import CheckFailed
from tests.lessons.playing import raised

ROOT = Path(__file__).parents[2]
NAME = "first_steps"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with this labkit and one lesson, the new one."""
    root = tmp_path_factory.mktemp("course")
    (root / "lessons").mkdir()
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "labkit").symlink_to(ROOT / "labkit")
    text = (ROOT / "lessons" / "course.toml").read_text("utf-8")
    head, languages = text.split("[[part]]", 1)[0], text[text.index("# The languages of the course") :]
    part = '[[part]]\ntitle = "Policies"  # the last one\nlessons = []\n\n'
    (root / "lessons" / "course.toml").write_text(head + part + languages, "utf-8")
    for language in open_course(root).translations:
        shutil.copy(ROOT / "lessons" / f"{language}.po", root / "lessons")
    new_lesson(open_course(root), NAME)
    made = open_course(root)
    assert made.lessons() == [NAME]
    build(made, [NAME])
    return made


def cells(course, kind, language):
    notebook = json.loads(course.notebook(kind, language, NAME).read_text("utf-8"))
    return {cell["id"]: cell for cell in notebook["cells"]}


def test_the_list_of_lessons_keeps_its_comments(course):
    text = (course.root / "lessons" / "course.toml").read_text("utf-8")
    assert '"Policies"  # the last one\nlessons = ["first_steps"]\n' in text


def test_nothing_but_a_run_is_missing(course):
    assert update(course, [NAME]) == [] and build(course, [NAME]) == []
    reasons = {problem.reason for problem in check(course, [NAME])}
    assert reasons == {"this cell was not executed: run coursekit execute 01_first_steps"}


def test_it_has_one_cell_of_each_kind(course):
    tags = {tag for cell in cells(course, "solutions", "en").values() for tag in cell["metadata"].get("tags", ())}
    assert {"exercise", "check", "question", "setup", "training", "solution-only"} <= tags
    assert "check-by-hand" not in cells(course, "notebooks", "en")


def test_it_runs(course):
    execute(course, [NAME], ["fr"])
    (said,) = cells(course, "solutions", "fr")["train-check"]["outputs"]
    assert "".join(said["text"]).startswith("✓")
    assert not [problem for problem in check(course, [NAME]) if problem.file.startswith("solutions/fr")]


def test_its_mistakes_are_named(course):
    check_cell = "".join(cells(course, "solutions", "en")["discounted-return-check"]["source"])
    for mistake in runpy.run_path(str(course.source(NAME).with_name("mistakes.py")))["MISTAKES"]:
        namespace = {}
        exec("import labkit\nimport numpy as np", namespace)
        exec(mistake.code, namespace)
        error = raised(check_cell, namespace)
        assert isinstance(error, CheckFailed) and mistake.message in str(error)


@pytest.mark.skipif(bool(available()), reason=available() or "there is a sandbox")
def test_it_is_marked(course, tmp_path):
    for student, kind, language in [("Right", "solutions", "ro"), ("Empty", "notebooks", "fr")]:
        (tmp_path / "in" / student).mkdir(parents=True)
        shutil.copy(course.notebook(kind, language, NAME), tmp_path / "in" / student)
    marked = {one.student.name: one.marks[NAME] for one in grade(course, tmp_path / "in", tmp_path / "out", Options())}
    shares = {name: {exercise: mark.share for exercise, mark in marks.items()} for name, marks in marked.items()}
    assert shares == {"Right": {"discounted-return": 1.0}, "Empty": {"discounted-return": 0.0}}


@pytest.mark.parametrize(("name", "reason"), [("First steps", "no lesson's name"), (NAME, "already")])
def test_a_name_that_will_not_do(course, name, reason):
    with pytest.raises(CourseError, match=reason):
        new_lesson(course, name)
