"""Images that look as a test wants, and the background's look at them."""

import hashlib
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import numpy as np

from chalicelib.duplicates.comparing import Memory, compare
from chalicelib.duplicates.matching import Gallery as Matching
from chalicelib.images.likeness import Likeness
from chalicelib.images.pixels import PixelIndex
from chalicelib.platform.values import plain
from tests.images.making import image_of
from tests.merging.clinic import OTHER, Clinic
from tests.patients.asking import Client
from tests.simulation import dynamodb
from tests.world import World

MODEL = "rodinka 2"


def random_hash(seed: int) -> str:
    return Random(seed).randbytes(32).hex()


def changed(perceptual_hash: str, bits: int) -> str:
    """Another in so many of the last bits."""
    return f"{int(perceptual_hash, 16) ^ ((1 << bits) - 1):064x}"


def embedded(perceptual_hash: str, angle: float, *, model: str = MODEL) -> Likeness:
    """With an embedding that is turned so far, in radians, from that of angle 0."""
    values = np.zeros(8, "<f2")
    values[:2] = np.cos(angle), np.sin(angle)
    return Likeness(
        perceptual_hash=perceptual_hash, embedding=values.tobytes(), model=model, cosine=0.98
    )


@dataclass
class Gallery:
    """Images of one clinic, entered as the intake enters them."""

    clinic: Clinic
    memory: Memory = field(default_factory=lambda: Memory(Matching))
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def world(self) -> World:
        return self.clinic.world

    @property
    def index(self) -> PixelIndex:
        return PixelIndex(self.world.platform.cases)

    def image(self, lesion_id: str, seen: Likeness, *, pixels: str = "") -> tuple[str, str]:
        """A classified image and the hash of its pixels."""
        pixel_hash = pixels or hashlib.sha256(str(next(self._numbers)).encode()).hexdigest()
        image_id = self.clinic.classified(lesion_id, pixels=pixel_hash)
        self.index.look_anew(pixel_hash, seen, at=self.world.clock.now())
        return image_id, pixel_hash

    def two_alike(self, bits: int = 20) -> tuple[str, str]:
        """Images of two patients that are near."""
        one, other = self.clinic.patient(), self.clinic.patient(**OTHER)
        first, _ = self.image(one["lesion_id"], Likeness(perceptual_hash=random_hash(1)))
        alike = Likeness(perceptual_hash=changed(random_hash(1), bits))
        return first, self.image(other["lesion_id"], alike)[0]

    def named(self, image_id: str) -> list[str]:
        """The pairs that an image's picture names."""
        intake = image_of(self.world, image_id).intake
        assert intake is not None
        return self.index.pairs(intake.pixel_hash)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The items of a kind in the table, as they lie."""
        table = self.world.platform.settings.table_cases
        return [row for row in map(plain, dynamodb.rows(table)) if row["sk"] == kind]

    def compare(self, memory: Memory | None = None) -> int:
        return compare(self.world.platform, memory or self.memory)


def listed(curator: Client, **query: str) -> list[dict[str, Any]]:
    answer = curator.ask("GET", "/v1/duplicates", query=query)
    assert answer.status == 200, answer.body
    return list(answer.body["items"])
