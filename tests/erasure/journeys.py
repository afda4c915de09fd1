"""Patients and images brought as far as a test wants, and what must be true when they are erased."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from boto3.dynamodb.conditions import Key as Where

from chalicelib.erasure.looks import look
from chalicelib.erasure.store import ErasureLog
from chalicelib.erasure.subjects import MarkedPatient
from chalicelib.labelling import driving
from infra.absence import looked_through
from tests.asking import Answered
from tests.classification.taking_in import run_sweep, take_in
from tests.images.making import upload
from tests.labelling.making import hand_of
from tests.patients.asking import Client
from tests.world import World

_numbers = count(1)


@dataclass(frozen=True)
class Journey:
    """One patient with one lesion and one image."""

    doctor: Client
    patient_id: str
    lesion_id: str
    image_id: str
    data: bytes

    @property
    def world(self) -> World:
        return self.doctor.world

    def withdraw(self, doctor: Client | None = None) -> Answered:
        return withdraw(doctor or self.doctor, self.patient_id)

    def view_image(self) -> Answered:
        return self.doctor.ask("GET", "/v1/images/{image_id}", image_id=self.image_id)

    def take_in(self) -> None:
        take_in(self.world, upload(self.world, self.data, image_id=self.image_id), self.image_id)

    def find_readers(self) -> None:
        driving.assign_case(self.world.platform, self.image_id)


def withdraw(doctor: Client, patient_id: str) -> Answered:
    return doctor.ask("POST", "/v1/patients/{patient_id}/consent/withdraw", patient_id=patient_id)


def open_slot(
    doctor: Client,
    lesion_id: str,
    data: bytes,
    *,
    kind: str = "dermoscopic",
    key: str | None = None,
) -> Answered:
    form = {
        "kind": kind,
        "content_type": "image/jpeg",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return doctor.ask("POST", "/v1/lesions/{lesion_id}/images", form, lesion_id=lesion_id, key=key)


def begin(doctor: Client, data: bytes, *, kind: str = "dermoscopic", **survey: Any) -> Journey:
    """A new patient with a slot that awaits `data`."""
    # Born a day later than those whose codes tests write out, so that no two are the same.
    code = survey.pop("patient_code", f"{next(_numbers):04}30031975")
    entered = doctor.enter(patient_code=code, **survey)
    assert entered.status == 201, entered.body
    slot = open_slot(doctor, entered.body["lesion_id"], data, kind=kind)
    assert slot.status == 201, slot.body
    return Journey(
        doctor,
        patient_id=entered.body["patient_id"],
        lesion_id=entered.body["lesion_id"],
        image_id=slot.body["image_id"],
        data=data,
    )


def settle(world: World) -> None:
    """Let hours pass, with the sweep in them."""
    world.crash_in = None
    for _ in range(4):
        world.clock.advance(minutes=61)
        run_sweep(world)


def look_now(world: World, patient_id: str) -> None:
    """One pass over a marked patient, whatever the time."""
    look(world.platform, MarkedPatient(world.platform, patient_id), trace="t", waiting=False)


def assert_absent(world: World, *patient_ids: str, readers: Sequence[str] = ()) -> None:
    """Nothing readable of the patients is left anywhere, and the audit trail is whole."""
    log = ErasureLog(world.platform.records)
    held = {one.image_id for reader in readers for one in hand_of(world, reader)}
    for patient_id in patient_ids:
        left = {store.name: store.found for store in looked_through(world.platform, patient_id)}
        assert {name: found for name, found in left.items() if found} == {}
        by_patient = world.platform.cases.query_all(
            Where("patient_id").eq(patient_id), index="by_patient"
        )
        assert by_patient == []
        erasure = log.get(patient_id)
        assert erasure is not None
        assert not held & erasure.images
    world.platform.audit.seal()
    assert world.platform.audit.verify() == []


def acts_on(world: World, subject_id: str) -> list[str]:
    """The acts of the audit trail on one id, in order of their names."""
    table = world.platform.settings.table_audit
    rows = world.platform.client("dynamodb").scan(TableName=table)["Items"]
    return sorted(row["act"]["S"] for row in rows if row.get("on", {"S": ""})["S"] == subject_id)
