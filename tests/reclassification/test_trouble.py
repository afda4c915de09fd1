"""Re-classification beside crashes, withdrawals, other activations and models that fail."""

from typing import Any

import pytest

from chalicelib.classification import reclassification, registry
from chalicelib.classification.campaign import CampaignStore, Overtaken
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.images.model import Image
from chalicelib.images.opinions import KEPT, OpinionStore
from chalicelib.images.store import LostStep
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.platform import keys
from chalicelib.sweep import sweep
from tests.classification.admitting import let_in
from tests.images.making import image_of
from tests.reclassification.making import (
    compared_by,
    finish,
    pixels_of,
    records,
    run,
    stored,
    switch,
    versions,
)
from tests.world import World


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
    sha256 = pixels_of("skin-4")
    registry.register(world.platform, file="skin-4", name="s", version="4", sha256=sha256, card={})
    let_in(world.platform, sha256)
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
