"""From upload to verdict, to agreement, to histology that overturns one, over HTTP on a running stack."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests import pictures
from tests.flows.cases import DERMOSCOPIC, finished, new_lesion, poll, send_image
from tests.stack import RunningStack, start_stack

READERS = ("expert1", "expert2", "expert3")
HAND = "/api/v1/labelling/assignments"
IMAGES = 6
EASY = 3
"""Of so many images all readers say nevus; of the others, each what he always says."""
SAID = dict(zip(READERS, ("nevus", "melanoma", "benign_keratosis"), strict=True)) | {
    "senior": "melanoma"
}


@pytest.fixture(scope="module")
def hasty() -> Iterator[RunningStack]:
    """A stack of its own, with a short undo minute and quick schedules."""
    running = start_stack("--no-demo", "--tick", "1", module="tests.flows.hasty")
    yield running
    assert running.stop() == 0, running.output.lines[-20:]


def photographs() -> list[bytes]:
    """Real ones where they are, else generated."""
    files = sorted(DERMOSCOPIC.glob("*.jpg"))[:IMAGES]
    real = [file.read_bytes() for file in files]
    return (
        real
        if len(real) == IMAGES
        else [pictures.jpeg(pictures.photograph(seed=n)) for n in range(IMAGES)]
    )


def read_all(reader: httpx.Client, says: str, easy: set[bytes]) -> int:
    """Read everything in a hand; how many there were."""
    items = reader.get(HAND).raise_for_status().json()["items"]
    for item in items:
        picture = httpx.get(item["image_url"]).raise_for_status().content
        body = {"diagnosis": "nevus" if picture in easy else says, "confidence": 3}
        answer = reader.post(f"{HAND}/{item['assignment_id']}/reading", json=body)
        assert answer.status_code == 201, answer.text
    return len(items)


def case(curator: httpx.Client, image_id: str) -> dict[str, Any]:
    answer = curator.get(f"/api/v1/labelling/cases/{image_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def figures(curator: httpx.Client, cases: int) -> dict[str, Any]:
    """The figures once they are about so many closed cases."""
    for _ in poll(20):
        answer = curator.get("/api/v1/labelling/agreement")
        if answer.status_code == 200 and answer.json()["counts"]["cases"] >= cases:
            return dict(answer.json())
    raise AssertionError(f"no figures: {answer.text}")


def test_images_come_to_a_verdict_and_histology_overturns_one(hasty: RunningStack) -> None:
    doctor, curator = hasty.sign_in("doctor"), hasty.sign_in("curator")
    lesions = {}
    for data in photographs():
        lesion = new_lesion(doctor)["lesion_id"]
        image_id = send_image(hasty, doctor, lesion, data, "dermoscopic", "image/jpeg")
        lesions[image_id] = lesion
    images = [finished(doctor, image_id) for image_id in lesions]
    assert {image["state"] for image in images} == {"in_labelling"}
    easy = {httpx.get(image["urls"]["image"]).content for image in images[:EASY]}
    readers, made = {hasty.sign_in(login): says for login, says in SAID.items()}, 0
    for _ in poll(60):
        made += sum(read_all(reader, says, easy) for reader, says in readers.items())
        states = [case(curator, image_id)["state"] for image_id in lesions]
        if all(state in {"agreed", "arbitrated", "disputed"} for state in states):
            break
    assert states[:EASY] == ["agreed"] * EASY
    assert set(states[EASY:]) <= {"arbitrated", "disputed"}, states
    assert made == 2 * IMAGES + sum(state != "agreed" for state in states)
    before = figures(curator, IMAGES)
    assert before["raw_agreement"]["value"] is not None
    assert sum(each["readings"] for each in before["by_expert"]) == 2 * IMAGES
    overturned = next(iter(lesions))
    body = {"diagnosis": "melanoma", "reported_on": "2025-06-10"}
    answer = doctor.post(f"/api/v1/lesions/{lesions[overturned]}/histology", json=body)
    assert answer.status_code == 201, answer.text
    for _ in poll(20):
        after = case(curator, overturned)
        if after["state"] == "overridden":
            break
    assert after["verdict"] == {
        "diagnosis": "melanoma",
        "rule": "histology",
        "verification": "high",
    }
    assert after["by_readings"]["diagnosis"] == "nevus"
    assert finished(doctor, overturned, states={"labelled"})["label"]["diagnosis"] == "melanoma"
    for _ in poll(20):
        scores = figures(curator, IMAGES)
        if scores["counts"]["overturned"]:
            break
    assert [each["image_id"] for each in scores["overturned"]] == [overturned]
    wrong = [each for each in scores["by_expert"] if each["sensitivity"]["of"]]
    assert len(wrong) == 2
    assert all(each["sensitivity"]["value"] == 0 for each in wrong)
