"""The lesson's own solution learns the environments whose answer is known, and is found out where it has a bug."""

import numpy as np
import pytest

from coursekit.notebook import text_of
from tests.lessons.dqn_bugs import everyone_meets_everyone, largest, time_limit_is_the_end
from tests.lessons.playing import code_cells
from tests.lessons.probe_envs import PROBES, OneReward, RewardIsAction, RewardIsObs, TimeLimit, TwoSteps

GAMMA = 0.5
SKIPPED = {"check", "training", "nbval-ignore-output"}  # what defines nothing that the agent needs


@pytest.fixture(scope="module")
def solution():
    """The names that the solution of lesson dqn_cartpole defines."""
    names = {"__name__": "__main__"}
    for cell in code_cells("solutions", "en", "dqn_cartpole"):
        if cell["id"] == "imports" or not SKIPPED & set(cell["metadata"].get("tags", ())):
            exec(compile(text_of(cell), cell["id"], "exec"), names)
    return names


def learned(solution, probe):
    """Values of all actions in all states of a probe, after 2,000 random steps; and the right ones."""
    agent = solution["Agent"](0, hidden=(16,), learning_rate=1e-2, gamma=GAMMA, tau=0.1, env=probe)
    agent.learning_starts, agent.epsilon = 64, lambda step: 1.0
    for step in range(2000):
        solution["agent_step"](agent, step)
    return agent.fast(np.array(probe.states)), probe.answer(GAMMA)


@pytest.mark.parametrize("probe", PROBES)
def test_the_solution_learns_the_known_values(solution, probe):
    got, want = learned(solution, probe())
    assert got == pytest.approx(want, abs=0.05)


def after_the_end(solution):
    """Targets that bootstrap after a terminal state."""
    tf = solution["tf"]
    return "td_targets", lambda batch, net, gamma: batch.reward + gamma * tf.reduce_max(net(batch.next_obs), axis=1)


def undiscounted(solution):
    """Targets that leave gamma out."""
    right = solution["td_targets"]
    return "td_targets", lambda batch, net, gamma: right(batch, net, 1.0)


@pytest.mark.parametrize(
    ("bug", "probe"),
    [
        (after_the_end, OneReward),
        (undiscounted, TwoSteps),
        (everyone_meets_everyone, RewardIsObs),
        (largest, RewardIsAction),
        (time_limit_is_the_end, TimeLimit),
    ],
)
def test_a_bug_is_found(solution, monkeypatch, bug, probe):
    monkeypatch.setitem(solution, *bug(solution))
    got, want = learned(solution, probe())
    assert np.abs(got - want).max() > 0.3
