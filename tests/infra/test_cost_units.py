"""Sizes and request units as the DynamoDB Developer Guide gives them, and the meter that counts them."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from benchmarks.meter import Counts, Meter, metered
from infra.cost.units import index_entry, index_write_units, item_bytes, read_units, write_units
from tests.world import REGION

KB = 1024
TABLE = "rodinka-test-things"


def of_size(size: int, **more: Any) -> dict[str, Any]:
    """An item of exactly so many bytes."""
    item = {"pk": {"S": "a"}, **more}
    filling = size - item_bytes(item) - 1
    return {**item, "x": {"S": "x" * filling}}


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "a"}}, 3),
        ({"имя": {"S": "я"}}, 8),  # UTF-8, two bytes a letter
        ({"n": {"N": "100"}}, 3),  # one significant digit
        ({"n": {"N": "12345"}}, 5),
        ({"n": {"N": "-0.0120"}}, 3),
        ({"n": {"N": "0"}}, 2),
        ({"b": {"BOOL": True}, "z": {"NULL": True}}, 4),
        ({"s": {"SS": ["ab", "c"]}}, 4),
        ({"l": {"L": []}}, 4),
        ({"l": {"L": [{"N": "1"}, {"S": "ab"}]}}, 1 + 3 + (1 + 2) + (1 + 2)),
        ({"m": {"M": {"k": {"S": "v"}}}}, 1 + 3 + 1 + 1 + 1),
        ({"b": {"B": b"abc"}}, 4),
    ],
)
def test_an_item_is_as_large_as_its_names_values_and_overheads(
    item: dict[str, Any], size: int
) -> None:
    assert item_bytes(item) == size


@pytest.mark.parametrize(("size", "units"), [(500, 1), (KB, 1), (KB + 1, 2), (3 * KB, 3)])
def test_a_write_is_charged_by_kilobytes_begun(size: int, units: int) -> None:
    assert write_units(None, of_size(size)) == units


def test_a_write_is_charged_by_the_larger_of_before_and_after() -> None:
    assert write_units(of_size(3 * KB), of_size(100)) == 3
    assert write_units(of_size(100), of_size(2 * KB)) == 2
    assert write_units(None, None) == 1


@pytest.mark.parametrize(
    ("sizes", "consistent", "units"),
    [
        ([8 * KB], True, 2),
        ([8 * KB], False, 1),
        ([100], False, 0.5),
        ([], True, 1),
        ([64] * 1500, True, 24),  # the guide's example: 96,000 bytes are 24 blocks
        ([4178] * 10, True, 11),  # its other one: 40.8 KB are rounded to 44
    ],
)
def test_a_read_is_charged_by_blocks_of_four_kilobytes_for_all_items_together(
    sizes: list[int], consistent: bool, units: float
) -> None:
    assert read_units(sizes, consistent=consistent) == units


def test_an_index_is_charged_as_the_guide_lists_its_cases() -> None:
    keys = ["due", "at"]
    there = of_size(100, due={"S": "1"}, at={"S": "t1"})
    changed = of_size(120, due={"S": "1"}, at={"S": "t1"})
    moved = of_size(100, due={"S": "1"}, at={"S": "t2"})
    outside = of_size(100, due={"S": "1"})
    assert index_write_units(None, there, keys) == 1
    assert index_write_units(there, moved, keys) == 2
    assert index_write_units(there, outside, keys) == 1
    assert index_write_units(outside, of_size(90), keys) == 0
    assert index_write_units(there, changed, keys) == 1
    assert index_write_units(there, there, keys) == 0
    large = of_size(3 * KB, due={"S": "1"}, at={"S": "t1"})
    assert index_write_units(large, moved, keys) == 4


def test_an_index_with_a_part_of_its_items_hears_of_that_part_only() -> None:
    keys, projected = ["shard"], ["label"]
    there = of_size(3 * KB, sk={"S": "b"}, shard={"S": "1"}, label={"S": "naevus"})
    assert index_write_units(None, there, keys, projected) == 1
    assert index_write_units(there, {**there, "x": {"S": "y"}}, keys, projected) == 0
    assert index_write_units(there, {**there, "label": {"S": "bkl"}}, keys, projected) == 1
    entry = index_entry(there, keys, projected)
    assert entry is not None
    assert entry.keys() == {"pk", "sk", "shard", "label"}
    assert index_entry({**of_size(90)}, keys, projected) is None


@pytest.fixture
def metered_table() -> Iterator[tuple[Meter, Any]]:
    """A table with an index `due` under a meter."""
    with mock_aws():
        session = boto3.Session("testing", "testing", region_name=REGION)
        session.client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=_schema("pk", "sk"),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "due")
            ],
            BillingMode="PAY_PER_REQUEST",
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "due",
                    "KeySchema": _schema("due"),
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        with metered(session) as meter:
            yield meter, session.client("dynamodb")


def _schema(*names: str) -> Any:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, kinds, strict=False)
    ]


def counted(meter: Meter) -> Counts:
    """What was counted since the last time."""
    counts, meter.counts = meter.counts, Counts()
    return counts


def test_the_meter_follows_an_item_into_its_index_and_out_of_it(
    metered_table: tuple[Meter, Any],
) -> None:
    meter, client = metered_table
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    item = of_size(2 * KB, sk={"S": "b"}, due={"S": "1"})
    counted(meter)
    once = {"TableName": TABLE, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    client.put_item(**once)
    put = counted(meter)
    assert put.calls == {"dynamodb.PutItem things": 1}
    assert put.write_units == {"things": 2, "things.due": 2}
    assert put.stored_bytes == {"things": 2 * KB + 100, "things.due": 2 * KB + 100}
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(**once)
    assert counted(meter).write_units == {"things": 2}, "the index never hears of a refusal"
    client.update_item(TableName=TABLE, Key=key, UpdateExpression="REMOVE due, x")
    left = counted(meter)
    assert left.write_units == {"things": 2, "things.due": 2}
    assert left.stored_bytes["things.due"] == -(2 * KB + 100)


def test_the_meter_tells_consistent_reads_from_others_and_batches_from_queries(
    metered_table: tuple[Meter, Any],
) -> None:
    meter, client = metered_table
    keys = [{"pk": {"S": "a"}, "sk": {"S": f"b{number}"}} for number in range(3)]
    for key in keys:
        client.put_item(TableName=TABLE, Item={**of_size(5 * KB, sk=key["sk"]), "due": {"S": "1"}})
    counted(meter)
    client.get_item(TableName=TABLE, Key=keys[0], ConsistentRead=True)
    assert counted(meter).read_units == {"things": 2}
    client.get_item(TableName=TABLE, Key=keys[0])
    assert counted(meter).read_units == {"things": 1}
    client.batch_get_item(RequestItems={TABLE: {"Keys": keys, "ConsistentRead": True}})
    assert counted(meter).read_units == {"things": 6}, "each item is rounded up alone"
    client.query(
        TableName=TABLE,
        IndexName="due",
        KeyConditionExpression="due = :due",
        ExpressionAttributeValues={":due": {"S": "1"}},
    )
    assert counted(meter).read_units == {"things.due": 2}, "15 KB together, eventually consistent"
