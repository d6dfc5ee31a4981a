"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import Mistake

RANDOM = """
def random_action(state, allowed, rng):
    {body}
"""

POLICIES = """
def safest_policy():
    {safest}


def riskiest_policy():
    {riskiest}
"""

BACKUP = """
def bellman_backup(Q, P, R, allowed, gamma):
    {body}
"""

ITERATION = """
def value_iteration(P, R, allowed, gamma, tolerance=1e-9):
    Q = empty_table(allowed)
    for sweep in range(20_000):
        {body}
    return Q
"""

UPDATE = """
def q_update(Q, t, alpha, gamma):
    {body}
"""

EPISODE = """
def q_episode(env, Q, alpha, gamma, epsilon, rng):
    state, info = env.reset()
    total, done = 0.0, False
    while not done:
        {body}
        total += reward
        done = terminated or truncated
    return total
"""

SARSA = """
def sarsa_update(Q, t, alpha, gamma):
    {body}
"""

MENDED = """
def mended_step(env, state, action):
    next_state, reward, terminated, truncated, info = env.step(action)
    {body}
"""


def filled(frame: str, body: str) -> str:
    """Put a function's body, line by line, where the frame has `{body}`."""
    indent = next(
        line[: line.index("{body}")] for line in frame.splitlines() if "{body}" in line
    )
    return frame.format(body=("\n" + indent).join(body.strip().splitlines()))


def policies(safest: str, riskiest: str) -> str:
    """Code of the two policies, from the body of each."""
    return POLICIES.format(safest=safest, riskiest=riskiest)


def random_mistake(body: str, message: str) -> Mistake:
    """Build a wrong `random_action`."""
    return Mistake(
        "random-action", "random-action-check", filled(RANDOM, body), message
    )


def policies_mistake(safest: str, riskiest: str, message: str) -> Mistake:
    """Build a wrong pair of policies."""
    return Mistake(
        "hand-policies", "hand-policies-check", policies(safest, riskiest), message
    )


def backup_mistake(body: str, message: str) -> Mistake:
    """Build a wrong `bellman_backup`."""
    return Mistake(
        "bellman-backup", "bellman-backup-check", filled(BACKUP, body), message
    )


def iteration_mistake(body: str, message: str) -> Mistake:
    """Build a wrong `value_iteration`."""
    return Mistake(
        "value-iteration", "value-iteration-check", filled(ITERATION, body), message
    )


def update_mistake(body: str, message: str) -> Mistake:
    """Build a wrong `q_update`."""
    return Mistake("q-update", "q-update-check", filled(UPDATE, body), message)


def episode_mistake(body: str, message: str) -> Mistake:
    """Build a wrong `q_episode`."""
    return Mistake("q-episode", "q-episode-check", filled(EPISODE, body), message)


def sarsa_mistake(body: str, message: str) -> Mistake:
    """Build a wrong `sarsa_update`."""
    return Mistake("sarsa-update", "sarsa-update-check", filled(SARSA, body), message)


def mended_mistake(body: str, message: str) -> Mistake:
    """Build a wrong `mended_step`."""
    return Mistake("mended-step", "mended-step-check", filled(MENDED, body), message)


SAFEST, RISKIEST = "return np.array([0, 0, 1])", "return np.array([0, 2, 1])"
STEP = "next_state, reward, terminated, truncated, info = env.step(action)"
CHOICE = "action = epsilon_greedy(Q, state, epsilon, rng)\n" + STEP
BEST = "best = Q.max(axis=1)\n"
MASKED = "return np.where(allowed, new_Q, -np.inf)"

MISTAKES = [
    # random_action
    random_mistake("rng.choice(np.flatnonzero(allowed[state]))", "gives None"),
    random_mistake("return rng.integers(3)", "not allowed there"),
    random_mistake("return rng.integers(allowed[state].sum())", "a position in the"),
    random_mistake("return np.flatnonzero(allowed[state])[0]", "never drawn"),
    random_mistake(
        "return rng.choice(np.flatnonzero(allowed[state]), size=1)", "one number"
    ),
    random_mistake("return np.flatnonzero(allowed[state])", "one number"),
    random_mistake(
        "return np.random.choice(np.flatnonzero(allowed[state]))", "The same seed"
    ),
    random_mistake(
        "while not allowed[state, a := min(2, int(rng.exponential(1.5)))]: pass\n"
        "return a",
        "not equally likely",
    ),
    # the two policies
    policies_mistake("return np.array([0, 2, 1])", RISKIEST, "crosses the fire"),
    policies_mistake(SAFEST, "return np.array([0, 0, 1])", "never crosses the fire"),
    policies_mistake("return np.array([1, 0, 1])", RISKIEST, "only a0 can earn"),
    policies_mistake(SAFEST, "return np.array([2, 2, 1])", "only a0 can earn"),
    policies_mistake("return np.array([0, 0, 0])", RISKIEST, "not allowed"),
    policies_mistake(SAFEST, "return np.array([0, 1, 1])", "not allowed"),
    policies_mistake("return np.array([0, 0])", RISKIEST, "array of 3 whole numbers"),
    policies_mistake("np.array([0, 0, 1])", RISKIEST, "gives None"),
    # bellman_backup
    backup_mistake(
        BEST + "new_Q = (P * (R + best)).sum(axis=2)\n" + MASKED, "not discounted"
    ),
    backup_mistake(
        BEST + "return (P * (R + gamma * best)).sum(axis=2)", "must stay -inf"
    ),
    backup_mistake("new_Q = (P * R).sum(axis=2)\n" + MASKED, "Only the rewards"),
    backup_mistake(
        "mean = Q.mean(axis=1, where=allowed)\n"
        "new_Q = (P * (R + gamma * mean)).sum(axis=2)\n" + MASKED,
        "average over the next actions",
    ),
    backup_mistake(
        "best = np.where(allowed, Q, 0).max(axis=1)\n"
        "new_Q = (P * (R + gamma * best)).sum(axis=2)\n" + MASKED,
        "picks actions that are not allowed",
    ),
    backup_mistake(
        BEST + "new_Q = (P * (R + gamma * best[:, None, None])).sum(axis=2)\n" + MASKED,
        "best value of the state itself",
    ),
    backup_mistake(
        BEST + "new_Q = (P * R).sum(axis=2) + gamma * best[:, None]\n" + MASKED,
        "best value of the state itself",
    ),
    backup_mistake(
        BEST + "new_Q = (R + gamma * best).sum(axis=2)\n" + MASKED, "not weighted"
    ),
    backup_mistake(
        "best = Q.max(axis=0)\nnew_Q = (P * (R + gamma * best)).sum(axis=2)\n" + MASKED,
        "over the states",
    ),
    backup_mistake(
        BEST + "Q[:] = (P * (R + gamma * best)).sum(axis=2)\n"
        "Q[~allowed] = -np.inf\n"
        "return Q",
        "changes Q",
    ),
    # value_iteration
    iteration_mistake(
        "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
        "change = np.abs(new_Q - Q).max()\n"
        "Q = new_Q\n"
        "if not change >= tolerance:\n"
        "    break",
        "stop after one backup",
    ),
    iteration_mistake(
        "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
        "change = (Q - new_Q)[allowed].max()\n"
        "Q = new_Q\n"
        "if change < tolerance:\n"
        "    break",
        "absolute value",
    ),
    iteration_mistake(
        "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
        "change = np.abs(new_Q[allowed] - Q[allowed]).max()\n"
        "if change < tolerance:\n"
        "    break",
        "still empty",
    ),
    iteration_mistake("return bellman_backup(Q, P, R, allowed, gamma)", "one backup"),
    iteration_mistake(
        "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
        "change = np.abs(new_Q[allowed] - Q[allowed]).min()\n"
        "Q = new_Q\n"
        "if change < tolerance:\n"
        "    break",
        "the largest one",
    ),
    iteration_mistake(
        "Q = bellman_backup(Q, P, R, allowed, gamma)\nif sweep > 100:\n    break",
        "too early",
    ),
    # q_update
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max()\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "still bootstraps after `terminated`",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * t.terminated\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "reward alone, though nothing terminated",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (~t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "write `not t.terminated`",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])",
        "return the TD error",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])\n"
        "return target",
        "You return the target",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "Q[t.state, t.action] = target\n"
        "return target - Q[t.state, t.action]",
        "use alpha",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])\n"
        "return target - Q[t.state, t.action]",
        "before the step",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] = alpha * delta\n"
        "return delta",
        "add it to the old value",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "delta = Q[t.state, t.action] - target\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "multiplies the next value alone",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "return target - Q[t.state, t.action]",
        "Q has not changed",
    ),
    update_mistake(
        "target = t.reward + Q[t.next_state].max() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "not discounted",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.state].max() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "over the present state",
    ),
    update_mistake(
        "target = t.reward + gamma * Q.max() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "over the whole table",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].argmax() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "take its value, with max",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].min() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "a value of -inf",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state] += alpha * delta\n"
        "return delta",
        "Other values than",
    ),
    # q_episode
    episode_mistake(
        CHOICE + "\nover = terminated or truncated\n"
        "t = Transition(state, action, reward, next_state, over)\n"
        "q_update(Q, t, alpha, gamma)\n"
        "state = next_state",
        "stops at the time limit",
    ),
    episode_mistake(
        CHOICE
        + "\nq_update(Q, Transition(state, action, reward, next_state), alpha, gamma)\n"
        "state = next_state",
        "still bootstraps after `terminated`",
    ),
    episode_mistake(
        CHOICE + "\nt = Transition(state, action, reward, next_state, terminated)\n"
        "q_update(Q, t, alpha, gamma)",
        "move `state` on",
    ),
    episode_mistake(CHOICE + "\nstate = next_state", "has not changed"),
    episode_mistake(
        "action = random_action(state, allowed, rng)\n"
        + STEP
        + "\nt = Transition(state, action, reward, next_state, terminated)\n"
        "q_update(Q, t, alpha, gamma)\n"
        "state = next_state",
        "not the greedy ones",
    ),
    episode_mistake(
        "action = Q[state].argmax()\n"
        + STEP
        + "\nt = Transition(state, action, reward, next_state, terminated)\n"
        "q_update(Q, t, alpha, gamma)\n"
        "state = next_state",
        "do not vary",
    ),
    episode_mistake(
        CHOICE + "\nstate = next_state\n"
        "t = Transition(state, action, reward, next_state, terminated)\n"
        "q_update(Q, t, alpha, gamma)",
        "move `state` on once",
    ),
    episode_mistake(
        CHOICE + "\nt = Transition(state, action, reward, next_state, terminated)\n"
        "q_update(Q, t, gamma, alpha)\n"
        "state = next_state",
        "swapped",
    ),
    # sarsa_update
    sarsa_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "This is Q-learning",
    ),
    sarsa_mistake(
        "target = t.reward + gamma * Q[t.next_state, t.next_action]\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "still bootstraps after `terminated`",
    ),
    sarsa_mistake(
        "target = t.reward + gamma * Q[t.next_state, t.action] * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "use `next_action`",
    ),
    sarsa_mistake(
        "target = t.reward + gamma * Q[t.state, t.next_action] * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "use next_state",
    ),
    sarsa_mistake(
        "target = t.reward + Q[t.next_state, t.next_action] * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "not discounted",
    ),
    sarsa_mistake(
        "target = t.reward + gamma * Q[t.next_state, t.next_action]"
        " * (not t.terminated)\n"
        "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])",
        "return the TD error",
    ),
    sarsa_mistake(
        "next_value = Q[t.next_state, t.next_action] * (~t.terminated)\n"
        "delta = t.reward + gamma * next_value - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "write `not t.terminated`",
    ),
    # mended_step
    mended_mistake(
        "over = terminated or truncated\n"
        "return Transition(state, action, reward, next_state, over), over",
        "A time limit is still stored",
    ),
    mended_mistake(
        "return Transition(state, action, reward, next_state, terminated), terminated",
        "must be reset",
    ),
    mended_mistake(
        "over = terminated or truncated\n"
        "return Transition(state, action, reward, next_state, truncated), over",
        "A time limit is still stored",
    ),
    mended_mistake(
        "over = terminated or truncated\n"
        "return Transition(state, action, reward, next_state), over",
        "still bootstraps after `terminated`",
    ),
    mended_mistake(
        "over = terminated or truncated\n"
        "t = Transition(state, action, next_state, reward, terminated)\n"
        "return t, over",
        "in this order",
    ),
    mended_mistake(
        "return Transition(state, action, reward, next_state, terminated)",
        "two things",
    ),
    # What a first reader of the lesson tried.
    random_mistake("return rng.choice(allowed[state])", "True or False"),
    backup_mistake(
        "best = Q.max(axis=1)\n"
        "return np.where(allowed, (P * R + gamma * best).sum(axis=2), -np.inf)",
        "Only the rewards are weighted",
    ),
    backup_mistake(
        "best = Q.max(axis=1, keepdims=True)\n"
        "return np.where(allowed, (P * R).sum(axis=2) + gamma * best.T, -np.inf)",
        "line up with the actions",
    ),
    backup_mistake(
        "return np.where(\n"
        "    allowed, (P * (R + gamma * Q.max())).sum(axis=2), -np.inf\n"
        ")",
        "Q.max() is one number",
    ),
    iteration_mistake("Q = bellman_backup(Q, P, R, allowed, gamma)", "never stop early"),
    iteration_mistake(
        "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
        "change = np.abs(new_Q - Q).max()\n"
        "Q = new_Q\n"
        "if change < tolerance:\n"
        "    break",
        "never stop early",
    ),
    iteration_mistake(
        "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
        "Q, old = new_Q, new_Q\n"
        "if np.abs(new_Q - old)[allowed].max() < tolerance:\n"
        "    break",
        "compute the change before",
    ),
    iteration_mistake(
        "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
        "change = (new_Q - Q)[allowed].max()\n"
        "Q = new_Q\n"
        "if change < tolerance:\n"
        "    break",
        "absolute value",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max()\n"
        "delta = target - Q[t.state, t.action] * (not t.terminated)\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "",
    ),
    update_mistake(
        "target = (t.reward + gamma * Q[t.next_state].max()) * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "The last reward counts too",
    ),
    update_mistake("target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n" "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])\nreturn Q", "one number"),
    episode_mistake(
        "action = epsilon_greedy(Q, state, epsilon, rng)\n"
        "next_state, reward, terminated, truncated, info = env.step(action)\n"
        "t = Transition(state, action, reward, next_state, terminated)\n"
        "q_update(Q, t, alpha, gamma)\n"
        "state = next_state\n"
        "total += reward",
        "added twice",
    ),
    update_mistake(
        "best = Q[t.next_state].max() * (not t.terminated)\n"
        "delta = t.reward + gamma * (best - Q[t.state, t.action])\n"
        "Q[t.state, t.action] += alpha * delta\n"
        "return delta",
        "multiplies the next value alone",
    ),
    update_mistake(
        "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
        "delta = target - Q[t.state, t.action]\n"
        "Q[t.state, t.action] += alpha * target\n"
        "return delta",
        "alpha times the target",
    ),
]
