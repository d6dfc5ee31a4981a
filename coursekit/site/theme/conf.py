"""Sphinx's settings for the pages of one language; `settings.json` beside it says which."""

import json
import re
import sys
import unicodedata
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy.typing as npt
from sphinx.search import languages
from sphinx.util.typing import stringify_annotation

here = Path(__file__).parent
settings = json.loads((here / "settings.json").read_text("utf-8"))
words = settings["words"]
sys.path.insert(0, settings["root"])  # autodoc imports labkit

project = html_title = settings["title"]
language = settings["language"]
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode", "sphinx.ext.mathjax"]
smartquotes = False
exclude_patterns = ["extra", "static", "templates"]
templates_path = ["templates"]
locale_dirs = ["locale"]  # what the theme says, in our words

myst_enable_extensions = ["dollarmath", "amsmath"]
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type"]
nb_execution_mode = "off"
nb_merge_streams = True

autodoc_member_order = "alphabetical"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
ALIASES = {"ArrayLike": npt.ArrayLike, "DTypeLike": npt.DTypeLike}  # unions, which signatures would spell out
add_module_names = False
napoleon_numpy_docstring = False
napoleon_use_ivar = True
default_role = "code"  # docstrings write `code` as Markdown does

mathjax_path = "mathjax.js"
mathjax3_config = {"options": {"enableMenu": False}}  # its menu would load more files
mathjax_options = {"defer": "defer"}

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_extra_path = ["extra"]
html_css_files = ["course.css"]
html_js_files = [("course.js", {"defer": "defer"})]
html_favicon = "static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
html_sidebars = {"**": ["top.html", "lessons.html"]}
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": False,
    "article_header_start": ["menu.html"],
    "article_header_end": ["languages.html", "buttons.html"],
    "footer_content_items": [],
    "navbar_persistent": [],
    "search_bar_text": words["search"],
    "toc_title": words["contents"],
    "navigation_with_keys": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_context = {
    "course_languages": settings["languages"],
    "absent": settings["absent"],
    "words": words,
    "default_mode": "auto",
}


def tables(app: Any, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Tables, which docstrings write as Markdown does, in the form that Sphinx reads."""
    found = [line for line in lines if line.startswith("|")]
    if not found:
        return
    start = lines.index(found[0])
    rows = [[part.strip() for part in line.strip().strip("|").split("|")] for line in found]
    rows = [row for row in rows if any(row) and not set("".join(row)) <= set("-|: ")]
    form = [".. list-table::", ""]
    for first, *others in rows:
        form += [f"   * - {first}", *(f"     - {other}" for other in others)]
    lines[start : start + len(found)] = [*form, ""]


def short(
    app: Any, what: str, name: str, obj: object, options: object, given: str, back: str
) -> tuple[str, str] | None:
    """Signatures without what NumPy adds to the name of an array, and with its names for what passes for one."""
    array = re.compile(r"(?:~?numpy\.)?ndarray\[tuple\[~?(?:typing\.)?Any, \.\.\.\], (?:~?numpy\.)?dtype\[[^]]*\]\]")
    aliases = {stringify_annotation(kind, "smart"): name for name, kind in ALIASES.items()}

    def plain(signature: str) -> str:
        for spelt_out, name in aliases.items():
            signature = signature.replace(spelt_out, name)
        return array.sub("ndarray", signature)

    return (plain(given), plain(back or "")) if given else None


def skipped(app: Any, what: str, name: str, obj: object, skip: bool, options: object) -> bool | None:
    """Leave out the fields of a named tuple, which say no more than its signature."""
    return True if type(obj).__name__ == "_tuplegetter" else None


def clear(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Buttons that fold are called what they say, and headings of tables are no empty cells."""
    if body := context.get("body"):
        body = re.sub(r'(<summary) aria-label="[^"]*"', r"\1", body)
        context["body"] = re.sub(r'<th class="head[^"]*">(?:<p></p>)?</th>', "<td></td>", body)


def accentless(word: str) -> str:
    """A word as many type it; `course.js` does the same to what is searched for."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if unicodedata.category(sign) != "Mn")


def search_language() -> Any:
    """The language's own search, with and without accents."""
    known: Any = languages.get(language, languages["en"])  # for most languages, Sphinx has no other
    if isinstance(known, str):
        module, name = known.rsplit(".", 1)
        known = getattr(import_module(module), name)
    return type("Accentless", (known,), {"stem": lambda self, word: known.stem(self, accentless(word))})


def setup(app: Any) -> None:
    """Connect these to Sphinx."""
    app.add_search_language(search_language())
    app.connect("autodoc-process-docstring", tables)
    app.connect("autodoc-process-signature", short)
    app.connect("autodoc-skip-member", skipped)
    app.connect("html-page-context", clear)
