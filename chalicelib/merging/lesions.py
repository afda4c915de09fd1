"""Two lesions become one: surveys and treatments first, then the images, as many runs as it takes."""

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.store import ImageStore, LostStep
from chalicelib.merging.filing import file_under
from chalicelib.merging.model import RUN, Merge, What
from chalicelib.merging.steps import Merging
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.result_store import ResultStore, absorbed
from chalicelib.patients.treatment_store import TreatmentStore
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, ConditionFailed, Item


class LesionMerging(Merging):
    """Merges lesions of one patient."""

    act = "lesion.merged"

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform, keys.lesion)

    def absorb(self, merge: Merge, duplicate: Item) -> None:
        kept = self.store.item(merge.kept) or {}
        surveys = {f"surveys.{suffix}": one for suffix, one in duplicate["surveys"].items()}
        treated = duplicate.get("treatments", {})
        treatments = {f"treatments.{suffix}": one for suffix, one in treated.items()}
        if treatments and "treatments" not in kept:
            TreatmentStore(LesionStore(self.platform.cases)).make_room(merge.kept)
        note = duplicate.get("note")
        known = {duplicate["created_by"], *duplicate.get("also_treated_by", ())}
        results, waits = absorbed(kept, duplicate, at=merge.at)
        change = Change(
            set={
                **surveys,
                **treatments,
                **results,
                **({"note": _notes(kept.get("note"), note)} if note else {}),
            },
            set_once=waits
            | {name: duplicate[name] for name in ("name", "spot") if name in duplicate},
            add={
                "codes": set(duplicate["codes"]),
                "corrections": duplicate["corrections"],
                "amendments": duplicate.get("amendments", 0),
                "also_treated_by": known,
            },
        )
        try:
            # Results are weighed against those seen on the kept lesion.
            as_seen = Attr("writer").eq(kept.get("writer")) if results else None
            self.store.absorb(merge, duplicate, change, when=as_seen)
        except ConditionFailed as refusal:
            if merge.duplicate not in (refusal.found or {}).get("absorbed", ()):
                raise BeingMerged from None

    def move(self, merge: Merge, duplicate: Item) -> int:
        cases = self.platform.cases
        kept = LesionStore(cases).get(merge.duplicate)
        if kept is None:
            return 0  # withdrawn meanwhile
        if kept.confirmed is not None:
            now = self.platform.clock.now()
            ResultStore(cases).stir(kept.confirmed.histology_id, now=now)
        images = ImageStore(cases)
        moved = 0
        for patient_id in sorted({duplicate["patient_id"], kept.patient_id}):
            of_lesion = Where("patient_order").begins_with(f"image#{merge.duplicate}#")
            where = Where("patient_id").eq(patient_id) & of_lesion
            for item in cases.query(where, index="by_patient", limit=RUN).items:
                image = images.get(item["image_id"])  # the index may lag behind
                if image is None or image.lesion_id != merge.duplicate:
                    continue
                try:
                    file_under(self.platform, image, kept, merge.change(What.LESIONS_MERGED))
                except LostStep:
                    continue
                moved += 1
        return moved


def _notes(kept: str | None, duplicate: str) -> str:
    return f"{kept}\n\n{duplicate}" if kept else duplicate
