"""Files are read as notebooks whatever they have been through; what marking sees is a valid one."""

import json

import nbformat
import pytest

from coursekit.grading.handed_in.papers import MOST_CELLS, is_valid, mended, read_paper
from tests.grading import classroom as room
from tests.grading.classroom import LANGUAGES, LINEAR, as_bytes

STRANGE = [
    {},
    {"cell_type": 3, "source": 4},
    {"cell_type": "code", "source": [1, "x = 1\r\n", None], "metadata": [], "id": 5},
    "x",
    None,
]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "no-json"),
        (b"[" * 100_000, "no-json"),
        (b"[]", "no-notebook"),
        (b'{"cells": 1}', "no-notebook"),
        (b'{"worksheets": {}}', "no-notebook"),
    ],
)
def test_what_is_no_notebook_is_named(data, kind):
    paper, notes = read_paper(data)
    assert paper is None
    assert [note.kind for note in notes] == [kind]


def test_cells_of_any_shape_are_read():
    paper, notes = read_paper(as_bytes({"cells": STRANGE, "metadata": 1}))
    assert ([cell.source for cell in paper.code], notes) == (["x = 1\n"], [])
    assert [cell.ids for cell in paper.cells] == [(), (), ()]


@pytest.mark.parametrize(
    "odd",
    [
        {"cells": STRANGE, "metadata": 1},
        {"cells": [{"cell_type": "code", "source": "x", "outputs": 1, "execution_count": "2", "more": 3}]},
        {"cells": [{"cell_type": "raw", "source": ["a", "b"], "metadata": {"tags": 5, "collapsed": "yes", "name": 1}}]},
        {"cells": [{"id": "not an id!", "source": "\ud800"}] * 2, "metadata": {"kernelspec": 1, "language_info": []}},
        {"cells": [{"metadata": {"nbgrader": 5, "id": []}}], "metadata": {"coursekit": "x"}, "nbformat": "9"},
        {"worksheets": [{"cells": [{"cell_type": "heading", "level": 1, "source": "a"}]}, 1, {"cells": 2}]},
        {"cells": []},
    ],
)
def test_what_is_forgiven_is_a_valid_notebook_afterwards(odd):
    paper, notes = read_paper(json.dumps(odd).encode())
    assert (paper is not None, notes) == (True, [])
    nbformat.validate(mended(odd), relax_add_props=True)
    assert is_valid(mended(odd))


@pytest.mark.parametrize("form", [room.of_colab, room.of_vscode, room.of_format_3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_other_tools_make_of_a_lesson_is_a_valid_notebook_afterwards(form, language):
    notebook = mended(form(room.solved(LINEAR, language)))
    nbformat.validate(notebook, relax_add_props=True)
    assert not any(cell.get("outputs") for cell in notebook["cells"])


def test_a_notebook_that_the_schema_does_not_know_is_none():
    good = mended({"cells": [{"cell_type": "code", "source": "x"}]})
    assert is_valid(good)
    assert not is_valid(good | {"cells": [{"cell_type": "code", "source": 1}]})
    assert not is_valid(good | {"metadata": []})


def test_ids_are_the_cells_then_the_metadatas_then_nbgraders():
    cell = {"id": "a", "metadata": {"id": "b", "nbgrader": {"grade_id": "c"}}, "cell_type": "code", "source": ""}
    same = cell | {"metadata": {"id": "a", "nbgrader": {"grade_id": 5}}}
    paper, _ = read_paper(as_bytes({"cells": [cell, same]}))
    assert [each.ids for each in paper.cells] == [("a", "b", "c"), ("a",)]
    assert paper.ids == {"a", "b", "c"}


def test_no_more_cells_are_read_than_a_lesson_could_have():
    data = json.dumps({"cells": [{"cell_type": "code", "source": "x"}] * (MOST_CELLS + 1)}).encode()
    assert len(read_paper(data)[0].cells) == MOST_CELLS


def test_metadata_of_any_depth_is_read():
    deep = "[" * 400 + "]" * 400
    data = f'{{"cells": [{{"metadata": {{"id": {deep}, "x": {deep}}}}}], "metadata": {{"coursekit": {deep}}}}}'.encode()
    assert read_paper(data)[0].cells[0].ids == ()
