"""How often one account may do one thing: a counter an account, act and window of time."""

from datetime import timedelta
from typing import Final, NamedTuple

from boto3.dynamodb.conditions import Attr

from chalicelib.platform import keys
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import TooMany
from chalicelib.platform.language import Text
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Table

COUNTED: Final = frozenset({"times", "things", "expires_at"})
"""What the item of a count holds."""


class Limit(NamedTuple):
    what: str
    times: int
    each: timedelta
    text: Text


def count_once(table: Table, clock: Clock, account_id: str, limit: Limit, one: str) -> None:
    """Count `one` thing, once however often its request comes. Raises `TooMany` for one thing too many."""
    _count(table, clock, account_id, limit, one)


def count(table: Table, clock: Clock, account_id: str, limit: Limit) -> None:
    """Count one act. Raises `TooMany` when the window's allowance is used up."""
    _count(table, clock, account_id, limit)


def _count(table: Table, clock: Clock, account_id: str, limit: Limit, one: str = "") -> None:
    now = int(clock.now().timestamp())
    length = int(limit.each.total_seconds())
    window, passed = divmod(now, length)
    counted: dict[str, int | set[str]] = {"things": {one}} if one else {"times": 1}
    things = Attr("things")
    room = (
        things.size().lt(limit.times) | things.contains(one)
        if one
        else Attr("times").lt(limit.times)
    )
    try:
        table.update(
            keys.rate(account_id, limit.what, window),
            Change(add=counted, set={"expires_at": now + 2 * length}),
            when=ABSENT | room,
        )
    except ConditionFailed:
        raise TooMany(limit.text, retry_after=length - passed) from None
