"""The language of all that labkit shows: its messages, and the numbers of plots and tables."""

from labkit import messages
from labkit.axes import localize_axes
from labkit.tables import localize_tables


def use(language: str) -> None:
    """Choose the language of what labkit says and shows, from now on.

    Its messages and plot labels are in that language, and numbers are written as the language does: those of
    labkit, those along the axes of matplotlib's plots, and those of pandas' tables under a notebook's cells.

    Args:
        language: a code such as "en", "fr" or "ro".

    Raises:
        ValueError: labkit does not speak that language.
    """
    messages.use(language)
    localize_axes()
    localize_tables()
