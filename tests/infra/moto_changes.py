"""What moto answers of a table whose items come, change and go, always the same ones."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any, Final

from botocore.exceptions import ClientError

TABLE: Final = "changing"
ROUNDS: Final = 100
KINDS: Final = ("even", "odd", "prime")
COMPARED: Final = (
    "rank = :r",
    "rank < :r",
    "rank <= :r",
    "rank > :r",
    "rank >= :r",
    "begins_with(rank, :r)",
    "rank BETWEEN :r AND :s",
)

EVERY_KIND: Final = {
    "M": {
        "told": {"L": [{"S": "я"}, {"N": "1.50"}]},
        "yes": {"BOOL": True},
        "none": {"NULL": True},
        "bytes": {"B": b"\x00\xff"},
        "set": {"SS": ["one", "two"]},
        "numbers": {"NS": ["1", "2.5"]},
    }
}


def of_changes(dynamodb: Any) -> Iterator[Any]:
    """Pages of queries between writes that move items within an index, into it and out of it."""
    _create(dynamodb)
    chance = Random(5)
    for number in range(ROUNDS):
        yield _written(dynamodb, chance)
        if number % 5 == 0:
            yield from _queried(dynamodb, chance)
    yield from _of_parts(dynamodb)


def _create(dynamodb: Any) -> None:
    names = ("pk", "sk", "kind", "rank", "score")
    kinds = {name: "N" if name == "score" else "S" for name in names}
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[_key("pk", "HASH"), _key("sk", "RANGE")],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in kinds.items()
        ],
        GlobalSecondaryIndexes=[
            _index("by_rank", _key("rank", "RANGE"), _key("kind", "HASH")),
            _index("by_score", _key("kind", "HASH"), _key("score", "RANGE")),
            _index("unordered", _key("kind", "HASH")),
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def _written(dynamodb: Any, chance: Random) -> Any:
    """One write, and what it was answered; some are refused before, some in the middle."""
    key = {"pk": {"S": f"p{chance.randrange(3)}"}, "sk": {"S": f"s{chance.randrange(6)}"}}
    kind, rank = {"S": chance.choice(KINDS)}, {"S": chance.choice(("a", "ab", "abc", "b", "яa"))}
    score = {"N": str(chance.randrange(20))}
    update = {"TableName": TABLE, "Key": key, "ReturnValues": "ALL_NEW"}
    ranked = {**update, "ExpressionAttributeNames": {"#rank": "rank"}}
    writes: list[Any] = [
        lambda: dynamodb.put_item(TableName=TABLE, Item={**key, "kind": kind, "rank": rank}),
        lambda: dynamodb.put_item(
            TableName=TABLE, Item={**key, "kind": kind, "rank": rank, "score": score}
        ),
        lambda: dynamodb.delete_item(TableName=TABLE, Key=key, ReturnValues="ALL_OLD"),
        lambda: dynamodb.update_item(
            **ranked,
            UpdateExpression="SET #rank = :r, kind = :k, score = :s REMOVE told[0]",
            ExpressionAttributeValues={":r": rank, ":k": kind, ":s": score},
        ),
        lambda: dynamodb.update_item(
            **ranked,
            UpdateExpression="SET #rank = :r",
            ConditionExpression="kind = :k",
            ExpressionAttributeValues={":r": rank, ":k": kind},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        ),
        lambda: dynamodb.update_item(**update, UpdateExpression="REMOVE kind, score"),
        # The second part has nowhere to go.
        lambda: dynamodb.update_item(
            **ranked,
            UpdateExpression="SET #rank = :r, nowhere.part = :r",
            ExpressionAttributeValues={":r": rank},
        ),
        lambda: dynamodb.update_item(
            **update,
            UpdateExpression="SET told = list_append(if_not_exists(told, :e), :l) ADD score :n",
            ExpressionAttributeValues={
                ":e": {"L": []},
                ":l": {"L": [rank]},
                ":n": {"N": "1"},
            },
        ),
        lambda: dynamodb.update_item(
            **ranked,
            UpdateExpression="SET #rank = :r SET kind = :r",
            ExpressionAttributeValues={":r": rank},
        ),
        # Of 405,000 bytes, which moto allows, or a few more. Nothing asks for this partition.
        lambda: dynamodb.put_item(
            TableName=TABLE,
            Item={
                "pk": {"S": "large"},
                "sk": key["sk"],
                "я": {"M": {"я": {"L": [{"S": "я" * (202_480 + chance.randrange(20))}]}}},
            },
        ),
    ]
    return _answer(chance.choice(writes))


def _of_parts(dynamodb: Any) -> Iterator[Any]:
    """A value of every kind: changed in its parts and taken back by a refusal, then changed."""
    key = {"pk": {"S": "parts"}, "sk": {"S": "s"}}
    whole = {"TableName": TABLE, "Key": key, "ReturnValues": "ALL_OLD"}
    parts: dict[str, Any] = {
        "UpdateExpression": "SET every.told[0] = :p, every.part = :p REMOVE every.yes",
        "ExpressionAttributeValues": {":p": {"S": "part"}},
    }
    refused = {
        "TableName": TABLE,
        "Key": {"pk": {"S": "nowhere"}, "sk": {"S": "s"}},
        "ConditionExpression": "attribute_exists(pk)",
    }
    again = {"Update": {"TableName": TABLE, "Key": key, **parts}}
    for each in (
        lambda: dynamodb.put_item(TableName=TABLE, Item={**key, "every": EVERY_KIND}),
        lambda: dynamodb.transact_write_items(TransactItems=[again, {"ConditionCheck": refused}]),
        lambda: dynamodb.get_item(TableName=TABLE, Key=key),
        lambda: dynamodb.update_item(**whole, **parts),
        lambda: dynamodb.get_item(TableName=TABLE, Key=key),
    ):
        yield _answer(each)


def _queried(dynamodb: Any, chance: Random) -> Iterator[Any]:
    kind, rank = {"S": chance.choice(KINDS)}, {"S": chance.choice(("a", "ab", "b", "c", "я"))}
    forward, limit = chance.random() < 0.5, chance.choice((None, 1, 2, 3, 50))
    for compared in (None, *COMPARED):
        values = {":k": kind, ":r": rank, ":s": {"S": "b"}}
        condition = f"kind = :k AND {compared}" if compared else "kind = :k"
        used = {name: value for name, value in values.items() if name in condition}
        yield from _pages(dynamodb, "by_rank", condition, used, forward=forward, limit=limit)
    for index in ("by_score", "unordered"):
        yield from _pages(dynamodb, index, "kind = :k", {":k": kind}, forward=forward, limit=limit)
    part = {":p": {"S": f"p{chance.randrange(3)}"}, ":s": {"S": "s2"}}
    for condition in ("pk = :p", "pk = :p AND sk > :s", "pk = :p AND begins_with(sk, :s)"):
        used = {name: value for name, value in part.items() if name in condition}
        yield from _pages(dynamodb, None, condition, used, forward=forward, limit=limit)


def _pages(
    dynamodb: Any,
    index: str | None,
    condition: str,
    values: dict[str, Any],
    *,
    forward: bool,
    limit: int | None,
) -> Iterator[Any]:
    asked: dict[str, Any] = {
        "TableName": TABLE,
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ScanIndexForward": forward,
        **({"IndexName": index} if index else {}),
        **({"Limit": limit} if limit else {}),
    }
    while True:
        page = _answer(lambda: dynamodb.query(**asked))
        yield page
        if "LastEvaluatedKey" not in page:
            break
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _answer(ask: Any) -> Any:
    found: Any = {}
    try:
        found = ask()
    except ClientError as error:
        found = error.response
    with suppress(KeyError):
        del found["ResponseMetadata"]
    return found


def _index(name: str, *keys: dict[str, str]) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": [*keys], "Projection": {"ProjectionType": "ALL"}}


def _key(name: str, kind: str) -> dict[str, str]:
    return {"AttributeName": name, "KeyType": kind}
