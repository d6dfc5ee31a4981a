"""What the tags of a cell mean: here and nowhere else."""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from coursekit.text import Kind


class Tag(NamedTuple):
    """What a tag says of its cell.

    Attributes:
        kind: the one kind of cell that it may stand on; None where it may stand on each.
        graded: the cell has points, and a part that only solutions hold.
        withheld: students do not get the cell.
        folded: its code waits for a click, on the site's pages or everywhere (in notebooks as well).
        hidden: no page shows its outputs.
        harmless: its outputs tell no answer: they are labkit's words, or stand in its own code.
        aside: answers are marked without it.
        varies: its outputs differ from run to run, so that nbval must not compare them.
        nbval: what nbval does with the cell beyond running it: nothing with what it shows ("ignored"), or a comparison
            of it even where others are not compared; a cell that is "skipped" it does not run.
    """

    kind: Kind | None = None
    graded: bool = False
    withheld: bool = False
    folded: Literal["", "pages", "everywhere"] = ""
    hidden: bool = False
    harmless: bool = False
    aside: bool = False
    varies: bool = False
    nbval: Literal["", "ignored", "compared", "skipped"] = ""


NO_TAG = Tag()
TAGS = {
    "exercise": Tag("code", graded=True, hidden=True),
    "check": Tag("code", folded="everywhere", hidden=True, harmless=True, aside=True),
    "question": Tag("markdown", graded=True, hidden=True),
    "setup": Tag(folded="pages", hidden=True, aside=True),
    "training": Tag(varies=True, aside=True),
    "solution-only": Tag(withheld=True, hidden=True, aside=True),
    "nbval-ignore-output": Tag(nbval="ignored"),
    "nbval-check-output": Tag(nbval="compared"),
    "nbval-skip": Tag(nbval="skipped", aside=True),
}


def meaning(tags: Iterable[str]) -> Tag:
    """What the tags of one cell say together."""
    said = [TAGS.get(str(tag), NO_TAG) for tag in tags]
    return Tag(*(next(filter(None, values), values[0]) for values in zip(NO_TAG, *said, strict=True)))


def tags_of(cell: dict[str, Any]) -> tuple[str, ...]:
    """The tags of a notebook's cell."""
    return tuple(cell.get("metadata", {}).get("tags", ()))
