"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import of

POLICIES = """
def safest_policy():
    {safest}


def riskiest_policy():
    {riskiest}
"""

ITERATION = """
def value_iteration(P, R, allowed, gamma, tolerance=1e-9):
    Q = empty_table(allowed)
    for sweep in range(20_000):
        {body}
    return Q
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

MENDED = """
def mended_step(env, state, action):
    next_state, reward, terminated, truncated, info = env.step(action)
    {body}
"""

SAFEST, RISKIEST = "return np.array([0, 0, 1])", "return np.array([0, 2, 1])"
STEP = "next_state, reward, terminated, truncated, info = env.step(action)"
CHOICE = "action = epsilon_greedy(Q, state, epsilon, rng)\n" + STEP
BEST = "best = Q.max(axis=1)\n"
MASKED = "return np.where(allowed, new_Q, -np.inf)"

MISTAKES = [
    *of(
        "random-action",
        "def random_action(state, allowed, rng):",
        ("rng.choice(np.flatnonzero(allowed[state]))", "gives None"),
        ("return rng.integers(3)", "not allowed there"),
        ("return rng.integers(allowed[state].sum())", "a position in the"),
        ("return np.flatnonzero(allowed[state])[0]", "never drawn"),
        ("return rng.choice(np.flatnonzero(allowed[state]), size=1)", "one number"),
        ("return np.flatnonzero(allowed[state])", "one number"),
        ("return np.random.choice(np.flatnonzero(allowed[state]))", "The same seed"),
        ("while not allowed[state, a := min(2, int(rng.exponential(1.5)))]: pass\nreturn a", "not equally likely"),
        ("return rng.choice(allowed[state])", "True or False"),
    ),
    *of(
        "hand-policies",
        POLICIES,
        ("return np.array([0, 2, 1])", "crosses the fire"),
        ("return np.array([1, 0, 1])", "only a0 can earn"),
        ("return np.array([0, 0, 0])", "not allowed"),
        ("return np.array([0, 0])", "array of 3 whole numbers"),
        ("np.array([0, 0, 1])", "gives None"),
        gap="safest",
        riskiest=RISKIEST,
    ),
    *of(
        "hand-policies",
        POLICIES,
        ("return np.array([0, 0, 1])", "never crosses the fire"),
        ("return np.array([2, 2, 1])", "only a0 can earn"),
        ("return np.array([0, 1, 1])", "not allowed"),
        gap="riskiest",
        safest=SAFEST,
    ),
    *of(
        "bellman-backup",
        "def bellman_backup(Q, P, R, allowed, gamma):",
        (BEST + "new_Q = (P * (R + best)).sum(axis=2)\n" + MASKED, "not discounted"),
        (BEST + "return (P * (R + gamma * best)).sum(axis=2)", "must stay -inf"),
        ("new_Q = (P * R).sum(axis=2)\n" + MASKED, "Only the rewards"),
        (
            "mean = Q.mean(axis=1, where=allowed)\nnew_Q = (P * (R + gamma * mean)).sum(axis=2)\n" + MASKED,
            "average over the next actions",
        ),
        (
            "best = np.where(allowed, Q, 0).max(axis=1)\nnew_Q = (P * (R + gamma * best)).sum(axis=2)\n" + MASKED,
            "picks actions that are not allowed",
        ),
        (
            BEST + "new_Q = (P * (R + gamma * best[:, None, None])).sum(axis=2)\n" + MASKED,
            "best value of the state itself",
        ),
        (BEST + "new_Q = (P * R).sum(axis=2) + gamma * best[:, None]\n" + MASKED, "best value of the state itself"),
        (BEST + "new_Q = (R + gamma * best).sum(axis=2)\n" + MASKED, "not weighted"),
        ("best = Q.max(axis=0)\nnew_Q = (P * (R + gamma * best)).sum(axis=2)\n" + MASKED, "over the states"),
        (BEST + "Q[:] = (P * (R + gamma * best)).sum(axis=2)\nQ[~allowed] = -np.inf\nreturn Q", "changes Q"),
        (
            "best = Q.max(axis=1)\nreturn np.where(allowed, (P * R + gamma * best).sum(axis=2), -np.inf)",
            "Only the rewards are weighted",
        ),
        (
            "best = Q.max(axis=1, keepdims=True)\n"
            "return np.where(allowed, (P * R).sum(axis=2) + gamma * best.T, -np.inf)",
            "line up with the actions",
        ),
        ("return np.where(\n    allowed, (P * (R + gamma * Q.max())).sum(axis=2), -np.inf\n)", "Q.max() is one number"),
    ),
    *of(
        "value-iteration",
        ITERATION,
        (
            "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
            "change = np.abs(new_Q - Q).max()\n"
            "Q = new_Q\n"
            "if not change >= tolerance:\n"
            "    break",
            "stop after one backup",
        ),
        (
            "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
            "change = (Q - new_Q)[allowed].max()\n"
            "Q = new_Q\n"
            "if change < tolerance:\n"
            "    break",
            "absolute value",
        ),
        (
            "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
            "change = np.abs(new_Q[allowed] - Q[allowed]).max()\n"
            "if change < tolerance:\n"
            "    break",
            "still empty",
        ),
        ("return bellman_backup(Q, P, R, allowed, gamma)", "one backup"),
        (
            "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
            "change = np.abs(new_Q[allowed] - Q[allowed]).min()\n"
            "Q = new_Q\n"
            "if change < tolerance:\n"
            "    break",
            "the largest one",
        ),
        ("Q = bellman_backup(Q, P, R, allowed, gamma)\nif sweep > 100:\n    break", "too early"),
        ("Q = bellman_backup(Q, P, R, allowed, gamma)", "never stop early"),
        (
            "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
            "change = np.abs(new_Q - Q).max()\n"
            "Q = new_Q\n"
            "if change < tolerance:\n"
            "    break",
            "never stop early",
        ),
        (
            "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
            "Q, old = new_Q, new_Q\n"
            "if np.abs(new_Q - old)[allowed].max() < tolerance:\n"
            "    break",
            "compute the change before",
        ),
        (
            "new_Q = bellman_backup(Q, P, R, allowed, gamma)\n"
            "change = (new_Q - Q)[allowed].max()\n"
            "Q = new_Q\n"
            "if change < tolerance:\n"
            "    break",
            "absolute value",
        ),
    ),
    *of(
        "q-update",
        "def q_update(Q, t, alpha, gamma):",
        (
            "target = t.reward + gamma * Q[t.next_state].max()\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "still bootstraps after `terminated`",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * t.terminated\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "reward alone, though nothing terminated",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (~t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "write `not t.terminated`",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])",
            "return the TD error",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])\n"
            "return target",
            "You return the target",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "Q[t.state, t.action] = target\n"
            "return target - Q[t.state, t.action]",
            "use alpha",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])\n"
            "return target - Q[t.state, t.action]",
            "before the step",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] = alpha * delta\n"
            "return delta",
            "add it to the old value",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "delta = Q[t.state, t.action] - target\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "multiplies the next value alone",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "return target - Q[t.state, t.action]",
            "Q has not changed",
        ),
        (
            "target = t.reward + Q[t.next_state].max() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "not discounted",
        ),
        (
            "target = t.reward + gamma * Q[t.state].max() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "over the present state",
        ),
        (
            "target = t.reward + gamma * Q.max() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "over the whole table",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].argmax() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "take its value, with max",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].min() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "a value of -inf",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state] += alpha * delta\n"
            "return delta",
            "Other values than",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max()\n"
            "delta = target - Q[t.state, t.action] * (not t.terminated)\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "",
        ),
        (
            "target = (t.reward + gamma * Q[t.next_state].max()) * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "The last reward counts too",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])\nreturn Q",
            "one number",
        ),
        (
            "best = Q[t.next_state].max() * (not t.terminated)\n"
            "delta = t.reward + gamma * (best - Q[t.state, t.action])\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "multiplies the next value alone",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * target\n"
            "return delta",
            "alpha times the target",
        ),
    ),
    *of(
        "q-episode",
        EPISODE,
        (
            CHOICE + "\nover = terminated or truncated\n"
            "t = Transition(state, action, reward, next_state, over)\n"
            "q_update(Q, t, alpha, gamma)\n"
            "state = next_state",
            "stops at the time limit",
        ),
        (
            CHOICE + "\nq_update(Q, Transition(state, action, reward, next_state), alpha, gamma)\nstate = next_state",
            "still bootstraps after `terminated`",
        ),
        (
            CHOICE + "\nt = Transition(state, action, reward, next_state, terminated)\nq_update(Q, t, alpha, gamma)",
            "move `state` on",
        ),
        (CHOICE + "\nstate = next_state", "has not changed"),
        (
            "action = random_action(state, allowed, rng)\n"
            + STEP
            + "\nt = Transition(state, action, reward, next_state, terminated)\n"
            "q_update(Q, t, alpha, gamma)\n"
            "state = next_state",
            "not the greedy ones",
        ),
        (
            "action = Q[state].argmax()\n" + STEP + "\nt = Transition(state, action, reward, next_state, terminated)\n"
            "q_update(Q, t, alpha, gamma)\n"
            "state = next_state",
            "do not vary",
        ),
        (
            CHOICE + "\nstate = next_state\n"
            "t = Transition(state, action, reward, next_state, terminated)\n"
            "q_update(Q, t, alpha, gamma)",
            "move `state` on once",
        ),
        (
            CHOICE + "\nt = Transition(state, action, reward, next_state, terminated)\n"
            "q_update(Q, t, gamma, alpha)\n"
            "state = next_state",
            "swapped",
        ),
        (
            "action = epsilon_greedy(Q, state, epsilon, rng)\n"
            "next_state, reward, terminated, truncated, info = env.step(action)\n"
            "t = Transition(state, action, reward, next_state, terminated)\n"
            "q_update(Q, t, alpha, gamma)\n"
            "state = next_state\n"
            "total += reward",
            "added twice",
        ),
    ),
    *of(
        "sarsa-update",
        "def sarsa_update(Q, t, alpha, gamma):",
        (
            "target = t.reward + gamma * Q[t.next_state].max() * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "This is Q-learning",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state, t.next_action]\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "still bootstraps after `terminated`",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state, t.action] * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "use `next_action`",
        ),
        (
            "target = t.reward + gamma * Q[t.state, t.next_action] * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "use next_state",
        ),
        (
            "target = t.reward + Q[t.next_state, t.next_action] * (not t.terminated)\n"
            "delta = target - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "not discounted",
        ),
        (
            "target = t.reward + gamma * Q[t.next_state, t.next_action]"
            " * (not t.terminated)\n"
            "Q[t.state, t.action] += alpha * (target - Q[t.state, t.action])",
            "return the TD error",
        ),
        (
            "next_value = Q[t.next_state, t.next_action] * (~t.terminated)\n"
            "delta = t.reward + gamma * next_value - Q[t.state, t.action]\n"
            "Q[t.state, t.action] += alpha * delta\n"
            "return delta",
            "write `not t.terminated`",
        ),
    ),
    *of(
        "mended-step",
        MENDED,
        (
            "over = terminated or truncated\nreturn Transition(state, action, reward, next_state, over), over",
            "A time limit is still stored",
        ),
        ("return Transition(state, action, reward, next_state, terminated), terminated", "must be reset"),
        (
            "over = terminated or truncated\nreturn Transition(state, action, reward, next_state, truncated), over",
            "A time limit is still stored",
        ),
        (
            "over = terminated or truncated\nreturn Transition(state, action, reward, next_state), over",
            "still bootstraps after `terminated`",
        ),
        (
            "over = terminated or truncated\n"
            "t = Transition(state, action, next_state, reward, terminated)\n"
            "return t, over",
            "in this order",
        ),
        ("return Transition(state, action, reward, next_state, terminated)", "two things"),
    ),
]
