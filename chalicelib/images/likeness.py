"""What a picture looks like, as far as near-duplicates are found by it, and where it waits for that.

It stands on the item of the picture's pixels, so that every image which shows them shares it, and it
goes with the last of them. Two lists of the index `by_clinic` hold the items of pixels: those not yet
compared with all others (`fresh`), and the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.platform.clock import moment, timestamp

SHARDS: Final = 8
"""Of each list, so that no list takes all writes."""
FRESH, COMPARED = "fresh-pictures", "pictures"


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """The perceptual hash (64 hex digits) and, where a model saw the picture, its embedding.

    `embedding` is float16, little endian, of unit length. Only embeddings of one `model` (its name and
    version) are compared, and only where its card says from which cosine on (`cosine`) two are near.
    """

    perceptual_hash: str
    embedding: bytes | None = None
    model: str | None = None
    cosine: float | None = None


def likeness(perceptual_hash: str, opinion: Mapping[str, Any] | None) -> Likeness:
    """Of a picture with the model's stored opinion."""
    if opinion is None or not {"embedding", "near_cosine"} <= opinion.keys():
        return Likeness(perceptual_hash=perceptual_hash)
    return Likeness(
        perceptual_hash=perceptual_hash,
        embedding=opinion["embedding"],
        model=f"{opinion['model']['name']} {opinion['model']['version']}",
        cosine=opinion["near_cosine"],
    )


def entered(pixel_hash: str, seen: Likeness, at: datetime) -> tuple[dict[str, Any], list[str]]:
    """The attributes that enter a picture among the fresh ones, and those that go."""
    told = {name: value for name, value in vars_of(seen).items() if value is not None}
    gone = [name for name, value in vars_of(seen).items() if value is None]
    return told | listed(FRESH, pixel_hash, at), gone


def listed(name: str, pixel_hash: str, at: datetime) -> dict[str, str]:
    """The attributes that put a picture into one of the lists, by the time it was entered."""
    return {
        "clinic_id": shard(name, int(pixel_hash[:2], 16) % SHARDS),
        "clinic_order": f"{timestamp(at)}#{pixel_hash}",
    }


def shard(name: str, number: int) -> str:
    return f"{name}#{number}"


def entered_at(order: str) -> datetime:
    """When the picture of this `clinic_order` was entered."""
    return moment(order.partition("#")[0])


def vars_of(seen: Likeness) -> dict[str, Any]:
    """By the names of the attributes."""
    return {
        "perceptual_hash": seen.perceptual_hash,
        "embedding": seen.embedding,
        "model": seen.model,
        "cosine": seen.cosine,
    }
