"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import of

CHOICE = """
def choose_action(net, obs):
    obs = np.asarray(obs, dtype=np.float32)
    {body}
"""

UNION = """
class Memory:
    def __init__(self):
        self.obs, self.action, self.reward = [], [], []

    def __len__(self):
        return len(self.reward)

    def add(self, obs, action, reward):
        {add}


class Steps(NamedTuple):
    obs: np.ndarray
    action: np.ndarray
    returns: np.ndarray


def union(memories, gamma):
    obs = np.concatenate([memory.obs for memory in memories])
    action = np.concatenate([memory.action for memory in memories])
    {returns}
    return Steps(
        obs.astype(np.float32), action.astype(np.int64), returns.astype(np.float32)
    )
"""

PLAY = """
def play_episodes(envs, act):
    memories = [Memory() for env in range(envs.num_envs)]
    playing = np.ones(envs.num_envs, dtype=bool)
    obs, info = envs.reset()
    while playing.any():
        action = act(obs)
        next_obs, reward, terminated, truncated, info = envs.step(action)
        {body}
        obs = next_obs
    return memories
"""

STEP = """
def policy_update(net, optimizer, steps, advantage, max_norm=2.0):
    advantage = tf.cast(advantage, tf.float32)
    with tf.GradientTape() as tape:
        loss = policy_loss(net, steps.obs, steps.action, advantage)
    gradients = tape.gradient(loss, net.trainable_variables)
    {body}
    optimizer.apply(gradients, net.trainable_variables)
    return loss, norm
"""

BASELINE = """
SCALE = np.array([1.0, 1.0, 0.1, 1.0])
ROWS, COLUMNS = np.triu_indices(5)


def state_features(obs):
    z = np.concatenate([np.ones((len(obs), 1)), obs / SCALE], axis=1)
    return z[:, ROWS] * z[:, COLUMNS]


def fit_baseline(obs, returns):
    {body}
"""

ONE_PAGE = """
def on_one_page(seed, updates=25):
    agent, means = Agent(seed), []
    for update in range(updates):
        memories = play_episodes(agent.envs, agent.act)
        steps = union(memories, agent.gamma)
        advantage = tf.cast(normalised(steps.returns), tf.float32)
        with tf.GradientTape() as tape:
            policy = tfd.Categorical(logits=agent.net(steps.obs))
            {body}
        gradients = tape.gradient(loss, agent.net.trainable_variables)
        gradients, norm = tf.clip_by_global_norm(gradients, 2.0)
        agent.optimizer.apply(gradients, agent.net.trainable_variables)
        agent.fast.refresh()
        means.append(np.mean([len(memory) for memory in memories]))
    return {returned}
"""


def network(*layers: str, first: str = "keras.Input((4,))") -> str:
    """A body of policy_network with these layers."""
    return f"return keras.Sequential([{', '.join([first, *layers])}])"


HIDDEN = 'keras.layers.Dense(hidden, activation="tanh")'
LOGITS = "logits = net(np.atleast_2d(obs))\n"
LAST = "\nreturn action[0] if obs.ndim == 1 else action"
LOG_PROB = "log_prob = tfd.Categorical(logits=net(obs)).log_prob(action)\n"
FILLED = """returns, following = np.zeros(len(reward)), 0.0
for t in reversed(range(len(reward))):
    following = reward[t] + gamma * following
    returns[t] = following
"""
FLOATS = "returns = np.asarray(returns, dtype=float)\n"
ADD = "self.obs.append(obs)\nself.action.append(action)\nself.reward.append(reward)"
EACH = "returns = np.concatenate([discounted_returns(memory.reward, gamma) for memory in memories])"
NOTE = "for i in np.flatnonzero(playing):\n    memories[i].add(obs[i], action[i], reward[i])"
ENDS = "playing &= ~(terminated | truncated)"
CLIP = "gradients, norm = tf.clip_by_global_norm(gradients, max_norm)"

MISTAKES = [
    *of(
        "policy-network",
        "def policy_network(hidden=32):",
        (network(HIDDEN, 'keras.layers.Dense(2, activation="softmax")'), "leave softmax out"),
        (network(HIDDEN, 'keras.layers.Dense(2, activation="tanh")'), "a logit may be any number"),
        (network(HIDDEN, "keras.layers.Dense(1)"), "one logit for each action"),
        (network('keras.layers.Dense(32, activation="tanh")', "keras.layers.Dense(2)"), "as `hidden` says"),
        (network("keras.layers.Dense(hidden)", "keras.layers.Dense(2)"), "needs the activation tanh"),
        (network("keras.layers.Dense(2)"), "one hidden layer"),
        (
            f"return keras.Sequential([{HIDDEN}, keras.layers.Dense(2)])",
            "begin with keras.Input",
        ),
        (network(HIDDEN, "keras.layers.Dense(2)", "keras.layers.Softmax()"), "leave softmax out"),
        (network(HIDDEN, "keras.layers.Dense(2)", "keras.layers.ReLU()"), "has the activation relu"),
        (f"keras.Sequential([keras.Input((4,)), {HIDDEN}, keras.layers.Dense(2)])", "is a `return` missing?"),
    ),
    *of(
        "choose-action",
        CHOICE,
        (LOGITS + "action = tfd.Categorical(probs=logits).sample().numpy()" + LAST, "These are no probabilities"),
        (LOGITS + "action = np.argmax(logits, axis=-1)" + LAST, "do not take the largest"),
        (
            LOGITS + "action = tfd.Categorical(logits=tf.nn.softmax(logits)).sample().numpy()" + LAST,
            "Softmax is applied twice",
        ),
        (
            LOGITS + "action = tfd.Categorical(logits=0 * logits).sample().numpy()" + LAST,
            "without regard to the logits",
        ),
        (LOGITS + "action = tfd.Categorical(logits=-logits).sample().numpy()" + LAST, "the wrong way round"),
        (LOGITS + "return tfd.Categorical(logits=logits).sample().numpy()", "return a single number"),
        (LOGITS + "action = tfd.Categorical(logits=logits).sample()" + LAST, "call .numpy()"),
        ("return tfd.Categorical(logits=net(obs)).sample().numpy()", "make a batch of one"),
        (
            LOGITS + "action = tfd.Categorical(logits=logits[0]).sample().numpy()\n"
            "return action if obs.ndim == 1 else np.full(len(obs), action)",
            "draw one for each row",
        ),
        (
            LOGITS + "action = tfd.Categorical(logits=logits[0]).sample(len(logits)).numpy()" + LAST,
            "the action of another row",
        ),
        (LOGITS + "action = tf.random.categorical(logits, 1).numpy()" + LAST, "one integer for each row"),
        (LOGITS + "tfd.Categorical(logits=logits).sample().numpy()", "is a `return` missing?"),
        (
            LOGITS.replace("net(", "net.predict(") + "action = tfd.Categorical(logits=logits).sample().numpy()" + LAST,
            "net.predict is slow",
        ),
    ),
    *of(
        "policy-loss",
        "def policy_loss(net, obs, action, advantage):",
        (LOG_PROB + "return tf.reduce_mean(log_prob * advantage)", "The sign is wrong"),
        (LOG_PROB + "return -tf.reduce_sum(log_prob * advantage)", "take the mean over the steps"),
        (LOG_PROB + "return -tf.reduce_mean(log_prob)", "The advantage is missing"),
        (
            "prob = tfd.Categorical(logits=net(obs)).prob(action)\nreturn -tf.reduce_mean(prob * advantage)",
            "These are probabilities",
        ),
        (
            "logits = tf.gather(net(obs), action, axis=1, batch_dims=1)\n"
            "return -tf.reduce_mean(tf.cast(logits, tf.float32) * advantage)",
            "These are logits",
        ),
        (LOG_PROB + "return -tf.reduce_mean(log_prob[:, None] * advantage)", "The product of two means"),
        (
            "log_prob = tfd.Categorical(logits=net(obs)).log_prob(1 - action)\n"
            "return -tf.reduce_mean(log_prob * advantage)",
            "of the other action",
        ),
        (LOG_PROB + "return -log_prob * advantage", "One loss for each step"),
        (LOG_PROB + "return -np.mean(log_prob * advantage)", "No gradient reaches the network"),
        (
            LOG_PROB.replace("net(obs)", "tf.nn.softmax(net(obs))") + "return -tf.reduce_mean(log_prob * advantage)",
            "Softmax is applied twice",
        ),
        (LOG_PROB.replace("logits=", "probs=") + "return -tf.reduce_mean(log_prob * advantage)", "no probabilities"),
        (
            LOG_PROB.replace("net(obs)", "net.predict(obs)") + "return -tf.reduce_mean(log_prob * advantage)",
            "has no gradient",
        ),
        (LOG_PROB + "loss = -tf.reduce_mean(log_prob * advantage)", "is a `return` missing?"),
    ),
    *of(
        "discounted-returns",
        "def discounted_returns(reward, gamma):",
        (FILLED + "return returns[::-1]", "in reverse order"),
        (FILLED.replace("gamma * ", "") + "return returns", "Nothing is discounted"),
        (FILLED + "return np.full(len(reward), following)", "Each step has its own return"),
        (
            "return sum(gamma**t * r for t, r in enumerate(reward))",
            "single number",
        ),
        (FILLED.replace("reversed(range(len(reward)))", "range(len(reward))") + "return returns", "runs forwards"),
        (
            "weighted = np.array(reward) * gamma ** np.arange(len(reward))\nreturn np.cumsum(weighted[::-1])[::-1]",
            "not from step 0",
        ),
        (
            "returns = np.zeros(len(reward))\n"
            "for t in range(len(reward) - 1):\n"
            "    returns[t] = reward[t] + gamma * reward[t + 1]\n"
            "returns[-1] = reward[-1]\n"
            "return returns",
            "holds *all* later rewards",
        ),
        (
            FILLED.replace("np.zeros(len(reward))", "np.zeros_like(reward)") + "return returns",
            "make an array of floats",
        ),
        (FILLED, "is a `return` missing?"),
        (FILLED + "return list(returns)", "not a list"),
        (
            "returns, following = np.zeros(len(reward)), 0.0\n"
            "for t in reversed(range(len(reward))):\n"
            "    returns[t] = following\n"
            "    following = reward[t] + gamma * following\n"
            "return returns",
            "stored before it is brought up to date",
        ),
    ),
    *of(
        "normalised",
        "def normalised(returns, epsilon=1e-8):",
        (FLOATS + "return (returns - returns.mean()) / returns.std()", "add epsilon"),
        (FLOATS + "return returns - returns.mean()", "Divide by the standard deviation"),
        (FLOATS + "return returns / (returns.std() + epsilon)", "Subtract the mean first"),
        (FLOATS + "return (returns - returns.mean()) / (returns.var() + epsilon)", "divide by the variance"),
        (FLOATS + "return (returns.mean() - returns) / (returns.std() + epsilon)", "The sign is wrong"),
        (FLOATS + "return (returns - returns.mean()) / (returns.std(ddof=1) + epsilon)", "without ddof"),
        (FLOATS + "return returns - returns.mean() / (returns.std() + epsilon)", "Parentheses are missing"),
        (
            FLOATS + "if returns.std() == 0:\n    return 0 * returns\n"
            "return (returns - returns.mean()) / returns.std()",
            "Equal returns must give zeros",
        ),
    ),
    *of(
        "union",
        UNION,
        (
            "returns = discounted_returns(np.concatenate([memory.reward for memory in memories]), gamma)",
            "leak into the returns of another",
        ),
        ("returns = np.concatenate([memory.reward for memory in memories])", "These are the rewards"),
        (EACH.replace("gamma)", "1.0)"), "pass gamma on"),
        (EACH.replace("concatenate", "array"), "differ in length"),
        (EACH.replace("concatenate", "stack"), "differ in length"),
        (EACH.replace("([", "(").replace("])", ")"), "takes a list of arrays"),
        ("returns = np.concatenate(discounted_returns(memories[0].reward, gamma))", "takes a list of arrays"),
        (
            "returns = [g for memory in memories for g in discounted_returns(memory.reward, gamma)]",
            "must be arrays",
        ),
        gap="returns",
        add=ADD,
    ),
    *of(
        "union",
        UNION,
        ("self.obs = [obs]\nself.action = [action]\nself.reward = [reward]", "must have three entries"),
        ("self.obs.append(obs)\nself.action.append(reward)\nself.reward.append(action)", "do not hold what was added"),
        ("self.obs.append(obs)\nself.reward.append(reward)", "must have three entries"),
        (ADD.replace("action.append(action)", "action += action"), "add x itself with append"),
        gap="add",
        returns=EACH,
    ),
    *of(
        "play-episodes",
        PLAY,
        (
            NOTE.replace("np.flatnonzero(playing)", "range(envs.num_envs)") + "\n" + ENDS,
            "what comes after the end",
        ),
        (NOTE + "\nplaying = ~(terminated | truncated)", "what comes after the end"),
        (NOTE + "\nplaying &= ~terminated", "It never ends"),
        (NOTE, "It never ends"),
        (ENDS + "\n" + NOTE, "The last step of an episode is missing"),
        (NOTE.replace("obs[i], action", "next_obs[i], action") + "\n" + ENDS, "not next_obs"),
        (NOTE.replace("reward[i]", "reward[0]") + "\n" + ENDS, "rewards in the memories"),
        (NOTE.replace("action[i]", "action[0]") + "\n" + ENDS, "actions in the memories"),
        (NOTE.replace("obs[i], action[i], reward[i]", "obs, action, reward") + "\n" + ENDS, "its own episode"),
        (NOTE.replace("add(", "append("), "takes a step with add"),
        (NOTE.replace("np.flatnonzero(playing)", "playing") + "\n" + ENDS, "holds truths"),
        (NOTE + "\nplaying = playing and not (terminated or truncated)", "take single truths"),
    ),
    *of(
        "train-step",
        STEP,
        ("norm = tf.linalg.global_norm(gradients)", "is not clipped"),
        ("clipped, norm = tf.clip_by_global_norm(gradients, max_norm)", "is not clipped"),
        (CLIP + "\ngradients = [-gradient for gradient in gradients]", "goes up the loss"),
        (
            "norm = tf.linalg.global_norm(gradients)\n"
            "gradients = [tf.clip_by_norm(gradient, max_norm) for gradient in gradients]",
            "Each gradient is clipped by itself",
        ),
        (
            "norm = tf.linalg.global_norm(gradients)\n"
            "gradients = [tf.clip_by_value(gradient, -max_norm, max_norm) for gradient in gradients]",
            "cut one by one",
        ),
        (CLIP.replace("max_norm", "1.0"), "it must be max_norm"),
        (CLIP.replace("max_norm", "2.0"), "Use max_norm, not a number"),
        (
            "norm = tf.linalg.global_norm(gradients)\n"
            "gradients = [gradient * max_norm / norm for gradient in gradients]",
            "A short gradient is stretched",
        ),
        (CLIP + "\nnorm = tf.linalg.global_norm(gradients)", "it is needed before"),
    ),
    *of(
        "fit-baseline",
        BASELINE,
        ("return np.linalg.lstsq(state_features(obs), returns, rcond=None)[0]", "must return a function"),
        ("return lambda obs: np.full(len(obs), returns.mean())", "This is the mean return"),
        (
            "weights = np.linalg.lstsq(obs, returns, rcond=None)[0]\nreturn lambda obs: obs @ weights",
            "linear in the state",
        ),
        (
            "weights = np.linalg.lstsq(state_features(obs), returns, rcond=None)[0]\n"
            "return lambda others: state_features(obs) @ weights",
            "not for those it is given",
        ),
        (
            "weights = np.linalg.lstsq(state_features(obs)[:15], returns[:15], rcond=None)[0]\n"
            "return lambda obs: state_features(obs) @ weights",
            "the fit is not the best one",
        ),
        (
            "weights = np.linalg.lstsq(state_features(obs), returns, rcond=None)\n"
            "return lambda obs: state_features(obs) @ weights",
            "holds the weights",
        ),
        (
            "weights = np.linalg.lstsq(state_features(obs), returns, rcond=None)[0]\nreturn lambda obs: obs @ weights",
            "needs the features, too",
        ),
        (
            "weights = np.linalg.lstsq(state_features(obs), returns, rcond=None)[0]\n"
            "return lambda obs: weights @ state_features(obs)",
            "The features come first",
        ),
        ("weights = np.linalg.solve(state_features(obs), returns)\nreturn lambda obs: obs", "use lstsq"),
    ),
    *of(
        "on-one-page",
        ONE_PAGE,
        (
            "action = policy.sample()\nloss = -tf.reduce_mean(policy.log_prob(action) * advantage)",
            "of that same action",
        ),
        (
            "action = agent.act(steps.obs)\nloss = -tf.reduce_mean(policy.log_prob(action) * advantage)",
            "of that same action",
        ),
        (
            "action = tf.argmax(policy.logits, axis=1)\nloss = -tf.reduce_mean(policy.log_prob(action) * advantage)",
            "of that same action",
        ),
        ("loss = tf.reduce_mean(policy.log_prob(steps.action) * advantage)", "of that same action"),
        returned="np.array(means)",
    ),
    *of(
        "on-one-page",
        ONE_PAGE,
        ("loss = -tf.reduce_mean(policy.log_prob(steps.action) * advantage)", "shape (25,)"),
        returned="np.mean(means)",
    ),
]
