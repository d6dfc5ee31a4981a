"""A kernel provisioner for Jupyter that starts kernels in the sandbox."""

import json
import os
import signal
import socket
import subprocess
from contextlib import suppress
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Int, List, Unicode

from coursekit.grading.sandbox.bubblewrap import available
from coursekit.grading.sandbox.forkserver import Forked, fork, start
from coursekit.grading.sandbox.watch import children

ENDING = 60.0  # seconds that hundreds of processes may take to end on a machine that is busy


class SandboxProvisioner(LocalProvisioner):
    """Starts a kernel inside bubblewrap; registered as "coursekit-sandbox".

    The kernel's sockets are opened out here and handed in already listening, so that the sandbox shares no folder
    with the machine. The manager's transport is ipc.

    Attributes:
        warm: fork the kernel from a process that holds slow packages, where that works.
        modules: slow packages that process is to hold beside those that every lesson imports.
        memory: bytes, of the kernel's process above what it has at the start.
        processes: how many it may start.
        disk: bytes of scratch space.
        cpu: seconds of processor time a process.
    """

    warm = Bool(True).tag(config=True)
    modules = List(Unicode()).tag(config=True)
    memory = Int(3 * 2**30).tag(config=True)
    processes = Int(64).tag(config=True)
    disk = Int(64 * 2**20).tag(config=True)
    cpu = Int(600).tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel; the command of the kernel's specification is not used.

        Raises:
            RuntimeError: there is no sandbox here, or the manager's transport is not ipc.
        """
        if reason := available():
            raise RuntimeError(reason)
        info = dict(self.connection_info)
        if info["transport"] != "ipc":
            raise RuntimeError(f"the sandbox has no network: its kernels need ipc, not {info['transport']}")
        ports = [info[f"{name}_port"] for name in ("shell", "iopub", "stdin", "control", "hb")]
        sockets = [listening(f"{info['ip']}-{port}") for port in ports]
        key = info["key"].decode() if isinstance(info["key"], bytes) else info["key"]
        request = json.dumps(
            {
                "connection": {**info, "key": key, "ip": "kernel"},
                "ports": ports,
                **{name: getattr(self, name) for name in ("modules", "memory", "processes", "disk", "cpu")},
            }
        ).encode()
        fds = [each.fileno() for each in sockets]
        try:
            process: Any = fork(request, fds) if self.warm else None
            if not process:
                process, control = start("cold", disk=self.disk)
                with control:
                    socket.send_fds(control, [request], fds)
        finally:
            for each in sockets:
                each.close()
        self.process, self.pid = process, process.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all that it started, and wait until they are gone."""
        process: Any = self.process
        if process is None:
            return
        for child in children(process.pid) if isinstance(process, subprocess.Popen) else ():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)  # the first process inside: bubblewrap outside ends after the last
        if isinstance(process, Forked):
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDING)
            return
        process.kill()


def listening(path: str) -> socket.socket:
    """A socket that listens at a path."""
    opened = socket.socket(socket.AF_UNIX)
    opened.bind(path)
    opened.listen(8)
    return opened
