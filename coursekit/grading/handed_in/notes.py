"""What is odd about a submission, as data: `told.words` says it in the language of who reads it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Note:
    """One thing that is odd.

    Attributes:
        kind: which sentence of `told.words.notes` says it.
        fields: what the sentence mentions.
    """

    kind: str
    fields: tuple[tuple[str, str], ...] = ()

    def __init__(self, kind: str, **fields: Any) -> None:
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "fields", tuple((name, str(value)) for name, value in fields.items()))
