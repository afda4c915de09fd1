"""The models that may answer, what is known of each, and making one of them the one that answers.

Over HTTP a model becomes active by what is written alone: the containers that run models look up once a minute
which one it is (events/models.py). So a model is activated only if the layer that they were deployed with
carries it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.classification import calibrations, registry
from chalicelib.classification.calibrations import Calibration
from chalicelib.classification.campaign import (
    Campaign,
    CampaignStore,
    Overtaken,
    begin_campaign,
)
from chalicelib.classification.every_image import clinics
from chalicelib.classification.registry import Active, Model
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

NOT_ADMITTED: Final = Text(
    "Эта модель не прошла калибровочное тестирование, поэтому отвечать не может. "
    "Испытайте её как алгоритм с её SHA-256.",
    "This model has passed no calibration test, so it may not answer. "
    "Test it as an algorithm with its SHA-256.",
)
NOT_DEPLOYED: Final = Text(
    "Этой модели нет в развёрнутом слое функций. Разверните систему вместе с ней и повторите.",
    "This model is not in the layer that is deployed. Deploy the stage with it, and repeat.",
)
MEANWHILE: Final = Text(
    "Модель только что переключил кто-то другой. Посмотрите список и повторите.",
    "Somebody else has just activated a model. Look at the list and repeat.",
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A registered model, as people choose by."""

    model: Model
    passed: Calibration | None
    """Its admission test."""
    active: bool
    carried: bool
    """The layer that is deployed has it."""
    answered_before: bool

    @property
    def can_be_activated(self) -> bool:
        """One that answered before may answer again: going back waits for no test."""
        return self.carried and not self.active and bool(self.passed or self.answered_before)


@dataclass(frozen=True, kw_only=True)
class Rereading:
    """How far stored images have the active model's opinion."""

    campaign: Campaign
    clinics: int
    clinics_done: int


@dataclass(frozen=True, kw_only=True)
class Models:
    known: Sequence[Known]
    active: Active | None
    """None: the model that the layer ships answers, and none was ever activated."""
    rereading: Rereading | None


def view_models(platform: Platform) -> Models:
    """All registered models, the latest first. Five calls, and one for each model and a few for clinics while
    stored images are read again."""
    active = registry.active(platform)
    layer = registry.carried(platform)
    before = {file for file, _ in active.history} if active else set[str]()
    known = [
        Known(
            model=model,
            passed=calibrations.admitted(platform, model.sha256),
            active=active is not None and active.file == model.file,
            carried=layer.get(model.file) == model.sha256,
            answered_before=model.file in before,
        )
        for model in reversed(registry.registered(platform))
    ]
    return Models(known=known, active=active, rereading=_rereading(platform))


def activate(platform: Platform, *, name: str, version: str) -> Active:
    """Let a model answer, and stored images follow. Doing it again changes nothing.

    Raises `NotFound`, and `Conflict` for one that passed no test (`not_admitted`), is not in the layer
    (`not_deployed`), or when somebody else was faster (`activated_meanwhile`).
    """
    for model in registry.registered(platform):
        if (model.name, model.version) == (name, version):
            break
    else:
        raise NotFound
    if registry.carried(platform).get(model.file) != model.sha256:
        raise Conflict("not_deployed", NOT_DEPLOYED)
    try:
        active = registry.activate(platform, model.file)
        begin_campaign(platform, active, model, again=False)
    except registry.NotAdmitted:
        raise Conflict("not_admitted", NOT_ADMITTED) from None
    except (registry.ActivatedMeanwhile, Overtaken):
        raise Conflict("activated_meanwhile", MEANWHILE) from None
    return active


def _rereading(platform: Platform) -> Rereading | None:
    campaign = CampaignStore(platform.cases).get()
    if campaign is None:
        return None
    if not campaign.is_going_on:
        return Rereading(campaign=campaign, clinics=0, clinics_done=0)
    places = clinics(platform)
    here = campaign.position.clinic_id if campaign.position else ""
    return Rereading(
        campaign=campaign, clinics=len(places), clinics_done=sum(each < here for each in places)
    )
