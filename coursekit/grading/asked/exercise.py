"""The exercises of a lesson, as the course's own notebooks hold them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coursekit.course import MASTER
from coursekit.grading.asked.cells import code_cells, sources
from coursekit.grading.asked.slices import DEFINITION, Given, defined, needed, used
from coursekit.notebook import Notebook, text_of
from coursekit.tags import meaning, tags_of

TODO = re.compile(r"#.*?\bTODO (\d+)\b")


@dataclass(frozen=True)
class Exercise:
    """One exercise that is marked by probe.

    Attributes:
        name: name of its cell.
        points: what it is worth.
        names: functions and classes that it defines; other names where it defines none.
        todos: numbers of its TODO markers.
        stub: by language, the cell as students get it.
        solution: by language, the reference's answer.
        check: by language, its check, after the given cells between them that it needs.
    """

    name: str
    points: int
    names: tuple[str, ...]
    todos: tuple[str, ...]
    stub: dict[str, str]
    solution: dict[str, str]
    check: dict[str, str]


def exercises_of(student: dict[str, Notebook], solution: dict[str, Notebook]) -> Iterator[Exercise]:
    """The exercises of a lesson, in their order."""
    stubs, answers = sources(student), sources(solution)
    for cell in code_cells(student[MASTER]):
        if "exercise" not in tags_of(cell):
            continue
        name, stub = cell["id"], text_of(cell)
        functions = DEFINITION.findall(stub)
        yield Exercise(
            name,
            cell["metadata"]["points"],
            tuple(dict.fromkeys(functions)) or tuple(sorted(defined(stub))),
            tuple(TODO.findall(stub)),
            {language: cells[name] for language, cells in stubs.items()},
            {language: cells[name] for language, cells in answers.items()},
            {language: check_of(notebook, name) for language, notebook in student.items()},
        )


def check_of(notebook: Notebook, exercise: str) -> str:
    """What is run to say what is wrong with an answer: its check, and the cells before that which the check needs."""
    cells = code_cells(notebook)
    position = next(i for i, cell in enumerate(cells) if cell["id"] == exercise)
    between: list[Given] = []
    for cell in cells[position + 1 :]:
        if "check" in tags_of(cell):
            return "\n\n".join([*(given.source for given in needed(between, used(text_of(cell)))), text_of(cell)])
        if not meaning(tags_of(cell)).aside:
            between.append(Given(cell["id"], text_of(cell)))
    return ""
