"""A notebook that is open in JupyterLab, as who sits before it works with it."""

import time
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("notebook.js").read_text("utf-8")
CELL_SECONDS = 900  # JupyterLab has no limit; a walk must end


class Seen(NamedTuple):
    """What is under a cell.

    Attributes:
        text: its words.
        red: whether there is an error.
        videos: how many videos there are.
        plots: how many different pictures stood one after the other in the place of the first one.
    """

    text: str
    red: bool
    videos: int
    plots: int


class OpenNotebook:
    """The notebook in front.

    Args:
        page: JupyterLab, with `window.jupyterapp`.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(SCRIPT)
        page.wait_for_function("course.ready()", timeout=120_000)

    def run(self, cell: str) -> Seen:
        """Run a cell, and watch it to its end."""
        self.page.evaluate("id => course.start(id)", cell)
        return self.watch(cell)

    def watch(self, cell: str) -> Seen:
        """Watch a cell that runs; what is under it at the end."""
        pictures = set()
        end = time.monotonic() + CELL_SECONDS
        while time.monotonic() < end:
            done = self.seen(cell)["done"]
            self.page.wait_for_timeout(100)  # what the kernel sent is drawn now
            seen = self.seen(cell)
            pictures |= set(seen["pictures"][:1])
            if done:
                return Seen(seen["text"].strip(), seen["red"], seen["videos"], len(pictures))
        raise TimeoutError(f"the cell {cell} ran for over {CELL_SECONDS} s")

    def seen(self, cell: str) -> dict[str, Any]:
        """What is under a cell now."""
        seen: dict[str, Any] = self.page.evaluate("id => course.seen(id)", cell)
        return seen

    def source(self, cell: str) -> str:
        """The text of a cell."""
        text: str = self.page.evaluate("id => course.source(id)", cell)
        return text

    def write(self, cell: str, text: str) -> None:
        """Put a text into a cell, as if pasted."""
        self.page.evaluate("([id, text]) => course.write(id, text)", [cell, text])

    def type(self, cell: str, text: str) -> None:
        """Click into a cell and type a text on the keyboard in place of what it holds."""
        self.page.evaluate("id => course.show(id)", cell)
        self.page.locator(".jp-Notebook-cell.jp-mod-active .cm-content").click()
        keyboard = self.page.keyboard
        keyboard.press("Control+a")
        for number, line in enumerate(text.split("\n")):
            if number:
                keyboard.press("Enter")
                keyboard.press("Shift+Home")  # the editor indents by itself: begin the line anew
            if line:
                keyboard.type(line)
            elif number:
                keyboard.press("Delete")
        keyboard.press("Escape")

    def play(self, cell: str) -> list[dict[str, Any]]:
        """Play the videos under a cell."""
        videos: list[dict[str, Any]] = self.page.evaluate("id => course.play(id)", cell)
        return videos

    def run_all(self) -> None:
        """Run > Run All Cells, from the menu; it stops at the first error."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
