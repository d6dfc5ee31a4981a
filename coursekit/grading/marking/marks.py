"""Marks: made from replies, kept in a file each, and written as a table."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from coursekit.files import write_text
from coursekit.grading.asked.exercise import Exercise
from coursekit.grading.asked.key import Key
from coursekit.grading.asked.spec import Draw, Graded
from coursekit.grading.handed_in.roll import Student
from coursekit.grading.marking.judge import share
from coursekit.grading.sandbox.job import Reply


@dataclass(frozen=True)
class Mark:
    """What one answer earned.

    Attributes:
        share: of the exercise's points, 0 to 1.
        state: "right", "partly", "wrong", "undone" (left as it was given), "failed" (the machine's own fault: not
            marked), or an outcome of `Reply`.
        error: what it raised, in one line.
        hint: the sentence of the lesson's own check, in the student's language.
        seconds: processor time.
        limit: seconds that one probe may take.
    """

    share: float
    state: str
    error: str = ""
    hint: str = ""
    seconds: float = 0.0
    limit: float = 0.0


UNDONE = Mark(0.0, "undone")


def mark_of(
    parts: Sequence[Graded], replies: Sequence[Reply], references: Sequence[Reply], draws: Sequence[list[Draw]]
) -> Mark:
    """The mark of an exercise, from the replies to its parts."""
    earned = 0.0
    for graded, reply, reference, given in zip(parts, replies, references, draws, strict=True):
        if reply.outcome == "answered":
            earned += graded.points_share * share(graded, reply.results, reference.results, given)
    stopped = next((reply for reply in replies if reply.outcome != "answered"), None)
    seconds, limit = sum(reply.seconds for reply in replies), max(graded.seconds for graded in parts)
    if any(reply.outcome == "failed" or reply.where == "setup" for reply in replies):
        return Mark(0.0, "failed", next(r.error for r in replies if r.outcome == "failed" or r.where == "setup"))
    if earned > 1 - 1e-9:
        return Mark(1.0, "right", seconds=seconds, limit=limit)
    if stopped is None or earned > 0:
        return Mark(earned, "partly" if earned > 0 else "wrong", seconds=seconds, limit=limit)
    undone = stopped.outcome == "raised" and stopped.error.startswith("NotImplementedError")
    return Mark(0.0, "undone" if undone else stopped.outcome, stopped.error, "", seconds, limit)


def save_mark(path: Path, mark: Mark) -> None:
    """Keep a mark, so that it need not be made again."""
    write_text(path, json.dumps(asdict(mark), ensure_ascii=False, indent=1) + "\n")


def load_mark(path: Path) -> Mark | None:
    """A mark that was kept; None where there is none that can be read."""
    try:
        return Mark(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@dataclass(frozen=True)
class Marked:
    """A student with the marks of each lesson handed in: by lesson, then by exercise."""

    student: Student
    marks: dict[str, dict[str, Mark]]

    def points(self, key: Key) -> float:
        """What a lesson's exercises have earned."""
        marks = self.marks.get(key.lesson, {})
        return sum(points(exercise, marks[exercise.name]) for exercise in key.exercises if exercise.name in marks)


def points(exercise: Exercise, mark: Mark) -> float:
    """What an answer has earned, to the hundredth of a point."""
    return round(exercise.points * mark.share, 2)
