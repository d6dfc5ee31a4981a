"""Repeats the figures of lesson dqn_cartpole's text: its own agent, changed as each place says, over so many seeds.

python -m benchmarks.cartpole_figures           (all of them: some ten minutes)
python -m benchmarks.cartpole_figures lesson no-target

On one machine a run gives the same figures each time, apart from the seconds. On another one the last bits of the
arithmetic may differ, and with them the course of a run.
"""

import argparse
import contextlib
import io
from typing import Any, NamedTuple

from benchmarks.lesson import LESSONS, run_cell, sources

LESSON = LESSONS["cartpole-dqn"]
Names = dict[str, Any]


class Figure(NamedTuple):
    """What is trained.

    Attributes:
        settings: arguments of the lesson's Agent; `update` by its name.
        seeds: 0 to this number less one.
        steps: to train, unless a test is perfect before.
        endless: go on after a perfect test.
        learning_starts: transitions before the first update, if not the lesson's.
    """

    settings: Names
    seeds: int = 5
    steps: int = 40_000
    endless: bool = False
    learning_starts: int | None = None


FIGURES = {
    "lesson": Figure({}, seeds=20),
    "lesson, endless": Figure({}, steps=20_000, endless=True),
    "no-target": Figure({"tau": 1.0}),
    "colleague": Figure({"update": "colleagues_update"}, steps=10_000),
    "1": Figure({"hidden": ()}, steps=20_000),
    "2, 16 units": Figure({"hidden": (16,)}),
    "2, 32 and 32": Figure({"hidden": (32, 32)}),
    "3, gamma": Figure({"gamma": 0.9}),
    "3, smaller steps": Figure({"gamma": 0.9, "learning_rate": 3e-3}),
    "4": Figure({"capacity": 64}, learning_starts=64),
    "5": Figure({"update": "double_update"}),
    "5, endless": Figure({"update": "double_update"}, steps=20_000, endless=True),
    "5, tau 0.02, endless": Figure({"update": "double_update", "tau": 0.02}, steps=20_000, endless=True),
    "lesson, tau 0.02, endless": Figure({"tau": 0.02}, steps=20_000, endless=True),
    "6, larger": Figure({"learning_rate": 0.1}, seeds=10, steps=20_000),
    "6, smaller": Figure({"learning_rate": 1e-3}, seeds=10),
}

# Experiment 5: the online network chooses, the target network judges.
DOUBLE = """
def double_update(batch, q_net, target_net, optimizer, gamma, tau):
    chosen = tf.argmax(q_net(batch.next_obs), axis=1)
    value = tf.gather(target_net(batch.next_obs), chosen, batch_dims=1)
    targets = batch.reward + gamma * value * (1 - tf.cast(batch.terminated, tf.float32))
    with tf.GradientTape() as tape:
        loss = q_loss(q_net(batch.obs), batch.action, targets)
    gradients = tape.gradient(loss, q_net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, q_net.trainable_variables))
    soft_update(q_net, target_net, tau)
    return loss
"""


def lesson_names() -> Names:
    """What the lesson defines up to its training loop, and the two other updates: with the bug, and double."""
    code = sources(LESSON.name)
    handed_out = sources(LESSON.name, "notebooks")["colleagues-update"]
    names: Names = {"__name__": "__main__"}
    for cell in ["imports", *LESSON.cells.split()]:
        if cell not in ("dqn-agent", "dqn-train"):
            run_cell(f"<{cell}>", code[cell], names)
    run_cell("<colleagues-update>", handed_out.replace('raise NotImplementedError("TODO 10")', "pass"), names)
    run_cell("<double>", DOUBLE, names)
    return names


def trained(names: Names, figure: Figure, seed: int) -> Names:
    """What became of one agent, as its own tests of 50 greedy episodes saw it."""
    settings = {key: names[value] if key == "update" else value for key, value in figure.settings.items()}
    agent = names["Agent"](seed=seed, **settings)
    agent.learning_starts = figure.learning_starts or agent.learning_starts
    if figure.endless:
        agent.training.stop = lambda: None
    with contextlib.redirect_stdout(io.StringIO()):
        names["train"](agent, steps=figure.steps)
    scores = agent.training.scores
    perfect = next((step for step, score in scores if score == 500), None)
    after = [score for step, score in scores if perfect is not None and step > perfect]
    return {
        "perfect test at": perfect,
        "lowest test after it": min(after, default=None),
        "best test": agent.training.best,
        "last test": scores[-1][1],
        "highest belief": max(value for _step, value in agent.believed),
        "last belief": agent.believed[-1][1],
        "seconds": agent.training.seconds,
    }


def told(value: float | None) -> str:
    """A figure with one decimal."""
    return "none" if value is None else f"{value:,.1f}"


def main() -> None:
    """Train, and print each figure over its seeds, sorted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cartpole_figures")
    parser.add_argument("figure", nargs="*", help=f"{'; '.join(FIGURES)} (all)")
    chosen = parser.parse_args().figure or list(FIGURES)
    if unknown := set(chosen) - set(FIGURES):
        parser.error(f"There is no figure {', '.join(sorted(unknown))}: choose from {'; '.join(FIGURES)}.")
    names = lesson_names()
    for name in chosen:
        runs = [trained(names, FIGURES[name], seed) for seed in range(FIGURES[name].seeds)]
        print(f"{name}: seeds 0 to {len(runs) - 1}")
        for key in runs[0]:
            values = sorted((run[key] for run in runs), key=lambda value: (value is None, value))
            print(f"  {key:22}", *map(told, values), flush=True)


if __name__ == "__main__":
    main()
