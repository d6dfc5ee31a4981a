"""Markdown taken apart, above all where it is hard to read: most of this was once read wrong."""

import pytest

from coursekit.markdown import (
    code,
    code_blocks,
    flush,
    headings,
    html,
    links,
    localized,
    maths,
    paragraphs,
    pictures,
    prose,
    table,
)

FOUR = "````\n```\nIn $0.5$ s.\n```\n````"
NESTED = "- one $0.5$:\n\n  ```python\n  x = '$0.5$'\n\n  y = 2\n  ```\n\n  and $0.25$"


def units(source):
    return [source[start:end] for start, end in paragraphs(source)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (f"Before.\n{FOUR}\nAfter.", ["Before.", "After."]),
        ("```\nIn ~~~ code.\n```\nAfter.", ["After."]),
        ("~~~\n```\ncode\n~~~\n\nAfter.", ["After."]),
        ("```\nNever closed.\n\nStill code.", []),
        (NESTED, ["- one $0.5$:", "  and $0.25$"]),
        ("1. one\n   ```\n   code here\n   ```\n   more\n2. two", ["1. one", "   more\n2. two"]),
        ("> quote\n>\n> ```\n> code = 1\n> ```", ["> quote\n>"]),
        ("Before:\n\n    indented = code\n\n    more = code\n\nAfter.", ["Before:", "After."]),
        ("- item\n\n      indented = code\n\n    no code", ["- item", "    no code"]),
        ("A paragraph\n    goes on.", ["A paragraph\n    goes on."]),
        ("`a\n```\nb`", ["`a"]),  # a block begins whatever is open
        ("[dqn]: https://arxiv.org/abs/1312.5602", []),
        ('[dqn]: https://arxiv.org/abs/1312.5602 "The paper"', ['[dqn]: https://arxiv.org/abs/1312.5602 "The paper"']),
        ("<!-- a note for authors -->\n\nText.", ["Text."]),
        ("<details><summary>Hint</summary>\n\nText.\n\n</details>", ["<details><summary>Hint</summary>", "Text."]),
        ("| a | b |\n|---|---|\n| c | `d` |", ["| a | b |\n|---|---|\n| c | `d` |"]),
        ("Solution.\n###\nStudent.", ["Solution.", "Student."]),
        ("One.\r\n\r\n```\r\ncode\r\n```\r\nTwo.", ["One.", "Two."]),
    ],
)
def test_what_a_translator_is_offered(source, found):
    assert units(source) == found


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (FOUR, FOUR),
        (NESTED, NESTED.replace("one $0.5$", "one $0{,}5$").replace("$0.25$", "$0{,}25$")),
        ("    cost = '$0.5$'", "    cost = '$0.5$'"),
        ("``a ` $0.5$`` and $0.5$", "``a ` $0.5$`` and $0{,}5$"),
        ("> $a =\n> 0.5$", "> $a =\n> 0{,}5$"),
        ("> ```\n> $0.5$\n> ```", "> ```\n> $0.5$\n> ```"),
        ("$x$ at 1.5", "$x$ at 1.5"),
        ("$x < 0.5$ is 5", "$x < 0{,}5$ is 5"),
        ("$ 2.50 or 3.50 $", "$ 2.50 or 3.50 $"),
        ("from $2.50 to $3.50", "from $2.50 to $3.50"),
        ("2.50$ or 3.50$", "2.50$ or 3.50$"),
        (r"\$0.5 and \$0.6", r"\$0.5 and \$0.6"),
        (r"$\$0.5$", r"$\$0{,}5$"),
        ("<details><summary>Why $0.5$?</summary>", "<details><summary>Why $0{,}5$?</summary>"),
        ("<details>\n\n$0.5$\n\n</details>", "<details>\n\n$0{,}5$\n\n</details>"),
        ('<span title="$0.5$">a</span>', '<span title="$0.5$">a</span>'),
        (
            "| $0.5$ | `$0.5$` |\n|---|---|\n| $0.5\\|x$ | 0.5 |",
            "| $0{,}5$ | `$0.5$` |\n|---|---|\n| $0{,}5\\|x$ | 0.5 |",
        ),
        ("[$0.5$](a.html?x=$0.5$)", "[$0{,}5$](a.html?x=$0.5$)"),
        ("a\r\n\r\n$0.5$", "a\r\n\r\n$0{,}5$"),
    ],
)
def test_only_formulas_get_the_decimal_sign(english, french):
    assert localized(english, ",") == french


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("[0.1, 0.2]", "[0{,}1; 0{,}2]"),
        (r"\{0.1, 2\}", r"\{0{,}1; 2\}"),
        (r"\left[0.1, 0.2\right)", r"\left[0{,}1; 0{,}2\right)"),
        ("(f(s, a), 0.5)", "(f(s, a); 0{,}5)"),
        ("((0.5, 1), 2)", "((0{,}5; 1), 2)"),
        (r"(\frac{0.5}{2}, 1)", r"(\frac{0{,}5}{2}; 1)"),
        ("(Q_{i,j}, 0.5)", "(Q_{i,j}; 0{,}5)"),
        ("(20{,}000, 0.5)", "(20{,}000; 0{,}5)"),
        (r"0.5\, (1, 2)", r"0{,}5\, (1, 2)"),
        (r"\gamma = 0.9, \alpha = 0.1", r"\gamma = 0{,}9, \alpha = 0{,}1"),
        (r"\text{(soft, } \tau = 0.1)", r"\text{(soft, } \tau = 0{,}1)"),
        (r"0.5 \text{ in version 3.11}", r"0{,}5 \text{ in version 3.11}"),
        (r"a \hspace{0.5em} 0.5 \\[1.5ex] b \kern 0.5em c", r"a \hspace{0.5em} 0{,}5 \\[1.5ex] b \kern 0.5em c"),
        (r"0.5) + [0.5, 1", r"0{,}5) + [0{,}5, 1"),
    ],
)
def test_numbers_in_a_formula(english, french):
    assert localized(f"${english}$", ",") == f"${french}$"
    assert localized(f"$$\n{english}\n$$", ",") == f"$$\n{french}\n$$"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('See [the book](http://a.org/x_(y) "Its title").', "See the book.\nIts title"),
        ("<https://a.org> and <i>text</i>&nbsp;!", " and text\u00a0!"),
        (r"\*not\* **strong**", "*not* strong"),
        ("``a ` b`` x", "0 x"),
        (r"$\text{if } x$", "0if 0"),
        ("![A $x$ dot](a.png)", "A 0 dot"),
    ],
)
def test_what_a_translator_changes(source, said):
    assert prose(source).strip() == said.strip()


def test_lists_of_what_nobody_translates():
    text = (
        '## A $x$\n\n- [one](a.html "words"), ![two](b%20c.png) <b>`d`</b>&nbsp;\n- [`$`][r] \\`$y$\\` ``e ` f``\n\n'
        "$$ z $$\n\n    $no$\n\nSetext\n======\n\n```\n$no$ `no`\n```\n\n[r]: c.html\n"
    )
    assert maths(text) == ["$x$", "$y$", "$$ z $$"]
    assert code(text) == ["`d`", "`$`", "`e ` f`"]
    assert links(text) == ["a.html", "c.html", "c.html"]
    assert html(text) == ["<b>", "</b>", "&nbsp;"]
    assert [heading[:2] for heading in headings(text)] == [(2, "A $x$"), (1, "Setext")]
    assert [text[: heading.end].splitlines()[-1] for heading in headings(text)] == ["## A $x$", "======"]
    assert code_blocks(text) == ["$no$\n", "$no$ `no`\n"]
    (picture,) = pictures(text)
    assert (text[picture.start : picture.end], picture.alt, picture.target) == ("![two](b%20c.png)", "two", "b c.png")


def test_code_shows_no_pictures():
    assert pictures("`![a](b.png)`\n\n```\n![a](b.png)\n```\n\n    ![a](b.png)\n") == []
    (picture,) = pictures('![a [b] `c]`](<d e.png> "It\'s \\"so\\"")')
    assert picture[2:] == ("a [b] `c]`", "d e.png", ' "It\'s \\"so\\""')


def test_what_is_nothing():
    assert units("") == units("\n \n") == maths("") == []
    assert localized("", ",") == prose("").strip() == ""


def test_rows_of_a_table():
    text = "# T\n\n| a | b |\n|---|---|\n| *c* | `x \\| y` |\n| d |\n\n| no table |\n"
    assert table(text) == [["a", "b"], ["*c*", "`x | y`"], ["d", ""]]


def test_a_paragraph_from_inside_a_list_is_no_code():
    assert units("- a\n\n    - `b` and $c$\n\n      more") == ["- a", "    - `b` and $c$", "      more"]
    assert flush("    ## H\n    text") == "## H\ntext"
