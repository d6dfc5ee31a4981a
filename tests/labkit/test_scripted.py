import numpy as np
import pytest

import labkit
from labkit import CheckFailed, ScriptedEnv, ScriptedVectorEnv

OBS, REWARDS = [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [1.5, -2.0]


@pytest.mark.parametrize(
    ("end", "last"),
    [("terminated", (True, False)), ("truncated", (False, True)), ("both", (True, True)), ("neither", (False, False))],
)
def test_the_script_is_played_and_what_was_done_is_written_down(end, last):
    env = ScriptedEnv(np.array(OBS), REWARDS, end)
    obs, info = env.reset(seed=7)
    assert (obs.tolist(), info) == ([0.0, 1.0], {})
    obs, *rest = env.step(1)
    assert (obs.tolist(), rest) == ([2.0, 3.0], [1.5, False, False, {}])
    obs, *rest = env.step(np.int64(0))
    assert (obs.tolist(), rest) == ([4.0, 5.0], [-2.0, *last, {}])
    assert (env.time, env.actions, env.seeds) == (2, [1, 0], [7])


def test_each_reset_begins_the_script_anew_and_the_notes_go_on():
    env = ScriptedEnv([5, 6, 7], REWARDS)
    assert [env.step(0)[0], env.step(1)[0], env.reset()[0], env.step(1)[0]] == [6, 7, 5, 6]
    assert (env.time, env.actions, env.seeds) == (1, [0, 1, 1], [None])


def test_actions_are_noted_as_they_were():
    env = ScriptedEnv(OBS, REWARDS)
    action = np.array([0.5])
    env.step(action)
    action[0] = 9.0
    env.step(2.5)
    assert env.actions == [np.array([0.5]), 2.5]
    assert type(env.actions[1]) is float


def test_who_changes_what_is_shown_changes_no_script():
    script = np.array(OBS)
    env = ScriptedEnv(script, REWARDS)
    env.reset()[0][:] = 9.0
    env.step(0)[0][:] = 9.0
    assert script.tolist() == OBS


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The episode is over, and you step on: call env.reset() first."),
        ("fr", "L'épisode est terminé, et vous continuez\u202f: appelez d'abord env.reset()."),
        ("ro", "Episodul s-a încheiat, iar pașii continuă: apelați mai întâi env.reset()."),
    ],
)
def test_who_steps_on_is_told_so(language, sentence):
    labkit.use(language)
    for env in (ScriptedEnv([0, 1], [1.0]), ScriptedVectorEnv([[0], [1]], [[1.0]], [[True]], [[False]])):
        env.step([0])
        with pytest.raises(CheckFailed) as error:
            env.step([0])
        assert str(error.value) == sentence
        assert len(env.actions) == 1


def test_who_steps_on_is_told_what_the_lesson_says():
    env = ScriptedEnv([0, 1], [1.0], over="Leave the game.")
    env.step(0)
    with pytest.raises(CheckFailed, match=r"^Leave the game\.$"):
        env.step(0)


@pytest.mark.parametrize(("said", "sentence"), [("", "^You reset before the episode is over: "), ("Go on.", "^Go on")])
def test_an_episode_is_played_to_its_end_before_the_next_one(said, sentence):
    env = ScriptedEnv([0, 1, 2], REWARDS, early=said)
    env.reset()
    env.step(0)
    with pytest.raises(CheckFailed, match=sentence):
        env.reset()
    env.step(0)
    assert env.reset() == (0, {})
    # The first ends with step 0, the second with step 1.
    envs = ScriptedVectorEnv(
        np.zeros((4, 2)), np.zeros((3, 2)), np.eye(3)[:, :2] == 1, np.zeros((3, 2)) == 1, early=said
    )
    envs.reset()
    envs.step([0, 0])
    with pytest.raises(CheckFailed, match=sentence):
        envs.reset()
    envs.step([0, 0])
    envs.reset()
    assert envs.time == 0


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ScriptedEnv([0], [1.0]), r"^The observations \(1\) and steps \(1\) of a script do not"),
        (lambda: ScriptedEnv([0, 1], [1.0], "won"), "^An episode cannot end by 'won': choose from terminated, trunc"),
        (
            lambda: ScriptedVectorEnv([[0], [1]], [[1.0]], [[True]] * 2, [[True]]),
            r"^The observations \(2\) and steps \(2\) of a script do not",
        ),
    ],
)
def test_a_script_that_cannot_be_played_is_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_tables_are_played_row_by_row():
    obs = np.arange(12).reshape(3, 2, 2)
    no, yes = [False, False], [False, True]
    envs = ScriptedVectorEnv(obs, [[1.0, 2.0], [3.0, 4.0]], [yes, no], [no, yes], over="Stop.")
    assert envs.num_envs == 2
    first, _info = envs.reset(seed=4)
    assert first.tolist() == [[0, 1], [2, 3]]
    assert [part.tolist() for part in envs.step([1, 0])[:4]] == [[[4, 5], [6, 7]], [1.0, 2.0], yes, no]
    assert [part.tolist() for part in envs.step([0, 0])[:4]] == [[[8, 9], [10, 11]], [3.0, 4.0], no, yes]
    assert [actions.tolist() for actions in envs.actions] == [[1, 0], [0, 0]]
    with pytest.raises(CheckFailed, match=r"^Stop\.$"):
        envs.step([0, 0])
    envs.reset()
    for column in envs.step([1, 1])[:4]:
        column[:] = 0  # a copy
    envs.step([1, 1])
    envs.reset()
    assert [part.tolist() for part in envs.step([1, 1])[:4]] == [[[4, 5], [6, 7]], [1.0, 2.0], yes, no]
    assert envs.seeds == [4, None, None]
