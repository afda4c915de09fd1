"""What people do every day, through the entry points of the functions."""

import hashlib
from typing import Any, Final
from unittest.mock import patch

from chalicelib.people.model import Role
from tests.asking import Answered, ask
from tests.erasure.journeys import open_slot
from tests.imports.asking import SOURCE
from tests.infra.whole_life import Life
from tests.patients.asking import Client
from tests.people.issuer import Issuer

CLINIC: Final = {"name": {"ru": "Клиника", "en": "Clinic"}, "city": "Орёл"}


def done(answer: Answered) -> Any:
    """The answer's body, of a request that went well."""
    assert answer.status in {200, 201, 202, 204}, answer.body
    return answer.body


def refused(answer: Answered, code: str) -> None:
    assert answer.status >= 400, answer.body
    assert answer.error["code"] == code


def strangers_look(life: Life) -> None:
    for path in ("/v1/health", "/v1/config", "/v1/openapi.json", "/v1/vocabularies"):
        done(ask("GET", path, caller=None))


def staff_come_and_go(life: Life) -> None:
    admin = life.admin
    clinic_id = done(admin.ask("POST", "/v1/clinics", CLINIC, key="clinic"))["clinic_id"]
    done(admin.ask("POST", "/v1/clinics", CLINIC, key="clinic"))
    done(admin.ask("GET", "/v1/clinics"))
    for closed in (True, False):
        done(_clinic(admin, clinic_id, closed=closed))
    doctor_id = _account(admin, "doctor", clinic_id=clinic_id)["account_id"]
    _account(admin, "doctor", clinic_id=clinic_id)
    with life.recorder.dies_after(2):  # the login is made, its account is not
        _account(admin, "expert")
    expert_id = _account(admin, "expert")["account_id"]
    done(admin.ask("GET", "/v1/accounts"))
    done(admin.ask("GET", "/v1/accounts/{account_id}", account_id=doctor_id))
    done(Client(life.world, doctor_id, clinic_id).ask("GET", "/v1/account"))
    for change in ({"hand_size": 7}, {"state": "closed"}, {"state": "open"}):
        done(_change(admin, expert_id, **change))
    for role in ("admin", "expert"):
        one = _account(admin, role, login=f"another-{role}")["account_id"]
        done(_change(admin, one, role="admin"))
    done(_change(admin, one, role="curator"))
    for what in ("sessions/revoke", "password"):
        done(admin.ask("POST", f"/v1/accounts/{{account_id}}/{what}", account_id=expert_id))
    assert life.sign_in(doctor_id, Issuer())


def _account(admin: Client, role: str, *, login: str = "", **more: Any) -> Any:
    body = {"login": login or f"the-{role}", "role": role, **more}
    return done(admin.ask("POST", "/v1/accounts", body, key=f"open-{body['login']}"))


def _clinic(admin: Client, clinic_id: str, **change: Any) -> Answered:
    return admin.ask("PATCH", "/v1/clinics/{clinic_id}", change, clinic_id=clinic_id)


def _change(admin: Client, account_id: str, **change: Any) -> Answered:
    return admin.ask("PATCH", "/v1/accounts/{account_id}", change, account_id=account_id)


def readers_are_hired(life: Life) -> None:
    """Enough for every case of the other scenes."""
    for number in range(4):
        login = f"reader-{number}"
        reader = _account(life.admin, "expert", login=login)
        done(_change(life.admin, reader["account_id"], hand_size=100))
        _accepts(life, reader["account_id"], Role.EXPERT)
    senior = _account(life.admin, "senior_expert", qualified_since=2005)
    _accepts(life, senior["account_id"], Role.SENIOR_EXPERT)


def _accepts(life: Life, account_id: str, role: Role) -> None:
    """A reader reads the labelling protocol, and accepts it."""
    reader = Client(life.world, account_id, "", role=role)
    version = done(reader.ask("GET", "/v1/labelling/protocol"))["version"]
    done(reader.ask("POST", "/v1/labelling/protocol/accept", {"version": version}))


def readers_of(life: Life) -> list[str]:
    answer = done(life.admin.ask("GET", "/v1/accounts", query={"role": "expert", "limit": "100"}))
    return [one["account_id"] for one in answer["items"] if one["state"] == "open"]


def surveys_are_entered(life: Life) -> None:
    doctor = life.doctor
    first = done(doctor.enter(key="first"))
    done(doctor.enter(key="first"))
    refused(doctor.enter(key="another"), "same_person")
    refused(doctor.enter(key="first", hair="black"), "idempotency_conflict")
    done(doctor.enter(patient_id=first["patient_id"], site="legs"))
    done(doctor.enter(lesion_id=first["lesion_id"], key="again", examined_on="2026-02-01"))
    done(doctor.enter(lesion_id=first["lesion_id"], key="again", examined_on="2026-02-01"))
    # A survey that was refused binds its key to nothing: the next one may have it.
    refused(doctor.enter(lesion_id=first["lesion_id"], key="free", site="legs"), "invalid")
    done(doctor.enter(lesion_id=first["lesion_id"], key="free"))
    for changes in ({"hair": "black"}, {"examined_on": "2026-02-02"}, {"sex": "male"}):
        done(doctor.amend(first["survey_id"], **changes))
    done(doctor.look_up())
    done(doctor.patients())
    done(doctor.view(first["patient_id"]))
    done(doctor.open_lesion(first["patient_id"], key="lesion", site="torso"))
    opened = done(doctor.open_lesion(first["patient_id"], key="lesion", site="torso"))
    done(doctor.ask("PATCH", "/v1/lesions/{lesion_id}", {"note": "x"}, **opened))


def slots_are_opened(life: Life) -> None:
    case = life.patient()
    path = "/v1/images/{image_id}/upload"
    done(life.doctor.ask("POST", path, image_id=case.image_id))
    data = life.photo()
    for _ in range(2):
        done(open_slot(life.doctor, case.lesion_id, data, key="slot"))
    with patch("chalicelib.images.service.MOST_OF_A_DOCTOR", 2):
        refused(open_slot(life.doctor, case.lesion_id, data), "too_many")
    life.uploaded(case)
    done(case.view_image())
    timeline = "/v1/lesions/{lesion_id}/timeline"
    done(life.doctor.ask("GET", timeline, lesion_id=case.lesion_id))


def archives_are_imported(life: Life) -> None:
    curator, data = life.curator, life.photo()
    source = done(curator.ask("POST", "/v1/imports", SOURCE, key="archive"))["import_id"]
    done(curator.ask("POST", "/v1/imports", SOURCE, key="archive"))
    done(curator.ask("GET", "/v1/imports"))
    done(curator.ask("GET", "/v1/imports/{import_id}", import_id=source))
    for _ in range(2):
        archived(life, source, data)
    life.sweep(minutes=10)
    life.sweep(hours=25)
    assert archived(life, source, data)["state"] == "awaiting_upload"
    path = "/v1/imports/{import_id}/images"
    done(curator.ask("GET", path, import_id=source))


def archived(life: Life, source: str, data: bytes, **more: Any) -> Any:
    """The slot of an archive's image."""
    form = {
        **{f"external_{what}_id": f"{what}-1" for what in ("image", "lesion", "patient")},
        "survey": {"age": 45, "sex": None, "site": "torso"},
        "kind": "dermoscopic",
        "content_type": "image/jpeg",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        **more,
    }
    return done(life.curator.ask("POST", "/v1/imports/{import_id}/images", form, import_id=source))
