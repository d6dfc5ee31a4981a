"""Runs the jobs of one submission, each in a kernel of its own."""

import base64
import re
from collections.abc import Iterator, Sequence
from typing import Any

from coursekit.grading.sandbox.bubblewrap import available
from coursekit.grading.sandbox.client import Ended, RemoteKernel, started
from coursekit.grading.sandbox.guest import calls
from coursekit.grading.sandbox.job import SENTENCE, Job, Reply
from coursekit.problems import CourseError

OUT_OF_MEMORY = {"MemoryError", "_ArrayMemoryError", "ResourceExhaustedError"}
SLOW = ("tensorflow", "keras", "tensorflow_probability")  # packages that take seconds to import
IMPORTED = re.compile(r"^(?:import|from)\s+(\w+)", re.M)
SETTING_UP = 60.0  # seconds of processor time for a given cell, which may import TensorFlow
# How a cell in the kernel calls the guest's own module, without leaving a name behind.
CALLS = f"__import__('importlib').import_module({calls.__name__!r})"


def run_jobs(jobs: Sequence[Job], *, sandboxed: bool = True, warm: bool = True) -> list[Reply]:
    """Run all jobs of one submission.

    Args:
        jobs: the jobs; none can change what another finds.
        sandboxed: run them in bubblewrap; otherwise as this user, with all of this user's rights.
        warm: fork kernels from a process that holds slow packages, where that works.

    Returns:
        The replies, in the same order. Whatever the answers do, this function returns.

    Raises:
        CourseError: there is no sandbox on this machine.
    """
    if sandboxed and (reason := available()):
        raise CourseError(reason)
    return [run_job(job, sandboxed=sandboxed, warm=warm) for job in jobs]


def run_job(job: Job, *, sandboxed: bool, warm: bool) -> Reply:
    """Run one job; a kernel that does not start is tried again, cold."""
    reply = Reply(job.name, "failed")
    for how in (warm, False):
        try:
            with started(job.limits, sandboxed=sandboxed, warm=how, modules=slow(job)) as kernel:
                return converse(kernel, job)
        except Exception as error:  # the machine's own fault: what answers do ends in a reply
            reply = Reply(job.name, "failed", error=one_line(f"{type(error).__name__}: {error}"))
    return reply


def slow(job: Job) -> list[str]:
    """The slow packages that the course's own cells import: no answer chooses what others wait for."""
    imported = set(IMPORTED.findall("\n".join(job.setup)))
    return [name for name in SLOW if name in imported]


def converse(kernel: RemoteKernel, job: Job) -> Reply:
    """Take a job through a kernel."""
    outcome, where, error, hint = "answered", "", "", ""
    results: list[bytes] = []
    try:
        for where, code, expression in steps(job):
            content = kernel.execute(code, expression, seconds=SETTING_UP if where == "setup" else 0)
            if content.get("status") != "ok":
                outcome = "memory" if content.get("ename") in OUT_OF_MEMORY else "raised"
                error = said(content)
                break
            if expression:
                results.append(result_of(content, job.limits.reply))
        else:
            where = ""
    except Ended as end:
        outcome = str(end)
    except Exception as refusal:  # a reply that is none; forged ones can make any reader stumble
        outcome, error = "refused", one_line(refusal)
    if job.check and (outcome in ("answered", "refused") or (outcome, where) == ("raised", "probe")):
        hint = hint_of(kernel, job.check)
    if outcome != "answered":
        results = []
    return Reply(job.name, outcome, tuple(results), error, where, hint, text(kernel.printed), kernel.seconds)


def steps(job: Job) -> Iterator[tuple[str, str, str]]:
    """What is run: where it belongs, the code, and the expression that is the result."""
    for code in job.setup:
        yield "setup", code, ""
    yield "setup", f"{CALLS}.seed()", ""
    yield "answer", job.answer, ""
    for draw in job.draws:
        inputs = base64.b64encode(draw).decode()
        code = f"{CALLS}.load({inputs!r}, globals())\n{job.probe}"
        yield "probe", code, f"{CALLS}.reply(result, {job.limits.reply})"


def result_of(content: dict[str, Any], limit: int) -> bytes:
    """The bytes in a kernel's reply.

    Raises:
        ValueError: there are none, or too many.
    """
    value = content["user_expressions"]["value"]
    if value["status"] != "ok":
        raise ValueError(said(value))
    made = base64.b64decode(value["data"]["text/plain"][1:-1], validate=True)
    if len(made) > limit:
        raise ValueError(f"the result has {len(made)} bytes, more than {limit}")
    return made


def hint_of(kernel: RemoteKernel, check: str) -> str:
    """The sentence with which the lesson's own check fails; "" where it does not."""
    try:
        content = kernel.execute(check)
        return one_line(content["evalue"]) if content.get("ename") == "CheckFailed" else ""
    except Exception:  # ended, or forged
        return ""


def said(content: dict[str, Any]) -> str:
    """The error in a kernel's reply, in one line."""
    return one_line(f"{content.get('ename')}: {content.get('evalue')}")


def one_line(error: object) -> str:
    """A message in one line of bounded length."""
    return " ".join(text(str(error)[: 4 * SENTENCE]).split())[:SENTENCE]


def text(value: str) -> str:
    """The string with what cannot be written to a file replaced."""
    return value.encode("utf-8", "replace").decode()
