"""What students are called in a file system."""

import re
import unicodedata
from collections.abc import Iterable


def page_names(students: Iterable[str]) -> dict[str, str]:
    """A file name for each student's page."""
    return {student: f"{name}.html" for student, name in distinct_names(students, r"[^\w .()-]+").items()}


def distinct_names(students: Iterable[str], refused: str) -> dict[str, str]:
    """What to call each student in a file system: no two alike, on any system, whatever they are called.

    Args:
        students: all of them.
        refused: pattern of what a name may not hold.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        plain = re.sub(refused, "_", unicodedata.normalize("NFC", student)).strip(" .")[:80] or "student"
        name, count = plain, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain}-{count}"
        taken.add(name.casefold())
        names[student] = name
    return names
