"""Catalogs follow the English: what is kept, what becomes fuzzy, what goes."""

import polib
import pytest

from coursekit.catalog import Message, is_stale, read_catalog, updated, write_catalog
from coursekit.problems import CourseError

WHY = "Why is the sum finite?"
POURQUOI = "Pourquoi la somme est-elle finie\u00a0?"


def test_an_unchanged_course_is_left_alone(tiny):
    before = tiny.files()
    assert tiny.update() == []
    assert tiny.files() == before


def test_changed_english_is_fuzzy_with_its_previous_text(tiny):
    tiny.lesson(WHY, "Why is this sum always finite?")
    assert {path.name for path in tiny.update()} == {"fr.po", "ro.po"}
    entry, *_ = tiny.entry("Why is this sum always finite?")
    assert (entry.msgstr, entry.flags, entry.previous_msgid) == (POURQUOI, ["fuzzy"], WHY)
    assert tiny.update() == []


def test_changed_english_is_fuzzy_in_another_cell_too(tiny):
    tiny.lesson("# Why is the sum finite?\n", "# Anything else?\n")
    tiny.append("# %% later [markdown]\n# Why is the sum always finite?\n")
    tiny.update()
    entry, *_ = tiny.entry("Why is the sum always finite?")
    assert (entry.msgctxt, entry.msgstr, entry.flags, entry.previous_msgid) == ("later", POURQUOI, ["fuzzy"], WHY)


def test_a_text_that_moved_keeps_its_translation(tiny):
    tiny.lesson("# Why is the sum finite?\n", "# Why is the sum so very finite?\n")
    tiny.append("# %% later [markdown]\n# Why is the sum finite?\n")
    tiny.update()
    entry, *_ = tiny.entry(WHY)
    assert (entry.msgctxt, entry.msgstr, entry.flags, entry.previous_msgid) == ("later", POURQUOI, [], None)
    # The text that took its place gets no translation that still belongs to another one.
    assert tiny.entry("Why is the sum so very finite?")[0].msgstr == ""


def test_a_text_rewritten_in_its_cell_is_offered_the_old_translation(tiny):
    tiny.lesson(WHY, "Say why it cannot be infinite.")
    tiny.update()
    entry, *_ = tiny.entry("Say why it cannot be infinite.")
    assert (entry.msgstr, entry.flags) == (POURQUOI, ["fuzzy"])


def test_unchanged_entries_keep_translation_and_comment(tiny):
    entry, catalog, path = tiny.entry("# A tiny lesson")
    entry.tcomment = "We say leçon,\nnot cours."
    catalog.header = "Translated by hand"
    catalog.metadata["Last-Translator"] = "A. B."
    write_catalog(path, catalog)
    tiny.lesson(WHY, "Why is this sum finite?")
    tiny.update()
    entry, catalog, _ = tiny.entry("# A tiny lesson")
    assert (entry.msgstr, entry.flags, entry.tcomment) == ("# Une toute petite leçon", [], "We say leçon,\nnot cours.")
    assert (catalog.header.strip(), catalog.metadata["Last-Translator"]) == ("Translated by hand", "A. B.")
    assert tiny.update() == []


def test_removed_entries_vanish(tiny):
    tiny.lesson("# %% why [markdown]\n# Why is the sum finite?\n\n", "")
    tiny.update()
    assert WHY not in tiny.course.catalog("tiny", "fr").read_text("utf-8")
    assert tiny.update() == []


def test_a_fuzzy_entry_stays_fuzzy_with_what_was_translated(tiny):
    tiny.lesson(WHY, "Why is this sum finite?")
    tiny.update()
    tiny.lesson("Why is this sum finite?", "Why is this sum always finite?")
    tiny.update()
    entry, *_ = tiny.entry("Why is this sum always finite?")
    assert (entry.msgstr, entry.flags, entry.previous_msgid) == (POURQUOI, ["fuzzy"], WHY)


def test_a_mended_entry_loses_its_previous_text(tiny):
    tiny.lesson(WHY, "Why is this sum finite?")
    tiny.update()
    tiny.flag("Why is this sum finite?")  # the translator took the flag off, and no more
    tiny.update()
    entry, *_ = tiny.entry("Why is this sum finite?")
    assert (entry.msgstr, entry.flags, entry.previous_msgid) == (POURQUOI, [], None)


def test_edited_texts_find_their_own_translations(tiny):
    """Each goes to the text that it is likest to, not to the first one that is like enough."""
    old = polib.POFile()
    for text in ("The agent takes an action.", "The agent takes an action again."):
        old.append(polib.POEntry(msgctxt="a", msgid=text, msgstr=f"<{text}>"))
    new = [
        Message("a", "Now the agent takes an action again.", "markdown"),
        Message("a", "The agent takes one action.", "markdown"),
    ]
    assert [entry.msgstr for entry in updated(old, new, "fr")] == [
        "<The agent takes an action again.>",
        "<The agent takes an action.>",
    ]


def test_one_translation_is_offered_once():
    old = polib.POFile()
    old.append(polib.POEntry(msgctxt="a", msgid="The agent takes an action.", msgstr="L'agent agit."))
    new = [Message("a", f"The agent takes an action{end}.", "markdown") for end in (" at last", "!", " twice")]
    assert [entry.msgstr for entry in updated(old, new, "fr")] == ["", "L'agent agit.", ""]


def test_an_unlike_text_is_offered_nothing():
    old = polib.POFile()
    old.append(polib.POEntry(msgctxt="a", msgid="The agent takes an action.", msgstr="L'agent agit."))
    (entry,) = updated(old, [Message("b", "Plot it with matplotlib, please", "markdown")], "fr")
    assert (entry.msgstr, entry.flags) == ("", [])


def test_plural_forms(tiny):
    entry = polib.POEntry(msgid="{n} step", msgid_plural="{n} steps")
    new = updated(None, [Message("", entry.msgid, "string", entry.msgid_plural)], "ro")
    assert dict(new[0].msgstr_plural) == {0: "", 1: "", 2: ""}
    assert new.metadata["Plural-Forms"].startswith("nplurals=3")
    tiny.edit("labkit/__init__.py", '"{count} steps"', '"all {count} steps"')
    tiny.update()
    (entry,) = [e for e in read_catalog(tiny.path("labkit/locale/ro/LC_MESSAGES/labkit.po")) if e.msgid_plural]
    assert (entry.flags, entry.msgstr_plural[2]) == (["fuzzy"], "{count} de pași")


@pytest.mark.parametrize(
    "text",
    [
        "a\\nabla \\\\ b",
        'a "quote"',
        "two\nlines\n\nand more",
        "tab\t",
        "no-break\u00a0space " * 20,
        "x" * 300,
        "ș ț « »",
        "{{n}} {n}",
    ],
)
def test_a_catalog_is_read_as_it_was_written(tmp_path, text):
    catalog = updated(None, [Message("a", text, "markdown")], "fr")
    catalog[0].msgstr = text
    write_catalog(tmp_path / "fr.po", catalog)
    (entry,) = read_catalog(tmp_path / "fr.po")
    assert (entry.msgid, entry.msgstr) == (text, text)
    assert not write_catalog(
        tmp_path / "fr.po", updated(read_catalog(tmp_path / "fr.po"), [Message("a", text, "markdown")], "fr")
    )


@pytest.mark.parametrize(
    "data", [b'msgid "a', b'msgid "a"\nmsgstr a\n', b"what is this\n", b'msgid "\xff"\nmsgstr ""\n']
)
def test_a_catalog_that_does_not_parse(tmp_path, data):
    path = tmp_path / "fr.po"
    path.write_bytes(data)
    with pytest.raises(CourseError, match="does not parse"):
        read_catalog(path)


def test_a_stale_catalog():
    messages = [Message("a", "One", "markdown"), Message("a", "Two", "markdown")]
    catalog = updated(None, messages, "fr")
    assert not is_stale(catalog, messages)
    assert is_stale(catalog, messages[::-1])
    assert is_stale(catalog, messages[:1])
    assert is_stale(catalog, [messages[0], Message("b", "Two", "markdown")])
    assert is_stale(catalog, [messages[0], Message("a", "Two", "comment")])  # other rules hold for comments


def test_a_broken_lesson_leaves_all_catalogs_alone(tiny):
    tiny.lesson(WHY, "Why is this sum finite?")
    tiny.write("lessons/more/lesson.py", "# %% a\nx = = 1")
    before = tiny.files()
    with pytest.raises(CourseError, match=r"lessons/more/lesson.py: a: the code does not parse"):
        tiny.update()
    assert tiny.files() == before


@pytest.mark.parametrize(
    ("cell", "same", "offered"),
    [("b", 6, True), ("b", 5, False), ("a", 3, True), ("a", 2, False)],
)
def test_how_like_a_text_must_be_to_be_offered_its_translation(cell, same, offered):
    """Of ten letters so many are the same: six, or, in the same cell, three."""
    old = polib.POFile()
    old.append(polib.POEntry(msgctxt="a", msgid="abcdefghij", msgstr="traduit"))
    (entry,) = updated(old, [Message(cell, "abcdefghij"[:same] + "0123456789"[same:], "markdown")], "fr")
    assert (entry.msgstr, entry.flags) == (("traduit", ["fuzzy"]) if offered else ("", []))
