"""A student notebook as it is handed out, run whole in a real kernel: each lesson in one language, in turn.

In the others the code is the same, and `test_checks.py` tries every exercise as it is handed out in all of them.
"""

from itertools import cycle

import nbclient
import nbformat
import pytest

from tests.lessons.playing import COURSE, LESSONS


@pytest.mark.parametrize(("lesson", "language"), [*zip(LESSONS, cycle(COURSE.languages), strict=False)])
def test_it_raises_nothing_but_not_implemented(lesson, language):
    path = COURSE.notebook("notebooks", language, lesson)
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": path.parent}}
    ).execute()
    checks = 0
    for cell in notebook.cells:
        errors = [o.ename for o in cell.get("outputs", ()) if o.output_type == "error"]
        assert set(errors) <= {"NotImplementedError"}, f"{cell.id}: {errors}"
        if "check" in cell.metadata.get("tags", ()):
            assert errors, f"{cell.id} passes before anything is done"
            checks += 1
    assert checks
