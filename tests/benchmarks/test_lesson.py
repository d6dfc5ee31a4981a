"""What is timed of a lesson is in its solution, and gets its seed from outside."""

import re

import pytest

from benchmarks.lesson import LESSONS, reseeded, sources
from benchmarks.tasks import TASKS


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_the_cells_are_there_and_hold_one_seed(lesson):
    code = sources(lesson.name)
    cells = [code[cell] for cell in ["imports", *lesson.cells.split()]]
    assert sum(len(re.findall(lesson.seed, cell)) for cell in cells) == 1
    for test in lesson.tests:
        assert any(f"def {test}(" in cell for cell in cells)


def test_every_task_has_its_lesson():
    assert set(LESSONS) == set(TASKS)


def test_another_seed_in_a_cell():
    code = "rng = labkit.seed_everything(7)\nsize = 7"
    assert reseeded(code, r"seed_everything\((\d+)\)", 12) == "rng = labkit.seed_everything(12)\nsize = 7"
    code = 'runs["agent"] = Agent(gym.make("LunarLander-v3"), seed=1)'
    assert reseeded(code, LESSONS["lunar-dqn"].seed, 0) == 'runs["agent"] = Agent(gym.make("LunarLander-v3"), seed=0)'
