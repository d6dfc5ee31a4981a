"""One run, in a process of its own: python -m benchmarks.worker TASK CONTESTANT SEED BUDGET LAUNCHED FILE."""

import json
import sys
import time
from pathlib import Path
from typing import Any, Protocol

from benchmarks import lesson, pace, peers, plain
from benchmarks.meter import Meter, Stop
from benchmarks.tasks import LESSON, PACES, PLAIN, TASKS


class Contestant(Protocol):
    """A module that learns."""

    def imports(self) -> None:
        """Import whatever it needs."""

    def train(self, meter: Meter, task: str, contestant: str, seed: int) -> None:
        """Learn, and let the meter know."""


def contestant_of(name: str) -> Contestant:
    """The module that does what a contestant's name says."""
    return {LESSON: lesson, PLAIN: plain, "labkit": pace}.get(name, peers)


def run(task: str, contestant: str, seed: int, budget: float, launched: float) -> dict[str, Any]:
    """Learn a task, or keep its pace, and tell what came of it."""
    who = contestant_of(contestant)
    who.imports()
    import_cpu, import_wall = time.process_time(), time.time() - launched
    if task in PACES:
        of, every, marks = PACES[task].task, None, list(PACES[task].window)
    else:
        of, every, marks = task, TASKS[task].every, []
    meter = Meter(TASKS[of].env, every, TASKS[of].threshold, budget, seed)
    meter.marks = dict.fromkeys(marks)
    meter.install()
    meter.start()
    try:
        who.train(meter, of, contestant, seed)
        meter.close()
        end = "threshold" if meter.reached else "its own end"
    except Stop:
        end = "threshold" if meter.reached else "budget"
    cpu, wall = meter.now()
    result: dict[str, Any] = {
        "import_cpu": import_cpu,
        "import_wall": import_wall,
        "cpu": cpu,
        "wall": wall,
        "steps": meter.steps,
    }
    if marks:
        times = list(meter.marks.values())
        if None in times:
            raise SystemExit(f"{contestant} did not get through the window of {task} in its budget")
        (cpu0, wall0), (cpu1, wall1) = times  # type: ignore[misc]
        return result | {"window_steps": marks[1] - marks[0], "window_cpu": cpu1 - cpu0, "window_wall": wall1 - wall0}
    return result | {"end": end, "reached": meter.reached, "score": meter.final(), "points": meter.points}


if __name__ == "__main__":
    task, contestant, seed, budget, launched, file = sys.argv[1:]
    Path(file).write_text(json.dumps(run(task, contestant, int(seed), float(budget), float(launched))))
