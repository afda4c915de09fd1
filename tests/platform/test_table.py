"""Conditional writes know their own author, and numbers come back as they went in."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.table import Change, ConditionFailed, Table, Unread
from chalicelib.platform.values import plain, typed
from tests.world import World

KEY = ("thing#1", "thing")


@pytest.fixture
def table(world: World) -> Table:
    return world.platform.cases


def lose_first_reply(table: Table, operation: str) -> None:
    """Let the first write through and then fail it, as when the reply is lost on its way.

    botocore repeats the request by itself; here the repetition is made by the test's wrapper.
    """
    client: Any = table._client
    real = getattr(client, operation)

    def repeated(**arguments: Any) -> Any:
        real(**arguments)
        return real(**arguments)

    setattr(client, operation, repeated)


def test_an_insert_whose_reply_was_lost_is_still_our_success(table: Table) -> None:
    lose_first_reply(table, "put_item")
    assert table.insert(KEY, {"name": "mole"})["name"] == "mole"


def test_an_update_whose_reply_was_lost_is_done_once_and_is_our_success(table: Table) -> None:
    table.insert(KEY, {"state": "a", "times": 0})
    lose_first_reply(table, "update_item")
    change = Change(set={"state": "b"}, add={"times": 1}, append={"history": ["b"]})
    item = table.update(KEY, change, when=Attr("state").eq("a"))
    assert (item["state"], item["times"], item["history"]) == ("b", 1, ["b"])


def test_an_insert_over_another_item_fails_with_that_item(table: Table) -> None:
    table.insert(KEY, {"name": "first"})
    with pytest.raises(ConditionFailed) as refused:
        table.insert(KEY, {"name": "second"})
    assert refused.value.found is not None
    assert refused.value.found["name"] == "first"


def test_an_update_of_an_absent_item_creates_nothing(table: Table) -> None:
    with pytest.raises(ConditionFailed) as refused:
        table.update(KEY, Change(set={"a": 1}))
    assert refused.value.found is None
    assert table.get(KEY) is None


def test_an_update_sets_keeps_appends_adds_and_removes(table: Table) -> None:
    table.insert(KEY, {"a": {"b": 1}, "old": True, "kept": "first"})
    item = table.update(
        KEY,
        Change(
            set={"a.b": 2, "name": "x"},
            set_once={"kept": "second", "new": "once"},
            append={"log": ["one"]},
            add={"tags": {"t"}, "n": 3},
            remove=["old"],
        ),
    )
    assert item["a"] == {"b": 2}
    assert (item["name"], item["kept"], item["new"]) == ("x", "first", "once")
    assert (item["log"], item["tags"], item["n"]) == (["one"], {"t"}, 3)
    assert "old" not in item


def test_a_query_goes_through_all_its_pages(table: Table) -> None:
    for n in range(7):
        table.insert(("many", f"{n}"), {"n": n})
    page = table.query(Where("pk").eq("many"), limit=3)
    assert [item["n"] for item in page.items] == [0, 1, 2]
    rest = table.query(Where("pk").eq("many"), start=page.last)
    assert [item["n"] for item in rest.items] == [3, 4, 5, 6]
    assert [item["n"] for item in table.query_all(Where("pk").eq("many"))] == list(range(7))


ONE_VALUE = (
    st.none()
    | st.booleans()
    | st.integers(-(10**38) + 1, 10**38 - 1)
    | st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 9))
    | st.text(max_size=10)
    | st.binary(max_size=10)
    | st.sets(st.text(max_size=3), min_size=1, max_size=3)
)
VALUES = st.recursive(
    ONE_VALUE,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=5), parts),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES))
def test_values_come_back_as_they_went_in(values: dict[str, Any]) -> None:
    assert plain(typed(values)) == values


@given(VALUES)
def test_values_are_typed_as_boto3_types_them(value: Any) -> None:
    assert typed({"value": value}) == {"value": TypeSerializer().serialize(_decimal(value))}


@pytest.mark.parametrize(
    ("number", "value"), [("1.0", 1), ("1E+2", 100), ("-0", 0), ("1.5", 1.5), ("1E-3", 0.001)]
)
def test_numbers_are_whole_where_they_can_be(number: str, value: float) -> None:
    read = plain({"value": {"N": number}})["value"]
    assert read == value
    assert isinstance(read, int) is float(value).is_integer()


def _decimal(value: Any) -> Any:
    """As boto3 wants it: without floats."""
    match value:
        case float():
            return Decimal(repr(value))
        case dict():
            return {name: _decimal(part) for name, part in value.items()}
        case list():
            return [_decimal(part) for part in value]
    return value


def test_many_items_are_read_together_and_absent_ones_are_left_out(table: Table) -> None:
    wanted = [(f"thing#{number}", "thing") for number in range(120)]
    for key in wanted[::2]:
        table.insert(key, {"name": key[0]})
    assert [item["name"] for item in table.get_many(wanted)] == [key[0] for key in wanted[::2]]
    assert table.get_many([]) == []


@pytest.mark.parametrize(("reads_each", "ends"), [(2, True), (0, False)])
def test_what_a_batch_leaves_unread_is_asked_for_again_and_not_for_ever(
    table: Table, reads_each: int, ends: bool
) -> None:
    wanted = [(f"thing#{number}", "thing") for number in range(5)]
    for key in wanted:
        table.insert(key, {"name": key[0]})
    client: Any = table._client
    real = client.batch_get_item

    def throttled(RequestItems: Any) -> Any:  # noqa: N803 (boto3's name)
        keys = RequestItems[table.name]["Keys"]
        now, later = keys[:reads_each], keys[reads_each:]
        answer: dict[str, Any] = {"Responses": {}, "UnprocessedKeys": {}}
        if now:
            answer = real(RequestItems={table.name: {"Keys": now, "ConsistentRead": True}})
        return answer | ({"UnprocessedKeys": {table.name: {"Keys": later}}} if later else {})

    client.batch_get_item = throttled
    if ends:
        assert {item["name"] for item in table.get_many(wanted)} == {key[0] for key in wanted}
    else:
        with pytest.raises(Unread):
            table.get_many(wanted)
