"""How the exercises of this lesson are marked: inputs, probes and judges."""

import numpy as np

from coursekit.grading import Graded, arrays, dense, dense_shapes, returns, transitions


def near(sample, mean: float, deviation: float) -> bool:
    """Whether independent normal draws may well have this mean and standard deviation.

    Both are within 6 of their own standard errors.
    """
    error = deviation / np.sqrt(sample.size)
    return abs(sample.mean() - mean) <= 6 * error and (abs(sample.std() - deviation) <= 6 * error / np.sqrt(2))


# --- OUNoise


def process(rng) -> dict:
    return {
        "spring": rng.uniform(0.1, 0.6),
        "spread": rng.uniform(0.1, 0.5),
        "aim": rng.normal(0, 2, size=2),
        "begin": rng.normal(0, 2, size=2),
        "pushes": rng.normal(size=(4, 2)),
        "start": int(rng.integers(2**31)),
    }


NOISE = """
still = OUNoise(2, theta=spring, sigma=0.0, drift=aim)
still.value = begin.copy()
exact = [still.step(push) for push in pushes] + [still.step()]
still.reset()
exact.append(still.value)

def path(seed):
    noise = OUNoise(2, theta=spring, sigma=spread, drift=aim, seed=seed)
    return np.array([noise.step() for step in range(4000)])

result = [exact, path(start), path(start), path(start + 1)]
"""


def wandered(result, reference, inputs) -> bool:
    """Exact without randomness; else what is added is white, normal and from the seed."""
    exact, first, again, other = result
    if not np.allclose(exact, reference[0]) or first.shape != (4000, 2):
        return False
    before = np.concatenate([np.zeros((1, 2)), first[:-1]])
    added = first - before - inputs["spring"] * (inputs["aim"] - before)
    uniform = np.abs(added).max() < 2.5 * inputs["spread"]
    mixed = np.corrcoef(np.concatenate([added[1:].T, added[:-1].T])) - np.eye(4)
    return (
        all(near(column, 0.0, inputs["spread"]) for column in added.T)
        and np.abs(mixed).max() < 0.1
        and not uniform
        and np.array_equal(first, again)
        and not np.array_equal(first, other)
    )


# --- smile, Explorer


def wall(rng) -> dict:
    """Actions on both sides of both edges."""
    edge = rng.uniform(0.3, 0.7)
    beyond = rng.uniform(0.1, 1.0, size=2)
    inside = rng.uniform(-edge, edge, size=3)
    return {
        "a_few": np.concatenate([edge + beyond, inside, -edge - beyond]),
        "default": rng.uniform(1.0, 2.0, size=(2, 2)) * np.array([1.0, -1.0]),
        "corner": edge,
        "stiff": rng.uniform(1.5, 4.0),
    }


SMILE = "result = [{name}(a_few, edge=corner, stiffness=stiff), {name}(default)]"


def exploring(rng) -> dict:
    return {
        "matrix": rng.normal(size=(3, 2)),
        "seen": rng.normal(size=(6, 3)),
        "noises": rng.normal(0, 0.7, size=(7, 2)),
    }


EXPLORE = """
class Known:
    def __init__(self):
        self.time, self.forces, self.resets = 0, [], 0

    @property
    def value(self):
        return noises[self.time].copy()

    def reset(self):
        self.resets += 1

    def step(self, force=0.0):
        self.forces.append(np.array(np.broadcast_to(force, 2), float))
        self.time += 1
        return self.value

def explored(wall):
    noise, wanted = Known(), np.tanh(seen @ matrix)
    explorer = Explorer(lambda obs: wanted[noise.time], noise, wall)
    actions = [explorer(obs) for obs in seen]
    explorer.reset()
    return [actions, noise.forces, noise.resets, wanted]

result = [explored(False), explored(True)]
"""

# --- build_actor, build_critic


def structure(rng) -> dict:
    """Sizes, no two alike, and a weight for each shape that occurs."""
    obs, action, *units = (rng.permutation(9) + 2)[:7].tolist()
    first, second, branch, other, joint = units
    actor = [(obs, first), (first,), (first, second), (second,), (second, action), (action,)]
    critic = [(obs, branch), (branch,), (action, other), (other,)]
    critic += [(branch + other, joint), (joint,), (joint, 1), (1,)]
    return {
        "sizes": [obs, action, [first, second], [branch], [other], [joint]],
        "actor_arrays": arrays(rng, actor),
        "critic_arrays": arrays(rng, critic),
        "seen": rng.normal(size=(40, obs)).astype("float32"),
        "acted": rng.uniform(-1, 1, size=(40, action)).astype("float32"),
    }


NETWORKS = """
def filled(net, arrays):
    known = {tuple(array.shape): array for array in arrays}
    shapes = [tuple(weight.shape) for weight in net.weights]
    for weight, shape in zip(net.weights, shapes):
        weight.assign(known[shape])
    return [list(shape) for shape in sorted(shapes)]

obs, action, *units = sizes
plan = Structure(obs, action, *map(tuple, units))
actor, critic = build_actor(plan), build_critic(plan)
shapes = [filled(actor, actor_arrays), filled(critic, critic_arrays)]
bare = [build(Structure(obs, action, (), (), (), ())) for build in (build_actor, build_critic)]
shapes += [sorted(list(w.shape) for w in net.weights) for net in bare]
result = [shapes, np.asarray(actor(seen)), np.asarray(critic([seen, acted]))]
"""


def joined(result, reference, inputs) -> bool:
    """The actor's outputs are exact; the critic's for one order of its branches or the other."""
    shapes, actions, values = result
    if shapes != reference[0] or np.shape(actions) != reference[1].shape:
        return False
    a, b, c, d, joint, e, last, f = inputs["critic_arrays"]
    x = np.maximum(inputs["seen"] @ a + b, 0)
    y = np.maximum(inputs["acted"] @ c + d, 0)
    orders = [np.concatenate(order, axis=1) for order in ((x, y), (y, x))]
    right = [np.maximum(order @ joint + e, 0) @ last + f for order in orders]
    return np.allclose(actions, reference[1], atol=1e-4) and any(
        values.shape == q.shape and np.allclose(values, q, rtol=1e-3, atol=1e-3) for q in right
    )


# --- soft_update

SHAPES = dense_shapes([3, 4, 2])


def following(rng) -> dict:
    return {
        "online": arrays(rng, SHAPES),
        "behind": arrays(rng, SHAPES),
        "share": float(rng.uniform(0.1, 0.4)),
    }


SOFT = """
def nets():
    pair = [labkit.mlp(3, [4], 2) for either in range(2)]
    for net, arrays in zip(pair, (online, behind)):
        net.set_weights(arrays)
    return pair

eager, compiled = nets(), nets()
soft_update(*eager, share)
step = tf.function(lambda: soft_update(*compiled, share))
step()
step()
result = [[net.get_weights() for net in pair] for pair in (eager, compiled)]
"""

# --- Ring


def stored(rng) -> dict:
    """More transitions than fit; rewards tell them apart."""
    count = int(rng.integers(14, 20))
    return {
        "capacity": int(rng.integers(8, 13)),
        "stored": [
            rng.normal(size=(count, 3)),
            rng.normal(size=(count, 2)),
            rng.permutation(count) + 1.0,
            rng.normal(size=(count, 3)),
            rng.random(count) < 0.3,
        ],
        "start": int(rng.integers(2**31)),
    }


RING = """
def filled():
    ring, held = Ring(capacity, 3, 2, seed=start), []
    for number, row in enumerate(zip(*stored)):
        ring.add(*row)
        if number in (3, len(stored[0]) - 1):
            batches = [ring.sample(2000), ring.sample(2000)]
            held.append([len(ring), ring.count, ring.rows.copy(), *batches])
    return held, ring.sample(20)[2]

(result, one), (_, other) = filled(), filled()
result.append(np.array_equal(one, other))
"""


def remembered(result, reference, inputs) -> bool:
    """Rows where they belong; whole transitions, those in the ring, equally often, at random."""
    rewards = inputs["stored"][2]
    if result[2] is not True:
        return False
    for (size, count, rows, *batches), want in zip(result[:2], reference[:2], strict=True):
        if [size, count] != want[:2] or not np.array_equal(rows, want[2]):
            return False
        drawn = []
        for batch in batches:
            if not isinstance(batch, tuple) or [len(column) for column in batch] != [2000] * 5:
                return False
            numbers = np.argmax(np.round(batch[2])[:, None] == rewards, axis=1)
            for column, source in zip(batch, inputs["stored"], strict=True):
                if not np.allclose(column, source[numbers], atol=1e-5):
                    return False
            drawn.append(numbers)
        counts = np.bincount(drawn[0], minlength=len(rewards))[:count][-size:]
        deviation = np.sqrt(2000 / size * (1 - 1 / size))
        if counts.sum() != 2000 or np.abs(counts - 2000 / size).max() > 6 * deviation:
            return False
        if len(set(np.diff(drawn[0][:50]).tolist())) <= 3 or np.array_equal(*drawn):
            return False
    return True


# --- td_targets, critic_update, actor_update, hasty_update


def learning(rng) -> dict:
    """Actors and critics, online and target; a batch of 6 transitions, some terminal."""
    return {
        "actors": [arrays(rng, SHAPES) for either in range(2)],
        "critics": [arrays(rng, [(3, 5), (5,), (7, 6), (6,), (6, 1), (1,)]) for either in range(2)],
        "columns": transitions(rng, 3, rng.uniform(-1, 1, size=(6, 2)).astype("float32")),
        "discount": float(rng.uniform(0.3, 0.95)),
        "scaling": float(rng.uniform(0.2, 0.8)),
        "rate": float(rng.uniform(0.01, 0.1)),
    }


AGENT = """
def agent_of(own_targets=True):
    plan = Structure(3, 2, (4,), (5,), (), (6,))
    nets = [build(plan) for build in (build_actor, build_critic) for either in range(2)]
    for net, arrays in zip(nets, [*actors, *critics]):
        net.set_weights(arrays)
    actor, target_actor, critic, target_critic = nets
    if not own_targets:
        target_actor, target_critic = actor, critic
    sgd = [keras.optimizers.SGD(rate) for use in range(3)]
    for optimizer, learning in zip(sgd, ([actor], [critic], [critic, actor])):
        optimizer.build([w for net in learning for w in net.trainable_variables])
    return SimpleNamespace(
        actor=actor, target_actor=target_actor, critic=critic, target_critic=target_critic,
        actor_optimizer=sgd[0], critic_optimizer=sgd[1], optimizer=sgd[2],
        gamma=discount, reward_scale=scaling,
    )

batch = labkit.Batch(*map(tf.constant, columns))
"""

TARGETS = """
agent = agent_of()
result = tf.function(lambda b: td_targets(agent, b), autograph=False)(batch)
"""

UPDATE = """
result = []
for own_targets in (True, False):
    agent = agent_of(own_targets)
    loss = tf.function(lambda b: {update}(agent, b), autograph=False)(batch)
    result.append([loss, agent.critic.get_weights(), agent.actor.get_weights()])
"""

HASTY = """
agent = agent_of()
losses = tf.function(lambda b: hasty_update(agent, b), autograph=False)(batch)
result = [*losses, agent.critic.get_weights(), agent.actor.get_weights()]
"""

# --- agent_step, train


def script(rng) -> dict:
    return {
        "shown": rng.normal(size=(40, 2)),
        "paid": rng.normal(size=40),
        "lasting": int(rng.integers(3, 6)),
        "due": rng.permutation([True, True, True, *[False] * 7]),
        "scores": rng.normal(size=6),
        "often": int(rng.integers(4, 7)),
        "sample_size": rng.permutation([3, 5]).tolist(),
    }


REHEARSE = """
class Known:
    def __init__(self, ending):
        self.ending, self.count, self.actions = ending, 0, []

    def reset(self, **settings):
        return shown[self.count], {}

    def step(self, action):
        self.actions.append(np.array(action))
        self.count += 1
        over = self.count % lasting == 0
        ends = [over and self.ending == name for name in ("terminated", "truncated")]
        return shown[self.count], float(paid[self.count]), *ends, {}

class Part:
    def __init__(self, ending="terminated"):
        self.env, self.learned, self.tested = Known(ending), [], []
        self.buffer = labkit.RecordingBuffer((2,), (1,), action_dtype=np.float32)
        self.fast, self.training = labkit.mlp(2, [], 1), labkit.Training("", [])
        self.sizes, self.obs, self.total, self.totals = tuple(sample_size), shown[0], 0.0, []
        self.asked = 0

    def act(self):
        self.asked += 1
        return np.tanh(self.obs[:1])

    def learns_now(self):
        return bool(due[self.env.count % len(due)])

    def learn(self, batches):
        self.learned.append([len(self.buffer.added), *batches.reward.shape])

    def new_episode(self):
        self.totals.append(self.total)
        self.obs, self.total = shown[-self.env.count], 0.0

    def test(self, policy):
        assert policy is self.fast
        self.tested.append(self.env.count)
        return float(scores[len(self.tested) - 1])
"""

ONE_STEP = """
result = []
for ending in ("terminated", "truncated"):
    part = Part(ending)
    for step in range(11):
        agent_step(part)
    ends = [part.asked, part.obs, part.total, part.totals]
    sizes = [[draw.found, *draw.size] for draw in part.buffer.draws]
    result.append([part.env.actions, part.buffer.added, sizes, part.learned, ends])
"""

# With 0 minutes, to the end, in two calls, and out of time.
LOOP = """
part, result = Part(), []
for minutes, steps in [(0, 12), (5, 12), (5, 20)]:
    train(part, minutes=minutes, steps=steps, every=often)
    result.append([part.env.count, list(part.tested), [list(s) for s in part.training.scores]])
hurried = Part()
hurried.env.step = lambda action: (time.sleep(0.002), (shown[0], 0.0, False, False, {}))[1]
train(hurried, minutes=0.005, steps=1500, every=10_000)
result.append(len(hurried.buffer.added) < 1000)  # perhaps none: the plot alone takes a while
"""

# A whole agent: the pendulum.
LEARN = """
def tested(policy):
    return labkit.evaluate(make("Pendulum-v1"), policy, episodes=10, seed=20_000).mean

agent = Agent("", make("Pendulum-v1"), Structure(obs=3, action=1), tested, start)
train(agent, minutes=10, steps=8000)
agent.training.restore_best()
result = agent.actor.get_weights()
"""


def swings_up(result, reference, inputs) -> bool:
    """The actor's weights, played here, hold the pendulum up."""
    actor = dense(result, [3, 64, 64, 1], output="tanh")
    played = returns("Pendulum-v1", lambda obs: 2 * actor(obs), 50, seed=7)
    return played.mean() > -300


# --- pendulum_test, pendulum_agent


def pendulum(rng) -> dict:
    return {
        "brake": rng.normal(size=3) / 8,
        "start": int(rng.integers(1000)),
        "discount": rng.uniform(0.3, 0.95),
    }


PENDULUM_TEST = """
score = pendulum_test(lambda obs: np.array([np.tanh(obs @ brake)]))
result = score if type(score) is float else None
"""

PENDULUM_AGENT = """
agent = pendulum_agent(seed=start, gamma=discount)
result = [
    isinstance(agent, Agent), agent.env.spec.id, agent.env.action_space.high,
    agent.gamma, agent.reward_scale,
    [agent.actor.input_shape[-1], agent.actor.output_shape[-1]], agent.obs,
    agent.test is pendulum_test,
]
"""

# --- perturbed


def weights(rng) -> dict:
    return {
        "arrays": [rng.normal(size=shape) for shape in [(60, 50), (50,), (60, 50)]],
        "spread": rng.uniform(0.1, 2.0),
        "start": int(rng.integers(2**31)),
    }


PERTURB = """
rng = np.random.default_rng(start)
result = [perturbed(arrays, spread, rng), perturbed(arrays, spread, rng)]
result += [perturbed(arrays, spread, np.random.default_rng(start)), arrays]
"""


def disturbed(result, reference, inputs) -> bool:
    """Independent normal noise on each number, from `rng`; the old weights are as before."""
    first, second, again, left = result
    old = inputs["arrays"]
    if not isinstance(first, list) or [np.shape(w) for w in first] != [w.shape for w in old]:
        return False
    added = [new - w for new, w in zip(first, old, strict=True)]
    mixed = np.corrcoef(added[0].ravel(), added[2].ravel())[0, 1]
    return (
        all(np.array_equal(w, before) for w, before in zip(left, old, strict=True))
        and all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
        and not np.array_equal(first[0], second[0])
        and all(near(noise, 0.0, inputs["spread"]) for noise in added)
        and abs(mixed) < 0.15
    )


EXERCISES = [
    Graded("noise", process, NOISE, judge=wandered, draws=3),
    Graded("smile", wall, SMILE.format(name="smile"), points_share=0.5),
    Graded("smile", wall, SMILE.format(name="smile_slope"), points_share=0.5),
    Graded("explorer", exploring, EXPLORE),
    Graded("networks", structure, NETWORKS, judge=joined, draws=3),
    Graded("soft-update", following, SOFT, atol=1e-5, draws=3),
    Graded("ring", stored, RING, judge=remembered, draws=3),
    Graded("td-targets", learning, AGENT + TARGETS, atol=1e-4, draws=3),
    Graded(
        "updates",
        learning,
        AGENT + UPDATE.format(update="critic_update"),
        points_share=0.5,
        atol=1e-4,
        draws=3,
    ),
    Graded(
        "updates",
        learning,
        AGENT + UPDATE.format(update="actor_update"),
        points_share=0.5,
        atol=1e-4,
        draws=3,
    ),
    Graded("hasty-update", learning, AGENT + HASTY, atol=1e-4, draws=3),
    Graded("train", script, REHEARSE + ONE_STEP, points_share=0.4, draws=3),
    Graded("train", script, REHEARSE + LOOP, points_share=0.3, draws=1),
    Graded(
        "train",
        lambda rng: {"start": int(rng.integers(1000))},
        LEARN,
        points_share=0.3,
        judge=swings_up,
        draws=1,
        seconds=90.0,
    ),
    Graded("pendulum-agent", pendulum, PENDULUM_TEST, points_share=0.4, draws=1),
    Graded("pendulum-agent", pendulum, PENDULUM_AGENT, points_share=0.6, draws=1),
    Graded("perturbed", weights, PERTURB, judge=disturbed, draws=3),
]
