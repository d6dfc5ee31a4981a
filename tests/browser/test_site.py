"""The site in a browser: languages, search, videos, links, contrast, keyboard; and it asks no other host for anything."""

import functools
import http.server
import os
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe

from coursekit.header import colab
from coursekit.site.publish import publish
from tests.browser.chromium import CHROMIUM, DESK, MISSING, open_browser
from tests.lessons.playing import COURSE, LESSONS

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=MISSING)

LESSON = "dqn_cartpole"
PAGE = COURSE.stem(LESSON)
LANGUAGES = COURSE.languages
PAGES = ["index", PAGE, "glossary", "labkit", "search"]


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


@pytest.fixture(scope="module")
def browser():
    with open_browser() as browser:
        yield browser


@pytest.fixture
def visit(browser, site):
    """Opens a page of the site in a window of its own; whatever that loads comes from the site."""
    asked, windows = [], []

    def opened(path, **options):
        windows.append(browser.new_context(viewport=DESK, **options))
        page = windows[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site}/{path}")
        return page

    yield opened
    for window in windows:
        window.close()
    assert asked
    assert [url for url in asked if not url.startswith((f"{site}/", "data:", "blob:"))] == []


@pytest.mark.parametrize(("locale", "language"), [("fr-CA", "fr"), ("ro-RO", "ro"), ("de-DE", "en")])
def test_the_root_goes_by_the_browsers_language(visit, locale, language):
    page = visit("", locale=locale)
    page.wait_for_url(f"**/{language}/index.html")
    assert page.locator("html").get_attribute("lang") == language


def test_the_root_without_javascript(visit):
    page = visit("", java_script_enabled=False)
    page.get_by_role("link", name="Română").click()
    page.wait_for_url("**/ro/index.html")


@pytest.mark.parametrize("name", [PAGE, "glossary"])
def test_another_language_is_the_same_page(visit, name):
    page = visit(f"en/{name}.html")
    for language in ("fr", "ro", "en"):
        page.locator(f"a[data-language={language}]").click()
        page.wait_for_url(f"**/{language}/{name}.html")
        assert page.locator("html").get_attribute("lang") == language


def test_the_home_page_leads_to_every_lesson(visit):
    page = visit("fr/index.html")
    missing = [lesson for lesson in LESSONS if not page.locator(f"main a[href$='{COURSE.stem(lesson)}.html']").count()]
    assert missing == []


@pytest.mark.parametrize(
    ("language", "word", "lesson"),
    [
        ("en", "episode", "environments"),
        ("fr", "épisode", "environments"),
        ("ro", "acțiunile", "ddpg_ball_pendulum"),
    ],
)
def test_search(visit, language, word, lesson):
    page = visit(f"{language}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{language}/search.html?q=*")
    found = page.locator(f"#search-results a[href*='{COURSE.stem(lesson)}.html']").first
    found.wait_for(timeout=20_000)
    found.click()
    page.wait_for_url(f"**/{language}/{COURSE.stem(lesson)}.html*")


def test_a_video_plays(visit):
    page = visit(f"ro/{PAGE}.html")
    video = page.locator("main video").first
    video.scroll_into_view_if_needed()
    assert video.get_attribute("controls") is not None
    assert video.get_attribute("aria-label")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("document.querySelector('main video').currentTime > 0.1", timeout=20_000)
    assert video.evaluate("video => video.readyState") >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_opens_in_colab_and_can_be_downloaded(visit, language):
    page = visit(f"{language}/index.html")
    for lesson in LESSONS:
        page.goto(page.url.rpartition("/")[0] + f"/{COURSE.stem(lesson)}.html")
        links = page.locator("main a[href*='colab.research.google.com']").evaluate_all(
            "links => links.map(a => a.href)"
        )
        assert links == [colab(COURSE, lesson, language)]
        address = page.locator(f"main a[href$='{COURSE.stem(lesson)}.ipynb'][download]").first.evaluate(
            "link => link.href"
        )
        got = page.request.get(address)
        assert got.ok
        assert got.body() == COURSE.notebook("notebooks", language, lesson).read_bytes()


def test_a_mark_stays(visit):
    page = visit(f"en/{PAGE}.html")
    page.locator("button.mark").click()
    page.locator("a[data-language=fr]").click()
    page.wait_for_url(f"**/fr/{PAGE}.html")
    assert page.locator("button.mark").get_attribute("aria-pressed") == "true"
    page.goto(page.url.replace(PAGE, "index"))
    assert page.locator(f".lesson-card[data-lesson='{LESSON}'] .badge-done").is_visible()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("en", "dark"), ("fr", "dark"), ("ro", "light")])
def test_axe_finds_no_serious_fault(visit, language, scheme):
    page = visit(f"{language}/index.html", color_scheme=scheme)
    faults = []
    for name in PAGES:
        page.goto(page.url.rpartition("/")[0] + f"/{name}.html")
        page.evaluate("window.MathJax?.startup?.promise")  # formulas are set
        for fault in Axe().run(page).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                faults.append(f"{name}: {fault['id']}: {fault['nodes'][0]['html'][:150]} ({len(fault['nodes'])})")
    assert faults == []


def test_the_keyboard_reaches_the_languages(visit):
    page = visit(f"en/{PAGE}.html")
    reached = []
    while len(reached) < 60 and "fr" not in reached:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement?.dataset.language"))
    assert "fr" in reached
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/fr/{PAGE}.html")


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_the_whole_width(visit, name):
    page = visit(f"fr/{name}.html")
    page.set_viewport_size({"width": 375, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
