"""Plausible wrong answers of this lesson, and the message that each must get."""

from coursekit.mistakes import of

PICTURE = """small = frame[:176:2, ::2]
grey = small.mean(axis=-1)
grey[(small == MS_PACMAN).all(axis=-1)] = 255
return (grey - 128).astype(np.int8)[..., None]"""

HOLD = """seen, total = [], 0.0
for held in range(skip):
    frame, reward, terminated, truncated, info = env.step(action)
    seen.append(frame)
    total += reward
    if terminated or truncated:
        break
return np.max(seen[-2:], axis=0), total, terminated, truncated"""

CHOOSE = """q = q_values(obs)
random = rng.integers(q.shape[1], size=len(q))
return np.where(rng.random(len(q)) < epsilon, random, q.argmax(axis=1))"""

PLAY = """obs, info = games.reset(seed=seed)
scores = np.zeros(games.num_envs)
playing = np.ones(games.num_envs, bool)
while playing.any():
    obs, reward, terminated, truncated, info = games.step(policy(obs))
    scores += reward * playing
    playing[terminated | truncated] = False
return scores"""

SUM = """total, factor = np.zeros(reward.shape[1]), np.ones(reward.shape[1])
for step_reward, step_ended in zip(reward, ended):
    total += factor * step_reward
    factor *= gamma * ~step_ended
return total, ended.any(axis=0)"""

DOUBLE = """best = tf.argmax(online, axis=1)
value = tf.gather(target, best, batch_dims=1)
return total + discount * (1.0 - tf.cast(over, tf.float32)) * value"""

STACK = "before = np.zeros_like(stack) if first else stack\nreturn np.concatenate([before[1:], frame[None]])"
STICK = "return np.where(rng.random(len(new)) < p, last, new)"

MISTAKES = [
    *of(
        "preprocess",
        "MS_PACMAN = np.array([210, 164, 74], np.uint8)\ndef preprocess(frame):",
        (PICTURE.replace("[:176:2, ::2]", "[::2, ::2]"), "The score is still in it"),
        (PICTURE.replace("[:176:2, ::2]", "[:176]"), "It is not halved"),
        (PICTURE.replace("[:176:2, ::2]", "[:176:2]"), "The columns are not halved"),
        (PICTURE.replace("[:176:2, ::2]", "[:176, ::2]"), "The rows are not halved"),
        (PICTURE.replace("[:176:2, ::2]", "[34::2, ::2]"), "The top is cut off"),
        (PICTURE.replace("[:176:2, ::2]", "[1:176:2, ::2]"), "the rows kept"),
        (PICTURE.replace("[:176:2, ::2]", "[:176:2, 1::2]"), "the columns kept"),
        (PICTURE.replace("[..., None]", ""), "The last axis is missing"),
        (PICTURE.replace("small.mean(axis=-1)", "small.astype(float)").replace("[..., None]", ""), "colours are still"),
        (PICTURE.replace(".astype(np.int8)", ""), "store int8"),
        (PICTURE.replace("(grey - 128).astype(np.int8)", "grey.astype(np.uint8)"), "store int8"),
        (PICTURE.replace("(grey - 128).astype", "grey.astype(np.uint8).astype"), "128 is not taken off"),
        (
            PICTURE.replace("small.mean(axis=-1)", "(small[..., 0] + small[..., 1] + small[..., 2]) / 3"),
            "A sum of bytes has overflowed",
        ),
        (PICTURE.replace("small.mean(axis=-1)", "small @ np.array([0.299, 0.587, 0.114])"), "The colours are weighted"),
        (PICTURE.replace("small.mean(axis=-1)", "small[..., 0].astype(float)"), "the first colour alone"),
        (PICTURE.replace("(grey - 128)", "(grey / 255 - 128)"), "is black"),
        (PICTURE.replace("grey[(small == MS_PACMAN).all(axis=-1)] = 255\n", ""), "as grey as the walls"),
        (PICTURE.replace("= 255", "= 0"), "Ms. Pac-Man is black"),
        (PICTURE.replace(".all(axis=-1)]", ".any(axis=-1)]"), "only if all three colours are"),
        (PICTURE.replace("(small == MS_PACMAN).all(axis=-1)", "grey.astype(int) == 149"), "only if all three"),
        (PICTURE.replace("(small == MS_PACMAN)", "(small == MS_PACMAN)[..., :2]"), "only if all three"),
        (
            PICTURE.replace("mean(axis=-1)", "mean(axis=-1) - 128").replace("(grey - 128)", "grey"),
            "255 is put in after",
        ),
        (PICTURE.replace(".all(axis=-1)]", ".all()]"), "Each pixel on its own"),
        (
            "small = frame[:176:2, ::2]\nsmall[(small == MS_PACMAN).all(axis=-1)] = 255\n"
            "return (small.mean(axis=-1) - 128).astype(np.int8)[..., None]",
            "The screen was changed",
        ),
        (PICTURE.replace("return ", ""), "is a `return` missing?"),
    ),
    *of(
        "buffer-gigabytes",
        "def buffer_gigabytes(transitions, picture, pictures):",
        ("return transitions * pictures * picture.size / 1e9", "count bytes, not numbers"),
        ("return transitions * picture.nbytes / 1e9", "Several pictures"),
        ("return transitions * pictures * picture.nbytes", "These are bytes"),
        ("return transitions * pictures * picture.nbytes / 1e6", "These are megabytes"),
        ("return transitions * pictures * picture.nbytes / 2**30", "not 2**30"),
        ("return transitions * pictures * picture.size * 4 / 1e9", "use `nbytes`"),
        ("transitions * pictures * picture.nbytes / 1e9", "is a `return` missing?"),
        check="buffer-check",
    ),
    *of(
        "skip-frames",
        "def skip_frames(env, action, skip=4):",
        (HOLD.replace("np.max(seen[-2:], axis=0)", "seen[-1]"), "This is the last frame alone"),
        (HOLD.replace("seen[-2:]", "seen"), "All four frames are joined"),
        (HOLD.replace("seen[-2:]", "seen[:2]"), "the first two frames"),
        (HOLD.replace("np.max(seen[-2:], axis=0)", "np.mean(seen[-2:], axis=0).astype(np.uint8)"), "This is the mean"),
        (HOLD.replace("np.max(seen[-2:], axis=0)", "np.max(seen[-2:])"), "This is one number"),
        (HOLD.replace("range(skip)", "range(skip + 1)"), "held for five frames"),
        (HOLD.replace("range(skip)", "range(4)"), "whatever `skip` is"),
        (HOLD.replace("np.max(seen[-2:], axis=0)", "np.maximum(seen[-2], seen[-1])"), "over after one frame"),
        (HOLD.replace("np.max(seen[-2:]", "np.mean(seen[-2:]"), "This is the mean"),
        (HOLD.replace("np.max(seen[-2:]", "np.sum(seen[-2:], dtype=np.uint8"), "This is the sum"),
        (
            HOLD.replace("    total += reward\n", "").replace("break\n", "break\n    total += reward\n"),
            "add it up, then leave",
        ),
        (HOLD.replace("total += reward", "total = reward"), "the reward of the last frame"),
        (HOLD.replace("total, terminated", "total / skip, terminated"), "This is the mean reward"),
        (HOLD.replace("    if terminated or truncated:\n        break\n", ""), "the loop steps on"),
        (HOLD.replace("terminated or truncated:", "terminated:"), "the loop steps on"),
        (HOLD.replace("total, terminated, truncated", "total, truncated, terminated"), "in this order"),
        (HOLD.replace("total, terminated, truncated", "total"), "must return picture, reward"),
        (HOLD.replace("return ", ""), "is a `return` missing?"),
        check="skip-check",
    ),
    *of(
        "push",
        "def push(stack, frame, first):",
        ("stack[:-1] = stack[1:].copy()\nstack[-1] = frame\nreturn stack", "what a replay buffer holds"),
        (STACK.replace("[before[1:], frame[None]]", "[frame[None], before[:-1]]"), "must come last"),
        ("new = stack.copy()\nnew[0] = frame\nreturn new", "in its place"),
        (STACK.replace("return ", "before = before.astype(int)\nreturn "), "are bytes"),
        ("new = np.roll(stack, 1, axis=0)\nnew[-1] = frame\nreturn new", "moved the wrong way"),
        ("new = stack.copy()\nnew[-1] = frame\nreturn new", "drop the oldest"),
        (STACK.replace("before[1:]", "before"), "four pictures"),
        ("return np.concatenate([stack[1:], frame[None]])", "still holds the game before"),
        (STACK.replace("np.zeros_like(stack)", "np.stack([frame] * 4)"), "there four times"),
        (
            "if first:\n    return np.zeros_like(stack)\nreturn np.concatenate([stack[1:], frame[None]])",
            "must be in it",
        ),
        (STACK.replace("return ", ""), "is a `return` missing?"),
    ),
    *of(
        "taken-actions",
        "def taken_actions(rng, last, new, p=0.25):",
        (STICK.replace("rng.random(len(new))", "rng.random()").replace("< p", "< p * np.ones(len(new))"), "All games"),
        (STICK.replace("< p", "> p"), "are exchanged"),
        (STICK.replace("last, new", "rng.integers(9, size=len(new)), new"), "never another one"),
        (STICK.replace("< p", "< 0.25"), "use p"),
        (STICK.replace("< p", "< p / 2"), "share of sticking games"),
        (STICK.replace("rng.random(len(new))", "np.random.random(len(new))"), "Draw from the `rng`"),
        ("rng = np.random.default_rng(0)\n" + STICK, "Draw from the `rng`"),
        ("return [a if rng.random() < p else b for a, b in zip(last, new)]", "an array, not a list"),
        (STICK.replace("last, new", "last, 1.0 * new"), "whole numbers"),
        ("sticks = rng.random(len(new)) < p\nnew[sticks] = last[sticks]\nreturn new", "were changed"),
        (STICK.replace("return ", "return last if rng.random() < p else new\n"), "All games"),
        (STICK.replace("return ", ""), "is a `return` missing?"),
        check="taken-check",
    ),
    *of(
        "choose-actions",
        "def epsilon_greedy(q_values, obs, epsilon, rng):",
        ("return q_values(obs).argmax(axis=0)", "goes down the columns"),
        ("return q_values(obs).argmax()", "without an axis"),
        (CHOOSE.replace("argmax(axis=1)", "argmax(axis=0)"), "goes down the columns"),
        (CHOOSE.replace("argmax(axis=1)", "argmax()"), "without an axis"),
        (CHOOSE.replace("< epsilon", "> epsilon"), "the wrong way round"),
        (CHOOSE.replace("q.shape[1]", "5"), "A is the number of columns"),
        ("rng = np.random.default_rng(0)\n" + CHOOSE, "Draw from the `rng`"),
        (CHOOSE.replace("argmax", "argmin"), "the worst actions"),
        ("return q_values(obs).max(axis=1)", "These are values"),
        (CHOOSE.replace(", size=len(q)", ""), "all games take one action"),
        (CHOOSE.replace("q.shape[1]", "9"), "each of the A actions"),
        (CHOOSE.replace("q.shape[1]", "4"), "each of the A actions"),
        (CHOOSE.replace("rng.random(len(q))", "rng.random()"), "must be drawn for each game"),
        (CHOOSE.replace("< epsilon", "< epsilon / 2"), "each of the A actions"),
        (CHOOSE.replace("rng.random(len(q))", "np.random.random(len(q))"), "Draw from the `rng`"),
        (CHOOSE.replace("return ", ""), "is a `return` missing?"),
        check="choose-check",
    ),
    *of(
        "play-games",
        "def play_games(games, policy, seed):",
        (PLAY.replace("reward * playing", "reward"), "goes on counting"),
        (PLAY.replace("playing.any()", "playing.all()"), "All stop with the first game"),
        (
            PLAY.replace(
                "    scores += reward * playing\n    playing[terminated | truncated] = False",
                "    playing[terminated | truncated] = False\n    scores += reward * playing",
            ),
            "The last reward of each game is missing",
        ),
        (PLAY.replace("playing[terminated | truncated] = False", "playing = ~(terminated | truncated)"), "stay over"),
        (PLAY.replace("[terminated | truncated]", "[terminated]"), "terminated | truncated"),
        (PLAY.replace("return scores", "return scores.sum()"), "the sum of all games"),
        (PLAY.replace("    obs, reward", "    new, reward"), "the newest observations"),
        (PLAY.replace("reset(seed=seed)", "reset()"), "Reset the games with the seed"),
        (PLAY.replace("return scores", ""), "is a `return` missing?"),
        check="play-check",
    ),
    *of(
        "n-step-sum",
        "def n_step_sum(reward, ended, gamma):",
        (SUM.replace(" * ~step_ended", ""), "Rewards after an end are counted"),
        (SUM.replace("np.zeros(reward.shape[1])", "reward[0]"), "is a view"),
        ("ended[1:] |= ended[:-1]\n" + SUM, "arrays were changed"),
        (
            "ends = np.vstack([0 * ended[:1], ended[:-1]]).cumsum(axis=0)\n"
            "factors = gamma ** np.arange(len(reward))[:, None] * (1 - ends)\n"
            "return (factors * reward).sum(axis=0), ended.any(axis=0)",
            "Where two lives end",
        ),
        (
            SUM.replace("zip(reward, ended):", "zip(*(rows[range(3)] for rows in (reward, ended))):"),
            "not always three steps",
        ),
        (SUM.replace("return total,", "return total.astype(int),"), "for n = 4"),
        (
            SUM.replace(
                "    total += factor * step_reward\n    factor *= gamma * ~step_ended",
                "    factor *= ~step_ended\n    total += factor * step_reward\n    factor *= gamma",
            ),
            "counts, too",
        ),
        (SUM.replace("gamma * ~", "~"), "not discounted"),
        (
            SUM.replace(
                "    total += factor * step_reward\n    factor *= gamma * ~step_ended",
                "    factor *= gamma\n    total += factor * step_reward\n    factor *= ~step_ended",
            ),
            "The first reward is discounted",
        ),
        (SUM.replace("ended.any(axis=0)", "ended[-1]"), "before the last step"),
        (SUM.replace("ended.any(axis=0)", "~ended.any(axis=0)"), "is inverted"),
        (SUM.replace("return total, ended.any(axis=0)", "return total"), "must return two things"),
        (SUM.replace("return ", ""), "is a `return` missing?"),
        check="n-step-check",
    ),
    *of(
        "double-targets",
        "def double_targets(total, over, online, target, discount):",
        (DOUBLE.replace("tf.argmax(online", "tf.argmax(target"), "The target network chooses as well"),
        (DOUBLE.replace("gather(target", "gather(online"), "The online network values as well"),
        (
            DOUBLE.replace("argmax(online", "argmax(target").replace("gather(target", "gather(online"),
            "The roles are exchanged",
        ),
        (DOUBLE.replace(" * (1.0 - tf.cast(over, tf.float32))", ""), "It still bootstraps"),
        (DOUBLE.replace("(1.0 - tf.cast(over, tf.float32))", "tf.cast(over, tf.float32)"), "The mask is inverted"),
        (
            DOUBLE.replace(
                "total + discount * (1.0 - tf.cast(over, tf.float32)) * value",
                "(total + discount * value) * (1.0 - tf.cast(over, tf.float32))",
            ),
            "count, too",
        ),
        (DOUBLE.replace(", batch_dims=1", ""), "give tf.gather batch_dims=1"),
        (DOUBLE.replace("online, axis=1", "online"), "goes down the columns"),
        (DOUBLE.replace("tf.argmax", "np.argmax"), "TensorFlow cannot record it"),
        (
            DOUBLE.replace("tf.argmax(online, axis=1)", "[int(tf.argmax(q)) for q in online]"),
            "TensorFlow cannot record it",
        ),
        (DOUBLE.replace("discount * ", ""), "not discounted"),
        (DOUBLE.replace("total + discount", "discount * total + discount"), "once too often"),
        (DOUBLE.replace("return ", "return np.array(").replace("* value", "* value)"), "must return a tensor"),
        (DOUBLE.replace("return ", ""), "is a `return` missing?"),
        check="double-check",
    ),
]
