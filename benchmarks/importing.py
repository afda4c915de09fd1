"""Images a second through the importer and the local stack, beside the ceiling of its unavoidable parts.

The ceiling is one image in the time of the model alone (`classification.classified_alone`) and of
the emulator's own round trips for the calls that an image needs: counted on a world in process, and
timed one by one with a bare boto3 client against the same emulator, on an item as large.

The archive is HAM10000 where the research data are beside the checkout, generated pictures elsewhere.
"""

import csv
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, Final
from unittest.mock import patch

import boto3

from benchmarks.classification import MODEL, SIZE, classified_alone, photograph
from benchmarks.table import Row
from chalicelib.classification import service as classification
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import active_model_file
from chalicelib.images.model import upload_key
from chalicelib.platform import keys
from chalicelib.platform.values import typed
from infra.local.accounts import PASSWORD
from infra.local.cloud import serve_cloud
from tests.images.making import upload
from tests.imports.asking import PHOTO, add_image, new_import
from tests.stack import start_stack
from tests.world import REGION, new_world

ROOT: Final = Path(__file__).parents[1]
ARCHIVE: Final = ROOT / ".." / "shared" / "data" / "ham10000"
IMAGES: Final = int(os.environ.get("BENCH_IMAGES", "300"))
LEAST: Final = 0.7
FLAT: Final = 1.1
ROUNDS: Final = 40
LOOK_SECONDS: Final = 0.25
AROUND: Final = Counter(
    {
        "dynamodb.GetItem": 1,  # the authorizer's, for the slot's request
        "s3.PutObject": 1,  # the upload
        "s3.HeadObject": 1,  # its version, which moto's event lacks
        "sqs.DeleteMessage": 1,  # of the bucket's event
    }
)
"""Calls for an image that no function of ours makes."""


def rows() -> list[Row]:
    """The rate beside the ceiling, and the importer's memory in its second half beside the first."""
    with TemporaryDirectory() as folder:
        archive, mapping, one = _archive(Path(folder))
        took, memory = _imported(archive, mapping, Path(folder))
    calls, item = _an_image()
    seconds = _model_alone(one) + _emulator(calls, item, one)
    half = len(memory) // 2
    return [
        Row(f"{IMAGES} images imported", IMAGES / took, 1 / seconds, "1/s", LEAST, at_least=True),
        Row("memory of the importer, 2nd half / 1st",
            max(memory[half:]), max(memory[:half]), "MB", FLAT),
    ]  # fmt: skip


def _archive(folder: Path) -> tuple[Path, str, bytes]:
    """A folder with manifest and images, its mapping, and the bytes of one of the images."""
    if ARCHIVE.is_dir():
        with zipfile.ZipFile(ARCHIVE / "images.zip") as images:
            name = next(name for name in images.namelist() if name.endswith(".jpg"))
            return ARCHIVE, "ham10000", images.read(name)
    drawn = photograph(SIZE)
    with (folder / "manifest.csv").open("w") as manifest:
        table = csv.writer(manifest)
        table.writerow(["image_id", "file", "lesion_id", "dx_type", "dx", "localization"])
        for number in range(IMAGES):
            # Every file differs in its last bytes, which the gate drops: other hashes, one drawing.
            (folder / f"{number}.jpg").write_bytes(drawn + number.to_bytes(4, "big"))
            table.writerow([number, f"{number}.jpg", f"lesion{number}", "histo", "nv", "back"])
    return folder, "ham10000", drawn


def _imported(archive: Path, mapping: str, folder: Path) -> tuple[float, list[float]]:
    """Seconds that the importer took, from its first request to the last image's end, and its
    resident memory, looked at all the while, in megabytes."""
    stack = start_stack("--no-demo")
    try:
        command = [sys.executable, "-m", "client.importer", str(archive), "--server", stack.url]
        command += ["--mapping", mapping, "--login", "curator", "--limit", str(IMAGES)]
        command += ["--state", str(folder / "journal.sqlite3")]
        began, memory = perf_counter(), []
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "RODINKA_PASSWORD": PASSWORD},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as importer:
            while importer.poll() is None:
                memory.append(_resident_megabytes(importer.pid))
                sleep(LOOK_SECONDS)
        assert importer.returncode == 0, f"the importer ended with {importer.returncode}"
        return perf_counter() - began, [megabytes for megabytes in memory if megabytes]
    finally:
        stack.stop()
        stack.output.reader.join()


def _resident_megabytes(process_id: int) -> float:
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process_id}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _an_image() -> tuple[Counter[str], dict[str, Any]]:
    """The calls for one imported image, from slot to opinion, and its item as DynamoDB has it."""
    with new_world() as world:
        served = "chalicelib.platform.http.routes.platform"
        with patch(served, lambda: world.platform):
            model = cache(lambda: Classifier.load(active_model_file(world.platform)))
            import_id = new_import()

            def imported(number: int) -> str:
                answer = add_image(import_id, external_image_id=f"image{number}")
                image_id = str(answer.body["image_id"])
                version = upload(world, PHOTO, image_id=image_id)
                classification.take_in(
                    world.platform, model, key=upload_key(image_id), version=version, trace="bench"
                )
                return image_id

            imported(1)  # the first one loads the model
            with world.counted() as calls:
                image_id = imported(2)
                counted = Counter(calls) - Counter({"s3.PutObject": 1}) + AROUND
            item = world.platform.cases.get(keys.image(image_id))
            assert item is not None
            return counted, typed(item)


def _model_alone(data: bytes) -> float:
    classifier = Classifier.load(MODEL)
    return median(_timed(lambda: classified_alone(data, classifier)) for _ in range(ROUNDS))


def _emulator(calls: Counter[str], item: dict[str, Any], data: bytes) -> float:
    """Seconds that the emulator's round trips take, for so many calls of each kind."""
    cloud = serve_cloud()
    with cloud:
        session = boto3.Session("local", "local", region_name=REGION)
        asked = _bare_calls(session, cloud.url, item, data)
        missing = set(calls) - set(asked)
        assert not missing, f"no bare call to time for {missing}"
        seconds = {name: median(_timed(asked[name]) for _ in range(ROUNDS)) for name in calls}
    told = ", ".join(
        f"{number} {name} {seconds[name] * 1000:.1f} ms" for name, number in calls.items()
    )
    print(f"calls for an imported image, and the emulator's own time for each: {told}\n")
    return sum(number * seconds[name] for name, number in calls.items())


def _timed(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _bare_calls(
    session: Any, url: str, item: dict[str, Any], data: bytes
) -> dict[str, Callable[[], Any]]:
    """One call of each kind that an image needs, on a table, a bucket and a queue of their own."""
    dynamodb, s3, sqs = (
        session.client(name, endpoint_url=url) for name in ("dynamodb", "s3", "sqs")
    )
    dynamodb.create_table(
        TableName="bare",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    s3.create_bucket(Bucket="bare", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="bare", VersioningConfiguration={"Status": "Enabled"})
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    s3.put_object(Bucket="bare", Key="k", Body=data)
    key = {name: item[name] for name in ("pk", "sk")}
    change = {
        "UpdateExpression": "SET classification = :v",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":v": item["classification"]},
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
        "s3.GetObject": lambda: s3.get_object(Bucket="bare", Key="k")["Body"].read(),
        "s3.PutObject": lambda: s3.put_object(Bucket="bare", Key="k", Body=data),
        "s3.HeadObject": lambda: s3.head_object(Bucket="bare", Key="k"),
        "sqs.DeleteMessage": delete,
    }
