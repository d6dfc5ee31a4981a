"""What the grader asks of a sandbox, and what comes back: plain data both ways."""

from dataclasses import dataclass

SENTENCE = 500  # characters of an error or a hint that are kept
PRINTED = 2_000  # characters of what was printed that are kept


@dataclass(frozen=True)
class Limits:
    """What one job may use.

    Attributes:
        seconds: processor time of one cell or one probe call, after start-up; by the clock, three times that and
            10 s more: a machine that is busy makes no answer wrong.
        memory: bytes, of all processes of the sandbox together.
        processes: how many of them at a time.
        output: bytes printed that are read at all.
        reply: bytes of one reply.
        disk: bytes of the sandbox's own scratch space, which is gone with it.
    """

    seconds: float = 20.0
    memory: int = 3 * 2**30
    processes: int = 64
    output: int = 2**20
    reply: int = 16 * 2**20
    disk: int = 64 * 2**20


@dataclass(frozen=True)
class Job:
    """One exercise of one submission.

    Attributes:
        name: of the job and its reply: the exercise's cell.
        setup: code cells run before, in order: the course's given cells, and the reference's answers to the
            other exercises.
        answer: the student's cell.
        probe: code run after the answer once a draw, with the names of the draw as global variables; it leaves
            plain data in `result`.
        draws: the inputs, each `wire.encode` of a dict from names to plain data.
        check: the lesson's own check cell, run last; its sentence is the hint.
        limits: what the job may use.
    """

    name: str
    setup: tuple[str, ...]
    answer: str
    probe: str
    draws: tuple[bytes, ...]
    check: str = ""
    limits: Limits = Limits()


@dataclass(frozen=True)
class Reply:
    """What became of a job.

    Attributes:
        name: the job's.
        outcome: "answered"; "raised", "timeout", "died" (the kernel), "memory" (or processes: over the limits) or
            "refused" (no plain data, or too much of it); "failed": the machine's own fault, grade again.
        results: one encoded value a draw, as it came; `wire.decode` raises for what is forged.
        error: of setup, answer or probe, in one line.
        where: "setup", "answer" or "probe", where it went wrong.
        hint: the sentence of the check cell, in one line; "" where it passed or there is none.
        printed: the beginning of what was printed.
        seconds: processor time, of all processes of the sandbox.
    """

    name: str
    outcome: str
    results: tuple[bytes, ...] = ()
    error: str = ""
    where: str = ""
    hint: str = ""
    printed: str = ""
    seconds: float = 0.0
