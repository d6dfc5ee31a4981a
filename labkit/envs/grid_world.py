"""The GridWorld: goals to find and fires to avoid, seen as a picture."""

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from labkit.envs.grid_world_drawing import FIRES, GOALS, SIZE, frame, observe
from labkit.messages import _, ngettext

__all__ = ["DOWN", "LEFT", "RIGHT", "UP", "GridWorld", "GridWorldVector"]

UP, DOWN, LEFT, RIGHT = range(4)

Array = npt.NDArray[Any]

_THINGS = "A" + "G" * GOALS + "F" * FIRES  # the agent, goals, fires: the columns of `cells`
_REWARDS = np.array([0.0] + [1.0] * GOALS + [-1.0] * FIRES)


def _neighbors() -> Array:
    """The cell to which each action leads from each cell, shape (25, 4); walls hold the agent back."""
    rows, columns = np.divmod(np.arange(SIZE * SIZE), SIZE)
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1)]
    moved = [(np.clip(rows + dy, 0, SIZE - 1), np.clip(columns + dx, 0, SIZE - 1)) for dy, dx in steps]
    return np.stack([row * SIZE + column for row, column in moved], axis=1)


_NEIGHBORS = _neighbors()


class GridWorld(gym.Env[Array, np.int64]):
    """A world of 5 by 5 cells with 4 goals and 2 fires, which move elsewhere when touched.

    | | |
    |-------------|-------------------------------------------------------------------------|
    | observation | a picture, uint8, shape (84, 84, 3): agent blue, goals green, fires red   |
    | full view   | all cells with the wall around them, 7 by 7, of 12 pixels each            |
    | partial view| the 3 by 3 cells around the agent, of 28 pixels each                      |
    | actions     | 0 up, 1 down, 2 left, 3 right; against the wall the agent stays           |
    | reward      | +1 for a goal, -1 for a fire, else 0                                      |
    | terminated  | never                                                                    |
    | truncated   | `gym.make("labkit/GridWorld-v0")` stops a game after 50 steps             |

    A goal or fire that the agent touches appears again in one of the free cells, each equally
    likely. A cell has one colour, so `obs[::12, ::12]` holds all of a full view in 7 by 7
    pixels, and `obs[::28, ::28]` all of a partial one in 3 by 3. After an idea of A. Juliani
    (2016).

    Args:
        partial: whether the agent sees only the cells around it.
        render_mode: "rgb_array" for pictures, larger than the observations, or None.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 4}  # noqa: RUF012 - Gymnasium's form

    def __init__(self, partial: bool = False, render_mode: str | None = None) -> None:
        self.observation_space = gym.spaces.Box(0, 255, (84, 84, 3), np.uint8)
        self.action_space = gym.spaces.Discrete(4)
        self.partial, self.render_mode = partial, render_mode
        self._cells = np.arange(len(_THINGS))[None]  # where each thing is: row * 5 + column

    @property
    def map(self) -> list[str]:
        """The world in letters, a string a row, with A for agent, G for goal, F for fire and "." for nothing."""
        letters = np.full(SIZE * SIZE, ".")
        letters[self._cells[0]] = [*_THINGS]
        return ["".join(row) for row in letters.reshape(SIZE, SIZE)]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Spread all things at random, or as `options["map"]` says (in the form of `map`).

        Raises:
            ValueError: that map is not one of this world.
        """
        super().reset(seed=seed)
        wanted = (options or {}).get("map")
        self._cells = _spread(1, self.np_random) if wanted is None else _read(wanted)
        return observe(self._cells, self.partial)[0], {}

    def step(self, action: Any) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Move the agent by one cell.

        Raises:
            ValueError: the action is not 0, 1, 2 or 3.
        """
        if not self.action_space.contains(action):
            raise ValueError(
                _("There is no action {action}: choose 0 (up), 1 (down), 2 (left) or 3 (right).").format(action=action)
            )
        reward = _move(self._cells, np.array([action]), self.np_random)
        return observe(self._cells, self.partial)[0], float(reward[0]), False, False, {}

    def render(self) -> npt.NDArray[np.uint8] | None:
        """The whole world, shape (336, 336, 3); what the agent does not see is darker."""
        if self.render_mode != "rgb_array":
            return None
        return frame(self._cells[0], self.partial)


class GridWorldVector(gym.vector.VectorEnv[Array, Array, Array]):
    """Many worlds at once, with an agent in each: the same game, computed together.

    A game that has ended starts again at the step after, which pays 0 (Gymnasium's
    `AutoresetMode.NEXT_STEP`). All games begin together, so all end together.

    Args:
        num_envs: number of worlds.
        max_episode_steps: steps of a game.
        partial: as for `GridWorld`.

    Raises:
        ValueError: fewer than one world is asked for.
    """

    metadata = {"autoreset_mode": gym.vector.AutoresetMode.NEXT_STEP}  # noqa: RUF012 - Gymnasium's form

    def __init__(
        self, num_envs: int = 1, max_episode_steps: int = 50, partial: bool = False, render_mode: str | None = None
    ) -> None:
        if num_envs < 1:
            raise ValueError(_("There must be 1 world or more, not {n}.").format(n=num_envs))
        one = GridWorld()
        self.num_envs, self.partial, self.render_mode = num_envs, partial, render_mode
        self.single_observation_space, self.single_action_space = one.observation_space, one.action_space
        self.observation_space = gym.vector.utils.batch_space(one.observation_space, num_envs)
        self.action_space = gym.vector.utils.batch_space(one.action_space, num_envs)
        self._cells = np.tile(np.arange(len(_THINGS)), (num_envs, 1))
        self._steps, self._last = 0, max_episode_steps

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Spread all things of all worlds at random."""
        super().reset(seed=seed, options=options)
        self._cells, self._steps = _spread(self.num_envs, self.np_random), 0
        return observe(self._cells, self.partial), {}

    def step(self, actions: Any) -> tuple[Array, Array, Array, Array, dict[str, Any]]:
        """Move all agents; `actions` are whole numbers, shape (num_envs,).

        Raises:
            ValueError: the actions have another shape, or one of them is not 0, 1, 2 or 3.
        """
        actions = np.asarray(actions)
        valid = actions.shape == (self.num_envs,) and actions.dtype.kind in "iu"
        if not valid or not ((actions >= 0) & (actions < 4)).all():
            raise ValueError(
                ngettext(
                    "The actions must be {n} whole number: 0 (up), 1 (down), 2 (left) or 3 (right).",
                    "The actions must be {n} whole numbers, each 0 (up), 1 (down), 2 (left) or 3 (right).",
                    self.num_envs,
                ).format(n=self.num_envs)
            )
        never, over = np.zeros(self.num_envs, dtype=np.bool_), self._steps >= self._last
        if over:
            obs, info = self.reset()
            return obs, np.zeros(self.num_envs), never, never.copy(), info
        rewards = _move(self._cells, actions, self.np_random)
        self._steps += 1
        return observe(self._cells, self.partial), rewards, never, never | (self._steps >= self._last), {}


def _spread(worlds: int, rng: np.random.Generator) -> Array:
    """Distinct random cells for all things of each world, shape (worlds, 7)."""
    return rng.random((worlds, SIZE * SIZE)).argsort(axis=1)[:, : len(_THINGS)]


def _move(cells: Array, actions: Array, rng: np.random.Generator) -> Array:
    """Move each agent; what it touches pays and goes elsewhere; `cells` (n, 7) is changed in place.

    Returns:
        The rewards, shape (n,).
    """
    cells[:, 0] = _NEIGHBORS[cells[:, 0], actions]
    touched = cells == cells[:, :1]
    touched[:, 0] = False  # the agent itself
    worlds, things = np.nonzero(touched)  # one thing at most in each world: no two share a cell
    if len(worlds):
        chance = rng.random((len(worlds), SIZE * SIZE))
        np.put_along_axis(chance, cells[worlds], -1.0, axis=1)  # not where something is
        cells[worlds, things] = chance.argmax(axis=1)
    rewards: Array = touched @ _REWARDS
    return rewards


def _read(rows: Sequence[str]) -> Array:
    """The cells of a map, shape (1, 7)."""
    letters = "".join(rows)
    if [len(row) for row in rows] != [SIZE] * SIZE or sorted(letters.replace(".", "")) != sorted(_THINGS):
        raise ValueError(
            _('A map has 5 strings of 5 letters, with 1 "A" (agent), 4 "G" (goals), 2 "F" (fires) and else ".".')
        )
    return np.array([[cell for thing in "AGF" for cell, letter in enumerate(letters) if letter == thing]])
