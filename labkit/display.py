"""Pictures under a notebook cell, with words for those who cannot see them."""

import sys
from base64 import b64encode
from typing import Any


def in_notebook() -> bool:
    """Whether this runs in a kernel that can show pictures; imports nothing to find out."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def show_png(png: bytes, alt: str, handle: Any = None) -> Any:
    """Show a picture, in the place of an earlier one where its handle is given.

    The words go where IPython's own images have them (metadata "alt": Colab and nbconvert
    read it) and stand in for the picture where there is only text.

    Args:
        png: the file's bytes.
        alt: the picture in words.
        handle: what an earlier call returned, or None for a new picture.

    Returns:
        The handle of the picture.
    """
    from IPython.display import display

    data = {"image/png": b64encode(png).decode(), "text/plain": alt}
    metadata = {"image/png": {"alt": alt}}
    if handle is None:
        return display(data, metadata=metadata, raw=True, display_id=True)  # type: ignore[no-untyped-call]
    handle.update(data, metadata=metadata, raw=True)
    return handle


def show_html(html: str, alt: str) -> None:
    """Show a piece of HTML; `alt` stands in for it where there is only text."""
    from IPython.display import display

    display({"text/html": html, "text/plain": alt}, raw=True)  # type: ignore[no-untyped-call]
