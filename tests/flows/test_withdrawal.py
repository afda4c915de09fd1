"""Consent taken back over HTTP, on the running stack: pages, links and hands lose the patient."""

import httpx

from tests import pictures
from tests.flows.cases import finished, new_lesion, poll, send_image
from tests.flows.staff import new_doctor, refusal
from tests.stack import RunningStack

READERS = ("expert1", "expert2", "expert3")


def hands(stack: RunningStack) -> dict[str, str]:
    """Image links by assignment, over all readers."""
    links: dict[str, str] = {}
    for login in READERS:
        answer = stack.sign_in(login).get("/api/v1/labelling/assignments", params={"limit": "200"})
        assert answer.status_code == 200, answer.text
        links |= {item["assignment_id"]: item["image_url"] for item in answer.json()["items"]}
    return links


def test_after_a_withdrawal_pages_links_and_hands_show_nothing(stack: RunningStack) -> None:
    doctor = new_doctor(stack).client
    before = set(hands(stack))
    case = new_lesion(doctor)
    data = pictures.jpeg(pictures.photograph(seed=77))
    image_id = send_image(stack, doctor, case["lesion_id"], data, "dermoscopic", "image/jpeg")
    links = finished(doctor, image_id)["urls"]
    for _ in poll(30):
        given = {key: link for key, link in hands(stack).items() if key not in before}
        if len(given) == 2:
            break
    else:
        raise AssertionError("two readers must be found")
    shown = [links["image"], links["thumbnail"], *given.values()]
    assert [httpx.get(link).status_code for link in shown] == [200] * 4

    path = f"/api/v1/patients/{case['patient_id']}/consent/withdraw"
    answer = doctor.post(path)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"patient_id", "withdrawn_at", "erased_by"}
    assert doctor.post(path, json={"anything": "is ignored"}).json() == answer.json()

    assert {httpx.get(link).status_code for link in shown} <= {403, 404}
    assert not set(given) & set(hands(stack))
    assert refusal(doctor.get(f"/api/v1/patients/{case['patient_id']}"))["code"] == "not_found"
    image = doctor.get(f"/api/v1/images/{image_id}").json()
    assert (image["state"], image["classification"]) == ("withdrawn", None)
    assert image["urls"] == {"image": None, "thumbnail": None}
    foreign = new_doctor(stack).client.post(path)
    assert foreign.status_code == 404


def test_a_wrong_image_is_deleted_over_http(stack: RunningStack) -> None:
    doctor = new_doctor(stack).client
    case = new_lesion(doctor)
    data = pictures.jpeg(pictures.photograph(seed=78))
    image_id = send_image(stack, doctor, case["lesion_id"], data, "macroscopic", "image/jpeg")
    links = finished(doctor, image_id, states={"classified"})["urls"]
    path = f"/api/v1/images/{image_id}"
    assert doctor.request("DELETE", path, json={}).status_code == 422
    assert doctor.request("DELETE", path, json={"reason": "wrong file"}).status_code == 204
    assert doctor.get(path).status_code == 404
    assert httpx.get(links["image"]).status_code in {403, 404}
    patient = doctor.get(f"/api/v1/patients/{case['patient_id']}").json()
    assert patient["lesions"][0]["images"] == []
