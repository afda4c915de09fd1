"""An account has only so many images awaiting their files; the number is that of real slots."""

from typing import Any

import pytest

from chalicelib.images.model import State
from chalicelib.images.quota import MOST_OF_A_CURATOR, take_place
from chalicelib.images.store import ImageStore
from chalicelib.platform import keys
from chalicelib.platform.errors import TooMany
from tests.asking import as_caller, ask
from tests.images.making import awaited_image
from tests.images.test_image_routes import FORM
from tests.patients.asking import SURVEY
from tests.world import WorkerDied, World

MOST = 3
DOCTOR = as_caller("doctor", "doctor1", "clinic1")


def take(world: World, image_id: str, account_id: str = "doctor1", *, most: int = MOST) -> None:
    take_place(world.platform, account_id, image_id, most=most)


def open_image(world: World, image_id: str) -> None:
    take(world, image_id)
    awaited_image(world, b"photo", image_id=image_id)


def fill(world: World) -> None:
    for number in range(MOST):
        open_image(world, f"image{number}")


def places(world: World, account_id: str = "doctor1") -> set[str]:
    item = world.platform.cases.get(keys.slots(account_id))
    return set(item.get("open", ())) if item else set()


def arrive(world: World, image_id: str) -> None:
    now = world.clock.now()
    ImageStore(world.platform.cases).pin(image_id, "version", now=now, until=now)


def test_a_place_is_taken_in_one_call_and_the_one_too_many_is_refused(world: World) -> None:
    for number in range(MOST):
        with world.counted() as calls:
            open_image(world, f"image{number}")
        assert calls["dynamodb.UpdateItem"] == 1
    with pytest.raises(TooMany) as refused:
        take(world, "one-too-many")
    assert 1 <= refused.value.retry_after <= 300
    assert places(world) == {"image0", "image1", "image2"}


def test_another_account_has_places_of_its_own(world: World) -> None:
    fill(world)
    take(world, "theirs", "doctor2")
    assert places(world, "doctor2") == {"theirs"}


def test_an_image_that_arrived_gives_its_place_to_the_next(world: World) -> None:
    fill(world)
    arrive(world, "image1")
    open_image(world, "next")
    assert places(world) == {"image0", "image2", "next"}
    with pytest.raises(TooMany):
        take(world, "one-too-many")


def test_a_repeated_request_keeps_its_place_although_all_are_taken(world: World) -> None:
    fill(world)
    take(world, "image2")
    assert places(world) == {"image0", "image1", "image2"}


def test_the_place_of_a_request_that_died_is_given_back_after_a_minute(world: World) -> None:
    fill(world)
    arrive(world, "image0")
    take(world, "never-written")
    with pytest.raises(TooMany):
        take(world, "next")
    assert "never-written" in places(world), "its image may be about to be written"
    world.clock.advance(seconds=60)
    take(world, "next")
    assert places(world) == {"image1", "image2", "next"}


def test_a_place_taken_while_another_request_clears_is_not_cleared_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world)
    arrive(world, "image0")
    take(world, "absent")
    world.clock.advance(minutes=2)
    real = ImageStore.places

    def look_and_lose_time(store: ImageStore, image_ids: Any) -> Any:
        seen = real(store, image_ids)
        monkeypatch.setattr(ImageStore, "places", real)
        take(world, "absent")  # its own request comes again, and its image is about to be written
        return seen

    monkeypatch.setattr(ImageStore, "places", look_and_lose_time)
    with pytest.raises(TooMany):
        take(world, "next")
    assert places(world) == {"image1", "image2", "absent"}


def test_a_worker_that_dies_after_any_call_of_the_clearing_leaves_no_place_too_many(
    world: World,
) -> None:
    for nth in range(1, 4):
        account_id = f"doctor-{nth}"
        for number in range(MOST):
            image_id = f"image{nth}x{number}"
            take(world, image_id, account_id)
            awaited_image(world, b"photo", image_id=image_id)
            arrive(world, image_id)
        world.crash_in = nth
        with pytest.raises(WorkerDied):
            take(world, f"next{nth}", account_id)
        world.crash_in = None
        take(world, f"next{nth}", account_id)
        assert places(world, account_id) <= {f"next{nth}", f"image{nth}x1", f"image{nth}x2"}
        assert len(places(world, account_id)) <= MOST


def test_two_hundred_places_are_looked_at_in_two_reads(world: World) -> None:
    for number in range(MOST_OF_A_CURATOR):
        take(world, f"image{number}", most=MOST_OF_A_CURATOR)
    world.clock.advance(minutes=1)
    with world.counted() as calls:
        take(world, "next", most=MOST_OF_A_CURATOR)
    assert calls == {"dynamodb.UpdateItem": 3, "dynamodb.BatchGetItem": 2}
    assert places(world) == {"next"}


def test_over_http_a_full_set_is_429_with_a_time_to_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    monkeypatch.setattr("chalicelib.images.service.MOST_OF_A_DOCTOR", MOST)
    lesion_id = ask("POST", "/v1/surveys", caller=DOCTOR, body=SURVEY).body["lesion_id"]

    def ask_for_slot(key: str) -> Any:
        return ask(
            "POST",
            "/v1/lesions/{lesion_id}/images",
            caller=DOCTOR,
            body=FORM,
            ids={"lesion_id": lesion_id},
            headers={"idempotency-key": key},
        )

    first = [ask_for_slot(f"k{number}") for number in range(MOST)]
    world.clock.advance(seconds=90)
    refused = ask_for_slot("k-next")
    assert (refused.status, refused.error["code"]) == (429, "too_many")
    assert refused.headers["Retry-After"] == "15", "a place may be free at any moment"
    assert ask_for_slot("k0").body == first[0].body, "a repetition is no further slot"
    arrive(world, first[1].body["image_id"])
    at_once = ask_for_slot("k-next")
    assert (at_once.status, at_once.headers["Retry-After"]) == (429, "3"), "not looked at yet"
    world.clock.advance(seconds=3)
    opened = ask_for_slot("k-next")
    assert opened.status == 201
    image = ImageStore(world.platform.cases).get(opened.body["image_id"])
    assert image is not None
    assert image.state is State.AWAITING_UPLOAD


def test_who_meets_a_full_set_again_and_again_costs_one_call_a_time(world: World) -> None:
    for number in range(MOST):
        take_place(world.platform, "doctor1", f"image{number}", most=MOST)
    with pytest.raises(TooMany):
        take_place(world.platform, "doctor1", "next", most=MOST)
    with world.counted() as calls:
        for _ in range(5):
            with pytest.raises(TooMany):
                take_place(world.platform, "doctor1", "next", most=MOST)
    assert calls.total() == 5, calls
