"""The feedback page of a student, in the language of the notebook that was handed in."""

from collections.abc import Sequence
from typing import NamedTuple

from coursekit.course import MASTER
from coursekit.files import write_text
from coursekit.grading.asked.exercise import Exercise
from coursekit.grading.asked.key import Key
from coursekit.grading.handed_in.normalise import Answers
from coursekit.grading.marking.marks import Mark, Marked, points
from coursekit.grading.told.exports import Results
from coursekit.grading.told.names import page_names
from coursekit.grading.told.pages import page
from coursekit.grading.told.words import local, page_words, points_of, points_to_come, said, states

SIGNS = {"right": "✓", "partly": "◐", "wrong": "✗"}
LONGEST = 20_000  # characters of an answer that are shown


class AnswerPart(NamedTuple):
    """What the page says of an answer, in plain text with `code`; what is "" is left out."""

    look: str
    sign: str
    title: str
    earned: str
    sentence: str
    error: str
    hint: str
    notes: list[str]
    code: str


class LessonPart(NamedTuple):
    """What the page says of a lesson, in the language of its notebook."""

    language: str
    words: dict[str, str]
    title: str
    points: str
    answers: list[AnswerPart]
    rest: str


def export(results: Results) -> None:
    """Write `feedback/NAME.html` for each student."""
    names = page_names(one.student.name for one in results.marked)
    for one in results.marked:
        write_text(results.out / "feedback" / names[one.student.name], feedback(results.keys, one))


def feedback(keys: Sequence[Key], marked: Marked) -> str:
    """The page as HTML; nothing that comes from the student is live."""
    student = marked.student
    language = student.language or MASTER
    return page(
        "feedback.html",
        language=language,
        words=page_words(language),
        student=student.name,
        lessons=[lesson_part(key, marked) for key in keys if key.lesson in student.answers],
        notes=[(file, said(note, language)) for file, note in student.notes],
    )


def lesson_part(key: Key, marked: Marked) -> LessonPart:
    """What is said of a lesson."""
    answers, marks = marked.student.answers[key.lesson], marked.marks[key.lesson]
    language = answers.language
    most = sum(key.questions.values())
    return LessonPart(
        language,
        page_words(language),
        key.title(language),
        points_of(marked.points(key), key.points, language),
        [answer_part(exercise, marks[exercise.name], answers) for exercise in key.exercises],
        points_to_come(most, language) if key.questions else "",
    )


def answer_part(exercise: Exercise, mark: Mark, answers: Answers) -> AnswerPart:
    """What is said of an answer."""
    language, look = answers.language, mark.state if mark.state in SIGNS else "wrong"
    return AnswerPart(
        look,
        SIGNS[look],
        heading(exercise),
        f"{local(points(exercise, mark), language)} / {exercise.points}",
        "" if mark.state == "right" else states(language)[mark.state].format(limit=local(mark.limit, language)),
        mark.error if mark.state == "raised" else "",
        mark.hint,
        [said(note, language) for note in answers.notes.get(exercise.name, ())],
        answers.code.get(exercise.name, "")[:LONGEST],
    )


def heading(exercise: Exercise) -> str:
    """What an exercise is called on the page: its TODO numbers and what it defines."""
    todo = f"TODO {', '.join(exercise.todos)} · " if exercise.todos else ""
    functions = ", ".join(f"`{name}`" for name in exercise.names)
    return f"{todo}{functions}"
