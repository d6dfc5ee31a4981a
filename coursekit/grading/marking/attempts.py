"""Marks a class's answers: each different answer once, several at a time."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, replace
from functools import partial

from coursekit.course import MASTER
from coursekit.grading.asked.cells import tree_of
from coursekit.grading.asked.exercise import Exercise
from coursekit.grading.asked.key import Key
from coursekit.grading.asked.spec import Draw
from coursekit.grading.marking.marks import Mark, mark_of
from coursekit.grading.marking.probes import make_job
from coursekit.grading.sandbox.job import Job, Reply
from coursekit.grading.sandbox.run import run_jobs
from coursekit.problems import CourseError, one_line

Then = Callable[[list[Reply]], Iterator["Made"]]
HOPELESS = ("timeout", "died", "memory", "failed")  # a check would only end in the same way


@dataclass(frozen=True)
class Sitting:
    """A lesson as it is marked this time: its key, the inputs that were drawn, and the reference's answers to them."""

    key: Key
    draws: dict[str, list[list[Draw]]]
    references: dict[str, list[Reply]]
    seed: str


@dataclass(frozen=True)
class Attempt:
    """One answer to one exercise, to be marked."""

    sitting: Sitting
    exercise: Exercise
    language: str
    answer: str

    @property
    def digest(self) -> str:
        """Names the mark: the same for the same answer, marked in the same way."""
        parts = (self.sitting.seed, self.exercise.name, self.language, tree_of(self.answer))
        return hashlib.sha256(self.sitting.key.digest + "\0".join(parts).encode()).hexdigest()[:32]

    def jobs(self) -> list[Job]:
        """The jobs that answer its probes, one a part of the exercise."""
        key, name = self.sitting.key, self.exercise.name
        parts = zip(key.spec[name], self.sitting.draws[name], strict=True)
        return [make_job(key, self.exercise, graded, self.language, self.answer, draws) for graded, draws in parts]

    def checking(self) -> list[Job]:
        """The job that asks the lesson's own check what is wrong; none where it has nothing to say."""
        graded = self.sitting.key.spec[self.exercise.name][0]
        if not graded.hint or not self.exercise.check[self.language]:
            return []
        return [make_job(self.sitting.key, self.exercise, graded, self.language, self.answer, [], check=True)]

    def mark(self, replies: Sequence[Reply]) -> Mark:
        """The mark, from the replies to `jobs`."""
        name = self.exercise.name
        spec, draws = self.sitting.key.spec[name], self.sitting.draws[name]
        return mark_of(spec, replies, self.sitting.references[name], draws)


Made = tuple[Attempt, Mark]


def mark_references(batches: Iterable[list[Attempt]], executor: Executor, sandboxed: bool) -> Iterator[Made]:
    """Have the reference answer the exercises of these attempts; yields its own marks, which answers like it get too.

    Raises:
        CourseError: it does not, or it does not earn full marks itself.
    """
    wanted = {(attempt.sitting.key.lesson, attempt.exercise.name): attempt for batch in batches for attempt in batch}
    attempts = [replace(one, language=MASTER, answer=one.exercise.solution[MASTER]) for one in wanted.values()]
    futures = [executor.submit(run_jobs, attempt.jobs(), sandboxed=sandboxed) for attempt in attempts]
    for attempt, future in zip(attempts, futures, strict=True):
        replies, where = future.result(), (attempt.sitting.key.lesson, attempt.exercise.name)
        for reply in replies:
            if reply.outcome == "failed":
                raise CourseError(f"no kernel ran the reference's answer ({reply.error}): run the same command again")
            if reply.outcome != "answered":
                said = f"{reply.outcome} in {reply.where or 'the kernel'}: {reply.error}"
                raise CourseError(f"the reference's answer cannot be probed ({said}): mend it", *where)
        attempt.sitting.references[attempt.exercise.name] = replies
        mark = attempt.mark(replies)
        if mark.state != "right":
            raise CourseError("the reference's answer gets no full marks: mend its judge", *where)
        yield attempt, mark


def mark_attempts(batches: Iterable[list[Attempt]], executor: Executor, sandboxed: bool) -> Iterator[Made]:
    """Mark batches of attempts, one batch a worker; yields each mark as it is made.

    Raises:
        BrokenExecutor: a worker process died; what was yielded stands.
        CourseError: there is no sandbox.
    """
    waiting: dict[Future[list[Reply]], tuple[list[Job], Then]] = {}

    def submit(jobs: list[Job], then: Then) -> None:
        waiting[executor.submit(run_jobs, jobs, sandboxed=sandboxed)] = jobs, then

    def judged(batch: list[Attempt], replies: list[Reply]) -> Iterator[Made]:
        failing: list[Made] = []
        checks: list[Job] = []
        rest = list(replies)
        for attempt in batch:
            count = len(attempt.sitting.key.spec[attempt.exercise.name])
            mark, rest = attempt.mark(rest[:count]), rest[count:]
            check = [] if mark.state in ("right", "undone", *HOPELESS) else attempt.checking()
            if check:
                failing.append((attempt, mark))
                checks += check
            else:
                yield attempt, mark
        if checks:
            submit(checks, partial(hinted, failing))

    def hinted(failing: list[Made], replies: list[Reply]) -> Iterator[Made]:
        for (attempt, mark), reply in zip(failing, replies, strict=True):
            yield attempt, replace(mark, hint=reply.hint)

    for batch in batches:
        submit([job for attempt in batch for job in attempt.jobs()], partial(judged, batch))
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
    except Exception as error:  # whatever a cluster may raise: an attempt that took several workers with it, say
        return [Reply(job.name, "failed", error=one_line(error)) for job in jobs]
