"""Marking. Here is what authors import in a lesson's `grading.py`.

A submission passes these rooms, each of which knows only those before it:

    asked      what the lesson asks: exercises, the answer key, how each is marked
    handed_in  whose files came in, and the answers in them
    sandbox    where answers run: the grader's side, and inside it `guest`, the side that students can reach
    marking    what is probed, and the marks that results earn
    told       what students, instructors and other programs get of them

`grade` leads through them.
"""

from coursekit.grading.asked.choices import explores, same_notes
from coursekit.grading.asked.evaluate import dense, likely, numbers, returns
from coursekit.grading.asked.inputs import arrays, dense_shapes, layer_sizes, transitions
from coursekit.grading.asked.spec import Graded

__all__ = [
    "Graded",
    "arrays",
    "dense",
    "dense_shapes",
    "explores",
    "layer_sizes",
    "likely",
    "numbers",
    "returns",
    "same_notes",
    "transitions",
]
