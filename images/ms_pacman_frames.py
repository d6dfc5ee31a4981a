"""Draw ms_pacman_frames.png: sixteen frames, four pictures, one observation, and the values of five actions.

Symbols only, no words: the same picture does for every language.
"""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

INK, FRAME, SEEN, PICTURE, VALUE = "#333333", "#dddddd", "#ca9865", "#8184cb", "#1f77b4"

Point = tuple[float, float]


def box(axes: Axes, left: Point, size: Point, color: str, text: str = "") -> None:
    """A rectangle with a symbol in it."""
    axes.add_patch(Rectangle(left, *size, fc=color, ec=INK, lw=1.2, zorder=2))
    axes.text(left[0] + size[0] / 2, left[1] + size[1] / 2, text, ha="center", va="center", fontsize=11, zorder=3)


def arrow(axes: Axes, start: Point, end: Point) -> None:
    """An arrow from one point to another."""
    look = {"arrowstyle": "-|>", "color": INK, "lw": 1.5, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look)


def draw() -> Figure:
    """The picture."""
    figure = Figure((9.2, 4.2))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-0.4, 14.2), ylim=(-0.2, 5.6))
    axes.set_axis_off()
    for group in range(4):
        for k in range(4):
            x = 0.1 + group * 2.9 + k * 0.62
            box(axes, (x, 4.2), (0.52, 0.7), SEEN if k >= 2 else FRAME, str(4 * group + k + 1))
            if k >= 2:
                arrow(axes, (x + 0.26, 4.18), (group * 2.9 + 1.6, 3.32))
        axes.text(group * 2.9 + 2.2, 3.6, "$\\max$", fontsize=11, color=INK)
        axes.text(group * 2.9 + 1.3, 5.15, f"$a_{{t{'-' + str(4 - group)}}}$", ha="center", fontsize=13, color=INK)
        back = f"t-{3 - group}" if group < 3 else "t"
        box(axes, (group * 2.9 + 1.05, 2.4), (1.1, 0.9), PICTURE, f"${back}$")
        arrow(axes, (group * 2.9 + 1.6, 2.38), (5.25 + group * 0.5, 1.12))
    for group in range(4):
        box(axes, (4.95 + group * 0.5, 0.25), (0.5, 0.85), PICTURE)
    axes.text(4.75, 0.67, "$s_t$", ha="right", va="center", fontsize=15, color=INK)
    arrow(axes, (7.1, 0.67), (8.5, 0.67))
    for action, height in enumerate((0.5, 0.8, 0.35, 0.95, 0.6)):
        box(axes, (8.7 + action * 0.5, 0.25), (0.36, height), VALUE)
    axes.text(11.4, 0.67, "$Q(s_t, \\cdot)$", va="center", fontsize=15, color=VALUE)
    arrow(axes, (12.9, 0.67), (13.5, 0.67))
    axes.text(13.6, 0.67, "$a_t$", va="center", fontsize=15, color=INK)
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=100, metadata={"Software": None})
