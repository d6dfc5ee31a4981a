"""Code is found in a text however it is laid out."""

import pytest

from coursekit.forms import LONGEST_RUN, code, hidden_code

STATEMENT = "total = ( ( 1 + self.rates [ 0 ] * a ** 2 - b ) / 3 )"


def over(lines):
    """A statement that stands on so many lines."""
    words = STATEMENT.split()
    first, rest = words[: len(words) - lines + 1], words[len(words) - lines + 1 :]
    return "\n".join([" ".join(first), *rest])


@pytest.mark.parametrize("lines", [1, 2, 7, 12])
def test_a_statement_is_found_on_up_to_twelve_lines_of_a_text(lines):
    text = f"This is how it is done here:\n{over(lines)}\nand that is all."
    assert over(lines).count("\n") == lines - 1
    assert code(over(1)).keys() <= hidden_code(text).keys()
    quoted = "\n".join(f"# {line}" for line in text.split("\n"))
    assert code(over(1)).keys() <= hidden_code(quoted).keys()


def test_a_longer_one_is_not_looked_for():
    assert LONGEST_RUN == 12
    whole = max(code(over(1)), key=len)
    assert whole in hidden_code(f"So:\n{over(12)}")
    assert whole not in hidden_code(f"So:\n{over(13)}")
