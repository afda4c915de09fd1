"""What moto answers to the calls whose ways are cut short: run with `shortened` or without.

A process of its own, since the shortcuts stay in a process once they are put in.
"""

import json
import sys
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.sqs.models import sqs_backends

from infra.local.quicker_moto import shorten
from infra.local.straight_moto import go_straight
from tests.infra.moto_changes import of_changes
from tests.infra.moto_conditions import of_conditions

REGION = "eu-central-1"


def answers() -> list[Any]:
    with mock_aws():
        session = boto3.Session("id", "secret", region_name=REGION)
        dynamodb, sqs = session.client("dynamodb"), session.client("sqs")
        s3 = session.client("s3")
        return [
            *_of_a_bucket(s3),
            *(*_of_a_table(dynamodb), *of_changes(dynamodb), *of_conditions(dynamodb)),
            *_of_a_queue(sqs),
        ]


def _of_a_table(dynamodb: Any) -> list[Any]:
    dynamodb.create_table(
        TableName="t",
        KeySchema=[_key("pk", "HASH"), _key("sk", "RANGE")],
        AttributeDefinitions=[_string(name) for name in ("pk", "sk", "kind", "rank")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_kind",
                "KeySchema": [_key("kind", "HASH"), _key("rank", "RANGE")],
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "in_part",
                "KeySchema": [_key("kind", "HASH")],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["nested", "bytes", "absent"],
                },
            },
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    values = {
        "nested": {"M": {"list": {"L": [{"N": "1.5"}, {"BOOL": True}, {"NULL": True}]}}},
        "set": {"SS": ["one"]},
        "bytes": {"B": b"\x00\xff"},
    }
    for number in range(12):
        item = {"pk": f"p{number % 5}", "sk": f"s{number}", "rank": f"r{number * 7 % 12:02}"}
        kind = {"kind": {"S": "even" if number % 2 == 0 else "odd"}} if number != 4 else {}
        dynamodb.put_item(
            TableName="t", Item={name: {"S": text} for name, text in item.items()} | kind | values
        )
    wanted = {"TableName": "t", "IndexName": "by_kind", "Limit": 2}
    found = []
    for forward in (True, False):
        page: dict[str, Any] = {}
        while True:
            page = dynamodb.query(
                **wanted,
                KeyConditionExpression="kind = :k AND #r > :r",
                ExpressionAttributeNames={"#r": "rank"},
                ExpressionAttributeValues={":k": {"S": "even"}, ":r": {"S": "r02"}},
                ScanIndexForward=forward,
                **({"ExclusiveStartKey": page["LastEvaluatedKey"]} if page else {}),
            )
            found.append(_bare(page))
            if "LastEvaluatedKey" not in page:
                break
    one = {"pk": {"S": "p0"}, "sk": {"S": "s0"}}
    found.append(_bare(dynamodb.get_item(TableName="t", Key=one)))
    found.append(_bare(dynamodb.scan(TableName="t")))
    for wanted_parts in ("#n, #s, pk", "#n.#l, #s", "absent"):
        names = {"#n": "nested", "#l": "list", "#s": "set"}
        named = {name: text for name, text in names.items() if name in wanted_parts}
        part: dict[str, Any] = {"ProjectionExpression": wanted_parts}
        part |= {"ExpressionAttributeNames": named} if named else {}
        found.append(_bare(dynamodb.get_item(TableName="t", Key=one, **part)))
        several = dynamodb.batch_get_item(RequestItems={"t": {"Keys": [one], **part}})
        found.append(several["Responses"])
    projected = dynamodb.query(
        TableName="t",
        IndexName="in_part",
        KeyConditionExpression="kind = :k",
        ExpressionAttributeValues={":k": {"S": "odd"}},
    )
    order = sorted(projected["Items"], key=lambda item: str(item["pk"]) + str(item["sk"]))
    found.append({"Items": order})
    return found


def _of_a_bucket(s3: Any) -> list[Any]:
    place = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket="objects", CreateBucketConfiguration=place)
    s3.put_bucket_versioning(Bucket="objects", VersioningConfiguration={"Status": "Enabled"})
    for content in (b"0123456789", b"abcdefghij"):
        stored = {"Bucket": "objects", "Key": "k", "Body": content, "ContentType": "image/jpeg"}
        s3.put_object(**stored, Metadata={"m": "1"}, ChecksumAlgorithm="SHA256")
    found = []
    ranges = ("0-3", "4-4", "0-9", "7-99", "5-", "-3", "10-12", "6-2", "0-1,4-5", "a-b")
    for each in (f"bytes={part}" for part in ranges):
        for more in ({}, {"IfNoneMatch": "none"}, {"ChecksumMode": "ENABLED"}):
            try:
                answer = s3.get_object(Bucket="objects", Key="k", Range=each, **more)
            except ClientError as error:
                found.append([each, error.response["Error"], _told(error.response)])
                continue
            body = answer["Body"].read().decode()
            found.append([each, body, answer.get("ContentRange"), _told(answer)])
    for key in ("j", "k/1", "k/2"):
        s3.put_object(Bucket="objects", Key=key, Body=key.encode())
    s3.delete_object(Bucket="objects", Key="k/1")
    for more in ({}, {"Prefix": "k"}, {"Prefix": "k/", "Delimiter": "/"}, {"Prefix": "none"}):
        page: dict[str, Any] = {"IsTruncated": True}
        while page["IsTruncated"]:
            names = ("KeyMarker", "VersionIdMarker")
            after = {name: page[f"Next{name}"] for name in names if f"Next{name}" in page}
            page = s3.list_object_versions(Bucket="objects", MaxKeys=2, **more, **after)
            for part in ("Versions", "DeleteMarkers"):
                told = ("Key", "IsLatest", "Size", "ETag", "StorageClass")
                found += [[each.get(name) for name in told] for each in page.get(part, [])]
            found.append(page["IsTruncated"])
    return found


def _told(answer: Any) -> Any:
    """Status and headers, without what is of the moment."""
    told = answer["ResponseMetadata"]
    drawn = ("date", "last-modified", "x-amz-version-id", "x-amzn-requestid", "x-amz-request-id")
    headers = {k: v for k, v in told.get("HTTPHeaders", {}).items() if k not in drawn}
    return [told["HTTPStatusCode"], dict(sorted(headers.items()))]


def _of_a_queue(sqs: Any) -> list[Any]:
    url = sqs.create_queue(QueueName="q", Attributes={"MessageRetentionPeriod": "60"})["QueueUrl"]
    for number in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    first = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
    found = []
    for seconds in (59, 2):  # of the 60 that the queue keeps them
        messages: Any = sqs_backends[ACCOUNT][REGION].queues["q"]._messages
        for message in messages:
            message.sent_timestamp -= seconds * 1000
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        found.append(sorted(message["Body"] for message in received.get("Messages", [])))
    return [first["Messages"][0]["Body"], found]


def _bare(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _key(name: str, kind: str) -> dict[str, str]:
    return {"AttributeName": name, "KeyType": kind}


def _string(name: str) -> dict[str, str]:
    return {"AttributeName": name, "AttributeType": "S"}


if __name__ == "__main__":
    if sys.argv[1:] == ["shortened"]:
        shorten()
        go_straight()
    sys.stdout.write(json.dumps(answers(), default=repr))
