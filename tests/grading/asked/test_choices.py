"""Judges of choices and notes."""

import pytest

import labkit
from coursekit.grading import explores, same_notes

VALUES = [0.0, 3.0, 1.0]


@pytest.mark.parametrize(
    ("actions", "epsilon", "verdict"),
    [
        ([1] * 900, 0.0, True),
        ([1] * 899 + [0], 0.0, False),
        ([1] * 500 + [0] * 200 + [2] * 200, 2 / 3, True),  # 1/3 + 2/9 = 5/9 of 900
        ([1] * 300 + [0] * 300 + [2] * 300, 2 / 3, False),
        ([1] * 300 + [0] * 300 + [2] * 300, 1.0, True),
        ([1] * 450 + [0] * 450, 1.0, False),
        ([1] * 899, 0.0, False),
        ([1.0] * 900, 0.0, False),
        ([3] * 900, 1.0, False),
        (None, 0.0, False),
    ],
)
def test_choices_are_as_likely_as_epsilon_says(actions, epsilon, verdict):
    assert explores(actions, VALUES, epsilon, 900) is verdict


def notes(*rows):
    buffer = labkit.RecordingBuffer((2,))
    for row in rows:
        buffer.add(*row)
    return buffer.added


ROW = [0.0, 1.0], 1, 0.5, [2.0, 3.0], False


@pytest.mark.parametrize(
    "other",
    [
        [],
        notes(ROW, ROW),
        notes(([0.0, 1.5], *ROW[1:])),
        notes((*ROW[:4], True)),
        [tuple(notes(ROW)[0][:4])],
        [(*ROW, None)],
    ],
)
def test_notes_that_differ(other):
    assert same_notes(notes(ROW), notes(ROW))
    assert same_notes([list(notes(ROW)[0])], notes(ROW))
    assert not same_notes(other, notes(ROW))
