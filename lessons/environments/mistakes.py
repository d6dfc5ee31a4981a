"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import Mistake, filled, of

EPISODE = """
def play_episode(env, policy, seed=None):
    obs, info = env.reset(seed=seed)
    rewards = []
    while True:
        {body}
"""

TORQUE = """
def constant_torque(env, torque, seed):
    obs, info = env.reset(seed=seed)
    observations, rewards = [obs], []
    while True:
        {body}
"""

STEP = "obs, reward, terminated, truncated, info = env.step(policy(obs))\n"
KEEP = "rewards.append(reward)\n"
END = "if terminated or truncated:\n    return len(rewards), return_of(rewards)"
PUSH = "obs, reward, terminated, truncated, info = env.step(np.array([torque]))\n"
SEE = "observations.append(obs)\n"
ARRAYS = "if terminated or truncated:\n    return np.array(observations), np.array(rewards)"
CAMERA = 'camera = gym.make("CartPole-v1", render_mode="rgb_array")\n'
MEAN = "mean = returns.mean()\n"
ENDS = "\nreturn mean, mean - half, mean + half"


def several(seeding: str, seed: str, returned: str = "np.array(returns)", inside: str = "") -> str:
    """A body of returns_of: what comes before the loop, each episode's seed, what is returned."""
    return (
        f"{seeding}\nreturns = []\nfor episode in range(episodes):\n    {inside}\n"
        f"    returns.append(play_episode(env, policy, {seed})[1])\nreturn {returned}"
    )


SEEDED = "env.action_space.seed(seed)"

MISTAKES = [
    *of(
        "return-of",
        "def return_of(rewards):",
        ("return sum(rewards) / len(rewards)", "the mean of the rewards"),
        ("return len(rewards)", "the number of rewards"),
        ("return rewards[-1]", "the last reward alone"),
        ("total = 0\nfor reward in rewards:\n    total += reward\n    return total", "inside the loop"),
        (
            "total = 0\nfor t in range(len(rewards) - 1):\n    total += rewards[t]\nreturn total",
            "The last reward is missing",
        ),
        (
            "total = 0\nfor t in range(1, len(rewards)):\n    total += rewards[t]\nreturn total",
            "The first reward is missing",
        ),
        ("return sum(abs(reward) for reward in rewards)", "without their signs"),
        ("sum(rewards)", "is a `return` missing?"),
    ),
    *of(
        "play-episode",
        EPISODE,
        (STEP + KEEP + END.replace(" or truncated", ""), "You step on after `truncated`"),
        (STEP + KEEP + END.replace("terminated or ", ""), "You step on after `terminated`"),
        (STEP + KEEP + END.replace("or", "and"), "You step on after `terminated`"),
        (STEP + KEEP + "if terminated or truncated:\n    return return_of(rewards), len(rewards)", "are swapped"),
        (STEP + END + "\n" + KEEP, "The last step is missing"),
        (STEP + KEEP + "if terminated or truncated:\n    return len(rewards), reward", "This is the last reward"),
        (STEP + KEEP + END.replace("terminated or truncated", "not terminated"), "after the first step"),
        (STEP + KEEP + END.replace("len(rewards)", "len(rewards) + 1"), "`reset` is none"),
        (STEP.replace("obs,", "next_obs,") + KEEP + END, "renew `obs`"),
        (STEP.replace("policy(obs)", "1") + KEEP + END, "must be those of the policy"),
        ("obs, info = env.reset()\n" + STEP + KEEP + END, "You reset before the episode is over"),
        (
            STEP + KEEP + "if terminated or truncated:\n    len(rewards), return_of(rewards)\n    break",
            "is a `return` missing?",
        ),
    ),
    Mistake(
        "play-episode",
        "play-episode-check",
        filled(EPISODE, body=STEP + KEEP + END).replace("reset(seed=seed)", "reset()"),
        "Reset once, with the seed",
    ),
    *of(
        "random-policy",
        "def random_policy(obs):",
        ("return np.random.randint(2)", "Draw from env.action_space"),
        ("return 1", "always the same"),
        ("return env.action_space.sample", "brackets"),
        ("return env.action_space", "must give 0 or 1"),
        ("env.action_space.sample()", "add `return`"),
        ("return env.observation_space.sample()", "must give 0 or 1"),
        ("return env.action_space.sample() * env.action_space.sample()", "equally often"),
        ("env.action_space.seed(0)\nreturn env.action_space.sample()", "always the same"),
    ),
    *of(
        "steady-policy",
        "def steady_policy(obs):",
        ("return int(obs[2] > 0)", "how fast the pole turns"),
        ("return int(obs[2] + 0.5 * obs[3] < 0)", "swap the actions"),
        ("return int(obs[3] > 0)", "but not at its angle"),
        ("return 1", "the same side"),
        ("return int(obs[0] < 0)", "the same side"),
        ("return 1 if obs[2] + 0.5 * obs[3] > 0 else -1", "must give 0 or 1, not -1"),
        ("return obs[2] + 0.5 * obs[3]", "must give 0 or 1"),
        ("return obs[2] + 0.5 * obs[3] > 0", "makes a number of a comparison"),
        ("obs[2] + 0.5 * obs[3] > 0", "add `return`"),
        ("return int(obs[2] + 0.5 * obs[3] > 0.15)", "try other factors"),
    ),
    *of(
        "film",
        "def film(policy, seed):",
        ('return labkit.record(gym.make("CartPole-v1"), policy, seed=seed)', 'render_mode="rgb_array"'),
        (CAMERA + "labkit.record(camera, policy, seed=seed)", "gives None"),
        (CAMERA + "return labkit.record(camera, policy)", "another episode"),
        (CAMERA + "return labkit.record(camera, policy, seed=0)", "another episode"),
        (CAMERA + "return labkit.record(camera, random_policy, seed=seed)", "another episode"),
        (CAMERA + "return play_episode(camera, policy, seed)", "must return the Video"),
        (
            'camera = gym.make("labkit/GridWorld-v0", render_mode="rgb_array")\n'
            "return labkit.record(camera, lambda obs: 0, seed=seed)",
            "Film the environment CartPole-v1",
        ),
    ),
    *of(
        "returns-of",
        "def returns_of(env, policy, episodes, seed):",
        (several("", "seed"), "All episodes are equal"),
        (several(SEEDED, "seed"), "All episodes are equal"),
        (several("", "seed + episode"), "the action space needs the seed"),
        (several("", "None"), "is reset given a seed?"),
        (several(SEEDED, "None"), "is reset given a seed?"),
        (several("env.action_space.seed(0)", "episode"), "use the seed that you are given"),
        (several("", "seed + episode", inside=SEEDED), "Each episode draws the same actions"),
        (several(SEEDED, "seed + episode", returned="returns"), "must be an array"),
        (several(SEEDED, "seed + episode", returned="np.mean(returns)"), "must be an array"),
    ),
    *of(
        "mean-interval",
        "def mean_interval(returns):",
        (MEAN + "half = 1.96 * returns.std(ddof=1)" + ENDS, "divide by sqrt(n)"),
        (MEAN + "half = 1.96 * returns.std(ddof=1) / len(returns)" + ENDS, "not by n"),
        (MEAN + "half = 1.96 * returns.std() / np.sqrt(len(returns))" + ENDS, "give it ddof=1"),
        (MEAN + "half = returns.std(ddof=1) / np.sqrt(len(returns))" + ENDS, "multiply it by 1.96"),
        (MEAN + "half = 1.96 * returns.var(ddof=1) / np.sqrt(len(returns))" + ENDS, "the variance"),
        (MEAN + "half = 0.98 * returns.std(ddof=1) / np.sqrt(len(returns))" + ENDS, "half as wide"),
        (
            MEAN + "half = 1.96 * returns.std(ddof=1) / np.sqrt(len(returns))\nreturn mean, mean + half, mean - half",
            "The ends are swapped",
        ),
        (
            MEAN + "half = 1.96 * returns.std(ddof=1) / np.sqrt(len(returns))\nreturn mean - half, mean, mean + half",
            "Return the mean first",
        ),
        (
            MEAN + "half = 1.96 * returns.std(ddof=1) / np.sqrt(len(returns))\nreturn mean, half",
            "not the half width",
        ),
        (MEAN + "half = 1.96 * returns.std(ddof=1) / np.sqrt(100)" + ENDS, "mean_interval(...)[1]"),
    ),
    *of(
        "constant-torque",
        TORQUE,
        (PUSH.replace("np.array([torque])", "torque") + SEE + KEEP + ARRAYS, "an array of shape (1,)"),
        (PUSH.replace("torque", "1.0") + SEE + KEEP + ARRAYS, "the torque that you are given"),
        (PUSH + SEE + KEEP + ARRAYS.replace("terminated or ", ""), "You step on after `terminated`"),
        (PUSH + SEE + KEEP + ARRAYS.replace(" or truncated", ""), "You step on after `truncated`"),
        (
            PUSH + SEE + KEEP + "if terminated or truncated:\n    return np.array(rewards), np.array(observations)",
            "Return the observations first",
        ),
        (
            PUSH + SEE + KEEP + "if terminated or truncated:\n    return observations, rewards",
            "Return arrays, not lists",
        ),
        (PUSH + KEEP + ARRAYS + "\n" + SEE, "The last observation is missing"),
        (PUSH + ARRAYS + "\n" + SEE + KEEP, "The last step is missing"),
        (PUSH.replace("obs,", "next_obs,") + SEE + KEEP + ARRAYS, "You keep the first observation"),
        (
            PUSH + SEE + KEEP + "if terminated or truncated:\n    return np.array(observations), sum(rewards)",
            "not their sum",
        ),
    ),
    *of(
        "my-moves",
        "def my_moves():",
        ("return [UP, UP, RIGHT, RIGHT]", "Your return is 2"),
        ("return [UP, UP, RIGHT, RIGHT, DOWN, DOWN, LEFT, LEFT, LEFT, DOWN]", "touches a fire"),
        ("return [LEFT] * 13", "These are 13 moves"),
        ("return ['up', 'up', 'right']", "must return a list of the actions"),
        ("return []", "Your return is 0"),
        ("[UP, UP, RIGHT, RIGHT]", "must return a list of the actions"),
    ),
]
