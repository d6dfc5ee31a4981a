"""A lesson's own code, as a student has it when done: cells of its solution, run outside a notebook."""

import contextlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import labkit
from benchmarks.meter import Meter, Policy

SOLUTIONS = Path(__file__).parents[1] / "solutions" / "en"


class Lesson(NamedTuple):
    """What of a lesson's solution makes the agent that is timed.

    Attributes:
        name: of the notebook.
        imports: cells whose time counts as import.
        cells: cells to run after them, in this order; the last one trains.
        seeds: a pattern whose group is a seed in those cells.
        greedy: the greedy policy, from the notebook's names.
    """

    name: str
    imports: tuple[str, ...]
    cells: tuple[str, ...]
    seeds: str
    greedy: Callable[[dict[str, Any]], Policy]


def highest(name: str) -> Callable[[dict[str, Any]], Policy]:
    """The action with the highest output of the network called `name`."""

    def greedy(names: dict[str, Any]) -> Policy:
        net = labkit.NumpyNetwork(names[name])
        return lambda obs: net(obs).argmax(axis=1)

    return greedy


LESSONS: dict[str, Lesson] = {}


def sources(name: str) -> dict[str, str]:
    """The code cells of a solution by their ids."""
    cells = json.loads((SOLUTIONS / f"{name}.ipynb").read_text("utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}


def reseeded(source: str, pattern: str, seed: int) -> str:
    """A cell's code with another seed in the place of those that `pattern` finds."""
    return re.sub(pattern, lambda found: found[0].replace(found[1], str(seed)), source)


def run_cells(lesson: Lesson, ids: tuple[str, ...], seed: int, names: dict[str, Any]) -> None:
    """Run cells one after the other, silently."""
    code = sources(lesson.name)
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        for cell in ids:
            exec(compile(reseeded(code[cell], lesson.seeds, seed), f"<{lesson.name}: {cell}>", "exec"), names)


def imports() -> None:
    """Nothing: a lesson's import cells are run by `train`, before the clock starts."""
    import tensorflow

    assert tensorflow


def train(meter: Meter, task: str, contestant: str, seed: int) -> None:
    """Run the lesson up to and with its training cell, or until the meter stops it."""
    lesson = LESSONS[task]
    names: dict[str, Any] = {"__name__": "__main__"}
    run_cells(lesson, lesson.imports, seed, names)
    meter.start()
    meter.greedy = lambda: lesson.greedy(names)
    run_cells(lesson, lesson.cells, seed, names)
