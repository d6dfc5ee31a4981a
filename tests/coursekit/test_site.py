"""The course's site: what its pages show, what they must not, and that it is there whole or not at all."""

import base64
import dataclasses
import json
import re
import shutil
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from coursekit.build import built, whole_lesson
from coursekit.contents import table_of_contents
from coursekit.course import open_course
from coursekit.languages import Language
from coursekit.leaks import leaks
from coursekit.notebook import dumps, loads, text_of
from coursekit.problems import CourseError
from coursekit.site import publish as site
from coursekit.site.front import front_page
from coursekit.site.home import Card, face_of, home_page
from coursekit.site.outputs import Figure, Media, on_page, secrets, shown, words_of_plot
from coursekit.site.pages import glossary_page, lesson_page
from coursekit.site.publish import publish
from coursekit.site.stills import still
from coursekit.site.words import theme_words, words

from .conftest import SHOWN, Tiny, png

LANGUAGES = ("en", "fr", "ro")
SPOKEN = open_course(Path(__file__).parents[2]).spoken
GLOSSARY = "# Glossary\n\n| English | Français | Română |\n|---|---|---|\n| state | état | stare |\n| agent | agent | mediu |\n"
MP4 = (Path(__file__).parents[2] / "labkit" / "media" / "grid_world_walk.mp4").read_bytes()


def encoded(data):
    return base64.b64encode(data).decode()


def picture(data, alt=""):
    metadata = {"image/png": {"alt": alt}} if alt else {}
    return {
        "output_type": "display_data",
        "data": {"image/png": encoded(data), "text/plain": alt},
        "metadata": metadata,
    }


def film(label):
    html = f'<video controls aria-label="{label}" src="data:video/mp4;base64,{encoded(MP4)}"></video>'
    return {"output_type": "display_data", "data": {"text/html": [html], "text/plain": label}, "metadata": {}}


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": [text]}


def add_output(tiny, *outputs, cell="shown", language="en"):
    tiny.change(cell, lambda found: found["outputs"].extend(outputs), language=language)


def code(name, source, *outputs, tags=()):
    metadata = {"id": name, "tags": list(tags)}
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": source, "outputs": list(outputs)}


@pytest.fixture(scope="module")
def to(template, tmp_path_factory):
    """The tiny course's site, built once, with a film and its strip of frames, a plot, and the glossary."""
    root = tmp_path_factory.mktemp("site") / "course"
    shutil.copytree(template, root)
    tiny = Tiny(root)
    for language in LANGUAGES:
        add_output(tiny, film("A pole"), picture(png(1), "first: A pole"), picture(png(2)), language=language)
    tiny.write("lessons/GLOSSARY.md", GLOSSARY)
    tiny.write("labkit/__init__.py", (root / "labkit" / "__init__.py").read_text("utf-8") + ARRAYS)
    folder = root.parent / "built"
    assert publish(tiny.course, folder, "school/course", "v1") > 100
    return folder


ARRAYS = '''

import numpy as np
import numpy.typing as npt


def total(values: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> npt.NDArray[np.float32]:
    """The sum."""
'''


def page(to, name="01_tiny", language="en"):
    return (to / language / f"{name}.html").read_text("utf-8")


def test_the_same_pages_in_every_language(to):
    names = {"index", "01_tiny", "02_more", "glossary", "labkit", "search"}
    for language in LANGUAGES:
        assert names == {path.stem for path in (to / language).glob("*.html")}
        assert {path.name for path in (to / language / "notebooks").iterdir()} == {"01_tiny.ipynb", "02_more.ipynb"}
    assert (to / ".nojekyll").exists()  # GitHub Pages would leave out _static
    assert sorted(path.name for path in to.parent.iterdir()) == ["built", "course"]


def test_nothing_is_loaded_from_elsewhere(to):
    html = "\n".join(path.read_text("utf-8") for path in to.rglob("*.html"))
    loaded = re.findall(r'<(?:script|img|video|source|iframe|link)\b[^>]*?\b(?:src|href)="([^"]+)"', html)
    assert any("mathjax.js" in address for address in loaded)
    styles = "\n".join(path.read_text("utf-8") for path in to.rglob("*.css"))
    loaded += re.findall(r"(?:url\(|@import)\s*[\"']?([^)\"']+)", styles)
    assert [address for address in loaded if re.match(r"(https?:)?//", address)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_local_addresses_lead_somewhere(to, language):
    for path in (to / language).glob("*.html"):
        for address in re.findall(r'\b(?:src|href)="(?!\w+:|#)([^"#?]+)', path.read_text("utf-8")):
            assert (path.parent / address).exists(), f"{path.name}: {address}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_shows_what_gives_nothing_away(to, language):
    text = page(to, language=language)
    assert SHOWN[language] in text
    media = (to / language / "media").iterdir()
    assert {path.read_bytes() for path in media} == {png(0), png(2), MP4, still(MP4)}  # and no strip of frames
    assert f'lang="{language}"' in text
    assert words(language).results in unescape(text)


def test_no_answer_anywhere(to):
    told = ("left to right.", "reward is not None", "no loop is needed", "finitely", "nombre fini", "număr finit")
    for path in to.rglob("*"):
        if path.suffix in (".html", ".ipynb", ".js", ".txt"):
            plain = re.sub(r"<[^>]*>", "", path.read_text("utf-8"))
            assert [secret for secret in told if secret in plain] == [], path


def test_what_one_does_with_a_lesson(to):
    text = page(to, language="fr")
    assert "https://colab.research.google.com/github/school/course/blob/v1/notebooks/fr/01_tiny.ipynb" in text
    assert 'href="notebooks/01_tiny.ipynb" download' in text
    assert 'data-lesson="tiny" aria-pressed="false"' in text
    assert loads(to / "fr" / "notebooks" / "01_tiny.ipynb")["metadata"]["coursekit"]["variant"] == "student"
    assert "colab-badge" not in text


@pytest.mark.parametrize("name", ["index", "01_tiny", "glossary", "labkit", "search"])
def test_the_language_switch_stays_on_the_page(to, name):
    text = page(to, name, "ro")
    for language in LANGUAGES:
        assert re.search(rf'<a href="../{language}/{name}.html" lang="{language}"', text)
    assert len(re.findall(r'aria-current="true"', text)) == 1


def test_pictures_and_films_have_words(to):
    for path in to.rglob("*.html"):
        text = path.read_text("utf-8")
        for tag in re.findall(r"<img\b[^>]*>", text):
            assert re.search(r'alt="[^"]+"', tag), tag
        for tag in re.findall(r"<video\b[^>]*>", text):
            assert re.search(r'aria-label="[^"]+"', tag), tag
            assert " controls" in tag


def test_search_knows_each_language_with_and_without_accents(to):
    for language, word in (("en", "reward"), ("fr", "recompens"), ("ro", "castig")):
        assert f'"{word}' in (to / language / "searchindex.js").read_text("utf-8")
    assert "Romanian" in (to / "ro" / "_static" / "language_data.js").read_text("utf-8")


def test_the_themes_words_are_translated(to):
    assert "Salt la conținut" in page(to, language="ro")
    assert "Aller au contenu" in page(to, language="fr")
    assert "Toggle hidden content" not in page(to, language="en")


def test_glossary_and_labkit(to):
    assert re.findall(r'<span lang="ro">(\w+)</span>', page(to, "glossary", "ro")) == ["mediu", "stare"]
    assert re.search(r"steps</span></span><span class=\"sig-paren\">", page(to, "labkit"))
    assert "So many steps, in words." in page(to, "labkit")
    signature = re.search(r'<dt class="sig[^>]*id="labkit.total">(.*?)<a', page(to, "labkit"), re.S)[1]
    plain = " ".join(unescape(re.sub("<[^>]*>", "", signature)).split())
    assert plain == "total(values: ArrayLike, dtype: DTypeLike = np.float32) → ndarray"


def test_an_earlier_site_is_replaced_and_nothing_else(tiny, to, monkeypatch):
    copy = tiny.root.parent / "copy"
    shutil.copytree(to, copy)
    (copy / ".git").mkdir()
    (copy / ".git" / "HEAD").write_text("ref")
    monkeypatch.setattr(site, "built_pages", lambda *_: ("en", {"index.html": b"new"}))
    publish(tiny.course, copy)
    assert (copy / "en" / "index.html").read_bytes() == b"new"
    assert not (copy / "fr").exists()
    assert (copy / ".git" / "HEAD").exists()
    (copy / "mine.txt").write_text("of mine")
    with pytest.raises(CourseError, match=r"mine\.txt, which no site wrote"):
        publish(tiny.course, copy)
    with pytest.raises(CourseError, match="no earlier site"):
        publish(tiny.course, tiny.root)


def test_without_sphinx_one_sentence(tiny, monkeypatch):
    monkeypatch.setattr(site, "NEEDED", ("sphinx_of_nobody",))
    folder = tiny.root.parent / "site"
    returned, _, error = tiny.run("site", "--to", str(folder))
    assert (returned, error.count("\n")) == (1, 1)
    assert "sphinx_of_nobody, which is not installed" in error
    assert not folder.exists()


def test_without_an_executed_solution_one_sentence(tiny):
    tiny.change("shown", lambda cell: cell.update(execution_count=None, outputs=[]), language="fr")
    with pytest.raises(CourseError, match=r"solutions/fr/01_tiny\.ipynb: shown: .*run coursekit execute 01_tiny"):
        publish(tiny.course, tiny.root.parent / "site")


def test_a_sphinx_that_fails_leaves_nothing(tiny, monkeypatch):
    monkeypatch.setattr(site, "OURS", tiny.path("images"))  # no conf.py there
    with pytest.raises(CourseError, match="Sphinx could not build the pages in en"):
        publish(tiny.course, tiny.root.parent / "site")
    assert not (tiny.root.parent / "site").exists()


def test_an_answer_that_would_be_told_stops_it(tiny):
    tiny.edit("lessons/course.toml", "and little in them.", "and little in them. Python adds them from left to right.")
    with pytest.raises(CourseError, match=r"nothing was written.*\n  en/index\.md: the text 'Python adds them"):
        publish(tiny.course, tiny.root.parent / "site")
    assert not (tiny.root.parent / "site").exists()


def notebook(*cells):
    return {"cells": list(cells)}


ANSWER = "def moves():\n    return [3, 1, 4]"
STUB = "def moves():\n    raise NotImplementedError"


@pytest.mark.parametrize(
    ("source", "given", "tags", "visible"),
    [
        ("play(moves)", "play(moves)", (), True),
        ("play(moves())", "play(moves())", (), False),
        ("play(1)", "play(2)", (), False),
        ("play(1)", "play(1)", ("check",), False),
        ("play(1)", "play(1)", ("exercise",), False),
        ("play(1)", "play(1)", ("training", "nbval-ignore-output"), True),
    ],
)
def test_which_outputs_are_shown(source, given, tags, visible):
    solution = notebook(code("moves", ANSWER, tags=["exercise"]), code("play", source, tags=tags))
    student = notebook(code("moves", STUB, tags=["exercise"]), code("play", given, tags=tags))
    assert shown(solution, student) == ({"play"} if visible else set())


def test_an_output_that_is_kept_back_is_a_secret_unless_another_shows_it():
    line, other = "these are the moves: 3 1 4 1 5 9", "another line of some length: 2 6"
    exercise = code("moves", ANSWER, tags=["exercise"])
    solution = notebook(
        exercise,
        code("told", "moves()", printed(line), printed(other)),
        code("free", "print(1)", printed(other)),
    )
    student = notebook(code("moves", STUB, tags=["exercise"]), code("told", "moves()"), code("free", "print(1)"))
    hidden = secrets(solution, student)
    assert list(leaks(hidden, [("page.md", line.encode())])) == [f"page.md: the text {line!r}"]
    assert list(leaks(hidden, [("page.md", other.encode())])) == []
    assert list(leaks(hidden, [("page.md", b"```\n" + ANSWER.encode() + b"\n```")])) != []


def test_outputs_as_a_page_shows_them():
    cell = code("c", 'plt.title("Returns")', film("A <pole>"), picture(png(1), "left: A <pole>"), picture(png(2)))
    cell["outputs"][0]["data"]["text/html"] = [
        f'<video aria-label="A &lt;pole&gt;" src="data:video/mp4;base64,{encoded(MP4)}">'
    ]
    widget = {"output_type": "display_data", "data": {"application/x-widget": {}, "text/plain": "Buttons"}}
    cell["outputs"] += [printed("\x1b[33mseen\x1b[0m"), printed("a warning", "stderr"), widget]
    media = Media()
    outputs, figures = on_page(cell, "Figure: {}", "A section", media)
    assert [figure.words for figure in figures] == ["A <pole>", "Figure: Returns"]
    texts = [output.get("data", output).get("text/html") for output in outputs]
    assert sorted(media.files.values()) == sorted([MP4, png(2)])
    assert 'src="media/' in texts[0]
    assert 'alt="Figure: Returns"' in texts[1]
    assert [output.get("text", output.get("data")) for output in outputs[2:]] == ["seen", {"text/plain": "Buttons"}]


def test_words_of_a_plot():
    source = 'axes.set(title="Loss", xlabel="step")\nplt.ylabel("value")\nplt.title(name)\nprint("no")'
    assert words_of_plot(source) == "Loss, step, value"
    assert words_of_plot("plt.plot(x)") == ""


def test_what_the_home_page_takes_from_the_table_of_contents(tiny):
    (first,) = table_of_contents(tiny.course, "fr")[0].entries
    entry = first._replace(title="Agent", line="ce qu'il voit", minutes=60, aims="- play `episodes`")
    cards = [("Une partie", [Card(entry, "https://colab", Figure("a", "b"))])]
    text = home_page(tiny.course, "fr", cards, words("fr"))
    assert "# Un petit cours\n\nDeux leçons, et pas grand-chose dedans.\n\n<p" in text
    assert "### Une partie\n" in text and "\n:caption: Une partie\n\n01 Agent <01_tiny>\n" in text
    assert '<h4><a href="01_tiny.html">Agent</a></h4>' in text
    assert '<p class="line">Ce qu&#39;il voit</p>' in text
    assert "60\u00a0min" in text and "\n\n- play `episodes`\n\n" in text


def test_the_face_of_a_lesson():
    media = Media()
    media.files["v.mp4"] = MP4
    plot, clip = Figure("p.png", "P"), Figure("v.mp4", "V", film=True)
    face = face_of([plot, clip], media)
    assert (face.path, face.words) == ("v.mp4", "V")
    assert Image.open(BytesIO(media.files[face.poster])).size == (336, 336)
    assert face_of([plot], media) == plot
    assert face_of([], media) is None


def test_a_page_knows_its_pictures_and_films(tiny):
    solution, student = tiny.notebook("solutions"), tiny.notebook("notebooks")
    cell = next(cell for cell in solution["cells"] if cell["id"] == "shown")
    cell["outputs"] += [picture(png(1), "A plot"), film("A <pole>")]
    media = Media()
    page = lesson_page(tiny.course, student, solution, {"shown"}, words("en"), media)
    assert [(figure.words, figure.film) for figure in page.figures] == [
        ("A plot", False),
        ("A <pole>", True),
        ("A red dot", False),
    ]
    assert [media.files[figure.path] for figure in page.figures] == [png(1), MP4, png(0)]
    title = page.notebook["cells"][0]["source"]
    assert title.startswith('# A tiny lesson\n\n<div class="lesson-tools">\n<a class="tool" href="https://colab')
    assert title.endswith(f"\n\n[dot]: {page.figures[-1].path}")


def test_words_are_escaped_where_they_are_put_into_html(tiny):
    said = dataclasses.replace(words("en"), goals="<Goals> & 'more'", done='"Done"')
    (first, *_) = table_of_contents(tiny.course, "en")[0].entries
    entry = first._replace(title="A <b>title</b>", line="a & b", aims="- play `a < b`")
    text = home_page(tiny.course, "en", [("One", [Card(entry, "https://a.b/?x=1&y=2", None)])], said)
    assert "<summary>&lt;Goals&gt; &amp; &#39;more&#39;</summary>" in text
    assert 'data-done="&#34;Done&#34;"' in text
    assert ">A &lt;b&gt;title&lt;/b&gt;</a></h4>" in text and '<p class="line">A &amp; b</p>' in text
    assert 'href="https://a.b/?x=1&amp;y=2"' in text and "\n- play `a < b`\n" in text


def test_the_environments_are_those_that_labkit_registers():
    course = open_course(Path(__file__).parents[2])
    assert site.environments(course) == [
        "labkit.envs.ball.Ball",
        "labkit.envs.grid_world.GridWorld",
        "labkit.envs.three_state_mdp.ThreeStateMDP",
    ]


def test_glossary_has_the_pages_language_first():
    lines = glossary_page(GLOSSARY, SPOKEN, "fr", words("fr")).splitlines()
    assert lines[4] == "| Français | English | Română |"
    assert lines[-1] == '| <span lang="fr">état</span> | <span lang="en">state</span> | <span lang="ro">stare</span> |'


def test_a_glossary_without_a_column_for_any_language():
    with pytest.raises(CourseError, match="headed by the languages' own names"):
        glossary_page(GLOSSARY.replace("English", "Anglais"), {"en": SPOKEN["en"]}, "en", words("en"))


def test_the_front_page_leads_on_without_javascript():
    text = front_page(SPOKEN, {"en": "A <course>", "fr": "Un cours"})
    assert re.findall(r'<a href="(\w+/index\.html)"', text) == ["en/index.html", "fr/index.html"]
    assert "A &lt;course&gt;" in text


def test_every_language_says_the_same():
    for field in dataclasses.fields(words("en")):
        said = {getattr(words(language), field.name) for language in LANGUAGES}
        assert len(said) == 3 or said == {"{}\u00a0min"}, field.name
    for language in ("fr", "ro"):  # French has some words of English: Navigation, Version
        assert sum(english != ours for english, ours in theme_words(language).items()) > 15


def test_a_glossary_without_the_pages_language_begins_with_the_master():
    lines = glossary_page(GLOSSARY, SPOKEN | {"de": Language("de")}, "de", words("de")).splitlines()
    assert lines[4] == "| English | Français | Română |"
    assert [line.count("state") for line in lines[6:]] == [0, 1]


def test_no_answer_of_a_real_lesson():
    course = open_course(Path(__file__).parents[2])
    lesson = whole_lesson(course, "linear_q_cartpole")
    notebooks = dict(built(course, lesson))
    solution = notebooks[course.notebook("solutions", "fr", lesson.name)]
    student = notebooks[course.notebook("notebooks", "fr", lesson.name)]
    media = Media()
    made = lesson_page(course, student, solution, shown(solution, student), words("fr"), media).notebook
    files = {"page.ipynb": dumps(made), **media.files}
    assert list(leaks(secrets(solution, student), files.items())) == []
    told = "\n".join(text_of(cell) for cell in solution["cells"])
    given = "\n".join(text_of(cell) for cell in student["cells"])
    lines = {line.strip() for line in told.splitlines()} - {line.strip() for line in given.splitlines()}
    lines = {line for line in lines if len(line) > 25}
    assert len(lines) > 50  # the answers
    text = "\n".join(text_of(cell) + json.dumps(cell.get("outputs", "")) for cell in made["cells"])
    assert [line for line in lines if line in text] == []
    assert sum("outputs" in cell and bool(cell["outputs"]) for cell in made["cells"]) > 15
