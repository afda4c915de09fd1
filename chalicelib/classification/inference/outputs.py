"""What a model's outputs must be before anything of them is kept."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SUM_TOLERANCE: Final = 1e-3
SALIENCY_SIDE: Final = 32
"""A map of saliency is kept with at most so many cells a side."""
MAX_EMBEDDING: Final = 1024
_MILLION: Final = 1_000_000
_FULL: Final = 255


class BadOutput(Exception):
    """The model answered with something that is not what its output means; nothing is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saliency:
    """Where in the picture the evidence for the likeliest class lies, as a grid over all of it.

    `values` is base64 of one byte a cell, by rows from the top left: 0 none, 255 the most.
    """

    width: int
    height: int
    values: str


def distribution(scores: NDArray[Any], length: int) -> list[float]:
    """Probabilities of one image as a list; `scores` must have shape (1, length). Raises `BadOutput`."""
    if scores.shape != (1, length):
        raise BadOutput(f"expected scores of shape (1, {length}), got {scores.shape}")
    values = [float(value) for value in scores[0]]
    if not all(np.isfinite(values)) or min(values) < 0:
        raise BadOutput("scores must be finite and not negative")
    if abs(sum(values) - 1) > SUM_TOLERANCE:
        raise BadOutput(f"scores sum to {sum(values):.4f}, not to 1")
    return values


def in_millionths(values: Sequence[float]) -> list[float]:
    """Round to six digits so that the sum stays 1: the largest remainders are rounded up."""
    scaled = [value / sum(values) * _MILLION for value in values]
    whole = [int(value) for value in scaled]
    by_remainder = sorted(range(len(values)), key=lambda i: whole[i] - scaled[i])
    for index in by_remainder[: _MILLION - sum(whole)]:
        whole[index] += 1
    return [value / _MILLION for value in whole]


def outline(scores: NDArray[Any]) -> NDArray[Any]:
    """The map of the lesion, (h, w), from an output of shape (1, h, w). Raises `BadOutput`."""
    return _one_map(scores, "outline")


def saliency(scores: NDArray[Any]) -> Saliency | None:
    """A grid from a map of shape (1, h, w), not negative, the largest 1. Raises `BadOutput`.

    A cell of a grid that had to be made smaller has the largest of what it covers. None for a map
    of zeros: then nothing in the picture speaks for the class.
    """
    values = _one_map(scores, "saliency")
    if values.min() < 0 or abs(values.max() - 1) > SUM_TOLERANCE:
        if not values.any():
            return None
        raise BadOutput("the saliency must not be negative, and its largest value 1")
    for axis in (0, 1):
        parts = np.array_split(values, min(SALIENCY_SIDE, values.shape[axis]), axis=axis)
        values = np.stack([part.max(axis=axis) for part in parts], axis=axis)
    cells = np.rint(values.clip(0, 1) * _FULL).astype(np.uint8)
    height, width = cells.shape
    return Saliency(
        width=width, height=height, values=base64.b64encode(cells.tobytes()).decode("ascii")
    )


def embedding(values: NDArray[Any]) -> bytes:
    """A vector of shape (1, d) made of unit length, as little-endian float16. Raises `BadOutput`."""
    if values.ndim != 2 or values.shape[0] != 1 or not 1 <= values.shape[1] <= MAX_EMBEDDING:
        raise BadOutput(f"expected one vector, got an embedding of shape {values.shape}")
    vector = values[0].astype(np.float64)
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0:
        raise BadOutput("an embedding must be finite and not zero")
    return bytes((vector / length).astype("<f2").tobytes())


def _one_map(scores: NDArray[Any], name: str) -> NDArray[Any]:
    if scores.ndim != 3 or scores.shape[0] != 1 or not scores.size:
        raise BadOutput(f"the {name} must be one map, not of shape {scores.shape}")
    if not np.isfinite(scores).all():
        raise BadOutput(f"the {name} must be finite")
    one: NDArray[Any] = scores[0]
    return one
