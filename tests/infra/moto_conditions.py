"""What moto answers to writes under conditions, of every form and with faults, always the same ones."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any, Final

from botocore.exceptions import ClientError

from tests.infra.moto_changes import EVERY_KIND, TABLE

ROUNDS: Final = 300
CONDITIONS: Final = (
    "attribute_exists(pk)",
    "attribute_not_exists(pk)",
    "#count = :n",
    "#count <> :n AND attribute_exists(members)",
    "#count < :n OR #count > :m",
    "#count <= :n",
    "#count >= :n",
    "#count BETWEEN :n AND :m",
    "NOT begins_with(place, :t)",
    "place IN (:t, :u)",
    "contains(members, :t)",
    "size(members) < :n",
    "every.told[0] = :t",
    "#every.#yes = :yes AND (place = :t OR NOT (attribute_exists(absent)))",
    "attribute_type(every, :type)",
)
FAULTY_CONDITIONS: Final = (
    "#count = ",
    "place = :t AND",
    "((place = :t))",
    "#nobody = :t",
    "place = :nothing",
    "count = :n",
    "place ! :t",
)
CHANGES: Final = (
    "SET place = :t",
    "SET #count = if_not_exists(#count, :n) + :m, place = :u",
    "SET every.told = list_append(every.told, :list) REMOVE every.#yes",
    "ADD #count :n, members :set",
    "DELETE members :set SET place = :t",
    "REMOVE #count, place",
    "SET every.told[1] = :t",
    "SET every = :every",
)
FAULTY_CHANGES: Final = (
    "SET nowhere.part = :t",
    "SET place = :t, place = :u",
    "SET pk = :t",
    "SET #nobody = :t",
    "SET #count = :n + :t",
    "SET place :t",
)
ANSWERS: Final = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")
NAMES: Final = {"#count": "count", "#every": "every", "#yes": "yes"}


def of_conditions(dynamodb: Any) -> Iterator[Any]:
    """Into the table of `of_changes`: one write after another, and the item after each."""
    chance = Random(3)
    for _ in range(ROUNDS):
        key = {"pk": {"S": f"c{chance.randrange(2)}"}, "sk": {"S": "s"}}
        yield _answer(lambda: _write(dynamodb, key, chance))  # noqa: B023  (called at once)
        yield _answer(lambda: dynamodb.get_item(TableName=TABLE, Key=key))  # noqa: B023


def _write(dynamodb: Any, key: Any, chance: Random) -> Any:
    condition = chance.choice(FAULTY_CONDITIONS if chance.random() < 0.1 else CONDITIONS)
    change = chance.choice(FAULTY_CHANGES if chance.random() < 0.1 else CHANGES)
    conditional = {
        "TableName": TABLE,
        "ReturnValuesOnConditionCheckFailure": chance.choice(("ALL_OLD", "NONE")),
        "ConditionExpression": condition,
    }
    kind = chance.randrange(10)
    if kind == 0:
        return dynamodb.delete_item(
            Key=key, ReturnValues=chance.choice(("NONE", "ALL_OLD")), **_used(conditional, chance)
        )
    if kind in {1, 2}:
        condition = chance.choice(("attribute_not_exists(pk)", "attribute_exists(pk)"))
        conditional["ConditionExpression"] = condition
        item = {**key, "every": EVERY_KIND, "place": {"S": "a"}, "members": {"SS": ["a", "b"]}}
        return dynamodb.put_item(Item=item, **_used(conditional, chance))
    return dynamodb.update_item(
        Key=key,
        ReturnValues=chance.choice(ANSWERS),
        **_used({**conditional, "UpdateExpression": change}, chance),
    )


def _used(request: dict[str, Any], chance: Random) -> dict[str, Any]:
    """The request with the names and values that it uses, and rarely one that it does not."""
    text = f"{request.get('UpdateExpression', '')} {request['ConditionExpression']}"
    words = set(text.translate({ord(each): " " for each in "(),.[]"}).split())
    if chance.random() < 0.05:
        words |= {"#yes", ":t"}
    values: dict[str, Any] = {
        ":n": {"N": str(chance.randrange(4))},
        ":m": {"N": chance.choice(("2", "3.5"))},
        ":t": {"S": chance.choice("ab")},
        ":u": {"S": chance.choice("bc")},
        ":yes": {"BOOL": True},
        ":type": {"S": "M"},
        ":list": {"L": [{"S": "more"}]},
        ":set": {"SS": sorted(chance.sample("abcd", 2))},
        ":every": EVERY_KIND,
    }
    given = {
        "ExpressionAttributeNames": {name: NAMES[name] for name in NAMES if name in words},
        "ExpressionAttributeValues": {name: values[name] for name in values if name in words},
    }
    return {**request, **{name: each for name, each in given.items() if each}}


def _answer(ask: Any) -> Any:
    """What came of it; members of sets in one order, since moto gives them none."""
    found: Any = {}
    try:
        found = ask()
    except ClientError as error:
        found = error.response
    except Exception as error:  # moto's own failure, over which it stumbles the same way
        return repr(error)
    with suppress(KeyError):
        del found["ResponseMetadata"]
    return _ordered(found)


def _ordered(told: Any) -> Any:
    if isinstance(told, dict):
        return {
            name: sorted(part) if name in {"SS", "NS"} else _ordered(part)
            for name, part in told.items()
        }
    return [_ordered(part) for part in told] if isinstance(told, list) else told
