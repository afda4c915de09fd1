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
    Origin,
)

NAME = "rodinka"
VERSION = "2.0.0"
FILE = "rodinka-2.onnx"

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
PAD_UFES_20 = {
    "name": "PAD-UFES-20, photographs by phone",
    "authors": "Andre G. C. Pacheco and others",
    "citation": (
        "Pacheco A. G. C. et al. PAD-UFES-20: a skin lesion dataset composed of patient data and "
        "clinical images collected from smartphones. Data in Brief 32, 106221 (2020). "
        "doi:10.1016/j.dib.2020.106221"
    ),
    "licence": "CC BY 4.0",
    "changes": "parts of some twenty photographs, only to tell that they are not dermatoscopic",
}
BACKGROUNDS = {
    "name": "Desktop backgrounds of GNOME 43 and MATE 1.26",
    "authors": "their contributors, named in the packages gnome-backgrounds and mate-backgrounds",
    "citation": "https://download.gnome.org/sources/gnome-backgrounds, https://pub.mate-desktop.org",
    "licence": "CC BY-SA and GPL, as the packages say",
    "changes": "parts of pictures, only to tell that they show no skin",
}
LIMITS = [
    "Research use only. Not a medical device; it must not decide on a person's treatment.",
    (
        "Learnt from dermatoscopic images of mostly light skin (Austria, Australia, ISIC clinics); "
        "its figures say nothing about darker skin."
    ),
    (
        "Whether a picture is dermatoscopic at all it learnt from few examples of others: phone "
        "photographs, bare skin and arbitrary pictures; a kind it never met may pass. Lesions drawn "
        "by this project's own code pass on purpose, for demonstrations."
    ),
    "Knows eight classes. A lesion of any other kind gets one of the eight or `unknown`.",
    "Small pictures are its only evidence: neither age, sex, site nor history is used.",
    "Rare classes have few held-out photographs, and their intervals are wide.",
    (
        "Probabilities follow the class frequencies given below, in which rare classes are more "
        "frequent than in HAM10000, and not those of a given clinic."
    ),
    (
        "About half of HAM10000's diagnoses are histologically confirmed; the others rest on "
        "follow-up, expert consensus or confocal microscopy."
    ),
    "The saliency map shows what moved this model's score, which need not be what a doctor looks at.",
]


OF_HAM10000 = Origin(
    source=HAM10000,
    split={
        "rule": "SHA-256 of '<seed>/<lesion_id>', its first 8 bytes as a share of 2**64: "
        f"below {HOLD_OUT_SHARE:g} held out, below {HOLD_OUT_SHARE + VALIDATION_SHARE:g} "
        "validation, the rest training; HAM10000 only, other sources train only",
        "seed": SPLIT_SEED,
        "by": "lesion_id",
    },
    licence="CC BY-NC 4.0",
)


def limits(origin: Origin) -> list[str]:
    """What a model made from these photographs must not be trusted with."""
    if origin == OF_HAM10000:
        return LIMITS
    name = origin.source["name"]
    of_all = [limit for limit in LIMITS if "HAM10000" not in limit and "Austria" not in limit]
    return [
        *of_all,
        f"Learnt from {name}: whose skin it shows and how far its diagnoses are confirmed is told by "
        "the documents of the release, and the figures say nothing about anybody else.",
        "Probabilities follow the class frequencies given below, and not those of a given clinic.",
    ]


def sources(
    origin: Origin, *, isic2017: bool, photographs: bool, others: bool
) -> list[dict[str, Any]]:
    """The data the model was made from."""
    given = ((PAD_UFES_20, photographs), (BACKGROUNDS, others))
    return [
        dict(origin.source),
        *([ISIC2017] if isic2017 else []),
        *(source for source, used in given if used),
    ]


def build_card(
    *,
    model: Path,
    height: int,
    width: int,
    shapes: dict[str, list[int]],
    made_on: date,
    calibration: dict[str, Any],
    abstention: dict[str, Any],
    melanoma_alert: dict[str, Any],
    kinds: dict[str, Any],
    class_frequencies: dict[str, Any],
    origin: Origin,
    sources: list[dict[str, Any]],
    parts: dict[str, dict[str, int]],
    training: dict[str, Any],
) -> dict[str, Any]:
    """Return the card of an exported model file but for its figures, ready to be written as JSON.

    shapes: of each output, without the number of photographs.
    """
    content = model.read_bytes()
    return {
        "name": NAME,
        "version": VERSION,
        "date": made_on.isoformat(),
        "file": model.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "summary": (
            "Eight diagnoses, the outline, where the evidence lies and an embedding from one "
            "dermatoscopic image, and whether it is one."
        ),
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
            {"name": name, "type": "float32", "shape": ["N", *shape]}
            for name, shape in shapes.items()
        ],
        "abstention": abstention,
        "melanoma_alert": melanoma_alert,
        "kinds": kinds,
        "calibration": calibration,
        "class_frequencies": class_frequencies,
        "training_data": sources,
        "split": {**origin.split, "parts": parts},
        "training": training,
        "licence": {
            "model": origin.licence,
            "reason": f"the licence of {origin.source['name']}, from which the model is derived",
            "use": "research use only; not a medical device",
        },
        "limits": limits(origin),
    }


def write_card(card: dict[str, Any], path: Path) -> None:
    """Write the card as JSON, readable by people too."""
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
