"""How a process gives up its rights, with Linux's own means."""

import ctypes
import os
import platform
import resource
import struct
from pathlib import Path
from typing import Any

from coursekit.grading.sandbox.guest import seccomp

NOSUID, NODEV, NOEXEC = 2, 4, 8  # of mount
# Of prctl, by Linux's own names.
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 4, 22, 24, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL, SECCOMP_MODE_FILTER = 4, 2
CAPABILITIES = 64  # more than there are
CAPABILITY_VERSION = 0x20080522  # the third, of two words for each set
NO_CAPABILITIES = bytes(24)  # three sets
FILES = 256  # that a process may have open
INODES = 20_000  # files and folders in the scratch space
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]


def leave_root(user: int) -> None:
    """Where the sandbox was made by root: become a user without rights, for good."""
    if os.getuid() != 0:
        return
    call("mount", b"proc", b"/proc", b"proc", NOSUID | NODEV | NOEXEC, None)  # one that kernels may mount anew
    drop_bounds()
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def enter_namespaces() -> None:
    """Enter new namespaces of every kind, as the same user; of processes, those forked from now on do.

    Raises:
        OSError: the machine does not allow it.
    """
    user, group = os.getuid(), os.getgid()
    call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # /proc/self is its own again after leave_root
    call("unshare", seccomp.NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def own_mounts(disk: int) -> None:
    """In new namespaces: processes of its own in /proc, and empty scratch folders of `disk` bytes."""
    call("mount", b"proc", b"/proc", b"proc", NOSUID | NODEV | NOEXEC, None)
    size = f"size={disk},nr_inodes={INODES},mode=0700".encode()
    for folder in (b"/scratch", b"/dev/shm"):
        call("mount", b"tmpfs", folder, b"tmpfs", NOSUID | NODEV, size)
    os.chdir("/scratch")


def limit(request: dict[str, Any]) -> None:
    """Limit what this process and each of its children may use."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    limits = {
        resource.RLIMIT_DATA: int(status["VmData"].split()[0]) * 1024 + request["memory"],
        resource.RLIMIT_FSIZE: request["disk"],
        resource.RLIMIT_CPU: request["cpu"],
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if tuple(map(int, platform.release().split(".")[:2])) >= (5, 14):  # before, it counts the user's own processes too
        threads = 64 + 4 * (os.cpu_count() or 1)  # they count as processes
        limits[resource.RLIMIT_NPROC] = request["processes"] + threads
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def confine() -> None:
    """Give up all capabilities, and every system call that `seccomp` refuses."""
    drop_bounds()
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    call("capset", struct.pack("=II", CAPABILITY_VERSION, 0), NO_CAPABILITIES)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    machine = seccomp.here()
    if not machine:
        return
    program = seccomp.filter_of(machine)
    buffer = ctypes.create_string_buffer(program)
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(filter_), 0, 0)


def drop_bounds() -> None:
    """Let no program that is started get a capability, where there is the right to say so."""
    for capability in range(CAPABILITIES):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def call(name: str, *arguments: Any) -> None:
    """Call a function of the C library that returns 0 when it worked."""
    if getattr(libc, name)(*arguments):
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
