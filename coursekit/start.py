"""The page that `make lab` opens on: the lessons in one language, in a README.md, which GitHub shows too."""

from collections.abc import Sequence

from coursekit.contents import Section, languages_there
from coursekit.course import Course
from coursekit.sentences import sentences

START = "README.md"


def start_page(course: Course, language: str, sections: Sequence[Section]) -> str:
    """The page in one language.

    Args:
        course: its languages.
        language: the page's.
        sections: the parts of the course in that language.

    Returns:
        Markdown.
    """
    _ = sentences(language).gettext
    heading = _("Lessons")
    how = _(
        "Click on a title: the lesson opens. In it, **Shift+Enter** runs a cell. Cells with `# TODO` are yours, and "
        "the cell that follows says whether your answer is right."
    )
    others = [
        f"**{spoken.name}**" if other == language else f"[{spoken.name}](../{other}/{START})"
        for other, spoken in course.spoken.items()
        if other in languages_there(course)
    ]
    parts = [f"# {heading}", " · ".join(others), how]
    for section in sections:
        parts.append(f"## {section.title}")
        for entry in section.entries:
            parts.append(f"### {entry.number} [{entry.title}]({entry.file})")
            time = minutes(entry.minutes, language)
            if entry.aims:
                summary = " · ".join(filter(None, [time, entry.promise]))
                parts.append(f"<details><summary>{summary}</summary>\n\n{entry.aims}\n\n</details>")
            elif time:
                parts.append(time)
    return "\n\n".join(parts) + "\n"


def minutes(count: int | None, language: str) -> str:
    """How long a lesson takes; "" where nobody said."""
    _ = sentences(language).gettext
    return _("{}\u00a0min").format(count) if count else ""
