"""Hostile answers, really run: what they find, and what is left after them."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.grading.sandbox import bubblewrap
from coursekit.grading.sandbox.watch import descendants, read
from tests.grading.sandbox.attacks import ROOT, kill_all, look_around

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap"), reason="bubblewrap is not installed: apt-get install bubblewrap"
)
NOBODY = 12345


@pytest.fixture(scope="module")
def bait(tmp_path_factory):
    """A secret file that everybody may read, and listeners on the machine's own network."""
    folder = tmp_path_factory.mktemp("bait")
    secret = folder / "tests-of-the-grader.txt"
    secret.write_text("the answers")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        port = server.getsockname()[1]
        abstract.bind(f"\0grader-{port}")
        abstract.listen()
        yield str(secret), port


def closed(folder):
    """Whether only its owner may enter a folder."""
    return not folder.stat().st_mode & 0o001


def opened(*places):
    """What makes bubblewrap show to everybody places that lie in folders which only root may enter, or are such."""
    options, emptied = [], set()
    for place in places:
        path = [each for each in reversed([place, *place.parents]) if each != Path("/")]
        first = next((number for number, each in enumerate(path) if closed(each)), None)
        if first is None:
            continue
        if path[first] not in emptied:
            options += ["--perms", "0755", "--tmpfs", str(path[first])]
            emptied.add(path[first])
        for folder in path[first + 1 :]:
            options += ["--perms", "0755", "--dir", str(folder)]
        for each in place.iterdir() if closed(place) else [place]:
            options += ["--bind", str(each), str(each)]
    return options


def as_nobody(how, bait):
    """Run the attacks as another user, who can reach Python and the course wherever they lie."""
    command = ["bwrap", "--dev-bind", "/", "/", *opened(Path(sys.base_prefix), ROOT)]
    command += ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    command += [sys.executable, "-m", "tests.grading.sandbox.attacks", how, bait[0], str(bait[1]), str(os.getpid())]
    run = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "TMPDIR": "/tmp"},
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.fixture(scope="module", params=["warm", "cold", "warm nobody", "cold nobody"])
def attacks(request, bait):
    how, _, who = request.param.partition(" ")
    if not who:
        return {"look": look_around(how, *bait, os.getpid()), "killed": kill_all(how), "how": how}
    if os.getuid() != 0:
        pytest.skip("only root can become another user; these tests run as a user without rights already")
    return {**as_nobody(how, bait), "how": how}


def test_an_answer_finds_python_and_nothing_of_the_grader(attacks):
    look = attacks["look"]
    assert "reply" not in look, look
    assert look["secret"] == "FileNotFoundError"
    assert look["found"] == []
    assert set(look["course"]) <= {Path(sys.prefix).name, "labkit"}
    assert set(look["sources"]) == {"FileNotFoundError"}
    assert look["grader's modules"] == [
        "__init__.py",
        "calls.py",
        "confine.py",
        "kernel.py",
        "seccomp.py",
        "wire.py",
    ]
    assert look["import"] == "ModuleNotFoundError"
    assert {look["shadow"], look["passwd"]} == {"FileNotFoundError"}
    assert look["etc"] == look["dotfiles"] == look["environment"] == []
    assert set(look["homes"]) == {"FileNotFoundError"}


def test_an_answer_sees_no_process_but_its_own(attacks):
    look = attacks["look"]
    assert look["processes"] == ([1] if attacks["how"] == "warm" else [1, 2])
    assert look["grader's memory"] in ("FileNotFoundError", "ProcessLookupError")
    assert look["ptrace"] == "Operation not permitted"
    assert look["host"] == "sandbox"


def test_an_answer_writes_nowhere_but_into_its_scratch_space(attacks):
    look = attacks["look"]
    assert set(look["written"]) <= {"OSError", "PermissionError", "FileNotFoundError"}
    assert look["scratch"] == ["4", "4"]
    assert not {"sda", "vda", "kmsg", "mem", "kvm", "fuse"} & set(look["devices"])


def test_an_answer_has_no_network(attacks):
    look = attacks["look"]
    assert look["tcp"] == "ConnectionRefusedError" or look["tcp"] == "OSError"
    assert look["internet"] == "OSError"
    assert look["names"] == "gaierror"
    assert look["abstract"] == "ConnectionRefusedError"
    assert look["vsock"] == look["packets"] == "OSError"
    assert look["interfaces"] == ["lo"]


def test_an_answer_has_no_rights_and_gets_none(attacks):
    look = attacks["look"]
    assert set(look["capabilities"]) == {"0" * 16}
    assert (look["no new privileges"], look["filter"], look["root"]) == ("1", "2", False)
    assert look["become root"] in ("OSError", "PermissionError")
    assert look["memfd"] == "PermissionError"
    refused = {"user namespace", "clone", "mount", "unmount", "shared memory"}
    assert {look[name] for name in refused} == {"Operation not permitted"}
    assert look["raise a limit"] == "ValueError"


def test_answers_that_kill_and_breed_harm_only_themselves(attacks):
    killed, forked, bomb, array, mapped, good = attacks["killed"]
    assert killed in ("died", "answered", "raised")
    assert forked in ("memory", "raised")
    assert bomb in ("memory", "raised", "timeout")
    assert array == mapped == "memory"
    assert good == "answered"


def test_nothing_is_left_running(attacks):
    started = [read(f"/proc/{pid}/cmdline") for pid in descendants(os.getpid())]
    kernels = [
        command for command in started if "coursekit.grading.sandbox.guest.kernel" in command and "bwrap" not in command
    ]
    assert len(kernels) <= 1  # the process that kernels are forked from
    status = [read(f"{folder}/status") for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    assert not [each for each in status if f"Uid:\t{NOBODY}" in each and "State:\tZ" not in each]


def test_without_bubblewrap_one_sentence_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    reason = bubblewrap.available.__wrapped__()
    assert "bubblewrap is missing" in reason
    assert "--unsafe-no-sandbox" in reason
    assert "\n" not in reason


def test_where_namespaces_are_refused_one_sentence_says_so():
    code = "from coursekit.grading.sandbox import bubblewrap; print(bubblewrap.available())"
    inside = ["bwrap", "--unshare-user", "--disable-userns", "--dev-bind", "/", "/", "--", sys.executable, "-c", code]
    said = subprocess.run(inside, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "bubblewrap does not start" in said
    assert "--unsafe-no-sandbox" in said
    assert said.count("\n") == 1


def test_a_course_inside_a_folder_that_is_shown_stays_hidden(monkeypatch, tmp_path):
    course = tmp_path / "lib" / "course"
    course.mkdir(parents=True)
    (course / "secret").write_text("the answers")
    monkeypatch.setattr(bubblewrap, "SYSTEM", (*bubblewrap.SYSTEM, str(tmp_path / "lib")))
    monkeypatch.chdir(course)
    command = bubblewrap.command([], disk=2**20)
    python = command.index("--") + 1
    listed = [*command[:python], "/bin/ls", str(tmp_path / "lib"), str(course)]
    shown = subprocess.run(listed, capture_output=True, text=True, check=True, env=bubblewrap.ENVIRONMENT).stdout
    assert "course" in shown
    assert "secret" not in shown
