"""Receivers of events over HTTP: registering, secrets, changes, limits, budgets of AWS calls."""

import base64
import json
from typing import Any

import pytest

from chalicelib.people.model import Role
from chalicelib.platform.resolver import Unresolved
from chalicelib.webhooks.model import MOST
from tests.asking import as_caller, ask
from tests.patients.asking import Client
from tests.webhooks.asking import ALL, change, look, ping, register, registered, rotate
from tests.world import SOMEWHERE, World

URL = "https://hooks.clinic.example/rodinka"
ONE = "/v1/webhooks/{webhook_id}"


def test_a_receiver_is_shown_as_it_was_registered(curator: Client) -> None:
    webhook_id = registered(curator, URL, events=ALL[:2], note="Регистратура")
    assert look(curator, webhook_id) == {
        "webhook_id": webhook_id,
        "url": URL,
        "events": ALL[:2],
        "note": "Регистратура",
        "created_at": "2026-03-02T09:00:00.000000Z",
        "enabled": True,
        "disabled": None,
        "failures": 0,
        "failing_since": None,
        "last_delivery": None,
        "previous_secret_until": None,
        "deliveries": [],
    }


def test_a_secret_has_32_bytes_and_stands_in_no_table(world: World, curator: Client) -> None:
    told = register(curator, URL).body
    key = base64.b64decode(told["secret"].removeprefix("whsec_"), validate=True)
    assert len(key) == 32
    next_ = rotate(curator, told["webhook_id"]).body["secret"]
    assert next_ != told["secret"]
    assert register(curator, URL).body["secret"] not in (told["secret"], next_)
    dynamodb = world.platform.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        items = json.dumps(dynamodb.scan(TableName=table)["Items"], default=str)
        for secret in (told["secret"], next_):
            assert secret.removeprefix("whsec_") not in items
    shown = json.dumps(look(curator, told["webhook_id"]))
    assert "whsec_" not in shown


def test_a_repetition_gets_the_same_receiver_and_secret_and_another_body_is_refused(
    curator: Client,
) -> None:
    first = register(curator, URL, key="k")
    assert register(curator, URL, key="k").body == first.body
    other = register(curator, URL, key="k", events=ALL[:1])
    assert (other.status, other.error["code"]) == (409, "idempotency_conflict")
    assert change(curator, first.body["webhook_id"], url=URL + "/new").status == 200
    assert register(curator, URL, key="k").body == first.body


def test_a_rotation_is_made_once_for_each_key_and_tells_until_when_the_old_secret_is_good(
    world: World, curator: Client
) -> None:
    webhook_id = registered(curator, URL)
    world.clock.advance(hours=1)
    first = rotate(curator, webhook_id, key="r")
    assert first.body["previous_until"] == "2026-03-03T10:00:00.000000Z"
    world.clock.advance(minutes=1)
    assert rotate(curator, webhook_id, key="r").body == first.body
    assert rotate(curator, webhook_id, key="s").body["secret"] != first.body["secret"]
    assert look(curator, webhook_id)["previous_secret_until"] == "2026-03-03T10:01:00.000000Z"
    world.clock.advance(hours=24)
    assert look(curator, webhook_id)["previous_secret_until"] is None


def test_there_are_never_more_receivers_than_the_limit_and_a_deleted_one_makes_room(
    world: World, curator: Client
) -> None:
    ids = [registered(curator, URL, note=str(number)) for number in range(MOST)]
    full = register(curator, URL, key="one-more")
    assert (full.status, full.error["code"]) == (409, "too_many_webhooks")
    assert str(MOST) in full.error["message"]
    listed: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "7"} | ({"cursor": cursor} if cursor else {})
        page = curator.ask("GET", "/v1/webhooks", query=query)
        listed += [one["webhook_id"] for one in page.body["items"]]
        cursor = page.body["next"]
        if cursor is None:
            break
    assert listed == sorted(ids)
    assert curator.ask("DELETE", ONE, webhook_id=ids[0]).status == 204
    assert register(curator, URL, key="one-more").status == 201


def test_a_change_touches_what_it_names_and_nothing_else(world: World, curator: Client) -> None:
    webhook_id = registered(curator, URL, note="a")
    before = look(curator, webhook_id)
    assert change(curator, webhook_id, events=ALL[2:]).body["events"] == ALL[2:]
    assert change(curator, webhook_id, note="").status == 200
    off = change(curator, webhook_id, enabled=False).body
    assert (off["enabled"], off["disabled"]["reason"]) == (False, "by_hand")
    assert change(curator, webhook_id, url=URL + "/b").body["enabled"] is False
    assert change(curator, webhook_id, enabled=True).body["enabled"] is True
    expected = before | {"events": ALL[2:], "note": "", "url": URL + "/b"}
    assert look(curator, webhook_id) == expected


def test_a_deleted_and_a_missing_receiver_answer_alike(curator: Client) -> None:
    webhook_id = registered(curator, URL)
    assert curator.ask("DELETE", ONE, webhook_id=webhook_id).status == 204
    for missing in (webhook_id, "nobody"):
        answers = [
            curator.ask("GET", ONE, webhook_id=missing),
            curator.ask("DELETE", ONE, webhook_id=missing),
            change(curator, missing, enabled=True),
            rotate(curator, missing),
            ping(curator, missing),
        ]
        assert {(each.status, each.error["code"]) for each in answers} == {(404, "not_found")}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://hooks.clinic.example/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://" + "a" * 500}, "url"),
        ({"url": ""}, "url"),
        ({"url": 7}, "url"),
        ({"events": []}, "events"),
        ({"events": ["label.completed", "label.completed"]}, "events"),
        ({"events": ["ping"]}, "events.0"),
        ({"events": ["everything"]}, "events.0"),
        ({"note": "a\nb"}, "note"),
        ({"note": "a" * 201}, "note"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
def test_a_wrong_field_is_named_when_registering_and_when_changing(
    curator: Client, changes: dict[str, Any], field: str
) -> None:
    webhook_id = registered(curator, URL)
    for answer in (
        register(curator, **{"url": URL, **changes}),
        change(curator, webhook_id, **changes),
    ):
        assert answer.status == 422
        assert set(answer.error["fields"]) == {field}
    assert change(curator, webhook_id).status == 422


def test_a_name_that_leads_inside_or_nowhere_is_refused_in_both_languages(
    world: World, curator: Client
) -> None:
    def nobody(_: str) -> list[str]:
        raise Unresolved

    webhook_id = registered(curator, URL)
    world.platform.__dict__["resolve"] = lambda _: [SOMEWHERE, "169.254.169.254"]
    for answer in (register(curator, URL), change(curator, webhook_id, url=URL)):
        assert "public internet" in answer.error["fields"]["url"]
    world.platform.__dict__["resolve"] = nobody
    assert "DNS" in register(curator, URL).error["fields"]["url"]
    body = {"url": URL, "events": ALL}
    headers = {"accept-language": "ru"}
    caller = as_caller("curator")
    russian = ask("POST", "/v1/webhooks", caller=caller, body=body, headers=headers)
    assert "Проверьте" in russian.error["fields"]["url"]


def test_each_request_makes_few_calls_to_aws(world: World, curator: Client) -> None:
    budgets = []
    with world.counted() as calls:
        webhook_id = registered(curator, URL, key="k")
        budgets.append(("register", calls.total(), 3))
    for name, most, request in (
        ("list", 2, lambda: curator.ask("GET", "/v1/webhooks")),
        ("look", 2, lambda: look(curator, webhook_id)),
        ("change", 2, lambda: change(curator, webhook_id, note="b")),
        ("rotate", 2, lambda: rotate(curator, webhook_id)),
        ("ping", 3, lambda: ping(curator, webhook_id)),
        ("delete", 2, lambda: curator.ask("DELETE", ONE, webhook_id=webhook_id)),
    ):
        with world.counted() as calls:
            request()
            budgets.append((name, calls.total(), most))
    assert [name for name, made, most in budgets if made > most] == [], budgets


def test_every_act_is_in_the_audit_trail_by_id_alone(curator: Client) -> None:
    webhook_id = registered(curator, URL)
    look(curator, webhook_id)
    change(curator, webhook_id, note="b")
    rotate(curator, webhook_id)
    ping(curator, webhook_id)
    curator.ask("GET", "/v1/webhooks")
    curator.ask("DELETE", ONE, webhook_id=webhook_id)
    acts = ("changed", "deleted", "registered", "secret_rotated", "tested", "viewed")
    assert curator.acts() == [
        *((f"webhook.{act}", webhook_id) for act in acts),
        ("webhooks.listed", "webhooks"),
    ]


def test_a_list_of_receivers_takes_no_other_lists_cursor(world: World, curator: Client) -> None:
    for number in range(2):
        registered(curator, URL, note=str(number))
    page = curator.ask("GET", "/v1/webhooks", query={"limit": "1"})
    other = Client(world, "curator1", "", role=Role.CURATOR)
    answer = other.ask("GET", "/v1/imports", query={"cursor": page.body["next"]})
    assert set(answer.error["fields"]) == {"cursor"}
