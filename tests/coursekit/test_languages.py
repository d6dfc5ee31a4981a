"""A language: what Babel knows of it, and what its entry adds."""

import pytest

from coursekit.languages import Language, languages_of, plural_count, plural_forms
from coursekit.problems import CourseError
from coursekit.sentences import sentences


def test_what_babel_knows():
    german = Language("de")
    assert (german.name, german.english, german.decimal_sign) == ("Deutsch", "German", ",")
    assert (german.number_sample, german.percent_sample) == ("1.234,5", "12\u00a0%")
    assert german.number("1,234.5") == "1.234,5"
    assert german.listed(["a", "b", "c"]) == "a, b und c"
    assert (plural_count("pl"), plural_count("ja")) == (3, 1)
    assert plural_forms("fr") == "nplurals=2; plural=(n > 1);"


def test_an_entry_adds_to_it():
    entry = {"quotes": ["„…“"], "spaced": "!", "group": "\u00a0", "refused": {"ß": "ss"}}
    language = languages_of({"en": {}, "de": entry})["de"]
    assert language.number_sample == "1\u00a0234,5"
    assert (language.wrong_quotes('„so“ und «so» und so"'), language.own_quotes) == (['"', "«", "»"], "„ “")
    found = [[match[0] for match in pattern.finditer("Ja! Ja\u00a0! (!) 10 000")] for pattern in language.due_spaces]
    assert found == [["a!"], ["10 000"]]
    assert Language("de").wrong_quotes("„so“") == [] and Language("de").due_spaces == ()


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"fr": {}, "en": {}}, "the languages begin with [languages.en]"),
        ({"en": {}, "xx": {}}, "Babel knows no language 'xx'"),
        ({"en": {"quote": "“…”"}}, "[languages.en] has quote = '“…”'"),
        ({"en": {"spaced": ["!"]}}, "[languages.en] has spaced = ['!']"),
        ({"en": {"quotes": ["“”"]}}, "are written around three dots"),
    ],
)
def test_a_faulty_entry(entries, message):
    with pytest.raises(CourseError) as error:
        languages_of(entries)
    assert message in str(error.value)


def test_sentences_of_a_language_that_coursekit_does_not_speak_are_english():
    assert sentences("de").gettext("Lessons") == "Lessons"
    assert sentences("fr").gettext("Lessons") == "Leçons"
