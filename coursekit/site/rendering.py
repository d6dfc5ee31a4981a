"""HTML, and Markdown that holds HTML, made from templates: what is put into them is escaped there."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def rendered(template: str, **values: object) -> str:
    """What a template makes of these values."""
    return TEMPLATES.get_template(template).render(values)
