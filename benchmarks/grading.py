"""Marking a class: `coursekit grade` beside `nbgrader autograde`, on the same submissions.

Every student hands in the solution of one lesson, written a little differently, so that no answer is marked for two of
them. nbgrader gets the lesson as a course would give it: exercises are solution cells, and the check cells that follow
them are its tests, so it runs each notebook from the first cell to the last, training included. coursekit gets the
same files. Both start from nothing, as one command.
"""

import csv
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.summary import Run, ratio, select, spread

TASK, OURS, PEER = "grading", "coursekit", "nbgrader"
MARKERS = (OURS, PEER)
STUDENTS, GOAL = 20, 10.0
LESSON = "mdp_q_learning"
ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / ".venv" / "bin"
CONFIG = "c = get_config()\nc.Execute.timeout = 900\nc.CourseDirectory.course_id = 'bench'\n"

Notebook = dict[str, Any]


def prepare(folder: Path, students: int = STUDENTS) -> None:
    """Write a course for nbgrader, whose `submitted/` both of them mark."""
    (folder / "nbgrader_config.py").write_text(CONFIG)
    write(folder / "source" / LESSON, read("notebooks"))
    for number in range(students):
        solved = read("solutions")
        for cell in solved["cells"]:
            if "exercise" in cell["metadata"].get("tags", ()):
                cell["source"] = [*cell["source"], f"\n\nstudent = {number}\n"]
        write(folder / "submitted" / f"student{number}" / LESSON, solved)
    call(folder, "nbgrader", "generate_assignment", LESSON)


def read(kind: str) -> Notebook:
    """The lesson's notebook without outputs, with nbgrader's metadata."""
    (path,) = (ROOT / kind / "en").glob(f"[0-9][0-9]_{LESSON}.ipynb")
    notebook: Notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        tags = set(cell["metadata"].get("tags", ()))
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        if not tags & {"exercise", "check"}:
            continue
        tests = "check" in tags
        cell["metadata"]["nbgrader"] = {
            "cell_type": "code",
            "grade": tests,
            "grade_id": cell["id"],
            "locked": tests,
            "schema_version": 3,
            "solution": not tests,
            "task": False,
        } | ({"points": 1} if tests else {})
    return notebook


def write(folder: Path, notebook: Notebook) -> None:
    """Write a notebook under the lesson's name."""
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def call(folder: Path, program: str, *arguments: str, cwd: Path | None = None) -> None:
    """Run a program of the course's environment.

    Raises:
        SystemExit: it failed.
    """
    environment = os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "JUPYTER_NO_CONFIG": "1"}
    environment |= {"NBGRADER_LOG_LEVEL": "WARN", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [str(PROGRAMS / program), *arguments]
    done = subprocess.run(command, cwd=cwd or folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{program} {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def marked(marker: str, students: int = STUDENTS) -> Run:
    """Have a class marked, and see that everybody got all points.

    Raises:
        SystemExit: somebody did not.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, students)
        start = time.perf_counter()
        if marker == OURS:
            call(folder, "coursekit", "grade", str(folder / "submitted"), "--out", str(folder / "marks"), cwd=ROOT)
        else:
            call(folder, "nbgrader", "autograde", LESSON)
        wall = time.perf_counter() - start
        got = ours(folder) if marker == OURS else theirs(folder)
    if len(got) != students or any(score != most or not most for score, most in got):
        raise SystemExit(f"{marker} gave {got} for right answers, as (points, all points): mend that first.")
    return {"students": students, "wall": wall}


def ours(folder: Path) -> list[tuple[float, float]]:
    """The total of each student, and all that there is, from `marks.csv`."""
    head, *rows = csv.reader((folder / "marks" / "marks.csv").read_text("utf-8").splitlines())
    return [(float(row[-1]), float(head[-1].rpartition("/")[2])) for row in rows]


def theirs(folder: Path) -> list[tuple[float, float]]:
    """The same from nbgrader's gradebook."""
    call(folder, "nbgrader", "export", "--to", "grades.csv")
    rows = csv.DictReader((folder / "grades.csv").read_text("utf-8").splitlines())
    return [(float(row["score"]), float(row["max_score"])) for row in rows]


def section(runs: Sequence[Run]) -> str:
    """Seconds for a submission, of both."""
    ours, theirs = select(runs, TASK, OURS), select(runs, TASK, PEER)
    if not ours or not theirs:
        return ""
    seconds = [spread([run["wall"] / run["students"] for run in found]) for found in (ours, theirs)]
    found = ratio(seconds[1], seconds[0])
    verdict = f"{found.text()} (goal {GOAL:g}: {'met' if found.meets(GOAL) else 'missed'})" if found else ""
    return f"""## Marking a class

{ours[0]["students"]} submissions of the lesson {LESSON}, all answers right and no two alike, marked by one command that
starts from nothing ([grading.py](grading.py)). nbgrader runs each notebook whole, training cells and check cells
included, one after the other, as it does by itself; coursekit runs only the answers, with fresh inputs, on all cores.
Seconds on the clock for a submission, medians of {min(len(ours), len(theirs))} rounds in which they take turns.

| | seconds a submission |
| --- | --- |
| `coursekit grade` | {seconds[0].text()} |
| `nbgrader autograde` | {seconds[1].text()} |

- nbgrader / coursekit: **{verdict}**."""
