"""JupyterLab as a student meets it: the page of lessons, then a whole lesson in each language."""

from collections import Counter

import pytest

from tests.browser.chromium import CHROMIUM, MISSING, open_browser
from tests.browser.lab import make_lab
from tests.browser.walk import walk
from tests.lessons.playing import LESSONS, code_cells

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=MISSING)

# The shortest in which something is trained: `python -m tests.browser.walk NN LANGUAGE` walks through any other.
WALKS = [("linear_q_cartpole", "en"), ("mdp_q_learning", "fr"), ("mdp_q_learning", "ro")]


def test_the_page_of_lessons():
    with make_lab("fr") as address, open_browser() as browser:
        page = browser.new_page()
        page.goto(address)
        page.locator(".jp-MarkdownViewer h1", has_text="Leçons").wait_for(timeout=120_000)
        assert page.locator(".jp-MarkdownViewer h3 a[href*='.ipynb']").count() == len(LESSONS)
        aims = page.locator(".jp-MarkdownViewer details").first
        assert not aims.locator("li").first.is_visible()
        aims.locator("summary").click()
        assert aims.locator("li").first.is_visible()
        page.locator(".jp-MarkdownViewer a", has_text="Română").click()
        page.locator(".jp-MarkdownViewer h1", has_text="Lecții").wait_for()
        assert page.url.endswith("/notebooks/ro/README.md")


@pytest.mark.parametrize(("lesson", "language"), WALKS)
def test_a_lesson(lesson, language):
    sights = list(walk(lesson, language))
    assert [str(sight) for sight in sights if not sight.right] == []
    seen = Counter(sight.what for sight in sights)
    checks = [cell for cell in code_cells("notebooks", language, lesson) if "check" in cell["metadata"].get("tags", ())]
    assert seen["green"] == len(checks)
    assert seen["typed"] == 1
    assert seen["wrong"] >= 5
    assert seen["video"] >= 2
    assert seen["moved"] >= 1
    assert seen["bar"] >= 1
