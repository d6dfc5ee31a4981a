"""From the raw figures of runs to medians, ranges and ratios."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

Run = dict[str, Any]  # one run as its worker wrote it, with its task, contestant and seed


class Spread(NamedTuple):
    """Median, smallest and largest of some figures; `least` where the true median is at least that."""

    median: float
    low: float
    high: float
    least: bool = False

    def text(self, digits: int = 1) -> str:
        """For a table: the median, and the range in brackets where there is one."""
        number = ("≥ " if self.least else "") + f"{self.median:,.{digits}f}"
        return number if self.low == self.high else f"{number} ({self.low:,.{digits}f} to {self.high:,.{digits}f})"


def spread(values: Iterable[float], reached: Iterable[bool] | None = None) -> Spread:
    """Median and range; of a run that did not reach its threshold, `values` holds what it had used up by then.

    Such a run would have needed more. So the median is a lower bound unless, with all runs in order and those that
    did not get there behind the others, it falls on runs that did.
    """
    figures = list(values)
    done = [True] * len(figures) if reached is None else list(reached)
    ordered = sorted(zip(figures, done, strict=True), key=lambda pair: (not pair[1], pair[0]))
    middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    least = not all(there for _figure, there in middle)
    return Spread(median(figure for figure, _there in middle), min(figures), max(figures), least)


def select(runs: Iterable[Run], task: str, contestant: str) -> list[Run]:
    """The runs of one contestant at one task, by seed."""
    found = [run for run in runs if run["task"] == task and run["contestant"] == contestant]
    return sorted(found, key=lambda run: int(run["seed"]))


def cpu(runs: Sequence[Run], *, imports: bool) -> Spread:
    """Processor seconds to the threshold."""
    return spread([run["cpu"] + imports * run["import_cpu"] for run in runs], [run["reached"] for run in runs])


def wall(runs: Sequence[Run], *, imports: bool) -> Spread:
    """Seconds on the clock to the threshold."""
    return spread([run["wall"] + imports * run["import_wall"] for run in runs], [run["reached"] for run in runs])


def steps(runs: Sequence[Run]) -> Spread:
    """Environment steps to the threshold."""
    return spread([run["steps"] for run in runs], [run["reached"] for run in runs])


def rate(runs: Sequence[Run]) -> Spread:
    """Environment steps in a processor second."""
    return spread([run["steps"] / run["cpu"] for run in runs])


def pace(runs: Sequence[Run], clock: str = "cpu") -> Spread:
    """Environment steps in a second of the timed window."""
    return spread([run["window_steps"] / run[f"window_{clock}"] for run in runs])


class Ratio(NamedTuple):
    """How many times as much one needs as the other; a bound where one of the two is."""

    times: float
    bound: str = ""  # "at least", "at most", or "" where it is known

    def text(self) -> str:
        """For a sentence."""
        return f"{self.bound} {self.times:.1f}".strip()

    def meets(self, goal: float) -> bool | None:
        """Whether the goal is met; None where the bound leaves that open."""
        if self.times >= goal:
            return None if self.bound == "at most" else True
        return None if self.bound == "at least" else False


def ratio(more: Spread, less: Spread) -> Ratio | None:
    """`more` / `less`, of the medians; None where both are bounds only."""
    if more.least and less.least:
        return None
    return Ratio(more.median / less.median, "at least" if more.least else "at most" if less.least else "")
