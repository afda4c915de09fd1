"""Two lesions become one: the surveys first, then the images, as many runs as it takes."""

from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.store import ImageStore, LostStep
from chalicelib.merging.filing import file_under
from chalicelib.merging.model import (
    GOES_ON_AFTER,
    RUN,
    SETTLING,
    Merge,
    What,
    read_merge,
)
from chalicelib.merging.store import MergeStore
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.platform import keys
from chalicelib.platform.audit import Act
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, ConditionFailed, Item


def records(platform: Platform) -> MergeStore:
    return MergeStore(platform.cases, keys.lesion)


def carry_out(platform: Platform, merge: Merge) -> None:
    """Merge from wherever it stands, and move the first images. Raises `BeingMerged`."""
    store = records(platform)
    duplicate = store.item(merge.duplicate)
    if duplicate is None or duplicate.get("merged_into") != merge.kept:
        due_at = platform.clock.now() + GOES_ON_AFTER
        store.lock(merge, due_at=due_at)
        duplicate = store.item(merge.duplicate)  # frozen now: what is read here stays so
        if duplicate is None:
            raise BeingMerged
        _absorb(store, merge, duplicate)
        act = Act(merge.by, merge.role, "lesion.merged", f"{merge.duplicate} {merge.kept}")
        platform.audit.record(act, request_id=merge.request_id, once=True)
        store.forward(merge, due_at=due_at)
    store.unlock(merge, merge.kept)
    gather(platform, merge.duplicate)


def _absorb(store: MergeStore, merge: Merge, duplicate: Item) -> None:
    kept = store.item(merge.kept) or {}
    surveys = {f"surveys.{suffix}": one for suffix, one in duplicate["surveys"].items()}
    note = duplicate.get("note")
    known = {duplicate["created_by"], *duplicate.get("also_treated_by", ())}
    change = Change(
        set={**surveys, **({"note": _notes(kept.get("note"), note)} if note else {})},
        add={
            "codes": set(duplicate["codes"]),
            "corrections": duplicate["corrections"],
            "also_treated_by": known,
        },
    )
    try:
        store.absorb(merge, duplicate, change)
    except ConditionFailed as refusal:
        if merge.duplicate not in (refusal.found or {}).get("absorbed", ()):
            raise BeingMerged from None


def _notes(kept: str | None, duplicate: str) -> str:
    return f"{kept}\n\n{duplicate}" if kept else duplicate


def gather(platform: Platform, duplicate_id: str) -> None:
    """Move up to `RUN` images of a merged lesion; close it when no more can come."""
    store = records(platform)
    duplicate = store.item(duplicate_id)
    if duplicate is None or "merge" not in duplicate:
        return
    now = platform.clock.now()
    moved = _move(platform, duplicate, read_merge(duplicate["merge"]))
    settled = read_merge(duplicate["merge"]).at + SETTLING
    if moved == 0 and now >= settled:
        store.close(duplicate)
    else:
        store.postpone(duplicate_id, now if moved >= RUN else max(now + GOES_ON_AFTER, settled))


def _move(platform: Platform, duplicate: Item, merge: Merge) -> int:
    kept = LesionStore(platform.cases).get(merge.duplicate)
    if kept is None:
        return 0  # withdrawn meanwhile
    images = ImageStore(platform.cases)
    moved = 0
    for patient_id in sorted({duplicate["patient_id"], kept.patient_id}):
        of_lesion = Where("patient_order").begins_with(f"image#{merge.duplicate}#")
        where = Where("patient_id").eq(patient_id) & of_lesion
        for item in platform.cases.query(where, index="by_patient", limit=RUN).items:
            image = images.get(item["image_id"])  # the index may lag behind
            if image is None or image.lesion_id != merge.duplicate:
                continue
            try:
                file_under(platform, image, kept, merge.change(What.LESIONS_MERGED))
            except LostStep:
                continue
            moved += 1
    return moved
