"""The lesson source: cells and their variants, and every fault named by its cell."""

import pytest

from coursekit.cell import Cell
from coursekit.problems import CourseError
from coursekit.source import read_lesson

EXERCISE = """\
def f():
    # TODO: say.
    ### BEGIN SOLUTION
    # why
    return 1
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION"""


def faults(tmp_path, text):
    path = tmp_path / "01_x" / "lesson.py"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return read_lesson(path)[1]


def test_the_two_variants_of_an_exercise():
    cell = Cell("a", "code", EXERCISE)
    student = 'def f():\n    # TODO: say.\n    ###\n    ###\n    raise NotImplementedError("TODO")\n    ###'
    assert cell.variant("student") == student
    assert cell.variant("solution") == "def f():\n    # TODO: say.\n    ###\n    # why\n    return 1\n    ###\n    ###"
    assert cell.secret() == "    # why\n    return 1"


def test_a_markdown_answer_is_not_uncommented():
    cell = Cell("a", "markdown", "### BEGIN SOLUTION\nBecause.\n### STUDENT\n# Yours\n### END SOLUTION\n\n### More")
    assert cell.variant("student") == "###\n###\n# Yours\n###\n\n### More"
    assert cell.secret() == "Because."


def test_a_solution_only_cell_is_all_secret():
    cell = Cell("a", "markdown", "Look for this.", ("solution-only",))
    assert cell.variant("student") is None
    assert cell.variant("solution") == cell.secret() == "Look for this."


@pytest.mark.parametrize(
    ("kind", "source", "reason"),
    [
        ("code", "### BEGIN SOLUTION\nx", "ends where '### STUDENT'"),
        ("code", "### BEGIN SOLUTION\nx\n### STUDENT\n# y", "ends where '### END SOLUTION'"),
        ("code", "### STUDENT\n# x", "'### STUDENT' where '### BEGIN SOLUTION'"),
        ("code", "### END SOLUTION", "'### END SOLUTION' where '### BEGIN SOLUTION'"),
        ("code", "### BEGIN SOLUTION\n### BEGIN SOLUTION", "'### BEGIN SOLUTION' where '### STUDENT'"),
        ("code", "### BEGIN SOLUTION\nx\n### END SOLUTION", "'### END SOLUTION' where '### STUDENT'"),
        ("code", "### BEGIN HIDDEN TESTS", "unknown marker '### BEGIN HIDDEN TESTS'"),
        ("code", "### BEGIN SOLUTIONS", "unknown marker"),
        ("code", "### begin solution", "unknown marker"),
        ("code", "###BEGIN SOLUTION", "unknown marker"),
        ("code", "# BEGIN SOLUTION", "unknown marker"),
        ("code", "#### STUDENT", "unknown marker"),
        ("code", "## STUDENT", "unknown marker"),
        ("code", "x = 1  ### BEGIN SOLUTION", "unknown marker"),
        ("markdown", "## BEGIN SOLUTION", "unknown marker"),
        ("markdown", "###END SOLUTION", "unknown marker"),
        ("markdown", "### STUDENTS", None),
        ("markdown", "### Student life", None),
        ("markdown", "### BEGIN", "unknown marker"),
        (
            "code",
            "### BEGIN SOLUTION\nx\n### STUDENT\ny\n### END SOLUTION",
            "every line is commented out, and 'y' is not",
        ),
    ],
)
def test_markers_are_known_and_balanced(kind, source, reason):
    if reason is None:
        assert Cell("a", kind, source).variant("student") == source
        return
    for variant in ("student", "solution"):
        with pytest.raises(CourseError, match=reason):
            Cell("a", kind, source).variant(variant)


@pytest.mark.parametrize(
    ("text", "cell", "reason"),
    [
        ("# %% a\nx = 1\n\n# %% a\nx = 2", "a", "stands on 2 cells"),
        ("# %%\nx = 1", "cell 1", "needs a name"),
        ("x = 1", "cell 1", "needs a name"),
        ("# %% Name\nx = 1", "Name", "needs a name"),
        ("# %% two words\nx = 1", "two words", "needs a name"),
        (f"# %% {'a' * 65}\nx = 1", "a" * 65, "needs a name"),
        ("# %% setup\nx = 1", "setup", "belongs to a cell that the build makes"),
        ('# %% a tags=["excercise"]\nx = 1', "a", "unknown tag 'excercise'"),
        ('# %% a tags="check"\nx = 1', "", 'tags are written tags=["check"]'),
        ('# %% a tags=["check"\nx = 1', "a", "does not parse at"),
        ('# %% a tags=["exercise"]\n' + EXERCISE, "a", "points=N"),
        ('# %% a tags=["exercise"] points=0\n' + EXERCISE, "a", "points=N"),
        ('# %% a tags=["exercise"] points="2"\n' + EXERCISE, "a", "points=N"),
        ("# %% a points=2\nx = 1", "a", "points=N"),
        ('# %% a tags=["exercise"] points=1\n' + EXERCISE, "a", "no check cell follows"),
        ('# %% a tags=["exercise"] points=1\nx = 1\n\n# %% b tags=["check"]\nx', "a", "needs a part between"),
        ('# %% a tags=["question"] points=1\nx = 1', "a", "a cell tagged question is markdown: add [markdown]"),
        ('# %% a [markdown] tags=["check"]\n# x', "a", "a cell tagged check is code: take away [markdown]"),
        ('# %% a tags=["training"]\nx = 1', "a", "add the tag nbval-ignore-output"),
        ("# %% a [raw]\n# x", "a", "a cell is code or [markdown], and this one is raw"),
        ("# %% a\nx = = 1", "a", "does not parse"),
        ("# %% a\n%matplotlib inline", "a", "does not parse"),
        ("# %% a\nprint(_(x))", "a", "_() holds one string"),
        ("# %% a\n### BEGIN SOLUTION\nx = 1", "a", "unbalanced markers"),
        ("# %% a\nif x:\n    ### BEGIN SOLUTION\n    y\n    ### STUDENT\n    ### END SOLUTION", "a", "does not parse"),
        ("# ---\n# packages: [box2d]\n# ---\n\n# %% a\nx = 1", "", "front matter"),
        ("# ---\n# a: [\n# ---\n\n# %% a\nx = 1", "", "front matter is no YAML"),
    ],
)
def test_faults_are_named_by_their_cell(tmp_path, text, cell, reason):
    assert any(reason in fault for name, fault in faults(tmp_path, text) if name == cell)


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "lesson.py"
    path.write_bytes(b"# %% a\nx = '\xff'\n")
    ((cell, reason),) = read_lesson(path)[1]
    assert cell == ""
    assert "no UTF-8 text" in reason


def test_two_exercises_need_two_checks(tmp_path):
    one = '# %% {} tags=["exercise"] points=1\n' + EXERCISE + "\n\n"
    found = faults(tmp_path, one.format("a") + one.format("b") + '# %% c tags=["check"]\nf()')
    assert found == [("a", "no check cell follows this exercise: add one tagged check")]


def test_front_matter_and_cells(tmp_path):
    path = tmp_path / "01_x" / "lesson.py"
    path.parent.mkdir()
    path.write_text(
        '# ---\n# packages: {Box2D: box2d}\n# ---\n\n# %% a [markdown]\n# # Title\n\n# %% cat-1 tags=["setup"]\n# cat it\n1'
    )
    lesson, found = read_lesson(path)
    assert found == []
    assert (lesson.name, lesson.packages) == ("01_x", {"Box2D": "box2d"})
    assert lesson.cells == (Cell("a", "markdown", "# Title"), Cell("cat-1", "code", "# cat it\n1", ("setup",)))
