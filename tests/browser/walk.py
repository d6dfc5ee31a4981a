"""Walk through a lesson as a student does, in JupyterLab, in a browser: `python -m tests.browser.walk dqn_cartpole fr`."""

import re
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from coursekit.course import choose_lessons
from coursekit.mistakes import Mistake
from tests.browser.chromium import CHROMIUM, DESK, MISSING, open_browser
from tests.browser.lab import make_lab
from tests.browser.language import is_said, patterns
from tests.browser.notebook import OpenNotebook
from tests.lessons.playing import COURSE, code_cells, mistakes, text_of

BAR = re.compile(r"\d+\s?%\|[^|\n]*\|[^\n]*")


class Sight(NamedTuple):
    """Something that was seen.

    Attributes:
        right: whether it is as it should be.
        what: "opened", "red", "wrong", "green", "typed", "trained", "moved", "bar", "video" or "ran".
        cell: the cell's name.
        text: what was seen, in short.
    """

    right: bool
    what: str
    cell: str
    text: str = ""

    def __str__(self) -> str:
        return f"{'ok  ' if self.right else 'FAIL'} {self.what:8} {self.cell:28} {' '.join(self.text.split())[:150]}"


def walk(lesson: str, language: str) -> Iterator[Sight]:
    """Open the lab, and from its page of lessons this lesson; do every exercise; tell what is seen."""
    with make_lab(language) as address, open_browser() as browser:
        page = browser.new_page(viewport=DESK)
        page.goto(address)
        link = page.locator(f'.jp-MarkdownViewer a[href*="{COURSE.stem(lesson)}.ipynb"]')
        link.wait_for(timeout=120_000)
        link.click()
        page.wait_for_function("window.jupyterapp.shell.currentWidget?.context?.path.endsWith('.ipynb')")
        notebook = OpenNotebook(page)
        yield Sight(
            f"/{language}/{COURSE.stem(lesson)}.ipynb" in page.url, "opened", lesson, page.url.rpartition("/lab/")[2]
        )
        yield from Walker(notebook, lesson, language).cells()


class Walker:
    """Who works through an open notebook, one cell after the other."""

    def __init__(self, notebook: OpenNotebook, lesson: str, language: str) -> None:
        self.notebook = notebook
        self.sayings = patterns(COURSE, lesson, language)
        self.students = code_cells("notebooks", language, lesson)
        self.answers = {cell["id"]: text_of(cell) for cell in code_cells("solutions", language, lesson)}
        self.wrong = {mistake.check: mistake for mistake in reversed(mistakes(lesson))}  # the first of each check
        self.typed = False

    def cells(self) -> Iterator[Sight]:
        """Every code cell, those of an exercise as often as a student runs them."""
        yield from self.run_all()
        since: list[str] = []  # the cells from an exercise on, until its check
        open_ones: list[str] = []  # the exercises among them
        for cell in self.students:
            name, tags = cell["id"], cell["metadata"].get("tags", ())
            if "exercise" in tags:
                open_ones.append(name)
            if open_ones:
                since.append(name)
            if "check" in tags and open_ones:
                yield from self.exercise(since, open_ones, name)
                since, open_ones = [], []
            elif not open_ones:
                yield from self.plain(name, tags)

    def run_all(self) -> Iterator[Sight]:
        """Run > Run All Cells: it stops at the first check, which says that nothing is done yet."""
        self.notebook.run_all()
        first = next(cell["id"] for cell in self.students if self.ended_red(cell["id"]))
        tags = next(cell["metadata"].get("tags", ()) for cell in self.students if cell["id"] == first)
        text = self.notebook.seen(first)["text"]
        yield Sight("check" in tags and "NotImplementedError" in text, "red", first, f"Run All: {text}")

    def ended_red(self, cell: str) -> bool:
        """Whether a cell that Run All reaches ends in an error."""
        page = self.notebook.page
        page.wait_for_function("id => course.cell(id).model.executionCount", arg=cell, timeout=300_000)
        page.evaluate("id => course.show(id)", cell)
        page.wait_for_timeout(100)
        return bool(self.notebook.seen(cell)["red"])

    def exercise(self, cells: list[str], exercises: list[str], check: str) -> Iterator[Sight]:
        """Check an exercise undone, then with a wrong answer, then with the right one."""
        before = [cell for cell in cells if cell != check]
        for cell in before:
            self.notebook.run(cell)
        undone = self.notebook.run(check)
        said = "NotImplementedError" in undone.text or is_said(undone.text, self.sayings)
        yield Sight(undone.red and said, "red", check, undone.text)
        if check in self.wrong:
            yield self.mistaken(self.wrong[check], before)
        yield from self.answer(exercises)
        for cell in before:
            yield from self.plain(cell, ())
        done = self.notebook.run(check)
        right = not done.red and "✓" in done.text and is_said(done.text, self.sayings)
        yield Sight(right, "green", check, done.text)

    def mistaken(self, mistake: Mistake, before: list[str]) -> Sight:
        """Give a wrong answer: what the check says stands in the notebook's language."""
        for cell in before:
            self.notebook.write(cell, mistake.code.strip() if cell == mistake.exercise else self.answers[cell])
            self.notebook.run(cell)
        seen = self.notebook.run(mistake.check)
        return Sight(seen.red and is_said(seen.text, self.sayings), "wrong", mistake.check, seen.text)

    def answer(self, exercises: list[str]) -> Iterator[Sight]:
        """Write the right answers: the first of a lesson on the keyboard."""
        for exercise in exercises:
            if self.typed:
                self.notebook.write(exercise, self.answers[exercise])
            else:
                self.typed = True
                self.notebook.type(exercise, self.answers[exercise])
                written = self.notebook.source(exercise)
                yield Sight(written == self.answers[exercise], "typed", exercise, written)

    def plain(self, cell: str, tags: list[str] | tuple[()]) -> Iterator[Sight]:
        """Run a cell that has no answer to check; look at its plot, its bar and its videos."""
        seen = self.notebook.run(cell)
        bars = BAR.findall(seen.text)
        if seen.red or not (seen.plots or bars or seen.videos or "check" in tags):
            yield Sight(not seen.red, "ran", cell, seen.text)
        if "check" in tags:
            yield Sight("✓" in seen.text and is_said(seen.text, self.sayings), "green", cell, seen.text)
        if bars:
            yield Sight(True, "bar", cell, bars[-1])
        if seen.plots > 1:
            yield Sight(True, "moved", cell, f"{seen.plots} pictures in one place")
        for video in self.notebook.play(cell) if seen.videos else ():
            yield Sight(self.plays(video), "video", cell, str(video))

    @staticmethod
    def plays(video: dict[str, Any]) -> bool:
        """Whether a video went on, and has words for who cannot see it."""
        return video["moved"] and video["ready"] >= 2 and bool(video["words"])


def main(lesson: str, language: str, say: Callable[[str], None] = print) -> int:
    """Walk, and say what is seen; 1 if anything is wrong."""
    if not CHROMIUM:
        say(MISSING)
        return 1
    (name,) = choose_lessons(COURSE, [lesson])
    failed = 0
    for sight in walk(name, language):
        say(str(sight))
        failed += not sight.right
    say(f"{name} {language}: {failed} to mend" if failed else f"{name} {language}: all as it should be")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # stopped, it ends what it started
    sys.exit(main(*sys.argv[1:]))
