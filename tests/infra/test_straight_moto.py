"""What goes straight to moto passes no wire, and everybody's events still see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from moto.core.botocore_stubber import MockRawResponse

from infra.local.straight_moto import go_straight_to, the_long_way
from tests.world import World

KEY: Any = {"pk": {"S": "pk"}, "sk": {"S": "sk"}}


@pytest.fixture
def sent(world: World) -> list[str]:
    """The addresses that were asked over the wire."""
    asked: list[str] = []
    session: Any = world.platform.__dict__["_session"]
    session.events.register_first("before-send", lambda request, **_: asked.append(request.url))
    return asked


def test_frequent_calls_pass_no_wire(world: World, sent: list[str]) -> None:
    client, name = world.platform.client("dynamodb"), world.platform.settings.table_cases
    with world.counted() as calls:
        client.put_item(TableName=name, Item=KEY)
        assert client.get_item(TableName=name, Key=KEY)["Item"] == KEY
        with pytest.raises(ClientError) as refused:
            client.delete_item(
                TableName=name, Key=KEY, ConditionExpression="attribute_not_exists(pk)"
            )
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert set(calls) == {"dynamodb.PutItem", "dynamodb.GetItem", "dynamodb.DeleteItem"}
    assert sent == []


def test_bytes_other_calls_and_whoever_wants_it_go_the_long_way(
    world: World, sent: list[str]
) -> None:
    client, name = world.platform.client("dynamodb"), world.platform.settings.table_cases
    item = KEY | {"bytes": {"B": b"\x00\xff"}}
    client.put_item(TableName=name, Item=item)
    client.scan(TableName=name)
    with the_long_way():
        assert client.get_item(TableName=name, Key=KEY)["Item"] == item
    assert len(sent) == 3
    assert client.get_item(TableName=name, Key=KEY)["Item"] == item
    assert len(sent) == 3


def test_a_call_to_another_address_is_sent_there(world: World) -> None:
    client = world.platform.client("dynamodb", endpoint_url="http://elsewhere.example")

    def answer(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, HTTPHeaders(), MockRawResponse(b'{"Count": 7}'))

    client.meta.events.register_first("before-send", answer)
    assert client.query(TableName="any", KeyConditionExpression="pk = :p")["Count"] == 7


def test_calls_to_a_server_of_this_process_pass_no_wire_either(world: World) -> None:
    held: list[str] = []

    @contextmanager
    def turn() -> Iterator[None]:
        held.append("held")
        yield

    go_straight_to("http://127.0.0.1:1", turn())
    client = world.platform.client("dynamodb", endpoint_url="http://127.0.0.1:1")
    name = world.platform.settings.table_cases
    assert "Item" not in client.get_item(TableName=name, Key=KEY)
    assert held == ["held"]
