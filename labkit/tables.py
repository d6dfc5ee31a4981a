"""pandas' tables under a notebook's cells, their numbers in the language in use."""

import sys
from typing import Any

from labkit.numbers import written

_HOMES = ("pandas", "pandas.core.frame")  # where DataFrame says that it lives, since pandas 3 and before


def localize_tables() -> None:
    """Have IPython show tables with the decimal sign of the language in use; nothing outside IPython.

    IPython is told the type by its name, so that pandas is not imported before a lesson does.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return
    formatters = shell.display_formatter.formatters
    for home in _HOMES:
        formatters["text/html"].for_type_by_name(home, "DataFrame", table_html)
        formatters["text/plain"].for_type_by_name(home, "DataFrame", _print_table)


def table_html(table: Any) -> str:
    """What pandas shows in a notebook, with the language's decimal sign."""
    if written(".") == ".":
        return str(table._repr_html_())
    return str(table.to_html(decimal=written("."), notebook=True, **_shown(table)))


def table_text(table: Any) -> str:
    """What pandas prints, with the language's decimal sign."""
    if written(".") == ".":
        return repr(table)
    return str(table.to_string(decimal=written("."), line_width=_option("width"), **_shown(table)))


def _print_table(table: Any, printer: Any, cycle: bool) -> None:
    printer.text(table_text(table))


def _shown(table: Any) -> dict[str, Any]:
    """How much of a table pandas shows."""
    rows = _option("max_rows")
    return {
        "max_rows": _option("min_rows") if rows and len(table) > rows else rows,
        "max_cols": _option("max_columns"),
        "show_dimensions": _option("show_dimensions"),
    }


def _option(name: str) -> Any:
    import pandas as pd

    return pd.get_option(f"display.{name}")
