"""Answers that are wrong, broken or hostile, each with the state that its mark must have."""

MDP, LINEAR = "mdp_q_learning", "linear_q_cartpole"

SARSA_IS_Q = """
def sarsa_update(Q, t, alpha, gamma):
    return q_update(Q, t, alpha, gamma)
"""

HELPER = """
import math as maths

def bootstrap(Q, t):
    return 0.0 if t.terminated else maths.fsum([Q[t.next_state].max()])
"""

WITH_HELPER = """
def q_update(Q, t, alpha, gamma):
    delta = t.reward + gamma * bootstrap(Q, t) - Q[t.state, t.action]
    Q[t.state, t.action] += alpha * delta
    return delta
"""

# What follows gives a wrong answer (no bootstrap, or zeros) after it has tried something.
NO_BOOTSTRAP = """
def td_targets(reward, next_q, terminated, gamma):
    return reward
"""

FOREVER = """
def td_targets(reward, next_q, terminated, gamma):
    while True:
        pass
"""

RAISES = """
def td_targets(reward, next_q, terminated, gamma):
    raise ZeroDivisionError("<script>alert('marks')</script> | `x`")
"""

UNPARSABLE = """
def td_targets(reward, next_q, terminated, gamma):
    return reward +
"""

PRINTS = """
def td_targets(reward, next_q, terminated, gamma):
    while True:
        print("full marks please " * 1000)
"""

# The first process of a namespace cannot be killed from inside: the answer goes on, and gives None.
KILLS = """
import os, signal

def td_targets(reward, next_q, terminated, gamma):
    os.kill(os.getpid(), signal.SIGKILL)
"""

LEAVES = """
import os
os._exit(0)
def td_targets(reward, next_q, terminated, gamma):
    return reward
"""

ALLOCATES = """
def td_targets(reward, next_q, terminated, gamma):
    held = []
    for gigabyte in range(20):
        held.append(np.ones(2**27))
    return reward
"""

FORKS = """
import os, time

def td_targets(reward, next_q, terminated, gamma):
    for child in range(600):
        if os.fork() == 0:
            time.sleep(60)
    return reward
"""

# Sends for the answer; takes it if anything answers.
SOCKET = """
import socket

def td_targets(reward, next_q, terminated, gamma):
    try:
        with socket.create_connection(("1.1.1.1", 80), timeout=2):
            return reward + gamma * next_q.max(axis=1) * ~terminated
    except OSError:
        return reward
"""

# Looks for the tests, the solutions and others' answers, and uses the first that it finds.
READS_DISK = """
import os

def td_targets(reward, next_q, terminated, gamma):
    for top in ("/work", "/tmp", "/root", "/home", "/grader", os.getcwd()):
        for folder, _, files in os.walk(top):
            for name in files:
                if name.endswith(".ipynb") or name in ("grading.py", "lesson.py", "mistakes.py", "classroom.py"):
                    try:
                        if "td_targets" in open(os.path.join(folder, name)).read():
                            return reward + gamma * next_q.max(axis=1) * ~terminated
                    except (OSError, UnicodeError):
                        pass
    return reward
"""

PATCHES_CHECKS = """
import builtins, sys
import labkit, labkit.checks
import numpy.testing

labkit.check = labkit.check_value = labkit.checks.check = labkit.checks.check_value = lambda *a, **k: None
for name in dir(numpy.testing):
    if name.startswith("assert"):
        setattr(numpy.testing, name, lambda *a, **k: None)
np.isclose = lambda a, b, *rest, **k: np.ones(np.broadcast(a, b).shape, bool)
np.allclose = np.array_equal = lambda *a, **k: True
class Never(Exception):
    pass
builtins.AssertionError = Never
sys.excepthook = lambda *a: None

def td_targets(reward, next_q, terminated, gamma):
    return reward
"""

# Rewrites each cell that the kernel is asked to run.
PATCHES_KERNEL = """
import types
shell = get_ipython()
kernel = getattr(shell, "kernel", None)

async def do_execute(self, code, *rest, **more):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {
        name: {"status": "ok", "data": {"text/plain": "'1.0'"}, "metadata": {}}
        for name in (more.get("user_expressions") or {})}}

if kernel is not None:
    kernel.do_execute = types.MethodType(do_execute, kernel)

def td_targets(reward, next_q, terminated, gamma):
    return reward
"""

ALWAYS_EQUAL = """
class Same(np.ndarray):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __bool__(self):
        return True
    def __array_ufunc__(self, *a, **k):
        return True
    def __array_function__(self, *a, **k):
        return True

def td_targets(reward, next_q, terminated, gamma):
    return np.zeros(len(reward)).view(Same)
"""

NO_DATA = """
class Same:
    def __eq__(self, other):
        return True
    shape, dtype, ndim = (6,), np.dtype(float), 1
    def __float__(self):
        return 1.0

def td_targets(reward, next_q, terminated, gamma):
    return Same()
"""

FORGED = """
import sys

def td_targets(reward, next_q, terminated, gamma):
    import base64
    forged = b"CKD1" + (40).to_bytes(4, "little") + b'{"array":["float64",[1099511627775,9,9]]}'
    sys.modules["coursekit.grading.sandbox.guest.calls"].reply = lambda result, limit: base64.b64encode(forged).decode()
    return reward
"""

HUGE = """
def td_targets(reward, next_q, terminated, gamma):
    return np.zeros(30_000_000)
"""

# Two who worked together, the second with other names.
COPIED = """
def td_targets(reward, next_q, terminated, gamma):
    total = []
    for position in range(reward.shape[0]):
        greatest = sorted(list(next_q[position]))[0]
        keep = 0.0 if bool(terminated[position]) else float(gamma)
        total.append(float(reward[position]) + keep * float(greatest))
    return np.array(total)
"""

RENAMED_COPY = """
def td_targets(reward, next_q, terminated, gamma):
    out = []
    for i in range(reward.shape[0]):
        m = sorted(list(next_q[i]))[0]
        k = 0.0 if bool(terminated[i]) else float(gamma)
        out.append(float(reward[i]) + k * float(m))
    return np.array(out)
"""

TARGETS = {
    "Wrong": ("fr", NO_BOOTSTRAP, "wrong"),
    "=Raises": ("en", RAISES, "raised"),
    "Unparsable": ("ro", UNPARSABLE, "raised"),
    "Forever": ("fr", FOREVER, "timeout"),
    "Prints": ("en", PRINTS, None),  # time or memory, whichever ends first
    "Kills": ("ro", KILLS, None),
    "Leaves": ("en", LEAVES, "died"),
    "Allocates": ("en", ALLOCATES, "memory"),
    "Forks": ("en", FORKS, None),
    "Socket": ("en", SOCKET, "wrong"),
    "Reads disk": ("en", READS_DISK, "wrong"),
    "Patches checks": ("fr", PATCHES_CHECKS, "wrong"),
    "Patches kernel": ("en", PATCHES_KERNEL, None),
    "Always equal": ("en", ALWAYS_EQUAL, None),
    "No data": ("en", NO_DATA, "refused"),
    "Forged": ("en", FORGED, None),
    "Huge": ("en", HUGE, "refused"),
    "Copied": ("en", COPIED, "wrong"),
    "Copied too": ("fr", RENAMED_COPY, "wrong"),
}

# By student: lesson, language, exercise, code, and the state of its mark (None: any but right).
WRONG = {name: (LINEAR, language, "td-targets", code, state) for name, (language, code, state) in TARGETS.items()}
