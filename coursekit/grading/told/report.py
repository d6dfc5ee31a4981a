"""The instructor's report: what the marks do not say by themselves."""

import re
from collections.abc import Iterator, Sequence

from coursekit.files import write_text
from coursekit.grading.asked.key import Key
from coursekit.grading.marking.marks import Marked
from coursekit.grading.told.exports import Results
from coursekit.grading.told.similar import similar
from coursekit.grading.told.words import number, said

STOPPED = {
    "timeout": "ran out of time",
    "died": "ended its kernel",
    "memory": "wanted too much memory or too many processes",
    "refused": "sent back no plain data, or too much of it",
    "failed": "**could not be marked: run the same command again**",
}


def export(results: Results) -> None:
    """Write `report.md`."""
    write_text(results.out / "report.md", report(results.keys, results.marked))


def report(keys: Sequence[Key], marked: Sequence[Marked]) -> str:
    """The report, in Markdown."""
    lines = ["# Marking report", "", f"{len(marked)} students."]
    for key in keys:
        lines += ["", f"## Lesson {key.number}", "", *overview(key, marked)]
    for title, found in (
        ("Answers that stopped", stopped(keys, marked)),
        ("Answered more than once", answered(keys, marked, twice=True)),
        ("Nearly identical answers", alike(keys, marked)),
        ("Other oddities in answers", answered(keys, marked, twice=False)),
        ("Oddities in files", files(marked)),
    ):
        lines += ["", f"## {title}", "", *(list(found) or ["None."])]
    return "\n".join(lines) + "\n"


def overview(key: Key, marked: Sequence[Marked]) -> Iterator[str]:
    """How each exercise of a lesson went."""
    handed_in = [one for one in marked if key.lesson in one.marks]
    yield f"{len(handed_in)} notebooks."
    if not handed_in:
        return
    yield from ("", "| exercise | points | right | partly | not right | not answered | mean share |")
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for exercise in key.exercises:
        marks = [one.marks[key.lesson][exercise.name] for one in handed_in]
        counts = [sum(mark.state == state for mark in marks) for state in ("right", "partly", "undone")]
        right, partly, undone = counts
        mean = sum(mark.share for mark in marks) / len(marks)
        wrong = len(marks) - sum(counts)
        yield f"| {exercise.name} | {exercise.points} | {right} | {partly} | {wrong} | {undone} | {mean:.0%} |"
    mean_points = sum(one.points(key) for one in handed_in) / len(handed_in)
    yield f"\nMean: {number(mean_points)} of {key.points} points."


def stopped(keys: Sequence[Key], marked: Sequence[Marked]) -> Iterator[str]:
    """Answers that did not come to an end of their own."""
    for one in marked:
        for key in keys:
            for exercise, mark in one.marks.get(key.lesson, {}).items():
                if mark.state in STOPPED:
                    error = f" (`{code(mark.error)}`)" if mark.error else ""
                    yield f"- {plain(one.student.name)}, {key.number} {exercise}: {STOPPED[mark.state]}{error}"


def answered(keys: Sequence[Key], marked: Sequence[Marked], twice: bool) -> Iterator[str]:
    """What is odd about single answers: those given twice, or all the rest."""
    for one in marked:
        for key in keys:
            if key.lesson not in one.student.answers:
                continue
            found: dict[str, list[str]] = {}
            for exercise, notes in one.student.answers[key.lesson].notes.items():
                for note in notes:
                    if (note.kind == "twice") == twice:
                        found.setdefault(said(note), []).append(exercise)
            for sentence, exercises in found.items():
                yield f"- {plain(one.student.name)}, {key.number} {', '.join(exercises)}: {plain(sentence)}"


def alike(keys: Sequence[Key], marked: Sequence[Marked]) -> Iterator[str]:
    """Pairs of students whose answers are nearly identical."""
    for key in keys:
        answers = {one.student.name: one.student.answers[key.lesson].code for one in marked if key.lesson in one.marks}
        for pair in similar(key.exercises, answers):
            exercises = ", ".join(pair.exercises)
            yield f"- {plain(pair.one)} and {plain(pair.other)}, lesson {key.number}: {exercises}"


def files(marked: Sequence[Marked]) -> Iterator[str]:
    """What is odd about what was handed in."""
    for one in marked:
        for file, note in one.student.notes:
            yield f"- {plain(one.student.name)}: {plain(file)}: {plain(said(note))}"


def plain(text: str) -> str:
    """Text from a student that no Markdown reader takes for markup."""
    return re.sub(r"([\\`*_\[\]<>|#!])", r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Text from a student that stays inside `code`."""
    return " ".join(text.split()).replace("`", "'")
