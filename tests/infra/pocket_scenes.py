"""Patients open accounts, photograph moles and ask; doctors answer, or do not; patients leave, or are merged."""

from unittest.mock import patch

from chalicelib.people.logins import Logins, WeakPassword
from tests.images.making import upload
from tests.infra.daily_scenes import done, refused
from tests.infra.whole_life import Life
from tests.patients.asking import Client
from tests.pocket.visiting import PASSWORD, Patient, give_code, opened, redeem, signed_in


def doctor_of_a_clinic(life: Life) -> Client:
    body = {"name": {"ru": "Поликлиника", "en": "Practice"}, "city": "Орёл"}
    opened_clinic = done(life.admin.ask("POST", "/v1/clinics", body, key="practice"))
    return Client(life.world, "doctor3", opened_clinic["clinic_id"])


def photographed(life: Life, patient: Patient, lesion_id: str) -> str:
    data = life.photo()
    image_id = str(done(patient.slot(lesion_id, data))["image_id"])
    life.arrived(image_id, upload(life.world, data, image_id=image_id))
    return image_id


def asked(life: Life, patient: Patient) -> tuple[str, str, str]:
    """A mole, its photograph and a question about it."""
    lesion_id = done(patient.ask("POST", "/v1/me/lesions", {"site": "legs"}))["lesion_id"]
    image_id = photographed(life, patient, lesion_id)
    question_id = done(patient.question(lesion_id, image_id, key=image_id))["question_id"]
    return lesion_id, image_id, question_id


def codes_are_given(life: Life) -> None:
    """And used, wrongly as well, and by a request that died."""
    doctor = doctor_of_a_clinic(life)
    patient_id = done(doctor.enter())["patient_id"]
    for _ in range(2):
        code = done(give_code(doctor, patient_id, key="one"))["code"]
    assert redeem("what?").status == 422
    with patch.object(Logins, "set_password", side_effect=WeakPassword):
        assert redeem(code).status == 422
    with life.recorder.dies_after(8):
        redeem(code)
    login = done(redeem(code))["login"]
    patient = signed_in(life.world, login)
    done(patient.ask("GET", "/v1/account"))
    done(patient.ask("GET", "/v1/me"))
    for _ in range(2):
        done(patient.ask("PATCH", "/v1/me/consent", {"publication": False}))
    done(redeem(done(give_code(doctor, patient_id))["code"]))


def questions_are_asked(life: Life) -> None:
    """Of own moles; one is answered, read, corrected and read again, of another the clinic is reminded."""
    doctor = doctor_of_a_clinic(life)
    patient = opened(doctor, done(doctor.enter(new_patient=True))["patient_id"])
    lesion_id, image_id, question_id = asked(life, patient)
    done(patient.question(lesion_id, image_id, key=image_id))
    done(patient.ask("PATCH", "/v1/me/lesions/{lesion_id}", {"name": "A"}, lesion_id=lesion_id))
    awaited = done(patient.slot(lesion_id, life.photo()))["image_id"]
    done(patient.ask("POST", "/v1/me/images/{image_id}/upload", image_id=awaited))
    done(patient.ask("GET", "/v1/me/images/{image_id}", image_id=image_id))
    done(patient.ask("GET", "/v1/me/lesions"))
    done(patient.ask("GET", "/v1/me/lesions/{lesion_id}/timeline", lesion_id=lesion_id))
    done(patient.ask("GET", "/v1/me/questions"))
    done(doctor.ask("GET", "/v1/questions"))
    done(doctor.ask("GET", "/v1/questions/templates"))
    done(doctor.ask("GET", "/v1/questions/{question_id}", question_id=question_id))
    life.sweep(minutes=60 * 73)
    advice = {"urgency": "watch", "text": "Photograph it again in a month."}
    path = "/v1/questions/{question_id}/advice"
    done(doctor.ask("POST", path, advice, question_id=question_id))
    refused(doctor.ask("POST", path, advice, question_id=question_id), "answered_already")
    own = "/v1/me/questions/{question_id}"
    done(patient.ask("GET", own, question_id=question_id))
    done(patient.ask("POST", own + "/read", question_id=question_id))
    correction = {"revision": 1, "urgency": "soon"}
    done(doctor.ask("PATCH", path, correction, question_id=question_id))
    refused(
        doctor.ask("PATCH", path, {**correction, "urgency": "urgent"}, question_id=question_id),
        "changed_meanwhile",
    )
    done(patient.ask("POST", own + "/read", query={"revision": "2"}, question_id=question_id))
    done(patient.ask("DELETE", "/v1/me/images/{image_id}", image_id=image_id))


def patients_with_accounts_are_merged(life: Life) -> None:
    """By the request, and by the sweep after one that died; then one of the accounts is ended."""
    doctor = doctor_of_a_clinic(life)
    for calls in (None, 16):
        kept_id, twice_id = (done(doctor.enter(new_patient=True))["patient_id"] for _ in range(2))
        patient = opened(doctor, twice_id)
        life.world.clock.advance(minutes=1)
        opened(doctor, kept_id)
        asked(life, patient)
        body = {"patient_id": kept_id, "duplicate_id": twice_id, "reason": "twice"}
        with life.recorder.dies_after(calls):
            doctor.ask("POST", "/v1/patients/merge", body)
        for _ in range(2):
            life.sweep(minutes=10)
        done(redeem(done(give_code(doctor, kept_id))["code"], PASSWORD))


def patients_with_accounts_leave(life: Life) -> None:
    """By their own word, which the sweep carries out where the request died."""
    doctor = doctor_of_a_clinic(life)
    for calls in (None, 3, 12):
        patient = opened(doctor, done(doctor.enter(new_patient=True))["patient_id"])
        asked(life, patient)
        with life.recorder.dies_after(calls):
            patient.ask("POST", "/v1/me/consent/withdraw")
        for _ in range(3):
            life.sweep(minutes=61)
        assert Logins(life.world.platform).find(patient.login) is None
