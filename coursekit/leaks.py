"""Proof that students get no answers: nothing that stands only in solutions is in what they are given."""

from collections.abc import Iterable, Iterator

from coursekit.content import Content, content_of, notebook_content
from coursekit.notebook import Notebook


def secrets_of(solution: Notebook, student: Notebook) -> Content:
    """What a solution says and the student's notebook of the same lesson does not."""
    told, given = notebook_content(solution), notebook_content(student)
    return Content(
        {form: wording for form, wording in told.exact.items() if form not in given.exact},
        {words: wording for words, wording in told.phrases.items() if words not in given.full},
    )


def leaks(secrets: Content, files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """Each secret that a file tells, as a line that names the file and shows the secret."""
    for name, data in files:
        content = content_of(name, data)
        told = [wording for form, wording in secrets.exact.items() if form in content.exact]
        told += [wording for words, wording in secrets.phrases.items() if words in content.full]
        yield from (f"{name}: {wording}" for wording in dict.fromkeys(told))
