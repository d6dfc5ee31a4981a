"""What hostile answers try from inside the sandbox; also a program, so that another user can run it.

`python -m tests.grading.sandbox.attacks warm|cold SECRET PORT`: prints the outcomes as JSON.
"""

import json
import sys
from pathlib import Path

from coursekit.grading.sandbox.guest.wire import decode, encode
from coursekit.grading.sandbox.job import Job, Limits
from coursekit.grading.sandbox.run import run_jobs

ROOT = Path(__file__).parents[3]

# Every function tries something that must not work, and returns what it got.
LOOK_AROUND = '''
import ctypes, getpass, glob, mmap, os, signal, socket, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)

def attempt(what):
    """What was got, or the name of the refusal."""
    try:
        return str(what())
    except BaseException as error:
        return type(error).__name__

def status():
    return dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())

def call(name, *arguments):
    ctypes.set_errno(0)
    result = getattr(libc, name)(*arguments)
    return "done" if result >= 0 else os.strerror(ctypes.get_errno())

def write(folder):
    with open(os.path.join(folder, "from-a-student"), "w") as file:
        return file.write("here")

def connect(family, address):
    with socket.socket(family) as client:
        client.settimeout(3)
        return client.connect(address) or "connected"

def found(root, name):
    return [folder for folder, _, files in os.walk(root) if name in files]

def explore(course, prefix, secret, port, graders):
    everywhere = [name for folder in ("/root", "/home", "/work", "/tmp", "/srv", "/mnt", "/media", "/var", "/opt")
                  for name in found(folder, os.path.basename(secret))]
    return {
        "secret": attempt(lambda: open(secret).read()),
        "found": everywhere,
        "course": sorted(os.listdir(course)) if os.path.isdir(course) else [],
        "sources": [attempt(lambda: os.listdir(os.path.join(course, name)))
                    for name in ("lessons", "solutions", "tests", "coursekit", ".git", "notebooks")],
        "grader's modules": sorted(name for _, _, names in os.walk("/grader") for name in names),
        "import": attempt(lambda: __import__("coursekit.grading.marking.judge")),
        "shadow": attempt(lambda: open("/etc/shadow").read()),
        "passwd": attempt(lambda: open("/etc/passwd").read()),
        "etc": sorted(set(os.listdir("/etc")) - {"alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime"}),
        "homes": [attempt(lambda: os.listdir(f)) for f in ("/home", "/srv", "/var", "/run", "/sys", "/mnt", "/boot")],
        "dotfiles": glob.glob("/root/.[a-oq-z]*") + glob.glob("/root/[!.]*"),
        "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit()),
        "grader's memory": attempt(lambda: open(f"/proc/{graders}/environ").read()),
        "devices": sorted(os.listdir("/dev")),
        "written": [attempt(lambda: write(folder)) for folder in
                    ("/", "/usr", "/usr/lib", "/etc", "/dev", "/grader", "/root", "/proc", prefix, course, os.path.join(course, "labkit"), "/sys")],
        "scratch": [attempt(lambda: write(folder)) for folder in ("/scratch", "/dev/shm")],
        "tcp": attempt(lambda: connect(socket.AF_INET, ("127.0.0.1", port))),
        "internet": attempt(lambda: connect(socket.AF_INET, ("1.1.1.1", 53))),
        "names": attempt(lambda: socket.getaddrinfo("example.org", 80)),
        "abstract": attempt(lambda: connect(socket.AF_UNIX, f"\\0grader-{port}")),
        "vsock": attempt(lambda: connect(40, (2, 22))),
        "packets": attempt(lambda: socket.socket(17, 3)),
        "interfaces": [name for _, name in socket.if_nameindex()],
        "capabilities": [status()[name].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
        "no new privileges": status()["NoNewPrivs"].strip(),
        "filter": status()["Seccomp"].strip(),
        "root": os.getuid() == 0,
        "become root": attempt(lambda: os.setuid(0)),
        "user namespace": attempt(lambda: call("unshare", 0x10000000)),
        "clone": attempt(lambda: call("syscall", 56, 0x10000000 | 17, 0, 0, 0, 0)) if os.uname().machine == "x86_64" else "Operation not permitted",
        "mount": attempt(lambda: call("mount", b"tmpfs", b"/scratch", b"tmpfs", 0, None)),
        "unmount": attempt(lambda: call("umount2", b"/scratch", 2)),
        "ptrace": attempt(lambda: call("ptrace", 16, 1, 0, 0)),
        "memfd": attempt(lambda: os.memfd_create("m")),
        "shared memory": attempt(lambda: call("shmget", 0, 2**30, 0o1600)),
        "raise a limit": attempt(lambda: __import__("resource").setrlimit(4, (2**30, 2**30))),
        "environment": sorted(name for name in os.environ if "COURSE" in name or "TOKEN" in name or "SSH" in name),
        "host": socket.gethostname(),
    }
'''


def look_around(how: str, secret: str, port: int, graders: int) -> dict:
    """What an answer that looks around everywhere finds."""
    where = {"course": str(ROOT), "prefix": sys.prefix, "secret": secret, "port": port, "graders": graders}
    job = Job(
        "look",
        (),
        LOOK_AROUND,
        "result = explore(course, prefix, secret, port, graders)",
        (encode(where),),
        "",
        Limits(seconds=60),
    )
    (reply,) = run_jobs([job], warm=how == "warm")
    return decode(reply.results[0], 2**20) if reply.results else {"reply": [reply.outcome, reply.error]}


def kill_all(how: str) -> list[str]:
    """Outcomes of answers that kill and breed, and of a good one after them."""
    limits = Limits(seconds=30, processes=64, memory=2**30)
    answers = [
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(-1, signal.SIGKILL)",
        "import os, time\nfor _ in range(600):\n    if not os.fork():\n        time.sleep(60)",
        "import os\nwhile True:\n    os.fork()",
        "import numpy as np\nx = np.ones(20 * 2**27)",
        "import mmap\nx = mmap.mmap(-1, 3 * 2**30)\nfor i in range(0, len(x), 2**20):\n    x[i : i + 2**20] = bytes(2**20)",
        "y = 2",
    ]
    jobs = [Job(str(i), (), answer, "result = y", (encode({}),), "", limits) for i, answer in enumerate(answers)]
    return [reply.outcome for reply in run_jobs(jobs, warm=how == "warm")]


if __name__ == "__main__":
    how, secret, port, graders = sys.argv[1:]
    print(json.dumps({"look": look_around(how, secret, int(port), int(graders)), "killed": kill_all(how)}))
