"""What of a cell is translated, and that nothing else of it changes."""

import ast

import pytest

from coursekit.markdown import localized, paragraphs
from coursekit.problems import CourseError
from coursekit.text import WIDTH, pieces, translate
from coursekit.trees import nameless, same_but_marked


def texts(source, kind="code"):
    return [(piece.what, piece.text) for piece in pieces(source, kind)]


def same(text):
    return text


def value_of(source, **names):
    """What the variable `x` is after the code ran."""
    exec(source, names)
    return names["x"]


def translated(source, translation):
    return translate(source, "code", lambda text: translation)


def test_all_pieces_of_a_code_cell():
    source = '''\
# What this
# cell does.
def area(side):  # a function
    """Area of a square."""
    # Squared.
    return side**2

label = "not marked"
print(_("Area:"), _(f"{area(2):.1f} m²"))  # é "quoted" é
'''
    assert texts(source) == [
        ("comment", "What this\ncell does."),
        ("comment", "a function"),
        ("docstring", "Area of a square."),
        ("comment", "Squared."),
        ("string", "Area:"),
        ("string", "{area(2):.1f} m²"),
        ("comment", 'é "quoted" é'),
    ]


def test_what_has_no_words_is_not_translated():
    assert texts("x = 1  # 2 * 3\n# ----\n") == []
    assert texts("$$ x = 1 $$\n\n![](a.png)\n\n---", "markdown") == []


@pytest.mark.parametrize(
    "text",
    [
        'He said "no".',
        "It's a 'quote'.",
        "both ' and \"",
        r"C:\new\table \alpha",
        "ends with a backslash \\",
        "two\nlines\tand a tab\r",
        "{braces} and {{more}}",
        "a no-break\u00a0space, a line\u2028separator, a bell\x07, a NUL\x00",
        "ăâîșț éèç 中文 🎉",
        "long " * 60,
        "w" * 200 + " " + "v" * 200,
        " spaces  around ",
        "",
    ],
)
def test_any_string_survives(text):
    assert value_of(translated('x = _("English")', text)) == text
    assert value_of(translated('x = str(_("English"))', text)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{n} apples", "3 apples"),
        ('"{n}" apples\n', '"3" apples\n'),
        ("{{n}} is {n:.1f}", "{n} is 3.0"),
        ("back\\slash {n!r}", "back\\slash 3"),
        ("no field", "no field"),
        ("{n:>{width}}|", "    3|"),
        ("word " * 30 + "{n} " * 3, "word " * 30 + "3 3 3 "),
    ],
)
def test_any_f_string_survives(text, value):
    assert value_of(translated('x = _(f"{n} {width}")', text), n=3, width=5) == value


def test_long_strings_are_wrapped_and_stay_in_their_place():
    text = "many words " * 20
    for source in (
        'x = _("a")',
        'x = str(_("a"))',
        'x = [1, _("a")][1]',
        'x = {"k": _("a")}["k"]',
        'if True:\n    x = _("a")',
    ):
        built = translated(source, text)
        assert value_of(built) == text
        assert built.count("\n") > 1
        assert max(map(len, built.split("\n"))) <= WIDTH


@pytest.mark.parametrize("rest", [".upper()", ' + "b"', '.format("b")[0]', ' * 2 == "b"', " or 1 if 1 else 2"])
def test_long_strings_outside_brackets_with_something_behind(rest):
    text = "many words " * 20
    assert value_of(translated(f'x = _("a"){rest}', text)) == value_of(f"x = {text!r}{rest}")


def test_no_field_is_cut_in_two():
    text = "x" * 70 + " {first + second} " + "y" * 70
    assert value_of(translated('x = _(f"{first + second}")', text), first=1, second=2) == text.replace(
        "{first + second}", "3"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('_("one " "two")', "one two"),
        ("_(\"one \"\n  'two')", "one two"),
        ('_(f"{a} " "{b}")', "{a} {{b}}"),
        ('_("{b} " f"{a!r:>5}")', "{{b}} {a!r:>5}"),
        ('_(r"\\alpha" "\\n")', "\\alpha\n"),
        ('_("""three\nlines\n""")', "three\nlines\n"),
        ("_(f\"{d['k']}\")", "{d['k']}"),
        ('_(\n    "comma",\n)', "comma"),
    ],
)
def test_how_a_marked_string_may_be_written(source, text):
    assert texts(source) == [("string", text)]
    names = {"a": 1, "b": 2, "d": {"k": "v"}}
    assert value_of("x = " + translate(source, "code", same), **names) == value_of(f"x = str{source[1:]}", **names)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("_(name)", "holds one string"),
        ('_("a", "b")', "holds one string"),
        ('_("a" if b else "c")', "holds one string"),
        ("_(b'bytes')", "holds one string"),
        ("_()", "holds one string"),
        ('_(text="a")', "holds one string"),
        ('_("a"  # a comment\n  "b")', "a comment stands inside"),
        ("f\"{_('a')}\"", "inside an f-string"),
        ("_(f\"{_('a')}\")", "a field inside"),
        ("_(f'''{d[\"it's\"]}''')", "a field inside"),
        ("def f():\n    'One quote.'", "triple quotes"),
    ],
)
def test_what_cannot_be_translated_is_refused(source, reason):
    with pytest.raises(CourseError, match=reason):
        pieces(source, "code")


@pytest.mark.parametrize("before", ["é = 1; ", "# ș\n", 'y = "中文🎉"; ', "ț, y = 1, [2]; y = "])
def test_non_ascii_before_a_string(before):
    built = translated(f'{before}x = _("é")', "translated")
    assert built.endswith('x = "translated"')
    assert "_(" not in built


def test_comments_keep_their_place():
    source = """\
x = 1  # one
if x:
    # first line
    # second line

    # apart
    y = 2
# left
"""
    assert (
        translate(source, "code", lambda text: f"<{text}>\nmore")
        == """\
x = 1  # <one>
       # more
if x:
    # <first line
    # second line>
    # more

    # <apart>
    # more
    y = 2
# <left>
# more
"""
    )


def test_a_comment_goes_on_below_itself():
    source = "x = 1  # starts here\n       # and goes on\ny = 2  # another\nz = 3  # and another"
    assert texts(source) == [
        ("comment", "starts here\nand goes on"),
        ("comment", "another"),
        ("comment", "and another"),
    ]
    assert translate(source, "code", same) == source
    assert texts("if x:\n    y\n    # inside\n# outside") == [("comment", "inside"), ("comment", "outside")]


def test_a_hash_in_a_string_is_no_comment():
    assert texts('x = "# no"  # yes') == [("comment", "yes")]
    assert texts('x = """\n# no\n"""  # yes') == [("comment", "yes")]


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """One line."""',
        'def f():\n    """Several.\n\n    Args:\n        a: first\n            deeper.\n    """\n    return 1',
        'class C:\n    """\n    Starts on its own line.\n    """',
        'def f():\n    r"""$\\alpha$ \\n"""',
        "def f():\n    '''Single.'''",
        'async def f():\n    """Waits."""',
        'def f():\n    """Only\n        deeper lines.\n    """',
        'class C:\n    """A class."""\n\n    def f(self):\n        """A method.\n\n        More.\n        """',
    ],
)
def test_docstrings_untranslated_are_as_they_were(source):
    assert translate(source, "code", same) == source


def test_a_translated_docstring_is_indented():
    source = 'class C:\n    def f(self):\n        """Sum.\n\n        Args:\n            a: a number.\n        """\n        return 1'
    (piece,) = pieces(source, "code")
    assert piece.text == "Sum.\n\nArgs:\n    a: a number."
    assert translate(source, "code", lambda text: "Somme.\n\nArgs:\n    a: un nombre,\n    entier.") == (
        'class C:\n    def f(self):\n        """Somme.\n\n        Args:\n            a: un nombre,\n            entier.\n        """\n'
        "        return 1"
    )


def test_paragraphs_end_at_fences_and_hold_none():
    source = "One\nline.\n```python\nx = 1\n\ny = 2\n```\nTwo.\n\n    ~~~\n    z\n    ~~~\n\n- item\n- item"
    assert [source[start:end] for start, end in paragraphs(source)] == ["One\nline.", "Two.", "- item\n- item"]


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (r"$\gamma = 0.9$", r"$\gamma = 0{,}9$"),
        ("$$\n(1.05, -0.075,\\; 2\\, x)\n$$", "$$\n(1{,}05; -0{,}075;\\; 2\\, x)\n$$"),
        (r"$0.7\,(10 + 0.9\, q(s_0, a_0))$", r"$0{,}7\,(10 + 0{,}9\, q(s_0, a_0))$"),
        ("$(1, 2)$ and $(1, 2.5)$", "$(1, 2)$ and $(1; 2{,}5)$"),
        ("version 3.11, `cost = '$0.5 a $'`", "version 3.11, `cost = '$0.5 a $'`"),
        ("a\n```\n$0.5$\n```\n$0.5$", "a\n```\n$0.5$\n```\n$0{,}5$"),
    ],
)
def test_formulas_have_the_decimal_sign_of_the_language(english, french):
    assert localized(english, ",") == french
    assert localized(english, ".") == english


@pytest.mark.parametrize(
    ("master", "built", "alike"),
    [
        ('print(_("a"))', 'print("b")', True),
        ('print(_("a"))', "print(3)", False),
        ('print(_("a"))', "print(b)", False),
        ('print("a")', 'print("b")', False),
        ('print("a", _("a"))', 'print("b", "b")', False),
        ('_(f"{a} {b:.1f}")', 'f"{b:.1f} {a}"', True),
        ('_(f"{a} {b:.1f}")', 'f"{b:.2f} {a}"', False),
        ('_(f"{a}")', 'f"{a} {a}"', False),
        ('_(f"{a}")', '"a"', False),
        ('_("a")', 'f"{a}"', False),
        ("x = 1  # a", "x = 1  # b", True),
        ("x = 1", "x = True", False),
        ("x = 1", "x = 1.0", False),
        ("x = 1", "x = 1\ny = 2", False),
        ("x = y", "x = z", False),
        ('def f():\n    """a"""', 'def f():\n    """b"""', True),
        ('def f():\n    """a"""\n    return 1', "def f():\n    return 1", False),
        ('def f():\n    """a"""', 'def f():\n    """b"""; evil()', False),
        ("f(a, b)", "f(b, a)", False),
        ("a < b", "a > b", False),
    ],
)
def test_trees_are_compared_but_for_marked_texts(master, built, alike):
    ast.parse(built)
    assert same_but_marked(master, built) is alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("x = y.mean(axis=1)", "a = b.mean(axis=1)", True),
        ("x = y.mean(axis=1)", "x = y.mean(axis=0)", False),
        ("x = y.mean(axis=1)", "x = y.mean(dim=1)", False),
        ("x = y.mean()", "x = y.max()", False),
        ("lambda a, *b, **c: a", "lambda d, *e, **f: d", True),
        ("def f(a: int, *, b=1) -> int:\n    return a", "def g(c, *, d=1):\n    return c", True),
        ("class A(B):\n    x = 1", "class C(D):\n    y = 1", True),
        ("f(a, b)", "f(a)", False),
        ("import a", "import b", False),
        ("x: int = 1", "y: float = 1", True),
    ],
)
def test_trees_are_compared_without_names(one, other, alike):
    assert (nameless(ast.parse(one)) == nameless(ast.parse(other))) is alike
