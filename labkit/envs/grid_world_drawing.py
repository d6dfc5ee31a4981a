"""Pictures of the GridWorld: what an agent sees of it, and what a person does."""

import numpy as np
import numpy.typing as npt

SIZE, GOALS, FIRES = 5, 4, 2

Cells = npt.NDArray[np.int_]
Pixels = npt.NDArray[np.uint8]

_AGENT, _GOAL, _FIRE = (0, 0, 255), (0, 255, 0), (255, 0, 0)
_COLORS = np.array([_AGENT, *[_GOAL] * GOALS, *[_FIRE] * FIRES], dtype=np.uint8)
_WORLD = np.full((SIZE + 2, SIZE + 2, 3), 255, dtype=np.uint8)  # with its wall, one cell thick
_WORLD[1:-1, 1:-1] = 0

# For people: softer colours, and shapes, for those who do not tell red from green.
_CELL = 48  # pixels
_FLOOR, _WALL, _LINE = (245, 245, 245), (120, 120, 120), (215, 215, 215)
_PAINTS = np.array([(31, 119, 180), *[(44, 160, 44)] * GOALS, *[(214, 39, 40)] * FIRES])
_HIDDEN = 0.6  # brightness of what the agent does not see


def observe(cells: Cells, partial: bool) -> Pixels:
    """What the agents of several worlds see.

    Args:
        cells: row * 5 + column of the agent, the goals and the fires, shape (n, 7).
        partial: whether an agent sees only the 3 by 3 cells around it.

    Returns:
        Shape (n, 84, 84, 3).
    """
    worlds = np.arange(len(cells))[:, None]
    rows, columns = np.divmod(cells, SIZE)
    small = np.tile(_WORLD, (len(cells), 1, 1, 1))
    small[worlds, rows + 1, columns + 1] = _COLORS
    if partial:
        near = np.arange(3)
        rows, columns = rows[:, :1] + near, columns[:, :1] + near  # with the wall, these surround the agent
        small = small[worlds[:, :, None], rows[:, :, None], columns[:, None, :]]
    pixels = 84 // small.shape[1]
    return small.repeat(pixels, axis=2).repeat(pixels, axis=1)


def frame(cells: Cells, partial: bool) -> Pixels:
    """One world for a person: agent a square, goals discs, fires triangles; shape (336, 336, 3)."""
    side = (SIZE + 2) * _CELL
    picture = np.full((side, side, 3), _WALL, dtype=np.uint8)
    inside = picture[_CELL:-_CELL, _CELL:-_CELL]
    inside[:] = _FLOOR
    inside[_CELL::_CELL] = inside[:, _CELL::_CELL] = _LINE
    shapes = _shapes()
    for thing, (row, column) in enumerate(zip(*np.divmod(cells, SIZE), strict=True)):
        shape = shapes[(thing > 0) + (thing > GOALS)]
        inside[row * _CELL : (row + 1) * _CELL, column * _CELL : (column + 1) * _CELL][shape] = _PAINTS[thing]
    if partial:
        row, column = divmod(int(cells[0]), SIZE)
        seen = np.zeros((side, side, 1), dtype=np.bool_)
        seen[row * _CELL : (row + 3) * _CELL, column * _CELL : (column + 3) * _CELL] = True
        picture = np.where(seen, picture, (_HIDDEN * picture).astype(np.uint8))
    return picture


def _shapes() -> list[npt.NDArray[np.bool_]]:
    """A square, a disc and a triangle that points up, each in a cell."""
    y, x = np.mgrid[:_CELL, :_CELL] + 0.5 - _CELL / 2
    reach = _CELL * 0.33
    square = np.maximum(abs(x), abs(y)) < reach
    disc = np.hypot(x, y) < reach
    triangle = (abs(y) < reach) & (2 * abs(x) < y + reach)
    return [square, disc, triangle]
