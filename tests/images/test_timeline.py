"""The timeline over HTTP: what it shows, to whom, in which order, and with how many calls."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.images import timeline
from chalicelib.images.model import Image, Kind
from chalicelib.images.store import ImageStore
from chalicelib.platform import keys
from tests.asking import Answered
from tests.images.courses import ellipse, measured, of, opinion, photograph
from tests.images.making import image_of
from tests.merging.clinic import Clinic, run_sweep
from tests.patients.asking import Client
from tests.patients.referring import treat
from tests.world import World

PATH = "/v1/lesions/{lesion_id}/timeline"
OLD, NEW = "2026-01-01", "2026-02-28"

Filed = Callable[..., str]


@pytest.fixture
def clinic(world: World, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    return Clinic(world, Client(world, "doctor1", "clinic1"))


@pytest.fixture
def case(clinic: Clinic) -> dict[str, str]:
    return clinic.patient()


@pytest.fixture
def file(clinic: Clinic) -> Filed:
    """Files a photograph under a lesion; its id. Each comes a second after the one before."""
    store, came = ImageStore(clinic.world.platform.cases), [clinic.world.clock.now()]

    def filed(image: Image, case: dict[str, str], *, image_id: str) -> str:
        came[0] += timedelta(seconds=1)
        where: dict[str, Any] = {name: case[name] for name in ("lesion_id", "patient_id")}
        # Waiting for readers is no matter here.
        new = replace(image, image_id=image_id, created_at=came[0], to_labelling=False, **where)
        store.create(new, due_at=came[0] + timedelta(days=365))
        return image_id

    return filed


def _ask(doctor: Client, lesion_id: str) -> Answered:
    return doctor.ask("GET", PATH, lesion_id=lesion_id)


def _shown(clinic: Clinic, case: dict[str, str]) -> Any:
    answer = _ask(clinic.doctor, case["lesion_id"])
    assert answer.status == 200, answer.body
    return answer.body


def _ids(body: Any) -> list[str]:
    return [image["image_id"] for image in body["images"]]


def test_a_growing_lesion_is_shown_by_day_with_its_change_rate_and_alerts(
    clinic: Clinic, case: dict[str, str], file: Filed
) -> None:
    marked = ellipse(0.2, ratio=0.7, notch=0.5), ellipse(0.2, ratio=0.7, notch=0.5, turned=50)
    file(of(NEW, 6.6, outline=marked[1], embedding=(0.3, 0.95)), case, image_id="later")
    file(of(OLD, 4.0, outline=marked[0]), case, image_id="first")
    file(photograph("2026-02-01", None, kind=Kind.MACROSCOPIC), case, image_id="phone")
    with clinic.world.counted() as calls:
        body = _shown(clinic, case)
    assert calls.total() <= 3, calls
    assert ("timeline.viewed", case["lesion_id"]) in clinic.doctor.acts()
    assert _ids(body) == ["first", "phone", "later"]
    first, phone, later = body["images"]
    assert (first["day"], first["day_is"], later["day"]) == (OLD, "taken", NEW)
    assert later["measurements"]["diameter_mm"]["value"] == pytest.approx(6.6)
    assert later["opinion"]["top"] == "nevus"
    assert later["urls"]["thumbnail"]
    assert (phone["measurements"], phone["opinion"], phone["alignment"]) == (None, None, None)
    assert body["reference"] == "first"
    assert first["alignment"]["matrix"] == pytest.approx([1, 0, 0, 1, 0, 0], abs=1e-3)
    assert later["alignment"]["rotation"] == pytest.approx(-50, abs=4)
    assert first["appearance"] == {"to_first": None, "to_last": None}
    assert later["appearance"]["to_first"] == pytest.approx(0.7, abs=0.01)
    since = body["visits"][2]["since_last"]
    assert (since["since"], since["days"]) == (OLD, 58)
    assert since["diameter_mm"]["value"] == pytest.approx(2.6)
    assert since["diameter_mm"]["beyond_error"] is True
    assert body["visits"][1]["since_last"] is None
    assert body["growth"]["diameter_mm_per_month"]["value"] == pytest.approx(1.364, abs=0.01)
    assert {alert["code"] for alert in body["alerts"]} == {
        "diameter_grew",
        "diameter_over_6_mm",
        "looks_different",
    }
    assert {tuple(alert["image_ids"]) for alert in body["alerts"]} == {("later",)}
    assert body["complete"] is True


def test_what_only_serves_comparison_is_answered_nowhere(
    clinic: Clinic, case: dict[str, str], file: Filed
) -> None:
    said = opinion(measured(), pattern=bytes(range(108)))
    file(photograph(OLD, said), case, image_id="image1")
    kept = image_of(clinic.world, "image1").classification or {}
    assert (kept["pattern"], len(kept["embedding"])) == (said["pattern"], 4)
    for body in (_shown(clinic, case), clinic.view("image1")):
        assert not {"pattern", "embedding"} & set(json.dumps(body).split('"'))


def test_a_picture_that_the_model_did_not_judge_is_listed_with_the_reason_and_compared_with_nothing(
    clinic: Clinic, case: dict[str, str], file: Filed
) -> None:
    file(of(OLD, 4.0), case, image_id="first")
    refused = opinion(None, top="unknown", reason="not_skin", embedding=(0.0, 1.0))
    file(
        photograph("2026-02-01", refused | {"probabilities": {"unknown": 1.0}}),
        case,
        image_id="cat",
    )
    file(of(NEW, 4.0), case, image_id="later")
    body = _shown(clinic, case)
    _, cat, later = body["images"]
    assert (cat["opinion"]["probability"], cat["opinion"]["reason"]["code"]) == (None, "not_skin")
    assert (cat["measurements"], cat["alignment"]) == (None, None)
    assert cat["appearance"] == {"to_first": None, "to_last": None}
    assert later["appearance"]["to_last"] == pytest.approx(0, abs=1e-3)
    assert body["visits"][1]["since_last"] is None
    assert body["visits"][2]["since_last"]["since"] == OLD
    assert body["alerts"] == []


def test_what_was_done_to_the_lesion_stands_beside_its_changes(
    clinic: Clinic, case: dict[str, str]
) -> None:
    treat(clinic.doctor, case["lesion_id"], what="excised")
    (done,) = _shown(clinic, case)["treatments"]
    assert (done["what"], done["done_on"]) == ("excised", "2026-02-20")


def test_sentences_follow_the_readers_language(
    clinic: Clinic, case: dict[str, str], file: Filed
) -> None:
    for day, size in ((OLD, 4.0), (NEW, 5.0)):
        file(of(day, size), case, image_id=day)
    russian = _ask(replace(clinic.doctor, language="ru"), case["lesion_id"]).body["alerts"]
    assert [alert["message"] for alert in russian] == ["Диаметр вырос на 1,0 мм ± 0,3 за 58 дней."]


def test_a_lesion_without_images_has_an_empty_timeline(
    clinic: Clinic, case: dict[str, str]
) -> None:
    clinic.slot(case["lesion_id"])
    body = _shown(clinic, case)
    assert (body["images"], body["visits"], body["alerts"]) == ([], [], [])
    assert body["growth"] == {"diameter_mm_per_month": None, "area_mm2_per_month": None}


def test_foreign_missing_and_hostile_lesions_answer_alike(
    clinic: Clinic, case: dict[str, str]
) -> None:
    lesion_id = case["lesion_id"]
    answers = [
        _ask(clinic.doctor.stranger(), lesion_id),
        *(_ask(clinic.doctor, name) for name in ("nobody", "../../x", "родинка", "a" * 500)),
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({json.dumps(answer.error, sort_keys=True) for answer in answers}) == 1


def test_a_moved_image_and_a_deleted_one_leave_the_timeline(
    clinic: Clinic, case: dict[str, str], file: Filed
) -> None:
    for day, size in ((OLD, 4.0), ("2026-02-01", 9.0), (NEW, 4.1)):
        file(of(day, size), case, image_id=f"of{day[5:7]}{day[8:]}")
    other = {**case, "lesion_id": clinic.lesion(case["patient_id"])}
    assert clinic.move("of0201", other["lesion_id"]).status == 200
    body = _shown(clinic, case)
    assert _ids(body) == ["of0101", "of0228"]
    assert body["alerts"] == [], "what it showed is not of this lesion"
    assert _ids(_shown(clinic, other)) == ["of0201"]
    reason = {"reason": "Blurred"}
    clinic.doctor.ask("DELETE", "/v1/images/{image_id}", reason, image_id="of0228")
    assert _ids(_shown(clinic, case)) == ["of0101"]


def test_images_of_a_merged_lesion_are_there_while_they_move_and_afterwards(
    clinic: Clinic, case: dict[str, str], file: Filed
) -> None:
    twice = {**case, "lesion_id": clinic.lesion(case["patient_id"])}
    file(of(OLD, 4.0), case, image_id="kept")
    file(of(NEW, 5.0), twice, image_id="moving")
    with clinic.world.crash_after(16):
        clinic.merge_lesions(case["lesion_id"], twice["lesion_id"])
    for _ in range(2):
        body = _shown(clinic, case)
        assert _ids(body) == ["kept", "moving"]
        assert [alert["code"] for alert in body["alerts"]] == ["diameter_grew"]
        assert _shown(clinic, twice) | {"images": []} == body | {"images": []}
        run_sweep(clinic.world, 2)
    assert image_of(clinic.world, "moving").lesion_id == case["lesion_id"]


def test_after_a_withdrawal_nothing_of_it_answers(
    clinic: Clinic, case: dict[str, str], file: Filed
) -> None:
    file(of(OLD, 4.0), case, image_id="image1")
    path = "/v1/patients/{patient_id}/consent/withdraw"
    body = {"reason": "Asked"}
    clinic.doctor.ask("POST", path, body, patient_id=case["patient_id"])
    assert _ask(clinic.doctor, case["lesion_id"]).status == 404
    left = clinic.world.platform.cases.get(keys.image("image1")) or {}
    assert not {"classification", "capture", "intake"} & left.keys()


def test_a_hundred_images_are_shown_and_older_ones_said_to_be_left_out(
    clinic: Clinic, case: dict[str, str], file: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "LATEST", 3)
    for number in range(4):
        file(of(f"2026-01-0{number + 1}"), case, image_id=f"image{number}")
    body = _shown(clinic, case)
    assert _ids(body) == ["image1", "image2", "image3"]
    assert body["complete"] is False
