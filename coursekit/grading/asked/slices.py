"""Which cells a piece of code needs: names that it uses, and cells that define them."""

import re
import symtable
import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

MANY = 4096  # sources whose names are remembered: those of a class are much alike
DEFINITION = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)", re.M)


class Given(NamedTuple):
    """A cell of code that may be run before an answer."""

    name: str
    source: str


def table_of(source: str) -> symtable.SymbolTable | None:
    """The symbols of a source; None where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return symtable.symtable(source, "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(MANY)
def defined(source: str) -> frozenset[str]:
    """Names that a cell binds at its top level; where it does not parse, those of its functions and classes."""
    table = table_of(source)
    if table is None:
        return frozenset(DEFINITION.findall(source))
    bound = (symbol for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported())
    return frozenset(symbol.get_name() for symbol in bound)


@lru_cache(MANY)
def used(source: str) -> frozenset[str]:
    """Global names that a cell refers to and does not bind itself."""
    table = table_of(source)
    if table is None:
        return frozenset()
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    tables = list(table.get_children())
    while tables:
        inner = tables.pop()
        names |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global()}
        tables += inner.get_children()
    return frozenset(names - defined(source))


def needed(cells: Sequence[Given], names: Iterable[str], always: Iterable[str] = ()) -> list[Given]:
    """The cells to run, in their order, for code that uses `names`.

    Going back from the code, each name is taken from the last cell that binds it.

    Args:
        cells: all cells before the code.
        names: global names that the code uses.
        always: names of cells that are run in any case.
    """
    missing, forced, chosen = frozenset(names), set(always), []
    for cell in reversed(cells):
        if missing & (bound := defined(cell.source)) or cell.name in forced:
            missing = (missing - bound) | used(cell.source)
            chosen.append(cell)
    return chosen[::-1]
