"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import of

REFUSE = "if np.shape(obs)[-3:] != (84, 84, 3):\n    raise ValueError('no pictures')\n"

FEATURES = """x = pictures
for count in filters:
    x = keras.layers.Conv2D(count, 3, activation="relu")(x)
x = keras.layers.Flatten()(x)
return keras.layers.Dense(hidden, activation="relu")(x)"""

COPY = "twin = keras.models.clone_model(net)\ntwin.set_weights(net.get_weights())\nreturn twin"

VALUES = "online, target = agent.q_net(batch.next_obs), agent.target_net(batch.next_obs)\n"
UPDATE = (
    VALUES
    + """goes_on = 1.0 - tf.cast(batch.terminated, tf.float32)
targets = batch.reward + agent.gamma * agent.next_value(online, target) * goes_on
variables = agent.q_net.trainable_variables
with tf.GradientTape() as tape:
    taken = tf.gather(agent.q_net(batch.obs), batch.action, batch_dims=1)
    loss = huber(targets, taken)
agent.optimizer.apply(tape.gradient(loss, variables), variables)
labkit.soft_update(agent.q_net, agent.target_net, agent.tau)
return loss"""
)
BLEND = "labkit.soft_update(agent.q_net, agent.target_net, agent.tau)\n"

PLAY = """obs, info = agent.worlds.reset()
small = small_pictures(obs, agent.pixels)
returns, over = np.zeros(agent.worlds.num_envs), False
while not over:
    action = agent.act(small, epsilon)
    obs, reward, terminated, truncated, info = agent.worlds.step(action)
    next_small = small_pictures(obs, agent.pixels)
"""
STORE = "agent.buffer.extend(small, action, reward, next_small, terminated)"
COUNT, GO_ON, CUT = "returns += reward", "small = next_small", "over = truncated.all()"

TRUTH = """truth, ahead = np.zeros(np.shape(rewards)), 0.0
for t in reversed(range(len(rewards))):
    ahead = rewards[t] + gamma * ahead
    truth[t] = ahead
belief = np.max(values, axis=2)
"""

MEAN = "return float(np.mean((belief - truth)[:judged]))"
LISTED = """truth, ahead = [], 0.0
for t in reversed(range(len(rewards))):
    ahead = rewards[t] + gamma * ahead
    truth.append(ahead)
truth, belief = np.array(truth[::-1]), np.max(values, axis=2)
"""


def played(*lines: str) -> str:
    """The body of play_games with these lines in the place of the answer."""
    return PLAY + "".join(f"    {line}\n" for line in lines) + "return returns"


MISTAKES = [
    *of(
        "small-pictures",
        "def small_pictures(obs, pixels=12):",
        (REFUSE + "return obs[::pixels, ::pixels]", "put `...` before them"),
        (REFUSE + "return obs[..., ::pixels, ::pixels, 0]", "The colours are lost"),
        (REFUSE + "return obs[..., ::pixels, ::pixels, ::pixels]", "The colours are lost"),
        (REFUSE + "return obs[..., ::pixels]", "The colours are lost"),
        (REFUSE + "return obs[..., ::pixels, :]", "one pixel of each cell"),
        (REFUSE + "return obs[..., : 84 // pixels, : 84 // pixels, :]", "a corner of the picture"),
        (REFUSE + "return obs[..., pixels // 2 :: pixels, pixels // 2 :: pixels, :]", "Begin with pixel 0"),
        (REFUSE + "return obs[:, ::pixels, ::pixels, :]", "One picture alone"),
        (REFUSE + "return np.stack([one[::pixels, ::pixels] for one in obs])", "One picture alone"),
        (REFUSE + "return obs[..., ::12, ::12, :]", "use `pixels`, not 12"),
        (REFUSE + "return obs[..., ::pixels, ::pixels, :] / 255", "must stay uint8"),
        (REFUSE + "return obs[..., ::pixels, ::pixels, :].swapaxes(-3, -2)", "Rows and columns are exchanged"),
        ("return obs[..., ::pixels, ::pixels, :]", "must still raise ValueError"),
        (REFUSE + "obs[..., ::pixels, ::pixels, :]", "is a `return` missing?"),
    ),
    *of(
        "features",
        "def features(pictures, filters, hidden):",
        (FEATURES.replace("x = keras.layers.Flatten()(x)\n", ""), "flatten the maps"),
        (FEATURES.replace("3, activation", "3, padding='same', activation"), "no strides, no padding"),
        (FEATURES.replace("3, activation", "3, strides=2, activation"), "no strides, no padding"),
        (FEATURES.replace("count, 3", "count, 2"), "Each window must be 3 by 3"),
        (FEATURES.replace('3, activation="relu"', "3"), "The convolutions need activation"),
        (FEATURES.replace('hidden, activation="relu"', "hidden"), "The dense layer needs activation"),
        (FEATURES.replace('activation="relu")(x)\nx', 'activation="relu")(pictures)\nx'), "x = layer(x)"),
        (FEATURES.replace("for count in filters:", "for count in filters[:1]:"), "expected 2"),
        (FEATURES.replace("Conv2D(count", "Conv2D(filters[0]"), "its own number of filters"),
        (FEATURES.replace("Conv2D(count", "Conv2D(32"), "its own number of filters"),
        (FEATURES.replace("in filters", "in reversed(filters)"), "in the order of `filters`"),
        (FEATURES.replace("Flatten", "GlobalAveragePooling2D"), "where a thing was seen is lost"),
        (FEATURES.replace('return keras.layers.Dense(hidden, activation="relu")(x)', "return x"), "`hidden` units"),
        (FEATURES.replace("Dense(hidden", "Dense(256"), "`hidden` units"),
        (
            FEATURES.replace(
                "x = keras.layers.Flatten", "x = keras.layers.MaxPooling2D(2)(x)\nx = keras.layers.Flatten"
            ),
            "where a thing was seen is lost",
        ),
        (
            FEATURES.replace(
                "x = keras.layers.Flatten", "x = keras.layers.BatchNormalization()(x)\nx = keras.layers.Flatten"
            ),
            "not BatchNormalization",
        ),
        (FEATURES.replace('"relu"', '"tanh"'), "The convolutions need activation"),
        (
            FEATURES.replace('hidden, activation="relu")(x)', 'hidden, activation="relu")'),
            "Return the output of the last layer",
        ),
        (
            FEATURES.replace("for count in filters:", "for count in (filters[0], filters[1]):"),
            "go through `filters` in a loop",
        ),
        (FEATURES.replace("x = pictures", "x = pictures / 255"), "divides them already"),
        (
            FEATURES.replace("return ", "x = ") + "\nreturn keras.Model(pictures, x)",
            "Return the output of the last layer",
        ),
        (FEATURES.replace("return keras", "keras"), "is a `return` missing?"),
        (FEATURES.replace("x = pictures", "x = keras.layers.Rescaling(1 / 255)(pictures)"), "divides them already"),
    ),
    *of(
        "target-copy",
        "def target_copy(net):",
        ("return net", "under a second name"),
        ("return keras.models.clone_model(net)", "has weights of its own"),
        ("return keras.Model(net.inputs, net.outputs)", "share their weights"),
        (COPY.replace("twin.set_weights(net.get_weights())", "net.set_weights(twin.get_weights())"), "only the clone"),
        (COPY.replace("twin.set_weights(net.get_weights())", "twin.set_weights(twin.get_weights())"), "give it those"),
        (COPY.replace("return twin", "return twin.get_weights()"), "must return a Keras network"),
        (COPY.replace("return twin", "twin"), "is a `return` missing?"),
    ),
    *of(
        "update",
        "def dqn_update(agent, batch):",
        (
            UPDATE.replace("agent.next_value(online, target)", "agent.next_value(target, online)"),
            "first those of q_net",
        ),
        (UPDATE.replace("agent.target_net(batch.next_obs)", "agent.q_net(batch.next_obs)"), "first those of q_net"),
        (UPDATE.replace("batch.next_obs", "batch.obs"), "the values of batch.next_obs"),
        (BLEND + UPDATE.replace(BLEND, ""), "before either network has changed"),
        (UPDATE.replace("agent.next_value(online, target)", "tf.reduce_max(target, axis=1)"), "must come from"),
        (UPDATE.replace("1.0 - tf.cast(batch.terminated, tf.float32)", "1.0"), "still bootstrap after `terminated`"),
        (UPDATE.replace("1.0 - tf.cast", "tf.cast"), "The mask is inverted"),
        (
            UPDATE.replace("batch.reward + ", "(batch.reward + ").replace(" * goes_on", ") * goes_on"),
            "wipes out the reward",
        ),
        (UPDATE.replace("agent.gamma * ", ""), "not discounted"),
        (UPDATE.replace("huber(targets, taken)", "tf.reduce_mean((targets - taken) ** 2)"), "error is squared"),
        (UPDATE.replace("huber(targets, taken)", "tf.reduce_mean((targets - taken) ** 2) / 2"), "error is squared"),
        (UPDATE.replace(", batch_dims=1", ""), "Rows or all actions are compared"),
        (UPDATE.replace("batch_dims=1", "axis=1"), "Rows or all actions are compared"),
        (
            UPDATE.replace("tf.gather(agent.q_net(batch.obs), batch.action, batch_dims=1)", "agent.q_net(batch.obs)"),
            "Rows or all actions are compared",
        ),
        (UPDATE.replace("gamma", "x").replace("tau", "gamma").replace("agent.x", "agent.tau"), "are exchanged"),
        (UPDATE.replace("agent.tau", "1 - agent.tau"), "is given 1 - tau"),
        (
            UPDATE.replace("with tf", "q = agent.q_net(batch.obs)\nwith tf").replace(
                "gather(agent.q_net(batch.obs)", "gather(q"
            ),
            "call it and `huber` in the `with`",
        ),
        (UPDATE.replace("agent.q_net(batch.obs)", "agent.q_net.predict(batch.obs, verbose=0)"), "no predict"),
        (UPDATE.replace("huber(targets, taken)", "-huber(targets, taken)"), "goes up the gradient"),
        (
            UPDATE.replace("agent.optimizer.apply(tape.gradient(loss, variables), variables)\n", ""),
            "q_net has not learned",
        ),
        (UPDATE.replace(BLEND, ""), "The target network does not follow"),
        (UPDATE.replace("agent.target_net, agent.tau)", "agent.target_net, 1.0)"), "The target network is copied"),
        (UPDATE.replace("(agent.q_net, agent.target_net", "(agent.target_net, agent.q_net"), "exchange the two"),
        (
            UPDATE.replace(BLEND, "").replace("agent.optimizer.apply", BLEND + "agent.optimizer.apply"),
            "must come after it",
        ),
        (
            UPDATE.replace(
                "tf.gather(agent.q_net(batch.obs), batch.action, batch_dims=1)",
                "tf.reduce_max(agent.q_net(batch.obs), axis=1)",
            ),
            "that of the action taken",
        ),
        (UPDATE.replace("return loss", ""), "the loss gives None"),
        (UPDATE.replace("return loss", "return float(loss)"), "TensorFlow cannot record it"),
        (
            UPDATE.replace("tf.cast(batch.terminated, tf.float32)", "np.float32(batch.terminated.numpy())"),
            "TensorFlow cannot record it",
        ),
    ),
    *of(
        "epsilon-of",
        "def epsilon_of(step, explore, anneal, end):",
        ("return labkit.linear_decay(1.0, end, anneal, step - explore)", "a probability is at most 1"),
        ("return labkit.linear_decay(1.0, end, anneal, step)", "pure exploration"),
        (
            "return 1.0 if step < explore else labkit.linear_decay(1.0, end, anneal, step)",
            "The line begins in round 0",
        ),
        (
            "return labkit.linear_decay(1.0, end, anneal - explore, max(0, step - explore))",
            "`anneal` rounds after exploration",
        ),
        ("return max(0.0, min(1.0, 1 - (step - explore) / anneal))", "must not fall below `end`"),
        ("return max(end, min(1.0, 1 - (step - explore) / anneal))", "The line must reach `end`"),
        ("return 1.0 if step < 3 else labkit.linear_decay(1.0, end, anneal, step - 3)", "Other settings"),
        ("return labkit.linear_decay(1.0, end, 10, max(0, step - explore))", "Other settings"),
        ("return labkit.linear_decay(1.0, 0.2, anneal, max(0, step - explore))", "Other settings"),
        ("return 1.0 if step < explore else end", "epsilon falls too fast"),
        (
            "return 1.0 if step <= explore else labkit.exponential_decay(1.0, end, 0.9, step - explore)",
            "epsilon in round 8",
        ),
        ("labkit.linear_decay(1.0, end, anneal, max(0, step - explore))", "is a `return` missing?"),
    ),
    *of(
        "play-games",
        "def play_games(agent, epsilon):",
        (played(STORE.replace("terminated", "terminated | truncated"), COUNT, GO_ON, CUT), "the end of the world"),
        (played(STORE.replace("terminated", "truncated"), COUNT, GO_ON, CUT), "the end of the world"),
        (played(GO_ON, STORE, COUNT, CUT), "store first, then go on"),
        (played(STORE.replace("next_small", "obs"), COUNT, GO_ON, CUT), "in this order"),
        (played(STORE.replace("reward, next_small", "next_small, reward"), COUNT, GO_ON, CUT), "in this order"),
        (played(STORE, COUNT, "small = small_pictures(obs)", CUT), "in this order"),
        (played(STORE.replace("action, reward", "reward, action"), COUNT, GO_ON, CUT), "The second column"),
        (played(STORE, COUNT, CUT), "for ever"),
        (played(STORE.replace("next_small", "small"), COUNT, GO_ON, CUT), "the one after the step"),
        (played(STORE.replace("extend", "add"), COUNT, GO_ON, CUT), "extend takes those of all worlds"),
        (played(COUNT, GO_ON, CUT), "once a step"),
        (played(COUNT, STORE.replace("reward", "returns"), GO_ON, CUT), "the rewards of this step alone"),
        (played(STORE, "returns += reward.sum()", GO_ON, CUT), "counts the rewards of all"),
        (played(STORE, "returns += reward.mean()", GO_ON, CUT), "counts the mean of all"),
        (played(STORE, "returns = reward", GO_ON, CUT), "Only the last rewards"),
        (played(STORE, GO_ON, CUT), "The rewards are not counted"),
        (played(STORE, COUNT, GO_ON), "set `over`"),
        (played(STORE, COUNT, GO_ON, "over = terminated.all()"), "set `over`"),
        (played(STORE, COUNT, GO_ON, "over = truncated"), "one truth value for each world"),
        (played(STORE, COUNT, GO_ON, "over = True"), "when all are truncated"),
        (
            played(STORE.replace("action,", "np.zeros(2, int),"), COUNT, GO_ON, CUT),
            "the actions that were taken",
        ),
    ),
    *of(
        "dueling-values",
        "def dueling_values(value, advantage):",
        ("return value + advantage", "is not subtracted"),
        ("return value + advantage - keras.ops.max(advantage, axis=1, keepdims=True)", "take the mean"),
        ("return value + advantage + keras.ops.mean(advantage, axis=1, keepdims=True)", "is added: subtract it"),
        ("return value + advantage - keras.ops.mean(advantage, axis=0)", "goes down the columns"),
        ("return value + advantage - keras.ops.mean(advantage, axis=1)", "keepdims=True"),
        ("return value + advantage - keras.ops.mean(advantage)", "One mean for the whole batch"),
        ("return value + advantage - keras.ops.sum(advantage, axis=1, keepdims=True)", "The sum of the advantages"),
        ("return advantage - keras.ops.mean(advantage, axis=1, keepdims=True)", "V is lost"),
        ("q = value + advantage\nreturn q - keras.ops.mean(q, axis=1, keepdims=True)", "the mean of A alone"),
        (
            "return value + advantage - keras.ops.sum(advantage, axis=1, keepdims=True) / len(advantage)",
            "by the number of rows",
        ),
        ("return value - advantage + keras.ops.mean(advantage, axis=1, keepdims=True)", "The advantage is subtracted"),
        ("return value + advantage - np.mean(advantage, axis=1, keepdims=True)", "use keras.ops"),
        ("value + advantage - keras.ops.mean(advantage, axis=1, keepdims=True)", "is a `return` missing?"),
    ),
    *of(
        "double-value",
        "def double_value(online, target):",
        ("return tf.reduce_max(target, axis=1)", "the online network chooses"),
        ("return tf.reduce_max(online, axis=1)", "the target network judges"),
        ("return tf.gather(online, tf.argmax(target, axis=1), batch_dims=1)", "The two are exchanged"),
        ("best = tf.argmax(online, axis=1)\nreturn tf.gather(online, best, batch_dims=1)", "the target network judges"),
        ("return tf.reduce_max(tf.minimum(online, target), axis=1)", "The smaller of two"),
        (
            "return tf.minimum(tf.reduce_max(online, axis=1), tf.reduce_max(target, axis=1))",
            "The smaller of two largest",
        ),
        ("return tf.gather(target, tf.argmin(online, axis=1), batch_dims=1)", "worst"),
        ("return tf.gather(target, tf.argmax(online, axis=0), batch_dims=1)", "goes down the columns"),
        ("return tf.gather(target, tf.argmax(online, axis=1))", "batch_dims=1"),
        ("return tf.gather(target, tf.argmax(online, axis=1), axis=1)", "batch_dims=1"),
        ("return tf.argmax(online, axis=1)", "the numbers of the actions"),
        ("return tf.reduce_max((online + target) / 2, axis=1)", "averaged"),
        ("return tf.reduce_max(target * tf.one_hot(tf.argmax(online, axis=1), 3), axis=1)", "lost among zeros"),
        (
            "rows = np.arange(3)\nreturn tf.constant(target.numpy()[rows, np.argmax(online, axis=1)])",
            "TensorFlow cannot record it",
        ),
        ("best = np.argmax(online, axis=1)\nreturn np.asarray(target)[np.arange(3), best]", "compute with tf"),
        ("tf.gather(target, tf.argmax(online, axis=1), batch_dims=1)", "is a `return` missing?"),
    ),
    *of(
        "overestimation",
        "def overestimation(rewards, values, gamma, judged):",
        (TRUTH + "return float(np.mean((truth - belief)[:judged]))", "The sign is wrong"),
        (TRUTH + "return float(np.mean(belief - truth))", "only the first `judged` are"),
        (TRUTH + "return float(np.mean(abs(belief - truth)[:judged]))", "Absolute differences"),
        (TRUTH + MEAN.replace("truth", "rewards"), "compared with the next reward"),
        (
            TRUTH.replace("gamma * ahead", "ahead") + MEAN,
            "not discounted",
        ),
        (
            TRUTH.replace("reversed(range(len(rewards)))", "range(len(rewards))") + MEAN,
            "Discounting runs the wrong way",
        ),
        (
            "rewards, values = rewards[:judged], values[:judged]\n" + TRUTH + MEAN,
            "cut at the very end",
        ),
        (
            TRUTH.replace("np.max(values", "np.mean(values") + MEAN,
            "Belief is the largest",
        ),
        (TRUTH + "return float(np.mean(belief[:judged]))", "subtract the truth"),
        (
            TRUTH.replace("axis=2", "axis=1") + MEAN,
            "Belief is the largest",
        ),
        (TRUTH + "return float(np.sum((belief - truth)[:judged]))", "This is a sum"),
        (TRUTH + "return float(np.sum((belief - truth)[:judged]) / judged)", "This is a sum"),
        (TRUTH + "return np.mean((belief - truth)[:judged], axis=1)", "One number is wanted"),
        (LISTED.replace("truth[::-1]", "truth") + MEAN, "back to front"),
        (
            TRUTH.replace(
                "    ahead = rewards[t] + gamma * ahead\n    truth[t] = ahead",
                "    truth[t] = ahead\n    ahead = rewards[t] + gamma * ahead",
            )
            + MEAN,
            "own step is left out",
        ),
        (
            LISTED.replace("ahead = rewards[t] + gamma * ahead", "ahead *= gamma\n    ahead += rewards[t]") + MEAN,
            "changed in place",
        ),
        (TRUTH.replace("rewards[t] + gamma * ahead", "gamma * (rewards[t] + ahead)") + MEAN, "is discounted, too"),
        (TRUTH.replace("np.max(values", "np.sum(values") + MEAN, "Belief is the largest"),
        (TRUTH.replace("np.max(values, axis=2)", "values[:, :, 0]") + MEAN, "Belief is the largest"),
        (TRUTH + MEAN.replace("[:judged]", "[0]"), "Only the first state"),
        (TRUTH + MEAN.replace("[:judged]", "[-judged:]"), "The last states"),
        (
            "for t in reversed(range(len(rewards) - 1)):\n    rewards[t] += gamma * rewards[t + 1]\n"
            "return float(np.mean((np.max(values, axis=2) - rewards)[:judged]))",
            "compute with a copy",
        ),
        (TRUTH + "float(np.mean((belief - truth)[:judged]))", "is a `return` missing?"),
    ),
    *of(
        "change",
        "def change(before, after):",
        ("return np.abs(after - before)", "an unsigned type"),
        ("return np.abs(after.astype(np.int8) - before.astype(np.int8)).astype(np.uint8)", "int8 holds only"),
        ("return np.abs((after - before).astype(np.int8)).astype(np.uint8)", "int8 holds only"),
        ("return after - before", "an unsigned type"),
        ("return np.abs(after - before).astype(int)", "an unsigned type"),
        ("return np.abs(after.astype(np.uint16) - before).astype(np.uint8)", "an unsigned type"),
        ("return np.abs(after.astype(int) - before.astype(int))", "must be uint8"),
        ("return np.abs(after / 255 - before / 255)", "must be uint8"),
        ("return (after.astype(int) - before).clip(0).astype(np.uint8)", "became darker"),
        ("return (before.astype(int) - after).clip(0).astype(np.uint8)", "became brighter"),
        ("return np.uint8(255) * (after != before).astype(np.uint8)", "how much"),
        ("np.abs(after.astype(int) - before).astype(np.uint8)", "is a `return` missing?"),
    ),
]
