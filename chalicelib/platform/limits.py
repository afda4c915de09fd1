"""How often one account may do one thing: a counter an account, act and window of time."""

from datetime import timedelta
from typing import NamedTuple

from boto3.dynamodb.conditions import Attr

from chalicelib.platform import keys
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import TooMany
from chalicelib.platform.language import Text
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Table


class Limit(NamedTuple):
    what: str
    times: int
    each: timedelta
    text: Text


def count(table: Table, clock: Clock, account_id: str, limit: Limit) -> None:
    """Count one act. Raises `TooMany` when the window's allowance is used up."""
    now = int(clock.now().timestamp())
    length = int(limit.each.total_seconds())
    window, passed = divmod(now, length)
    try:
        table.update(
            keys.rate(account_id, limit.what, window),
            Change(add={"times": 1}, set={"expires_at": now + 2 * length}),
            when=ABSENT | Attr("times").lt(limit.times),
        )
    except ConditionFailed:
        raise TooMany(limit.text, retry_after=length - passed) from None
