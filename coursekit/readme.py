"""The head of the READMEs: the course's name, what it is, and its lessons; the build keeps it in step."""

import re
from collections.abc import Iterator, Sequence

from coursekit.contents import Section, course_words, languages_of, table_of_contents
from coursekit.course import Course
from coursekit.header import colab, open_in_colab
from coursekit.problems import CourseError
from coursekit.sentences import sentences
from coursekit.start import minutes

BEGIN, END = "<!-- course: written by coursekit build -->", "<!-- /course -->"
HEAD = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.S)


def readmes(course: Course) -> Iterator[tuple[str, str, str]]:
    """The READMEs that are there, as (language, text, text with the head that is due).

    Raises:
        CourseError: one of them does not say where its head stands.
    """
    for language in course.languages:
        path = course.readme(language)
        if not path.is_file():
            continue
        text = path.read_text("utf-8")
        if len(HEAD.findall(text)) != 1:
            reason = f"the course's head stands between {BEGIN} and {END}: put both back"
            raise CourseError(reason, course.relative(path))
        head = readme_head(course, language, table_of_contents(course, language))
        before, after = HEAD.split(text)
        yield language, text, f"{before}{BEGIN}\n{head}\n{END}{after}"


def readme_head(course: Course, language: str, sections: Sequence[Section]) -> str:
    """Title, languages, introduction, and a table of lessons for each part, in Markdown."""
    words, _ = course_words(course, language), sentences(language).gettext
    columns = f"{_('Time')} | {open_in_colab(language)}"
    others = [
        f"**{spoken.name}**" if other == language else f"[{spoken.name}]({course.readme(other).name})"
        for other, spoken in course.spoken.items()
        if course.readme(other).is_file()
    ]
    parts = [f"# {words(course.title)}", " · ".join(others), words(course.about)]
    for section in sections:
        rows = [f"| {section.title} | {columns} |", "|---|---|---|"]
        for entry in section.entries:
            link = f"[{entry.title}](notebooks/{language}/{entry.file})"
            line = f"<br>{entry.line}" if entry.line else ""
            time = minutes(entry.minutes, language)
            opened = [
                f"[{course.spoken[other].name}]({colab(course, entry.lesson, other)})"
                for other in languages_of(course, entry.lesson)
            ]
            rows.append(f"| {entry.number} {link}{line} | {time} | {' · '.join(opened)} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)
