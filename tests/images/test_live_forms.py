"""While a form lets anybody in, its image is awaited, whichever request gave the form."""

from unittest.mock import patch

import pytest

from chalicelib.classification import service as classification
from chalicelib.images import service
from chalicelib.images.model import ABANDON_AFTER, SLOT_LIFE, State
from chalicelib.images.store import ImageStore
from tests.asking import as_caller, ask
from tests.classification.taking_in import PHOTO, model, run_sweep
from tests.images.making import awaited_image, image_of, upload
from tests.patients.asking import SURVEY
from tests.simulation.files import File, declaration
from tests.world import World, caller

DOCTOR = as_caller("doctor", "doctor1", "clinic1")


def test_a_form_given_to_a_repeated_request_is_not_outlived_by_its_image(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    lesion = ask("POST", "/v1/surveys", caller=DOCTOR, body=SURVEY).body
    form = {"kind": "dermoscopic", **declaration(File(PHOTO))}
    headers, ids = {"idempotency-key": "key"}, {"lesion_id": lesion["lesion_id"]}
    path = "/v1/lesions/{lesion_id}/images"
    image_id = ask("POST", path, caller=DOCTOR, body=form, headers=headers, ids=ids).body[
        "image_id"
    ]
    world.clock.advance(seconds=ABANDON_AFTER.total_seconds() - 60)
    again = ask("POST", path, caller=DOCTOR, body=form, headers=headers, ids=ids)
    assert (again.status, again.body["image_id"]) == (201, image_id)
    world.clock.advance(seconds=SLOT_LIFE.total_seconds() - 60)
    run_sweep(world)
    assert image_of(world, image_id).state is State.AWAITING_UPLOAD
    upload(world, PHOTO, image_id=image_id)
    world.clock.advance(minutes=3)
    run_sweep(world)
    assert image_of(world, image_id).state is State.CLASSIFIED


@pytest.mark.parametrize("age_hours", [1, 25])
def test_a_sweep_that_saw_the_image_before_its_form_was_renewed_leaves_it(
    world: World, age_hours: int
) -> None:
    awaited_image(world, PHOTO)
    world.clock.advance(hours=age_hours)
    seen = image_of(world)
    service.renew_slot(world.platform, caller=caller(), image_id="image1")
    renewed = world.platform.cases.get(("image#image1", "image"))
    with patch.object(ImageStore, "get", side_effect=AssertionError("the sweep reads no more")):
        classification.resume(world.platform, model, seen, trace="trace")
    assert world.platform.cases.get(("image#image1", "image")) == renewed
