"""After another model was activated, stored images get its opinion in the background, and lose nothing."""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chalicelib.classification import reclassification, registry
from chalicelib.classification.campaign import Campaign, CampaignStore, Overtaken, begin_campaign
from chalicelib.classification.every_image import walk
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.images.likeness import FRESH
from chalicelib.images.model import Image, Kind, State
from chalicelib.images.opinions import KEPT, OpinionStore
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.routes import image_answer
from chalicelib.images.service import View
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.labelling import driving
from chalicelib.people.model import Clinic
from chalicelib.people.store import PeopleStore
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.language import Text
from chalicelib.platform.table import ConditionFailed
from chalicelib.sweep import sweep
from tests.images.making import awaited_image, image_of
from tests.inference.lesions import Lesion
from tests.inference.models import fixed_model, write_card
from tests.infra.deployed import forget
from tests.labelling.making import PHOTO, case_of, taken_in
from tests.world import World, new_world

VECTOR = np.array([3, 4], dtype=np.float32)
NEVUS, MELANOMA = [0.9, 0.1, 0, 0, 0, 0, 0, 0], [0.1, 0.9, 0, 0, 0, 0, 0, 0]


@pytest.fixture(scope="module")
def house() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def world(house: World) -> World:
    return forget(house)


@pytest.fixture
def models(tmp_path: Path) -> dict[str, Classifier]:
    """Two models that answer all the same, each in its own way, and one that answers nonsense."""
    made = {}
    nan = [float("nan")] * 8
    for file, scores in (("skin-1", NEVUS), ("skin-2", MELANOMA), ("skin-3", nan)):
        path = tmp_path / f"{file}.onnx"
        fixed_model(path, scores, others={"embedding": VECTOR})
        write_card(path, name="skin", version=file[-1], near_duplicate={"cosine": 0.98})
        made[file] = Classifier.load(path)
    return made


def stored(
    world: World,
    image_id: str,
    *,
    patient_id: str = "patient1",
    clinic_id: str = "clinic1",
    kind: Kind = Kind.DERMOSCOPIC,
    version: str = "1",
) -> Image:
    """A classified image that waits for readers, of a listed patient of a listed clinic."""
    table, now = world.platform.cases, world.clock.now()
    clinic = Clinic(clinic_id, Text("Клиника", "Clinic"), "Орёл")
    PeopleStore(world.platform.people).open_clinic(clinic)
    order = {"clinic_id": clinic_id, "clinic_order": f"2026-03-02#{timestamp(now)}#{patient_id}"}
    with contextlib.suppress(ConditionFailed):
        table.insert(keys.patient(patient_id), {"patient_id": patient_id, **order})
    images = ImageStore(table)
    image = awaited_image(world, PHOTO, image_id=image_id, patient_id=patient_id, kind=kind)
    received = images.pin(image.image_id, "v1", now=now, until=now + timedelta(seconds=90))
    PixelIndex(table).enter(image, pixels_of(image_id))
    values: dict[str, Any] = {"intake": vars(taken_in(world, image_id, pixels_of(image_id)))}
    if kind is Kind.DERMOSCOPIC:
        values["classification"] = {
            "model": {"name": "skin", "version": version},
            "probabilities": {"nevus": 0.875, "melanoma": 0.125},
            "top": "nevus",
            "abstained": False,
            "outline": [[0.25, 0.25], [0.5, 0.25], [0.5, 0.5]],
        }
    later = now + timedelta(days=300)
    return images.step(received, State.CLASSIFIED, now=now, values=values, due_at=later)


def pixels_of(image_id: str) -> str:
    return hashlib.sha256(image_id.encode()).hexdigest()


def compared_by(world: World, image_id: str) -> str | None:
    """The model whose embedding the picture of an image is compared by."""
    item = world.platform.cases.get(keys.pixels(pixels_of(image_id))) or {}
    assert item.get("clinic_id", FRESH).startswith(FRESH)
    return item.get("model")


def switch(world: World, file: str, *, again: bool = False) -> Campaign:
    """As an operator does: register, activate, and let stored images follow."""
    world.clock.advance(seconds=1)
    model = registry.register(
        world.platform, file=file, name="skin", version=file[-1], sha256=file, card={}
    )
    active = registry.activate(world.platform, file)
    return begin_campaign(world.platform, active, model, again=again)


def run(world: World, model: Classifier, *, minutes: float = 1) -> Campaign:
    """One sweep after so long; the campaign as it stands then."""
    world.clock.advance(minutes=minutes)
    sweep(world.platform, lambda: model, trace="sweep")
    campaign = CampaignStore(world.platform.cases).get()
    assert campaign is not None
    return campaign


def finish(world: World, model: Classifier) -> Campaign:
    for _ in range(60):
        campaign = run(world, model, minutes=11)
        if not campaign.is_going_on:
            return campaign
    raise AssertionError("it never comes to an end")


def versions(world: World, *image_ids: str) -> list[str]:
    found = (image_of(world, image_id).classification or {} for image_id in image_ids)
    return [opinion["model"]["version"] for opinion in found]


def records(world: World, image_id: str) -> int:
    """Audit records of the re-classification of an image."""
    client, table = world.platform.client("dynamodb"), world.platform.settings.table_audit
    items = client.scan(TableName=table)["Items"]
    return sum(
        item.get("act", {}).get("S") == "image.reclassified" and item["on"]["S"] == image_id
        for item in items
    )


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


@pytest.mark.parametrize("calls", range(1, 29, 3))
def test_a_run_that_dies_after_any_call_is_finished_by_the_next_once(
    world: World, models: dict[str, Classifier], calls: int
) -> None:
    for name in ("image1", "image2"):
        stored(world, name)
    switch(world, "skin-2")
    world.clock.advance(minutes=1)
    with world.crash_after(calls):
        sweep(world.platform, lambda: models["skin-2"], trace="sweep")
    finish(world, models["skin-2"])
    assert versions(world, "image1", "image2") == ["2", "2"]
    for name in ("image1", "image2"):
        assert len(image_of(world, name).earlier_opinions) == 1
        assert records(world, name) == 1
        assert compared_by(world, name) == "skin 2"


def test_two_runs_at_once_do_no_more_than_one(world: World, models: dict[str, Classifier]) -> None:
    stored(world, "image1")
    campaign = switch(world, "skin-2")
    for _ in range(2):  # the second has read the campaign before the first wrote it
        reclassification.drive_on(world.platform, lambda: models["skin-2"], campaign, trace="sweep")
    assert len(image_of(world, "image1").earlier_opinions) == 1
    found = CampaignStore(world.platform.cases).get()
    assert found is not None
    assert (found.counts.formed, found.walk) == (1, 2)


def test_a_withdrawal_in_the_middle_leaves_nothing_of_the_opinion(
    world: World, models: dict[str, Classifier], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(world, "image1")
    real = OpinionStore.replace

    def withdrawn_before(*given: Any, **also: Any) -> Image:
        ImageTombstones(world.platform.cases).withdraw("image1", now=world.clock.now())
        return real(*given, **also)

    monkeypatch.setattr(OpinionStore, "replace", withdrawn_before)
    switch(world, "skin-2")
    assert finish(world, models["skin-2"]).counts.formed == 0
    item = world.platform.cases.get(keys.image("image1"))
    assert item is not None
    assert item["state"] == "withdrawn"
    assert not {"classification", "earlier_opinions"} & item.keys()


def test_switching_back_restores_what_is_kept_without_the_model(
    world: World, models: dict[str, Classifier]
) -> None:
    before = stored(world, "image1")
    switch(world, "skin-2")
    finish(world, models["skin-2"])
    switch(world, "skin-1")

    def never() -> Classifier:
        raise AssertionError("the opinion is kept")

    world.clock.advance(minutes=1)
    sweep(world.platform, never, trace="sweep")
    after = image_of(world, "image1")
    restored = {**(before.classification or {}), "at": before.history[-1]["at"]}
    assert after.classification == restored
    assert [each["model"]["version"] for each in after.earlier_opinions] == ["2"]
    assert finish(world, models["skin-1"]).counts.restored == 1


def test_a_second_activation_takes_over_from_the_first(
    world: World, models: dict[str, Classifier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reclassification, "IMAGES_A_RUN", 1)
    names = ["image1", "image2"]
    for name in names:
        stored(world, name)
    first = switch(world, "skin-2")
    run(world, models["skin-2"])
    assert sorted(versions(world, *names)) == ["1", "2"]
    switch(world, "skin-1")
    second = CampaignStore(world.platform.cases).get()
    # A run of the first campaign that wakes now does nothing, and moves nothing of the second.
    reclassification.drive_on(world.platform, lambda: models["skin-2"], first, trace="sweep")
    assert CampaignStore(world.platform.cases).get() == second
    with pytest.raises(Overtaken):
        CampaignStore(world.platform.cases).begin(
            "late",
            file=first.file,
            model=first.model,
            activated_at=first.activated_at,
            now=world.clock.now(),
            again=True,
        )
    assert finish(world, models["skin-1"]).file == "skin-1"
    assert versions(world, *names) == ["1", "1"]


def test_a_campaign_whose_model_is_no_longer_active_ends(
    world: World, models: dict[str, Classifier]
) -> None:
    stored(world, "image1")
    switch(world, "skin-2")
    registry.register(world.platform, file="skin-4", name="s", version="4", sha256="4", card={})
    world.clock.advance(seconds=1)
    registry.activate(world.platform, "skin-4")  # with --new-only
    done = run(world, models["skin-2"])
    assert done.overtaken
    assert not done.is_going_on
    assert versions(world, "image1") == ["1"]


def test_a_container_with_the_model_before_does_nothing_and_leaves_it_overdue(
    world: World, models: dict[str, Classifier]
) -> None:
    stored(world, "image1")
    switch(world, "skin-2")
    due = (world.platform.cases.get(keys.reclassification()) or {})["due_at"]
    run(world, models["skin-1"])
    assert (world.platform.cases.get(keys.reclassification()) or {})["due_at"] == due
    assert versions(world, "image1") == ["1"]
    run(world, models["skin-2"])
    assert versions(world, "image1") == ["2"]


def test_an_image_that_fails_holds_no_other_and_is_counted(
    world: World, models: dict[str, Classifier]
) -> None:
    for name in ("image1", "image2"):
        stored(world, name)
    images = world.platform.images
    images.erase(images.versions("clean/image1.jpg"))
    switch(world, "skin-2")
    done = finish(world, models["skin-2"])
    assert (done.counts.formed, done.counts.failed) == (1, 1)
    assert versions(world, "image1", "image2") == ["1", "2"]
    switch(world, "skin-3")
    assert finish(world, models["skin-3"]).counts.failed == 2
    assert versions(world, "image1", "image2") == ["1", "2"]


def test_one_that_is_over_is_done_again_only_when_asked(
    world: World, models: dict[str, Classifier]
) -> None:
    switch(world, "skin-2")
    done = finish(world, models["skin-2"])
    stored(world, "late")  # by a worker that nobody replaced
    assert switch(world, "skin-2") == done
    again = switch(world, "skin-2", again=True)
    assert again.is_going_on
    assert again.counts.formed == 0
    finish(world, models["skin-2"])
    assert versions(world, "late") == ["2"]


def test_an_image_keeps_the_latest_opinions_one_of_each_model(world: World) -> None:
    image = stored(world, "image1")
    store = OpinionStore(world.platform.cases)
    said = image.classification or {}
    for version in ("2", "3", "2", "4", "5", "6"):
        before = image
        image = store.replace(image, {**said, "model": {"name": "skin", "version": version}})
        with pytest.raises(LostStep):
            store.replace(before, said)
    kept = [each["model"]["version"] for each in image.earlier_opinions]
    assert kept == ["3", "2", "4", "5"]
    assert len(kept) == KEPT
