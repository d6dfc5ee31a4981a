"""The instructor's report: what the marks do not say by themselves."""

import re
from collections.abc import Iterator, Sequence

from coursekit.files import write_text
from coursekit.grading.asked.key import Key
from coursekit.grading.marking.marks import Marked
from coursekit.grading.told.exports import Results
from coursekit.grading.told.similar import similar
from coursekit.grading.told.words import REPORT, STOPPED, number, said


def export(results: Results) -> None:
    """Write `report.md`."""
    write_text(results.out / "report.md", report(results.keys, results.marked))


def report(keys: Sequence[Key], marked: Sequence[Marked]) -> str:
    """The report, in Markdown."""
    lines = [f"# {REPORT['report']}", "", REPORT["students"].format(count=len(marked))]
    for key in keys:
        lines += ["", f"## {REPORT['lesson'].format(number=key.number)}", "", *overview(key, marked)]
    for title, found in (
        ("stopped", stopped(keys, marked)),
        ("twice", answered(keys, marked, twice=True)),
        ("alike", alike(keys, marked)),
        ("answers", answered(keys, marked, twice=False)),
        ("files", files(marked)),
    ):
        lines += ["", f"## {REPORT[title]}", "", *(list(found) or [REPORT["none"]])]
    return "\n".join(lines) + "\n"


def overview(key: Key, marked: Sequence[Marked]) -> Iterator[str]:
    """How each exercise of a lesson went."""
    handed_in = [one for one in marked if key.lesson in one.marks]
    yield REPORT["notebooks"].format(count=len(handed_in))
    if not handed_in:
        return
    yield from ("", REPORT["columns"])
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for exercise in key.exercises:
        marks = [one.marks[key.lesson][exercise.name] for one in handed_in]
        counts = [sum(mark.state == state for mark in marks) for state in ("right", "partly", "undone")]
        right, partly, undone = counts
        mean = sum(mark.share for mark in marks) / len(marks)
        wrong = len(marks) - sum(counts)
        yield f"| {exercise.name} | {exercise.points} | {right} | {partly} | {wrong} | {undone} | {mean:.0%} |"
    mean_points = sum(one.points(key) for one in handed_in) / len(handed_in)
    yield "\n" + REPORT["mean"].format(got=number(mean_points), most=key.points)


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
            both = REPORT["pair"].format(one=plain(pair.one), other=plain(pair.other), number=key.number)
            yield f"- {both}: {exercises}"


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
