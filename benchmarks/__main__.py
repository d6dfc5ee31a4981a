"""`make bench`: contestants take turns, each run in a process of its own; then the table and the picture.

make bench ARGS="--task cartpole-dqn --seeds 1" does a part; its runs take the place of the same ones in results.json.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import grading, rates
from benchmarks.curves import curves
from benchmarks.report import report
from benchmarks.summary import Run
from benchmarks.tasks import NAMES, PACERS, PACES, SEEDS, TASKS
from coursekit.files import write_bytes, write_text

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PACE_BUDGET = 120.0  # processor seconds for the window of a pace
PACKAGES = ["numpy", "gymnasium", "tensorflow", "keras", "torch", "stable-baselines3"]
# One thread for everybody, and no GPU.
ONE_THREAD = {
    **dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1"),
    **dict.fromkeys(["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"], "1"),
    "CUDA_VISIBLE_DEVICES": "",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def plan(
    tasks: list[str], contestants: list[str] | None = None, seeds: int | None = None, first: int = 0
) -> Iterator[tuple[str, str, int]]:
    """Task, contestant and seed of each run, the contestants taking turns."""
    for task in tasks:
        names = who(task)
        count = seeds or (TASKS[task].seeds if task in TASKS else SEEDS)
        for seed in range(first, first + count):
            yield from ((task, name, seed) for name in names if not contestants or name in contestants)


def who(task: str) -> tuple[str, ...]:
    """The contestants at a task."""
    if task == grading.TASK:
        return grading.MARKERS
    if task == rates.TASK:
        return tuple(rates.ENVIRONMENTS)
    return PACERS if task in PACES else tuple(TASKS[task].budget)


def run(task: str, contestant: str, seed: int, budget: float) -> Run:
    """One run, in a process of its own.

    Raises:
        SystemExit: it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.json"
        arguments = [task, contestant, str(seed), str(budget), str(time.time()), str(file)]
        command = [sys.executable, "-m", "benchmarks.worker", *arguments]
        ended = subprocess.run(command, env=os.environ | ONE_THREAD, cwd=HERE.parent)
        if ended.returncode:
            raise SystemExit(f"The run {task}, {contestant}, seed {seed} failed: the reason is above.")
        result = json.loads(file.read_text())
    return {"task": task, "contestant": contestant, "seed": seed, **where(), **result}


def where() -> dict[str, str]:
    """Date, processor and versions."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    return {
        "date": datetime.date.today().isoformat(),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "versions": ", ".join([f"Python {platform.python_version()}", *versions]),
    }


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def merged(old: list[Run], new: Run) -> list[Run]:
    """`old` with `new` in the place of the same run, in a fixed order."""

    def key(run: Run) -> tuple[str, str, int]:
        return run["task"], run["contestant"], run["seed"]

    return sorted([*(run for run in old if key(run) != key(new)), new], key=key)


def load() -> list[Run]:
    """The runs so far."""
    return list(json.loads(RESULTS.read_text())) if RESULTS.is_file() else []


def write(runs: list[Run]) -> None:
    """The raw figures, one run a line, the table and the picture."""
    lines = ",\n".join(json.dumps(rounded(run)) for run in runs)
    write_text(RESULTS, f"[\n{lines}\n]\n")
    write_text(HERE / "RESULTS.md", report(runs))
    if any(run["task"] in TASKS for run in runs):
        write_bytes(HERE / "curves.png", curves(runs))


def rounded(value: Any) -> Any:
    """The same with three decimals."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def main() -> None:
    """Run what is asked for."""
    known = [*TASKS, *PACES, grading.TASK, rates.TASK]
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--task", action="append", choices=known, help="only this task (may be repeated)")
    contestants = [*NAMES, *grading.MARKERS, *rates.ENVIRONMENTS]
    parser.add_argument("--contestant", action="append", choices=contestants, help="only this one (may be repeated)")
    parser.add_argument("--seeds", type=int, help="seeds 0 to N - 1 (3; on CartPole 10)")
    parser.add_argument("--first-seed", type=int, default=0, help="begin with this seed instead of 0")
    parser.add_argument("--budget", type=float, default=1.0, help="this many times the processor time (1)")
    parser.add_argument("--table", action="store_true", help="run nothing: only write the table and the picture anew")
    args = parser.parse_args()
    if not args.table:
        for task, contestant, seed in plan(args.task or known, args.contestant, args.seeds, args.first_seed):
            if task in (grading.TASK, rates.TASK):
                found = grading.marked(contestant) if task == grading.TASK else rates.measured(contestant, seed)
                new = {"task": task, "contestant": contestant, "seed": seed, **where(), **found}
            else:
                budget = PACE_BUDGET if task in PACES else TASKS[task].budget[contestant]
                new = run(task, contestant, seed, budget * args.budget)
            print(line(new), flush=True)
            write(merged(load(), rounded(new)))
    write(load())


def line(run: Run) -> str:
    """A run in a line."""
    head = f"{run['task']:20}{run['contestant']:10} seed {run['seed']}: "
    if "students" in run:
        return head + f"{run['wall'] / run['students']:.1f} s a submission"
    if run["task"] == rates.TASK:
        return head + f"{run['steps'] / run['cpu']:,.0f} steps per CPU s"
    if "window_cpu" in run:
        return head + f"{run['window_steps'] / run['window_cpu']:,.0f} steps per CPU s"
    ended = f"{run['end']} at {run['cpu']:.1f} CPU s, {run['wall']:.1f} s, {run['steps']:,} steps"
    return head + f"{ended}, score {run['score']:.0f}"


if __name__ == "__main__":
    main()
