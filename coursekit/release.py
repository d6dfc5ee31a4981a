"""The students' tree: notebooks, labkit, pictures and what installs them, and no answer anywhere."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import tomlkit

from coursekit.build import built, made, start_pages, whole_lesson
from coursekit.content import Content
from coursekit.contents import languages_of
from coursekit.course import PLACEHOLDER, Course
from coursekit.forms import picture
from coursekit.leaks import leaks, secrets_of
from coursekit.notebook import Notebook, dumps, text_of
from coursekit.problems import CourseError
from coursekit.readme import readmes

MARK = ".release.json"  # lists what an earlier release wrote
KEPT = ".git"  # a release is often the checkout that students clone
COPIED = ("images/*.png", "labkit/**/*.py", "labkit/**/*.mo", "labkit/**/py.typed", "labkit/media/*")
SINGLE = ("requirements.txt", "LICENSE", ".gitignore")
TEACHERS = re.compile(r"<!-- teachers -->.*?<!-- /teachers -->\n*", re.S)
TEACHERS_MARK = re.compile(r"<!--\s*/?\s*teachers", re.I)


def release(course: Course, to: Path, repository: str | None = None, ref: str | None = None) -> int:
    """Write the students' tree.

    Args:
        course: the course.
        to: a new or empty folder, or an earlier release, which is replaced (its `.git` stays).
        repository: `OWNER/NAME` that links are stamped with, instead of the course's setting.
        ref: the branch or tag, likewise.

    Returns:
        How many files were written.

    Raises:
        CourseError: an answer would be told, the folder is something else, or no repository is set.
    """
    stamped = replace(course, repository=repository or course.repository, ref=ref or course.ref)
    if stamped.repository == PLACEHOLDER or not re.fullmatch(r"[\w.-]+/[\w.-]+", stamped.repository):
        raise CourseError(
            "links need a repository: give --repository OWNER/NAME, or set it in pyproject.toml's [tool.coursekit]"
        )
    if not re.fullmatch(r"\w[\w./-]*", stamped.ref):
        raise CourseError(f"links cannot lead to the ref {stamped.ref!r}: give --ref the name of a branch or tag")
    refuse_strangers(to)
    files = dict(tree(course, stamped))
    told = list(leaks(secrets(course), files.items()))
    if told:
        shown = "\n  ".join(told[:20])
        raise CourseError(
            f"nothing was written, because these {len(told)} places tell what stands only in solutions; "
            f"take it out of them:\n  {shown}"
        )
    files[MARK] = (json.dumps({"files": sorted(files)}, indent=1) + "\n").encode()
    write_tree(to.resolve(), files)
    return len(files)


def secrets(course: Course) -> Content:
    """What stands only in solutions, in every lesson and language."""
    found = Content()
    for name in course.lessons():
        notebooks = dict(built(course, whole_lesson(course, name)))
        for language in languages_of(course, name):
            solution = notebooks[course.notebook("solutions", language, name)]
            student = notebooks[course.notebook("notebooks", language, name)]
            found.add(secrets_of(solution, student))
            for form in given_clips(course, student):
                found.exact.pop(form, None)
    return found


def given_clips(course: Course, student: Notebook) -> set[str]:
    """The shipped clips that a student's notebook itself loads: a solution that shows them tells nothing."""
    code = "".join(text_of(cell) for cell in student["cells"] if cell["cell_type"] == "code")
    loaded = set(re.findall(r'\bload\(\s*"(\w+)"', code))
    clips = (course.root / "labkit" / "media").glob("*.mp4")
    return {form for clip in clips if clip.stem in loaded for form in picture(clip.read_bytes())}


def tree(course: Course, stamped: Course) -> Iterator[tuple[str, bytes]]:
    """The files of a release as (path, bytes)."""
    for name in course.lessons():
        for path, notebook in made(stamped, whole_lesson(course, name)):
            if course.relative(path).startswith("notebooks/"):
                yield course.relative(path), dumps(notebook)
    for path, data in start_pages(course):
        yield course.relative(path), data
    for pattern in COPIED:
        for path in sorted(course.root.glob(pattern)):
            if path.is_file():
                yield course.relative(path), path.read_bytes()
    for single in SINGLE:
        yield single, needed(course, single)
    yield "Makefile", needed(course, "lab.mk")
    yield "pyproject.toml", students_project(needed(course, "pyproject.toml").decode()).encode()
    needed(course, "README.md")
    due = {course.readme(language): text for language, _before, text in readmes(course)}
    for path in sorted(course.root.glob("README*.md")):
        text = TEACHERS.sub("", due.get(path) or path.read_text("utf-8"))
        if TEACHERS_MARK.search(text):
            raise CourseError(
                "what is for teachers stands between <!-- teachers --> and <!-- /teachers -->: mend these marks",
                course.relative(path),
            )
        yield course.relative(path), restamped(text, course, stamped).encode()


def needed(course: Course, name: str) -> bytes:
    """A file that every release holds."""
    path = course.root / name
    if not path.is_file():
        raise CourseError(f"{name} is not there, and a release needs it: restore it")
    return path.read_bytes()


def restamped(text: str, course: Course, stamped: Course) -> str:
    """Text whose links lead to where the release will be."""
    ref = rf"(/(?:blob/|archive/|tree/|raw/)?){re.escape(course.ref)}(?![\w-])"

    def link(match: re.Match[str]) -> str:
        return f"/{stamped.repository}{match[1]}{stamped.ref}" if match[1] else f"/{stamped.repository}"

    return re.sub(rf"/{re.escape(course.repository)}(?![\w-])(?:{ref})?", link, text)


def students_project(text: str) -> str:
    """pyproject.toml with what builds and installs labkit alone."""
    project = tomlkit.parse(text)
    project.pop("dependency-groups", None)
    tools = project["tool"]
    for tool in [name for name in tools if name != "setuptools"]:
        tools.pop(tool)
    return tomlkit.dumps(project)


def refuse_strangers(to: Path, mark: str = MARK, what: str = "release") -> None:
    """See to it that the folder is new or empty, or holds an earlier release and nothing of anybody else's.

    Args:
        to: the folder.
        mark: the file in it that lists what was written.
        what: what messages call that which is written there.

    Raises:
        CourseError: it is a file, or it holds something that no release wrote.
    """
    if not to.exists():
        return
    if not to.is_dir():
        raise CourseError(f"{to} is a file: give a folder")
    present = {path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_symlink() or not path.is_dir()}
    present = {name for name in present if name != KEPT and not name.startswith(f"{KEPT}/")}
    if not present:
        return
    try:
        written = {*json.loads((to / mark).read_text("utf-8"))["files"], mark}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{to} is not empty and no earlier {what}: give a new or an empty folder") from error
    if present - written:
        raise CourseError(f"{to} holds {min(present - written)}, which no {what} wrote: move it away first")


def write_tree(to: Path, files: dict[str, bytes]) -> None:
    """Write the whole tree beside its place, then put it there: what was there stays until the new one is whole."""
    to.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}."))
    new, old = beside / "new", beside / "old"
    try:
        for name, data in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        new.chmod(0o755)
        if to.exists():
            to.rename(old)
        if (old / KEPT).exists():
            (old / KEPT).rename(new / KEPT)
        new.rename(to)
    except BaseException:
        if (new / KEPT).exists():
            (new / KEPT).rename(old / KEPT)
        if old.exists():
            old.rename(to)
        shutil.rmtree(beside)
        raise
    shutil.rmtree(beside)
