"""What is compared: the tasks, who does them, and what the course is to reach."""

from typing import NamedTuple

LESSON, PLAIN = "lesson", "plain"
SEEDS = 3  # runs of each contestant, unless a task says otherwise


class Goal(NamedTuple):
    """The lesson is to need at most 1 / `times` of what `peer` needs."""

    peer: str
    times: float


class Task(NamedTuple):
    """A task that a policy learns from nothing.

    Attributes:
        title: for the table.
        env: the Gymnasium id.
        threshold: mean return of greedy episodes at which the task counts as learned.
        every: environment steps between two evaluations.
        budget: processor seconds that each contestant has, by its name, in the order in which they take turns.
        goals: what the lesson is to reach.
        seeds: runs of each contestant; more where they differ widely.
    """

    title: str
    env: str
    threshold: float
    every: int
    budget: dict[str, float]
    goals: tuple[Goal, ...]
    seeds: int = SEEDS


TASKS = {
    "cartpole-dqn": Task(
        "CartPole-v1, deep Q-learning",
        "CartPole-v1",
        475,
        1000,
        {LESSON: 60, "sb3-dqn": 100, PLAIN: 40},
        (Goal("sb3-dqn", 8),),
        seeds=10,
    ),
    "lunar-dqn": Task(
        "LunarLander-v3, deep Q-learning",
        "LunarLander-v3",
        200,
        2500,
        {LESSON: 100, "sb3-dqn": 450, PLAIN: 40},
        (Goal("sb3-dqn", 8),),
    ),
    "cartpole-reinforce": Task(
        "CartPole-v1, policy gradient",
        "CartPole-v1",
        475,
        1000,
        {LESSON: 60, "sb3-ppo": 60, PLAIN: 60},
        (Goal("sb3-ppo", 3),),
        seeds=10,
    ),
    "pendulum-ddpg": Task(
        "Pendulum-v1, continuous actions",
        "Pendulum-v1",
        -200,
        500,
        {LESSON: 60, "sb3-ddpg": 120, "sb3-td3": 120, PLAIN: 40},
        (Goal("sb3-ddpg", 10),),
    ),
    "gridworld-dqn": Task(
        "GridWorld, deep Q-learning from pictures",
        "labkit/GridWorld-v0",
        18,
        800,
        {LESSON: 60, "sb3-dqn": 200, PLAIN: 40},
        (),
    ),
}


class Pace(NamedTuple):
    """Deep Q-learning with one and the same settings in labkit and in Stable-Baselines3: how fast does it go?

    Attributes:
        title: for the table.
        task: the task whose settings of Stable-Baselines3 both have.
        window: from which environment step to which it is timed: compiled, and learning.
        times: labkit is to do this many times the steps a second.
    """

    title: str
    task: str
    window: tuple[int, int]
    times: float


PACES = {
    "cartpole-pace": Pace("CartPole-v1", "cartpole-dqn", (2048, 10240), 4.5),
    "lunar-pace": Pace("LunarLander-v3", "lunar-dqn", (2000, 8000), 3.5),
}
PACERS = ("labkit", "sb3-dqn")

NAMES = {
    LESSON: "the lesson",
    "labkit": "labkit",
    "sb3-dqn": "Stable-Baselines3 DQN",
    "sb3-ppo": "Stable-Baselines3 PPO",
    "sb3-ddpg": "Stable-Baselines3 DDPG",
    "sb3-td3": "Stable-Baselines3 TD3",
    PLAIN: "a plain loop",
}
