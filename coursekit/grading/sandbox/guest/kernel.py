"""A process that gives up every right, then becomes a Jupyter kernel.

`python -m coursekit.grading.sandbox.guest.kernel try|cold|warm USER CONTROL`: CONTROL is a socket from which requests
come, each a JSON object with the listening sockets of a kernel beside it. A cold start serves one request itself. A
warm one holds what every lesson imports, imports the slow packages that a request names once they are named, and forks
for each request a kernel into namespaces of its own, where it sees neither the process that it was forked from nor any
other kernel.
"""

import gc
import importlib
import json
import os
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursekit.grading.sandbox.guest.confine import confine, enter_namespaces, leave_root, limit, own_mounts

PRELOADED = (
    "tornado.platform.asyncio",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "pandas",
    "gymnasium",
    "labkit",
    "coursekit.grading.sandbox.guest.calls",
)


def main() -> None:
    """Serve as the arguments say."""
    how, user = sys.argv[1], int(sys.argv[2])
    leave_root(user)
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # as if it were not installed: it takes 0.3 s to load
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
    hold(PRELOADED)
    control.send(b"ready")
    while True:
        request, fds = receive(control)
        hold(request["modules"])
        child = os.fork()
        if not child:
            isolate(control, request, fds)
        os.waitpid(child, 0)
        for fd in fds:
            os.close(fd)


def hold(modules: Iterable[str]) -> None:
    """Import those that are installed, for the forks to come."""
    new = [name for name in modules if name not in sys.modules]
    for name in new:
        with suppress(ImportError):
            importlib.import_module(name)
    if new:
        gc.collect()
        gc.freeze()


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next request and its sockets."""
    message, fds, _, _ = socket.recv_fds(control, 2**16, 8)
    if not message:
        os._exit(0)
    return json.loads(message), fds


def isolate(control: socket.socket, request: dict[str, Any], fds: list[int]) -> None:
    """In a fork: enter new namespaces, start the kernel there and send a handle of it; never returns."""
    try:
        enter_namespaces()
        told, tell = os.pipe()
        kernel = os.fork()
        if not kernel:
            control.close()
            own_mounts(request["disk"])
            os.close(told)
            os.write(tell, b"mounted")
            os.close(tell)
            run_kernel(request, fds)
            os._exit(0)
        os.close(tell)
        if not os.read(told, 10):
            raise OSError("no mounts")
        socket.send_fds(control, [b"started"], [os.pidfd_open(kernel)])
    except BaseException as error:
        if control.fileno() >= 0:  # closed in the kernel's own process
            control.send(f"no kernel could be forked ({error})".encode())
        os._exit(1)
    os._exit(0)


def run_kernel(request: dict[str, Any], fds: list[int]) -> None:
    """Give up all rights and serve as a kernel until told to stop."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.nice(5)  # whoever watches comes first
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

    file = Path("/scratch/connection.json")
    file.write_text(json.dumps(request["connection"]))
    app = App.instance(connection_file=str(file), capture_fd_output=False)
    app.config.HistoryManager.enabled = False
    app.initialize([])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
