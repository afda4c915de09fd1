"""What a patient sees and does of his own moles and photographs, and what he never sees."""

import json
from typing import Any

import pytest

from chalicelib.images.model import State
from chalicelib.images.quota import MOST_OF_A_PATIENT
from chalicelib.images.store import ImageStore
from chalicelib.platform.clock import timestamp
from chalicelib.pocket import service
from tests.classification.taking_in import run_sweep, take_in
from tests.erasure.journeys import open_slot, withdraw
from tests.images.making import image_of, upload
from tests.patients.asking import Client
from tests.pictures import jpeg
from tests.pocket.visiting import COIN, MOLE, Patient, opened

SPOT = {"view": "back", "x": 0.25, "y": 0.5}
SECRETS = ("probabilities", "melanoma", "nevus", "classification", "label", "diagnosis", "reading")


def lesions(patient: Patient) -> list[dict[str, Any]]:
    listed = patient.ask("GET", "/v1/me/lesions")
    assert listed.status == 200, listed.body
    items: list[dict[str, Any]] = listed.body["items"]
    return items


@pytest.fixture
def other(doctor: Client) -> Patient:
    return opened(doctor, doctor.enter(new_patient=True).body["patient_id"])


def test_spots_come_from_doctor_and_patient_and_both_see_them(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    doctor.open_lesion(patient_id, site="legs", spot={"view": "front", "x": 0.5, "y": 0.75})
    own = patient.mark("torso", name="На спине", spot=SPOT)
    seen = {one["lesion_id"]: one for one in doctor.view(patient_id).body["lesions"]}
    assert (seen[own]["spot"], seen[own]["name"]) == (SPOT, "На спине")
    told = {one["site"]: one["spot"] for one in lesions(patient) if one["spot"]}
    assert told == {"legs": {"view": "front", "x": 0.5, "y": 0.75}, "torso": SPOT}
    surveyed = doctor.enter(new_patient=True, spot=SPOT).body
    [lesion] = doctor.view(surveyed["patient_id"]).body["lesions"]
    assert lesion["spot"] == SPOT


def test_a_mole_is_renamed_and_moved_and_what_is_left_out_stays(patient: Patient) -> None:
    lesion_id = patient.mark("torso", name="Первая", spot=SPOT)

    def change(**body: Any) -> dict[str, Any]:
        path = "/v1/me/lesions/{lesion_id}"
        done = patient.ask("PATCH", path, body, lesion_id=lesion_id)
        assert done.status == 200, done.body
        changed: dict[str, Any] = done.body
        return changed

    assert change(name="Вторая")["spot"] == SPOT
    moved = change(spot={**SPOT, "x": 0.3})
    assert (moved["name"], moved["spot"]["x"]) == ("Вторая", 0.3)
    assert change(name=None)["name"] is None
    assert change()["spot"]["x"] == 0.3


@pytest.mark.parametrize(
    "body",
    [
        {"site": "moon"},
        {"site": "legs", "spot": {"view": "inside", "x": 0, "y": 0}},
        {"site": "legs", "spot": {"view": "front", "x": 1.01, "y": 0}},
        {"site": "legs", "spot": {"view": "front", "x": 0}},
        {"site": "legs", "name": "x" * 61},
        {"site": "legs", "name": ""},
        {"site": "legs", "patient_id": "another"},
    ],
)
def test_a_mole_that_cannot_be_is_refused(patient: Patient, body: dict[str, Any]) -> None:
    assert patient.ask("POST", "/v1/me/lesions", body).status == 422


def test_repetitions_make_one_mole_and_one_photograph(patient: Patient) -> None:
    first = patient.ask("POST", "/v1/me/lesions", {"site": "legs"}, key="one")
    assert patient.ask("POST", "/v1/me/lesions", {"site": "legs"}, key="one").body == first.body
    other = patient.ask("POST", "/v1/me/lesions", {"site": "arms"}, key="one")
    assert other.error["code"] == "idempotency_conflict"
    lesion_id, data = first.body["lesion_id"], b"x" * 100
    slot = patient.slot(lesion_id, data, key="two", marks={"mole": MOLE})
    again = patient.slot(lesion_id, data, key="two", marks={"mole": MOLE})
    assert again.body == slot.body
    changed = patient.slot(lesion_id, data, key="two", marks={"mole": MOLE, "scale": COIN})
    assert changed.error["code"] == "idempotency_conflict"


def test_a_photograph_of_a_phone_is_macroscopic_whatever_is_asked(patient: Patient) -> None:
    lesion_id = patient.mark()
    assert patient.slot(lesion_id, b"x" * 100, kind="dermoscopic").status == 422
    image_id = patient.photograph(lesion_id)
    assert image_of(patient.world, image_id).kind == "macroscopic"
    assert image_of(patient.world, image_id).classification is None


def test_a_patient_sees_his_doctors_picture_and_nothing_that_was_said_of_it(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    world, data = doctor.world, jpeg()
    lesion_id = doctor.view(patient_id).body["lesions"][0]["lesion_id"]
    image_id = open_slot(doctor, lesion_id, data).body["image_id"]
    take_in(world, upload(world, data, image_id=image_id), image_id)
    assert image_of(world, image_id).classification is not None
    label = {"diagnosis": "melanoma", "at": timestamp(world.clock.now()), "rule": "two_agree"}
    store, image = ImageStore(world.platform.cases), image_of(world, image_id)
    now = world.clock.now()
    image = store.step(image, State.IN_LABELLING, now=now)
    store.label(image, State.LABELLED, label, now=now)
    path = "/v1/me/images/{image_id}"
    shown = [
        patient.ask("GET", path, image_id=image_id).body,
        lesions(patient),
        patient.ask("GET", "/v1/me/lesions/{lesion_id}/timeline", lesion_id=lesion_id).body,
    ]
    assert shown[0]["urls"]["image"]
    assert shown[0]["state"] == "accepted"
    assert not shown[0]["by_me"]
    for secret in SECRETS:
        assert secret not in json.dumps(shown), secret
    refused = patient.ask("DELETE", path, image_id=image_id)
    assert (refused.status, refused.error["code"]) == (409, "doctors_image")
    assert patient.ask("POST", path + "/upload", image_id=image_id).status == 404


def test_a_patient_deletes_his_own_photograph_and_it_is_gone_for_all(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    lesion_id = patient.mark()
    image_id = patient.photograph(lesion_id)
    path = "/v1/me/images/{image_id}"
    assert patient.ask("DELETE", path, image_id=image_id).status == 204
    assert patient.ask("GET", path, image_id=image_id).status == 404
    assert patient.ask("DELETE", path, image_id=image_id).status == 404
    assert doctor.ask("GET", "/v1/images/{image_id}", image_id=image_id).status == 404
    assert [one["images"] for one in lesions(patient) if one["lesion_id"] == lesion_id] == [[]]
    assert not list(patient.world.platform.images.versions(f"clean/{image_id}"))


def test_foreign_things_and_missing_ones_look_alike(patient: Patient, other: Patient) -> None:
    lesion_id = other.mark()
    image_id = other.photograph(lesion_id)
    asked = [
        ("PATCH", "/v1/me/lesions/{lesion_id}", {"name": "x"}, {"lesion_id": lesion_id}),
        ("GET", "/v1/me/lesions/{lesion_id}/timeline", None, {"lesion_id": lesion_id}),
        ("GET", "/v1/me/images/{image_id}", None, {"image_id": image_id}),
        ("DELETE", "/v1/me/images/{image_id}", None, {"image_id": image_id}),
        ("POST", "/v1/me/images/{image_id}/upload", None, {"image_id": image_id}),
    ]
    for method, path, body, ids in asked:
        foreign = patient.ask(method, path, body, ids=ids)
        missing = patient.ask(method, path, body, ids=dict.fromkeys(ids, "nothing"))
        assert foreign.status == missing.status == 404, path
        assert foreign.error == missing.error, path
    foreign = patient.slot(lesion_id, b"x" * 100)
    assert foreign.status == 404
    assert foreign.error == patient.slot("nothing", b"x" * 100).error
    assert other.ask("GET", "/v1/me/images/{image_id}", image_id=image_id).status == 200


def test_photographs_are_bounded_by_day_and_by_how_many_await_their_files(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesion_id = patient.mark()
    for _ in range(MOST_OF_A_PATIENT):
        assert patient.slot(lesion_id, b"x" * 100).status == 201
    assert patient.slot(lesion_id, b"x" * 100).status == 429
    for hours in (1, 24):  # looked for, and given up
        patient.world.clock.advance(hours=hours)
        run_sweep(patient.world)
    few = service.IMAGES_A_DAY._replace(times=1)
    monkeypatch.setattr(service, "IMAGES_A_DAY", few)
    patient.photograph(lesion_id)
    refused = patient.slot(lesion_id, b"x" * 100)
    assert refused.status == 429
    assert "tomorrow" in refused.error["message"]
    few = service.LESIONS_A_DAY._replace(times=1)
    monkeypatch.setattr(service, "LESIONS_A_DAY", few)
    patient.world.clock.advance(days=1)
    assert patient.ask("POST", "/v1/me/lesions", {"site": "legs"}).status == 201
    assert patient.ask("POST", "/v1/me/lesions", {"site": "legs"}).status == 429


def test_a_form_is_given_anew_until_the_file_has_come(patient: Patient) -> None:
    lesion_id = patient.mark()
    awaited = patient.slot(lesion_id, b"x" * 100).body["image_id"]
    path = "/v1/me/images/{image_id}/upload"
    assert patient.ask("POST", path, image_id=awaited).status == 201
    taken = patient.photograph(lesion_id)
    assert patient.ask("POST", path, image_id=taken).error["code"] == "image_not_awaited"


def test_after_withdrawal_every_own_thing_is_refused_with_the_reason(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    lesion_id = patient.mark()
    withdraw(doctor, patient_id)
    asked = [
        patient.ask("GET", "/v1/me"),
        patient.ask("GET", "/v1/me/lesions"),
        patient.ask("POST", "/v1/me/lesions", {"site": "legs"}),
        patient.slot(lesion_id, b"x" * 100),
        patient.ask("PATCH", "/v1/me/consent", {"publication": False}),
    ]
    assert [one.error["code"] for one in asked] == ["consent_withdrawn"] * len(asked)
    again = patient.ask("POST", "/v1/me/consent/withdraw")
    assert again.status == 200, "asked twice, it answers the same"


def test_each_act_of_a_patient_leaves_a_record(patient: Patient) -> None:
    lesion_id = patient.mark()
    image_id = patient.photograph(lesion_id)
    patient.ask("GET", "/v1/me/images/{image_id}", image_id=image_id)
    patient.ask("DELETE", "/v1/me/images/{image_id}", image_id=image_id)
    himself = Client(patient.world, account_id=patient.account_id, clinic_id="clinic1")
    acts = himself.acts()
    for act in ("image.slot_opened", "image.viewed", "image.deleted"):
        assert (act, image_id) in acts, acts
    assert ("lesion.opened", lesion_id) in acts
