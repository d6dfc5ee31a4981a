"""The home page: what the course is, and its lessons as cards."""

from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.contents import Entry, course_words
from coursekit.course import Course
from coursekit.site.outputs import Figure, Media
from coursekit.site.rendering import rendered
from coursekit.site.stills import still
from coursekit.site.words import Words


@dataclass(frozen=True)
class Card:
    """A lesson as the home page shows it.

    Attributes:
        entry: what the table of contents says of it.
        colab: where Colab opens it.
        face: its first video or picture; None where it has neither.
    """

    entry: Entry
    colab: str
    face: Figure | None

    @property
    def page(self) -> str:
        """The page's name, without its suffix."""
        return self.entry.file.removesuffix(".ipynb")


def face_of(figures: Sequence[Figure], media: Media) -> Figure | None:
    """The first video of a page, with a still of it, or else its first picture."""
    for figure in figures:
        if figure.film:
            return figure._replace(poster=media.keep(still(media.files[figure.path]), "png"))
    return figures[0] if figures else None


def home_page(course: Course, language: str, cards: list[tuple[str, list[Card]]], words: Words) -> str:
    """The home page: what the course is, and its lessons as cards.

    Args:
        course: what it is.
        language: the page's language.
        cards: for each part of the course its title and its lessons, in order.
        words: the site's words.
    """
    say = course_words(course, language)
    first = next(card for _part, lessons in cards for card in lessons)
    return rendered("home.md", title=say(course.title), about=say(course.about), parts=cards, first=first, words=words)
