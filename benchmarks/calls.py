"""AWS calls a request, counted on moto in process; the tests keep the same bounds."""

import hashlib
from functools import cache
from unittest.mock import patch

from benchmarks.table import Row
from tests import pictures
from tests.asking import as_caller, ask
from tests.patients.asking import SURVEY
from tests.world import World, new_world

DOCTOR = as_caller("doctor", "doctor1", "clinic1")
BUDGETS = {"survey": 5, "image slot": 4, "reading an image": 3, "classify": 8}


def rows() -> list[Row]:
    """One row a budget: the calls made, authorizer not counted, audit included."""
    with new_world() as world:
        platform = "chalicelib.platform.http.routes.platform"
        with patch(platform, lambda: world.platform):
            counted = _counted(world)
    return [
        Row(f"AWS calls, {name}", counted[name], None, "calls", bound)
        for name, bound in BUDGETS.items()
    ]


def _counted(world: World) -> dict[str, int]:
    from chalicelib.classification import service
    from chalicelib.classification.inference.classifier import Classifier
    from chalicelib.classification.registry import active_model_file
    from chalicelib.images.model import upload_key
    from tests.images.making import upload

    model = cache(lambda: Classifier.load(active_model_file(world.platform)))
    model()
    photo = pictures.jpeg()
    counted: dict[str, int] = {}
    with world.counted() as calls:
        survey = ask("POST", "/v1/surveys", caller=DOCTOR, body=SURVEY).body
        counted["survey"] = calls.total()
    form = {
        "kind": "dermoscopic",
        "content_type": "image/jpeg",
        "bytes": len(photo),
        "sha256": hashlib.sha256(photo).hexdigest(),
    }
    ids = {"lesion_id": survey["lesion_id"]}
    with world.counted() as calls:
        path = "/v1/lesions/{lesion_id}/images"
        slot = ask("POST", path, caller=DOCTOR, body=form, ids=ids).body
        counted["image slot"] = calls.total()
    image_id = slot["image_id"]
    version = upload(world, photo, image_id=image_id)
    with world.counted() as calls:
        service.take_in(
            world.platform, model, key=upload_key(image_id), version=version, trace="bench"
        )
        counted["classify"] = calls.total()
    with world.counted() as calls:
        image = ask("GET", "/v1/images/{image_id}", caller=DOCTOR, ids={"image_id": image_id})
        assert image.body["state"] == "classified", image.body
        counted["reading an image"] = calls.total()
    return counted
