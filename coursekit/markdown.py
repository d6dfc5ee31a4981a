"""Markdown taken apart: what a translator changes, and what nobody does."""

import re
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.token import Token

from coursekit.formulas import with_decimal_comma, words_in
from coursekit.tokens import line_starts, lines_of, read

SEPARATOR = "###"  # stands where a marker of the source stood, and ends a paragraph
LETTER = re.compile(r"[^\W\d_]")
BLOCKS_OF_CODE = ("fence", "code_block")
FORMULAS = ("math_inline", "math_inline_double")


class Picture(NamedTuple):
    """A picture.

    Attributes:
        start, end: where it stands in the source.
        alt: its words, as they are written.
        target: its file.
        title: what follows the file, such as ` "A title"`; or "".
    """

    start: int
    end: int
    alt: str
    target: str
    title: str


class Heading(NamedTuple):
    """A heading: its level, its text as it is written, and where the line after it begins."""

    level: int
    text: str
    end: int


def flush(paragraph: str) -> str:
    """A paragraph from inside a list, say, as it would stand outside of it: it is no indented code."""
    return dedent(paragraph).strip(" \n")


def localized(source: str, decimal_sign: str) -> str:
    """Markdown with the numbers of its formulas as the language writes them: 0,5 and (0,5; 2) for 0.5 and (0.5, 2)."""
    if decimal_sign != ",":
        return source
    for token in reversed(read(source).inline):
        if token.type in FORMULAS:
            start, end = token.meta["place"]
            source = source[:start] + with_decimal_comma(source[start:end]) + source[end:]
    return source


def pictures(source: str) -> list[Picture]:
    """The pictures, in their order."""
    return [picture(token) for token in read(source).inline if token.type == "image"]


def picture(token: Token) -> Picture:
    """The picture that a token stands for."""
    title = str(token.attrs.get("title", "")).replace('"', '\\"')
    target = unquote(str(token.attrs["src"]))
    start, end = token.meta["place"]
    return Picture(start, end, token.content, target, title and f' "{title}"')


def code_blocks(source: str) -> list[str]:
    """The code of fenced and indented blocks."""
    return [token.content for token in read(source).blocks if token.type in BLOCKS_OF_CODE]


def paragraphs(source: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph that has words in it; a block of code ends one, and is none."""
    blocks = (token for token in read(source).blocks if token.map and token.type in BLOCKS_OF_CODE)
    inside = {number for token in blocks for number in range(*token.map or ())}
    lines = lines_of(source)
    ends = [number for number, line in enumerate(lines) if number in inside or line.strip() in ("", SEPARATOR)]
    starts = line_starts(source)
    for before, after in pairwise([-1, *ends, len(lines)]):
        text = source[starts[before + 1] : starts[after]].rstrip("\r\n")
        if LETTER.search(prose(flush(text))):
            yield starts[before + 1], starts[before + 1] + len(text)


def prose(source: str) -> str:
    """What a translator changes: a digit stands for maths and code, nothing for link targets and HTML."""
    blocks, inline = read(source)
    titles = [str(token.attrs["title"]) for token in inline if "title" in token.attrs]
    titles += [token.meta["title"] for token in blocks if token.type == "definition"]
    pairs = pairwise([Token("text", "", 0), *inline])
    said = (said_by(token) for before, token in pairs if (before.type, before.markup) != ("link_open", "autolink"))
    return "".join(said) + "\n".join(titles)


def said_by(token: Token) -> str:
    """What an inline token says."""
    if token.type in FORMULAS:
        return "0".join(["", *words_in(token.content), ""])
    if token.type == "image":
        return prose(token.content)
    return {"code_inline": "0", "softbreak": "\n", "hardbreak": "\n", "html_inline": ""}.get(token.type, token.content)


def maths(source: str) -> list[str]:
    """The formulas, with their dollars."""
    tokens = read(source).inline
    return [token.markup + token.content + token.markup for token in tokens if token.type in FORMULAS]


def code(source: str) -> list[str]:
    """Inline code between its marks."""
    return [f"`{token.content}`" for token in read(source).inline if token.type == "code_inline"]


def links(source: str) -> list[str]:
    """Where links lead."""
    blocks, inline = read(source)
    targets = [str(token.attrs["href"]) for token in inline if token.type == "link_open"]
    return targets + [token.meta["url"] for token in blocks if token.type == "definition"]


def html(source: str) -> list[str]:
    """HTML's tags and entities."""
    tokens = read(source).inline
    return [token.markup or token.content for token in tokens if token.type == "html_inline" or token.info == "entity"]


def headings(source: str) -> list[Heading]:
    """The headings, in their order."""
    starts = line_starts(source)
    return [
        Heading(int(opening.tag[1:]), inside.content, starts[opening.map[1]])
        for opening, inside in pairwise(read(source).blocks)
        if opening.type == "heading_open" and opening.map
    ]


def table(source: str) -> list[list[str]]:
    """The rows of a table, its heads first, as Markdown."""
    rows: list[list[str]] = []
    for before, token in pairwise(read(source).blocks):
        if token.type == "tr_open":
            rows.append([])
        elif before.type in ("th_open", "td_open"):
            rows[-1].append(token.content)
    return rows
