"""Run solution notebooks as students run them, and keep what they show."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbclient
import nbformat
from tqdm import tqdm

from coursekit.contents import languages_of
from coursekit.course import Course
from coursekit.files import write_bytes
from coursekit.notebook import Notebook, dumps, loads, text_of
from coursekit.problems import CourseError, one_line, place

CELL_SECONDS = 600
# What TensorFlow's C++ writes when it starts, with the time and the process: another text at each run.
LOG = re.compile(
    r"^(?:WARNING: All log messages before absl|[IWEF]\d{4} \d\d:|\d{4}-\d\d-\d\d \S+: [IWEF] ).*\n?", re.M
)


def execute(course: Course, lessons: list[str], languages: list[str]) -> list[Path]:
    """Run the solutions and store their outputs.

    Returns:
        The notebooks that changed.

    Raises:
        CourseError: a notebook is missing, or a cell failed; that notebook is left as it was.
    """
    places = ((name, language) for name in lessons for language in languages if language in languages_of(course, name))
    paths = [course.notebook("solutions", language, name) for name, language in places]
    for path in paths:
        if not path.is_file():
            raise CourseError("this notebook is not there: run coursekit build first", course.relative(path))
    notebooks = []
    for path in paths:
        with place(course.relative(path)):
            notebooks.append((path, loads(path)))
    changed = []
    with tqdm(total=sum(len(codes(notebook)) for _, notebook in notebooks), unit="cell") as bar:
        for path, notebook in notebooks:
            bar.set_description(course.relative(path))
            with place(course.relative(path)):
                fresh = executed(notebook, path.parent, bar.update)
            if write_bytes(path, dumps(fresh)):
                changed.append(path)
    return changed


def codes(notebook: Notebook) -> list[dict[str, Any]]:
    """The code cells of a notebook."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def executed(notebook: Notebook, folder: Path, tick: Callable[[], object] = lambda: None) -> Notebook:
    """A copy of the notebook with the outputs of a fresh run in the folder.

    Raises:
        CourseError: a cell raised, ran out of time, or took the kernel with it.
    """
    started: list[str] = []
    client = nbclient.NotebookClient(
        nbformat.reads(dumps(notebook).decode(), as_version=4),  # type: ignore[no-untyped-call]
        timeout=CELL_SECONDS,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=lambda cell, **_: started.append(cell["id"]),
        on_cell_executed=lambda **_: tick(),
    )
    try:
        run = client.execute()
    except nbclient.exceptions.CellExecutionError as error:
        reason = one_line(f"{error.ename}: {error.evalue}")
    except nbclient.exceptions.CellTimeoutError:
        reason = f"it ran for over {CELL_SECONDS} s"
    except nbclient.exceptions.DeadKernelError:
        reason = "the kernel died"
    else:
        fresh = copy.deepcopy(notebook)
        for cell, ran in zip(codes(fresh), (c for c in run.cells if c.cell_type == "code"), strict=True):
            outputs = map(storable, ran.outputs)
            cell["outputs"] = [output for output in outputs if output["output_type"] != "stream" or output["text"]]
            cell["execution_count"] = ran.execution_count if text_of(cell).strip() else None
        return fresh
    raise CourseError(f"this cell stopped ({reason}): mend it; the notebook was left as it was", cell=started[-1])


def storable(output: Any) -> dict[str, Any]:
    """An output as nbformat stores it: text as lines, without TensorFlow's log, of a bar what stays on the screen."""
    kept: dict[str, Any] = dict(output)
    kept.pop("transient", None)
    if kept["output_type"] == "stream":
        text = LOG.sub("", kept["text"]) if kept["name"] == "stderr" else kept["text"]
        lines = text.split("\n")
        kept["text"] = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines).splitlines(keepends=True)
    if "data" in kept:
        kept["data"] = {
            kind: value.splitlines(keepends=True) if isinstance(value, str) and kind.startswith("text/") else value
            for kind, value in sorted(kept["data"].items())
        }
        kept["metadata"] = dict(kept.get("metadata", {}))
    return kept
