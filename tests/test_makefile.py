"""`make lab` on machines where something is missing: it says what, and leaves nothing that a later run would trust."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make")
UV = Path(sys.executable).with_name("uv")
REQUIRES_PYTHON = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]

# Python that says it is 3.10; a command of pyenv's for a version that is not installed; Debian's, without python3-venv.
OLD = f"""exec {sys.executable} -c 'import sys; sys.version_info = (3, 10, 13); exec(sys.argv[2])' "$@" """
BROKEN = "exit 127"
NO_VENV = f"""[ "$1" != -m ] || {{ mkdir -p .venv/bin; ln -s {sys.executable} .venv/bin/python; exit 1; }}
exec {sys.executable} -c 'import sys; sys.executable = sys.argv[1]; exec(sys.argv[3])' "$0" "$@" """
GOOD = f'exec {sys.executable} "$@"'


class Machine:
    """A students' tree, and a PATH with the system's plainest tools and the commands given."""

    def __init__(self, folder):
        self.course, self.bin = folder / "course", folder / "bin"
        self.course.mkdir()
        self.bin.mkdir()
        shutil.copy(ROOT / "lab.mk", self.course / "Makefile")
        for name in ["pyproject.toml", "requirements.txt"]:
            shutil.copy(ROOT / name, self.course)
        for tool in ["sh", "cp", "find", "id", "ln", "mkdir", "rm", "touch"]:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.env = {
            "PATH": str(self.bin),
            "HOME": str(folder),
            # Without a network, and without what an earlier run may have kept.
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "UV_OFFLINE": "1",
            "UV_CACHE_DIR": str(folder / "cache"),
        }

    def command(self, path, script):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def make(self, *args):
        return subprocess.run([MAKE, *args], cwd=self.course, env=self.env, capture_output=True, text=True)

    def refuses(self, message):
        made = self.make()
        assert made.returncode
        assert message in made.stderr
        assert not (self.course / ".venv/requirements.txt").exists()


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_students_makefile_stands_alone(machine):
    made = machine.make("-n", "ARGS=--no-browser")
    assert made.returncode == 0, made.stderr
    last = made.stdout.splitlines()[-1]
    assert last.startswith(".venv/bin/jupyter-lab ")
    assert last.endswith(" --no-browser")
    assert ("--allow-root" in last) == (os.getuid() == 0)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "ro_RO.UTF-8"}, "ro"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "ro:fr"}, "ro"),
    ],
)
def test_the_lab_opens_on_the_page_of_lessons_in_the_users_language(machine, variables, language):
    for folder in ("en", "fr", "ro"):
        page = machine.course / "notebooks" / folder / "README.md"
        page.parent.mkdir(parents=True)
        page.touch()
    machine.env |= variables
    command = machine.make("-n").stdout.splitlines()[-1]
    assert f"default_url=/lab/tree/notebooks/{language}/README.md " in command
    chosen = machine.make("-n", "LANGUAGE=fr").stdout.splitlines()[-1]
    assert "default_url=/lab/tree/notebooks/fr/README.md " in chosen


def test_what_the_lab_is_set_to_is_json(machine):
    line = next(line for line in machine.make("-n").stdout.splitlines() if "overrides.json" in line)
    settings = json.loads(line[line.index("'") + 1 : line.rindex("'")])
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == "Markdown Preview"


def test_pythons_are_those_that_the_package_allows():
    low, high = re.search(r"\(3, (\d+)\) <= sys.version_info < \(3, (\d+)\)", (ROOT / "lab.mk").read_text()).groups()
    assert f">=3.{low},<3.{high}" == REQUIRES_PYTHON


@pytest.mark.parametrize("commands", [{}, {"python3": OLD}, {"python3": BROKEN, "python3.13": OLD}])
def test_no_python_that_will_do(machine, commands):
    for name, script in commands.items():
        machine.command(machine.bin / name, script)
    machine.refuses("No Python 3.11, 3.12 or 3.13 was found: install one")
    assert not (machine.course / ".venv").exists()


def test_environment_of_another_python(machine):
    machine.command(machine.course / ".venv/bin/python", OLD)
    machine.refuses("The folder .venv holds a Python other than 3.11, 3.12 or 3.13: delete that folder")


def test_python_without_venv(machine):
    machine.command(machine.bin / "python3", NO_VENV)
    machine.refuses("install python3-venv")
    assert not (machine.course / ".venv").exists()


@pytest.mark.skipif(not importlib.util.find_spec("ensurepip"), reason="this Python has no venv")
def test_no_network(machine):
    machine.command(machine.bin / "python3", OLD)
    machine.command(machine.bin / "python3.12", GOOD)
    machine.refuses("check the network connection")
    # The environment stands, but is not taken for whole: the next run takes it up again.
    machine.refuses("check the network connection")


def test_no_network_with_uv(machine):
    machine.command(machine.bin / "python3", GOOD)
    machine.command(machine.bin / "uv", f'exec {UV} "$@"')
    machine.refuses("check the network connection")


def test_half_made_environment_is_made_again(machine):
    # What an interrupted run, or a Python since removed, leaves behind.
    dead = machine.course / ".venv/bin/python"
    dead.parent.mkdir(parents=True)
    dead.symlink_to("/nowhere/python")
    machine.command(machine.bin / "python3", GOOD)
    machine.command(machine.bin / "uv", f'exec {UV} "$@"')
    machine.refuses("check the network connection")
    assert dead.exists()


def test_every_lesson_is_run_on_colabs_packages():
    shown = subprocess.run(
        [MAKE, "-n", "test-colab", "COLAB_PYTHON=x"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    lessons = [Path(path).stem for path in re.findall(r"solutions/\S+", shown)]
    assert sorted(lessons) == [path.stem for path in sorted((ROOT / "solutions" / "en").glob("*.ipynb"))]
