"""After another model was activated, stored images get its opinion in the background, and lose nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.classification import reclassification
from chalicelib.classification.campaign import CampaignStore
from chalicelib.classification.every_image import walk
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.images.model import Kind, State
from chalicelib.images.routes import image_answer
from chalicelib.images.service import View
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.labelling import driving
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from tests.images.making import awaited_image, image_of
from tests.inference.lesions import Lesion
from tests.inference.models import fixed_model, write_card
from tests.labelling.making import PHOTO, case_of
from tests.reclassification.making import (
    MELANOMA,
    VECTOR,
    compared_by,
    finish,
    pixels_of,
    run,
    stored,
    switch,
    versions,
)
from tests.world import World


def test_an_image_gets_the_new_opinion_and_keeps_all_else(
    world: World, models: dict[str, Classifier]
) -> None:
    before = stored(world, "image1")
    switch(world, "skin-2")
    done = finish(world, models["skin-2"])
    assert (done.counts.formed, done.counts.restored, done.counts.failed) == (1, 0, 0)
    after = image_of(world, "image1")
    assert after.classification is not None
    assert (after.classification["top"], after.classification["model"]["version"]) == (
        "melanoma",
        "2",
    )
    assert after.classification["embedding"] == (VECTOR / 5).astype("<f2").tobytes()
    [kept] = after.earlier_opinions
    assert kept == {**(before.classification or {}), "at": before.history[-1]["at"]}
    same = ("state", "history", "label", "due_at", "version", "following", "subject")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert after.intake is not None
    assert replace(after.intake, perceptual_hash=None) == before.intake


def test_the_picture_is_compared_once_more_as_the_new_model_sees_it(
    world: World, models: dict[str, Classifier]
) -> None:
    stored(world, "image1")
    for version in ("2", "1"):
        switch(world, f"skin-{version}")
        finish(world, models[f"skin-{version}"])
    # What the intake noted of the image was from before pictures were compared.
    assert compared_by(world, "image1") is None
    switch(world, "skin-2")
    finish(world, models["skin-2"])
    assert compared_by(world, "image1") == "skin 2"
    found = world.platform.cases.get(keys.pixels(pixels_of("image1"))) or {}
    intake, opinion = image_of(world, "image1").intake, image_of(world, "image1").classification
    assert intake is not None
    assert found["perceptual_hash"] == intake.perceptual_hash
    assert found["embedding"] == (opinion or {})["embedding"]
    told = image_answer(View(image_of(world, "image1"), {}), "en").model_dump_json()
    assert "near_cosine" not in told


def test_an_image_is_measured_as_the_new_model_outlines_it(world: World, tmp_path: Path) -> None:
    drawn = Lesion(long=100, short=80)
    fixed_model(tmp_path / "m.onnx", MELANOMA, outline=drawn.map())
    write_card(tmp_path / "m.onnx", name="skin", version="2")
    stored(world, "image1")
    switch(world, "skin-2")
    finish(world, Classifier.load(tmp_path / "m.onnx"))
    said = image_of(world, "image1").classification or {}
    assert said["measurements"]["diameter_widths"] == pytest.approx(200 / 600, rel=0.03)
    assert "diameter_mm" not in said["measurements"]
    assert isinstance(said["pattern"], bytes)


def test_viewers_are_told_both_opinions_and_never_the_embedding(
    world: World, models: dict[str, Classifier]
) -> None:
    stored(world, "image1")
    switch(world, "skin-2")
    finish(world, models["skin-2"])
    told = image_answer(View(image_of(world, "image1"), {}), "en").model_dump_json()
    assert '"earlier_opinions":[{"model":{"name":"skin","version":"1"}' in told
    assert '"top":"melanoma"' in told
    assert "embedding" not in told


def test_a_case_keeps_the_opinion_that_it_was_opened_with(
    world: World, models: dict[str, Classifier]
) -> None:
    stored(world, "image1")
    before = driving.assign_case(world.platform, "image1")
    switch(world, "skin-2")
    finish(world, models["skin-2"])
    assert versions(world, "image1") == ["2"]
    after = case_of(world, "image1")
    assert before is not None
    assert after.opinion == before.opinion
    assert (after.opinion or {})["model"] == {"name": "skin", "version": "1"}
    assert (after.priority, image_of(world, "image1").state) == (
        before.priority,
        State.IN_LABELLING,
    )


def test_photographs_and_withdrawn_images_are_passed_over(
    world: World, models: dict[str, Classifier]
) -> None:
    stored(world, "phone", kind=Kind.MACROSCOPIC)
    stored(world, "gone")
    ImageTombstones(world.platform.cases).withdraw("gone", now=world.clock.now())
    awaited_image(world, PHOTO, image_id="awaited")
    switch(world, "skin-2")
    assert finish(world, models["skin-2"]).counts.formed == 0
    for image_id in ("phone", "gone", "awaited"):
        image = image_of(world, image_id)
        assert (image.classification, image.earlier_opinions) == (None, ())


def test_a_run_takes_a_few_and_the_next_goes_on(
    world: World, models: dict[str, Classifier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reclassification, "IMAGES_A_RUN", 2)
    names = [f"image{n}" for n in range(5)]
    for n, name in enumerate(names):
        stored(world, name, patient_id=f"patient{n // 3}", clinic_id=f"clinic{n // 3}")
    switch(world, "skin-2")
    for done in (2, 4, 5):
        campaign = run(world, models["skin-2"])
        assert campaign.counts.formed == done == versions(world, *names).count("2")
    assert campaign.walk == 2
    run(world, models["skin-2"])
    assert CampaignStore(world.platform.cases).get() == campaign  # it waits for the settled time
    done_at = finish(world, models["skin-2"])
    assert done_at.finished_at is not None
    assert done_at.counts.formed == 5


def test_images_of_archives_are_met_too(world: World, models: dict[str, Classifier]) -> None:
    stored(world, "image1")
    table = world.platform.cases
    table.insert(
        keys.import_("a1"),
        {
            "import_id": "a1",
            "clinic_id": "imports",
            "clinic_order": "2026#a1",
            **dict.fromkeys(("name", "legal_basis", "licence", "attribution", "fingerprint"), "-"),
            "created_at": timestamp(world.clock.now()),
            "created_by": "curator",
        },
    )
    moved = {"clinic_id": "import-a1", "clinic_order": "image#2026#image2", "patient_id": "other"}
    stored(world, "image2", patient_id="patient2")
    raw = table.get(keys.image("image2"))
    assert raw is not None
    table.delete(keys.image("image2"))
    table.insert(keys.image("image2"), {**raw, **moved})
    assert sorted(image.image_id for met in walk(world.platform) for image in met.images) == [
        "image1",
        "image2",
    ]
    switch(world, "skin-2")
    finish(world, models["skin-2"])
    assert versions(world, "image1", "image2") == ["2", "2"]
