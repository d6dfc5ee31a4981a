"""Markdown as markdown-it reads it: its tokens, with places in the source for what is inline."""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|$)")  # what markdown-it counts as a line
BLOCKS_OF_TEXT = ("inline", "html_block", "math_block")  # "inline" is what stands in a paragraph or a heading


class Read(NamedTuple):
    """Markdown as markdown-it reads it.

    Attributes:
        blocks: their tokens, each with the lines that it stands in.
        inline: the tokens of what stands in blocks that are no code; formulas and pictures have their place in the
            source as `meta["place"]`.
    """

    blocks: list[Token]
    inline: list[Token]


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
    starts = line_starts(source)
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


def lines_of(source: str) -> list[str]:
    """The lines, each with what ends it."""
    return LINE.findall(source)


def line_starts(source: str) -> list[int]:
    """Where each line begins; the last is where the source ends."""
    return [0, *accumulate(map(len, lines_of(source)))]
