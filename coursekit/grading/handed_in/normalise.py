"""From a notebook that was handed in to the answers in it, whatever has become of its cells."""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from coursekit.course import MASTER
from coursekit.grading.asked.cells import tree_of
from coursekit.grading.asked.exercise import Exercise
from coursekit.grading.asked.key import Key
from coursekit.grading.asked.slices import MANY, defined, used
from coursekit.grading.handed_in.answers import find_answer
from coursekit.grading.handed_in.notes import Note
from coursekit.grading.handed_in.papers import Paper, PaperCell
from coursekit.notebook import text_of

ENOUGH = 3  # cells, functions or lines of text that a notebook shares with a lesson, at least
LONG = 25  # characters of a line of text that tells a lesson


@dataclass(frozen=True)
class Answers:
    """The answers in one notebook.

    Attributes:
        lesson: which lesson's they are.
        language: the notebook's.
        code: by exercise, the student's code; an exercise that was left as it was given is not there.
        notes: by exercise, what is odd about it.
        written: by question, what the student wrote; a question that was left as it was given is not there.
    """

    lesson: str
    language: str
    code: dict[str, str]
    notes: dict[str, tuple[Note, ...]]
    written: dict[str, str]


def recognise(paper: Paper, keys: Iterable[Key]) -> tuple[Key | None, str]:
    """Which lesson's notebook this is, and in which language; None where it is of none."""
    told = paper.metadata.get("coursekit")
    told = told if isinstance(told, dict) else {}
    names = {name for cell in paper.code for name in defined(cell.source)}
    found: list[tuple[int, Key]] = []
    for key in keys:
        functions = {name for exercise in key.exercises for name in exercise.names}
        shared = [len(paper.ids & key.cell_names), len(names & functions)]
        shared += [sum(len(line) >= LONG for line in paper.text & lines) for lines in key.text.values()]
        if told.get("lesson") == key.lesson:
            found.append((1_000_000, key))
        elif max(shared) >= ENOUGH:
            found.append((sum(shared), key))
    if not found:
        return None, MASTER
    key = max(found, key=lambda pair: pair[0])[1]
    if told.get("language") in key.student:
        return key, str(told["language"])
    return key, max(key.student, key=lambda language: len(paper.text & key.text[language]))


def answers_in(paper: Paper, key: Key, language: str) -> Answers:
    """Find the answer to each exercise."""
    cells = [cell for cell in paper.code if cell.source.strip() and not key.gives(cell.source)]
    code: dict[str, str] = {}
    notes: dict[str, tuple[Note, ...]] = {}
    for exercise in key.exercises:
        answer, odd = find_answer(exercise, cells)
        if answer is None and not is_there(exercise, paper):
            odd = [*odd, Note("missing")]
        if answer is not None:
            helpers, names = own_helpers(answer, cells, key, language, exercise.name)
            code[exercise.name] = "\n\n".join([*helpers, answer])
            if names:
                odd = [*odd, Note("helpers", names=", ".join(names))]
        if odd:
            notes[exercise.name] = tuple(odd)
    return Answers(key.lesson, language, code, notes, dict(written_in(paper, key, language)))


def is_there(exercise: Exercise, paper: Paper) -> bool:
    """Whether a notebook has the exercise's cell, by its id or as it was given."""
    stubs = {tree_of(stub) for stub in exercise.stub.values()}
    return any(exercise.name in cell.ids or tree_of(cell.source) in stubs for cell in paper.code)


def written_in(paper: Paper, key: Key, language: str) -> Iterator[tuple[str, str]]:
    """The answers in words: the question's cell, and the cells that the student put after it."""
    given = [(cell["id"], text_of(cell).strip()) for cell in key.student[language]["cells"]]
    texts = {text: name for name, text in given}
    told = [
        next((name for name in cell.ids if name in key.cell_names), texts.get(cell.source.strip(), ""))
        for cell in paper.cells
    ]
    for position, (question, stub) in enumerate(given):
        if question not in key.questions:
            continue
        start = told.index(question) if question in told else None
        if start is None and given[position - 1][0] in told:  # its id is lost, the text before it is not
            start = told.index(given[position - 1][0]) + 1
        parts = []
        for name, cell in list(zip(told, paper.cells, strict=True))[start:] if start is not None else []:
            if name not in ("", question) or cell.kind == "code":
                break
            parts.append(cell.source.strip())
        written = "\n\n".join(part for part in parts if part not in ("", stub))
        if written:
            yield question, written


def own_helpers(
    answer: str, cells: list[PaperCell], key: Key, language: str, exercise: str
) -> tuple[list[str], list[str]]:
    """Statements of the student's other cells that define names which the answer uses and the lesson does not give.

    Returns:
        The statements, in the notebook's order, and the names that they define.
    """
    known: set[str] = set(dir(builtins))
    for cell in key.given(language, exercise):
        known |= defined(cell.source)
    statements = [statement for cell in cells for statement in binding_statements(cell.source)]
    missing = used(answer) - known
    chosen: list[str] = []
    names: list[str] = []
    for statement in reversed(statements):
        bound = defined(statement)
        if bound & missing:
            names += sorted(bound & missing)
            missing = (missing - bound) | (used(statement) - known)
            chosen.append(statement)
    return chosen[::-1], names[::-1]


@lru_cache(MANY)
def binding_statements(source: str) -> tuple[str, ...]:
    """The imports, definitions and assignments at the top level of a cell."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    return tuple(ast.get_source_segment(source, node) or "" for node in tree.body if isinstance(node, kinds))
