"""A Markov decision process with three states, small enough to know everything about it."""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from labkit.envs.three_state_graph import TABLE, Transition, draw_graph, picture
from labkit.messages import _

__all__ = ["ALLOWED", "AllowedActions", "P", "R", "ThreeStateMDP", "draw_graph"]


def _arrays() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The table as two read-only arrays (S, A, S): probabilities and rewards."""
    probabilities, rewards = np.zeros((3, 3, 3)), np.zeros((3, 3, 3))
    for (state, action), outcomes in TABLE.items():
        for next_state, (probability, reward) in outcomes.items():
            probabilities[state, action, next_state] = probability
            rewards[state, action, next_state] = reward
    probabilities.flags.writeable = rewards.flags.writeable = False
    return probabilities, rewards


P, R = _arrays()
ALLOWED: npt.NDArray[np.bool_] = P.max(axis=2) > 0
ALLOWED.flags.writeable = False


class AllowedActions(gym.spaces.Discrete):
    """The actions 0, 1, 2; `sample()` draws from those allowed in the present state."""

    def __init__(self, env: "ThreeStateMDP") -> None:
        super().__init__(3)
        self._env = env

    def sample(self, mask: Any = None, probability: Any = None) -> Any:
        """Draw an action; without a mask or probabilities, the environment's mask is used."""
        if mask is None and probability is None:
            mask = self._env.action_mask
        return super().sample(mask, probability)


class ThreeStateMDP(gym.Env[np.int64, np.int64]):
    """Three states, three actions, and a loss that pays in the end.

    | from | action | to                            | reward                |
    |------|--------|-------------------------------|-----------------------|
    | s0   | a0     | s0 (0.7), s1 (0.3)            | +10 when it stays     |
    | s0   | a1     | s0                            | 0                     |
    | s0   | a2     | s0 (0.8), s1 (0.2)            | 0                     |
    | s1   | a0     | s1                            | 0                     |
    | s1   | a2     | s2                            | -50                   |
    | s2   | a1     | s0 (0.8), s1 (0.1), s2 (0.1)  | +40 on the way to s0  |

    Every episode starts in s0. No state is terminal; `gym.make("labkit/ThreeStateMDP-v0")`
    truncates after 100 steps. The actions that are not in the table are not allowed:
    `info["action_mask"]` (int8, 1 for allowed) says which are, `action_space.sample()`
    keeps to them, and `step` raises ValueError for the others.

    Attributes:
        P: probabilities of the next state, shape (3, 3, 3): state, action, next state; rows
            of actions that are not allowed are all 0.
        R: rewards, same shape; 0 where nothing is paid.
        allowed: bool, shape (3, 3): state, action.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 2}  # noqa: RUF012 - Gymnasium's form
    P, R, allowed = P, R, ALLOWED

    def __init__(self, render_mode: str | None = None) -> None:
        self.observation_space = gym.spaces.Discrete(3)
        self.action_space = AllowedActions(self)
        self.render_mode = render_mode
        self._state = 0
        self._transition: Transition | None = None
        self._thresholds = self.P.cumsum(axis=2)[:, :, :-1]

    @property
    def action_mask(self) -> npt.NDArray[np.int8]:
        """1 for each action allowed in the present state, else 0; shape (3,)."""
        mask: npt.NDArray[np.int8] = self.allowed[self._state].astype(np.int8)
        return mask

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.int64, dict[str, Any]]:
        """Go back to s0."""
        super().reset(seed=seed)
        self._state, self._transition = 0, None
        return np.int64(0), {"action_mask": self.action_mask}

    def step(self, action: Any) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        """Take an action.

        Raises:
            ValueError: the action is not allowed in the present state.
        """
        state = self._state
        if not self.action_space.contains(action) or not self.allowed[state, action]:
            raise ValueError(
                _("Action {action} is not allowed in state {state}: choose among {choices}.").format(
                    action=action, state=state, choices=np.flatnonzero(self.allowed[state]).tolist()
                )
            )
        next_state = int(self._thresholds[state, action].searchsorted(self.np_random.random(), "right"))
        self._state, self._transition = next_state, (state, int(action), next_state)
        reward = float(self.R[state, action, next_state])
        return np.int64(next_state), reward, False, False, {"action_mask": self.action_mask}

    def render(self) -> npt.NDArray[np.uint8] | None:
        """The graph, with the present state and the last transition in colour."""
        if self.render_mode != "rgb_array":
            return None
        return picture(self._state, self._transition).copy()
