"""A patient is referred, treated at both clinics, and no longer seen when that is over."""

import pytest

from tests.flows.cases import new_lesion, slot_form
from tests.stack import RunningStack

REASON = {"reason": "Осмотрен"}


def test_a_referral_from_its_offer_to_its_end(stack: RunningStack) -> None:
    home, away = stack.sign_in("doctor"), stack.sign_in("doctor2")
    case = new_lesion(home)
    patient, lesion = (
        f"/api/v1/patients/{case['patient_id']}",
        f"/api/v1/lesions/{case['lesion_id']}",
    )
    [clinic] = [
        one["clinic_id"]
        for one in home.get("/api/v1/referrals/clinics").json()["items"]
        if one["city"] == "Болхов"
    ]
    offer = {"clinic_id": clinic, "lesion_ids": [case["lesion_id"]], "consent": True}
    referral = home.post(f"{patient}/referrals", json=offer).json()["referral_id"]
    assert away.get(patient).status_code == 404
    path = f"/api/v1/referrals/{referral}"
    assert away.post(f"{path}/accept").json()["patient_id"] == case["patient_id"]
    form = slot_form(b"picture", "image/jpeg", "dermoscopic")
    image = away.post(f"{lesion}/images", json=form).json()["image_id"]
    excised = {"what": "excised", "done_on": "2025-06-10", "outcome": "healed"}
    assert away.post(f"{lesion}/treatments", json=excised).status_code == 201
    seen = home.get(patient).json()["lesions"][0]
    assert [one["what"] for one in seen["treatments"]] == ["excised"]
    assert [one["image_id"] for one in seen["images"]] == [image]
    listed = away.get("/api/v1/patients", params={"limit": 200}).json()["items"]
    assert [one["referred"] for one in listed if one["patient_id"] == case["patient_id"]] == [True]
    ended = away.post(f"{path}/end", json=REASON)
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    for closed in (patient, f"{lesion}/treatments", f"/api/v1/images/{image}"):
        assert away.get(closed).status_code == 404
        assert home.get(closed).status_code == 200


@pytest.mark.parametrize("consent", [False, None, "true"])
def test_nobody_is_referred_without_consent(stack: RunningStack, consent: object) -> None:
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    body = {"clinic_id": "demo-bolkhov", "consent": consent}
    answer = doctor.post(f"/api/v1/patients/{case['patient_id']}/referrals", json=body)
    assert answer.status_code == 422
    assert set(answer.json()["error"]["fields"]) == {"consent"}
