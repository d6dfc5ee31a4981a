"""Leaks are planted in what students would get: each is refused, by the name of its file, and nothing is written."""

import base64
import copy

import pytest

from coursekit.course import open_course
from coursekit.leaks import leaks, secrets_of
from coursekit.notebook import dumps
from coursekit.release import given_clips, release, secrets

from .conftest import SHOWN, WORDS, png

SUM = "sum(2 * x for x in xs if x is not None) / 2"  # the solution's, with other names
OWN = "sum(2 * reward for reward in rewards if reward is not None) / 2"  # with its own
ANSWER = "Because one episode has finitely many rewards. Each of them is bounded by a constant."
PLAIN = str.maketrans("éèêàçăâîșț", "eeeacaaist")
COMMENT = "Python adds them from left to right."


@pytest.fixture(scope="module")
def hidden(template):
    """What stands only in the solutions of the tiny course."""
    return secrets(open_course(template))


@pytest.fixture
def told(hidden):
    """What the leak check says of a file that would be released."""

    def tell(name, text):
        if name.endswith(".ipynb"):
            cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text.splitlines(keepends=True)}
            text = dumps({"cells": [cell], "metadata": {}}).decode()
        lines = list(leaks(hidden, [("LICENSE", b"A clean file."), (name, text.encode())]))
        assert all(line.startswith(f"{name}: ") for line in lines)
        return lines

    return tell


@pytest.fixture
def refused(tiny):
    """Plant a text at the end of a file; then the release must name that file (or what is made of it)."""

    def plant(file, text, made=None):
        path = tiny.path(file)
        path.write_text((path.read_text("utf-8") if path.exists() else "") + f"\n{text}\n", "utf-8")
        to = tiny.root.parent / "students"
        code, out, err = tiny.run("release", "--to", str(to), "--repository", "a/b")
        assert (code, out) == (1, "")
        first, *lines = err.splitlines()
        assert first.startswith("coursekit: nothing was written, because these ")
        assert {line.split(":")[0].strip() for line in lines} == set(made or [file])
        assert not to.exists()

    return plant


def in_all_languages(lesson):
    return [f"notebooks/{language}/{lesson}.ipynb" for language in ("en", "fr", "ro")]


@pytest.mark.parametrize(
    "code",
    [
        f"def add(xs):\n    return {SUM}",
        f"def add(xs):\n    y = {SUM}\n    return y",
        f"async def add(xs):\n    y: float = {SUM}",
        f"print({SUM})",
        f"add = lambda xs: {SUM}",
        f"half = {SUM.removesuffix(' / 2')}",
        "def add(xs):\n    return (\n        sum(  # all\n            2 * x\n            for x in xs\n            if x is not None\n        )\n        / 2\n    )",
        "class Adder:\n    def __call__(self, xs):\n        for _ in xs:\n            if xs:\n                return "
        + SUM,
        f"# return {SUM}",
        f"# {SUM}",
        f"#{SUM}",
        f"## return {SUM}",
        f"x = 1  # {SUM}",
        "# def add(xs):\n#     return (\n#         sum(2 * x for x in xs\n#             if x is not None)\n#         / 2\n#     )",
        f"# This is how:\n# return {SUM}\n# and that is all.",
        "# This is how:\n# return (\n#     sum(2 * x for x in xs if x is not None) / 2\n# )\n# and that is all.",
        f"CODE = 'return {SUM}'",
        f'CODE = """\ndef add(xs):\n    # all of them\n    return {SUM}\n"""',
        f'CODE = """\n# return {SUM}\n"""',
        f'def f():\n    """Do it.\n\n    >>> xs = [1]\n    >>> {SUM}\n    1.0\n    """',
        "CODE = 'return sum(2 * x for x in xs ' 'if x is not None) / 2'",
        "CODE = f'return sum(2 * reward for reward in rewards if reward is not None) / {2}'",
        "CODE = 'return sum(2 * reward for reward ' + 'in rewards if reward is not None) / 2'",
        "CODE = ['return sum(2 * reward for reward',\n        'in rewards if reward is not None) / 2']",
        "this is no Python: return " + OWN,
    ],
)
def test_a_statement_in_code(told, code):
    assert told("labkit/helper.py", code)


@pytest.mark.parametrize(
    "text",
    [
        f"```python\nreturn {SUM}\n```",
        f"~~~\nreturn {SUM}\n~~~",
        f"- so:\n\n  ```python\n  def add(xs):\n      # here\n      return {SUM}\n  ```",
        f"```python\n# return {SUM}\n```",
        f"```python\nreturn {SUM}",
        "```python\nhalf = (\n    sum(\n        " + "\n        ".join(SUM[4:-5].split()) + "\n    )\n    / 2\n)\n```",
        f"Write `{SUM}`.",
        f"Write `return {SUM}`.",
        f"    return {SUM}",
        f"> return {SUM}",
        f"- {SUM}",
        f"1. {SUM}",
        f"It is short:\nreturn {SUM}\nand no more.",
        f"<pre>\nreturn {SUM}\n</pre>",
        f"<pre>return {SUM.replace('2 * x', '2&nbsp;* x')}</pre>",
        f"<!-- return {OWN} -->",
        f"**return** {OWN}",
        f"return {OWN.replace(' ', '  ')}",
    ],
)
@pytest.mark.parametrize("file", ["README.md", "a.ipynb"])
def test_a_statement_in_markdown(told, file, text):
    assert told(file, text)


@pytest.mark.parametrize("file", ["labkit/helper.py", "README.md", "README.fr.md"])
def test_a_release_that_tells_is_refused(refused, file):
    refused(file, f"# return {SUM}")


def test_a_statement_in_a_cell_of_another_lesson(refused):
    refused("lessons/more/lesson.py", f"# %% planted\nxs = [1, 2]\nprint({SUM})", in_all_languages("02_more"))


@pytest.mark.parametrize("file", ["labkit/helper.py", "README.md", "requirements.txt", "Makefile", "a.ipynb"])
@pytest.mark.parametrize("column", [None, 0, 1])
def test_a_comment_of_the_solution(told, file, column):
    text = COMMENT if column is None else WORDS[COMMENT][column]
    assert told(file, f"# {text}")
    assert told(file, "# " + text.replace(" ", "\n# ", 3))


@pytest.mark.parametrize("file", ["README.md", "labkit/helper.py"])
def test_a_comment_inside_a_longer_text(told, file):
    assert told(file, f"# Remember: {COMMENT.lower()[:-1]}, and then it divides.")


def test_a_comment_in_the_makefile(refused):
    refused("lab.mk", f"# {COMMENT}", ["Makefile"])


@pytest.mark.parametrize("column", [None, 0, 1])
def test_a_short_comment_of_the_solution(told, column):
    text = "no loop is needed" if column is None else WORDS["no loop is needed"][column]
    assert told("labkit/helper.py", f"x = 1  #  {text.upper()}!")


@pytest.mark.parametrize("say", ["{}", "- {}", "> {}", "    {}", "- a\n\n      {}", "```\n{}\n```", "```\na\n\n{}"])
def test_a_short_comment_in_a_page(told, say):
    assert told("README.md", f"Text.\n\n{say.format('no loop is needed')}\n")


@pytest.mark.parametrize("column", [None, 0, 1])
@pytest.mark.parametrize(
    "say",
    [
        lambda text: text,
        lambda text: f"Solutions: {text}",
        lambda text: text.split(". ")[0] + ".",
        lambda text: text.split(". ")[1],
        lambda text: text.replace(" ", "\n"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.upper().replace(",", ""),
        lambda text: text.translate(PLAIN),
        lambda text: " ".join(f"**{word}**" for word in text.split()),
        lambda text: " ".join(f"<b>{word}</b>" for word in text.split()),
        lambda text: "\u200b".join(text.split(" ", 1)).replace("\u200b", " \u200b"),
        lambda text: f"| question | {text} |",
        lambda text: f"<details><summary>Answer</summary>{text}</details>",
        lambda text: f'<img alt="{text}">',
    ],
)
def test_a_model_answer(told, column, say):
    assert told("README.md", say(ANSWER if column is None else WORDS[ANSWER][column]))


def test_a_model_answer_in_a_readme(refused):
    refused("README.fr.md", WORDS[ANSWER][0])


def test_a_model_answer_among_labkits_messages(tiny, refused):
    tiny.edit("labkit/locale/ro/LC_MESSAGES/labkit.po", "Totul este corect", WORDS[ANSWER][1])
    tiny.build()
    refused("LICENSE", "", ["labkit/locale/ro/LC_MESSAGES/labkit.mo"])


@pytest.mark.parametrize("language", ["en", "fr", "ro"])
@pytest.mark.parametrize("file", ["README.md", "a.ipynb", "labkit/helper.py"])
def test_a_line_that_a_solution_showed(told, file, language):
    assert told(file, f"# You will see: {SHOWN[language]}")


def test_a_line_that_a_solution_showed_in_another_lesson(refused):
    refused("lessons/more/lesson.py", f"# %% planted [markdown]\n# {SHOWN['fr']}", in_all_languages("02_more"))


ANOTHER = png(7) + bytes(-len(png(7)) % 3)  # its base64 ends without =


@pytest.fixture
def drawn(tiny):
    """The solution has drawn a picture."""
    data = base64.b64encode(ANOTHER).decode()

    def draw(cell):
        cell["outputs"].append({"data": {"image/png": data + "\n"}, "metadata": {}, "output_type": "display_data"})

    tiny.change("shown", draw)
    return data


def test_a_picture_that_a_solution_showed(tiny, refused, drawn):
    tiny.path("images/answer.png").write_bytes(ANOTHER)
    refused("LICENSE", "", ["images/answer.png"])


@pytest.mark.parametrize("text", ["![a]({})", '<img src="{}">', "[a]: {}"])
@pytest.mark.parametrize("lines", [False, True])
def test_a_picture_in_a_page(refused, drawn, text, lines):
    data = "\n".join(drawn[start : start + 76] for start in range(0, len(drawn), 76)) if lines else drawn
    refused("README.md", text.format(f"data:image/png;base64,{data}") + ("\nAnd more text." if lines else "\nNext"))


def test_a_picture_in_a_lesson(tiny, refused, drawn):
    tiny.path("images/answer.png").write_bytes(ANOTHER)
    refused(
        "lessons/more/lesson.py",
        "# %% planted [markdown]\n# ![It](../../images/answer.png)",
        [*in_all_languages("02_more"), "images/answer.png"],
    )


def test_a_picture_in_code(refused, drawn):
    refused("labkit/helper.py", f'PICTURE = "{drawn}"')


def forged(tiny, change):
    """What the leak check finds in a student's notebook that is not what the build makes."""
    notebook = tiny.notebook("notebooks")
    change(next(cell for cell in notebook["cells"] if cell["id"] == "shown"))
    return list(leaks(secrets(tiny.course), [("a.ipynb", dumps(notebook))]))


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": [SHOWN["en"] + "\n"]},
        {"output_type": "stream", "name": "stdout", "text": "more\n" + SHOWN["en"]},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": [f"'{SHOWN['en']}'"]}},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": f"<td>{SHOWN['en'].replace(' ', ' <i> ')}"},
        },
        {"output_type": "display_data", "metadata": {}, "data": {"application/json": {"a": [1, SHOWN["en"]]}}},
    ],
)
def test_an_output_in_a_students_notebook(tiny, output):
    assert forged(tiny, lambda cell: cell.update(outputs=[output]))


def test_a_picture_in_a_students_notebook(tiny, drawn):
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": drawn}}
    assert forged(tiny, lambda cell: cell.update(outputs=[output])) == ["a.ipynb: a picture that it shows"]
    attached = {"a.png": {"image/png": drawn}}
    assert forged(tiny, lambda cell: cell.update(attachments=attached)) == ["a.ipynb: a picture that it shows"]


def test_an_answer_in_the_metadata(tiny):
    assert forged(tiny, lambda cell: cell["metadata"].update(solution=f"return {OWN}"))
    assert forged(tiny, lambda cell: cell["metadata"].update(notes=["x", {"y": ANSWER}]))


def test_a_solution_handed_out_as_it_is(tiny):
    for language in tiny.course.languages:
        told = list(leaks(secrets(tiny.course), [("a.ipynb", dumps(tiny.notebook(language=language)))]))
        assert any("statement" in line for line in told)
        assert any(SHOWN[language] in line for line in told)


def test_a_solution_only_cell_is_secret(tiny, refused):
    tiny.append('# %% notes [markdown] tags=["solution-only"]\n# Look for the words finite and bounded.\n')
    refused("README.md", "Look for the words “finite” and “bounded”.")


def test_no_false_alarm(tiny):
    """What is in the student's notebook anyway, what every book prints, and what is too short to tell anything."""
    tiny.edit("labkit/__init__.py", "def done", "# no loop\nfor obs in []:\n    pass\n\n\ndef done")
    tiny.lesson("    # Python adds them", "    env = total\n    state, _ = env.reset(seed=3)\n    # Python adds them")
    step = "observation, reward, terminated, truncated, info = env.step(state)"
    tiny.lesson("    # Python adds them", f"    {step}\n    x = 0\n    # Python adds them")
    tiny.append(f"# %% loop\nstate, _ = env.reset(seed=3)\n{step}\nx = 0\n", "more")
    tiny.append("# %% same [markdown]\n# Why is the sum finite? Add the rewards, one by one.\n", "more")
    to = tiny.root.parent / "students"
    assert release(tiny.course, to, "a/b")


def notebook(*sources):
    cells = [{"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": source} for n, source in enumerate(sources)]
    return {"cells": cells, "metadata": {}}


@pytest.mark.parametrize(
    ("secret", "told", "found"),
    [
        ("x = {'a': [1, y], \"b\": z}", "p = {\"a\": [1, q], 'b': r}", True),
        ("x = {'a': [1, y], 'b': z}", "p = {'a': [2, q], 'b': r}", False),
        ("return r + gamma * v * (not done)", "y = a + b * c * (not d)", True),
        ("return r + gamma * v", "y = a + b * c", False),  # too little without its names
        ("return r + gamma * v", "return r + gamma * v", True),
        ("q[s, a] += alpha * (y - q[s, a])", "t[i, j] += k * (z - t[i, j])", True),
        ("q[s, a] += alpha * (y - q[s, a])", "t[i, j] += k * (z + t[i, j])", False),
        ("best = q.max(axis=1)", "top = v.max(axis=1)", False),
        ("while a and b or not c < d:\n    e()", "while f and g or not h < i:\n    j()", True),
        (
            "def f(a: int, b=1) -> int:\n    return [a, b + 1, a * b]",
            "def g(c, d=1):\n    return [c, d + 1, c * d]",
            True,
        ),
        ("import a, b, c, d, e, f, g, h", "import a, b, c, d, e, f, g, h", False),
        ("x = 0", "x = 0", False),
    ],
)
def test_how_much_a_statement_must_say(secret, told, found):
    hidden = secrets_of(notebook("print()", secret), notebook("print()"))
    assert bool(list(leaks(hidden, [("a.py", told.encode())]))) is found


def test_what_stands_in_both_is_no_secret():
    both = "# Every one of these words is public.\ny = sum(x**2 for x in xs if x)\n"
    solution, student = notebook(both, "z = max(abs(x - 1) for x in xs)"), notebook(both)
    hidden = secrets_of(solution, copy.deepcopy(student))
    assert not list(leaks(hidden, [("a.py", both.encode())]))
    assert list(leaks(hidden, [("a.py", b"p = max(abs(q - 1) for q in r)")])) == [
        "a.py: the statement 'z = max((abs(x - 1) for x in xs))'"
    ]


def test_a_clip_is_given_only_where_a_student_loads_it(tiny):
    (tiny.root / "labkit" / "media").mkdir(parents=True, exist_ok=True)
    (tiny.root / "labkit" / "media" / "agent.mp4").write_bytes(b"moving")
    course = open_course(tiny.root)

    def student(code):
        return {"cells": [{"cell_type": "code", "source": [code]}], "metadata": {}}

    assert len(given_clips(course, student('labkit.show(labkit.load("agent"))'))) == 1
    assert len(given_clips(course, student('labkit.load(\n    "agent",\n    "It plays",\n)'))) == 1
    assert given_clips(course, student('labkit.show(labkit.load("other"))')) == set()


@pytest.mark.parametrize(("tag", "secret"), [("check", False), ("training", True)])
def test_what_a_check_says_is_no_secret(tag, secret):
    line = "All the checks of this long lesson passed."
    output = {"output_type": "stream", "name": "stdout", "text": [line]}
    cell = {"cell_type": "code", "metadata": {"tags": [tag]}, "source": ["done()"], "outputs": [output]}
    student = {"cells": [cell | {"outputs": []}]}
    told = list(leaks(secrets_of({"cells": [cell]}, student), [("README.md", line.encode())]))
    assert bool(told) == secret
