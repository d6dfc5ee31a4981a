"""The pinned requirements are what `make pins` compiles from pyproject.toml, and suit every environment."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILES = ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
STUDENTS = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
GROUPS = PYPROJECT["dependency-groups"]


def group(name):
    """What a dependency group asks for, with the groups that it includes."""
    for line in GROUPS[name]:
        yield from group(line["include-group"]) if isinstance(line, dict) else [Requirement(line)]


DEVELOPERS, BENCHERS = ([*STUDENTS, *group(name)] for name in ("dev", "bench"))


def pins(path):
    """The lines that pin something, without the comments that say what needs it."""
    return [line for line in path.read_text().splitlines() if line and not line.lstrip().startswith("#")]


def test_pins_are_up_to_date(tmp_path):
    for name in ["Makefile", "lab.mk", "pyproject.toml", *FILES]:
        shutil.copy(ROOT / name, tmp_path)
    # The copy borrows this environment for its uv, and -o has make take it as it is.
    (tmp_path / ".venv").symlink_to(sys.prefix)
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    # uv keeps the pins that it finds and that still do: a release somewhere does not make them stale.
    command = ["make", "-s", "-o", ".venv/requirements-dev.txt", "pins"]
    made = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    if made.returncode:
        pytest.fail(f"the pins could not be compiled; this test needs the network:\n{made.stderr}", pytrace=False)
    stale = [name for name in FILES if (tmp_path / name).read_text() != (ROOT / name).read_text()]
    assert not stale, f"{' and '.join(stale)} lag behind pyproject.toml: run make pins and commit the change"


@pytest.mark.parametrize("name", FILES)
def test_pins_hold_names_and_versions_only(name):
    # An address or an index would tie the course to one server.
    pin = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; .+)?")
    assert [line for line in pins(ROOT / name) if not pin.fullmatch(line)] == []


@pytest.mark.parametrize(("name", "wanted"), list(zip(FILES, [STUDENTS, DEVELOPERS, BENCHERS], strict=True)))
def test_every_direct_dependency_is_pinned(name, wanted):
    pinned = {line.split("==")[0] for line in pins(ROOT / name)}
    assert {canonicalize_name(requirement.name) for requirement in wanted} <= pinned


@pytest.mark.parametrize("name", FILES[1:])
def test_everybody_has_the_versions_that_students_have(name):
    # They may have a package on more systems than students do.
    students, others = ({pin.split(" ;")[0] for pin in pins(ROOT / file)} for file in (FILES[0], name))
    assert students <= others


@pytest.mark.parametrize("requirement", STUDENTS, ids=lambda requirement: requirement.name)
def test_colab_has_what_labkit_needs(requirement):
    # There labkit is installed without its dependencies, so that nothing of Colab's is replaced.
    if requirement.name in ("jupyterlab", "box2d"):
        return  # Colab is its own Jupyter, and the lesson that needs box2d installs it there
    freeze = dict(line.split("==") for line in pins(ROOT / "colab/pip-freeze.txt") if "==" in line)
    colab = {canonicalize_name(name): version for name, version in freeze.items()}
    assert requirement.specifier.contains(colab[canonicalize_name(requirement.name)])
