"""Surveys that cannot be right: each is refused with its field's name, and nothing is written."""

import json
from typing import Any

import pytest

from chalicelib.people.model import Role
from tests.patients.asking import SURVEY, Client
from tests.world import World

BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    # Codes: the clock stands at 2 March 2026.
    ({"patient_code": "01022903197"}, "patient_code"),
    ({"patient_code": "0102290319755"}, "patient_code"),
    ({"patient_code": "10229031975"}, "patient_code"),
    ({"patient_code": "0102-29031975"}, "patient_code"),
    ({"patient_code": "٠١٠٢٢٩٠٣١٩٧٥"}, "patient_code"),
    ({"patient_code": "01022903197５"}, "patient_code"),
    ({"patient_code": "010229021900"}, "patient_code"),
    ({"patient_code": "010230021975"}, "patient_code"),
    ({"patient_code": "010200001975"}, "patient_code"),
    ({"patient_code": "010229030000"}, "patient_code"),
    ({"patient_code": "010229032975"}, "patient_code"),
    ({"patient_code": "010204032026"}, "patient_code"),
    ({"patient_code": "010201031905"}, "patient_code"),
    ({"patient_code": "010229031975\x00"}, "patient_code"),
    ({"patient_code": 10229031975}, "patient_code"),
    ({"patient_code": None}, "patient_code"),
    ({"patient_code": ...}, "patient_code"),
    # Consent.
    ({"consent": ...}, "consent"),
    ({"consent": True}, "consent"),
    ({"consent": {"research": False, "publication": True}}, "consent.research"),
    ({"consent": {"research": "true", "publication": True}}, "consent.research"),
    ({"consent": {"research": True}}, "consent.publication"),
    ({"consent": {"research": True, "publication": True, "x": 1}}, "consent.x"),
    # Age and dates.
    ({"age": 48}, "age"),
    ({"age": 52}, "age"),
    ({"age": -1}, "age"),
    ({"age": 121}, "age"),
    ({"age": 50.5}, "age"),
    ({"age": "50"}, "age"),
    ({"age": True}, "age"),
    ({"age": 10**31}, "age"),
    ({"examined_on": "2026-03-04"}, "examined_on"),
    ({"examined_on": "1975-03-28"}, "examined_on"),
    ({"examined_on": "2025-02-29"}, "examined_on"),
    ({"examined_on": "01.03.2026"}, "examined_on"),
    ({"examined_on": 1772323200}, "examined_on"),
    ({"examined_on": "1772323200"}, "examined_on"),
    ({"examined_on": "2026-03-01T00:00:00"}, "examined_on"),
    ({"examined_on": "２026-03-01"}, "examined_on"),
    # Choices.
    ({"sex": "Жен"}, "sex"),
    ({"hair": "red"}, "hair"),
    ({"skin_type": "VII"}, "skin_type"),
    ({"skin_type": 2}, "skin_type"),
    ({"site": "head"}, "site"),
    ({"mole_count": "many"}, "mole_count"),
    ({"race": ""}, "race"),
    ({"large_moles": None}, "large_moles"),
    ({"diagnosis": "cancer"}, "diagnosis"),
    ({"family_history": []}, "family_history"),
    ({"family_history": ["none", "parent"]}, "family_history"),
    ({"family_history": ["parent", "parent"]}, "family_history"),
    ({"family_history": ["none"] * 5}, "family_history"),
    ({"family_history": "none"}, "family_history"),
    ({"family_history": ["uncle"]}, "family_history.0"),
    ({"sunburns": ["pain", "pain"]}, "sunburns"),
    ({"sunburns": ["tan"]}, "sunburns.0"),
    ({"sunburns": None}, "sunburns"),
    ({"immunosuppressed": "no"}, "immunosuppressed"),
    ({"freckles": 1}, "freckles"),
    ({"histology_required": ...}, "histology_required"),
    # Who it is, and what is none of the sender's business.
    ({"lesion_id": "a/b"}, "lesion_id"),
    ({"lesion_id": ""}, "lesion_id"),
    ({"patient_id": "a.b"}, "patient_id"),
    ({"patient_id": "x", "new_patient": True}, "new_patient"),
    ({"lesion_id": "x", "new_patient": True}, "new_patient"),
    ({"role": "admin"}, "role"),
    ({"clinic_id": "clinic2"}, "clinic_id"),
]


@pytest.mark.parametrize(
    ("changes", "field"),
    BAD_FIELDS,
    ids=[f"{i}-{field}" for i, (_, field) in enumerate(BAD_FIELDS)],
)
def test_a_bad_field_is_named_and_nothing_is_written(
    doctor: Client, world: World, changes: dict[str, Any], field: str
) -> None:
    with world.counted() as calls:
        reply = doctor.enter(**changes)
    assert reply.status == 422
    assert set(reply.error["fields"]) == {field}
    assert reply.error["fields"][field].endswith(".")
    assert calls.total() == 0


@pytest.mark.parametrize("name", [name for name in SURVEY if name not in {"diagnosis", "sunburns"}])
def test_every_field_but_two_is_required(doctor: Client, name: str) -> None:
    missing: dict[str, Any] = {name: ...}
    reply = doctor.enter(**missing)
    assert (reply.status, set(reply.error["fields"])) == (422, {name})


def test_diagnosis_and_sunburns_may_be_left_out(doctor: Client) -> None:
    patient_id = doctor.enter(diagnosis=..., sunburns=...).body["patient_id"]
    (survey,) = doctor.view(patient_id).body["surveys"]
    assert (survey["diagnosis"], survey["sunburns"]) == (None, [])


@pytest.mark.parametrize("age", [49, 50, 51])
def test_the_age_may_differ_by_a_year(doctor: Client, age: int) -> None:
    assert doctor.enter(age=age).status == 201


def test_leading_zeros_of_a_code_matter_and_spaces_around_it_do_not(doctor: Client) -> None:
    first = doctor.enter(patient_code="000129031975").body
    assert doctor.enter(patient_code="100129031975").status == 201
    asked = doctor.enter(patient_code=" 000129031975 ")
    assert [one["patient_id"] for one in asked.error["candidates"]] == [first["patient_id"]]


def test_an_examination_of_the_day_that_has_begun_at_the_clinic_is_not_in_the_future(
    doctor: Client, world: World
) -> None:
    world.clock.moment = world.clock.moment.replace(hour=20, minute=59)
    assert doctor.enter(examined_on="2026-03-03").status == 422
    world.clock.advance(minutes=1)
    assert doctor.enter(examined_on="2026-03-03").status == 201


def test_refusals_speak_the_language_asked_for(doctor: Client) -> None:
    russian = Client(doctor.world, doctor.account_id, doctor.clinic_id, language="ru")
    sentence = russian.enter(age=20).error["fields"]["age"]
    assert sentence.startswith("Возраст не согласуется")


TEXT = json.dumps(SURVEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        TEXT.replace("50", "NaN", 1),
        TEXT.replace("50", "9" * 5000, 1),
        TEXT.replace('{"patient_code"', '{"age": 50, "patient_code"', 1),
        TEXT.replace("light_brown", "\\ud800", 1),
    ],
    ids=["nothing", "half", "deep", "nan", "5000 digits", "a key twice", "lone surrogate"],
)
def test_what_is_not_strict_json_is_a_bad_request(doctor: Client, text: str) -> None:
    reply = doctor.ask("POST", "/v1/surveys", text)
    assert (reply.status, reply.error["code"]) == (400, "not_json")


@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_a_body_that_is_no_object_is_refused(doctor: Client, body: Any) -> None:
    reply = doctor.ask("POST", "/v1/surveys", json.dumps(body))
    assert reply.status == 422


def test_the_code_appears_in_no_log(doctor: Client, caplog: pytest.LogCaptureFixture) -> None:
    doctor.enter()
    doctor.enter()
    doctor.enter(patient_code="010230021975")
    doctor.look_up()
    doctor.look_up("999929031975")
    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert "same_person" in logged, "refusals are logged, so this looks at the right place"
    for secret in (doctor.code, "010230021975", "999929031975"):
        assert secret not in logged


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DOCTOR])
def test_only_doctors_meet_patients(doctor: Client, world: World, role: Role) -> None:
    other = Client(world, "somebody", doctor.clinic_id, role=role)
    for reply in (
        other.enter(),
        other.look_up(),
        other.patients(),
        other.view("x"),
        other.amend("x.y", age=50),
        other.open_lesion("x", site="torso"),
    ):
        assert reply.status == 403


def test_a_doctor_without_a_clinic_is_refused(doctor: Client, world: World) -> None:
    homeless = Client(world, "somebody", "")
    assert homeless.enter().status == 403
    assert homeless.look_up().status == 403
    assert homeless.patients().status == 403
    assert homeless.view("x").status == 404
