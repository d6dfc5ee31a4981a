"""The feedback page of a student, in the language of the notebook that was handed in."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from coursekit.course import MASTER
from coursekit.grading.asked.exercise import Exercise
from coursekit.grading.asked.key import Key
from coursekit.grading.marking.marks import Mark, Marked, number, points
from coursekit.grading.told.page import page, prose
from coursekit.grading.told.words import PAGE, STATES, said

SIGNS = {"right": "✓", "partly": "◐"}
LONGEST = 20_000  # characters of an answer that are shown


def feedback(keys: Sequence[Key], marked: Marked) -> str:
    """The page as HTML; all that comes from the student is escaped."""
    student = marked.student
    language = student.language or MASTER
    words = PAGE[language]
    body = [f"<h1>{words['feedback']} · {escape(student.name)}</h1>"]
    for key in keys:
        if key.lesson in student.answers:
            body += lesson_part(key, marked)
    if not student.answers:
        body.append(f"<p>{words['nothing']}</p>")
    if student.notes:
        items = "".join(f"<li>{escape(file)}: {prose(said(note, language))}</li>" for file, note in student.notes)
        body.append(f"<h2>{words['notes']}</h2>\n<ul>{items}</ul>")
    return page(language, f"{words['feedback']} · {student.name}", "\n".join(body))


def lesson_part(key: Key, marked: Marked) -> Iterator[str]:
    """The part of the page that is about a lesson."""
    answers, marks = marked.student.answers[key.lesson], marked.marks[key.lesson]
    language = answers.language
    words = PAGE[language]
    got = words["points"].format(got=local(marked.points(key), language), most=key.points)
    yield f'<section lang="{language}">\n<h2>{prose(key.title(language))}</h2>\n<p><strong>{got}</strong></p>'
    for exercise in key.exercises:
        notes = [said(note, language) for note in answers.notes.get(exercise.name, ())]
        code = answers.code.get(exercise.name, "")
        yield exercise_part(exercise, marks[exercise.name], language, heading(exercise), code, notes)
    if key.questions:
        yield f"<p>{words['rest'].format(most=sum(key.questions.values()))} {STATES[language]['question']}.</p>"
    yield "</section>"


def exercise_part(exercise: Exercise, mark: Mark, language: str, title: str, code: str, notes: Iterable[str]) -> str:
    """The part of the page that is about an exercise."""
    words, look = PAGE[language], mark.state if mark.state in SIGNS else "wrong"
    earned = f"{local(points(exercise, mark), language)} / {exercise.points}"
    lines = [
        f'<article class="{look}">',
        f"<h3><b>{SIGNS.get(look, '✗')} {prose(title)}</b> <span>{earned}</span></h3>",
    ]
    if mark.state != "right":
        sentence = STATES[language][mark.state].format(limit=f"{mark.limit:g}")
        error = f" <code>{escape(mark.error)}</code>" if mark.state == "raised" and mark.error else ""
        lines.append(f"<p>{prose(sentence)}{error}</p>")
    if mark.hint:
        lines.append(f"<p><strong>{words['hint']}</strong>{prose(mark.hint)}</p>")
    lines += [f'<p class="note">{prose(note)}</p>' for note in notes]
    if code:
        lines.append(f"<details><summary>{words['answer']}</summary><pre>{escape(code[:LONGEST])}</pre></details>")
    return "\n".join([*lines, "</article>"])


def heading(exercise: Exercise) -> str:
    """What an exercise is called on the page: its TODO numbers and what it defines."""
    todo = f"TODO {', '.join(exercise.todos)} · " if exercise.todos else ""
    functions = ", ".join(f"`{name}`" for name in exercise.names)
    return f"{todo}{functions}"


def local(value: float, language: str) -> str:
    """A number of points as the language writes it."""
    return number(value) if language == MASTER else number(value).replace(".", ",")


def page_names(students: Iterable[str]) -> dict[str, str]:
    """A file name for each student's page."""
    return {student: f"{name}.html" for student, name in distinct_names(students, r"[^\w .()-]+").items()}


def distinct_names(students: Iterable[str], refused: str) -> dict[str, str]:
    """What to call each student in a file system: no two alike, on any system, whatever they are called.

    Args:
        students: all of them.
        refused: pattern of what a name may not hold.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        plain = re.sub(refused, "_", unicodedata.normalize("NFC", student)).strip(" .")[:80] or "student"
        name, count = plain, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain}-{count}"
        taken.add(name.casefold())
        names[student] = name
    return names
