"""Another model is activated: the sweep lets stored images follow."""

from typing import Any

from chalicelib.classification import registry
from chalicelib.classification.campaign import CampaignStore
from chalicelib.classification.inference.card import Card
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from tests.classification.admitting import let_in
from tests.erasure.journeys import Journey, begin
from tests.images.making import image_of
from tests.imports.asking import SOURCE
from tests.infra.daily_scenes import CLINIC, archived, done
from tests.infra.whole_life import Life
from tests.patients.asking import Client
from tests.simulation.files import STAND_IN


def images_follow_the_active_model(life: Life) -> None:
    """Of a clinic and of an archive; a run dies, and the next one goes on."""
    clinic = done(life.admin.ask("POST", "/v1/clinics", CLINIC, key="model"))["clinic_id"]
    case = begin(Client(life.world, "doctor2", clinic), life.photo())
    life.uploaded(case)
    source = done(life.curator.ask("POST", "/v1/imports", SOURCE, key="model"))["import_id"]
    data = life.photo()
    old = archived(life, source, data)["image_id"]
    life.uploaded(Journey(life.doctor, "", "", old, data))
    _activate(life)
    for image_id in (case.image_id, old):
        _said_by_another(life, image_id)
    with life.recorder.dies_after(8):
        life.sweep(minutes=1)
    for _ in range(3):
        life.sweep(minutes=11)
    for image_id in (case.image_id, old):
        image = image_of(life.world, image_id)
        assert _version(image.classification) == "1"
        assert [_version(each) for each in image.earlier_opinions] == ["0"]
    campaign = CampaignStore(life.world.platform.cases).get()
    assert campaign is not None
    assert not campaign.is_going_on
    done(
        Client(life.world, "doctor2", clinic).ask(
            "GET", "/v1/images/{image_id}", image_id=case.image_id
        )
    )


def _activate(life: Life) -> None:
    """A model comes with a deployment, and an administrator lets it answer."""
    card = STAND_IN.card
    platform = life.world.platform
    with life.recorder.by_others():
        model = registry.register(
            platform,
            file=registry.SHIPPED,
            name=card.name,
            version=card.version,
            sha256=Card.read(CHECKOUT_MODEL_DIR / f"{registry.SHIPPED}.json").sha256,
            card={},
        )
        registry.note_carried(platform, {model.file: model.sha256})
        let_in(platform, model.sha256)
    place: Any = {"name": card.name, "version": card.version}
    for _ in range(2):
        done(life.admin.ask("POST", "/v1/models/{name}/{version}/activate", **place))
    told = done(life.curator.ask("GET", "/v1/models"))
    assert told["active"] == registry.SHIPPED


def _said_by_another(life: Life, image_id: str) -> None:
    """As if the model before had judged the image."""
    key = {"pk": {"S": f"image#{image_id}"}, "sk": {"S": "image"}}
    with life.recorder.by_others():
        life.world.platform.client("dynamodb").update_item(
            TableName=life.world.platform.settings.table_cases,
            Key=key,
            UpdateExpression="SET classification.model.version = :old",
            ExpressionAttributeValues={":old": {"S": "0"}},
        )


def _version(opinion: Any) -> str:
    return str(opinion["model"]["version"])
