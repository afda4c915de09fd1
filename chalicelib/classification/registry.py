"""The models that may answer, and which of them does: in the catalogue, else the one the layer ships.

A model is registered under the name of its file. A name never changes its meaning: neither it nor
the name and version on the card, which every image keeps, is given to other content. A model
becomes active only with a passed calibration test (`calibrations`), or when it was active before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.classification.calibrations import admitted
from chalicelib.classification.inference.card import Card
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Item

SHIPPED: Final = "rodinka-2"
NAME: Final = re.compile(r"(?!active$)[a-z0-9][a-z0-9._-]{0,62}")
KEPT: Final = 100
"""Activations that are remembered."""


class NoSuchModel(LookupError):
    """The active model is not in this layer: the layer and the catalogue were not deployed together."""


class BadName(ValueError):
    """Not the name of a model."""


class NameTaken(ValueError):
    """The name, or the name and version on the card, belongs to other content."""


class NotRegistered(LookupError):
    """No model is registered under this name."""


class NotAdmitted(PermissionError):
    """The model has passed no calibration test."""


class ActivatedMeanwhile(RuntimeError):
    """Somebody else has just activated a model."""


@dataclass(frozen=True)
class Model:
    """A registered model."""

    file: str
    """The name it is registered under: that of its file, without the ending."""
    name: str
    version: str
    """Both as on its card, and as images keep them."""
    sha256: str
    card: Mapping[str, Any]
    """What people should know of it; read by nobody else."""
    registered_at: datetime


@dataclass(frozen=True)
class Active:
    """The model that answers. `history`: (file, when) of the latest activations, newest last."""

    file: str
    since: datetime
    history: tuple[tuple[str, datetime], ...]


def active_model_file(platform: Platform) -> Path:
    """The ONNX file of the active model. Raises `NoSuchModel`. One call to AWS.

    Asked by each container once a minute (events/models.py).
    """
    active = platform.catalogue.get(keys.active_model())
    name = active["file"] if active else SHIPPED
    path = platform.settings.models / f"{Path(name).name}.onnx"
    if not path.is_file():
        raise NoSuchModel(name)
    if active and Card.read(path.with_suffix(".json")).sha256 != active["sha256"]:
        raise NoSuchModel(f"{name} as it was registered")
    return path


def register(
    platform: Platform, *, file: str, name: str, version: str, sha256: str, card: Mapping[str, Any]
) -> Model:
    """Register a model; registering it again changes nothing.

    Raises `BadName`, or `NameTaken` when `file`, or `name` and `version`, mean other content.
    """
    if not NAME.fullmatch(file):
        raise BadName(file)
    for other in registered(platform):
        if other.sha256 != sha256 and (
            other.file == file or (other.name, other.version) == (name, version)
        ):
            raise NameTaken(other.file)
    # The roster first: after a crash it may name a model that is not there, and leaves none out.
    platform.catalogue.update(keys.models(), Change(add={"names": {file}}), when=None)
    values = {
        "file": file,
        "name": name,
        "version": version,
        "sha256": sha256,
        "card": dict(card),
        "registered_at": timestamp(platform.clock.now()),
    }
    try:
        item = platform.catalogue.insert(keys.model(file), values)
    except ConditionFailed as error:
        if error.found is None or error.found["sha256"] != sha256:
            raise NameTaken(file) from None
        item = error.found
    return _model(item)


def registered(platform: Platform) -> list[Model]:
    """All registered models, by the time of their registration."""
    roster = platform.catalogue.get(keys.models()) or {}
    names = sorted(roster.get("names", ()))
    items = platform.catalogue.get_many([keys.model(name) for name in names])
    return sorted(map(_model, items), key=lambda model: (model.registered_at, model.file))


def note_carried(platform: Platform, files: Mapping[str, str]) -> None:
    """Note which models the layer has that is being deployed: SHA-256 by file name."""
    platform.catalogue.update(keys.models(), Change(set={"carried": dict(files)}), when=None)


def carried(platform: Platform) -> Mapping[str, str]:
    """The models of the layer that was deployed last; empty where that was never noted. One call."""
    roster = platform.catalogue.get(keys.models()) or {}
    return dict(roster.get("carried", {}))


def active(platform: Platform) -> Active | None:
    """The model made active, or None: then the shipped one answers."""
    item = platform.catalogue.get(keys.active_model())
    return _active(item) if item else None


def activate(platform: Platform, file: str) -> Active:
    """Let a registered model answer from now on; the active one stays as it is.

    One that answered before may always answer again: going back must not wait for a test.
    Raises `NotRegistered`, `NotAdmitted`, or `ActivatedMeanwhile` when it was overtaken.
    """
    model = platform.catalogue.get(keys.model(file)) if NAME.fullmatch(file) else None
    if model is None:
        raise NotRegistered(file)
    before = platform.catalogue.get(keys.active_model())
    if before and before["file"] == file:
        return _active(before)
    earlier = before["history"] if before else []
    was_active = any(each["file"] == file for each in earlier)
    if not was_active and admitted(platform, model["sha256"]) is None:
        raise NotAdmitted(file)
    now = timestamp(platform.clock.now())
    history = [*earlier, {"file": file, "at": now}]
    try:
        item = platform.catalogue.update(
            keys.active_model(),
            Change(set={"file": file, "sha256": model["sha256"], "history": history[-KEPT:]}),
            when=Attr("writer").eq(before["writer"]) if before else ABSENT,
        )
    except ConditionFailed:
        raise ActivatedMeanwhile(file) from None
    return _active(item)


def _model(item: Item) -> Model:
    return Model(
        file=item["file"],
        name=item["name"],
        version=item["version"],
        sha256=item["sha256"],
        card=item["card"],
        registered_at=moment(item["registered_at"]),
    )


def _active(item: Item) -> Active:
    history = tuple((each["file"], moment(each["at"])) for each in item["history"])
    return Active(item["file"], history[-1][1], history)
