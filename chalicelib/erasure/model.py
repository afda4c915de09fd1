"""An erasure: of whom or of what, how far it is, and when it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Final

PROMISED_WITHIN: Final = timedelta(hours=24)
"""By when nothing readable remains."""
TAKEN_OVER_AFTER: Final = timedelta(minutes=2)
"""When the sweep goes on with an erasure whose request was cut short."""
SETTLED_AFTER: Final = timedelta(hours=1)
"""When everything is looked for once more. Longer than any function may run (15 minutes) and an
upload that began on the last moment of its form may take, so that nobody is left who could add
something after that look."""
GOES_ON_AFTER: Final = timedelta(minutes=1)
"""When the sweep goes on with what did not fit into one pass."""
BELONGINGS_AT_ONCE: Final = 50
"""Lesions and images that one pass makes unreadable."""
IMAGES_AT_ONCE: Final = 20
"""Images whose files, readers and traces one pass removes: some 15 calls to AWS each."""


HISTOLOGIES_AT_ONCE: Final = 20
"""Histology results whose reports one pass removes: 6 calls to AWS each."""
RELEASES_AT_ONCE: Final = 5
"""Releases of datasets whose lists of members one pass reads: 40 MB each where a release has 500,000 images."""


class Subject(StrEnum):
    PATIENT = auto()
    IMAGE = auto()


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """An assignment that was once made of an image."""

    image_id: str
    account_id: str
    assignment_id: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asked for an erasure, in which role, and when."""

    by: str
    role: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """One entry of the erasure log: ids only, so that it may be kept and repeated."""

    subject: Subject
    subject_id: str
    asked: Asked
    lesions: frozenset[str]
    images: frozenset[str]
    assignments: frozenset[Assigned]
    pixels: frozenset[tuple[str, str]]
    """Image id and pixel hash, as long as the erasure goes on."""
    left: frozenset[str]
    """Images that this look has not come to yet."""
    histologies: frozenset[str]
    histologies_left: frozenset[str]
    """Histology results that this look has not come to yet."""
    releases: frozenset[str]
    """Releases of datasets that this look knows of."""
    releases_left: frozenset[str]
    """Those that this look has not come to yet, or whose files a worker is still erasing."""
    released: frozenset[str]
    """Releases in which the subject was found at any time."""
    accounts: frozenset[str]
    """Accounts that the patient had."""
    questions: frozenset[str]
    """What he asked."""
    looks: int
    """How many looks are complete."""
    look_at: datetime | None
    """When the next look may begin."""
    found: bool
    """Whether this look has found anything that was there to erase."""
    versions: int
    """Object versions deleted so far."""
    erased_at: datetime | None

    def readers_of(self, image_id: str) -> Iterable[Assigned]:
        return (one for one in self.assignments if one.image_id == image_id)

    def hashes_of(self, image_id: str) -> set[str]:
        return {pixel_hash for image, pixel_hash in self.pixels if image == image_id}

    @property
    def needs_another_look(self) -> bool:
        """The first look, and every one that found something, is followed by another."""
        return self.looks == 0 or self.found
