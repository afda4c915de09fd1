"""The models of a stage: which are registered, and which answers.

    python -m infra.at STAGE infra.models list
    python -m infra.at STAGE infra.models register          every model in layers/inference/model
    python -m infra.at STAGE infra.models activate NAME     NAME is that of its file: rodinka-2
    python -m infra.at STAGE infra.models reclassify        the active model judges stored images again
    python -m infra.at STAGE infra.models count             how many images have whose opinion
    python -m infra.models record REPORT.json NAME          the test that NAME passed, kept beside it

`register` checks each .onnx against its card before it writes anything. It is done with every
deployment, before the layer is published, so that a name cannot change its meaning. The first
registration makes the shipped model active; nothing else is activated by it.

A model becomes active only if it passed a calibration test (KlT): of this stage, as an algorithm with
the model's SHA-256, or as recorded in NAME.calibration.json beside it, which `register` takes in.
`record` writes that file from the report of an evaluation.

`activate` also goes back to an earlier model. The functions can only run what is in their layer: the
model must be in this checkout, and the stage deployed from it. Their containers are then replaced, so
that the change takes effect at once. Images already classified get the opinion of the newly active
model in the background, by the sweep; the one they had is kept, and is theirs again at once when its
model is activated again. With --new-only they keep the opinion they have, until `reclassify`.
`list` tells how far this is.

Exit status: 0; 1 when it was refused.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.classification import calibrations, registry
from chalicelib.classification.calibrations import BadRecord, Calibration
from chalicelib.classification.campaign import Campaign, Overtaken, begin_campaign
from chalicelib.classification.every_image import walk
from chalicelib.classification.inference.card import BadModel, Card
from chalicelib.classification.registry import Active, Model
from chalicelib.images.opinions import has_opinion
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform, platform
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from infra import model_records
from infra.existing import is_missing
from infra.model_records import sha256_of_file
from infra.models_shown import show
from infra.steps.deployment import function_name

RUN_MODELS: Final = ("classify", "sweep")


class Refused(Exception):
    """Nothing was changed; the sentence says why."""


def register_all(platform: Platform, folder: Path = CHECKOUT_MODEL_DIR) -> list[Model]:
    """Register every model of the folder with the tests it passed; the first time, make one active.

    Raises `Refused`: before anything is written, if none could be made active.
    """
    paths = sorted(folder.glob("*.onnx"))
    if not paths:
        raise Refused(f"There is no model in {folder}.")
    found = [_described(path) for path in paths]
    passed = _records(folder)
    first = None if registry.active(platform) else _first(platform, found, passed)
    models = [_registered(platform, each) for each in found]
    registry.note_carried(platform, {each["file"]: each["sha256"] for each in found})
    for record in passed.values():
        calibrations.admit(platform, record)
    if first is not None:
        registry.activate(platform, first)
    return models


def _records(folder: Path) -> dict[str, Calibration]:
    try:
        return model_records.records(folder)
    except BadRecord as error:
        raise Refused(str(error)) from None


def _first(platform: Platform, found: list[dict[str, Any]], passed: dict[str, Calibration]) -> str:
    """The model to begin with: the shipped one if it may be. Raises `Refused`."""
    may = [
        each["file"]
        for each in found
        if each["file"] in passed or calibrations.admitted(platform, each["sha256"])
    ]
    if not may:
        raise Refused(
            f"None of {', '.join(each['file'] for each in found)} has passed a calibration test, so "
            "none can be made active: see `record`."
        )
    return registry.SHIPPED if registry.SHIPPED in may else may[0]


def activate(
    platform: Platform,
    name: str,
    folder: Path = CHECKOUT_MODEL_DIR,
    *,
    unseen: bool = False,
    new_only: bool = False,
) -> Active:
    """Let a model answer, replace the containers, and let stored images follow. Raises `Refused`.

    Repeating it after a crash does what was not done yet. With `unseen`, the model need not be in the
    folder; with `new_only`, stored images keep the opinion they have.
    """
    if not unseen and sha256_of_file(folder / f"{name}.onnx") != _registered_sha256(platform, name):
        raise Refused(
            f"{name} is not in {folder} as it was registered. If the stage was deployed from here, its "
            "layer lacks it too, and no image could be classified. If it was not: --unseen."
        )
    try:
        active = registry.activate(platform, name)
    except registry.NotRegistered:
        raise _unknown(name) from None
    except registry.NotAdmitted:
        raise Refused(
            f"{name} has passed no calibration test, and only a model that did becomes active. Test it "
            "as an algorithm with its SHA-256, or put the record of its test beside it and `register`."
        ) from None
    except registry.ActivatedMeanwhile:
        raise Refused("Somebody else has just activated a model. Look at `list` first.") from None
    for function in RUN_MODELS:
        _replace_containers(platform, function, active)
    if not new_only:
        _reclassify(platform, active, again=False)
    return active


def reclassify(platform: Platform) -> Campaign:
    """Let the active model judge all stored images again that have another opinion. Raises `Refused`."""
    active = registry.active(platform)
    if active is None:
        raise Refused("No model was ever activated: the images have the shipped one's opinion.")
    return _reclassify(platform, active, again=True)


def opinions(platform: Platform) -> Counter[str]:
    """How many images have the opinion of which model (`name version`). Reads every image."""
    counted: Counter[str] = Counter()
    for met in walk(platform):
        for image in met.images:
            if has_opinion(image) and image.classification is not None:
                model = image.classification["model"]
                counted[f"{model['name']} {model['version']}"] += 1
    return counted


def _reclassify(platform: Platform, active: Active, *, again: bool) -> Campaign:
    [model] = [each for each in registry.registered(platform) if each.file == active.file]
    try:
        return begin_campaign(platform, active, model, again=again)
    except Overtaken:
        raise Refused("Somebody else has just activated a model. Look at `list` first.") from None


def carried(folder: Path = CHECKOUT_MODEL_DIR) -> dict[str, str]:
    """The models of the folder: SHA-256 by name."""
    return {path.stem: sha256_of_file(path) for path in sorted(folder.glob("*.onnx"))}


def _described(path: Path) -> dict[str, Any]:
    """What is registered of a model file and its card. Raises `Refused`."""
    try:
        card = Card.read(path.with_suffix(".json"))
    except BadModel as error:
        raise Refused(str(error)) from None
    if sha256_of_file(path) != card.sha256:
        raise Refused(f"{path.name} is not the model that its card describes.")
    written = json.loads(path.with_suffix(".json").read_bytes())
    told = {
        "date": written.get("date"),
        "summary": written.get("summary"),
        "classes": list(card.classes),
        "abstention_threshold": card.abstention.threshold,
        "licence": written.get("licence"),
        "calibration": written.get("calibration"),
        "trained_on": [each["name"] for each in written.get("training_data", [])],
        "hold_out": {
            name: written.get("hold_out", {}).get(name)
            for name in ("images", "lesions", "melanoma_auc", "malignant_auc", "balanced_accuracy")
        },
    }
    return {
        "file": path.stem,
        "name": card.name,
        "version": card.version,
        "sha256": card.sha256,
        "card": told,
    }


def _registered(platform: Platform, described: dict[str, Any]) -> Model:
    file = described["file"]
    try:
        return registry.register(platform, **described)
    except registry.NameTaken as taken:
        raise Refused(
            f"{file} is not what is registered as {taken}. A name never changes its meaning: give the "
            "new model a file name and a version of its own."
        ) from None
    except registry.BadName:
        raise Refused(f"{file} cannot be the name of a model: {registry.NAME.pattern}") from None


def _registered_sha256(platform: Platform, name: str) -> str:
    for model in registry.registered(platform):
        if model.file == name:
            return model.sha256
    raise _unknown(name)


def _unknown(name: str) -> Refused:
    return Refused(f"No model is registered as {name}: see `list`.")


def _replace_containers(platform: Platform, function: str, active: Active) -> None:
    """Lambda starts new containers after any change of a function's configuration."""
    client = platform.client("lambda")
    name = function_name(platform.settings.stage, function)
    wanted = f"Answers with {active.file} since {timestamp(active.since)}"
    try:
        if client.get_function_configuration(FunctionName=name).get("Description") == wanted:
            return
        # A function that is being updated takes no other update.
        client.get_waiter("function_updated_v2").wait(FunctionName=name)
        client.update_function_configuration(FunctionName=name, Description=wanted)
    except ClientError as error:
        if not is_missing(error):
            raise
        print(f"{name} is not deployed; it will begin with {active.file}.")


def _record(report: Path, name: str, folder: Path) -> int:
    try:
        print(model_records.record(report, name, folder))
    except BadRecord as error:
        print(f"{report} is no record of {name}: {error}", file=sys.stderr)
        return 1
    return 0


def main(
    arguments: list[str],
    connect: Callable[[], Platform] = platform,
    folder: Path = CHECKOUT_MODEL_DIR,
) -> int:
    """Carry out one command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.at STAGE infra.models",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="all registered models (*: active), and what was active when")
    commands.add_parser("register", help="the models of this checkout")
    switch = commands.add_parser("activate", help="let a registered model answer")
    switch.add_argument("name", help="as `list` shows it, for instance rodinka-2")
    switch.add_argument("--new-only", action="store_true", help="stored images keep their opinion")
    commands.add_parser("reclassify", help="the active model judges stored images again")
    commands.add_parser("count", help="how many images have whose opinion; reads them all")
    switch.add_argument("--unseen", action="store_true", help="though it is not in this checkout")
    keep = commands.add_parser("record", help="keep the passed test of a model beside it")
    keep.add_argument("report", type=Path, help="JSON of the evaluation")
    keep.add_argument("name", help="of the model in the checkout")
    asked = parser.parse_args(arguments)
    if asked.command == "record":
        return _record(asked.report, asked.name, folder)
    platform = connect()
    try:
        if asked.command == "register":
            register_all(platform, folder)
        elif asked.command == "activate":
            activate(platform, asked.name, folder, unseen=asked.unseen, new_only=asked.new_only)
        elif asked.command == "reclassify":
            reclassify(platform)
        elif asked.command == "count":
            for model, images in opinions(platform).most_common():
                print(f"{images:>9,}  {model}")
            return 0
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    show(platform, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
