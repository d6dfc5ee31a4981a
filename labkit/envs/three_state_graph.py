"""The graph of the three-state Markov decision process: its arrows, and a drawing of them."""

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labkit.numbers import number, written

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Transition = tuple[int, int, int]  # state, action, next state

# (state, action): {next state: (probability, reward)}; actions that are not here are not allowed.
TABLE: dict[tuple[int, int], dict[int, tuple[float, float]]] = {
    (0, 0): {0: (0.7, 10.0), 1: (0.3, 0.0)},
    (0, 1): {0: (1.0, 0.0)},
    (0, 2): {0: (0.8, 0.0), 1: (0.2, 0.0)},
    (1, 0): {1: (1.0, 0.0)},
    (1, 2): {2: (1.0, -50.0)},
    (2, 1): {0: (0.8, 40.0), 1: (0.1, 0.0), 2: (0.1, 0.0)},
}

# The drawing's plan, on a sheet 10 wide and 5 high: the states; the actions' dots, with the side
# of their names; how far each arrow bends from a straight line, as a share of its length.
_STATES = {0: (1.9, 2.6), 1: (5.4, 2.6), 2: (8.9, 2.6)}
_ACTIONS = {
    (0, 0): (2.5, 4.4, "above"),
    (0, 1): (0.5, 3.6, "above"),
    (0, 2): (3.7, 2.6, "below"),
    (1, 0): (5.4, 4.4, "above"),
    (1, 2): (6.75, 2.6, "above"),
    (2, 1): (7.9, 0.75, "below"),
}
_BENDS = {
    (0, 0, 0): 0.5,
    (0, 0, 1): -0.2,
    (0, 1, 0): 0.5,
    (0, 2, 0): 0.55,
    (0, 2, 1): 0.0,
    (1, 0, 1): -0.5,
    (1, 2, 2): 0.0,
    (2, 1, 0): -0.25,
    (2, 1, 1): -0.12,
    (2, 1, 2): 0.5,
}
_INK, _LIVE, _STATE, _LIVE_STATE = "#333333", "#c1121f", "#dce9f5", "#ffd166"
_STATE_SIZE, _DOT_SIZE = 50, 9  # points across


def draw_graph(state: int | None = None, transition: Transition | None = None) -> "Figure":
    """Draw the states (circles), the actions (dots) and where they lead.

    Each arrow carries its probability and, in bold, its reward where there is one.

    Args:
        state: the state to highlight, 0 to 2; None for none.
        transition: the arrow to highlight; None for none.

    Returns:
        A Matplotlib figure of 8 by 4 inches: `.savefig(path)` writes it.
    """
    from matplotlib.figure import Figure  # without pyplot: nothing is shown twice in a notebook

    figure = Figure(figsize=(8, 4), dpi=80)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 10), ylim=(0, 5))
    axes.axis("off")
    for (s, a), outcomes in TABLE.items():
        x, y, side = _ACTIONS[s, a]
        color = _LIVE if transition and transition[:2] == (s, a) else _INK
        _arrow(axes, _STATES[s], (x, y), color, style="-")
        for next_state in outcomes:
            live = transition == (s, a, next_state)
            _outcome(axes, (s, a, next_state), _LIVE if live else _INK)
        axes.plot(x, y, "o", color=color, markersize=_DOT_SIZE)
        up = side == "above"
        offset = (0, 8 if up else -8)
        axes.annotate(
            f"$a_{a}$",
            (x, y),
            offset,
            textcoords="offset points",
            ha="center",
            va="bottom" if up else "top",
            color=color,
            size=15,
            math_fontfamily="stix",
        )
    for s, (x, y) in _STATES.items():
        fill = _LIVE_STATE if s == state else _STATE
        axes.plot(x, y, "o", markersize=_STATE_SIZE, markerfacecolor=fill, markeredgecolor=_INK)
        axes.text(x, y, f"$s_{s}$", ha="center", va="center_baseline", size=22, math_fontfamily="stix")
    return figure


def picture(state: int, transition: Transition | None) -> npt.NDArray[np.uint8]:
    """The drawing as pixels, read-only, shape (320, 640, 3), 0 to 255; drawn only once each."""
    return _drawn(state, transition, written("."))


@cache
def _drawn(state: int, transition: Transition | None, decimal_sign: str) -> npt.NDArray[np.uint8]:
    """The drawing in a language, which it takes from what is in use."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(draw_graph(state, transition))
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.array(canvas.buffer_rgba())[:, :, :3]  # type: ignore[no-untyped-call]
    pixels.flags.writeable = False
    return pixels


def _outcome(axes: Any, transition: Transition, color: str) -> None:
    """The arrow of one transition, its probability and reward in the middle."""
    s, a, next_state = transition
    probability, reward = TABLE[s, a][next_state]
    (x0, y0, _side), (x1, y1), bend = _ACTIONS[s, a], _STATES[next_state], _BENDS[transition]
    _arrow(axes, (x0, y0), (x1, y1), color, style="-|>", bend=bend)
    label = f"{number(probability):g}"
    if reward:
        sign = "+" if reward > 0 else "−"
        label += f"\n$\\mathbf{{{sign}{abs(reward):g}}}$"
    axes.text(
        # The middle of Matplotlib's "arc3" curve.
        (x0 + x1) / 2 + bend * (y1 - y0) / 2,
        (y0 + y1) / 2 - bend * (x1 - x0) / 2,
        label,
        ha="center",
        va="center",
        color=color,
        size=12,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def _arrow(
    axes: Any, start: tuple[float, float], end: tuple[float, float], color: str, style: str, bend: float = 0.0
) -> None:
    """A line between a state and a dot; it stops at the edge of the state."""
    to_state = end in _STATES.values()
    edge, gap = _STATE_SIZE / 2, 2
    axes.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": style,
            "mutation_scale": 15,
            "connectionstyle": f"arc3,rad={bend}",
            "color": color,
            "linewidth": 1.5,
            "shrinkA": 0 if to_state else edge,
            "shrinkB": edge + gap if to_state else 0,
        },
    )
