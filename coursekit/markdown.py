"""Markdown taken apart: what a translator changes, and what nobody does."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from textwrap import dedent
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from coursekit.formulas import with_decimal_comma, words_in

SEPARATOR = "###"  # stands where a marker of the source stood, and ends a paragraph
LETTER = re.compile(r"[^\W\d_]")
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|$)")  # what markdown-it counts as a line
BLOCKS_OF_CODE = ("fence", "code_block")
BLOCKS_OF_TEXT = ("inline", "html_block", "math_block")  # "inline" is what stands in a paragraph or a heading
FORMULAS = ("math_inline", "math_inline_double")


class Read(NamedTuple):
    """Markdown as markdown-it reads it.

    Attributes:
        blocks: their tokens, each with the lines that it stands in.
        inline: the tokens of what stands in blocks that are no code; formulas and pictures have their place in the
            source as `meta["place"]`.
    """

    blocks: list[Token]
    inline: list[Token]


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


def placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule of markdown-it that also tells where it found what it found, which markdown-it does for blocks alone."""

    def found(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not rule(state, silent):
            return False
        if not silent:
            state.tokens[-1].meta["place"] = start, state.pos
        return True

    return found


def reader() -> MarkdownIt:
    """What reads lessons: CommonMark with tables, and formulas by the rules that all programs share.

    A dollar before a space or behind one is money, and so is one beside a digit on its outer side.
    """
    markdown = MarkdownIt("commonmark", {"inline_definitions": True}).enable("table").disable("inline")
    markdown.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    inline = markdown.inline.ruler
    rules = dict(zip(inline.get_active_rules(), inline.getRules(""), strict=True))
    for name in ("math_inline", "image"):
        inline.at(name, placed(rules[name]))
    return markdown


READER = reader()


@lru_cache(maxsize=1024)
def read(source: str) -> Read:
    """Read Markdown. What is inline is read in the source itself, so that its places are the source's own."""
    definitions: dict[str, object] = {}
    blocks = READER.parse(source, definitions)
    starts = [0, *accumulate(map(len, LINE.findall(source)))]
    inline: list[Token] = []
    for first, last in dict.fromkeys((*token.map,) for token in blocks if token.map and token.type in BLOCKS_OF_TEXT):
        start, end = starts[first], starts[last]
        tokens: list[Token] = []
        # The plug-in looks at the sign before a dollar; before the first it finds the last, which says nothing here.
        READER.inline.parse(source[start:end] + "\n", READER, definitions, tokens)
        for token in tokens:
            if "place" in token.meta:
                token.meta["place"] = tuple(start + place for place in token.meta["place"])
        inline += tokens
    return Read(blocks, inline)


def read_alone(paragraph: str) -> Read:
    """Read a paragraph that a translator sees, which may come from inside a list: it is no indented code."""
    return read(dedent(paragraph).strip(" \n"))


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
    lines = LINE.findall(source)
    ends = [number for number, line in enumerate(lines) if number in inside or line.strip() in ("", SEPARATOR)]
    starts = [0, *accumulate(map(len, lines))]
    for before, after in pairwise([-1, *ends, len(lines)]):
        text = source[starts[before + 1] : starts[after]].rstrip("\r\n")
        if LETTER.search(prose(text)):
            yield starts[before + 1], starts[before + 1] + len(text)


def prose(paragraph: str) -> str:
    """What a translator changes: a digit stands for maths and code, nothing for link targets and HTML."""
    blocks, inline = read_alone(paragraph)
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


def maths(paragraph: str) -> list[str]:
    """The formulas, with their dollars."""
    tokens = read_alone(paragraph).inline
    return [token.markup + token.content + token.markup for token in tokens if token.type in FORMULAS]


def code(paragraph: str) -> list[str]:
    """Inline code between its marks."""
    return [f"`{token.content}`" for token in read_alone(paragraph).inline if token.type == "code_inline"]


def links(paragraph: str) -> list[str]:
    """Where links lead."""
    blocks, inline = read_alone(paragraph)
    targets = [str(token.attrs["href"]) for token in inline if token.type == "link_open"]
    return targets + [token.meta["url"] for token in blocks if token.type == "definition"]


def html(paragraph: str) -> list[str]:
    """HTML's tags and entities."""
    tokens = read_alone(paragraph).inline
    return [token.markup or token.content for token in tokens if token.type == "html_inline" or token.info == "entity"]


def headings(paragraph: str) -> list[str]:
    """The marks of the headings, such as "## "."""
    levels = (int(token.tag[1:]) for token in read_alone(paragraph).blocks if token.type == "heading_open")
    return ["#" * level + " " for level in levels]
