"""Stored images, models that differ, and an operator who activates one of them."""

import contextlib
import hashlib
from datetime import timedelta
from typing import Any

import numpy as np

from chalicelib.classification import registry
from chalicelib.classification.campaign import Campaign, CampaignStore, begin_campaign
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.images.likeness import FRESH
from chalicelib.images.model import Image, Kind, State
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.store import ImageStore
from chalicelib.people.model import Clinic
from chalicelib.people.store import PeopleStore
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.language import Text
from chalicelib.platform.table import ConditionFailed
from chalicelib.sweep import sweep
from tests.classification.admitting import let_in
from tests.images.making import awaited_image, image_of
from tests.labelling.making import PHOTO, taken_in
from tests.world import World

VECTOR = np.array([3, 4], dtype=np.float32)
NEVUS, MELANOMA = [0.9, 0.1, 0, 0, 0, 0, 0, 0], [0.1, 0.9, 0, 0, 0, 0, 0, 0]


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
        world.platform, file=file, name="skin", version=file[-1], sha256=pixels_of(file), card={}
    )
    let_in(world.platform, model.sha256)
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
