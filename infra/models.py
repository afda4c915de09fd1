"""The models of a stage: which are registered, and which answers.

    python -m infra.at STAGE infra.models list
    python -m infra.at STAGE infra.models register          every model in layers/inference/model
    python -m infra.at STAGE infra.models activate NAME     NAME is that of its file: rodinka-1

`register` checks each .onnx against its card before it writes anything. It is done with every
deployment, before the layer is published, so that a name cannot change its meaning. The first
registration makes the shipped model active; nothing else is activated by it.

`activate` also goes back to an earlier model. The functions can only run what is in their layer: the
model must be in this checkout, and the stage deployed from it. Their containers are then replaced, so
that the change takes effect at once. Images already classified keep the opinion they have.

Exit status: 0; 1 when it was refused.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.classification import registry
from chalicelib.classification.inference.card import BadModel, Card
from chalicelib.classification.registry import Active, Model
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform, platform
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from infra.existing import is_missing
from infra.steps.deployment import function_name

RUN_MODELS: Final = ("classify", "sweep")


class Refused(Exception):
    """Nothing was changed; the sentence says why."""


def register_all(platform: Platform, folder: Path = CHECKOUT_MODEL_DIR) -> list[Model]:
    """Register every model of the folder; the first time, make one active. Raises `Refused`."""
    found = [_described(path) for path in sorted(folder.glob("*.onnx"))]
    if not found:
        raise Refused(f"There is no model in {folder}.")
    models = [_registered(platform, each) for each in found]
    if registry.active(platform) is None:
        files = [model.file for model in models]
        registry.activate(platform, registry.SHIPPED if registry.SHIPPED in files else files[0])
    return models


def activate(
    platform: Platform, name: str, folder: Path = CHECKOUT_MODEL_DIR, *, unseen: bool = False
) -> Active:
    """Let a model answer, and replace the containers. Raises `Refused`.

    Repeating it after a crash replaces those that were not yet. With `unseen`, the model need not be
    in the folder.
    """
    if not unseen and _sha256(folder / f"{name}.onnx") != _sha256_of(platform, name):
        raise Refused(
            f"{name} is not in {folder} as it was registered. If the stage was deployed from here, its "
            "layer lacks it too, and no image could be classified. If it was not: --unseen."
        )
    try:
        active = registry.activate(platform, name)
    except registry.NotRegistered:
        raise _unknown(name) from None
    except registry.ActivatedMeanwhile:
        raise Refused("Somebody else has just activated a model. Look at `list` first.") from None
    for function in RUN_MODELS:
        _replace_containers(platform, function, active)
    return active


def carried(folder: Path = CHECKOUT_MODEL_DIR) -> dict[str, str]:
    """The models of the folder: SHA-256 by name."""
    return {path.stem: _sha256(path) for path in sorted(folder.glob("*.onnx"))}


def _described(path: Path) -> dict[str, Any]:
    """What is registered of a model file and its card. Raises `Refused`."""
    try:
        card = Card.read(path.with_suffix(".json"))
    except BadModel as error:
        raise Refused(str(error)) from None
    if _sha256(path) != card.sha256:
        raise Refused(f"{path.name} is not the model that its card describes.")
    written = json.loads(path.with_suffix(".json").read_bytes())
    told = {
        "date": written.get("date"),
        "summary": written.get("summary"),
        "classes": list(card.classes),
        "abstention_threshold": card.abstention.threshold,
        "licence": written.get("licence"),
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


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _sha256_of(platform: Platform, name: str) -> str:
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


def _show(platform: Platform, folder: Path) -> None:
    models, active = registry.registered(platform), registry.active(platform)
    for model in models:
        here = _sha256(folder / f"{model.file}.onnx") == model.sha256
        mark = "*" if active and active.file == model.file else " "
        place = "" if here else ", not in this checkout"
        print(
            f"{mark} {model.file:20} {model.name} {model.version}, SHA-256 {model.sha256[:12]}…, "
            f"registered {model.registered_at:%Y-%m-%d}{place}"
        )
    if active is None:
        print(f"None is active: {registry.SHIPPED} answers, as the layer ships it.")
        return
    print("Active since:")
    for file, at in reversed(active.history):
        print(f"  {at:%Y-%m-%d %H:%M} UTC  {file}")


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
    switch.add_argument("name", help="as `list` shows it, for instance rodinka-1")
    switch.add_argument("--unseen", action="store_true", help="though it is not in this checkout")
    asked = parser.parse_args(arguments)
    platform = connect()
    try:
        if asked.command == "register":
            register_all(platform, folder)
        elif asked.command == "activate":
            activate(platform, asked.name, folder, unseen=asked.unseen)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    _show(platform, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
