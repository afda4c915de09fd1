"""Figures of a model on photographs it never saw, each with its 95 % interval.

Photographs of one lesion resemble each other, so the bootstrap draws lesions, not photographs
(Field & Welsh 2007); intervals over photographs would be too narrow.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix

from chalicelib.platform.lesion_classes import MALIGNANT, LesionClass
from training.calibrate import expected_calibration_error
from training.data import CLASSES
from training.outlines import outline_errors
from training.pixels import Examples
from training.serve import Predictions

Floats = NDArray[np.float64]
REPLICATES: Final = 1000
MELANOMA: Final = CLASSES.index(LesionClass.MELANOMA)
BAD: Final = [CLASSES.index(c) for c in sorted(MALIGNANT)]


def malignant_score(probabilities: Floats) -> Floats:
    """Return the sum of the malignant classes' probabilities, (N,)."""
    score: Floats = probabilities[:, BAD].sum(axis=1)
    return score


def report(
    predictions: Predictions,
    examples: Examples,
    *,
    alert_threshold: float,
    seed: int,
    replicates: int = REPLICATES,
) -> dict[str, Any]:
    """Return every figure of the card's `hold_out`, with bootstrap intervals over lesions.

    alert_threshold: of the melanoma probability.
    """
    labels, scores = examples.labels, predictions.probabilities
    found = scores.argmax(axis=1)
    malignant = np.isin(labels, BAD)
    weights = lesion_weights(examples.lesions, np.random.default_rng(seed), replicates)

    def auc(positive: NDArray[np.bool_], score: Floats) -> dict[str, float]:
        return spread(aucs(positive, score, weights))

    def share(hits: NDArray[np.bool_], of: Floats) -> dict[str, float]:
        return interval(lambda w: float(np.average(hits, weights=w)), of)

    is_melanoma = labels == MELANOMA
    alerted = scores[:, MELANOMA] >= alert_threshold
    seven_labels, seven_found = seven(labels, scores)
    figures: dict[str, Any] = {
        "images": len(examples),
        "lesions": len(set(examples.lesions)),
        "interval": f"95 % percentile bootstrap over lesions, {replicates} replicates",
        "melanoma_auc": auc(is_melanoma, scores[:, MELANOMA]),
        "malignant_auc": auc(malignant, malignant_score(scores)),
        "malignant_classes": sorted(MALIGNANT),
        "class_auc": {c: auc(labels == k, scores[:, k]) for k, c in enumerate(CLASSES)},
        "accuracy": share(found == labels, weights),
        "balanced_accuracy": interval(lambda w: _balanced(labels, found, w), weights),
        "balanced_accuracy_of_seven": interval(
            lambda w: _balanced(seven_labels, seven_found, w), weights
        ),
        "calibration_error": interval(
            lambda w: expected_calibration_error(scores, labels, weights=w), weights
        ),
        "melanoma_alert": {
            "sensitivity": share(alerted[is_melanoma], weights[:, is_melanoma]),
            "specificity": share(~alerted[~is_melanoma], weights[:, ~is_melanoma]),
        },
        "class_images": {c: int((labels == k).sum()) for k, c in enumerate(CLASSES)},
        "confusion": {
            "rows": "true class",
            "columns": "class of highest probability",
            "counts": confusion_matrix(labels, found, labels=range(len(CLASSES))).tolist(),
        },
        "same_lesion_found": _same_lesion_found(predictions.embeddings, examples.lesions),
    }
    if (known := examples.outlined).any():
        dice, area = outline_errors(predictions.outlines[known], examples.outlines[known])
        theirs = weights[:, known]
        figures["outline_dice"] = interval(lambda w: float(np.average(dice, weights=w)), theirs)
        figures["outline_area_error"] = interval(lambda w: _weighted_median(area, w), theirs)
    return figures


def seven(
    labels: NDArray[np.int64], probabilities: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return true and likeliest class with the two classes of HAM10000's `akiec` taken as one."""
    actinic = CLASSES.index(LesionClass.ACTINIC_KERATOSIS)
    squamous = CLASSES.index(LesionClass.SQUAMOUS_CELL_CARCINOMA)
    together = probabilities.copy()
    together[:, actinic] += together[:, squamous]
    together[:, squamous] = 0
    return np.where(labels == squamous, actinic, labels), together.argmax(axis=1)


def lesion_weights(
    lesions: tuple[str, ...], rng: np.random.Generator, replicates: int = REPLICATES
) -> Floats:
    """Return how often each photograph counts, (1 + replicates, N).

    The first row is ones, the sample itself; each further row draws as many lesions as there are,
    with replacement, and counts their photographs.
    """
    names, lesion_of = np.unique(np.array(lesions), return_inverse=True)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=replicates)
    weights: Floats = np.vstack([np.ones(len(lesions)), drawn[:, lesion_of]])
    return weights


def interval(figure: Callable[[Floats], float], weights: Floats) -> dict[str, float]:
    """Return a figure of the sample and how far it spreads over its replicates."""
    return spread(np.array([figure(row) for row in weights]))


def spread(values: Floats) -> dict[str, float]:
    """Return the first value with the 2.5th and 97.5th percentile of the others, its replicates.

    A replicate for which the figure is not defined (nan) is left out.
    """
    low, high = np.nanpercentile(values[1:], [2.5, 97.5])
    return {
        name: round(float(value), 4)
        for name, value in (("value", values[0]), ("low", low), ("high", high))
    }


def aucs(positive: NDArray[np.bool_], score: Floats, weights: Floats) -> Floats:
    """Return the area under the curve for each row of weights (R, N), nan where one side is empty.

    As scikit-learn's `roc_auc_score` with sample weights, for a thousand of them at once: the share of
    pairs in which the positive has the higher score, ties counting half.
    """
    order = np.argsort(score)
    begins = np.flatnonzero(np.diff(score[order], prepend=-np.inf))
    counted = weights[:, order]
    found = np.add.reduceat(counted * positive[order], begins, axis=1)
    others = np.add.reduceat(counted * ~positive[order], begins, axis=1)
    below = np.cumsum(others, axis=1) - others / 2
    pairs = found.sum(axis=1) * others.sum(axis=1)
    with np.errstate(invalid="ignore"):
        shares: Floats = (found * below).sum(axis=1) / pairs
    return shares


def _balanced(labels: NDArray[np.int64], found: NDArray[np.int64], weights: Floats) -> float:
    recalls = []
    for k in range(len(CLASSES)):
        ours = (labels == k) * weights
        recalls.append(float((ours * (found == k)).sum() / ours.sum()) if ours.any() else np.nan)
    return float(np.nanmean(recalls))


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    passed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(passed, passed[-1] / 2)])


def _same_lesion_found(
    embeddings: NDArray[np.float32], lesions: tuple[str, ...]
) -> dict[str, float | int]:
    """Of photographs whose lesion was photographed again: for how many is the nearest of it?"""
    names = np.array(lesions)
    similarity = embeddings @ embeddings.T
    np.fill_diagonal(similarity, -np.inf)
    nearest = names[similarity.argmax(axis=1)]
    again = np.array([(names == name).sum() > 1 for name in names])
    share = float((nearest == names)[again].mean()) if again.any() else 0.0
    return {"images": int(again.sum()), "share": round(share, 4)}
