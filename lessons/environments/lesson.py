# ---
# title: Agent, environment, episode
# line: what the agent sees, what it does, what it is paid
# minutes: 60
# ---

# %% title [markdown]
# # Agent, environment, episode
#
# At the end of this lesson you will be able to
#
# - talk to any environment of reinforcement learning through five words: `reset`,
#   `step`, `reward`, `terminated`, `truncated`;
# - play whole episodes, with a policy that draws its actions and with one of your own
#   that balances a pole;
# - say how good a policy is, and how sure you are of it;
# - repeat an experiment exactly, and film it.
#
# **Time:** about 60 minutes. **Builds on:** Python (functions, loops, lists) and a
# little NumPy (arrays, `mean`). No knowledge of machine learning is needed.

# %% imports
import warnings

import gymnasium as gym
import labkit
import matplotlib.pyplot as plt
import numpy as np

# %% clip-theory [markdown]
# Here are two worlds that you will meet today. On the left the agent pushes a cart to
# keep a pole upright; it has learned that by itself, and you will write it in lesson
# {lesson:linear_q_cartpole}. On the right the agent collects green discs and avoids red triangles; it follows
# a rule that a person wrote.

# %% clip tags=["nbval-ignore-output"]
labkit.side_by_side(
    [
        (
            _("CartPole"),
            labkit.load(
                "linear_q_cartpole",
                _("A cart moves left and right under a pole and keeps it upright"),
            ),
        ),
        (
            _("GridWorld"),
            labkit.load(
                "grid_world_walk",
                _(
                    "A blue square walks through a grid to green discs, around "
                    "red triangles"
                ),
            ),
        ),
    ]
)

# %% lesson-theory [markdown]
# ## 1. How a lesson works
#
# A notebook is made of **cells**: text, such as this one, and Python code. Click a cell
# and press <kbd>Shift</kbd>+<kbd>Enter</kbd> to run it. Run the cells **in order**,
# from the top, and do not leave any out. What they define stays until the kernel is
# restarted; after that, begin again at the top.
#
# | you see | what to do |
# |---|---|
# | `# {todo:return-of}: ...` | An exercise. Replace the line `raise NotImplementedError("{todo:return-of}")` by your own code, often one to five lines, and run the cell. |
# | **Hint** | Click to open it. Try without it first. |
# | a folded cell after an exercise | Its check. Run it, too. It prints ✓, or one sentence that says what is wrong; then mend your answer and run both cells again. You may open it, but you need not. |
# | **Question** | Answer in words: double-click the cell under it, and write. |
# | `NotImplementedError` | Nothing is broken: this cell needs something that is not written, or not run, yet. The message says which. |
#
# A cell that runs for ever is stopped by the button ■ above.
#
# <details><summary>Does my machine need a GPU?</summary>
#
# No: all lessons are made for an ordinary processor. Where there is a GPU, TensorFlow
# uses it from lesson {lesson:dqn_cartpole} on. It would then take all of the GPU's memory at once;
# `labkit` asks it to take memory only as it needs it, so that two notebooks can share a
# GPU. (`labkit` is the course's own package. Its functions are short, and you are
# invited to read them.)
#
# </details>

# %% return-theory [markdown]
# ### A first exercise
#
# At each step the environment pays the agent a **reward**, a number. What counts in the
# end is their sum over the whole episode, the **return**
#
# $$ G = r_1 + r_2 + \dots + r_T $$
#
# for an episode of $T$ steps. (Lesson {lesson:mdp_q_learning} adds a discount factor to this sum.) So the
# rewards 1, 0, −5, 1 have the return −3.

# %% return-hint [markdown]
# <details><summary>Hint</summary>
#
# Python has a function that adds up the numbers of a list: `sum`.
#
# </details>

# %% return-of tags=["exercise"] points=1
def return_of(rewards: list[float]) -> float:
    """The return of one episode.

    Args:
        rewards: one number for each step.

    Returns:
        Their sum.
    """
    # TODO: add up the rewards.
    ### BEGIN SOLUTION
    return sum(rewards)
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% return-of-check tags=["check"]
mistakes = [
    (1.75, _("This is the mean of the rewards: do not divide by their number.")),
    (4, _("This is the number of rewards: add up the rewards themselves.")),
    (-1.0, _("This is the last reward alone: add up all of them.")),
    (2.5, _("This is the first reward alone: is the `return` inside the loop?")),
    (8.0, _("The last reward is missing from the sum.")),
    (4.5, _("The first reward is missing from the sum.")),
    (9.0, _("The rewards are added without their signs: a loss counts as a loss.")),
]
got = return_of([2.5, 0.0, 5.5, -1.0])
labkit.check_value("return_of([2.5, 0.0, 5.5, -1.0])", got, 7.0, mistakes=mistakes)
labkit.check_value("return_of([1.0])", return_of([1.0]), 1.0)
labkit.passed()

# %% loop-theory [markdown]
# ## 2. The contract
#
# ![Two boxes. The left one holds the letter pi, the agent's policy; the right one a
# picture of a world, the environment. An arrow from left to right carries the action
# a at time t; two arrows back carry the observation o and the reward r at time
# t+1](../../images/agent_environment.png)
#
# There are two parties. The **agent** chooses an action $a_t$ by its **policy** $\pi$.
# The **environment** answers with an observation $o_{t+1}$, what the agent sees next,
# and a reward $r_{t+1}$, how well it did. Then it is the agent's turn again.
#
# The library [Gymnasium](https://gymnasium.farama.org) has made a contract of this
# picture. Thousands of environments keep it, from toy problems to robots; so an agent
# that is written for one can be tried on all.
#
# | | |
# |---|---|
# | `env = gym.make(name)` | makes the environment |
# | `env.observation_space`, `env.action_space` | what observations and actions look like |
# | `obs, info = env.reset(seed=0)` | begins an episode; returns the first observation, and a dictionary with extras, often empty |
# | `obs, reward, terminated, truncated, info = env.step(action)` | one step |
# | `env.render()` | a picture |
#
# An episode can end in two ways, and the whole course depends on telling them apart:
#
# - **terminated**: the world itself has come to an end. The pole has fallen; nothing
#   more can be earned.
# - **truncated**: we stop watching, most often because of a **time limit**. The world
#   would have gone on.

# %% cartpole [markdown]
# ### CartPole
#
# ![A cart on a track carries a pole. The cart's position p and velocity and the pole's
# angle beta and angular velocity are marked; arrows show action 0, a push to the left,
# and action 1, a push to the right; dashed lines show the limits of 2.4 metres and 12
# degrees](../../images/cartpole.png)
#
# | state | number | |
# |---|---|---|
# | $p$ | 0 | position of the cart, in m |
# | $\dot p$ | 1 | its velocity, in m/s |
# | $\beta$ | 2 | angle of the pole, in rad: 0 is upright, positive leans to the right |
# | $\dot\beta$ | 3 | its angular velocity, in rad/s |
#
# | action | |
# |---|---|
# | 0 | push to the left |
# | 1 | push to the right |
#
# | reward | |
# |---|---|
# | 1 | for each step, the one in which the pole falls included |
#
# | end | |
# |---|---|
# | terminated | the pole leans more than 12° (0.21 rad), or the cart is more than 2.4 m from the centre |
# | truncated | after 500 steps of 0.02 s each |
#
# At the start all four numbers are drawn between −0.05 and 0.05. (The task is due to
# Barto, Sutton and Anderson, 1983.)

# %% make-env tags=["nbval-ignore-output"]
env = gym.make("CartPole-v1")
print(_("observations:"), env.observation_space)
print(_("actions:     "), env.action_space)
print(_("some action: "), env.action_space.sample())

# %% make-env-read [markdown]
# A `Box` holds arrays of real numbers between two limits; here 4 numbers in single
# precision. `Discrete(2)` holds the whole numbers 0 and 1. Every space can draw one of
# its elements: `sample()`.
#
# Now two steps by hand, both to the right. Watch the third number, the angle, and the
# fourth.

# %% two-steps tags=["nbval-ignore-output"]
obs, info = env.reset(seed=0)
print(obs)
for action in (1, 1):
    obs, reward, terminated, truncated, info = env.step(action)
    print(obs, reward, terminated, truncated)

# %% script-theory [markdown]
# The cart gets faster to the right, and the pole begins to fall to the *left*, as a
# broom on your palm does when you move the hand.
#
# An environment need not have physics in it. Whatever keeps the contract is one, and
# the next cell has all that it takes. This environment plays back a list of rewards, so
# that we know beforehand what comes out: the checks of this lesson use it.

# %% script
class Script(gym.Env):
    """An environment that pays given rewards, whatever one does, and takes notes.

    The observation is the number of steps so far, shape (1,). The last reward ends the
    episode, in the way that `end` says: "terminated" or "truncated".
    """

    def __init__(self, rewards: list[float], end: str):
        self.action_space = gym.spaces.Discrete(2)
        self.rewards, self.end, self.actions, self.seeds = rewards, end, [], []

    def reset(self, *, seed=None, options=None):
        early = _("You reset before the episode is over: reset once, then only step.")
        labkit.check(len(self.actions) in (0, len(self.rewards)), early)
        self.actions = []
        self.seeds.append(seed)
        return np.array([0.0]), {}

    def step(self, action):
        over = _(f"You step on after `{self.end}`: the episode was over.")
        labkit.check(len(self.actions) < len(self.rewards), over)
        self.actions.append(action)
        t = len(self.actions)
        end = self.end if t == len(self.rewards) else ""
        terminated, truncated = end == "terminated", end == "truncated"
        return np.array([float(t)]), self.rewards[t - 1], terminated, truncated, {}


world = Script([1.0, 0.0, -5.0], "terminated")
print(world.reset())
print(world.step(0), world.step(1), world.step(0), sep="\n")

# %% play-theory [markdown]
# ### One whole episode
#
# A **policy** says what to do. For us it is a *function*: an observation goes in, an
# action comes out. Functions can be passed to other functions as numbers can; so one
# loop plays every policy in every environment.
#
# Write what happens at each turn of that loop. An episode is over when it is terminated
# **or** truncated.

# %% play-hint [markdown]
# <details><summary>Hint</summary>
#
# Three things, in this order:
#
# 1. one step, with the action that the policy chooses for the newest observation:
#    `obs, reward, terminated, truncated, info = env.step(policy(obs))`;
# 2. put the reward at the end of the list: `rewards.append(...)`;
# 3. if the episode is over, return two things, `return length, total`: the number of
#    rewards (`len`), and what your first function makes of them.
#
# </details>

# %% play-episode tags=["exercise"] points=2
def play_episode(env, policy, seed: int | None = None) -> tuple[int, float]:
    """Play one episode to its end.

    Args:
        env: an environment with a time limit.
        policy: a function from an observation to an action.
        seed: seed of the episode; None goes on with the environment's random numbers.

    Returns:
        The length of the episode in steps, and its return.
    """
    obs, info = env.reset(seed=seed)
    rewards = []
    while True:
        # TODO: one step; keep its reward; at the end of the episode, return.
        ### BEGIN SOLUTION
        obs, reward, terminated, truncated, info = env.step(policy(obs))
        rewards.append(reward)
        if terminated or truncated:
            return len(rewards), return_of(rewards)
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION

# %% play-episode-expected [markdown]
# The world above, `Script([1.0, 0.0, -5.0], "terminated")`, gives `(3, -4.0)`.

# %% play-episode-check tags=["check"]
def count(obs):
    """The number of steps so far, as an action."""
    return int(obs[0])


for end in ("terminated", "truncated"):
    world = Script([1.0, 0.0, -5.0], end)
    got = play_episode(world, count, seed=7)
    mistakes = [
        ((-4.0, 3), _("Length and return are swapped: return the length first.")),
        ((2, 1.0), _("The last step is missing: keep its reward before you return.")),
        ((3, -5.0), _("This is the last reward: return the sum of all of them.")),
        ((1, 1.0), _("You return after the first step: look at the `if`.")),
        ((4, -4.0), _("The length counts steps: `reset` is none.")),
    ]
    labkit.check_value("play_episode(...)", got, (3, -4.0), mistakes=mistakes)
    labkit.check(
        world.actions != [0, 0, 0],
        _("The policy sees the first observation at every step: renew `obs`."),
    )
    labkit.check(
        world.actions == [0, 1, 2],
        _("The actions must be those of the policy for the newest observation."),
    )
    labkit.check(
        world.seeds == [7], _("Reset once, with the seed that you are given.")
    )
for rewards, end in [([2.0], "terminated"), ([0.5] * 600, "truncated")]:
    got = play_episode(Script(rewards, end), count)
    labkit.check_value("play_episode(...)", got, (len(rewards), sum(rewards)))
labkit.passed()

# %% random-theory [markdown]
# ## 3. Policies
#
# ### The random policy
#
# The simplest policy draws any action and does not look at the observation at all. It
# is the **baseline**: an agent that has learned something does better.

# %% random-hint [markdown]
# <details><summary>Hint</summary>
#
# The action space of the environment can draw an action; you have seen how after
# `gym.make`. `env` is the CartPole of that cell.
#
# </details>

# %% random-policy tags=["exercise"] points=1
def random_policy(obs: np.ndarray) -> int:
    """Draw an action of CartPole, 0 or 1, both equally likely.

    Args:
        obs: the observation, which does not matter.

    Returns:
        An action, drawn from `env.action_space`.
    """
    # TODO: let the action space draw.
    ### BEGIN SOLUTION
    return env.action_space.sample()
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% random-policy-check tags=["check"]
obs = np.array([0.01, 0.02, 0.03, 0.04], dtype=np.float32)
env.action_space.seed(5)
got = [random_policy(obs) for i in range(400)]
labkit.check(got[0] is not None, _("random_policy(...) gives None: add `return`."))
labkit.check(
    all(env.action_space.contains(action) for action in got),
    _("random_policy(...) must give 0 or 1. Are the brackets of sample() missing?"),
)
labkit.check(len(set(got)) == 2, _("The action is always the same: draw it anew."))
labkit.check(
    160 <= sum(got) <= 240, _("The two actions must be drawn equally often.")
)
env.action_space.seed(5)
labkit.check(
    got == [random_policy(obs) for i in range(400)],
    _("Draw from env.action_space: other random numbers ignore its seed."),
)
labkit.passed()

# %% random-play tags=["nbval-ignore-output"]
for seed in range(5):
    length, total = play_episode(env, random_policy, seed)
    print(_(f"seed {seed}: {length} steps, return {labkit.number(total)}"))

# %% steady-theory [markdown]
# ### A policy of your own
#
# Random pushes hold the pole for some 20 steps, less than half a second. You can do
# better: write a rule by hand that holds it for **at least 200 steps**. There are many
# such rules. Some need a single line.

# %% steady-hint [markdown]
# <details><summary>Hint</summary>
#
# The cart must get under the pole: when the pole leans to the right, push to the right.
# This rule holds it for about 40 steps, and then the pole swings too fast.
#
# What will the angle be a moment from now? The angle, plus something times the angular
# velocity. Push to the side where the pole *is going to be*.
#
# </details>

# %% steady-policy tags=["exercise"] points=2
def steady_policy(obs: np.ndarray) -> int:
    """A rule that balances the pole of CartPole for 200 steps or more.

    Args:
        obs: position, velocity, angle and angular velocity, shape (4,).

    Returns:
        0 (push to the left) or 1 (push to the right).
    """
    # TODO: where will the pole be? Push to that side.
    ### BEGIN SOLUTION
    soon = obs[2] + 0.5 * obs[3]
    return 1 if soon > 0 else 0
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% steady-policy-check tags=["check"]
right, left = np.array([0, 0, 0.1, 0.2]), np.array([0, 0, -0.1, -0.2])
for obs in (right, left):
    got = steady_policy(obs)
    labkit.check(got is not None, _("steady_policy(...) gives None: add `return`."))
    labkit.check(
        env.action_space.contains(got),
        _(
            f"steady_policy(...) must give 0 or 1, not {got!r}: "
            "int(...) makes a number of a comparison."
        ),
    )
labkit.check(
    not (steady_policy(right) == 0 and steady_policy(left) == 1),
    _("When the pole falls to the right you push to the left: swap the actions."),
)
labkit.check(
    steady_policy(right) != steady_policy(left),
    _("You push to the same side, whether the pole falls to the right or to the left."),
)
lengths = [play_episode(env, steady_policy, seed)[0] for seed in range(100, 120)]
rights = [steady_policy(np.array([0, 0, 0.05, speed])) for speed in (-1.0, 0.0, 1.0)]
lean = [steady_policy(np.array([0, 0, angle, 0.05])) for angle in (-0.2, 0.0, 0.2)]
if min(lengths) < 200:
    advice = _("Look at all episodes, not one, and try other factors.")
    if len(set(rights)) == 1:
        advice = _("You do not look at how fast the pole turns: see the hint.")
    elif len(set(lean)) == 1:
        advice = _("You look at how fast the pole turns, but not at its angle.")
    labkit.check(False, _(f"An episode lasts only {min(lengths)} steps. {advice}"))
labkit.passed()

# %% lean-theory [markdown]
# To compare with yours, here is a simpler rule, which looks at the angle alone.

# %% lean-policy tags=["nbval-ignore-output"]
def lean_policy(obs: np.ndarray) -> int:
    """Push to the side to which the pole leans."""
    return int(obs[2] > 0)


for name, policy in [(_("simple"), lean_policy), (_("yours"), steady_policy)]:
    length, total = play_episode(env, policy, seed=0)
    print(_(f"{name}: {length} steps, return {labkit.number(total)}"))

# %% film-theory [markdown]
# ### A video
#
# Numbers are good, seeing is better. An environment that was made with
# `gym.make(name, render_mode="rgb_array")` returns a picture from `render()`: an array
# of red, green and blue, shape (height, width, 3). The function
# `labkit.record(env, policy, seed=seed)` plays one episode, gathers its pictures, and
# returns a `Video`.

# %% film-hint [markdown]
# <details><summary>Hint</summary>
#
# Make a new environment, with pictures, and return what `labkit.record` gives for it.
# (The `env` from above was made without pictures.)
#
# </details>

# %% film tags=["exercise"] points=1
def film(policy, seed: int) -> labkit.Video:
    """Film one episode of CartPole-v1.

    Args:
        policy: a function from an observation to an action.
        seed: seed of the episode.

    Returns:
        The video.
    """
    # TODO: an environment that gives pictures; then record.
    ### BEGIN SOLUTION
    return labkit.record(
        gym.make("CartPole-v1", render_mode="rgb_array"), policy, seed=seed
    )
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% film-check tags=["check"]
# What lean_policy plays from the seeds 4 and 1: 25 and 51 steps.
for seed, steps in [(4, 25), (1, 51)]:
    try:
        got = film(lean_policy, seed)
    except ValueError as error:  # labkit says why it cannot record
        raise labkit.CheckFailed(str(error)) from None
    labkit.check(
        got is not None, _("film(...) gives None: return what labkit.record gives.")
    )
    labkit.check(
        isinstance(got, labkit.Video),
        _("film(...) must return the Video that labkit.record gives, not show it."),
    )
    labkit.check("CartPole-v1" in got.alt, _("Film the environment CartPole-v1."))
    labkit.check(
        f" {steps} " in got.alt,
        _("This is another episode: give record the policy and the seed."),
    )
labkit.passed()

# %% film-show tags=["nbval-ignore-output"]
env.action_space.seed(0)
labkit.side_by_side(
    [
        (_("random policy"), film(random_policy, seed=0)),
        (_("your policy"), film(steady_policy, seed=0)),
    ]
)

# %% film-read [markdown]
# Under each video stands a strip of moments from it, for places that show no videos,
# such as GitHub.
#
# ## 4. Chance and seeds
#
# Chance has a hand in two things here: the environment draws the first state in
# `reset`, and the action space draws the actions of the random policy. Computers draw
# *pseudo-random* numbers: a **seed**, any whole number, fixes the whole sequence. With
# the same seeds an experiment can be repeated exactly, by you when you look for a bug
# and by others when they doubt your result.

# %% bug-theory [markdown]
# ### Find the bugs
#
# A colleague wants the returns of several episodes, the same at each call with the same
# seed. Delete the line with `raise`, run the cell, then run the one after it: with the
# random policy two equal calls differ. With a rule that never draws, all episodes are
# equal, which is no better.
#
# Mend the function. The episodes must differ from each other, and the same call must
# give the same returns again.

# %% bug-hint [markdown]
# <details><summary>Hint</summary>
#
# - Give each episode a seed of its own: `seed`, `seed + 1`, `seed + 2`, ...
# - `env.action_space.seed(...)` seeds the actions that are drawn. How often is that
#   needed: once, or in each episode?
#
# </details>

# %% returns-of tags=["exercise"] points=2
### BEGIN SOLUTION
def returns_of(env, policy, episodes: int, seed: int) -> np.ndarray:
    """Play some episodes; the same call gives the same returns again.

    Args:
        env: an environment with a time limit.
        policy: a function from an observation to an action; it may draw its actions
            from env.action_space.
        episodes: how many.
        seed: decides all that is drawn.

    Returns:
        The return of each episode, shape (episodes,).
    """
    # TODO: seed all that draws, and let the episodes differ.
    env.action_space.seed(seed)
    returns = []
    for episode in range(episodes):
        length, total = play_episode(env, policy, seed + episode)
        returns.append(total)
    return np.array(returns)
### STUDENT
# def returns_of(env, policy, episodes: int, seed: int) -> np.ndarray:
#     """Play some episodes; the same call gives the same returns again.
#
#     Args:
#         env: an environment with a time limit.
#         policy: a function from an observation to an action; it may draw its actions
#             from env.action_space.
#         episodes: how many.
#         seed: decides all that is drawn.
#
#     Returns:
#         The return of each episode, shape (episodes,).
#     """
#     # TODO: seed all that draws, and let the episodes differ.
#     raise NotImplementedError("TODO")
#     returns = []
#     for episode in range(episodes):
#         length, total = play_episode(env, policy, seed)
#         returns.append(total)
#     return np.array(returns)
### END SOLUTION

# %% returns-of-try tags=["nbval-ignore-output"]
for policy in (random_policy, random_policy, lean_policy):
    print(policy.__name__, returns_of(env, policy, episodes=8, seed=0))

# %% returns-of-check tags=["check"]
got = returns_of(env, lean_policy, 10, 3)
labkit.check(
    isinstance(got, np.ndarray) and got.shape == (10,),
    _("returns_of(...) must be an array with one return for each episode."),
)
labkit.check(
    len(set(got.tolist())) > 1,
    _("All episodes are equal: each must be reset with a seed of its own."),
)
labkit.check(
    np.array_equal(got, returns_of(env, lean_policy, 10, 3)),
    _("A rule that never draws gives other returns: is reset given a seed?"),
)
labkit.check(
    not np.array_equal(got, returns_of(env, lean_policy, 10, 50)),
    _("Another seed gives the same episodes: use the seed that you are given."),
)
world, drawn = Script([1.0] * 8, "truncated"), []


def noted_policy(obs):
    """Draw an action, and note it."""
    drawn.append(int(world.action_space.sample()))
    return drawn[-1]


for call in range(2):
    returns_of(world, noted_policy, 5, 3)
labkit.check(len(drawn) == 80, _("Play all episodes, in the `env` that you are given."))
calls = np.reshape(drawn, (2, 5, 8))
labkit.check(
    (calls[0] == calls[1]).all(),
    _("The second call draws other actions: the action space needs the seed, too."),
)
labkit.check(
    (calls[0] != calls[0][0]).any(),
    _("Each episode draws the same actions: seed the action space once, before them."),
)
labkit.passed()

# %% interval-theory [markdown]
# ## 5. How good is a policy?
#
# One episode says little: random play may last 9 steps or 60. So we play many, and take
# the **mean** of their returns. But a mean over other seeds would be a little
# different. How far is it to be trusted?
#
# Let $G_1, \dots, G_n$ be the returns of $n$ episodes, $\bar G$ their mean and $s$
# their standard deviation,
#
# $$ s = \sqrt{\frac{1}{n-1} \sum_{i=1}^{n} (G_i - \bar G)^2} $$
#
# The mean itself scatters with $s / \sqrt n$, its *standard error*. For large $n$, the
# interval
#
# $$ \bar G \pm 1.96\, \frac{s}{\sqrt n} $$
#
# contains the true mean in about 95 of 100 such experiments: a **95 % confidence
# interval**. To halve it you need four times as many episodes.

# %% interval-hint [markdown]
# <details><summary>Hint</summary>
#
# `returns.std(ddof=1)` divides by $n - 1$; without `ddof=1`, `std` divides by $n$.
# `np.sqrt` is the square root, `len(returns)` is $n$.
#
# </details>

# %% mean-interval tags=["exercise"] points=2
def mean_interval(returns: np.ndarray) -> tuple[float, float, float]:
    """Mean return, and the 95 % confidence interval of the mean.

    Args:
        returns: one return for each episode, shape (n,), n at least 2.

    Returns:
        The mean, and the lower and the upper end of the interval.
    """
    # TODO: the mean; the half width of the interval; its ends.
    ### BEGIN SOLUTION
    mean = returns.mean()
    half = 1.96 * returns.std(ddof=1) / np.sqrt(len(returns))
    return mean, mean - half, mean + half
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% mean-interval-expected [markdown]
# For the returns 2, 4, 4, 6: the mean is 4, the squared differences add up to 8, so
# $s = \sqrt{8/3} \approx 1.633$, the standard error is about 0.816, and the interval
# reaches from 2.40 to 5.60.

# %% mean-interval-check tags=["check"]
# n = 5, squares add up to 40: s = sqrt(10), standard error sqrt(2).
returns = np.array([1.0, 3.0, 5.0, 7.0, 9.0])
mistakes = [
    ((5.0, 5 - half, 5 + half), message)
    for half, message in [
        (1.96 * np.sqrt(10), _("This is the spread of episodes: divide by sqrt(n).")),
        (1.96 * np.sqrt(10) / 5, _("Divide by the square root of n, not by n.")),
        (1.96 * np.sqrt(8 / 5), _("Your std divides by n: give it ddof=1.")),
        (np.sqrt(2), _("This is one standard error: multiply it by 1.96.")),
        (1.96 * 10 / np.sqrt(5), _("This is the variance: take the std.")),
        (0.98 * np.sqrt(2), _("The interval is half as wide as it should be.")),
    ]
]
low, high = 5 - 1.96 * np.sqrt(2), 5 + 1.96 * np.sqrt(2)
mistakes += [
    ((5.0, high, low), _("The ends are swapped: first the lower, then the upper.")),
    ((low, 5.0, high), _("Return the mean first, then the two ends.")),
    ((5.0, 1.96 * np.sqrt(2)), _("Return the two ends, not the half width.")),
]
got = mean_interval(returns)
labkit.check_value("mean_interval(...)", got, (5.0, low, high), mistakes=mistakes)
got = mean_interval(np.array([2.0, 2.0]))
labkit.check_value(_("mean_interval(...) of equal returns"), got, (2.0, 2.0, 2.0))
labkit.passed()

# %% compare tags=["nbval-ignore-output"]
for policy in (random_policy, lean_policy, steady_policy):
    returns = returns_of(env, policy, episodes=100, seed=1000)
    mean, low, high = mean_interval(returns)
    print(_(f"{policy.__name__}: mean {labkit.number(mean):.1f}, interval {labkit.number(low):.1f} to {labkit.number(high):.1f}"))

# %% compare-read [markdown]
# Random play lasts a little over 20 steps, the rule that looks at the angle alone about
# 43, and their intervals do not touch: the second is better. If intervals overlap, play
# more episodes before you praise either.
#
# `labkit.evaluate` does all of this in one call, and every lesson uses it to measure an
# agent *after* its training. Its interval is made in another way, by **bootstrap**
# (Efron, 1979): it draws many samples of $n$ returns out of the $n$ that there are, and
# looks how their means scatter. So it never goes beyond the range of the returns, which
# the formula above can do.

# %% evaluate tags=["nbval-ignore-output"]
print(labkit.evaluate(env, random_policy, episodes=100))
print(labkit.evaluate(env, lean_policy, episodes=100))

# %% pendulum [markdown]
# ## 6. Pendulum: actions that are real numbers
#
# A pendulum hangs from a motor. It is to be swung up and held upright, but the motor is
# too weak to lift it at once. With the angle $\theta$, 0 when upright:
#
# | observation | number | |
# |---|---|---|
# | $\cos\theta$ | 0 | 1 upright, −1 hanging |
# | $\sin\theta$ | 1 | |
# | $\dot\theta$ | 2 | angular velocity, −8 to 8 rad/s |
#
# | action | |
# |---|---|
# | torque $u$ | an **array** of shape (1,): −2 to 2 N m, counter-clockwise is positive |
#
# | reward | |
# |---|---|
# | $-(\theta^2 + 0.1\, \dot\theta^2 + 0.001\, u^2)$ | with $\theta$ between $-\pi$ and $\pi$: at best 0, at worst about −16.3 |
#
# | end | |
# |---|---|
# | terminated | never |
# | truncated | after 200 steps of 0.05 s each |
#
# Play one episode with the **same torque at every step**, and keep all observations and
# rewards. There is one observation more than there are rewards: that of `reset`.

# %% pendulum-hint [markdown]
# <details><summary>Hint</summary>
#
# It is the loop of `play_episode` with two lists. The action is `np.array([torque])`: a
# plain number makes Pendulum raise an `IndexError`. At the end return both lists as
# arrays: `np.array(observations), np.array(rewards)`.
#
# </details>

# %% constant-torque tags=["exercise"] points=2
def constant_torque(env, torque: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Play one episode with the same torque at every step.

    Args:
        env: Pendulum-v1, or an environment like it.
        torque: what the motor does, in N m.
        seed: seed of the episode.

    Returns:
        For T steps, the T + 1 observations, shape (T + 1, n), that of `reset` first;
        and the T rewards, shape (T,).
    """
    obs, info = env.reset(seed=seed)
    observations, rewards = [obs], []
    while True:
        # TODO: one step; keep what it returns; at the end, return both as arrays.
        ### BEGIN SOLUTION
        obs, reward, terminated, truncated, info = env.step(np.array([torque]))
        observations.append(obs)
        rewards.append(reward)
        if terminated or truncated:
            return np.array(observations), np.array(rewards)
        ### STUDENT
        # raise NotImplementedError("TODO")
        ### END SOLUTION

# %% constant-torque-check tags=["check"]
for end in ("truncated", "terminated"):
    world = Script([-3.0, -2.0, -4.0], end)
    got = constant_torque(world, 0.5, seed=7)
    observations, rewards = np.array([[0.0], [1.0], [2.0], [3.0]]), world.rewards
    labkit.check(
        all(np.shape(action) == (1,) for action in world.actions),
        _("The action must be an array of shape (1,): np.array([torque])."),
    )
    labkit.check(
        all(action[0] == 0.5 for action in world.actions),
        _("The action must be the torque that you are given, at every step."),
    )
    mistakes = [
        ((np.array(rewards), observations), _("Return the observations first.")),
        ((list(observations), rewards), _("Return arrays, not lists: np.array(...).")),
        (
            (observations[:3], np.array(rewards)),
            _("The last observation is missing: keep it before you return."),
        ),
        (
            (observations[:3], np.array(rewards[:2])),
            _("The last step is missing: keep what it gives before you return."),
        ),
        (
            (observations * 0, np.array(rewards)),
            _("You keep the first observation again and again: step must renew `obs`."),
        ),
        (
            (observations, -9.0),
            _("Return all rewards, not their sum."),
        ),
    ]
    want = (observations, np.array(rewards))
    labkit.check_value("constant_torque(...)", got, want, mistakes=mistakes)
labkit.passed()

# %% pendulum-plot tags=["nbval-ignore-output"]
pendulum = gym.make("Pendulum-v1")
observations, rewards = constant_torque(pendulum, torque=1.0, seed=4)
figure, axes = plt.subplots(2, figsize=(7, 5), sharex=True, layout="constrained")
labels = [r"$\cos\theta$", r"$\sin\theta$", r"$\dot\theta$ (rad/s)"]
for column, style, label in zip(observations.T, ["-", "--", ":"], labels):
    axes[0].plot(column, style, label=label)
axes[0].set(ylabel=_("observation"))
axes[0].legend(loc="upper right")
axes[1].plot(np.arange(1, len(observations)), rewards)
axes[1].set(xlabel=_("step"), ylabel=_("reward"))
plt.show()
print(_(f"return: {return_of(rewards):.0f}"))

# %% pendulum-read [markdown]
# The pendulum swings about a slanted position, where its weight and the motor are in
# balance. Nothing slows it down, and its $\cos\theta$ never comes above −0.7. So a
# constant torque of 1 N m never lifts it, and the reward stays below −5.
#
# ### The episode is over, and one steps on
#
# Nobody forces you to call `reset`. What happens if you do not?

# %% step-on tags=["nbval-ignore-output"]
for t in range(201, 204):  # the 200 steps are over
    obs, reward, terminated, truncated, info = pendulum.step(np.array([1.0]))
    print(_(f"Pendulum, step {t}:"), f"{labkit.number(reward):.1f}", terminated, truncated)

obs, info = env.reset(seed=0)
with warnings.catch_warnings(record=True, action="always") as caught:
    for t in range(1, 11):  # always to the right: the pole falls at step 8
        obs, reward, terminated, truncated, info = env.step(1)
        print(_(f"CartPole, step {t}:"), reward, terminated, truncated)
for warning in caught:
    print(warning.message)

# %% ends-prompt [markdown]
# **Question 1** (3 points). Look at what the last cell printed, the warning included.
#
# 1. Describe what each environment does after its episode is over. Whose duty is it to
#    stop?
# 2. Your policy has balanced the pole for 500 steps, and `truncated` is true. If the
#    episode had gone on, would the agent have earned more? And if the pole had fallen
#    in that step?
# 3. A colleague's agent takes every end for `terminated`: it believes that nothing can
#    be earned after step 500. What does it believe about a pole that stands upright at
#    step 499, and what about the very same position at step 10? Why can both not be
#    right?

# %% ends-answer [markdown] tags=["question"] points=3
# ### BEGIN SOLUTION
# 1. Pendulum goes on as if nothing had happened: the world still moves and pays, and
#    `truncated` is true at every further step. CartPole goes on computing too, but
#    warns, pays 0 and reports `terminated` at every further step: what comes is
#    undefined. Neither stops by itself. Whoever writes the loop must look at both flags
#    and call `reset`.
# 2. After a time limit the pole still stands, and it would have earned more: 1 for each
#    further step. Had it fallen, nothing more could be earned.
# 3. It believes that the upright pole at step 499 is worth 1, the last reward, and that
#    the same position at step 10 is worth hundreds. But the observation does not tell
#    the time: both are the same state for the agent, so they have one value. The agent
#    learns a muddle of both. The time limit is our decision and no property of the
#    state; only `terminated` says that nothing more can be earned.
#
# **What to look for:** (1) both behaviours, and that the loop must stop; (2) more after
# `truncated`, nothing after `terminated`; (3) the two different values for one and the
# same state. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% grid [markdown]
# ## 7. GridWorld: observations that are pictures
#
# In most games an agent sees what you see: a picture.
#
# | | |
# |---|---|
# | observation | a picture of 84 by 84 pixels, shape (84, 84, 3), whole numbers 0 to 255: the agent is blue, goals are green, fires are red |
# | actions | 0 up, 1 down, 2 left, 3 right; against the wall the agent stays where it is |
# | reward | 1 for a goal, −1 for a fire, else 0 |
# | terminated | never |
# | truncated | after 50 steps |
#
# There are always 4 goals and 2 fires. One that is touched disappears, and appears
# again in another, random, cell. The *partial* view shows only the 3 by 3 cells around
# the agent. `render()` draws larger pictures, for people.

# %% grid-look tags=["nbval-ignore-output"]
figure, axes = plt.subplots(1, 3, figsize=(9, 3.2), layout="constrained")
for partial, axis in zip((False, True), axes[1:]):
    grid = gym.make("labkit/GridWorld-v0", partial=partial, render_mode="rgb_array")
    obs, info = grid.reset(seed=0)
    axis.imshow(obs)
axes[0].imshow(grid.render())
titles = [_("for people"), _("what an agent sees"), _("with the partial view")]
for axis, title in zip(axes, titles):
    axis.set(title=title, xticks=[], yticks=[])
plt.show()

# %% moves-theory [markdown]
# With the partial view, the picture for people darkens what the agent does not see.
#
# ### Play it yourself
#
# Here you are the policy: you write down the actions. `play_moves` plays them from the
# seed 0, which is the world in the picture above, and shows what happened.

# %% play-moves tags=["nbval-ignore-output"]
UP, DOWN, LEFT, RIGHT = 0, 1, 2, 3


def play_moves(moves: list[int]) -> labkit.Video:
    """Play a list of actions in the GridWorld with the seed 0, and film it."""
    grid = gym.make("labkit/GridWorld-v0", render_mode="rgb_array")
    left = iter(moves)
    steps = len(moves)
    return labkit.record(grid, lambda obs: next(left), seed=0, max_steps=steps)


labkit.show(play_moves([UP, UP, RIGHT, LEFT, LEFT]))

# %% moves-prompt [markdown]
# Three steps to the first goal; it appeared again just to its left, where the next step
# touched it once more. Now find a list of **at most 12 moves** with a return of **4 or
# more** that touches **no fire**. Where goals appear depends on the seed and on your
# moves alone; so you can play the beginning, look, and go on from there.

# %% buttons [markdown]
# <details><summary>Would you rather play with the arrow keys?</summary>
#
# Run this in a new cell (the button + above makes one). The buttons under the picture
# move the agent; so do the arrow keys, while the pointer is on the picture. The answer to
# the exercise is still a list.
#
# ```python
# from labkit.envs.grid_world_buttons import play
#
# play(seed=0)
# ```
#
# </details>

# %% moves-hint [markdown]
# <details><summary>Hint</summary>
#
# Three goals are near each other from the start. Collect them first, look at the video
# where they have gone, then add moves to the list. If they went far away, collect the
# first three in another order.
#
# </details>

# %% my-moves tags=["exercise"] points=1
def my_moves() -> list[int]:
    """Return a list of at most 12 actions: UP, DOWN, LEFT, RIGHT."""
    # TODO: a return of 4 or more, and no fire.
    ### BEGIN SOLUTION
    return [RIGHT, RIGHT, UP, LEFT, UP, LEFT, RIGHT, RIGHT, DOWN, DOWN, DOWN, DOWN]
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION

# %% my-moves-check tags=["check"]
moves = my_moves()
labkit.check(
    isinstance(moves, list) and all(move in (0, 1, 2, 3) for move in moves),
    _("my_moves() must return a list of the actions UP, DOWN, LEFT, RIGHT."),
)
n = len(moves)
labkit.check(n <= 12, _(f"These are {n} moves: 12 are allowed."))
grid = gym.make("labkit/GridWorld-v0")
obs, info = grid.reset(seed=0)
paid = [grid.step(move)[1] for move in moves]
fires = [i + 1 for i, reward in enumerate(paid) if reward < 0]
labkit.check(
    not fires, _(f"Move {fires and fires[0]} touches a fire: go round it.")
)
goals = int(sum(paid))
labkit.check(
    goals >= 4, _(f"Your return is {goals}: 4 is wanted, and {n} of 12 moves are used.")
)
labkit.passed()

# %% my-moves-show tags=["nbval-ignore-output"]
labkit.show(play_moves(my_moves()))

# %% view-prompt [markdown]
# **Question 2** (2 points). The **state** is all that decides what happens next; an
# **observation** is what the agent is shown of it.
#
# 1. In which of the two views of the GridWorld does the observation tell all about the
#    state? Describe two different states that look the same in the other view, and in
#    which different actions are best.
# 2. Would a *memory* of the observations before help the agent there? What could it
#    remember?

# %% view-answer [markdown] tags=["question"] points=2
# ### BEGIN SOLUTION
# 1. In the full view: every cell is visible. (Only where the next goal will appear is
#    left to chance, and the steps that remain are not shown.) In the partial view, let
#    all eight cells around the agent be empty: the nearest goal may be two cells to the
#    right in one state and two cells to the left in another. The observation is the
#    same nine cells, but in one RIGHT is best and in the other LEFT.
# 2. Yes. It could remember goals and fires that it saw before they left its view; they
#    stay where they are until they are touched. It could also remember where it has
#    looked already and found nothing.
#
# **What to look for:** (1) the full view, and two states with equal surroundings and
# different best actions; (2) yes, with something that lies outside the view and was
# seen before. One point each.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION

# %% experiments [markdown]
# ## 8. Experiments
#
# Change one thing at a time, guess the result first, then run. In parentheses stands
# what we measured.
#
# 1. **One number at a time.** Which of the four numbers of CartPole is worth most to a
#    rule that looks at it alone, `int(obs[i] > 0)`? (Means of 100 episodes: position
#    10, velocity 9, angle 44, angular velocity 207.)
# 2. **More torque.** Plot Pendulum under 2 N m, the strongest that the motor can do,
#    from the same seed. Does it reach the top? ($\cos\theta$ comes up to −0.27.)
# 3. **In step with the swing.** Now always push the way the pendulum is moving:
#    `2 * np.sign(obs[2:])`. It gains energy at each swing. Does it get a better return
#    than no torque at all? (−1,614 against −1,175, means of 50 episodes. Why? Film it.)
# 4. **A rule for the GridWorld.** `obs[::12, ::12]` has one pixel for each cell of the
#    full view, the wall included. Write a policy that finds the blue pixel and walks
#    towards a green one. Random play gets about 2 in a game; the rule in the clip at
#    the top, which takes the shortest way and avoids fires, gets 26.

# %% experiment tags=["nbval-ignore-output"]
# Experiment 1.
for i in range(4):
    print(i, labkit.evaluate(env, lambda obs: int(obs[i] > 0)))

# %% recap [markdown]
# ## Recap
#
# - An agent and its environment take turns: action; observation and reward. `reset`
#   begins an episode, `step` goes on with it, spaces say what observations and actions
#   look like.
# - An episode is over when it is terminated (the world has ended) or truncated (we stop
#   watching). The environment does not stop you from stepping on: your loop must look.
# - The return of an episode is the sum of its rewards. A policy is a function from an
#   observation to an action, and its measure is the mean return over many episodes,
#   with an interval.
# - Chance sits in the environment and in the agent. Seed both, once, and give each
#   episode a seed of its own.
# - An observation may be numbers or a picture, and may hide a part of the state.
#
# Everything that acted today was a rule made by a person. Next: in lesson {lesson:mdp_q_learning} an agent
# learns its own, in a world so small that we can compute how well it could do at best.
#
# ### To read next
#
# - R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd
#   edition, MIT Press, 2018: chapter 1, and sections 3.1 to 3.4 (agent, rewards,
#   returns, episodes).
# - M. Towers and others, "Gymnasium: A Standard Interface for Reinforcement Learning
#   Environments", arXiv:2407.17032, 2024; and the page *Basic Usage* of its
#   [documentation](https://gymnasium.farama.org).
# - F. Pardo and others, "Time Limits in Reinforcement Learning", *ICML*, 2018: why
#   truncated is not terminated.
# - A. G. Barto, R. S. Sutton and C. W. Anderson, "Neuronlike Adaptive Elements That Can
#   Solve Difficult Learning Control Problems", *IEEE Transactions on Systems, Man, and
#   Cybernetics* SMC-13, 834–846, 1983: the pole.
# - P. Henderson and others, "Deep Reinforcement Learning that Matters", *AAAI*, 2018:
#   what happens when nobody looks at seeds and intervals.
# - B. Efron, "Bootstrap Methods: Another Look at the Jackknife", *The Annals of
#   Statistics* 7, 1–26, 1979.
