"""The site's pages as sources for Sphinx: lessons as notebooks, the others as Markdown."""

import base64
import html
import re
from dataclasses import dataclass
from typing import Any

from coursekit.course import NAMES, Course
from coursekit.header import colab
from coursekit.notebook import Notebook, text_of
from coursekit.site.outputs import Cell, Media, on_page
from coursekit.site.words import Words

TITLE = re.compile(r"^# (.+)$", re.M)
HEADING = re.compile(r"^#+ (.+)$", re.M)
GOALS = re.compile(r"(?:^- .+\n(?:^ .+\n|^\n(?=- ))*)+", re.M)
DATA = re.compile(r"^(\[[^\]]+\]: )data:image/png;base64,(\S+)$", re.M)
CLIP = re.compile(r'<video[^>]* aria-label="(?P<label>[^"]*)" src="(?P<src>[^"]+)"')
STILL = re.compile(r'<img src="(?P<src>[^"]+)" alt="(?P<label>[^"]*)"')
PICTURE = re.compile(r"!\[(?P<label>[^\]]*)\]\[[^\]]+\]\s*(?:^.*\n)*?^\[[^\]]+\]: (?P<src>media/\S+)$", re.M)


@dataclass(frozen=True)
class Card:
    """A lesson as the home page shows it.

    Attributes:
        lesson: the lesson's name.
        title: in a few words.
        line: what it is about, in a line; may be empty.
        minutes: how long it takes; None where nobody said.
        goals: Markdown, a list.
        face: HTML, its first video or picture.
    """

    lesson: str
    title: str
    line: str
    minutes: int | None
    goals: str
    face: str


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
<a class="tool" href="notebooks/{lesson}.ipynb" download>{words.download}</a>
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


def card(lesson: str, page: Notebook, row: tuple[str, str], minutes: int | None) -> Card:
    """A lesson's card.

    Args:
        lesson: the lesson's name.
        page: its page.
        row: what the README says of it (title, line); empty strings where it says nothing.
        minutes: how long it takes.
    """
    first = text_of(first_of(page["cells"]))
    goals = GOALS.search(first)
    heading = TITLE.findall(first)[0]
    return Card(lesson, row[0] or heading, row[1], minutes, goals[0].strip() if goals else "", face_of(page))


def face_of(page: Notebook) -> str:
    """The first video of a page, or else its first picture, as HTML."""
    texts = [text_of(cell) for cell in page["cells"] if cell["cell_type"] == "markdown"]
    texts += [output["data"].get("text/html", "") for cell in page["cells"] for output in shown_data(cell)]
    for form in (CLIP, STILL, PICTURE):
        for text in texts:
            if found := form.search(text):
                label = found["label"] if form is not PICTURE else html.escape(" ".join(found["label"].split()))
                return video(found["src"], label) if form is CLIP else f'<img src="{found["src"]}" alt="{label}">'
    return ""


def shown_data(cell: Cell) -> list[Cell]:
    """Outputs of a cell that are more than printed text."""
    return [output for output in cell.get("outputs", ()) if "data" in output]


def video(source: str, label: str) -> str:
    """A player."""
    still = "#t=1.5"  # what is seen before it plays
    return f'<video controls loop muted playsinline preload="auto" aria-label="{label}" src="{source}{still}"></video>'


def readme_row(text: str, language: str, lesson: str) -> tuple[str, str]:
    """What a README's table says of a lesson: its title, and a line."""
    row = re.search(rf"\[([^\]]+)\]\(notebooks/{language}/{lesson}\.ipynb\)\s*: *([^|]*)\|", text)
    return (row[1], row[2].strip()) if row else ("", "")


def home_page(course: Course, language: str, readme: str, cards: list[Card], words: Words) -> str:
    """The home page: what the course is, and its lessons as cards.

    Args:
        course: where links lead.
        language: the page's language.
        readme: the README in that language; its title and first paragraph are the page's.
        cards: the lessons, in order.
        words: the site's words.
    """
    title = (TITLE.findall(readme) or [words.home])[0]
    paragraphs = re.split(r"\n\s*\n", TITLE.sub("", readme, count=1))
    intro = next((text.strip() for text in paragraphs if re.match(r"\s*[^\W\d_]", text)), "")
    entries = "\n".join(f"{one.lesson[:2]} {one.title} <{one.lesson}>" for one in cards)
    shown_cards = "\n".join(card_html(course, language, one, words) for one in cards)
    first = cards[0].lesson
    return f"""\
---
html_theme.sidebar_secondary.remove: true
---

# {title}

{intro}

<p class="start"><a class="tool primary" href="{first}.html">{words.first.format(first[:2])}</a></p>
<p class="count" data-text="{words.count}" hidden></p>

## {words.lessons}

<div class="cards">

{shown_cards}

</div>

```{{toctree}}
:hidden:
:caption: {words.lessons}

{entries}
```

```{{toctree}}
:hidden:
:caption: {words.reference}

glossary
labkit
```
"""


def card_html(course: Course, language: str, one: Card, words: Words) -> str:
    """A card: HTML around the goals, which are Markdown."""
    time = f'<span class="time">{words.minutes.format(one.minutes)}</span>' if one.minutes else ""
    line = f'<p class="line">{html.escape(one.line[0].upper() + one.line[1:])}</p>' if one.line else ""
    goals = f"<details>\n<summary>{words.goals}</summary>\n\n{one.goals}\n\n</details>" if one.goals else ""
    return f"""\
<article class="lesson-card" data-lesson="{one.lesson}" data-done="{words.done}">
<div class="face">{one.face}</div>
<div class="about">
<p class="over"><span class="number">{one.lesson[:2]}</span>{time}</p>
<h3><a href="{one.lesson}.html">{html.escape(one.title)}</a></h3>
{line}
{goals}

<p class="lesson-tools">{colab_button(course, one.lesson, language, words)}
<a class="tool" href="notebooks/{one.lesson}.ipynb" download>{words.download}</a></p>
</div>
</article>
"""


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
