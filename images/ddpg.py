"""Draw ddpg.png: actor and critic of DDPG, and which way each of them learns."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

INK, BOX, ACTOR, CRITIC = "#333333", "#dce9f5", "#c1121f", "#1f77b4"

Point = tuple[float, float]


def box(axes: Axes, center: Point, text: str, width: float = 1.7) -> None:
    """A network, with its name and formula."""
    x, y = center
    shape = FancyBboxPatch((x - width / 2, y - 0.45), width, 0.9, boxstyle="round,pad=0.05", fc=BOX, ec=INK, lw=1.5)
    axes.add_patch(shape)
    axes.text(x, y, text, ha="center", va="center", fontsize=16, color=INK)


def arrow(axes: Axes, start: Point, end: Point, color: str = INK, bend: float = 0.0, style: str = "-") -> None:
    """An arrow from one point to another, bent or straight."""
    arrowprops = {
        "arrowstyle": "-|>",
        "color": color,
        "lw": 2,
        "ls": style,
        "mutation_scale": 18,
        "connectionstyle": f"arc3,rad={bend}",
        "shrinkA": 0,
        "shrinkB": 0,
    }
    axes.annotate("", end, start, arrowprops=arrowprops)


def draw() -> Figure:
    """Draw s -> actor -> a -> critic -> Q, and the two ways back."""
    figure = Figure(figsize=(8, 3.1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 8), ylim=(-0.1, 3.0), aspect="equal")
    axes.axis("off")
    axes.text(0.35, 1.75, "$s$", ha="center", va="center", fontsize=20, color=INK)
    box(axes, (2.1, 1.75), r"$\mu(s;\,\theta)$")
    axes.text(3.75, 1.75, "$a$", ha="center", va="center", fontsize=20, color=INK)
    box(axes, (5.4, 1.75), "$Q(s, a;\\,w)$")
    axes.text(7.2, 1.75, "$Q$", ha="center", va="center", fontsize=20, color=INK)
    for start, end in [(0.55, 1.2), (3.0, 3.55), (3.95, 4.5), (6.3, 6.95)]:
        arrow(axes, (start, 1.75), (end, 1.75))
    arrow(axes, (0.42, 2.0), (5.1, 2.27), bend=-0.22)
    arrow(axes, (7.15, 1.45), (2.1, 1.22), ACTOR, bend=-0.22, style="--")
    axes.text(3.75, 0.3, r"$\nabla_\theta\, Q(s, \mu(s;\,\theta))$", color=ACTOR, ha="center", fontsize=15)
    arrow(axes, (7.35, 2.05), (5.7, 2.27), CRITIC, bend=0.45, style="--")
    axes.text(7.05, 2.72, r"$\nabla_w\, (y - Q)^2$", color=CRITIC, ha="center", fontsize=15)
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
