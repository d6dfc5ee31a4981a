"""The two cells that the build puts before each lesson: the links, and the set-up."""

from coursekit.contents import languages_of
from coursekit.course import Course
from coursekit.sentences import sentences
from coursekit.source import Lesson

BADGE = "https://colab.research.google.com/assets/colab-badge.svg"

SET_UP_CODE = """\
# {comment}
import importlib.util
import subprocess
import sys

SOURCES = {sources}
missing = [url for name, url in SOURCES.items() if importlib.util.find_spec(name) is None]
install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *missing]
if missing and subprocess.run(install).returncode:
    raise RuntimeError(
        "{failure}"
    )

import labkit

labkit.use("{language}")"""


def links(course: Course, lesson: str, language: str) -> str:
    """Markdown: the Colab badge, and the same lesson in the other languages that have it."""
    others = [
        f"[{spoken.name}](../{other}/{course.stem(lesson)}.ipynb) ([Colab]({colab(course, lesson, other)}))"
        if other != language
        else f"**{spoken.name}**"
        for other, spoken in course.spoken.items()
        if other in languages_of(course, lesson)
    ]
    badge = f"[![{open_in_colab(language)}]({BADGE})]({colab(course, lesson, language)})"
    return f"{badge} {' · '.join(others)}"


def open_in_colab(language: str) -> str:
    """What a link to Colab says."""
    _ = sentences(language).gettext
    return _("Open in Colab")


def colab(course: Course, lesson: str, language: str) -> str:
    """The address at which Colab opens a lesson."""
    place = f"{course.repository}/blob/{course.ref}/notebooks/{language}/{course.stem(lesson)}.ipynb"
    return f"https://colab.research.google.com/github/{place}"


def set_up(course: Course, lesson: Lesson, language: str) -> str:
    """Code that makes Colab ready, and sets the language of labkit's messages."""
    sources = {"labkit": f"https://github.com/{course.repository}/archive/{course.ref}.zip"}
    sources |= lesson.packages
    listed = "".join(f'    "{name}": "{url}",\n' for name, url in sources.items())
    _ = sentences(language).gettext
    return SET_UP_CODE.format(
        comment=_("Set-up: on Colab, this installs what is missing and replaces nothing."),
        failure=_("the course's packages could not be installed: check the network, then run this cell again"),
        language=language,
        sources=f"{{\n{listed}}}",
    )
