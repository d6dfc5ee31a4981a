"""Plausible wrong answers, by which each check cell of a lesson is proved, and how an author writes them."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """One wrong answer that a student might well give.

    Attributes:
        exercise: name of the exercise cell that `code` stands in for.
        check: name of the check cell that must catch it.
        code: the whole wrong answer, as it would stand in the exercise cell.
        message: a fragment of the English message that must be shown.
    """

    exercise: str
    check: str
    code: str
    message: str


def of(
    exercise: str, frame: str, *answers: tuple[str, str], gap: str = "body", check: str = "", **others: str
) -> list[Mistake]:
    """One Mistake for each pair of what stands in the gap, wrongly, and a fragment of its message.

    Args:
        exercise: name of the exercise cell.
        frame: its code, with the gap and other ones in it; where the gap is missing, the head of a function.
        answers: what stands in the gap, or is the function's body, and the fragment.
        gap: name of the gap.
        check: name of the check cell; that of the exercise and "-check" by default.
        others: what stands in the other gaps.
    """
    if f"{{{gap}}}" not in frame:
        frame += f"\n    {{{gap}}}"
    return [
        Mistake(exercise, check or f"{exercise}-check", filled(frame, **{gap: answer}, **others), message)
        for answer, message in answers
    ]


def filled(frame: str, **bodies: str) -> str:
    """The frame with a body for each gap, `{name}`: alone on its line, the body's lines are indented as it is."""
    lines = []
    for line in frame.splitlines():
        indent, gap = line[: len(line) - len(line.lstrip())], line.strip()
        name = gap[1:-1]
        if name in bodies and gap == f"{{{name}}}":
            lines += [indent + part if part else part for part in bodies[name].splitlines()]
        else:
            for name, body in bodies.items():
                line = line.replace(f"{{{name}}}", body)
            lines.append(line)
    return "\n".join(lines) + "\n"


def swap(code: str, *pairs: tuple[str, str]) -> str:
    """The code with each old part replaced by a new one, in turn.

    Raises:
        ValueError: an old part is not there, and the code would stay right.
    """
    for old, new in pairs:
        if old not in code:
            raise ValueError(f"{old!r} is not in the code that it is to be replaced in:\n{code}")
        code = code.replace(old, new)
    return code
