"""The grader's end of a kernel: sends code, and believes nothing of what comes back."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from coursekit.grading.sandbox.job import PRINTED, Limits
from coursekit.grading.sandbox.watch import own_memory, use_of

STARTING = 120.0  # seconds, for a cold start on a machine that is busy
EVERY = 0.1  # seconds between looks at what the kernel uses
ROOM = 2**28  # bytes by which this process may grow over a few replies
SHORT = 100  # characters that a socket's path may have


class Ended(Exception):  # noqa: N818 - what became of the kernel, which may be its own doing
    """The kernel is gone, or had to go; the message is an outcome of `Reply`."""


class RemoteKernel:
    """A running kernel, as the grader sees it from outside.

    Attributes:
        printed: the beginning of what it printed.
        seconds: processor time it had used at the last look.
    """

    def __init__(self, manager: KernelManager, client: BlockingKernelClient, limits: Limits) -> None:
        self._manager, self._client, self._limits = manager, client, limits
        self._unread = limits.output
        self._looked = 0.0
        self._own = own_memory()
        self._base = 0
        self.printed = ""
        self.seconds = 0.0

    def execute(self, code: str, expression: str = "", *, seconds: float = 0.0) -> dict[str, Any]:
        """Run a cell, then evaluate an expression.

        Args:
            code: the cell.
            expression: its value comes back as "text/plain" under `user_expressions`, "value".
            seconds: processor time it may take, the job's own where 0; wall time is limited to three times that and
                a bit, since the machine may be busy with others.

        Returns:
            The content of the kernel's reply, which anything may have made up.

        Raises:
            Ended: it took too long or too much, or died.
        """
        asked = self._client.execute(
            code, store_history=False, user_expressions={"value": expression} if expression else {}, allow_stdin=False
        )
        seconds = seconds or self._limits.seconds
        return self._reply(asked, time.monotonic() + 3 * seconds + 10, self.seconds + seconds)

    def wait_until_ready(self) -> None:
        """Wait until it answers.

        Raises:
            Ended: it does not.
        """
        self._reply(self._client.kernel_info(), time.monotonic() + STARTING)
        if pid := self._pid():
            self._base = use_of(pid).memory

    def _pid(self) -> int | None:
        """The process to watch; None where the kernel is on another machine."""
        return getattr(self._manager.provisioner, "pid", None)

    def _reply(self, asked: str, until: float, enough: float = float("inf")) -> dict[str, Any]:
        shell, iopub = self._client.shell_channel.socket, self._client.iopub_channel.socket
        poller = zmq.Poller()
        poller.register(shell, zmq.POLLIN)
        poller.register(iopub, zmq.POLLIN)
        while True:
            ready = dict(poller.poll(int(EVERY * 1000)))
            if iopub in ready:
                self._read_output()
            if shell in ready:
                content = self._receive(shell, asked)
                if content is not None:
                    self._read_output()
                    return content
            self._look()
            if time.monotonic() > until or self.seconds > enough:
                raise Ended("timeout")

    def _receive(self, channel: zmq.Socket[bytes], asked: str) -> dict[str, Any] | None:
        """The content of the next message, if it answers what was asked."""
        try:
            _, message = self._client.session.recv(channel)
            answers = message["parent_header"].get("msg_id") == asked
            return message["content"] if answers and isinstance(message["content"], dict) else None
        except Exception:  # a forged message: whatever it does to the reader, it is no reply
            return None

    def _read_output(self) -> None:
        """Keep the beginning of what was printed; the rest is received and dropped."""
        for _ in range(100):
            try:
                _, message = self._client.session.recv(self._client.iopub_channel.socket)
                if message is None:
                    return
                stdout = message["msg_type"] == "stream" and message["content"]["name"] == "stdout"
                text = message["content"]["text"] if stdout else None
            except Exception:  # forged, as above
                continue
            if isinstance(text, str) and self._unread > 0:
                self._unread -= len(text)
                self.printed = (self.printed + text)[:PRINTED]

    def _look(self) -> None:
        """See that it lives and keeps to its limits."""
        if time.monotonic() < self._looked + EVERY:
            return
        if pid := self._pid():
            use = use_of(pid, base=self._base, enough=self._limits.memory)
            self.seconds = max(self.seconds, use.seconds)
            if use.processes > self._limits.processes + 2 or use.memory > self._limits.memory:  # two are bubblewrap
                raise Ended("memory")
        if own_memory() > self._own + ROOM + 8 * self._limits.reply:
            raise Ended("refused")
        if not self._manager.is_alive():
            raise Ended("died")
        self._looked = time.monotonic()


class Specs(KernelSpecManager):
    """Knows one kernel, the grader's."""

    spec: KernelSpec

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The specification, whatever the name."""
        return self.spec


@contextmanager
def started(limits: Limits, *, sandboxed: bool, warm: bool, modules: Sequence[str] = ()) -> Iterator[RemoteKernel]:
    """Start a kernel, and end it with the block.

    Args:
        limits: what it may use.
        sandboxed: start it in bubblewrap.
        warm: fork it from a process that holds slow packages.
        modules: slow packages that the course's own cells import.

    Raises:
        Ended: it does not start.
    """
    with temporary_folder() as folder, zmq.Context() as context:
        context.setsockopt(zmq.MAXMSGSIZE, 2 * limits.reply)
        context.setsockopt(zmq.RCVHWM, 20)
        context.setsockopt(zmq.LINGER, 0)
        specs = Specs()
        specs.spec = specification(limits, sandboxed, warm, modules)
        manager = KernelManager(
            transport="ipc",
            ip=f"{folder}/k",
            connection_file=f"{folder}/kernel.json",
            kernel_spec_manager=specs,
            context=context,
        )
        client = None
        try:
            manager.start_kernel(cwd=str(folder))
            client = manager.client(context=context)
            client.start_channels(stdin=False, hb=False)
            kernel = RemoteKernel(manager, client, limits)
            kernel.wait_until_ready()
            yield kernel
        finally:
            if client:
                client.stop_channels()
            with suppress(Exception):
                manager.shutdown_kernel(now=True)


def specification(limits: Limits, sandboxed: bool, warm: bool, modules: Sequence[str]) -> KernelSpec:
    """How Jupyter is told to start the kernel: another provisioner's name here runs it elsewhere."""
    settings: dict[str, Any] = {
        "warm": warm,
        "modules": [*modules],
        "memory": limits.memory,
        "processes": limits.processes,
        "disk": limits.disk,
        "cpu": 600 + int(20 * limits.seconds),
    }
    where = {"provisioner_name": "coursekit-sandbox", "config": settings}
    return KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="answers",
        language="python",
        metadata={
            "kernel_provisioner": where if sandboxed else {"provisioner_name": "local-provisioner", "config": {}}
        },
    )


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A private folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="ck"))
    if len(str(folder)) > SHORT - 10:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="ck", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
