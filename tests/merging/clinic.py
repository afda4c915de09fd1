"""A clinic with patients, lesions and images, and what its doctor does about mistakes."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.images.model import Kind, State
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.selectable import selectable
from chalicelib.images.store import ImageStore
from chalicelib.labelling import driving
from chalicelib.people.model import Role
from chalicelib.platform import keys
from chalicelib.sweep import sweep
from tests.asking import Answered
from tests.images.making import image_of
from tests.labelling.making import PHOTO, taken_in
from tests.patients.asking import Client
from tests.world import World

REASON = "Entered twice at the reception"
MOVED = "Wrong lesion chosen"
OTHER = {"patient_code": "555501021980", "age": 46, "sex": "male", "site": "legs"}
"""A survey of somebody else, elsewhere on the skin."""
MISTYPED = "999929031975"
"""The code of the same person with other last digits of the SNILS."""


def run_sweep(world: World, times: int = 1) -> None:
    """So many runs of the sweep, ten minutes apart: nothing unfinished is due later than that."""

    def no_model() -> None:
        raise AssertionError("no image is waiting for the model here")

    for _ in range(times):
        world.clock.advance(minutes=10)
        sweep(world.platform, no_model, trace="sweep")  # type: ignore[arg-type]


@dataclass(frozen=True)
class Clinic:
    """What a doctor of one clinic does over HTTP."""

    world: World
    doctor: Client

    def patient(self, **survey: Any) -> dict[str, str]:
        """A new patient with a lesion and its survey: their ids."""
        answer = self.doctor.enter(new_patient=True, **survey)
        assert answer.status == 201, answer.body
        return dict(answer.body)

    def lesion(self, patient_id: str, site: str = "torso") -> str:
        answer = self.doctor.open_lesion(patient_id, site=site)
        assert answer.status == 201, answer.body
        return str(answer.body["lesion_id"])

    def slot(self, lesion_id: str, kind: Kind = Kind.DERMOSCOPIC) -> str:
        """A new image of a lesion, awaited; its id."""
        form = {
            "kind": kind.value,
            "content_type": "image/jpeg",
            "bytes": len(PHOTO),
            "sha256": hashlib.sha256(PHOTO).hexdigest(),
        }
        path = "/v1/lesions/{lesion_id}/images"
        answer = self.doctor.ask("POST", path, form, lesion_id=lesion_id)
        assert answer.status == 201, answer.body
        return str(answer.body["image_id"])

    def received(self, lesion_id: str, kind: Kind = Kind.DERMOSCOPIC) -> str:
        """An image that a worker has in hand; its id."""
        image_id, now = self.slot(lesion_id, kind), self.world.clock.now()
        until = now + timedelta(seconds=90)
        ImageStore(self.world.platform.cases).pin(image_id, "v1", now=now, until=until)
        return image_id

    def classified(self, lesion_id: str, kind: Kind = Kind.DERMOSCOPIC, *, pixels: str = "") -> str:
        """An image as `classify` leaves it, of its own pixels or of those named; its id."""
        image_id = self.received(lesion_id, kind)
        self.accept(image_id, pixels=pixels)
        return image_id

    def accept(self, image_id: str, *, pixels: str = "", duplicate: str | None = None) -> None:
        """What the worker does last."""
        images, now = ImageStore(self.world.platform.cases), self.world.clock.now()
        image = image_of(self.world, image_id)
        digest = pixels or hashlib.sha256(image_id.encode()).hexdigest()
        PixelIndex(images.table).enter(image, digest)
        intake = taken_in(self.world, image_id, digest, duplicate)
        opinion = {
            "model": {"name": "rodinka", "version": "1.0.0"},
            "probabilities": {"melanoma": 0.2, "nevus": 0.8},
            "top": "nevus",
            "abstained": False,
        }
        to_readers = image.kind is Kind.DERMOSCOPIC
        images.step(
            image,
            State.CLASSIFIED,
            now=now,
            values={
                "intake": vars(intake),
                **selectable(image_id),
                **({"classification": opinion} if to_readers else {}),
            },
            remove=["lease_until"],
            due_at=now + timedelta(minutes=5) if to_readers else None,
        )

    def in_labelling(self, lesion_id: str) -> str:
        """A classified image that found its readers; its id."""
        image_id = self.classified(lesion_id)
        driving.assign_case(self.world.platform, image_id)
        return image_id

    def move(
        self, image_id: str, lesion_id: str, *, by: Client | None = None, reason: str = MOVED
    ) -> Answered:
        body = {"lesion_id": lesion_id, "reason": reason}
        return (by or self.doctor).ask("PATCH", "/v1/images/{image_id}", body, image_id=image_id)

    def merge_lesions(
        self, lesion_id: str, duplicate_id: str, *, by: Client | None = None, reason: str = REASON
    ) -> Answered:
        body = {"lesion_id": lesion_id, "duplicate_id": duplicate_id, "reason": reason}
        return (by or self.doctor).ask("POST", "/v1/lesions/merge", body)

    def merge_patients(
        self, patient_id: str, duplicate_id: str, *, by: Client | None = None, reason: str = REASON
    ) -> Answered:
        body = {"patient_id": patient_id, "duplicate_id": duplicate_id, "reason": reason}
        return (by or self.doctor).ask("POST", "/v1/patients/merge", body)

    def view(self, image_id: str) -> dict[str, Any]:
        answer = self.doctor.ask("GET", "/v1/images/{image_id}", image_id=image_id)
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def filed(self, image_id: str) -> tuple[str, str]:
        """The patient and lesion that an image is filed under."""
        image = image_of(self.world, image_id)
        return image.patient_id, image.lesion_id

    def shown(self, patient_id: str) -> dict[str, set[str]]:
        """A patient's page: the images of each lesion."""
        answer = self.doctor.view(patient_id)
        assert answer.status == 200, answer.body
        return {
            lesion["lesion_id"]: {image["image_id"] for image in lesion["images"]}
            for lesion in answer.body["lesions"]
        }

    def pixels(self, image_id: str) -> set[str]:
        """The entries among images with the same pixels."""
        intake = image_of(self.world, image_id).intake
        assert intake is not None
        item = self.world.platform.cases.get(keys.pixels(intake.pixel_hash))
        return set((item or {}).get("images", ()))

    def unfinished(self) -> list[str]:
        """What of the clinic is still being moved or merged."""
        rows = [row for kind in ("patient", "lesion", "image") for row in self._rows(kind)]
        return [
            row["pk"]
            for row in rows
            if row.get("clinic_id") == self.doctor.clinic_id
            and {"merging", "frozen", "following", "merge"} & set(row)
        ]

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        every = self.world.platform._dynamodb.scan(
            TableName=self.world.platform.settings.table_cases,
            FilterExpression="sk = :kind",
            ExpressionAttributeValues={":kind": {"S": kind}},
        )["Items"]
        return [{name: next(iter(value.values())) for name, value in row.items()} for row in every]


def curator(clinic: Clinic) -> Client:
    return Client(clinic.world, "curator1", "", role=Role.CURATOR)


def two_patients(clinic: Clinic, **second: Any) -> tuple[dict[str, str], dict[str, str]]:
    """One person entered twice, the second time under a mistyped code: the ids of both."""
    kept = clinic.patient()
    clinic.world.clock.advance(minutes=1)
    return kept, clinic.patient(**{"patient_code": MISTYPED, **second})


def entry(clinic: Clinic, image_id: str) -> str:
    return " ".join((*clinic.filed(image_id), image_id))


def two_lesions(clinic: Clinic) -> tuple[dict[str, str], dict[str, str]]:
    """A patient whose one lesion was entered twice, each with a survey: the ids of both."""
    kept = clinic.patient()
    answer = clinic.doctor.enter(patient_id=kept["patient_id"], examined_on="2026-02-01")
    assert answer.status == 201, answer.body
    return kept, dict(answer.body)
