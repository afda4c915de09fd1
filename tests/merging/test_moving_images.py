"""An image filed under the wrong lesion: where it goes, and what goes with it."""

from typing import Any

import pytest

from chalicelib.images.model import MAX_CHANGES, Kind, State
from chalicelib.images.store import ImageStore
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.table import Change
from tests.images.making import image_of
from tests.merging.clinic import MOVED, OTHER, Clinic, curator, entry
from tests.world import World


def test_an_image_goes_to_the_right_patient_and_says_where_it_was(clinic: Clinic) -> None:
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.classified(wrong["lesion_id"], Kind.MACROSCOPIC)
    before = clinic.view(image_id)
    answer = clinic.move(image_id, right["lesion_id"])
    assert answer.status == 200
    assert (answer.body["lesion_id"], answer.body["patient_id"]) == (
        right["lesion_id"],
        right["patient_id"],
    )
    assert answer.body["changes"] == [
        {
            "at": timestamp(clinic.world.clock.now()),
            "by": clinic.doctor.account_id,
            "what": "moved",
            "was": {"lesion_id": wrong["lesion_id"], "patient_id": wrong["patient_id"]},
            "reason": MOVED,
        }
    ]
    after = clinic.view(image_id)
    changed = {"lesion_id", "patient_id", "changes", "urls"}
    assert {k: v for k, v in after.items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }
    assert clinic.shown(wrong["patient_id"]) == {wrong["lesion_id"]: set()}
    assert clinic.shown(right["patient_id"]) == {right["lesion_id"]: {image_id}}
    subject = image_of(clinic.world, image_id).subject
    assert (subject.site, subject.age, subject.sex) == ("legs", 46, "male")
    assert clinic.pixels(image_id) == {entry(clinic, image_id)}
    assert clinic.unfinished() == []


@pytest.mark.parametrize("repeats", [1, 3])
def test_the_same_request_again_changes_nothing_more(clinic: Clinic, repeats: int) -> None:
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.classified(wrong["lesion_id"])
    first = clinic.move(image_id, right["lesion_id"])
    item = clinic.world.platform.cases.get(keys.image(image_id))
    for _ in range(repeats):
        again = clinic.move(image_id, right["lesion_id"])
        assert (again.status, again.body["changes"]) == (200, first.body["changes"])
    assert clinic.world.platform.cases.get(keys.image(image_id)) == item
    moves = [on for act, on in clinic.doctor.acts() if act == "image.moved"]
    assert moves == [f"{image_id} {wrong['lesion_id']} {right['lesion_id']} 1"]


def test_every_move_of_one_image_to_and_fro_is_recorded(clinic: Clinic) -> None:
    one, two = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.slot(one["lesion_id"])
    for target in (two, one, two):
        assert clinic.move(image_id, target["lesion_id"]).status == 200
    assert len(clinic.view(image_id)["changes"]) == 3
    assert len([act for act, _ in clinic.doctor.acts() if act == "image.moved"]) == 3


def test_to_the_lesion_where_it_is_nothing_changes(clinic: Clinic) -> None:
    case = clinic.patient()
    image_id = clinic.slot(case["lesion_id"])
    answer = clinic.move(image_id, case["lesion_id"])
    assert (answer.status, answer.body["changes"]) == (200, [])
    assert ("image.viewed", image_id) in clinic.doctor.acts()


@pytest.mark.parametrize(
    ("made", "calls"), [("slot", 4), ("macroscopic", 7), ("dermoscopic", 8), ("received", 4)]
)
def test_moving_an_image_without_a_case_makes_few_calls(
    clinic: Clinic, made: str, calls: int
) -> None:
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = {
        "slot": lambda: clinic.slot(wrong["lesion_id"]),
        "received": lambda: clinic.received(wrong["lesion_id"]),
        "macroscopic": lambda: clinic.classified(wrong["lesion_id"], Kind.MACROSCOPIC),
        "dermoscopic": lambda: clinic.classified(wrong["lesion_id"]),
    }[made]()
    with clinic.world.counted() as counted:
        assert clinic.move(image_id, right["lesion_id"]).status == 200
    assert counted.total() <= calls, counted


@pytest.mark.parametrize("which", ["image", "lesion", "foreign image", "foreign lesion"])
def test_a_foreign_and_a_missing_record_answer_alike(clinic: Clinic, which: str) -> None:
    case, other = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.slot(case["lesion_id"])
    stranger = Clinic(clinic.world, clinic.doctor.stranger())
    theirs = stranger.patient()
    before = image_of(clinic.world, image_id)
    answer = {
        "image": lambda: clinic.move("nothing", other["lesion_id"]),
        "lesion": lambda: clinic.move(image_id, "nothing"),
        "foreign image": lambda: stranger.move(image_id, theirs["lesion_id"]),
        "foreign lesion": lambda: clinic.move(image_id, theirs["lesion_id"]),
    }[which]()
    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert image_of(clinic.world, image_id) == before


def test_a_curator_moves_images_of_any_clinic_but_not_across_clinics(clinic: Clinic) -> None:
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.slot(wrong["lesion_id"])
    assert clinic.move(image_id, right["lesion_id"], by=curator(clinic)).status == 200
    theirs = Clinic(clinic.world, clinic.doctor.stranger()).patient()
    answer = clinic.move(image_id, theirs["lesion_id"], by=curator(clinic))
    assert (answer.status, set(answer.error["fields"])) == (422, {"lesion_id"})


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": " "},
        {"reason": "x" * 501},
        {"reason": ...},
        {"lesion_id": ...},
        {"lesion_id": "a b"},
        {"patient_id": "p"},
    ],
)
def test_a_wrong_field_is_named(clinic: Clinic, changes: dict[str, Any]) -> None:
    image_id = clinic.slot(clinic.patient()["lesion_id"])
    body = {"lesion_id": "lesion1", "reason": MOVED} | changes
    body = {name: value for name, value in body.items() if value is not ...}
    answer = clinic.doctor.ask("PATCH", "/v1/images/{image_id}", body, image_id=image_id)
    assert (answer.status, set(answer.error["fields"])) == (422, set(changes))


def test_a_withdrawn_image_is_not_moved(clinic: Clinic) -> None:
    case, other = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.slot(case["lesion_id"])
    images = ImageStore(clinic.world.platform.cases)
    images.step(image_of(clinic.world, image_id), State.WITHDRAWN, now=clinic.world.clock.now())
    assert clinic.move(image_id, other["lesion_id"]).status == 404


def test_an_image_moved_without_end_is_refused(clinic: Clinic) -> None:
    case, other = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.slot(case["lesion_id"])
    change = {"at": "", "by": "", "what": "moved", "was": {}, "reason": ""}
    clinic.world.platform.cases.update(
        keys.image(image_id), Change(set={"changes": [change] * MAX_CHANGES})
    )
    answer = clinic.move(image_id, other["lesion_id"])
    assert (answer.status, answer.error["code"]) == (409, "too_many_changes")


def test_no_reason_stands_in_the_audit_trail(clinic: Clinic, world: World) -> None:
    case, other = clinic.patient(), clinic.patient(**OTHER)
    clinic.move(clinic.slot(case["lesion_id"]), other["lesion_id"], reason="SECRET WORD")
    rows = world.platform._dynamodb.scan(TableName=world.platform.settings.table_audit)["Items"]
    assert rows
    assert "SECRET WORD" not in repr(rows)
