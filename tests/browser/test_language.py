"""What tells a sentence in one language from the same sentence in another."""

import pytest

from tests.browser.language import is_said, patterns
from tests.lessons.playing import COURSE

PASSED = {
    "en": "✓ All checks passed",
    "fr": "✓ Toutes les vérifications sont réussies",
    "ro": "✓ Toate verificările au reușit",
}


@pytest.mark.parametrize("language", COURSE.languages)
def test_labkits_words(language):
    sayings = patterns(COURSE, "mdp_q_learning", language)
    assert [other for other, text in PASSED.items() if is_said(text, sayings)] == [language]


def test_a_lessons_words_wherever_lines_end_and_whatever_is_filled_in():
    sayings = patterns(COURSE, "dqn_lunar_lander", "fr")
    assert is_said("✓ Il se\n pose.", sayings)
    assert not is_said("✓ It lands.", sayings)
    assert not is_said("NotImplementedError: TODO 3", sayings)
