"""The three READMEs say the same things, and their links lead to lessons that are there."""

import re
from pathlib import Path

import pytest

from coursekit.course import open_course
from coursekit.header import colab

COURSE = open_course(Path(__file__).parents[1])
READMES = ("README.md", "README.fr.md", "README.ro.md")
LOCAL = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def text(name):
    return (COURSE.root / name).read_text("utf-8")


@pytest.mark.parametrize("readme", READMES)
def test_every_lesson_opens_in_colab_in_every_language(readme):
    for lesson in COURSE.lessons():
        for language in COURSE.languages:
            assert f"({colab(COURSE, lesson, language)})" in text(readme)


@pytest.mark.parametrize("readme", READMES)
def test_links_lead_somewhere(readme):
    targets = LOCAL.findall(text(readme))
    assert len(targets) > 5
    assert [target for target in targets if not (COURSE.root / target).exists()] == []


@pytest.mark.parametrize("readme", READMES[1:])
def test_translations_have_the_same_commands_and_sections(readme):
    def commands(name):
        lines = [
            line.partition("#")[0].strip()
            for block in re.findall(r"```(.*?)```", text(name), re.S)
            for line in block.splitlines()
        ]
        return [re.sub(r"--to \S+", "--to DIR", line) for line in lines]

    assert commands(readme) == commands("README.md")
    assert len(re.findall("^## ", text(readme), re.M)) == len(re.findall("^## ", text("README.md"), re.M))
    assert text(readme).count("teachers -->") == text("README.md").count("teachers -->") == 2
