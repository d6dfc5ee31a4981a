"""A student notebook as it is handed out, run whole in a real kernel."""

import asyncio
from functools import cache

import nbclient
import nbformat
import pytest

from tests.lessons.playing import COURSE, LESSONS


async def execute(path):
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": path.parent}}
    client = nbclient.NotebookClient(notebook, timeout=240, allow_errors=True, resources=resources)
    await client.async_execute()
    return notebook


@cache
def executed(lesson):
    """By language, the notebook with its outputs; the kernels run side by side, which leaves no processor idle."""

    async def every_language():
        paths = [COURSE.notebook("notebooks", language, lesson) for language in COURSE.languages]
        return await asyncio.gather(*map(execute, paths))

    return dict(zip(COURSE.languages, asyncio.run(every_language()), strict=True))


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", COURSE.languages)
def test_it_raises_nothing_but_not_implemented(lesson, language):
    checks = 0
    for cell in executed(lesson)[language].cells:
        errors = [o.ename for o in cell.get("outputs", ()) if o.output_type == "error"]
        assert set(errors) <= {"NotImplementedError"}, f"{cell.id}: {errors}"
        if "check" in cell.metadata.get("tags", ()):
            assert errors, f"{cell.id} passes before anything is done"
            checks += 1
    assert checks
