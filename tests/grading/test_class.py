"""A class of 60 with all mishaps and attacks gets the marks that are due; stopping, dying workers and a cluster change nothing."""

import csv
import multiprocessing
import os
import re
import signal
import threading
import time

import pytest

from coursekit.cli import main
from coursekit.grading.grade import KEPT, Options, grade
from coursekit.grading.sandbox.bubblewrap import available
from coursekit.problems import CourseError
from tests.grading.classroom import COURSE, KEYS, MDP, expected, hand_in, the_class, zipped

pytestmark = pytest.mark.skipif(bool(available()), reason=available())
PUPILS = {one.name: one for one in the_class()}
FEW = [one for one in PUPILS.values() if set(one.lost) == {MDP} and one.language != "en"][:6]
REFERENCES = len(KEYS[MDP].exercises)  # whose marks are made first


def rows(out):
    with (out / "marks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def few_due():
    """What `marks.csv` must say of the few, who handed in one lesson only."""
    *columns, _ = zip(*expected(FEW), strict=True)
    kept = [column for column in columns if not column[0].startswith("03")]
    totals = [row[-1] for row in expected(FEW)]
    points = sum(int(column[0].rpartition("/")[2]) for column in kept[1:])
    return [list(row) for row in zip(*kept, [f"total /{points}", *totals[1:]], strict=True)]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class, marked by one command's worth of work: where it was written, and the marks."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "class.zip").write_bytes(zipped(hand_in(PUPILS.values())))
    marked = grade(COURSE, folder / "class.zip", folder / "out", Options(workers=2))
    return folder, {one.student.name: one for one in marked}


def test_every_mark_is_right(graded):
    assert rows(graded[0] / "out") == expected(PUPILS.values())


@pytest.mark.parametrize("name", PUPILS)
def test_each_mishap_has_its_note_and_its_state(graded, name):
    one, pupil = graded[1][name], PUPILS[name]
    notes = {note.kind for _, note in one.student.notes}
    for answers in one.student.answers.values():
        notes |= {note.kind for several in answers.notes.values() for note in several}
    assert notes == pupil.notes
    for marks in one.marks.values():
        for exercise, mark in marks.items():
            want = pupil.states.get(exercise, "right" if mark.share == 1 else "undone")
            assert mark.state == want or (want is None and mark.share == 0), (exercise, mark)


@pytest.mark.parametrize("name", PUPILS)
def test_each_page_is_in_the_students_language_and_safe(graded, name):
    page = (graded[0] / "out" / "feedback" / f"{name.replace('=', '_')}.html").read_text("utf-8")
    assert f'<html lang="{PUPILS[name].language}">' in page
    assert not re.search(r"<script|<img|onerror=|javascript:|src=|href=", page)
    assert "SOLUTION" not in page


def test_a_hint_is_the_checks_own_sentence_in_the_students_language(graded):
    mark = graded[1]["Wrong"].marks["linear_q_cartpole"]["td-targets"]
    assert mark.hint == "La cible est la récompense seule, alors que rien n'est terminé."
    assert "La cible est la récompense seule" in (graded[0] / "out" / "feedback" / "Wrong.html").read_text("utf-8")


def test_the_report_names_what_an_instructor_looks_for(graded):
    report = (graded[0] / "out" / "report.md").read_text("utf-8")
    assert "- Copied and Copied too, lesson 03: td-targets\n" in report
    assert "- Forever, 03 td-targets: ran out of time\n" in report
    assert "- Answered twice, 02 sarsa-update: this exercise is answered 2 times" in report
    assert "- Other course: " in report
    pairs = report.partition("## Nearly identical answers")[2].partition("##")[0].split("- ")[1:]
    assert len(pairs) == 1, "right answers are alike, which says nothing"


def test_a_second_run_marks_nothing_again_and_a_lost_mark_is_made_again(graded, monkeypatch):
    folder, before = graded[0], rows(graded[0] / "out")
    kept = sorted((folder / "out" / KEPT).iterdir())
    (folder / "out" / "marks.csv").unlink()
    with monkeypatch.context() as without:
        without.setenv("PATH", "")  # no sandbox: to run anything would be an error
        grade(COURSE, folder / "class.zip", folder / "out", Options(workers=2))
    assert rows(folder / "out") == before
    kept[0].write_text("{")
    kept[1].unlink()
    grade(COURSE, folder / "class.zip", folder / "out", Options(workers=1))
    assert rows(folder / "out") == before
    assert sorted((folder / "out" / KEPT).iterdir()) == kept


def few(tmp_path):
    """These, as a zip."""
    (tmp_path / "few.zip").write_bytes(zipped(hand_in(FEW)))
    return tmp_path / "few.zip"


def kill_once(pids, out):
    """Kill the first of some processes as soon as a student has been marked."""

    def wait_and_kill():
        while len(list((out / KEPT).glob("*.json"))) <= REFERENCES:
            time.sleep(0.05)
        os.kill(next(iter(pids())), signal.SIGKILL)

    thread = threading.Thread(target=wait_and_kill, daemon=True)
    thread.start()
    return thread


def test_a_worker_that_is_killed_costs_nothing_but_its_work(tmp_path):
    out = tmp_path / "out"
    killer = kill_once(lambda: [child.pid for child in multiprocessing.active_children()], out)
    grade(COURSE, few(tmp_path), out, Options(workers=1))
    killer.join(5)
    assert not killer.is_alive()
    assert rows(out) == few_due()


def test_a_cluster_gives_the_same_marks_though_a_worker_dies(tmp_path):
    distributed = pytest.importorskip("distributed")
    out = tmp_path / "out"
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        killer = kill_once(lambda: client.run(os.getpid).values(), out)
        grade(COURSE, few(tmp_path), out, Options(dask=cluster.scheduler_address))
        killer.join(5)
    assert not killer.is_alive()
    assert rows(out) == few_due()


def test_without_a_sandbox_it_stops_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(COURSE.root)
    monkeypatch.setenv("PATH", "")
    assert main(["grade", str(few(tmp_path)), "--out", str(tmp_path / "out")]) == 1
    assert "bubblewrap" in capsys.readouterr().err
    assert not (tmp_path / "out" / "marks.csv").exists()


def test_a_lesson_alone_and_one_that_cannot_be_marked(tmp_path):
    with pytest.raises(CourseError, match="there is no lesson '99'"):
        grade(COURSE, few(tmp_path), tmp_path / "out", Options(lessons=("99",)))
    marked = grade(COURSE, few(tmp_path), tmp_path / "out", Options(lessons=("03",)))
    assert {note.kind for one in marked for _, note in one.student.notes} >= {"other-lesson"}
    assert rows(tmp_path / "out") == [["student", "total /0"], *([one.name, "0"] for one in FEW)]
