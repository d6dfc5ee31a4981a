"""Solutions are run in a real kernel; what it shows is kept, and a failure leaves the notebook as it was."""

import pytest

from coursekit import execute as module
from coursekit.execute import execute, executed, storable
from coursekit.problems import CourseError

from .conftest import SHOWN


@pytest.fixture
def runs(monkeypatch):
    """Execution without a kernel: the folders of the notebooks that would have been run."""
    folders = []

    def fake(notebook, folder, tick):
        folders.append((folder.name, notebook["metadata"]["coursekit"]["lesson"]))
        return notebook

    monkeypatch.setattr(module, "executed", fake)
    return folders


def test_a_real_run(tiny, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tiny.root))
    tiny.append('# %% bar tags=["nbval-ignore-output"]\nfor n in range(3):\n    print(f"\\r{n}", end="")\nprint()\n')
    tiny.append("# %% folder\nfrom pathlib import Path\n\nPath.cwd().name\n")
    tiny.build()
    assert tiny.cell("folder", language="fr")["execution_count"] is None
    code, out, err = tiny.run("execute", "01", "--lang", "fr")
    assert (code, out) == (0, "solutions/fr/01_tiny.ipynb\nfiles changed: 1\n")
    assert "6/6" in err  # the progress bar
    cells = {cell["id"]: cell for cell in tiny.notebook(language="fr")["cells"] if cell["cell_type"] == "code"}
    assert [cell["execution_count"] for cell in cells.values()] == [1, 2, 3, 4, 5, 6]
    assert cells["sum-check"]["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": ["Bien joué\u00a0!\n"]}
    ]
    assert cells["shown"]["outputs"][0]["text"] == [SHOWN["fr"] + "\n"]
    assert cells["bar"]["outputs"][0]["text"] == ["2\n"]
    assert cells["folder"]["outputs"] == [
        {"data": {"text/plain": ["'fr'"]}, "execution_count": 6, "metadata": {}, "output_type": "execute_result"}
    ]
    assert tiny.cell("folder")["execution_count"] is None
    # Running again changes nothing, and the check is content with it.
    assert tiny.build() == []
    assert not [problem for problem in tiny.problems() if problem.startswith("solutions/fr")]


def test_a_failing_cell_is_named_and_leaves_the_file_as_it_was(tiny, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tiny.root))
    tiny.lesson("if total([1, 2]) != 3:", "if total([1, 2]) == 3:")
    tiny.build()
    before = tiny.files()
    code, out, err = tiny.run("execute", "01", "--lang", "en")
    assert (code, out) == (1, "")
    assert err.splitlines()[-1] == (
        "coursekit: solutions/en/01_tiny.ipynb: sum-check: this cell stopped "
        "(AssertionError: Your sum is wrong: it should be 3.): mend it; the notebook was left as it was"
    )
    after = {name: data for name, data in tiny.files().items() if "__pycache__" not in name}
    assert after == before


@pytest.mark.parametrize(
    ("source", "seconds", "reason"),
    [("import time; time.sleep(60)", 1, "it ran for over 1 s"), ("import os; os._exit(1)", 60, "the kernel died")],
)
def test_a_cell_that_hangs_or_kills_the_kernel(tmp_path, monkeypatch, source, seconds, reason):
    monkeypatch.setattr(module, "CELL_SECONDS", seconds)
    cell = {"cell_type": "code", "id": "bad", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    with pytest.raises(CourseError) as caught:
        executed({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, tmp_path)
    assert str(caught.value).startswith(f"bad: this cell stopped ({reason})")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\r  0%|   |\r 50%|#  |\r100%|###|\n", "100%|###|\n"),
        ("before\nx\ry\nafter", "before\ny\nafter"),
        ("Windows\r\nline\r\n", "Windows\nline\n"),
        ("plain\n\n", "plain\n\n"),
        ("left\r", "left"),
    ],
)
def test_of_a_progress_bar_the_last_state_stays(text, kept):
    output = storable({"output_type": "stream", "name": "stdout", "text": text})
    assert output["text"] == kept.splitlines(keepends=True)


def test_the_log_of_tensorflow_is_not_stored():
    log = "WARNING: All log messages before absl::InitializeLog() is called\nI0000 00:00:17.3 172 port.cc:153] on.\n"
    text = f"{log}a warning to read\nE0000 00:00:17.3 172 cuda.cc:52] failed\n"
    stream = {"output_type": "stream", "name": "stderr"}
    assert storable({**stream, "text": text})["text"] == ["a warning to read\n"]
    assert storable({**stream, "text": log})["text"] == []
    assert storable({**stream, "name": "stdout", "text": "I0000 00: mine\n"})["text"] == ["I0000 00: mine\n"]


def test_an_output_is_stored_as_notebooks_do():
    output = storable(
        {
            "output_type": "display_data",
            "data": {"text/plain": "a\nb", "image/png": "iVBO", "application/json": {"k": 1}, "text/html": "<p>"},
            "metadata": {"image/png": {"alt": "words"}},
            "transient": {"display_id": "random"},
        }
    )
    assert output == {
        "output_type": "display_data",
        "data": {"application/json": {"k": 1}, "image/png": "iVBO", "text/html": ["<p>"], "text/plain": ["a\n", "b"]},
        "metadata": {"image/png": {"alt": "words"}},
    }
    assert list(output["data"]) == sorted(output["data"])


def test_all_are_run_unless_some_are_chosen(tiny, runs):
    assert tiny.run("execute")[0] == 0
    assert runs == [(language, lesson) for lesson in ("tiny", "more") for language in ("en", "fr", "ro")]


@pytest.mark.parametrize(
    ("arguments", "run"),
    [
        (["02"], [("en", "more"), ("fr", "more"), ("ro", "more")]),
        (["02_m", "--lang", "ro"], [("ro", "more")]),
        (["02", "--lang", "ro", "--lang", "en", "--lang", "ro"], [("ro", "more"), ("en", "more")]),
        (["02", "01", "--lang", "fr"], [("fr", "tiny"), ("fr", "more")]),
    ],
)
def test_the_chosen_are_run(tiny, runs, arguments, run):
    assert tiny.run("execute", *arguments)[0] == 0
    assert runs == run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["execute", "07"], "coursekit: there is no lesson '07': choose among 01_tiny, 02_more\n"),
        (["build", "01", "7"], "coursekit: there is no lesson '7': choose among 01_tiny, 02_more\n"),
        (["execute", "--lang", "de"], "coursekit: no language 'de': choose among en, fr, ro\n"),
    ],
)
def test_unknown_lessons_and_languages(tiny, runs, arguments, message):
    assert tiny.run(*arguments) == (1, "", message)
    assert runs == []


def test_nothing_is_run_when_a_notebook_is_missing_or_broken(tiny, runs):
    tiny.write("solutions/ro/02_more.ipynb", "{")
    with pytest.raises(CourseError, match=r"^solutions/ro/02_more.ipynb: this is no notebook"):
        execute(tiny.course, ["tiny", "more"], ["ro"])
    tiny.path("solutions/ro/02_more.ipynb").unlink()
    with pytest.raises(CourseError, match=r"^solutions/ro/02_more.ipynb: this notebook is not there"):
        execute(tiny.course, ["tiny", "more"], ["ro"])
    assert runs == []
