"""The text of a cell that a translator sees, and how a translation is put in its place."""

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from coursekit.markdown import LETTER, SEPARATOR, paragraphs
from coursekit.problems import CourseError
from coursekit.trees import Defined, is_marked

Kind = Literal["code", "markdown"]
WIDTH = 88  # columns that a built code cell may have
NARROWEST = 30  # columns that a string gets even where less are left


class Piece(NamedTuple):
    """A translatable piece of a cell's source.

    Attributes:
        start, end: where it stands in the source.
        what: "markdown", "comment", "docstring" or "string".
        text: what the translator sees.
        render: the source that holds a translation of it.
    """

    start: int
    end: int
    what: str
    text: str
    render: Callable[[str], str]


def pieces(source: str, kind: Kind) -> list[Piece]:
    """All translatable pieces of a cell, in the order of the source.

    Raises:
        CourseError: `_()` or a docstring is written in a way that cannot be translated.
    """
    if kind == "markdown":
        return [Piece(start, end, "markdown", source[start:end], str) for start, end in paragraphs(source)]
    found = sorted([*comments(source), *code_strings(source)], key=lambda piece: piece.start)
    for piece, following in itertools.pairwise(found):
        if following.start < piece.end:
            raise CourseError(f"a comment stands inside _(): put {following.text!r} before it")
    return found


def translate(source: str, kind: Kind, lookup: Callable[[str], str]) -> str:
    """The source with each piece replaced by what `lookup` gives for its text.

    The `_()` around strings and the separators are gone from the result, also where the text stays as it is.
    """
    for piece in reversed(pieces(source, kind)):
        source = source[: piece.start] + piece.render(lookup(piece.text)) + source[piece.end :]
    return "\n".join(line for line in source.split("\n") if line.strip() != SEPARATOR)


def line_starts(source: str) -> list[int]:
    """Offset of the first character of each line."""
    return [0, *itertools.accumulate(len(line) + 1 for line in source.split("\n"))]


def comments(source: str) -> Iterator[Piece]:
    """Comments that have words: lines that stand below each other are one piece."""
    starts = line_starts(source)
    block: list[tuple[int, int, int]] = []  # line, column, end
    for token in tokenize.generate_tokens(io.StringIO(source + "\n").readline):
        if token.type != tokenize.COMMENT or token.string == SEPARATOR:
            continue
        line, column = token.start
        alone = not source[starts[line - 1] : starts[line - 1] + column].strip()
        if block and not (alone and (line, column) == (block[-1][0] + 1, block[-1][1])):
            yield from comment_piece(source, starts, block)
            block = []
        block.append((line, column, starts[line - 1] + token.end[1]))
    if block:
        yield from comment_piece(source, starts, block)


def comment_piece(source: str, starts: list[int], block: list[tuple[int, int, int]]) -> Iterator[Piece]:
    """One piece for the comment lines of a block, none where there is nothing to translate."""
    column = block[0][1]
    start, end = starts[block[0][0] - 1] + column, block[-1][2]
    text = re.sub(r"^ *# ?", "", source[start:end], flags=re.M)

    def render(translation: str) -> str:
        lines = [f"# {line}".rstrip() for line in translation.split("\n")]
        return f"\n{' ' * column}".join(lines)

    if LETTER.search(text):
        yield Piece(start, end, "comment", text, render)


def code_strings(source: str) -> Iterator[Piece]:
    """Docstrings, and the strings marked with `_()`."""
    starts = line_starts(source)
    lines = source.split("\n")

    def column(line: int, byte: int) -> int:
        # The tree counts bytes of UTF-8, the source characters.
        return len(lines[line - 1].encode()[:byte].decode())

    def span(node: ast.stmt | ast.expr) -> tuple[int, int]:
        start = starts[node.lineno - 1] + column(node.lineno, node.col_offset)
        assert node.end_lineno is not None and node.end_col_offset is not None
        return start, starts[node.end_lineno - 1] + column(node.end_lineno, node.end_col_offset)

    def visit(node: ast.AST, bracketed: bool) -> Iterator[Piece]:
        if isinstance(node, Defined) and ast.get_docstring(node):
            string = node.body[0]
            yield docstring_piece(source, *span(string), column(string.lineno, string.col_offset))
        if isinstance(node, ast.Call) and is_marked(node):
            yield string_piece(node, *span(node), column(node.lineno, node.col_offset), bracketed)
            return
        if isinstance(node, ast.JoinedStr) and any(map(is_marked, ast.walk(node))):
            raise CourseError('_() stands inside an f-string: mark the whole of it, as in _(f"...")')
        for child in ast.iter_child_nodes(node):
            inside = isinstance(node, ast.List | ast.Dict | ast.Set) or (
                isinstance(node, ast.Call) and child is not node.func
            )
            yield from visit(child, bracketed or inside)

    yield from visit(ast.parse(source), False)


def docstring_piece(source: str, start: int, end: int, indent: int) -> Piece:
    """The raw text between the quotes, without its indentation and the space around it."""
    literal = source[start:end]
    opening = re.match(r"[rR]?(\"\"\"|''')", literal)
    if not opening:
        raise CourseError(f'a docstring stands between """triple quotes""", and {literal[:30]!r} does not')
    body = literal[opening.end() : -3]
    before, after = re.match(r"\s*", body), re.search(r"\s*$", body)
    assert before and after
    text = re.sub(rf"(?<=\n) {{1,{indent}}}", "", body.strip()) if indent else body.strip()

    def render(translation: str) -> str:
        inner = re.sub(r"\n(?=[^\n])", "\n" + " " * indent, translation)
        return f"{opening[0]}{before[0]}{inner}{after[0]}{opening[1]}"

    return Piece(start, end, "docstring", text, render)


def string_piece(call: ast.Call, start: int, end: int, column: int, bracketed: bool) -> Piece:
    """The literal inside `_()`, as one text; the fields of an f-string stand in it in braces."""
    literal = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
        prefix, text = "", literal.value
    elif isinstance(literal, ast.JoinedStr):
        prefix, text = "f", "".join(map(field_text, literal.values))
    else:
        raise CourseError(f"_() holds one string, or several side by side, and {ast.unparse(call)[:60]} does not")

    def render(translation: str) -> str:
        parts = wrapped(translation, max(WIDTH - column - 4, NARROWEST))
        quoted = [f'{prefix if set("{}") & set(part) else ""}"{escaped(part)}"' for part in parts]
        joined = f"\n{' ' * (column + (not bracketed))}".join(quoted)
        return joined if bracketed or len(parts) == 1 else f"({joined})"

    return Piece(start, end, "string", text, render)


def field_text(part: ast.expr) -> str:
    """A part of an f-string as it is written: text, or a field in braces."""
    if isinstance(part, ast.Constant):
        return str(part.value).replace("{", "{{").replace("}", "}}")
    assert isinstance(part, ast.FormattedValue)
    value = ast.unparse(part.value)
    if set('"\\{}') & set(value) or any(map(is_marked, ast.walk(part))):
        raise CourseError(f"a field inside _() holds a name and a format: give {value} a name before")
    conversion = f"!{chr(part.conversion)}" if part.conversion >= 0 else ""
    spec = part.format_spec.values if isinstance(part.format_spec, ast.JoinedStr) else []
    return f"{{{value}{conversion}{':' if spec else ''}{''.join(map(field_text, spec))}}}"


def escaped(text: str) -> str:
    """Text as it stands between double quotes."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    control = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"
    return re.sub(control, lambda sign: sign[0].encode("unicode_escape").decode(), text)


def wrapped(text: str, width: int) -> list[str]:
    """Text cut after spaces into parts of about `width` characters, no field cut in two."""
    parts = [""]
    for word in re.findall(r"(?:\{[^{}]*\}|[^ ])*[ ]*", text):
        if parts[-1] and len(parts[-1] + word.rstrip()) > width:
            parts.append("")
        parts[-1] += word
    return parts
