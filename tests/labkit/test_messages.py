import re
from pathlib import Path

import polib
import pytest

import labkit
from labkit.messages import _, ngettext, use

LOCALE = Path(labkit.__file__).parent / "locale"


def plural(n):
    return ngettext(
        "mean {mean:.1f} (95 % interval {low:.1f} to {high:.1f}) over {n} episode",
        "mean {mean:.1f} (95 % interval {low:.1f} to {high:.1f}) over {n} episodes",
        n,
    )


def test_english_is_the_text_itself():
    assert _("All checks passed") == "All checks passed"
    assert [plural(n).split()[-1] for n in (1, 2)] == ["episode", "episodes"]


def test_the_language_is_looked_up_at_each_call():
    use("fr")
    assert _("episode") == "épisode"
    use("ro")
    assert _("episode") == "episod"
    use("en")
    assert _("episode") == "episode"


def test_french_has_two_forms():
    use("fr")
    assert [plural(n).split()[-1] for n in (0, 1, 2, 20)] == ["épisode", "épisode", "épisodes", "épisodes"]


def test_romanian_has_three_forms():
    use("ro")
    endings = {n: plural(n).partition("{n} ")[2] for n in (0, 1, 2, 19, 20, 100, 101, 120)}
    assert endings == {
        0: "episoade",
        1: "episod",
        2: "episoade",
        19: "episoade",
        20: "de episoade",
        100: "de episoade",
        101: "episoade",
        120: "de episoade",
    }


def test_a_language_that_is_not_there_is_refused_in_the_one_in_use():
    with pytest.raises(ValueError, match=r"^labkit has no language 'de': choose one of en, fr, ro.$"):
        use("de")
    use("ro")
    with pytest.raises(ValueError, match=r"^labkit nu cunoaște limba 'de': alegeți dintre en, fr, ro.$"):
        use("de")
    assert _("episode") == "episod"


@pytest.mark.parametrize("language", ["fr", "ro"])
def test_every_message_is_translated_with_its_fields(language):
    catalog = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "labkit.po"))
    for entry in catalog:
        translations = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        for text in translations:
            assert text and "fuzzy" not in entry.flags
            assert fields(text) in (fields(entry.msgid), fields(entry.msgid_plural or entry.msgid))


def fields(text):
    return sorted(re.findall(r"\{.*?\}", text))


def test_spelling_conventions():
    french, romanian = (
        [
            str(entry.msgstr or entry.msgstr_plural)
            for entry in polib.pofile(str(LOCALE / lang / "LC_MESSAGES/labkit.po"))
        ]
        for lang in ("fr", "ro")
    )
    assert not any(re.search("[ \u00a0][:;!?%]", text) for text in french)
    assert not any(set(text) & set("şţŞŢ") for text in romanian)
