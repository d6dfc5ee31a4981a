"""Ms. Pac-Man through ale-py: one game or many at once, and a network's values of their frames."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from labkit.messages import _

Array = npt.NDArray[Any]

ACTIONS = 9  # none, up, right, left, down, and the four diagonals
STICKY = 0.25  # probability that the console takes the last action once more (Machado and others, 2018)


def make_game(*, sticky: float = STICKY, frameskip: int = 4, render_mode: str | None = None) -> gym.Env[Any, Any]:
    """One game, `ALE/MsPacman-v5`: its observation is the screen, uint8, shape (210, 160, 3).

    Args:
        sticky: probability, in each frame, that the last action is taken instead of the new one.
        frameskip: frames for which an action is held.
        render_mode: "rgb_array" for videos, or None.

    Raises:
        ModuleNotFoundError: ale-py is not installed.
    """
    gym.register_envs(_ale_py())
    env = gym.make("ALE/MsPacman-v5", repeat_action_probability=sticky, frameskip=frameskip, render_mode=render_mode)
    return _CheckedGame(env)


def make_games(count: int, *, sticky: float = STICKY, **options: Any) -> gym.vector.VectorEnv[Any, Any, Any]:
    """Many games at once: four grey frames of 84 x 84 pixels each, uint8, shape (count, 4, 84, 84).

    An action is held for four frames, of which the brighter of the last two is seen, pixel by pixel. Up to 30
    frames without action make the beginnings differ. A game that is over starts again in the same step: the
    observation is already the first of the next game.

    Args:
        count: number of games.
        sticky: probability, in each frame, that the last action is taken instead of the new one.
        options: for `ale_py.vector_env.AtariVectorEnv`.

    Raises:
        ModuleNotFoundError: ale-py is not installed.
        ValueError: fewer than one game is asked for.
    """
    if count < 1:
        raise ValueError(_("There must be 1 game or more, not {n}.").format(n=count))
    _ale_py()
    from ale_py.vector_env import AtariVectorEnv

    settings: dict[str, Any] = {
        "reward_clipping": False,
        "autoreset_mode": "SameStep",
        "repeat_action_probability": sticky,
    }
    return _CheckedGames(AtariVectorEnv("ms_pacman", count, **(settings | options)))


class FilmedGame(gym.Env[Array, np.int64]):
    """One game as `make_games` shows it to a network, (4, 84, 84), and in colour for a video.

    Two games run side by side, with one seed and the same actions: one is seen in grey, the other is filmed. Game i
    of `make_games(n).reset(seed=s)` is the one that begins here with `reset(seed=s + i)`.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012 - Gymnasium's form
    render_mode = "rgb_array"

    def __init__(self, *, sticky: float = STICKY) -> None:
        self._grey = make_games(1, sticky=sticky, num_threads=1)
        colour = {"grayscale": False, "img_height": 210, "img_width": 160, "stack_num": 1}
        self._colour = make_games(1, sticky=sticky, num_threads=1, **colour)
        self.observation_space = self._grey.single_observation_space
        self.action_space = self._grey.single_action_space

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Begin the game that the seed stands for."""
        super().reset(seed=seed)
        seed = int(self.np_random.integers(2**31)) if seed is None else seed
        obs, _info = self._grey.reset(seed=seed)
        self._picture, _info = self._colour.reset(seed=seed)
        return obs[0], {}

    def step(self, action: Any) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Take an action in both."""
        actions = np.array([action])
        obs, reward, terminated, truncated, _info = self._grey.step(actions)
        self._picture, *_rest = self._colour.step(actions)
        return obs[0], float(reward[0]), bool(terminated[0]), bool(truncated[0]), {}

    def render(self) -> Array:
        """The screen, twice as large: shape (420, 320, 3)."""
        picture: Array = self._picture[0, 0].repeat(2, axis=0).repeat(2, axis=1)
        return picture


def compile_network(net: Any) -> Callable[[Array], Array]:
    """A function from frames to the network's outputs, many times as fast as `net(frames)`.

    It follows the network's weights as they change.

    Args:
        net: a Keras model of frames, uint8, (B, 4, 84, 84).

    Returns:
        A function from (N, 4, 84, 84) to (N, outputs), float32; ValueError where the frames have another shape or
        are not bytes.
    """
    import tensorflow as tf

    want = tuple(net.input_shape[1:])
    run = tf.function(lambda frames: net(frames), input_signature=[tf.TensorSpec((None, *want), tf.uint8)])

    def values(frames: Array) -> Array:
        frames = np.asarray(frames)
        if frames.ndim != len(want) + 1 or frames.shape[1:] != want or frames.dtype != np.uint8:
            raise ValueError(
                _(
                    "The network takes frames of shape {want}, uint8, and got {got}, {dtype}: give it observations "
                    "of labkit.atari.make_games, with the games as first axis."
                ).format(want=("N", *want), got=frames.shape, dtype=frames.dtype)
            )
        return np.asarray(run(frames))

    return values


class _CheckedGame(gym.Wrapper[Any, Any, Any, Any]):
    """A game that refuses what is no action."""

    def step(self, action: Any) -> Any:
        _check_actions(action, ())
        return self.env.step(int(action))


class _CheckedGames(gym.vector.VectorWrapper):
    """Games that refuse what is no action: ale-py would wait for ever."""

    def step(self, actions: Any) -> Any:
        _check_actions(actions, (self.num_envs,))
        return self.env.step(np.asarray(actions, np.int64))


def _check_actions(actions: Any, shape: tuple[int, ...]) -> None:
    """Go on if these are numbers of actions, one for each game."""
    given = np.asarray(actions)
    if shape == () and (given.shape or given.dtype.kind not in "iu"):
        raise ValueError(_("An action is one whole number, and not {action!r}.").format(action=actions))
    if given.shape != shape or given.dtype.kind not in "iu":
        raise ValueError(
            _("Actions are whole numbers of shape {want}, and these are {dtype} of shape {got}.").format(
                want=shape, got=given.shape, dtype=given.dtype
            )
        )
    if given.size and not 0 <= given.min() <= given.max() < ACTIONS:
        wrong = given[(given < 0) | (given >= ACTIONS)].ravel()[0]
        raise ValueError(
            _("There is no action {action}: choose from 0 (none) to {last} (down and left).").format(
                action=wrong, last=ACTIONS - 1
            )
        )


def _ale_py() -> ModuleType:
    """The module, silenced: it would greet on the first game."""
    try:
        import ale_py
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            _("ale-py, which plays the Atari games, is missing: run `pip install ale-py`, then restart the kernel.")
        ) from error
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
    return ale_py
