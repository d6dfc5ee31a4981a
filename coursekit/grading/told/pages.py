"""Pages made from templates, in which every value is escaped unless this module made it HTML."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

CODE = Markup("<code>{}</code>")


def page(template: str, **values: Any) -> str:
    """A page.

    Args:
        template: a file in `templates`.
        values: what it shows, as plain text.
    """
    return TEMPLATES.get_template(template).render(values)


def prose(text: str) -> Markup:
    """Plain text as HTML, `code` in it set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a lone backquote stands for itself
        return escape(text)
    return Markup("").join(CODE.format(part) if place % 2 else part for place, part in enumerate(parts))


TEMPLATES = Environment(
    loader=PackageLoader(__package__),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
TEMPLATES.filters["prose"] = prose
