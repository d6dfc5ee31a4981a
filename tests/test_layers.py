"""Imports run one way: no cycles inside a package, and labkit knows nothing of what is above it."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("labkit", "coursekit")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def module_of(path):
    """The name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """Every module that a file imports, at its top or later, a package's submodules by their own names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = module_of(path).split(".")
            if path.name != "__init__.py":
                base = base[:-1]
            prefix = ".".join(base[: len(base) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (prefix, node.module) if part)
            found |= {f"{module}.{alias.name}" for alias in node.names} & MODULES or {module}
    return found


MODULES = {module_of(path) for path in FILES}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_import_cycle(package):
    graph = {
        module_of(path): {name for name in imports(path) if name in MODULES and name.split(".")[0] == package}
        for path in FILES
        if path.is_relative_to(ROOT / package)
    }
    assert len(graph) > 5
    assert any(graph.values())
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports go round: {' -> '.join(error.args[1])}")


# By room of coursekit.grading, the rooms that it may use. Only `grade` uses them all; authors' `grading.py` sees the
# package itself, which offers what is in `asked`.
GRADING = "coursekit.grading"
ROOMS = {
    "asked": set(),
    "handed_in": {"asked"},
    "sandbox": {"guest"},
    "guest": set(),
    "marking": {"asked", "handed_in", "sandbox", "guest"},
    "told": {"asked", "handed_in", "marking"},
    "grade": {"asked", "handed_in", "sandbox", "marking", "told"},
    "__init__": {"asked"},
}


def room_of(module):
    """The room of a module of the grader; "" where it is none of its."""
    if not module.startswith(GRADING):
        return ""
    parts = module.removeprefix(GRADING).split(".")[1:]
    return "__init__" if not parts else "guest" if "guest" in parts else parts[0]


def test_the_graders_rooms_use_each_other_one_way():
    arrows = {room: set() for room in ROOMS}
    for path in FILES:
        if room := room_of(module_of(path)):
            arrows[room] |= {room_of(name) for name in imports(path)} - {"", room}
    assert arrows == ROOMS


def test_what_runs_in_the_sandbox_imports_nothing_of_the_course():
    guest = [path for path in FILES if room_of(module_of(path)) == "guest"]
    assert len(guest) == 6
    for path in guest:
        ours = {name for name in imports(path) if name.split(".")[0] in (*PACKAGES, "lessons")}
        assert {room_of(name) for name in ours} <= {"guest"}, path


def test_nothing_else_of_the_course_knows_the_inside_of_the_grader():
    for path in FILES:
        if not room_of(module_of(path)) and path != ROOT / "coursekit" / "cli.py":
            assert not {name for name in imports(path) if name.startswith(GRADING)}, path


@pytest.mark.parametrize("path", [path for path in FILES if path.is_relative_to(ROOT / "labkit")], ids=module_of)
def test_labkit_is_below_everything(path):
    assert {name.split(".")[0] for name in imports(path)} & {"coursekit", "lessons", "tests"} == set()


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_has_one_job_that_its_name_says(path):
    assert path.stem.strip("_") not in ("utils", "util", "helpers", "misc", "common")
    assert len(path.read_text("utf-8").splitlines()) < 250
