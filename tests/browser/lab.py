"""`make lab`, in a copy of the course: nothing that is done in it comes back."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
TOKEN = "browser-test"
START_SECONDS = 180


@contextmanager
def make_lab(language: str) -> Iterator[str]:
    """Open the course as `make lab LANGUAGE=...` does; gives the address that it prints."""
    with TemporaryDirectory(prefix="lab.") as folder:
        copy = students_copy(Path(folder))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = Path(folder) / "log.txt"
        arguments = f"--no-browser --port={port} --IdentityProvider.token={TOKEN} --LabApp.expose_app_in_browser=True"
        with log.open("w") as stream:
            server = subprocess.Popen(
                ["make", "lab", f"LANGUAGE={language}", f"ARGS={arguments}"],
                cwd=copy,
                env=own_jupyter(Path(folder)),
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_for(f"{address}api?token={TOKEN}", server, log)
            yield f"{address}?token={TOKEN}"
        finally:
            stop(server)


def students_copy(folder: Path) -> Path:
    """What a student has, beside this environment."""
    copy = folder / "course"
    shutil.copytree(ROOT / "notebooks", copy / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(ROOT / "lab.mk", copy / "Makefile")
    for name in ("pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, copy)
    (copy / ".venv").mkdir()
    (copy / ".venv" / "bin").symlink_to(Path(sys.prefix) / "bin")
    (copy / ".venv" / "requirements.txt").touch()  # the stamp of what is installed
    return copy


def own_jupyter(folder: Path) -> dict[str, str]:
    """An environment in which Jupyter knows nothing of this machine's user."""
    homes = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "JUPYTER"))}
    return kept | {name: str(folder / place) for name, place in homes.items()}


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Return when the server answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.5)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


def stop(server: subprocess.Popen) -> None:
    """End the server, which ends its kernels."""
    for kind, seconds in ((signal.SIGTERM, 30), (signal.SIGKILL, 10)):
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(server.pid, kind)
            server.wait(seconds)
            return
