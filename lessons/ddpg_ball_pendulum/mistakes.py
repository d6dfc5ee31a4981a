"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import Mistake, filled, of, swap

NOISE = """
class OUNoise:
    def __init__(self, size, theta=0.15, sigma=0.2, drift=0.0, seed=None):
        self.theta = theta
        self.sigma = sigma
        self.drift = np.broadcast_to(drift, size)
        self.value = np.zeros(size)
        self.rng = np.random.default_rng(seed)

    def reset(self):
        self.value = np.zeros_like(self.value)

    def step(self, force=0.0):
        {body}
"""

SMILE = """
def smile(a, edge=0.8, stiffness=1.0):
    {potential}


def smile_slope(a, edge=0.8, stiffness=1.0):
    {slope}
"""

EXPLORER = """
class Explorer:
    def __init__(self, policy, noise, wall=True):
        self.policy = policy
        self.noise = noise
        self.wall = wall

    def reset(self):
        self.noise.reset()

    def __call__(self, obs):
        action = self.policy(obs)
        {body}
"""

NETWORKS = """
class Structure(NamedTuple):
    obs: int
    action: int
    actor: tuple = (64, 64)
    obs_branch: tuple = (64,)
    action_branch: tuple = ()
    joint: tuple = (64,)


def layers(x, units):
    for n in units:
        x = keras.layers.Dense(n, activation="relu")(x)
    return x


def build_actor(structure):
    obs = keras.Input((structure.obs,))
    {actor}


def build_critic(structure):
    obs, action = keras.Input((structure.obs,)), keras.Input((structure.action,))
    {critic}
"""

SOFT = """
def soft_update(net, target, tau):
    for new, slow in zip(net.weights, target.weights):
        {body}
"""

RING = """
class Ring:
    def __init__(self, capacity, obs_size, action_size, seed=None):
        sizes = [obs_size, action_size, 1, obs_size, 1]
        self.cuts = np.cumsum(sizes)[:-1]
        self.rows = np.zeros((capacity, sum(sizes)), dtype=np.float32)
        self.count = 0
        self.rng = np.random.default_rng(seed)

    def __len__(self):
        return min(self.count, len(self.rows))

    def add(self, obs, action, reward, next_obs, terminated):
        transition = np.hstack([obs, action, reward, next_obs, terminated])
        {add}

    def sample(self, size):
        {sample}
        columns = np.split(self.rows[numbers], self.cuts, axis=1)
        obs, action, reward, next_obs, terminated = columns
        return labkit.Batch(obs, action, reward[:, 0], next_obs, terminated[:, 0] > 0)
"""

UPDATES = """
def critic_update(agent, batch):
    {critic}


def actor_update(agent, batch):
    {actor}
"""

HASTY = """
def hasty_update(agent, batch):
    targets = td_targets(agent, batch)
    critic_weights = agent.critic.trainable_variables
    actor_weights = agent.actor.trainable_variables
    {tape}
        q = agent.critic([batch.obs, batch.action])[:, 0]
        critic_loss = tf.reduce_mean((targets - q) ** 2)
        greedy_q = agent.critic([batch.obs, agent.actor(batch.obs)])
        actor_loss = -tf.reduce_mean(greedy_q)
        loss = critic_loss + actor_loss
    {body}
    {end}
"""

TRAIN = """
def agent_step(agent):
    {step}
    agent.obs, agent.total = next_obs, agent.total + reward
    if terminated or truncated:
        agent.new_episode()


def train(agent, minutes, steps, every=500):
    deadline = time.monotonic() + 60 * minutes
    with agent.training:
        if not agent.training.scores:
            agent.training.keep(agent.test(agent.fast))
        for step in agent.training.steps(steps):
            {loop}
"""

PENDULUM = """
def pendulum_test(policy):
    env = make("Pendulum-v1")
    {test}


def pendulum_agent(seed, title="Pendulum", **settings):
    structure = Structure(obs=3, action=1)
    {agent}
"""


# The right bodies, from which wrong ones are made.
WALK = """random = self.sigma * self.rng.normal(size=self.value.shape)
self.value = self.value + self.theta * (self.drift - self.value) + force + random
return self.value"""
POTENTIAL = "return stiffness / 2 * (a - np.clip(a, -edge, edge)) ** 2"
SLOPE = "return stiffness * (a - np.clip(a, -edge, edge))"
EXPLORE = """force = -smile_slope(action + self.noise.value) if self.wall else 0.0
return np.clip(action + self.noise.step(force), -1, 1)"""
ACTOR_NET = """x = layers(obs, structure.actor)
return keras.Model(obs, keras.layers.Dense(structure.action, activation="tanh")(x))"""
CRITIC_NET = """left, right = layers(obs, structure.obs_branch), layers(action, structure.action_branch)
x = layers(keras.layers.Concatenate()([left, right]), structure.joint)
return keras.Model([obs, action], keras.layers.Dense(1)(x))"""
ADD = """self.rows[self.count % len(self.rows)] = transition
self.count = self.count + 1"""
SAMPLE = "numbers = self.rng.integers(len(self), size=size)"
TARGET = """next_action = agent.target_actor(batch.next_obs)
next_q = agent.target_critic([batch.next_obs, next_action])[:, 0]
future = tf.where(batch.terminated, 0.0, agent.gamma * next_q)
return agent.reward_scale * batch.reward + future"""
CRITIC = """targets = td_targets(agent, batch)
with tf.GradientTape() as tape:
    q = agent.critic([batch.obs, batch.action])[:, 0]
    loss = tf.reduce_mean((targets - q) ** 2)
gradients = tape.gradient(loss, agent.critic.trainable_variables)
agent.critic_optimizer.apply(gradients, agent.critic.trainable_variables)
return loss"""
ACTOR = """with tf.GradientTape() as tape:
    loss = -tf.reduce_mean(agent.critic([batch.obs, agent.actor(batch.obs)]))
gradients = tape.gradient(loss, agent.actor.trainable_variables)
agent.actor_optimizer.apply(gradients, agent.actor.trainable_variables)
return loss"""
TAPE = "with tf.GradientTape(persistent=True) as tape:"
MENDED = """gradients = tape.gradient(critic_loss, critic_weights)
gradients += tape.gradient(actor_loss, actor_weights)
agent.optimizer.apply(gradients, critic_weights + actor_weights)"""
LOSSES = "return critic_loss, actor_loss"
STEP = """action = agent.act()
next_obs, reward, terminated, truncated, info = agent.env.step(action)
agent.buffer.add(agent.obs, action, reward, next_obs, terminated)
if agent.learns_now():
    agent.learn(agent.buffer.sample(agent.sizes))"""
LOOP = """if time.monotonic() >= deadline:
    break
agent_step(agent)
if (step + 1) % every == 0:
    agent.training.keep(agent.test(agent.fast))"""
TEST = "return labkit.evaluate(env, policy, episodes=10, seed=20_000).mean"
AGENT = 'return Agent(title, make("Pendulum-v1"), structure, pendulum_test, seed, **settings)'

MISTAKES = [
    *of(
        "noise",
        NOISE,
        (swap(WALK, ("self.drift - self.value", "self.value - self.drift")), "pushes away"),
        (swap(WALK, ("(self.drift - self.value)", "-self.value")), "pulls to 0"),
        (swap(WALK, (" + force", "")), "The force is missing"),
        (swap(WALK, ("self.value = self.value + self", "self.value = self")), "the step alone"),
        (swap(WALK, ("self.theta * (self", "(self")), "multiplied by theta"),
        (
            swap(WALK, ("self.value = self", "value = self"), ("return self.value", "return value")),
            "store it in self.value",
        ),
        (swap(WALK, ("self.value = self.value + self", "self.value += self")), "without `+=`"),
        (swap(WALK, ("size=self.value.shape", "")), "draw one for each"),
        (swap(WALK, (" + random", "")), "There is no randomness"),
        (swap(WALK, ("self.rng.normal", "np.random.normal")), "from self.rng"),
        (swap(WALK, ("self.rng.normal", "self.rng.random")), "rng.normal, not rng.random"),
        (swap(WALK, ("self.sigma *", "self.sigma**2 *")), "standard deviation"),
        (swap(WALK, ("return self.value", "")), "is a `return` missing?"),
    ),
    *of(
        "smile",
        SMILE,
        (swap(POTENTIAL, (" / 2", "")), "factor 1/2"),
        (swap(POTENTIAL, ("stiffness / 2 *", "1 / 2 *")), "Multiply by the stiffness"),
        ("return stiffness / 2 * a**2", "square the excess"),
        ("return stiffness / 2 * np.maximum(a - edge, 0) ** 2", "two ends"),
        ("return stiffness / 2 * (a - np.minimum(a, edge)) ** 2", "two ends"),
        ("return stiffness / 2 * np.abs(a - np.clip(a, -edge, edge))", "must be squared"),
        ("return stiffness / 2 * (a - edge) ** 2", "0 inside, and the excess on the left"),
        ("return stiffness / 2 * np.where(np.abs(a) > edge, a - edge, 0) ** 2", "the excess is a + c"),
        (swap(POTENTIAL, ("-edge, edge", "-0.8, 0.8")), "not always 0.8"),
        (swap(POTENTIAL, ("-edge, edge", "-0.5, 0.5")), "not always 0.5"),
        (swap(POTENTIAL, ("stiffness / 2 * ", "")), "k/2, not k or 1"),
        gap="potential",
        slope=SLOPE,
    ),
    *of(
        "smile",
        SMILE,
        (swap(SLOPE, ("return ", "return -")), "This is the force"),
        ("return stiffness * np.maximum(np.abs(a) - edge, 0)", "negative on the left"),
        (swap(SLOPE, ("stiffness *", "")), "Multiply by the stiffness"),
        (swap(SLOPE, ("stiffness *", "2 * stiffness *")), "of the square cancel"),
        ("return smile(a, edge, stiffness)", "the potential again"),
        ("return stiffness * a", "must be 0 inside"),
        ("return stiffness * (a - edge)", "0 inside, and the excess on the left"),
        ("return stiffness * np.where(np.abs(a) > edge, a - edge, 0)", "the excess is a + c"),
        ("return stiffness * np.maximum(a - edge, 0)", "no slope on the left"),
        (swap(SLOPE, ("-edge, edge", "-0.8, 0.8")), "not always 0.8"),
        (swap(SLOPE, ("-edge, edge", "-0.5, 0.5")), "not always 0.5"),
        (swap(SLOPE, ("stiffness *", "2 *")), "not always 2"),
        gap="slope",
        potential=POTENTIAL,
    ),
    *of(
        "explorer",
        EXPLORER,
        ("return np.clip(action + self.noise.value, -1, 1)", "makes no step"),
        (
            "old = self.noise.value\nforce = -smile_slope(action + old) if self.wall else 0.0\n"
            "self.noise.step(force)\nreturn np.clip(action + old, -1, 1)",
            "after its step",
        ),
        (swap(EXPLORE, ("np.clip(action + self", "np.clip(self")), "the noise alone"),
        (
            swap(
                EXPLORE,
                (
                    "return np.clip(action + self.noise.step(force), -1, 1)",
                    "self.noise.step(force)\nreturn np.clip(action, -1, 1)",
                ),
            ),
            "no noise in it",
        ),
        (swap(EXPLORE, ("step(force)", "step()")), "exerts no force"),
        (swap(EXPLORE, ("-smile_slope", "smile_slope")), "pulls outwards"),
        (swap(EXPLORE, ("smile_slope(action + self.noise.value)", "smile_slope(action)")), "*with* its noise"),
        (
            swap(EXPLORE, ("smile_slope(action + self.noise.value)", "smile_slope(self.noise.value)")),
            "not on its noise alone",
        ),
        (
            swap(
                EXPLORE,
                ("smile_slope(action + self.noise.value)", "smile_slope(np.clip(action + self.noise.value, -1, 1))"),
            ),
            "*before* it is clipped",
        ),
        (swap(EXPLORE, ("smile_slope", "smile")), "minus the *slope*"),
        (swap(EXPLORE, ("-smile_slope", "smile")), "minus the *slope*"),
        (
            swap(
                EXPLORE,
                (
                    "return np.clip(action + self.noise.step(force), -1, 1)",
                    "action += self.noise.step(force)\nreturn np.clip(action, -1, 1)",
                ),
            ),
            "without `+=`",
        ),
        (swap(EXPLORE, (" if self.wall else 0.0", "")), "Without a wall the force is 0"),
        (swap(EXPLORE, ("else 0.0", "else None")), "Without a wall the force is 0"),
        (
            swap(EXPLORE, ("np.clip(action + self.noise.step(force), -1, 1)", "action + self.noise.step(force)")),
            "Clip the sum",
        ),
        (
            swap(EXPLORE, ("return np", "self.noise.step(force)\nreturn np")),
            "more than one step",
        ),
        (swap(EXPLORE, ("return ", "")), "is a `return` missing?"),
    ),
    *of(
        "networks",
        NETWORKS,
        (swap(ACTOR_NET, (', activation="tanh"', "")), "not bounded"),
        (swap(ACTOR_NET, ("tanh", "sigmoid")), "reach both bounds"),
        (swap(ACTOR_NET, ("structure.action,", "1,")), "build_actor(...) has the matrices"),
        (swap(ACTOR_NET, ("layers(obs, structure.actor)", "obs")), "build_actor(...) has the matrices"),
        (
            swap(
                ACTOR_NET,
                (
                    "x = layers(obs, structure.actor)",
                    "x = obs\nfor n in structure.actor:\n    x = keras.layers.Dense(n)(x)",
                ),
            ),
            "build_actor(...): all hidden layers need relu",
        ),
        (
            swap(
                ACTOR_NET,
                (
                    "x = layers(obs, structure.actor)",
                    'x = obs\nfor n in structure.actor:\n    x = keras.layers.Dense(n, activation="tanh")(x)',
                ),
            ),
            "build_actor(...): all hidden layers need relu",
        ),
        (swap(ACTOR_NET, ("return ", "")), "is a `return` missing?"),
        gap="actor",
        critic=CRITIC_NET,
    ),
    *of(
        "networks",
        NETWORKS,
        (swap(CRITIC_NET, ("Dense(1)", 'Dense(1, activation="tanh")')), "Values are not bounded"),
        (swap(CRITIC_NET, ("layers(action, structure.action_branch)", "action")), "build_critic(...) has the matrices"),
        (
            swap(CRITIC_NET, ("layers(keras", "(keras"), (", structure.joint)", ")")),
            "build_critic(...) has the matrices",
        ),
        (
            swap(
                CRITIC_NET,
                ("layers(obs, structure.obs_branch)", "obs"),
                ("layers(action, structure.action_branch)", "action"),
            ),
            "build_critic(...) has the matrices",
        ),
        (swap(CRITIC_NET, ("Dense(1)", "Dense(structure.action)")), "build_critic(...) has the matrices"),
        (swap(CRITIC_NET, ("([left, right])", "([left, 0 * right])")), "does not depend on the action"),
        (
            swap(
                CRITIC_NET,
                (
                    "layers(keras.layers.Concatenate()([left, right]), structure.joint)",
                    "keras.layers.Concatenate()([left, right])\n"
                    "for n in structure.joint:\n    x = keras.layers.Dense(n)(x)",
                ),
            ),
            "build_critic(...): all hidden layers need relu",
        ),
        (swap(CRITIC_NET, ("return ", "")), "is a `return` missing?"),
        gap="critic",
        actor=ACTOR_NET,
    ),
    *of(
        "soft-update",
        SOFT,
        ("slow = slow + tau * (new - slow)", "has not changed"),
        ("slow.assign((1 - tau) * new + tau * slow)", "are swapped"),
        ("slow.assign(new)", "This is a copy"),
        ("slow.assign(slow - tau * (new - slow))", "moves away"),
        ("slow.assign(slow + tau * new)", "the *difference* of the weights"),
        ("new.assign(new + tau * (slow - new))", "The network itself has changed"),
        (
            "slow.assign(slow.numpy() + tau * (new.numpy() - slow.numpy())) if tf.executing_eagerly() else None",
            "It fails when compiled",
        ),
        ("slow.assign(slow.numpy() + tau * (new.numpy() - slow.numpy()))", "It fails when compiled"),
    ),
    Mistake(
        "soft-update",
        "soft-update-check",
        "def soft_update(net, target, tau):\n"
        "    pairs = zip(net.get_weights(), target.get_weights())\n"
        "    target.set_weights([(1 - tau) * slow + tau * new for new, slow in pairs])\n",
        "It fails when compiled",
    ),
    *of(
        "ring",
        RING,
        (swap(ADD, (" % len(self.rows)", "")), "does not close"),
        ("self.rows[self.count % len(self.rows)] = transition", "count."),
        ("self.rows[min(self.count, len(self.rows) - 1)] = transition\nself.count = self.count + 1", "the same row"),
        (
            "self.rows[self.count % len(self.rows)] = transition\nself.count = min(self.count + 1, len(self.rows))",
            "the same row",
        ),
        ("self.count = self.count + 1\nself.rows[self.count % len(self.rows)] = transition", "After 3 additions"),
        (swap(ADD, ("self.count + 1", "(self.count + 1) % len(self.rows)")), "it goes on counting"),
        (swap(ADD, ("% len(self.rows)", "% len(self)")), "An empty ring has length 0"),
        gap="add",
        sample=SAMPLE,
    ),
    *of(
        "ring",
        RING,
        (swap(SAMPLE, ("len(self)", "len(self.rows)")), "Empty rows are drawn"),
        (swap(SAMPLE, ("len(self)", "len(self) - 1")), "never drawn"),
        ("numbers = np.arange(size) % len(self)", "Two batches are equal"),
        ("numbers = np.random.default_rng(0).integers(len(self), size=size)", "Two batches are equal"),
        ("numbers = self.rng.permutation(len(self))[:size]", "Draw `size` row numbers"),
        ("numbers = self.rng.choice(len(self), size, replace=False)", "draw with replacement"),
        (swap(SAMPLE, ("len(self)", "self.count")), "no other rows"),
        (swap(SAMPLE, (", size=size", "")), "no other rows"),
        ("numbers = np.random.randint(len(self), size=size)", "not from np.random"),
        ("numbers = (len(self) * self.rng.random(size) ** 2).astype(int)", "equally often"),
        ("numbers = (self.rng.integers(len(self)) + np.arange(size)) % len(self)", "fixed order"),
        gap="sample",
        add=ADD,
    ),
    *of(
        "td-targets",
        "def td_targets(agent, batch):",
        (
            swap(TARGET, ("tf.where(batch.terminated, 0.0, agent.gamma * next_q)", "agent.gamma * next_q")),
            "still bootstrap after `terminated`",
        ),
        (swap(TARGET, ("0.0, agent.gamma * next_q)", "agent.gamma * next_q, 0.0)")), "The mask is inverted"),
        (
            "next_action = agent.target_actor(batch.next_obs)\n"
            "next_q = agent.target_critic([batch.next_obs, next_action])[:, 0]\n"
            "y = agent.reward_scale * batch.reward + agent.gamma * next_q\n"
            "return tf.where(batch.terminated, 0.0, y)",
            "has a reward too",
        ),
        (swap(TARGET, ("agent.reward_scale * ", "")), "Scale the rewards: multiply"),
        (
            swap(TARGET, ("agent.gamma * next_q", "agent.reward_scale * agent.gamma * next_q")),
            "Scale the rewards only",
        ),
        (swap(TARGET, ("agent.gamma * ", "")), "not discounted"),
        (swap(TARGET, ("return agent.reward_scale", "return agent.gamma * agent.reward_scale")), "discounted too"),
        (swap(TARGET, ("agent.target_actor", "agent.actor")), "must come from the target actor"),
        (swap(TARGET, ("agent.target_critic", "agent.critic")), "must come from the target critic"),
        (swap(TARGET, ("agent.target_actor", "agent.actor"), ("agent.target_critic", "agent.critic")), "both of them"),
        (swap(TARGET, ("agent.target_actor(batch.next_obs)", "batch.action")), "ask target_actor"),
        (swap(TARGET, ("batch.next_obs", "batch.obs")), "not from batch.obs"),
        (swap(TARGET, ("[:, 0]", "")), "two axes"),
        (swap(TARGET, ("tf.where", "np.where")), "without np"),
        (
            swap(
                TARGET,
                (
                    "tf.where(batch.terminated, 0.0, agent.gamma * next_q)",
                    "agent.gamma * next_q * (1 - batch.terminated.numpy())",
                ),
            ),
            "without np",
        ),
        (swap(TARGET, ("return ", "y = ")), "is a `return` missing?"),
    ),
    *of(
        "updates",
        UPDATES,
        (swap(CRITIC, ("tf.reduce_mean(", "-tf.reduce_mean(")), "away from the targets"),
        (swap(CRITIC, ("reduce_mean", "reduce_sum")), "twice too long"),
        (swap(CRITIC, ("tf.reduce_mean(", "0.5 * tf.reduce_mean(")), "no factor 1/2"),
        (
            swap(CRITIC, ("agent.critic_optimizer.apply(gradients, agent.critic.trainable_variables)\n", "")),
            "The critic has not changed",
        ),
        (swap(CRITIC, ("[:, 0]", "")), "meets all targets"),
        (swap(CRITIC, ("batch.action", "agent.actor(batch.obs)")), "the stored actions"),
        (
            swap(
                CRITIC,
                ("targets = td_targets(agent, batch)\n", ""),
                ("    q = agent", "    targets = td_targets(agent, batch)\n    q = agent"),
            ),
            "through the targets",
        ),
        (
            swap(CRITIC, ("agent.critic([batch", "agent.target_critic([batch")),
            "No gradient reaches the weights",
        ),
        (swap(CRITIC, ("critic_optimizer", "actor_optimizer")), "built for other weights"),
        (swap(CRITIC, ("apply(gradients, agent.critic", "apply(gradients, agent.actor")), "built for other weights"),
        (
            swap(
                CRITIC,
                (
                    "agent.critic_optimizer.apply(gradients, agent.critic.",
                    "agent.actor_optimizer.apply(gradients, agent.actor.",
                ),
            ),
            "met another's weight",
        ),
        (swap(CRITIC, ("tf.reduce_mean", "np.mean")), "not np.mean"),
        (
            swap(CRITIC, ("tf.reduce_mean((targets - q) ** 2)", "float(tf.reduce_mean((targets - q) ** 2))")),
            "no float(...)",
        ),
        (swap(CRITIC, ("return loss", "return float(loss)")), "critic_update(...) will be compiled"),
        (swap(CRITIC, ("return loss", "return loss.numpy()")), "critic_update(...) will be compiled"),
        (swap(CRITIC, ("return loss", "")), "is a `return` missing?"),
        gap="critic",
        actor=ACTOR,
    ),
    *of(
        "updates",
        UPDATES,
        (swap(ACTOR, ("-tf.reduce_mean", "tf.reduce_mean")), "goes downhill"),
        (swap(ACTOR, ("reduce_mean", "reduce_sum")), "twice too long"),
        (swap(ACTOR, ("agent.critic([", "agent.target_critic([")), "not its target network"),
        (swap(ACTOR, ("agent.actor(batch.obs)", "batch.action")), "No gradient reaches the weights"),
        (swap(ACTOR, ("agent.actor(batch.obs)", "agent.target_actor(batch.obs)")), "No gradient reaches the weights"),
        (
            swap(
                ACTOR,
                (
                    "return loss",
                    "gradients = [0.1 * w for w in agent.critic.trainable_variables]\n"
                    "agent.critic_optimizer.apply(gradients, agent.critic.trainable_variables)\n"
                    "return loss",
                ),
            ),
            "changes the critic too",
        ),
        (
            swap(ACTOR, ("agent.actor_optimizer.apply(gradients, agent.actor.trainable_variables)\n", "")),
            "The actor has not changed",
        ),
        (swap(ACTOR, ("agent.actor_optimizer", "agent.critic_optimizer")), "built for other weights"),
        (swap(ACTOR, ("tape.gradient(loss, agent.actor", "tape.gradient(loss, agent.critic")), "met another's weight"),
        (swap(ACTOR, ("return loss", "return float(loss)")), "actor_update(...) will be compiled"),
        (swap(ACTOR, ("return loss", "")), "is a `return` missing?"),
        gap="actor",
        critic=CRITIC,
    ),
    *[
        Mistake("hasty-update", "hasty-check", filled(HASTY, tape=tape, body=body, end=end), message)
        for tape, body, end, message in [
            (
                TAPE,
                "weights = critic_weights + actor_weights\n"
                "agent.optimizer.apply(tape.gradient(loss, weights), weights)",
                LOSSES,
                "must not move the critic's weights",
            ),
            (
                TAPE,
                swap(MENDED, ("(critic_loss", "(loss")),
                LOSSES,
                "must not move the critic's weights",
            ),
            (
                TAPE,
                swap(MENDED, ("tape.gradient(actor_loss, actor_weights)", "[0 * w for w in actor_weights]")),
                LOSSES,
                "The actor has not changed",
            ),
            (
                TAPE,
                swap(MENDED, ("tape.gradient(critic_loss, critic_weights)", "[0 * w for w in critic_weights]")),
                LOSSES,
                "The critic no longer learns",
            ),
            (
                TAPE,
                swap(
                    MENDED,
                    (
                        "tape.gradient(actor_loss, actor_weights)",
                        "[-g for g in tape.gradient(actor_loss, actor_weights)]",
                    ),
                ),
                LOSSES,
                "the weight vector of the actor",
            ),
            (
                TAPE,
                swap(MENDED, ("critic_weights + actor_weights", "actor_weights + critic_weights")),
                LOSSES,
                "met another's weight",
            ),
            (swap(TAPE, ("persistent=True", "")), MENDED, LOSSES, "persistent=True"),
            (TAPE, MENDED, "", "is a `return` missing?"),
            (TAPE, MENDED, "return actor_loss, critic_loss", "hasty_update(...)"),
        ]
    ],
    *of(
        "train",
        TRAIN,
        (swap(STEP, ("terminated)\nif", "terminated or truncated)\nif")), "stored as the end of the world"),
        (swap(STEP, ("agent.buffer.add(agent.obs", "agent.buffer.add(next_obs")), "the obs *before* the step"),
        (
            swap(STEP, ("add(agent.obs, action,", "add(agent.obs, agent.act(),")),
            "the action taken and its own reward",
        ),
        (swap(STEP, ("reward, next_obs", "agent.total, next_obs")), "its own reward"),
        (swap(STEP, ("next_obs, terminated)", "next_obs, False)")), "as the environment gives it"),
        (
            swap(STEP, ("agent.buffer.add(agent.obs, action, reward, next_obs, terminated)\n", "")),
            "Store each transition, before",
        ),
        (swap(STEP, ("if agent.learns_now():\n    agent", "agent")), "learn when agent.learns_now()"),
        (swap(STEP, ("sample(agent.sizes)", "sample(64)")), "Draw batches of agent.sizes"),
        (swap(STEP, ("action = agent.act()", "agent.act()\naction = agent.act()")), "once for each step"),
        (
            "action = agent.act()\nnext_obs, reward, terminated, truncated, info = agent.env.step(action)\n"
            "if agent.learns_now():\n    agent.learn(agent.buffer.sample(agent.sizes))\n"
            "agent.buffer.add(agent.obs, action, reward, next_obs, terminated)",
            "store it first",
        ),
        (STEP + "\nagent.total += reward", "leave agent.total"),
        (STEP + "\nif terminated or truncated:\n    agent.new_episode()", "An episode ends once"),
        (swap(STEP, ("action = agent.act()", "action = agent.fast(agent.obs[None])[0].numpy()")), "agent.act()"),
        gap="step",
        loop=LOOP,
    ),
    *of(
        "train",
        TRAIN,
        (swap(LOOP, ("if time.monotonic() >= deadline:\n    break\n", "")), "no step may be taken"),
        (
            swap(
                LOOP,
                (
                    "if time.monotonic() >= deadline:\n    break\nagent_step(agent)",
                    "agent_step(agent)\nif time.monotonic() >= deadline:\n    break",
                ),
            ),
            "no step may be taken",
        ),
        (swap(LOOP, ("time.monotonic() >= deadline", "minutes == 0")), "does not stop in time"),
        (swap(LOOP, ("time.monotonic()", "time.time()")), "It stops at once"),
        (swap(LOOP, ("agent_step(agent)\n", "")), "rounds 0 steps"),
        (swap(LOOP, ("(step + 1) % every", "step % every")), "multiple of `every`"),
        (
            swap(LOOP, ("    agent.training.keep(agent.test(agent.fast))", "    agent.test(agent.fast)")),
            "call agent.training.keep",
        ),
        (
            swap(LOOP, ("agent.test(agent.fast))", "max(agent.training.best, agent.test(agent.fast)))")),
            "finds the best one itself",
        ),
        (swap(LOOP, ("if (step + 1) % every == 0:\n    agent", "agent")), "too many tests"),
        (swap(LOOP, ("agent.test(agent.fast)", "agent.test(agent.act)")), "Test the greedy policy"),
        gap="loop",
        step=STEP,
    ),
    *of(
        "pendulum-agent",
        PENDULUM,
        (swap(TEST, (".mean", "")), "one number: the mean"),
        (swap(TEST, ("seed=20_000", "seed=int(time.time() * 1000) % 2**31")), "give them a fixed seed"),
        (swap(TEST, ("evaluate(env", 'evaluate(gym.make("Pendulum-v1")')), "environment of `make`"),
        (swap(TEST, ("episodes=10", "episodes=1")), "One episode is an anecdote"),
        (swap(TEST, ("seed=20_000", "seed=0")), "with seed=20_000"),
        (swap(TEST, (", seed=20_000", "")), "with seed=20_000"),
        (swap(TEST, ("episodes=10, ", "")), "10 are wanted"),
        (swap(TEST, ("return ", "")), "is a `return` missing?"),
        gap="test",
        agent=AGENT,
    ),
    *of(
        "pendulum-agent",
        PENDULUM,
        (swap(AGENT, ("make(", "gym.make(")), "from -1 to 1"),
        (swap(AGENT, ('make("Pendulum-v1")', 'make("labkit/Ball-v0")')), "must be Pendulum-v1"),
        (swap(AGENT, ("structure,", "Structure(obs=3, action=2),")), "an action has 1"),
        (swap(AGENT, (", **settings", "")), "Hand on the settings"),
        (swap(AGENT, ("**settings", "reward_scale=1.0, **settings")), "leave it out"),
        (swap(AGENT, ("seed, ", "0, ")), "Hand on the seed"),
        (swap(AGENT, ("pendulum_test", "partial(held, sigma=2.0)")), "Give the agent its test"),
        (swap(AGENT, ("return ", "")), "is a `return` missing?"),
        gap="agent",
        test=TEST,
    ),
    *of(
        "perturbed",
        "def perturbed(weights, sigma, rng):",
        (
            "for w in weights:\n    w += sigma * rng.normal(size=w.shape)\nreturn weights",
            "The old weights have changed",
        ),
        ("return [w + sigma * rng.normal() for w in weights]", "All weights got the same noise"),
        ("return [sigma * rng.normal(size=w.shape) for w in weights]", "to the old weights"),
        ("return [w + sigma * rng.random(size=w.shape) for w in weights]", "around 0"),
        ("return [w + sigma * np.random.normal(size=w.shape) for w in weights]", "from `rng`"),
        ("return [w + sigma**2 * rng.normal(size=w.shape) for w in weights]", "standard deviation"),
        ("return weights[0] + sigma * rng.normal(size=weights[0].shape)", "a list of arrays"),
        (
            "seed = int(rng.integers(1000))\n"
            "return [w + sigma * np.random.default_rng(seed).normal(size=w.shape) for w in weights]",
            "Two arrays got the same noise",
        ),
        (
            "rng = np.random.default_rng(0)\nreturn [w + sigma * rng.normal(size=w.shape) for w in weights]",
            "of your own",
        ),
        ("return [w + sigma * np.random.default_rng().normal(size=w.shape) for w in weights]", "from `rng`"),
    ),
]
