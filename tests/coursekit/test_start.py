"""The page that lists the lessons: what it says, that it follows the lessons, and that it is handed out."""

import pytest

from coursekit.contents import Opening, opening

EN, FR, RO = (f"notebooks/{language}/README.md" for language in ("en", "fr", "ro"))

AIMS = """\
# # A tiny lesson
#
# At the end you will be able to
#
# - add;
# - add
#   more.
"""


def read(tiny, name):
    return tiny.path(name).read_text("utf-8")


def test_every_lesson_in_each_language(tiny):
    assert read(tiny, EN).endswith(
        "\n\n## The first part\n\n### 01 [A tiny lesson](01_tiny.ipynb)\n\n5\u00a0min\n\n"
        "## The second part\n\n### 02 [Another lesson](02_more.ipynb)\n"
    )
    assert "## La première partie\n\n### 01 [Une toute petite leçon](01_tiny.ipynb)\n\n5\u00a0min\n" in read(tiny, FR)
    assert "### 02 [Altă lecție](02_more.ipynb)" in read(tiny, RO)


def test_links_to_the_other_languages(tiny):
    assert "\n[English](../en/README.md) · **Français** · [Română](../ro/README.md)\n" in read(tiny, FR)


def test_what_one_learns_is_a_click_away(tiny):
    tiny.lesson("# # A tiny lesson\n", AIMS)
    tiny.build()
    assert (
        "<details><summary>5\u00a0min · At the end you will be able to</summary>\n\n- add;\n- add\n  more.\n\n</details>\n"
    ) in read(tiny, EN)


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("# Title\n\nWords.", Opening("Title")),
        (
            "# Title\n\nFirst.\n\nYou will\nlearn to\n\n- a\n- b\n\nLater.",
            Opening("Title", "You will learn to", "- a\n- b"),
        ),
        ("# Title\n\n- a\n\nNo words promise it.", Opening("Title")),
        ("## Smaller\n\n- a", None),
        ("Words.", None),
    ],
)
def test_an_opening(source, want):
    assert opening(source) == want


@pytest.mark.parametrize("name", [EN, RO])
def test_check_names_a_page_that_lags_behind(tiny, name):
    tiny.write(name, read(tiny, name).replace("### 01", "### 1"))
    assert tiny.problems() == [f"{name}: this page is not what the lessons make: run coursekit build"]
    tiny.path(name).unlink()
    assert tiny.problems() == [f"{name}: this page is not what the lessons make: run coursekit build"]
    tiny.build()
    assert tiny.problems() == []


def test_one_lesson_built_alone_leaves_the_others_listed(tiny):
    before = read(tiny, FR)
    assert tiny.run("build", "02")[0] == 0
    assert read(tiny, FR) == before


def test_a_new_title_changes_the_page(tiny):
    tiny.edit("lessons/more/lesson.py", "# # Another lesson", "# # A second lesson")
    assert f"{EN}: this page is not what the lessons make: run coursekit build" in tiny.problems()
    tiny.build()
    assert "### 02 [A second lesson](02_more.ipynb)" in read(tiny, EN)
