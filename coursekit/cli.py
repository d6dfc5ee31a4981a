"""The command line: `coursekit new | build | update | check | execute | release | site | grade`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from coursekit.build import build, update
from coursekit.check import absences, check
from coursekit.course import PLACEHOLDER, Course, choose_lessons, open_course
from coursekit.execute import execute
from coursekit.new import new_lesson
from coursekit.problems import CourseError
from coursekit.release import release

GRADE = "Mark exercises by probe and judge; write marks.csv, feedback/ and report.md. Run again, it goes on."


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="coursekit", description="Works on the course in the current directory.", allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"coursekit {version('coursekit')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    text = "make a lesson to begin with, the last in lessons/course.toml"
    commands.add_parser("new", help=text, description=text).add_argument(
        "name", metavar="NAME", help="such as first_steps"
    )
    texts = {
        "build": "make notebooks/ and solutions/ from lessons/",
        "update": "bring the catalogs of translations into step with the English",
        "check": "name everything that is wrong; exit 1 if anything is",
        "execute": "run the solutions and store their outputs",
    }
    for name, text in texts.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "lessons", nargs="*", metavar="LESSON", help="a lesson's number or name (default: every lesson)"
        )
        if name == "execute":
            command.add_argument("--lang", action="append", metavar="L", help="only this language; may be repeated")
    texts = {
        "release": "write the students' tree: notebooks, labkit, pictures, and what installs them",
        "site": "write the course's site: plain files in every language, for any static host",
    }
    for name, text in texts.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--to", required=True, type=Path, metavar="DIR", help=f"empty, new, or an earlier {name}")
        command.add_argument("--repository", metavar="OWNER/NAME", help="where students will find it on GitHub")
        command.add_argument("--ref", metavar="TAG", help="the branch or tag that links lead to")
    add_grade(commands.add_parser("grade", help="mark what students handed in", description=GRADE))
    return top


def add_grade(command: argparse.ArgumentParser) -> None:
    """The options of `coursekit grade`."""
    command.add_argument("submissions", type=Path, help="folder or zip, as Moodle, Classroom or nbgrader give it")
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help="where marks and feedback go")
    command.add_argument("--lesson", action="append", default=[], metavar="NN", help="only this one; may be repeated")
    command.add_argument("--workers", type=int, default=0, metavar="N", help="processes (default: one a core)")
    command.add_argument("--dask", default="", metavar="ADDRESS", help="scheduler of the cluster to mark on")
    command.add_argument("--gradebook", type=Path, metavar="DB", help="nbgrader's gradebook.db, to write into")
    command.add_argument("--seed", default="", metavar="TEXT", help="another text draws other inputs")
    command.add_argument(
        "--unsafe-no-sandbox", action="store_true", help="run students' code with all your rights: on your own only"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code (0 done, 1 something is wrong with the course)."""
    options = parser().parse_args(arguments)
    try:
        return run(options, open_course(Path.cwd()))
    except CourseError as error:
        print(f"coursekit: {error}", file=sys.stderr)
    except OSError as error:
        print(f"coursekit: {error}: see to that, then run it again", file=sys.stderr)
    except KeyboardInterrupt:
        print("coursekit: stopped; nothing is half-written", file=sys.stderr)
    return 1


def run(options: argparse.Namespace, course: Course) -> int:
    """Run the chosen command on a course."""
    if options.command == "new":
        for path in new_lesson(course, options.name):
            print(course.relative(path))
        print(
            f"now: coursekit build {options.name}, coursekit execute {options.name}; lessons/course.toml has its place"
        )
        return 0
    if options.command == "release":
        count = release(course, options.to, options.repository, options.ref)
        print(f"{options.to}: {count} files, and no answer in any of them")
        return 0
    if options.command == "site":
        return run_site(options, course)
    if options.command == "grade":
        return run_grade(options, course)
    lessons = choose_lessons(course, options.lessons)
    if options.command == "check":
        problems = check(course, lessons)
        for absence in absences(course, lessons):
            print(absence)
        for problem in problems:
            print(problem)
        print(f"{len(problems)} to mend" if problems else f"clean: {', '.join(map(course.stem, lessons))}")
        return 1 if problems else 0
    if options.command == "execute":
        unknown = set(options.lang or ()) - set(course.languages)
        if unknown:
            raise CourseError(f"no language {min(unknown)!r}: choose among {', '.join(course.languages)}")
        changed = execute(course, lessons, list(dict.fromkeys(options.lang or course.languages)))
    else:
        changed = {"build": build, "update": update}[options.command](course, lessons)
    for path in changed:
        print(course.relative(path))
    print(f"files changed: {len(changed)}")
    return 0


def run_site(options: argparse.Namespace, course: Course) -> int:
    """Run `coursekit site`."""
    from coursekit.site.publish import publish  # it takes a while, and the other commands do not need it

    count = publish(course, options.to, options.repository, options.ref)
    print(f"{options.to}: {count} files, and no answer in any of them; open {options.to / 'index.html'}")
    if PLACEHOLDER in (options.repository or course.repository):
        print(f"coursekit: links to Colab say {PLACEHOLDER}: give --repository OWNER/NAME to publish", file=sys.stderr)
    return 0


def run_grade(options: argparse.Namespace, course: Course) -> int:
    """Run `coursekit grade`; 1 when an answer could not be marked."""
    from coursekit.grading.grade import Options, grade  # what marking needs, the other commands do not

    chosen = Options(
        lessons=tuple(options.lesson),
        workers=options.workers,
        dask=options.dask,
        gradebook=options.gradebook,
        sandboxed=not options.unsafe_no_sandbox,
        seed=options.seed,
    )
    marked = grade(course, options.submissions, options.out, chosen)
    failed = sum(mark.state == "failed" for one in marked for marks in one.marks.values() for mark in marks.values())
    print(f"{options.out}: marks.csv, report.md and feedback for {len(marked)} students")
    if failed:
        print(f"answers not marked, by no fault of their own: {failed}; run the same command again", file=sys.stderr)
    return 1 if failed else 0
