"""Marks a class's answers: each different answer once, several at a time."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, replace
from functools import partial

from coursekit.course import MASTER
from coursekit.grading.exercise import Exercise, tree_of
from coursekit.grading.job import Job, Reply
from coursekit.grading.jobs import make_job
from coursekit.grading.key import Key
from coursekit.grading.marks import Mark, mark_of
from coursekit.grading.run import run_jobs
from coursekit.grading.spec import Draw
from coursekit.problems import CourseError, one_line

Then = Callable[[list[Reply]], Iterator[tuple["Task", Mark]]]
HOPELESS = ("timeout", "died", "memory", "failed")  # a check would only end in the same way


@dataclass(frozen=True)
class Lesson:
    """A lesson's key with this run's inputs and what the reference answers to them."""

    key: Key
    draws: dict[str, list[list[Draw]]]
    references: dict[str, list[Reply]]
    seed: str


@dataclass(frozen=True)
class Task:
    """One answer to mark."""

    lesson: Lesson
    exercise: Exercise
    language: str
    answer: str

    @property
    def digest(self) -> str:
        """Names the mark: the same for the same answer, marked in the same way."""
        parts = (self.lesson.seed, self.exercise.name, self.language, tree_of(self.answer))
        return hashlib.sha256(self.lesson.key.digest + "\0".join(parts).encode()).hexdigest()[:32]

    def jobs(self) -> list[Job]:
        """The jobs that answer its probes, one a part of the exercise."""
        key, name = self.lesson.key, self.exercise.name
        parts = zip(key.spec[name], self.lesson.draws[name], strict=True)
        return [make_job(key, self.exercise, graded, self.language, self.answer, draws) for graded, draws in parts]

    def checking(self) -> list[Job]:
        """The job that asks the lesson's own check what is wrong; none where it has nothing to say."""
        graded = self.lesson.key.spec[self.exercise.name][0]
        if not graded.hint or not self.exercise.check[self.language]:
            return []
        return [make_job(self.lesson.key, self.exercise, graded, self.language, self.answer, [], check=True)]

    def mark(self, replies: Sequence[Reply]) -> Mark:
        """The mark, from the replies to `jobs`."""
        name = self.exercise.name
        spec, draws = self.lesson.key.spec[name], self.lesson.draws[name]
        return mark_of(spec, replies, self.lesson.references[name], draws)


def prepare(batches: Iterable[list[Task]], executor: Executor, sandboxed: bool) -> Iterator[tuple[Task, Mark]]:
    """Have the reference answer the exercises of these tasks; yields its own marks, which answers like it get too.

    Raises:
        CourseError: it does not, or it does not earn full marks itself.
    """
    wanted = {(task.lesson.key.lesson, task.exercise.name): task for batch in batches for task in batch}
    tasks = [replace(task, language=MASTER, answer=task.exercise.solution[MASTER]) for task in wanted.values()]
    futures = [executor.submit(run_jobs, task.jobs(), sandboxed=sandboxed) for task in tasks]
    for task, future in zip(tasks, futures, strict=True):
        lesson, name, replies = task.lesson, task.exercise.name, future.result()
        for reply in replies:
            if reply.outcome == "failed":
                raise CourseError(f"no kernel ran the reference's answer ({reply.error}): run the same command again")
            if reply.outcome != "answered":
                said = f"{reply.outcome} in {reply.where or 'the kernel'}: {reply.error}"
                raise CourseError(f"the reference's answer cannot be probed ({said}): mend it", lesson.key.lesson, name)
        lesson.references[name] = replies
        mark = task.mark(replies)
        if mark.state != "right":
            raise CourseError("the reference's answer gets no full marks: mend its judge", lesson.key.lesson, name)
        yield task, mark


def work(batches: Iterable[list[Task]], executor: Executor, sandboxed: bool) -> Iterator[tuple[Task, Mark]]:
    """Mark batches of tasks, one batch a worker; yields each mark as it is made.

    Raises:
        BrokenExecutor: a worker process died; what was yielded stands.
        CourseError: there is no sandbox.
    """
    waiting: dict[Future[list[Reply]], tuple[list[Job], Then]] = {}

    def submit(jobs: list[Job], then: Then) -> None:
        waiting[executor.submit(run_jobs, jobs, sandboxed=sandboxed)] = jobs, then

    def judged(batch: list[Task], replies: list[Reply]) -> Iterator[tuple[Task, Mark]]:
        failing: list[tuple[Task, Mark]] = []
        checks: list[Job] = []
        rest = list(replies)
        for task in batch:
            count = len(task.lesson.key.spec[task.exercise.name])
            mark, rest = task.mark(rest[:count]), rest[count:]
            check = [] if mark.state in ("right", "undone", *HOPELESS) else task.checking()
            if check:
                failing.append((task, mark))
                checks += check
            else:
                yield task, mark
        if checks:
            submit(checks, partial(hinted, failing))

    def hinted(failing: list[tuple[Task, Mark]], replies: list[Reply]) -> Iterator[tuple[Task, Mark]]:
        for (task, mark), reply in zip(failing, replies, strict=True):
            yield task, replace(mark, hint=reply.hint)

    for batch in batches:
        submit([job for task in batch for job in task.jobs()], partial(judged, batch))
    while waiting:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            jobs, then = waiting.pop(future)
            yield from then(replies_of(future, jobs))


def replies_of(future: "Future[list[Reply]]", jobs: list[Job]) -> list[Reply]:
    """The replies to jobs; what went wrong on the way to them is the machine's own fault."""
    try:
        return future.result()
    except (BrokenExecutor, CourseError):
        raise
    except Exception as error:  # whatever a cluster may raise: a task that took several workers with it, say
        return [Reply(job.key, "failed", error=one_line(error)) for job in jobs]
