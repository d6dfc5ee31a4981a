"""What a translation must have in common with its English."""

import polib
import pytest

from coursekit.proof import differences


def entry(**texts):
    return polib.POEntry(comment="string", **texts)


@pytest.mark.parametrize(
    ("translation", "faults"),
    [
        ("{n} pas de {total}", []),
        ("un pas de {total}", ["the {field} '{n}' is missing"]),
        ("{n} pas", ["the {field} '{total}' is missing"]),
        ("{n} pas de {tot}", ["the {field} '{total}' is missing", "the {field} '{tot}' is not in the English"]),
    ],
)
def test_fields_are_those_of_the_english(translation, faults):
    assert list(differences(entry(msgid="{n} step of {total}"), translation)) == faults


@pytest.mark.parametrize(
    ("translation", "faults"),
    [
        ("un pas de {total}", []),
        ("{n} pas de {total}", []),
        ("{n} pas", ["the {field} '{total}' is missing"]),
        ("un pas", ["the {field} '{n}' is missing", "the {field} '{total}' is missing"]),
        ("{m} pas de {total}", ["the {field} '{n}' is missing", "the {field} '{m}' is not in the English"]),
    ],
)
def test_a_plural_form_has_the_fields_of_either_english_one(translation, faults):
    one = entry(msgid="one step of {total}", msgid_plural="{n} steps of {total}")
    assert list(differences(one, translation)) == faults
