"""Marking: what authors import in a lesson's `grading.py`."""

from coursekit.grading.evaluate import dense, likely, numbers, returns
from coursekit.grading.spec import Graded

__all__ = ["Graded", "dense", "likely", "numbers", "returns"]
