"""Exports are found by entry point; a new one is one module and one line."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from coursekit.grading.told import exports as module
from coursekit.grading.told.exports import Results, exports, write_all
from coursekit.problems import CourseError
from tests.grading.told.students import KEY, student


@pytest.fixture
def results(tmp_path):
    return Results([KEY], [student("Ana"), student("Bo", "fr")], tmp_path)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_courses_own_are_registered_and_write_what_instructors_import(results):
    write_all(exports(), results)
    assert files(results.out) == ["feedback/Ana.html", "feedback/Bo.html", "marks.csv", "report.md"]


def test_a_gradebook_is_written_where_one_is_named(results, tmp_path):
    pytest.importorskip("nbgrader")
    write_all(exports(), Results(results.keys, results.marked, tmp_path, tmp_path / "book" / "gradebook.db"))
    assert "book/gradebook.db" in files(tmp_path)


def registered(monkeypatch, *entries):
    """Only these are installed."""
    found = [EntryPoint(name, value, module.GROUP) for name, value in entries]
    monkeypatch.setattr(module, "entry_points", lambda group: found if group == "coursekit.exports" else [])


def test_an_export_of_another_package_is_one_module_and_one_line(results, monkeypatch):
    platform = ModuleType("a_platform")
    platform.export = lambda results: (results.out / "platform.txt").write_text(f"{len(results.marked)} students")
    monkeypatch.setitem(sys.modules, "a_platform", platform)
    registered(monkeypatch, ("platform", "a_platform:export"))
    write_all(exports(), results)
    assert (results.out / "platform.txt").read_text() == "2 students"


def test_one_that_cannot_be_loaded_is_named(monkeypatch):
    registered(monkeypatch, ("platform", "no_such_module:export"))
    with pytest.raises(CourseError, match=r"^the export 'platform' cannot be loaded .*: mend or remove it$"):
        exports()


def test_none_at_all_is_said(monkeypatch):
    registered(monkeypatch)
    with pytest.raises(CourseError, match="run make lint"):
        exports()


def test_one_that_cannot_write_keeps_no_other_from_it(results):
    def refuse(results):
        raise CourseError("the platform is closed: come back tomorrow")

    written = []
    with pytest.raises(CourseError, match="come back tomorrow"):
        write_all([refuse, written.append], results)
    assert written == [results]
