"""What a file says, in forms in which two files can be compared."""

import html
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from coursekit import forms
from coursekit.markdown import code, code_blocks, paragraphs
from coursekit.notebook import Notebook, text_of
from coursekit.tags import meaning, tags_of

STYLE = re.compile(r"<style.*?</style>", re.S)
BLANK_LINE = re.compile(r"\n\s*\n")
TAG = re.compile(r"</?[a-zA-Z][^>]*>|&#?\w+;")


@dataclass
class Content:
    """What a file says.

    Attributes:
        exact: what is compared whole (trees of code, comments, pictures), each with its wording.
        phrases: the words of sentences and simple statements, which may stand anywhere in a text, each with its
            wording.
        full: all words, to search in.
    """

    exact: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    full: str = ""

    def add(self, *others: "Content") -> "Content":
        """Take in what other contents say."""
        for other in others:
            self.exact |= other.exact
            self.phrases |= other.phrases
            self.full += other.full
        return self


def content_of(name: str, data: bytes) -> Content:
    """What a file says, by its kind; a binary file is a picture, and may have text in it."""
    kind = PurePosixPath(name).suffix
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Content(forms.picture(data), full=forms.words(data.decode("utf-8", "ignore")))
    if kind == ".ipynb":
        return notebook_content(json.loads(text))
    return code_content(text) if kind == ".py" else markdown_content(text)


def notebook_content(notebook: Notebook) -> Content:
    """What a notebook says, cell by cell, and in whatever else it holds."""
    content = Content()
    for cell in notebook["cells"]:
        say = code_content if cell["cell_type"] == "code" else markdown_content
        content.add(say(text_of(cell)))
        if not meaning(tags_of(cell)).harmless:
            content.add(*map(output_content, cell.get("outputs", ())))
    for text in strings_in(notebook):
        content.add(Content(forms.pictures(text), full=forms.words(text)))
    return content


def strings_in(value: Any) -> Iterator[str]:
    """All strings in a JSON value; lines of a text are one string."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(part, str) for part in value):
        yield "".join(value)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings_in(part)


def output_content(output: dict[str, Any]) -> Content:
    """What a cell has shown: lines of text, and pictures."""
    content = Content()
    for text in strings_in([output.get("text", ""), output.get("data", {})]):
        content.exact |= forms.pictures(text)
        plain = TAG.sub(" ", STYLE.sub("", forms.BASE64.sub("", text)))
        content.full += forms.words(plain)
        for line in plain.splitlines():
            content.phrases |= forms.phrase(line)
    return content


def code_content(source: str) -> Content:
    """What Python code says, in comments and strings too; either may hold code."""
    exact = {**forms.pictures(source), **forms.code(source)}
    content = Content(exact, forms.simple_statements(source), forms.words(source))
    for string in forms.strings(source):
        content.exact |= forms.hidden_code(string)
        content.full += forms.words(string)
    for comment in forms.comments(source):
        content.exact |= forms.hidden_code(comment) | forms.whole(comment)
        content.phrases |= forms.sentences(comment)
    return content


def markdown_content(source: str) -> Content:
    """What markdown, or any other text, says, and the code in it."""
    content = Content(forms.pictures(source))
    source = forms.BASE64.sub("", source)
    plain = html.unescape(TAG.sub(" ", source))
    for block in code_blocks(source):
        content.add(code_content(textwrap.dedent(block)))
    for span in code(source):
        content.exact |= forms.code(span.strip("` "))
    content.exact |= forms.hidden_code(plain)
    texts = [plain[start:end] for start, end in paragraphs(plain)]
    texts += [text for block in code_blocks(plain) for text in BLANK_LINE.split(block)]  # what is laid out as code
    for text in texts:
        content.exact |= forms.whole(text)
        content.phrases |= forms.sentences(text)
    content.full += forms.words(source) + forms.words(plain)
    return content
