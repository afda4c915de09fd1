"""From a trained network to what is served: calibrate, export, measure the file, write its card."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training import card as model_card
from training.calibrate import (
    ALERT_SENSITIVITY,
    RIGHT_SHARE,
    expected_calibration_error,
    fit_abstention,
    fit_alert,
    fit_temperature,
    measure_abstention,
    softmax,
)
from training.card_page import render_page
from training.data import CLASSES, Part, Sources
from training.export import ServingNetwork, export, natural_shift, open_session
from training.network import LesionNetwork
from training.pixels import Examples
from training.plan import Plan, sampling_shares
from training.report import Predictions, milliseconds_an_image, report, run

BOOTSTRAP_SEED = 20180814


def publish(
    *,
    network: LesionNetwork,
    plan: Plan,
    sources: Sources,
    training_labels: NDArray[np.int64],
    validation: Examples,
    hold_out: Examples,
    epochs: Path,
    folder: Path,
    note: str,
    made_on: date,
) -> dict[str, Any]:
    """Calibrate and export a trained network, measure the file, write all three; return the card.

    Every figure is of the exported file. The held-out photographs are used for figures only.
    """
    ham_labels = [CLASSES.index(p.label) for p in sources.parts[Part.TRAINING]]
    class_shares = sampling_shares(np.array(ham_labels), 1.0)
    drawn_shares = sampling_shares(training_labels, plan.sampling_power)
    shift = torch.from_numpy(natural_shift(class_shares, drawn_shares))
    logits = _validation_logits(ServingNetwork(network, shift, 1.0).eval(), validation)
    temperature = fit_temperature(logits, validation.labels)
    path = folder / model_card.FILE
    serving = ServingNetwork(network, shift, temperature)
    difference = export(serving, validation.images[:8], path)

    session = open_session(path)
    on_validation = run(session, validation.images)
    on_hold_out = run(session, hold_out.images)
    abstention = fit_abstention(on_validation.probabilities, validation.labels)
    melanoma = CLASSES.index("melanoma")
    alert_threshold = fit_alert(
        on_validation.probabilities[:, melanoma],
        validation.labels == melanoma,
        ALERT_SENSITIVITY,
    )

    def figures_of(predictions: Predictions, examples: Examples) -> dict[str, Any]:
        return report(
            predictions,
            examples,
            class_shares=class_shares,
            alert_threshold=alert_threshold,
            seed=BOOTSTRAP_SEED,
        )

    lines = [json.loads(line) for line in epochs.read_text(encoding="utf-8").splitlines()]
    watched = figures_of(on_validation, validation)
    size = plan.phases[-1]
    card = model_card.build_card(
        model=path,
        height=size.height,
        width=size.width,
        outline=(on_validation.outlines.shape[1], on_validation.outlines.shape[2]),
        embedding=on_validation.embeddings.shape[1],
        made_on=made_on,
        calibration={
            "method": "one temperature, least negative log-likelihood on validation lesions",
            "temperature": round(temperature, 4),
            "ece_before": round(expected_calibration_error(softmax(logits), validation.labels), 4),
            "ece_after": round(
                expected_calibration_error(on_validation.probabilities, validation.labels), 4
            ),
            "ece_hold_out": round(
                expected_calibration_error(on_hold_out.probabilities, hold_out.labels), 4
            ),
            "bins": "15 of equal width, confidence of the highest class",
        },
        abstention={
            "rule": "max_probability_below",
            **abstention.as_dict(),
            "fitted": f"the lowest threshold at which {RIGHT_SHARE:.0%} of the answers given on "
            "validation lesions are right",
            "hold_out": measure_abstention(
                on_hold_out.probabilities, hold_out.labels, abstention.threshold
            ).as_dict(),
        },
        melanoma_alert={
            "rule": "melanoma_probability_at_least",
            "threshold": alert_threshold,
            "fitted": f"the highest threshold that finds {ALERT_SENSITIVITY:.0%} of the melanomas "
            "among validation lesions",
        },
        class_frequencies={
            c: round(float(n), 5) for c, n in zip(CLASSES, class_shares, strict=True)
        },
        sources=[model_card.HAM10000] + ([model_card.ISIC2017] if sources.further else []),
        parts=_part_sizes(sources),
        training={
            "plan": asdict(plan),
            "note": note,
            "architecture": asdict(network.architecture),
            "parameters": sum(p.numel() for p in serving.parameters()),
            "minutes": round(sum(line["seconds"] for line in lines) / 60, 1),
            "onnx_difference": float(f"{difference:.2g}"),
            "milliseconds_an_image": milliseconds_an_image(session, hold_out.images[0]),
        },
        validation={
            name: watched[name]
            for name in ("images", "lesions", "melanoma_auc", "malignant_auc", "balanced_accuracy")
        },
        hold_out=figures_of(on_hold_out, hold_out),
    )
    model_card.write_card(card, path.with_suffix(".json"))
    (folder / "README.md").write_text(render_page(card), encoding="utf-8")
    return card


def _validation_logits(serving: ServingNetwork, validation: Examples) -> NDArray[np.float64]:
    with torch.inference_mode():
        parts = [
            serving.raw(torch.from_numpy(validation.images[start : start + 32]))[0]
            for start in range(0, len(validation), 32)
        ]
    logits: NDArray[np.float64] = torch.cat(parts).double().numpy()
    return logits


def _part_sizes(sources: Sources) -> dict[str, dict[str, int]]:
    named = {part.value: photographs for part, photographs in sources.parts.items()}
    if sources.further:
        named["training, ISIC 2017"] = sources.further
    return {
        name: {
            "images": len(photographs),
            "lesions": len({photograph.lesion_id for photograph in photographs}),
        }
        for name, photographs in named.items()
    }
