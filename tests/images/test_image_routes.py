"""Slots and images over HTTP: shapes, budgets of AWS calls, refusals."""

import base64
import hashlib
import json
from typing import Any

import pytest

from chalicelib.images.model import ABANDON_AFTER, State
from chalicelib.images.store import ImageStore
from chalicelib.platform.uploads import MAX_UPLOAD_BYTES
from tests import pictures
from tests.asking import Answered, as_caller, ask
from tests.images.making import awaited_image, image_of
from tests.patients.asking import SURVEY
from tests.world import World

DOCTOR = as_caller("doctor", "doctor1", "clinic1")
STRANGER = as_caller("doctor", "doctor9", "clinic9")
CURATOR = as_caller("curator", "curator1")
PHOTO = pictures.jpeg(pictures.photograph(160, 120))
FORM = {
    "kind": "dermoscopic",
    "content_type": "image/jpeg",
    "bytes": len(PHOTO),
    "sha256": hashlib.sha256(PHOTO).hexdigest(),
}


@pytest.fixture(autouse=True)
def _served(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)


@pytest.fixture
def lesion_id(world: World) -> str:
    answer = ask("POST", "/v1/surveys", caller=DOCTOR, body=SURVEY)
    assert answer.status == 201, answer.body
    return str(answer.body["lesion_id"])


def open_slot(
    lesion_id: str, *, caller: dict[str, str] = DOCTOR, key: str | None = None, **changes: Any
) -> Answered:
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not ...}
    headers = {"idempotency-key": key} if key else {}
    return ask(
        "POST",
        "/v1/lesions/{lesion_id}/images",
        caller=caller,
        body=form,
        headers=headers,
        ids={"lesion_id": lesion_id},
    )


def view(image_id: str, *, caller: dict[str, str] = DOCTOR, language: str = "en") -> Answered:
    return ask(
        "GET",
        "/v1/images/{image_id}",
        caller=caller,
        ids={"image_id": image_id},
        headers={"accept-language": language},
    )


def renew(image_id: str, *, caller: dict[str, str] = DOCTOR) -> Answered:
    path = "/v1/images/{image_id}/upload"
    return ask("POST", path, caller=caller, ids={"image_id": image_id})


def test_a_slot_holds_the_upload_to_key_type_size_and_hash(world: World, lesion_id: str) -> None:
    answer = open_slot(lesion_id)
    assert answer.status == 201
    assert answer.body["state"] == "awaiting_upload"
    fields = answer.body["upload"]["fields"]
    conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    assert ["content-length-range", 1, MAX_UPLOAD_BYTES] in conditions
    assert {"key": f"uploads/{answer.body['image_id']}"} in conditions
    assert {"Content-Type": "image/jpeg"} in conditions
    checksum = base64.b64encode(hashlib.sha256(PHOTO).digest()).decode()
    assert {"x-amz-checksum-sha256": checksum} in conditions
    assert answer.body["upload"]["expires_at"] == "2026-03-02T09:05:00.000000Z"


@pytest.mark.parametrize(("act", "most"), [("slot", 4), ("view", 3), ("renew", 3)])
def test_slots_and_views_keep_to_their_calls_to_aws(
    world: World, lesion_id: str, act: str, most: int
) -> None:
    image_id = open_slot(lesion_id).body["image_id"]
    with world.counted() as calls:
        answer = {
            "slot": lambda: open_slot(lesion_id),
            "view": lambda: view(image_id),
            "renew": lambda: renew(image_id),
        }[act]()
    assert answer.status in {200, 201}
    assert calls.total() <= most, calls


def test_the_same_key_and_body_give_the_same_image_and_another_body_is_refused(
    world: World, lesion_id: str
) -> None:
    first = open_slot(lesion_id, key="k1")
    again = open_slot(lesion_id, key="k1")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    world.clock.advance(minutes=6)
    later = open_slot(lesion_id, key="k1")
    assert later.body["image_id"] == first.body["image_id"]
    assert later.body["upload"]["expires_at"] > first.body["upload"]["expires_at"]
    other = open_slot(lesion_id, key="k1", kind="macroscopic")
    assert (other.status, other.body["error"]["code"]) == (409, "idempotency_conflict")
    assert open_slot(lesion_id, key="k2").body["image_id"] != first.body["image_id"]
    foreign = ask(
        "POST",
        "/v1/lesions/{lesion_id}/images",
        caller=as_caller("doctor", "doctor2", "clinic1"),
        body=FORM,
        headers={"idempotency-key": "k1"},
        ids={"lesion_id": lesion_id},
    )
    assert foreign.body["image_id"] != first.body["image_id"], "keys are each account's own"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bytes": 0}, "bytes"),
        ({"bytes": MAX_UPLOAD_BYTES + 1}, "bytes"),
        ({"bytes": "12"}, "bytes"),
        ({"bytes": 1.5}, "bytes"),
        ({"sha256": "abc"}, "sha256"),
        ({"sha256": FORM["sha256"].upper()}, "sha256"),  # type: ignore[attr-defined]
        ({"content_type": "image/gif"}, "content_type"),
        ({"content_type": ...}, "content_type"),
        ({"kind": "x-ray"}, "kind"),
        ({"taken_on": "2027-01-01"}, "taken_on"),
        ({"taken_on": "29.02.2026"}, "taken_on"),
        ({"taken_on": "1812-01-01"}, "taken_on"),
        ({"pixel_spacing_mm": -1.0}, "pixel_spacing_mm"),
        ({"pixel_spacing_mm": 40}, "pixel_spacing_mm"),
        ({"device": {"make": "X"}}, "device.model"),
        ({"role": "admin"}, "role"),
        ({"acl": "public-read"}, "acl"),
    ],
)
def test_a_wrong_field_is_named_in_both_languages(
    world: World, lesion_id: str, changes: dict[str, Any], field: str
) -> None:
    english = open_slot(lesion_id, **changes)
    assert english.status == 422
    assert list(english.body["error"]["fields"]) == [field]
    assert english.body["error"]["fields"][field].isascii()


def test_the_limit_itself_may_be_declared(world: World, lesion_id: str) -> None:
    assert open_slot(lesion_id, bytes=MAX_UPLOAD_BYTES).status == 201


def test_a_foreign_a_random_and_a_hostile_id_answer_alike(world: World, lesion_id: str) -> None:
    image_id = open_slot(lesion_id).body["image_id"]
    answers = [
        view(image_id, caller=STRANGER),
        view("nobody"),
        view("../../etc/passwd"),
        view("родинка"),
        view("a" * 500),
        renew(image_id, caller=STRANGER),
        open_slot(lesion_id, caller=STRANGER),
        open_slot("nobody"),
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({json.dumps(answer.body["error"], sort_keys=True) for answer in answers}) == 1


def test_a_curator_sees_every_clinics_image_and_a_reader_sees_none(
    world: World, lesion_id: str
) -> None:
    image_id = open_slot(lesion_id).body["image_id"]
    assert view(image_id, caller=CURATOR).status == 200
    assert view(image_id, caller=as_caller("expert", "expert1")).status == 403
    assert view(image_id, caller=as_caller("vendor", "vendor1")).status == 403


def test_a_new_form_is_given_only_while_nothing_has_arrived(world: World, lesion_id: str) -> None:
    image_id = open_slot(lesion_id).body["image_id"]
    world.clock.advance(minutes=30)
    answer = renew(image_id)
    assert answer.status == 201
    assert answer.body["upload"]["expires_at"] == "2026-03-02T09:35:00.000000Z"
    store = ImageStore(world.platform.cases)
    now = world.clock.now()
    store.pin(image_id, "v1", now=now, until=now)
    late = renew(image_id)
    assert (late.status, late.body["error"]["code"]) == (409, "image_not_awaited")
    assert late.body["error"]["state"] == "received"


def test_a_repeated_creation_answers_alike_even_after_the_image_arrived(
    world: World, lesion_id: str
) -> None:
    image_id = open_slot(lesion_id, key="k").body["image_id"]
    now = world.clock.now()
    ImageStore(world.platform.cases).pin(image_id, "v1", now=now, until=now)
    again = open_slot(lesion_id, key="k")
    assert (again.status, again.body["image_id"]) == (201, image_id)
    assert again.body["state"] == "received"


def test_a_refused_image_says_in_the_readers_language_what_to_do(world: World) -> None:
    image = awaited_image(world, PHOTO)
    store = ImageStore(world.platform.cases)
    now = world.clock.now()
    received = store.pin(image.image_id, "v1", now=now, until=now + ABANDON_AFTER)
    store.step(received, State.REJECTED, now=now, values={"problem": "truncated"})
    russian = view("image1", language="ru").body["problem"]
    english = view("image1", language="en").body["problem"]
    assert russian["code"] == english["code"] == "truncated"
    assert not russian["message"].isascii()
    assert english["message"].isascii()
    assert image_of(world).problem == "truncated"


OPINION: dict[str, Any] = {
    "model": {"name": "skin", "version": "2"},
    "at": "2026-03-02T09:00:00.000000Z",
    "probabilities": {"nevus": 0.75, "melanoma": 0.25},
    "top": "nevus",
    "abstained": False,
    "outline": [[0.25, 0.25], [0.5, 0.25], [0.5, 0.5]],
    "embedding": b"\x00\x3c" * 128,
    "saliency": {"width": 2, "height": 1, "values": "AP8="},
    "melanoma_alert": True,
    "reliability": {"of_100": 78, "low": 69, "high": 84, "images": 112, "class": "nevus"},
}
"""With all that a model and its card may give."""


def opinion_of(world: World, image_id: str, **opinion: Any) -> dict[str, Any]:
    """What a doctor is told of an image whose stored opinion is this."""
    image, store = awaited_image(world, PHOTO, image_id=image_id), ImageStore(world.platform.cases)
    now = world.clock.now()
    received = store.pin(image.image_id, "v1", now=now, until=now + ABANDON_AFTER)
    store.step(received, State.CLASSIFIED, now=now, values={"classification": opinion})
    told: dict[str, Any] = view(image_id).body["classification"]
    return told


def test_an_opinion_is_told_with_all_but_the_embedding(world: World) -> None:
    told = opinion_of(world, "image1", **OPINION)
    beside = {"reason": None, "measurements": None}
    assert told == {name: OPINION[name] for name in OPINION if name != "embedding"} | beside


def test_an_abstention_says_why_also_one_from_before_reasons_were_kept(world: World) -> None:
    abstained = OPINION | {"top": "unknown", "abstained": True}
    bare = {name: abstained[name] for name in ("model", "probabilities", "top", "abstained")}
    for image_id, stored, code in (
        ("image1", abstained | {"reason": "no_lesion"}, "no_lesion"),
        ("image2", bare, "unsure"),
    ):
        reason = opinion_of(world, image_id, **stored)["reason"]
        assert reason["code"] == code
        assert reason["message"].isascii()
        in_russian = view(image_id, language="ru").body["classification"]["reason"]
        assert not in_russian["message"].isascii()


def test_a_fresh_image_shows_its_shape_with_nulls(world: World, lesion_id: str) -> None:
    body = view(open_slot(lesion_id).body["image_id"]).body
    assert body["classification"] is None
    assert body["label"] is None
    assert body["problem"] is None
    assert body["urls"] == {"image": None, "thumbnail": None}
    assert [step["state"] for step in body["history"]] == ["awaiting_upload"]
