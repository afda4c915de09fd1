"""Looking up, listing and viewing patients, and opening lesions."""

from typing import Any

import pytest

from chalicelib.images.model import Capture, Declared, Image, Kind, State, Subject
from chalicelib.images.store import ImageStore
from chalicelib.patients import service
from chalicelib.patients.service import LATEST_IMAGES
from chalicelib.platform.errors import NotFound
from tests.patients.asking import Client
from tests.world import World, caller


def test_a_code_finds_the_patient_of_ones_own_clinic(doctor: Client, stranger: Client) -> None:
    patient_id = doctor.enter().body["patient_id"]
    assert doctor.look_up().body == {"patient_id": patient_id}
    assert stranger.look_up().status == 404
    assert doctor.look_up("999929031975").error == stranger.look_up().error
    assert ("patient.looked_up", patient_id) in doctor.acts()
    assert ("patient.looked_up_in_vain", stranger.clinic_id) in stranger.acts()


def test_a_code_of_several_patients_shows_them(doctor: Client) -> None:
    entered = [doctor.enter(), doctor.enter(new_patient=True), doctor.enter(sex="male")]
    reply = doctor.look_up()
    assert (reply.status, reply.error["code"]) == (409, "same_person")
    assert {(one["patient_id"], one["sex"]) for one in reply.error["candidates"]} == {
        (one.body["patient_id"], sex)
        for one, sex in zip(entered, ("female", "female", "male"), strict=True)
    }


def test_look_ups_are_limited_in_rate(doctor: Client, colleague: Client, world: World) -> None:
    doctor.enter()
    statuses = [doctor.look_up().status for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert int(doctor.look_up().headers["Retry-After"]) > 0
    assert colleague.look_up().status == 200
    world.clock.advance(hours=1)
    assert doctor.look_up().status == 200


def test_what_is_no_code_is_refused_before_it_counts(doctor: Client, world: World) -> None:
    with world.counted() as calls:
        reply = doctor.look_up("2903")
    assert (reply.status, set(reply.error["fields"])) == (422, {"patient_code"})
    assert calls.total() == 0


def test_the_list_has_the_last_seen_first_page_by_page(doctor: Client, world: World) -> None:
    days = ["2026-02-10", "2026-03-01", "2025-12-24", "2026-01-05", "2026-02-28"]
    by_day = {}
    for number, day in enumerate(days):
        world.clock.advance(minutes=1)
        entered = doctor.enter(patient_code=f"{number:04}29031975", examined_on=day)
        by_day[day] = entered.body["patient_id"]
    listed: list[dict[str, Any]] = []
    query = {"limit": "2"}
    for _ in range(3):
        page = doctor.patients(**query).body
        listed += page["items"]
        query["cursor"] = page["next"]
    assert page["next"] is None
    assert [one["last_visit"] for one in listed] == sorted(days, reverse=True)
    assert [one["patient_id"] for one in listed] == [by_day[d] for d in sorted(days, reverse=True)]
    assert set(listed[0]) == {
        "patient_id", "sex", "birth_year", "first_visit", "last_visit", "referred"
    }  # fmt: skip
    assert not any(one["referred"] for one in listed)


def test_of_those_seen_on_one_day_the_one_entered_last_comes_first(
    doctor: Client, world: World
) -> None:
    entered = []
    for number in range(3):
        world.clock.advance(minutes=1)
        entered.append(doctor.enter(patient_code=f"{number:04}29031975").body["patient_id"])
    assert [one["patient_id"] for one in doctor.patients().body["items"]] == entered[::-1]


def test_another_clinics_list_and_cursor_are_not_ours(doctor: Client, stranger: Client) -> None:
    for number in range(2):
        doctor.enter(patient_code=f"{number:04}29031975")
    cursor = doctor.patients(limit="1").body["next"]
    assert stranger.patients().body == {"items": [], "next": None}
    reply = stranger.patients(cursor=cursor)
    assert (reply.status, set(reply.error["fields"])) == (422, {"cursor"})
    assert doctor.patients(cursor=cursor[:-1]).status == 422
    assert doctor.patients(limit="201").status == 422


def test_a_foreign_patient_and_a_random_one_answer_alike(doctor: Client, stranger: Client) -> None:
    patient_id = doctor.enter().body["patient_id"]
    for ask in (
        stranger.view,
        lambda one: stranger.open_lesion(one, site="torso"),
    ):
        foreign, random = ask(patient_id), ask("nothing")
        assert foreign.status == random.status == 404
        assert foreign.body == random.body
    assert [act for act, _ in stranger.acts()] == []


def test_reading_costs_three_calls_and_leaves_a_record(doctor: Client, world: World) -> None:
    patient_id = doctor.enter().body["patient_id"]
    with world.counted() as calls:
        assert doctor.view(patient_id).status == 200
    assert calls.total() == 3, calls
    with world.counted() as calls:
        assert doctor.patients().status == 200
    assert calls.total() == 2, calls
    assert ("patient.viewed", patient_id) in doctor.acts()
    assert ("patients.listed", doctor.clinic_id) in doctor.acts()


def test_a_lesion_is_opened_once_per_key_in_three_calls(doctor: Client, world: World) -> None:
    patient_id = doctor.enter().body["patient_id"]
    world.clock.advance(minutes=1)
    with world.counted() as calls:
        first = doctor.open_lesion(patient_id, key="k", site="legs", note="Левая голень")
    assert first.status == 201
    assert calls.total() == 3, calls
    again = doctor.open_lesion(patient_id, key="k", site="legs", note="Левая голень")
    assert (again.status, again.body) == (201, first.body)
    other = doctor.open_lesion(patient_id, key="k", site="legs")
    assert (other.status, other.error["code"]) == (409, "idempotency_conflict")
    lesions = doctor.view(patient_id).body["lesions"]
    assert [(one["site"], one["note"]) for one in lesions] == [
        ("torso", None),
        ("legs", "Левая голень"),
    ]
    assert doctor.acts().count(("lesion.opened", first.body["lesion_id"])) == 1


def test_a_key_of_one_patients_lesion_is_refused_for_anothers(doctor: Client) -> None:
    one = doctor.enter().body["patient_id"]
    other = doctor.enter(patient_code="555529031975").body["patient_id"]
    assert doctor.open_lesion(one, key="k", site="legs").status == 201
    assert doctor.open_lesion(other, key="k", site="legs").status == 409


def test_a_lesion_opened_without_a_survey_takes_one_later(doctor: Client) -> None:
    patient_id = doctor.enter().body["patient_id"]
    lesion_id = doctor.open_lesion(patient_id, site="legs").body["lesion_id"]
    reply = doctor.enter(lesion_id=lesion_id, site="legs")
    assert reply.status == 201
    assert reply.body["patient_id"] == patient_id


def test_a_lesion_is_placed_on_the_body_later_and_what_is_left_out_stays(
    doctor: Client, world: World
) -> None:
    patient_id = doctor.enter().body["patient_id"]
    lesion_id = doctor.open_lesion(patient_id, site="legs", note="Левая голень").body["lesion_id"]

    def change(**body: Any) -> dict[str, Any]:
        done = doctor.ask("PATCH", "/v1/lesions/{lesion_id}", body, lesion_id=lesion_id)
        assert done.status == 200, done.body
        changed: dict[str, Any] = done.body
        return changed

    spot = {"view": "front", "x": 0.4, "y": 0.8}
    with world.counted() as calls:
        placed = change(spot=spot)
    assert calls.total() == 3, calls
    assert placed == {"lesion_id": lesion_id, "spot": spot, "note": "Левая голень"}
    assert change(note="Правая голень")["spot"] == spot
    assert change(note="", spot=None) == {"lesion_id": lesion_id, "spot": None, "note": None}
    assert ("lesion.changed", lesion_id) in doctor.acts()


def test_only_the_lesions_own_clinic_changes_it(doctor: Client, stranger: Client) -> None:
    lesion_id = doctor.enter().body["lesion_id"]
    path, body = "/v1/lesions/{lesion_id}", {"note": "x"}
    assert stranger.ask("PATCH", path, body, lesion_id=lesion_id).status == 404
    assert doctor.ask("PATCH", path, {"site": "legs"}, lesion_id=lesion_id).status == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "site"),
        ({"site": "tail"}, "site"),
        ({"site": "legs", "note": "я" * 2001}, "note"),
        ({"site": "legs", "patient_id": "x"}, "patient_id"),
    ],
)
def test_a_bad_lesion_names_the_field(doctor: Client, body: dict[str, Any], field: str) -> None:
    patient_id = doctor.enter().body["patient_id"]
    reply = doctor.open_lesion(patient_id, **body)
    assert (reply.status, set(reply.error["fields"])) == (422, {field})


def test_a_patient_shows_each_lesions_latest_images(doctor: Client, world: World) -> None:
    entered = doctor.enter().body
    images = ImageStore(world.platform.cases)
    for number in range(LATEST_IMAGES + 2):
        world.clock.advance(minutes=1)
        images.create(
            _image(doctor, world, f"{doctor.clinic_id}n{number}", entered),
            due_at=world.clock.now(),
        )
    newest = images.get(f"{doctor.clinic_id}n{LATEST_IMAGES + 1}")
    assert newest is not None
    received = images.step(newest, State.RECEIVED, now=world.clock.now(), due_at=world.clock.now())
    images.step(
        received,
        State.CLASSIFIED,
        now=world.clock.now(),
        values={"classification": {"top": "melanoma", "abstained": False}},
    )
    (lesion,) = doctor.view(entered["patient_id"]).body["lesions"]
    shown = lesion["images"]
    assert [one["image_id"] for one in shown] == [
        f"{doctor.clinic_id}n{number}" for number in range(LATEST_IMAGES + 1, 1, -1)
    ]
    assert shown[0]["state"] == "classified"
    assert (shown[0]["top"], shown[0]["label"]) == ("melanoma", None)
    assert (shown[1]["top"], shown[1]["taken_on"]) == (None, "2026-03-01")


def test_the_images_part_reads_a_lesion_in_one_call(doctor: Client, world: World) -> None:
    entered = doctor.enter(age=51).body
    mine = caller(account_id=doctor.account_id, clinic_id=doctor.clinic_id)
    with world.counted() as calls:
        lesion = service.lesion(world.platform, mine, entered["lesion_id"])
    assert calls.total() == 1
    assert lesion.patient_id == entered["patient_id"]
    assert lesion.treated_by == (doctor.account_id,)
    assert (lesion.site, lesion.sex, lesion.age) == ("torso", "female", 51)
    bare_id = doctor.open_lesion(entered["patient_id"], site="legs").body["lesion_id"]
    assert service.lesion(world.platform, mine, bare_id).age is None
    for lesion_id, someone in (
        (entered["lesion_id"], caller(clinic_id="elsewhere")),
        ("nothing", mine),
    ):
        with pytest.raises(NotFound):
            service.lesion(world.platform, someone, lesion_id)


def _image(doctor: Client, world: World, image_id: str, entered: dict[str, str]) -> Image:
    return Image(
        image_id=image_id,
        lesion_id=entered["lesion_id"],
        patient_id=entered["patient_id"],
        clinic_id=doctor.clinic_id,
        uploaded_by=doctor.account_id,
        kind=Kind.DERMOSCOPIC,
        state=State.AWAITING_UPLOAD,
        created_at=world.clock.now(),
        declared=Declared(content_type="image/jpeg", bytes=1, sha256="0" * 64),
        subject=Subject(site="torso", age=50, sex="female"),
        capture=Capture(taken_on="2026-03-01"),
        fingerprint="",
        history=(),
    )
