"""A sandbox made with bubblewrap: it has Python, its packages, labkit, and nothing else of the machine."""

import functools
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from coursekit.grading.sandbox import guest

PROGRAM = "/grader"  # where the sandbox has the modules of `guest`
SCRATCH = "/scratch"  # the only place where it may write
USER = 60578  # a number that no user has: whom student code runs as when the grader is root
SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share", "/usr/local/lib")
PARTS = ("bin", "lib", "lib64", "share", "etc", "pyvenv.cfg")  # of a Python's folder
ROOTS = ("/bin", "/lib", "/lib32", "/lib64")
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/alternatives",
)
ENVIRONMENT = {
    "HOME": SCRATCH,
    "TMPDIR": SCRATCH,
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": PROGRAM,
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTEROP_THREADS": "1",  # one thread: many submissions run beside one another, and sums do not
    "TF_NUM_INTRAOP_THREADS": "1",  # depend on how they were split
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def command(arguments: list[str], *, disk: int) -> list[str]:
    """The command that runs `guest/kernel.py` with these arguments in a sandbox of its own.

    Args:
        arguments: of `guest/kernel.py`.
        disk: bytes of its scratch space.
    """
    scratch = [
        word for path in (SCRATCH, "/dev/shm") for word in ("--perms", "1777", "--size", str(disk), "--tmpfs", path)
    ]
    user = [] if privileged() else ["--unshare-user", "--uid", str(USER), "--gid", str(USER)]
    return [
        "bwrap",
        *("--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", *user),
        *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--proc", "/proc", "--dev", "/dev"),
        *mounts(),
        *program(),
        *scratch,
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SCRATCH),
        *("--", sys.executable, "-s", "-P", "-B", "-m", f"{guest.__name__}.kernel", *arguments),
    ]


def mounts() -> list[str]:
    """What of the machine the sandbox has, all of it read-only."""
    shown = {Path(path) for path in SYSTEM if Path(path).is_dir()} | {Path(path) for path in python_folders()}
    hidden = set(package_folders("coursekit")) | {Path.cwd()}
    options: list[str] = []
    for above in sorted({parent for folder in shown for parent in folder.parents} - {Path("/")}):
        options += ["--perms", "0755", "--dir", str(above)]
    for root in map(Path, ROOTS):
        if root.is_symlink():
            options += ["--symlink", str(root.readlink()), str(root)]
        elif root.is_dir():
            options += ["--ro-bind", str(root), str(root)]
    if not any(folder.is_relative_to("/tmp") for folder in shown):
        options += ["--symlink", SCRATCH, "/tmp"]
    options += ["--perms", "0755", "--dir", "/etc"]
    for setting in SETTINGS:
        options += ["--ro-bind-try", setting, setting]
    for folder in sorted(shown | hidden):
        if folder in shown:
            options += ["--ro-bind", str(folder), str(folder)]
        elif any(folder.is_relative_to(other) for other in shown):
            options += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    return options


def program() -> list[str]:
    """The modules of `guest`; there is nothing in them that a student may not read."""
    *above, last = guest.__name__.split(".")
    folder = Path(PROGRAM, *above, last)
    folders = [folder, *folder.parents[:-1]][::-1]
    options = [word for each in folders for word in ("--perms", "0755", "--dir", str(each))]
    for module in sorted(Path(guest.__path__[0]).glob("*.py")):
        options += ["--ro-bind", str(module), str(folder / module.name)]
    return options


def python_folders() -> list[str]:
    """Folders of this Python, of its packages and of labkit; whatever else lies beside them is left out."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]}
    prefixes |= {prefix.resolve() for prefix in prefixes}
    parts = [prefix / name for prefix in prefixes - {Path("/usr")} for name in PARTS]
    return [str(part) for part in parts if part.exists()] + [str(folder) for folder in package_folders("labkit")]


def package_folders(name: str) -> list[Path]:
    """Where a package lies, without importing it."""
    spec = find_spec(name)
    return [Path(folder) for folder in spec.submodule_search_locations or ()] if spec else []


def privileged() -> bool:
    """Whether this process may make namespaces as root, so that no user namespace is needed."""
    if os.geteuid() != 0:
        return False
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return bool(int(status["CapEff"], 16) >> 21 & 1)  # CAP_SYS_ADMIN


@functools.cache
def available() -> str:
    """Why there is no sandbox on this machine, in one sentence; "" where there is one."""
    if not sys.platform.startswith("linux") or not shutil.which("bwrap"):
        return (
            "there is no sandbox on this machine, for bubblewrap is missing: install it (apt-get install bubblewrap), "
            "or give --unsafe-no-sandbox to run students' code without one"
        )
    try:
        trial = subprocess.run(
            command(["try", str(USER)], disk=2**20),
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
        said = " ".join(trial.stderr.decode(errors="replace").split())[-300:]
    except (OSError, subprocess.TimeoutExpired) as error:
        said = str(error)
    else:
        if trial.returncode == 0:
            return ""
    return (
        f"there is no sandbox on this machine, for bubblewrap does not start ({said}): allow user namespaces, "
        "or give --unsafe-no-sandbox to run students' code without one"
    )
