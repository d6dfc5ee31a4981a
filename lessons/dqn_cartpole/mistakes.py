"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import of

NETWORK = """
def q_network(inputs, hidden, outputs):
    net = keras.Sequential([keras.Input((inputs,))])
    {body}
"""

TARGETS = """
def td_targets(batch, target_net, gamma):
    goes_on = 1 - tf.cast(batch.terminated, tf.float32)
    {body}
"""

FOLLOW = """
def hard_update(q_net, target_net):
    {hard}


def soft_update(q_net, target_net, tau):
    {soft}
"""

STEP = """
def agent_step(agent, step):
    {body}
    agent.obs, agent.total = next_obs, agent.total + reward
    if not (terminated or truncated):
        return None
    total, agent.total = agent.total, 0.0
    agent.obs, info = agent.env.reset()
    return total
"""

COLLEAGUE = """
def colleagues_update(batch, q_net, target_net, optimizer, gamma, tau):
    targets = td_targets(batch, target_net, gamma)
    mask = tf.one_hot(batch.action, q_net.output_shape[-1])
    with tf.GradientTape() as tape:
        {body}
    gradients = tape.gradient(loss, q_net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, q_net.trainable_variables))
    soft_update(q_net, target_net, tau)
    return loss
"""

HIDDEN = """for units in hidden:
    net.add(keras.layers.Dense(units, activation="relu"))
"""
BACK = "\nreturn net"

HARD = """for online, target in zip(q_net.weights, target_net.weights):
    target.assign(online)"""
SOFT = """for online, target in zip(q_net.weights, target_net.weights):
    target.assign(tau * online + (1 - tau) * target)"""

AIM = "targets = td_targets(batch, target_net, gamma)\n"
TAPE = """with tf.GradientTape() as tape:
    loss = q_loss(q_net(batch.obs), batch.action, targets)
gradients = tape.gradient(loss, q_net.trainable_variables)
"""
APPLY = "optimizer.apply_gradients(zip(gradients, q_net.trainable_variables))\n"
FOLLOWING = "soft_update(q_net, target_net, tau)\n"

ACT = """action = epsilon_greedy(agent.fast, agent.obs, agent.epsilon(step), agent.rng)
next_obs, reward, terminated, truncated, info = agent.env.step(action)
"""
STORE = "agent.buffer.add(agent.obs, action, reward, next_obs, terminated)\n"
LEARN = """if step % agent.learn_every == 0 and len(agent.buffer) >= agent.learning_starts:
    agent.learn(agent.buffer.sample((agent.learn_every, agent.batch_size)))
"""

MISTAKES = [
    *of(
        "q-network",
        NETWORK,
        (HIDDEN + BACK, "The output layer is missing"),
        (HIDDEN + "net.add(keras.layers.Dense(outputs))", "is a `return` missing?"),
        (HIDDEN + 'net.add(keras.layers.Dense(outputs, activation="relu"))' + BACK, "no activation"),
        (HIDDEN + 'net.add(keras.layers.Dense(outputs, activation="softmax"))' + BACK, "no activation"),
        (HIDDEN.replace(', activation="relu"', "") + "net.add(keras.layers.Dense(outputs))" + BACK, "melt into one"),
        (HIDDEN.replace("Dense(units", "Dense(hidden[0]") + "net.add(keras.layers.Dense(outputs))" + BACK, "own size"),
        (
            'net.add(keras.layers.Dense(hidden[0], activation="relu"))\nnet.add(keras.layers.Dense(outputs))' + BACK,
            "one for each hidden size",
        ),
        (HIDDEN + "net.add(keras.layers.Dense(2))" + BACK, "one unit for each action"),
        (
            HIDDEN
            + 'net.add(keras.layers.Dense(outputs, activation="relu"))\nnet.add(keras.layers.Dense(outputs))'
            + BACK,
            "gives 4 layers",
        ),
    ),
    *of(
        "dqn-loss",
        "def q_loss(q, action, targets):",
        ("return tf.reduce_sum((targets - tf.gather(q, action, batch_dims=1)) ** 2)", "This is the sum"),
        ("return (targets - tf.gather(q, action, batch_dims=1)) ** 2", "must be a single number"),
        ("return tf.reduce_mean((targets[:, None] - q) ** 2)", "You use all actions"),
        ("return tf.reduce_mean((targets - tf.reduce_max(q, axis=1)) ** 2)", "the largest value of each row"),
        ("return tf.reduce_mean((targets - q[:, action[0]]) ** 2)", "one column for all rows"),
        ("return tf.reduce_mean((targets - tf.gather(q, action[:, None], batch_dims=1)) ** 2)", "meets all targets"),
        ("return tf.reduce_mean((targets - tf.gather(q, action, axis=1)) ** 2)", "set batch_dims=1"),
        ("return tf.reduce_mean(tf.abs(targets - tf.gather(q, action, batch_dims=1)))", "mean *absolute* error"),
        ("return tf.reduce_mean(targets - tf.gather(q, action, batch_dims=1)) ** 2", "Square each error first"),
        (
            "mask = tf.one_hot(action, 2)\nreturn tf.reduce_mean((targets[:, None] - q) ** 2 * mask)",
            "half as large",
        ),
        (
            "taken = np.array(q)[np.arange(len(q)), np.array(action)]\nreturn tf.reduce_mean((targets - taken) ** 2)",
            "finds no gradient",
        ),
        ("loss = tf.reduce_mean((targets - tf.gather(q, action, batch_dims=1)) ** 2)", "is a `return` missing?"),
    ),
    *of(
        "dqn-targets",
        TARGETS,
        (
            "return batch.reward + gamma * tf.reduce_max(target_net(batch.next_obs), axis=1)",
            "Your targets still bootstrap after `terminated`",
        ),
        (
            "return batch.reward + gamma * tf.reduce_max(target_net(batch.next_obs), axis=1) * (1 - goes_on)",
            "The mask is inverted",
        ),
        (
            "return (batch.reward + gamma * tf.reduce_max(target_net(batch.next_obs), axis=1)) * goes_on",
            "has a reward too",
        ),
        ("return batch.reward + tf.reduce_max(target_net(batch.next_obs), axis=1) * goes_on", "not discounted"),
        (
            "return gamma * (batch.reward + tf.reduce_max(target_net(batch.next_obs), axis=1) * goes_on)",
            "The reward is discounted too",
        ),
        (
            "return batch.reward + gamma * tf.reduce_max(target_net(batch.next_obs), axis=0) * goes_on",
            "goes down the columns",
        ),
        (
            "return batch.reward + gamma * tf.reduce_max(target_net(batch.next_obs)) * goes_on",
            "One maximum for the whole",
        ),
        (
            "return batch.reward + gamma * tf.reduce_max(target_net(batch.obs), axis=1) * goes_on",
            "the target looks at next_obs",
        ),
        (
            "q = tf.gather(target_net(batch.next_obs), batch.action, batch_dims=1)\n"
            "return batch.reward + gamma * q * goes_on",
            "the value of the action taken",
        ),
        (
            "best = tf.cast(tf.argmax(target_net(batch.next_obs), axis=1), tf.float32)\n"
            "return batch.reward + gamma * best * goes_on",
            "use its value",
        ),
        (
            "return batch.reward + gamma * tf.reduce_mean(target_net(batch.next_obs), axis=1) * goes_on",
            "average the next values",
        ),
        ("return batch.reward", "The target is the reward alone"),
        (
            "best = np.max(target_net(batch.next_obs).numpy(), axis=1)\nreturn batch.reward + gamma * best * goes_on",
            "without NumPy",
        ),
    ),
    *of(
        "target-updates",
        FOLLOW,
        ("target_net = q_net", "The target network has not changed"),
        (HARD.replace("target.assign(online)", "target = online"), "The target network has not changed"),
        (HARD.replace("target.assign(online)", "online.assign(target)"), "The online network has changed"),
        ("target_net.weights[0].assign(q_net.weights[0])", "Only some of the weights"),
        gap="hard",
        soft=SOFT,
    ),
    *of(
        "target-updates",
        FOLLOW,
        (
            SOFT.replace("target.assign(tau * online + (1 - tau) * target)", "pass"),
            "The target network has not changed",
        ),
        (SOFT.replace("target.assign(", "online.assign("), "The online network has changed"),
        (SOFT.replace("tau * online + (1 - tau) * target", "(1 - tau) * online + tau * target"), "are swapped"),
        (SOFT.replace("tau * online + (1 - tau) * target", "online"), "This is a hard update"),
        (SOFT.replace(" + (1 - tau) * target", ""), "old weights are lost"),
        (SOFT.replace("(1 - tau) * target", "target"), "add up to more than 1"),
        (
            SOFT.replace("q_net.weights, target_net.weights", "q_net.weights[::2], target_net.weights[::2]"),
            "Only some of the weights",
        ),
        (
            "pairs = zip(q_net.get_weights(), target_net.get_weights())\n"
            "target_net.set_weights([tau * online + (1 - tau) * target for online, target in pairs])",
            "without NumPy",
        ),
        gap="soft",
        hard=HARD,
    ),
    *of(
        "dqn-update",
        "def dqn_update(batch, q_net, target_net, optimizer, gamma, tau):",
        (AIM.replace("target_net", "q_net") + TAPE + APPLY + FOLLOWING + "return loss", "The targets come from q_net"),
        (
            AIM + TAPE.replace("q_net(batch.obs)", "target_net(batch.obs)") + "return loss",
            "The predictions come from target_net",
        ),
        (AIM + TAPE + FOLLOWING + "return loss", "q_net has not learned"),
        (AIM + TAPE + APPLY + "return loss", "does not follow"),
        (AIM + TAPE + APPLY + "hard_update(q_net, target_net)\nreturn loss", "is a copy of q_net"),
        (AIM + FOLLOWING + TAPE + APPLY + "return loss", "The soft update comes too early"),
        (FOLLOWING + AIM + TAPE + APPLY + "return loss", "The soft update comes too early"),
        (
            AIM + TAPE + APPLY + FOLLOWING.replace("q_net, target_net", "target_net, q_net") + "return loss",
            "q_net follows target_net",
        ),
        (
            AIM + TAPE.replace("q_net(batch.obs)", "target_net(batch.obs)") + APPLY + FOLLOWING + "return loss",
            "No gradient reaches q_net",
        ),
        (
            AIM + TAPE.replace("    loss =", "    pass\nloss =") + APPLY + FOLLOWING + "return loss",
            "No gradient reaches q_net",
        ),
        (AIM + TAPE + APPLY + FOLLOWING, "return the loss"),
        (AIM + TAPE + "gradients = [-g for g in gradients]\n" + APPLY + FOLLOWING + "return loss", "goes uphill"),
        (AIM + TAPE + APPLY + APPLY + FOLLOWING + "return loss", "applied twice"),
        (AIM + TAPE + APPLY + FOLLOWING + "return float(loss)", "without NumPy"),
    ),
    *of(
        "epsilon-greedy",
        "def epsilon_greedy(fast, obs, epsilon, rng):",
        (
            "q = fast(obs)\nif rng.random() > epsilon:\n    return int(rng.integers(len(q)))\nreturn int(np.argmax(q))",
            "the wrong way round",
        ),
        (
            "q = fast(obs)\nif rng.random() < epsilon:\n    return int(rng.integers(len(q)))\nreturn int(np.argmin(q))",
            "argmax, not argmin",
        ),
        (
            "q = fast(obs)\nif rng.random() < epsilon:\n"
            "    return int(rng.choice(np.delete(np.arange(len(q)), np.argmax(q))))\nreturn int(np.argmax(q))",
            "the best one included",
        ),
        (
            "if rng.random() < epsilon:\n    return int(rng.integers(2))\nreturn int(np.argmax(fast(obs)))",
            "must be any of them",
        ),
        (
            "if np.random.random() < epsilon:\n    return int(np.random.randint(3))\nreturn int(np.argmax(fast(obs)))",
            "draw from `rng`",
        ),
        ("return int(np.argmax(fast(obs)))", "all be equally likely"),
        ("return int(rng.integers(len(fast(obs))))", "is rare"),
        (
            "q = fast(obs)\nif rng.random() < epsilon:\n    return int(rng.integers(len(q)))\nreturn float(q.max())",
            "the number of an action",
        ),
        (
            "q = fast(0 * obs)\nif rng.random() < epsilon:\n    return int(rng.integers(len(q)))\n"
            "return int(np.argmax(q))",
            "does not depend on obs",
        ),
        (
            "q = fast(obs)\nif rng.random() < epsilon:\n    rng.integers(len(q))\nelse:\n    return int(np.argmax(q))",
            "is a `return` missing?",
        ),
    ),
    *of(
        "one-step",
        STEP,
        (
            ACT + STORE.replace("terminated", "terminated or truncated") + LEARN,
            "A time limit is stored as the end of the world",
        ),
        (ACT + STORE.replace("agent.obs", "next_obs") + LEARN, "the obs *before* the step"),
        (ACT + "agent.obs = next_obs\n" + STORE + LEARN, "the obs *before* the step"),
        (ACT + STORE.replace("terminated", "False") + LEARN, "Store `terminated` as the environment gives it"),
        (ACT + LEARN, "Store each step once"),
        (ACT + STORE + STORE + LEARN, "Store each step once"),
        (ACT + STORE, "The agent never learns"),
        (
            ACT + STORE + LEARN.replace(" and len(agent.buffer) >= agent.learning_starts", ""),
            "before agent.learning_starts",
        ),
        (ACT + STORE + LEARN.replace("step % agent.learn_every == 0 and ", ""), "look at `step`"),
        (ACT + STORE + LEARN.replace("(agent.learn_every, agent.batch_size)", "agent.batch_size"), "This is one batch"),
        (
            ACT
            + STORE
            + LEARN.replace("(agent.learn_every, agent.batch_size)", "(agent.batch_size, agent.learn_every)"),
            "The two sizes are swapped",
        ),
        (ACT.replace("agent.epsilon(step)", "0.0") + STORE + LEARN, "must be random"),
        (ACT.replace("agent.epsilon(step)", "1.0") + STORE + LEARN, "the largest value"),
        (ACT.replace("agent.fast", "agent.q_net") + STORE + LEARN, "takes far longer"),
        (
            ACT + STORE + LEARN + LEARN,
            "more than once in a step",
        ),
    ),
    *of(
        "colleagues-update",
        COLLEAGUE,
        (
            "q = tf.reduce_sum(q_net(batch.obs) * mask, axis=1, keepdims=True)\n"
            "loss = tf.reduce_mean(tf.square(targets - q))",
            "still meets all targets",
        ),
        (
            "q = tf.reduce_sum(q_net(batch.obs) * mask, axis=1)\n"
            "loss = tf.reduce_mean(tf.square(targets[:, None] - q))",
            "still meets all targets",
        ),
        (
            "q = tf.reduce_sum(q_net(batch.obs) * mask, axis=1)\n"
            "targets = td_targets(batch, q_net, gamma)\n"
            "loss = tf.reduce_mean(tf.square(targets - q))",
            "The targets come from q_net",
        ),
        (
            "q = tf.reduce_max(q_net(batch.obs), axis=1)\nloss = tf.reduce_mean(tf.square(targets - q))",
            "the values of the actions taken",
        ),
        (
            "q = tf.reduce_sum(q_net(batch.obs) * mask, axis=1)\nloss = tf.reduce_sum(tf.square(targets - q))",
            "take the mean",
        ),
    ),
]
