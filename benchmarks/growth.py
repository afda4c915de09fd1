"""Cost of the main requests with 100 and with 20,000 patients: the same calls, the same items read.

One patient is entered through the API and labelled; the others are copies of all that she has in
the tables, put straight into moto, all in one clinic (the worst case of a list).
"""

import copy
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, Final
from unittest.mock import patch

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from benchmarks.table import Row
from chalicelib.classification import service as classification
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import active_model_file
from chalicelib.images.model import upload_key
from chalicelib.labelling import driving
from chalicelib.sweep import sweep
from infra.local.ordered_moto import forget_order
from tests import pictures
from tests.asking import as_caller, ask
from tests.images.making import upload
from tests.labelling.making import reader
from tests.patients.asking import CODE, SURVEY
from tests.world import REGION, World, new_world

DOCTOR = as_caller("doctor", "doctor1", "clinic1")
PHOTO = pictures.jpeg(pictures.photograph(160, 120))
FEW, MANY = 100, 20_000
OTHER_CODE: Final = "733019061990"


def rows() -> list[Row]:
    """One row a request: AWS calls and items read, together, with many patients beside few."""
    few, many = (_costs(patients) for patients in (FEW, MANY))
    return [
        Row(f"{name}, {MANY:,} patients / {FEW}", many[name], cost, "reads", 1.0)
        for name, cost in few.items()
    ]


def _costs(patients: int) -> dict[str, int]:
    with new_world() as world:
        served = "chalicelib.platform.http.routes.platform"
        with patch(served, lambda: world.platform):
            return _asked(world, patients)


def _asked(world: World, patients: int) -> dict[str, int]:
    model = cache(lambda: Classifier.load(active_model_file(world.platform)))
    experts = [reader(world, f"expert{number}") for number in range(3)]
    known = _survey(CODE)
    image_id = _classified(world, model, known["lesion_id"])
    driving.assign_case(world.platform, image_id)
    _copies(world, patients - 1)
    costs: dict[str, int] = {}
    patient = {"patient_id": known["patient_id"]}

    def costing(name: str, work: Callable[[], Any]) -> Any:
        with world.counted() as calls, _items_read(world) as items:
            done = work()
        costs[name] = calls.total() + items[0]
        return done

    costing("list of patients", lambda: _got("GET", "/v1/patients"))
    costing("one patient", lambda: _got("GET", "/v1/patients/{patient_id}", ids=patient))
    wanted = {"patient_code": CODE}
    costing("lookup by code", lambda: _got("POST", "/v1/patients/lookup", body=wanted))
    costing("survey", lambda: _survey(OTHER_CODE))
    costing("image slot", lambda: _slot(known["lesion_id"]))
    image = {"image_id": image_id}
    costing("one image", lambda: _got("GET", "/v1/images/{image_id}", ids=image))
    for expert in experts:
        assigned = as_caller("expert", expert)
        costing("a reader's hand", partial(ask, "GET", _HAND, caller=assigned))
    new = _classified(world, model, known["lesion_id"])
    costing("finding readers", lambda: driving.assign_case(world.platform, new))
    world.clock.advance(minutes=7)  # the slot above is overdue then
    costing("sweep", lambda: sweep(world.platform, model, trace="bench"))
    return costs


_HAND: Final = "/v1/labelling/assignments"


def _got(method: str, path: str, **asked: Any) -> Any:
    answer = ask(method, path, caller=DOCTOR, **asked)
    assert answer.status in (200, 201), answer.body
    return answer.body


def _survey(code: str) -> Any:
    year = int(code[-4:])
    return _got("POST", "/v1/surveys", body={**SURVEY, "patient_code": code, "age": 2025 - year})


def _slot(lesion_id: str) -> str:
    form = {
        "kind": "dermoscopic",
        "content_type": "image/jpeg",
        "bytes": len(PHOTO),
        "sha256": hashlib.sha256(PHOTO).hexdigest(),
    }
    path = "/v1/lesions/{lesion_id}/images"
    return str(_got("POST", path, body=form, ids={"lesion_id": lesion_id})["image_id"])


def _classified(world: World, model: Callable[[], Classifier], lesion_id: str) -> str:
    image_id = _slot(lesion_id)
    version = upload(world, PHOTO, image_id=image_id)
    classification.take_in(
        world.platform, model, key=upload_key(image_id), version=version, trace="bench"
    )
    return image_id


@contextmanager
def _items_read(world: World) -> Iterator[list[int]]:
    """How many items DynamoDB read for the calls of the block."""
    read = [0]

    def add(parsed: dict[str, Any], **_: Any) -> None:
        read[0] += parsed.get("ScannedCount", 0) + ("Item" in parsed)
        read[0] += sum(map(len, parsed.get("Responses", {}).values()))

    events = world.platform._dynamodb.meta.events
    events.register("after-call.dynamodb", add)
    try:
        yield read
    finally:
        events.unregister("after-call.dynamodb", add)


def _copies(world: World, number: int) -> None:
    """Put `number` more patients into the tables, each with all that the first one has."""
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    settings = world.platform.settings
    for name in (settings.table_cases, settings.table_labelling):
        stored = tables[name].items
        for item in [item for of_key in list(stored.values()) for item in of_key.values()]:
            for copied in range(number):
                twin = _renamed(item, f"{copied:06}")
                stored[twin.hash_key][twin.range_key] = twin
        forget_order(tables[name])


_OF_ONE: Final = (
    *("pk", "patient_id", "lesion_id", "image_id", "clinic_order", "patient_order"),
    "hand",  # an assignment's twin is in another reader's hand: each has room for a few
)


def _renamed(item: Any, suffix: str) -> Any:
    """The same item of another patient: every id in a key has another end."""
    twin = copy.copy(item)
    twin.attrs = dict(item.attrs)
    for name in _OF_ONE:
        if name in twin.attrs:
            twin.attrs[name] = DynamoType({"S": twin.attrs[name].value + suffix})
    twin.hash_key = twin.attrs["pk"]
    return twin
