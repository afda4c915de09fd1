"""What was asked, what was answered, and what went up: all that the checks hold the tables to."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.labelling.proof import Truth
from tests.asking import Answered
from tests.simulation.files import File

Act = tuple[str, str, str]
"""Actor, act, and what it was done on, as in the audit trail."""


@dataclass
class Creation:
    """One thing that a doctor wants made, under one Idempotency-Key, however often he asks."""

    caller: Mapping[str, str]
    path: str
    ids: Mapping[str, str]
    body: Mapping[str, Any]
    key: str
    file: File | None = None
    """What he means to upload, when it is an image."""
    answers: list[Answered | None] = field(default_factory=list)
    """None where no answer came: nobody knows what was done."""
    changed: list[Answered | None] = field(default_factory=list)
    """Answers to the same key with another body, sent after it had been used."""

    @property
    def made(self) -> Mapping[str, Any] | None:
        """What the first good answer said was made."""
        return next((a.body for a in self.answers if a is not None and a.status == 201), None)

    @property
    def unanswered(self) -> bool:
        return self.made is None and (
            not self.answers or self.answers[-1] is None or self.answers[-1].status >= 500
        )


@dataclass
class Photo:
    """An image as its sender and the uploads bucket know it."""

    image_id: str
    creation: Creation
    form_ends: str
    uploads: dict[str, bytes] = field(default_factory=dict)
    """Bytes by version, oldest first."""
    forgotten: bool = False
    """Its sender never uploads it."""

    @property
    def file(self) -> File:
        assert self.creation.file is not None
        return self.creation.file


@dataclass(frozen=True)
class Deed:
    """One request that a reader made of an assignment."""

    act: str
    """`read`, `undo`, `decline` or `renew`."""
    at: datetime
    """When he asked, by the functions' clock."""
    answer: Answered | None
    alone: bool
    """No other request of the same assignment was under way."""
    said: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def well(self) -> bool:
        return self.answer is not None and self.answer.status < 300

    @property
    def unheard(self) -> bool:
        """Nobody knows what was done."""
        return self.answer is None or self.answer.status >= 500


@dataclass
class Work:
    """What a reader was shown of one assignment, and what he did with it, in order."""

    account_id: str
    assignment_id: str
    shown: Mapping[str, Any]
    """As he saw it last."""
    leased_until: str
    """The longest that he was told he has."""
    deeds: list[Deed] = field(default_factory=list)
    under_way: int = 0
    left_alone: bool = False
    """He forgets it, and its lease will end."""

    @property
    def stands(self) -> Deed | None:
        """The last thing he knows to be done: a reading, its undoing, or that he declined."""
        stands: Deed | None = None
        for deed in self.deeds:
            if deed.act == "renew" or not (deed.well or deed.unheard):
                continue
            stands = deed
        return stands if stands is not None and stands.well and stands.alone else None

    @property
    def is_read(self) -> bool:
        return self.stands is not None and self.stands.act == "read"

    @property
    def is_done_with(self) -> bool:
        """He has no reason to read it: he did, or declined, or was refused."""
        if not self.deeds:
            return False
        last = self.deeds[-1]
        given_back = last.act == "decline" and last.well
        return self.is_read or given_back or not (last.well or last.unheard)


@dataclass
class History:
    """Everything that happened, in order."""

    creations: list[Creation] = field(default_factory=list)
    photos: dict[str, Photo] = field(default_factory=dict)
    acknowledged: Counter[Act] = field(default_factory=Counter)
    """Acts whose doer got a good answer."""
    hands: list[tuple[str, Any]] = field(default_factory=list)
    """What readers were shown: who, and the items."""
    work: dict[str, Work] = field(default_factory=dict)
    """By assignment."""
    truths: dict[str, list[Truth]] = field(default_factory=dict)
    """By image: what proved true of it, in the order in which it was entered."""
    images_shown: list[tuple[str, Any]] = field(default_factory=list)
    cases_shown: list[Any] = field(default_factory=list)
    """What the curator was shown of cases."""
    told: list[tuple[str, Any]] = field(default_factory=list)
    """What readers were answered to their acts: who, and what."""
    arrived: list[str] = field(default_factory=list)
    """Images that came without a doctor."""
    left_behind: list[str] = field(default_factory=list)
    """What a function called done and was not, a sentence each."""
    counts: Counter[str] = field(default_factory=Counter)
    _lines: Any = field(default_factory=hashlib.sha256)

    def note(self, *words: object) -> None:
        """One line of the history, of which `digest` is made."""
        self._lines.update(json.dumps([str(word) for word in words]).encode())

    @property
    def digest(self) -> str:
        return str(self._lines.hexdigest())

    def surveys(self) -> Iterator[Creation]:
        return (each for each in self.creations if each.file is None)

    def lesions(self) -> list[Mapping[str, Any]]:
        """Answers to the surveys that were acknowledged, each with the form it came from."""
        return [
            {**made, "caller": each.caller, "body": each.body}
            for each in self.surveys()
            if (made := each.made) is not None
        ]
