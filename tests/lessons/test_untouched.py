"""A student notebook as it is handed out, run whole in a real kernel."""

import nbclient
import nbformat
import pytest

from tests.lessons.playing import COURSE, LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", COURSE.languages)
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
