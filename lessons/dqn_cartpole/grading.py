"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import Graded, dense, likely, numbers, returns


def weights_of(rng, sizes) -> list:
    """Random matrices and vectors of a dense network, float32."""
    arrays = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        arrays.append(rng.normal(size=(inputs, outputs)).astype("float32"))
        arrays.append(rng.normal(size=outputs).astype("float32"))
    return arrays


def sizes_of(rng) -> list:
    """Four sizes of a network, no two alike."""
    return (rng.permutation(6)[:4] + 2).tolist()


def columns(rng, inputs: int, actions: int) -> list:
    """A batch of 6 transitions; some terminal, some not."""
    return [
        rng.normal(size=(6, inputs)).astype("float32"),
        rng.integers(actions, size=6),
        rng.normal(0, 3, size=6).astype("float32"),
        rng.normal(size=(6, inputs)).astype("float32"),
        rng.permutation([True, True, False, False, False, rng.random() < 0.5]),
    ]


# --- q_network


def network(rng) -> dict:
    sizes = sizes_of(rng)
    return {
        "sizes": sizes,
        "arrays": weights_of(rng, sizes),
        "seen": rng.normal(size=(8, sizes[0])).astype("float32"),
    }


NETWORK = """
net = q_network(sizes[0], sizes[1:-1], sizes[-1])
bare = q_network(sizes[0], [], sizes[-1])
result = [[list(w.shape) for w in each.get_weights()] for each in (net, bare)]
net.set_weights(arrays)
result.append(np.asarray(net(seen)))
"""

# --- dqn_loss, dqn_targets


def loss(rng) -> dict:
    return {
        "q": rng.normal(0, 3, size=(6, 4)).astype("float32"),
        "taken": rng.integers(4, size=6),
        "wanted": rng.normal(0, 3, size=6).astype("float32"),
    }


LOSS = """
compiled = tf.function(dqn_loss, autograph=False)
result = compiled(tf.constant(q), tf.constant(taken), tf.constant(wanted))
"""


def learning(rng) -> dict:
    """Two networks, a batch, and settings."""
    sizes = sizes_of(rng)
    return {
        "sizes": sizes,
        "online": weights_of(rng, sizes),
        "following": weights_of(rng, sizes),
        "batch_columns": columns(rng, sizes[0], sizes[-1]),
        "discount": rng.uniform(0.3, 0.95),
        "share": rng.uniform(0.1, 0.6),
        "rate": rng.uniform(0.01, 0.1),
    }


NETWORKS = """
def networks():
    nets = [q_network(sizes[0], sizes[1:-1], sizes[-1]) for either in range(2)]
    for net, arrays in zip(nets, (online, following)):
        net.set_weights(arrays)
    return nets

batch = labkit.Batch(*map(tf.constant, batch_columns))
q_net, target_net = networks()
"""

TARGETS = NETWORKS + """
result = tf.function(lambda b: dqn_targets(b, target_net, discount), autograph=False)(batch)
"""

HARD = NETWORKS + """
hard_update(q_net, target_net)
result = [q_net.get_weights(), target_net.get_weights()]
q_net.set_weights(online[:-1] + [online[-1] + 1])  # a copy does not follow
result.append(target_net.get_weights())
"""

SOFT = NETWORKS + """
tf.function(lambda: soft_update(q_net, target_net, share), autograph=False)()
result = [q_net.get_weights(), target_net.get_weights()]
"""

UPDATE = NETWORKS + """
sgd = keras.optimizers.SGD(rate)
sgd.build(q_net.trainable_variables)
step = lambda b: {update}(b, q_net, target_net, sgd, discount, share)
value = tf.function(step, autograph=False)(batch)
result = [value, q_net.get_weights(), target_net.get_weights()]
"""

# --- epsilon_greedy


def choice(rng) -> dict:
    return {
        "values": rng.permutation([-1.0, 0.0, 0.5, 2.0]) + rng.normal(0, 0.1, size=4),
        "share": rng.uniform(0.2, 0.8),
        "seed": int(rng.integers(2**31)),
    }


CHOOSE = """
seen = np.array([1.0, 2.0, 3.0])
def valued(obs):
    assert np.array_equal(obs, seen)
    return values.copy()

def chosen(epsilon):
    rng = np.random.default_rng(seed)
    return [epsilon_greedy(valued, seen, epsilon, rng) for draw in range(3000)]

result = [chosen(0.0), chosen(share), chosen(1.0), chosen(share)]
"""


def explored(result, reference, inputs) -> bool:
    """The best action with epsilon 0; else each as often as it should be, from `rng`."""
    if result[1] != result[3]:
        return False
    best = np.eye(4)[np.argmax(inputs["values"])]
    for actions, epsilon in zip(result, (0.0, inputs["share"], 1.0)):
        actions = numbers(actions, below=4)
        if actions is None or len(actions) != 3000:
            return False
        if not likely(np.bincount(actions, minlength=4), (1 - epsilon) * best + epsilon / 4):
            return False
    return True


# --- one_step


def script(rng) -> dict:
    """What a scripted world shows; when the agent learns, and from how much."""
    return {
        "shown": rng.normal(size=(5, 4)),
        "rewards": rng.uniform(0.5, 3.0, size=4).tolist(),
        "direction": rng.normal(size=4),
        "every": int(rng.integers(3, 6)),
        "size": int(rng.integers(6, 9)),
        "least": int(rng.integers(6, 9)),
    }


STEPS = """
class Script:
    def __init__(self, ending):
        self.ending, self.actions, self.time = ending, [], 0

    def reset(self, **settings):
        self.time = 0
        return shown[0], {}

    def step(self, action):
        self.actions.append(int(action))
        self.time += 1
        over = self.time == len(rewards)
        ends = [over and self.ending == name for name in ("terminated", "truncated")]
        return shown[self.time], rewards[self.time - 1], *ends, {}

class Recorder(labkit.ReplayBuffer):
    def __init__(self):
        super().__init__(100, (4,), seed=0)
        self.added = []

    def add(self, obs, action, reward, next_obs, terminated):
        self.added.append([np.array(obs), int(action), float(reward), np.array(next_obs), bool(terminated)])
        super().add(obs, action, reward, next_obs, terminated)

def played(ending, epsilon, seed):
    learned = []
    agent = SimpleNamespace(
        fast=lambda obs: np.array([-obs @ direction, obs @ direction]),
        learn=lambda batches: learned.append([agent.now, list(np.shape(batches.reward))]),
        epsilon=lambda step: epsilon, rng=np.random.default_rng(seed),
        env=Script(ending), buffer=Recorder(), obs=shown[0],
        total=0.0, learn_every=every, batch_size=size, warm_up=least, now=0,
    )
    returns = []
    for agent.now in range(16):
        returns.append(one_step(agent, agent.now))
    return [agent.env.actions, agent.buffer.added, learned, returns]

result = [
    played("terminated", 0.0, 0),
    played("truncated", 0.0, 1),
    [played("truncated", 1.0, seed)[0] for seed in range(20)],
]
"""


def stepped(result, reference, inputs) -> bool:
    """Exact with epsilon 0; actions of all kinds with epsilon 1."""
    for (actions, added, learned, returns), want in zip(result[:2], reference[:2], strict=True):
        if actions != want[0] or learned != want[2] or len(added) != len(want[1]):
            return False
        for one, other in zip(added, want[1]):
            if not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True)):
                return False
        if [r is None for r in returns] != [r is None for r in want[3]]:
            return False
        if not np.allclose([r or 0.0 for r in returns], [r or 0.0 for r in want[3]]):
            return False
    return len({tuple(actions) for actions in result[2]}) > 10


# A whole agent: what its network knows after every 1000 steps from the 3000th on.
LEARN = """
agent, result = Agent(start), []
for now in range(8001):
    one_step(agent, now)
    if now >= 3000 and now % 1000 == 0:
        result.append(agent.q_net.get_weights())
"""


def balances(result, reference, inputs) -> bool:
    """The best of these networks, played here, holds the pole."""
    best = 0.0
    for weights in result:
        q_net = dense(weights, [4, 64, 64, 2])
        played = returns("CartPole-v1", lambda obs: q_net(obs).argmax(axis=1), 20, seed=7)
        best = max(best, played.mean())
    return best > 100


EXERCISES = [
    Graded("q-network", network, NETWORK, atol=1e-4, draws=3),
    Graded("dqn-loss", loss, LOSS, atol=1e-4, draws=3),
    Graded("dqn-targets", learning, TARGETS, atol=1e-4, draws=3),
    Graded("target-updates", learning, HARD, points_share=0.5, draws=2),
    Graded("target-updates", learning, SOFT, points_share=0.5, draws=2, atol=1e-5),
    Graded("dqn-update", learning, UPDATE.format(update="dqn_update"), draws=3, atol=1e-4),
    Graded("epsilon-greedy", choice, CHOOSE, judge=explored, draws=3),
    Graded("one-step", script, STEPS, points_share=0.75, judge=stepped, draws=3),
    Graded(
        "one-step",
        lambda rng: {"start": int(rng.integers(1000))},
        LEARN,
        points_share=0.25,
        judge=balances,
        draws=1,
        seconds=90.0,
    ),
    Graded(
        "colleagues-update", learning, UPDATE.format(update="colleagues_update"), draws=3, atol=1e-4
    ),
]
