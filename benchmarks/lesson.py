"""A lesson's own code, as a student has it when done: cells of its solution, run outside a notebook."""

import contextlib
import json
import linecache
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import labkit
from benchmarks.meter import Meter, Policy

ROOT = Path(__file__).parents[1]


class Lesson(NamedTuple):
    """What of a lesson's solution makes the agent that is timed.

    Attributes:
        name: of the notebook.
        cells: ids of those to run after the imports, in this order; the last one trains.
        seed: a pattern whose group is the seed of the agent.
        greedy: the greedy policy, from the notebook's names.
        tests: functions of the lesson whose environment steps are tests, and not training (their time counts).
    """

    name: str
    cells: str
    seed: str
    greedy: Callable[[dict[str, Any]], Policy]
    tests: tuple[str, ...] = ()


def highest(net: Any) -> Policy:
    """The policy that takes the action with the highest output."""
    fast = labkit.NumpyNetwork(net)
    return lambda obs: fast(obs).argmax(axis=1)


def scaled(net: Any, bound: float) -> Policy:
    """The policy that takes the network's output, from -1 to 1, times a bound."""
    fast = labkit.NumpyNetwork(net)
    return lambda obs: bound * fast(obs)


def of_pictures(names: dict[str, Any]) -> Policy:
    """The greedy policy of the agent that lesson d3qn_gridworld trains, which sees small pictures."""
    agent, _training = names["runs"]["DQN, new"]
    return lambda obs: agent.q_values(names["small_pictures"](obs)).numpy().argmax(axis=1)


LESSONS = {
    "cartpole-dqn": Lesson(
        "dqn_cartpole",
        "q-network dqn-loss dqn-targets target-updates dqn-update epsilon-greedy agent one-step train "
        "dqn-agent dqn-train",
        r"Agent\(seed=(\d+)\)",
        lambda names: highest(names["runs"]["new agent"].q_net),
    ),
    "lunar-dqn": Lesson(
        "dqn_lunar_lander",
        "make-networks td-targets q-loss soft-update agent gradient-step choose-action learn-if-due "
        "play-step train make-agent dqn-train",
        r"\bAgent\(.*seed=(\d+)\)",
        lambda names: highest(names["runs"]["agent"].q_net),
    ),
    "cartpole-reinforce": Lesson(
        "reinforce_cartpole",
        "policy-network sample policy-loss discounted-returns normalised union play-episodes train-step "
        "agent train agent-make agent-train",
        r"Agent\(seed=(\d+)\)",
        lambda names: highest(names["agent"].net),
    ),
    "pendulum-ddpg": Lesson(
        "ddpg_ball_pendulum",
        "ball noise smile explorer networks soft-update td-targets updates agent train pendulum-agent "
        "pendulum-new pendulum-train",
        r"pendulum_agent\(seed=(\d+)\)",
        lambda names: scaled(names["runs"]["new pendulum agent"].actor, 2.0),
    ),
    "gridworld-dqn": Lesson(
        "d3qn_gridworld",
        "small-pictures features q-network target-copy largest update dqn-class epsilon-of play-games train "
        "dqn-make dqn-train",
        r"begin\(.*seed=(\d+)\)",
        of_pictures,
        ("greedy_games",),
    ),
}


def sources(name: str, kind: str = "solutions") -> dict[str, str]:
    """The code cells of a solution, or of what students get ("notebooks"), by their ids."""
    (path,) = (ROOT / kind / "en").glob(f"[0-9][0-9]_{name}.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}


def reseeded(source: str, pattern: str, seed: int) -> str:
    """A cell's code with another seed in the place of those that `pattern` finds."""

    def replaced(found: re.Match[str]) -> str:
        start, end = (position - found.start() for position in found.span(1))
        return found[0][:start] + str(seed) + found[0][end:]

    return re.sub(pattern, replaced, source)


def run_cell(name: str, source: str, names: dict[str, Any]) -> None:
    """Run a cell as a notebook does: with its source where TensorFlow's AutoGraph looks for it."""
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    exec(compile(source, name, "exec"), names)


def imports() -> None:
    """What all lessons import; the rest of their imports follows in `train`, before the clock starts."""
    import tensorflow

    assert tensorflow


def train(meter: Meter, task: str, contestant: str, seed: int) -> None:
    """Run the lesson up to and with its training cell, silently, or until the meter stops it."""
    lesson = LESSONS[task]
    code = sources(lesson.name)
    names: dict[str, Any] = {"__name__": "__main__", "runs": labkit.Runs()}
    labkit.evaluate = meter.uncounted(labkit.evaluate)
    labkit.greedy_returns = meter.uncounted(labkit.greedy_returns)
    exec(code["imports"], names)
    meter.start()
    meter.greedy = lambda: lesson.greedy(names)
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        for cell in lesson.cells.split():
            run_cell(f"<{lesson.name}: {cell}>", reseeded(code[cell], lesson.seed, seed), names)
            names |= {test: meter.uncounted(names[test]) for test in lesson.tests if f"def {test}(" in code[cell]}
