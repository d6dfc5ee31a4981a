"""The table of the results, in words and figures: nothing in it is written by hand."""

from collections.abc import Sequence

from benchmarks import grading, rates, summary
from benchmarks.meter import CONFIRM, LOOK
from benchmarks.summary import Run, Spread, select
from benchmarks.tasks import NAMES, PACERS, PACES, TASKS, Task

HEAD = f"""# Speed and learning, side by side

Written by `make bench`; the raw figures are in [results.json](results.json).

- **The lesson**: the code of a lesson's solution, as a student has it when done, up to and with its training cell, run
  outside a notebook (so without the live plot).
- **Stable-Baselines3**: its algorithms with the tuned hyperparameters of rl-baselines3-zoo (rl_zoo3 2.9.2); for the
  GridWorld, which the zoo has not, with the network and the hyperparameters of the lesson.
- **A plain loop**: what courses usually write, in Keras: `model(obs)` for each step and an eager update. It is here to
  show where the time goes ([plain.py](plain.py)).

Each run is a process of its own with one thread. A whole `make bench` lets the contestants take turns, seed after seed;
parts may have been made apart, and where wall time is far above CPU time, the machine was busy. The rule is the same
for all: after every so many environment steps the policy plays {LOOK} greedy episodes of its own; once their mean
reaches the threshold it plays {CONFIRM} others, and when theirs does too, the threshold is reached and the run ends.
These evaluations cost neither time nor steps. What was compiled on the way (XLA) is counted. A run also ends when it
has used up its budget of processor time, or by its own rule (a perfect test of its own, or the steps that its
hyperparameters say), after which it is evaluated once more. Where the threshold is not reached, a figure is only a
lower bound (≥). The final score is the mean of {CONFIRM} fresh greedy episodes after that. Figures are medians over the
seeds, with the smallest and the largest.
"""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _row(name: str, runs: Sequence[Run]) -> list[str]:
    there = sum(run["reached"] for run in runs)
    return [
        NAMES[name],
        f"{there} of {len(runs)}",
        summary.cpu(runs, imports=False).text(),
        summary.cpu(runs, imports=True).text(),
        summary.wall(runs, imports=False).text(),
        summary.wall(runs, imports=True).text(),
        summary.steps(runs).text(0),
        summary.rate(runs).text(0),
        summary.spread([run["score"] for run in runs]).text(0),
    ]


def _verdict(ratio: summary.Ratio | None, goal: float) -> str:
    if ratio is None:
        return "neither got there"
    verdict = {True: "met", False: "missed", None: "open"}[ratio.meets(goal)]
    return f"{ratio.text()} (goal {goal:g}: {verdict})"


def task_section(key: str, task: Task, runs: Sequence[Run]) -> str:
    """One task: the table of its contestants, and what the lesson gains."""
    by_name = {name: found for name in task.budget if (found := select(runs, key, name))}
    header = ["", "reached", "CPU s", "CPU s, with imports", "wall s", "wall s, with imports"]
    header += ["steps", "steps per CPU s", "final score"]
    lines = [f"## {task.title}", ""]
    lines += [f"To a mean of {task.threshold:g}, evaluated every {task.every:,} steps.", ""]
    lines += [table(header, [_row(name, found) for name, found in by_name.items()]), ""]
    for name, found in by_name.items():
        if not all(run["reached"] for run in found):
            ends = sorted({f"{run['end']} after {run['cpu']:.0f} s" for run in found if not run["reached"]})
            count = sum(not run["reached"] for run in found)
            lines += [f"- Not reached by {NAMES[name]} in {count} of {len(found)} runs ({', '.join(ends)})."]
    lesson = by_name.get("lesson")
    goals = {goal.peer: goal.times for goal in task.goals}
    for name, found in by_name.items():
        if name == "lesson" or not lesson:
            continue
        without, with_imports = (
            summary.ratio(summary.cpu(found, imports=imports), summary.cpu(lesson, imports=imports))
            for imports in (False, True)
        )
        if name in goals:
            text = f"**{_verdict(without, goals[name])}**"
        else:
            text = without.text() if without else "neither got there"
        after = f"; imports included {with_imports.text()}" if with_imports else ""
        lines += [f"- CPU time, {NAMES[name]} / the lesson: {text}{after}."]
    return "\n".join(lines)


def pace_section(runs: Sequence[Run]) -> str:
    """Steps a second at equal settings."""
    rows = []
    for key, pace in PACES.items():
        ours, peers = (select(runs, key, name) for name in PACERS)
        if not ours or not peers:
            continue
        first, second = summary.pace(ours), summary.pace(peers)
        wall: tuple[Spread, Spread] = summary.pace(ours, "wall"), summary.pace(peers, "wall")
        verdict = _verdict(summary.ratio(first, second), pace.times)
        rows.append([pace.title, first.text(0), second.text(0), verdict, *(each.text(0) for each in wall)])
    if not rows:
        return ""
    header = ["", "labkit", NAMES["sb3-dqn"], "labkit / Stable-Baselines3", "labkit, wall", "Stable-Baselines3, wall"]
    return f"""## Steps a second with equal settings

Deep Q-learning with Stable-Baselines3's own hyperparameters (network, batch, ratio of updates to steps, copies of the
target network, exploration) in labkit's way: acting in NumPy on the network's weights, the updates that are due in one
compiled call ([pace.py](pace.py)). Environment steps per CPU second (the last two columns: per second on the clock),
from a step on at which all is compiled and learns.

{table(header, rows)}"""


def machine_section(runs: Sequence[Run]) -> str:
    """When, where and with what the runs were made."""
    machines = sorted({(run["date"], run["processor"], run["versions"]) for run in runs})
    return "\n".join(["## Made", "", *(f"- {date}, {processor}: {versions}" for date, processor, versions in machines)])


def report(runs: Sequence[Run]) -> str:
    """The whole of RESULTS.md."""
    picture = "![Learning curves: mean greedy return against CPU seconds, a line for each run](curves.png)"
    keys = {run["task"] for run in runs}
    tasks = [task_section(key, task, runs) for key, task in TASKS.items() if key in keys]
    sections = [HEAD.rstrip(), missing(runs), picture, *tasks, pace_section(runs), grading.section(runs)]
    sections += [rates.section(runs), machine_section(runs)]
    return "\n\n".join(section for section in sections if section) + "\n"


def missing(runs: Sequence[Run]) -> str:
    """Which contestants have fewer than three runs, so that nobody takes the table for complete."""
    names = {**{key: tuple(task.budget) for key, task in TASKS.items()}, **dict.fromkeys(PACES, PACERS)}
    counts = {(key, name): len(select(runs, key, name)) for key in names for name in names[key]}
    few = [f"{name} at {key} ({count} of 3)" for (key, name), count in counts.items() if count < 3]
    return f"**Not complete**: too few runs of {', '.join(few)}." if few else ""
