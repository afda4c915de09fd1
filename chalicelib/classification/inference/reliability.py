"""How often the model was right on pictures it never learnt from, when it was as sure as now.

The card counts, for each bin of the highest probability, the hold-out images that fell in it and those
whose diagnosis was the likeliest class, over all classes and for each class alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

LEAST_IMAGES: Final = 20
"""A class's own bin speaks for it with as many images; with fewer, the bin over all classes does."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Bin(BaseModel):
    """Hold-out images with a highest probability of `start` up to `end`, and how many were right."""

    model_config = ConfigDict(frozen=True)

    lesion_class: Annotated[str | None, Field(alias="class")] = None
    start: Annotated[Share, Field(alias="from")]
    end: Annotated[Share, Field(alias="to")]
    images: Annotated[int, Field(ge=1)]
    right: Annotated[int, Field(ge=0)]
    low: Share
    high: Share

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not self.start < self.end:
            raise ValueError("a bin goes from a lower to a higher probability")
        # The ends are rounded, so that the share itself may lie just outside.
        if self.right > self.images or not self.low - 0.01 <= self.share <= self.high + 0.01:
            raise ValueError("a bin's share of right images lies within its interval")
        return self

    @property
    def share(self) -> float:
        """Of its images, those that were right, 0..1."""
        return self.right / self.images

    def holds(self, probability: float) -> bool:
        """Whether a probability falls in it; 1 falls in the bin that ends there."""
        return self.start <= probability < self.end or probability == self.end == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Of 100 such images, `of_100` had the diagnosis the model named (95 %: `low` to `high`).

    Counted on `images` images; of `lesion_class` alone, or over all classes (None).
    """

    of_100: int
    low: int
    high: int
    images: int
    lesion_class: str | None


def check_bins(bins: Iterable[Bin], classes: Iterable[str]) -> None:
    """Raise `ValueError` for a bin of an unknown class, or two of one class that overlap."""
    known = {None, *classes}
    by_class: dict[str | None, list[Bin]] = {}
    for each in bins:
        if each.lesion_class not in known:
            raise ValueError(f"{each.lesion_class} is no class of the model")
        by_class.setdefault(each.lesion_class, []).append(each)
    for several in by_class.values():
        ordered = sorted(several, key=lambda each: each.start)
        if any(one.end > other.start for one, other in pairwise(ordered)):
            raise ValueError("the bins of one class must not overlap")


def reliability(bins: Iterable[Bin], likeliest: str, probability: float) -> Reliability | None:
    """What the card's bins say of an answer: its class's own bin where that has `LEAST_IMAGES`, else
    the bin over all classes; None where neither holds the probability."""
    found = {each.lesion_class: each for each in bins if each.holds(probability)}
    own = found.get(likeliest)
    chosen = own if own is not None and own.images >= LEAST_IMAGES else found.get(None)
    if chosen is None:
        return None
    return Reliability(
        of_100=round(100 * chosen.share),
        low=round(100 * chosen.low),
        high=round(100 * chosen.high),
        images=chosen.images,
        lesion_class=chosen.lesion_class,
    )
