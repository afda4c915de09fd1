"""Survey → upload → classification → blind assignments, over HTTP on the running stack."""

import io
from collections import Counter
from pathlib import Path

import httpx
import pytest
from PIL import Image

from chalicelib.classification.inference import metadata
from tests import pictures
from tests.flows.cases import (
    DERMOSCOPIC,
    PHONE,
    finished,
    new_lesion,
    poll,
    real_files,
    send_image,
)
from tests.stack import RunningStack

BLIND = {"assignment_id", "round", "kind", "site", "age", "sex", "image_url", "leased_until"}
READERS = ("expert1", "expert2", "expert3")


def hands(stack: RunningStack) -> dict[str, list[dict[str, object]]]:
    answers = {
        login: stack.sign_in(login).get("/api/v1/labelling/assignments?limit=200")
        for login in READERS
    }
    assert all(answer.status_code == 200 for answer in answers.values())
    return {login: answer.json()["items"] for login, answer in answers.items()}


def test_a_generated_image_ends_with_nine_probabilities_and_two_blind_assignments(
    stack: RunningStack,
) -> None:
    doctor = stack.sign_in("doctor")
    before = sum(map(len, hands(stack).values()))
    case = new_lesion(doctor)
    image_id = send_image(
        stack, doctor, case["lesion_id"], pictures.jpeg(), "dermoscopic", "image/jpeg"
    )
    image = finished(doctor, image_id)
    assert [step["state"] for step in image["history"]] == [
        "awaiting_upload",
        "received",
        "classified",
        "in_labelling",
    ]
    assert len(image["classification"]["probabilities"]) == 9
    for _ in poll(20):
        held = hands(stack)
        if sum(map(len, held.values())) == before + 2:
            break
    else:
        raise AssertionError("two readers must be found")
    told = repr(held)
    for secret in (image_id, case["lesion_id"], case["patient_id"], "melanoma", "doctor"):
        assert secret not in told
    for assignment in (item for hand in held.values() for item in hand):
        assert set(assignment) == BLIND


def test_a_readers_picture_has_other_key_etag_and_name_than_the_doctors(
    stack: RunningStack,
) -> None:
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    data = pictures.jpeg(pictures.photograph(seed=11))
    image_id = send_image(stack, doctor, case["lesion_id"], data, "dermoscopic", "image/jpeg")
    image = finished(doctor, image_id)
    own = httpx.get(image["urls"]["image"])
    assert own.status_code == 200
    same = []
    for _ in poll(20):
        for item in (item for hand in hands(stack).values() for item in hand):
            seen = httpx.get(str(item["image_url"]))
            if seen.content == own.content:
                same.append((item["image_url"], seen.headers["etag"]))
        if len(same) == 2:
            break
        same.clear()
    etags = {own.headers["etag"], *(etag for _, etag in same)}
    assert len(etags) == 3
    assert all(image_id not in str(url) for url, _ in same)


def test_real_images_of_both_kinds_end_as_they_should(stack: RunningStack) -> None:
    doctor = stack.sign_in("doctor")
    dermoscopic = real_files(DERMOSCOPIC, "*.jpg", 20)
    phone = real_files(PHONE, "*.png", 5)
    before = sum(map(len, hands(stack).values()))
    sent: dict[str, Path] = {}
    for file in [*dermoscopic, *phone]:
        case = new_lesion(doctor)
        kind, content_type = (
            ("dermoscopic", "image/jpeg") if file in dermoscopic else ("macroscopic", "image/png")
        )
        image_id = send_image(
            stack, doctor, case["lesion_id"], file.read_bytes(), kind, content_type
        )
        sent[image_id] = file
    ends: Counter[tuple[str, str]] = Counter()
    for image_id, file in sent.items():
        of_phone = file in phone
        image = finished(doctor, image_id, states={"classified"} if of_phone else {"in_labelling"})
        ends[image["kind"], image["state"]] += 1
        assert (image["classification"] is None) == of_phone
        clean = httpx.get(image["urls"]["image"]).content
        assert metadata.foreign_parts(clean) == ()
        with Image.open(file) as original, Image.open(io.BytesIO(clean)) as shown:
            assert shown.size == original.size == (image["width"], image["height"])
        if not of_phone:
            probabilities = image["classification"]["probabilities"]
            assert len(probabilities) == 9
            assert sum(probabilities.values()) == pytest.approx(1)
    assert ends == {("dermoscopic", "in_labelling"): 20, ("macroscopic", "classified"): 5}
    for _ in poll(60):
        if sum(map(len, hands(stack).values())) - before == 2 * len(dermoscopic):
            break
    else:
        raise AssertionError("every dermatoscopic image has two readers in the end")
