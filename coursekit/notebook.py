"""Notebooks made from a lesson: student's and solution, in one language."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from nbformat.validator import iter_validate

from coursekit.cell import Cell, Variant
from coursekit.course import Course
from coursekit.header import links, set_up
from coursekit.markdown import Picture, html, localized, pictures
from coursekit.problems import CourseError, one_line, place
from coursekit.references import Target, number_todos, resolve
from coursekit.source import Lesson
from coursekit.tags import meaning
from coursekit.text import translate
from coursekit.trees import same_tree

Notebook = dict[str, Any]


def make_notebook(
    course: Course,
    lesson: Lesson,
    language: str,
    variant: Variant,
    words: Callable[[str], Callable[[str], str]],
    lessons: Mapping[str, Target],
) -> Notebook:
    """Build one notebook, without outputs.

    Args:
        course: where pictures are found and what is stamped into links.
        lesson: the English master.
        language: the notebook's language.
        variant: "student" or "solution".
        words: from a cell's name to the function that translates its texts.
        lessons: those that texts refer to, by name.

    Raises:
        CourseError: a marker is broken, a picture is missing, or a reference leads nowhere.
    """
    cells = [
        new_cell("header", "markdown", links(course, lesson.name, language)),
        new_cell("setup", "code", set_up(course, lesson, language), tags=["setup", "nbval-ignore-output"]),
    ]
    for cell in lesson.cells:
        source = cell.variant(variant)
        if source is None:
            continue
        path = course.source(lesson.name)
        with place(course.relative(path), cell.name):
            source = in_place(translate(source, cell.kind, words(cell.name)), cell, lesson, lessons)
            if cell.kind == "markdown":
                source = embed_pictures(localized(source, course.spoken[language].decimal_sign), path.parent)
        cells.append(new_cell(cell.name, cell.kind, source, list(cell.tags), cell.points))
    return {
        "cells": cells,
        "metadata": {
            "coursekit": {"lesson": lesson.name, "language": language, "variant": variant},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def in_place(source: str, cell: Cell, lesson: Lesson, lessons: Mapping[str, Target]) -> str:
    """A cell's source with the numbers that its place in the lesson, and the lesson's in the course, give it."""
    if cell.kind == "code":
        source = number_todos(source, lesson.todos.get(cell.name, 1))
    return resolve(source, cell.kind, lessons, lesson.todos)


def new_cell(
    name: str, kind: str, source: str, tags: list[str] | None = None, points: int | None = None
) -> dict[str, Any]:
    """One cell. Its name is its id, and stands in its metadata too, where Colab keeps ids."""
    metadata: dict[str, Any] = {"id": name}
    if tags:
        metadata["tags"] = tags
    if points is not None:
        metadata["points"] = points
    if meaning(tags or ()).folded == "everywhere":  # in JupyterLab and in Colab
        metadata |= {"cellView": "form", "jupyter": {"source_hidden": True}}
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": metadata}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": source.splitlines(keepends=True)}


def embed_pictures(source: str, folder: Path) -> str:
    """Put pictures into the cell as data, by reference, so that the text stays readable.

    Colab shows neither relative paths nor attachments, JupyterLab shows addresses only with a network:
    data is what both show.

    Raises:
        CourseError: a picture is missing, is no PNG, or says nothing to who cannot see it.
    """
    if any(tag.startswith("<img") for tag in html(source)):
        raise CourseError("pictures are written ![words](path), because <img> does not show them everywhere")
    definitions: dict[str, str] = {}
    found = pictures(source)
    for picture in found:
        label, path = label_of(picture), folder / picture.target
        if path.suffix != ".png" or not path.is_file():
            raise CourseError(f"the picture {picture.target} is not there, or is no .png: draw it, or mend its path")
        if not picture.alt.strip():
            raise CourseError(
                f"the picture {picture.target} has no words for who cannot see it: write ![words]({picture.target})"
            )
        definition = f"[{label}]: data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}{picture.title}"
        if definitions.setdefault(label, definition) != definition:
            raise CourseError(f"two pictures of this cell are called {label}: give one another name")
    for picture in reversed(found):
        reference = f"![{picture.alt}][{label_of(picture)}]"
        source = source[: picture.start] + reference + source[picture.end :]
    return "\n\n".join([source, *definitions.values()])


def label_of(picture: Picture) -> str:
    """What a picture is called inside its cell."""
    return PurePosixPath(picture.target).stem


def dumps(notebook: Notebook) -> bytes:
    """The notebook as bytes, the same for the same notebook everywhere."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def loads(path: Path) -> Notebook:
    """Read a notebook.

    Raises:
        CourseError: it is no notebook, and the file is not named.
    """
    try:
        notebook: Notebook = json.loads(path.read_text("utf-8"))
        fault = fault_of(notebook)
    except (ValueError, TypeError) as error:
        fault = one_line(error)
    if fault:
        raise CourseError(f"this is no notebook ({fault}): delete it and run coursekit build")
    return notebook


def fault_of(notebook: Any, minor: int = 5, *, strict: bool = True) -> str:
    """In what a notebook is not as Jupyter's schema says; "" where it is.

    Args:
        notebook: what the file holds.
        minor: of which format 4.x it is to be.
        strict: whether what the schema does not know is a fault.
    """
    faults = iter_validate(notebook, version=4, version_minor=minor, relax_add_props=not strict)  # type: ignore[no-untyped-call]
    return next((one_line(fault).partition(" Failed validating")[0] for fault in faults), "")


def text_of(cell: dict[str, Any]) -> str:
    """The source of a cell, which notebooks keep as a string or as lines."""
    source: str | list[str] = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def carry_outputs(old: Notebook, new: Notebook) -> Notebook:
    """Put the old notebook's outputs into the new one, up to the first cell whose code changed.

    What comes after such a cell may depend on it, so its outputs are no longer known.
    """
    former = [cell for cell in old["cells"] if cell["cell_type"] == "code"]
    for cell in (cell for cell in new["cells"] if cell["cell_type"] == "code"):
        before = former.pop(0) if former else None
        if before is None or before.get("id") != cell["id"] or not runs_alike(before, cell):
            break
        cell["outputs"] = before.get("outputs", [])
        cell["execution_count"] = before.get("execution_count")
    return new


def runs_alike(before: dict[str, Any], cell: dict[str, Any]) -> bool:
    """Whether two code cells have the same tree; code that was broken by hand has none."""
    if cell["id"] == "setup":  # another address to install from gives no other output
        return True
    try:
        return same_tree(text_of(before), text_of(cell))
    except (SyntaxError, ValueError):
        return False
