"""Two patients become one: register and consent first, then lesions and images, run by run."""

from collections.abc import Iterator
from dataclasses import replace

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.model import Image
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.merging.filing import file_under
from chalicelib.merging.model import (
    GOES_ON_AFTER,
    RUN,
    SETTLING,
    Merge,
    What,
    absorbed,
    read_merge,
)
from chalicelib.merging.store import MergeStore
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.patients.items import clinic_order, consent_item, read_patient
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Lesion, Patient
from chalicelib.patients.register import Register
from chalicelib.patients.store import ATTEMPTS, Contended, PatientStore
from chalicelib.platform import keys
from chalicelib.platform.audit import Act
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, ConditionFailed, Item


def records(platform: Platform) -> MergeStore:
    return MergeStore(platform.cases, keys.patient)


def carry_out(platform: Platform, merge: Merge) -> None:
    """Merge from wherever it stands, and move the first lesions and images. Raises `BeingMerged`."""
    store = records(platform)
    duplicate = store.item(merge.duplicate)
    if duplicate is None or duplicate.get("merged_into") != merge.kept:
        due_at = platform.clock.now() + GOES_ON_AFTER
        store.lock(merge, due_at=due_at)
        duplicate = store.item(merge.duplicate)  # frozen now: what is read here stays so
        if duplicate is None:
            raise BeingMerged
        known = read_patient(duplicate)
        for register in _registers(platform, known):
            register.keep(merge.kept, known.sex)
        _absorb(store, merge, duplicate)
        act = Act(merge.by, merge.role, "patient.merged", f"{merge.duplicate} {merge.kept}")
        platform.audit.record(act, request_id=merge.request_id, once=True)
        store.forward(merge, due_at=due_at)
    store.unlock(merge, merge.kept)
    gather(platform, merge.duplicate)


def _registers(platform: Platform, patient: Patient) -> Iterator[Register]:
    """The entry of each code, since a code that stands on a patient is one hash, not a code."""
    return (Register(platform.cases, patient.clinic_id, (mac,)) for mac in sorted(patient.codes))


def _absorb(store: MergeStore, merge: Merge, duplicate: Item) -> None:
    for _ in range(ATTEMPTS):
        item = store.item(merge.kept)
        if item is None or "consent" not in item:
            raise BeingMerged
        kept = read_patient(item)
        after = absorbed(kept, read_patient(duplicate), merge.merged)
        change = Change(
            set={
                "first_visit": after.first_visit.isoformat(),
                "last_visit": after.last_visit.isoformat(),
                "clinic_order": clinic_order(
                    after.last_visit, after.confirmed_at, after.patient_id
                ),
                "consent": consent_item(after.consent),
                "confirmed_at": timestamp(after.confirmed_at),
                "past_consents": [consent_item(consent) for consent in after.past_consents],
            },
            add={"revision": 1, "codes": set(after.codes)},
        )
        try:
            store.absorb(merge, duplicate, change, when=Attr("revision").eq(kept.revision))
        except ConditionFailed as refusal:
            found = refusal.found or {}
            if merge.duplicate in found.get("absorbed", ()):
                return
            if "merging" not in found:
                raise BeingMerged from None
            continue
        return
    raise Contended


def gather(platform: Platform, duplicate_id: str) -> None:
    """Move the lesions and up to `RUN` images of a merged patient; close him when no more can come."""
    store = records(platform)
    duplicate = store.item(duplicate_id)
    if duplicate is None or "merge" not in duplicate:
        return
    now = platform.clock.now()
    merge = read_merge(duplicate["merge"])
    kept = PatientStore(platform.cases).get(duplicate_id)
    moved = _move(platform, kept, merge) if kept is not None else 0
    known = read_patient(duplicate)
    for register in _registers(platform, known):
        register.leave(duplicate_id, known.sex)
    settled = merge.at + SETTLING
    if moved == 0 and now >= settled:
        if kept is not None:  # and not withdrawn meanwhile: then the erasure goes on from here
            _widen(platform, kept)
        store.close(duplicate)
    else:
        store.postpone(duplicate_id, now if moved >= RUN else max(now + GOES_ON_AFTER, settled))


def _move(platform: Platform, kept: Patient, merge: Merge) -> int:
    """Give everything of the duplicate to `kept`; how many things were found."""
    lesions, images = LesionStore(platform.cases), ImageStore(platform.cases)
    change = merge.change(What.PATIENTS_MERGED)
    moved = 0
    for item in _of(platform, merge.duplicate, "lesion#"):
        lesions.refile(item["lesion_id"], was=merge.duplicate, patient=kept, change=change)
        moved += 1
    for item in _of(platform, kept.patient_id, "lesion#"):
        if not kept.codes <= set(item["codes"]):
            lesions.add_codes(item["lesion_id"], kept.codes)
    for item in _of(platform, merge.duplicate, "image#", limit=RUN):
        image = images.get(item["image_id"])  # the index may lag behind
        if image is None or image.patient_id != merge.duplicate:
            continue
        lesion = _lesion_of(lesions, image, kept, merge)
        if lesion is None:
            continue
        try:
            file_under(platform, image, lesion, change)
        except LostStep:
            continue
        moved += 1
    return moved


def _of(platform: Platform, patient_id: str, kind: str, limit: int | None = None) -> list[Item]:
    where = Where("patient_id").eq(patient_id) & Where("patient_order").begins_with(kind)
    if limit is None:
        return platform.cases.query_all(where, index="by_patient")
    return platform.cases.query(where, index="by_patient", limit=limit).items


def _lesion_of(lesions: LesionStore, image: Image, kept: Patient, merge: Merge) -> Lesion | None:
    """The lesion of an image, of the kept patient by now: the index may not have shown it."""
    lesion = lesions.get(image.lesion_id)
    if lesion is not None and lesion.patient_id == merge.duplicate:
        change = merge.change(What.PATIENTS_MERGED)
        lesions.refile(lesion.lesion_id, was=merge.duplicate, patient=kept, change=change)
        return lesions.get(image.lesion_id)
    return lesion


def _widen(platform: Platform, kept: Patient) -> None:
    """Count the visits of surveys that were in flight: their own note of them was refused."""
    store = PatientStore(platform.cases)
    days = [
        survey.answers.examined_on
        for lesion in store.lesions(kept.patient_id)
        for survey in lesion.surveys.values()
    ]
    after = replace(
        kept,
        first_visit=min([kept.first_visit, *days]),
        last_visit=max([kept.last_visit, *days]),
    )
    if after != kept:
        store.replace(kept, after)
