"""The page that `make lab` opens on: the lessons in one language, in a README.md, which GitHub shows too."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from coursekit.course import NAMES, Course

START = "README.md"

WORDS = {
    "en": (
        "Lessons",
        "Click on a title: the lesson opens. In it, **Shift+Enter** runs a cell. Cells with `# TODO` are yours, and "
        "the cell that follows says whether your answer is right.",
    ),
    "fr": (
        "Leçons",
        "Cliquez sur un titre\u00a0: la leçon s'ouvre. **Maj+Entrée** y exécute une cellule. Les cellules marquées "
        "`# TODO` sont à vous, et la cellule qui suit dit si votre réponse est juste.",
    ),
    "ro": (
        "Lecții",
        "Faceți clic pe un titlu: lecția se deschide. În ea, **Shift+Enter** rulează o celulă. Celulele cu `# TODO` "
        "sunt ale voastre, iar celula care urmează spune dacă răspunsul este corect.",
    ),
}


class Opening(NamedTuple):
    """How a lesson begins.

    Attributes:
        title: its first heading.
        promise: the paragraph before its first list, such as "At the end of this lesson you will be able to"; or "".
        aims: that list; "" where no paragraph comes before it.
    """

    title: str
    promise: str = ""
    aims: str = ""


def opening(source: str) -> Opening | None:
    """How a markdown cell opens a lesson; None where it is no title."""
    heading, _, rest = source.strip().partition("\n")
    if not heading.startswith("# "):
        return None
    blocks = re.split(r"\n\s*\n", rest.strip())
    place = next((i for i, block in enumerate(blocks) if re.match(r"[-*] ", block)), 0)
    promise = " ".join(blocks[place - 1].split()) if place else ""
    return Opening(heading[2:].strip(), promise, blocks[place] if place else "")


def start_page(course: Course, language: str, lessons: Sequence[tuple[str, Opening, int | None]]) -> str:
    """The page in one language.

    Args:
        course: its languages.
        language: the page's.
        lessons: name, opening in that language, and minutes (None where nobody knows), in order.

    Returns:
        Markdown.
    """
    heading, how = WORDS[language]
    others = [
        f"**{NAMES[other]}**" if other == language else f"[{NAMES[other]}](../{other}/{START})"
        for other in course.languages
    ]
    parts = [f"# {heading}", " · ".join(others), how]
    for name, (title, promise, aims), minutes in lessons:
        parts.append(f"## {name.partition('_')[0]} [{title}]({name}.ipynb)")
        time = f"{minutes}\u00a0min" if minutes else ""
        if aims:
            summary = " · ".join(filter(None, [time, promise]))
            parts.append(f"<details><summary>{summary}</summary>\n\n{aims}\n\n</details>")
        elif time:
            parts.append(time)
    return "\n\n".join(parts) + "\n"
