"""The site in a browser: languages, search, videos, links, contrast, keyboard; and it asks no other host for anything."""

import functools
import http.server
import os
import threading
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe

from coursekit.header import colab
from coursekit.site.publish import publish
from tests.browser.chromium import CHROMIUM, MISSING, new_page
from tests.lessons.playing import COURSE, LESSONS

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=MISSING)

LESSON = "04_dqn_cartpole"
LANGUAGES = COURSE.languages
PAGES = ["index", LESSON, "glossary", "labkit", "search"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the course's site; that of a site made before, where SITE names its folder."""
    folder = os.environ.get("SITE")
    if not folder:
        folder = tmp_path_factory.mktemp("site") / "course"
        publish(COURSE, folder)
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def visit(address, **options):
    """A page of the site; whatever it loads comes from the site."""
    with new_page(**options) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        yield page
    home = "/".join(address.split("/")[:3])
    assert [url for url in asked if not url.startswith((f"{home}/", "data:", "blob:"))] == []


@pytest.mark.parametrize(("locale", "language"), [("fr-CA", "fr"), ("ro-RO", "ro"), ("de-DE", "en")])
def test_the_root_goes_by_the_browsers_language(site, locale, language):
    with visit(f"{site}/", locale=locale) as page:
        page.wait_for_url(f"**/{language}/index.html")
        assert page.locator("html").get_attribute("lang") == language


def test_the_root_without_javascript(site):
    with visit(f"{site}/", java_script_enabled=False) as page:
        page.get_by_role("link", name="Română").click()
        assert page.url == f"{site}/ro/index.html"


@pytest.mark.parametrize("name", [LESSON, "glossary"])
def test_another_language_is_the_same_page(site, name):
    with visit(f"{site}/en/{name}.html") as page:
        for language in ("fr", "ro", "en"):
            page.locator(f"a[data-language={language}]").click()
            assert page.url == f"{site}/{language}/{name}.html"
            assert page.locator("html").get_attribute("lang") == language


def test_the_home_page_leads_to_every_lesson(site):
    with visit(f"{site}/fr/index.html") as page:
        for lesson in LESSONS:
            assert page.locator(f"main a[href$='{lesson}.html']").count() >= 1


@pytest.mark.parametrize(("language", "word"), [("en", "truncated"), ("fr", "récompense"), ("ro", "recompensă")])
def test_search(site, language, word):
    with visit(f"{site}/{language}/index.html") as page:
        page.keyboard.press("Control+k")
        page.keyboard.type(word)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{language}/search.html?q=*")
        found = page.locator("#search-results a[href*='01_environments.html']").first
        found.wait_for(timeout=20_000)
        found.click()
        assert f"/{language}/01_environments.html" in page.url


def test_a_video_plays(site):
    with visit(f"{site}/ro/{LESSON}.html") as page:
        video = page.locator("main video").first
        video.scroll_into_view_if_needed()
        assert video.get_attribute("controls") is not None
        assert video.get_attribute("aria-label")
        video.evaluate("video => { video.muted = true; return video.play(); }")
        page.wait_for_function("document.querySelector('main video').currentTime > 0.1", timeout=20_000)
        assert video.evaluate("video => video.readyState") >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_opens_in_colab_and_can_be_downloaded(site, language):
    with visit(f"{site}/{language}/index.html") as page:
        for lesson in LESSONS:
            page.goto(f"{site}/{language}/{lesson}.html")
            assert page.locator("a[href*='colab.research.google.com']").evaluate_all(
                "links => links.map(a => a.href)"
            ) == [colab(COURSE, lesson, language)]
            address = page.locator(f"a[href$='{lesson}.ipynb'][download]").first.evaluate("link => link.href")
            got = page.request.get(address)
            assert got.ok
            assert got.body() == COURSE.notebook("notebooks", language, lesson).read_bytes()


def test_a_mark_stays(site):
    with visit(f"{site}/en/{LESSON}.html") as page:
        page.locator("button.mark").click()
        page.goto(f"{site}/fr/{LESSON}.html")
        assert page.locator("button.mark").get_attribute("aria-pressed") == "true"
        page.goto(f"{site}/fr/index.html")
        assert page.locator(f".lesson-card[data-lesson='{LESSON}'] .badge-done").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_serious_fault(site, language, scheme):
    faults = []
    with visit(f"{site}/{language}/index.html", color_scheme=scheme) as page:
        for name in PAGES:
            page.goto(f"{site}/{language}/{name}.html")
            page.wait_for_load_state("networkidle")
            for fault in Axe().run(page).response["violations"]:
                if fault["impact"] in ("serious", "critical"):
                    faults.append(f"{name}: {fault['id']}: {fault['nodes'][0]['html'][:150]} ({len(fault['nodes'])})")
    assert faults == []


def test_the_keyboard_reaches_the_languages(site):
    with visit(f"{site}/en/{LESSON}.html") as page:
        reached = []
        while len(reached) < 60 and "fr" not in reached:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement?.dataset.language"))
        assert "fr" in reached
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/fr/{LESSON}.html")


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_the_whole_width(site, name):
    with visit(f"{site}/fr/{name}.html") as page:
        page.set_viewport_size({"width": 375, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
