"""The platform's DynamoDB operations on moto's own tables, without moto's parsing at every call.

What lies in the tables are moto's items, and any other client of moto sees them. The same operations by moto
itself give the same answers and leave the same tables: `test_short_ways.py`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

from infra.provision import ACCOUNT_ID
from tests.simulation.expressions import Attributes, NotUnderstood, Scene, Typed, condition
from tests.simulation.faults import error
from tests.simulation.updates import NoSuchPlace, update, updated
from tests.world import REGION

Request = dict[str, Any]

_HASH_KEY: Final = re.compile(r"\(?(#\w+) = (:\w+)")
_SETS: Final = ("SS", "NS", "BS")


class WrittenItem(Item):
    """An item of moto's that keeps its attributes as they were written; moto's form is made when asked."""

    def __init__(self, written: dict[str, Typed]) -> None:
        self.hash_key, self.range_key = DynamoType(written["pk"]), DynamoType(written["sk"])
        self.written = written

    @property
    def attrs(self) -> Any:  # type: ignore[override]
        attributes = LimitedSizeDict()
        for name, value in self.written.items():
            dict.__setitem__(attributes, name, DynamoType(value))
        return attributes


def table(name: str) -> Any:
    """moto's table."""
    return dynamodb_backends[ACCOUNT_ID][REGION].tables[name]


def written(item: Any) -> dict[str, Typed]:
    """The attributes of one of moto's items, whoever put it there."""
    if type(item) is WrittenItem:
        return item.written
    return dict(item.to_json()["Attributes"])


def rows(name: str) -> Iterator[dict[str, Typed]]:
    """Every item of a table."""
    return (written(item) for under in table(name).items.values() for item in under.values())


def found(name: str, key: tuple[str, str]) -> dict[str, Typed] | None:
    """One item, read past all faults."""
    return _found(name, {"pk": {"S": key[0]}, "sk": {"S": key[1]}})


def get_item(values: Request) -> Any:
    there = _found(values["TableName"], values["Key"])
    return {"Item": there} if there else {}


def batch_get_item(values: Request) -> Any:
    answers = {}
    for name, asked in values["RequestItems"].items():
        there = (_found(name, key) for key in asked["Keys"])
        answers[name] = [_projected(asked, item) for item in there if item is not None]
    return {"Responses": answers, "UnprocessedKeys": {}}


def _projected(asked: Request, item: dict[str, Typed]) -> dict[str, Typed]:
    """Attributes, and parts of maps; the platform asks for no elements of lists."""
    if "ProjectionExpression" not in asked:
        return item
    part: dict[str, Typed] = {}
    for path in asked["ProjectionExpression"].split(", "):
        _take([asked["ExpressionAttributeNames"][name] for name in path.split(".")], item, part)
    return part


def _take(path: list[str], whole: Mapping[str, Typed], part: dict[str, Typed]) -> None:
    """Copy what stands at a path, if anything does, with the maps around it."""
    name, *rest = path
    if name not in whole:
        return
    if not rest:
        part[name] = whole[name]
    elif "M" in whole[name]:
        inside = part.get(name, {"M": {}})
        _take(rest, whole[name]["M"], inside["M"])
        if inside["M"]:
            part[name] = inside


def put_item(values: Request) -> Any:
    item = {name: _ordered(value) for name, value in values["Item"].items()}
    _require(values, _found(values["TableName"], item), "PutItem")
    _put(values["TableName"], item)
    return {}


def update_item(values: Request) -> Any:
    there = _found(values["TableName"], values["Key"])
    _require(values, there, "UpdateItem")
    scene = _scene(values, there or values["Key"])
    try:
        after = updated(update(values["UpdateExpression"]), scene)
    except NoSuchPlace:
        raise error("ValidationException", "UpdateItem", status=400) from None
    _put(values["TableName"], {name: _ordered(value) for name, value in after.items()})
    return {"Attributes": after} if values.get("ReturnValues") == "ALL_NEW" else {}


def delete_item(values: Request) -> Any:
    key = values["Key"]
    _require(values, _found(values["TableName"], key), "DeleteItem")
    table(values["TableName"]).delete_item(DynamoType(key["pk"]), DynamoType(key["sk"]))
    return {}


def query(values: Request) -> Any:
    text = values["KeyConditionExpression"]
    matches, key_names = condition(text), _key_names(values)
    wanted = _HASH_KEY.match(text)
    if wanted is None:
        raise NotUnderstood(text)
    name = values["ExpressionAttributeNames"][wanted[1]]
    value = values["ExpressionAttributeValues"][wanted[2]]

    def place(item: Attributes) -> tuple[str, ...]:
        return tuple(item[key]["S"] for key in key_names)

    candidates = _candidates(values["TableName"], name, value)
    rising = values.get("ScanIndexForward", True)
    items = sorted(
        (
            item
            for item in candidates
            if all(key in item for key in key_names) and matches(_scene(values, item))
        ),
        key=place,
        reverse=not rising,
    )
    start = values.get("ExclusiveStartKey")
    if start is not None:
        after = place(start)
        items = [i for i in items if (place(i) > after if rising else place(i) < after)]
    limit = values.get("Limit")
    if limit is None or len(items) <= limit:
        return {"Items": items}
    page = items[:limit]
    names = {"pk", "sk", name, *key_names}
    return {"Items": page, "LastEvaluatedKey": {key: page[-1][key] for key in names}}


def _candidates(name: str, hash_name: str, value: Typed) -> Iterator[dict[str, Typed]]:
    if hash_name == "pk":
        return map(written, table(name).items.get(DynamoType(value), {}).values())
    return (
        attributes
        for under in table(name).items.values()
        for item in under.values()
        if (attributes := written(item)).get(hash_name) == value
    )


def _key_names(values: Request) -> tuple[str, ...]:
    """What orders the items of a table or an index: its range key, then the key of the item."""
    if "IndexName" not in values:
        return ("sk",)
    indexes = table(values["TableName"]).global_indexes
    index = next(each for each in indexes if each.name == values["IndexName"])
    ordering = (key["AttributeName"] for key in index.schema if key["KeyType"] == "RANGE")
    return (*ordering, "pk", "sk")


def _found(name: str, key: Mapping[str, Typed]) -> dict[str, Typed] | None:
    item = table(name).get_item(DynamoType(key["pk"]), DynamoType(key["sk"]))
    return written(item) if item is not None else None


def _put(name: str, item: dict[str, Typed]) -> None:
    made = WrittenItem(item)
    table(name).items[made.hash_key][made.range_key] = made


def _scene(values: Request, item: Attributes) -> Scene:
    names = values.get("ExpressionAttributeNames", {})
    return Scene(item, names, values.get("ExpressionAttributeValues", {}))


def _require(values: Request, there: Attributes | None, operation: str) -> None:
    """Raise what DynamoDB answers when the condition does not hold."""
    text = values.get("ConditionExpression")
    if text is None or condition(text)(_scene(values, there or {})):
        return
    shown = values.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and there is not None
    more = {"Item": there} if shown else {}
    raise error("ConditionalCheckFailedException", operation, status=400, **more)


def _ordered(value: Typed) -> Typed:
    """Sets in one order, whatever order Python's hashes gave them."""
    return {kind: sorted(each) if kind in _SETS else each for kind, each in value.items()}
