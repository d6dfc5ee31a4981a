"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import of

SIZES = "inputs, outputs = env.observation_space.shape[0], int(env.action_space.n)\n"
TWO = """q_net = labkit.mlp(inputs, hidden, outputs, seed=seed)
target_net = labkit.mlp(inputs, hidden, outputs)
labkit.copy_weights(q_net, target_net)
return q_net, target_net"""

STEP = """next_q = agent.target_net(batch.next_obs)
targets = td_targets(batch.reward, next_q, batch.terminated, agent.gamma)
variables = agent.q_net.trainable_variables
with tf.GradientTape() as tape:
    loss = q_loss(agent.q_net(batch.obs), batch.action, targets)
agent.optimizer.apply(tape.gradient(loss, variables), variables)
soft_update(agent.q_net, agent.target_net, agent.tau)
return loss"""

CHOOSE = """epsilon = labkit.linear_decay(1.0, agent.epsilon_end, agent.epsilon_steps, step)
if agent.rng.random() < epsilon:
    return int(agent.rng.integers(agent.env.action_space.n))
return int(agent.fast(agent.obs).argmax())"""

DUE = """if step % agent.learn_every != 0 or len(agent.buffer) < agent.learning_starts:
    return None
batches = agent.buffer.sample((agent.updates, agent.batch_size))
return float(agent.learn(batches).mean())"""

PLAY = "action = epsilon_greedy(agent, step)\nnext_obs, reward, terminated, truncated, info = agent.env.step(action)\n"
STORE = "agent.buffer.add(agent.obs, action, reward, next_obs, terminated)"
GO_ON = "agent.obs, agent.total = next_obs, agent.total + reward"
OVER = """if not (terminated or truncated):
    return None
finished, agent.total = agent.total, 0.0
agent.obs, info = agent.env.reset()
return finished"""

MEASURE = """inputs, outputs = env.observation_space.shape[0], int(env.action_space.n)
net = labkit.load_network(path, inputs=inputs, outputs=outputs)
policy = greedy_policy(labkit.NumpyNetwork(net))
return labkit.evaluate(env, policy, episodes=episodes)"""

CHOICE = """def compiled_choice(q_net, epsilon: float, seed: int):
    rng = np.random.default_rng(seed)
    values = tf.function(lambda obs: q_net(obs[None])[0])
    {body}
    return choose
"""


def play(*parts: str) -> str:
    """The body of agent_step."""
    return PLAY + "\n".join(parts)


MISTAKES = [
    *of(
        "make-networks",
        "def make_networks(env, hidden, seed):",
        (SIZES + TWO.replace("target_net = labkit.mlp(inputs, hidden, outputs)", "target_net = q_net"), "one network"),
        (SIZES + TWO.replace("labkit.copy_weights(q_net, target_net)\n", ""), "The two networks differ"),
        (SIZES.replace("int(env.action_space.n)", "1") + TWO, "one for each action"),
        (SIZES.replace("shape[0]", "shape[0] + int(env.action_space.n)") + TWO, "and nothing else"),
        (SIZES + TWO.replace("outputs, seed=seed", "outputs, output_activation='relu', seed=seed"), "no activation"),
        (SIZES + TWO.replace("hidden, ", "[64, 64], "), "number of weights"),
        (SIZES + TWO.replace(", seed=seed", ""), "The seed must decide"),
        ("inputs, outputs = 8, 4\n" + TWO, "take the sizes from `env`"),
        (SIZES + TWO.replace("return q_net, target_net", "return q_net"), "must return the two networks"),
        (SIZES + TWO.replace("return q_net, target_net", ""), "must return the two networks"),
    ),
    *of(
        "td-targets",
        "def td_targets(reward, next_q, terminated, gamma):\n    goes_on = 1.0 - tf.cast(terminated, tf.float32)",
        ("return reward + gamma * tf.reduce_max(next_q, axis=1)", "still bootstrap after `terminated`"),
        ("return reward + gamma * tf.reduce_max(next_q, axis=1) * (1 - goes_on)", "The mask is inverted"),
        ("return (reward + gamma * tf.reduce_max(next_q, axis=1)) * goes_on", "has a reward too"),
        ("return reward + tf.reduce_max(next_q, axis=1) * goes_on", "not discounted"),
        ("return gamma * (reward + tf.reduce_max(next_q, axis=1) * goes_on)", "discounted too"),
        ("return reward + gamma * tf.reduce_max(next_q, axis=0) * goes_on", "goes down the columns"),
        ("return reward + gamma * tf.reduce_max(next_q) * goes_on", "One maximum for the whole"),
        ("return reward + gamma * tf.reduce_mean(next_q, axis=1) * goes_on", "mean of the next values"),
        ("return reward + gamma * tf.reduce_min(next_q, axis=1) * goes_on", "smallest next value"),
        ("return reward.numpy() + gamma * next_q.numpy().max(axis=1) * ~terminated.numpy()", "must return a tensor"),
        ("return reward + gamma * np.max(next_q, axis=1) * goes_on", "cannot record it"),
        ("reward + gamma * tf.reduce_max(next_q, axis=1) * goes_on", "is a `return` missing?"),
    ),
    *of(
        "q-loss",
        "def q_loss(q, action, targets):\n    taken = tf.gather(q, action, batch_dims=1)\n"
        "    size = tf.abs(targets - taken)",
        ("return tf.reduce_mean(size**2)", "This is the mean square"),
        ("return tf.reduce_mean(0.5 * size**2)", "half the square"),
        ("return tf.reduce_mean(size)", "mean absolute error"),
        ("return tf.reduce_mean(tf.where(size <= 1.0, size**2, size - 0.5))", "lacks its factor 1/2"),
        ("return np.float32(np.mean(np.where(size <= 1.0, 0.5 * size**2, size - 0.5)))", "finds no gradient"),
        ("return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size))", "do not meet"),
        ("return tf.reduce_mean(tf.where(size > 1.0, 0.5 * size**2, size - 0.5))", "are swapped"),
        ("return tf.reduce_mean(0.5 * tf.minimum(size, 1.0) ** 2)", "The error is clipped"),
        ("return tf.reduce_sum(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))", "This is the sum"),
        ("return tf.where(size <= 1.0, 0.5 * size**2, size - 0.5)", "must be one number"),
        (
            "size = tf.abs(targets - tf.reduce_max(q, axis=1))\n"
            "return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))",
            "that of the action taken",
        ),
        (
            "size = tf.abs(targets - tf.reduce_max(q * tf.one_hot(action, q.shape[1]), axis=1))\n"
            "return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))",
            "lost among zeros",
        ),
        (
            "size = tf.abs(targets[:, None] - q) * tf.one_hot(action, q.shape[1])\n"
            "return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))",
            "Zeros count in the mean",
        ),
        (
            "size = tf.abs(targets - taken[:, None])\n"
            "return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))",
            "meets all targets",
        ),
        (
            "size = tf.abs(targets - tf.gather(q, action))\n"
            "return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))",
            "batch_dims=1",
        ),
        (
            "size = tf.abs(targets[:, None] - q)\n"
            "return tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))",
            "only the one taken",
        ),
        (
            "error = targets - taken\nreturn tf.reduce_mean(tf.where(error <= 1.0, 0.5 * error**2, error - 0.5))",
            "take the absolute value",
        ),
        (
            "size = tf.abs(targets - tf.gather(q, action, batch_dims=1))\n"
            "return tf.reduce_mean(tf.where(np.array(size) <= 1.0, 0.5 * size**2, size - 0.5))",
            "cannot record it",
        ),
        ("loss = tf.reduce_mean(tf.where(size <= 1.0, 0.5 * size**2, size - 0.5))", "is a `return` missing?"),
    ),
    *of(
        "soft-update",
        "def soft_update(q_net, target_net, tau):",
        (
            "for online, target in zip(q_net.weights, target_net.weights):\n"
            "    target.assign((1 - tau) * online + tau * target)",
            "on the wrong side",
        ),
        (
            "for online, target in zip(q_net.weights, target_net.weights):\n    target.assign(online)",
            "This is a copy",
        ),
        (
            "for online, target in zip(q_net.weights, target_net.weights):\n    target.assign(tau * online)",
            "are lost",
        ),
        (
            "for online, target in zip(q_net.weights, target_net.weights):\n    target.assign(target + tau * online)",
            "the difference is missing",
        ),
        (
            "for online, target in zip(q_net.weights, target_net.weights):\n"
            "    target.assign(target - tau * (online - target))",
            "away from the online network",
        ),
        (
            "for online, target in zip(q_net.weights, target_net.weights):\n"
            "    online.assign(online + tau * (target - online))",
            "The online network has changed",
        ),
        (
            "for online, target in zip(q_net.weights, target_net.weights):\n"
            "    target = target + tau * (online - target)",
            "has not changed",
        ),
        (
            "for online, target in zip(q_net.weights[:1], target_net.weights[:1]):\n"
            "    target.assign(target + tau * (online - target))",
            "Some weights have moved",
        ),
    ),
    *of(
        "gradient-step",
        "def dqn_update(agent, batch):",
        (STEP.replace("agent.target_net(batch.next_obs)", "agent.q_net(batch.next_obs)"), "take the target network's"),
        (
            STEP.replace("soft_update(agent.q_net, agent.target_net, agent.tau)\n", ""),
            "The target network does not follow",
        ),
        (
            STEP.replace("agent.optimizer.apply(tape.gradient(loss, variables), variables)\n", ""),
            "The online network has not learned",
        ),
        (
            STEP.replace("soft_update(agent.q_net, agent.target_net, agent.tau)\n", "").replace(
                "next_q =", "soft_update(agent.q_net, agent.target_net, agent.tau)\nnext_q =", 1
            ),
            "moves before the targets are computed",
        ),
        (
            STEP.replace("soft_update(agent.q_net, agent.target_net, agent.tau)\n", "").replace(
                "agent.optimizer", "soft_update(agent.q_net, agent.target_net, agent.tau)\nagent.optimizer", 1
            ),
            "The soft update comes before",
        ),
        (STEP.replace("agent.tau)", "1 - agent.tau)"), "is given 1 - tau"),
        (
            STEP.replace("agent.gamma", "GAMMA").replace("agent.tau", "agent.gamma").replace("GAMMA", "agent.tau"),
            "are exchanged",
        ),
        (STEP.replace("return loss", "return loss.numpy()"), "cannot record it"),
        (STEP.replace("agent.target_net, agent.tau)", "agent.target_net, 1.0)"), "The target network is copied"),
        (STEP.replace("(agent.q_net, agent.target_net, agent", "(agent.target_net, agent.q_net, agent"), "follows the"),
        (STEP.replace("loss = q_loss", "loss = -q_loss"), "goes up the gradient"),
        (STEP.replace("target_net(batch.next_obs)", "target_net(batch.obs)"), "those of batch.next_obs"),
        (STEP.replace("agent.q_net(batch.obs)", "agent.target_net(batch.obs)"), "No gradient reaches q_net"),
        (STEP.replace("    loss =", "    pass\nloss ="), "No gradient reaches q_net"),
        (STEP.replace("agent.gamma", "0.99"), "take agent.gamma"),
        (STEP.replace("return loss", ""), "is a `return` missing?"),
        (STEP.replace("agent.q_net(batch.obs)", "agent.q_net(batch.next_obs)"), "take those of batch.obs"),
    ),
    *of(
        "choose-action",
        "def epsilon_greedy(agent, step):",
        (CHOOSE.replace("agent.rng.random() < epsilon", "agent.rng.random() > epsilon"), "must be tried"),
        (CHOOSE.replace(".argmax()", ".argmin()"), "The worst action is taken"),
        (CHOOSE.replace("agent.epsilon_steps, step", "agent.epsilon_steps, 0"), "epsilon does not fall"),
        (
            CHOOSE.replace(
                "labkit.linear_decay(1.0, agent.epsilon_end, agent.epsilon_steps, step)",
                "max(0.0, 1 - step / agent.epsilon_steps)",
            ),
            "must not fall below",
        ),
        (
            CHOOSE.replace(
                "linear_decay(1.0, agent.epsilon_end, agent.epsilon_steps", "exponential_decay(1.0, 0.2, 0.98"
            ),
            "At step 50 of 100",
        ),
        (
            CHOOSE.replace(
                "labkit.linear_decay(1.0, agent.epsilon_end, agent.epsilon_steps, step)",
                "max(agent.epsilon_end, 1 - step / agent.epsilon_steps)",
            ),
            "too early",
        ),
        (
            CHOOSE.replace("int(agent.rng.integers(agent.env.action_space.n))", "int(agent.rng.integers(2))"),
            "must be tried",
        ),
        (
            CHOOSE.replace("int(agent.rng.integers(agent.env.action_space.n))", "int(agent.rng.choice([0, 2, 3]))"),
            "must be tried",
        ),
        (CHOOSE.replace("agent.rng.integers(", "np.random.randint("), "draw from agent.rng"),
        (CHOOSE.replace("return int(agent.fast(agent.obs).argmax())", "int(agent.fast(agent.obs).argmax())"), "return"),
        (
            CHOOSE.replace("int(agent.fast(agent.obs).argmax())", "agent.fast(agent.obs).max()"),
            "the number of an action",
        ),
    ),
    *of(
        "learn-if-due",
        "def learn_if_due(agent, step):",
        (DUE.replace(" or len(agent.buffer) < agent.learning_starts", ""), "It learns too early"),
        (DUE.replace("step % agent.learn_every != 0 or ", ""), "It learns at each step"),
        (DUE.replace("<", "<="), "12 transitions are enough"),
        (DUE.replace("len(agent.buffer) <", "step <"), "Count the transitions stored"),
        (DUE.replace("len(agent.buffer) <", "step <="), "Count the transitions stored"),
        (DUE.replace("(agent.updates, agent.batch_size)", "agent.batch_size"), "independent minibatches"),
        (
            DUE.replace("(agent.updates, agent.batch_size)", "(agent.batch_size, agent.updates)"),
            "independent minibatches",
        ),
        (
            "if step % agent.learn_every != 0 or len(agent.buffer) < agent.learning_starts:\n    return None\n"
            "for update in range(agent.updates):\n"
            "    loss = agent.learn(agent.buffer.sample((1, agent.batch_size))).mean()\nreturn float(loss)",
            "several times in a step",
        ),
        (DUE.replace("agent.learn(batches).mean()", "agent.learn(batches)[0]"), "the mean of all losses"),
        (DUE.replace("mean()", "sum()"), "the mean of all losses"),
        (DUE.replace("return float(agent.learn(batches).mean())", "return 3.0"), "never called"),
        (DUE.replace("return None", "return 0.0"), "Return None where"),
        (DUE.replace("return float", "float"), "is a `return` missing?"),
    ),
    *of(
        "play-step",
        "def agent_step(agent, step):",
        (play(STORE.replace("terminated", "terminated or truncated"), GO_ON, OVER), "A time limit is stored"),
        (play(GO_ON, STORE, OVER), "*before* the step"),
        (play(STORE.replace("terminated", "False"), GO_ON, OVER), "Store `terminated`"),
        (play(GO_ON, OVER), "Transitions stored in 7 steps"),
        (
            play(STORE, GO_ON, OVER.replace("finished, agent.total = agent.total, 0.0", "finished = agent.total")),
            "second return",
        ),
        (play(STORE, GO_ON, OVER.replace("agent.obs, info = agent.env.reset()\n", "")), "steps on"),
        (
            play(STORE, GO_ON, OVER.replace("agent.obs, info = agent.env.reset()", "agent.env.reset()")),
            "starts from what",
        ),
        (play(STORE, GO_ON, OVER.replace("(terminated or truncated)", "terminated")), "steps on"),
        (play(STORE, GO_ON, OVER.replace("return None", "return agent.total")), "Return None in each step"),
        (play(STORE, "agent.obs = next_obs", OVER), "the sum of all rewards"),
        (
            play(
                STORE,
                "if terminated or truncated:",
                "    finished, agent.total = agent.total, 0.0",
                "    agent.obs, info = agent.env.reset()",
                "    return finished",
                GO_ON,
                "return None",
            ),
            "the sum of all rewards",
        ),
        (play(STORE, GO_ON, OVER.replace("reset()", "reset(seed=0)")), "A fixed seed"),
        (
            play(
                "over = terminated or truncated",
                "if over:",
                "    next_obs, info = agent.env.reset()",
                STORE,
                GO_ON,
                "if not over:",
                "    return None",
                "finished, agent.total = agent.total, 0.0",
                "return finished",
            ),
            "store it before the reset",
        ),
    ),
    *of(
        "measure-saved",
        "def evaluate_saved(path, env, episodes=100):",
        (MEASURE.replace(", inputs=inputs, outputs=outputs", ""), "another shape must be refused"),
        (MEASURE.replace(", outputs=outputs", ""), "another shape must be refused"),
        (MEASURE.replace(", episodes=episodes", ""), "pass episodes=episodes"),
        (
            MEASURE.replace("greedy_policy(labkit.NumpyNetwork(net))", "lambda obs: env.action_space.sample()"),
            "The action with the largest value",
        ),
        (MEASURE.replace("labkit.NumpyNetwork(net)", "net"), "act with labkit.NumpyNetwork"),
        (
            MEASURE.replace("policy = greedy_policy(labkit.NumpyNetwork(net))", "policy = greedy_policy"),
            "`greedy_policy(fast)` is one",
        ),
        (MEASURE + ".mean", "must return what labkit.evaluate returns"),
        (MEASURE.replace("return labkit", "labkit"), "is a `return` missing?"),
        (
            MEASURE.replace("greedy_policy(labkit.NumpyNetwork(net))", "lambda obs: env.action_space.n - 1"),
            "The network in the file must play",
        ),
    ),
    *of(
        "compiled-choice",
        CHOICE,
        (
            "@tf.function\ndef choose(obs):\n    if rng.random() < epsilon:\n"
            "        return tf.constant(rng.integers(4))\n    return tf.argmax(q_net(obs[None])[0])",
            "the draw is made only once",
        ),
        (
            "@tf.function\ndef choose(obs):\n    if rng.random() < epsilon:\n"
            "        return tf.random.uniform((), maxval=4, dtype=tf.int64)\n    return tf.argmax(q_net(obs[None])[0])",
            "decide anew at each call",
        ),
        (
            "def choose(obs):\n    if rng.random() < epsilon:\n        return int(rng.integers(4))\n"
            "    return int(np.argmin(values(obs)))",
            "always take the best action",
        ),
        (
            "def choose(obs):\n    if rng.random() < epsilon:\n        return int(rng.integers(3))\n"
            "    return int(np.argmax(values(obs)))",
            "must be equally likely",
        ),
        (
            "def choose(obs):\n    if rng.random() < epsilon / 2:\n        return int(rng.integers(4))\n"
            "    return int(np.argmax(values(obs)))",
            "must be equally likely",
        ),
        (
            "def choose(obs):\n    if rng.random() < epsilon:\n        return int(rng.integers(4))\n"
            "    int(np.argmax(values(obs)))",
            "an action's number",
        ),
    ),
]
