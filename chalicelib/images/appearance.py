"""How far apart a model sees two photographs: the cosine distance of their embeddings. No numpy."""

import struct
from collections.abc import Mapping
from math import isfinite, sqrt
from operator import mul
from typing import Any

from chalicelib.images.reasons import is_judged

Look = tuple[Mapping[str, str], tuple[float, ...]]
"""The model, by name and version, and an embedding of unit length."""


def look(opinion: Mapping[str, Any] | None) -> Look | None:
    """What a stored `classification` knows of a photograph's looks, from its `embedding`: float16,
    little-endian. None without one, where it points nowhere, or of a picture that the model did not judge."""
    data = (opinion or {}).get("embedding")
    if opinion is None or not is_judged(opinion) or not data or len(data) % 2:
        return None
    values = struct.unpack(f"<{len(data) // 2}e", data)
    length = sqrt(sum(value * value for value in values))
    if not length or not isfinite(length):
        return None
    return opinion["model"], tuple(value / length for value in values)


def distance(one: Look | None, other: Look | None) -> float | None:
    """1 minus the cosine of the angle between two embeddings, 0 to 2.

    None where one is missing, or they come from different models or versions: their spaces differ.
    """
    if one is None or other is None or one[0] != other[0] or len(one[1]) != len(other[1]):
        return None
    cosine = float(sum(map(mul, one[1], other[1])))
    return min(2.0, max(0.0, 1 - cosine))
