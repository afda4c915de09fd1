"""Imported images: nothing made up, nothing twice, and each thing kept where it belongs."""

import json
from typing import Any

import pytest

from chalicelib.images.model import ABANDON_AFTER, Image, State
from chalicelib.images.store import ImageStore
from chalicelib.platform import keys
from tests.asking import ask
from tests.classification.taking_in import queued_messages, run_sweep, take_in
from tests.images.making import states_of, upload
from tests.imports.asking import CURATOR, PHOTO, add_image, images_of, new_import
from tests.world import World


def kept(world: World, image_id: str) -> Image:
    image = ImageStore(world.platform.cases).get(image_id)
    assert image is not None
    return image


def view(image_id: str) -> dict[str, Any]:
    answer = ask("GET", "/v1/images/{image_id}", caller=CURATOR, ids={"image_id": image_id})
    assert answer.status == 200, answer.body
    return dict(answer.body)


def carried_to_its_end(world: World, image_id: str) -> Image:
    """The image after its file came and was classified."""
    version = upload(world, PHOTO, image_id=image_id)
    image = take_in(world, version, image_id)
    assert image is not None
    return image


def test_a_slot_is_answered_as_any_image_slot(world: World) -> None:
    answer = add_image(new_import())
    assert set(answer.body) == {"image_id", "state", "upload"}
    assert set(answer.body["upload"]) == {"url", "fields", "expires_at"}
    assert answer.body["state"] == "awaiting_upload"
    assert answer.body["upload"]["fields"]["key"] == f"uploads/{answer.body['image_id']}"


def test_what_the_archive_did_not_record_stays_null(world: World) -> None:
    import_id = new_import()
    bare = add_image(
        import_id,
        external_lesion_id=None,
        external_patient_id=...,
        survey=None,
        label=None,
    )
    assert bare.status == 201, bare.body
    image = kept(world, bare.body["image_id"])
    assert (image.subject.site, image.subject.age, image.subject.sex) == (None, None, None)
    assert image.label is None
    assert image.source is not None
    assert image.source["survey"] == {}
    lesion = world.platform.cases.get(keys.lesion(image.lesion_id))
    patient = world.platform.cases.get(keys.patient(image.patient_id))
    assert lesion is not None
    assert patient is not None
    assert not {"site", "external_lesion_id"} & set(lesion)
    assert not {"sex", "birth_year", "external_patient_id", "consent"} & set(patient)


@pytest.mark.parametrize(
    ("confirmed_by", "rule", "verification"),
    [
        ("histology", "histology", "high"),
        ("follow_up", "follow_up", "high"),
        ("confocal", "document", "medium"),
        ("consensus", "document", "medium"),
        ("document", "document", "low"),
    ],
)
def test_a_diagnosis_comes_in_as_a_retrospective_label_of_its_level(
    world: World, confirmed_by: str, rule: str, verification: str
) -> None:
    label = {"diagnosis": "nevus", "confirmed_by": confirmed_by}
    image_id = add_image(new_import(), label=label).body["image_id"]
    assert view(image_id)["label"] == {
        "diagnosis": "nevus",
        "rule": rule,
        "verification": verification,
        "retrospective": True,
        "confirmed_by": confirmed_by,
    }


def test_the_same_external_id_never_enters_twice_whatever_the_key(world: World) -> None:
    import_id = new_import()
    first = add_image(import_id, key="k1")
    assert add_image(import_id, key="k1").body == first.body
    assert add_image(import_id, key="k2").body == first.body
    world.clock.advance(minutes=6)
    later = add_image(import_id)
    assert later.body["image_id"] == first.body["image_id"]
    assert later.body["upload"]["expires_at"] > first.body["upload"]["expires_at"]
    assert len(images_of(import_id).body["items"]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "0" * 64},
        {"survey": {"age": 46}},
        {"label": None},
        {"to_labelling": True},
        {"taken_on": "2020-01-01"},
    ],
)
def test_an_image_entered_with_other_data_is_refused(world: World, changes: dict[str, Any]) -> None:
    import_id = new_import()
    add_image(import_id)
    other = add_image(import_id, **changes)
    assert (other.status, other.body["error"]["code"]) == (409, "imported_otherwise")


def test_a_null_field_and_one_left_out_are_the_same_request(world: World) -> None:
    import_id = new_import()
    first = add_image(import_id, survey={"age": 45, "sex": None, "site": "torso"})
    again = add_image(import_id, survey={"age": 45, "site": "torso"})
    assert (again.status, again.body) == (201, first.body)


def test_the_same_id_in_two_imports_is_two_images(world: World) -> None:
    first, second = (add_image(new_import()).body["image_id"] for _ in range(2))
    assert first != second


def test_images_of_one_lesion_share_it_and_lesions_of_one_patient_share_him(world: World) -> None:
    import_id = new_import()

    def entered(image: str, lesion: str | None, patient: str | None) -> Image:
        answer = add_image(
            import_id,
            external_image_id=image,
            external_lesion_id=lesion,
            external_patient_id=patient,
        )
        return kept(world, answer.body["image_id"])

    one, two = entered("1", "a", "p"), entered("2", "a", "p")
    other = entered("3", "b", "p")
    stranger = entered("4", "a", "q")
    unnamed, also = entered("5", "c", None), entered("6", "c", None)
    alone = entered("7", None, None)
    assert one.lesion_id == two.lesion_id != other.lesion_id
    assert one.patient_id == other.patient_id != stranger.patient_id
    assert stranger.lesion_id != one.lesion_id, "a lesion's number counts within its patient"
    assert (unnamed.lesion_id, unnamed.patient_id) == (also.lesion_id, also.patient_id)
    assert len({each.patient_id for each in (one, stranger, unnamed, alone)}) == 4


def test_all_of_a_patient_stands_in_one_index(world: World) -> None:
    from boto3.dynamodb.conditions import Key

    import_id = new_import()
    for image, lesion in (("1", "a"), ("2", "a"), ("3", "b")):
        answer = add_image(import_id, external_image_id=image, external_lesion_id=lesion)
    patient_id = kept(world, answer.body["image_id"]).patient_id
    found = world.platform.cases.query_all(
        Key("patient_id").eq(patient_id) & Key("patient_order").gt("a"), index="by_patient"
    )
    assert sorted(item["sk"] for item in found) == ["image"] * 3 + ["lesion"] * 2


def test_an_imported_image_stays_classified_and_is_never_queued(world: World) -> None:
    image_id = add_image(new_import()).body["image_id"]
    image = carried_to_its_end(world, image_id)
    assert image.state is State.CLASSIFIED
    assert image.classification is not None
    assert queued_messages(world) == []
    world.clock.advance(hours=1)
    assert run_sweep(world) == 0
    assert queued_messages(world) == []
    assert view(image_id)["label"]["diagnosis"] == "melanoma", "classifying keeps the label"


def test_an_image_whose_readers_were_asked_for_is_queued(world: World) -> None:
    image_id = add_image(new_import(), to_labelling=True).body["image_id"]
    carried_to_its_end(world, image_id)
    assert [json.loads(body)["image_id"] for body in queued_messages(world)] == [image_id]


def test_a_macroscopic_image_goes_to_no_reader_even_if_asked(world: World) -> None:
    image_id = add_image(new_import(), kind="macroscopic", to_labelling=True).body["image_id"]
    image = carried_to_its_end(world, image_id)
    assert (image.state, image.classification) == (State.CLASSIFIED, None)
    assert queued_messages(world) == []


def test_a_repetition_after_the_end_is_told_of_it(world: World) -> None:
    import_id = new_import()
    image_id = add_image(import_id).body["image_id"]
    carried_to_its_end(world, image_id)
    again = add_image(import_id)
    assert (again.status, again.body["state"]) == (201, "classified")
    [listed] = images_of(import_id).body["items"]
    assert listed == {
        "image_id": image_id,
        "state": "classified",
        "problem": None,
        "message": None,
    }


def test_an_abandoned_image_is_awaited_again_for_another_day(world: World) -> None:
    import_id = new_import()
    image_id = add_image(import_id).body["image_id"]
    world.clock.advance(minutes=7)
    run_sweep(world)
    world.clock.advance(seconds=ABANDON_AFTER.total_seconds())
    run_sweep(world)
    assert kept(world, image_id).state is State.ABANDONED
    again = add_image(import_id)
    assert (again.status, again.body["state"]) == (201, "awaiting_upload")
    world.clock.advance(minutes=7)
    run_sweep(world)
    assert kept(world, image_id).state is State.AWAITING_UPLOAD, "the day begins anew"
    assert carried_to_its_end(world, image_id).state is State.CLASSIFIED
    assert states_of(kept(world, image_id))[:3] == [
        "awaiting_upload",
        "abandoned",
        "awaiting_upload",
    ]


def test_a_withdrawn_image_does_not_come_back(world: World) -> None:
    import_id = new_import()
    image = kept(world, add_image(import_id).body["image_id"])
    ImageStore(world.platform.cases).step(image, State.WITHDRAWN, now=world.clock.now())
    nothing: dict[str, Any] = {}
    for changes in (nothing, {"label": None}):
        again = add_image(import_id, **changes)
        assert (again.status, again.body["error"]["code"]) == (409, "withdrawn")


def test_external_ids_are_kept_and_answered_to_nobody(world: World) -> None:
    import_id = new_import()
    external = ("atlas-1", "lesion-1", "patient-1")
    answer = add_image(import_id)
    image_id = answer.body["image_id"]
    source = kept(world, image_id).source
    assert source is not None
    assert tuple(source[f"external_{of}_id"] for of in ("image", "lesion", "patient")) == external
    told = repr((answer.body, view(image_id), images_of(import_id).body))
    for secret in external:
        assert secret not in told


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"external_image_id": ...}, "external_image_id"),
        ({"external_image_id": ""}, "external_image_id"),
        ({"external_lesion_id": "a\nb"}, "external_lesion_id"),
        ({"survey": {"site": "elbow"}}, "survey.site"),
        ({"survey": {"age": 121}}, "survey.age"),
        ({"survey": {"family_history": ["none", "parent"]}}, "survey.family_history"),
        ({"survey": {"examined_on": "2027-01-01"}}, "survey.examined_on"),
        ({"survey": {"patient_code": "1"}}, "survey.patient_code"),
        ({"label": {"diagnosis": "nevus"}}, "label.confirmed_by"),
        ({"label": {"diagnosis": "mole", "confirmed_by": "histology"}}, "label.diagnosis"),
        ({"taken_on": "2027-01-01"}, "taken_on"),
        ({"sha256": "abc"}, "sha256"),
    ],
)
def test_wrong_fields_are_named(world: World, changes: dict[str, Any], field: str) -> None:
    answer = add_image(new_import(), **changes)
    assert answer.status == 422
    assert set(answer.body["error"]["fields"]) == {field}
