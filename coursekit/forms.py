"""Forms of texts, code and pictures that neither names, nor layout, nor quoting change.

Each function gives a mapping from such a form to how a message shows what it stands for.
"""

import ast
import base64
import binascii
import hashlib
import io
import re
import textwrap
import tokenize
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from functools import cache

from coursekit.trees import nameless, size

LEAST = 6  # a tree that says less (`total = 0`, `rng.random()`) tells no answer apart ...
LEAST_NAMED = 5  # ... unless its names are the same as well
LEAST_TEXT = 30  # nor does a sentence of fewer characters ...
LEAST_WORDS = 3  # ... unless it is the whole of a comment or paragraph
LONGEST_RUN = 12  # lines of a text that are looked at as code together

BASE64 = re.compile(r"[A-Za-z0-9+/]{100,}={0,2}")
WRAPPED = re.compile(r"\n(?=[A-Za-z0-9+/]+={0,2}[^\w\s]*(?:\n|$))")  # before a line that goes on with it
SIGNS = re.compile(r"^\s*(?:>>>|\.\.\.|>|#+|[-*+]|\d+[.)]) ?")  # before a line that is a comment, a quote, an item
WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s|\n\s*(?:[-*+]|\d+[.)]|\|)\s")


def words(text: str) -> str:
    """The words of a text in one line, without accents, case, marks and signs that nobody sees; spaces around."""
    plain = unicodedata.normalize("NFKD", BASE64.sub(" ", text)).casefold()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Mn", "Cf"))
    return f" {' '.join(WORD.findall(plain))} "


def shown(text: str) -> str:
    """The beginning of a text, as messages show it."""
    return repr(" ".join(text.split())[:80])


def phrase(text: str) -> dict[str, str]:
    """The words of a text that is long enough to tell."""
    said = words(text)
    return {said: f"the text {shown(text)}"} if len(said) >= LEAST_TEXT else {}


def sentences(text: str) -> dict[str, str]:
    """The words of each sentence and item of a text."""
    return {said: wording for sentence in SENTENCE_END.split(text) for said, wording in phrase(sentence).items()}


def whole(text: str) -> dict[str, str]:
    """The words of a comment or a paragraph, to be compared with others as a whole."""
    said = words(text)
    return {f"whole {said}": f"the text {shown(text)}"} if len(said.split()) >= LEAST_WORDS else {}


def pictures(text: str) -> dict[str, str]:
    """Pictures written as base64, in one line or in several, by their bytes."""
    found: dict[str, str] = {}
    for run in {*BASE64.findall(text), *BASE64.findall(WRAPPED.sub("", text))}:
        try:
            found |= picture(base64.b64decode(run))
        except binascii.Error:
            continue
    return found


def picture(data: bytes) -> dict[str, str]:
    """A picture, by its bytes."""
    return {f"picture {hashlib.sha256(data).hexdigest()}": "a picture that it shows"}


def parsed(source: str) -> ast.Module:
    """The tree of a source; an empty one where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is no code may hold odd escapes
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


@cache
def code(source: str) -> Mapping[str, str]:
    """Statements and expressions that say enough, without their names or with them."""
    found: dict[str, str] = {}

    def visit(node: ast.AST, wording: str) -> None:
        if isinstance(node, ast.stmt):
            wording = f"the statement {shown(ast.unparse(node))}"
        if not is_idiom(node):
            if isinstance(node, ast.stmt) and size(node) >= LEAST_NAMED:
                found[ast.unparse(node)] = wording
            if isinstance(node, ast.stmt | ast.expr) and size(node) >= LEAST:
                found[nameless(node)] = wording
        for child in ast.iter_child_nodes(node):
            visit(child, wording)

    visit(parsed(source), "")
    return found


def is_idiom(node: ast.AST) -> bool:
    """Whether a node is an import, or a call of an environment's `reset` or `step`: every book prints those."""
    value = node.value if isinstance(node, ast.Assign) else node
    called = value.func.attr if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else ""
    return isinstance(node, ast.Import | ast.ImportFrom) or called in ("reset", "step")


def simple_statements(source: str) -> dict[str, str]:
    """The words of statements that fit on a line, with their names: where code is no code, they are found as text."""
    found: dict[str, str] = {}
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and not is_idiom(node):
            found |= phrase(ast.unparse(node))
    return found


def strings(source: str) -> list[str]:
    """The strings in code."""
    nodes = ast.walk(parsed(source))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def hidden_code(text: str) -> dict[str, str]:
    """Code in a text: runs of lines that parse, as they are or without the signs before them."""
    found: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        for plain in dict.fromkeys([tuple(lines), tuple(SIGNS.sub("", line) for line in lines)]):
            for start in range(len(plain)):
                for stop in range(start + 1, min(len(plain), start + LONGEST_RUN) + 1):
                    found |= code(textwrap.dedent("\n".join(plain[start:stop])))
    return found


def comments(source: str) -> Iterator[str]:
    """Comments without their signs: each line alone, and lines that stand together as one."""
    block: list[str] = []
    last = -1
    try:
        for token in tokenize.generate_tokens(io.StringIO(source + "\n").readline):
            if token.type != tokenize.COMMENT:
                continue
            text = token.string.lstrip("#").removeprefix(" ")
            yield text
            if token.start[0] != last + 1:
                yield "\n".join(block)
                block = []
            block.append(text)
            last = token.start[0]
    except (tokenize.TokenError, SyntaxError):
        pass  # what is no Python is searched as text
    yield "\n".join(block)
