"""By what experts read, and what is planned of them."""

from typing import Any

import pytest

from chalicelib.images.tombstones import ImageTombstones
from chalicelib.labelling import driving, finding
from chalicelib.labelling.protocols import FIRST
from chalicelib.people import service as people
from chalicelib.people.model import Role
from chalicelib.platform.lesion_classes import LesionClass
from tests.asking import Answered
from tests.labelling.making import classified_image, hand_of
from tests.labelling.reading import CASE, Reader, curator, hired, proven
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")

MELANOMA = LesionClass.MELANOMA


def plan(world: World, account_id: str, **change: Any) -> Answered:
    path = "/v1/labelling/readers/{account_id}"
    return curator(world).ask("PATCH", path, change, account_id=account_id)


def test_a_paused_reader_is_given_no_new_cases(world: World) -> None:
    one = hired(world, "one")
    answer = plan(world, one.account_id, paused=True, reason="Below the bar", planned_readings=300)
    assert (answer.body["paused_because"], answer.body["planned_readings"]) == (
        "Below the bar",
        300,
    )
    driving.assign_case(world.platform, classified_image(world, "image1"))
    assert hand_of(world, one.account_id) == []
    answer = plan(world, one.account_id, paused=False)
    assert (answer.body["paused_because"], answer.body["planned_readings"]) == (None, 300)
    assert finding.fill_hand(world.platform, one.account_id) == 1


def test_a_plan_without_anything_and_a_pause_without_a_reason_are_refused(world: World) -> None:
    one = hired(world, "one")
    assert plan(world, one.account_id).status == 422
    assert plan(world, one.account_id, paused=True).status == 422
    assert plan(world, "nobody", paused=False).status == 404


def test_an_expert_reads_and_accepts_the_protocol_before_his_first_case(world: World) -> None:
    opened = people.open_account(world.platform, login="newcomer", role=Role.EXPERT)
    newcomer = Reader(world, opened.account.account_id, "", role=Role.EXPERT)
    driving.assign_case(world.platform, classified_image(world, "image1"))
    assert hand_of(world, newcomer.account_id) == []
    protocol = newcomer.ask("GET", "/v1/labelling/protocol").body
    assert (protocol["version"], protocol["accepted"]) == (FIRST.version, False)
    assert set(protocol["signs"]) == {each.value for each in LesionClass}
    accept = "/v1/labelling/protocol/accept"
    assert newcomer.ask("POST", accept, {"version": 7}).error["code"] == "newer_protocol"
    assert newcomer.ask("POST", accept, {"version": FIRST.version}).status == 204
    assert newcomer.ask("GET", "/v1/labelling/protocol").body["accepted"] is True
    assert finding.fill_hand(world.platform, newcomer.account_id) == 1
    assert hand_of(world, newcomer.account_id)[0].protocol == FIRST.version


def new_version(after: int = 1, **changes: Any) -> dict[str, Any]:
    both = {"ru": "Новое", "en": "New"}
    return {
        "after": after,
        "title": both,
        "instruction": both,
        "signs": {each.value: [both] for each in LesionClass},
        "changes": both,
        **changes,
    }


def test_after_a_new_version_readers_wait_until_they_have_accepted_it(world: World) -> None:
    one = hired(world, "one")
    path = "/v1/labelling/protocols"
    for _ in range(2):
        made = curator(world).ask("POST", path, new_version())
        assert (made.status, made.body["version"]) == (201, 2)
    other = curator(world).ask("POST", path, new_version(title={"ru": "Х", "en": "X"}))
    assert other.error["code"] == "newer_protocol"
    driving.assign_case(world.platform, classified_image(world, "image1"))
    assert hand_of(world, one.account_id) == []
    one.ask("POST", "/v1/labelling/protocol/accept", {"version": 2})
    finding.fill_hand(world.platform, one.account_id)
    [held] = hand_of(world, one.account_id)
    assert held.protocol == 2
    one.read(held.assignment_id)
    seen = curator(world).ask("GET", CASE, image_id="image1").body
    assert [each["protocol"] for each in seen["readings"]] == [2]
    versions = curator(world).ask("GET", path).body["items"]
    assert [each["version"] for each in versions] == [2, 1]


def test_a_protocol_shows_proven_images_of_each_class_as_long_as_they_are_there(
    world: World,
) -> None:
    one = hired(world, "one")
    classified_image(world, "image1")
    path, examples = "/v1/labelling/protocols", {"melanoma": ["image1"]}
    refused = curator(world).ask("POST", path, new_version(examples=examples))
    assert refused.status == 422
    proven(world, MELANOMA)
    assert curator(world).ask("POST", path, new_version(examples=examples)).status == 201
    told = one.ask("GET", "/v1/labelling/protocol").body["examples"]
    assert ["clean/image1" in link for link in told["melanoma"]] == [True]
    ImageTombstones(world.platform.cases).withdraw("image1", now=world.clock.now())
    assert one.ask("GET", "/v1/labelling/protocol").body["examples"] == {"melanoma": []}


def test_a_protocol_without_signs_of_a_class_is_refused(world: World) -> None:
    signs = {"nevus": [{"ru": "Сеть", "en": "Network"}]}
    answer = curator(world).ask("POST", "/v1/labelling/protocols", new_version(signs=signs))
    assert answer.status == 422
    assert "melanoma" in answer.body["error"]["fields"]["signs"]
