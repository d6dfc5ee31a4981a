"""The Ball: a position that noise pushes about, to be held inside a box."""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from labkit.envs.ball_drawing import draw_trajectory, frame
from labkit.messages import _, ngettext
from labkit.numbers import number

__all__ = ["LIMIT", "MOVE", "STEPS", "Ball", "BallVector", "draw_trajectory"]

LIMIT = 10.0  # the box reaches from -LIMIT to LIMIT in each dimension
MOVE = 2.0  # the furthest that one action moves the ball in each dimension
STEPS = 500  # a game that lasts so long is won
_INSIDE, _OUTSIDE, _WON = 1.0, -10.0, 50.0  # rewards
_TRAIL = 40  # past positions that a frame shows

Array = npt.NDArray[Any]


class Ball(gym.Env[Array, Array]):
    """A ball in a box of n dimensions, pushed by noise and moved by bounded actions.

    | | |
    |-------------|--------------------------------------------------------------------|
    | position    | x, n numbers; a game starts at 0, the middle of the box            |
    | observation | x / 10, float32, shape (n,): -1 to 1 in the box; cut off at -2 and 2 |
    | action      | a, float32, shape (n,): -2 to 2; what exceeds this is clipped      |
    | step        | x <- x + a + sigma * N(0, 1), independent in each dimension        |
    | reward      | 1 inside the box, -10 outside, +50 besides at the 500th step inside |
    | terminated  | the ball is outside: some number of x is below -10 or above 10     |
    | truncated   | after 500 steps                                                    |

    The ball does not know its velocity because it has none: each step starts from rest. The
    +50 depends on the time, which an agent does not observe.

    Held for 500 steps, in 4,000 games in 2 dimensions, by the best policy there is, a = -x
    clipped to the bounds: 100 % with sigma 1, 89 % with 2, 13 % with 2.5, none with 3.

    Args:
        dimensions: n, 1 or more.
        sigma: standard deviation of the noise, in the unit of x; 0 or more.
        render_mode: "rgb_array" for pictures (of the first 2 dimensions), or None.

    Raises:
        ValueError: an argument is out of range.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 25}  # noqa: RUF012 - Gymnasium's form

    def __init__(self, dimensions: int = 2, sigma: float = 1.0, render_mode: str | None = None) -> None:
        _check_arguments(dimensions, sigma)
        self.observation_space = gym.spaces.Box(-2, 2, (dimensions,), np.float32)
        self.action_space = gym.spaces.Box(-MOVE, MOVE, (dimensions,), np.float32)
        self.sigma, self.render_mode = sigma, render_mode
        self._trail = [np.zeros(dimensions)]
        self._steps = 0

    @property
    def position(self) -> Array:
        """Where the ball is, shape (n,), float64."""
        return self._trail[-1]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Put the ball in the middle, or where `options["position"]` says (n numbers).

        Raises:
            ValueError: that position is not n numbers inside the box.
        """
        super().reset(seed=seed)
        shape = self.action_space.shape
        start = np.asarray((options or {}).get("position", np.zeros(shape or ())), dtype=np.float64)
        if start.shape != shape or not _inside(start):
            raise ValueError(
                ngettext(
                    "The ball cannot start at {position}: give it {n} number from -10 to 10.",
                    "The ball cannot start at {position}: give it {n} numbers from -10 to 10.",
                    len(self.position),
                ).format(position=start.tolist(), n=len(self.position))
            )
        self._trail, self._steps = [start], 0
        return _observed(start), {}

    def step(self, action: Any) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Move the ball; then the noise pushes it.

        Raises:
            ValueError: the action has another shape, or NaN in it.
        """
        move = _clipped(action, self.position.shape)
        position = self.position + move + self.sigma * self.np_random.standard_normal(move.shape)
        self._trail, self._steps = [*self._trail[-_TRAIL:], position], self._steps + 1
        inside, last = bool(_inside(position)), self._steps >= STEPS
        reward = _INSIDE if inside else _OUTSIDE
        return _observed(position), reward + _WON * (inside and last), not inside, last, {}

    def render(self) -> npt.NDArray[np.uint8] | None:
        """The box, the ball and where it has just been: shape (320, 320, 3), or (96, 480, 3) for n = 1."""
        if self.render_mode != "rgb_array":
            return None
        return frame(np.array(self._trail)[:, :2], LIMIT, lost=not _inside(self.position))


class BallVector(gym.vector.VectorEnv[Array, Array, Array]):
    """Many balls at once, each in a box of its own: the same game, 100 times faster.

    A game that has ended starts again at the step after, which pays 0 (Gymnasium's
    `AutoresetMode.NEXT_STEP`).

    Args:
        num_envs: number of balls.
        dimensions: as for `Ball`.
        sigma: as for `Ball`.

    Raises:
        ValueError: an argument is out of range.
    """

    metadata = {"autoreset_mode": gym.vector.AutoresetMode.NEXT_STEP}  # noqa: RUF012 - Gymnasium's form

    def __init__(
        self, num_envs: int = 1, dimensions: int = 2, sigma: float = 1.0, render_mode: str | None = None
    ) -> None:
        _check_arguments(dimensions, sigma)
        if num_envs < 1:
            raise ValueError(_("There must be 1 ball or more, not {n}.").format(n=num_envs))
        one = Ball(dimensions, sigma)
        self.num_envs, self.sigma, self.render_mode = num_envs, sigma, render_mode
        self.single_observation_space, self.single_action_space = one.observation_space, one.action_space
        self.observation_space = gym.vector.utils.batch_space(one.observation_space, num_envs)
        self.action_space = gym.vector.utils.batch_space(one.action_space, num_envs)
        self._position = np.zeros((num_envs, dimensions))
        self._steps = np.zeros(num_envs, dtype=np.int64)
        self._over = np.zeros(num_envs, dtype=np.bool_)

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Put all balls in the middle."""
        super().reset(seed=seed, options=options)
        self._position[:], self._steps[:], self._over[:] = 0.0, 0, False
        return _observed(self._position), {}

    def step(self, actions: Any) -> tuple[Array, Array, Array, Array, dict[str, Any]]:
        """Move all balls; `actions` has the shape (num_envs, n).

        Raises:
            ValueError: the actions have another shape, or NaN in them.
        """
        move = _clipped(actions, self._position.shape)
        self._position += move + self.sigma * self.np_random.standard_normal(move.shape)
        self._steps += 1
        self._position[self._over], self._steps[self._over] = 0.0, 0
        inside, last = _inside(self._position), self._steps >= STEPS
        reward = np.where(inside, _INSIDE, _OUTSIDE) + _WON * (inside & last)
        reward[self._over] = 0.0
        self._over = ~inside | last
        return _observed(self._position), reward, ~inside, last, {}


def _check_arguments(dimensions: int, sigma: float) -> None:
    """Raise ValueError where there can be no such ball."""
    if dimensions < 1:
        raise ValueError(_("A ball needs 1 dimension or more, not {n}.").format(n=dimensions))
    if not 0 <= sigma < np.inf:
        raise ValueError(_("The noise sigma must be 0 or a positive number, not {sigma}.").format(sigma=number(sigma)))


def _inside(position: Array) -> Any:
    """Whether each ball (last axis: its coordinates) is in its box."""
    return (np.abs(position) <= LIMIT).all(axis=-1)


def _observed(position: Array) -> Array:
    """What agents see of a position."""
    return np.clip(position / LIMIT, -2, 2).astype(np.float32)


def _clipped(action: Any, shape: tuple[int, ...]) -> Array:
    """The action as float64, in its bounds; ValueError where it is no action at all."""
    move: Array = np.asarray(action, dtype=np.float64)
    if move.shape != shape:
        raise ValueError(
            _("The action has shape {got}, and the ball needs {want}: one number for each dimension.").format(
                got=move.shape, want=shape
            )
        )
    if np.isnan(move).any():
        raise ValueError(_("The action has NaN (not a number) in it: look where the policy's network diverged."))
    return move.clip(-MOVE, MOVE)
