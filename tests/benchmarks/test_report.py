"""The table that hand-made figures give."""

import json

from benchmarks.__main__ import merged, plan, rounded
from benchmarks.curves import curves
from benchmarks.report import report

MADE = {"date": "2026-01-31", "processor": "Abacus", "versions": "Python 3.11"}


def run(task, contestant, seed, cpu, reached=True):
    return MADE | {
        "task": task,
        "contestant": contestant,
        "seed": seed,
        "import_cpu": 2.0,
        "import_wall": 3.0,
        "cpu": cpu,
        "wall": 2 * cpu,
        "steps": 1000 * cpu,
        "end": "threshold" if reached else "budget",
        "reached": reached,
        "score": 480.0,
        "points": [[1000, cpu / 2, cpu, 20.0], [2000, cpu, 2 * cpu, 480.0]],
    }


RUNS = [
    *(run("cartpole-dqn", "lesson", seed, cpu) for seed, cpu in enumerate([4.0, 5.0, 6.0])),
    *(run("cartpole-dqn", "sb3-dqn", seed, cpu) for seed, cpu in enumerate([40.0, 50.0, 60.0])),
    *(run("cartpole-dqn", "plain", seed, 60.0, reached=False) for seed in range(3)),
    MADE
    | {
        "task": "lunar-pace",
        "contestant": "labkit",
        "seed": 0,
        "window_steps": 6000,
        "window_cpu": 4.0,
        "window_wall": 5.0,
    },
    MADE
    | {
        "task": "lunar-pace",
        "contestant": "sb3-dqn",
        "seed": 0,
        "window_steps": 6000,
        "window_cpu": 12.0,
        "window_wall": 15.0,
    },
]


def test_a_row_for_each_contestant():
    text = report(RUNS)
    assert (
        "| the lesson | 3 of 3 | 5.0 (4.0 to 6.0) | 7.0 (6.0 to 8.0) | 10.0 (8.0 to 12.0) | 13.0 (11.0 to 15.0) "
        in text
    )
    assert "| a plain loop | 0 of 3 | ≥ 60.0 | ≥ 62.0 | ≥ 120.0 | ≥ 123.0 | ≥ 60,000 | 1,000 | 480 |" in text
    assert "- Not reached by a plain loop in 3 of 3 runs (budget after 60 s)." in text


def test_goals_met_and_missed():
    text = report(RUNS)
    assert "Stable-Baselines3 DQN / the lesson: **10.0 (goal 8: met)**; imports included 7.4." in text
    assert "a plain loop / the lesson: at least 12.0; imports included at least 8.9." in text
    assert "| LunarLander-v3 | 1,500 | 500 | 3.0 (goal 3.5: missed) | 1,200 | 400 |" in text


def test_where_it_was_made_and_nothing_of_tasks_that_were_not_run():
    text = report(RUNS)
    assert "- 2026-01-31, Abacus: Python 3.11" in text
    assert "## Pendulum" not in text
    assert "plain at pendulum-ddpg (0 of 3)" in text


def test_the_picture_is_one():
    assert curves(RUNS).startswith(b"\x89PNG")


def test_contestants_take_turns():
    turns = list(plan(["cartpole-reinforce"], seeds=2))
    assert [(name, seed) for _task, name, seed in turns] == [
        *(("lesson", 0), ("sb3-ppo", 0), ("plain", 0)),
        *(("lesson", 1), ("sb3-ppo", 1), ("plain", 1)),
    ]
    assert list(plan(["cartpole-pace"], ["labkit"], 1, first=4)) == [("cartpole-pace", "labkit", 4)]
    assert len(list(plan(["cartpole-dqn", "lunar-dqn"], ["lesson"]))) == 10 + 3


def test_a_new_run_takes_the_place_of_the_same_one():
    runs = merged(RUNS, run("cartpole-dqn", "lesson", 1, 9.0))
    assert len(runs) == len(RUNS)
    assert [one["cpu"] for one in runs if one.get("contestant") == "lesson"] == [4.0, 9.0, 6.0]


def test_raw_figures_have_three_decimals():
    assert json.dumps(rounded({"cpu": 1.23456, "points": [[1, 2.00049]]})) == '{"cpu": 1.235, "points": [[1, 2.0]]}'
