"""The GridWorld played with buttons under a picture, where there are widgets."""

from importlib import import_module
from io import BytesIO
from typing import Any

import gymnasium as gym

from labkit.envs.grid_world import DOWN, LEFT, RIGHT, UP
from labkit.messages import _

_ARROWS = {"←": LEFT, "↑": UP, "↓": DOWN, "→": RIGHT}


def play(seed: int | None = None, partial: bool = False) -> Any:
    """A game of 50 steps, played by a person.

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

    def press(button: Any) -> None:
        _obs, reward, _terminated, truncated, _info = env.step(_ARROWS[button.description])
        rewards.append(float(reward))
        picture.value = _png(env.render())
        score.value = _("step {n}, return {total:.0f}").format(n=len(rewards), total=sum(rewards))
        for each in buttons:
            each.disabled = truncated

    for button in buttons:
        button.on_click(press)
    return widgets.VBox([picture, widgets.HBox(buttons), score])


def _png(pixels: Any) -> bytes:
    """A picture file of an array (height, width, 3)."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
