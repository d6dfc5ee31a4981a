"""The page of a student: what it says, in whose language, and that nothing on it is live."""

import re
from html import unescape

import pytest

from coursekit.grading.handed_in.notes import Note
from coursekit.grading.handed_in.roll import Student
from coursekit.grading.marking.marks import UNDONE, Mark, Marked
from coursekit.grading.told.feedback import feedback
from coursekit.grading.told.pages import TEMPLATES, prose
from coursekit.grading.told.report import report
from coursekit.grading.told.words import notes, page_words, points_of, points_to_come, said, states
from tests.grading.classroom import MDP
from tests.grading.told.students import ATTACK, KEY, student


@pytest.mark.parametrize(
    ("language", "points"), [("en", "10.5 of 13 points"), ("fr", "10,5 sur 13 points"), ("ro", "10,5 din 13 puncte")]
)
def test_a_page_says_what_is_right_and_what_is_not(language, points):
    wrong = Mark(0.0, "wrong", hint="Use `~terminated`.")
    page = unescape(feedback([KEY], student("Ana", language, q_update=wrong, hand_policies=Mark(0.5, "partly"))))
    assert points in page
    assert f"<strong>{page_words(language)['hint']}</strong>Use <code>~terminated</code>." in page
    assert page.count('<article class="right">') == 6
    assert states(language)["wrong"] in page and states(language)["partly"] in page
    assert KEY.title(language).split(",")[0] in page


def test_nothing_from_a_student_is_markup():
    bad = Mark(0.0, "raised", error=ATTACK, hint=f"{ATTACK} `{ATTACK}`")
    one = student(ATTACK, q_update=bad)
    one.student.notes.append((f"{ATTACK}.ipynb", Note("several", lesson=MDP, dropped=ATTACK)))
    page, text = feedback([KEY], one), report([KEY], [one])
    assert "<script" not in page and page.count("&lt;script&gt;") > 5
    assert "<script" not in text.replace(r"\<script", "")


def test_a_page_loads_nothing_and_runs_nothing():
    page = feedback([KEY], student("Ana"))
    assert (
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        in page
    )
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n') and page.endswith("</html>\n")
    assert not re.search(r"<(script|img|link|iframe|object|form|a)\b|\bon\w+=|\b(src|href)=|url\(|@import", page)


def test_every_tag_of_a_page_is_closed_in_order():
    one = student("Ana", q_update=Mark(0.0, "raised", error="E", hint="h"), q_episode=UNDONE)
    one.student.notes.append(("x.ipynb", Note("empty")))
    open_tags = []
    for closing, tag in re.findall(r"<(/?)([a-z]\w*)", feedback([KEY], one)):
        if closing:
            assert open_tags.pop() == tag
        elif tag not in ("meta",):
            open_tags.append(tag)
    assert open_tags == []


def test_a_student_without_answers_is_told_so_in_the_courses_language():
    alone = Marked(Student("Ana", notes=[("x.ipynb", Note("empty"))]), {})
    page = feedback([KEY], alone)
    assert page_words("en")["nothing"] in page
    assert "<li>x.ipynb: this file is empty</li>" in page
    assert "<section" not in page


def test_an_answer_is_shown_up_to_a_length():
    one = student("Ana")
    one.student.answers[MDP].code["q-update"] = "x" * 20_001
    assert re.search("x{20000,}", feedback([KEY], one))[0] == "x" * 20_000


def test_templates_escape_whatever_they_are_given():
    made = TEMPLATES.from_string("{{ value }}|{{ value | prose }}").render(value="<b> & `<i>`")
    assert made == "&lt;b&gt; &amp; `&lt;i&gt;`|&lt;b&gt; &amp; <code>&lt;i&gt;</code>"


@pytest.mark.parametrize("table", [notes, states, page_words])
def test_every_sentence_is_there_in_every_language(table):
    for kind, english in table("en").items():
        assert len({english, table("fr")[kind], table("ro")[kind]}) == 3


@pytest.mark.parametrize(
    ("language", "one", "more"),
    [
        ("en", "1 of 1 point", "0.5 of 2 points"),
        ("fr", "1 sur 1 point", "0,5 sur 2 points"),
        ("ro", "1 din 1 punct", "0,5 din 2 puncte"),
    ],
)
def test_nouns_agree_with_their_numbers(language, one, more):
    assert (points_of(1, 1, language), points_of(0.5, 2, language)) == (one, more)
    assert points_of(20, 20, "ro") == "20 din 20 de puncte"
    assert "more point." in points_to_come(1, "en") and "more points." in points_to_come(2, "en")
    assert (
        said(Note("many", limit=5000), "ro")
        == "arhiva conține mai mult de 5000 de fișiere: celelalte nu au fost citite"
    )
    assert said(Note("twice", times=2)).startswith("this exercise is answered 2 times: ")


def test_code_in_prose():
    assert prose("use `a < b`, `c`") == "use <code>a &lt; b</code>, <code>c</code>"
    assert prose("a ` alone") == "a ` alone"
