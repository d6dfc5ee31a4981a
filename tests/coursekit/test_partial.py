"""A language that is translated for some lessons only: those are built, released and shown in it, and no others."""

import re

import pytest

from coursekit.catalog import read_catalog, write_catalog
from coursekit.contents import languages_of, languages_there, lessons_in
from coursekit.release import release
from coursekit.site.publish import publish

ENGLISH = "# Another lesson"


@pytest.fixture
def partial(tiny):
    """French has only the first lesson, which refers to the second; Romanian has none yet."""
    tiny.lesson("# Why is the sum finite?", "# Why is the sum finite? See {lesson:more}.")
    tiny.update()
    for path in tiny.root.glob("lessons/**/*.po"):
        if path.parent.name == "more" or path.name == "ro.po":
            catalog = read_catalog(path)
            for entry in catalog:
                entry.msgstr, entry.flags = "", []
            write_catalog(path, catalog)
    tiny.say("Why is the sum finite? See {lesson:more}.", "Pourquoi est-elle finie\u00a0? Voir {lesson:more}.")
    tiny.flag("Why is the sum finite? See {lesson:more}.")
    for path in [*tiny.root.glob("*/fr/02_more.ipynb"), *tiny.root.glob("*/ro/*")]:
        path.unlink()
    tiny.build()
    return tiny


def test_what_is_there(partial):
    course = partial.course
    assert [languages_of(course, lesson) for lesson in course.lessons()] == [["en", "fr"], ["en"]]
    assert (lessons_in(course, "fr"), lessons_in(course, "ro")) == (["tiny"], [])
    assert languages_there(course) == ["en", "fr"]


def test_check_says_what_is_not_there_and_is_content(partial):
    code, out, _ = partial.run("check")
    assert (code, out.splitlines()) == (
        0,
        [
            "not translated into French, and so left out there: 02_more",
            "not translated into Romanian, and so left out there: 01_tiny, 02_more",
            "clean: 01_tiny, 02_more",
        ],
    )


def test_a_lesson_that_is_begun_is_to_be_finished(partial):
    partial.say(ENGLISH, "# Une autre leçon", lesson="more")
    assert languages_of(partial.course, "more") == ["en", "fr"]
    assert any("notebooks/fr/02_more.ipynb" in problem for problem in partial.problems())


def test_links_lead_to_what_is_there(partial):
    built = {path.relative_to(partial.root).as_posix() for path in partial.root.glob("notebooks/*/*")}
    assert built == {
        f"notebooks/{name}"
        for name in ("en/01_tiny.ipynb", "en/02_more.ipynb", "en/README.md", "fr/01_tiny.ipynb", "fr/README.md")
    }
    assert "[02](../en/02_more.ipynb" in partial.source("why", "notebooks", "fr")
    assert "[Français](../fr/01_tiny.ipynb)" in partial.source("header", "notebooks", "en")
    assert "Français" not in partial.source("header", "notebooks", "en", "more")
    assert "more" not in partial.path("notebooks/fr/README.md").read_text("utf-8")
    assert "Română" not in partial.path("notebooks/en/README.md").read_text("utf-8")
    readme = partial.path("README.md").read_text("utf-8")
    assert "blob/main/notebooks/fr/01_tiny.ipynb" in readme and "notebooks/fr/02_more.ipynb" not in readme


def test_only_what_is_there_is_executed_and_released(partial):
    partial.path("README.ro.md").unlink(missing_ok=True)
    release(partial.course, partial.root / "out", "a/b", "v1")
    notebooks = {
        path.relative_to(partial.root / "out").as_posix() for path in partial.root.glob("out/notebooks/*/*.ipynb")
    }
    assert notebooks == {"notebooks/en/01_tiny.ipynb", "notebooks/en/02_more.ipynb", "notebooks/fr/01_tiny.ipynb"}
    code, out, _ = partial.run("execute", "02", "--lang", "fr")
    assert (code, out) == (0, "files changed: 0\n")


def test_the_site_shows_what_is_there(partial):
    to = partial.root.parent / "site"
    publish(partial.course, to, "a/b", "v1")
    pages = {path.relative_to(to).as_posix() for path in to.glob("*/0*.html")}
    assert pages == {"en/01_tiny.html", "en/02_more.html", "fr/01_tiny.html"}
    assert not (to / "ro").exists() and "ro/index" not in (to / "index.html").read_text("utf-8")
    more = (to / "en" / "02_more.html").read_text("utf-8")
    assert '<a href="../fr/index.html" lang="fr"' in more and "fr/02_more" not in more
    for path in to.glob("*/*.html"):
        for address in re.findall(r'\b(?:src|href)="(?!\w+:|#)([^"#?]+)', path.read_text("utf-8")):
            assert (path.parent / address).exists(), f"{path.name}: {address}"
