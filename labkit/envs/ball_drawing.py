"""Pictures of the Ball: one frame of a video, and the whole way of a game."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from labkit.messages import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Ints = npt.NDArray[np.int_]

_VIEW = 1.2  # how far a frame shows, in half widths of the box
_BALL, _DOT = 8, 3  # radii in pixels
_PAPER, _BOX, _EDGE = (225, 225, 225), (255, 255, 255), (90, 90, 90)
_INK, _LOST, _TRACE = np.array([31, 119, 180]), np.array([214, 39, 40]), np.array([190, 215, 235])


def frame(trail: npt.NDArray[np.float64], limit: float, lost: bool) -> npt.NDArray[np.uint8]:
    """The box and the ball, with dots where it has been.

    Args:
        trail: positions, the present one last, shape (t, n), n = 1 or 2.
        limit: the box reaches from -limit to limit.
        lost: whether the ball is outside, which its colour shows.

    Returns:
        Pixels, shape (320, 320, 3), or (96, 480, 3) for n = 1.
    """
    flat = trail.shape[1] == 1
    height, width = (96, 480) if flat else (320, 320)
    center, scale = np.array([width, height]) / 2, width / 2 / _VIEW
    points = np.column_stack([trail, np.zeros(len(trail))]) if flat else trail * [1, -1]  # upwards is up
    points = np.clip((center + points / limit * scale).round(), 0, [width - 1, height - 1]).astype(int)
    pixels = np.full((height, width, 3), _PAPER, dtype=np.uint8)
    low, high = (center - scale).round().astype(int), (center + scale).round().astype(int)
    top, bottom = (0, height) if flat else (low[1], high[1])
    pixels[top:bottom, low[0] - 2 : high[0] + 2] = _EDGE
    pixels[top + 2 * (not flat) : bottom - 2 * (not flat), low[0] : high[0]] = _BOX
    for point in points[:-1]:
        _disc(pixels, point, _DOT, _TRACE)
    _disc(pixels, points[-1], _BALL, _LOST if lost else _INK)
    return pixels


def _disc(pixels: npt.NDArray[np.uint8], center: Ints, radius: int, color: Ints) -> None:
    """Fill a disc, as far as it is in the picture."""
    (x, y), (height, width) = center, pixels.shape[:2]
    rows = np.arange(max(y - radius, 0), min(y + radius + 1, height))
    columns = np.arange(max(x - radius, 0), min(x + radius + 1, width))
    inside = (rows[:, None] - y) ** 2 + (columns - x) ** 2 <= radius**2
    pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][inside] = color


def draw_trajectory(positions: npt.ArrayLike, limit: float = 10.0) -> "Figure":
    """The way of the ball: in time for 1 dimension, in the plane for 2.

    Args:
        positions: one a step, shape (t, 1) or (t, 2), in the unit of x.
        limit: the box reaches from -limit to limit.

    Raises:
        ValueError: there are no positions, or they have more than 2 dimensions.
    """
    from matplotlib.figure import Figure  # without pyplot: nothing is shown twice in a notebook
    from matplotlib.patches import Rectangle

    way = np.asarray(positions, dtype=np.float64)
    if way.ndim != 2 or not len(way) or way.shape[1] not in (1, 2):
        raise ValueError(
            _("Positions of shape {shape} cannot be drawn: (t, 1) or (t, 2) is needed.").format(shape=way.shape)
        )
    flat = way.shape[1] == 1
    figure = Figure(figsize=(7, 3) if flat else (4.5, 4.5), layout="constrained")
    axes = figure.subplots()
    if flat:
        axes.plot(way[:, 0])
        for edge in (-limit, limit):
            axes.axhline(edge, color="0.3")
        axes.set(xlabel=_("step"), ylabel="$x$")
    else:
        axes.add_patch(Rectangle((-limit, -limit), 2 * limit, 2 * limit, fill=False, edgecolor="0.3"))
        axes.plot(*way.T, linewidth=1)
        axes.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    last = (len(way) - 1, way[-1, 0]) if flat else way[-1]
    axes.plot(*last, "o", color="C0" if (np.abs(way[-1]) <= limit).all() else "C3")
    return figure
