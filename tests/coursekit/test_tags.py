"""What tags mean together, and that nbval means the same by its own."""

import re
from pathlib import Path

import pytest
from nbval.plugin import metadata_tags

from coursekit.tags import NO_TAG, TAGS, meaning, tags_of

ROOT = Path(__file__).parents[2]
NBVAL = {"ignored": ("check", False), "compared": "check", "skipped": "skip"}


def test_tags_of_one_cell_are_read_together():
    said = meaning(["check", "nbval-check-output"])
    assert (said.kind, said.folded, said.nbval) == ("code", "everywhere", "compared")
    assert said.hidden and not said.graded
    assert meaning([]) == meaning(["of somebody else", ["nonsense"]]) == NO_TAG
    assert tags_of({}) == ()
    assert tags_of({"metadata": {"tags": ["check"]}}) == ("check",)


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag.startswith("nbval-")])
def test_nbval_knows_its_tags(tag):
    assert metadata_tags[tag] == NBVAL[TAGS[tag].nbval]


def test_every_tag_is_told_to_authors():
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text("utf-8").split())
    listed = re.search(r"They are (`exercise`.*?)\.", text)[1]
    assert set(re.findall(r"`([^`]+)`", listed)) - {"points"} == set(TAGS)
