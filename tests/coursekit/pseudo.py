"""A language made by machine, in which every letter that is translated has an accent: what stays plain is not translated."""

import re
import unicodedata
from html.parser import HTMLParser

import polib

from coursekit.catalog import read_catalog, write_catalog
from coursekit.languages import plural_count

CODE = "ia"  # Babel knows it, and neither the course nor coursekit nor Sphinx speaks it; it writes 0,5
MARKS = dict(zip("aceghijlnorstuyzACEGHIJLNORSTUYZ", "àćéĝĥîĵĺńòŕśţûýžÀĆÉĜĤÎĴĹŃÒŔŚŢÛÝŽ", strict=True))
# What a translation keeps: code, formulas, links' targets, HTML, fields, TODO.
KEPT = re.compile(
    r"```.*?```|`[^`]*`|\$\$.+?\$\$|\$[^$\n]+\$|(?<=\])\([^()\s]*\)|<[^<>]+>|&\w+;|\{[^{}]*\}|\bTODO\b|\\\w+", re.S
)
# Words that are the same in every language, or no words: names, the keys, what Python and Sphinx write themselves.
NAMES = set("colab python labkit notebook github shift enter json english français română interlingua ctrl".split())  # noqa: SIM905


def accented(text):
    """A translation of a text, as a machine would make it."""
    parts, end = [], 0
    for kept in KEPT.finditer(text):
        parts += [marked(text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, marked(text[end:])])


def marked(text):
    """Accents on all letters that can have one."""
    return "".join(MARKS.get(letter, letter) for letter in text)


def translate(path):
    """Fill a catalog."""
    catalog = read_catalog(path)
    for entry in catalog:
        if entry.msgid_plural:
            forms = range(plural_count(CODE))
            entry.msgstr_plural = {form: accented(entry.msgid_plural if form else entry.msgid) for form in forms}
        else:
            entry.msgstr = accented(entry.msgid)
        entry.flags = []
    write_catalog(path, catalog)


def plain_words(text):
    """The words of a text that have no accent, though they could have one, and are nobody's name."""
    text = KEPT.sub(" ", text)
    words = re.findall(r"[^\W\d_]{3,}", unicodedata.normalize("NFC", text))
    return sorted({word for word in words if word.isascii() and set(word) & MARKS.keys() and word.lower() not in NAMES})


class Visible(HTMLParser):
    """What a page says: its text and the words for those who do not see it, without code and scripts."""

    SILENT = ("script", "style", "pre", "code", "svg")

    def __init__(self):
        super().__init__()
        self.said, self.depth = [], 0

    def handle_starttag(self, tag, attrs):
        self.depth += tag in self.SILENT
        kept = ("alt", "aria-label", "title", "placeholder", "data-done", "data-text")
        if not self.depth:
            self.said += [value for name, value in attrs if name in kept and value]

    def handle_endtag(self, tag):
        self.depth -= tag in self.SILENT

    def handle_data(self, data):
        if not self.depth:
            self.said.append(data)


def visible(html):
    """The words of a page."""
    page = Visible()
    page.feed(html)
    return " \n ".join(page.said)


def messages(path):
    """The English texts of a catalog."""
    return [text for entry in polib.pofile(str(path)) for text in (entry.msgid, entry.msgid_plural) if text]
