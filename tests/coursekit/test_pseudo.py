"""A language made by machine goes through build, check, execute, grade and site: what stays plain is not translated."""

import ast
import json
import re
import shutil
import tokenize
from io import StringIO
from pathlib import Path

import pytest

from coursekit import sentences
from coursekit.build import build, update
from coursekit.check import absences, check
from coursekit.course import open_course
from coursekit.execute import execute
from coursekit.grading.grade import Options, grade
from coursekit.new import new_lesson
from coursekit.notebook import dumps, loads, text_of
from coursekit.package_messages import package_catalog
from coursekit.site.publish import publish

from .conftest import PYPROJECT
from .pseudo import CODE, accented, messages, plain_words, translate, visible

ROOT = Path(__file__).parents[2]
LESSON = "first_steps"
COURSE = f"""\
title = "A small course"
about = "One lesson, made in a moment."

[[part]]
title = "The only part"
lessons = []

[languages.en]

[languages.{CODE}]
"""
CODE_ONLY = "check-by-hand"  # prints what Python has, as Python writes it


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The lesson that `coursekit new` makes, in English and in the language made by machine; built and executed."""
    root = tmp_path_factory.mktemp("pseudo")
    (root / "lessons").mkdir()
    (root / "lessons" / "course.toml").write_text(COURSE)
    (root / "pyproject.toml").write_text(PYPROJECT)
    for package in ("labkit", "coursekit"):
        ignored = shutil.ignore_patterns("media", "locale", "__pycache__")
        shutil.copytree(ROOT / package, root / package, ignore=ignored)
    new_lesson(open_course(root), LESSON)
    course = open_course(root)
    update(course, [LESSON])
    for path in root.rglob(f"*{CODE}*.po"):
        translate(path)
    for package in ("labkit", "coursekit"):
        translate(package_catalog(course, package, CODE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "LOCALE", root / "coursekit" / "locale")
        patch.setenv("PYTHONPATH", str(root))  # its labkit, not the one that is installed
        build(course, [LESSON])
        execute(course, [LESSON], list(course.languages))
        yield course


def notebook(course, kind="notebooks"):
    return loads(course.notebook(kind, CODE, LESSON))


def test_all_is_in_step(course):
    assert list(map(str, check(course, [LESSON]))) == []
    assert list(absences(course, [LESSON])) == []


@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
def test_notebooks(course, kind):
    for cell in notebook(course, kind)["cells"]:
        source = text_of(cell)
        if cell["cell_type"] == "markdown":
            assert plain_words(re.sub(r"\[[^\]]*\]: \S+", "", source)) == [], cell["id"]
            continue
        tokens = list(tokenize.generate_tokens(StringIO(source + "\n").readline))
        comments = [token.string.removeprefix("# ") for token in tokens if token.type == tokenize.COMMENT]
        assert plain_words("\n".join(comments)) == [], cell["id"]
    code = "\n".join(text_of(cell) for cell in notebook(course, kind)["cells"])
    texts = [text for text in messages(course.catalog(LESSON, CODE)) if len(text.split()) > 3]
    assert len(texts) > 10
    assert [text for text in texts if text in code] == []


def test_what_solutions_show(course):
    said = ""
    for cell in notebook(course, "solutions")["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != CODE_ONLY:
            for output in cell["outputs"]:
                said += "".join(output.get("text", [])) + "".join(output.get("data", {}).get("text/plain", []))
    assert plain_words(said) == []
    assert f"✓ {accented('All checks passed')}" in said
    assert re.search(r"\d,\d", said) and not re.search(r"\d\.\d", said)


def test_the_start_page(course):
    text = (course.root / "notebooks" / CODE / "README.md").read_text("utf-8")
    assert plain_words(text) == [] and accented("Lessons") in text


def test_the_site(course, tmp_path):
    publish(course, tmp_path / "site", "a/b", "v1")
    pages = {path.name: visible(path.read_text("utf-8")) for path in (tmp_path / "site" / CODE).glob("*.html")}
    assert {"index.html", f"01_{LESSON}.html", "search.html"} <= pages.keys()
    assert accented("Show or hide the menu") in pages["index.html"]
    pages.pop("labkit.html")  # documented in English for all
    assert {name: plain_words(text) for name, text in pages.items() if plain_words(text)} == {}


def test_feedback(course, tmp_path):
    right = "def discounted_return(rewards, gamma):\n    return sum(r * gamma**t for t, r in enumerate(rewards))"
    answers = {
        "Ana": right,
        "Bo": right.replace(" * gamma**t", ""),
        "Cy": right.replace("return sum", "return 1 / 0 + sum"),
        "Di": None,
    }
    for name, answer in answers.items():
        handed_in = notebook(course)
        for cell in handed_in["cells"]:
            if cell["id"] == "discounted-return" and answer:
                cell["source"] = answer
        folder = tmp_path / "in" / name
        folder.mkdir(parents=True)
        (folder / "x.ipynb").write_bytes(dumps(handed_in))
    (tmp_path / "in" / "Bo" / "notes.txt").write_text("?")
    (tmp_path / "in" / "Di" / "y.ipynb").write_text(json.dumps({"cells": []}))
    grade(course, tmp_path / "in", tmp_path / "out", Options(workers=1, sandboxed=False))
    pages = {path.stem: path.read_text("utf-8") for path in (tmp_path / "out" / "feedback").glob("*.html")}
    assert pages.keys() == answers.keys()
    names = {*answers, "notes", "txt", "ipynb"}
    for name, page in pages.items():
        assert set(plain_words(visible(page))) <= names, name
        assert f'lang="{CODE}"' in page
    assert accented("Your code stopped with an error:") in pages["Cy"]


def test_no_sentence_of_labkit_is_outside_its_catalog():
    """What stands in labkit's code and reads as a sentence is documentation, or marked."""
    outside = []
    for path in sorted((ROOT / "labkit").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        known = {part for call in calls if call.func.id in ("_", "ngettext") for part in ast.walk(call)}
        bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
        known |= {body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)}
        strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        outside += [
            f"{path.name}:{string.lineno}: {string.value}"
            for string in strings
            if string not in known and re.search(r"^[^<]*[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", string.value)
        ]
    assert outside == []
