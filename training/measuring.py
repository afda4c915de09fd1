"""How far what is measured on a model's outlines can be trusted: the `measuring` of its card.

Deviations are compared with the doubtful part of each map (`measure.doubtful`), so that a lesion with a blurred
border gets a wider interval than one with a sharp one. Lesions that the picture's edge cuts are left out.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.classification.inference.measure import CUT, area_error, doubtful
from chalicelib.classification.inference.outline import contour, largest_region
from chalicelib.classification.inference.shapes import area, longest_diameter, on_edge

Floats = NDArray[np.float64]
COVERED = 95
"""Percent of the deviations that an interval is to cover."""


def measuring(
    maps: NDArray[np.float32],
    experts: NDArray[np.uint8],
    embeddings: NDArray[np.float32],
    lesions: tuple[str, ...],
    *,
    aspect: float,
) -> dict[str, Any]:
    """The factors of a card's `measuring`, and the figures behind them, on lesions held out of training.

    maps: probabilities (N, h, w); experts: outlines (N, H, W), 0 to 255; embeddings: (N, d); lesions: N names;
    aspect: height over width of the photographs before they were squeezed. Photographs of one lesion that
    follow each other are taken for repeats. `area_error` is the median of |measured / expert's - 1| over all
    photographs that both see whole.
    """
    sizes: dict[int, Floats] = {}
    missed = []
    for row, (scores, expert) in enumerate(zip(maps, experts, strict=True)):
        ours, theirs = _sizes(scores, aspect), _sizes(expert.astype(np.float32) / 255, aspect)
        if ours is not None and theirs is not None:
            doubt = doubtful(largest_region(scores), scores)
            sizes[row] = np.array([*np.log(ours / theirs), doubt])
            missed.append(abs(area_error(scores, expert >= 128)))
    each = np.array(list(sizes.values()))
    repeats = np.array([_apart(sizes[a], sizes[b]) for a, b in _repeats(lesions, sizes)])
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    gaps = [1 - float(unit[a] @ unit[b]) for a, b in _repeats(lesions, sizes)]
    return {
        "area": _factor(each[:, 0], each[:, 2]),
        "diameter": _factor(each[:, 1], each[:, 2]),
        "area_repeat": _factor(repeats[:, 0], repeats[:, 2]),
        "diameter_repeat": _factor(repeats[:, 1], repeats[:, 2]),
        "repeat_distance": round(float(np.percentile(gaps, COVERED)), 4),
        "area_error": round(float(np.median(missed)), 4),
        "images": len(sizes),
        "repeats": len(repeats),
    }


def _sizes(scores: NDArray[np.float32], aspect: float) -> Floats | None:
    """Area and longest diameter; None of a lesion that is not there, or not whole."""
    border = contour(largest_region(scores), scores)
    if len(border) < 3 or on_edge(border) > CUT:
        return None
    in_widths = border * (1, aspect)
    return np.array([area(in_widths), longest_diameter(in_widths)])


def _repeats(lesions: tuple[str, ...], rows: dict[int, Floats]) -> Iterator[tuple[int, int]]:
    by_lesion: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_lesion[lesions[row]].append(row)
    for several in by_lesion.values():
        yield from pairwise(several)


def _apart(one: Floats, other: Floats) -> Floats:
    """How differently two photographs miss their experts' outlines, beside both doubts together."""
    return np.array([*(other[:2] - one[:2]), np.hypot(one[2], other[2])])


def _factor(deviations: Floats, doubts: Floats) -> float:
    return round(float(np.percentile(np.abs(deviations) / doubts, COVERED)), 3)
