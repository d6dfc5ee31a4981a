"""Lesson ddpg_ball_pendulum's own DDPG, put to problems whose answers are known; and wrong versions of it, which must fail."""

import matplotlib
import numpy as np
import pytest

from tests.lessons.playing import SLOW, code_cells, text_of

LESSON = "ddpg_ball_pendulum"
UNNEEDED = SLOW | {"check", "nbval-ignore-output"}
PICTURES = {"ball-plane", "held", "noise-plot", "saturation", "smile-plot", "explorer-plot"}
STATES = np.linspace(-0.9, 0.9, 19, dtype=np.float32)[:, None]


@pytest.fixture(scope="module")
def lesson():
    """The names that the solution defines."""
    matplotlib.use("Agg")
    names = {"__name__": "__main__"}
    for cell in code_cells("solutions", "en", LESSON):
        if cell["id"] == "probe-run":
            break  # what follows trains agents
        if cell["id"] not in PICTURES and not UNNEEDED & set(cell["metadata"].get("tags", ())):
            exec(compile(text_of(cell), f"<{cell['id']}>", "exec"), names)
    return names


def errors(lesson, update):
    """How far the actor is from the right action of the one-step problem, and its value from 0."""
    agent = lesson["probe"](update)
    action = agent.fast(STATES)
    value = agent.critic([STATES, action]).numpy()
    return np.abs(action - lesson["goal"](STATES)).max(), np.abs(value).max()


def test_one_step_the_actor_finds_the_action_and_the_critic_its_value(lesson):
    action_error, value_error = errors(lesson, lesson["ddpg_update"])
    assert action_error < 0.2
    assert value_error < 0.1


def uphill_for_the_critics_loss(lesson):
    """The update with an actor that goes down instead of up."""

    def update(agent, batch):
        loss = lesson["critic_update"](agent, batch)
        with lesson["tf"].GradientTape() as tape:
            value = lesson["tf"].reduce_mean(agent.critic([batch.obs, agent.actor(batch.obs)]))
        weights = agent.actor.trainable_variables
        agent.actor_optimizer.apply(tape.gradient(value, weights), weights)
        return loss

    return update


def still_critic(lesson):
    """The update without the critic's step."""
    return lambda agent, batch: lesson["actor_update"](agent, batch)


@pytest.mark.parametrize("wrong", [uphill_for_the_critics_loss, still_critic])
def test_one_step_a_wrong_update_does_not_find_it(lesson, wrong):
    action_error, _value_error = errors(lesson, wrong(lesson))
    assert action_error > 0.3


def two_steps(rng, updates=32, size=64):
    """From state -1 to state 1, which pays nothing; from there to the end, which pays 1: whatever is done."""
    first = rng.random((updates, size)) < 0.5
    obs = np.where(first, -1, 1).astype(np.float32)[..., None]
    action = rng.uniform(-1, 1, (updates, size, 1)).astype(np.float32)
    return obs, action, (~first).astype(np.float32), np.ones_like(obs), ~first


def values(lesson, terminal=True):
    """What the critic believes of the two states, with gamma 0.5."""
    agent = lesson["Agent"](
        "",
        lesson["make"]("labkit/Ball-v0", dimensions=1),
        lesson["Structure"](1, 1),
        None,
        seed=0,
        gamma=0.5,
        tau=0.05,
        reward_scale=1.0,
    )
    for _call in range(20):
        *columns, ended = two_steps(agent.rng)
        agent.learn(lesson["labkit"].Batch(*columns, ended & terminal))
    states = np.array([[-1.0], [1.0]], np.float32)
    return agent.critic([states, np.zeros((2, 1), np.float32)]).numpy()[:, 0]


def test_two_steps_the_values_are_discounted_and_end_at_the_end(lesson):
    np.testing.assert_allclose(values(lesson), [0.5, 1.0], atol=0.05)


def test_two_steps_without_an_end_the_values_are_others(lesson):
    # Q(1) = 1 + Q(1) / 2 = 2, and Q(-1) = Q(1) / 2 = 1.
    np.testing.assert_allclose(values(lesson, terminal=False), [1.0, 2.0], atol=0.1)
