"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import Graded, arrays, dense_shapes, explores, layer_sizes, transitions

# --- make_networks


def network(rng) -> dict:
    sizes = layer_sizes(rng)
    return {
        "sizes": sizes,
        "online": arrays(rng, dense_shapes(sizes)),
        "seen": rng.normal(size=(8, sizes[0])).astype("float32"),
        "first": int(rng.integers(1000)),
    }


# Weights as made with a seed, the same seed, another one; then what the networks compute.
NETWORKS = """
env = SimpleNamespace(
    observation_space=gym.spaces.Box(-1, 1, (sizes[0],), np.float32), action_space=gym.spaces.Discrete(sizes[-1])
)
made = [make_networks(env, sizes[1:-1], seed) for seed in (first, first, first + 1)]
result = [[[net.get_weights() for net in pair] for pair in made]]
q_net, target_net = made[0]
q_net.set_weights(online)
result += [np.asarray(q_net(seen)), target_net.get_weights()]
target_net.set_weights(online)
result.append(np.asarray(target_net(seen)))
"""


def made(result, reference, inputs) -> bool:
    """Two networks of their own, equal at first, made from the seed."""
    weights, outputs, left, target_outputs = result
    shapes = [array.shape for array in inputs["online"]]
    for pair in weights:
        if len(pair) != 2 or any([array.shape for array in net] != shapes for net in pair):
            return False
        if not all(np.array_equal(one, two) for one, two in zip(*pair, strict=True)):
            return False
    kernel, again, other = (pair[0][0] for pair in weights)
    return (
        np.array_equal(kernel, again)
        and not np.array_equal(kernel, other)
        and all(np.array_equal(one, two) for one, two in zip(left, weights[0][1], strict=True))
        and np.allclose(outputs, reference[1], atol=1e-4)
        and np.allclose(target_outputs, reference[1], atol=1e-4)
    )


# --- td_targets, q_loss, soft_update, dqn_update


def targets(rng) -> dict:
    return {
        "paid": rng.normal(0, 3, size=6).astype("float32"),
        "values": rng.normal(0, 5, size=(6, 3)).astype("float32"),
        "ended": rng.permutation([True, True, False, False, False, rng.random() < 0.5]),
        "discount": rng.uniform(0.3, 0.95),
    }


TARGETS = """
compiled = tf.function(lambda *batch: td_targets(*batch, discount), autograph=False)
result = compiled(*map(tf.constant, (paid, values, ended)))
"""


def loss(rng) -> dict:
    """Values, actions and targets; errors on both sides of both ends of the parabola."""
    values, taken = rng.normal(0, 3, size=(6, 4)), rng.integers(4, size=6)
    errors = rng.permutation([0.2, -0.3, 0.6, -0.8, 1.5, -2.5]) * rng.uniform(0.8, 1.2, size=6)
    wanted = values[np.arange(6), taken] + errors
    return {
        "values": values.astype("float32"),
        "taken": taken,
        "wanted": wanted.astype("float32"),
    }


LOSS = """
def value_and_gradient(q, actions, targets):
    with tf.GradientTape() as tape:
        tape.watch(q)
        value = q_loss(q, actions, targets)
    return value, tape.gradient(value, q)

compiled = tf.function(value_and_gradient, autograph=False)
result = list(compiled(*map(tf.constant, (values, taken, wanted))))
"""


def learning(rng) -> dict:
    """Two networks, a batch of 6 transitions, some terminal, and settings."""
    sizes = layer_sizes(rng)
    return {
        "sizes": sizes,
        "online": arrays(rng, dense_shapes(sizes)),
        "following": arrays(rng, dense_shapes(sizes)),
        "columns": transitions(rng, sizes[0], rng.integers(sizes[-1], size=6)),
        "discount": rng.uniform(0.3, 0.95),
        "share": float(rng.uniform(0.1, 0.4)),
        "rate": rng.uniform(0.01, 0.1),
    }


PAIR = """
q_net, target_net = (labkit.mlp(sizes[0], sizes[1:-1], sizes[-1]) for either in range(2))
q_net.set_weights(online)
target_net.set_weights(following)
"""

SOFT = """
result = []
for update in range(2):
    soft_update(q_net, target_net, share)
    result += [q_net.get_weights(), target_net.get_weights()]
"""

STEP = """
sgd = keras.optimizers.SGD(rate)
sgd.build(q_net.trainable_variables)
agent = SimpleNamespace(
    q_net=q_net, target_net=target_net, optimizer=sgd, gamma=discount, tau=share
)
step = tf.function(lambda batch: dqn_update(agent, batch), autograph=False)
value = step(labkit.Batch(*map(tf.constant, columns)))
result = [value, q_net.get_weights(), target_net.get_weights()]
"""

# --- epsilon_greedy


def choice(rng) -> dict:
    last = int(rng.integers(60, 200))
    return {
        "values": rng.permutation([-1.0, 0.0, 0.5, 2.0]) + rng.normal(0, 0.1, size=4),
        "least": rng.uniform(0.1, 0.4),
        "last": last,
        "moments": [0, last // 3, 2 * last // 3, last, 3 * last, 0, last],
        "start": int(rng.integers(2**31)),
    }


CHOOSE = """
def chosen(step):
    agent = SimpleNamespace(
        obs=np.array([1.0, 2.0]), fast=lambda obs: values * obs[1] / (2 * obs[0]),
        rng=np.random.default_rng(start),
        env=SimpleNamespace(action_space=gym.spaces.Discrete(4)),
        epsilon_end=least, epsilon_steps=last,
    )
    return [epsilon_greedy(agent, step) for draw in range(3000)]

result = [chosen(step) for step in moments]
"""


def explored(result, reference, inputs) -> bool:
    """As often the best action as epsilon says, the others alike, and from `agent.rng`."""
    epsilons = [1 + (inputs["least"] - 1) * min(step / inputs["last"], 1) for step in inputs["moments"]]
    return (
        all(explores(*case, 3000) for case in zip(result, [inputs["values"]] * 7, epsilons, strict=True))
        and result[0] == result[5]
        and result[3] == result[6]
    )


# --- learn_if_due


def timing(rng) -> dict:
    every = int(rng.integers(3, 6))
    return {
        "every": every,
        "least": every * int(rng.integers(2, 4)),
        "shape": (rng.permutation(5)[:2] + 2).tolist(),
        "losses": rng.normal(size=(40, 5)).astype("float32"),
    }


DUE = """
calls, returned, buffer = [], [], labkit.ReplayBuffer(100, (2,), seed=0)

def learn(batches):
    calls.append([len(buffer), list(np.shape(batches.reward)), list(np.shape(batches.obs))])
    return losses[len(calls)]

agent = SimpleNamespace(
    buffer=buffer, learn=learn, learning_starts=least, learn_every=every,
    updates=shape[0], batch_size=shape[1],
)
for step in range(-every, 30):  # some transitions are stored before step 0
    returned.append(learn_if_due(agent, step) if step >= 0 else None)
    buffer.add([step, step], 0, float(step), [step, step], False)
result = [calls, returned]
"""

# --- agent_step


def script(rng) -> dict:
    """What a scripted world shows; episodes of four steps."""
    return {
        "shown": rng.normal(size=(5, 3)),
        "paid": rng.uniform(0.5, 3.0, size=4).tolist(),
        "direction": rng.normal(size=3),
    }


PLAY = """
def played(end):
    env, buffer = labkit.ScriptedEnv(shown, paid, end), labkit.RecordingBuffer((3,))
    agent = SimpleNamespace(
        env=env, buffer=buffer, rng=np.random.default_rng(0), total=0.0,
        fast=lambda obs: np.array([-obs @ direction, obs @ direction]),
        obs=shown[0], epsilon_end=0.0, epsilon_steps=1,
    )
    returned = [agent_step(agent, step) for step in range(1, 11)]
    seeds = {number if seed is None else seed for number, seed in enumerate(env.seeds)}
    return [returned, buffer.added, env.actions, len(seeds), agent.obs, agent.total]

result = [played("terminated"), played("truncated")]
"""

# --- evaluate_saved


def saved(rng) -> dict:
    """A network, and a world of one step that pays for each action in each state."""
    inputs, actions = (rng.permutation(4)[:2] + 2).tolist()
    return {
        "sizes": [inputs, 5, actions],
        "arrays": arrays(rng, dense_shapes([inputs, 5, actions])),
        "shown": rng.normal(size=(9, inputs)).astype("float32"),
        "table": rng.normal(size=(9, actions)),
        "count": int(rng.integers(10, 30)),
        "name": f"net{rng.integers(1000)}.keras",
    }


MEASURE = """
class Known(gym.Env):
    observation_space = gym.spaces.Box(-9, 9, (sizes[0],), np.float32)
    action_space = gym.spaces.Discrete(sizes[-1])
    episode = -1

    def reset(self, *, seed=None, options=None):
        self.episode = (self.episode + 1) % len(shown)
        return shown[self.episode], {}

    def step(self, action):
        return shown[self.episode], float(table[self.episode, action]), True, False, {}

def measured(inputs, outputs, arrays=None):
    net = labkit.mlp(inputs, [5], outputs)
    if arrays:
        net.set_weights(arrays)
    with TemporaryDirectory() as folder:
        labkit.save_network(net, Path(folder) / name)
        return evaluate_saved(Path(folder) / name, Known(), episodes=count)

got = measured(sizes[0], sizes[-1], arrays)
result = [type(got).__name__, got.returns]
for inputs, outputs in [(sizes[0], sizes[-1] - 1), (sizes[0] + 1, sizes[-1])]:
    try:
        measured(inputs, outputs)
    except ValueError as error:
        result.append(name in str(error))
"""

# --- compiled_choice


def compiled(rng) -> dict:
    return {
        "arrays": arrays(rng, dense_shapes([8, 4])),
        "seen": rng.normal(size=8).astype("float32"),
        "share": rng.uniform(0.3, 0.7),
        "start": int(rng.integers(2**31)),
    }


COMPILED = """
net = labkit.mlp(8, [], 4)
net.set_weights(arrays)
result = []
for epsilon in (0.0, share, 1.0):
    choose = compiled_choice(net, epsilon, start)
    result.append([int(choose(tf.constant(seen))) for draw in range(1500)])
"""


def varied(result, reference, inputs) -> bool:
    """The best action with epsilon 0; else each as often as it should be."""
    kernel, bias = inputs["arrays"]
    values = inputs["seen"] @ kernel + bias
    return all(
        explores(actions, values, epsilon, 1500)
        for actions, epsilon in zip(result, (0.0, inputs["share"], 1.0), strict=True)
    )


EXERCISES = [
    Graded("make-networks", network, NETWORKS, judge=made, draws=3),
    Graded("td-targets", targets, TARGETS, atol=1e-4, draws=3),
    Graded("q-loss", loss, LOSS, atol=1e-4, draws=3),
    Graded("soft-update", learning, PAIR + SOFT, atol=1e-5, draws=3),
    Graded("gradient-step", learning, PAIR + STEP, atol=1e-4, draws=3),
    Graded("choose-action", choice, CHOOSE, judge=explored, draws=2),
    Graded("learn-if-due", timing, DUE),
    Graded("play-step", script, PLAY),
    Graded("measure-saved", saved, MEASURE, draws=3),
    Graded("compiled-choice", compiled, COMPILED, judge=varied, draws=1),
]
