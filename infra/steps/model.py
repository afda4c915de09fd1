"""The models that the inference layer carries, in the registry, with the tests they passed; the first one
that passed becomes active.

Before the layer is published: a model whose name already means other content is refused here, and
so is a checkout without the model that is active.
"""

from collections.abc import Iterator

from chalicelib.classification import calibrations, registry
from chalicelib.classification.calibrations import BadRecord, Calibration
from chalicelib.platform.clock import SystemClock
from chalicelib.platform.ids import Ids
from chalicelib.platform.runtime import Platform
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR, Settings
from infra import model_records, models
from infra.steps.deployment import Change, Deployment, Refused


def changes(deployment: Deployment) -> Iterator[Change]:
    """Register what is not registered. Raises `Refused`."""
    settings = Settings.load(deployment.settings)
    platform = Platform(settings, SystemClock(), Ids(settings.signing_key.encode()))
    carried = models.carried()
    active = registry.active(platform)
    if active is not None and active.file not in carried:
        raise Refused(
            f"The active model {active.file} is not in layers/inference/model, and the new layer would "
            "not have it. Put it back, or activate one that is there: "
            f"python -m infra.at {deployment.stage} infra.models activate NAME"
        )
    registered = {model.file: model.sha256 for model in registry.registered(platform)}
    missing = sorted(file for file, sha256 in carried.items() if registered.get(file) != sha256)
    untold = [
        f"the test that {file} passed"
        for file, passed in _records().items()
        if file not in missing and calibrations.admitted(platform, passed.model_sha256) is None
    ]
    unnoted = registry.carried(platform) != carried
    if missing or untold or unnoted or active is None:
        news = [*missing, *untold, *(["what the layer has"] if unnoted else [])]
        yield Change(
            f"register {', '.join(news) or 'the first active model'}",
            lambda: _register(platform),
        )


def _records() -> dict[str, Calibration]:
    try:
        return model_records.records(CHECKOUT_MODEL_DIR)
    except BadRecord as error:
        raise Refused(str(error)) from None


def _register(platform: Platform) -> None:
    try:
        models.register_all(platform)
    except models.Refused as refused:
        raise Refused(str(refused)) from None
