"""The whole way of a dataset: plan, preview, looks, release, registry, download, withdrawal, the next release."""

import hashlib

from chalicelib.events import builds
from tests.classification.taking_in import run_sweep
from tests.datasets.choosing import plan
from tests.datasets.releasing import Workshop, short_readmes
from tests.datasets.shelf import Shelf
from tests.patients.asking import Client
from tests.world import World


def delivered(world: World) -> None:
    """Hand the messages of the queue to the event function, until none comes."""
    sqs, url = world.platform.client("sqs"), world.platform.settings.queue_builds
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        records = [
            {
                "messageId": message["MessageId"],
                "body": message["Body"],
                "eventSource": "aws:sqs",
                "receiptHandle": "r",
            }
            for message in found
        ]
        assert builds.wanted(world.platform, {"Records": records}) == {"batchItemFailures": []}


def test_a_dataset_is_planned_looked_at_released_fetched_taken_down_and_released_again(
    shelf: Shelf, curator: Client
) -> None:
    world, shop = shelf.world, Workshop(shelf.world)
    shelf.images(6, look=None)
    body = plan(inclusion=[{"field": "age", "operator": "at_least", "value": 18}])
    planned = curator.ask("POST", "/v1/datasets", body.model_dump(mode="json"))
    assert planned.status == 201, planned.body
    code = str(planned.body["code"])

    assert curator.ask("POST", "/v1/datasets/{code}/preview", code=code).status == 202
    delivered(world)
    preview = curator.ask("GET", "/v1/datasets/{code}/preview", code=code).body["result"]
    assert (preview["version"], preview["waiting"], preview["privacy"]["reached"]) == (
        "1.0.0",
        12,
        12,
    )
    gallery = curator.ask("GET", "/v1/looks", query={"dataset": code}).body["items"]
    looks = [{"image_id": each["image_id"], "look": "clear"} for each in gallery]
    assert curator.ask("POST", "/v1/looks", {"looks": looks}).status == 200

    form = {"change": "The first.", "version": "1.0.0"}
    asked = curator.ask("POST", "/v1/datasets/{code}/releases", form, code=code)
    assert asked.status == 202, asked.body
    delivered(world)
    release_id = str(asked.body["release_id"])
    files = shop.files(release_id)
    assert files["README.pdf"].startswith(b"%PDF")
    assert files["README.ru.pdf"].startswith(b"%PDF")
    assert "Selection: of 12\u00a0images, 12 entered the set" in files["README.md"].decode()
    entry = curator.ask("GET", "/v1/registry/{code}", code=code).body
    assert (entry["version"], entry["units"], entry["page"]["balance"]["patients"]) == (
        "1.0.0",
        12,
        12,
    )
    links = curator.ask("POST", "/v1/downloads", {"code": code}).body["files"]
    assert {each["path"] for each in links} == set(files)
    assert {each["path"]: each["sha256"] for each in links} == {
        path: hashlib.sha256(data).hexdigest() for path, data in files.items()
    }

    doctor = Client(world, "doctor1", "clinic1")
    path = "/v1/patients/{patient_id}/consent/withdraw"
    assert doctor.ask("POST", path, patient_id="p-m0").status == 200
    with short_readmes():
        for _ in range(2):
            world.clock.advance(minutes=70)
            run_sweep(world)
            delivered(world)
    assert set(shop.files(release_id)) == {"SHA256SUMS", "datacite.json", "tombstone.json"}
    entry = curator.ask("GET", "/v1/registry/{code}", code=code).body
    states = [(each["version"], each["state"], each["units"]) for each in entry["versions"]]
    assert states == [("1.1.0", "published", 11), ("1.0.0", "taken_down", 12)]
    assert curator.ask("POST", "/v1/downloads", {"code": code}).body["version"] == "1.1.0"
