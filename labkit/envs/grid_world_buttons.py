"""The GridWorld played by a person, with arrow keys or buttons, where there are widgets."""

from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from typing import Any

import gymnasium as gym

from labkit.envs.grid_world import DOWN, LEFT, RIGHT, UP
from labkit.messages import _
from labkit.numbers import number

_ARROWS = {"←": LEFT, "↑": UP, "↓": DOWN, "→": RIGHT}
_KEYS = {"ArrowLeft": LEFT, "ArrowUp": UP, "ArrowDown": DOWN, "ArrowRight": RIGHT}


def play(seed: int | None = None, partial: bool = False) -> Any:
    """A game of 50 steps, played by a person.

    Buttons under the picture move the agent; so do the arrow keys while the pointer is on the picture, where ipyevents
    is installed.

    Args:
        seed: seed of the game; None for another game each time.
        partial: whether all but the cells around the agent is darkened.

    Returns:
        A widget (ipywidgets): as the last line of a cell it shows itself.

    Raises:
        ModuleNotFoundError: ipywidgets is not installed. Colab has it.
    """
    try:
        widgets: Any = import_module("ipywidgets")
    except ImportError:
        raise ModuleNotFoundError(
            _("Buttons need the package ipywidgets: install it, or play from a list of actions.")
        ) from None
    env = gym.make("labkit/GridWorld-v0", partial=partial, render_mode="rgb_array")
    env.reset(seed=seed)
    picture, score = widgets.Image(value=_png(env.render()), format="png"), widgets.Label()
    buttons = [widgets.Button(description=arrow, layout={"width": "60px"}) for arrow in _ARROWS]
    rewards: list[float] = []

    def move(action: int) -> None:
        if buttons[0].disabled:  # The game is over; keys cannot be disabled.
            return
        _obs, reward, _terminated, truncated, _info = env.step(action)
        rewards.append(float(reward))
        picture.value = _png(env.render())
        score.value = _("step {n}, return {total:.0f}").format(n=len(rewards), total=number(sum(rewards)))
        for button in buttons:
            button.disabled = truncated

    for button in buttons:
        button.on_click(lambda pressed: move(_ARROWS[pressed.description]))
    _on_keys(picture, move)
    return widgets.VBox([picture, widgets.HBox(buttons), score])


def _on_keys(widget: Any, move: Callable[[int], None]) -> None:
    """Have the arrow keys move, where ipyevents is installed; the page must not scroll by them."""
    try:
        ipyevents: Any = import_module("ipyevents")
    except ImportError:
        return
    events = ipyevents.Event(source=widget, watched_events=["keydown"], prevent_default_action=True)
    events.on_dom_event(lambda event: move(_KEYS[event["key"]]) if event["key"] in _KEYS else None)


def _png(pixels: Any) -> bytes:
    """A picture file of an array (height, width, 3)."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
