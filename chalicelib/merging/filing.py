"""Filing one image under another lesion, and what follows from it.

The image's own write decides. It also marks the image `following` and holds it due, so that the
sweep finishes what a crash left: its entry among images with the same pixels, and its case.
"""

from typing import Any, Final

from chalicelib.histology import spreading as histology
from chalicelib.images.model import (
    Filing,
    Image,
    Kind,
    Shown,
    State,
    Subject,
    nearest_duplicate,
)
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.labelling.driving import follow_image
from chalicelib.patients.model import Lesion
from chalicelib.patients.result_store import ResultStore
from chalicelib.platform.runtime import Platform

ATTEMPTS: Final = 8
MARKED: Final = 20
"""Of how many images with the same pixels it is said anew how near the nearest is."""


def file_under(
    platform: Platform, image: Image, lesion: Lesion, change: dict[str, Any], *, also: str = ""
) -> Image:
    """File `image` under `lesion` of its patient, with `change` in its history, and follow.

    `also` is an account that knows the image by now. Raises `LostStep` when somebody else moved it
    meanwhile, or it is no more.
    """
    images = ImageStore(platform.cases)
    for _ in range(ATTEMPTS):
        filing = Filing(
            lesion_id=lesion.lesion_id,
            patient_id=lesion.patient_id,
            subject=_subject(image, lesion, also),
            change={
                **change,
                "was": {"lesion_id": image.lesion_id, "patient_id": image.patient_id},
            },
        )
        now = platform.clock.now()
        if (result := lesion.confirmed) is not None:
            ResultStore(images.table).stir(result.histology_id, now=now)
        try:
            return follow(platform, images.file(image, filing, now=now))
        except LostStep as lost:
            found = lost.found
            if found is None or (found.lesion_id, found.patient_id) != (
                image.lesion_id,
                image.patient_id,
            ):
                raise
            image = found  # a step of its life came between
    raise LostStep(image)


def follow(platform: Platform, image: Image) -> Image:
    """Finish what follows from the last move of `image`. Doing it again changes nothing more.

    While a worker has the image, nothing can: the worker's own step leaves it due for this.
    """
    images = ImageStore(platform.cases)
    for _ in range(ATTEMPTS):
        if image.following is None or image.state is State.RECEIVED:
            return image
        if image.intake is not None:
            _follow_pixels(PixelIndex(images.table), image, image.intake.pixel_hash)
            if image.kind is Kind.DERMOSCOPIC:
                histology.follow_image(platform, image)
                follow_image(platform, image.image_id)
        try:
            return images.settle(image)
        except LostStep as lost:
            if lost.found is None:
                return image
            image = lost.found
    return image


def _subject(image: Image, lesion: Lesion, also: str) -> Subject:
    """Of the new lesion; who knew the image where it was keeps off it as well."""
    same_patient = lesion.patient_id == image.patient_id
    age = image.subject.age if lesion.age is None and same_patient else lesion.age
    knew = {*image.subject.treated_by, *lesion.treated_by} | ({also} if also else set())
    return Subject(
        site=lesion.site.value,
        age=age,
        sex=lesion.sex.value,
        treated_by=tuple(sorted(knew)),
    )


def _follow_pixels(index: PixelIndex, image: Image, pixel_hash: str) -> None:
    """Enter the image where it is now, and say anew of each marked one how near its nearest is."""
    others = index.refile(image, pixel_hash)
    here = Shown(image.patient_id, image.lesion_id, image.image_id)
    marked = image.intake is not None and image.intake.duplicate is not None
    for one in [*([here] if marked else []), *others[:MARKED]]:
        rest = (shown for shown in [here, *others] if shown.image_id != one.image_id)
        nearest = nearest_duplicate(one, rest)
        if nearest is not None:
            index.mark_duplicate(one.image_id, nearest)
