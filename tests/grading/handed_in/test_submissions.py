"""Whose file is whose, and what is in it, whatever the platform."""

import io
import zipfile

import pytest

from coursekit.grading.handed_in.submissions import MOST, collect, owner, plain
from coursekit.problems import CourseError
from tests.grading.classroom import zipped


def read(path):
    return [(file.student, file.name, file.data, file.note and file.note.kind) for file in collect(path)]


def folder(tmp_path, files):
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Ana Pop_12345_assignsubmission_file_/work.ipynb", "Ana Pop"),
        ("lab 2/Ana Pop_12345_assignsubmission_file_/deep/er/work.ipynb", "Ana Pop"),
        ("Ana Pop_12345_assignsubmission_file_02_mdp.ipynb", "Ana Pop"),
        ("Ștefan_O'Neil_7_assignsubmission_file_x_8_y.ipynb", "Ștefan_O'Neil"),
        ("Ana-Maria Pop - 02_mdp.ipynb", "Ana-Maria Pop"),
        ("class/Ana Pop - notes - final.ipynb", "Ana Pop"),
        ("ana/homework/work.ipynb", "ana"),
        ("submitted/ana/homework/work.ipynb", "ana"),
        ("submitted/ana/02_mdp_q_learning/extra/work.ipynb", "ana"),
        ("ana/work.ipynb", "ana"),
        ("ana.ipynb", "ana"),
    ],
)
def test_the_owner_is_read_from_the_path(name, student):
    assert owner(name)[1] == student


def test_two_of_one_name_are_two_students(tmp_path):
    names = ["a/Ana_1_assignsubmission_file_/x.ipynb", "a/Ana_2_assignsubmission_file_/x.ipynb"]
    assert [row[0] for row in read(folder(tmp_path, dict.fromkeys(names, b"1")))] == ["Ana 1", "Ana 2"]


def test_one_student_in_two_downloads_is_one(tmp_path):
    names = ["lab 2/Ana_1_assignsubmission_file_/x.ipynb", "lab 3/Ana_2_assignsubmission_file_/x.ipynb"]
    assert {row[0] for row in read(folder(tmp_path, dict.fromkeys(names, b"1")))} == {"Ana"}


def test_a_folder_and_its_zip_give_the_same(tmp_path):
    files = {
        "ana/hw/x.ipynb": b"1",
        "bo/hw/y.ipynb": b"2",
        "bo/hw/.ipynb_checkpoints/y.ipynb": b"3",
        "bo/.DS_Store": b"4",
    }
    (tmp_path / "class.zip").write_bytes(zipped(files))
    here = folder(tmp_path / "class", files)
    want = [("ana", "ana/hw/x.ipynb", b"1", None), ("bo", "bo/hw/y.ipynb", b"2", None)]
    assert read(here) == read(tmp_path / "class.zip") == want


def test_a_zip_of_a_student_is_opened_and_stays_the_students(tmp_path):
    inside = zipped({"../../bo/hw/y.ipynb": b"1", "deep.zip": zipped({"z.ipynb": b"2"})})
    want = [
        ("ana", "ana/hw/all.zip/bo/hw/y.ipynb", b"1", "path"),
        ("ana", "ana/hw/all.zip/deep.zip/z.ipynb", b"2", None),
    ]
    assert read(folder(tmp_path, {"ana/hw/all.zip": inside})) == want


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../x", "x"), ("/etc/passwd", "etc/passwd"), ("C:\\a\\..\\b", "a/b"), ("..", "file"), ("a//./b", "a/b")],
)
def test_a_name_in_a_zip_leads_nowhere(name, safe):
    assert plain(name) == safe


def test_zips_that_are_none_too_many_and_locked(tmp_path):
    good = zipped({"x.ipynb": b"1" * 1000})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.ipynb", b"secret")
    locked = bytearray(buffer.getvalue())
    locked[6] |= 1  # the flag of encryption, here and in the directory
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    files = {
        "cut/hw/a.zip": good[:60],
        "crowd/hw/a.zip": zipped({f"{n}.ipynb": b"" for n in range(MOST + 1)}),
        "locked/hw/a.zip": bytes(locked),
        "nested/hw/a.zip": zipped({"b.zip": zipped({"c.zip": good})}),
    }
    notes = {row[0]: row[3] for row in read(folder(tmp_path, files))}
    assert notes == {"cut": "unreadable", "crowd": "many", "locked": "unreadable", "nested": "large"}


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("coursekit.grading.handed_in.submissions.LARGEST", 10_000)
    files = {
        "a/hw/a.zip": zipped({"x.ipynb": b"0" * 20_000}),
        "b/hw/b.zip": zipped({f"{n}.ipynb": b"0" * 9000 for n in range(9)}),
    }
    assert {row[3] for row in read(folder(tmp_path, files))} == {"large", None}
    assert sum(len(row[2] or b"") for row in read(tmp_path)) == 9000


def test_a_link_is_not_followed(tmp_path):
    folder(tmp_path, {"ana/hw/x.ipynb": b"1"})
    (tmp_path / "bo" / "hw").mkdir(parents=True)
    (tmp_path / "bo" / "hw" / "x.ipynb").symlink_to(tmp_path / "ana" / "hw" / "x.ipynb")
    assert ("bo", "bo/hw/x.ipynb", None, "link") in read(tmp_path)


def test_nothing_to_read_is_said(tmp_path):
    with pytest.raises(CourseError, match="holds no file"):
        read(tmp_path)
    (tmp_path / "x.ipynb").write_bytes(b"")
    with pytest.raises(CourseError, match="neither a folder nor a zip"):
        read(tmp_path / "x.ipynb")
