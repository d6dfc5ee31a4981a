"""Markdown taken apart: what a translator changes, and what nobody does."""

import re
from collections.abc import Iterator

MATHS = re.compile(r"\$\$.+?\$\$|(?<!\\)\$[^$\n]+(?:\n[^$\n]+)*?\$", re.S)
FENCE = re.compile(r"^ *```.*?^ *```[^\n]*$|^ *~~~.*?^ *~~~[^\n]*$", re.S | re.M)
INLINE_CODE = re.compile(r"`[^`]+`")
TARGET = re.compile(r"(?<=\])\([^()\s]*\)|<https?://[^>]*>")
HTML = re.compile(r"</?[a-zA-Z][^>]*>|&#?\w+;")
PICTURE = re.compile(r"!\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]*)\)")
WORDS_IN_MATHS = re.compile(r"\\(?:text|mathrm|textrm|textit)\{([^{}]*)\}")
CODE_OR_MATHS = re.compile(rf"(?sm:{FENCE.pattern})|{INLINE_CODE.pattern}|(?P<maths>(?s:{MATHS.pattern}))")
DECIMALS_IN_BRACKETS = re.compile(r"\([^()]*\d\.\d[^()]*\)")
SEPARATOR = "###"  # stands where a marker of the source stood, and ends a paragraph
LETTER = re.compile(r"[^\W\d_]")


def localized(text: str, decimal_sign: str) -> str:
    """Markdown with the numbers of its formulas as the language writes them: 0,5 and (0,5; 2) for 0.5 and (0.5, 2)."""
    if decimal_sign != ",":
        return text

    def local(found: re.Match[str]) -> str:
        if not found["maths"]:
            return found[0]
        formula = DECIMALS_IN_BRACKETS.sub(lambda numbers: re.sub(r"(?<!\\),", ";", numbers[0]), found[0])
        return re.sub(r"(?<=\d)\.(?=\d)", "{,}", formula)  # the braces say that no space follows

    return CODE_OR_MATHS.sub(local, text)


def prose(text: str) -> str:
    """Markdown without what no translator changes: a digit for maths and code, nothing for link targets and HTML."""
    text = FENCE.sub("0", text)
    text = MATHS.sub(lambda maths: "0".join(["", *WORDS_IN_MATHS.findall(maths[0]), ""]), text)
    text = INLINE_CODE.sub("0", text)
    return HTML.sub("", TARGET.sub("", text))


def paragraphs(source: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph that has words in it; a fenced block ends one, and is none."""
    source = FENCE.sub(lambda fence: re.sub(r"[^\n]", " ", fence[0]), source)
    for match in re.finditer(rf"(?:^(?!{SEPARATOR}$)[^\n]*\S[^\n]*$\n?)+", source, re.M):
        text = match[0].rstrip("\n")
        if LETTER.search(prose(text)):
            yield match.start(), match.start() + len(text)
