"""Two patients become one: register, consent and referrals first, then lesions and images, run by
run."""

from collections.abc import Iterator
from dataclasses import replace

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.advice.store import QuestionStore
from chalicelib.histology.store import HistologyStore
from chalicelib.images.model import Image
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.merging.filing import file_under
from chalicelib.merging.model import RUN, Merge, What, absorbed
from chalicelib.merging.steps import Merging
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.patients.items import patient_change, read_patient
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Lesion, Patient
from chalicelib.patients.referral_store import ReferralStore
from chalicelib.patients.register import Register
from chalicelib.patients.store import ATTEMPTS, Contended, PatientStore
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed, Item


class PatientMerging(Merging):
    """Merges patients of one clinic."""

    act = "patient.merged"

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform, keys.patient)

    def absorb(self, merge: Merge, duplicate: Item) -> None:
        known = read_patient(duplicate)
        for register in _registers(self.platform, known):
            register.keep(merge.kept, known.sex)
        for _ in range(ATTEMPTS):
            item = self.store.item(merge.kept)
            if item is None or "consent" not in item:
                raise BeingMerged
            kept = read_patient(item)
            after = absorbed(kept, known, merge.merged)
            change, unchanged = patient_change(after), Attr("revision").eq(kept.revision)
            try:
                self.store.absorb(merge, duplicate, change, when=unchanged)
            except ConditionFailed as refusal:
                found = refusal.found or {}
                if merge.duplicate in found.get("absorbed", ()):
                    return
                if "merging" not in found:
                    raise BeingMerged from None
                continue
            return
        raise Contended

    def move(self, merge: Merge, duplicate: Item) -> int:
        kept = PatientStore(self.platform.cases).get(merge.duplicate)
        moved = self._give(merge, kept) if kept is not None else 0
        known = read_patient(duplicate)
        for register in _registers(self.platform, known):
            register.leave(merge.duplicate, known.sex)
        return moved

    def _give(self, merge: Merge, kept: Patient) -> int:
        """Give everything of the duplicate to `kept`; how many things were found."""
        platform = self.platform
        lesions, images = LesionStore(platform.cases), ImageStore(platform.cases)
        change = merge.change(What.PATIENTS_MERGED)
        moved = 0
        for item in _of(platform, merge.duplicate, "lesion#"):
            lesions.refile(item["lesion_id"], was=merge.duplicate, patient=kept, change=change)
            moved += 1
        moved += self._give_records(merge.duplicate, kept.patient_id)
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

    def _give_records(self, was: str, patient_id: str) -> int:
        """Give the referrals, histology results and questions of `was` to whom he became; how many."""
        platform, moved = self.platform, 0
        for item in _of(platform, was, "referral#"):
            ReferralStore(platform.cases).refile(item, was=was, patient_id=patient_id)
            moved += 1
        for item in _of(platform, was, "histology#"):
            results = HistologyStore(platform.cases)
            results.refile(item["histology_id"], was=was, patient_id=patient_id)
            moved += 1
        for item in _of(platform, was, "question#"):
            questions = QuestionStore(platform.cases)
            questions.refile(item["question_id"], was=was, patient_id=patient_id)
            moved += 1
        return moved

    def settle(self, merge: Merge) -> None:
        kept = PatientStore(self.platform.cases).get(merge.duplicate)
        if kept is not None:  # and not withdrawn meanwhile: then the erasure goes on from here
            _widen(self.platform, kept)


def _registers(platform: Platform, patient: Patient) -> Iterator[Register]:
    """The entry of each code, since a code that stands on a patient is one hash, not a code."""
    return (Register(platform.cases, patient.clinic_id, (mac,)) for mac in sorted(patient.codes))


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
