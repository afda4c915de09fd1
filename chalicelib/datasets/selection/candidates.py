"""Reading every image that may be chosen: the index of them, and who and where they are of.

Nothing is scanned. 100,000 images take some 150 pages of the index and at most 1,000 reads of each of
patients, lesions and cases, a hundred items a read. In memory a candidate with a full survey takes
1.2 KB, and those being read, `AT_ONCE` at a time, 11 KB each: 100,000 some 180 MB at most.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.model import Access
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection.candidate import (
    OWN_SOURCE,
    PATIENTS_OWN,
    Candidate,
    Consent,
    of_sources,
    suffices,
)
from chalicelib.images.model import State
from chalicelib.images.selectable import each_selectable
from chalicelib.labelling.ballots import Quality
from chalicelib.patients.forwarding import MAX_MERGES
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item, Key, Table

AT_ONCE: Final = 5_000
"""Images whose items are in memory at a time, with those of their patients, lesions and cases."""
_PATIENT: Final = (
    *("patient_id", "consent", "withdrawn_at", "import_id", "merged_into", "absorbed"),
)
_LESION: Final = ("lesion_id", "surveys", "merged_into")
_CASE: Final = ("image_id", "slots")
_IMPORT: Final = ("import_id", "licence", "legal_basis")
_CALLED: Final = {"diagnosis": "clinical_diagnosis"}
_WORST_FIRST: Final = (Quality.UNUSABLE, Quality.POOR, Quality.GOOD)


def load(platform: Platform, plan: Plan) -> list[Candidate]:
    """Every accepted image, with what the plan's criteria ask of it.

    Of images that the plan's kinds and sources leave out, and of those without a label, no survey and
    no reading is read: they are counted, and nothing more. Raises `Unread` when AWS would not answer.
    """
    found, shared, items = list[Candidate](), _Shared(), each_selectable(platform.cases)
    while several := [_compact(item) for item in islice(items, AT_ONCE)]:
        found += _candidates(platform, plan, several, shared)
    return found


def _candidates(
    platform: Platform, plan: Plan, items: Sequence[Item], shared: "_Shared"
) -> list[Candidate]:
    wanted = [item for item in items if _is_wanted(item, plan)]
    patients = _followed(
        platform.cases, keys.patient, (one["patient_id"] for one in items), _PATIENT
    )
    lesions = _followed(
        platform.cases,
        keys.lesion,
        (one["lesion_id"] for one in wanted if "source" not in one),
        _LESION,
    )
    imports = _imports(platform.cases, items)
    quality = _qualities(platform.labelling, wanted)
    told = {one["image_id"] for one in wanted}
    return [
        _candidate(
            item,
            patients.get(item["patient_id"]),
            lesions.get(item["lesion_id"]) if item["image_id"] in told else None,
            imports.get(import_of(item) or ""),
            quality.get(item["image_id"]),
            shared,
        )
        for item in items
    ]


def import_of(item: Mapping[str, Any]) -> str | None:
    """The import that an image came with, from its item."""
    source: Mapping[str, Any] = item.get("source") or {}
    found: str | None = source.get("import_id")
    return found


def consent_of(patient: Item | None, imported: Item | None) -> Consent:
    """What allows to use a patient's images. A patient who is not there allows nothing."""
    if patient is None:
        return Consent.NONE
    if "withdrawn_at" in patient:
        return Consent.WITHDRAWN
    if "import_id" in patient:
        return Consent.LEGAL_BASIS if (imported or {}).get("legal_basis") else Consent.NONE
    consent = patient.get("consent", {})
    if not consent.get("research"):
        return Consent.NONE
    return Consent.PUBLICATION if consent.get("publication") else Consent.RESEARCH


def _compact(item: Item) -> Item:
    """Without what selections do not look at."""
    intake = item.get("intake", {})
    kept = {name: item[name] for name in item if name not in {"pk", "sk", "intake", "source"}}
    kept["intake"] = {name: intake.get(name) for name in ("width", "height", "pixel_hash")}
    if item.get("source"):
        source = item["source"]
        kept["source"] = {"import_id": source["import_id"], "survey": source.get("survey", {})}
    return kept


def _is_wanted(item: Item, plan: Plan) -> bool:
    source = import_of(item) or OWN_SOURCE
    return (
        of_sources(plan.sources, item["clinic_id"], source)
        and item["kind"] in plan.kinds
        and ("label" in item or "look" in item)
    )


def _followed(
    table: Table, key_of: Callable[[str], Key], ids: Iterable[str], only: Sequence[str]
) -> dict[str, Item]:
    """Items by id; of a record that was merged into another, that other one."""
    asked = list(dict.fromkeys(ids))
    found = {item["pk"]: item for item in table.get_many(list(map(key_of, asked)), only=only)}
    for _ in range(MAX_MERGES):
        forwards = {item["merged_into"] for item in found.values() if "merged_into" in item}
        missing = [key_of(one) for one in sorted(forwards) if key_of(one)[0] not in found]
        if not missing:
            break
        found |= {item["pk"]: item for item in table.get_many(missing, only=only)}
    return {one: item for one in asked if (item := _end(found, key_of, one)) is not None}


def _end(found: Mapping[str, Item], key_of: Callable[[str], Key], record_id: str) -> Item | None:
    item = found.get(key_of(record_id)[0])
    for _ in range(MAX_MERGES):
        if item is None or "merged_into" not in item:
            break
        item = found.get(key_of(item["merged_into"])[0])
    return item


def _imports(table: Table, items: Iterable[Item]) -> dict[str, Item]:
    ids = sorted({found for item in items if (found := import_of(item))})
    read = table.get_many([keys.import_(one) for one in ids], only=_IMPORT)
    return {item["import_id"]: item for item in read}


def _qualities(table: Table, items: Iterable[Item]) -> dict[str, str]:
    """The worst that readers said of each image that any of them was given."""
    read = [item["image_id"] for item in items if item["state"] != State.CLASSIFIED.value]
    found = {}
    for case in table.get_many([keys.case(one) for one in read], only=_CASE):
        said = {
            slot["reading"]["quality"]
            for slot in case.get("slots", {}).values()
            if slot.get("final") and "reading" in slot
        }
        worst = next((each.value for each in _WORST_FIRST if each.value in said), None)
        if worst is not None:
            found[case["image_id"]] = worst
    return found


def _candidate(
    item: Item,
    patient: Item | None,
    lesion: Item | None,
    imported: Item | None,
    quality: str | None,
    shared: "_Shared",
) -> Candidate:
    intake, look = item["intake"], item.get("look")
    import_id = import_of(item)
    answers = item["source"]["survey"] if import_id else _answers(lesion, item)
    subject = item.get("subject") or {}
    # The subject is what the image was filed with; the survey may have been corrected since.
    own = {name: shared.value(answers.get(name, subject.get(name))) for name in PATIENTS_OWN}
    patient_id = patient["patient_id"] if patient else item["patient_id"]
    return Candidate(
        image_id=item["image_id"],
        lesion_id=(lesion or item)["lesion_id"],
        patient_id=patient_id,
        clinic_id=shared.value(item["clinic_id"]),
        state=State(item["state"]),
        kind=shared.value(item["kind"]),
        source=shared.value(import_id or OWN_SOURCE),
        licence=imported["licence"] if imported else None,
        consent=consent_of(patient, imported),
        label=shared.value(item.get("label")),
        look=Look(look["look"]) if look else None,
        survey={
            shared.value(_CALLED.get(name, name)): shared.value(answer)
            for name, answer in answers.items()
            if name not in PATIENTS_OWN
        },
        capture={
            shared.value(name): shared.value(told)
            for name, told in (item.get("capture") or {}).items()
        },
        width=intake["width"] or 0,
        height=intake["height"] or 0,
        pixel_hash=intake["pixel_hash"] or "",
        quality=quality,
        former_patients=tuple(sorted((patient or {}).get("absorbed", ()))),
        filed_under=patient_id if patient_id == item["patient_id"] else item["patient_id"],
        **own,
    )


class _Shared:
    """What many images have alike is kept once: items come with strings of their own."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def value(self, value: Any) -> Any:
        """The same value, where one was seen already that one."""
        name = json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value
        return self._kept.setdefault((type(value), name), value)


def _answers(lesion: Item | None, item: Item) -> Mapping[str, Any]:
    """What the survey says that belongs to an image of a clinic: the last one examined by the day it
    was taken, else the first after it; where that day was not told, the latest."""
    surveys = [one["answers"] for one in (lesion or {}).get("surveys", {}).values()]
    if not surveys:
        return {}
    surveys.sort(key=lambda answers: str(answers["examined_on"]))
    taken_on = (item.get("capture") or {}).get("taken_on")
    if taken_on is None:
        return dict(surveys[-1])
    before = [one for one in surveys if one["examined_on"] <= taken_on]
    return dict(before[-1] if before else surveys[0])


def all_allowed(
    platform: Platform, patient_ids: Collection[str], image_ids: Collection[str], access: Access
) -> bool:
    """Whether all these patients allow a release of this access, and all these images are there
    (consistent reads). One call for each hundred patients, and for each hundred images."""
    patients = _followed(platform.cases, keys.patient, patient_ids, _PATIENT)
    # An archive's legal basis does not change; a patient of its may have taken the consent back.
    basis = {"legal_basis": "told"}
    if not all(suffices(consent_of(patients.get(one), basis), access) for one in set(patient_ids)):
        return False
    wanted = [keys.image(one) for one in sorted(set(image_ids))]
    items = platform.cases.get_many(wanted, only=("state",))
    there = [item for item in items if item["state"] != State.WITHDRAWN.value]
    return len(there) == len(wanted)
