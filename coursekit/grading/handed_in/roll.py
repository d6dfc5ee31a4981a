"""The class: each student's answers, lesson by lesson, and what is odd about what was handed in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from coursekit.grading.asked.key import Key
from coursekit.grading.handed_in.normalise import Answers, answers_in, recognise
from coursekit.grading.handed_in.notes import Note
from coursekit.grading.handed_in.papers import read_paper
from coursekit.grading.handed_in.submissions import File, collect


@dataclass
class Student:
    """What one student handed in.

    Attributes:
        name: as the learning platform gives it.
        answers: by lesson.
        files: by lesson, the file that counts.
        notes: what is odd, each with the file that it is about.
    """

    name: str
    answers: dict[str, Answers] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, Note]] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language to address the student in."""
        return next((answers.language for answers in self.answers.values()), "")


def read_class(source: Path, keys: Sequence[Key], wanted: Sequence[str]) -> Iterator[Student]:
    """Read all that was handed in.

    Args:
        source: folder or zip.
        keys: of all lessons that can be marked, so that each notebook is recognised.
        wanted: lessons to mark.
    """
    for name, files in groupby(collect(source), key=lambda file: file.student):
        student = Student(name)
        for file in files:
            take(student, file, keys, wanted)
        yield student


def take(student: Student, file: File, keys: Sequence[Key], wanted: Sequence[str]) -> None:
    """Add what a file holds to a student's answers."""
    if file.note:
        student.notes.append((file.name, file.note))
    if file.data is None:
        return
    if not file.is_notebook:
        student.notes.append((file.name, Note("other-file")))
        return
    paper, notes = read_paper(file.data)
    student.notes += [(file.name, note) for note in notes]
    if paper is None:
        return
    key, language = recognise(paper, keys)
    if key is None:
        student.notes.append((file.name, Note("foreign")))
        return
    if key.lesson not in wanted:
        student.notes.append((file.name, Note("other-lesson", lesson=key.lesson)))
        return
    answers = answers_in(paper, key, language)
    if earlier := student.answers.get(key.lesson):
        better = len(answers.code) >= len(earlier.code)
        kept, dropped = (file.name, student.files[key.lesson]) if better else (student.files[key.lesson], file.name)
        student.notes.append((kept, Note("several", lesson=key.lesson, dropped=dropped)))
        if not better:
            return
    student.answers[key.lesson], student.files[key.lesson] = answers, file.name
