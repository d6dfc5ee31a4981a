"""Runs inside the sandbox: how a process gives up its rights, with Linux's own means."""

import ctypes
import os
import platform
import resource
import struct
from pathlib import Path
from typing import Any

NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000  # ns uts ipc user pid net
NOSUID, NODEV, NOEXEC = 2, 4, 8
SECCOMP = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # the architecture as filters name it
# Refused: what makes memory that no limit counts, what looks into processes, mounts, and makes namespaces.
REFUSED = {
    "x86_64": (
        29,
        68,
        101,
        155,
        161,
        165,
        166,
        175,
        240,
        246,
        248,
        249,
        250,
        272,
        298,
        308,
        310,
        311,
        313,
        319,
        321,
        323,
    ),
    "aarch64": (
        39,
        40,
        41,
        51,
        97,
        104,
        105,
        117,
        180,
        186,
        194,
        217,
        218,
        219,
        241,
        268,
        270,
        271,
        273,
        279,
        280,
        282,
    ),
}
REFUSED_ANYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 447)  # io_uring, new mounts, memfd_secret
CLONE, SOCKET = {"x86_64": 56, "aarch64": 220}, {"x86_64": 41, "aarch64": 198}
CLONE3 = 435
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
    call("prctl", 4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: /proc/self is its own again after leave_root
    call("unshare", NEW_NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def own_mounts(disk: int) -> None:
    """In new namespaces: processes of its own in /proc, and empty scratch folders of `disk` bytes."""
    call("mount", b"proc", b"/proc", b"proc", NOSUID | NODEV | NOEXEC, None)
    size = f"size={disk},nr_inodes=20000,mode=0700".encode()
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
        resource.RLIMIT_NOFILE: 256,
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
    """Give up all capabilities, and every system call in `REFUSED`."""
    drop_bounds()
    libc.prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT_CLEAR_ALL
    call("capset", struct.pack("=II", 0x20080522, 0), bytes(24))
    call("prctl", 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    machine = platform.machine()
    if machine not in SECCOMP:
        return
    program = seccomp(machine)
    buffer = ctypes.create_string_buffer(program)
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    call("prctl", 22, 2, ctypes.addressof(filter_), 0, 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def drop_bounds() -> None:
    """Let no program that is started get a capability, where there is the right to say so."""
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def seccomp(machine: str) -> bytes:
    """The filter of system calls, as the machine's kernel reads it (classic BPF)."""
    load, equal, at_least, some_bits, give = 0x20, 0x15, 0x35, 0x45, 0x06
    allowed, refused = 0x7FFF0000, 0x00050000
    number, architecture, first_argument = 0, 4, 16
    lines = [(load, 0, 0, architecture), (equal, 1, 0, SECCOMP[machine]), (give, 0, 0, refused | 38)]
    lines += [(load, 0, 0, number), (at_least, 0, 1, 0x40000000), (give, 0, 0, refused | 38)]  # x86's second table
    for call_number in (*REFUSED[machine], *REFUSED_ANYWHERE):
        lines += [(equal, 0, 1, call_number), (give, 0, 0, refused | 1)]
    lines += [(equal, 0, 1, CLONE3), (give, 0, 0, refused | 38)]  # ENOSYS: the C library then takes clone
    lines += [(equal, 0, 3, CLONE[machine]), (load, 0, 0, first_argument), (some_bits, 0, 1, 0x7E020000)]
    lines += [(give, 0, 0, refused | 1), (load, 0, 0, number)]
    families = (1, 2, 10, 16)  # unix, IPv4, IPv6, netlink: no other is bound to the network namespace
    lines += [(equal, 0, len(families) + 2, SOCKET[machine]), (load, 0, 0, first_argument)]
    lines += [(equal, len(families) - place, 0, family) for place, family in enumerate(families)]
    lines += [(give, 0, 0, refused | 97)]
    lines += [(give, 0, 0, allowed)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def call(name: str, *arguments: Any) -> None:
    """Call a function of the C library that returns 0 when it worked."""
    if getattr(libc, name)(*arguments):
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
