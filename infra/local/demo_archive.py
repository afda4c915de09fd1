"""An archive of drawn lesions with known diagnoses, taken in by the demo curator as any archive is.

From it come the demo datasets. What is drawn follows from the diagnosis only loosely, as in life, so that
a test of an algorithm on it has something to say.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx
import numpy as np
from PIL import Image

from infra.local.demo_pictures import Lesion, draw
from infra.local.demo_requests import created, send_picture

SIZE: Final = 120
SITES: Final = ("torso", "legs", "arms", "head_neck")
BROWN, TAN, RED, DARK, GREY = (
    (126, 78, 52),
    (172, 124, 84),
    (172, 44, 58),
    (62, 40, 34),
    (104, 104, 128),
)
KINDS: Final[tuple[tuple[str, Lesion], ...]] = (
    ("melanoma", Lesion(DARK, 0.28, 0.15, second_colour=GREY, network=0.3)),
    ("nevus", Lesion(BROWN, 0.2, 0.05, network=0.25)),
    ("basal_cell_carcinoma", Lesion(RED, 0.24, 0.13, second_colour=GREY)),
    ("benign_keratosis", Lesion(TAN, 0.23, 0.07, second_colour=BROWN)),
    ("squamous_cell_carcinoma", Lesion(RED, 0.27, 0.14, second_colour=DARK)),
    ("dermatofibroma", Lesion(TAN, 0.17, 0.04)),
    ("actinic_keratosis", Lesion(TAN, 0.25, 0.13, second_colour=RED)),
    ("vascular_lesion", Lesion(RED, 0.16, 0.05)),
)
SOURCE: Final = {
    "name": "Synthetic archive",
    "legal_basis": "Drawn by the program; no person is shown.",
    "licence": "CC0-1.0",
    "attribution": "Rodinka",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One image of the archive."""

    number: int
    diagnosis: str
    lesion: Lesion
    answers: dict[str, Any]


def archive(size: int = SIZE) -> Iterator[Drawn]:
    """Each of another patient; the same ones each time."""
    random = np.random.default_rng(2026)
    for number in range(size):
        diagnosis, usual = KINDS[number % len(KINDS)]
        # One in six looks like something else.
        looks = KINDS[random.integers(len(KINDS))][1] if random.random() < 1 / 6 else usual
        lesion = replace(
            looks,
            radius=looks.radius * random.uniform(0.8, 1.25),
            irregularity=looks.irregularity * random.uniform(0.7, 1.4),
            hairs=int(random.choice((0, 0, 2, 5))),
        )
        answers = {
            "age": int(random.integers(24, 82)),
            "sex": str(random.choice(("female", "male"))),
            "site": str(random.choice(SITES)),
            "skin_type": str(random.choice(("I", "II", "II", "III"))),
        }
        yield Drawn(number, diagnosis, lesion, answers)


def take_in(
    client: httpx.Client, curator: dict[str, str], stopped: Callable[[], bool]
) -> Iterator[str]:
    """Import the archive; the id of each image. The last one is a frame without light."""
    import_id = created(client, "/api/v1/imports", SOURCE, curator)["import_id"]
    path = f"/api/v1/imports/{import_id}/images"
    for each in archive():
        if stopped():
            return
        about = _about(each.number, each.diagnosis, each.answers)
        yield send_picture(client, path, draw(each.lesion, 1000 + each.number), about, curator)
    nothing_seen = _about(SIZE, "nevus", {"age": 50, "sex": "female", "site": "torso"})
    yield send_picture(client, path, _unlit(), nothing_seen, curator)


def _about(number: int, diagnosis: str, answers: dict[str, Any]) -> dict[str, Any]:
    return {
        "external_image_id": f"drawn-{number}",
        "external_patient_id": f"drawn-{number}",
        "kind": "dermoscopic",
        "device": {"make": "Synthetic", "model": "Drawn by the program"},
        "survey": answers,
        "label": {"diagnosis": diagnosis, "confirmed_by": "histology"},
    }


def _unlit() -> bytes:
    """What a dermatoscope sees with its light off."""
    pixels = np.random.default_rng(1).integers(0, 8, (450, 600, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()
