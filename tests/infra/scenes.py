"""Everything that people do and events bring about, also where something was cut short or came twice.

Each scene drives the functions through their entry points only. What is prepared by hand is what no
function does itself: a file in the bucket, time that passes, a worker that dies.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, Final
from unittest.mock import patch

from chalicelib.images.model import State
from chalicelib.people.model import Role
from chalicelib.platform import keys
from chalicelib.platform.objects import ObjectStore
from tests.asking import Answered, ask
from tests.erasure.journeys import open_slot, withdraw
from tests.images.making import image_of, upload
from tests.imports.asking import SOURCE
from tests.infra.whole_life import Life
from tests.merging.clinic import MISTYPED, OTHER, REASON, entry, two_lesions, two_patients
from tests.patients.asking import Client
from tests.people.issuer import Issuer

CLAIMED: Final = 7
"""How many calls `assign_reader` makes until a reader has a slot, and no assignment yet."""
CLINIC: Final = {"name": {"ru": "Клиника", "en": "Clinic"}, "city": "Орёл"}


def done(answer: Answered) -> Any:
    """The answer's body, of a request that went well."""
    assert answer.status in {200, 201, 204}, answer.body
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
    doctor_id = _account(admin, "doctor", clinic_id=clinic_id)["account_id"]
    _account(admin, "doctor", clinic_id=clinic_id)
    with life.world.crash_after(2):  # the login is made, its account is not
        _account(admin, "expert")
    expert_id = _account(admin, "expert")["account_id"]
    done(admin.ask("GET", "/v1/accounts"))
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


def _account(admin: Client, role: str, *, login: str = "", **more: str) -> Any:
    body = {"login": login or f"the-{role}", "role": role, **more}
    return done(admin.ask("POST", "/v1/accounts", body, key=f"open-{body['login']}"))


def _change(admin: Client, account_id: str, **change: Any) -> Answered:
    return admin.ask("PATCH", "/v1/accounts/{account_id}", change, account_id=account_id)


def readers_are_hired(life: Life) -> None:
    """Enough for every case of the other scenes."""
    for number in range(4):
        login = f"reader-{number}"
        reader = _account(life.admin, "expert", login=login)
        done(_change(life.admin, reader["account_id"], hand_size=100))
    _account(life.admin, "senior_expert")


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
    done(doctor.open_lesion(first["patient_id"], key="lesion", site="torso"))


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


def files_arrive(life: Life) -> None:
    """Whole, twice, in bad form, of nobody, without a version, or beside a worker that died."""
    case = life.classified()
    life.uploaded(case)
    life.arrived("nobody", None)
    unversioned = life.patient()
    upload(life.world, unversioned.data, image_id=unversioned.image_id)
    life.arrived(unversioned.image_id, None)
    life.uploaded(life.patient(b"no photograph"))
    life.classified(kind="macroscopic")
    for calls in range(1, 9):
        left = life.patient()
        with life.world.crash_after(calls):
            life.uploaded(left)
        life.world.clock.advance(minutes=2)
        life.uploaded(left)
    gone = life.patient()
    life.arrived(gone.image_id, "0" * 32)
    assert image_of(life.world, gone.image_id).state is State.REJECTED


def consent_ends_during_the_intake(life: Life, work: Callable[[Any], None] | None = None) -> None:
    """The worker finds at its last step that nothing may stay."""
    case = life.patient()
    with _beside(life, ObjectStore, "put", lambda: done(case.withdraw())):
        (work or life.uploaded)(case)


def images_move_during_the_intake(life: Life) -> None:
    case, other = life.patient(), life.patient(**OTHER, new_patient=True)

    def move() -> None:
        done(life.clinic.move(case.image_id, other.lesion_id))

    with _beside(life, ObjectStore, "put", move):
        life.uploaded(case)
    life.told({"image_id": case.image_id})
    life.sweep(minutes=10)


def cases_find_readers(life: Life) -> None:
    case = life.in_labelling()
    life.told({"image_id": case.image_id}, {"image_id": case.image_id})
    for calls in range(1, 16):
        left = life.classified()
        with life.world.crash_after(calls):
            life.told({"image_id": left.image_id})
        life.told({"image_id": left.image_id})
    for reader in readers_of(life):
        life.told({"reader_id": reader})
        hand = Client(life.world, reader, "", role=Role.EXPERT)
        done(hand.ask("GET", "/v1/labelling/assignments"))


def readers_of(life: Life) -> list[str]:
    answer = done(life.admin.ask("GET", "/v1/accounts", query={"role": "expert", "limit": "100"}))
    return [one["account_id"] for one in answer["items"] if one["state"] == "open"]


def what_is_overdue_is_driven_on(life: Life) -> None:
    """A lost event, a slot nobody used, a dead worker, a lost message, a lease that ended."""
    lost, unused, dead = life.patient(), life.patient(), life.patient()
    upload(life.world, lost.data, image_id=lost.image_id)
    with life.world.crash_after(1):
        life.uploaded(dead)
    unread = life.in_labelling()
    life.sweep(minutes=10)
    life.sweep(minutes=6)
    for case in (lost, dead):
        assert image_of(life.world, case.image_id).state is State.CLASSIFIED
        life.told({"image_id": case.image_id})
    life.sweep(hours=25)
    assert image_of(life.world, unused.image_id).state is State.ABANDONED
    life.sweep(days=4)
    life.sweep(minutes=6)
    assert image_of(life.world, unread.image_id).state is State.IN_LABELLING


def archives_are_imported(life: Life) -> None:
    curator, data = life.curator, life.photo()
    source = done(curator.ask("POST", "/v1/imports", SOURCE, key="archive"))["import_id"]
    done(curator.ask("POST", "/v1/imports", SOURCE, key="archive"))
    done(curator.ask("GET", "/v1/imports"))
    done(curator.ask("GET", "/v1/imports/{import_id}", import_id=source))
    form = {
        **{f"external_{what}_id": f"{what}-1" for what in ("image", "lesion", "patient")},
        "survey": {"age": 45, "sex": None, "site": "torso"},
        "kind": "dermoscopic",
        "content_type": "image/jpeg",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    path = "/v1/imports/{import_id}/images"
    for _ in range(2):
        done(curator.ask("POST", path, form, import_id=source))
    life.sweep(minutes=10)
    life.sweep(hours=25)
    again = done(curator.ask("POST", path, form, import_id=source))
    assert again["state"] == "awaiting_upload"
    done(curator.ask("GET", path, import_id=source))


def images_are_moved(life: Life) -> None:
    """An image in two hands goes to another patient, at once or after a request that died."""
    data = life.photo()
    for calls in (None, 4, 8):
        case, twin = life.in_labelling(data), life.in_labelling(data)
        other = life.patient(**OTHER, new_patient=True)
        if calls is None:
            done(life.clinic.move(case.image_id, other.lesion_id))
            done(life.clinic.move(twin.image_id, case.lesion_id))
            continue
        with life.world.crash_after(calls):
            life.clinic.move(case.image_id, other.lesion_id)
        life.sweep(minutes=10)
    assert image_of(life.world, case.image_id).lesion_id == other.lesion_id


def records_are_merged(life: Life, every: Iterable[int] = (6, 9, 12, 16, 20, 24)) -> None:
    """Two lesions, two patients: at once, and by the sweep after a request that died anywhere."""
    clinic = life.clinic
    for calls in (None, *every):
        kept, twice = two_lesions(clinic)
        one, two = two_patients(clinic)
        for lesion_id in (twice["lesion_id"], two["lesion_id"]):
            clinic.slot(lesion_id)
        if calls is None:
            done(clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]))
            done(clinic.merge_patients(one["patient_id"], two["patient_id"]))
        with life.world.crash_after(calls or 99):
            clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
        with life.world.crash_after(calls or 99):
            clinic.merge_patients(one["patient_id"], two["patient_id"])
        for _ in range(3):
            life.sweep(minutes=10)
        assert done(clinic.doctor.view(two["patient_id"]))["patient_id"] in one["patient_id"]
    assert clinic.unfinished() == []


def patients_are_erased(life: Life) -> None:
    """By the request and by the sweep: with readers, with a worker that died, with a second look."""
    for calls in (None, 8, 14, 20, 30):
        case = life.in_labelling()
        with life.world.crash_after(calls or 99):
            case.withdraw()
        if calls is None:
            life.world.clock.advance(hours=2)
            done(withdraw(life.doctor, case.patient_id))
        for _ in range(3):
            life.sweep(minutes=61)
        done(case.withdraw())


def workers_die_before_an_erasure(life: Life) -> None:
    """One left a thumbnail and no word of it, one gave a slot and no assignment; another eraser is
    just a step ahead, once of the request and once of the sweep."""
    for calls in (None, 3):
        case = life.patient()
        with life.world.crash_after(5):  # both pictures are put, their pixels are not entered
            life.uploaded(case)
        thumbnails = life.world.platform.images.versions(f"thumbnails/{case.image_id}")
        found = list(thumbnails)
        assert len(found) == 1

        def erased(found: Any = found) -> None:
            life.world.platform.images.erase(found)

        with _beside(life, ObjectStore, "metadata", erased):
            with life.world.crash_after(calls or 99):
                case.withdraw()
            life.sweep(minutes=10)
    claimed = life.classified()
    with life.world.crash_after(CLAIMED):
        life.told({"image_id": claimed.image_id})
    done(claimed.withdraw())


def images_are_deleted(life: Life) -> None:
    path, body = "/v1/images/{image_id}", {"reason": "Another patient's"}
    for calls in (None, 5, 12):
        case = life.in_labelling()
        with life.world.crash_after(calls or 99):
            life.doctor.ask("DELETE", path, body, image_id=case.image_id)
        for _ in range(3):
            life.sweep(minutes=61)
    done(life.curator.ask("DELETE", path, body, image_id=case.image_id))


def acts_are_sealed(life: Life) -> None:
    life.seal()
    done(life.doctor.patients())
    with life.world.crash_after(8):
        life.seal()
    life.seal()
    assert life.world.platform.audit.verify() == []


def _beside(life: Life, owner: type, method: str, other: Callable[[], object]) -> Any:
    """Once, before `method` does its work, somebody else does `other`."""
    real, left = getattr(owner, method), [other]

    def overtaken(*given: Any, **named: Any) -> Any:
        if left:
            with life.recorder.by_others():
                left.pop()()
        return real(*given, **named)

    return patch.object(owner, method, overtaken)


SCENES: Final[tuple[Callable[[Life], None], ...]] = (
    strangers_look,
    staff_come_and_go,
    readers_are_hired,
    surveys_are_entered,
    slots_are_opened,
    files_arrive,
    consent_ends_during_the_intake,
    images_move_during_the_intake,
    cases_find_readers,
    what_is_overdue_is_driven_on,
    archives_are_imported,
    images_are_moved,
    records_are_merged,
    patients_are_erased,
    workers_die_before_an_erasure,
    images_are_deleted,
    acts_are_sealed,
)
