"""From upload to verdict, to agreement, to histology that overturns one, over HTTP on a running stack."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import httpx
import pytest

from tests import pictures
from tests.flows.cases import DERMOSCOPIC, finished, new_lesion, poll, send_image
from tests.stack import RunningStack, start_stack

READERS = ("expert1", "expert2", "expert3")
HAND = "/api/v1/labelling/assignments"
IMAGES = 6
SAID = ("nevus", "nevus", "melanoma", "nevus", "benign_keratosis")
"""What readers say in turn: enough to agree at times, and at times not."""


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


def read_all(reader: httpx.Client, said: Iterator[str]) -> int:
    """Read everything in a hand; how many there were."""
    items = reader.get(HAND).raise_for_status().json()["items"]
    for item in items:
        body = {"diagnosis": next(said), "confidence": 3}
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
    for image_id in lesions:
        assert finished(doctor, image_id)["state"] == "in_labelling"
    said, made = cycle(SAID), 0
    readers = [hasty.sign_in(login) for login in (*READERS, "senior")]
    for _ in poll(60):
        made += sum(read_all(reader, said) for reader in readers)
        states = [case(curator, image_id)["state"] for image_id in lesions]
        if all(state in {"agreed", "arbitrated", "disputed"} for state in states):
            break
    assert set(states) <= {"agreed", "arbitrated", "disputed"}, states
    assert len(set(states)) > 1  # readers agree at times only
    assert made == 2 * IMAGES + sum(state != "agreed" for state in states)
    before = figures(curator, IMAGES)
    assert before["raw_agreement"]["value"] is not None
    assert sum(each["readings"] for each in before["by_expert"]) == 2 * IMAGES
    overturned = next(i for i in lesions if case(curator, i)["state"] == "agreed")
    agreed = case(curator, overturned)["verdict"]["diagnosis"]
    truth = "nevus" if agreed == "melanoma" else "melanoma"
    body = {"diagnosis": truth, "reported_on": "2025-06-10"}
    answer = doctor.post(f"/api/v1/lesions/{lesions[overturned]}/histology", json=body)
    assert answer.status_code == 201, answer.text
    for _ in poll(20):
        after = case(curator, overturned)
        if after["state"] == "overridden":
            break
    assert after["verdict"] == {
        "diagnosis": truth,
        "rule": "histology",
        "verification": "high",
    }
    assert after["by_readings"]["diagnosis"] == agreed
    assert finished(doctor, overturned, states={"labelled"})["label"]["diagnosis"] == truth
    for _ in poll(20):
        scores = figures(curator, IMAGES)
        if scores["counts"]["overturned"]:
            break
    assert [each["image_id"] for each in scores["overturned"]] == [overturned]
    proven = "sensitivity" if truth == "melanoma" else "specificity"
    wrong = [each for each in scores["by_expert"] if each[proven]["of"]]
    assert len(wrong) == 2
    assert all(each[proven]["value"] == 0 for each in wrong)
