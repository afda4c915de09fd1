"""From an upload to its end: what is kept, what is refused, what is flagged."""

import math
from pathlib import Path

import pytest
from PIL import Image

from chalicelib.classification import service
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import SHIPPED, NoSuchModel, active_model_file
from chalicelib.images.model import Kind, State, upload_key
from chalicelib.images.problems import Problem
from chalicelib.images.store import ImageStore
from chalicelib.platform import keys
from tests import pictures
from tests.classification.taking_in import (
    PHOTO,
    no_model,
    queued_messages,
    run_sweep,
    stored_keys,
    take_in,
)
from tests.images.making import awaited_image, image_of, states_of, upload
from tests.inference.lesions import Lesion
from tests.inference.models import fixed_model, write_card
from tests.world import World


def test_a_dermoscopic_image_ends_classified_with_nine_probabilities_and_is_queued(
    world: World,
) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, PHOTO))
    image = image_of(world)
    assert states_of(image) == ["awaiting_upload", "received", "classified"]
    assert image.classification is not None
    probabilities = image.classification["probabilities"]
    assert len(probabilities) == 9
    assert sum(probabilities.values()) == pytest.approx(1)
    assert image.classification["model"]["name"] == "rodinka"
    assert queued_messages(world) == ['{"image_id":"image1"}']
    assert stored_keys(world) == {"clean/image1.jpg", "thumbnails/image1.jpg"}


def test_a_lesion_is_measured_in_millimetres_only_where_the_scale_was_told(
    world: World, tmp_path: Path
) -> None:
    drawn = Lesion(long=100, short=80)
    data = pictures.jpeg(Image.fromarray(drawn.pixels(450, 600)))
    fixed_model(tmp_path / "m.onnx", [0.9, *[0.1 / 7] * 7], outline=drawn.map())
    write_card(tmp_path / "m.onnx")
    model = Classifier.load(tmp_path / "m.onnx")
    found = []
    for image_id, spacing in (("scaled", 0.02), ("unscaled", None)):
        awaited_image(world, data, image_id=image_id, spacing_mm=spacing)
        key, version = upload_key(image_id), upload(world, data, image_id=image_id)
        service.take_in(world.platform, lambda: model, key=key, version=version, trace="t")
        found.append(image_of(world, image_id).classification or {})
    scaled, unscaled = (each["measurements"] for each in found)
    assert scaled["diameter_mm"]["value"] == pytest.approx(4.0, rel=0.03)
    assert scaled["area_mm2"]["value"] == pytest.approx(math.pi * 2 * 1.6, rel=0.03)
    same = {name: scaled[name] for name in scaled if name not in {"diameter_mm", "area_mm2"}}
    assert unscaled == same
    assert isinstance(found[0]["pattern"], bytes)


def test_classify_makes_at_most_eight_calls_to_aws(world: World) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    with world.counted() as calls:
        take_in(world, version)
    assert calls.total() <= 8, calls


def test_a_phone_photograph_is_cleaned_and_never_shown_to_the_model(world: World) -> None:
    data = pictures.png()
    awaited_image(world, data, kind=Kind.MACROSCOPIC, content_type="image/png")
    version = upload(world, data)
    service.take_in(
        world.platform, no_model, key=upload_key("image1"), version=version, trace="trace"
    )
    image = image_of(world)
    assert image.state is State.CLASSIFIED
    assert image.classification is None
    assert queued_messages(world) == []
    world.clock.advance(days=30)
    assert run_sweep(world) == 0, "nothing remains to be done"


def test_a_clean_image_holds_nothing_of_what_was_written_into_the_file(world: World) -> None:
    data = pictures.jpeg_that_names()
    awaited_image(world, data)
    take_in(world, upload(world, data))
    for key in stored_keys(world):
        stored = world.platform.images.get(key)
        assert stored is not None
        assert pictures.SECRET.encode() not in stored.data


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (PHOTO[: len(PHOTO) // 2], Problem.TRUNCATED),
        (pictures.square_bomb(), Problem.WRONG_TYPE),
        (b"%PDF-1.7 not an image", Problem.WRONG_TYPE),
    ],
)
def test_a_bad_image_ends_rejected_with_its_reason(
    world: World, data: bytes, problem: Problem
) -> None:
    awaited_image(world, data)
    take_in(world, upload(world, data))
    image = image_of(world)
    assert image.state is State.REJECTED
    assert image.problem == problem
    assert stored_keys(world) == set()
    world.clock.advance(days=2)
    assert run_sweep(world) == 0, "a rejected image is finished"


def test_bytes_other_than_declared_are_rejected(world: World) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, pictures.jpeg(pictures.photograph(seed=9))))
    assert image_of(world).problem in {Problem.HASH_MISMATCH, Problem.WRONG_SIZE}


@pytest.mark.parametrize(
    ("lesion_id", "patient_id", "expected"),
    [
        ("lesion1", "patient1", "same_lesion"),
        ("lesion2", "patient1", "same_patient"),
        ("lesion3", "patient2", "another_patient"),
    ],
)
def test_the_same_pixels_are_flagged_even_under_other_metadata(
    world: World, lesion_id: str, patient_id: str, expected: str
) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, PHOTO))
    twin = pictures.with_segments(PHOTO, pictures.segment(0xFE, b"another comment"))
    awaited_image(world, twin, image_id="image2", lesion_id=lesion_id, patient_id=patient_id)
    take_in(world, upload(world, twin, image_id="image2"), "image2")
    first, second = image_of(world).intake, image_of(world, "image2").intake
    assert first is not None
    assert second is not None
    assert (first.duplicate, second.duplicate) == (None, expected)


def test_each_end_leaves_one_audit_record(world: World) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    for _ in range(3):
        take_in(world, version)
    audit = world.platform.settings.table_audit
    items = world.platform.client("dynamodb").scan(TableName=audit)["Items"]
    assert [item["act"]["S"] for item in items] == ["image.classified"]


def test_the_shipped_model_answers_until_another_is_active(world: World) -> None:
    assert active_model_file(world.platform).name == f"{SHIPPED}.onnx"
    world.platform.catalogue.insert(keys.active_model(), {"file": "../../etc/passwd"})
    with pytest.raises(NoSuchModel):
        active_model_file(world.platform)


def test_an_image_reads_back_as_it_was_written(world: World) -> None:
    made = awaited_image(world, PHOTO)
    assert ImageStore(world.platform.cases).get("image1") == made
