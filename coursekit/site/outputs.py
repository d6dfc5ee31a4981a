"""Which outputs of a solution a page may show, and in which form."""

import ast
import base64
import hashlib
import re
from typing import Any, NamedTuple

from bs4 import BeautifulSoup

from coursekit.content import Content
from coursekit.forms import parsed
from coursekit.leaks import secrets_of
from coursekit.notebook import Notebook, text_of
from coursekit.site.rendering import rendered
from coursekit.tags import meaning, tags_of

Cell = dict[str, Any]

VIDEO = "data:video/mp4;base64,"
ANSI = re.compile(r"\x1b\[[0-9;]*m")  # colours of a terminal, which few grounds go with
WORDY = {"title", "suptitle", "xlabel", "ylabel", "set_title", "set_xlabel", "set_ylabel"}


class Figure(NamedTuple):
    """A picture or a video of a page.

    Attributes:
        path: its file, from the page.
        words: for who cannot see it.
        film: whether it is a video.
        poster: of a video, the picture that is seen before it plays; or "".
    """

    path: str
    words: str
    film: bool = False
    poster: str = ""


class Media:
    """Pictures and videos of the pages, each kept once."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def keep(self, data: bytes, suffix: str) -> str:
        """The path of these bytes from a page."""
        path = f"media/{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
        self.files[path] = data
        return path


def shown(solution: Notebook, student: Notebook) -> set[str]:
    """Ids of the cells whose outputs give nothing away.

    Their code is the student's own; they are no check, nor do they show an answer as it stands: that of a function
    without arguments is data, such as a list of moves.
    """
    given = {cell["id"]: text_of(cell) for cell in student["cells"] if cell["cell_type"] == "code"}
    told = answers(solution)
    return {
        cell["id"]
        for cell in solution["cells"]
        if cell["cell_type"] == "code"
        and given.get(cell["id"]) == text_of(cell)
        and not meaning(tags_of(cell)).hidden
        and not told & calls_without_arguments(text_of(cell))
    }


def answers(solution: Notebook) -> set[str]:
    """Names of the exercises' functions."""
    exercises = (cell for cell in solution["cells"] if "exercise" in tags_of(cell))
    nodes = (node for cell in exercises for node in parsed(text_of(cell)).body)
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def calls_without_arguments(code: str) -> set[str]:
    """Names that code calls with nothing in the brackets."""
    return {
        node.func.id
        for node in ast.walk(parsed(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args and not node.keywords
    }


def secrets(solution: Notebook, student: Notebook) -> Content:
    """What stands only in a solution, and is in no output that a page shows."""
    given = shown(solution, student)
    silent = [cell | {"outputs": []} if "outputs" in cell else cell for cell in solution["cells"]]
    told = secrets_of({"cells": silent}, student)
    outputs = [cell | {"source": ""} for cell in solution["cells"] if cell.get("outputs")]
    displayed = [cell for cell in outputs if cell["id"] in given]
    kept_back = [cell for cell in outputs if cell["id"] not in given]
    if kept_back:
        told.add(secrets_of({"cells": kept_back}, {"cells": [*displayed, *student["cells"]]}))
    return told


def on_page(cell: Cell, figure: str, heading: str, media: Media) -> tuple[list[Cell], list[Figure]]:
    """The outputs of a cell as a page shows them: pictures with alt text, and videos without their strips of frames.

    Args:
        cell: a cell of a solution.
        figure: what the alt text of a plot begins with; `{}` stands for what it shows.
        heading: the section that the cell is in, for a plot without words of its own.
        media: where pictures and videos are kept.

    Returns:
        The outputs, and the pictures and videos in them.
    """
    outputs: list[Cell] = []
    figures: list[Figure] = []
    for output in cell["outputs"]:
        data = {kind: joined(value) for kind, value in output.get("data", {}).items()}
        if "image/png" in data:
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            if any(film.words and alt.endswith(film.words) for film in figures if film.film):
                continue  # a strip of frames, for where no video plays
            alt = alt or figure.format(words_of_plot(text_of(cell)) or heading)
            path = media.keep(base64.b64decode(data["image/png"]), "png")
            figures.append(Figure(path, alt))
            outputs.append(page_html(rendered("picture.html", path=path, words=alt)))
        elif "text/html" in data:
            text, films = videos_apart(data["text/html"], media)
            figures += films
            outputs.append(page_html(text))
        elif "text/plain" in data:
            outputs.append({"output_type": "display_data", "metadata": {}, "data": {"text/plain": data["text/plain"]}})
        elif output.get("name") == "stdout":
            outputs.append(output | {"text": ANSI.sub("", joined(output["text"]))})
    return outputs, figures


def videos_apart(text: str, media: Media) -> tuple[str, list[Figure]]:
    """HTML whose videos are files beside it, and whose tables have no heading without words; and these videos."""
    page = BeautifulSoup(text, "html.parser")
    films: list[Figure] = []
    for video in page.find_all("video"):
        source = str(video.get("src", ""))
        if source.startswith(VIDEO):
            path = media.keep(base64.b64decode(source.removeprefix(VIDEO)), "mp4")
            films.append(Figure(path, str(video.get("aria-label", "")), film=True))
            video.attrs |= {"src": path, "preload": "metadata"}
    for head in page.find_all("th"):
        if not head.contents:
            head.name = "td"
    return str(page), films


def page_html(text: str) -> Cell:
    """An output of HTML."""
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": text}}


def joined(value: Any) -> str:
    """Text that a notebook keeps as a string or as lines."""
    return value if isinstance(value, str) else "".join(value)


def words_of_plot(code: str) -> str:
    """The titles and labels that code gives its plots."""
    found: list[str] = []
    for node in ast.walk(parsed(code)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        values = [keyword.value for keyword in node.keywords if keyword.arg in WORDY]
        if name in WORDY:
            values += node.args[:1]
        found += [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return ", ".join(dict.fromkeys(filter(None, found)))
