"""nbgrader's gradebook: marks go in, and formgrader marks the questions in words by hand."""

import copy
import os
import sysconfig
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coursekit.files import write_bytes
from coursekit.grading.asked.key import Key
from coursekit.grading.handed_in.normalise import Answers
from coursekit.grading.marking.marks import Mark, Marked, points
from coursekit.grading.told.exports import Results
from coursekit.grading.told.names import distinct_names
from coursekit.grading.told.words import states
from coursekit.notebook import Notebook, dumps, text_of
from coursekit.problems import CourseError
from coursekit.tags import meaning, tags_of

SCHEMA = 3  # of nbgrader's metadata


def export(results: Results) -> None:
    """Write into nbgrader's gradebook, where one is named."""
    if results.gradebook:
        write_gradebook(results.gradebook, results.keys, results.marked)


def write_gradebook(path: Path, keys: Sequence[Key], marked: Sequence[Marked]) -> None:
    """Write the marks into nbgrader's database, and the notebooks that formgrader shows beside it.

    A lesson is an assignment with one notebook of the same name. Marks given by hand stay as they are.

    Args:
        path: the database; its folder is the root of nbgrader's course.
        keys: of the lessons.
        marked: the class.

    Raises:
        CourseError: nbgrader is not installed.
    """
    # What nbgrader calls each student must suit its folders, and its CSV.
    ids = distinct_names((one.student.name for one in marked), r"[^\w.-]+")
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened(path.resolve()) as book:
        for key in keys:
            add_lesson(book, key)
        for one in marked:
            student = ids[one.student.name]
            for key in keys:
                if key.lesson not in one.marks:
                    continue
                book.update_or_create_student(student, last_name=one.student.name.replace(",", " "))
                answers, marks = one.student.answers[key.lesson], one.marks[key.lesson]
                copy_to = path.parent / "autograded" / student / key.lesson / f"{key.lesson}.ipynb"
                write_bytes(copy_to, dumps(clean_copy(key, answers)))
                add_marks(book, key, student, answers, marks)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The gradebook; nbgrader looks for its own tool (alembic) on the PATH."""
    try:
        from nbgrader.api import Gradebook  # type: ignore[import-untyped]
    except ImportError as error:
        raise CourseError("--gradebook needs nbgrader: pip install nbgrader") from error
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        book = Gradebook(f"sqlite:///{path}")
    finally:
        os.environ["PATH"] = before
    with book, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="nbgrader")  # SQLAlchemy, about how nbgrader uses it
        yield book


def add_lesson(book: Any, key: Key) -> None:
    """Tell the gradebook what a lesson's cells are worth."""
    book.update_or_create_assignment(key.lesson)
    book.update_or_create_notebook(key.lesson, key.lesson)
    for cell in key.student["en"]["cells"]:
        if not meaning(tags_of(cell)).graded:
            continue
        name, kind, place = cell["id"], cell["cell_type"], (key.lesson, key.lesson)
        book.update_or_create_grade_cell(name, *place, max_score=cell["metadata"]["points"], cell_type=kind)
        book.update_or_create_solution_cell(name, *place)
        book.update_or_create_source_cell(name, *place, cell_type=kind, source=text_of(cell), locked=False)


def add_marks(book: Any, key: Key, student: str, answers: Answers, marks: dict[str, Mark]) -> None:
    """Put a student's marks for a lesson into the gradebook."""
    book.update_or_create_submission(key.lesson, student)
    scores: dict[str, float | None] = {e.name: points(e, marks[e.name]) for e in key.exercises}
    comments = {name: mark.hint for name, mark in marks.items()}
    for exercise in key.exercises:
        if marks[exercise.name].state == "failed":
            scores[exercise.name] = None
    for question in key.questions:
        scores[question] = None if question in answers.written else 0.0
        comments[question] = "" if question in answers.written else states(answers.language)["undone"]
    for name, score in scores.items():
        grade = book.find_grade(name, key.lesson, key.lesson, student)
        grade.auto_score = score
        if grade.manual_score is None:
            grade.needs_manual_grade = score is None
        comment = book.find_comment(name, key.lesson, key.lesson, student)
        comment.auto_comment = comments[name] or None
    book.db.commit()


def clean_copy(key: Key, answers: Answers) -> Notebook:
    """The lesson's notebook with the student's answers in their places, and nbgrader's metadata."""
    notebook = copy.deepcopy(key.student[answers.language])
    for cell in notebook["cells"]:
        tags = tags_of(cell)
        if not meaning(tags).graded:
            continue
        name = cell["id"]
        written = answers.code.get(name) or answers.written.get(name)
        if written:
            cell["source"] = written.splitlines(keepends=True)
        cell["metadata"]["nbgrader"] = {
            "cell_type": cell["cell_type"],
            "grade": True,
            "grade_id": name,
            "locked": False,
            "points": cell["metadata"]["points"],
            "schema_version": SCHEMA,
            "solution": True,
            "task": False,
        }
    return notebook
