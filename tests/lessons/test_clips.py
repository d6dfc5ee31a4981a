"""Every clip that labkit ships is shown by a lesson, and told in words of each language."""

import ast
from pathlib import Path

import labkit
from coursekit.notebook import text_of
from tests.lessons.playing import COURSE, LESSONS, code_cells

SHIPPED = {path.stem for path in Path(labkit.__file__).parent.glob("media/*.mp4")}


def loaded(language):
    """The words of each clip that a lesson loads, by name."""
    cells = [cell for lesson in LESSONS for cell in code_cells("notebooks", language, lesson)]
    calls = [node for cell in cells for node in ast.walk(ast.parse(text_of(cell))) if isinstance(node, ast.Call)]
    clips = [call.args for call in calls if ast.unparse(call.func) == "labkit.load"]
    return {name.value: words.value for name, words in clips}


def test_each_is_told_in_each_language():
    told = [loaded(language) for language in COURSE.languages]
    assert [set(words) for words in told] == [SHIPPED] * len(told)
    for name in SHIPPED:
        assert len({words[name] for words in told}) == len(told)
        assert not any(name in words[name] for words in told)
