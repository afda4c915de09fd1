"""A stage with its functions, a checkout's models beside it, and the operator's command on both."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from chalicelib.classification import registry
from chalicelib.classification.registry import SHIPPED
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from infra import models
from infra.models import RUN_MODELS
from infra.steps.deployment import function_name
from tests.classification.admitting import passed
from tests.world import World

CARD = json.loads((CHECKOUT_MODEL_DIR / f"{SHIPPED}.json").read_bytes())


def two_models(folder: Path) -> Path:
    """The folder, with the shipped model in it and a later one, both of which passed their test."""
    for ending in ("onnx", "json"):
        name = f"{SHIPPED}.{ending}"
        shutil.copyfile(CHECKOUT_MODEL_DIR / name, folder / name)
    passes(folder, SHIPPED)
    write(folder, "rodinka-3", b"later weights", version="3.0.0")
    return folder


def write(folder: Path, file: str, content: bytes, **card: Any) -> None:
    """A model of this content, with a card and a passed test that fit it unless told otherwise."""
    fitting = CARD | {"sha256": hashlib.sha256(content).hexdigest()} | card
    (folder / f"{file}.onnx").write_bytes(content)
    (folder / f"{file}.json").write_text(json.dumps(fitting))
    passes(folder, file)


def passes(folder: Path, file: str) -> None:
    record = passed(sha256_of(folder, file))
    (folder / f"{file}.calibration.json").write_text(record.model_dump_json())


def sha256_of(folder: Path, file: str) -> str:
    return hashlib.sha256((folder / f"{file}.onnx").read_bytes()).hexdigest()


def command(world: World, folder: Path, *arguments: str) -> int:
    return models.main([*arguments], lambda: world.platform, folder)


def active_file(world: World) -> str | None:
    found = registry.active(world.platform)
    return found.file if found else None


def descriptions(world: World) -> dict[str, str]:
    """Of the functions that run models; a changed one means new containers."""
    client = world.platform.client("lambda")
    return {
        function: client.get_function_configuration(FunctionName=function_name("test", function))[
            "Description"
        ]
        for function in RUN_MODELS
    }
