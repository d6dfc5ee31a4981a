"""From replies to a mark, by hand."""

from types import SimpleNamespace

import pytest

from coursekit.grading import Graded
from coursekit.grading.marking.marks import Mark, Marked, load_mark, mark_of, points, save_mark
from coursekit.grading.sandbox.guest.wire import encode
from coursekit.grading.sandbox.job import Reply

REFERENCE = Reply("a", "answered", (encode(1.0),))


def part(points_share, seconds=20.0, judge=None):
    return Graded("a", lambda rng: {}, "result = 1", points_share=points_share, seconds=seconds, judge=judge)


def answered(value, seconds=0.0):
    return Reply("a", "answered", (encode(value),), seconds=seconds)


def raised(error, where="probe"):
    return Reply("a", "raised", error=error, where=where)


def stopped(outcome, where="probe", **more):
    return Reply("a", outcome, where=where, **more)


def mark(shares, replies, judge=None):
    parts = [part(share, judge=judge) for share in shares]
    return mark_of(parts, replies, [REFERENCE] * len(parts), [[{}]] * len(parts))


RIGHT, WRONG = answered(1.0), answered(2.0)
TODO, ERROR = raised("NotImplementedError: TODO 1"), raised("ValueError: no")
GIVEN = raised("NameError: np", where="setup")


@pytest.mark.parametrize(
    ("shares", "replies", "earned", "state", "error"),
    [
        ([1], [RIGHT], 1.0, "right", ""),
        ([1], [WRONG], 0.0, "wrong", ""),
        ([0.4, 0.6], [RIGHT, WRONG], 0.4, "partly", ""),
        ([0.4, 0.6], [WRONG, RIGHT], 0.6, "partly", ""),
        ([0.4, 0.6], [WRONG, WRONG], 0.0, "wrong", ""),
        ([0.4, 0.6], [RIGHT, ERROR], 0.4, "partly", ""),
        ([0.4, 0.6], [TODO, RIGHT], 0.6, "partly", ""),
        ([0.4, 0.6], [WRONG, ERROR], 0.0, "raised", "ValueError: no"),
        ([0.4, 0.6], [ERROR, WRONG], 0.0, "raised", "ValueError: no"),
        ([0.7, 0.2, 0.1], [RIGHT] * 3, 1.0, "right", ""),  # 0.7 + 0.2 + 0.1 is a little less than 1
        ([1], [ERROR], 0.0, "raised", "ValueError: no"),
        ([1], [TODO], 0.0, "undone", "NotImplementedError: TODO 1"),
        ([1], [raised("NotImplementedError: TODO 1", where="answer")], 0.0, "undone", "NotImplementedError: TODO 1"),
        ([1], [raised("ValueError: NotImplementedError")], 0.0, "raised", "ValueError: NotImplementedError"),
        ([0.5, 0.5], [TODO, ERROR], 0.0, "undone", "NotImplementedError: TODO 1"),  # the first that stopped speaks
        ([0.5, 0.5], [ERROR, TODO], 0.0, "raised", "ValueError: no"),
        ([1], [stopped("timeout")], 0.0, "timeout", ""),
        ([1], [stopped("memory", error="NotImplementedError")], 0.0, "memory", "NotImplementedError"),
        ([0.5, 0.5], [stopped("died"), stopped("timeout")], 0.0, "died", ""),
        ([1], [stopped("refused", results=(encode(1.0),))], 0.0, "refused", ""),  # results that came with it are none
    ],
)
def test_the_mark_of_replies(shares, replies, earned, state, error):
    assert mark(shares, replies) == Mark(pytest.approx(earned), state, error, limit=20.0)


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        ([GIVEN, GIVEN], "NameError: np"),
        ([RIGHT, GIVEN], "NameError: np"),
        ([ERROR, GIVEN], "NameError: np"),
        ([TODO, GIVEN], "NameError: np"),
        ([stopped("timeout", where="setup", error="slow"), RIGHT], "slow"),
        ([stopped("failed", where="", error="no kernel"), RIGHT], "no kernel"),
        ([ERROR, stopped("failed", where="", error="no kernel")], "no kernel"),
    ],
)
def test_what_the_machine_or_a_given_cell_spoils_is_not_the_learners_0(replies, error):
    assert mark([0.5, 0.5], replies) == Mark(0.0, "failed", error)


def test_a_share_that_a_judge_gives_is_kept():
    assert mark([0.5, 0.5], [answered(0.4), answered(1.0)], judge=lambda got, *_: got).share == pytest.approx(0.7)
    assert mark([1], [answered(0.9999)], judge=lambda got, *_: got) == Mark(0.9999, "partly", limit=20.0)
    assert mark([1], [answered(1e-6)], judge=lambda got, *_: got) == Mark(1e-6, "partly", limit=20.0)


def test_seconds_add_up_and_the_longest_limit_is_told():
    parts = [part(0.5, seconds=10.0), part(0.25, seconds=30.0), part(0.25)]
    for last, state in ((1.0, "right"), (2.0, "partly")):
        replies = [answered(1.0, 1.5), answered(1.0, 2.0), answered(last, 4.0)]
        made = mark_of(parts, replies, [REFERENCE] * 3, [[{}]] * 3)
        assert (made.state, made.seconds, made.limit) == (state, 7.5, 30.0)
    late = [stopped("timeout", seconds=31.0), answered(2.0, 1.0), answered(2.0, 1.0)]
    made = mark_of(parts, late, [REFERENCE] * 3, [[{}]] * 3)
    assert (made.state, made.seconds, made.limit) == ("timeout", 33.0, 30.0)


def test_each_part_has_its_own_reference_and_inputs():
    judge = lambda got, want, inputs: got == want + inputs["k"]  # noqa: E731
    references = [Reply("a", "answered", (encode(value),)) for value in (10, 20)]
    made = mark_of([part(0.5, judge=judge)] * 2, [answered(11), answered(22)], references, [[{"k": 1}], [{"k": 2}]])
    assert made.state == "right"


def test_a_reply_for_every_part_is_due():
    with pytest.raises(ValueError, match="shorter"):
        mark([0.5, 0.5], [RIGHT])


def test_a_mark_is_kept_and_a_broken_file_is_none(tmp_path):
    mark = Mark(0.25, "partly", "é", "„hint”", 1.5, 20.0)
    save_mark(tmp_path / "m.json", mark)
    assert load_mark(tmp_path / "m.json") == mark
    for text in ("", "{}", '{"share": 1, "state": "right", "more": 1}', "[1]"):
        (tmp_path / "m.json").write_text(text)
        assert load_mark(tmp_path / "m.json") is None


@pytest.mark.parametrize(
    ("most", "share", "earned"), [(3, 1.0, 3.0), (3, 0.0, 0.0), (2, 0.25, 0.5), (1, 2 / 3, 0.67), (3, 0.3333, 1.0)]
)
def test_points_are_told_to_the_hundredth(most, share, earned):
    assert points(SimpleNamespace(points=most), Mark(share, "partly")) == earned


def test_the_points_of_a_lesson_are_those_of_its_exercises():
    one, other, third = (SimpleNamespace(name=name, points=most) for name, most in (("a", 1), ("b", 2), ("c", 4)))
    key = SimpleNamespace(lesson="02", exercises=[one, other, third])
    marked = Marked(None, {"02": {"a": Mark(1.0, "right"), "b": Mark(0.5, "partly")}, "03": {"c": Mark(1.0, "right")}})
    assert marked.points(key) == 2.0
    assert marked.points(SimpleNamespace(lesson="03", exercises=[third])) == 4.0
    assert marked.points(SimpleNamespace(lesson="04", exercises=[third])) == 0
