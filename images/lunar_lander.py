"""Draw lunar_lander.png: the state of the lander (position, velocity, angle, legs) and its actions."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc, Polygon

INK, BODY, PUSH, FLAG, GROUND = "#333333", "#8066e6", "#1f77b4", "#c44e52", "#dddddd"
CENTRE, ANGLE = np.array([1.62, 1.75]), np.radians(20)  # of the lander, in the picture's units

Point = npt.NDArray[np.float64]


def placed(x: float, y: float) -> Point:
    """A point given from the lander's centre, along its own axes."""
    cos, sin = np.cos(ANGLE), np.sin(ANGLE)
    return CENTRE + np.array([cos * x - sin * y, sin * x + cos * y])


def arrow(axes: Axes, start: Point, end: Point, color: str, width: float = 1.8) -> None:
    """An arrow from one point to another."""
    axes.annotate(
        "",
        tuple(end),
        tuple(start),
        arrowprops={"arrowstyle": "-|>", "color": color, "lw": width, "shrinkA": 0, "shrinkB": 0},
    )


def pad(axes: Axes) -> None:
    """The ground, and the pad between two flags with the origin of x and y."""
    ground = [(-3, -0.6), (-3, 0.35), (-2.2, 0.1), (-1.5, 0), (3.4, 0), (3.4, -0.6)]
    axes.add_patch(Polygon(ground, facecolor=GROUND, edgecolor=INK, lw=1.5))
    for x in (-0.7, 0.7):
        axes.plot([x, x], [0, 0.42], color=INK, lw=1.5)
        axes.add_patch(Polygon([(x, 0.42), (x, 0.26), (x + 0.22, 0.34)], color=FLAG))
    axes.plot([-0.7, 0.7], [0, 0], color=FLAG, lw=4)
    axes.plot([0, 0], [0, 2.25], ":", color=INK, lw=1)
    axes.text(0, -0.12, "(0, 0)", color=INK, ha="center", va="top", fontsize=12)


def lander(axes: Axes) -> None:
    """The body, and its two legs."""
    body = [(-0.34, 0.3), (-0.42, 0), (-0.42, -0.22), (0.42, -0.22), (0.42, 0), (0.34, 0.3)]
    for side in (-1, 1):
        knee, foot = placed(side * 0.38, -0.1), placed(side * 0.56, -0.5)
        axes.plot(*zip(knee, foot, strict=True), color=BODY, lw=5, solid_capstyle="round")
    axes.add_patch(Polygon([tuple(placed(*point)) for point in body], facecolor=BODY, edgecolor=INK, lw=1.2))


def actions(axes: Axes) -> None:
    """What the three engines push."""
    for action, start, end, label in [
        (1, (1.1, 0.12), (0.5, 0.12), (1.36, 0.12)),
        (3, (-1.1, 0.12), (-0.5, 0.12), (-1.36, 0.12)),
        (2, (0, -0.95), (0, -0.32), (0.02, -1.1)),
    ]:
        arrow(axes, placed(*start), placed(*end), PUSH, width=3)
        axes.text(*placed(*label), f"$a = {action}$", color=PUSH, ha="center", va="center", fontsize=14)


def state(axes: Axes) -> None:
    """Position, velocity and angle."""
    x, y = CENTRE
    axes.plot([x, x], [y, y + 1.0], ":", color=INK, lw=1)
    axes.plot(*zip(CENTRE, placed(0, 1.0), strict=True), ":", color=INK, lw=1)
    axes.add_patch(Arc((x, y), 1.5, 1.5, theta1=90, theta2=90 + np.degrees(ANGLE), color=INK, lw=1.5))
    axes.text(x - 0.17, y + 0.84, r"$\vartheta$", color=INK, ha="center", va="center", fontsize=15)
    arrow(axes, CENTRE, CENTRE + np.array([-0.72, -0.62]), INK)
    axes.text(x - 0.8, y - 0.72, "$(v_x, v_y)$", color=INK, ha="right", va="center", fontsize=14)
    axes.plot([x], [y], "o", color="white", mec=INK, ms=6)
    arrow(axes, np.array([0, 2.25]), np.array([x, 2.25]), INK)
    axes.text(x / 2, 2.32, "$x$", color=INK, ha="center", va="bottom", fontsize=15)
    arrow(axes, np.array([2.9, 0.0]), np.array([2.9, y]), INK)
    axes.plot([x, 2.9], [y, y], ":", color=INK, lw=1)
    axes.text(2.98, y / 2, "$y$", color=INK, va="center", fontsize=15)


def draw() -> Figure:
    """Draw the pad, the lander above it to the right, its state and its actions."""
    figure = Figure(figsize=(7.2, 4.2))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-2.65, 3.35), ylim=(-0.5, 3.0), aspect="equal")
    axes.axis("off")
    pad(axes)
    lander(axes)
    actions(axes)
    state(axes)
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
