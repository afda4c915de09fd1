"""From pictures to released datasets and examined services, over HTTP: what several tests begin with."""

import hashlib
import io
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import numpy as np
from PIL import Image

from infra.local.demo_pictures import Lesion, draw
from tests.flows.cases import finished, poll, slot_form
from tests.stack import RunningStack

SOURCE = {
    "name": "Drawn lesions",
    "legal_basis": "Drawn for this test.",
    "licence": "CC0-1.0",
    "attribution": "Nobody.",
}
COLOURS = {"melanoma": (150, 40, 40), "nevus": (60, 60, 120)}
"""Red tells what is malignant, so that a service can be good at it."""
Service = Callable[[bytes], dict[str, Any]]


def red(data: bytes) -> dict[str, Any]:
    """A service that sees what is to be seen; what is black all over it refuses."""
    with Image.open(io.BytesIO(data)) as image:
        middle = np.asarray(image.convert("RGB"))[200:340, 290:430].mean(axis=(0, 1))
    if middle.max() < 20:
        return {"refused": True, "reason": "nothing to be seen"}
    melanoma = 0.9 if middle[0] > middle[2] else 0.1
    return {"probabilities": {"melanoma": melanoma, "nevus": round(1 - melanoma, 6)}}


def alike(data: bytes) -> dict[str, Any]:
    """A service that says the same of everything it does not refuse."""
    seen = red(data)
    return seen if "refused" in seen else {"probabilities": {"melanoma": 0.5, "nevus": 0.5}}


def black() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (720, 540)).save(kept, "JPEG")
    return kept.getvalue()


def archive(stack: RunningStack, curator: httpx.Client, pictures: list[tuple[str, bytes]]) -> str:
    """Take pictures with their diagnoses in, each of a patient of its own; the import's id."""
    opened = curator.post("/api/v1/imports", json=SOURCE)
    assert opened.status_code == 201, opened.text
    import_id, images = str(opened.json()["import_id"]), []
    for number, (diagnosis, data) in enumerate(pictures):
        form = slot_form(
            data,
            "image/jpeg",
            "dermoscopic",
            external_image_id=f"image-{number}",
            external_patient_id=f"patient-{number}",
            survey={"age": 45, "sex": "female", "site": "torso"},
            label={"diagnosis": diagnosis, "confirmed_by": "histology"},
        )
        slot = curator.post(f"/api/v1/imports/{import_id}/images", json=form).json()
        assert stack.upload(slot["upload"], data).status_code == 204
        images.append(slot["image_id"])
    for image_id in images:
        finished(curator, image_id, states={"classified"})
    return import_id


def drawn(diagnosis: str, seed: int) -> tuple[str, bytes]:
    lesion = Lesion(colour=COLOURS[diagnosis], radius=0.2 + seed % 7 / 50, irregularity=0.2)
    return diagnosis, draw(lesion, seed)


def previewed(curator: httpx.Client, code: str) -> Mapping[str, Any]:
    assert curator.post(f"/api/v1/datasets/{code}/preview").status_code == 202
    found: dict[str, Any] = {}
    for _ in poll(60):
        found = curator.get(f"/api/v1/datasets/{code}/preview").json()
        if found["state"] != "computing":
            return found
    raise AssertionError(found)


def released(curator: httpx.Client, plan: Mapping[str, Any], defect: str | None = None) -> str:
    """Plan a dataset, look at every image that it chooses, and release it; its code."""
    planned = curator.post("/api/v1/datasets", json=plan)
    assert planned.status_code == 201, planned.text
    code = str(planned.json()["code"])
    assert previewed(curator, code)["result"]["waiting"] > 0
    for image in curator.get("/api/v1/looks", params={"dataset": code}).json()["items"]:
        shown = httpx.get(image["image"]).raise_for_status().content
        unusable = hashlib.sha256(shown).hexdigest() == defect
        look = {"image_id": image["image_id"], "look": "technical_defect" if unusable else "clear"}
        assert curator.post("/api/v1/looks", json={"looks": [look]}).status_code == 200
    shown_version = previewed(curator, code)["result"]["version"]
    asked = curator.post(
        f"/api/v1/datasets/{code}/releases",
        json={"change": "The first release.", "version": shown_version},
    )
    assert asked.status_code == 202, asked.text
    release: dict[str, Any] = {}
    for _ in poll(90):
        path = f"/api/v1/datasets/{code}/releases/{asked.json()['release_id']}"
        release = curator.get(path).json()
        if release["state"] in {"published", "failed"}:
            break
    assert release["state"] == "published", release
    return code


def examined(vendor: httpx.Client, service: Service, test: str, code: str, algorithm: str) -> Any:
    """Take one test to its report."""
    body = {"algorithm_id": algorithm, "dataset": code, "test": test}
    begun = vendor.post("/api/v1/evaluations", json=body)
    assert begun.status_code == 201, begun.text
    path = f"/api/v1/evaluations/{begun.json()['evaluation_id']}"
    while (unit := vendor.get(f"{path}/next")).status_code == 200:
        said = service(httpx.get(unit.json()["image_url"]).raise_for_status().content)
        taken = vendor.post(f"{path}/results", json={"unit_id": unit.json()["unit_id"], **said})
        assert taken.status_code == 200, taken.text
    found: dict[str, Any] = {}
    for _ in poll(60):
        found = vendor.get(path).json()
        if found["state"] == "complete":
            return found
    raise AssertionError(found)


def registered(vendor: httpx.Client, name: str) -> str:
    claimed = {"auc": 0.95, "sensitivity": 0.9, "specificity": 0.9, "threshold": 0.5}
    answer = vendor.post(
        "/api/v1/algorithms",
        json={
            "name": name,
            "version": "1",
            "vendor": "A vendor",
            "description": {"ru": "Читает родинки.", "en": "Reads moles."},
            "classes": ["melanoma", "nevus"],
            "positive": ["melanoma"],
            "claimed": claimed,
        },
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["algorithm_id"])
