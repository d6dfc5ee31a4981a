"""The answer to one exercise among the cells of a notebook."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.grading.asked.cells import tree_of
from coursekit.grading.asked.exercise import TODO, Exercise
from coursekit.grading.asked.slices import DEFINITION, defined
from coursekit.grading.handed_in.notes import Note
from coursekit.grading.handed_in.papers import PaperCell

Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
LEVELS = ("id", "metadata", "todo", "name")  # how a cell is found, the surest first


@dataclass(frozen=True)
class Candidate:
    """A cell that may hold the answer, and how it was found."""

    level: int
    source: str


def find_answer(exercise: Exercise, cells: Sequence[PaperCell]) -> tuple[str | None, list[Note]]:
    """The student's code for an exercise.

    Args:
        exercise: which one.
        cells: the notebook's cells of code, without those that are as the course gave them.

    Returns:
        The code, None where there is none; and what is odd about it.
    """
    stubs = {tree_of(stub) for stub in exercise.stub.values()}
    candidates = [c for cell in cells if (c := candidate(exercise, cell)) and tree_of(c.source) not in stubs]
    defining = [c for c in candidates if defined(c.source) & set(exercise.names)]
    if not defining:
        return renamed(exercise, [c for c in candidates if c.level < LEVELS.index("name")])
    level = min(c.level for c in defining)
    chosen = [c for c in defining if c.level == level][-1]
    notes = [Note(f"found-by-{LEVELS[level]}")] if level > 1 else []
    answer = chosen.source
    for name in [name for name in exercise.names if name not in defined(answer)]:
        if more := [c.source for c in defining if name in defined(c.source)]:
            answer = f"{more[-1]}\n\n{answer}"
            notes.append(Note("split", name=name))
    others = {tree_of(c.source) for c in defining if c.source not in answer} - {tree_of(answer)}
    if others or twice_within(chosen.source, exercise.names):
        notes.append(Note("twice", times=len(others) + 1 if others else 2))
    return answer, notes


def candidate(exercise: Exercise, cell: PaperCell) -> Candidate | None:
    """How a cell is told to be the exercise's, if it is."""
    if cell.ids and cell.ids[0] == exercise.name:
        return Candidate(0, cell.source)
    if exercise.name in cell.ids:
        return Candidate(1, cell.source)
    if set(TODO.findall(cell.source)) & set(exercise.todos):
        return Candidate(2, cell.source)
    if defined(cell.source) & set(exercise.names):
        return Candidate(3, cell.source)
    return None


def twice_within(source: str, names: Sequence[str]) -> bool:
    """Whether a cell defines one of the names several times."""
    found = DEFINITION.findall(source)
    return any(found.count(name) > 1 for name in names)


def renamed(exercise: Exercise, candidates: Sequence[Candidate]) -> tuple[str | None, list[Note]]:
    """The answer in a cell that defines none of the names: a function of another name, or no Python at all."""
    if not candidates:
        return None, []
    source = min(reversed(candidates), key=lambda c: c.level).source
    here, there = definitions(source), definitions(next(iter(exercise.stub.values())))
    if len(exercise.names) != 1 or len(here) != 1 or len(there) != 1 or shape(here[0]) != shape(there[0]):
        return source, [Note("undefined", names=", ".join(exercise.names))]
    old, new = exercise.names[0], here[0].name
    return f"{source}\n\n{old} = {new}\n", [Note("renamed", old=old, new=new)]


def definitions(source: str) -> list[Defined]:
    """The functions and classes at the top level of a cell."""
    try:
        return [node for node in ast.parse(source).body if isinstance(node, Defined)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def shape(node: Defined) -> tuple[str, int]:
    """What a definition has beside its name: class or function, and the number of its arguments."""
    return type(node).__name__, 0 if isinstance(node, ast.ClassDef) else len(node.args.args)
