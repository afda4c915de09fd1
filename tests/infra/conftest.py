"""The pump on queues, the gate on buckets, a deployment (all on moto), the front on built pages and no cloud."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config as S3Config
from botocore.credentials import Credentials
from chalice.config import Config
from moto import mock_aws
from werkzeug.test import Client

from infra.local.api import Api
from infra.local.front import Front
from infra.local.gate import Gate
from infra.local.sign_in import SignIn
from infra.local.throttle import Throttle
from infra.steps.deployment import Deployment
from tests.infra import gating, models_at_hand, pumping
from tests.infra.deployed import deploy, forget
from tests.infra.small_app import URL, Browser, NoCloud, small_app
from tests.world import World, new_world


@pytest.fixture(scope="module")
def queues() -> Iterator[pumping.Cloud]:
    with mock_aws():
        yield pumping.Cloud(boto3.Session("key", "secret", region_name=pumping.REGION))


@pytest.fixture
def cloud(queues: pumping.Cloud) -> Iterator[pumping.Cloud]:
    queues.set_up()
    yield queues
    for queue_url in (queues.arrivals, queues.work, queues.dead):
        queues.sqs.delete_queue(QueueUrl=queue_url)
    listed = queues.s3.list_object_versions(Bucket=pumping.BUCKET)
    for found in listed.get("Versions", []):
        queues.s3.delete_object(
            Bucket=pumping.BUCKET, Key=found["Key"], VersionId=found["VersionId"]
        )
    queues.s3.delete_bucket(Bucket=pumping.BUCKET)


@pytest.fixture
def clock() -> pumping.Clock:
    return pumping.Clock()


@pytest.fixture(scope="module")
def clients() -> Iterator[tuple[Any, Any, Credentials]]:
    """A client of the cloud, one that signs for browsers, and the credentials both use."""
    with mock_aws():
        session = boto3.Session("local", "a-secret", region_name=gating.REGION)
        credentials = session.get_credentials()
        assert credentials is not None
        config = S3Config(signature_version="s3v4", s3={"addressing_style": "path"})
        signer = session.client("s3", endpoint_url=f"{gating.ADDRESS}/s3", config=config)
        s3: Any = session.client("s3")
        for bucket in (gating.BUCKET, gating.OTHER_BUCKET):
            s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": gating.REGION}
            )
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        yield s3, signer, credentials


@pytest.fixture
def bench(clients: tuple[Any, Any, Credentials]) -> Iterator[gating.Bench]:
    s3, signer, credentials = clients
    clock = gating.Clock()
    gate = Gate(s3, credentials, region=gating.REGION, etag_key=b"k" * 32, now=clock.now)
    yield gating.Bench(s3, signer, Client(gate), clock)
    for found in s3.list_object_versions(Bucket=gating.BUCKET).get("Versions", []):
        s3.delete_object(Bucket=gating.BUCKET, Key=found["Key"], VersionId=found["VersionId"])


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def web(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Rodinka</title>", "utf-8")
    (root / "assets" / "main-4f2a.js").write_text("export {}", "utf-8")
    (root / "icon.svg").write_text("<svg/>", "utf-8")
    (tmp_path / "secret.txt").write_text("a secret", "utf-8")
    return root


@pytest.fixture
def client(web: Path, log: list[str]) -> Client:
    api = Api(small_app(), Config.create(chalice_stage="local"), log.append)
    sign_in = SignIn("http://127.0.0.1:9", "eu-central-1", lambda: 0.0)
    front = Front(
        api=api, s3=NoCloud(), sign_in=sign_in, throttle=Throttle(lambda: 0.0), url=URL, web=web
    )
    return Browser(front)


@pytest.fixture
def said() -> list[str]:
    """What the deployment below tells."""
    return []


@pytest.fixture
def deployment(said: list[str]) -> Iterator[Deployment]:
    """Of a stage that is not there yet, to an AWS of its own; it waits for nothing."""
    with mock_aws():
        session = boto3.Session("key", "secret", region_name=pumping.REGION)
        yield Deployment("trial", session, say=said.append, wait=lambda _: None)


@pytest.fixture(scope="module")
def functions_without_queues() -> Iterator[World]:
    """The functions of a stage, which no queue feeds."""
    with new_world() as made:
        deploy(made, mapping=False)
        yield made


@pytest.fixture
def stage(functions_without_queues: World) -> World:
    """The same, with nothing in it."""
    return forget(functions_without_queues)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout's models: the shipped one and a later one."""
    return models_at_hand.two_models(tmp_path)
