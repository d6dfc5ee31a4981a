"""The site's pages as sources for Sphinx: lessons as notebooks; the glossary and labkit as Markdown."""

import base64
import re
from typing import Any

from coursekit.course import NAMES, Course
from coursekit.header import colab
from coursekit.notebook import Notebook, text_of
from coursekit.site.outputs import Cell, Media, on_page
from coursekit.site.words import Words

TITLE = re.compile(r"^# (.+)$", re.M)
HEADING = re.compile(r"^#+ (.+)$", re.M)
DATA = re.compile(r"^(\[[^\]]+\]: )data:image/png;base64,(\S+)$", re.M)


def lesson_page(
    course: Course, student: Notebook, solution: Notebook, given: set[str], words: Words, media: Media
) -> Notebook:
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
    heading, cells = "", []
    for cell in student["cells"]:
        if cell["id"] == "header":  # its links are for notebooks
            continue
        source = text_of(cell)
        if cell["cell_type"] == "markdown":
            heading = (HEADING.findall(source) or [heading])[-1]
            cells.append(cell | {"source": pictures_apart(source, media)})
            continue
        tags = cell["metadata"].get("tags", [])
        outputs = on_page(executed[cell["id"]], words.figure, heading, media) if cell["id"] in given else []
        cells.append(cell | {"metadata": folded(tags, words), "outputs": outputs})
    put_tools(course, student["metadata"]["coursekit"], cells, words)
    first = first_of(cells)
    others = [cell for cell in cells if cell is not first]  # what sets Colab up comes after the title
    return student | {"cells": [first, *others]}


def folded(tags: list[str], words: Words) -> dict[str, Any]:
    """What tells MyST-NB how to show a code cell: a check and the set-up are folded, as in notebooks."""
    for tag, name in (("check", words.check), ("setup", words.setup)):
        if tag in tags:
            prompts = {"code_prompt_show": words.show.format(name), "code_prompt_hide": words.hide.format(name)}
            return {"tags": [*tags, "hide-input"], "mystnb": prompts}
    return {"tags": tags}


def pictures_apart(source: str, media: Media) -> str:
    """Markdown whose pictures are files beside it."""
    return DATA.sub(lambda data: data[1] + media.keep(base64.b64decode(data[2]), "png"), source)


def put_tools(course: Course, about: dict[str, Any], cells: list[Cell], words: Words) -> None:
    """Put what one does with a lesson under its title."""
    lesson = about["lesson"]
    tools = f"""
<div class="lesson-tools">
{colab_button(course, lesson, about["language"], words)}
<a class="tool" href="notebooks/{course.stem(lesson)}.ipynb" download>{words.download}</a>
{done_button(lesson, words)}
</div>
<p class="lesson-note">{words.results}</p>
"""
    first = first_of(cells)
    heading, rest = TITLE.split(first["source"], maxsplit=1)[1:]
    first["source"] = f"# {heading}\n{tools}{rest}"


def first_of(cells: list[Cell]) -> Cell:
    """The cell with the lesson's title."""
    return next(cell for cell in cells if cell["cell_type"] == "markdown" and TITLE.search(text_of(cell)))


def colab_button(course: Course, lesson: str, language: str, words: Words) -> str:
    """A link that opens the lesson in Colab."""
    return f'<a class="tool" href="{colab(course, lesson, language)}">{words.colab}</a>'


def done_button(lesson: str, words: Words) -> str:
    """A button that marks the lesson in this browser."""
    return (
        f'<button type="button" class="tool mark" data-lesson="{lesson}" aria-pressed="false" '
        f'data-done="{words.done}">{words.mark}</button>'
    )


def glossary_page(text: str, languages: tuple[str, ...], language: str, words: Words) -> str:
    """The course's glossary, its terms in the page's language first.

    Args:
        text: Markdown with a table whose columns are the languages.
        languages: the columns, in order.
        language: the page's language.
        words: the site's words.
    """
    rows = [[part.strip() for part in line.strip().strip("|").split("|")] for line in text.splitlines() if "|" in line]
    rows = [row for row in rows[1:] if len(row) == len(languages) and not set(row[0]) <= set("-: ")]
    order = [languages.index(language), *(i for i, other in enumerate(languages) if other != language)]
    rows.sort(key=lambda row: row[order[0]].casefold())
    lines = [[NAMES[languages[column]] for column in order], ["---"] * len(order)]
    lines += [[f'<span lang="{languages[column]}">{row[column]}</span>' for column in order] for row in rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"# {words.glossary}\n\n{words.glossary_intro}\n\n{table}\n"


def labkit_page(environments: list[str], words: Words) -> str:
    """The API of labkit, which Sphinx reads in its docstrings.

    Args:
        environments: the classes of the course's environments, as `module.Class`.
        words: the site's words.
    """
    about = f"# {words.labkit}\n\n{words.labkit_intro}\n\n{rst('.. automodule:: labkit', '   :members:')}"
    listed = rst(*(f".. autoclass:: {name}" for name in environments))
    return f"{about}\n## {words.environments}\n\n{listed}" if environments else about


def rst(*lines: str) -> str:
    """Directives that are not written in Markdown."""
    return "\n".join(["```{eval-rst}", *lines, "```", ""])
