"""What a curator has to look at: an archive that was read, one photograph twice, a dataset to look through."""

import io
from typing import Any, Final

import httpx
from PIL import Image

from infra.local.demo_pictures import Lesion, draw
from tests.datasets.planning import CALIBRATION, a_class, plan_form
from tests.flows.cases import finished, poll, slot_form
from tests.stack import RunningStack

HAND: Final = "/api/v1/labelling/assignments"
READERS: Final = ("expert1", "expert2", "expert3")
SOURCE: Final = {
    "name": "Нарисованные очаги",
    "legal_basis": "Нарисованы для проверки.",
    "licence": "CC0-1.0",
    "attribution": "Никого.",
}
CLASSES: Final = ("melanoma", "nevus", "nevus", "nevus")
OUTLINE: Final = [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]]


def enter(stack: RunningStack) -> str:
    """Take an archive in, have it read and plan a dataset of it; the dataset's code.

    All readers say nevus, so that histology overturns one of the readings.
    """
    curator = stack.sign_in("curator")
    import_id = str(_created(curator, "/api/v1/imports", SOURCE)["import_id"])
    pictures = [_lesion(number) for number in range(len(CLASSES))]
    images = [
        _imported(stack, curator, import_id, number, data) for number, data in enumerate(pictures)
    ]
    again = _imported(stack, curator, import_id, len(CLASSES), _coded_anew(pictures[0]))
    _imported(stack, curator, import_id, len(CLASSES) + 1, b"no picture at all")
    finished(curator, again, states={"classified"})
    for image_id in images:
        finished(curator, image_id, states={"in_labelling"})
    _read(stack, curator, images)
    return _planned(curator)


def _lesion(number: int) -> bytes:
    return draw(Lesion(colour=(150, 40 + 30 * number, 40), radius=0.15 + number / 20), number)


def _coded_anew(data: bytes) -> bytes:
    kept = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.resize((540, 405)).save(kept, "JPEG", quality=60)
    return kept.getvalue()


def _imported(
    stack: RunningStack, curator: httpx.Client, import_id: str, number: int, data: bytes
) -> str:
    labelled = number < len(CLASSES)
    told: dict[str, Any] = {"external_image_id": f"image-{number}", "to_labelling": labelled}
    if labelled:
        told["survey"] = {"age": 45, "sex": "female", "site": "torso"}
        told["label"] = {"diagnosis": CLASSES[number], "confirmed_by": "histology"}
    form = slot_form(data, "image/jpeg", "dermoscopic", **told)
    slot = _created(curator, f"/api/v1/imports/{import_id}/images", form)
    assert stack.upload(slot["upload"], data).status_code == 204
    return str(slot["image_id"])


def _read(stack: RunningStack, curator: httpx.Client, images: list[str]) -> None:
    body = {"diagnosis": "nevus", "confidence": 4, "seconds": 9, "outline": OUTLINE}
    for _ in poll(60):
        for login in READERS:
            reader = stack.sign_in(login)
            for held in reader.get(HAND).raise_for_status().json()["items"]:
                _created(reader, f"{HAND}/{held['assignment_id']}/reading", body)
        proven = {
            curator.get(f"/api/v1/labelling/cases/{image_id}").json().get("state")
            for image_id in images
        }
        if proven <= {"confirmed", "overridden"}:
            return
    raise AssertionError(proven)


def _planned(curator: httpx.Client) -> str:
    classes = [a_class("malignant", "positive", "melanoma"), a_class("benign", "negative", "nevus")]
    plan = plan_form(CALIBRATION, classes=classes, inclusion=[], exclusion=[], units=len(CLASSES))
    code = str(_created(curator, "/api/v1/datasets", plan)["code"])
    path = f"/api/v1/datasets/{code}/preview"
    assert curator.post(path).status_code == 202
    for _ in poll(60):
        state = curator.get(path).json()["state"]
        if state != "computing":
            assert state == "ready", curator.get(path).text
            return code
    raise AssertionError("the preview is still being computed")


def _created(client: httpx.Client, path: str, body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
