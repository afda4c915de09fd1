"""Photographs of one lesion by day: repeats of one day are one visit, not growth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, product
from statistics import fmean
from typing import Any

from chalicelib.images.appearance import distance, look
from chalicelib.images.model import Image
from chalicelib.images.reasons import is_judged
from chalicelib.platform.lesion_classes import LesionClass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value and the half-width of its 95 % interval from one visit to another."""

    value: float
    error: float


@dataclass(frozen=True)
class Visit:
    """What was photographed on one day.

    `dated`: the day is that of the photographs; otherwise nobody told it, and it is that of the upload.
    """

    day: date
    dated: bool
    images: tuple[Image, ...]

    @property
    def opinions(self) -> list[Mapping[str, Any]]:
        """The model's opinions of its images, the latest last; of those that it judged."""
        said = (image.classification for image in self.images)
        return [each for each in said if each and is_judged(each)]

    @property
    def measured(self) -> list[Mapping[str, Any]]:
        """The measurements of its images."""
        return [each["measurements"] for each in self.opinions if each.get("measurements")]

    @property
    def cut(self) -> bool:
        """Whether no measured image shows the whole lesion."""
        return bool(self.measured) and all(each["cut"] for each in self.measured)

    def in_mm(self, name: str) -> Quantity | None:
        """`diameter_mm` or `area_mm2`, of the images that show the whole lesion and have a scale."""
        part = "diameter_repeat" if name == "diameter_mm" else "area_repeat"
        return _mean(
            Quantity(each[name]["value"], each[name]["value"] * each["relative_error"][part])
            for each in self.measured
            if name in each and not each["cut"]
        )

    def in_picture(self, name: str, frame: "Frame") -> Quantity | None:
        """`diameter_widths` or `area_share`, of the images that show the whole lesion in this frame."""
        part = "diameter_repeat" if name == "diameter_widths" else "area_repeat"
        return _mean(
            Quantity(each[name], each[name] * each["relative_error"][part])
            for image in self.images
            if frame_of(image) == frame
            for each in [(image.classification or {}).get("measurements")]
            if each and not each["cut"]
        )

    @property
    def frames(self) -> set["Frame"]:
        """With what its images were taken, where that is known."""
        return {frame for image in self.images if (frame := frame_of(image)) is not None}

    def asymmetry(self, kind: str) -> float:
        """The sum over both axes of `shape` or `colour`, mean of the images."""
        return fmean(sum(each["asymmetry"][kind]) for each in self.measured)

    @property
    def asymmetric_axes(self) -> int:
        """How many axes are asymmetric, mean of the images, rounded."""
        return round(fmean(each["asymmetry"]["axes"] for each in self.measured))

    def share(self, colour: str) -> float:
        """The share of the lesion that has a colour, mean of the images."""
        return fmean(each["colours"][colour] for each in self.measured)

    @property
    def models(self) -> list[Mapping[str, str]]:
        """The models, by name and version, that judged its images, the latest last."""
        return [each["model"] for each in self.opinions]

    def named(self, model: Mapping[str, str]) -> str | None:
        """The class that this model named last, `unknown` where it only abstained; None without its opinion."""
        said = [str(each["top"]) for each in self.opinions if each["model"] == model]
        return next(
            (top for top in reversed(said) if top != LesionClass.UNKNOWN),
            said[-1] if said else None,
        )


Frame = tuple[str, str, int, int]
"""Make and model of the device, width and height of the picture: what one magnification is known by."""


def frame_of(image: Image) -> Frame | None:
    """None where the device is not told: then nothing says that two pictures show skin at one scale."""
    device, intake = image.capture.device, image.intake
    if not device or intake is None:
        return None
    return device["make"], device["model"], intake.width, intake.height


def day_of(image: Image) -> tuple[date, bool]:
    """When it was taken and True; where nobody told, when its slot was opened and False."""
    told = image.capture.taken_on
    return (date.fromisoformat(told), True) if told else (image.created_at.date(), False)


def in_order(images: Iterable[Image]) -> list[Image]:
    """By day; on one day those whose day was told come first, and then as they came."""

    def order(image: Image) -> tuple[date, bool, datetime, str]:
        day, dated = day_of(image)
        return day, not dated, image.created_at, image.image_id

    return sorted(images, key=order)


def visits(images: Sequence[Image]) -> list[Visit]:
    """The visits of images that are in order. Told and untold days are kept apart."""
    return [
        Visit(day, dated, tuple(several)) for (day, dated), several in groupby(images, key=day_of)
    ]


def apart(one: Visit, other: Visit) -> float | None:
    """The distance of the two photographs, one of each visit, that look most alike to the model."""
    pairs = product(*([look(said) for said in visit.opinions] for visit in (one, other)))
    found = [gap for a, b in pairs if (gap := distance(a, b)) is not None]
    return min(found, default=None)


def _mean(several: Iterable[Quantity]) -> Quantity | None:
    """One value of repeats: their mean; its error is theirs or half their range, whichever is more."""
    known = list(several)
    if not known:
        return None
    values = [each.value for each in known]
    spread = (max(values) - min(values)) / 2
    return Quantity(fmean(values), max(fmean(each.error for each in known), spread))
