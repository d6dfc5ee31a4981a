"""Marking: what authors import in a lesson's `grading.py`."""

from coursekit.grading.choices import explores, same_notes
from coursekit.grading.evaluate import dense, likely, numbers, returns
from coursekit.grading.inputs import arrays, dense_shapes, layer_sizes, transitions
from coursekit.grading.spec import Graded

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
