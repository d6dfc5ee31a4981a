"""Formulas, as TeX writes them: the words in them, and their numbers as a language writes those."""

import re
from dataclasses import dataclass, field

WORDS = re.compile(r"\\(?:text|mathrm|textrm|textit)\{([^{}]*)\}")
UNIT = r"\s*(?:em|ex|mu|pt|px|pc|cm|mm|in)(?![a-zA-Z])"
LENGTH = re.compile(
    rf"\\\\\[-?[\d.]+{UNIT}\]|\\(?:[hv]space\*?|raise|lower|rule)\{{?-?[\d.]+{UNIT}|\\m?(?:kern|skip)\s*-?[\d.]+"
)
PIECE = re.compile(
    rf"{WORDS.pattern}|{LENGTH.pattern}|(?P<open>[(\[{{]|\\\{{)|(?P<close>[)\]}}]|\\\}})|(?P<number>\d+\.\d+)|\\?.",
    re.S,
)


@dataclass
class Bracket:
    """An open bracket: its sign, whether a decimal stands directly in it, and where the commas there are."""

    sign: str
    decimal: bool = False
    commas: list[int] = field(default_factory=list)


def words_in(formula: str) -> list[str]:
    r"""The words that a formula holds, as in `\text{...}`."""
    return WORDS.findall(formula)


def wordless(formula: str) -> str:
    """A formula without spaces and without the words in it."""
    return re.sub(r"\s+", "", WORDS.sub(r"\\text{}", formula))


def with_decimal_comma(formula: str) -> str:
    r"""A formula that writes 0,5 for 0.5, and so (0,5; 2) for (0.5, 2), in whichever brackets.

    The words in it are the translator's, and a length, as in `\hspace{0.5em}`, has its dot for TeX.
    """
    pieces: list[str] = []
    around = [Bracket("")]
    for found in PIECE.finditer(formula):
        pieces.append(found[0])
        if found["open"]:
            around.append(Bracket(found[0]))
        elif found["close"] and len(around) > 1:
            closed = around.pop()
            if closed.sign == "{":  # a group, whose brackets nobody sees
                around[-1].decimal |= closed.decimal
            elif closed.decimal:
                for comma in closed.commas:
                    pieces[comma] = ";"
        elif found["number"]:
            around[-1].decimal = True
            pieces[-1] = found[0].replace(".", "{,}")  # the braces say that no space follows
        elif found[0] == ",":
            around[-1].commas.append(len(pieces) - 1)
    return "".join(pieces)
