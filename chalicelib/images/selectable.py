"""The index `selectable`: images that a dataset may choose from, in shards, so that none takes all writes.

An image enters it in the one write that accepts it, and leaves it when all but a tombstone is removed.
Of each image it holds what selections look at, and no opinion of a model.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.platform.table import Item, Table

INDEX: Final = "selectable"
SHARDS: Final = 16


def selectable(image_id: str) -> dict[str, str]:
    """The attributes that put an accepted image into the index."""
    number = hashlib.sha256(image_id.encode()).digest()[0] % SHARDS
    return {"selectable_shard": f"selectable#{number}", "selectable_order": image_id}


def each_selectable(table: Table) -> Iterator[Item]:
    """Every image in the index, as far as it is projected there, by shard and id. A query a shard, and
    one more for each megabyte."""
    for number in range(SHARDS):
        yield from table.query_each(
            Where("selectable_shard").eq(f"selectable#{number}"), index=INDEX
        )
