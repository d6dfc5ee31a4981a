"""Warm starts: a sandboxed process that holds slow packages already, and forks kernels."""

import atexit
import contextlib
import os
import select
import signal
import socket
import subprocess
import threading
from pathlib import Path

from coursekit.grading.sandbox.bubblewrap import ENVIRONMENT, USER, command

STARTING = 180.0  # seconds, on a machine that is busy, to import slow packages
DISK = 2**20  # bytes, of the process itself; a kernel gets its own


class Forked:
    """A kernel that another process forked; what `subprocess.Popen` is to a child of one's own."""

    stdin = stdout = stderr = None

    def __init__(self, handle: int) -> None:
        self._handle = handle  # a pidfd: it never means another process
        fields = dict(line.split(":", 1) for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines())
        self.pid = int(fields["Pid"])
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, which is always 1, or None while it runs."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end."""
        if self.returncode is None:
            poll = select.poll()
            poll.register(self._handle, select.POLLIN)
            if poll.poll(None if timeout is None else timeout * 1000):
                self.returncode = 1
                os.close(self._handle)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it, and with it all of its children."""
        self.send_signal(signal.SIGKILL)

    terminate = kill  # it is the first process of its namespace, which knows no other signal


def start(how: str, *, disk: int) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start `guest/kernel.py` in a sandbox.

    Returns:
        The process, and the socket that takes requests.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            command([how, str(USER + os.getpid() % 600), str(theirs.fileno())], disk=disk),
            pass_fds=[theirs.fileno()],
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return process, ours


class ForkServer:
    """The process that kernels are forked from.

    Raises:
        OSError: it did not start.
    """

    def __init__(self) -> None:
        self._process, self._control = start("warm", disk=DISK)
        self._lock = threading.Lock()
        self._control.settimeout(STARTING)
        if self._control.recv(100) != b"ready":
            self.close()
            raise OSError("the process that kernels are forked from did not start")

    def fork(self, request: bytes, fds: list[int]) -> Forked:
        """A new kernel that serves these listening sockets.

        Raises:
            OSError: there is none; the reason is in the message.
        """
        with self._lock:
            socket.send_fds(self._control, [request], fds)
            message, handles, _, _ = socket.recv_fds(self._control, 1000, 1)
        if not handles:
            raise OSError(message.decode(errors="replace") or "the process that kernels are forked from has died")
        return Forked(handles[0])

    def close(self) -> None:
        """End it and every kernel that it forked."""
        self._control.close()  # it ends by itself then
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_lock = threading.Lock()
_server: ForkServer | None = None
_failures = 0


def fork(request: bytes, fds: list[int]) -> Forked | None:
    """A warm kernel, or None where there can be none: then start a cold one."""
    global _server, _failures
    with _lock:
        if _failures >= 2:
            return None
        try:
            _server = _server or ForkServer()
            return _server.fork(request, fds)
        except OSError:
            _failures += 1
            _close()
            return None


def _close() -> None:
    global _server
    if _server:
        _server.close()
    _server = None


def _forget() -> None:
    """In a fork of the grader: the warm process is its parent's."""
    global _server, _lock, _failures
    if _server:
        _server._control.close()
    _server, _lock, _failures = None, threading.Lock(), 0


atexit.register(_close)
os.register_at_fork(after_in_child=_forget)
