"""What students handed in: files by student, as Moodle, Google Classroom or nbgrader give them to the instructor."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import Any

from coursekit.grading.handed_in.notes import Note
from coursekit.problems import CourseError

LARGEST = 50 * 2**20  # bytes of one file
MOST = 200  # files in a zip that a student made
DEEPEST = 2  # zips in zips

MOODLE = re.compile(r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<rest>.*)")
CLASSROOM = re.compile(r"(?P<student>.+?) - .+")
LESSON = re.compile(r"\d\d_[a-z0-9_]+")
JUNK = re.compile(
    r"(^|/)(\.ipynb_checkpoints|__MACOSX|__pycache__|\.[^/]*|Thumbs\.db|desktop\.ini|timestamp\.txt)(/|$)"
)
NOTEBOOK = re.compile(r"\.(ipynb|json)\b", re.I)


@dataclass(frozen=True)
class File:
    """One file of a student.

    Attributes:
        student: whose it is.
        name: its path in what was handed in, for messages only.
        data: its bytes; None where it could not be read, and `note` says why.
        note: what is odd about it.
    """

    student: str
    name: str
    data: bytes | None
    note: Note | None = None

    @property
    def is_notebook(self) -> bool:
        """Whether its name is that of a notebook."""
        return bool(NOTEBOOK.search(PurePosixPath(self.name).name))


Loaded = tuple[bytes | None, Note | None]
Entry = tuple[str, Callable[[], Loaded]]


def collect(source: Path) -> Iterator[File]:
    """All files in a folder or zip, by student and name, each read when it is asked for.

    Nothing is ever unpacked onto the disk: a name in a zip is only a name.

    Raises:
        CourseError: there is nothing to read.
    """
    entries: list[Entry]
    if source.is_dir():
        paths = [path for path in source.rglob("*") if path.is_symlink() or path.is_file()]
        entries = [(path.relative_to(source).as_posix(), partial(of_disk, path)) for path in paths]
    elif zipfile.is_zipfile(source):
        entries = members(zipfile.ZipFile(source))
    else:
        raise CourseError(f"{source} is neither a folder nor a zip: name the one that holds the submissions")
    owned = [(owner(name), name, read) for name, read in entries if not JUNK.search(name)]
    if not owned:
        raise CourseError(f"{source} holds no file: name the folder or zip that holds the submissions")
    names = distinct(owned_by for owned_by, *_ in owned)
    for student, name, read in sorted(((names[by], name, read) for by, name, read in owned), key=itemgetter(0, 1)):
        yield from (File(student, inner, data, note) for inner, data, note in opened(name, *read()))


def of_disk(path: Path) -> Loaded:
    """The bytes of a file that is no link."""
    if path.is_symlink():
        return None, Note("link")
    if path.stat().st_size > LARGEST:
        return None, Note("large")
    return path.read_bytes(), None


def members(archive: zipfile.ZipFile) -> list[Entry]:
    """Name and reader of each file in a zip."""
    return [(plain(item.filename), partial(of_zip, archive, item)) for item in archive.infolist() if not item.is_dir()]


def of_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Loaded:
    """The bytes of a file in a zip."""
    try:
        with archive.open(member) as stream:
            data = stream.read(LARGEST + 1)
    except Exception:  # a wrong sum, a password, an unknown method, a broken stream: zipfile raises many kinds
        return None, Note("unreadable")
    if len(data) > LARGEST:
        return None, Note("large")
    return data, None if plain(member.filename) == member.filename else Note("path")


def opened(name: str, data: bytes | None, note: Note | None, depth: int = 1) -> Iterator[tuple[str, Any, Note | None]]:
    """Name, bytes and note of a file, or of those in it when it is a zip that a student made."""
    if data is None or not name.lower().endswith(".zip"):
        yield name, data, note
        return
    try:
        inside = members(zipfile.ZipFile(io.BytesIO(data)))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        yield name, None, Note("unreadable")
        return
    left = LARGEST
    for inner, read in inside[:MOST]:
        if JUNK.search(inner):
            continue
        content, oddity = read()
        left -= len(content or b"")
        if left < 0 or (depth == DEEPEST and inner.lower().endswith(".zip")):
            yield f"{name}/{inner}", None, Note("large")
            return
        yield from opened(f"{name}/{inner}", content, oddity, depth + 1)
    if len(inside) > MOST:
        yield name, None, Note("many", limit=MOST)


def plain(name: str) -> str:
    """A name in a zip without what would lead out of it."""
    parts = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "file"


Owner = tuple[str, str, str]


def owner(name: str) -> Owner:
    """Who handed a file in, from its path: (download, name, the platform's number or "")."""
    parts = PurePosixPath(name).parts
    for position, part in enumerate(parts):
        if match := MOODLE.fullmatch(part):
            return "/".join(parts[:position]), match["student"].strip(), match["number"]
    *folders, last = parts
    if match := CLASSROOM.fullmatch(last):
        return "/".join(folders), match["student"].strip(), ""
    for position, part in enumerate(folders):
        if position and LESSON.fullmatch(part):
            return "", folders[position - 1], ""  # student/02_slug/...
    if folders:
        return "", folders[-2] if len(folders) > 1 else folders[0], ""  # student/assignment/x.ipynb, student/x.ipynb
    return "", PurePosixPath(last).stem, ""


def distinct(owners: Iterable[Owner]) -> dict[Owner, str]:
    """What to call each owner: by name, and with the number where a download has two of that name."""
    numbers = defaultdict(set)
    owners = set(owners)
    for download, student, number in owners:
        numbers[download, student].add(number)
    shared = {student for (_, student), several in numbers.items() if len(several) > 1}
    return {
        (download, student, number): f"{student} {number}".strip() if student in shared else student
        for download, student, number in owners
    }
