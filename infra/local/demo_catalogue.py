"""Two demo datasets, hidden ones for tests, a public one, and an algorithm that took a test on each hidden one.

All through the public API, as a curator and a vendor do it.
"""

import io
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx
import numpy as np
from PIL import Image

from infra.local.demo_requests import created

MALIGNANT: Final = (
    "melanoma",
    "basal_cell_carcinoma",
    "squamous_cell_carcinoma",
    "actinic_keratosis",
)
BENIGN: Final = ("nevus", "benign_keratosis", "dermatofibroma", "vascular_lesion")
WAIT_SECONDS: Final = 180.0
LOOKS_AT_ONCE: Final = 100


class Late(Exception):
    """The system did not come to an end in the time that is waited."""


def both(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


GROUPS: Final = (
    {
        "key": "malignant",
        "title": both("Злокачественные", "Malignant"),
        "diagnoses": list(MALIGNANT),
        "role": "positive",
        "requirements": both("Подтверждено гистологией.", "Confirmed by histology."),
    },
    {
        "key": "benign",
        "title": both("Доброкачественные", "Benign"),
        "diagnoses": list(BENIGN),
        "role": "negative",
        "requirements": both("Подтверждено гистологией.", "Confirmed by histology."),
    },
)
DEFECT: Final = {
    "key": "defect",
    "title": both("Технический дефект", "Technical defect"),
    "diagnoses": [],
    "role": "defect",
    "units": 1,
    "requirements": both("Снимок непригоден.", "The image is unusable."),
}


def plan(purpose: str, units: int, **parts: Any) -> dict[str, Any]:
    """The body of `POST /datasets` for a set of drawn lesions."""
    return {
        "abstract": both(
            "Синтетические снимки, нарисованные программой: для показа системы, не для обучения.",
            "Synthetic images drawn by a program: to show the system, not to teach a model.",
        ),
        "clinical_task": both(
            "Отличить злокачественные новообразования кожи от доброкачественных.",
            "Tell malignant skin lesions from benign ones.",
        ),
        "clinical_use": both(
            "Показать, как испытывается сервис, который поможет врачу выбрать очаги для биопсии.",
            "To show how a service is tested that helps a doctor choose lesions for biopsy.",
        ),
        "data_security": both(
            "Снимки нарисованы и никого не изображают.", "The images are drawn and show nobody."
        ),
        "features": [both("Вероятность злокачественности", "Probability of malignancy")],
        "working_group": [
            {"name": f"Demo {task.replace('_', ' ')}", "task": task}
            for task in ("clinician", "data_scientist", "engineer", "administrator")
        ],
        "keywords": ["dermoscopy", "synthetic"],
        "purpose": purpose,
        "target": "MAL",
        "verification": "medium",
        "units": units,
        "splits": [],
        "seed": "demo",
        **parts,
    }


def hidden(
    purpose: str, units: int, classes: Sequence[dict[str, Any]], **parts: Any
) -> dict[str, Any]:
    """A plan of a set that nobody is to see before the test."""
    return plan(
        purpose,
        units,
        access="hidden",
        licence="LicenseRef-Agreement",
        classes=list(classes),
        **parts,
    )


def functional() -> dict[str, Any]:
    """Five units, one of them a defect."""
    two_each = [{**each, "units": 2} for each in GROUPS]
    name = both("Нарисованные снимки: прочитает ли сервис", "Drawn images: can a service read them")
    return hidden("self_test", 5, [*two_each, DEFECT], name=name, unit="image")


def calibration() -> dict[str, Any]:
    """A hundred lesions, half of them malignant."""
    fifty_each = [{**each, "units": 50} for each in GROUPS]
    name = both("Нарисованные снимки: калибровка", "Drawn images: calibration")
    aims = {"expected_auc": 0.9}
    return hidden("clinical_test", 100, fifty_each, name=name, unit="lesion", test=aims)


class Catalogue:
    """The demo curator at work on datasets."""

    def __init__(
        self, client: httpx.Client, curator: dict[str, str], stopped: Callable[[], bool]
    ) -> None:
        self._client, self._curator, self._stopped = client, curator, stopped

    def judge(self, images: Sequence[str], look: str) -> None:
        """Note what the curator saw in each of the images, once they are accepted. Raises `Late`."""
        for image in images:
            self._until(
                f"/api/v1/images/{image}",
                lambda found: found["state"] not in {"awaiting_upload", "received"},
            )
        for start in range(0, len(images), LOOKS_AT_ONCE):
            looks = [
                {"image_id": image, "look": look} for image in images[start : start + LOOKS_AT_ONCE]
            ]
            self._post("/api/v1/looks", {"looks": looks})

    def release(self, planned: dict[str, Any]) -> str:
        """Plan a dataset, look at its preview, release it; its code. Raises `Late`."""
        code = str(self._post("/api/v1/datasets", planned)["code"])
        path = f"/api/v1/datasets/{code}"
        self._post(f"{path}/preview", {})
        self._until(f"{path}/preview", lambda found: found["state"] != "computing")
        change = {"change": "Первый выпуск. First release."}
        asked = self._post(f"{path}/releases", change)

        def is_made(found: dict[str, Any]) -> bool:
            made = {each["release_id"]: each["state"] for each in found["items"]}
            return made.get(asked["release_id"]) in {"published", "failed"}

        self._until(f"{path}/releases", is_made)
        return code

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return created(self._client, path, body, self._curator)

    def _until(self, path: str, ended: Callable[[dict[str, Any]], bool]) -> None:
        wait_for(self._client, path, self._curator, ended, self._stopped)


def wait_for(
    client: httpx.Client,
    path: str,
    authorized: dict[str, str],
    ended: Callable[[dict[str, Any]], bool],
    stopped: Callable[[], bool],
) -> dict[str, Any]:
    """What `path` answers once it has `ended`. Raises `Late`."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and not stopped():
        found: dict[str, Any] = client.get(path, headers=authorized).raise_for_status().json()
        if ended(found):
            return found
        time.sleep(1)
    raise Late(path)


ALGORITHM: Final = {
    "name": "Colour rule",
    "version": "1.0",
    "vendor": "Demo vendor",
    "description": both(
        "Доля тёмных, серых и красных точек: простейшее правило для показа испытания.",
        "The share of dark, grey and red pixels: the simplest rule, to show a test.",
    ),
    "classes": ["melanoma", "nevus"],
    "positive": ["melanoma"],
    "claimed": {"auc": 0.85, "sensitivity": 0.75, "specificity": 0.75, "threshold": 0.5},
}


def take_test(
    client: httpx.Client,
    vendor: dict[str, str],
    wanted: dict[str, str],
    stopped: Callable[[], bool],
) -> None:
    """Let the demo algorithm take a test to its end: `dataset` and `test` are `wanted`."""
    algorithm = created(client, "/api/v1/algorithms", ALGORITHM, vendor)
    asked = {"algorithm_id": algorithm["algorithm_id"], **wanted}
    begun = created(client, "/api/v1/evaluations", asked, vendor)
    path = f"/api/v1/evaluations/{begun['evaluation_id']}"
    while not stopped():
        unit = client.get(f"{path}/next", headers=vendor)
        if unit.status_code == httpx.codes.CONFLICT:
            break
        told = unit.raise_for_status().json()
        said = _judge(client.get(told["image_url"]).raise_for_status().content)
        client.post(
            f"{path}/results", json={"unit_id": told["unit_id"], **said}, headers=vendor
        ).raise_for_status()
    wait_for(client, path, vendor, lambda found: found["state"] in {"complete", "expired"}, stopped)


def _judge(picture: bytes) -> dict[str, Any]:
    """The colour rule: how much of the middle of a picture is not plain skin or plain brown."""
    with Image.open(io.BytesIO(picture)) as image:
        pixels = np.asarray(image.convert("RGB").resize((72, 54)), dtype=float)[9:-9, 12:-12]
    red, green, blue = np.moveaxis(pixels, -1, 0)
    if pixels.mean() < 20:
        return {"refused": True, "reason": "The picture is dark."}
    suspected = (blue > green * 0.95) & (pixels.mean(-1) < 150) | (red > 1.9 * green)
    share = float(np.clip(0.1 + 4 * suspected.mean(), 0.02, 0.98))
    return {"probabilities": {"melanoma": share, "nevus": 1 - share}}
