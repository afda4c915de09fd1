"""Figures of a model on photographs it never saw, each with its 95 % interval.

Photographs of one lesion resemble each other, so the bootstrap draws lesions, not photographs
(Field & Welsh 2007); intervals over photographs would be too narrow.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import confusion_matrix, roc_auc_score

from chalicelib.platform.lesion_classes import MALIGNANT
from training.data import CLASSES
from training.pixels import Examples

Floats = NDArray[np.float64]
REPLICATES = 1000


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the served file said: probabilities (N, 8), outlines (N, h, w), embeddings (N, d)."""

    probabilities: Floats
    outlines: NDArray[np.float32]
    embeddings: NDArray[np.float32]


def run(session: onnxruntime.InferenceSession, images: NDArray[np.uint8]) -> Predictions:
    """Run photographs, uint8 (N, H, W, 3), through the served file, 16 at a time."""
    parts = [
        session.run(
            ["probabilities", "outline", "embedding"], {"pixels": images[start : start + 16]}
        )
        for start in range(0, len(images), 16)
    ]
    probabilities, outlines, embeddings = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    return Predictions(probabilities.astype(np.float64), outlines, embeddings)


def malignant_score(probabilities: Floats) -> Floats:
    """Return the sum of the malignant classes' probabilities, (N,)."""
    score: Floats = probabilities[:, [CLASSES.index(c) for c in sorted(MALIGNANT)]].sum(axis=1)
    return score


def report(
    predictions: Predictions,
    examples: Examples,
    *,
    class_shares: Floats,
    alert_threshold: float,
    seed: int,
    replicates: int = REPLICATES,
) -> dict[str, Any]:
    """Return every figure of the card's `hold_out`, with bootstrap intervals over lesions.

    class_shares (8,): the natural frequencies the probabilities follow; divided out again for the
    balanced accuracy at equal frequencies. alert_threshold: of the melanoma probability.
    """
    labels, scores = examples.labels, predictions.probabilities
    found = scores.argmax(axis=1)
    found_at_equal = (scores / class_shares).argmax(axis=1)
    malignant = np.isin(labels, [CLASSES.index(c) for c in MALIGNANT])
    weights = lesion_weights(examples.lesions, np.random.default_rng(seed), replicates)

    def auc(positive: NDArray[np.bool_], score: Floats) -> dict[str, float]:
        return interval(lambda w: _weighted_auc(positive, score, w), weights)

    def share(hits: NDArray[np.bool_], of: Floats) -> dict[str, float]:
        return interval(lambda w: float(np.average(hits, weights=w)), of)

    melanoma = CLASSES.index("melanoma")
    is_melanoma = labels == melanoma
    alerted = scores[:, melanoma] >= alert_threshold
    figures: dict[str, Any] = {
        "images": len(examples),
        "lesions": len(set(examples.lesions)),
        "interval": f"95 % percentile bootstrap over lesions, {replicates} replicates",
        "melanoma_auc": auc(is_melanoma, scores[:, melanoma]),
        "malignant_auc": auc(malignant, malignant_score(scores)),
        "malignant_classes": sorted(MALIGNANT),
        "class_auc": {c: auc(labels == k, scores[:, k]) for k, c in enumerate(CLASSES)},
        "accuracy": share(found == labels, weights),
        "balanced_accuracy": interval(lambda w: _balanced(labels, found, w), weights),
        "balanced_accuracy_at_equal_frequencies": interval(
            lambda w: _balanced(labels, found_at_equal, w), weights
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
    if examples.outlined.all():
        dice = outline_dice(predictions.outlines, examples.outlines)
        figures["outline_dice"] = interval(lambda w: float(np.average(dice, weights=w)), weights)
    return figures


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
    """Return a figure of the sample with the 2.5th and 97.5th percentile of its replicates.

    A replicate for which the figure is not defined (nan) is left out.
    """
    replicates = [figure(row) for row in weights[1:]]
    low, high = np.nanpercentile(replicates, [2.5, 97.5])
    value = figure(weights[0])
    return {"value": round(value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def outline_dice(drawn: NDArray[np.float32], expert: NDArray[np.uint8]) -> Floats:
    """Return the Dice coefficient of each photograph's outline at the expert's size, (N,).

    drawn: probabilities (N, h, w); expert: (N, H, W), 0 to 255. Both are cut at one half.
    """
    height, width = expert.shape[1:]
    dice = np.empty(len(expert))
    for row, (probability, mask) in enumerate(zip(drawn, expert, strict=True)):
        enlarged = Image.fromarray(probability).resize((width, height), Image.Resampling.BILINEAR)
        ours, theirs = np.asarray(enlarged) >= 0.5, mask >= 128
        total = int(ours.sum()) + int(theirs.sum())
        dice[row] = 2 * int((ours & theirs).sum()) / total if total else 1.0
    return dice


def milliseconds_an_image(
    session: onnxruntime.InferenceSession, image: NDArray[np.uint8], runs: int = 30
) -> float:
    """Return the time of one photograph, (H, W, 3), in milliseconds.

    The shortest of the runs: all that makes others longer is not the model's doing.
    """
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        session.run(None, {"pixels": image[None]})
        times.append((time.perf_counter() - started) * 1000)
    return round(min(times), 1)


def _weighted_auc(positive: NDArray[np.bool_], score: Floats, weights: Floats) -> float:
    if not (weights[positive].any() and weights[~positive].any()):
        return float("nan")
    return float(roc_auc_score(positive, score, sample_weight=weights))


def _balanced(labels: NDArray[np.int64], found: NDArray[np.int64], weights: Floats) -> float:
    recalls = []
    for k in range(len(CLASSES)):
        ours = (labels == k) * weights
        recalls.append(float((ours * (found == k)).sum() / ours.sum()) if ours.any() else np.nan)
    return float(np.nanmean(recalls))


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
