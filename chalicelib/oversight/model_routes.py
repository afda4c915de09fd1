"""Models over HTTP: parse, one call, answer."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from chalicelib.oversight import models
from chalicelib.oversight.models import Known, Models, Rereading
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


class ModelMeasured(Answer):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class AdmissionReason(Answer):
    ru: str
    en: str


class AdmissionAnswer(Answer):
    """The calibration test that admitted a model, and on which release."""

    test: str
    dataset: str
    version: str
    computed_at: str
    units: int
    positives: int
    negatives: int
    auc: ModelMeasured
    reasons: list[AdmissionReason]


class ModelAnswer(Answer):
    """A registered model: what its card says, its admission test, and whether it answers."""

    file: str
    name: str
    version: str
    sha256: str
    registered_at: str
    active: bool
    deployed: bool = Field(description="The layer of the functions has it.")
    can_be_activated: bool
    date: str | None
    summary: str | None
    classes: list[str]
    licence: dict[str, str] | None = Field(description="`model`, and why and for what use.")
    trained_on: list[str]
    metrics: dict[str, ModelMeasured | int | float | None] = Field(
        description="On lesions held out of its training."
    )
    calibration: dict[str, int | float | str] | None = Field(description="Of its probabilities.")
    abstention_threshold: float | None
    admission: AdmissionAnswer | None


class RereadingAnswer(Answer):
    """How far stored images have the active model's opinion."""

    file: str
    begun_at: str
    finished_at: str | None
    overtaken: bool = Field(description="Another model was activated before it was done.")
    walk: int
    clinics: int = Field(description="While it goes on: how many there are.")
    clinics_done: int
    formed: int
    restored: int
    failed: int


class ActivationAnswer(Answer):
    file: str
    at: str


class ModelsAnswer(Answer):
    items: list[ModelAnswer]
    active: str | None = Field(
        description="Its file; null: none was activated, the shipped answers."
    )
    active_since: str | None
    history: list[ActivationAnswer] = Field(description="Activations, the latest first.")
    rereading: RereadingAnswer | None


@routes.route("/v1/models", summary=Text("Модели", "Models"), answers=ModelsAnswer)
def list_models(call: Call[NoBody, NoQuery]) -> ModelsAnswer:
    found = models.view_models(call.platform)
    call.audit("models.listed", "models")
    return _answer(found)


@routes.route(
    "/v1/models/{name}/{version}/activate",
    "POST",
    summary=Text(
        "Сделать модель отвечающей; снимки перечитываются в фоне",
        "Let a model answer; stored images follow in the background",
    ),
    answers=ModelsAnswer,
    status=202,
    refusals=("not_found", "not_admitted", "not_deployed", "activated_meanwhile"),
)
def activate(call: Call[NoBody, NoQuery], name: str, version: str) -> ModelsAnswer:
    active = models.activate(call.platform, name=name, version=version)
    call.audit("model.activated", active.file, once=True, step=timestamp(active.since))
    return _answer(models.view_models(call.platform))


def _answer(found: Models) -> ModelsAnswer:
    active = found.active
    return ModelsAnswer(
        items=[_model(each) for each in found.known],
        active=active.file if active else None,
        active_since=timestamp(active.since) if active else None,
        history=[
            ActivationAnswer(file=file, at=timestamp(at))
            for file, at in reversed(active.history if active else ())
        ],
        rereading=_rereading(found.rereading) if found.rereading else None,
    )


def _model(known: Known) -> ModelAnswer:
    model, card, passed = known.model, known.model.card, known.passed
    licence = card.get("licence")
    told = (
        passed.model_dump(mode="json", include=set(AdmissionAnswer.model_fields))
        if passed
        else None
    )
    if told is not None:
        told["reasons"] = [{"ru": each["ru"], "en": each["en"]} for each in told["reasons"]]
    return ModelAnswer(
        file=model.file,
        name=model.name,
        version=model.version,
        sha256=model.sha256,
        registered_at=timestamp(model.registered_at),
        active=known.active,
        deployed=known.carried,
        can_be_activated=known.can_be_activated,
        date=card.get("date"),
        summary=card.get("summary"),
        classes=list(card.get("classes", ())),
        licence={"model": licence} if isinstance(licence, str) else licence,
        trained_on=list(card.get("trained_on", ())),
        metrics=dict(card.get("hold_out") or {}),
        calibration=_plain(card.get("calibration")),
        abstention_threshold=card.get("abstention_threshold"),
        admission=AdmissionAnswer.model_validate(told) if told else None,
    )


def _plain(told: Mapping[str, Any] | None) -> dict[str, int | float | str] | None:
    if told is None:
        return None
    return {name: each for name, each in told.items() if isinstance(each, int | float | str)}


def _rereading(found: Rereading) -> RereadingAnswer:
    campaign = found.campaign
    return RereadingAnswer(
        file=campaign.file,
        begun_at=timestamp(campaign.begun_at),
        finished_at=timestamp(campaign.finished_at) if campaign.finished_at else None,
        overtaken=campaign.overtaken,
        walk=campaign.walk,
        clinics=found.clinics,
        clinics_done=found.clinics_done,
        formed=campaign.counts.formed,
        restored=campaign.counts.restored,
        failed=campaign.counts.failed,
    )
