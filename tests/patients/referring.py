"""Two clinics, and what their doctors do about a patient whom one refers to the other."""

import hashlib
from dataclasses import dataclass
from typing import Any

from chalicelib.patients import referring
from chalicelib.people import service as people
from chalicelib.platform.clock import timestamp
from chalicelib.platform.language import Text
from chalicelib.sweep import sweep
from tests.asking import Answered
from tests.patients.asking import Client
from tests.world import World

PHOTO = b"a photograph"


def treat(doctor: Client, lesion_id: str, key: str | None = None, **changes: Any) -> Answered:
    """POST a treatment with changes; a change to `...` leaves the field out."""
    form = {"what": "cryotherapy", "done_on": "2026-02-20", **changes}
    body = {name: value for name, value in form.items() if value is not ...}
    path = "/v1/lesions/{lesion_id}/treatments"
    return doctor.ask("POST", path, body, key=key, lesion_id=lesion_id)


def amend(doctor: Client, treatment_id: str, /, **changes: Any) -> Answered:
    path = "/v1/treatments/{treatment_id}"
    return doctor.ask("PATCH", path, changes, treatment_id=treatment_id)


def treatments(doctor: Client, lesion_id: str, **query: str) -> Answered:
    path = "/v1/lesions/{lesion_id}/treatments"
    return doctor.ask("GET", path, query=query, lesion_id=lesion_id)


def timeline(doctor: Client, lesion_id: str) -> Answered:
    return doctor.ask("GET", "/v1/lesions/{lesion_id}/timeline", lesion_id=lesion_id)


def slot(doctor: Client, lesion_id: str, key: str | None = None) -> Answered:
    form = {
        "kind": "macroscopic",
        "content_type": "image/jpeg",
        "bytes": len(PHOTO),
        "sha256": hashlib.sha256(PHOTO).hexdigest(),
    }
    return doctor.ask("POST", "/v1/lesions/{lesion_id}/images", form, key=key, lesion_id=lesion_id)


def view_image(doctor: Client, image_id: str) -> Answered:
    return doctor.ask("GET", "/v1/images/{image_id}", image_id=image_id)


def run_sweep(world: World, **later: float) -> None:
    """One run of the sweep after so much time."""

    def no_model() -> None:
        raise AssertionError("no image is waiting for the model here")

    world.clock.advance(**later)
    sweep(world.platform, no_model, trace="sweep")  # type: ignore[arg-type]


@dataclass(frozen=True)
class TwoClinics:
    """`home` is a doctor of the patient's clinic, `away` one of the clinic that he is referred to."""

    home: Client
    away: Client

    @property
    def world(self) -> World:
        return self.home.world

    def offer(self, patient_id: str, key: str | None = None, **changes: Any) -> Answered:
        form = {"clinic_id": self.away.clinic_id, "consent": True, **changes}
        body = {name: value for name, value in form.items() if value is not ...}
        path = "/v1/patients/{patient_id}/referrals"
        return self.home.ask("POST", path, body, key=key, patient_id=patient_id)

    def offered(self, patient_id: str, **changes: Any) -> str:
        answer = self.offer(patient_id, **changes)
        assert answer.status == 201, answer.body
        return str(answer.body["referral_id"])

    def accept(self, referral_id: str, by: Client | None = None) -> Answered:
        path = "/v1/referrals/{referral_id}/accept"
        return (by or self.away).ask("POST", path, referral_id=referral_id)

    def end(self, referral_id: str, by: Client | None = None, reason: str = "Done") -> Answered:
        path = "/v1/referrals/{referral_id}/end"
        body = {"reason": reason}
        return (by or self.home).ask("POST", path, body, referral_id=referral_id)

    def accepted(self, patient_id: str, **changes: Any) -> str:
        """The id of a referral that the other clinic has taken."""
        referral_id = self.offered(patient_id, **changes)
        answer = self.accept(referral_id)
        assert answer.status == 200, answer.body
        return referral_id

    def incoming(self, **query: str) -> list[dict[str, Any]]:
        return listed(self.away, "in", **query)

    def outgoing(self, **query: str) -> list[dict[str, Any]]:
        return listed(self.home, "out", **query)

    def entries(self) -> set[tuple[str, str]]:
        """The entries of referrals in the table: which list, and whether it is due."""
        return {(row["sk"], "due" if "due_at" in row else "") for row in self._rows()}

    def drive_on(self, **later: float) -> None:
        """What the sweep does after so much time with what is overdue of these clinics."""
        self.world.clock.advance(**later)
        for row in self._rows():
            if row.get("due_at", "9") <= timestamp(self.world.clock.now()):
                referring.drive_on(self.world.platform, row, trace="sweep")

    def _rows(self) -> list[dict[str, Any]]:
        rows = self.world.platform._dynamodb.scan(
            TableName=self.world.platform.settings.table_cases,
            FilterExpression="begins_with(pk, :referral) AND from_clinic IN (:one, :two)",
            ExpressionAttributeValues={
                ":referral": {"S": "referral#"},
                ":one": {"S": self.home.clinic_id},
                ":two": {"S": self.away.clinic_id},
            },
        )["Items"]
        return [{name: next(iter(value.values())) for name, value in row.items()} for row in rows]


def listed(doctor: Client, direction: str, **query: str) -> list[dict[str, Any]]:
    answer = doctor.ask("GET", "/v1/referrals", query={"direction": direction, **query})
    assert answer.status == 200, answer.body
    return list(answer.body["items"])


def two_clinics(home: Client) -> TwoClinics:
    """The doctor's clinic and another one, both open."""
    away = home.stranger()
    for doctor in (home, away):
        name = Text(f"Клиника {doctor.clinic_id}", f"Clinic {doctor.clinic_id}")
        people.open_clinic(home.world.platform, name=name, city="Орёл", clinic_id=doctor.clinic_id)
    return TwoClinics(home, away)
