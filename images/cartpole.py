"""Draw cartpole.png: the state of CartPole (four numbers), its two actions and its limits."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc, Rectangle

INK, POLE, PUSH, LIMIT = "#333333", "#ca9865", "#1f77b4", "#c44e52"
POSITION, ANGLE, LENGTH, AXLE = 0.55, np.radians(8), 1.9, 0.42  # the pole is drawn twice as long as it is


Point = tuple[float, float]


def arrow(axes: Axes, start: Point, end: Point, color: str, width: float = 1.8) -> None:
    """An arrow from one point to another."""
    axes.annotate(
        "", end, start, arrowprops={"arrowstyle": "-|>", "color": color, "lw": width, "shrinkA": 0, "shrinkB": 0}
    )


def draw() -> Figure:
    """Draw the cart, the pole, p and its velocity, beta and its velocity, the pushes 0 and 1, the limits."""
    figure = Figure(figsize=(7.2, 3.4))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-3.05, 3.05), ylim=(-0.62, 2.28), aspect="equal")
    axes.axis("off")

    axes.plot([-2.9, 2.9], [0, 0], color=INK, lw=1.5)
    for limit, label in [(-2.4, "−2.4 m"), (2.4, "+2.4 m")]:
        axes.plot([limit, limit], [-0.1, 0.75], "--", color=LIMIT, lw=1.5)
        axes.text(limit, 0.83, label, color=LIMIT, ha="center", fontsize=11)
    axes.plot([0, 0], [-0.1, 0.1], color=INK, lw=1.5)
    axes.text(0, -0.17, "0", color=INK, ha="center", va="top", fontsize=11)

    axes.add_patch(Rectangle((POSITION - 0.36, 0.06), 0.72, 0.36, color=INK))
    for side in (-0.22, 0.22):
        axes.plot([POSITION + side], [0.06], "o", color="white", mec=INK, ms=9, mew=2)
    for sign in (-1, 1):  # the limits of the angle: 12 degrees
        lean = sign * np.radians(12)
        top = POSITION + LENGTH * 0.93 * np.sin(lean), AXLE + LENGTH * 0.93 * np.cos(lean)
        axes.plot([POSITION, top[0]], [AXLE, top[1]], "--", color=LIMIT, lw=1.2)
        axes.text(
            top[0] + sign * 0.04,
            top[1] - 0.06,
            f"{'−' if sign < 0 else '+'}12°",
            color=LIMIT,
            ha="left" if sign > 0 else "right",
            fontsize=11,
        )
    axes.plot([POSITION, POSITION], [AXLE, AXLE + LENGTH * 0.93], ":", color=INK, lw=1)
    tip = POSITION + LENGTH * 0.85 * np.sin(ANGLE), AXLE + LENGTH * 0.85 * np.cos(ANGLE)
    axes.plot([POSITION, tip[0]], [AXLE, tip[1]], color=POLE, lw=9, solid_capstyle="round")
    axes.plot([POSITION], [AXLE], "o", color="#8184cb", ms=7)
    axes.add_patch(Arc((POSITION, AXLE), 2.6, 2.6, theta1=90 - np.degrees(ANGLE), theta2=90, color=INK, lw=1.5))
    axes.text(POSITION + 0.085, AXLE + 1.36, r"$\beta$", color=INK, ha="center", va="bottom", fontsize=14)
    arrow(axes, tip, (tip[0] + 0.5 * np.cos(ANGLE), tip[1] - 0.5 * np.sin(ANGLE)), INK)
    axes.text(tip[0] + 0.56, tip[1] - 0.1, r"$\dot\beta$", color=INK, va="center", fontsize=15)

    arrow(axes, (0, -0.36), (POSITION, -0.36), INK)
    axes.plot([POSITION, POSITION], [-0.44, 0.0], ":", color=INK, lw=1)
    axes.text(POSITION / 2, -0.4, "$p$", color=INK, ha="center", va="top", fontsize=15)
    arrow(axes, (POSITION + 0.08, -0.22), (POSITION + 0.68, -0.22), INK)
    axes.text(POSITION + 0.74, -0.22, r"$\dot p$", color=INK, va="center", fontsize=15)

    for action, start, end, where in [
        (0, POSITION + 1.06, POSITION + 0.42, POSITION + 1.12),
        (1, POSITION - 1.06, POSITION - 0.42, POSITION - 1.12),
    ]:
        arrow(axes, (start, 0.24), (end, 0.24), PUSH, width=3)
        axes.text(
            where, 0.24, f"$a = {action}$", color=PUSH, ha="right" if action else "left", va="center", fontsize=14
        )
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
