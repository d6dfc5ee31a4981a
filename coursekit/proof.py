"""What a translation must have in common with its English, and each language's own typography."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import polib

from coursekit.catalog import is_filled
from coursekit.formulas import wordless
from coursekit.languages import Language
from coursekit.markdown import code, code_blocks, flush, headings, html, links, maths, pictures, prose
from coursekit.references import REFERENCE

TODO = re.compile(r"\bTODO\b")
FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*\}")

ARGUMENT = re.compile(r'\w+="[^"]*"')  # code, though no marks set it off in a message


def formulas(text: str) -> list[str]:
    """Formulas, without spaces and without the words in them."""
    return [wordless(formula) for formula in maths(text)]


ALWAYS: dict[str, Callable[[str], list[str]]] = {
    "mark": TODO.findall,
    "reference": lambda text: [reference[0] for reference in REFERENCE.finditer(text)],
}
MARKDOWN: dict[str, Callable[[str], list[str]]] = {
    "maths": formulas,
    "code": lambda text: [*code_blocks(text), *code(text)],
    "link": links,
    "HTML": html,
    "heading": lambda text: ["#" * heading.level for heading in headings(text)],
    "picture": lambda text: [picture.target for picture in pictures(text)],
}
STRING: dict[str, Callable[[str], list[str]]] = {"{field}": FIELD.findall, "maths": formulas}


def entry_faults(entry: polib.POEntry, language: Language) -> Iterator[str]:
    """What is wrong with one translation, each in a sentence that names its English."""
    start = " ".join(entry.msgid.split())[:50]
    if entry.fuzzy:
        yield f"the translation of {start!r} is fuzzy: mend it, then take its fuzzy flag off"
    if not is_filled(entry, language.code):
        yield f"{start!r} is not translated"
        return
    for translation in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        for fault in [*differences(entry, translation), *typography(entry.comment, translation, language)]:
            yield f"{fault}, in the translation of {start!r}"


def differences(entry: polib.POEntry, translation: str) -> Iterator[str]:
    """What an entry's translation lacks of its English, or has beyond it."""
    kinds = {"markdown": MARKDOWN, "string": STRING}.get(entry.comment, {})
    for name, find in (ALWAYS | kinds).items():
        english, translated = Counter(find(flush(entry.msgid))), Counter(find(flush(translation)))
        if entry.msgid_plural and english != translated:
            english = Counter(find(flush(entry.msgid_plural)))  # a form for one thing may leave the number out
        for missing in english - translated:
            yield f"the {name} {missing!r} is missing"
        for added in translated - english:
            yield f"the {name} {added!r} is not in the English"


def typography(what: str, translation: str, language: Language) -> Iterator[str]:
    """Marks that the language writes otherwise. Comments and docstrings keep to the keyboard's marks."""
    for wrong in sorted(set(language.refused) & set(translation)):
        yield f"{language.english} writes {language.refused[wrong]}, and this has {wrong}"
    if what not in ("markdown", "string"):
        return
    text = prose(ARGUMENT.sub("x", FIELD.sub("x", translation)) if what == "string" else flush(translation))
    for mark in language.wrong_quotes(text):
        yield f"the quote {mark} should be {language.own_quotes}"
    for pattern in language.due_spaces:
        if found := pattern.search(text):
            yield f"a no-break space is due at {found[0]!r}"
