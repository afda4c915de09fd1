"""One DynamoDB table: reading items, and conditional writes that know their own author.

boto3 repeats a write whose reply was lost, and the repetition of a conditional write then fails on
the first one's success. Every write here carries a random `writer`; a refusal that shows our own
token is a success.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder
from botocore.exceptions import ClientError

from chalicelib.platform.ids import Ids
from chalicelib.platform.values import plain, typed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Item = dict[str, Any]
Key = tuple[str, str]
"""Partition and sort key of one item; `keys.py` makes them."""

Members = set[str]

ABSENT: Final = Attr("pk").not_exists()
PRESENT: Final = Attr("pk").exists()
BATCH: Final = 100
"""DynamoDB reads so many items in one call."""
BATCH_TRIES: Final = 8
"""A call that is throttled in part leaves keys unread, and makes progress each time."""


class Unread(Exception):
    """DynamoDB would not read all the items asked for; the request may come again."""


class ConditionFailed(Exception):
    """A conditional write found another state. `found` is the item as it stands, or None."""

    def __init__(self, found: Item | None) -> None:
        super().__init__("the item is not in the expected state")
        self.found = found


@dataclass(frozen=True)
class Change:
    """What an update does to an item. Paths may be dotted: `surveys.abc`."""

    set: Mapping[str, Any] = field(default_factory=dict)
    set_once: Mapping[str, Any] = field(default_factory=dict)
    append: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    add: Mapping[str, int | Members] = field(default_factory=dict)
    discard: Mapping[str, Members] = field(default_factory=dict)
    remove: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """A stretch of a query; `last` continues it, or is None at the end."""

    items: list[Item]
    last: Item | None


class Table:
    """Reads and conditional writes on one table."""

    def __init__(self, client: "DynamoDBClient", name: str, ids: Ids) -> None:
        self._client = client
        self.name = name
        self._ids = ids

    def get(self, key: Key) -> Item | None:
        """The item as last written (a consistent read), or None."""
        answer = self._client.get_item(TableName=self.name, Key=_key(key), ConsistentRead=True)
        return _item(answer.get("Item"))

    def get_many(self, keys: Sequence[Key], *, only: Sequence[str] = ()) -> list[Item]:
        """Those of the items that exist, in the order of `keys` (consistent reads). Keys must differ.

        One call for each `BATCH` of keys; what DynamoDB leaves unread it is asked for again. With
        `only`, each item's key and these attributes come. Raises `Unread` when some stay unread.
        """
        found: dict[Key, Item] = {}
        options: Any = {"ConsistentRead": True}
        if only:
            part = _Expression()
            options["ProjectionExpression"] = part.paths(("pk", "sk", *only))
            options["ExpressionAttributeNames"] = part.names
        for start in range(0, len(keys), BATCH):
            wanted = [_key(key) for key in keys[start : start + BATCH]]
            for _ in range(BATCH_TRIES):
                request: Any = {self.name: {"Keys": wanted, **options}}
                answer = self._client.batch_get_item(RequestItems=request)
                for item in map(plain, answer["Responses"].get(self.name, [])):
                    found[item["pk"], item["sk"]] = item
                left = answer["UnprocessedKeys"].get(self.name)
                if left is None:
                    break
                wanted = [dict(key) for key in left["Keys"]]
            else:
                raise Unread(self.name)
        return [found[key] for key in keys if key in found]

    def insert(self, key: Key, values: Mapping[str, Any]) -> Item:
        """Write an item that is not there yet; returns it.

        Raises `ConditionFailed` with the item already there, unless that is our own.
        """
        writer = self._ids.new()
        item = {"pk": key[0], "sk": key[1], "writer": writer, **_without_none(values)}
        try:
            self._client.put_item(
                TableName=self.name,
                Item=typed(item),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            found = _refused(error)
            if found is None or found.get("writer") != writer:
                raise ConditionFailed(found) from None
            return found
        return item

    def update(self, key: Key, change: Change, *, when: ConditionBase | None = PRESENT) -> Item:
        """Change an item if `when` holds of it; returns the item as it then stands.

        `when=None` is for changes that may be made of any item, or none, and twice over. Raises
        `ConditionFailed` with the item found, unless the last writer was this call.
        """
        writer = self._ids.new()
        expression = _Expression()
        update = expression.update(change, writer)
        conditional: dict[str, Any] = {}
        if when is not None:
            conditional["ConditionExpression"] = expression.condition(when)
            conditional["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            answer = self._client.update_item(
                TableName=self.name,
                Key=_key(key),
                UpdateExpression=update,
                ExpressionAttributeNames=expression.names,
                ExpressionAttributeValues=typed(expression.values),
                ReturnValues="ALL_NEW",
                **conditional,
            )
        except ClientError as error:
            found = _refused(error)
            if found is None or found.get("writer") != writer:
                raise ConditionFailed(found) from None
            return found
        return _item(answer.get("Attributes")) or {}

    def delete(self, key: Key, *, when: ConditionBase = PRESENT) -> bool:
        """Delete an item if `when` holds of it; whether it is gone by this call."""
        expression = _Expression()
        request: dict[str, Any] = {"ConditionExpression": expression.condition(when)}
        if expression.values:
            request["ExpressionAttributeValues"] = typed(expression.values)
        try:
            self._client.delete_item(
                TableName=self.name,
                Key=_key(key),
                ExpressionAttributeNames=expression.names,
                **request,
            )
        except ClientError as error:
            _refused(error)
            return False
        return True

    def query(
        self,
        where: ConditionBase,
        *,
        index: str | None = None,
        limit: int | None = None,
        start: Item | None = None,
        newest_first: bool = False,
        only: Sequence[str] = (),
    ) -> Page:
        """One page of the items whose keys satisfy `where`; consistent unless `index` is named.

        With `only`, no more of each item than these attributes (paths may be dotted) comes.
        """
        built = ConditionExpressionBuilder().build_expression(where, is_key_condition=True)
        options: dict[str, Any] = {"IndexName": index} if index else {"ConsistentRead": True}
        if limit is not None:
            options["Limit"] = limit
        if start is not None:
            options["ExclusiveStartKey"] = typed(start)
        part = _Expression()
        if only:
            options["ProjectionExpression"] = part.paths(only)
        answer = self._client.query(
            TableName=self.name,
            KeyConditionExpression=built.condition_expression,
            ExpressionAttributeNames=built.attribute_name_placeholders | part.names,
            ExpressionAttributeValues=typed(built.attribute_value_placeholders),
            ScanIndexForward=not newest_first,
            **options,
        )
        return Page(
            items=[plain(item) for item in answer["Items"]],
            last=_item(answer.get("LastEvaluatedKey")),
        )

    def query_each(
        self,
        where: ConditionBase,
        *,
        index: str | None = None,
        page_size: int | None = None,
        only: Sequence[str] = (),
    ) -> Iterator[Item]:
        """Every item whose keys satisfy `where`; a page is asked for when the one before is used up."""
        start: Item | None = None
        while True:
            page = self.query(where, index=index, limit=page_size, start=start, only=only)
            yield from page.items
            if (start := page.last) is None:
                return

    def query_all(self, where: ConditionBase, *, index: str | None = None) -> list[Item]:
        return list(self.query_each(where, index=index))


class _Expression:
    """Collects the names and values of an update and its condition."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def update(self, change: Change, writer: str) -> str:
        sets = [f"{self._name('writer')} = {self._value(writer)}"]
        for path, value in change.set.items():
            sets.append(f"{self._name(path)} = {self._value(value)}")
        for path, value in change.set_once.items():
            name = self._name(path)
            sets.append(f"{name} = if_not_exists({name}, {self._value(value)})")
        for path, more in change.append.items():
            name = self._name(path)
            empty, added = self._value([]), self._value(list(more))
            sets.append(f"{name} = list_append(if_not_exists({name}, {empty}), {added})")
        clauses = ["SET " + ", ".join(sets)]
        if change.add:
            added_values = (f"{self._name(p)} {self._value(v)}" for p, v in change.add.items())
            clauses.append("ADD " + ", ".join(added_values))
        if change.discard:
            gone_values = (f"{self._name(p)} {self._value(v)}" for p, v in change.discard.items())
            clauses.append("DELETE " + ", ".join(gone_values))
        if change.remove:
            clauses.append("REMOVE " + ", ".join(self._name(path) for path in change.remove))
        return " ".join(clauses)

    def condition(self, when: ConditionBase) -> str:
        built = ConditionExpressionBuilder().build_expression(when)
        self.names |= built.attribute_name_placeholders
        self.values |= built.attribute_value_placeholders
        return str(built.condition_expression)

    def paths(self, paths: Sequence[str]) -> str:
        return ", ".join(self._name(path) for path in paths)

    def _name(self, path: str) -> str:
        placeholders = []
        for part in path.split("."):
            placeholder = f"#u{len(self.names)}"
            self.names[placeholder] = part
            placeholders.append(placeholder)
        return ".".join(placeholders)

    def _value(self, value: Any) -> str:
        placeholder = f":u{len(self.values)}"
        self.values[placeholder] = value
        return placeholder


def _refused(error: ClientError) -> Item | None:
    """The item that a failed condition met; any other error goes on its way."""
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    return _item(cast(Any, error.response.get("Item")))


def _key(key: Key) -> dict[str, Any]:
    return typed({"pk": key[0], "sk": key[1]})


def _without_none(values: Mapping[str, Any]) -> Item:
    return {name: value for name, value in values.items() if value is not None}


def _item(found: Mapping[str, Any] | None) -> Item | None:
    return plain(found) if found else None
