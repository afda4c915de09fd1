"""What a reader can learn of a case before he reads it: only what the contract lists."""

import io
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image

from chalicelib.classification.inference import metadata
from chalicelib.platform.lesion_classes import LesionClass
from tests import pictures
from tests.flows.cases import finished, poll, send_image, survey
from tests.flows.staff import new_doctor
from tests.stack import RunningStack

READERS = ("expert1", "expert2", "expert3")
FIELDS = {"assignment_id", "round", "kind", "site", "age", "sex", "image_url", "leased_until"}


def hand(stack: RunningStack, login: str) -> list[dict[str, Any]]:
    """Every page of a reader's hand, as the contract's lists are read."""
    client, items, cursor = stack.sign_in(login), [], ""
    while True:
        query = {"limit": "7"} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/v1/labelling/assignments", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert set(page) == {"items", "next"}
        assert len(page["items"]) <= 7
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = page["next"]


@pytest.fixture(scope="module")
def case(stack: RunningStack) -> dict[str, Any]:
    """A case of an odd age, with all that must not be told of it."""
    person = new_doctor(stack)
    form = survey(
        patient_code="771303021931", age=94, sex="male", site="genitals", diagnosis="melanoma"
    )
    ids = person.client.post("/api/v1/surveys", json=form).json()
    note = {"site": "legs", "note": "a note of the doctor's"}
    person.client.post(f"/api/v1/patients/{ids['patient_id']}/lesions", json=note)
    data = pictures.jpeg_that_names(image=pictures.photograph(seed=31))
    image_id = send_image(stack, person.client, ids["lesion_id"], data, "dermoscopic", "image/jpeg")
    image = finished(person.client, image_id)
    assert image["state"] == "in_labelling"
    return {"doctor": person, "ids": ids, "image": image, "code": form["patient_code"]}


@pytest.fixture(scope="module")
def assigned(stack: RunningStack, case: dict[str, Any]) -> list[dict[str, Any]]:
    """The two assignments that came of the case, known by its patient's age."""
    for _ in poll(30):
        found = [item for login in READERS for item in hand(stack, login) if item["age"] == 94]
        if len(found) == 2:
            return found
    raise AssertionError("two readers must be found")


def test_an_assignment_holds_what_the_contract_lists_and_nothing_that_names_the_case(
    case: dict[str, Any], assigned: list[dict[str, Any]]
) -> None:
    for item in assigned:
        assert set(item) == FIELDS
        assert (item["round"], item["kind"]) == ("first", "dermoscopic")
        assert (item["site"], item["age"], item["sex"]) == ("genitals", 94, "male")
        told = repr(item)
        secrets = [*case["ids"].values(), case["image"]["image_id"], case["code"], "1931"]
        secrets += [case["doctor"].login, case["doctor"].account_id, pictures.SECRET]
        secrets += list(LesionClass)
        for secret in secrets:
            assert secret not in told


def test_the_two_readers_share_no_id_key_or_etag_with_each_other_or_the_doctor(
    case: dict[str, Any], assigned: list[dict[str, Any]]
) -> None:
    urls = [item["image_url"] for item in assigned] + [case["image"]["urls"]["image"]]
    seen = [httpx.get(url) for url in urls]
    assert [answer.status_code for answer in seen] == [200, 200, 200]
    assert len({item["assignment_id"] for item in assigned}) == 2
    assert len({urlsplit(url).path for url in urls}) == 3
    assert len({answer.headers["etag"] for answer in seen}) == 3
    assert len({answer.headers["x-amz-version-id"] for answer in seen}) == 3
    received = datetime.fromisoformat(case["image"]["history"][1]["at"])
    for item, answer in zip(assigned, seen, strict=False):
        made = parsedate_to_datetime(answer.headers["last-modified"])
        assert made > received - timedelta(seconds=1)
        assert not [name for name in answer.headers if name.startswith("x-amz-meta")]
        headers = {name: v for name, v in answer.headers.items() if name != "x-amz-version-id"}
        for secret in (case["image"]["image_id"], *case["ids"].values(), "clean/"):
            assert secret not in repr(headers) + item["image_url"]


def test_the_picture_a_reader_gets_carries_no_metadata(assigned: list[dict[str, Any]]) -> None:
    for item in assigned:
        data = httpx.get(item["image_url"]).content
        assert metadata.foreign_parts(data) == ()
        assert b"Ivanova" not in data
        with Image.open(io.BytesIO(data)) as picture:
            assert not picture.getexif()


def test_a_readers_link_lives_ten_minutes_at_most_and_opens_nothing_else(
    assigned: list[dict[str, Any]],
) -> None:
    first, second = (item["image_url"] for item in assigned)
    for url in (first, second):
        assert 0 < int(parse_qs(urlsplit(url).query)["X-Amz-Expires"][0]) <= 600
    crossed = f"{urlsplit(first)._replace(query='').geturl()}?{urlsplit(second).query}"
    assert httpx.get(crossed).status_code == 403
    elsewhere = re.sub(r"/assigned/[^?]+", "/clean/x.jpg", first)
    assert httpx.get(elsewhere).status_code == 403


def test_a_reader_can_ask_for_the_case_by_no_other_way(
    stack: RunningStack, case: dict[str, Any], assigned: list[dict[str, Any]]
) -> None:
    reader = stack.sign_in("expert1")
    for path in (
        f"images/{case['image']['image_id']}",
        f"images/{assigned[0]['assignment_id']}",
        f"patients/{case['ids']['patient_id']}",
        "patients",
        "accounts",
    ):
        assert reader.get(f"/api/v1/{path}").status_code == 403


def test_a_hand_reads_the_same_whatever_the_size_of_its_pages(
    stack: RunningStack, assigned: list[dict[str, Any]]
) -> None:
    assert assigned
    for login in READERS:
        client = stack.sign_in(login)
        whole = client.get("/api/v1/labelling/assignments?limit=200").json()
        assert whole["next"] is None
        ids = [item["assignment_id"] for item in whole["items"]]
        assert [item["assignment_id"] for item in hand(stack, login)] == ids


def test_the_doctor_of_a_case_never_reads_it(
    stack: RunningStack, case: dict[str, Any], assigned: list[dict[str, Any]]
) -> None:
    assert assigned
    answer = case["doctor"].client.get("/api/v1/labelling/assignments")
    assert answer.status_code == 403
    assert all(item["age"] != 94 for item in hand(stack, "senior"))
