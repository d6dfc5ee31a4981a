"""The page before the others: it leads to the reader's language."""

from collections.abc import Mapping

from coursekit.languages import MASTER, Language
from coursekit.site.rendering import rendered


def front_page(languages: Mapping[str, Language], titles: dict[str, str]) -> str:
    """HTML that goes on to the reader's language; without JavaScript, links to each.

    Args:
        languages: by code, the master first.
        titles: the course's title by code.
    """
    names = {code: languages[code].name for code in titles}
    return rendered("front.html", titles=titles, names=names, master=MASTER)
