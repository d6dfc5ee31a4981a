"""The instructor's report, by hand."""

from coursekit.grading.handed_in.notes import Note
from coursekit.grading.marking.marks import UNDONE, Mark
from coursekit.grading.told.report import report
from tests.grading.classroom import MDP
from tests.grading.told.students import KEY, student

MADE = """\
# Marking report

2 students.

## Lesson 02

2 notebooks.

| exercise | points | right | partly | not right | not answered | mean share |
|---|---:|---:|---:|---:|---:|---:|
| random-action | 1 | 2 | 0 | 0 | 0 | 100% |
| hand-policies | 1 | 1 | 1 | 0 | 0 | 75% |
| bellman-backup | 2 | 2 | 0 | 0 | 0 | 100% |
| value-iteration | 2 | 2 | 0 | 0 | 0 | 100% |
| q-update | 2 | 1 | 0 | 0 | 1 | 50% |
| q-episode | 2 | 1 | 0 | 1 | 0 | 50% |
| sarsa-update | 1 | 2 | 0 | 0 | 0 | 100% |
| mended-step | 2 | 2 | 0 | 0 | 0 | 100% |

Mean: 10.75 of 13 points.

## Answers that stopped

- Ana\\_1, 02 q-episode: ran out of time (`E: 'x'`)

## Answered more than once

- Bo, 02 q-update: this exercise is answered 2 times: the answer in its own cell counts, the last one there

## Nearly identical answers

None.

## Other oddities in answers

- Bo, 02 q-episode, sarsa-update: the cell of this exercise is not there

## Oddities in files

- Ana\\_1: a\\*.txt: this file is no notebook
"""


def test_the_report_by_hand():
    ana = student("Ana_1", hand_policies=Mark(0.5, "partly"), q_episode=Mark(0.0, "timeout", "E: `x`"))
    ana.student.notes.append(("a*.txt", Note("other-file")))
    bo = student("Bo", "fr", q_update=UNDONE)
    missing = (Note("missing"),)
    bo.student.answers[MDP].notes.update(
        {"q-update": (Note("twice", times=2),), "q-episode": missing, "sarsa-update": missing}
    )
    assert report([KEY], [ana, bo]) == MADE
