"""The command: what it finds, and what it repeats after a restore."""

from typing import Any

import pytest

from chalicelib.platform.runtime import Platform
from infra import erasure
from infra.absence import items_of, looked_through
from tests import pictures
from tests.erasure.journeys import Journey, acts_on, assert_absent, begin, settle
from tests.images.making import image_of
from tests.labelling.making import hand_of
from tests.patients.asking import Client

PHOTO = pictures.jpeg(pictures.photograph(160, 120))
Snapshot = dict[str, list[dict[str, Any]]]


def tables(platform: Platform) -> tuple[str, str]:
    return platform.settings.table_cases, platform.settings.table_labelling


def snapshot(platform: Platform) -> Snapshot:
    """The items of both tables as DynamoDB keeps them."""
    dynamodb = platform.client("dynamodb")
    return {table: dynamodb.scan(TableName=table)["Items"] for table in tables(platform)}


def restore(platform: Platform, taken: Snapshot) -> None:
    """Both tables as they were when the snapshot was taken; the log's table stays."""
    dynamodb = platform.client("dynamodb")
    for table, items in taken.items():
        for item in dynamodb.scan(TableName=table)["Items"]:
            key = {"pk": item["pk"], "sk": item["sk"]}
            dynamodb.delete_item(TableName=table, Key=key)
        for item in items:
            dynamodb.put_item(TableName=table, Item=item)


def found(platform: Platform, patient_id: str) -> dict[str, list[str]]:
    return {
        store.name: store.found for store in looked_through(platform, patient_id) if store.found
    }


def test_a_patient_who_is_here_is_found_in_every_store_that_has_him(
    doctor: Client, case: Journey, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = doctor.world.platform
    assert erasure.main(["check", case.patient_id], platform) == 1
    assert set(found(platform, case.patient_id)) == {"erasure log", "table cases"}
    case.withdraw()
    printed = capsys.readouterr().out
    assert case.patient_id in printed
    assert "torso" not in printed, "keys and names of attributes only"


def test_what_remains_of_a_withdrawn_patient_is_found_wherever_it_lies(
    doctor: Client, case: Journey
) -> None:
    platform, dynamodb = doctor.world.platform, doctor.world.platform.client("dynamodb")
    before = snapshot(platform)
    case.withdraw()
    settle(doctor.world)
    assert found(platform, case.patient_id) == {}
    platform.images.put(f"clean/{case.image_id}.png", PHOTO, content_type="image/png")
    platform.uploads.put(f"uploads/{case.image_id}", PHOTO, content_type="image/png")
    dynamodb.put_item(
        TableName=platform.settings.table_people,
        Item={"pk": {"S": "x"}, "sk": {"S": "x"}, "note": {"S": f"see {case.lesion_id}"}},
    )
    sqs = platform.client("sqs")
    url = sqs.get_queue_url(QueueName="rodinka-test-labelling-dead")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=f'{{"image_id":"{case.image_id}","sex":"female"}}')
    sqs.send_message(QueueUrl=url, MessageBody=f'{{"image_id":"{case.image_id}"}}')
    for table, items in before.items():
        for item in items:
            dynamodb.put_item(TableName=table, Item=item)
    left = found(platform, case.patient_id)
    assert {name: len(lines) for name, lines in left.items()} == {
        # Patient, lesion, image, register entry, pixels; case and two assignments.
        "table cases": 5,
        "table labelling": 3,
        "table people": 1,
        "bucket uploads": 1,
        "bucket images": 1,
        "queue labelling-dead": 1,
    }


def test_a_restore_is_followed_by_the_same_erasures(
    doctor: Client, readers: list[str], case: Journey, capsys: pytest.CaptureFixture[str]
) -> None:
    world, platform = doctor.world, doctor.world.platform
    other = begin(doctor, PHOTO)
    other.take_in()
    deleted = begin(doctor, PHOTO)
    deleted.take_in()
    before = snapshot(platform)
    case.withdraw()
    doctor.ask("DELETE", "/v1/images/{image_id}", {"reason": "wrong"}, image_id=deleted.image_id)
    settle(world)
    restore(platform, before)
    assert doctor.view(case.patient_id).status == 200, "the restore has brought him back"
    assert [len(hand_of(world, one)) for one in readers] == [1, 1]
    for _ in range(2):  # repeating it changes nothing
        assert erasure.main(["replay"], platform) == 0
        assert_absent(world, case.patient_id, readers=readers)
    assert "2 erasures repeated" in capsys.readouterr().out
    assert doctor.view(case.patient_id).status == 404
    assert deleted.view_image().status == 404
    assert image_of(world, deleted.image_id).deletion is not None
    assert doctor.view(deleted.patient_id).status == 200
    assert other.view_image().body["state"] == "classified"
    assert acts_on(world, case.patient_id).count("patient.erased") == 1
    entries = [item for item in items_of(platform, tables(platform)[0]) if item["sk"] == "pixels"]
    assert [item["images"] for item in entries] == [
        {f"{other.patient_id} {other.lesion_id} {other.image_id}"}
    ]


def test_a_restore_of_the_readers_table_alone_is_cleared_too(
    doctor: Client, readers: list[str], case: Journey
) -> None:
    platform = doctor.world.platform
    before = snapshot(platform)
    case.withdraw()
    settle(doctor.world)
    labelling = platform.settings.table_labelling
    restore(platform, {labelling: before[labelling]})
    erasure.replay(platform)
    assert_absent(doctor.world, case.patient_id, readers=readers)
    assert [hand_of(doctor.world, one) for one in readers] == [[], []]
