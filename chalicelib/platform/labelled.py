"""Closed lists of words, each word with its label in both languages."""

from enum import StrEnum
from typing import Self

from chalicelib.platform.language import Text


class Labelled(StrEnum):
    """A member is its key; `label` is what a person reads, `hint` explains it where that helps."""

    label: Text
    hint: Text | None

    def __new__(cls, key: str, ru: str = "", en: str = "", hint: Text | None = None) -> Self:
        # The labels have defaults for the type checker's sake, which reads `Sex("male")` as a call of this.
        member = str.__new__(cls, key)
        member._value_ = key
        member.label = Text(ru, en)
        member.hint = hint
        return member
