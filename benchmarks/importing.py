"""Images a second through the local stack, beside the ceiling that its two unavoidable parts set.

The ceiling is one image in the time of the model alone (`classification.classified_alone`) and of
the emulator's own round trips for the calls that an image needs: counted on a world in process, and
timed one by one with a bare boto3 client against the same emulator.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final
from unittest.mock import patch

import boto3

from benchmarks import growth
from benchmarks.classification import MODEL, SIZE, classified_alone, photograph
from benchmarks.table import Row
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import active_model_file
from chalicelib.labelling import service as labelling
from infra.local.cloud import serve_cloud
from tests.labelling.making import reader
from tests.patients.asking import CODE
from tests.stack import start_stack
from tests.world import REGION, new_world

ROOT = Path(__file__).parents[1]
IMAGES: Final = int(os.environ.get("BENCH_IMAGES", "300"))
LEAST: Final = 0.7
FLAT: Final = 1.1
ROUNDS: Final = 40
MOST_SECONDS: Final = 3600
AROUND: Final = Counter(
    {
        "dynamodb.GetItem": 1,  # the authorizer's, for the slot's request
        "s3.PutObject": 1,  # the upload
        "s3.HeadObject": 1,  # its version, which moto's event lacks
        "sqs.DeleteMessage": 2,  # of the bucket's event, and of the labelling queue
    }
)
"""Calls for an image that no function of ours makes."""


def rows() -> list[Row]:
    """The rate beside the ceiling, and the sender's memory at its end beside a quarter."""
    data = photograph(SIZE)
    calls = _calls_of_an_image()
    seconds = _model_alone(data) + _emulator(calls, data)
    sent = _sent()
    return [
        Row(f"{IMAGES} images through the stack", IMAGES / sent["seconds"], 1 / seconds, "1/s",
            LEAST, at_least=True),
        Row("memory of the sender, end / quarter", sent["end_mb"], sent["quarter_mb"], "MB", FLAT),
    ]  # fmt: skip


def _command(url: str) -> list[str]:
    """What sends the images; it prints the figures of `benchmarks.sending` as its last line."""
    return [sys.executable, "-m", "benchmarks.sending", url, str(IMAGES)]


def _sent() -> dict[str, float]:
    stack = start_stack("--no-demo")
    try:
        done = subprocess.run(
            _command(stack.url),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=MOST_SECONDS,
        )
    finally:
        stack.stop()
        stack.output.reader.join()
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _calls_of_an_image() -> Counter[str]:
    """From slot to readers, when every reader's hand is full, as it soon is in an import."""
    with new_world() as world:
        served = "chalicelib.platform.http.routes.platform"
        with patch(served, lambda: world.platform):
            model = cache(lambda: Classifier.load(active_model_file(world.platform)))
            for number in range(3):
                reader(world, f"expert{number}", hand_size=1)
            lesion_id = growth._survey(CODE)["lesion_id"]
            for _ in range(2):  # the first ones fill the hands, and load the model
                image_id = growth._classified(world, model, lesion_id)
                labelling.assign_case(world.platform, image_id)
            with world.counted() as calls:
                image_id = growth._classified(world, model, lesion_id)
                labelling.assign_case(world.platform, image_id)
                return Counter(calls) - Counter({"s3.PutObject": 1}) + AROUND


def _model_alone(data: bytes) -> float:
    classifier = Classifier.load(MODEL)
    return median(_timed(lambda: classified_alone(data, classifier)) for _ in range(ROUNDS))


def _emulator(calls: Counter[str], data: bytes) -> float:
    """Seconds that the emulator's round trips take, for so many calls of each kind."""
    cloud = serve_cloud()
    with cloud:
        session = boto3.Session("local", "local", region_name=REGION)
        asked = _bare_calls(session, cloud.url, data)
        missing = set(calls) - set(asked)
        assert not missing, f"no bare call to time for {missing}"
        seconds = {name: median(_timed(asked[name]) for _ in range(ROUNDS)) for name in calls}
    told = ", ".join(
        f"{number} {name} {seconds[name] * 1000:.1f} ms" for name, number in calls.items()
    )
    print(f"calls for an image, and the emulator's own time for each: {told}\n")
    return sum(number * seconds[name] for name, number in calls.items())


def _timed(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _bare_calls(session: Any, url: str, data: bytes) -> dict[str, Callable[[], Any]]:
    """One call of each kind that an image needs, on a table, a bucket and a queue of their own."""
    dynamodb, s3, sqs = (
        session.client(name, endpoint_url=url) for name in ("dynamodb", "s3", "sqs")
    )
    names = ("pk", "sk", "index", "order")
    dynamodb.create_table(
        TableName="bare",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_index",
                "KeySchema": [
                    {"AttributeName": "index", "KeyType": "HASH"},
                    {"AttributeName": "order", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    s3.create_bucket(Bucket="bare", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="bare", VersioningConfiguration={"Status": "Enabled"})
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    s3.put_object(Bucket="bare", Key="k", Body=data)
    key = {"pk": {"S": "a"}, "sk": {"S": "a"}}
    item = {**key, "index": {"S": "x"}, "order": {"S": "y"}, "fact": {"S": "z" * 1500}}
    where = {
        "KeyConditionExpression": "#i = :v",
        "ExpressionAttributeNames": {"#i": "index"},
        "ExpressionAttributeValues": {":v": {"S": "x"}},
    }
    change = {
        "UpdateExpression": "SET fact = :v",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":v": {"S": "z" * 1500}},
    }

    def delete() -> None:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=handles.pop())

    for _ in range(ROUNDS):
        sqs.send_message(QueueUrl=queue, MessageBody="m")
    handles: list[str] = []
    while len(handles) < ROUNDS:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        handles += [message["ReceiptHandle"] for message in found["Messages"]]
    dynamodb.put_item(TableName="bare", Item=item)
    return {
        "dynamodb.GetItem": lambda: dynamodb.get_item(
            TableName="bare", Key=key, ConsistentRead=True
        ),
        "dynamodb.PutItem": lambda: dynamodb.put_item(TableName="bare", Item=item),
        "dynamodb.UpdateItem": lambda: dynamodb.update_item(
            TableName="bare", Key=key, ReturnValues="ALL_NEW", **change
        ),
        "dynamodb.Query": lambda: dynamodb.query(TableName="bare", IndexName="by_index", **where),
        "s3.GetObject": lambda: s3.get_object(Bucket="bare", Key="k")["Body"].read(),
        "s3.PutObject": lambda: s3.put_object(Bucket="bare", Key="k", Body=data),
        "s3.HeadObject": lambda: s3.head_object(Bucket="bare", Key="k"),
        "sqs.SendMessage": lambda: sqs.send_message(QueueUrl=queue, MessageBody="m"),
        "sqs.DeleteMessage": delete,
    }
