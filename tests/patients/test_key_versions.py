"""Codes are not kept and cannot be hashed again: a new key must find who was known under an old one."""

from dataclasses import replace

import pytest

from chalicelib.platform.runtime import Platform
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def versions(doctor: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, Platform]:
    """The same platform before the new key, with both, and after the old key is retired."""
    old = world.platform.settings.code_keys.partition("=")[2]
    made = world.platform.client("kms").create_key(
        KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"
    )
    new = made["KeyMetadata"]["KeyId"]
    keys = {"before": f"v1={old}", "both": f"v2={new},v1={old}", "after": f"v2={new}"}
    platforms = {}
    for name, code_keys in keys.items():
        given = world.platform
        settings = given.settings.model_copy(update={"code_keys": code_keys})
        platforms[name] = replace(given, settings=settings)
        platforms[name].__dict__["_session"] = given.__dict__["_session"]
    use(monkeypatch, platforms["before"])
    return platforms


def use(monkeypatch: pytest.MonkeyPatch, platform: Platform) -> None:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: platform)


def test_a_patient_known_under_the_old_key_is_found_and_moves_to_the_new(
    doctor: Client, versions: dict[str, Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient_id = doctor.enter().body["patient_id"]
    use(monkeypatch, versions["both"])
    assert doctor.look_up().body == {"patient_id": patient_id}
    asked = doctor.enter()
    assert [one["patient_id"] for one in asked.error["candidates"]] == [patient_id]
    assert doctor.enter(patient_id=patient_id).status == 201
    use(monkeypatch, versions["after"])
    assert doctor.look_up().body == {"patient_id": patient_id}
    assert doctor.enter().status == 409


def test_a_lesion_of_the_old_key_takes_a_survey_under_the_new(
    doctor: Client, versions: dict[str, Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = doctor.enter().body
    use(monkeypatch, versions["both"])
    assert doctor.enter(lesion_id=entered["lesion_id"]).status == 201
    use(monkeypatch, versions["after"])
    assert doctor.enter(lesion_id=entered["lesion_id"]).status == 201


def test_a_request_repeated_after_the_key_changed_makes_nothing_new(
    doctor: Client, versions: dict[str, Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = doctor.enter("k").body
    use(monkeypatch, versions["both"])
    again = doctor.enter("k")
    assert (again.status, again.body) == (201, entered)
    assert len(doctor.items("patient")) == len(doctor.items("lesion")) == 1


def test_new_patients_stand_under_the_newest_key(
    doctor: Client, versions: dict[str, Platform], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, versions["both"])
    doctor.enter()
    (code,) = doctor.items("code")
    assert code["pk"].startswith(f"code#{doctor.clinic_id}#v2.")
