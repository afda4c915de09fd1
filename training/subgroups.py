"""Figures by sex, age, site and a proxy of skin tone, and how often each score was right."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.classification.inference.six_colours import to_lab
from chalicelib.labelling.intervals import wilson
from training.data import CLASSES, Photograph
from training.pixels import Examples
from training.report import BAD, MELANOMA, aucs, interval, lesion_weights, malignant_score, spread
from training.serve import Predictions

Floats = NDArray[np.float64]
REPLICATES: Final = 300
FEWEST: Final = 20
"""A group with fewer photographs, or fewer positives among them than a quarter of it, has no figure."""
OLDEST: Final = 120
AGES: Final = ((0, 40), (40, 55), (55, 70), (70, OLDEST))
TONES: Final = (
    (55.0, 90.0, "very light"),
    (41.0, 55.0, "light"),
    (28.0, 41.0, "intermediate"),
    (10.0, 28.0, "tan"),
    (-90.0, 10.0, "brown or dark"),
)
"""Individual typology angle in degrees, and its name (Del Bino & Bernerd 2013)."""
BINS: Final = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


def by_group(
    predictions: Predictions, examples: Examples, photographs: Sequence[Photograph], *, seed: int
) -> dict[str, list[dict[str, Any]]]:
    """Return melanoma AUC, malignant AUC and accuracy of each group, by what divides them.

    photographs: those of the examples, in their order.
    """
    labels, scores = examples.labels, predictions.probabilities
    right = scores.argmax(axis=1) == labels
    found: dict[str, list[dict[str, Any]]] = {}
    for divided_by, name, chosen in _groups(examples, photographs):
        if chosen.sum() < FEWEST:
            continue
        lesions = tuple(np.array(examples.lesions)[chosen])
        weights = lesion_weights(lesions, np.random.default_rng(seed), REPLICATES)
        ours, theirs = labels[chosen], scores[chosen]
        group: dict[str, Any] = {"group": name, "images": int(chosen.sum())}
        for figure, positive, score in (
            ("melanoma_auc", ours == MELANOMA, theirs[:, MELANOMA]),
            ("malignant_auc", np.isin(ours, BAD), malignant_score(theirs)),
        ):
            group[figure.replace("auc", "images")] = int(positive.sum())
            enough = min(positive.sum(), (~positive).sum()) >= FEWEST / 4
            group[figure] = spread(aucs(positive, score, weights)) if enough else None
        group["accuracy"] = interval(partial(_average, right[chosen]), weights)
        found.setdefault(divided_by, []).append(group)
    return found


def typology_angles(examples: Examples) -> Floats:
    """Return the individual typology angle of the skin around each lesion, in degrees, (N,).

    arctan((L* - 50) / b*) of the median colour outside the outline and inside the round field of
    view (Chardon et al. 1991). A camera's colours are not calibrated, so it is a proxy.
    """
    return np.array(
        [
            _angle(image[(outline < 26) & (image.max(axis=2) > 60)])
            for image, outline in zip(examples.images, examples.outlines, strict=True)
        ]
    )


def reliability(probabilities: Floats, labels: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return, by range of the highest probability, how many had the diagnosis it was of.

    First over all classes (`class` None), then for each class where at least `FEWEST` photographs
    fell; `low` and `high` are Wilson's 95 % interval of the share.
    """
    confidence, found = probabilities.max(axis=1), probabilities.argmax(axis=1)
    rows = []
    for position in (None, *range(len(CLASSES))):
        for low, high in pairwise(BINS):
            chosen = (confidence >= low) & ((confidence < high) | (high == 1.0))
            if position is not None:
                chosen &= found == position
            images, right = int(chosen.sum()), int((found == labels)[chosen].sum())
            if images < FEWEST and not (position is None and images):
                continue
            least, most = wilson(right, images)
            rows.append(
                {
                    "class": None if position is None else CLASSES[position],
                    "from": low,
                    "to": high,
                    "images": images,
                    "right": right,
                    "low": round(least, 4),
                    "high": round(most, 4),
                }
            )
    return rows


def _groups(
    examples: Examples, photographs: Sequence[Photograph]
) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    for name in ("female", "male"):
        yield "sex", name, np.array([p.sex == name for p in photographs])
    for youngest, above in AGES:
        inside = [p.age is not None and youngest <= p.age < above for p in photographs]
        name = f"{youngest} to {above - 1}" if above < OLDEST else f"{youngest} and older"
        yield "age", name, np.array(inside)
    for site in sorted({p.site for p in photographs if p.site}):
        yield "site", site, np.array([p.site == site for p in photographs])
    angles = typology_angles(examples)
    for low, high, name in TONES:
        yield "skin tone", name, (angles > low) & (angles <= high)


def _average(hits: NDArray[np.bool_], weights: Floats) -> float:
    return float(np.average(hits, weights=weights))


def _angle(skin: NDArray[np.uint8]) -> float:
    if len(skin) < FEWEST:
        return float("nan")
    median = np.median(skin, axis=0).round().astype(np.uint8)
    lightness, _, yellow = to_lab(median[None, None])[0, 0].tolist()
    return float(np.degrees(np.arctan2(lightness - 50, yellow)))
