"""The site's pages as sources for Sphinx: lessons as notebooks; the glossary and labkit as Markdown."""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from coursekit.course import Course
from coursekit.header import colab
from coursekit.languages import Language
from coursekit.markdown import headings, pictures, table
from coursekit.notebook import Notebook, text_of
from coursekit.problems import CourseError
from coursekit.site.outputs import Cell, Figure, Media, on_page
from coursekit.site.rendering import rendered
from coursekit.site.words import Words
from coursekit.tags import meaning, tags_of

PICTURE = "data:image/png;base64,"
# The end of a link to a lesson in another language: its page is no source of this one's.
ELSEWHERE = re.compile(r"(\]\(\.\./[A-Za-z_]+/\w+)\.ipynb(?=[)#])")


class Page(NamedTuple):
    """A lesson's page, and its pictures and videos, those of its outputs first."""

    notebook: Notebook
    figures: list[Figure]


def lesson_page(
    course: Course, student: Notebook, solution: Notebook, given: set[str], words: Words, media: Media
) -> Page:
    """A lesson: the student's notebook, with those outputs of the solution that give nothing away.

    Args:
        course: where links lead.
        student: the notebook that students get.
        solution: the same lesson's solution, with outputs.
        given: the ids of the cells whose outputs are shown.
        words: the site's words in the notebook's language.
        media: where pictures and videos are kept.
    """
    executed = {cell["id"]: cell for cell in solution["cells"]}
    heading = ""
    cells: list[Cell] = []
    drawn: list[Figure] = []
    shown: list[Figure] = []
    for cell in student["cells"]:
        if cell["id"] == "header":  # its links are for notebooks
            continue
        if cell["cell_type"] == "markdown":
            source, found = pictures_apart(ELSEWHERE.sub(r"\1.html", text_of(cell)), media)
            drawn += found
            heading = next((last.text for last in reversed(headings(source))), heading)
            cells.append(cell | {"source": source})
            continue
        outputs: list[Cell] = []
        if cell["id"] in given:
            outputs, found = on_page(executed[cell["id"]], words.figure, heading, media)
            shown += found
        cells.append(cell | {"metadata": folded(tags_of(cell), words), "outputs": outputs})
    first = next(cell for cell in cells if cell["cell_type"] == "markdown" and title_end(cell["source"]))
    others = [cell for cell in cells if cell is not first]  # what sets Colab up comes after the title
    about = student["metadata"]["coursekit"]
    first = with_tools(first, course, about["lesson"], about["language"], words)
    return Page(student | {"cells": [first, *others]}, shown + drawn)


def folded(tags: Sequence[str], words: Words) -> dict[str, Any]:
    """What tells MyST-NB how to show a code cell."""
    for tag in tags:
        if meaning([tag]).folded:
            name = getattr(words, tag)
            prompts = {"code_prompt_show": words.show.format(name), "code_prompt_hide": words.hide.format(name)}
            return {"tags": [*tags, "hide-input"], "mystnb": prompts}
    return {"tags": list(tags)}


def pictures_apart(source: str, media: Media) -> tuple[str, list[Figure]]:
    """Markdown whose pictures are files beside it; and these pictures."""
    figures = []
    for picture in pictures(source):
        if picture.target.startswith(PICTURE):
            path = media.keep(base64.b64decode(picture.target.removeprefix(PICTURE)), "png")
            source = source.replace(picture.target, path)
            figures.append(Figure(path, " ".join(picture.alt.split())))
    return source, figures


def title_end(source: str) -> int:
    """Where the line after a cell's title begins; 0 where it has none."""
    return next((heading.end for heading in headings(source) if heading.level == 1), 0)


def with_tools(cell: Cell, course: Course, lesson: str, language: str, words: Words) -> Cell:
    """The cell of a lesson's title, with what one does with the lesson under it."""
    source, end = cell["source"], title_end(cell["source"])
    address, file = colab(course, lesson, language), f"{course.stem(lesson)}.ipynb"
    tools = rendered("tools.html", lesson=lesson, colab=address, file=file, words=words)
    return cell | {"source": f"{source[:end].rstrip()}\n\n{tools}\n{source[end:]}"}


def glossary_page(text: str, languages: Mapping[str, Language], language: str, words: Words) -> str:
    """The course's glossary, its terms in the page's language first.

    Args:
        text: Markdown with a table; a column is headed by the name that its language has for itself.
        languages: those of the course, by code. One without a column has no terms.
        language: the page's language.
        words: the site's words.

    Raises:
        CourseError: no column is headed by a language.
    """
    heads, *rows = table(text) or [[]]
    known = {code: spoken.name for code, spoken in languages.items() if spoken.name in heads}
    if not known:
        raise CourseError("the glossary has a table whose columns are headed by the languages' own names: mend it")
    terms = [{code: row[heads.index(name)] for code, name in known.items()} for row in rows]
    order = sorted(known, key=lambda code: code != language)
    terms.sort(key=lambda row: row[order[0]].casefold())
    return rendered("glossary.md", order=order, names=known, terms=terms, words=words)


def labkit_page(environments: list[str], words: Words) -> str:
    """The API of labkit, which Sphinx reads in its docstrings.

    Args:
        environments: the classes of the course's environments, as `module.Class`.
        words: the site's words.
    """
    return rendered("labkit.md", environments=environments, words=words)
