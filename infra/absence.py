"""A patient's absence in every store: every table, all object versions, the queues.

The whole of each store is read, whatever the indexes say, and everything that names one of the
patient's ids is looked at. The erasure log tells the ids. Tombstones are let pass, if there is
nothing in them but what a tombstone holds.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.access import store as access
from chalicelib.advice import store as advice
from chalicelib.erasure.model import Erasure
from chalicelib.erasure.store import ErasureLog
from chalicelib.histology import report_store
from chalicelib.histology import store as histology
from chalicelib.images import quota
from chalicelib.images import tombstones as images
from chalicelib.labelling import store as labelling
from chalicelib.labelling.assignment_store import ASSIGNMENT_TOMBSTONE
from chalicelib.merging import store as merging
from chalicelib.patients import lesion_store as lesions
from chalicelib.patients import store as patients
from chalicelib.platform import limits
from chalicelib.platform.announcing import Event
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

PEEKS: Final = 20
"""How often a dead-letter queue is asked for messages; each answers at most ten."""
_EVENT: Final = frozenset({*Event.__dataclass_fields__, "webhook_id"})
DEAD_QUEUES: Final = tuple(
    f"{name}-dead" for name in ("labelling", "classify", "webhooks", "builds", "evaluations")
)

_ABOUT: Final = (
    *({"image_id"}, {"case_id"}, {"histology_id"}),
    *({"preview"}, {"release_id"}, {"release_id", "shard"}, {"evaluation_id"}),
)
"""What messages of ours hold, beside their trace."""
_BARE: Final[Mapping[str, frozenset[str]]] = {
    "access": access.POINTER,  # an id alone, and gone a day after the code
    "histology": histology.TOMBSTONE,
    "question": advice.TOMBSTONE,
    "rate": limits.COUNTED,  # ids alone, and gone within days
    "slots": quota.PLACES,  # the same
}
"""What may be left of an item, by its kind."""
_KEYS: Final = frozenset({"pk", "sk", "writer"})
_WORDS: Final = re.compile(r"[A-Za-z0-9_-]+")
_deserialize = TypeDeserializer().deserialize


@dataclass(frozen=True)
class Store:
    """One table, bucket or queue, and what in it can still be read of the patient."""

    name: str
    found: list[str]


def looked_through(platform: Platform, patient_id: str) -> list[Store]:
    """Every store, and what was found in it. A whole scan: for an operator, not for a request."""
    erasure = ErasureLog(platform.records).get(patient_id)
    ids = _ids(patient_id, erasure)
    settings = platform.settings
    tables = {
        "cases": settings.table_cases,
        "labelling": settings.table_labelling,
        "people": settings.table_people,
        "catalogue": settings.table_catalogue,
    }
    of_tables = [
        Store(f"table {name}", [_name(item) for item in _remains(platform, table, ids)])
        for name, table in tables.items()
    ]
    buckets = {"uploads": settings.bucket_uploads, "images": settings.bucket_images}
    of_buckets = [
        Store(f"bucket {name}", list(_objects(platform, bucket, ids)))
        for name, bucket in buckets.items()
    ]
    of_releases = Store("bucket releases", list(_written(platform, settings.bucket_releases, ids)))
    of_queues = [
        Store(f"queue {name}", list(_messages(platform, name, ids))) for name in DEAD_QUEUES
    ]
    return [_of_log(erasure), *of_tables, *of_buckets, of_releases, *of_queues]


def items_of(platform: Platform, table: str) -> Iterator[Item]:
    """Every item of a table."""
    for page in (
        platform.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=table, ConsistentRead=True)
    ):
        for item in page["Items"]:
            yield {name: _deserialize(value) for name, value in item.items()}


def _ids(patient_id: str, erasure: Erasure | None) -> set[str]:
    if erasure is None:
        return {patient_id}
    assignments = {one.assignment_id for one in erasure.assignments}
    return {
        patient_id,
        *erasure.lesions,
        *erasure.images,
        *erasure.histologies,
        *erasure.questions,
        *erasure.accounts,
        *assignments,
    }


def _of_log(erasure: Erasure | None) -> Store:
    """The log names the ids to look for; without it nothing but the patient's own is known."""
    if erasure is None:
        return Store("erasure log", ["no entry: consent was never taken back"])
    unfinished = [] if erasure.erased_at else ["the erasure goes on"]
    return Store("erasure log", unfinished)


def _remains(platform: Platform, table: str, ids: set[str]) -> Iterator[Item]:
    for item in items_of(platform, table):
        if not ids.isdisjoint(_words(_without_places(item))) and not is_bare(item):
            yield item


def _without_places(item: Item) -> Item:
    """An item without the ids of where it was filed before it was somebody else's."""
    changes = [{**change, "was": {}} for change in item.get("changes", ())]
    return item | ({"changes": changes} if changes else {})


def _words(value: Any) -> Iterator[str]:
    """All that could be an id, in keys and values, however deep."""
    if isinstance(value, str):
        yield from _WORDS.findall(value)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _WORDS.findall(name)
            yield from _words(part)
    elif isinstance(value, (list, set)):
        for part in value:
            yield from _words(part)


def is_bare(item: Item) -> bool:
    """Whether an item is a tombstone with nothing else in it."""
    names = set(item) - _KEYS
    state, kind = item.get("state"), str(item["sk"]).partition("#")[0]
    if kind in _BARE:
        return names <= _BARE[kind]
    match kind:
        case "patient" | "lesion" if "merged_into" in names:
            return names <= merging.REMAINS
        case "patient":
            return "erased_at" in names and names <= patients.TOMBSTONE
        case "lesion":
            return names <= lesions.TOMBSTONE or names == lesions.PROMISE
        case "image":
            told = item.get("deletion", {})
            return (
                state == "withdrawn"
                and names <= images.TOMBSTONE | {"deletion"}
                and set(told) <= {"at", "by", "as"}
            )
        case "report":
            return state == "withdrawn" and names <= report_store.TOMBSTONE
        case "case":
            return state == "withdrawn" and names <= labelling.CASE_TOMBSTONE
        case "assignment":
            return state == "withdrawn" and names <= ASSIGNMENT_TOMBSTONE
    return False


def _name(item: Item) -> str:
    """Keys and names of attributes, never a value: this is printed."""
    return f"{item['pk']} / {item['sk']}: {', '.join(sorted(set(item) - _KEYS))}"


def _objects(platform: Platform, bucket: str, ids: set[str]) -> Iterator[str]:
    pages = platform.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket)
    for page in pages:
        for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            if not ids.isdisjoint(_words(entry["Key"])):
                yield f"{entry['Key']} version {entry['VersionId']}"


def _written(platform: Platform, bucket: str, ids: set[str]) -> Iterator[str]:
    """Versions of what the platform has written down of releases and tests that name one of the ids.

    Only `private/` names patients and images by ids of the platform; what researchers fetch has ids of
    its own, and is gone as a whole with the release.
    """
    s3 = platform.client("s3")
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix="private/")
    for page in pages:
        for entry in page.get("Versions", []):
            if not entry["Key"].endswith((".json", ".jsonl")):
                continue
            where = {"Bucket": bucket, "Key": entry["Key"], "VersionId": entry["VersionId"]}
            lines = s3.get_object(**where)["Body"].iter_lines()
            if any(not ids.isdisjoint(_WORDS.findall(line.decode())) for line in lines):
                yield f"{entry['Key']} version {entry['VersionId']}"


def _messages(platform: Platform, name: str, ids: set[str]) -> Iterator[str]:
    """Messages that tell more of the patient than an id.

    Only dead-letter queues are read: reading a message of a live queue counts towards its five
    receipts. The live queue takes nothing but one id a message.
    """
    sqs = platform.client("sqs")
    prefix = platform.settings.labelling_queue_name.removesuffix("labelling")
    url = sqs.get_queue_url(QueueName=prefix + name)["QueueUrl"]
    seen: set[str] = set()
    for _ in range(PEEKS):
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        fresh = [one for one in answer.get("Messages", []) if one["MessageId"] not in seen]
        if not fresh:
            return
        for message in fresh:
            seen.add(message["MessageId"])
            if not ids.isdisjoint(_WORDS.findall(message["Body"])) and not _only_an_id(message):
                yield f"message {message['MessageId']}"


def _only_an_id(message: Mapping[str, Any]) -> bool:
    """Whether a message is one of ours, with an id in it, an event that somebody is
    told of, or an S3 event, with a key in it."""
    try:
        body = json.loads(message["Body"])
    except ValueError:
        return False
    if "event_id" in body and set(body) <= _EVENT:
        return True
    about = set(body) - {"trace"}
    return about in _ABOUT or "Records" in {
        *body,
        *body.get("requestPayload", ()),
    }
