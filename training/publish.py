"""From a trained network to what is served: calibrate, export, measure the file, write its card."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from training import card as model_card
from training.calibrate import (
    ALERT_SENSITIVITY,
    CALIBRATION_ERROR,
    RIGHT_SHARE,
    even_shares,
    expected_calibration_error,
    fit_abstention,
    fit_alert,
    fit_evenness,
    fit_temperature,
    measure_abstention,
    softmax,
)
from training.card_page import render_page
from training.data import CLASSES, KINDS, Part, Sources
from training.evaluate import hold_out_figures, other_source, refusals
from training.export import ServingNetwork, class_shift, export
from training.measuring import measuring
from training.network import LesionNetwork
from training.pixels import NATIVE, Examples, load
from training.plan import Plan, sampling_shares
from training.plots import draw_plots
from training.serve import milliseconds_an_image, open_session, run
from training.trained_on import hashes, of_photographs, of_strangers, write_list

Floats = NDArray[np.float64]
REFUSED_SHARE: Final = 0.005
"""Of the dermatoscopic photographs of validation, at most this share may be refused."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the data lie; None where there are none."""

    isic2017: Path | None
    photographs: Path | None
    others: Path | None


def publish(
    *,
    network: LesionNetwork,
    plan: Plan,
    sources: Sources,
    training_labels: NDArray[np.int64],
    validation: Examples,
    data: Folders,
    work: Path,
    folder: Path,
    pages: Path,
    note: str,
    near_cosine: float | None,
    made_on: date,
    threads: int,
) -> dict[str, Any]:
    """Calibrate and export a trained network, measure the file, write it, card and page.

    Every figure is of the exported file; the held-out photographs are used for figures only.
    `near_cosine`: from which cosine of embeddings on two pictures are near, as measured by
    `benchmarks.near_duplicates`. Returns the card.
    """
    own_labels = [CLASSES.index(p.label) for p in sources.parts[Part.TRAINING]]
    natural = sampling_shares(np.array(own_labels), 1.0)
    drawn = sampling_shares(training_labels, plan.sampling_power)
    logits = _logits(network, validation)

    def logits_at(evenness: float) -> Floats:
        return logits + class_shift(even_shares(natural, evenness), drawn)

    labels = validation.labels
    evenness = fit_evenness(logits_at, labels, CALIBRATION_ERROR)
    shifted = logits_at(evenness)
    temperature = fit_temperature(shifted, labels)
    wanted = even_shares(natural, evenness)
    origin = sources.origin or model_card.OF_HAM10000
    path = folder / model_card.FILE
    serving = ServingNetwork(network, torch.from_numpy(class_shift(wanted, drawn)), temperature)
    difference = export(serving, validation.images[:8], path)

    session = open_session(path, threads)
    watched = run(session, validation.images)
    if watched.kinds is None:
        raise ValueError("the exported file does not say what kind of picture it sees")
    melanoma = CLASSES.index("melanoma")
    abstention = fit_abstention(watched.probabilities, labels)
    size = plan.phases[-1]
    card = model_card.build_card(
        model=path,
        height=size.height,
        width=size.width,
        shapes={output.name: output.shape[1:] for output in session.get_outputs()},
        made_on=made_on,
        calibration={
            "method": "one temperature, least negative log-likelihood on validation lesions",
            "temperature": round(temperature, 4),
            "ece_before": round(expected_calibration_error(softmax(shifted), labels), 4),
            "ece_after": round(expected_calibration_error(watched.probabilities, labels), 4),
            "bins": "15 of equal width, confidence of the highest class",
        },
        abstention={
            "rule": "max_probability_below",
            **abstention.as_dict(),
            "fitted": f"the lowest threshold at which {RIGHT_SHARE:.0%} of the answers given on "
            "validation lesions are right",
        },
        melanoma_alert={
            "rule": "melanoma_probability_at_least",
            "threshold": fit_alert(
                watched.probabilities[:, melanoma], labels == melanoma, ALERT_SENSITIVITY
            ),
            "fitted": f"the highest threshold that finds {ALERT_SENSITIVITY:.0%} of the melanomas "
            "among validation lesions",
        },
        kinds={
            "names": list(KINDS),
            "rule": "dermatoscopic_probability_below",
            "threshold": _refusal_threshold(watched.kinds[:, 0]),
            "fitted": f"refuses at most {REFUSED_SHARE:.1%} of validation lesions",
        },
        class_frequencies={
            "evenness": evenness,
            "fitted": "the most even mix of classes, from their natural frequencies (0) to all alike "
            f"(1), whose calibration error on validation lesions is at most {CALIBRATION_ERROR:g}",
            "shares": {c: round(float(n), 5) for c, n in zip(CLASSES, wanted, strict=True)},
        },
        origin=origin,
        sources=model_card.sources(
            origin,
            isic2017=bool(sources.further),
            photographs=data.photographs is not None,
            others=data.others is not None,
        ),
        parts=_part_sizes(sources),
        training={
            "plan": asdict(plan),
            "note": note,
            "architecture": asdict(network.architecture),
            "parameters": sum(p.numel() for p in serving.parameters()),
            "minutes": _minutes(work),
            "onnx_difference": float(f"{difference:.2g}"),
            "milliseconds_an_image": milliseconds_an_image(
                open_session(path), validation.images[0]
            ),
        },
    )
    card["hold_out"], said, held_out = hold_out_figures(
        path, card, sources.parts[Part.HOLD_OUT], threads
    )
    card["reliability"] = card["hold_out"].pop("reliability")
    card["abstention"]["hold_out"] = measure_abstention(
        said.probabilities, held_out.labels, abstention.threshold
    ).as_dict()
    card["measuring"] = measuring(
        said.outlines,
        held_out.outlines,
        said.embeddings,
        held_out.lesions,
        aspect=sources.aspect,
    )
    native = load(sources.parts[Part.HOLD_OUT][:400], width=NATIVE.width, height=NATIVE.height)
    card["kinds"]["refused"] = refusals(
        path,
        card,
        held_out=said,
        lesions=native,
        photographs=data.photographs,
        others=data.others,
        threads=threads,
    )
    seen = of_photographs([*sources.training, *sources.parts[Part.VALIDATION]])
    taught = of_strangers(data.photographs) if data.photographs else ()
    card["trained_on_images"] = write_list(path.stem, hashes(chain(seen, taught)))
    if near_cosine is not None:
        card["near_duplicate"] = {"cosine": near_cosine}
    if data.isic2017:
        card["other_source"] = other_source(path, card, data.isic2017, threads)
    model_card.write_card(card, path.with_suffix(".json"))
    draw_plots(card, said, held_out, work, pages)
    (pages / f"{path.stem}.md").write_text(render_page(card), encoding="utf-8")
    return card


def _logits(network: LesionNetwork, validation: Examples) -> Floats:
    """The logits as the served file will have them, before any shift, (N, classes)."""
    plain = ServingNetwork(network, torch.zeros(len(CLASSES)), 1.0).eval()
    with torch.inference_mode():
        parts = [
            plain.logits(torch.from_numpy(validation.images[start : start + 32]))
            for start in range(0, len(validation), 32)
        ]
    logits: Floats = torch.cat(parts).double().numpy()
    return logits


def _refusal_threshold(dermatoscopic: NDArray[np.float32]) -> float:
    """The threshold, to 4 decimals, that refuses the share allowed; never above one half."""
    lowest = float(np.quantile(dermatoscopic, REFUSED_SHARE))
    return float(np.floor(min(0.5, lowest) * 1e4) / 1e4)


def _minutes(work: Path) -> float:
    """The minutes of training over all networks of the run, from their logs."""
    seconds = 0.0
    for log in sorted(work.glob("*.jsonl")) or sorted(work.glob("*/epochs.jsonl")):
        seconds += json.loads(log.read_text(encoding="utf-8").splitlines()[-1])["seconds"]
    return round(seconds / 60, 1)


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
