"""The page before the others: it leads to the reader's language."""

from coursekit.course import MASTER, NAMES
from coursekit.site.rendering import rendered


def front_page(titles: dict[str, str]) -> str:
    """HTML that goes on to the reader's language; without JavaScript, links to each.

    Args:
        titles: the course's title by language, the master first.
    """
    return rendered("front.html", titles=titles, names=NAMES, master=MASTER)
