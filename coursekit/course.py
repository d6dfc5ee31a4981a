"""Where a course keeps its parts."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from coursekit.problems import CourseError

MASTER = "en"
NAMES = {"en": "English", "fr": "Français", "ro": "Română"}
PLACEHOLDER = "OWNER/REPO"


@dataclass(frozen=True)
class Course:
    """A course on disk.

    Attributes:
        root: the folder that holds `pyproject.toml` and `lessons/`.
        repository: `OWNER/NAME` on GitHub, where Colab opens the notebooks.
        ref: the branch or tag that Colab opens.
        languages: language codes, the English master first.
    """

    root: Path
    repository: str
    ref: str
    languages: tuple[str, ...]

    @property
    def translations(self) -> tuple[str, ...]:
        """The languages other than the master's."""
        return tuple(language for language in self.languages if language != MASTER)

    def lessons(self) -> list[str]:
        """Names of the lessons, in order."""
        return sorted(path.parent.name for path in (self.root / "lessons").glob("*/lesson.py"))

    def source(self, lesson: str) -> Path:
        """The English master of a lesson."""
        return self.root / "lessons" / lesson / "lesson.py"

    def catalog(self, lesson: str, language: str) -> Path:
        """The translations of a lesson into a language."""
        return self.root / "lessons" / lesson / f"{language}.po"

    def notebook(self, kind: str, language: str, lesson: str) -> Path:
        """A built notebook; `kind` is "notebooks" (students') or "solutions"."""
        return self.root / kind / language / f"{lesson}.ipynb"

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
        repository, ref, languages = settings["repository"], settings["ref"], tuple(settings["languages"])
    except (FileNotFoundError, KeyError, TypeError) as error:
        raise CourseError(
            f"{root} is no course ({error}): run coursekit in the folder whose pyproject.toml has a "
            "[tool.coursekit] table with repository, ref and languages"
        ) from error
    except ValueError as error:
        raise CourseError(f"pyproject.toml does not parse ({error}): mend it first") from error
    if languages[:1] != (MASTER,) or not set(languages) <= NAMES.keys():
        raise CourseError(
            f"[tool.coursekit] languages in pyproject.toml begin with {MASTER!r}, the master, and are among "
            f"{', '.join(NAMES)}"
        )
    return Course(root, repository, ref, languages)


def choose_lessons(course: Course, wanted: list[str]) -> list[str]:
    """Lessons by number, name or beginning of the name; all of them when none is given.

    Raises:
        CourseError: no lesson begins so.
    """
    lessons = course.lessons()
    if not wanted:
        return lessons
    for prefix in wanted:
        if not any(lesson.startswith(prefix) for lesson in lessons):
            raise CourseError(f"there is no lesson {prefix!r}: choose among {', '.join(lessons)}")
    return [lesson for lesson in lessons if lesson.startswith(tuple(wanted))]
