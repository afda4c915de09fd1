"""The course of a lesion by the circles that its owner drew: sizes, and what changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.images.marks import Grown, Size, grown, read_marks, size
from chalicelib.images.model import Image, State
from chalicelib.images.visits import day_of, in_order


@dataclass(frozen=True)
class OwnCourse:
    """A lesion's images by the day they were taken, and how its size changed up to the last with a scale."""

    images: list[Image]
    last: Size | None
    """Of the last image with a scale."""
    since_first: Grown | None
    since_last: Grown | None
    """From the first day with a scale, and from the one before the last."""


def size_of(image: Image) -> Size | None:
    """The size that an image's circles tell; None without circles."""
    marks = read_marks(image.marks)
    return size(marks) if marks else None


def own_course(images: Iterable[Image]) -> OwnCourse:
    """What these images of one lesion tell; those without a clean picture tell nothing.

    Of several photographs of one day the last with a scale counts: repeats of a day are no growth.
    """
    shown = in_order(each for each in images if each.intake and each.state is not State.WITHDRAWN)
    days: dict[date, Size] = {}
    for each in shown:
        found = size_of(each)
        if found is not None and found.scale is not None:
            days[day_of(each)[0]] = found
    sizes = list(days.values())
    last = sizes[-1] if sizes else None
    return OwnCourse(
        images=shown,
        last=last,
        since_first=grown(sizes[0], last) if len(sizes) > 1 else None,
        since_last=grown(sizes[-2], last) if len(sizes) > 1 else None,
    )
