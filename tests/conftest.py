"""What all tests share: an environment to import the app in, and a world of its own for each test."""

import gc
import os
from collections.abc import Iterator

import pytest

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "POWERTOOLS_DEV": "false",
    "RODINKA_STAGE": "test",
    "RODINKA_TABLE_CASES": "cases",
    "RODINKA_TABLE_LABELLING": "labelling",
    "RODINKA_TABLE_CATALOGUE": "catalogue",
    "RODINKA_TABLE_PEOPLE": "people",
    "RODINKA_TABLE_AUDIT": "audit",
    "RODINKA_BUCKET_UPLOADS": "uploads",
    "RODINKA_BUCKET_IMAGES": "images",
    "RODINKA_BUCKET_RELEASES": "releases",
    "RODINKA_QUEUE_LABELLING": "https://sqs.example/1/labelling",
    "RODINKA_QUEUE_WEBHOOKS": "https://sqs.example/1/webhooks",
    "RODINKA_QUEUE_BUILDS": "https://sqs.example/1/builds",
    "RODINKA_QUEUE_EVALUATIONS": "https://sqs.example/1/evaluations",
    "RODINKA_CODE_KEYS": "v1=key",
    "RODINKA_SIGNING_KEY": "a-signing-key-for-tests-0123456789",
    "RODINKA_ISSUER": "https://issuer.example/pool",
    "RODINKA_CLIENT_ID": "client",
    "RODINKA_PATIENT_CLIENT_ID": "patients-client",
    "RODINKA_AUTH_ENDPOINT": "https://issuer.example/",
}
for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
    os.environ.pop(name, None)

from tests.world import World, new_world  # noqa: E402  (the environment comes first)

# A world is a hundred thousand objects: to look for garbage less often saves a tenth of all work.
gc.set_threshold(100_000, 50, 100)

LONGEST = ("simulation", "web", "training", "faults", "merging", "erasure")
"""Folders whose files take longest: begun first, so that no worker ends alone with one of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {folder: number for number, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(order)))


@pytest.fixture
def world() -> Iterator[World]:
    """A platform on an AWS of its own."""
    with new_world() as made:
        yield made


@pytest.fixture
def in_app(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app's routes and functions work in `world`."""
    monkeypatch.setattr("app.platform", lambda: world.platform)
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)


from tests.stack import stack  # noqa: E402, F401  (the real stack, for tests over HTTP)
