"""Draw d3qn.png: from a small picture through two convolutions and a dense layer to two heads, joined to Q."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

INK, MAPS, DENSE, VALUE, ADVANTAGE = "#333333", "#9ecae1", "#c7b9e8", "#fdae6b", "#a1d99b"
AGENT, GOAL, FIRE = (31 / 255, 119 / 255, 180 / 255), (44 / 255, 160 / 255, 44 / 255), (214 / 255, 39 / 255, 40 / 255)
CELL = 0.22  # side of a cell of a picture, in the drawing's units
THINGS = {(3, 2): AGENT, (1, 1): GOAL, (5, 3): GOAL, (2, 5): GOAL, (4, 5): GOAL, (3, 4): FIRE, (5, 1): FIRE}


def picture(axes: Axes, x: float, y: float) -> None:
    """The small picture: 7 by 7 cells, the wall white, one window of 3 by 3 marked."""
    for row, column in np.ndindex(7, 7):
        inside = 1 <= row <= 5 and 1 <= column <= 5
        color = THINGS.get((row, column), "#222222" if inside else "white")
        corner = (x + column * CELL, y + (6 - row) * CELL)
        axes.add_patch(Rectangle(corner, CELL, CELL, facecolor=color, edgecolor="#999999", lw=0.5))
    axes.add_patch(Rectangle((x + CELL, y + 3 * CELL), 3 * CELL, 3 * CELL, fill=False, edgecolor="#ffcc00", lw=2.5))


def maps(axes: Axes, x: float, cells: int, count: int) -> float:
    """Some maps one behind the other; returns where they end."""
    side = cells * CELL
    for i in reversed(range(count)):
        corner = (x + 0.07 * i, -side / 2 + 0.07 * i)
        axes.add_patch(Rectangle(corner, side, side, facecolor=MAPS, edgecolor=INK, lw=1))
    return x + side + 0.07 * (count - 1)


def column(axes: Axes, x: float, low: float, high: float, color: str, parts: int) -> None:
    """A column of numbers."""
    height = (high - low) / parts
    for i in range(parts):
        axes.add_patch(Rectangle((x, low + i * height), 0.22, height, facecolor=color, edgecolor=INK, lw=1))


def fan(axes: Axes, left: float, right: float, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Every number on the left goes into every number on the right."""
    corners = [(left, start[0]), (left, start[1]), (right, end[1]), (right, end[0])]
    axes.add_patch(Polygon(corners, facecolor="#eeeeee", edgecolor="none"))


def label(axes: Axes, x: float, y: float, text: str, size: float = 12) -> None:
    """Words under or over a part."""
    axes.text(x, y, text, color=INK, ha="center", va="center", fontsize=size)


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """An arrow."""
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.4})


def draw() -> Figure:
    """The whole network, from the left to the right."""
    figure = Figure(figsize=(9.6, 3.4))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.1, 8.9), ylim=(-1.5, 1.68), aspect="equal")
    axes.axis("off")
    picture(axes, 0, -3.5 * CELL)
    arrow(axes, (1.62, 0), (2.0, 0))
    end = maps(axes, 2.05, 5, 5)
    arrow(axes, (end + 0.05, 0), (end + 0.43, 0))
    start = end + 0.48
    end = maps(axes, start, 3, 8)
    fan(axes, end + 0.05, 5.2, (-0.2, 0.55), (-1.1, 1.1))
    column(axes, 5.2, -1.1, 1.1, DENSE, 11)
    fan(axes, 5.42, 6.3, (-1.1, 1.1), (0.62, 0.84))
    fan(axes, 5.42, 6.3, (-1.1, 1.1), (-0.9, -0.02))
    column(axes, 6.3, 0.62, 0.84, VALUE, 1)
    column(axes, 6.3, -0.9, -0.02, ADVANTAGE, 4)
    arrow(axes, (6.58, 0.72), (7.5, 0.16))
    arrow(axes, (6.58, -0.46), (7.5, -0.1))
    column(axes, 7.56, -0.44, 0.44, "white", 4)
    label(axes, 0.77, -1.2, "7 × 7 × 3")
    label(axes, 2.74, -1.2, "? × ? × 32")
    label(axes, start + 0.56, -1.2, "? × ? × 64")
    label(axes, 5.31, -1.3, "256")
    label(axes, 6.41, 1.06, "$V(s)$", 14)
    label(axes, 6.41, -1.14, "$A(s, \\cdot)$", 14)
    label(axes, 7.67, 0.68, "$Q(s, \\cdot)$", 14)
    label(axes, 8.25, 0.0, "$a = 0, 1, 2, 3$", 11)
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
