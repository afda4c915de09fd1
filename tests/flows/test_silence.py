"""Nothing personal is printed: not by good requests, not by hostile ones, on neither stream."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests import pictures
from tests.flows.cases import finished, send_image, slot_form, survey
from tests.flows.staff import new_doctor
from tests.stack import PASSWORD, RunningStack, start_stack

CODE = "555517051961"
NOTE = "tattoo of an anchor beside it"
NAME = "Sidorova"
GUESS = "guessed-Password-9"


@pytest.fixture(scope="module")
def told() -> Iterator[str]:
    """Everything that a stack printed while people worked with it and others attacked it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")  # as much as it ever says
        stack = start_stack("--no-demo", "--tick", "1")
    try:
        tokens = work(stack)
        attack(stack)
    finally:
        assert stack.stop() == 0
    stack.output.reader.join()
    yield "\n".join(stack.output.lines)
    assert tokens


def work(stack: RunningStack) -> list[str]:
    """A survey, a note, two look-ups and an image that names its patient."""
    person = new_doctor(stack)
    doctor = person.client
    form = survey(patient_code=CODE, age=64)
    case = doctor.post("/api/v1/surveys", json=form).json()
    assert doctor.post("/api/v1/surveys", json=form).status_code == 409
    doctor.post("/api/v1/patients/lookup", json={"patient_code": CODE})
    doctor.post("/api/v1/patients/lookup", json={"patient_code": CODE + "0"})
    doctor.post(
        f"/api/v1/patients/{case['patient_id']}/lesions", json={"site": "legs", "note": NOTE}
    )
    image_id = send_image(
        stack,
        doctor,
        case["lesion_id"],
        pictures.jpeg_that_names(NAME),
        "dermoscopic",
        "image/jpeg",
    )
    assert finished(doctor, image_id)["state"] == "in_labelling"
    bad = send_image(
        stack, doctor, case["lesion_id"], NAME.encode() * 9, "macroscopic", "image/jpeg"
    )
    assert finished(doctor, bad)["state"] == "rejected"
    return list(person.tokens.values())


def attack(stack: RunningStack) -> None:
    """The same words where they do not belong: addresses, keys, headers, broken bodies."""
    doctor = stack.sign_in("doctor")
    json_type = {"Content-Type": "application/json"}
    broken = f'{{"patient_code": "{CODE}", "note": "{NOTE}'.encode()
    for body in (broken, broken + b"\xff", b'{"%s": 1}' % CODE.encode(), b"[" * 9000):
        doctor.post("/api/v1/surveys", content=body, headers=json_type)
    for path in (CODE, NAME, f"{CODE}%ff", f"{NAME}%00"):
        doctor.get(f"/api/v1/patients/{path}")
        doctor.get(f"/api/v1/{path}?code={CODE}&cursor={NAME}")
        httpx.get(f"{stack.url}/{path}")
        httpx.get(f"{stack.url}/s3/{path}/{path}")
    doctor.post("/api/v1/surveys", json=survey(sex=NAME, **{CODE: NOTE}))
    doctor.post("/api/v1/surveys", json=survey(), headers={"Idempotency-Key": f"{NAME} {CODE}"})
    doctor.get("/api/v1/patients", headers={"Authorization": f"Bearer {NAME}.{CODE}.x"})
    for password in (GUESS, PASSWORD + GUESS):
        stack.initiate_auth("USER_PASSWORD_AUTH", {"USERNAME": NAME, "PASSWORD": password})
        stack.initiate_auth("USER_PASSWORD_AUTH", {"USERNAME": "doctor", "PASSWORD": password})
    slot = doctor.post("/api/v1/surveys", json=survey()).json()
    form = slot_form(b"x", "image/jpeg", "macroscopic")
    upload = doctor.post(f"/api/v1/lesions/{slot['lesion_id']}/images", json=form).json()["upload"]
    stack.upload(upload | {"fields": upload["fields"] | {"x-amz-meta-name": NAME}}, b"x")
    stack.upload(upload, NAME.encode())


@pytest.mark.parametrize("secret", [CODE, "5555", NOTE, "anchor", NAME, GUESS, "Bearer", "eyJ"])
def test_no_code_note_name_password_or_token_is_printed(told: str, secret: str) -> None:
    assert secret not in told


def test_nothing_like_a_patient_code_is_printed(told: str) -> None:
    assert not re.search(r"\b\d{4}(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d\b", told)


def test_the_log_that_was_searched_is_there(told: str) -> None:
    assert '"message":"refused"' in told
    assert '"message":"not_admitted"' in told


def test_no_failure_of_ours_is_printed(told: str) -> None:
    for word in ("Traceback", '"level":"ERROR"', '"level":"CRITICAL"', "api failed"):
        assert word not in told
