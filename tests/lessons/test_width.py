"""A cell's code fits the width of a notebook: nobody has to scroll sideways to read it."""

import pytest

from coursekit.course import MASTER
from coursekit.notebook import text_of
from tests.lessons.playing import LESSONS, code_cells

WIDTH = 88
MADE = "setup"  # by the build, and folded


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
def test_code_fits(kind, lesson):
    lines = [
        (cell["id"], line)
        for cell in code_cells(kind, MASTER, lesson)
        if cell["id"] != MADE
        for line in text_of(cell).splitlines()
    ]
    assert len(lines) > 100
    # A docstring of one line is prose, and may be longer.
    assert not [(name, line) for name, line in lines if len(line) > WIDTH and not line.lstrip().startswith('"""')]
