"""One new picture beside all that are known: by the gallery, and by plain comparing; memory of it all."""

import random
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np

from benchmarks.table import Row
from chalicelib.duplicates.matching import Gallery, positions
from chalicelib.duplicates.model import HASH_WITH_EMBEDDING
from chalicelib.images.likeness import Likeness

KNOWN: Final = 100_000
EMBEDDING: Final = 128
ROUNDS: Final = 7
PLAIN: Final = 5_000
"""So many are compared one by one; the rest would take as long each."""
FASTER: Final = 10.0
BYTES_EACH: Final = 420.0


def rows() -> list[Row]:
    """How much faster a picture is compared than one by one, and the bytes that a known one takes."""
    chance = random.Random(1)
    gallery, plain = Gallery(), []
    for number in range(KNOWN):
        perceptual = chance.randbytes(32).hex()
        plain.append(int(perceptual, 16))
        gallery.add(f"{number:064x}", _seen(perceptual, chance))
    new = _seen(chance.randbytes(32).hex(), chance)
    ours, one_by_one = [], []
    for _ in range(ROUNDS):
        began = perf_counter()
        found = gallery.near("f" * 64, new)
        ours.append((perf_counter() - began) / KNOWN)
        began = perf_counter()
        lying = [int(each.tobytes().hex(), 16) for each in positions(new.perceptual_hash)]
        near = [
            known
            for known in plain[:PLAIN]
            if min((known ^ each).bit_count() for each in lying) <= HASH_WITH_EMBEDDING
        ]
        one_by_one.append((perf_counter() - began) / PLAIN)
        assert not found
        assert not near
    return [
        Row(
            f"pictures compared, of {KNOWN:,}, beside integers",
            1 / median(ours),
            1 / median(one_by_one),
            "a second",
            FASTER,
            at_least=True,
        ),
        Row(
            "memory for a known picture",
            gallery.size_in_bytes / KNOWN,
            None,
            "bytes",
            BYTES_EACH,
        ),
    ]


def _seen(perceptual_hash: str, chance: random.Random) -> Likeness:
    values = np.frombuffer(chance.randbytes(EMBEDDING), np.int8).astype("<f2")
    return Likeness(
        perceptual_hash=perceptual_hash, embedding=values.tobytes(), model="m 1", cosine=0.99
    )
