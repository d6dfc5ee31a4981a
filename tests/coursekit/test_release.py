"""The students' tree: what is in it, what is not, where its links lead, and that it is there whole or not at all."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.course import open_course
from coursekit.problems import CourseError
from coursekit.release import release, restamped, students_project, write_tree

TREE = {
    ".gitignore",
    ".release.json",
    "LICENSE",
    "Makefile",
    "README.fr.md",
    "README.md",
    "images/dot.png",
    "labkit/__init__.py",
    "labkit/locale/fr/LC_MESSAGES/labkit.mo",
    "labkit/locale/ro/LC_MESSAGES/labkit.mo",
    "labkit/messages.py",
    "labkit/py.typed",
    *(f"notebooks/{language}/{lesson}.ipynb" for language in ("en", "fr", "ro") for lesson in ("01_tiny", "02_more")),
    *(f"notebooks/{language}/README.md" for language in ("en", "fr", "ro")),
    "pyproject.toml",
    "requirements.txt",
}


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def to(tiny):
    return tiny.root.parent / "students"


@pytest.fixture
def released(tiny, to):
    assert release(tiny.course, to, "school/course", "v1") == len(TREE)
    return to


def test_what_a_release_holds(released):
    assert set(files(released)) == TREE
    assert oct(released.stat().st_mode)[-3:] == "755"
    assert [path.name for path in released.parent.iterdir() if path.name.startswith(".")] == []


def test_files_are_the_courses_own(tiny, released):
    for name in ("LICENSE", "requirements.txt", ".gitignore", "labkit/__init__.py", "images/dot.png"):
        assert (released / name).read_bytes() == tiny.path(name).read_bytes()
    assert (released / "Makefile").read_bytes() == tiny.path("lab.mk").read_bytes()


def test_notebooks_are_those_of_students_with_other_links(tiny, released):
    for name in (name for name in TREE if name.startswith("notebooks/")):
        stamped = tiny.path(name).read_text("utf-8").replace("OWNER/REPO/blob/main", "school/course/blob/v1")
        stamped = stamped.replace("OWNER/REPO/archive/main.zip", "school/course/archive/v1.zip")
        assert (released / name).read_text("utf-8") == stamped
        assert "OWNER" not in stamped


def test_readmes_have_no_teachers_part_and_other_links(released):
    for name, title in ("README.md", "A tiny course"), ("README.fr.md", "Un petit cours"):
        text = (released / name).read_text("utf-8")
        assert f"\n# {title}\n\n" in text and "github/school/course/blob/v1/notebooks/ro/02_more.ipynb" in text
        assert "OWNER" not in text
        assert text.partition("<!-- /course -->\n")[2] == (
            "\n"
            "[Open](https://colab.research.google.com/github/school/course/blob/v1/notebooks/en/01_tiny.ipynb) or\n"
            "[Binder](https://mybinder.org/v2/gh/school/course/v1?labpath=notebooks), and "
            "[the sources](https://github.com/school/course).\n\n## Licence\n"
        )


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("/OWNER/REPO.git", "/a/b.git"),
        ("/OWNER/REPO/archive/main.zip", "/a/b/archive/v2.zip"),
        ("/OWNER/REPO/raw/main/x", "/a/b/raw/v2/x"),
        ("/OWNER/REPO/main/x", "/a/b/v2/x"),
        ("/OWNER/REPO/issues", "/a/b/issues"),
        ("/OWNER/REPO/tree/mainly", "/a/b/tree/mainly"),
        ("/OWNER/REPO-extras/tree/main", "/OWNER/REPO-extras/tree/main"),
    ],
)
def test_links_are_restamped(tiny, text, link):
    course = tiny.course
    stamped = replace(course, repository="a/b", ref="v2")
    assert restamped(f"https://github.com{text} ", course, stamped) == f"https://github.com{link} "


def test_the_students_project_is_labkit_alone(released):
    project = tomllib.loads((released / "pyproject.toml").read_text("utf-8"))
    assert project["tool"] == {
        "setuptools": {
            "packages": {"find": {"include": ["labkit*"]}},
            "package-data": {"labkit": ["locale/*/LC_MESSAGES/*.mo"]},
        }
    }
    assert "scripts" not in project["project"]
    assert "dependency-groups" not in project


def test_the_courses_own_project_too():
    root = Path(__file__).parents[2]
    own = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    project = tomllib.loads(students_project((root / "pyproject.toml").read_text("utf-8")))
    teachers = {"scripts", "entry-points"}
    assert project["project"] == {key: value for key, value in own["project"].items() if key not in teachers}
    assert set(project) == {"build-system", "project", "tool"}
    assert project["tool"]["setuptools"]["packages"]["find"]["include"] == ["labkit*"]
    assert project["tool"]["setuptools"]["package-data"] == {
        "labkit": own["tool"]["setuptools"]["package-data"]["labkit"]
    }


def test_the_courses_own_release_tells_no_answer(tmp_path):
    # What one lesson asks for may stand in the given code of another.
    root = Path(__file__).parents[2]
    course = open_course(root)
    assert release(course, tmp_path / "students", "school/course", "v1") > 50
    text = (tmp_path / "students" / "README.md").read_text("utf-8")
    assert "coursekit" not in text.partition("<!-- /course -->")[2] and "OWNER" not in text
    assert not (tmp_path / "students" / "coursekit").exists()


def test_the_students_labkit_installs_and_runs(released, tmp_path):
    uv = Path(sys.executable).with_name("uv")
    copy, target = tmp_path / "copy", tmp_path / "target"
    shutil.copytree(released, copy)
    command = [uv, "pip", "install", "-q", "--offline", "--no-deps", "--no-build-isolation", "--target", target, copy]
    subprocess.run([*command, "--python", sys.executable], check=True)
    assert {path.name for path in target.iterdir() if path.is_dir() and "-info" not in path.name} == {"labkit"}
    assert not (target / "bin").exists()
    code = "import labkit; labkit.use('ro'); print(labkit.__file__, labkit.done(), labkit.steps(20))"
    environment = os.environ | {"PYTHONPATH": str(target), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout == f"{target / 'labkit' / '__init__.py'} Totul este corect 20 de pași\n"


@pytest.mark.parametrize(
    "repository", [None, "OWNER/REPO", "school", "school/course/more", "https://github.com/a/b", "a b/c"]
)
def test_links_need_a_repository(tiny, to, repository):
    arguments = ["--repository", repository] if repository else []
    code, out, err = tiny.run("release", "--to", str(to), *arguments)
    assert (code, out) == (1, "")
    assert err.startswith("coursekit: links need a repository: give --repository OWNER/NAME")
    assert not to.exists()


@pytest.mark.parametrize("ref", ["a b", "", "-x", "v1?"])
def test_links_need_a_ref(tiny, to, ref):
    tiny.edit("pyproject.toml", 'ref = "main"', f'ref = "{ref}"')
    with pytest.raises(CourseError, match="links cannot lead to the ref"):
        release(tiny.course, to, "a/b")
    assert not to.exists()


def test_the_settings_are_used_where_no_option_is_given(tiny, to):
    tiny.edit("pyproject.toml", "OWNER/REPO", "school/course")
    code, out, err = tiny.run("release", "--to", str(to))
    assert (code, out, err) == (0, f"{to}: {len(TREE)} files, and no answer in any of them\n", "")
    assert b"github.com/school/course/archive/main.zip" in files(to)["notebooks/en/01_tiny.ipynb"]


@pytest.mark.parametrize("name", ["lab.mk", "LICENSE", "README.md", "requirements.txt", ".gitignore"])
def test_a_file_that_every_release_needs(tiny, to, name):
    tiny.path(name).unlink()
    with pytest.raises(CourseError, match=f"^{name} is not there, and a release needs it"):
        release(tiny.course, to, "a/b")
    assert not to.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<!-- /teachers -->", ""),
        ("<!-- /teachers -->", "<!-- /teacher -->"),
        ("<!-- teachers -->", "<!--teachers-->"),
        ("<!-- teachers -->", "<!-- Teachers -->"),
        ("## Licence", "<!-- teachers -->"),
    ],
)
def test_a_teachers_part_that_is_marked_wrongly(tiny, to, old, new):
    tiny.edit("README.fr.md", old, new)
    with pytest.raises(CourseError, match=r"^README.fr.md: what is for teachers stands between"):
        release(tiny.course, to, "a/b")
    assert not to.exists()


def test_a_broken_lesson(tiny, to):
    tiny.lesson("print(text(", "print(text((")
    with pytest.raises(CourseError, match=r"^lessons/tiny/lesson.py: shown: the code does not parse"):
        release(tiny.course, to, "a/b")
    assert not to.exists()


def test_an_empty_folder_will_do(tiny, to):
    (to / ".git").mkdir(parents=True)
    (to / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    release(tiny.course, to, "a/b")
    assert set(files(to)) == TREE | {".git/HEAD"}


def test_a_file_or_a_foreign_folder_is_refused(tiny, to):
    to.write_text("precious")
    with pytest.raises(CourseError, match="is a file: give a folder"):
        release(tiny.course, to, "a/b")
    assert to.read_text() == "precious"
    with pytest.raises(CourseError, match="is not empty and no earlier release"):
        release(tiny.course, tiny.root, "a/b")
    to.unlink()
    to.mkdir()
    (to / "thesis.txt").write_text("precious")
    for mark in (None, "{}", "[]", "nonsense", '{"files": 3}'):
        if mark is not None:
            (to / ".release.json").write_text(mark)
        with pytest.raises(CourseError, match="is not empty and no earlier release"):
            release(tiny.course, to, "a/b")
        assert (to / "thesis.txt").read_text() == "precious"


def test_an_earlier_release_is_replaced_and_its_git_kept(tiny, released):
    (released / ".git" / "refs").mkdir(parents=True)
    (released / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (released / "README.md").write_text("edited")
    shutil.rmtree(tiny.path("lessons/more"))
    tiny.edit("lessons/course.toml", 'lessons = ["more"]', "lessons = []")
    tiny.edit("LICENSE", "LICENSE", "Licence")
    release(tiny.course, released, "school/course", "v2")
    left = {name for name in TREE if "02_more" not in name}
    assert set(files(released)) == left | {".git/HEAD"}
    assert (released / ".git" / "refs").is_dir()
    assert (released / "LICENSE").read_text().startswith("Licence")
    assert "edited" not in (released / "README.md").read_text()
    assert json.loads((released / ".release.json").read_text())["files"] == sorted(left - {".release.json"})


def test_releasing_twice_gives_the_same_bytes(tiny, released):
    before = files(released)
    release(tiny.course, released, "school/course", "v1")
    assert files(released) == before


@pytest.mark.parametrize("name", ["notes.txt", "notebooks/en/mine.ipynb", "labkit/deep/er/file"])
def test_a_strangers_file_is_refused(tiny, released, name):
    (released / name).parent.mkdir(parents=True, exist_ok=True)
    (released / name).write_text("precious")
    before = files(released)
    with pytest.raises(CourseError, match=f"holds {name}, which no release wrote: move it away first"):
        release(tiny.course, released, "school/course", "v2")
    assert files(released) == before


@pytest.mark.parametrize("target", ["nowhere", "course"])
def test_a_strangers_link_is_refused(tiny, released, target):
    (released / "link").symlink_to(tiny.root.parent / target)
    with pytest.raises(CourseError, match="holds link, which no release wrote"):
        release(tiny.course, released, "school/course", "v2")
    assert (released / "link").is_symlink()


class DiskFullError(Exception):
    """The disk is full."""


@pytest.mark.parametrize("written", [0, 1, 3])
def test_nothing_is_left_of_a_release_that_failed(tiny, to, monkeypatch, written):
    real, done = Path.write_bytes, []

    def fail(path, data):
        done.append(path)
        if len(done) > written:
            raise DiskFullError
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(DiskFullError):
        release(tiny.course, to, "a/b")
    assert [path.name for path in to.parent.iterdir()] == ["course"]


@pytest.mark.parametrize("move", [0, 1, 2])
def test_an_earlier_release_survives_a_failure(tmp_path, monkeypatch, move):
    to = tmp_path / "students"
    write_tree(to, {"a.txt": b"old", "b.txt": b"old"})
    (to / ".git").mkdir()
    (to / ".git" / "HEAD").write_bytes(b"head")
    before = files(to)
    real, moves = Path.rename, []

    def fail(path, target):
        moves.append(target)
        if len(moves) == move + 1:
            raise DiskFullError
        return real(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(DiskFullError):
        write_tree(to, {"a.txt": b"new"})
    assert len(moves) > move
    assert files(to) == before
    assert [path.name for path in tmp_path.iterdir()] == ["students"]


def test_a_folder_inside_one_that_is_not_there_yet(tiny, monkeypatch):
    monkeypatch.chdir(tiny.root.parent)
    release(open_course(tiny.root), Path("new/students"), "a/b")
    assert set(files(tiny.root.parent / "new" / "students")) == TREE
