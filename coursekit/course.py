"""Where a course keeps its parts."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.languages import MASTER as MASTER
from coursekit.languages import Language, languages_of
from coursekit.problems import CourseError, place

CONTENTS = "lessons/course.toml"
PLACEHOLDER = "OWNER/REPO"
NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")  # of a lesson


@dataclass(frozen=True)
class Part:
    """Lessons that belong together.

    Attributes:
        title: in English.
        lessons: their names, in order.
    """

    title: str
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """A course on disk. A lesson's name is that of its folder; its number comes from its place in the parts.

    Attributes:
        root: the folder that holds `pyproject.toml` and `lessons/`.
        repository: `OWNER/NAME` on GitHub, where Colab opens the notebooks.
        ref: the branch or tag that Colab opens.
        title: the course's, in English.
        about: what it is, in English: a paragraph of Markdown.
        parts: its lessons.
        spoken: its languages by code, the English master first.
    """

    root: Path
    repository: str
    ref: str
    title: str
    about: str
    parts: tuple[Part, ...]
    spoken: Mapping[str, Language] = field(hash=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages, the English master first."""
        return tuple(self.spoken)

    @property
    def translations(self) -> tuple[str, ...]:
        """The languages other than the master's."""
        return tuple(language for language in self.languages if language != MASTER)

    def lessons(self) -> list[str]:
        """Names of the lessons, in order."""
        return [lesson for part in self.parts for lesson in part.lessons]

    def number(self, lesson: str) -> str:
        """A lesson's number, in two digits; the first is 01.

        Raises:
            CourseError: no part lists the lesson.
        """
        if lesson not in self.lessons():
            raise CourseError(f"there is no lesson {lesson!r}: choose among {', '.join(self.lessons())}")
        return f"{self.lessons().index(lesson) + 1:02}"

    def stem(self, lesson: str) -> str:
        """What a lesson's files are called: its number and its name."""
        return f"{self.number(lesson)}_{lesson}"

    def source(self, lesson: str) -> Path:
        """The English master of a lesson."""
        return self.root / "lessons" / lesson / "lesson.py"

    def catalog(self, lesson: str, language: str) -> Path:
        """The translations of a lesson into a language."""
        return self.root / "lessons" / lesson / f"{language}.po"

    def own_catalog(self, language: str) -> Path:
        """The translations of the course's title and parts into a language."""
        return self.root / "lessons" / f"{language}.po"

    def notebook(self, kind: str, language: str, lesson: str) -> Path:
        """A built notebook; `kind` is "notebooks" (students') or "solutions"."""
        return self.root / kind / language / f"{self.stem(lesson)}.ipynb"

    def readme(self, language: str) -> Path:
        """The page that introduces the course in a language; it need not be there."""
        return self.root / ("README.md" if language == MASTER else f"README.{language}.md")

    def relative(self, path: Path) -> str:
        """The path as messages show it."""
        return path.relative_to(self.root).as_posix()


def open_course(root: Path) -> Course:
    """Read the course's settings.

    Raises:
        CourseError: the folder is no course, or a setting is missing.
    """
    try:
        settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["coursekit"]
        repository, ref = settings["repository"], settings["ref"]
    except (FileNotFoundError, KeyError, TypeError) as error:
        raise CourseError(
            f"{root} is no course ({error}): run coursekit in the folder whose pyproject.toml has a "
            "[tool.coursekit] table with repository and ref"
        ) from error
    except ValueError as error:
        raise CourseError(f"pyproject.toml does not parse ({error}): mend it first") from error
    return Course(root, repository, ref, *contents(root / CONTENTS))


def contents(path: Path) -> tuple[str, str, tuple[Part, ...], dict[str, Language]]:
    """Title, introduction, parts and languages of the course, from `course.toml`.

    Raises:
        CourseError: the file is missing, does not parse, or says something else.
    """
    with place(CONTENTS):
        try:
            listed = tomllib.loads(path.read_text("utf-8"))
            parts = tuple(Part(str(part["title"]), tuple(part["lessons"])) for part in listed["part"])
            title, about, languages = str(listed["title"]), str(listed["about"]).strip(), dict(listed["languages"])
        except FileNotFoundError as error:
            raise CourseError("this file is not there, and it lists the lessons: restore it") from error
        except (KeyError, TypeError) as error:
            raise CourseError(
                f"this file lacks something ({error}): it has title, about, tables [[part]] with title and lessons, "
                "and a table [languages.CODE] for each language"
            ) from error
        except ValueError as error:
            raise CourseError(f"this file does not parse ({error}): mend it first") from error
        lessons = [lesson for part in parts for lesson in part.lessons]
        for lesson in lessons:
            if lessons.count(lesson) > 1:
                raise CourseError(f"{lesson} is listed {lessons.count(lesson)} times: take all but one away")
            if not NAME.fullmatch(str(lesson)):
                raise CourseError(f"{lesson!r} is no lesson's name: use lowercase words joined by _")
        return title, about, parts, languages_of(languages)


def choose_lessons(course: Course, wanted: list[str]) -> list[str]:
    """Lessons by number, name or beginning of the name; all of them when none is given.

    Raises:
        CourseError: no lesson begins so.
    """
    chosen = {prefix: [lesson for lesson in course.lessons() if begins(course, lesson, prefix)] for prefix in wanted}
    for prefix, lessons in chosen.items():
        if not lessons:
            known = ", ".join(map(course.stem, course.lessons()))
            raise CourseError(f"there is no lesson {prefix!r}: choose among {known}")
    return [
        lesson for lesson in course.lessons() if not wanted or any(lesson in lessons for lessons in chosen.values())
    ]


def begins(course: Course, lesson: str, prefix: str) -> bool:
    """Whether a lesson's name begins so, with its number or without."""
    return lesson.startswith(prefix) or course.stem(lesson).startswith(prefix)
