"""Which pictures are near: all that are known, held in memory, and one compared with all of them.

A picture that is turned or mirrored has the same frequencies, transposed or with the signs of the odd
ones changed. So one stored hash is compared in eight positions, and no picture is hashed eight times.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.duplicates.model import HASH_ALONE, HASH_WITH_EMBEDDING, MOST_AT_ONCE, Near
from chalicelib.images.likeness import Likeness

WORDS: Final = 4
"""A hash as 64-bit words."""
BLOCK: Final = 8_192
"""Pictures compared at a stroke: a quarter of a megabyte of hashes, which a core's own cache holds."""
GROWTH: Final = 1.25

Words = NDArray[np.uint64]

_BITS: Final = np.arange(256).reshape(16, 16)
_ODD: Final = np.arange(16) % 2 == 1


def positions(perceptual_hash: str) -> Words:
    """The hash of a picture as it lies, and turned and mirrored: shape (8, 4)."""
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(perceptual_hash), np.uint8)).reshape(16, 16)
    lying = []
    for way in (bits, bits.T):
        for across in (False, True):
            for down in (False, True):
                # Mirrored across, a frequency changes its sign where its column is odd.
                changed = (_ODD[np.newaxis] & across) ^ (_ODD[:, np.newaxis] & down)
                lying.append(way ^ changed)
    packed = np.packbits(np.array(lying, np.uint8).reshape(8, 256), axis=1)
    return packed.view(np.uint64)


class Gallery:
    """Pictures by hash of their pixels. Some 330 bytes each, with an embedding of 128 numbers."""

    def __init__(self) -> None:
        self._size = 0
        self._names: Words = np.zeros((WORDS, 0), np.uint64)
        self._hashes: Words = np.zeros((WORDS, 0), np.uint64)
        self._embeddings: dict[int, NDArray[np.float16]] = {}
        """By model: rows as of the hashes."""
        self._models: list[str] = []
        self._model_of: NDArray[np.int16] = np.zeros(0, np.int16)

    def __len__(self) -> int:
        return self._size

    @property
    def size_in_bytes(self) -> int:
        """What it holds in memory."""
        rows: list[NDArray[Any]] = [self._names, self._hashes, self._model_of]
        return sum(part.nbytes for part in (*rows, *self._embeddings.values()))

    def put(self, pixel_hash: str, seen: Likeness) -> None:
        """Enter a picture, in the place of what was known of it."""
        at = self._place(pixel_hash)
        if at is None:
            self.add(pixel_hash, seen)
        else:
            self._set(at, seen)

    def add(self, pixel_hash: str, seen: Likeness) -> None:
        """Enter a picture that is not there: it is not looked for."""
        at = self._size
        self._grow(at + 1)
        self._size += 1
        self._names[:, at] = _words(pixel_hash)
        self._set(at, seen)

    def _set(self, at: int, seen: Likeness) -> None:
        self._hashes[:, at] = _words(seen.perceptual_hash)
        self._model_of[at] = -1
        if seen.embedding is not None and seen.model is not None:
            self._model_of[at] = self._model(seen.model)
            self._keep_embedding(self._model_of[at], at, seen.embedding)

    def drop(self, pixel_hash: str) -> None:
        """Forget a picture."""
        at = self._place(pixel_hash)
        if at is None:
            return
        last = self._size - 1
        self._model_of[at] = self._model_of[last]
        for words in (self._names, self._hashes):
            words[:, at] = words[:, last]
        for rows in self._embeddings.values():
            rows[at] = rows[last]
            rows[last] = 0
        self._size = last

    def near(self, pixel_hash: str, seen: Likeness) -> list[Near]:
        """The pictures near this one, the nearest first, at most `MOST_AT_ONCE`."""
        rows, distances = self._alike(positions(seen.perceptual_hash))
        cosines = self._cosines(rows, seen)
        sure = distances <= HASH_ALONE
        if seen.cosine is not None:
            # A cosine that is not known is nan, and no nan is large enough.
            sure |= cosines >= seen.cosine
        found = [
            Near(
                self._names[:, row].tobytes().hex(),
                int(distance),
                None if np.isnan(cosine) else round(float(cosine), 4),
            )
            for row, distance, cosine in zip(
                rows[sure], distances[sure], cosines[sure], strict=True
            )
        ]
        others = (near for near in found if near.pixel_hash != pixel_hash)
        return sorted(others, key=lambda near: (near.distance, near.pixel_hash))[:MOST_AT_ONCE]

    def _alike(self, lying: Words) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
        """Rows whose hash differs in at most `HASH_WITH_EMBEDDING` bits in some position."""
        rows, distances = [], []
        for start in range(0, self._size, BLOCK):
            block = self._hashes[:, start : min(start + BLOCK, self._size)]
            nearest = np.full(block.shape[1], 256, np.uint16)
            for position in lying:
                counts = np.bitwise_count(block ^ position[:, np.newaxis])
                # Two words at a time: four could be 256, which a byte does not hold.
                half, rest = counts[0] + counts[1], counts[2] + counts[3]
                np.minimum(nearest, np.add(half, rest, dtype=np.uint16), out=nearest)
            found = np.flatnonzero(nearest <= HASH_WITH_EMBEDDING)
            rows.append(found + start)
            distances.append(nearest[found])
        if not rows:
            return np.zeros(0, np.intp), np.zeros(0, np.uint16)
        return np.concatenate(rows), np.concatenate(distances)

    def _cosines(self, rows: NDArray[np.intp], seen: Likeness) -> NDArray[np.float32]:
        cosines = np.full(len(rows), np.nan, np.float32)
        if seen.embedding is None or seen.model not in self._models:
            return cosines
        model = self._models.index(seen.model)
        own = _unit(np.frombuffer(seen.embedding, "<f2")[np.newaxis])[0]
        same = (self._model_of[rows] == model) & (self._embeddings[model].shape[1] == len(own))
        cosines[same] = _unit(self._embeddings[model][rows[same]]) @ own
        return cosines

    def _place(self, pixel_hash: str) -> int | None:
        wanted = _words(pixel_hash)
        maybe = np.flatnonzero(self._names[0, : self._size] == wanted[0])
        found = (int(at) for at in maybe if (self._names[:, at] == wanted).all())
        return next(found, None)

    def _model(self, name: str) -> int:
        if name not in self._models:
            self._models.append(name)
        return self._models.index(name)

    def _keep_embedding(self, model: int, at: int, embedding: bytes) -> None:
        values = np.frombuffer(embedding, "<f2")
        rows = self._embeddings.get(model)
        if rows is None:
            rows = np.zeros((len(self._model_of), len(values)), np.float16)
            self._embeddings[model] = rows
        if rows.shape[1] == len(values):
            rows[at] = values
        else:  # not of this model, whatever it says
            self._model_of[at] = -1

    def _grow(self, size: int) -> None:
        if size <= len(self._model_of):
            return
        room = max(size, int(len(self._model_of) * GROWTH), 1_024)
        self._model_of = _longer(self._model_of, room)
        self._names = _longer(self._names.T, room).T.copy()
        self._hashes = _longer(self._hashes.T, room).T.copy()
        for model, rows in self._embeddings.items():
            self._embeddings[model] = _longer(rows, room)


def _words(digits: str) -> Words:
    return np.frombuffer(bytes.fromhex(digits), np.uint64)


def _longer(rows: NDArray[Any], room: int) -> NDArray[Any]:
    longer = np.zeros((room, *rows.shape[1:]), rows.dtype)
    longer[: len(rows)] = rows
    return longer


def _unit(rows: NDArray[np.float16]) -> NDArray[np.float32]:
    wide = rows.astype(np.float32)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    return (wide / np.where(lengths > 0, lengths, 1)).astype(np.float32)
