"""The model card: what a program must know to run the model, and a person to trust it or not."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from chalicelib.classification.inference.preprocess import FIT, REDUCING_GAP, RESAMPLE
from training.data import (
    CLASSES,
    HOLD_OUT_SHARE,
    SPLIT_SEED,
    VALIDATION_SHARE,
)

NAME = "rodinka"
VERSION = "1.0.0"
FILE = "rodinka-1.onnx"

HAM10000 = {
    "name": "HAM10000",
    "authors": "Philipp Tschandl, Cliff Rosendahl, Harald Kittler",
    "citation": (
        "Tschandl P., Rosendahl C., Kittler H. The HAM10000 dataset, a large collection of "
        "multi-source dermatoscopic images of common pigmented skin lesions. "
        "Sci. Data 5, 180161 (2018). doi:10.1038/sdata.2018.161"
    ),
    "licence": "CC BY-NC 4.0",
    "changes": "images reduced to 200 x 150; akiec split into AK and SCC as ISIC 2019 labels them",
}
ISIC2017 = {
    "name": "ISIC 2017 challenge, training images",
    "authors": "International Skin Imaging Collaboration; Noel Codella and others",
    "citation": (
        "Codella N. et al. Skin lesion analysis toward melanoma detection: a challenge at the 2017 "
        "International Symposium on Biomedical Imaging. arXiv:1710.05006 (2017)"
    ),
    "licence": "ISIC challenge data, research use",
    "changes": "images squeezed to 256 x 256; seborrheic keratosis read as benign keratosis",
}
LIMITS = [
    "Research use only. Not a medical device; it must not decide on a person's treatment.",
    (
        "Learnt from dermatoscopic images of mostly light skin (Austria, Australia, ISIC clinics); "
        "its figures say nothing about darker skin."
    ),
    "For dermatoscopic images only: on photographs of a phone its probabilities mean nothing.",
    "Knows eight classes. A lesion of any other kind gets one of the eight or `unknown`.",
    "Small pictures are its only evidence: neither age, sex, site nor history is used.",
    "Rare classes have few held-out photographs, and their intervals are wide.",
    "Probabilities follow the class frequencies of HAM10000, not those of a given clinic.",
    (
        "About half of HAM10000's diagnoses are histologically confirmed; the others rest on "
        "follow-up, expert consensus or confocal microscopy."
    ),
]


def build_card(
    *,
    model: Path,
    height: int,
    width: int,
    outline: tuple[int, int],
    embedding: int,
    made_on: date,
    calibration: dict[str, Any],
    abstention: dict[str, Any],
    melanoma_alert: dict[str, Any],
    class_frequencies: dict[str, float],
    sources: list[dict[str, Any]],
    parts: dict[str, dict[str, int]],
    training: dict[str, Any],
    hold_out: dict[str, Any],
    validation: dict[str, Any],
) -> dict[str, Any]:
    """Return the card of an exported model file, ready to be written as JSON."""
    content = model.read_bytes()
    return {
        "name": NAME,
        "version": VERSION,
        "date": made_on.isoformat(),
        "file": model.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "summary": "Eight diagnoses, the outline and an embedding from one dermatoscopic image.",
        "classes": list(CLASSES),
        "preprocessing": {
            "width": width,
            "height": height,
            "resample": RESAMPLE,
            "reducing_gap": REDUCING_GAP,
            "fit": FIT,
            "mode": "RGB",
        },
        "inputs": [{"name": "pixels", "type": "uint8", "shape": ["N", height, width, 3]}],
        "outputs": [
            {"name": "probabilities", "type": "float32", "shape": ["N", len(CLASSES)]},
            {"name": "outline", "type": "float32", "shape": ["N", *outline]},
            {"name": "embedding", "type": "float32", "shape": ["N", embedding]},
        ],
        "abstention": abstention,
        "melanoma_alert": melanoma_alert,
        "calibration": calibration,
        "class_frequencies": class_frequencies,
        "training_data": sources,
        "split": {
            "rule": "SHA-256 of '<seed>/<lesion_id>', its first 8 bytes as a share of 2**64: "
            f"below {HOLD_OUT_SHARE:g} held out, below {HOLD_OUT_SHARE + VALIDATION_SHARE:g} "
            "validation, the rest training; HAM10000 only, other sources train only",
            "seed": SPLIT_SEED,
            "by": "lesion_id",
            "parts": parts,
        },
        "training": training,
        "validation": validation,
        "hold_out": hold_out,
        "licence": {
            "model": "CC BY-NC 4.0",
            "reason": "the licence of HAM10000, from which the model is derived",
            "use": "research use only; not a medical device",
        },
        "limits": LIMITS,
    }


def write_card(card: dict[str, Any], path: Path) -> None:
    """Write the card as JSON, readable by people too."""
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
