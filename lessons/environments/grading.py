"""How the exercises of this lesson are marked: inputs, probes and judges."""

import gymnasium as gym
import numpy as np

import labkit  # noqa: F401 - it registers the GridWorld
from coursekit.grading import Graded, likely, numbers


def rewards(rng) -> dict:
    """Rewards of several lengths, one of them a single step, gains and losses among them."""
    paid = rng.permutation([-1.0, 1.0, *rng.choice([-1.0, 1.0], size=rng.integers(3, 7))])
    return {"paid": (paid * rng.uniform(0.5, 5.0, size=len(paid))).tolist(), "once": rng.normal()}


# --- play_episode, constant_torque


def script(rng) -> dict:
    """Observations, no two alike, rewards, and the right action for each observation."""
    steps = int(rng.integers(4, 9))
    return {
        "shown": rng.permutation(steps + 1)[:, None].astype(float),
        "paid": rng.normal(0, 4, size=steps).tolist(),
        "codes": rng.permutation(steps + 1).tolist(),
        "force": rng.uniform(-2, 2),
        "start": int(rng.integers(2**31)),
    }


PLAY = """
result = []
for end, settings in [("terminated", {"seed": start}), ("truncated", {"seed": start}), ("truncated", {})]:
    world = labkit.ScriptedEnv(shown, paid, end)
    got = play_episode(world, lambda obs: codes[int(obs[0])], **settings)
    result.append([got, world.actions, world.seeds])
"""

TORQUE = """
result = []
for end in ("terminated", "truncated"):
    world = labkit.ScriptedEnv(shown, paid, end)
    got = constant_torque(world, force, start)
    result.append([got, [np.asarray(action, float) for action in world.actions], world.seeds])
"""

# --- random_policy


def seeds(rng) -> dict:
    return {"obs_now": rng.normal(size=4), "start": int(rng.integers(2**31))}


DRAW = """
def drawn():
    env.action_space.seed(start)
    return [random_policy(obs_now) for draw in range(1000)]

result = [drawn(), drawn()]
"""


def drawn_evenly(result, reference, inputs) -> bool:
    """Whole numbers, both equally often, from the seeded action space."""
    actions = numbers(result[0], below=2)
    if actions is None or result[0] != result[1]:
        return False
    return len(actions) == 1000 and likely(np.bincount(actions, minlength=2), [0.5, 0.5])


# --- steady_policy


def starts(rng) -> dict:
    return {"starts": rng.integers(2**31, size=20).tolist()}


STEADY = """
def balanced(start):
    cart = gym.make("CartPole-v1")
    seen, info = cart.reset(seed=start)
    actions, over = [], False
    while not over and len(actions) < 200:
        actions.append(steady_policy(seen))
        seen, paid, terminated, truncated, info = cart.step(actions[-1])
        over = terminated or truncated
    return actions

result = [balanced(start) for start in starts]
"""


def balances(result, reference, inputs) -> bool:
    """The same actions, played here, hold the pole for 200 steps; one start in 20 may fail."""
    held = 0
    for actions, start in zip(result, inputs["starts"], strict=True):
        if numbers(actions, below=2) is None:
            return False
        cart = gym.make("CartPole-v1")
        cart.reset(seed=start)
        ended = [cart.step(action)[2] for action in actions[:200]]
        held += len(ended) == 200 and not any(ended[:-1])
    return held >= 19


# --- film


def filming(rng) -> dict:
    """A rule that falls soon, and two starts."""
    return {"lead": rng.uniform(0.0, 0.1), "starts": rng.integers(2**31, size=2).tolist()}


FILM = """
labkit.use("en")  # the language of `alt`

def filmed(start):
    shown = []
    def rule(obs):
        shown.append(np.array(obs))
        return int(obs[2] + lead * obs[3] > 0)
    clip = film(rule, start)
    mp4 = clip.mp4
    return [type(clip).__name__, clip.alt, mp4[4:8] == b"ftyp" and len(mp4) > 1000, np.array(shown)]

result = [filmed(start) for start in starts]
"""

# --- returns_of


def chances(rng) -> dict:
    first, second = rng.choice(10_000, size=2, replace=False).tolist()
    return {"first": first, "second": second, "count": int(rng.integers(4, 9))}


# All that it pays and all that is drawn comes from seeds; what is played is written down.
RETURNS = """
class Lottery(gym.Env):
    def __init__(self):
        self.action_space = gym.spaces.Discrete(5)
        self.chances = np.random.default_rng()
        self.episodes = []

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            self.chances = np.random.default_rng(seed)
        self.episodes.append([])
        return np.zeros(1), {}

    def step(self, action):
        reward = float(self.chances.normal())
        self.episodes[-1].append([int(action), reward])
        return np.zeros(1), reward, False, len(self.episodes[-1]) == 20, {}

def played(start):
    world = Lottery()
    return [returns_of(world, lambda obs: world.action_space.sample(), count, start), world.episodes]

result = [played(first), played(first), played(second)]
"""


def repeatable(result, reference, inputs) -> bool:
    """The returns of episodes that differ, the same again for one seed, others for another."""
    for got, episodes in result:
        played = np.array(episodes)
        if played.shape != (inputs["count"], 20, 2) or not isinstance(got, np.ndarray):
            return False
        if got.shape != (inputs["count"],) or not np.allclose(got, played[..., 1].sum(axis=1)):
            return False
        for kind in (played[..., 0], played[..., 1]):  # neither actions nor rewards repeat
            if len({str(episode) for episode in kind.tolist()}) < inputs["count"]:
                return False
    (_, one), (_, again), (_, other) = result
    paid = [{reward for episode in played for _, reward in episode} for played in (one, other)]
    return one == again and paid[0] != paid[1]


# --- mean_interval


def samples(rng) -> dict:
    size = int(rng.integers(2, 12))
    return {"sample": rng.normal(20, 10, size=size), "equal": np.full(5, rng.normal())}


# --- my_moves


def collected(result, reference, inputs) -> bool:
    """At most 12 moves, played here: 4 goals or more, and no fire."""
    if numbers(result, below=4) is None or len(result) > 12:
        return False
    grid = gym.make("labkit/GridWorld-v0")
    grid.reset(seed=0)
    paid = [grid.step(move)[1] for move in result]
    return min(paid, default=0) >= 0 and sum(paid) >= 4


EXERCISES = [
    Graded("return-of", rewards, "result = [return_of(paid), return_of([once])]"),
    Graded("play-episode", script, PLAY),
    Graded("random-policy", seeds, DRAW, judge=drawn_evenly, draws=3),
    Graded("steady-policy", starts, STEADY, judge=balances, draws=1),
    Graded("film", filming, FILM, draws=1),
    Graded("returns-of", chances, RETURNS, judge=repeatable, draws=3),
    Graded("mean-interval", samples, "result = [mean_interval(sample), mean_interval(equal)]"),
    Graded("constant-torque", script, TORQUE),
    Graded("my-moves", lambda rng: {}, "result = my_moves()", judge=collected, draws=1),
]
