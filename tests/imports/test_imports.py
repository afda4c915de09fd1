"""Imports over HTTP: opening, listing, budgets of AWS calls, who may."""

import pytest

from tests.asking import as_caller, ask
from tests.imports.asking import (
    CURATOR,
    DOCTOR,
    SOURCE,
    add_image,
    images_of,
    new_import,
    open_import,
)
from tests.world import World


def test_an_import_is_answered_as_it_was_opened(world: World) -> None:
    opened = open_import()
    assert opened.status == 201
    assert {name: opened.body[name] for name in SOURCE} == SOURCE
    viewed = ask(
        "GET",
        "/v1/imports/{import_id}",
        caller=CURATOR,
        ids={"import_id": opened.body["import_id"]},
    )
    assert (viewed.status, viewed.body) == (200, opened.body)


def test_a_repetition_gets_the_same_import_and_another_body_is_refused(world: World) -> None:
    first = open_import(key="k1")
    assert open_import(key="k1").body == first.body
    other = open_import(key="k1", licence="CC0")
    assert (other.status, other.body["error"]["code"]) == (409, "idempotency_conflict")
    assert open_import(key="k2").body["import_id"] != first.body["import_id"]


def test_imports_are_listed_in_pages_the_latest_first(world: World) -> None:
    made = []
    for _ in range(5):
        made.append(new_import())
        world.clock.advance(seconds=1)
    listed, cursor = [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = ask("GET", "/v1/imports", caller=CURATOR, query=query)
        listed += [one["import_id"] for one in page.body["items"]]
        cursor = page.body["next"]
        if cursor is None:
            break
    assert listed == made[::-1]


def test_an_images_slot_takes_at_most_six_calls_to_aws(world: World) -> None:
    import_id = new_import()
    for _ in range(2):
        with world.counted() as calls:
            assert add_image(import_id).status == 201
        assert calls.total() <= 6, calls


def test_listing_an_imports_images_takes_three_calls_however_many_there_are(world: World) -> None:
    import_id = new_import()
    for number in range(7):
        add_image(import_id, external_image_id=f"atlas-{number}")
    with world.counted() as calls:
        page = images_of(import_id, limit="5")
    assert len(page.body["items"]) == 5
    assert calls.total() <= 3, calls
    rest = images_of(import_id, limit="5", cursor=page.body["next"])
    ids = [image["image_id"] for image in page.body["items"] + rest.body["items"]]
    assert len(set(ids)) == 7
    assert rest.body["next"] is None


def test_a_cursor_of_one_imports_images_opens_no_others(world: World) -> None:
    import_id, other = new_import(), new_import()
    for number in range(2):
        add_image(import_id, external_image_id=f"atlas-{number}")
    cursor = images_of(import_id, limit="1").body["next"]
    assert images_of(other, cursor=cursor).status == 422


@pytest.mark.parametrize(
    "role", ["doctor", "expert", "senior_expert", "vendor", "patient", "admin"]
)
def test_nobody_but_a_curator_imports(world: World, role: str) -> None:
    caller = as_caller(role, "somebody", "clinic1")
    import_id = new_import()
    assert open_import(caller=caller).status == 403
    assert add_image(import_id, caller=caller).status == 403
    assert images_of(import_id, caller=caller).status == 403


def test_an_import_that_is_not_there_takes_no_images(world: World) -> None:
    assert add_image("nowhere").status == 404
    assert images_of("nowhere").status == 404


def test_each_act_is_audited_once(world: World) -> None:
    import_id = str(open_import(key="k1").body["import_id"])
    open_import(key="k1")
    image_id = add_image(import_id).body["image_id"]
    add_image(import_id)
    found = world.platform.client("dynamodb").scan(TableName=world.platform.settings.table_audit)
    acts = [(item["act"]["S"], item["on"]["S"]) for item in found["Items"] if "act" in item]
    assert sorted(acts) == [("import.image_slot", image_id), ("import.opened", import_id)]


def test_doctors_reach_nothing_of_an_import(world: World) -> None:
    image_id = add_image(new_import()).body["image_id"]
    view = ask("GET", "/v1/images/{image_id}", caller=CURATOR, ids={"image_id": image_id}).body
    ways = [
        ("GET", "/v1/images/{image_id}", {"image_id": image_id}, None),
        ("POST", "/v1/images/{image_id}/upload", {"image_id": image_id}, None),
        ("GET", "/v1/patients/{patient_id}", {"patient_id": view["patient_id"]}, None),
        (
            "POST",
            "/v1/patients/{patient_id}/lesions",
            {"patient_id": view["patient_id"]},
            {"site": "legs"},
        ),
        (
            "POST",
            "/v1/lesions/{lesion_id}/images",
            {"lesion_id": view["lesion_id"]},
            {"kind": "dermoscopic", "content_type": "image/png", "bytes": 1, "sha256": "0" * 64},
        ),
        (
            "PATCH",
            "/v1/surveys/{survey_id}",
            {"survey_id": f"{view['lesion_id']}.first"},
            {"age": 5},
        ),
    ]
    for method, path, ids, body in ways:
        answer = ask(method, path, caller=DOCTOR, ids=ids, body=body)
        assert answer.status == 404, (method, path, answer.body)
