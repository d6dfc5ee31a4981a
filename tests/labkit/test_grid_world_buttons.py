import sys
from io import BytesIO

import gymnasium as gym
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from labkit.envs.grid_world_buttons import play

ARROWS = {0: "↑", 1: "↓", 2: "←", 3: "→"}


def test_buttons_play_the_game_of_the_same_actions():
    pytest.importorskip("ipywidgets")
    picture, row, score = play(seed=3).children
    buttons = {button.description: button for button in row.children}
    env = gym.make("labkit/GridWorld-v0", render_mode="rgb_array")
    env.reset(seed=3)
    total = 0
    for step, action in enumerate(np.random.default_rng(0).integers(4, size=50), start=1):
        assert_array_equal(np.array(Image.open(BytesIO(picture.value))), env.render())
        assert not any(button.disabled for button in buttons.values())
        buttons[ARROWS[action]].click()
        total += env.step(action)[1]
        assert score.value == f"step {step}, return {total:.0f}"
    assert all(button.disabled for button in buttons.values())


def test_arrow_keys_move_and_other_keys_do_not(monkeypatch):
    ipyevents = pytest.importorskip("ipyevents")
    made, make = [], ipyevents.Event
    monkeypatch.setattr(ipyevents, "Event", lambda **options: made.append(make(**options)) or made[-1])
    picture, _, score = play(seed=3).children
    (events,) = made
    assert events.source is picture
    env = gym.make("labkit/GridWorld-v0", render_mode="rgb_array")
    env.reset(seed=3)
    total = 0
    for step in range(50):
        action = step % 4
        events._dom_handlers({"event": "keydown", "key": ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"][action]})
        total += env.step(action)[1]
        assert_array_equal(np.array(Image.open(BytesIO(picture.value))), env.render())
        events._dom_handlers({"event": "keydown", "key": "x"})
        assert score.value == f"step {step + 1}, return {total:.0f}"
    events._dom_handlers({"event": "keydown", "key": "ArrowUp"})
    assert score.value.startswith("step 50,"), "the game is over"


def test_without_ipyevents_the_buttons_remain(monkeypatch):
    pytest.importorskip("ipywidgets")
    monkeypatch.setitem(sys.modules, "ipyevents", None)
    _, row, score = play(seed=3).children
    row.children[0].click()
    assert score.value.startswith("step 1,")


def test_without_widgets_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(ModuleNotFoundError, match="install it, or play from a list of actions"):
        play()
