"""What the grader says, in the language of who reads it."""

from collections.abc import Callable

from coursekit.grading.handed_in.notes import Note
from coursekit.languages import MASTER, Language
from coursekit.sentences import sentences

# The instructor's report, in English only.
STOPPED = {
    "timeout": "ran out of time",
    "died": "ended its kernel",
    "memory": "wanted too much memory or too many processes",
    "refused": "sent back no plain data, or too much of it",
    "failed": "**could not be marked: run the same command again**",
}

REPORT = {
    "report": "Marking report",
    "students": "{count} students.",
    "lesson": "Lesson {number}",
    "notebooks": "{count} notebooks.",
    "columns": "| exercise | points | right | partly | not right | not answered | mean share |",
    "mean": "Mean: {got} of {most} points.",
    "stopped": "Answers that stopped",
    "twice": "Answered more than once",
    "alike": "Nearly identical answers",
    "pair": "{one} and {other}, lesson {number}",
    "answers": "Other oddities in answers",
    "files": "Oddities in files",
    "none": "None.",
}


def said(note: Note, language: str = MASTER) -> str:
    """A note as a sentence's part, without its full stop."""
    fields = dict(note.fields)
    counted = next((int(fields[name]) for name in ("times", "limit") if name in fields), 0)
    return notes(language, counted)[note.kind].format(**fields)


def notes(language: str, counted: int = 0) -> dict[str, str]:
    """The sentences of notes, by kind; the number that one of them has in it says which form it takes."""
    _, ngettext = spoken(language)
    return {
        "link": _("this is a link, which is not followed"),
        "large": _("this file is too large to be read"),
        "unreadable": _("this file cannot be read"),
        "path": _("its name in the zip led out of it, which was ignored"),
        "many": ngettext(
            "the zip holds more than {limit} file: the others were not read",
            "the zip holds more than {limit} files: the others were not read",
            counted,
        ),
        "empty": _("this file is empty"),
        "no-json": _("this file is no notebook: it is not JSON"),
        "no-notebook": _("this file is no notebook: it has no cells"),
        "encoding": _("this file is encoded in {encoding}, not in plain UTF-8, and was read all the same"),
        "other-file": _("this file is no notebook"),
        "foreign": _("this notebook is of no lesson that is marked"),
        "other-lesson": _("this notebook is of the lesson {lesson}, which is not marked this time"),
        "several": _("several notebooks of the lesson {lesson} were handed in: this one counts, {dropped} does not"),
        "missing": _("the cell of this exercise is not there"),
        "found-by-todo": _("this is not the cell's own id: the answer was found by its TODO mark"),
        "found-by-name": _("the answer was found in another cell, by the name that it defines"),
        "split": _("`{name}` was found in another cell"),
        "twice": ngettext(
            "this exercise is answered {times} time: the answer in its own cell counts, the last one there",
            "this exercise is answered {times} times: the answer in its own cell counts, the last one there",
            counted,
        ),
        "undefined": _("the answer does not define {names}"),
        "renamed": _("`{old}` is called `{new}` here, and was marked under that name"),
        "helpers": _("these names come from cells of your own: {names}"),
    }


def states(language: str) -> dict[str, str]:
    """What became of an answer, by the state of its mark."""
    _, _ngettext = spoken(language)
    return {
        "right": _("Right"),
        "partly": _("Partly right"),
        "wrong": _("Not right: some results differ from what they should be."),
        "undone": _("Not answered"),
        "raised": _("Your code stopped with an error:"),
        "timeout": _("Your code did not finish within {limit} s. Does a loop never end?"),
        "died": _("Your code ended the Python process."),
        "memory": _("Your code needed more memory or processes than it may have."),
        "refused": _("Your code gives something else than numbers, arrays or texts. Is a `return` missing?"),
        "failed": _("This could not be marked yet: your instructor has been told."),
        "question": _("Read and marked by your instructor"),
    }


def page_words(language: str) -> dict[str, str]:
    """What the page of a student says beside that."""
    _, _ngettext = spoken(language)
    return {
        "feedback": _("Feedback"),
        "hint": _("Hint: "),
        "answer": _("The answer that was marked"),
        "notes": _("About what you handed in"),
        "nothing": _("Nothing that you handed in could be marked."),
    }


def points_of(got: float, most: int, language: str) -> str:
    """So many points of so many."""
    _, ngettext = spoken(language)
    return ngettext("{got} of {most} point", "{got} of {most} points", most).format(got=local(got, language), most=most)


def points_to_come(most: int, language: str) -> str:
    """What the questions in words are worth, and who marks them."""
    _, ngettext = spoken(language)
    worth = ngettext(
        "The questions in words are worth {most} more point.",
        "The questions in words are worth {most} more points.",
        most,
    ).format(most=most)
    return f"{worth} {states(language)['question']}."


def spoken(language: str) -> tuple[Callable[[str], str], Callable[[str, str, int], str]]:
    """Gettext and ngettext of a language."""
    known = sentences(language)
    return known.gettext, known.ngettext


def number(value: float) -> str:
    """A number of points, without decimals that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def local(value: float, language: str) -> str:
    """A number of points as the language writes it."""
    return Language(language).number(number(value))
