"""nbgrader's gradebook."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.grading.marking.marks import UNDONE
from coursekit.grading.told.gradebook import write_gradebook
from tests.grading.classroom import MDP
from tests.grading.told.students import KEY, student


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
