"""`coursekit grade`: from what a class handed in to marks, feedback and a report."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from coursekit.course import Course, choose_lessons
from coursekit.grading.asked.key import Key, read_key
from coursekit.grading.handed_in.roll import Student, read_class
from coursekit.grading.marking.attempts import Attempt, Sitting, mark_attempts, mark_references
from coursekit.grading.marking.marks import UNDONE, Mark, Marked, load_mark, save_mark
from coursekit.grading.marking.probes import draws_for
from coursekit.grading.sandbox.pool import RETRIES, pool
from coursekit.grading.told.exports import Results, exports, write_all
from coursekit.problems import CourseError

KEPT = ".marks"  # a file for each answer that has been marked: what a second run goes on from


@dataclass(frozen=True)
class Options:
    """How to mark.

    Attributes:
        lessons: numbers or names; all that have a `grading.py` where it is empty.
        workers: processes; one a core where it is 0.
        dask: address of a Dask scheduler, whose workers take their place.
        gradebook: nbgrader's database to write into, if any.
        sandboxed: False runs students' code with all rights of the user.
        seed: another one draws other inputs.
    """

    lessons: tuple[str, ...] = ()
    workers: int = 0
    dask: str = ""
    gradebook: Path | None = None
    sandboxed: bool = True
    seed: str = ""


def grade(course: Course, source: Path, out: Path, options: Options) -> list[Marked]:
    """Mark a class, and let each export write: `marks.csv`, `feedback/`, `report.md` and what else is installed.

    Returns:
        The class with its marks, in the order of `marks.csv`.

    Raises:
        CourseError: there is nothing to mark, no sandbox to mark it in, or a lesson's `grading.py` is faulty.
    """
    tellers = exports()
    keys = [read_key(course, lesson) for lesson in gradable(course)]
    wanted = choose_lessons(course, list(options.lessons))
    for lesson in wanted if options.lessons else ():
        if lesson not in {key.lesson for key in keys}:
            raise CourseError(f"lesson {lesson} has no grading.py: write it first")
    with tqdm(desc="reading", unit=" students", disable=None) as bar:
        students = []
        for student in read_class(source, keys, wanted):
            students.append(student)
            bar.update()
    used = [key for key in keys if any(key.lesson in student.answers for student in students)]
    marks = mark_all(students, used, out / KEPT, options)
    marked = [Marked(student, marks[student.name]) for student in students]
    write_all(tellers, Results(used, marked, out, options.gradebook))
    return marked


def gradable(course: Course) -> list[str]:
    """The lessons that say how they are marked."""
    return [lesson for lesson in course.lessons() if course.source(lesson).with_name("grading.py").is_file()]


def mark_all(
    students: Sequence[Student], keys: Sequence[Key], kept: Path, options: Options
) -> dict[str, dict[str, dict[str, Mark]]]:
    """The marks by student, lesson and exercise; answers that were marked before are not marked again."""
    sittings = {key.lesson: Sitting(key, draws_for(key, options.seed), {}, options.seed) for key in keys}
    batches = [list(attempts_of(student, sittings)) for student in students]
    marks: dict[str, Mark] = {}
    for digest in {attempt.digest for batch in batches for attempt in batch}:
        if mark := load_mark(kept / f"{digest}.json"):
            marks[digest] = mark
    for attempt in range(RETRIES):
        todo = list(first_only(batches, marks))
        if not todo:
            break
        try:
            mark_some(todo, marks, kept, options)
        except BrokenExecutor as error:  # a worker was killed: what it had not finished is done again
            if attempt == RETRIES - 1:
                raise CourseError("worker processes die again and again: is the machine out of memory?") from error
    return {student.name: marks_of(student, sittings, marks) for student in students}


def mark_some(batches: list[list[Attempt]], marks: dict[str, Mark], kept: Path, options: Options) -> None:
    """Mark batches of answers, and keep each mark as soon as it is made."""
    total, workers = sum(map(len, batches)), options.workers or len(os.sched_getaffinity(0))
    bar = tqdm(desc="marking", total=total, unit=" answers", disable=None)
    with bar, pool(workers, options.dask) as executor:
        for attempt, mark in mark_references(batches, executor, options.sandboxed):
            keep(attempt, mark, marks, kept)
        rest = list(first_only(batches, marks))
        bar.update(total - sum(map(len, rest)))
        for attempt, mark in mark_attempts(rest, executor, options.sandboxed):
            bar.update()
            if mark.state != "failed":
                keep(attempt, mark, marks, kept)


def keep(attempt: Attempt, mark: Mark, marks: dict[str, Mark], kept: Path) -> None:
    """Note a mark, and write it down at once."""
    marks[attempt.digest] = mark
    save_mark(kept / f"{attempt.digest}.json", mark)


def attempts_of(student: Student, sittings: dict[str, Sitting]) -> Iterator[Attempt]:
    """What a student answered."""
    for name, answers in student.answers.items():
        sitting = sittings[name]
        for exercise in sitting.key.exercises:
            if exercise.name in answers.code:
                yield Attempt(sitting, exercise, answers.language, answers.code[exercise.name])


def first_only(batches: Sequence[list[Attempt]], done: Iterable[str]) -> Iterator[list[Attempt]]:
    """The batches without what is done, and with each answer only where it comes first."""
    seen = set(done)
    for batch in batches:
        new = {attempt.digest: attempt for attempt in batch if attempt.digest not in seen}
        seen |= new.keys()
        if new:
            yield list(new.values())


def marks_of(student: Student, sittings: dict[str, Sitting], marks: dict[str, Mark]) -> dict[str, dict[str, Mark]]:
    """A student's marks, by lesson and exercise."""
    found = {name: {exercise.name: UNDONE for exercise in sittings[name].key.exercises} for name in student.answers}
    for attempt in attempts_of(student, sittings):
        found[attempt.sitting.key.lesson][attempt.exercise.name] = marks.get(attempt.digest, Mark(0.0, "failed"))
    return found
