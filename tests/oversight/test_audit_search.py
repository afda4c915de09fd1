"""An administrator finds who did what to what, without a scan, and sees how far the trail can be trusted."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.oversight import trail
from chalicelib.platform import audit_check, keys
from chalicelib.platform.audit import SETTLING, Act
from chalicelib.platform.audit_check import EVERY
from chalicelib.platform.table import Change
from tests.patients.asking import Client
from tests.world import World

AUDIT = "/v1/audit"


def acted(world: World, actor: str, act: str, on: str, *, request_id: str = "request") -> None:
    world.platform.audit.record(Act(actor, "doctor", act, on), request_id=request_id)
    world.clock.advance(seconds=1)


def found(admin: Client, **query: str) -> list[tuple[str, str, str]]:
    answer = admin.ask("GET", AUDIT, query={"limit": "200", **query})
    assert answer.status == 200, answer.body
    return [
        (each["actor"], each["act"], each["object"])
        for each in answer.body["items"]
        if each["act"] != "audit.searched"
    ]


def walked(admin: Client, **query: str) -> list[str]:
    """The objects of all pages, and that no page is too long."""
    objects: list[str] = []
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = admin.ask("GET", AUDIT, query={"limit": "3", **query, **more})
        assert answer.status == 200, answer.body
        assert len(answer.body["items"]) <= 3
        objects += [i["object"] for i in answer.body["items"] if i["act"] != "audit.searched"]
        cursor = answer.body["next"]
        if cursor is None:
            return objects


def test_what_was_done_to_something_is_found_newest_first(world: World, admin: Client) -> None:
    acted(world, "doctor1", "patient.viewed", "patient1")
    acted(world, "doctor2", "patient.viewed", "patient2")
    acted(world, "doctor2", "patient.viewed", "patient1")
    acted(world, "doctor1", "survey.created", "patient1")
    assert found(admin, object="patient1") == [
        ("doctor1", "survey.created", "patient1"),
        ("doctor2", "patient.viewed", "patient1"),
        ("doctor1", "patient.viewed", "patient1"),
    ]
    assert found(admin, object="patient1", actor="doctor2") == [
        ("doctor2", "patient.viewed", "patient1")
    ]
    assert found(admin, object="patient3") == []


def test_what_somebody_did_is_found_by_kind_of_act(world: World, admin: Client) -> None:
    for act in ("patient.viewed", "survey.created", "patient.viewed"):
        acted(world, "doctor1", act, "patient1")
    acted(world, "doctor2", "patient.viewed", "patient9")
    assert len(found(admin, actor="doctor1")) == 3
    assert len(found(admin, actor="doctor1", act="patient.viewed")) == 2
    assert [on for *_, on in found(admin, act="patient.viewed")] == ["patient9"] + ["patient1"] * 2


def test_a_search_of_days_takes_the_first_and_the_last_in(world: World, admin: Client) -> None:
    for day in range(5):
        acted(world, "doctor1", "patient.viewed", f"day{day}")
        world.clock.advance(days=1)
    days = {"from": "2026-03-03", "to": "2026-03-05"}
    for about in ({}, {"actor": "doctor1"}):
        objects = [on for *_, on in found(admin, **days, **about)]
        assert objects == ["day3", "day2", "day1"]


@pytest.mark.parametrize("about", [{}, {"actor": "doctor1"}, {"act": "patient.viewed"}])
def test_pages_tell_every_record_once(world: World, admin: Client, about: dict[str, str]) -> None:
    for number in range(20):
        acted(world, "doctor1", "patient.viewed", f"patient{number}")
        if number % 7 == 0:
            world.clock.advance(days=1)
    assert walked(admin, **about) == [f"patient{number}" for number in reversed(range(20))]


def test_records_of_one_moment_are_on_pages_once_too(world: World, admin: Client) -> None:
    for number in range(15):
        act = Act("doctor1", "doctor", "patient.viewed", f"patient{number}")
        world.platform.audit.record(act, request_id="request")
    world.clock.advance(seconds=1)
    assert sorted(walked(admin)) == sorted(f"patient{number}" for number in range(15))


def test_a_page_reads_no_more_than_its_bound(
    world: World, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "MOST_READ", 10)
    monkeypatch.setattr(trail, "PAGE", 5)
    for number in range(30):
        acted(world, "doctor1", "rare" if number == 0 else "often", f"patient{number}")
    with world.counted() as calls:
        first = admin.ask("GET", AUDIT, query={"act": "rare", "actor": "doctor1"})
    assert (first.body["items"], calls["dynamodb.Query"]) == ([], 3)
    assert calls["dynamodb.Scan"] == 0
    assert first.body["next"] is not None
    assert walked(admin, act="rare", actor="doctor1") == ["patient0"]


def test_a_search_is_itself_an_act(world: World, admin: Client) -> None:
    assert admin.ask("GET", AUDIT, query={"object": "patient1"}).status == 200
    world.clock.advance(seconds=1)
    answer = admin.ask("GET", AUDIT, query={"object": "patient1"})
    [searched] = answer.body["items"]
    assert (searched["actor"], searched["act"]) == ("admin1", "audit.searched")


def test_a_period_that_is_too_long_or_ends_before_it_begins_is_refused(admin: Client) -> None:
    for query, field in (
        ({"from": "2026-01-01", "to": "2026-03-01"}, "from"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to"),
        ({"from": "yesterday"}, "from"),
        ({"object": "Иванов"}, "object"),
    ):
        answer = admin.ask("GET", AUDIT, query=query)
        assert answer.status == 422, query
        assert list(answer.error["fields"]) == [field]
    longer = {"from": "2025-01-01", "to": "2026-03-01", "actor": "doctor1"}
    assert admin.ask("GET", AUDIT, query=longer).status == 200


def test_a_cursor_is_good_for_its_own_search_only(world: World, admin: Client) -> None:
    for number in range(3):
        acted(world, "doctor1", "patient.viewed", f"patient{number}")
    first = admin.ask("GET", AUDIT, query={"actor": "doctor1", "limit": "1"})
    query = {"actor": "doctor2", "cursor": first.body["next"]}
    assert admin.ask("GET", AUDIT, query=query).status == 422


def seal(world: World) -> None:
    world.clock.advance(seconds=SETTLING.total_seconds() + 1)
    world.platform.audit.seal()


def chain(admin: Client) -> dict[str, Any]:
    answer = admin.ask("GET", "/v1/audit/chain")
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def test_the_chain_is_told_to_be_whole_once_a_round_was_through_it(
    world: World, admin: Client
) -> None:
    assert chain(admin)["verified"] is None
    for number in range(12):
        acted(world, "doctor1", "patient.viewed", f"patient{number}")
    seal(world)
    assert world.platform.audit_check.go_on() == 0
    verified = chain(admin)["verified"]
    assert (verified["whole"], verified["faults"], verified["records"]) == (True, [], 13)


def test_a_changed_record_is_found_by_the_next_round(
    world: World, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_check, "BLOCKS_A_RUN", 2)
    for turn in range(5):
        acted(world, "doctor1", "patient.viewed", f"patient{turn}")
        acted(world, "doctor1", "patient.viewed", f"lesion{turn}")
        seal(world)
    for _ in range(5):
        assert world.platform.audit_check.go_on() == 0
    [record, *_] = admin.ask("GET", AUDIT, query={"object": "patient2"}).body["items"]
    world.platform.records.update(
        keys.audit_record(record["record_id"]), Change(set={"actor": "nobody"})
    )
    assert world.platform.audit_check.go_on() == 0, "the next round begins a day later"
    world.clock.advance(seconds=EVERY.total_seconds())
    assert sum(world.platform.audit_check.go_on() for _ in range(5)) == 1
    verified = chain(admin)["verified"]
    assert not verified["whole"]
    assert len(verified["faults"]) == 1


def test_everything_before_the_oldest_unsealed_record_is_sealed(
    world: World, admin: Client
) -> None:
    acted(world, "doctor1", "patient.viewed", "patient1")
    seal(world)
    assert chain(admin)["unsealed"] == {"count": 0, "more": False, "since": None}
    at = world.clock.now() - timedelta(seconds=1)
    told = chain(admin)
    unsealed = told["unsealed"]
    assert unsealed["count"] == 1, "the first look at the chain"
    assert told["sealed_until"] == unsealed["since"]
    assert str(told["sealed_until"]) > at.isoformat()
