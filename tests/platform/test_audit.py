"""The trail of acts is chained by hash: a record changed, removed or slipped in shows."""

import pytest

from chalicelib.platform import keys
from chalicelib.platform.audit import BLOCK_RECORDS, SETTLING, SHARDS, Act
from chalicelib.platform.table import Change
from tests.world import World


def record_acts(world: World, number: int) -> None:
    for n in range(number):
        act = Act(f"account{n % 3}", "doctor", "image.viewed", f"image{n}")
        world.platform.audit.record(act, request_id=f"request{n}")


def settle(world: World) -> None:
    world.clock.advance(seconds=SETTLING.total_seconds() + 1)


def all_records(world: World) -> list[dict[str, object]]:
    client = world.platform.client("dynamodb")
    name = world.platform.settings.table_audit
    items = client.scan(TableName=name)["Items"]
    return [
        {"record_id": item["record_id"]["S"], "block": item.get("block")}
        for item in items
        if item["pk"]["S"].startswith("record#")
    ]


def test_every_settled_record_is_sealed_once_and_the_chain_verifies(world: World) -> None:
    record_acts(world, 25)
    assert world.platform.audit.seal() == 0, "records must settle first"
    settle(world)
    assert world.platform.audit.seal() == 25
    record_acts(world, 5)
    settle(world)
    assert world.platform.audit.seal() == 5
    assert world.platform.audit.seal() == 0
    assert world.platform.audit.verify() == []
    assert all(record["block"] for record in all_records(world))


def test_more_records_than_a_block_holds_make_several_blocks(world: World) -> None:
    record_acts(world, 4 * BLOCK_RECORDS + 60)
    settle(world)
    assert world.platform.audit.seal() == 4 * BLOCK_RECORDS + 60
    assert world.platform.audit.verify() == []


@pytest.mark.parametrize("tampering", ["changed", "removed"])
def test_tampering_with_a_sealed_record_shows(world: World, tampering: str) -> None:
    record_acts(world, 10)
    settle(world)
    world.platform.audit.seal()
    victim = keys.audit_record(str(all_records(world)[0]["record_id"]))
    table = world.platform.audit._table
    if tampering == "changed":
        table.update(victim, Change(set={"actor": "somebody else"}))
    else:
        key = {"pk": {"S": victim[0]}, "sk": {"S": victim[1]}}
        world.platform.client("dynamodb").delete_item(TableName=table.name, Key=key)
    assert world.platform.audit.verify() != []


def test_a_seal_that_died_half_way_is_finished_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_acts(world, 12)
    settle(world)
    audit = world.platform.audit
    with monkeypatch.context() as patched:
        patched.setattr(audit, "_mark", lambda block: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            audit.seal()
    audit.seal()
    assert all(record["block"] for record in all_records(world))
    assert audit.verify() == []


def test_an_act_recorded_once_is_not_recorded_again(world: World) -> None:
    act = Act("classify", "system", "image.classified", "image1")
    for _ in range(3):
        world.platform.audit.record(act, request_id="r", once=True)
    assert len(all_records(world)) == 1


def test_sealing_reads_a_block_in_one_call_and_never_marks_it_twice(world: World) -> None:
    record_acts(world, 60)
    settle(world)
    with world.counted() as calls:
        world.platform.audit.seal()
    assert calls["dynamodb.GetItem"] == 0
    assert calls["dynamodb.BatchGetItem"] == SHARDS
    with world.counted() as calls:
        world.platform.audit.seal()
    assert calls["dynamodb.UpdateItem"] == 0, "everything was marked by the run before"
