"""What is written: the table, the pages, the report and nbgrader's gradebook."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.course import NAMES
from coursekit.grading.asked.key import read_key
from coursekit.grading.handed_in.normalise import Answers
from coursekit.grading.handed_in.notes import Note
from coursekit.grading.handed_in.roll import Student
from coursekit.grading.marking.marks import UNDONE, Mark, Marked, load_mark, number, save_mark, table
from coursekit.grading.told.feedback import feedback, page_names
from coursekit.grading.told.gradebook import write_gradebook
from coursekit.grading.told.page import prose
from coursekit.grading.told.report import report
from coursekit.grading.told.words import NOTES, PAGE, STATES
from tests.grading.classroom import COURSE, MDP

KEY = read_key(COURSE, MDP)
ATTACK = "<script>alert(1)</script>"


def student(name, language="en", words=None, **states):
    """A student of lesson mdp_q_learning with these marks; all other exercises are right."""
    marks = {exercise.name: Mark(1.0, "right") for exercise in KEY.exercises}
    marks |= {exercise.replace("_", "-"): mark for exercise, mark in states.items()}
    code = {exercise: f"# {ATTACK}" for exercise, mark in marks.items() if mark != UNDONE}
    answers = Answers(MDP, language, code, {}, words or {})
    return Marked(Student(name, {MDP: answers}, {MDP: "x.ipynb"}), {MDP: marks})


def test_the_table_by_hand():
    half = student("Bo", hand_policies=Mark(0.5, "partly"), q_update=UNDONE, sarsa_update=Mark(0.0, "failed"))
    absent = Marked(Student("Ana, née Pop"), {})
    head, *body = table([KEY], [half, student("=1+1"), absent]).splitlines()
    assert head == (
        "student,02 random-action /1,02 hand-policies /1,02 bellman-backup /2,02 value-iteration /2,"
        "02 q-update /2,02 q-episode /2,02 sarsa-update /1,02 mended-step /2,total /13"
    )
    assert body == ["Bo,1,0.5,2,2,0,2,,2,9.5", "'=1+1,1,1,2,2,2,2,1,2,13", '"Ana, née Pop",,,,,,,,,0']


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r@", " -"])
def test_no_name_is_a_formula_to_a_spreadsheet(sign):
    (row,) = csv.reader(io.StringIO(table([KEY], [student(f"{sign}1+1")]).partition("\n")[2], newline=""))
    assert row[0] == f"'{sign.strip()}1+1"


def test_a_name_with_signs_inside_is_left_alone():
    (row,) = csv.reader(io.StringIO(table([KEY], [student('Ana-Maria "=" +@ Pop')]).partition("\n")[2]))
    assert row[0] == 'Ana-Maria "=" +@ Pop'


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (0.5, "0.5"), (0.0, "0"), (10.0, "10"), (2 / 3, "0.67")])
def test_numbers_of_points(value, text):
    assert number(value) == text


def test_a_mark_is_kept_and_a_broken_file_is_none(tmp_path):
    mark = Mark(0.25, "partly", "é", "„hint”", 1.5, 20.0)
    save_mark(tmp_path / "m.json", mark)
    assert load_mark(tmp_path / "m.json") == mark
    for text in ("", "{}", '{"share": 1, "state": "right", "more": 1}', "[1]"):
        (tmp_path / "m.json").write_text(text)
        assert load_mark(tmp_path / "m.json") is None


@pytest.mark.parametrize(
    ("language", "points"), [("en", "10.5 of 13 points"), ("fr", "10,5 sur 13 points"), ("ro", "10,5 din 13 puncte")]
)
def test_a_page_says_what_is_right_and_what_is_not(language, points):
    wrong = Mark(0.0, "wrong", hint="Use `~terminated`.")
    page = feedback([KEY], student("Ana", language, q_update=wrong, hand_policies=Mark(0.5, "partly")))
    assert points in page
    assert f"<strong>{PAGE[language]['hint']}</strong>Use <code>~terminated</code>." in page
    assert page.count('<article class="right">') == 6
    assert STATES[language]["wrong"] in page and STATES[language]["partly"] in page
    assert KEY.title(language).split(",")[0] in page


def test_nothing_from_a_student_is_markup():
    bad = Mark(0.0, "raised", error=ATTACK, hint=f"{ATTACK} `{ATTACK}`")
    one = student(ATTACK, q_update=bad)
    one.student.notes.append((f"{ATTACK}.ipynb", Note("several", lesson=MDP, dropped=ATTACK)))
    page, text = feedback([KEY], one), report([KEY], [one])
    assert "<script" not in page and page.count("&lt;script&gt;") > 5
    assert "<script" not in text.replace(r"\<script", "")


def test_page_names_are_safe_and_no_two_are_alike():
    names = page_names(["Ana", "ana", "../../etc/passwd", "a/b", "a\\b", "", "..", "Ștefan Ioniță", "x" * 300])
    assert len({name.casefold() for name in names.values()}) == 9
    assert all("/" not in name and "\\" not in name and not name.startswith(".") for name in names.values())
    assert (names["Ana"], names["ana"], names["Ștefan Ioniță"]) == ("Ana.html", "ana-2.html", "Ștefan Ioniță.html")


def test_every_sentence_is_there_in_every_language():
    for words in (NOTES, STATES, PAGE):
        assert words.keys() == NAMES.keys()
        assert {frozenset(sentences) for sentences in words.values()} == {frozenset(words["en"])}


def test_code_in_prose():
    assert prose("use `a < b`, `c`") == "use <code>a &lt; b</code>, <code>c</code>"
    assert prose("a ` alone") == "a ` alone"


# --- nbgrader


def run(command, folder):
    scripts = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "JUPYTER_NO_CONFIG": "1"}
    done = subprocess.run([scripts / "nbgrader", *command], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


def scores(folder):
    run(["export", "--db", f"sqlite:///{folder}/gradebook.db"], folder)
    lines = [line.split(",") for line in (folder / "grades.csv").read_text().splitlines()]
    return {row[3]: (float(row[9]), float(row[10])) for row in lines[1:]}


def test_the_gradebook_takes_marks_keeps_those_by_hand_and_exports(tmp_path):
    api = pytest.importorskip("nbgrader.api")
    words = {"gamma-answer": "Because the horizon is longer."}
    marked = [student("Ana Pop", "fr", words, q_update=UNDONE), student("Bo,Jr")]
    write_gradebook(tmp_path / "gradebook.db", [KEY], marked)
    assert scores(tmp_path) == {"Ana_Pop": (11.0, 20.0), "Bo_Jr": (13.0, 20.0)}

    url = f"sqlite:///{tmp_path}/gradebook.db"
    with api.Gradebook(url) as book:  # as formgrader does
        waiting = {g.name for g in book.find_submission(MDP, "Ana_Pop").notebooks[0].grades if g.needs_manual_grade}
        assert waiting == {"gamma-answer"}
        book.find_grade("gamma-answer", MDP, MDP, "Ana_Pop").manual_score = 2.5
        book.find_grade("gamma-answer", MDP, MDP, "Ana_Pop").needs_manual_grade = False
        book.db.commit()
    write_gradebook(tmp_path / "gradebook.db", [KEY], [student("Ana Pop", "fr", words)])
    assert scores(tmp_path)["Ana_Pop"] == (15.5, 20.0)


def test_formgrader_shows_the_notebook_with_a_score_for_each_cell(tmp_path, monkeypatch):
    pytest.importorskip("nbgrader")
    from nbconvert.exporters import HTMLExporter
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.nbgraderformat import read as read_with_schema
    from nbgrader.server_extensions.formgrader import handlers

    marked = [student("Ana Pop", "ro", {"gamma-answer": "Pentru că $\\gamma$ contează."})]
    write_gradebook(tmp_path / "gradebook.db", [KEY], marked)
    path = tmp_path / "autograded" / "Ana_Pop" / MDP / f"{MDP}.ipynb"
    notebook = read_with_schema(str(path), as_version=4)
    for cell in notebook.cells:
        MetadataValidator().validate_cell(cell)
    graded = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if c.metadata.get("nbgrader")}
    assert {name: cell.metadata.nbgrader.points for name, cell in graded.items()} == {
        **{exercise.name: exercise.points for exercise in KEY.exercises},
        **KEY.questions,
    }
    assert graded["gamma-answer"].source == "Pentru că $\\gamma$ contează."
    assert json.loads(path.read_text("utf-8"))["cells"][0]["id"] == "header"

    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    names = (
        "assignment_id",
        "notebook_id",
        "submission_id",
        "base_url",
        "student",
        "last_name",
        "first_name",
        "notebook_path",
    )
    page, _ = exporter.from_filename(str(path), resources=dict.fromkeys(names, "x") | {"index": 0, "total": 1})
    assert set(re.findall(r'<input class="score[^>]* id="([^"]*)"', page)) == graded.keys()

    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    where = CourseDirectory(root=str(tmp_path), db_url=f"sqlite:///{tmp_path}/gradebook.db")
    with_api = NbGraderAPI(where)
    (shown,) = with_api.get_notebook_submissions(MDP, MDP)
    assert (shown["student"], shown["score"], shown["needs_manual_grade"]) == ("Ana_Pop", 13.0, True)
