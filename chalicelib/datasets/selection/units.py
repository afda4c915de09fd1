"""The units of a release in full: with their files, readings, outlines, days and ids of that release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chalicelib.datasets.manifest import Unit
from chalicelib.datasets.selection.candidate import Candidate
from chalicelib.datasets.selection.selected import Selected, Selection
from chalicelib.images.model import State
from chalicelib.labelling.model import Round
from chalicelib.platform import keys
from chalicelib.platform.clock import moment
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

MAX_SHARD: Final = 256_000_000
"""Bytes of one shard of images, at most."""
OF_A_MEMBER: Final = 256
"""Bytes that a zip needs for one file beside the file itself, and more: two headers with its name."""
RELEASED_ANSWERS: Final = (
    *("hair", "mole_count", "family_history", "immunosuppressed", "freckles"),
    *("race", "sunburns", "large_moles", "histology_required"),
)
"""Answers of the survey that a release carries as they are: no date, no free text, no quasi-identifier."""
_IMAGE: Final = (
    *("image_id", "patient_id", "state", "label", "look"),
    *("intake", "created_at", "source"),
)
_CASE: Final = ("image_id", "slots", "outlines")
_TOLD: Final = ("diagnosis", "differential", "confidence", "quality", "seconds")


class Changed(Exception):
    """An image was withdrawn, moved to another patient, labelled or looked at otherwise since it was chosen:
    choose again."""


@dataclass(frozen=True)
class Made:
    """The units in their order, and the bytes of each image, which say what goes into which shard."""

    units: Sequence[Unit]
    sizes: Sequence[int]

    @property
    def shards(self) -> tuple[tuple[int, int], ...]:
        return shards(self.sizes)


def shards(sizes: Sequence[int], most: int = MAX_SHARD) -> tuple[tuple[int, int], ...]:
    """Which units stand in which shard, from and to: consecutive ones whose files take no more than `most`
    bytes together. A single larger file has a shard to itself."""
    cuts, filled = [0], 0
    for number, size in enumerate(sizes):
        needed = size + OF_A_MEMBER
        if filled and filled + needed > most:
            cuts.append(number)
            filled = 0
        filled += needed
    ends = [*cuts[1:], len(sizes)] if sizes else []
    return tuple(zip(cuts, ends, strict=False))


def make(platform: Platform, release_id: str, selection: Selection) -> Made:
    """Read what was left out of the candidates, of those that were chosen (consistent reads).

    One call for each hundred images and for each hundred cases, three more for each hundred cases whose
    outline only its readers have, and one for each image whose size was not noted. Raises `Changed`.
    """
    items = _images(platform, selection.units)
    cases = _cases(platform, selection.units)
    outlines = _outlines(platform, cases)
    days = _days(selection.units, items)
    made = [
        _unit(platform, release_id, one, items[one.image_id], cases, outlines, days)
        for one in selection.units
    ]
    # The ids are random, so this order tells nothing.
    made.sort(key=lambda unit: unit.unit_id)
    return Made(made, [_size(platform, items[unit.image_id]) for unit in made])


def released_id(platform: Platform, release_id: str, kind: str, own_id: str) -> str:
    """The id of a patient, lesion or image in one release; nobody else can tell whose it is."""
    return platform.ids.derived(f"released-{kind}", release_id, own_id)


def _images(platform: Platform, units: Sequence[Selected]) -> dict[str, Item]:
    wanted = [keys.image(one.image_id) for one in units]
    items = {item["image_id"]: item for item in platform.cases.get_many(wanted, only=_IMAGE)}
    for one in units:
        item = items.get(one.image_id)
        if item is None or item["state"] == State.WITHDRAWN.value or "intake" not in item:
            raise Changed(one.image_id)
        look = item.get("look", {}).get("look")
        before = one.candidate.filed_under, one.candidate.label, one.candidate.look
        if (item["patient_id"], item.get("label"), look) != before:
            raise Changed(one.image_id)
    return items


def _cases(platform: Platform, units: Sequence[Selected]) -> dict[str, Item]:
    read = [one.image_id for one in units if one.candidate.state is not State.CLASSIFIED]
    found = platform.labelling.get_many([keys.case(one) for one in read], only=_CASE)
    return {item["image_id"]: item for item in found if "slots" in item}


def _final(case: Item) -> list[tuple[str, Item]]:
    """The slots whose readings nothing changes any more, the senior's last."""
    slots = [
        (account, slot)
        for account, slot in case["slots"].items()
        if slot.get("final") and "reading" in slot
    ]
    return sorted(slots, key=lambda each: (each[1]["round"] != Round.FIRST.value, each[0]))


def _outlines(platform: Platform, cases: Mapping[str, Item]) -> dict[str, Any]:
    """By assignment, what its reader drew, where the case itself holds no outline of both."""
    wanted = [
        keys.assignment(account, slot["assignment_id"])
        for case in cases.values()
        if "merged" not in case.get("outlines", {})
        for account, slot in _final(case)
    ]
    found = platform.labelling.get_many(wanted, only=("assignment_id", "outline"))
    return {item["assignment_id"]: item["outline"] for item in found if item.get("outline")}


def _outline(case: Item | None, drawn: Mapping[str, Any]) -> tuple[tuple[float, float], ...] | None:
    """What the two made together; else the senior's; else the only one. Two that are apart are none."""
    if case is None:
        return None
    points = case.get("outlines", {}).get("merged")
    if points is None:
        own = [
            (slot["round"], drawn[slot["assignment_id"]])
            for _, slot in _final(case)
            if slot["assignment_id"] in drawn
        ]
        if own and (len(own) == 1 or own[-1][0] == Round.ARBITRATION.value):
            points = own[-1][1]
    return tuple((x, y) for x, y in points) if points else None


def _days(units: Sequence[Selected], items: Mapping[str, Item]) -> dict[str, int | None]:
    """By image, days since its patient's first image of this release."""
    taken = {one.image_id: _day(one.candidate, items[one.image_id]) for one in units}
    first: dict[str, date] = {}
    for one in units:
        day = taken[one.image_id]
        if day is not None:
            first[one.patient_id] = min(day, first.get(one.patient_id, day))
    return {
        one.image_id: (day - first[one.patient_id]).days if (day := taken[one.image_id]) else None
        for one in units
    }


def _day(one: Candidate, item: Item) -> date | None:
    """When an image was taken, as far as told; of a clinic's image, else when it was sent. An archive's
    was sent when the archive was."""
    told = (one.capture or {}).get("taken_on")
    if told is None and "source" in item:
        told = (one.survey or {}).get("examined_on")
        if told is None:
            return None
    return date.fromisoformat(told) if told else moment(item["created_at"]).date()


def _unit(
    platform: Platform,
    release_id: str,
    one: Selected,
    item: Item,
    read: Mapping[str, Item],
    outlines: Mapping[str, Any],
    days: Mapping[str, int | None],
) -> Unit:
    intake, case = item["intake"], read.get(one.image_id)
    survey = one.candidate.survey or {}
    return Unit(
        unit_id=released_id(platform, release_id, "unit", one.image_id),
        image_id=one.image_id,
        lesion_id=one.lesion_id,
        patient_id=one.patient_id,
        released_lesion_id=released_id(platform, release_id, "lesion", one.lesion_id),
        released_patient_id=released_id(platform, release_id, "patient", one.patient_id),
        clean_key=intake["clean_key"],
        content_type=intake["content_type"],
        width=intake["width"],
        height=intake["height"],
        pixel_hash=intake["pixel_hash"],
        image_type=one.image_type,
        split=one.split,
        class_key=one.class_key,
        diagnosis=one.diagnosis,
        label=one.label,
        quasi=one.quasi,
        survey={name: survey[name] for name in RELEASED_ANSWERS if name in survey},
        day=days[one.image_id],
        capture=one.capture,
        source=one.source,
        readings=tuple(_readings(platform, release_id, case)) if case else (),
        outline=_outline(case, outlines),
    )


def _readings(platform: Platform, release_id: str, case: Item) -> list[dict[str, Any]]:
    """Without comments, times and accounts; first readings in the order of their readers' aliases."""
    told = [
        {
            "reader": released_id(platform, release_id, "reader", account),
            "round": slot["round"],
            "protocol": slot["protocol"],
            **{name: slot["reading"].get(name) for name in _TOLD},
        }
        for account, slot in _final(case)
    ]
    return sorted(told, key=lambda each: (each["round"] != Round.FIRST.value, each["reader"]))


def _size(platform: Platform, item: Item) -> int:
    """Bytes of the clean image, as the intake noted them; of older images as S3 says."""
    intake = item["intake"]
    noted: int | None = intake.get("bytes")
    if noted is not None:
        return noted
    stored = platform.images.size(intake["clean_key"])
    if stored is None:
        raise Changed(item["image_id"])
    return stored
