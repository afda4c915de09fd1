"""How far apart a model sees two photographs: the cosine distance of their embeddings. No numpy."""

import struct
from collections.abc import Mapping
from math import isfinite, sqrt
from typing import Any

Opinion = Mapping[str, Any]
"""A stored `classification`; `embedding` in it is float16, little-endian."""


def distance(one: Opinion | None, other: Opinion | None) -> float | None:
    """1 minus the cosine of the angle between two embeddings, 0 to 2.

    None where one has none, or they come from different models or versions: their spaces differ.
    """
    if one is None or other is None or one.get("model") != other.get("model"):
        return None
    first, second = _embedding(one), _embedding(other)
    if first is None or second is None or len(first) != len(second):
        return None
    cosine = sum(a * b for a, b in zip(first, second, strict=True))
    return min(2.0, max(0.0, 1 - cosine))


def _embedding(opinion: Opinion) -> list[float] | None:
    """The embedding brought to unit length; None without one, or where it points nowhere."""
    data = opinion.get("embedding")
    if not data or len(data) % 2:
        return None
    values = struct.unpack(f"<{len(data) // 2}e", data)
    length = sqrt(sum(value * value for value in values))
    return [value / length for value in values] if length and isfinite(length) else None
