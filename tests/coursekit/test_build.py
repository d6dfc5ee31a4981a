"""From lessons to notebooks: the same bytes each time, all or nothing, outputs kept while they hold."""

import ast
import base64
import os
from pathlib import Path

import pytest

from coursekit.build import made, whole_lesson
from coursekit.cell import Cell
from coursekit.files import write_bytes
from coursekit.notebook import dumps, in_place
from coursekit.problems import CourseError
from coursekit.trees import same_but_marked

from .conftest import SHOWN, png


def shown(tiny, language="en"):
    return ["".join(output["text"]) for output in tiny.cell("shown", language=language)["outputs"]]


def test_a_student_gets_the_stub_and_the_solution_the_answer(tiny):
    student, solution = tiny.source("sum-code", "notebooks"), tiny.source("sum-code")
    assert student == (
        'def total(rewards):\n    """Return the sum of the rewards.\n\n    Args:\n        rewards: a list of floats.\n    """\n'
        '    # TODO 1: add the rewards,\n    # one by one.\n    raise NotImplementedError("TODO 1")'
    )
    assert solution == student.replace(
        '    raise NotImplementedError("TODO 1")',
        "    # Python adds them from left to right.\n"
        "    return sum(2 * reward for reward in rewards if reward is not None) / 2  # no loop is needed",
    )
    assert tiny.source("why-answer", "notebooks") == "*Your answer here.*"
    assert tiny.source("why-answer").startswith("Because one episode")


def test_a_translated_cell(tiny):
    assert tiny.source("sum-code", language="fr") == (
        'def total(rewards):\n    """Renvoie la somme des récompenses.\n\n    Args:\n        rewards: une liste de nombres.\n    """\n'
        "    # TODO 1: additionnez les récompenses,\n    # une à une,\n    # de gauche à droite.\n"
        "    # Python les additionne de gauche à droite.\n"
        "    return sum(2 * reward for reward in rewards if reward is not None) / 2  # aucune boucle n'est nécessaire"
    )
    assert tiny.source("shown", language="ro") == (
        'def text(value):\n    """Spune cât este suma."""\n    return f"Suma tuturor acestor recompense este {value:.1f}."\n\n\n'
        "print(text(total([1, 2, 4])))"
    )
    assert tiny.source("hint", language="fr") == (
        "<details><summary>Indice</summary>\n\nPython a une fonction pour cela.\n\n</details>"
    )


def test_what_is_fuzzy_or_missing_stays_english(tiny):
    tiny.flag("Well done!", "fuzzy")
    tiny.say("Why is the sum finite?", "")
    tiny.build()
    assert 'print("Well done!")' in tiny.source("sum-check", language="fr")
    assert tiny.source("why", "notebooks", "fr") == "Why is the sum finite?"


def test_cells_have_their_names_tags_and_points(tiny):
    for kind in ("notebooks", "solutions"):
        for language in ("en", "fr", "ro"):
            notebook = tiny.notebook(kind, language)
            assert [cell["id"] for cell in notebook["cells"]] == (
                ["header", "setup", "title", "hint", "sum-code", "sum-check", "shown", "why", "why-answer"]
            )
            assert all(cell["metadata"]["id"] == cell["id"] for cell in notebook["cells"])
    metadata = tiny.cell("sum-code", "notebooks")["metadata"]
    assert metadata == {"id": "sum-code", "points": 2, "tags": ["exercise"]}
    # What a check says counts, not how it finds out: its code is folded.
    metadata = tiny.cell("sum-check", "notebooks")["metadata"]
    assert (metadata["cellView"], metadata["jupyter"]) == ("form", {"source_hidden": True})


def test_set_up_and_links(tiny):
    tiny.lesson("# minutes: 5", "# packages: {Box2D: box2d}")
    tiny.build()
    source = tiny.source("setup", "notebooks", "fr")
    ast.parse(source)
    assert 'labkit.use("fr")' in source
    assert '"labkit": "https://github.com/OWNER/REPO/archive/main.zip"' in source
    assert '"Box2D": "box2d"' in source
    header = tiny.source("header", "notebooks", "fr")
    assert "https://colab.research.google.com/github/OWNER/REPO/blob/main/notebooks/fr/01_tiny.ipynb" in header
    assert "[English](../en/01_tiny.ipynb)" in header
    assert "**Français**" in header


def test_a_picture_is_embedded_once(tiny):
    tiny.lesson(
        "# ![A red dot](../../images/dot.png)",
        "# ![A [red] dot,\n# on white](../../images/dot.png) ![B](../../images/dot.png)",
    )
    tiny.build()
    data = base64.b64encode(png(0)).decode()
    assert tiny.source("title", "notebooks").endswith(
        f"\n\n![A [red] dot,\non white][dot] ![B][dot]\n\n[dot]: data:image/png;base64,{data}"
    )


def test_what_looks_like_a_picture_in_code_is_none(tiny):
    text = '`![A red dot](dots.png)` and `<img src="x.png">`'
    tiny.lesson("# ![A red dot](../../images/dot.png)", f"# {text}")
    tiny.build()
    assert tiny.source("title", "notebooks").endswith(f"\n\n{text}")


def test_a_picture_keeps_its_title(tiny):
    tiny.lesson("(../../images/dot.png)", '(../../images/dot.png "Its title")')
    tiny.build()
    shown, definition = tiny.source("title", "notebooks").split("\n\n")[-2:]
    assert shown == "![A red dot][dot]"
    assert definition == f'[dot]: data:image/png;base64,{base64.b64encode(png(0)).decode()} "Its title"'


def test_two_pictures_of_a_cell_have_two_names(tiny):
    tiny.path("images/more").mkdir()
    tiny.path("images/more/dot.png").write_bytes(png(1))
    tiny.lesson("# ![A red dot]", "# ![Another](../../images/more/dot.png) ![A red dot]")
    with pytest.raises(CourseError, match="two pictures of this cell are called dot: give one another name"):
        tiny.build()


def test_a_solution_only_cell(tiny):
    tiny.append('# %% notes [markdown] tags=["solution-only"]\n# For who reads solutions.\n')
    tiny.build()
    assert tiny.source("notes") == "For who reads solutions."
    assert "notes" not in [cell["id"] for cell in tiny.notebook("notebooks")["cells"]]


def test_every_language_runs_the_english_code(tiny):
    lesson = whole_lesson(tiny.course, "tiny")
    cells = {cell.name: cell for cell in lesson.cells if cell.kind == "code"}
    notebooks = dict(made(tiny.course, lesson))
    assert len(notebooks) == 6
    for notebook in notebooks.values():
        for cell in notebook["cells"]:
            if cell["id"] in cells:
                master = cells[cell["id"]].variant(notebook["metadata"]["coursekit"]["variant"])
                assert same_but_marked(in_place(master, cells[cell["id"]], lesson, {}), "".join(cell["source"]))


def test_building_twice_gives_the_same_bytes(tiny):
    before = tiny.files()
    for path in [*tiny.root.glob("notebooks/*/*"), *tiny.root.rglob("*.mo")]:
        path.unlink()
    tiny.build()
    assert tiny.files() == before
    assert tiny.build() == []


def test_the_order_of_keys_does_not_matter():
    assert dumps({"cells": [], "metadata": {"b": 1, "a": "é"}}) == dumps({"metadata": {"a": "é", "b": 1}, "cells": []})


def test_nothing_is_written_when_a_lesson_is_broken(tiny):
    tiny.lesson("Why is the sum finite?", "Why?")
    tiny.edit("lessons/more/lesson.py", "print(squares)", "print(squares")
    before = tiny.files()
    with pytest.raises(CourseError, match=r"^lessons/more/lesson.py: squares: the code does not parse"):
        tiny.build()
    assert tiny.files() == before


def test_a_solution_that_is_no_notebook_is_not_overwritten(tiny):
    tiny.write("solutions/ro/01_tiny.ipynb", "precious")
    with pytest.raises(CourseError, match=r"^solutions/ro/01_tiny.ipynb: this is no notebook"):
        tiny.build()
    assert tiny.path("solutions/ro/01_tiny.ipynb").read_text() == "precious"


class DiskFullError(Exception):
    """The disk is full."""


@pytest.mark.parametrize("call", ["replace", "chmod"])
def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch, call):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*_):
        raise DiskFullError

    monkeypatch.setattr(Path, call, fail)
    with pytest.raises(DiskFullError):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_file_half_written_is_taken_away(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    real = os.fdopen

    def half(handle, mode):
        stream = real(handle, mode)

        class Stream:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                stream.close()

            def write(self, data):
                stream.write(data[:1])
                raise DiskFullError

        return Stream()

    monkeypatch.setattr(os, "fdopen", half)
    with pytest.raises(DiskFullError):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_file_that_holds_it_already_is_left_alone(tmp_path):
    path = tmp_path / "folder" / "file"
    assert write_bytes(path, b"new")
    os.utime(path, (0, 0))
    assert not write_bytes(path, b"new")
    assert path.stat().st_mtime == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Why is the sum finite?", "Why?"),
        ("# Python adds them from left to right.", "# Left to right."),
        ("Return the sum of the rewards.", "Add them all."),
        ("sum(2 * reward", "sum(2*reward"),
        ("# minutes: 5", "# packages: {Box2D: box2d}"),
    ],
)
def test_outputs_stay_when_only_text_changed(tiny, old, new):
    tiny.lesson(old, new)
    assert tiny.build()
    assert shown(tiny) == [SHOWN["en"] + "\n"]
    assert tiny.cell("shown")["execution_count"] == 4


def test_outputs_stay_when_another_language_changed(tiny):
    tiny.say("Well done!", "Bravo\u00a0!")
    tiny.build()
    assert shown(tiny, "ro") == [SHOWN["ro"] + "\n"]
    assert shown(tiny, "fr") == []  # the string is printed: who knows what it shows now


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("print(text(total([1, 2, 4])))", "print(text(total([1, 2, 5])))", ["setup", "sum-code", "sum-check"]),
        ("/ 2  # no", "/ 3  # no", ["setup"]),
        ('"Well done!"', '"Well, well!"', ["setup", "sum-code"]),
        ("# %% shown", "# %% first\n1\n\n# %% shown", ["setup", "sum-code", "sum-check"]),
        ("# %% shown", "# %% renamed", ["setup", "sum-code", "sum-check"]),
    ],
)
def test_outputs_go_from_the_first_cell_whose_code_changed(tiny, old, new, kept):
    tiny.lesson(old, new)
    tiny.build()
    cells = [cell for cell in tiny.notebook()["cells"] if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in cells if cell["execution_count"]] == kept
    assert [cell["outputs"] for cell in cells if not cell["execution_count"]] == [[]] * (len(cells) - len(kept))


def test_code_broken_by_hand_in_a_solution_is_built_anew(tiny):
    tiny.change("sum-check", lambda cell: cell.update(source="if if"))
    tiny.build()
    assert tiny.cell("sum-check")["execution_count"] is None
    assert "Well done!" in tiny.source("sum-check")


def test_an_unknown_marker_stops_the_build(tiny):
    tiny.lesson("### END SOLUTION", "### END OF SOLUTION")
    with pytest.raises(CourseError, match="sum-code: unknown marker '### END OF SOLUTION'"):
        tiny.build()


def test_a_student_cell_never_holds_a_marker_or_the_secret(tiny):
    for language in ("en", "fr", "ro"):
        text = tiny.course.notebook("notebooks", language, "tiny").read_text("utf-8")
        assert "###" not in text
        assert "reward is not None" not in text
    assert Cell("a", "code", "x").secret() == ""
