"""The page that `make lab` opens on: the lessons in one language, in a README.md, which GitHub shows too."""

from collections.abc import Sequence

from coursekit.contents import Section
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


def start_page(course: Course, language: str, sections: Sequence[Section]) -> str:
    """The page in one language.

    Args:
        course: its languages.
        language: the page's.
        sections: the parts of the course in that language.

    Returns:
        Markdown.
    """
    heading, how = WORDS[language]
    others = [
        f"**{NAMES[other]}**" if other == language else f"[{NAMES[other]}](../{other}/{START})"
        for other in course.languages
    ]
    parts = [f"# {heading}", " · ".join(others), how]
    for section in sections:
        parts.append(f"## {section.title}")
        for entry in section.entries:
            parts.append(f"### {entry.number} [{entry.title}]({entry.file})")
            time = f"{entry.minutes}\u00a0min" if entry.minutes else ""
            if entry.aims:
                summary = " · ".join(filter(None, [time, entry.promise]))
                parts.append(f"<details><summary>{summary}</summary>\n\n{entry.aims}\n\n</details>")
            elif time:
                parts.append(time)
    return "\n\n".join(parts) + "\n"
