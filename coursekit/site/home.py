"""The home page: what the course is, and its lessons as cards."""

import html
import re
from dataclasses import dataclass

from coursekit.course import Course
from coursekit.notebook import Notebook, text_of
from coursekit.site.outputs import Media
from coursekit.site.pages import TITLE, colab_button, first_of
from coursekit.site.stills import still
from coursekit.site.words import Words

GOALS = re.compile(r"(?:^- .+\n(?:^ .+\n|^\n(?=- ))*)+", re.M)
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


def card(lesson: str, page: Notebook, row: tuple[str, str], minutes: int | None, media: Media) -> Card:
    """A lesson's card.

    Args:
        lesson: the lesson's name.
        page: its page.
        row: what the README says of it (title, line); empty strings where it says nothing.
        minutes: how long it takes.
        media: the pictures and videos of the page.
    """
    first = text_of(first_of(page["cells"]))
    goals = GOALS.search(first)
    heading = TITLE.findall(first)[0]
    return Card(lesson, row[0] or heading, row[1], minutes, goals[0].strip() if goals else "", face_of(page, media))


def face_of(page: Notebook, media: Media) -> str:
    """The first video of a page, or else its first picture, as HTML."""
    texts = [text_of(cell) for cell in page["cells"] if cell["cell_type"] == "markdown"]
    outputs = [output for cell in page["cells"] for output in cell.get("outputs", ())]
    texts += [output["data"].get("text/html", "") for output in outputs if "data" in output]
    for form in (CLIP, STILL, PICTURE):
        if found := next(filter(None, map(form.search, texts)), None):
            label, source = " ".join(found["label"].split()), found["src"]
            if form is not CLIP:
                return f'<img src="{source}" alt="{html.escape(html.unescape(label))}">'
            poster = media.keep(still(media.files[source]), "png")
            return (
                f'<video controls loop muted playsinline preload="none" poster="{poster}" aria-label="{label}" '
                f'src="{source}"></video>'
            )
    return ""


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
