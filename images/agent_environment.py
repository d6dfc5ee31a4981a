"""Draw agent_environment.png: the policy acts, the world answers with an observation and a reward."""

from pathlib import Path

import gymnasium as gym
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

import labkit  # noqa: F401 - registers the GridWorld

INK, ACT, SEE, PAY, BOX = "#333333", "#1f77b4", "#2ca02c", "#c44e52", "#dce9f5"


def box(axes: Axes, x: float, width: float) -> None:
    """A box with round corners, from y = 0.5 to 2.7."""
    shape = FancyBboxPatch((x, 0.5), width, 2.2, boxstyle="round,pad=0,rounding_size=0.18", fc=BOX, ec=INK, lw=1.5)
    axes.add_patch(shape)


def arrow(axes: Axes, start: float, end: float, y: float, label: str, color: str) -> None:
    """An arrow between the boxes, with its name above."""
    axes.annotate("", (end, y), (start, y), arrowprops={"arrowstyle": "-|>", "color": color, "lw": 2.5})
    axes.text((start + end) / 2, y + 0.07, label, color=color, ha="center", va="bottom", fontsize=17)


def draw() -> Figure:
    """Draw both boxes and the three arrows."""
    figure = Figure(figsize=(7.2, 3.2))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 7.2), ylim=(0, 3.2), aspect="equal")
    axes.axis("off")
    box(axes, 0.3, 1.9)
    axes.text(1.25, 1.6, r"$\pi$", ha="center", va="center", fontsize=54, color=INK)
    box(axes, 4.7, 2.2)
    env = gym.make("labkit/GridWorld-v0", render_mode="rgb_array")
    env.reset(seed=0)
    axes.imshow(env.render(), extent=(4.85, 6.75, 0.65, 2.55), zorder=3)
    axes.set(xlim=(0, 7.2), ylim=(0, 3.2))
    arrow(axes, 2.3, 4.6, 2.15, "$a_t$", ACT)
    arrow(axes, 4.6, 2.3, 1.4, "$o_{t+1}$", SEE)
    arrow(axes, 4.6, 2.3, 0.65, "$r_{t+1}$", PAY)
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
