"""The timeline of one lesion: its photographs by day, what changed, how fast, and what to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.images.alerts import Alert, alerts
from chalicelib.images.alignment import Alignment, Appearance, align
from chalicelib.images.appearance import Look, distance, look
from chalicelib.images.changes import Change, Growth, change, growth
from chalicelib.images.lesion_images import newest_of_lesion
from chalicelib.images.model import Image, State
from chalicelib.images.service import View, view
from chalicelib.images.visits import Visit, in_order, visits
from chalicelib.patients import service as patients
from chalicelib.patients.model import Lesion
from chalicelib.people.model import Caller
from chalicelib.platform.runtime import Platform

LATEST: Final = 100
"""How many images of a lesion a timeline shows: those uploaded last."""


@dataclass(frozen=True)
class Entry:
    """One photograph in the timeline."""

    view: View
    alignment: Alignment | None
    """On the reference photograph; None where it cannot be laid there."""
    to_first: float | None
    to_last: float | None
    """How far it looks from the first photograph with an embedding, and from the one before it, to the same model."""


@dataclass(frozen=True)
class Timeline:
    """Everything that the photographs of a lesion say of its course."""

    lesion: Lesion
    entries: list[Entry]
    reference: Image | None
    """The first photograph that shows the whole lesion: others are laid on it."""
    visits: list[Visit]
    since_first: list[Change | None]
    since_last: list[Change | None]
    """Of each visit, against the first and against the one before; None of the first."""
    diameter_growth: Growth | None
    area_growth: Growth | None
    alerts: list[Alert]
    complete: bool
    """Whether no older images are left out."""


def view_timeline(platform: Platform, *, caller: Caller, lesion_id: str) -> Timeline:
    """The timeline of a lesion within the caller's reach. Two calls to AWS; one more for a lesion of another
    clinic, and for each lesion that was merged into it, whose images may still be on their way.

    It shows the `LATEST` images that have a clean picture, phone photographs among them, and measures the
    dermatoscopic ones. Raises `NotFound`.
    """
    lesion = patients.lesion(platform, caller, lesion_id)
    images, complete = _images(platform, lesion)
    return timeline(platform, lesion, images, complete=complete)


def timeline(
    platform: Platform, lesion: Lesion, images: Sequence[Image], *, complete: bool
) -> Timeline:
    """What these images of a lesion say of its course; no call to AWS."""
    shown = in_order(each for each in images if each.intake and each.state is not State.WITHDRAWN)
    days = visits(shown)
    since_first, since_last = _changes(days)
    reference = next((each for each in shown if _appearance(each) is not None), None)
    return Timeline(
        lesion=lesion,
        entries=_entries(platform, shown, reference),
        reference=reference,
        visits=days,
        since_first=since_first,
        since_last=since_last,
        diameter_growth=growth(days, "diameter_mm"),
        area_growth=growth(days, "area_mm2"),
        alerts=_alerts(since_last, since_first),
        complete=complete,
    )


def _changes(days: Sequence[Visit]) -> tuple[list[Change | None], list[Change | None]]:
    """Of each visit that the model has an opinion of, against the first such and the one before."""
    since_first: list[Change | None] = []
    since_last: list[Change | None] = []
    first: Visit | None = None
    before: Visit | None = None
    for visit in days:
        judged = bool(visit.opinions)
        since_first.append(change(first, visit) if judged and first else None)
        since_last.append(change(before, visit) if judged and before else None)
        if judged:
            first, before = first or visit, visit
    return since_first, since_last


def _alerts(
    since_last: Sequence[Change | None], since_first: Sequence[Change | None]
) -> list[Alert]:
    """Of the latest visit that can be compared."""
    for last, first in zip(reversed(since_last), reversed(since_first), strict=True):
        if last is not None and first is not None:
            return alerts(last, first)
    return []


def _images(platform: Platform, lesion: Lesion) -> tuple[list[Image], bool]:
    lesion_ids = [lesion.lesion_id, *(merged.duplicate_id for merged in lesion.merges)]
    found: dict[str, Image] = {}
    complete = True
    for lesion_id in lesion_ids:
        images, all_of_them = newest_of_lesion(
            platform.cases, patient_id=lesion.patient_id, lesion_id=lesion_id, limit=LATEST
        )
        found |= {image.image_id: image for image in images}
        complete = complete and all_of_them
    newest = sorted(found.values(), key=lambda image: image.created_at)[-LATEST:]
    return newest, complete and len(newest) == len(found)


def _entries(platform: Platform, shown: Sequence[Image], reference: Image | None) -> list[Entry]:
    entries: list[Entry] = []
    first: Look | None = None
    before: Look | None = None
    for image in shown:
        seen = look(image.classification)
        entries.append(
            Entry(
                view=view(platform, image),
                alignment=_laid(image, reference),
                to_first=distance(seen, first),
                to_last=distance(seen, before),
            )
        )
        if seen is not None:
            # Another model sees in another space: its own first photograph is the one to compare with.
            first = first if first and first[0] == seen[0] else seen
            before = seen
    return entries


def _laid(image: Image, reference: Image | None) -> Alignment | None:
    ours, theirs = _appearance(image), _appearance(reference) if reference else None
    return align(ours, theirs) if ours and theirs else None


def _appearance(image: Image) -> Appearance | None:
    """None for a photograph that does not show a whole lesion, or was never measured."""
    opinion, intake = image.classification or {}, image.intake
    measurements = opinion.get("measurements")
    if intake is None or measurements is None or measurements["cut"]:
        return None
    return Appearance(
        outline=[(x, y) for x, y in opinion["outline"]],
        width=intake.width,
        height=intake.height,
        spacing_mm=image.capture.pixel_spacing_mm,
        pattern=opinion.get("pattern"),
    )
