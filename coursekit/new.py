"""`coursekit new`: a lesson to begin with, one cell of each kind, which builds, runs and is marked as it stands."""

from importlib.resources import files
from pathlib import Path

import tomlkit

from coursekit.build import update
from coursekit.course import NAME, Course, open_course
from coursekit.files import write_text
from coursekit.problems import CourseError

TITLE = "{{title}}"  # what stands in the template for the lesson's title


def new_lesson(course: Course, name: str) -> list[Path]:
    """Make a lesson of that name, the last of the course.

    Args:
        course: the course, whose list of lessons grows by this one.
        name: lowercase words joined by `_`; its title is made of them.

    Returns:
        The files that were written.

    Raises:
        CourseError: the name is no name, or taken.
    """
    if not NAME.fullmatch(name):
        raise CourseError(f"{name!r} is no lesson's name: use lowercase words joined by _, such as first_steps")
    if course.source(name).parent.exists() or name in course.lessons():
        raise CourseError(f"there is a lesson {name} already: choose another name")
    if not course.parts:
        raise CourseError("the list of lessons has no [[part]]: write one first", "lessons/course.toml")
    title = name.replace("_", " ").capitalize()
    written = []
    for template in sorted(files("coursekit").joinpath("template").iterdir(), key=lambda file: file.name):
        path = course.source(name).with_name(template.name.removesuffix(".txt"))
        if path.suffix == ".po" and path.stem not in course.languages:
            continue
        write_text(path, template.read_text("utf-8").replace(TITLE, title))
        written.append(path)
    listing = course.root / "lessons" / "course.toml"
    listed = tomlkit.parse(listing.read_text("utf-8"))
    listed["part"][-1]["lessons"].append(name)
    write_text(listing, tomlkit.dumps(listed))
    return list(dict.fromkeys([*written, listing, *update(open_course(course.root), [name])]))
