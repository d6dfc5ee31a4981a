"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import of

UPDATE = """
ACTIONS = [0, 1]


def q_update(theta, batch, features, gamma, learning_rate):
    next_q = q_values(theta, batch.next_obs, ACTIONS, features)
    targets = td_targets(batch.reward, next_q, batch.terminated, gamma)
    x = features(batch.obs, batch.action)
    {body}
"""

MEMORY = """
class ReplayMemory:
    def __init__(self, capacity, seed=None):
        self.transitions = deque(maxlen=capacity)
        self.rng = np.random.default_rng(seed)
        self.seed = seed

    def __len__(self):
        return len(self.transitions)

    def add(self, *transition):
        self.transitions.append(transition)

    def sample(self, size):
        {body}
"""

EPISODE = """
def q_episode(agent):
    obs, info = agent.env.reset()
    total, done = 0.0, False
    while not done:
        {body}
        obs, total, done = next_obs, total + reward, terminated or truncated
    return total
"""

FEATURES = """
SCALE = np.array([1.0, 1.0, 0.1, 1.0])
ROWS, COLUMNS = np.triu_indices(5)


def state_features(obs):
    {state}


def per_action_features(obs, action):
    x = state_features(obs)
    action = np.asarray(action)[..., None]
    {halves}
"""

ONE_PAGE = """
def on_one_page(seed, episodes=65):
    rng = labkit.seed_everything(seed)
    env, buffer = gym.make("CartPole-v1"), labkit.ReplayBuffer(50_000, (4,), seed=seed)
    env.reset(seed=seed)
    theta = rng.normal(size=30)
    best_theta, best_mean = theta, -1.0
    for episode in range(1, episodes + 1):
        obs, info = env.reset()
        done = False
        while not done:
            q = q_values(theta, obs, ACTIONS, per_action_features)
            action = epsilon_greedy(q, max(0.01, 0.98**episode), rng)
            next_obs, reward, terminated, truncated, info = env.step(action)
            buffer.add(obs, action, reward, next_obs, terminated)
            batch = buffer.sample(32)
            next_q = q_values(theta, batch.next_obs, ACTIONS, per_action_features)
            targets = td_targets(batch.reward, next_q, batch.terminated, 0.99)
            x = per_action_features(batch.obs, batch.action)
            theta += 0.2 * (targets - x @ theta) @ x / 32
            obs, done = next_obs, terminated or truncated
        if episode % 10 == 0:
            mean = greedy_returns(theta, per_action_features, 20, seed=20_000).mean()
            {body}
    return {returned}
"""

STATE = """one = np.ones((*obs.shape[:-1], 1))
z = np.concatenate([one, obs / SCALE], axis=-1)
return z[..., ROWS] * z[..., COLUMNS]"""
HALVES = "return np.concatenate([x * (action == 0), x * (action == 1)], axis=-1)"

ACT = """q = q_values(agent.theta, obs, ACTIONS, agent.features)
action = epsilon_greedy(q, agent.epsilon, agent.rng)
next_obs, reward, terminated, truncated, info = agent.env.step(action)"""
STORE = "agent.buffer.add(obs, action, reward, next_obs, terminated)"
DRAW = "batch = agent.buffer.sample(agent.batch_size)"
LEARN = """agent.theta = q_update(
    agent.theta, batch, agent.features, agent.gamma, agent.learning_rate
)"""


def step(*parts: str) -> str:
    """The lines of one step of an episode."""
    return "\n".join(parts)


MISTAKES = [
    *of(
        "phi",
        "def phi(obs, action):",
        (
            "action = np.asarray(action)[..., None]\nreturn np.where(action == 0, obs, -obs)",
            "the wrong way round",
        ),
        ("action = np.asarray(action)[..., None]\nreturn action * obs", "not by the action"),
        ("return obs", "must change the sign"),
        ("return np.where(action == 1, obs, -obs)", "The signs go by column"),
        ("return obs if np.all(action) else -obs", "each row must get the sign"),
        ("return obs if np.any(action) else -obs", "each row must get the sign"),
        ("np.where(action == 1, obs, -obs)", "None"),
    ),
    *of(
        "q-values",
        "def q_values(theta, obs, actions, features):",
        ("return np.stack([features(obs, a) @ theta for a in actions])", "The axes are swapped"),
        (
            "return np.stack([features(obs, a) @ theta for a in (0, 1)], axis=-1)",
            "in its order",
        ),
        (
            "return np.stack([features(obs, 1) @ theta for a in actions], axis=-1)",
            "does `features` get the action?",
        ),
        (
            "return np.stack([features(obs, a) @ theta for a in actions], axis=-1).max(axis=-1)",
            "values of all actions",
        ),
        ("return np.stack([phi(obs, a) @ theta for a in actions], axis=-1)", "not phi"),
        (
            "return np.stack([features(obs, 1 - a) @ theta for a in actions], axis=-1)",
            "in the wrong order",
        ),
        (
            "return np.stack([obs @ theta for a in actions], axis=-1)",
            "does `features` get the action?",
        ),
    ),
    *of(
        "td-targets",
        "def td_targets(reward, next_q, terminated, gamma):",
        (
            "return reward + gamma * next_q.max(axis=1)",
            "Your targets still bootstrap after `terminated`",
        ),
        ("return reward + gamma * next_q.max(axis=1) * terminated", "though nothing terminated"),
        ("return (reward + gamma * next_q.max(axis=1)) * ~terminated", "has a reward too"),
        ("return reward + next_q.max(axis=1) * ~terminated", "not discounted"),
        ("return gamma * (reward + next_q.max(axis=1) * ~terminated)", "discounted too"),
        ("return reward + gamma * next_q.max() * ~terminated", "One maximum for the whole"),
        ("return reward + gamma * next_q.max(axis=0) * ~terminated", "goes down the columns"),
        ("return reward + gamma * next_q.min(axis=1) * ~terminated", "the smallest next value"),
        ("return reward + gamma * next_q.mean(axis=1) * ~terminated", "average the next values"),
        ("return reward + gamma * next_q.sum(axis=1) * ~terminated", "add up the next values"),
        ("return reward", "though nothing terminated"),
        ("return reward + gamma * next_q * ~terminated[:, None]", "shape (2, 2)"),
        ("reward + gamma * next_q.max(axis=1) * ~terminated", "is a `return` missing?"),
    ),
    *of(
        "td-update",
        UPDATE,
        (
            "errors = x @ theta - targets\nreturn theta + learning_rate * errors @ x / len(errors)",
            "away from the targets",
        ),
        ("errors = targets - x @ theta\nreturn theta + learning_rate * errors @ x", "4 times"),
        (
            "errors = targets - x @ theta\nreturn theta + 2 * learning_rate * errors @ x / len(errors)",
            "twice too long",
        ),
        (
            "errors = targets - x @ theta\nreturn theta + errors @ x / len(errors)",
            "not multiplied by the learning rate",
        ),
        (
            "errors = targets - x @ theta\nreturn learning_rate * errors @ x / len(errors)",
            "add it to theta",
        ),
        (
            "errors = targets - x @ theta\nnew = theta + learning_rate * errors @ x / len(errors)\nreturn theta",
            "return the new ones",
        ),
        (
            "errors = targets - x @ theta\ntheta += learning_rate * errors @ x / len(errors)\nreturn theta",
            "changes theta itself",
        ),
        (
            "errors = targets - x @ theta\n"
            "best = next_q.argmax(axis=1)\n"
            "next_x = gamma * features(batch.next_obs, best) * ~batch.terminated[:, None]\n"
            "return theta + learning_rate * errors @ (x - next_x) / len(errors)",
            "goes through the targets",
        ),
        (
            "errors = targets[:, None] - x @ theta\n"
            "return theta + learning_rate * (errors[..., None] * x).mean(axis=(0, 1))",
            "meets all targets",
        ),
        (
            "errors = targets[:, None] - x @ theta\nreturn theta + learning_rate * errors @ x / len(errors)",
            "two axes",
        ),
        ("return theta + learning_rate * targets @ x / len(targets)", "targets as errors"),
        (
            "errors = targets - x @ theta\nnew = theta + learning_rate * errors @ x / len(errors)",
            "is a `return` missing?",
        ),
    ),
    *of(
        "epsilon-greedy",
        "def epsilon_greedy(q, epsilon, rng):",
        (
            "if rng.random() > epsilon:\n    return int(rng.integers(len(q)))\nreturn int(np.argmax(q))",
            "not 1 - epsilon",
        ),
        (
            "if rng.random() < epsilon:\n    return int(rng.integers(len(q)))\nreturn int(np.argmin(q))",
            "argmax, not argmin",
        ),
        (
            "if rng.random() < epsilon:\n"
            "    return int(rng.choice(np.delete(np.arange(len(q)), np.argmax(q))))\n"
            "return int(np.argmax(q))",
            "the best one included",
        ),
        (
            "if rng.random() < epsilon:\n    return int(rng.integers(2))\nreturn int(np.argmax(q))",
            "all be equally likely",
        ),
        (
            "if np.random.random() < epsilon:\n    return int(np.random.randint(len(q)))\nreturn int(np.argmax(q))",
            "draw from `rng`",
        ),
        ("return int(np.argmax(q))", "all be equally likely"),
        ("return int(rng.integers(len(q)))", "always take the action"),
        (
            "if rng.random() < epsilon:\n    return int(rng.integers(len(q)))\nreturn q.max()",
            "the number of an action",
        ),
        (
            "if rng.random() < epsilon:\n    rng.integers(len(q))\nelse:\n    return int(np.argmax(q))",
            "None",
        ),
    ),
    *of(
        "replay-memory",
        MEMORY,
        (
            "drawn = [[self.transitions[row][i] for row in self.rng.integers(len(self), size=size)]\n"
            "         for i in range(5)]\n"
            "return labkit.Batch(*map(np.array, drawn))",
            "mixes several transitions",
        ),
        (
            "drawn = [self.transitions[-1]] * size\nreturn labkit.Batch(*[np.array(column) for column in zip(*drawn)])",
            "never drawn",
        ),
        (
            "rows = self.rng.integers(len(self) - 1, size=size)\n"
            "drawn = [self.transitions[row] for row in rows]\n"
            "return labkit.Batch(*[np.array(column) for column in zip(*drawn)])",
            "never drawn",
        ),
        (
            "rows = np.arange(size) % len(self)\n"
            "drawn = [self.transitions[row] for row in rows]\n"
            "return labkit.Batch(*[np.array(column) for column in zip(*drawn)])",
            "fixed order",
        ),
        (
            "rows = np.random.default_rng(0).integers(len(self), size=size)\n"
            "drawn = [self.transitions[row] for row in rows]\n"
            "return labkit.Batch(*[np.array(column) for column in zip(*drawn)])",
            "Two batches are equal",
        ),
        (
            "rows = (len(self) * self.rng.random(size) ** 2).astype(int)\n"
            "drawn = [self.transitions[row] for row in rows]\n"
            "return labkit.Batch(*[np.array(column) for column in zip(*drawn)])",
            "not drawn equally often",
        ),
        (
            "rows = self.rng.integers(len(self), size=size)\nreturn [self.transitions[row] for row in rows]",
            "of five arrays",
        ),
        (
            "rows = self.rng.integers(len(self), size=size)\n"
            "return labkit.Batch(*zip(*[self.transitions[row] for row in rows]))",
            "must be a NumPy array",
        ),
        (
            "row = self.rng.integers(len(self))\nreturn labkit.Batch(*map(np.array, self.transitions[row]))",
            "needs the shapes",
        ),
    ),
    *of(
        "learn-one-episode",
        EPISODE,
        (
            step(
                ACT,
                "agent.buffer.add(obs, action, reward, next_obs, terminated or truncated)",
                DRAW,
                LEARN,
            ),
            "A time limit is stored as the end of the world",
        ),
        (
            step(ACT, "obs = next_obs", STORE, DRAW, LEARN),
            "the obs *before* the step",
        ),
        (
            step(ACT, "agent.buffer.add(obs, action, reward, next_obs, False)", DRAW, LEARN),
            "Store `terminated` as the environment gives it",
        ),
        (step(ACT, STORE, DRAW, LEARN.replace("agent.theta = ", "")), "weights never change"),
        (step(ACT, DRAW, STORE, LEARN), "Store the transition before"),
        (step(ACT, STORE, "if terminated or truncated:", "    " + DRAW, "    pass"), "at each step"),
        (
            step(ACT.replace("epsilon_greedy(q, agent.epsilon, agent.rng)", "int(np.argmax(q))"), STORE, DRAW, LEARN),
            "must be random",
        ),
        (
            step(ACT.replace("agent.epsilon", "1.0"), STORE, DRAW, LEARN),
            "the action with the largest value",
        ),
        (
            step(ACT, STORE, DRAW.replace("agent.batch_size", "32"), LEARN),
            "agent.batch_size",
        ),
        (
            step(ACT, STORE, DRAW, LEARN.replace("agent.gamma", "0.99")),
            "agent.gamma",
        ),
        (
            step(ACT, STORE, DRAW, LEARN, LEARN),
            "one update a step",
        ),
        (
            step(ACT, "if not terminated:", "    " + STORE, DRAW, LEARN),
            "Store each",
        ),
    ),
    *of(
        "per-action-features",
        FEATURES,
        (STATE.replace("obs / SCALE", "obs"), "not scaled"),
        (STATE.replace("obs / SCALE", "obs * SCALE"), "divide by it"),
        (
            STATE.replace("np.concatenate([one, obs / SCALE], axis=-1)", "obs / SCALE")
            .replace("ROWS", "np.triu_indices(4)[0]")
            .replace("COLUMNS", "np.triu_indices(4)[1]"),
            "put the 1 in front",
        ),
        (STATE.replace(" * z", " + z"), "multiply them"),
        (
            "one = np.ones((*obs.shape[:-1], 1))\nreturn np.concatenate([one, obs / SCALE], axis=-1)",
            "the products are missing",
        ),
        (
            "z = np.concatenate([[1.0], obs / SCALE])\nreturn np.outer(z, z)",
            "is there twice",
        ),
        gap="state",
        halves=HALVES,
    ),
    *of(
        "per-action-features",
        FEATURES,
        (
            "return np.concatenate([x * (action == 1), x * (action == 0)], axis=-1)",
            "The halves are swapped",
        ),
        ("return np.concatenate([x, x], axis=-1)", "Both halves are filled"),
        ("return x * (action == 1)", "shape"),
        gap="halves",
        state=STATE,
    ),
    *of(
        "mirror-features",
        "def mirror_features(obs, action):",
        ("return phi(state_features(obs), action)", "mirror the state, then"),
        ("return state_features(obs)", "must give the features of -s"),
        ("return state_features(phi(obs, 1 - np.asarray(action)))", "must give the features of -s"),
        ("return state_features(-obs)", "The two actions are swapped"),
    ),
    *of(
        "on-one-page",
        ONE_PAGE,
        (
            "if mean > best_mean:\n    best_theta, best_mean = theta, mean",
            "they changed after they were kept",
        ),
        (
            "best_theta = theta.copy()\nbest_mean = max(mean, best_mean)",
            "they changed after they were kept",
        ),
        ("best_theta, best_mean = theta.copy(), mean", "keep the best weights, not the last"),
        returned="best_theta, best_mean",
    ),
    *of(
        "on-one-page",
        ONE_PAGE,
        ("if mean > best_mean:\n    best_theta, best_mean = theta.copy(), mean", "must return"),
        returned="best_mean, best_theta",
    ),
    # What a first reader of the lesson tried.
    *of(
        "td-update",
        UPDATE,
        (
            "errors = targets - x @ theta\nreturn theta + learning_rate * errors @ x / len(theta)",
            "not by that of the weights",
        ),
        (
            "errors = targets - x @ theta\nreturn theta + learning_rate * x @ errors / len(errors)",
            "wrong axis",
        ),
    ),
    *of(
        "learn-one-episode",
        EPISODE,
        (
            step(ACT.replace("agent.features", "phi"), STORE, DRAW, LEARN),
            "agent.theta and agent.features",
        ),
        (
            step(ACT, STORE, DRAW, LEARN.replace("agent.features", "phi")),
            "The weights differ",
        ),
    ),
    *of(
        "on-one-page",
        ONE_PAGE,
        ("best_mean = mean", "keep the best weights, not the last"),
        returned=("theta, greedy_returns(theta, per_action_features, 20, seed=20_000).mean()"),
    ),
]
