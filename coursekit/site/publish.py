"""The whole site: pages made, proved to tell no answer, built by Sphinx, and put in place when all is well."""

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import polib

from coursekit.build import built, whole_lesson
from coursekit.check import unexecuted
from coursekit.content import Content
from coursekit.contents import course_words, languages_there, lessons_in, table_of_contents
from coursekit.course import Course
from coursekit.header import colab
from coursekit.leaks import leaks
from coursekit.markdown import prose
from coursekit.notebook import Notebook, dumps
from coursekit.problems import CourseError, place
from coursekit.release import refuse_strangers, write_tree
from coursekit.site.front import front_page
from coursekit.site.home import Card, face_of, home_page
from coursekit.site.outputs import Figure, Media, secrets, shown
from coursekit.site.pages import glossary_page, labkit_page, lesson_page
from coursekit.site.words import theme_words, words
from coursekit.source import Lesson

MARK = ".site.json"  # lists what an earlier build wrote
NEEDED = ("sphinx", "sphinx_book_theme", "myst_nb", "sphinx-mathjax-offline")
FORMULAS = "static/mathjax/tex-svg-full.js"  # one file, no fonts
OURS = Path(__file__).parent / "theme"
PRIVATE = (".doctrees/", ".buildinfo")  # Sphinx's own notes
Files = dict[str, bytes]
Notebooks = dict[Path, Notebook]


def publish(course: Course, to: Path, repository: str | None = None, ref: str | None = None) -> int:
    """Write the course's site.

    Args:
        course: the course.
        to: a new or empty folder, or an earlier site, which is replaced (its `.git` stays).
        repository: `OWNER/NAME` that links to Colab are stamped with, instead of the course's setting.
        ref: the branch or tag, likewise.

    Returns:
        How many files were written.

    Raises:
        CourseError: Sphinx is missing or failed, a solution was not executed, an answer would be told, or the folder
            is something else.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(f"the site needs {missing[0]}, which is not installed: run make lint, which installs it")
    refuse_strangers(to, MARK, "site")
    stamped = replace(course, repository=repository or course.repository, ref=ref or course.ref)
    lessons = [whole_lesson(course, name) for name in course.lessons()]
    notebooks = {path: notebook for lesson in lessons for path, notebook in built(stamped, lesson)}
    sources = {language: page_sources(stamped, lessons, notebooks, language) for language in languages_there(course)}
    refuse_leaks(course, notebooks, sources)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        sites = pool.map(lambda item: built_pages(course, item[0], item[1], Path(folder) / item[0]), sources.items())
        files = {f"{language}/{name}": data for language, pages in sites for name, data in pages.items()}
    titles = {language: title_of(course, language) for language in sources}
    files |= {"index.html": front_page(course.spoken, titles).encode(), ".nojekyll": b""}
    files[MARK] = (json.dumps({"files": sorted(files)}, indent=1) + "\n").encode()
    write_tree(to.resolve(), files)
    return len(files)


def page_sources(course: Course, lessons: list[Lesson], notebooks: Notebooks, language: str) -> Files:
    """The pages of one language as Sphinx reads them, with their pictures, videos and notebooks to download."""
    say, media = words(language), Media()
    files: Files = {}
    faces: dict[str, Figure | None] = {}
    there = lessons_in(course, language)
    for lesson in (lesson for lesson in lessons if lesson.name in there):
        name, stem = lesson.name, course.stem(lesson.name)
        student = notebooks[course.notebook("notebooks", language, name)]
        solution = notebooks[course.notebook("solutions", language, name)]
        if cell := unexecuted(solution):
            path = course.relative(course.notebook("solutions", language, name))
            raise CourseError(f"this cell was not executed: run coursekit execute {stem}", path, cell)
        page = lesson_page(course, student, solution, shown(solution, student), say, media)
        faces[name] = face_of(page.figures, media)
        files |= {f"{stem}.ipynb": dumps(page.notebook), f"extra/notebooks/{stem}.ipynb": dumps(student)}
    cards = [
        (part, [Card(entry, colab(course, entry.lesson, language), faces[entry.lesson]) for entry in entries])
        for part, entries in table_of_contents(course, language)
    ]
    files["index.md"] = home_page(course, language, cards, say).encode()
    glossary = course.root / "lessons" / "GLOSSARY.md"
    if glossary.is_file():
        with place(course.relative(glossary)):
            text = glossary_page(glossary.read_text("utf-8"), course.spoken, language, say)
        files["glossary.md"] = text.encode()
    files["labkit.md"] = labkit_page(environments(course), say).encode()
    return files | media.files | {f"extra/{path}": data for path, data in media.files.items()}


def environments(course: Course) -> list[str]:
    """The environments that labkit registers, as `module.Class`."""
    registry = course.root / "labkit" / "envs" / "__init__.py"
    if not registry.is_file():
        return []
    nodes = ast.walk(ast.parse(registry.read_text("utf-8")))
    points = (node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "entry_point")
    return sorted(ast.literal_eval(point).replace(":", ".") for point in points)


def refuse_leaks(course: Course, notebooks: Notebooks, sources: dict[str, Files]) -> None:
    """See to it that no page says what stands only in solutions.

    Raises:
        CourseError: one does.
    """
    hidden = Content()
    for language in sources:
        for name in lessons_in(course, language):
            solution = notebooks[course.notebook("solutions", language, name)]
            hidden.add(secrets(solution, notebooks[course.notebook("notebooks", language, name)]))
    told = [f"{language}/{line}" for language, files in sources.items() for line in leaks(hidden, files.items())]
    if told:
        lines = "\n  ".join(told[:20])
        raise CourseError(
            f"nothing was written, because these {len(told)} places tell what stands only in solutions; "
            f"take it out of them:\n  {lines}"
        )


def built_pages(course: Course, language: str, sources: Files, folder: Path) -> tuple[str, Files]:
    """Have Sphinx make the pages of a language in a folder; returns what a browser needs of them.

    Raises:
        CourseError: Sphinx failed.
    """
    source, html = folder / "source", folder / "html"
    for name, data in sources.items():
        write(source / name, data)
    shutil.copytree(OURS, source, dirs_exist_ok=True)
    write(source / "settings.json", json.dumps(settings(course, language)).encode())
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    assert spec and spec.origin  # publish has looked
    write(source / "static" / "mathjax.js", (Path(spec.origin).parent / FORMULAS).read_bytes())
    write(source / "locale" / language / "LC_MESSAGES" / "sphinx.mo", theme_catalog(language))
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-b",
        "html",
        "-d",
        str(folder / "doctrees"),
        str(source),
        str(html),
    ]
    run = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    if run.returncode:
        raise CourseError(f"Sphinx could not build the pages in {language}; it says:\n{run.stderr.strip()[-2000:]}")
    print(run.stderr, end="", file=sys.stderr)
    paths = (path for path in html.rglob("*") if path.is_file())
    files = {path.relative_to(html).as_posix(): path.read_bytes() for path in paths}
    return language, {name: data for name, data in files.items() if not name.startswith(PRIVATE)}


def write(path: Path, data: bytes) -> None:
    """Write a file of the temporary folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def title_of(course: Course, language: str) -> str:
    """The course's title, without Markdown's marks."""
    return prose(course_words(course, language)(course.title)).strip()


def settings(course: Course, language: str) -> dict[str, object]:
    """What `theme/conf.py` has to know."""
    say = words(language)
    return {
        "root": str(course.root),
        "language": language,
        "languages": [(code, course.spoken[code].name) for code in languages_there(course)],
        "absent": {
            code: [course.stem(name) for name in course.lessons() if name not in lessons_in(course, code)]
            for code in languages_there(course)
        },
        "title": title_of(course, language),
        "words": {
            name: getattr(say, name) for name in ("languages", "lessons", "search", "contents", "menu", "outline")
        },
    }


def theme_catalog(language: str) -> bytes:
    """The theme's words in a language, as gettext reads them."""
    catalog = polib.POFile()
    catalog.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": language}
    for english, ours in theme_words(language).items():
        if ours != english:  # Sphinx may have a translation of its own
            catalog.append(polib.POEntry(msgid=english, msgstr=ours))
    return bytes(catalog.to_binary())
