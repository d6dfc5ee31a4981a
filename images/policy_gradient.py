"""Draw policy_gradient.png: from an observation to logits, probabilities and a draw, and back from the return."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

INK, NET, BAR, DRAWN, BACK = "#333333", "#9aa7b5", "#1f77b4", "#ca9865", "#c44e52"
LOGITS = np.array([0.2, 1.3])

Point = tuple[float, float]


def arrow(axes: Axes, start: Point, end: Point, color: str = INK, bend: float = 0.0, width: float = 1.6) -> None:
    """An arrow from one point to another, straight or bent."""
    style = f"arc3,rad={bend}"
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14, connectionstyle=style, color=color, lw=width)
    )


def layers(axes: Axes) -> None:
    """The network: four numbers, five hidden units (of 32), two logits."""
    columns = [(0.5, np.linspace(0.9, 2.7, 4)), (1.9, np.linspace(0.7, 2.9, 5)), (3.3, np.array([1.3, 2.3]))]
    for (x, ys), (next_x, next_ys) in pairwise(columns):
        for y in ys:
            for next_y in next_ys:
                axes.plot([x, next_x], [y, next_y], color=NET, lw=0.7, zorder=1)
    for x, ys in columns:
        for y in ys:
            axes.add_patch(Circle((x, y), 0.14, facecolor="white", edgecolor=INK, lw=1.4, zorder=2))
    for y, name in zip(columns[0][1], [r"$\dot\beta$", r"$\beta$", r"$\dot p$", "$p$"], strict=True):
        axes.text(0.22, y, name, ha="right", va="center", fontsize=13, color=INK)


def draw() -> Figure:
    """Draw the network, its logits, the probabilities, the action that is drawn, and the way back."""
    figure = Figure(figsize=(8.2, 3.3))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.35, 8.75), ylim=(-0.25, 3.42), aspect="equal")
    axes.axis("off")
    layers(axes)
    probabilities = np.exp(LOGITS) / np.exp(LOGITS).sum()
    for action, y in enumerate([2.3, 1.3]):
        axes.text(3.6, y, f"{LOGITS[action]:.1f}", va="center", fontsize=13, color=INK)
        axes.barh(y, 1.6 * probabilities[action], left=5.4, height=0.42, color=BAR)
        axes.text(5.32, y, f"$a = {action}$", ha="right", va="center", fontsize=12, color=INK)
        axes.text(
            5.48 + 1.6 * probabilities[action], y, f"{probabilities[action]:.2f}", va="center", fontsize=12, color=INK
        )
    axes.text(3.75, 2.95, "$z$", ha="center", fontsize=14, color=INK)
    axes.text(6.1, 2.95, r"$\pi(a \mid s;\, \theta)$", ha="center", fontsize=14, color=INK)
    axes.text(0.5, 3.08, "$s$", ha="center", fontsize=14, color=INK)
    axes.text(1.9, 3.2, r"$\theta$", ha="center", fontsize=14, color=INK)
    arrow(axes, (4.05, 1.8), (4.62, 1.8))
    arrow(axes, (7.3, 1.3), (7.75, 1.3), DRAWN, width=2.6)
    axes.text(8.2, 1.3, "$a_t = 1$", ha="center", va="center", fontsize=14, color=DRAWN)
    arrow(axes, (8.2, 1.05), (8.2, 0.5), DRAWN, width=2.6)
    axes.text(8.2, 0.25, "$G_t$", ha="center", va="center", fontsize=14, color=BACK)
    arrow(axes, (7.85, 0.22), (1.95, 0.5), BACK, width=2.0, bend=-0.03)
    axes.text(
        4.9, 0.05, r"$\theta \leftarrow \theta + \alpha\, G_t\, \nabla \log \pi(a_t \mid s;\, \theta)$",
        ha="center", va="center", fontsize=13, color=BACK,
    )  # fmt: skip
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
