"""`marks.csv`, for a spreadsheet or a learning platform."""

import csv
import io
from collections.abc import Sequence

from coursekit.files import write_text
from coursekit.grading.asked.key import Key
from coursekit.grading.marking.marks import Marked, points
from coursekit.grading.told.exports import Results
from coursekit.grading.told.words import number

FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would run


def export(results: Results) -> None:
    """Write `marks.csv`."""
    write_text(results.out / "marks.csv", table(results.keys, results.marked))


def table(keys: Sequence[Key], marked: Sequence[Marked]) -> str:
    """A row a student, a column an exercise, the total.

    A lesson that a student did not hand in leaves its columns empty; so does an answer that could not be marked.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    columns = [(key, exercise) for key in keys for exercise in key.exercises]
    heads = [f"{key.number} {exercise.name} /{exercise.points}" for key, exercise in columns]
    rows.writerow(["student", *heads, f"total /{sum(key.points for key in keys)}"])
    for one in marked:
        cells = []
        for key, exercise in columns:
            mark = one.marks.get(key.lesson, {}).get(exercise.name)
            cells.append("" if mark is None or mark.state == "failed" else number(points(exercise, mark)))
        name = " ".join(one.student.name.split())  # in one line, whatever a file was called
        total = number(sum(one.points(key) for key in keys))
        rows.writerow([f"'{name}" if name.startswith(FORMULA) else name, *cells, total])
    return text.getvalue()
