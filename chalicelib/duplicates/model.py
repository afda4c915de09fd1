"""A pair of pictures that are nearly the same: how near, who shows them, what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from itertools import combinations, product
from typing import Any, Final

from chalicelib.images.model import Shown

HASH_ALONE: Final = 36
"""Two pictures whose perceptual hashes differ in so many of 256 bits, or fewer, are near."""
HASH_WITH_EMBEDDING: Final = 80
"""Up to so many bits, two are near if the embeddings say so too. Both from docs/duplicates.md."""
MOST_AT_ONCE: Final = 20
"""With so many of its nearest a picture is paired when it is compared."""
MOST_PAIRS: Final = 200
"""In so many pairs is a picture; more are counted and left out."""


class Relation(StrEnum):
    """How far apart two images are filed."""

    SAME_LESION = auto()
    SAME_PATIENT = auto()
    ANOTHER_PATIENT = auto()


class Decision(StrEnum):
    SAME_PHOTOGRAPH = auto()
    DIFFERENT = auto()


class Standing(StrEnum):
    OPEN = auto()
    SETTLED = auto()


class Outcome(StrEnum):
    """What became of a pair that was found."""

    NEW = auto()
    KNOWN = auto()
    GONE = auto()
    """A picture has lost its last image."""
    FULL = auto()
    """A picture is in too many pairs."""


@dataclass(frozen=True)
class Near:
    """A picture that is near another: in how many bits the hashes differ, and the embeddings' cosine,
    where they can be compared."""

    pixel_hash: str
    distance: int
    cosine: float | None


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two pictures, or one that several images show (`pictures` has one hash then)."""

    pair_id: str
    pictures: tuple[str, ...]
    distance: int
    cosine: float | None
    found_at: datetime
    decision: Decision | None = None
    reason: str | None = None
    decided_at: str | None = None
    history: tuple[Mapping[str, Any], ...] = ()

    @property
    def standing(self) -> Standing:
        return Standing.SETTLED if self.decision else Standing.OPEN


@dataclass(frozen=True)
class Flagged:
    """A pair with who shows its pictures, one sequence a picture; of twins the same one twice."""

    pair: Pair
    sides: tuple[Sequence[Shown], Sequence[Shown]] = field(default=((), ()))

    @property
    def shown(self) -> bool:
        """Whether it still is a pair: a picture may have lost its images since."""
        return any(True for _ in self._couples())

    @property
    def relation(self) -> Relation:
        """Of the two images that are filed farthest apart: that is what leaks."""
        return farthest(self._couples())

    def _couples(self) -> Iterable[tuple[Shown, Shown]]:
        if len(self.pair.pictures) == 1:
            return combinations(self.sides[0], 2)
        return product(*self.sides)


def relation(one: Shown, other: Shown) -> Relation:
    if one.patient_id != other.patient_id:
        return Relation.ANOTHER_PATIENT
    same = one.lesion_id == other.lesion_id
    return Relation.SAME_LESION if same else Relation.SAME_PATIENT


def farthest(couples: Iterable[tuple[Shown, Shown]]) -> Relation:
    """The widest of the relations of some couples of images; there must be one."""
    order = list(Relation)
    return max((relation(*couple) for couple in couples), key=order.index)
