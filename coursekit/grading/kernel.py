"""Runs inside the sandbox, alone: gives up every right, then becomes a Jupyter kernel.

`kernel.py try|cold|warm USER CONTROL`: CONTROL is a socket from which requests come, each a JSON object with the
listening sockets of a kernel beside it. A cold start serves one request itself. A warm one imports the slow
packages, then forks for each request a kernel into namespaces of its own, where it sees neither the process that it
was forked from nor any other kernel.
"""

import ctypes
import gc
import importlib
import json
import os
import platform
import resource
import socket
import struct
import sys
from pathlib import Path
from typing import Any

PRELOADED = (
    "IPython.core.completer",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "pandas",
    "gymnasium",
    "tensorflow",
    "keras",
    "tensorflow_probability",
    "labkit",
)
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


def main() -> None:
    """Serve as the arguments say."""
    how, user = sys.argv[1], int(sys.argv[2])
    leave_root(user)
    if how == "try":
        return
    control = socket.socket(fileno=int(sys.argv[3]))
    if how == "warm":
        serve(control)
    request, fds = receive(control)
    control.close()
    run_kernel(request, fds)


def serve(control: socket.socket) -> None:
    """Import what is slow, then fork a kernel for each request; ends the process with the socket."""
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    while True:
        request, fds = receive(control)
        child = os.fork()
        if not child:
            isolate(control, request, fds)
        os.waitpid(child, 0)
        for fd in fds:
            os.close(fd)


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next request and its sockets."""
    message, fds, _, _ = socket.recv_fds(control, 2**16, 8)
    if not message:
        os._exit(0)
    return json.loads(message), fds


def isolate(control: socket.socket, request: dict[str, Any], fds: list[int]) -> None:
    """In a fork: enter new namespaces, start the kernel there and send a handle of it; never returns."""
    try:
        user, group = os.getuid(), os.getgid()
        call("prctl", 4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: /proc/self is its own again after leave_root
        call("unshare", NEW_NAMESPACES)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        child = os.fork()
        if child:
            socket.send_fds(control, [b"started"], [os.pidfd_open(child)])
            os._exit(0)
        call("mount", b"proc", b"/proc", b"proc", NOSUID | NODEV | NOEXEC, None)
        scratch = f"size={request['disk']},nr_inodes=20000,mode=0700".encode()
        for folder in (b"/tmp", b"/dev/shm"):
            call("mount", b"tmpfs", folder, b"tmpfs", NOSUID | NODEV, scratch)
        os.chdir("/tmp")
    except BaseException as error:
        control.send(f"no kernel could be forked ({error})".encode())
        os._exit(1)
    try:
        control.close()
        run_kernel(request, fds)
    finally:
        os._exit(0)


def call(name: str, *arguments: Any) -> None:
    """Call a function of the C library that returns 0 when it worked."""
    if getattr(libc, name)(*arguments):
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def leave_root(user: int) -> None:
    """Where the sandbox was made by root: become a user without rights, for good."""
    if os.getuid() != 0:
        return
    call("mount", b"proc", b"/proc", b"proc", NOSUID | NODEV | NOEXEC, None)  # one that kernels may mount anew
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def run_kernel(request: dict[str, Any], fds: list[int]) -> None:
    """Give up all rights and serve as a kernel until told to stop."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    limit(request)
    confine()
    import zmq
    from ipykernel.kernelapp import IPKernelApp

    listening = dict(zip(request["ports"], fds, strict=True))

    class App(IPKernelApp):
        def _try_bind_socket(self, s: Any, port: int) -> int:
            s.setsockopt(zmq.USE_FD, listening[port])
            s.bind(f"ipc://{self.ip}-{port}")
            return port

        def init_heartbeat(self) -> None:  # the grader holds the process itself
            os.close(listening[self.hb_port])

    file = Path("/tmp/connection.json")
    file.write_text(json.dumps(request["connection"]))
    app = App.instance(connection_file=str(file), capture_fd_output=False)
    app.config.HistoryManager.enabled = False
    app.initialize([])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


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
        limits[resource.RLIMIT_NPROC] = 4 * request["processes"] + 64  # threads count
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def confine() -> None:
    """Give up all capabilities, and every system call in `REFUSED`."""
    prctl = libc.prctl
    for capability in range(64):
        prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
    prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT_CLEAR_ALL
    call("capset", struct.pack("=II", 0x20080522, 0), bytes(24))
    call("prctl", 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    machine = platform.machine()
    if machine not in SECCOMP:
        return
    program = seccomp(machine)
    buffer = ctypes.create_string_buffer(program)
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    call("prctl", 22, 2, ctypes.addressof(filter_), 0, 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


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


if __name__ == "__main__":
    main()
