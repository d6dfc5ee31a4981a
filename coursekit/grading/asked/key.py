"""The answer key of a lesson: its exercises as the course's own notebooks hold them."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from coursekit.contents import languages_of
from coursekit.course import MASTER, Course
from coursekit.grading.asked.cells import code_cells, lines_read, tree_of
from coursekit.grading.asked.exercise import Exercise, exercises_of
from coursekit.grading.asked.slices import Given
from coursekit.grading.asked.spec import Graded, read_spec
from coursekit.notebook import Notebook, dumps, loads, text_of
from coursekit.problems import CourseError, place
from coursekit.tags import meaning, tags_of


@dataclass(frozen=True)
class Key:
    """What the grader knows of a lesson.

    Attributes:
        lesson: its name.
        number: its number, as columns name it.
        exercises: in their order.
        questions: names and points of the questions in words.
        student: by language, the notebook that students get.
        solution: by language, the reference's.
        spec: by exercise, how it is marked.
        digest: changes when anything of this does.
    """

    lesson: str
    number: str
    exercises: tuple[Exercise, ...]
    questions: dict[str, int]
    student: dict[str, Notebook]
    solution: dict[str, Notebook]
    spec: dict[str, tuple[Graded, ...]]
    digest: bytes

    @property
    def points(self) -> int:
        """All that can be earned without the questions."""
        return sum(exercise.points for exercise in self.exercises)

    @cached_property
    def cell_names(self) -> frozenset[str]:
        """Names of all cells of the lesson."""
        return frozenset(cell["id"] for cell in self.student[MASTER]["cells"])

    @cached_property
    def text(self) -> dict[str, frozenset[str]]:
        """By language, the lines of text and comments, by which a notebook is recognised."""
        return {
            language: frozenset[str]().union(
                *(lines_read(text_of(cell), cell["cell_type"] == "code") for cell in notebook["cells"])
            )
            for language, notebook in self.student.items()
        }

    @cached_property
    def given_texts(self) -> frozenset[str]:
        """The code cells that students get, in every language."""
        return frozenset(text_of(cell) for notebook in self.student.values() for cell in code_cells(notebook))

    @cached_property
    def given_trees(self) -> frozenset[str]:
        """What each of them does."""
        return frozenset(map(tree_of, self.given_texts))

    def gives(self, source: str) -> bool:
        """Whether students get a cell that does just this."""
        return source in self.given_texts or tree_of(source) in self.given_trees

    def title(self, language: str) -> str:
        """The lesson's title."""
        for cell in self.student[language]["cells"]:
            if cell["cell_type"] == "markdown" and text_of(cell).startswith("# "):
                return text_of(cell).split("\n")[0].removeprefix("# ").strip()
        return self.lesson

    def given(self, language: str, exercise: str, checks: bool = False) -> list[Given]:
        """The cells before an exercise that may be run, the reference's answers in the place of exercises.

        Args:
            language: of the notebook.
            exercise: name of the exercise.
            checks: whether check cells are among them: a later check may use what an earlier one defines.
        """
        answers = {other.name: other.solution[language] for other in self.exercises}
        before = []
        for cell in code_cells(self.student[language]):
            name, tags = cell["id"], tags_of(cell)
            if name == exercise:
                break
            if not meaning(tags).aside or (checks and "check" in tags):
                before.append(Given(name, answers.get(name, text_of(cell))))
        return before


def read_key(course: Course, lesson: str) -> Key:
    """Read what the grader needs of a lesson, from its committed notebooks and its `grading.py`.

    Raises:
        CourseError: a notebook is missing or not in step, or `grading.py` is faulty.
    """
    sides: dict[str, dict[str, Notebook]] = {"notebooks": {}, "solutions": {}}
    digest = hashlib.sha256()
    for kind, notebooks in sides.items():
        for language in languages_of(course, lesson):
            path = course.notebook(kind, language, lesson)
            with place(course.relative(path)):
                if not path.is_file():
                    raise CourseError("this notebook is not there: run coursekit build first")
                notebooks[language] = loads(path)
                bare = [[cell["id"], text_of(cell), cell["metadata"]] for cell in notebooks[language]["cells"]]
                digest.update(dumps({"cells": bare}))
    student, solution = sides.values()
    exercises = tuple(exercises_of(student, solution))
    path = course.source(lesson).with_name("grading.py")
    with place(course.relative(path)):
        spec = read_spec(path, [exercise.name for exercise in exercises])
    digest.update(path.read_bytes())
    questions = {
        cell["id"]: cell["metadata"]["points"] for cell in student[MASTER]["cells"] if "question" in tags_of(cell)
    }
    return Key(lesson, course.number(lesson), exercises, questions, student, solution, spec, digest.digest())
