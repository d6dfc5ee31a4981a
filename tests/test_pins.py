"""The pinned requirements hold what pyproject.toml and coursekit/pyproject.toml ask for, and suit every environment."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILES = ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"]
LABKIT = tomllib.loads((ROOT / "pyproject.toml").read_text())
COURSEKIT = tomllib.loads((ROOT / "coursekit/pyproject.toml").read_text())["project"]
STUDENTS = [Requirement(line) for line in LABKIT["project"]["dependencies"]]
TEACHERS = [
    Requirement(line)
    for lines in [COURSEKIT["dependencies"], *COURSEKIT["optional-dependencies"].values()]
    for line in lines
]
VIA = re.compile(r"# +(?:via )?(?:labkit|coursekit) \(([^)]*)\)$")  # uv notes who asks for each package


def group(name):
    """What a dependency group asks for, with the groups that it includes."""
    for line in LABKIT["dependency-groups"][name]:
        yield from group(line["include-group"]) if isinstance(line, dict) else [Requirement(line)]


WANTED = {
    "requirements.txt": {"pyproject.toml": STUDENTS},
    "requirements-dev.txt": {
        "pyproject.toml": STUDENTS,
        "coursekit/pyproject.toml": TEACHERS,
        "pyproject.toml:dev": [*group("dev")],
    },
    "requirements-bench.txt": {"pyproject.toml": STUDENTS, "pyproject.toml:bench": [*group("bench")]},
}


def pins(path):
    """The lines that pin something, without the comments that say what needs it."""
    return [line for line in path.read_text().splitlines() if line and not line.lstrip().startswith("#")]


def asked(name):
    """From who asks (a file, or a group in it) to the packages that the pins say are theirs, with their versions."""
    found = defaultdict(lambda: defaultdict(set))
    for line in (ROOT / name).read_text().splitlines():
        if not line.lstrip().startswith("#") and "==" in line:
            package, version = line.split(" ;")[0].split("==")
        elif via := VIA.search(line):
            found[via[1]][package].add(version)
    return found


@pytest.mark.parametrize(("name", "source"), [(name, source) for name in FILES for source in WANTED[name]])
def test_pins_are_those_of_what_is_asked_for(name, source):
    # `make pins` compiles them; whether they still are what is asked for is seen without a network.
    got, wanted = asked(name)[source], {canonicalize_name(one.name): one for one in WANTED[name][source]}
    assert set(got) == set(wanted), f"{name} lags behind: run make pins and commit the change"
    wrong = {package for package, versions in got.items() if not all(map(wanted[package].specifier.contains, versions))}
    assert not wrong, f"{name} lags behind: run make pins and commit the change"


@pytest.mark.parametrize("name", FILES)
def test_nobody_else_asks(name):
    assert set(asked(name)) == set(WANTED[name])


@pytest.mark.parametrize("name", FILES)
def test_pins_hold_names_and_versions_only(name):
    # An address or an index would tie the course to one server.
    pin = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; .+)?")
    assert [line for line in pins(ROOT / name) if not pin.fullmatch(line)] == []


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
