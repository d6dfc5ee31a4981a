"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import (
    Graded,
    arrays,
    dense,
    dense_shapes,
    explores,
    layer_sizes,
    returns,
    same_notes,
    transitions,
)

# --- q_network


def network(rng) -> dict:
    sizes = layer_sizes(rng)
    return {
        "sizes": sizes,
        "arrays": arrays(rng, dense_shapes(sizes)),
        "seen": rng.normal(size=(8, sizes[0])).astype("float32"),
    }


NETWORK = """
net = q_network(sizes[0], sizes[1:-1], sizes[-1])
bare = q_network(sizes[0], [], sizes[-1])
result = [[list(w.shape) for w in each.get_weights()] for each in (net, bare)]
net.set_weights(arrays)
result.append(np.asarray(net(seen)))
"""

# --- q_loss, td_targets


def loss(rng) -> dict:
    return {
        "q": rng.normal(0, 3, size=(6, 4)).astype("float32"),
        "taken": rng.integers(4, size=6),
        "wanted": rng.normal(0, 3, size=6).astype("float32"),
    }


LOSS = """
compiled = tf.function(q_loss, autograph=False)
result = compiled(tf.constant(q), tf.constant(taken), tf.constant(wanted))
"""


def learning(rng) -> dict:
    """Two networks, a batch, and settings."""
    sizes = layer_sizes(rng)
    return {
        "sizes": sizes,
        "online": arrays(rng, dense_shapes(sizes)),
        "following": arrays(rng, dense_shapes(sizes)),
        "batch_columns": transitions(rng, sizes[0], rng.integers(sizes[-1], size=6)),
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

TARGETS = """
result = tf.function(lambda b: td_targets(b, target_net, discount), autograph=False)(batch)
"""

HARD = """
hard_update(q_net, target_net)
result = [q_net.get_weights(), target_net.get_weights()]
q_net.set_weights(online[:-1] + [online[-1] + 1])  # a copy does not follow
result.append(target_net.get_weights())
"""

SOFT = """
tf.function(lambda: soft_update(q_net, target_net, share), autograph=False)()
result = [q_net.get_weights(), target_net.get_weights()]
"""

UPDATE = """
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
    return result[1] == result[3] and all(
        explores(actions, inputs["values"], epsilon, 3000)
        for actions, epsilon in zip(result[:3], (0.0, inputs["share"], 1.0), strict=True)
    )


# --- agent_step


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
def played(end, epsilon, seed):
    learned, returns = [], []
    agent = SimpleNamespace(
        fast=lambda obs: np.array([-obs @ direction, obs @ direction]),
        learn=lambda batches: learned.append([agent.now, list(np.shape(batches.reward))]),
        epsilon=lambda step: epsilon, rng=np.random.default_rng(seed),
        env=labkit.ScriptedEnv(shown, rewards, end), buffer=labkit.RecordingBuffer((4,)), obs=shown[0],
        total=0.0, learn_every=every, batch_size=size, learning_starts=least, now=0,
    )
    for agent.now in range(16):
        returns.append(agent_step(agent, agent.now))
    return [agent.env.actions, agent.buffer.added, learned, returns]

result = [
    played("terminated", 0.0, 0),
    played("truncated", 0.0, 1),
    [played("truncated", 1.0, seed)[0] for seed in range(20)],
]
"""


def stepped(result, reference, inputs) -> bool:
    """Exact with epsilon 0; actions of all kinds with epsilon 1."""
    for (actions, added, learned, ended), want in zip(result[:2], reference[:2], strict=True):
        if actions != want[0] or learned != want[2] or not same_notes(added, want[1]):
            return False
        if [r is None for r in ended] != [r is None for r in want[3]]:
            return False
        if not np.allclose([r or 0.0 for r in ended], [r or 0.0 for r in want[3]]):
            return False
    return len({tuple(actions) for actions in result[2]}) > 10


# A whole agent: what its network knows after every 1000 steps from the 3000th on.
LEARN = """
agent, result = Agent(start), []
for now in range(8001):
    agent_step(agent, now)
    if now >= 3000 and now % 1000 == 0:
        result.append(agent.q_net.get_weights())
"""


def balances(result, reference, inputs) -> bool:
    """The best of these networks, played here, holds the pole."""
    return max(map(mean_return, result)) > 100


def mean_return(weights) -> float:
    """Mean return of a network with these weights."""
    q_net = dense(weights, [4, 64, 64, 2])
    return returns("CartPole-v1", lambda obs: q_net(obs).argmax(axis=1), 20, seed=7).mean()


EXERCISES = [
    Graded("q-network", network, NETWORK, atol=1e-4, draws=3),
    Graded("dqn-loss", loss, LOSS, atol=1e-4, draws=3),
    Graded("dqn-targets", learning, NETWORKS + TARGETS, atol=1e-4, draws=3),
    Graded("target-updates", learning, NETWORKS + HARD, points_share=0.5, draws=2),
    Graded("target-updates", learning, NETWORKS + SOFT, points_share=0.5, draws=2, atol=1e-5),
    Graded("dqn-update", learning, NETWORKS + UPDATE.format(update="dqn_update"), draws=3, atol=1e-4),
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
    Graded("colleagues-update", learning, NETWORKS + UPDATE.format(update="colleagues_update"), draws=3, atol=1e-4),
]
