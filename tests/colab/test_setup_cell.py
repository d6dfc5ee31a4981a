"""The notebooks' first cell installs labkit on Colab, and replaces nothing that Colab has.

labkit stays installed afterwards: `make test-colab` goes on to run the solution notebooks with it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
COLAB = ROOT / ".venv-colab/bin/python"
REPOSITORY, REF = "someone/course", "v1.0"
# What a set-up cell may add: labkit, and the physics engine that one of gymnasium's families of environments needs.
ALLOWED = {"labkit", "box2d"}

pytestmark = pytest.mark.skipif(not COLAB.exists(), reason="make test-colab makes the environment that this needs")


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """The students' tree, in a folder named as in the archives that GitHub makes."""
    tree = tmp_path_factory.mktemp("release") / "course-1.0"
    coursekit = Path(sys.executable).with_name("coursekit")
    subprocess.run([coursekit, "release", "--to", tree, "--repository", REPOSITORY, "--ref", REF], cwd=ROOT, check=True)
    return tree


def setup_cells(tree):
    """The distinct first code cells of the English notebooks."""
    notebooks = [nbformat.read(path, as_version=4) for path in sorted(tree.glob("notebooks/en/*.ipynb"))]
    assert notebooks
    return {next(cell.source for cell in notebook.cells if cell.cell_type == "code") for notebook in notebooks}


def colab(*args, cwd):
    """Run Colab's Python where neither the working tree nor this environment is in sight."""
    env = os.environ | {"PATH": f"{COLAB.parent}:{os.environ['PATH']}"}
    ran = subprocess.run([COLAB, *args], cwd=cwd, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def installed(cwd):
    lines = colab("-m", "pip", "--disable-pip-version-check", "freeze", "--all", cwd=cwd).splitlines()
    return set(lines)


def test_setup_cell_adds_labkit_and_replaces_nothing(release, tmp_path):
    archive = shutil.make_archive(tmp_path / "archive", "zip", root_dir=release.parent, base_dir=release.name)
    for source in sorted(setup_cells(release)):
        url = f"https://github.com/{REPOSITORY}/archive/{REF}.zip"
        assert url in source
        (tmp_path / "cell.ipy").write_text(source.replace(url, Path(archive).as_uri()))
        colab("-m", "pip", "uninstall", "-y", "labkit", cwd=tmp_path)
        before = installed(tmp_path)

        colab("-m", "IPython", "cell.ipy", cwd=tmp_path)

        after = installed(tmp_path)
        assert before <= after
        assert {line.split("==")[0].split(" @ ")[0].lower() for line in after - before} <= ALLOWED
        where = colab("-c", "import labkit; print(labkit.__file__)", cwd=tmp_path)
        assert Path(where.strip()).is_relative_to(COLAB.parents[1])
