"""Draw dqn.png: the loop of deep Q-learning, with its two networks, its memory and what flows between them.

Symbols only, no words: the same picture does for every language.
"""

from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

INK, ONLINE, TARGET, MEMORY, WORLD, POLE = "#333333", "#1f77b4", "#c44e52", "#8184cb", "#55a868", "#ca9865"

Point = tuple[float, float]


def frame(axes: Axes, centre: Point, color: str) -> None:
    """A rounded box."""
    x, y = centre
    axes.add_patch(FancyBboxPatch((x - 0.8, y - 0.42), 1.6, 0.84, "round,pad=0.06", fc="white", ec=color, lw=2.5))


def cart(axes: Axes, centre: Point) -> None:
    """A cart with its pole, in a box: the environment."""
    x, y = centre
    frame(axes, centre, WORLD)
    axes.plot([x - 0.7, x + 0.7], [y - 0.34, y - 0.34], color=INK, lw=1.5)
    axes.add_patch(Rectangle((x - 0.25, y - 0.3), 0.5, 0.2, color=INK))
    axes.plot([x, x + 0.1], [y - 0.1, y + 0.38], color=POLE, lw=6, solid_capstyle="round")


def stack(axes: Axes, centre: Point) -> None:
    """Transitions one above the other, in a box: the replay buffer."""
    frame(axes, centre, MEMORY)
    for row in (0.27, 0.0, -0.27):
        axes.text(centre[0], centre[1] + row, "$(s, a, r, s')$", color=INK, ha="center", va="center", fontsize=11)


def arrow(axes: Axes, start: Point, end: Point, color: str = INK, style: str = "-") -> None:
    """An arrow from one point to another."""
    look = {"arrowstyle": "-|>", "color": color, "lw": 2, "linestyle": style, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look)


def network(axes: Axes, centre: Point, color: str) -> None:
    """Layers of 4, 5, 5 and 2 units, every unit tied to all of the next layer."""
    layers = [
        [(centre[0] + x, centre[1] + 0.24 * (i - (size - 1) / 2)) for i in range(size)]
        for x, size in zip((-0.75, -0.25, 0.25, 0.75), (4, 5, 5, 2), strict=True)
    ]
    for left, right in pairwise(layers):
        for start in left:
            for end in right:
                axes.plot([start[0], end[0]], [start[1], end[1]], color=color, lw=0.5, alpha=0.5, zorder=1)
    for unit in (unit for layer in layers for unit in layer):
        axes.add_patch(Circle(unit, 0.075, fc="white", ec=color, lw=1.6, zorder=2))


def draw() -> Figure:
    """Draw the environment, the buffer, the online and the target network, and seven arrows."""
    figure = Figure(figsize=(8.4, 4.1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-4.3, 4.3), ylim=(-2.05, 2.15), aspect="equal")
    axes.axis("off")

    cart(axes, (-2.9, 1.1))
    stack(axes, (-2.9, -1.1))
    network(axes, (0.75, 1.1), ONLINE)
    network(axes, (0.75, -1.1), TARGET)
    axes.text(0.75, 1.9, r"$Q(s,\cdot\,;\theta)$", color=ONLINE, ha="center", fontsize=12)
    axes.text(0.75, -1.95, r"$Q(s,\cdot\,;\theta^-)$", color=TARGET, ha="center", fontsize=12)
    frame(axes, (3.3, 0), INK)
    axes.text(3.3, 0, r"$(y - Q(s, a;\theta))^2$", color=INK, ha="center", va="center", fontsize=13)

    arrow(axes, (-1.98, 1.25), (-0.2, 1.25))
    axes.text(-1.1, 1.33, "$s$", ha="center", va="bottom", fontsize=13, color=INK)
    arrow(axes, (-0.2, 0.95), (-1.98, 0.95))
    axes.text(-1.1, 0.87, r"$a$ $(\varepsilon)$", ha="center", va="top", fontsize=12, color=INK)
    arrow(axes, (-2.9, 0.58), (-2.9, -0.58))
    axes.text(-2.98, 0, "$(s, a, r, s')$", ha="right", va="center", fontsize=12, color=INK)
    arrow(axes, (-1.98, -0.9), (-0.2, 0.55))
    axes.text(-1.25, -0.15, "$s, a$", ha="right", va="bottom", fontsize=12, color=INK)
    arrow(axes, (-1.98, -1.2), (-0.2, -1.2))
    axes.text(-1.1, -1.28, "$r, s'$", ha="center", va="top", fontsize=12, color=INK)
    arrow(axes, (1.65, 0.95), (2.75, 0.52), ONLINE)
    axes.text(2.05, 0.62, "$Q(s, a;\\theta)$", ha="right", va="top", fontsize=11, color=ONLINE)
    arrow(axes, (1.65, -0.95), (2.75, -0.52), TARGET)
    axes.text(2.25, -0.85, "$y$", ha="left", va="top", fontsize=13, color=TARGET)
    arrow(axes, (3.3, 0.52), (1.7, 1.35), ONLINE, "--")
    axes.text(2.75, 1.1, r"$\nabla_\theta$", ha="left", va="center", fontsize=15, color=ONLINE)
    arrow(axes, (0.75, 0.4), (0.75, -0.4), TARGET, "--")
    axes.text(0.85, 0, r"$\tau$", ha="left", va="center", fontsize=15, color=TARGET)
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=110, metadata={"Software": None})
