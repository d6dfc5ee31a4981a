"""The home page: what the course is, and its lessons as cards."""

import html
import re
from dataclasses import dataclass

from coursekit.contents import Entry, course_words
from coursekit.course import Course
from coursekit.notebook import Notebook, text_of
from coursekit.site.outputs import Media
from coursekit.site.pages import colab_button
from coursekit.site.stills import still
from coursekit.site.words import Words

CLIP = re.compile(r'<video[^>]* aria-label="(?P<label>[^"]*)" src="(?P<src>[^"]+)"')
STILL = re.compile(r'<img src="(?P<src>[^"]+)" alt="(?P<label>[^"]*)"')
PICTURE = re.compile(r"!\[(?P<label>[^\]]*)\]\[[^\]]+\]\s*(?:^.*\n)*?^\[[^\]]+\]: (?P<src>media/\S+)$", re.M)


@dataclass(frozen=True)
class Card:
    """A lesson as the home page shows it.

    Attributes:
        entry: what the table of contents says of it.
        face: HTML, its first video or picture.
    """

    entry: Entry
    face: str

    @property
    def page(self) -> str:
        """The page's name, without its suffix."""
        return self.entry.file.removesuffix(".ipynb")


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


def home_page(course: Course, language: str, cards: list[tuple[str, list[Card]]], words: Words) -> str:
    """The home page: what the course is, and its lessons as cards.

    Args:
        course: what it is, and where links lead.
        language: the page's language.
        cards: for each part of the course its title and its lessons, in order.
        words: the site's words.
    """
    say = course_words(course, language)
    everything = [card for _part, lessons in cards for card in lessons]
    shown_cards = "\n\n".join(
        f'### {part}\n\n<div class="cards">\n\n'
        + "\n".join(card_html(course, language, one, words) for one in lessons)
        + "\n\n</div>"
        for part, lessons in cards
    )
    contents = "\n".join(toctree(part, lessons) for part, lessons in cards)
    first = everything[0]
    return f"""\
---
html_theme.sidebar_secondary.remove: true
---

# {say(course.title)}

{say(course.about)}

<p class="start"><a class="tool primary" href="{first.page}.html">{words.first.format(first.entry.number)}</a></p>
<p class="count" data-text="{words.count}" hidden></p>

## {words.lessons}

{shown_cards}

{contents}
```{{toctree}}
:hidden:
:caption: {words.reference}

glossary
labkit
```
"""


def toctree(part: str, cards: list[Card]) -> str:
    """The lessons of a part, for the menu."""
    entries = "\n".join(f"{one.entry.number} {one.entry.title} <{one.page}>" for one in cards)
    return f"```{{toctree}}\n:hidden:\n:caption: {part}\n\n{entries}\n```\n"


def card_html(course: Course, language: str, one: Card, words: Words) -> str:
    """A card: HTML around the goals, which are Markdown."""
    entry = one.entry
    time = f'<span class="time">{words.minutes.format(entry.minutes)}</span>' if entry.minutes else ""
    line = f'<p class="line">{html.escape(entry.line[0].upper() + entry.line[1:])}</p>' if entry.line else ""
    goals = f"<details>\n<summary>{words.goals}</summary>\n\n{entry.aims}\n\n</details>" if entry.aims else ""
    return f"""\
<article class="lesson-card" data-lesson="{entry.lesson}" data-done="{words.done}">
<div class="face">{one.face}</div>
<div class="about">
<p class="over"><span class="number">{entry.number}</span>{time}</p>
<h4><a href="{one.page}.html">{html.escape(entry.title)}</a></h4>
{line}
{goals}

<p class="lesson-tools">{colab_button(course, entry.lesson, language, words)}
<a class="tool" href="notebooks/{entry.file}" download>{words.download}</a></p>
</div>
</article>
"""
