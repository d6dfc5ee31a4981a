# ---
# title: "Atari for real: Ms. Pac-Man"
# line: from the screen's pixels to a trained agent
# minutes: 90
# packages: {ale_py: ale-py}
# ---

# %% title [markdown]
# # Atari for real: Ms. Pac-Man from its pixels
#
# At the end of this lesson you will be able to
#
# - turn the screen of a real game into what a network can learn from, and say what each
#   step saves;
# - explain frame skip, stacked frames and sticky actions, and show why they are there;
# - measure an agent fairly over many games at once, beside random play;
# - write targets over n steps and double targets, and fine-tune a trained agent with
#   them.
#
# **Time:** about 90 minutes. **Builds on:** lesson {lesson:dqn_lunar_lander} (deep Q-learning) and lesson {lesson:d3qn_gridworld}
# (convolutions, dueling and double). Each idea is recalled in a few lines.

# %% imports tags=["nbval-ignore-output"]
import json
from collections import deque
from pathlib import Path

import gymnasium as gym
import keras
import labkit
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf
from labkit import atari

# %% clip-theory [markdown]
# Here is where the lesson leads: an agent that has seen nothing but the screen and the
# score. Training it takes too long for a lesson (24 minutes of processor time), so the
# network comes with the course. You will write what lies between the screen and the
# network, measure the network, and train it further.

# %% clip tags=["nbval-ignore-output"]
labkit.show(
    labkit.load(
        "ms_pacman",
        _("Ms. Pac-Man eats the dots of a maze, and ghosts pursue her"),
    )
)

# %% game [markdown]
# ## 1. The game
#
# Atari's console of 1977 lives on in an emulator, the Arcade Learning Environment
# (Bellemare and others, 2013). The package `ale-py` brings it to Gymnasium, games
# included.
#
# **Observation:** the screen, $210 \times 160$ pixels in three colours, 60 times a
# second.
#
# **Actions:** the positions of a joystick.
#
# | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |
# |---|---|---|---|---|---|---|---|---|
# | none | up | right | left | down | up right | up left | down right | down left |
#
# Ms. Pac-Man goes on in her direction until a wall stops her: "none" does not stop her.
#
# **Reward:** what is added to the score.
#
# | | points |
# |---|---|
# | a pill | 10 |
# | one of the four large pills: for a while the ghosts turn blue, and flee | 50 |
# | the first, second, third, fourth blue ghost | 200, 400, 800, 1,600 |
# | a fruit | 100 or more |
#
# **End:** terminated when the last of three lives is lost. Whoever has eaten all pills
# goes on in the next maze.

# %% screen tags=["nbval-ignore-output"]
game = atari.make_game(sticky=0.0, frameskip=1)  # every single frame, for a start
frame, info = game.reset(seed=0)
frames = []
for step in range(520):  # music plays for 270 frames; then she goes left
    frame, reward, terminated, truncated, info = game.step(0 if step < 270 else 3)
    frames.append(frame)
print(frame.shape, frame.dtype, _(f"{frame.nbytes} bytes,"), info)
figure, axes = plt.subplots(1, 3, figsize=(10, 4.6), layout="constrained")
for number, axis in zip((517, 518, 519), axes):
    axis.imshow(frames[number])
    axis.set(title=_(f"frame {number}"), xticks=[], yticks=[])
plt.show()

# %% flicker [markdown]
# Look closely: where is the pink ghost, and where is the turquoise one? The console can
# draw only few moving things at once, so some are drawn in every *other* frame, and the
# eye of a player does not notice on a television whose picture fades slowly. An agent
# that sees one frame does.
#
# ## 2. What to see
#
# ### The picture
#
# A screen is 100,800 bytes, and most of them say nothing: the score, the colours of the
# walls, four pixels where one would do. The fewer numbers a network must look at, the
# faster it learns. Five steps:
#
# 1. **Crop:** keep the rows 0 to 175. Below them stand the score and most of the
#    lives.
# 2. **Halve:** keep every second row and every second column, from the first on: 88
#    rows and 80 columns.
# 3. **Grey:** the mean of the three colours.
# 4. **Contrast:** Ms. Pac-Man's colour is $(210, 164, 74)$, whose mean is 149; that of
#    walls and pills is $(228, 111, 111)$, whose mean is 150. In grey she would vanish.
#    So make her pixels white: 255.
# 5. **int8:** take off 128, so that the values lie around 0, from $-128$ to 127, and
#    store each in one byte. The colours get an axis of length 1: shape $(88, 80, 1)$.

# %% preprocess-hint [markdown]
# <details><summary>Hint</summary>
#
# `a[start:stop:step]` takes every `step`-th element, and works on several axes at once.
# `(small == colour).all(axis=-1)` is true where all three colours are equal. Find her
# pixels *before* the colours are gone.
#
# An int8 ends at 127: a grey value of 150 does not fit in, nor does the 128 that you
# take off. So subtract from the floats that `mean` gives, and let `.astype(np.int8)`
# come last. `grey[..., None]` gives an axis of length 1.
#
# </details>

# %% preprocess tags=["exercise"] points=2
MS_PACMAN = np.array([210, 164, 74], np.uint8)  # her colour


def preprocess(frame: np.ndarray) -> np.ndarray:
    """Crop, halve, grey, contrast, int8.

    Args:
        frame: the screen, uint8, shape (210, 160, 3); not changed.

    Returns:
        The picture, int8, shape (88, 80, 1).
    """
    # TODO: the five steps.
    ### BEGIN SOLUTION
    small = frame[:176:2, ::2]
    grey = small.mean(axis=-1)
    grey[(small == MS_PACMAN).all(axis=-1)] = 255
    return (grey - 128).astype(np.int8)[..., None]
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% preprocess-check tags=["check"]
def plain(colour) -> np.ndarray:
    """A screen of one colour."""
    return np.full((210, 160, 3), colour, np.uint8)


shapes = {
    (105, 80, 1): _("The score is still in it: keep the rows 0 to 175."),
    (176, 160, 1): _("It is not halved: take every second row and column."),
    (88, 160, 1): _("The columns are not halved."),
    (176, 80, 1): _("The rows are not halved."),
    (88, 80, 3): _("The colours are still there: take their mean."),
    (88, 80): _("The last axis is missing: shape (88, 80, 1)."),
}
got = preprocess(plain((100, 150, 200)))
labkit.check(got is not None, _("preprocess(...) gives None: is a `return` missing?"))
labkit.check(np.shape(got) not in shapes, shapes.get(np.shape(got), ""))
labkit.check(
    np.shape(got) == (88, 80, 1),
    _(f"preprocess(...) has shape {np.shape(got)}, expected (88, 80, 1)."),
)
labkit.check(
    got.dtype == np.int8,
    _(f"preprocess(...) holds {got.dtype}: store int8, one byte for each pixel."),
)
mistakes = [
    (-106, _("128 is not taken off: 150 does not fit into int8, and becomes -106.")),
    (-64, _("A sum of bytes has overflowed: 100 + 150 + 200 is 194 in uint8.")),
    (-63, _("A sum of bytes has overflowed: 100 + 150 + 200 is 194 in uint8.")),
    (12, _("The colours are weighted: take their plain mean.")),
    (-28, _("This is the first colour alone: take the mean of the three.")),
    (-127, _("Everything is black: are values from 0 to 1 turned into int8?")),
]
labkit.check_value(_("a pixel of mean 150"), int(got[0, 0, 0]), 22, mistakes=mistakes)
for colour in [(210, 164, 20), (210, 20, 74), (20, 164, 74), (74, 164, 210)]:
    labkit.check(
        preprocess(plain(colour))[0, 0, 0] != 127,
        _(f"A pixel is hers only if all three colours are: {colour} is not."),
    )
rows = plain(0) + np.arange(210, dtype=np.uint8)[:, None, None]
columns = plain(0) + np.arange(160, dtype=np.uint8)[:, None]
kept = preprocess(rows)[:, 0, 0].astype(int) + 128
labkit.check(kept[0] < 30, _("The top is cut off: the rows to leave out are below."))
labkit.check_value(_("the rows kept"), kept, np.arange(0, 176, 2))
kept = preprocess(columns)[0, :, 0].astype(int) + 128
labkit.check_value(_("the columns kept"), kept, np.arange(0, 160, 2))
got = int(preprocess(plain(MS_PACMAN))[0, 0, 0])
mistakes = [
    (21, _("Ms. Pac-Man is as grey as the walls: make her pixels 255.")),
    (-128, _("Ms. Pac-Man is black: make her pixels white, 255.")),
    (-1, _("255 is put in after 128 is taken off: as int8 it becomes -1.")),
]
labkit.check_value(_("a pixel of Ms. Pac-Man"), got, 127, mistakes=mistakes)
beside = plain(0)
beside[:, 80:] = MS_PACMAN  # black on the left, hers on the right
before, got = beside.copy(), preprocess(beside)[0, ::79, 0]
mistakes = [
    (np.int8([-128, 21]), _("Each pixel on its own is hers or not: `.all(axis=-1)`."))
]
labkit.check_value(
    _("a black pixel and one of hers"), got, np.int8([-128, 127]), mistakes=mistakes
)
labkit.check(
    np.array_equal(beside, before),
    _("The screen was changed: a slice is a view; write into the grey picture."),
)
labkit.passed()

# %% before-after tags=["nbval-ignore-output"]
games = atari.make_games(1, sticky=0.0)
obs, info = games.reset(seed=0)
for step in range(130):
    obs, *rest = games.step(np.array([3]))
views = {
    _("screen"): frames[519],
    _("yours"): preprocess(frames[519])[..., 0],
    _("the library's"): obs[0, -1],
}
figure, axes = plt.subplots(1, 3, figsize=(10, 4.4), layout="constrained")
for (name, picture), axis in zip(views.items(), axes):
    axis.imshow(picture, cmap="gray")
    axis.set(title=f"{name}\n{picture.shape}, {picture.dtype}", xticks=[], yticks=[])
plt.show()

# %% library [markdown]
# On the right is what `ale-py` makes itself (and most articles use, after Mnih and
# others, 2015): the whole screen in grey, shrunk to $84 \times 84$ by averages. It
# knows nothing of Ms. Pac-Man, so it serves for any game. Yours is sharper and takes
# her contrast from knowledge of *this* game. (The ghost that yours lacks is a matter of
# section 3.) The network below was trained with the library's pictures.
#
# ### The memory
#
# A replay buffer holds many pictures. Each transition has an observation and a next
# one, and as you will see below each of these is a stack of four pictures.

# %% buffer-hint [markdown]
# <details><summary>Hint</summary>
#
# `picture.nbytes` is the number of bytes of an array. A gigabyte is $10^9$ bytes.
#
# </details>

# %% buffer-gigabytes tags=["exercise"] points=1
def buffer_gigabytes(transitions: int, picture: np.ndarray, pictures: int) -> float:
    """Memory that a replay buffer needs for its pictures.

    Args:
        transitions: how many it holds.
        picture: one picture; its shape and type count.
        pictures: pictures stored for each transition.

    Returns:
        Gigabytes (1e9 bytes).
    """
    # TODO: bytes of one picture, of one transition, of all.
    ### BEGIN SOLUTION
    return transitions * pictures * picture.nbytes / 1e9
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% buffer-check tags=["check"]
mistakes = [
    (0.006, _("A float32 takes four bytes: count bytes, not numbers.")),
    (0.012, _("Several pictures are stored for each transition.")),
    (24_000_000.0, _("These are bytes: a gigabyte is 1e9 of them.")),
    (24.0, _("These are megabytes: a gigabyte is 1e9 bytes.")),
    (0.024 * 1e9 / 2**30, _("A gigabyte is 1e9 bytes here, not 2**30.")),
]
picture = np.zeros((10, 300), np.float32)
got = buffer_gigabytes(1_000, picture, 2)
labkit.check_value("buffer_gigabytes(...)", got, 0.024, mistakes=mistakes)
got = buffer_gigabytes(10, picture.astype(np.int8), 3)
mistakes = [(0.00036, _("An int8 takes one byte: use `nbytes`."))]
labkit.check_value(_("for int8"), got, 0.00009, mistakes=mistakes)
labkit.passed()

# %% buffer-table tags=["nbval-ignore-output"]
raw = frames[519]
ways = {
    _("screens as float32, 8 a transition"): (raw.astype(np.float32), 8),
    _("screens as they are, 8 a transition"): (raw, 8),
    _("yours, 8 a transition"): (preprocess(raw), 8),
    _("yours, each picture stored once"): (preprocess(raw), 1),
}
rows = {name: buffer_gigabytes(400_000, *way) for name, way in ways.items()}
pd.DataFrame({_("gigabytes for 400,000 transitions"): rows}).round(1)

# %% memory-prompt [markdown]
# **Question 1** (3 points).
#
# 1. By what factor does your `preprocess` shrink a screen? Which of its five steps
#    lose information, and which of that could an agent have used?
# 2. "Each picture stored once": the next observation of a transition shares three of
#    its four pictures with the observation, and is itself the next transition's
#    observation. What must a buffer know to put a stack together again, and where must
#    it take care?
# 3. Why store bytes and divide when a batch is drawn, rather than store float32?

# %% memory-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. $210 \cdot 160 \cdot 3 = 100\,800$ bytes become $88 \cdot 80 = 7\,040$: a factor
#    of 14.3. Crop loses the lives left and the score; halving loses three pixels of
#    four (thin things may vanish, which ones depends on where they stand); grey loses
#    the colours: which ghost is which, and blue ghosts are told from others by
#    brightness only. Contrast loses next to nothing, int8 only the fraction of the
#    mean. The lives could matter for how much risk pays; ghosts of different colours
#    move differently.
# 2. The order in which the pictures came, of which game each is (when several are
#    played at once), and where games begin: a stack must not reach back into the game
#    before. And where the oldest pictures are being overwritten, a stack is no longer
#    whole.
# 3. Four times the memory, for the same information: a pixel has 256 values. Dividing
#    a batch costs little, and only for what is drawn.
#
# **What to look for:** (1) 14, and one loss with a use; (2) order and beginnings of
# games; (3) a factor of four without any gain. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% skip-theory [markdown]
# ## 3. When to see
#
# ![Sixteen frames, in four groups of four, each group under one action. Of each group
# the last two frames are joined by max into a picture. The four pictures form the
# observation s at time t, from which come five values, and from these an
# action](../../images/ms_pacman_frames.png)
#
# ### Frame skip
#
# Sixty decisions a second are more than a player needs, and between two frames hardly
# anything moves. So an action is held for four frames. The agent decides 15 times a
# second, and the emulator is asked for four frames but the network only once. The
# rewards of the four frames are added up. And against the flicker, the agent is shown
# the *brighter of the last two frames*, pixel by pixel.
#
# `max` is not just any way to join the two: the background is dark, so a ghost that is
# in one of the two frames is in the result.

# %% skip-hint [markdown]
# <details><summary>Hint</summary>
#
# Loop at most `skip` times; keep the frame before (`last, frame = frame, new`); leave
# the loop when the game is over. `np.maximum(a, b)` is the larger one, element by
# element. Where there was only one frame, it stands for both.
#
# </details>

# %% skip-frames tags=["exercise"] points=2
def skip_frames(env: gym.Env, action: int, skip: int = 4):
    """Hold an action for several frames.

    Args:
        env: a game, one frame a step.
        action: the action to hold.
        skip: frames to hold it, 1 or more; fewer when the game is over before.

    Returns:
        picture: the brighter of the last two frames seen here, pixel by pixel.
        reward: the sum of the rewards.
        terminated, truncated: of the last frame.
    """
    # TODO: step, add up, stop when the game is over; then the brighter of two.
    ### BEGIN SOLUTION
    seen, total = [], 0.0
    for held in range(skip):
        frame, reward, terminated, truncated, info = env.step(action)
        seen.append(frame)
        total += reward
        if terminated or truncated:
            break
    return np.max(seen[-2:], axis=0), total, terminated, truncated
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% skip-check tags=["check"]
def held(frames: int, ending: str = "terminated", skip: int = 4):
    """What skip_frames returns for a game of so many frames."""
    # Five lights: frame t lights the t-th, and lets the others glow at 10 + t.
    t = np.arange(5, dtype=np.uint8)[:, None]
    pictures = np.where(np.eye(5, dtype=bool), 100 + t, 10 + t)[:frames]
    rewards = 10.0 ** np.arange(1, frames + 1)
    over = _("The game is over, and the loop steps on: leave it there.")
    flickering = labkit.ScriptedEnv([None, *pictures], rewards, ending, over=over)
    got = skip_frames(flickering, 7, skip)
    labkit.check(
        all(action == 7 for action in flickering.actions),
        _("The action given must be held."),
    )
    labkit.check(
        got is not None, _("skip_frames(...) gives None: is a `return` missing?")
    )
    labkit.check(
        isinstance(got, tuple) and len(got) == 4,
        _("skip_frames(...) must return picture, reward, terminated, truncated."),
    )
    return got


picture, reward, *ends = held(5)
mistakes = [
    ([13, 13, 13, 103, 13], _("This is the last frame alone: half the ghosts.")),
    ([100, 101, 102, 103, 13], _("All four frames are joined: only the last two.")),
    ([12, 12, 102, 12, 12], _("This is the third frame alone.")),
    ([100, 101, 11, 11, 11], _("These are the first two frames: take the last two.")),
    ([12, 12, 57, 57, 12], _("This is the mean: the ghosts would be pale.")),
    ([12.5, 12.5, 57.5, 57.5, 12.5], _("This is the mean: the ghosts would be pale.")),
    ([25, 25, 115, 115, 25], _("This is the sum: take the larger one pixel by pixel.")),
    ([14, 14, 14, 103, 104], _("The action is held for five frames, not four.")),
    (103, _("This is one number: take the larger one pixel by pixel.")),
]
mistakes = [(np.array(wrong), message) for wrong, message in mistakes]
labkit.check_value(
    _("the picture"), picture, np.uint8([13, 13, 102, 103, 13]), mistakes=mistakes
)
mistakes = [
    (10_000.0, _("This is the reward of the last frame: add up all four.")),
    (10.0, _("This is the reward of the first frame: add up all four.")),
    (2_777.5, _("This is the mean reward: add up.")),
]
labkit.check_value(_("the reward"), float(reward), 11_110.0, mistakes=mistakes)
labkit.check(not any(ends), _("The game is not over after four of five frames."))
mistakes = [(11_110.0, _("The action is held for four frames, whatever `skip` is."))]
reward = held(5, skip=2)[1]
labkit.check_value(_("the reward with skip=2"), float(reward), 110.0, mistakes=mistakes)
last = _("The reward of the last frame is missing: add it up, then leave the loop.")
for ending in ("terminated", "truncated"):
    picture, reward, *ends = held(3, ending)
    labkit.check_value(
        _("the picture at the end"), picture, np.uint8([12, 101, 102, 12, 12])
    )
    labkit.check_value(
        _("the reward at the end"), float(reward), 1_110.0, mistakes=[(110.0, last)]
    )
    want = [ending == "terminated", ending == "truncated"]
    labkit.check(
        [bool(end) for end in ends] == want,
        _("Return terminated and truncated of the last frame, in this order."),
    )
try:
    picture, *rest = held(1)
except (IndexError, TypeError):
    fault = _("A game may be over after one frame: it then stands for both.")
    raise labkit.CheckFailed(fault) from None
labkit.check_value(_("a game of one frame"), picture, np.uint8([100, 10, 10, 10, 10]))
labkit.passed()

# %% skip-run tags=["nbval-ignore-output"]
picture, reward, terminated, truncated = skip_frames(game, 3)
figure, axis = plt.subplots(figsize=(4, 4.6), layout="constrained")
axis.imshow(picture)
axis.set(title=_("all ghosts are there"), xticks=[], yticks=[])
plt.show()

# %% stack-theory [markdown]
# ### Stacked frames
#
# In a single picture nothing moves. Where is that ghost going? The answer is in the
# pictures before. So the observation is a stack of the last four, the newest one last,
# and the state is nearly Markov again: directions can be seen.
#
# When a game begins there are no pictures before the first: they are black (0), as in
# `ale-py`. And a stack, once given away, must not change any more: a replay buffer may
# still hold it.

# %% stack-hint [markdown]
# <details><summary>Hint</summary>
#
# `np.concatenate([a, b])` joins arrays along their first axis and makes a new array;
# `frame[None]` has a first axis of length 1; `np.zeros_like(stack)` is a black stack.
#
# </details>

# %% push tags=["exercise"] points=1
def push(stack: np.ndarray, frame: np.ndarray, first: bool) -> np.ndarray:
    """The stack after a new picture.

    Args:
        stack: the last pictures, (4, height, width), the newest last; not changed.
        frame: the new picture, shape (height, width).
        first: whether it is the first of a game; then those before are black.

    Returns:
        A new array, shape (4, height, width).
    """
    # TODO: drop the oldest, add the newest.
    ### BEGIN SOLUTION
    before = np.zeros_like(stack) if first else stack
    return np.concatenate([before[1:], frame[None]])
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% push-check tags=["check"]
def tiny(*values: int) -> np.ndarray:
    """Pictures of 2 x 3 pixels, each of one brightness."""
    return np.uint8(values)[:, None, None] * np.ones((1, 2, 3), np.uint8)


old = tiny(1, 2, 3, 4)
got = push(old, tiny(5)[0], False)
labkit.check(
    np.array_equal(old, tiny(1, 2, 3, 4)),
    _(
        "The old stack has changed, and with it what a replay buffer holds: make a new "
        "one."
    ),
)
mistakes = [
    (tiny(5, 1, 2, 3), _("The newest picture must come last.")),
    (
        tiny(4, 1, 2, 5),
        _("The pictures moved the wrong way: the oldest is the first one."),
    ),
    (
        tiny(5, 2, 3, 4),
        _("The newest has replaced the oldest in its place: move all up."),
    ),
    (tiny(1, 2, 3, 5), _("The newest before is lost: drop the oldest.")),
    (tiny(1, 2, 3, 4), _("The new picture is not in it.")),
    (tiny(1, 2, 3, 4, 5), _("The oldest picture is still in it: four pictures.")),
    (tiny(2, 3, 4), _("The new picture is not in it.")),
]
labkit.check_value("push(...)", got, tiny(2, 3, 4, 5), mistakes=mistakes)
labkit.check(
    got.dtype == np.uint8,
    _(f"The pictures are bytes, and your stack holds {got.dtype}."),
)
got = push(old, tiny(5)[0], True)
mistakes = [
    (
        tiny(2, 3, 4, 5),
        _("At the beginning of a game the stack still holds the game before."),
    ),
    (
        tiny(5, 5, 5, 5),
        _("The first picture is there four times: those before are black."),
    ),
    (tiny(0, 0, 0, 0), _("The first picture of a game must be in it.")),
    (tiny(5, 0, 0, 0), _("The newest picture must come last.")),
]
labkit.check_value(_("at the beginning"), got, tiny(0, 0, 0, 5), mistakes=mistakes)
labkit.check(
    np.array_equal(old, tiny(1, 2, 3, 4)),
    _("The old stack has changed: make a new one."),
)
labkit.passed()

# %% stack-see tags=["nbval-ignore-output"]
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8), layout="constrained")
for picture, axis, title in zip(obs[0], axes, ("t - 3", "t - 2", "t - 1", "t")):
    axis.imshow(picture, cmap="gray")
    axis.set(title=f"${title}$", xticks=[], yticks=[])
plt.show()

# %% sticky-theory [markdown]
# ### Sticky actions
#
# The console has no dice: the same actions give the same game, to the last point. Then
# an agent could learn a *list* by heart and never look at the screen. So the emulator
# makes the joystick stick: in each frame, with probability 0.25, it takes the last
# action once more instead of the new one (Machado and others, 2018). The agent must
# look, and correct.
#
# Let us measure it. Six games get the same 200 actions.

# %% sticky-measure tags=["nbval-ignore-output"]
def score_of_a_list(seed: int, sticky: float) -> float:
    """Points that the same 200 actions bring in a game."""
    env, rng = atari.make_game(sticky=sticky), np.random.default_rng(1)
    env.reset(seed=seed)
    return sum(env.step(int(rng.integers(1, 5)))[1] for step in range(200))


for probability in (0.0, 0.25):
    scores = [score_of_a_list(seed, probability) for seed in range(6)]
    print(_(f"sticky {labkit.number(probability)}:"), scores)

# %% sticky-hint [markdown]
# <details><summary>Hint</summary>
#
# `rng.random(n)` are n numbers, each below p with probability p. `np.where(condition,
# x, y)` takes x where the condition holds, else y, element by element.
#
# </details>

# %% taken-actions tags=["exercise"] points=1
def taken_actions(
    rng, last: np.ndarray, new: np.ndarray, p: float = 0.25
) -> np.ndarray:
    """Actions that sticky joysticks pass on, in one frame of several games.

    Args:
        rng: a numpy.random.Generator, the only source of chance.
        last: actions that were taken in the frame before, shape (N,).
        new: actions that the agent wants now, shape (N,).
        p: probability, in each game on its own, that the last action is taken again.

    Returns:
        The actions taken, shape (N,).
    """
    # TODO: for each game, the last action with probability p, else the new one.
    ### BEGIN SOLUTION
    return np.where(rng.random(len(new)) < p, last, new)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% taken-check tags=["check"]
last, new = np.full(4_000, 3), np.full(4_000, 1)


def sticking(p: float, seed: int = 0) -> float:
    """Share of the games in which the last action was taken again."""
    got = taken_actions(np.random.default_rng(seed), last, new, p)
    labkit.check(
        got is not None, _("taken_actions(...) gives None: is a `return` missing?")
    )
    labkit.check(
        np.all(last == 3) and np.all(new == 1), _("The actions given were changed.")
    )
    labkit.check(not isinstance(got, list), _("Return an array, not a list."))
    labkit.check(
        np.shape(got) == (4_000,),
        _(f"taken_actions(...) has shape {np.shape(got)}: one action for each game."),
    )
    labkit.check(
        set(np.unique(got)) <= {1, 3},
        _("The action taken is the last or the new one, and never another one."),
    )
    labkit.check(
        got.dtype.kind in "iu",
        _(f"Actions are whole numbers, and these are {got.dtype}."),
    )
    return float(np.mean(got == 3))


shares = [sticking(0.25, seed) for seed in range(5)]
labkit.check(
    not set(shares) <= {0.0, 1.0},
    _("All games stick or none does: draw for each game on its own."),
)
labkit.check(
    abs(np.mean(shares) - 0.75) > 0.03, _("The last and the new action are exchanged.")
)
labkit.check(
    abs(np.mean(shares) - 0.25) < 0.03,
    _(f"With p = 0.25 the share of sticking games is {labkit.number(np.mean(shares)):.2f}."),
)
labkit.check(
    (sticking(0.0), sticking(1.0)) == (0.0, 1.0),
    _("With p = 0 no game may stick, with p = 1 all must: use p."),
)
labkit.check(
    sticking(0.5) == sticking(0.5) and len(set(shares)) > 1,
    _("Draw from the `rng` that is given."),
)
labkit.passed()

# %% sticky-prompt [markdown]
# **Question 2** (3 points). The joystick sticks in each frame with probability 1/4,
# also with frame skip.
#
# 1. The agent changes its mind. What is the probability that the new action is taken in
#    the very first frame? What is the probability that it is taken in none of its four
#    frames?
# 2. How many frames late is a new action on average, if it is held long enough?
# 3. Look at the scores above. How many different games would a test of 30 games show
#    without sticky actions, if all began in the same way? What would its interval say?

# %% sticky-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. $3/4$ at once. In none of four frames: $(1/4)^4 = 1/256 \approx 0.4\,\%$.
# 2. It is $k$ frames late with probability $(1/4)^k \cdot 3/4$; the mean is
#    $\frac{1/4}{3/4} = \frac13$ of a frame.
# 3. One: a greedy agent would play the same game 30 times. The interval would have
#    width 0, and say nothing about other games. (That is why `atari.make_games` also
#    begins with up to 30 frames without action.)
#
# **What to look for:** (1) 3/4 and 1/256; (2) 1/3 of a frame, with the geometric series
# or the rule for its mean; (3) one game, and an interval that measures nothing.
# One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% network-theory [markdown]
# ## 4. A trained network
#
# `atari.make_games(n)` plays n games at once, with all that you have just written:
# frame skip, the brighter of two frames, stacks of four, sticky actions. Its
# observations have shape $(n, 4, 84, 84)$.
#
# The network has two convolutions, whose patches do not overlap, and a dueling head:
#
# $$ Q(s, a) = V(s) + A(s, a) - \tfrac15 \textstyle\sum_{a'} A(s, a') $$
#
# A patch of $4 \times 4$ pixels is about one place of the maze, and $3 \times 3$ places
# are one patch of the second layer: an idea for small computers (van Hasselt, Hessel
# and Aslanides, 2019). The five outputs are the values of the actions 0 to 4: with
# none, up, right, left and down she can go everywhere, and five values are learned
# sooner than nine.
#
# `atari.compile_network(net)` is a quick function from frames to these values: sums of
# compressed rewards, as you will see.

# %% network tags=["nbval-ignore-output"]
def q_network():
    """Values of five actions, (N, 5), from stacks of frames, uint8, (N, 4, 84, 84)."""
    frames = keras.Input((4, 84, 84), dtype="uint8")
    x = keras.layers.Permute((2, 3, 1))(frames)  # Keras wants the frames last
    x = keras.layers.Rescaling(1 / 255)(x)  # bytes become numbers from 0 to 1
    x = keras.layers.Conv2D(32, kernel_size=4, strides=4, activation="relu")(x)
    x = keras.layers.Conv2D(48, kernel_size=3, strides=3, activation="relu")(x)
    x = keras.layers.Dense(192, activation="relu")(keras.layers.Flatten()(x))
    value, advantage = keras.layers.Dense(1)(x), keras.layers.Dense(5)(x)
    mean = keras.ops.mean(advantage, axis=1, keepdims=True)
    return keras.Model(frames, value + advantage - mean)


media = Path(labkit.__file__).parent / "media"
net = q_network()
with np.load(media / "ms_pacman.npz") as weights:
    net.set_weights([weights[name] for name in weights.files])
q_values = atari.compile_network(net)
print(_(f"{net.count_params()} weights"))
obs, info = atari.make_games(3).reset(seed=0)
print(q_values(obs).round(2))

# %% curve-theory [markdown]
# This is how it was trained: `python -m benchmarks.ms_pacman train`, in the course's
# repository. Deep Q-learning with replay, a target network (a slow copy, from which the
# targets come), targets over seven steps and surprising transitions drawn more often
# (Rainbow: Hessel and others, 2018). Three decisions matter for what its values mean:
#
# - **Compressed rewards:** $\sqrt{r} / 10$. A pill counts 0.32 and a ghost up to 4: 13
#   times as much, not 160 times. (Many agents clip rewards to 1: then a ghost is worth
#   a pill.)
# - **A life lost ends the sum**, although the game goes on: a target does not bootstrap
#   there (to bootstrap is to let a value of the network stand for the rest of the sum).
#   Otherwise losing a life would cost nothing.
# - $\gamma = 0.99$: it looks about 100 steps ahead, seven seconds.
#
# In the curve, *greedy* games take the action of the largest value in every step.

# %% curve tags=["nbval-ignore-output"]
curve = pd.DataFrame(json.loads((media / "ms_pacman.json").read_text()))
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
axes.plot(
    curve["step"], curve["training"], color="0.6", label=_("last 50 training games")
)
axes.plot(curve["step"], curve["mean"], "o-", label=_("20 greedy test games"))
axes.set(xlabel=_("steps (four frames each)"), ylabel=_("mean score"))
axes.legend()
plt.show()
print(_(f"{curve['updates'].iloc[-1]} updates,"), end=" ")
print(_(f"{curve['seconds'].iloc[-1] / 60:.0f} minutes of processor time"))

# %% choose-hint [markdown]
# <details><summary>Hint</summary>
#
# `argmax(axis=1)` gives the best action of each row. Draw as in the exercise before:
# one number for each game decides, `rng.integers(k, size=n)` gives n random actions.
#
# </details>

# %% choose-actions tags=["exercise"] points=1
def epsilon_greedy(q_values, obs: np.ndarray, epsilon: float, rng) -> np.ndarray:
    """Epsilon-greedy actions for several games at once.

    Args:
        q_values: a function from observations (N, ...) to action values (N, A).
        obs: the observations of N games.
        epsilon: probability, in each game on its own, of a random action.
        rng: a numpy.random.Generator.

    Returns:
        The numbers of the actions, integers, shape (N,).
    """
    # TODO: the best action of each game, or a random one of the A.
    ### BEGIN SOLUTION
    q = q_values(obs)
    random = rng.integers(q.shape[1], size=len(q))
    return np.where(rng.random(len(q)) < epsilon, random, q.argmax(axis=1))
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% choose-check tags=["check"]
table = np.float32([[1, 5, 2, 0], [7, 0, 1, 2], [0, 1, 3, 2], [2, 6, 8, 9]])
rngs = map(np.random.default_rng, (0, 1))
got, again = (
    epsilon_greedy(lambda obs: table[obs], np.arange(4), 0.0, rng) for rng in rngs
)
labkit.check(
    np.array_equal(got, again),
    _("With epsilon = 0 no action is random: is the comparison the wrong way round?"),
)
whole = _("argmax without an axis numbers the whole table: axis=1.")
mistakes = [
    (
        np.array([1, 3, 3, 3]),
        _("argmax goes down the columns: axis=1 is a game's actions."),
    ),
    (np.full(4, 15), whole),
    (15, whole),
    (np.array([3, 1, 0, 0]), _("These are the worst actions: take the largest value.")),
    (
        np.float32([5, 7, 3, 9]),
        _("These are values: return the numbers of the actions."),
    ),
]
labkit.check_value(
    _("the greedy actions"), got, np.array([1, 0, 2, 3]), mistakes=mistakes
)


def drawn(epsilon: float, seed: int = 0, count: int = 5) -> np.ndarray:
    """Actions in 6,000 games whose best action is number 2 of so many."""
    many = np.tile(np.float32(np.arange(count) == 2), (6_000, 1))
    return epsilon_greedy(lambda obs: many, many, epsilon, np.random.default_rng(seed))


shares = np.bincount(drawn(1.0), minlength=5) / 6_000
labkit.check(
    shares.max() < 0.99, _("With epsilon = 1 all games take one action: draw for each.")
)
labkit.check(
    len(shares) == 5 and np.abs(shares - 0.2).max() < 0.03,
    _("With epsilon = 1 each of the A actions must be equally likely, and no other."),
)
labkit.check(
    drawn(1.0, count=3).max() == 2,
    _("Here there are three actions: A is the number of columns, `q.shape[1]`."),
)
best = [np.mean(drawn(0.5, seed) == 2) for seed in range(5)]
labkit.check(
    0.25 < np.mean(best) < 0.95 and max(best) - min(best) < 0.3,
    _("Whether an action is random must be drawn for each game on its own."),
)
labkit.check(
    abs(np.mean(best) - 0.6) < 0.03,
    _(
        f"epsilon = 0.5: the best of five has a share of {labkit.number(np.mean(best)):.2f}, expected "
        "0.60."
    ),
)
labkit.check(
    np.all(drawn(0.5) == drawn(0.5)) and len(set(best)) > 1,
    _("Draw from the `rng` that is given."),
)
labkit.passed()

# %% play-theory [markdown]
# ### Thirty games at once
#
# A score varies from game to game, so we need many games, and playing them side by
# side is quick: the network is asked once a step for all. There is a trap. A game that
# is over begins again *at once*, while others are still going on. What it earns then
# belongs to another game and must not count; otherwise agents that die early would be
# paid for it. And if one stopped when the first game is over, the long (good) games
# would be cut off.

# %% play-hint [markdown]
# <details><summary>Hint</summary>
#
# Keep an array `playing`, all true at first. A reward counts where the game is still
# playing when the step is taken; afterwards `playing` becomes false where the game is
# over, `terminated | truncated`. Go on while `playing.any()`.
#
# </details>

# %% play-games tags=["exercise"] points=2
def play_games(games, policy, seed: int) -> np.ndarray:
    """Play one game in each environment, all at once.

    Args:
        games: a vector environment of N games, which begin again by themselves.
        policy: a function from observations (N, ...) to actions (N,).
        seed: for games.reset.

    Returns:
        The score of the first game in each environment, shape (N,).
    """
    obs, info = games.reset(seed=seed)
    # TODO: step until each game has been over once; count each one's own rewards.
    ### BEGIN SOLUTION
    scores = np.zeros(games.num_envs)
    playing = np.ones(games.num_envs, bool)
    while playing.any():
        obs, reward, terminated, truncated, info = games.step(policy(obs))
        scores += reward * playing
        playing[terminated | truncated] = False
    return scores
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% play-check tags=["check"]
def short_games():
    """Three games of 2, 5 and 3 steps, again and again; step t pays 10**t."""
    steps = np.tile(np.arange(6)[:, None], 3)
    over = steps[1:] % np.array([2, 5, 3]) == 0
    cut = np.array([False, False, True])  # the third game has a time limit
    said = _(
        "All games are over, and the loop goes on: use terminated | truncated, "
        "and let a game that is over stay over (`playing &= ...`)."
    )
    return labkit.ScriptedVectorEnv(
        steps[..., None], 10 ** steps[:-1], over & ~cut, over & cut, over=said
    )


short = short_games()
got = play_games(short, lambda obs: obs[:, 0].astype(int), seed=5)
labkit.check(
    all((action == time).all() for time, action in enumerate(short.actions)),
    _("The policy must see the newest observations in each step."),
)
mistakes = [
    (np.full(3, 11_111.0), _("A game that is over goes on counting: use `playing`.")),
    (
        np.array([11.0, 11.0, 11.0]),
        _("All stop with the first game: wait for the last."),
    ),
    (np.array([1.0, 1_111.0, 11.0]), _("The last reward of each game is missing.")),
    (11_233.0, _("This is the sum of all games: return one score for each.")),
]
labkit.check_value(
    "play_games(...)", got, np.array([11.0, 11_111, 111]), mistakes=mistakes
)
labkit.check(short.seeds == [5], _("Reset the games with the seed, once."))
labkit.passed()

# %% measure-theory [markdown]
# Now the evaluation: 30 games that neither training nor its tests have seen, and
# random play in the same 30 games. Random play draws from all nine actions: to make do
# with five is the agent's own choice (drawn from those five, chance earns about as
# much). The interval is a range of plausible values for the true mean, that of endless
# games.
#
# This takes about a minute, and shows nothing meanwhile.

# %% policies
runs = labkit.Runs()  # what training cells make, for the cells that follow
rng = np.random.default_rng(0)


def trained(obs):
    """The network's best actions."""
    return epsilon_greedy(q_values, obs, 0.0, rng)


def at_random(obs):
    """Any of the nine actions."""
    return rng.integers(9, size=len(obs))

# %% measure tags=["training", "nbval-ignore-output"]
scores = play_games(atari.make_games(30), trained, seed=10_000)
runs["trained"] = labkit.Evaluation(scores)
print(_("trained:"), runs["trained"])
scores = play_games(atari.make_games(30), at_random, seed=10_000)
runs["random"] = labkit.Evaluation(scores)
print(_("random:"), runs["random"])

# %% measure-check tags=["check", "nbval-check-output"]
labkit.check(
    runs["trained"].mean > 3 * runs["random"].mean,
    _(
        "The network should score more than three times as much as random play: look "
        "at epsilon_greedy and play_games."
    ),
)
labkit.passed(_("It plays far better than chance."))

# %% scores tags=["nbval-ignore-output"]
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
bins = np.arange(0, runs["trained"].returns.max() + 200, 200)
for name, label in {"random": _("random"), "trained": _("trained")}.items():
    axes.hist(runs[name].returns, bins=bins, alpha=0.6, label=label)
axes.set(xlabel=_("score"), ylabel=_("games"))
axes.legend()
plt.show()

# %% film-theory [markdown]
# The mean hides how the games differ. How far apart are the worst and the best game of
# each, and do the two hills overlap at all?
#
# ### See it play
#
# Game 0 of the evaluation, by the trained network, and another random game with the
# same beginning. Does it chase blue ghosts? Does it flee the others? What does it do
# with the last few pills, and how does the game end? The film runs twice as fast as the
# game.

# %% film tags=["nbval-ignore-output"]
def film(label: str, policy):
    """A labelled video of one game."""
    one = lambda obs: int(policy(obs[None])[0])
    return label, labkit.record(atari.FilmedGame(), one, seed=10_000, max_steps=1_300)


labkit.side_by_side(
    [film(_("random"), at_random), film(_("trained"), trained)]
)

# %% target-theory [markdown]
# ## 5. Train it further
#
# ### Targets over n steps
#
# A one-step target takes one real reward and believes the network for the rest. The
# news of a ghost eaten travels back by one step with each update. A target over n steps
# takes n real rewards:
#
# $$ y = r_t + \gamma r_{t+1} + \dots + \gamma^{n-1} r_{t+n-1}
#    + \gamma^n\, V(s_{t+n}) $$
#
# It travels n steps at a time. (The price: the rewards on the way come from the actions
# that were really taken, some of them random.) Where a life ends on the way, the sum
# ends with the reward of that step, and nothing is bootstrapped.

# %% n-step-hint [markdown]
# <details><summary>Hint</summary>
#
# Go through the steps in order. Keep for each game the factor with which the next
# reward counts: 1 at first; after each step it is multiplied by gamma, and by 0 where
# a life has ended. `ended.any(axis=0)` is true where a life ended in any of the steps.
#
# </details>

# %% n-step-sum tags=["exercise"] points=2
def n_step_sum(reward: np.ndarray, ended: np.ndarray, gamma: float):
    """Discounted rewards of n steps, in several games.

    Args:
        reward: shape (n, N); row k holds the rewards k steps after the first.
        ended: whether a life ended with that step, bool, shape (n, N).
        gamma: discount factor of one step.

    Returns:
        total: discounted sum up to the end or the n-th step, shape (N,).
        over: whether a life ended in one of the n steps, bool, shape (N,).
    """
    # TODO: no reward counts after an end.
    ### BEGIN SOLUTION
    total, factor = np.zeros(reward.shape[1]), np.ones(reward.shape[1])
    for step_reward, step_ended in zip(reward, ended):
        total += factor * step_reward
        factor *= gamma * ~step_ended
    return total, ended.any(axis=0)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% n-step-expected [markdown]
# Three steps with the rewards 1, 2, 4 and $\gamma = 0.5$: without an end
# $1 + 1 + 1 = 3$; with an end in the second step $1 + 1 = 2$; in the first one 1.

# %% n-step-check tags=["check"]
reward = np.array([[1.0] * 5, [2.0] * 5, [4.0] * 5])
ended = np.array([[0, 1, 1, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]], bool)
before = reward.copy(), ended.copy()
got = n_step_sum(reward, ended, 0.5)
labkit.check(got is not None, _("n_step_sum(...) gives None: is a `return` missing?"))
labkit.check(
    np.all(reward == before[0]) and np.all(ended == before[1]),
    _("The arrays were changed: `total = reward[0]` is a view; begin with zeros."),
)
labkit.check(
    isinstance(got, tuple) and len(got) == 2,
    _("n_step_sum(...) must return two things: the sums, and where a life ended."),
)
mistakes = [
    ([3, 3, 3, 3, 3], _("Rewards after an end are counted.")),
    ([3, 0, 0, 1, 2], _("The reward of the step that ends a life counts, too.")),
    ([7, 1, 1, 3, 7], _("The rewards are not discounted.")),
    ([1.5, 0.5, 0.5, 1, 1.5], _("The first reward is discounted: its factor is 1.")),
    ([3, 2, 1, 2, 3], _("Only the next reward is left out after an end: all are.")),
    ([3, 1, 0, 2, 3], _("Where two lives end, a later reward counts as negative.")),
    ([5.25, 1, 1, 2, 5.25], _("It is discounted from the wrong side.")),
]
mistakes = [(np.float64(wrong), message) for wrong, message in mistakes]
sums = np.array([3.0, 1, 1, 2, 3])
labkit.check_value(_("the sums"), got[0], sums, mistakes=mistakes)
mistakes = [
    (ended[-1], _("A life may also end before the last step: any of them counts.")),
    (~ended.any(axis=0), _("`over` is inverted: true where a life ended.")),
]
over = np.array([False, True, True, True, True])
labkit.check_value(_("where a life ended"), got[1], over, mistakes=mistakes)
got = n_step_sum(np.ones((4, 2)), np.zeros((4, 2), bool), 0.5)
mistakes = [(np.full(2, 1.75), _("There are not always three steps: len(reward)."))]
labkit.check_value(_("for n = 4"), got[0], np.full(2, 1.875), mistakes=mistakes)
labkit.passed()

# %% double-theory [markdown]
# ### Double
#
# Recall from lesson {lesson:d3qn_gridworld}: the maximum over noisy values is too large, as it picks the
# errors that point upwards. **Double** Q-learning (van Hasselt and others, 2016) lets
# the online network *choose* the action and the target network *value* it:
#
# $$ y = \text{total} + \gamma^n\, (1 - \text{over})\,
#    Q\big(s_{t+n}, \arg\max_{a} Q(s_{t+n}, a; \theta);\, \theta^-\big) $$

# %% double-hint [markdown]
# <details><summary>Hint</summary>
#
# `tf.argmax(q, axis=1)` chooses; `tf.gather(target, best, batch_dims=1)` takes from
# each row the value of its own action; `tf.cast(over, tf.float32)` is 1 where over.
#
# </details>

# %% double-targets tags=["exercise"] points=2
def double_targets(total, over, online, target, discount: float):
    """Targets of double Q-learning; TensorFlow functions only: training compiles this.

    Args:
        total: rewards of the n steps, float32, shape (B,).
        over: whether a life ended in them, bool, shape (B,).
        online: online network's values of the state n steps later, shape (B, A).
        target: target network's values of the same states, shape (B, A).
        discount: gamma to the power n.

    Returns:
        The targets, a float32 tensor, shape (B,).
    """
    # TODO: one network chooses, the other one values.
    ### BEGIN SOLUTION
    best = tf.argmax(online, axis=1)
    value = tf.gather(target, best, batch_dims=1)
    return total + discount * (1.0 - tf.cast(over, tf.float32)) * value
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% double-expected [markdown]
# The check has $\gamma^n = 0.5$, totals $(1, 2, 3)$ and an end in the second row. In
# the first row the online network chooses action 1, which the target network values at
# 2: the target is $1 + 0.5 \cdot 2 = 2$.

# %% double-check tags=["check"]
case = (
    tf.constant([1.0, 2.0, 3.0]),
    tf.constant([False, True, False]),
    tf.constant([[0.0, 9.0, 1.0], [5.0, 0.0, 0.0], [6.0, 0.0, 8.0]]),
    tf.constant([[4.0, 2.0, 3.0], [1.0, 6.0, 7.0], [2.0, 3.0, 10.0]]),
    0.5,
)
wrong_targets = [
    (
        [3.0, 2.0, 8.0],
        _("The target network chooses as well: let the online one choose."),
    ),
    (
        [5.5, 2.0, 7.0],
        _("The online network values as well: take the target network's."),
    ),
    ([1.0, 2.0, 7.0], _("The roles are exchanged: the online network chooses.")),
    ([2.5, 2.0, 8.0], _("argmax goes down the columns: axis=1.")),
    ([2.0, 2.5, 8.0], _("It still bootstraps where a life ended.")),
    ([1.0, 2.5, 3.0], _("The mask is inverted: bootstrap where no life ended.")),
    ([2.0, 0.0, 8.0], _("The rewards of a life that ended count, too.")),
    ([3.0, 2.0, 13.0], _("The value is not discounted.")),
    ([1.5, 1.0, 6.5], _("The rewards are discounted once too often.")),
]
mistakes = [(np.float32(wrong), message) for wrong, message in wrong_targets]
got = double_targets(*case)
labkit.check(
    np.shape(got) != (3, 3), _("The shape is (3, 3): give tf.gather batch_dims=1.")
)
want = np.float32([2.0, 2.0, 8.0])
labkit.check_value("double_targets(...)", got, want, mistakes=mistakes)
labkit.check(tf.is_tensor(got), _("double_targets(...) must return a tensor."))
labkit.check_recorded(double_targets, *case)
wide = [tf.pad(values, [[0, 0], [0, 2]]) for values in case[2:4]]  # five actions
got = double_targets(*case[:2], *wide, 0.5)
labkit.check_value(_("with five actions"), got, want)
labkit.passed()

# %% tuning-theory [markdown]
# ### A minute more
#
# All parts are there. `Agent` is deep Q-learning as in lesson
# {lesson:dqn_lunar_lander}, with your targets. The last n steps of all games wait in
# `window`; when a new one comes, the oldest has its n rewards and goes into the replay
# buffer.

# %% tuning
class Agent:
    """What training goes on with: a copy of the network, and eight games."""

    def __init__(
        self, net, seed: int, games=8, steps=7, gamma=0.99, learning_rate=2e-5
    ):
        self.rng = labkit.seed_everything(seed)
        self.q_net, self.target_net = q_network(), q_network()
        labkit.copy_weights(net, self.q_net)
        labkit.copy_weights(net, self.target_net)
        self.optimizer = keras.optimizers.Adam(learning_rate)
        self.optimizer.build(self.q_net.trainable_variables)
        self.q_values = atari.compile_network(self.q_net)
        self.learn = labkit.compile_updates(self.dqn_update, xla=False)
        self.buffer = labkit.ReplayBuffer(
            8_000, (4, 84, 84), obs_dtype=np.uint8, seed=seed
        )
        self.games, self.gamma, self.steps = atari.make_games(games), gamma, steps
        self.window = deque(maxlen=steps)
        self.obs, info = self.games.reset(seed=seed)
        self.lives, self.scores = info["lives"], np.zeros(games)
        self.losses = []

    def dqn_update(self, batch):
        """One update; returns the Huber loss."""
        targets = double_targets(
            batch.reward,
            batch.terminated,
            self.q_net(batch.next_obs),
            self.target_net(batch.next_obs),
            self.gamma**self.steps,
        )
        with tf.GradientTape() as tape:
            values = self.q_net(batch.obs)
            q = tf.gather(values, batch.action, batch_dims=1)
            loss = tf.reduce_mean(keras.losses.huber(targets[:, None], q[:, None]))
        variables = self.q_net.trainable_variables
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        labkit.soft_update(self.q_net, self.target_net, 0.005)
        return loss

# %% play-on
def agent_step(agent: Agent, epsilon: float = 0.02) -> list[float]:
    """A step in all games, stored; returns the scores of games that are over."""
    action = epsilon_greedy(agent.q_values, agent.obs, epsilon, agent.rng)
    next_obs, reward, terminated, truncated, info = agent.games.step(action)
    ended = terminated | truncated | (info["lives"] < agent.lives)
    agent.window.append((agent.obs, action, np.sqrt(reward) / 10, ended))
    agent.obs, agent.lives = next_obs, info["lives"]
    if len(agent.window) == agent.steps:
        obs, actions, rewards, ends = zip(*agent.window)
        total, over = n_step_sum(np.array(rewards), np.array(ends), agent.gamma)
        agent.buffer.extend(obs[0], actions[0], total, next_obs, over)
    agent.scores += reward
    finished = agent.scores[terminated | truncated].tolist()
    agent.scores[terminated | truncated] = 0.0
    return finished

# %% make-tuning
runs["tuning"] = Agent(net, seed=0)
runs["training"] = labkit.Training(
    _("Ms. Pac-Man, fine-tuned"), runs["tuning"].q_net, window=10
)

# %% tune-theory [markdown]
# About a minute. You may interrupt it (■) and run the cell again to go on. The cell
# after it measures the network once more: another minute, and nothing is shown
# meanwhile.

# %% tune tags=["training", "nbval-ignore-output"]
agent = runs["tuning"]
with runs["training"] as training:
    for step in training.steps(2_000):  # 16,000 steps of the eight games
        for score in agent_step(agent):
            training.add(score)
        if step >= 200 and step % 10 == 0:
            agent.losses.extend(agent.learn(agent.buffer.sample((10, 32))))
runs["losses"] = np.array(agent.losses)
print(_(f"{len(agent.losses)} updates"))
print(_(f"{runs['training'].seconds:.0f} s of processor time"))

# %% tuned tags=["training", "nbval-ignore-output"]
tuned = lambda obs: epsilon_greedy(runs["tuning"].q_values, obs, 0.0, rng)
runs["tuned"] = labkit.Evaluation(play_games(atari.make_games(30), tuned, seed=20_000))
print(_("before:"), runs["trained"])
print(_("after:"), runs["tuned"])

# %% tuned-check tags=["check", "nbval-check-output"]
moved = [
    np.abs(after - before).max()
    for after, before in zip(runs["tuning"].q_net.get_weights(), net.get_weights())
]
labkit.check(
    np.all(np.isfinite(runs["losses"])) and len(runs["losses"]) >= 1_000,
    _("Fewer than 1,000 updates were made: run the training cell to its end."),
)
labkit.check(min(moved) > 0, _("Some weights have not moved: is the loss connected?"))
labkit.check(
    runs["tuned"].mean > 2 * runs["random"].mean,
    _(
        "The network has forgotten how to play: are the targets those of the check "
        "above?"
    ),
)
labkit.passed(_("It has learned on, and still plays."))

# %% tuned-prompt [markdown]
# **Question 3** (3 points).
#
# 1. Compare the two intervals. Can you say that a minute has made the agent better, or
#    worse? How many games would you need for a difference of 100 points to be two
#    standard errors, if the standard deviation of a game is 280, that of
#    `runs["trained"].returns`? (The standard error of the mean of $m$
#    games is $280/\sqrt m$, and the difference of two means has $\sqrt 2$ times that.)
# 2. The network that comes with the course was chosen among the last three of the
#    curve, as the one with the best mean in 40 more games. Why not the highest point of
#    the curve? Is that best mean a fair estimate of how well it plays? Why was it
#    measured again, on other games?
# 3. With rewards compressed to $\sqrt{r}/10$: does the agent play for the most points?
#    Give a choice in which it would take fewer points.

# %% tuned-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. Most times the intervals overlap widely, and one can say neither. A difference of
#    100 should be at least two standard errors: $2 \cdot \sqrt 2 \cdot 280 / \sqrt m
#    \le 100$, so $m \ge (2 \sqrt 2 \cdot 2.8)^2 \approx 63$ games each; more where
#    the scores after fine-tuning are spread wider.
# 2. The best of many noisy means is the one whose luck was greatest, among others:
#    this goes for the highest point, a mean of 20 games, and for the chosen network.
#    Its mean is too high on average, for the same reason as $\max_a Q$ is. Other games
#    have no part in the choice.
# 3. No. The sum of square roots prefers many small rewards to a large one: ten pills
#    count $10 \cdot 0.316 = 3.2$ for 100 points, a ghost of 800 points 2.8. Discounting
#    and the end of the sum at a life's end change the aim as well.
#
# **What to look for:** (1) overlap, so no statement; about 63 games; (2) selection
# makes it too high; (3) no, with an example. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% experiments [markdown]
# ## 6. Experiments
#
# Change one thing at a time, and guess the result first.
#
# 1. **Stickier.** The cell below plays 10 games without sticky actions, and with a
#    joystick that sticks every other frame. Is the agent's skill a list learned by
#    heart?
# 2. **A little chance.** Let the trained network take a random action with probability
#    0.05, then 0.2: `lambda obs: epsilon_greedy(q_values, obs, 0.05, rng)` is such a
#    policy. Why does it lose less than you may have thought?
# 3. **One step.** Fine-tune with `Agent(net, seed=0, steps=1)`: change the cell that
#    makes `runs["tuning"]`, run it, then the training cell. Do the losses rise or fall?
#    (`plt.plot(runs["losses"])`; the values were learned from seven steps.)
# 4. **Too fast.** Fine-tune with `learning_rate=1e-3`. How soon is all this learning
#    lost?
# 5. **Your pictures.** `atari.make_games` shows the network the library's. What would
#    you have to change to train it on yours? Would it have to begin anew?
# 6. **From the beginning.** `python -m benchmarks.ms_pacman train`, in the course's
#    repository, trains such a network, for 70 minutes by the clock unless `--minutes`
#    says otherwise. Its settings are in the first lines of that file.
#
# The cell below takes about half a minute, and shows nothing meanwhile.

# %% experiment tags=["training", "nbval-ignore-output"]
# Experiment 1: other joysticks.
for probability in (0.0, 0.5):
    games = atari.make_games(10, sticky=probability)
    scores = play_games(games, trained, seed=30_000)
    print(_(f"sticky {labkit.number(probability)}:"), labkit.Evaluation(scores))

# %% recap [markdown]
# ## Recap
#
# - A screen of 100,800 bytes became 7,040: crop, halve, grey, contrast, int8. Knowledge
#   of the game goes into the contrast; the library does without it.
# - Frame skip decides 15 times a second and takes the brighter of two frames, against
#   the flicker. A stack of four shows where things go.
# - Sticky actions put chance into a console that has none, so that an agent must look.
# - Many games at once: count each one's own rewards, and wait for the last one.
# - Targets over n steps carry news faster; double targets do not believe the maximum.
# - A mean without an interval says little; the best of many means is too good to be
#   true.
#
# Next: in lesson {lesson:reinforce_cartpole} the agent learns its policy itself, without values.
#
# ### To read next
#
# - M. G. Bellemare and others, "The Arcade Learning Environment", *Journal of
#   Artificial Intelligence Research* 47, 253–279, 2013: the emulator.
# - V. Mnih and others, "Human-level control through deep reinforcement learning",
#   *Nature* 518, 529–533, 2015: deep Q-learning on 49 games.
# - M. C. Machado and others, "Revisiting the Arcade Learning Environment", *Journal of
#   Artificial Intelligence Research* 61, 523–562, 2018: sticky actions, and how to
#   measure.
# - H. van Hasselt, A. Guez and D. Silver, "Deep Reinforcement Learning with Double
#   Q-learning", *AAAI*, 2016 (arXiv:1509.06461).
# - Z. Wang and others, "Dueling Network Architectures for Deep Reinforcement Learning",
#   *ICML*, 2016 (arXiv:1511.06581).
# - M. Hessel and others, "Rainbow: Combining Improvements in Deep Reinforcement
#   Learning", *AAAI*, 2018 (arXiv:1710.02298).
# - H. van Hasselt, M. Hessel and J. Aslanides, "When to use parametric models in
#   reinforcement learning?", *NeurIPS*, 2019 (arXiv:1906.05243): much learned from few
#   games, with a small network.
# - R. Agarwal and others, "Deep Reinforcement Learning at the Edge of the Statistical
#   Precipice", *NeurIPS*, 2021 (arXiv:2108.13264): means, intervals, and honesty.
