"""Print what the committed model does on lesions it never saw: `make evaluate-model`.

    python -m training.evaluate [--data FOLDER] [--isic2017 FOLDER] [--photographs FOLDER] [--model FILE]

Every figure is computed anew from the model file and the photographs; the card gives the thresholds
only. Exit status: 0; 1 when a figure is no longer what the card says.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.data import KINDS, Part, Photograph, read_ham10000, read_isic2017_test, select
from training.pixels import Examples, Size, load
from training.report import MELANOMA, aucs, lesion_weights, report, spread
from training.serve import Predictions, open_session, run
from training.strangers import strangers
from training.subgroups import by_group, reliability

SEED: Final = 20180814
SHIPPED: Final = Path("layers/inference/model/rodinka-2.onnx")
SHARED: Final = Path("../shared/data")
STRANGERS_EACH: Final = 100
WANTED: Final = {
    "melanoma AUC": ("melanoma_auc", 0.90),
    "malignant AUC": ("malignant_auc", 0.93),
    "balanced accuracy of seven classes": ("balanced_accuracy_of_seven", 0.72),
    "expected calibration error": ("calibration_error", 0.05),
    "outline, Dice": ("outline_dice", 0.93),
    "outline, median error of the area": ("outline_area_error", 0.08),
}
"""What each figure should reach: at least this, or at most for an error."""


def hold_out_figures(
    model: Path, card: dict[str, Any], photographs: Sequence[Photograph], threads: int
) -> tuple[dict[str, Any], Predictions, Examples]:
    """Run the held-out photographs; return the card's `hold_out` section, and what it was made from."""
    size = card["preprocessing"]
    examples = load(photographs, width=size["width"], height=size["height"])
    predictions = run(open_session(model, threads), examples.images)
    figures = report(
        predictions, examples, alert_threshold=card["melanoma_alert"]["threshold"], seed=SEED
    )
    figures["groups"] = by_group(predictions, examples, photographs, seed=SEED)
    figures["reliability"] = reliability(predictions.probabilities, examples.labels)
    if predictions.saliency is not None:
        figures["saliency"] = covered_evidence(
            model, predictions, predictions.saliency, examples, threads
        )
    return figures, predictions, examples


def other_source(model: Path, card: dict[str, Any], isic2017: Path, threads: int) -> dict[str, Any]:
    """Return the melanoma AUC on the validation images of ISIC 2017, which nobody trained on."""
    size = card["preprocessing"]
    found = read_isic2017_test(isic2017)
    examples = load([p for p, _ in found], width=size["width"], height=size["height"])
    melanoma = np.array([is_melanoma for _, is_melanoma in found])
    predictions = run(open_session(model, threads), examples.images)
    weights = lesion_weights(examples.lesions, np.random.default_rng(SEED))
    score = predictions.probabilities[:, MELANOMA]
    figures: dict[str, Any] = {
        "name": "ISIC 2017 challenge, validation images",
        "images": len(examples),
        "melanomas": int(melanoma.sum()),
        "melanoma_auc": spread(aucs(melanoma, score, weights)),
    }
    if predictions.kinds is not None:
        figures["refused"] = _share(predictions.kinds[:, 0] < card["kinds"]["threshold"])
    return figures


def refusals(
    model: Path,
    card: dict[str, Any],
    *,
    held_out: Predictions,
    lesions: Examples,
    photographs: Path | None,
    others: Path | None,
    threads: int,
) -> dict[str, Any]:
    """Return the share of pictures refused as not dermatoscopic, by what they are.

    lesions: held-out photographs with outlines, at their own size, to cut bare skin from.
    """
    size = card["preprocessing"]
    threshold = card["kinds"]["threshold"]
    tested = strangers(
        photographs=photographs,
        others=others,
        lesions=lesions,
        testing=True,
        size=Size(size["width"], size["height"]),
        each=STRANGERS_EACH,
        rng=np.random.default_rng(SEED),
    )
    said = run(open_session(model, threads), tested.images).kinds
    if said is None or held_out.kinds is None:
        raise ValueError(f"{model.name} does not say what kind of picture it sees")
    rows = {"dermatoscopic": _refused(held_out.kinds, threshold)}
    for position in np.unique(tested.kinds):
        rows[KINDS[position]] = _refused(said[tested.kinds == position], threshold)
    return rows


def covered_evidence(
    model: Path,
    predictions: Predictions,
    saliency: NDArray[np.float32],
    examples: Examples,
    threads: int,
    images: int = 200,
) -> dict[str, float | int]:
    """Return how far the likeliest class falls when the salient fifth of a picture is covered.

    Beside it, when as many places chosen by chance are. Both as the mean loss of probability: a map
    that shows where the evidence lies must lose more (the deletion test of Petsiuk et al. 2018).
    """
    rng = np.random.default_rng(SEED)
    chosen = rng.permutation(len(examples))[:images]
    height, width = examples.images.shape[1:3]
    rows, columns = saliency.shape[1:]
    covered = max(1, round(rows * columns / 5))
    by_saliency = {k: np.argsort(-saliency[k].ravel()) for k in chosen}
    by_chance = {k: rng.permutation(rows * columns) for k in chosen}
    lost = []
    for order in (by_saliency, by_chance):
        shown = []
        for k in chosen:
            places = np.zeros(rows * columns, bool)
            places[order[k][:covered]] = True
            at_rows = np.arange(height) * rows // height
            at_columns = np.arange(width) * columns // width
            hidden = places.reshape(rows, columns)[at_rows][:, at_columns]
            picture = examples.images[k].copy()
            picture[hidden] = np.median(picture.reshape(-1, 3), axis=0)
            shown.append(picture)
        after = run(open_session(model, threads), np.stack(shown)).probabilities
        likeliest = predictions.probabilities[chosen].argmax(axis=1)
        before = predictions.probabilities[chosen].max(axis=1)
        lost.append(float((before - after[np.arange(len(chosen)), likeliest]).mean()))
    return {"images": len(chosen), "salient": round(lost[0], 4), "by_chance": round(lost[1], 4)}


def _refused(kinds: NDArray[np.float32], threshold: float) -> dict[str, float | int]:
    return {"images": len(kinds), "refused": _share(kinds[:, 0] < threshold)}


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4)


def table(figures: dict[str, Any]) -> str:
    """The figures that were promised, with what was wanted, for people to read."""
    lines = [f"{'figure':<36}{'value':>7}   95 % interval     wanted"]
    for name, (key, wanted) in WANTED.items():
        row = figures[key]
        is_error = "error" in name
        reached = row["value"] <= wanted if is_error else row["value"] >= wanted
        lines.append(
            f"{name:<36}{row['value']:>7.3f}   {row['low']:.3f} to {row['high']:.3f}    "
            f"{'≤' if is_error else '≥'} {wanted:.2f}  {'reached' if reached else 'not reached'}"
        )
    return "\n".join(lines)


def main() -> int:
    """Print every figure; compare with the card."""
    options = _options()
    card = json.loads(options.model.with_suffix(".json").read_text(encoding="utf-8"))
    if not options.data.is_dir():
        print(f"There is no {options.data}: the model can only be judged on HAM10000 (--data).")
        return 0
    held_out = select(read_ham10000(options.data), Part.HOLD_OUT)
    figures, predictions, _ = hold_out_figures(options.model, card, held_out, options.threads)
    print(
        f"{card['name']} {card['version']} on {figures['images']} photographs of "
        f"{figures['lesions']} held-out lesions; {figures['interval']}.\n"
    )
    print(table(figures))
    shown = {name: figures[name] for name in ("accuracy", "melanoma_alert", "class_auc", "groups")}
    if options.isic2017.is_dir():
        shown["another source"] = other_source(
            options.model, card, options.isic2017, options.threads
        )
    if predictions.kinds is not None:
        native = load(held_out[:400], width=200, height=150)
        shown["refused as not dermatoscopic"] = refusals(
            options.model,
            card,
            held_out=predictions,
            lesions=native,
            photographs=options.photographs if options.photographs.is_dir() else None,
            others=None,
            threads=options.threads,
        )
    print(json.dumps(shown, indent=1, ensure_ascii=False))
    moved = [
        name
        for name, (key, _) in WANTED.items()
        if abs(figures[key]["value"] - card["hold_out"][key]["value"]) > 0.002
    ]
    if moved:
        print(f"Not what the card says: {', '.join(moved)}.")
    return 1 if moved else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED / "ham10000")
    parser.add_argument("--isic2017", type=Path, default=SHARED / "isic2017")
    parser.add_argument("--photographs", type=Path, default=SHARED / "clinical-photos/images")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
