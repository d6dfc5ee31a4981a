"""A class of 60 that hands in everything there is: three languages, four platforms, mishaps and attacks.

`python -m tests.grading.classroom DIR` writes `class.zip` there, and `expected.csv` with the marks that are due.
"""

import copy
import csv
import io
import json
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.course import open_course
from coursekit.grading.asked.key import read_key
from coursekit.notebook import text_of
from tests.grading import answers as wrong

COURSE = open_course(Path(__file__).parents[2])
MDP, LINEAR = "mdp_q_learning", "linear_q_cartpole"
KEYS = {lesson: read_key(COURSE, lesson) for lesson in (MDP, LINEAR)}
LANGUAGES = ("en", "fr", "ro")


@dataclass
class Pupil:
    """A student, the files handed in, and what is due.

    Attributes:
        name: as the platform writes it.
        language: of the notebooks.
        files: bytes by name.
        lost: by lesson and exercise, the share of the points that is lost; a lesson that is not there is not marked.
        notes: kinds of notes that the grader must make, on the files or on answers.
        states: by exercise, the state of its mark, where it is not plainly right or undone.
    """

    name: str
    language: str
    files: dict[str, bytes]
    lost: dict[str, dict[str, float]]
    notes: set[str] = field(default_factory=set)
    states: dict[str, str] = field(default_factory=dict)


# --- notebooks


def solved(lesson, language="en", **answers):
    """The solution's notebook, with other answers to some exercises (- for _ in their names)."""
    notebook = notebook_of("solutions", lesson, language)
    for name, code in answers.items():
        cell_of(notebook, name.replace("_", "-"))["source"] = code
    return notebook


def untouched(lesson, language="en"):
    return notebook_of("notebooks", lesson, language)


def notebook_of(kind, lesson, language):
    notebook = json.loads(COURSE.notebook(kind, language, lesson).read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []  # what is handed in has some, and nothing depends on them
    return notebook


def cell_of(notebook, name):
    return next(cell for cell in notebook["cells"] if cell.get("id") == name)


def new(source, kind="code", **fields):
    extra = {"execution_count": 7, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source} | extra | fields


def as_bytes(notebook, encoding="utf-8"):
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode(encoding)


def of_colab(notebook):
    """As Colab saves it: ids moved to metadata, format 4.0, outputs and provenance added, our own metadata gone."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}
        if cell["cell_type"] == "code":
            cell["metadata"]["outputId"] = "5f1c2b8e-0000-4000-8000-0123456789ab"
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["done\n"]}]
    notebook["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    return notebook | {"nbformat_minor": 0}


def of_vscode(notebook):
    """As an editor leaves it that keeps neither ids nor metadata."""
    notebook = copy.deepcopy(notebook)
    for number, cell in enumerate(notebook["cells"]):
        cell["id"], cell["metadata"] = f"{number:08x}", {}
    return notebook | {"metadata": {"language_info": {"name": "python"}}}


def of_format_3(notebook):
    """In the format of 2013."""
    cells = []
    for cell in notebook["cells"]:
        kind = cell["cell_type"]
        text = {"input": cell["source"], "language": "python"} if kind == "code" else {"source": cell["source"]}
        cells.append({"cell_type": kind, "metadata": cell["metadata"]} | text)
    return {"metadata": notebook["metadata"], "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# --- the class


def pupil(name, notebook, lost=None, notes=(), states=None, language="en", lesson=MDP, encoding="utf-8"):
    """A student with one notebook."""
    data = notebook if isinstance(notebook, bytes) else as_bytes(notebook, encoding)
    return Pupil(name, language, {f"{lesson}.ipynb": data}, {lesson: lost or {}}, set(notes), states or {})


def no_marks(lesson):
    return {exercise.name: 1.0 for exercise in KEYS[lesson].exercises}


def diligent():
    """Solutions and untouched notebooks, as each program saves them."""
    for number, language in enumerate(LANGUAGES):
        for lesson in (MDP, LINEAR):
            yield pupil(
                f"Done {language} {COURSE.number(lesson)}", solved(lesson, language), language=language, lesson=lesson
            )
        lesson = (MDP, LINEAR)[number % 2]
        yield pupil(
            f"Blank {language}", untouched(lesson, language), no_marks(lesson), language=language, lesson=lesson
        )
        yield pupil(f"Colab {language}", of_colab(solved(lesson, language)), language=language, lesson=lesson)
        lesson = (LINEAR, MDP)[number % 2]
        notebook = of_vscode(solved(lesson, language))
        yield pupil(f"Code {language}", notebook, notes=["found-by-todo"], language=language, lesson=lesson)
    yield pupil("Blank colab", of_colab(untouched(MDP, "ro")), no_marks(MDP), language="ro")


def untidy():
    """Right answers in disorder."""
    notebook = solved(MDP)
    notebook["cells"].remove(cell_of(notebook, "q-update"))
    yield pupil("Deleted one", notebook, {"q-update": 1.0}, ["missing"])
    notebook = solved(LINEAR, "ro")
    notebook["cells"] = [cell for cell in notebook["cells"] if "exercise" in cell["metadata"].get("tags", ())]
    yield pupil("Deleted others", notebook, language="ro", lesson=LINEAR)
    notebook = solved(MDP, "fr")
    notebook["cells"] = [copy.deepcopy(cell) for cell in notebook["cells"] for _ in range(2)]
    yield pupil("Duplicated", notebook, language="fr")
    notebook = solved(LINEAR)
    notebook["cells"].reverse()
    yield pupil("Reversed", notebook, lesson=LINEAR)
    notebook = solved(MDP)
    notebook["cells"].append(new(wrong.SARSA_IS_Q))
    yield pupil("Answered twice", notebook, notes=["twice"])
    notebook = untouched(MDP, "ro")
    for exercise in KEYS[MDP].exercises:
        place = notebook["cells"].index(cell_of(notebook, exercise.name))
        notebook["cells"].insert(place + 1, new(exercise.solution["ro"], id=f"new-{place}"))
    yield pupil("Answered below", notebook, notes=["found-by-todo"], language="ro")
    renamed = KEYS[LINEAR].exercises[2].solution["en"].replace("def td_targets", "def my_targets")
    yield pupil("Renamed", solved(LINEAR, td_targets=renamed), notes=["renamed"], lesson=LINEAR)
    first, second = text_of(cell_of(notebook_of("solutions", MDP, "en"), "hand-policies")).split("\n\n\n")
    notebook = solved(MDP, hand_policies=first)
    notebook["cells"].append(new(second))
    yield pupil("Split", notebook, notes=["split"])
    yield pupil(
        "Half done", solved(MDP, hand_policies=first), {"hand-policies": 0.5}, states={"hand-policies": "partly"}
    )
    notebook = solved(MDP, q_update=wrong.WITH_HELPER)
    notebook["cells"].insert(3, new(wrong.HELPER))
    yield pupil("Own helper", notebook, notes=["helpers"])
    timed = "%%time\n!echo hello\n" + KEYS[LINEAR].exercises[0].solution["fr"]
    yield pupil("Magic", solved(LINEAR, "fr", phi=timed), language="fr", lesson=LINEAR)
    yield pupil("Old format", of_format_3(solved(MDP)))
    for name, (lesson, language, exercise, code, state) in wrong.WRONG.items():
        notebook = solved(lesson, language, **{exercise.replace("-", "_"): code})
        yield pupil(name, notebook, {exercise: 1.0}, states={exercise: state}, language=language, lesson=lesson)


def odd_files():
    """What is handed in as a notebook and is something else."""
    yield Pupil("Not JSON", "en", {"work.ipynb": b"<html>Sign in to continue</html>"}, {}, {"no-json"})
    yield Pupil("Empty file", "en", {"work.ipynb": b""}, {}, {"empty"})
    yield Pupil("Deep JSON", "en", {"work.ipynb": b"[" * 200_000}, {}, {"no-json"})
    foreign = {
        "cells": [new("def reverse(word):\n    return word[::-1]"), new("# Strings", "markdown")],
        "metadata": {},
    }
    yield Pupil("Other course", "en", {"strings.ipynb": as_bytes(foreign)}, {}, {"foreign"})
    yield Pupil("A picture", "en", {"answers.png": b"\x89PNG\r\n\x1a\n"}, {}, {"other-file"})
    yield pupil("Utf sixteen", solved(MDP, "ro"), notes=["encoding"], language="ro", encoding="utf-16")
    yield pupil(
        "With mark", solved(LINEAR, "fr"), notes=["encoding"], language="fr", encoding="utf-8-sig", lesson=LINEAR
    )
    latin = json.dumps(solved(MDP, "fr"), ensure_ascii=False).encode("cp1252", "replace")
    yield pupil("Latin one", latin, notes=["encoding"], language="fr")
    inside = zipped({"my work/lesson.ipynb": as_bytes(solved(MDP)), "__MACOSX/._lesson.ipynb": b"\0"})
    yield Pupil("In a zip", "en", {"work.zip": inside}, {MDP: {}})
    tricks = {"../../Done en 02/02_mdp_q_learning.ipynb": as_bytes(untouched(MDP)), "/etc/passwd": b"root::0:0"}
    yield Pupil("Path tricks", "en", {"work.zip": zipped(tricks)}, {MDP: no_marks(MDP)}, {"path", "other-file"})
    yield Pupil("Broken zip", "en", {"work.zip": inside[:2000]}, {}, {"unreadable"})
    both = {
        f"{COURSE.stem(lesson)}.ipynb": as_bytes(solved(lesson, language))
        for lesson, language in ((MDP, "ro"), (LINEAR, "fr"))
    }
    yield Pupil("Both lessons", "ro", both, {MDP: {}, LINEAR: {}})
    versions = {"first try.ipynb": as_bytes(untouched(MDP)), "final.ipynb": as_bytes(solved(MDP))}
    yield Pupil("Two versions", "en", versions, {MDP: {}}, {"several"})


def the_class() -> list[Pupil]:
    """All 60, in the order of their names."""
    pupils = sorted([*diligent(), *untidy(), *odd_files()], key=lambda one: one.name)
    assert len(pupils) == len({one.name for one in pupils}) == 60
    return pupils


# --- what the instructor gets


def hand_in(pupils) -> dict[str, bytes]:
    """The files of a class as the platforms give them to the instructor."""
    files = {}
    for number, one in enumerate(pupils):
        for name, data in one.files.items():
            platform = (
                f"moodle/{one.name}_{41000 + number}_assignsubmission_file_/{name}",
                f"flat/{one.name}_{52000 + number}_assignsubmission_file_{name}",
                f"classroom/{one.name} - {name}",
                f"nbgrader/{one.name}/homework/{name}",
            )
            files[platform[number % 4]] = data
    return files


def expected(pupils) -> list[list[str]]:
    """The rows of `marks.csv` that are due, the header first."""
    columns = [(lesson, exercise) for lesson, key in KEYS.items() for exercise in key.exercises]
    total = sum(exercise.points for _, exercise in columns)
    rows = [["student", *(f"{COURSE.number(lesson)} {e.name} /{e.points}" for lesson, e in columns), f"total /{total}"]]
    for one in pupils:
        due = [
            exercise.points * (1 - one.lost[lesson].get(exercise.name, 0.0)) if lesson in one.lost else None
            for lesson, exercise in columns
        ]
        numbers = [*due, sum(points or 0 for points in due)]
        name = f"'{one.name}" if one.name.startswith("=") else one.name  # a spreadsheet would run it
        rows.append([name, *("" if points is None else f"{points:g}" for points in numbers)])
    return rows


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pupils = the_class()
    (folder / "class.zip").write_bytes(zipped(hand_in(pupils)))
    with (folder / "expected.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(expected(pupils))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
