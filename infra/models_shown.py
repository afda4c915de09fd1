"""What `infra.models` shows of the models of a stage."""

from pathlib import Path

from chalicelib.classification import calibrations, registry
from chalicelib.classification.campaign import CampaignStore
from chalicelib.classification.every_image import clinics
from chalicelib.classification.registry import Model
from chalicelib.platform.runtime import Platform
from infra.model_records import sha256_of_file


def show(platform: Platform, folder: Path) -> None:
    """The models with the test each passed, what is active, and how far stored images are."""
    models, active = registry.registered(platform), registry.active(platform)
    for model in models:
        here = sha256_of_file(folder / f"{model.file}.onnx") == model.sha256
        mark = "*" if active and active.file == model.file else " "
        place = "" if here else ", not in this checkout"
        print(
            f"{mark} {model.file:20} {model.name} {model.version}, SHA-256 {model.sha256[:12]}…, "
            f"registered {model.registered_at:%Y-%m-%d}, {_test(platform, model)}{place}"
        )
    if active is None:
        print(f"None is active: {registry.SHIPPED} answers, as the layer ships it.")
        return
    _show_campaign(platform)
    print("Active since:")
    for file, at in reversed(active.history):
        print(f"  {at:%Y-%m-%d %H:%M} UTC  {file}")


def _test(platform: Platform, model: Model) -> str:
    passed = calibrations.admitted(platform, model.sha256)
    if passed is None:
        return "no calibration test passed"
    return (
        f"passed {passed.test} on {passed.dataset} {passed.version} with AUC {passed.auc.value:.3f}"
    )


def _show_campaign(platform: Platform) -> None:
    campaign = CampaignStore(platform.cases).get()
    if campaign is None:
        return
    counts = campaign.counts
    done = (
        f"{counts.formed} opinions formed, {counts.restored} restored, "
        f"{counts.failed} images failed in the last walk"
    )
    began = f"Stored images for {campaign.file}, since {campaign.begun_at:%Y-%m-%d %H:%M} UTC"
    if campaign.is_going_on:
        places = clinics(platform)
        here = campaign.position.clinic_id if campaign.position else ""
        passed = sum(place < here for place in places)
        print(f"{began}: walk {campaign.walk}, {passed} of {len(places)} clinics; {done}.")
    else:
        how = "left for another model" if campaign.overtaken else "all seen to"
        print(f"{began}: {how} {campaign.finished_at:%Y-%m-%d %H:%M} UTC; {done}.")
