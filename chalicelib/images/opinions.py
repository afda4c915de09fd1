"""A model's opinion of an image takes the place of another's, which is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase

from chalicelib.images.items import read_image
from chalicelib.images.model import LABELLABLE, Image, Kind, State
from chalicelib.images.store import LostStep
from chalicelib.platform import keys
from chalicelib.platform.table import Change, ConditionFailed, Table

KEPT: Final = 4
"""Earlier opinions that an image keeps, each of another model: up to 3.4 KB each."""

Opinion = Mapping[str, Any]


def has_opinion(image: Image) -> bool:
    """Whether a model has judged it, so that another may: not a photograph, not withdrawn."""
    return (
        image.kind is Kind.DERMOSCOPIC
        and image.state in LABELLABLE
        and image.classification is not None
        and image.intake is not None
    )


def kept_opinion(image: Image, model: Mapping[str, str]) -> Opinion | None:
    """What this model (name, version) said of it earlier, if that is kept."""
    of_model = (each for each in image.earlier_opinions if each["model"] == model)
    return next(of_model, None)


@dataclass(frozen=True)
class OpinionStore:
    """Replaces opinions: one conditional write, which touches neither state, label nor deadline."""

    table: Table

    def replace(
        self, image: Image, opinion: Opinion, *, perceptual_hash: str | None = None
    ) -> Image:
        """Let `opinion` be that of the image, and keep the one it has among the earlier ones.

        An image from before pictures were compared gets its `perceptual_hash` by the way.
        Raises `LostStep` when it is no longer the one that was seen, or the image is withdrawn.
        """
        before = image.classification
        if before is None:
            raise ValueError("an image without an opinion has none to replace")
        earlier = [
            *(each for each in image.earlier_opinions if each["model"] != opinion["model"]),
            {"at": _formed_at(image), **before},
        ]
        values = {"classification": dict(opinion), "earlier_opinions": earlier[-KEPT:]}
        if perceptual_hash is not None:
            values["intake.perceptual_hash"] = perceptual_hash
        try:
            item = self.table.update(
                keys.image(image.image_id), Change(set=values), when=_as_seen(image, before)
            )
        except ConditionFailed as error:
            raise LostStep(read_image(error.found) if error.found else None) from None
        return read_image(item)


def _as_seen(image: Image, opinion: Opinion) -> ConditionBase:
    kept = Attr("earlier_opinions")
    as_many = kept.size().eq(len(image.earlier_opinions))
    return (
        Attr("state").is_in([state.value for state in sorted(LABELLABLE)])
        & Attr("version").eq(image.version)
        & Attr("classification.model").eq(dict(opinion["model"]))
        & (as_many if image.earlier_opinions else kept.not_exists())
    )


def _formed_at(image: Image) -> str:
    """When the intake classified it: opinions did not always bear their time."""
    steps = (step["at"] for step in image.history if step["state"] == State.CLASSIFIED.value)
    return next(steps, image.history[-1]["at"])
