"""Mistakes of filing put right over HTTP, on the running stack."""

from typing import Any

import pytest

from tests import pictures
from tests.flows.cases import finished, new_lesion, poll, send_image, survey
from tests.flows.staff import new_doctor, refusal
from tests.stack import RunningStack

REASON = "Заведён дважды"


def test_a_patient_entered_twice_and_an_image_sent_to_the_wrong_lesion_are_put_right(
    stack: RunningStack,
) -> None:
    doctor = new_doctor(stack).client
    kept, twice = new_lesion(doctor), new_lesion(doctor)
    data = pictures.jpeg(pictures.photograph(seed=23))
    image_id = send_image(stack, doctor, kept["lesion_id"], data, "dermoscopic", "image/jpeg")
    finished(doctor, image_id)

    moved = doctor.patch(
        f"/api/v1/images/{image_id}", json={"lesion_id": twice["lesion_id"], "reason": REASON}
    )
    assert moved.status_code == 200, moved.text
    image = moved.json()
    assert (image["lesion_id"], image["patient_id"]) == (twice["lesion_id"], twice["patient_id"])
    assert image["state"] == "in_labelling"
    assert [change["reason"] for change in image["changes"]] == [REASON]

    people = {"patient_id": kept["patient_id"], "duplicate_id": twice["patient_id"]}
    for _ in range(2):
        merged = doctor.post("/api/v1/patients/merge", json={**people, "reason": REASON})
        assert (merged.status_code, merged.json()) == (200, {"patient_id": kept["patient_id"]})
    lesions = {"lesion_id": kept["lesion_id"], "duplicate_id": twice["lesion_id"]}
    answer = doctor.post("/api/v1/lesions/merge", json={**lesions, "reason": REASON})
    assert (answer.status_code, answer.json()) == (
        200,
        {"lesion_id": kept["lesion_id"], "patient_id": kept["patient_id"]},
    )

    page: dict[str, Any] = {}
    for _ in poll(20):  # the page is read from an index
        page = doctor.get(f"/api/v1/patients/{twice['patient_id']}").json()
        if len(page["lesions"]) == 1:
            break
    assert page["patient_id"] == kept["patient_id"]
    [lesion] = page["lesions"]
    assert [one["image_id"] for one in lesion["images"]] == [image_id]
    assert len(page["surveys"]) == 2
    listed = doctor.get("/api/v1/patients").json()["items"]
    assert [patient["patient_id"] for patient in listed] == [kept["patient_id"]]
    corrected = doctor.patch(f"/api/v1/surveys/{twice['survey_id']}", json={"hair": "black"})
    assert (corrected.status_code, corrected.json()["hair"]) == (200, "black")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_two_who_are_not_one_person_are_refused_in_both_languages(
    stack: RunningStack, language: str
) -> None:
    doctor = new_doctor(stack).client
    one = new_lesion(doctor)
    answer = doctor.post("/api/v1/surveys", json=survey(sex="male"))
    body = {
        "patient_id": one["patient_id"],
        "duplicate_id": answer.json()["patient_id"],
        "reason": REASON,
    }
    refused = doctor.post(
        "/api/v1/patients/merge", json=body, headers={"Accept-Language": language}
    )
    assert refused.status_code == 422
    [sentence] = refusal(refused)["fields"].values()
    assert sentence.isascii() == (language == "en")
