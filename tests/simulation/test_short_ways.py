"""The simulation's short ways to moto's state give the answers, errors and tables that moto itself gives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from random import Random
from typing import Any

import pytest
from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where
from botocore.exceptions import ClientError

from chalicelib.platform.ids import Ids
from chalicelib.platform.table import ABSENT, PRESENT, Change, ConditionFailed, Table
from tests.simulation.cloud import Cloud
from tests.simulation.expressions import NotUnderstood, condition
from tests.world import World, new_world

CONDITIONS: tuple[ConditionBase, ...] = (
    PRESENT,
    ABSENT,
    Attr("state").eq("a") & Attr("count").lt(3),
    Attr("members").exists() & Attr("members").size().lt(2),
    Attr("members").contains("x"),
    ABSENT | (Attr("inside.mark").eq("a") & Attr("state").lte("b")),
    Attr("inside").eq({"mark": "a"}),
    Attr("count").between(1, 4),
    ~Attr("state").begins_with("a"),
    Attr("state").is_in(["b", "first"]) & Attr("inside.mark").ne("c"),
)
CHANGES = (
    Change(set={"state": "a", "due_shard": "due#1", "due_at": "2026-01-01"}),
    Change(set={"state": "b"}, remove=["due_shard", "due_at", "nothing"]),
    Change(set_once={"state": "first"}, append={"history": [{"at": "now"}]}),
    Change(add={"count": 1, "members": {"x", "y"}}),
    Change(discard={"members": {"x"}}, set={"count": 2}),
    Change(set={"inside": {"mark": "a"}}),
    Change(set={"inside.mark": "b"}),
)


@contextmanager
def one_table(short: bool) -> Iterator[Table]:
    with new_world() as world:
        if short:
            world.platform.__dict__["_session"] = Cloud(world.platform.__dict__["_session"])
        ids = Ids(b"key", Random(1).randbytes)
        client = world.platform.client("dynamodb")
        yield Table(client, world.platform.settings.table_cases, ids)


def told(act: Callable[[], Any]) -> Any:
    """What came of it: the answer, or the error with what it shows."""
    try:
        return act()
    except ConditionFailed as failed:
        return "refused", failed.found
    except ClientError as error:
        return error.response["Error"]["Code"]


def steps(table: Table, seed: int) -> list[Any]:
    """Sixty operations drawn at random on few keys, and what came of each."""
    draw, answers = Random(seed), []
    for _ in range(60):
        key = f"pk{draw.randrange(3)}", f"sk{draw.randrange(3)}"
        match draw.randrange(4):
            case 0:
                values = {"state": draw.choice("abc"), "count": draw.randrange(5)}
                answers.append(told(partial(table.insert, key, values)))
            case 1:
                answers.append(table.get(key))
                keys = [(f"pk{n}", key[1]) for n in range(3)]
                answers.append(table.get_many(keys))
                answers.append(table.get_many(keys, only=("state", "inside")))
                answers.append(table.get_many(keys, only=("state", "inside.mark", "inside.none")))
            case 2:
                where = Where("due_shard").eq("due#1") & Where("due_at").lte("2026-01-02")
                answers.append(table.query(where, index="due", limit=draw.choice([1, 2, 50])).items)
                answers.append(table.query_all(Where("pk").eq(key[0])))
            case _:
                change, when = draw.choice(CHANGES), draw.choice([*CONDITIONS, None])
                answers.append(told(partial(table.update, key, change, when=when)))
    return answers


@pytest.mark.parametrize("seed", range(3))
def test_the_short_way_answers_as_moto_does(seed: int) -> None:
    with one_table(short=True) as table:
        short = steps(table, seed)
    with one_table(short=False) as table:
        long = steps(table, seed)
    assert short == long


def test_what_is_written_on_the_short_way_is_seen_on_the_long_one(world: World) -> None:
    ids, name = Ids(b"key"), world.platform.settings.table_cases
    long = Table(world.platform.client("dynamodb"), name, ids)
    short = Table(Cloud(world.platform.__dict__["_session"]).client("dynamodb"), name, ids)
    item = short.insert(("pk", "sk"), {"state": "a", "members": {"x"}, "inside": {"mark": 1.5}})
    assert long.get(("pk", "sk")) == item
    assert short.update(("pk", "sk"), Change(add={"count": 1})) == long.get(("pk", "sk"))


def test_objects_take_the_short_way_with_their_versions(world: World) -> None:
    platform, cloud = world.platform, Cloud(world.platform.__dict__["_session"])
    platform.__dict__["_session"] = cloud
    platform.uploads.put("uploads/a", b"first", content_type="image/jpeg")
    version = platform.uploads.current_version("uploads/a")
    platform.uploads.put("uploads/a", b"second", content_type="image/jpeg")
    stored = platform.uploads.get("uploads/a", version=version)
    assert stored is not None
    assert stored.data == b"first"
    assert platform.uploads.get("uploads/b") is None
    assert platform.uploads.current_version("uploads/b") is None
    platform.uploads.copy("uploads/a", "uploads/c")
    assert platform.uploads.current_version("uploads/c") not in {None, version}
    assert not world.calls, "nothing went over the wire"


def test_an_expression_beyond_what_the_platform_uses_is_refused_loudly() -> None:
    with pytest.raises(NotUnderstood):
        condition("attribute_type(#a, :t)")
