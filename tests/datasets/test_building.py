"""A release from the request to the registry: the same manifest, the same bytes, whatever dies on the way."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.releases.anew import send
from chalicelib.datasets.releases.documenting import WHAT
from chalicelib.datasets.releases.model import shard_path
from chalicelib.events import builds
from chalicelib.platform import due, keys, logging
from chalicelib.platform.due import overdue
from chalicelib.platform.metrics import metering
from tests.classification.taking_in import run_sweep
from tests.datasets.manifests import CODE, a_unit
from tests.datasets.releasing import Workshop
from tests.world import World, new_world

UNITS = [a_unit(number) for number in range(7)]


@pytest.fixture
def shop(world: World, in_app: None) -> Workshop:
    return Workshop(world, list(UNITS)).open()


def test_a_release_is_built_from_the_request_to_the_registry(shop: Workshop) -> None:
    answer = shop.request(version="1.0.0")
    assert answer.status == 202
    assert (answer.body["state"], answer.body["version"]) == ("requested", None)
    shop.settle()
    view = shop.curator.ask(
        "GET", "/v1/datasets/{code}/releases/{version}", code=CODE, version="latest"
    ).body
    assert view["state"] == "published"
    assert view["progress"] == {"shards": 3, "of": 3}
    paths = {file["path"] for file in view["files"]}
    assert paths == {*WHAT, *(shard_path(view["release_id"], n) for n in range(3))}
    files = shop.files(view["release_id"])
    for file in view["files"]:
        assert hashlib.sha256(files[file["path"]]).hexdigest() == file["sha256"]
        assert len(files[file["path"]]) == file["bytes"]
    listed = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert set(listed) == paths - {"SHA256SUMS"}
    assert not list(overdue(shop.platform.catalogue, now=shop.world.clock.now()))
    item = shop.platform.catalogue.get(keys.dataset(CODE))
    assert item is not None
    assert "unfinished" not in item


def test_every_image_is_read_at_its_offset_and_by_any_unzipper(shop: Workshop) -> None:
    files = shop.files(shop.publish().release_id)
    rows = list(csv.DictReader(io.StringIO(files["files.csv"].decode())))
    images = [row for row in rows if row["shard"]]
    assert len(images) == len(UNITS)
    for row, unit in zip(images, UNITS, strict=True):
        shard, begins = files[row["shard"]], int(row["offset"])
        data = shard[begins : begins + int(row["bytes"])]
        assert data.endswith(unit.image_id.encode())
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        with zipfile.ZipFile(io.BytesIO(shard)) as archive:
            assert archive.testzip() is None
            info = archive.getinfo(row["path"])
            assert archive.read(info) == data
            assert (info.compress_type, info.date_time) == (0, (1980, 1, 1, 0, 0, 0))
            assert info.extra == b""


def finished(shop: Workshop, release_id: str) -> dict[str, bytes]:
    """The release's files when all is done, the sweep helping."""
    for _ in range(12):
        shop.settle()
        release = shop.release(release_id)
        if release.due_at is None:
            assert release.state is ReleaseState.PUBLISHED, release.problem
            return shop.files(release_id)
        shop.world.clock.advance(hours=7)
        run_sweep(shop.world)
    raise AssertionError(f"not finished: {release.state}")


def test_a_worker_killed_after_any_call_resumes_to_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def made(*, killing: bool) -> tuple[dict[str, bytes], int]:
        with new_world(3) as world:
            served = "chalicelib.platform.http.routes.platform"
            monkeypatch.setattr(served, lambda: world.platform)
            shop = Workshop(world, UNITS[:2], shard_size=2).open()
            release_id = str(shop.request(key="one").body["release_id"])
            deaths, calls, before = 0, 1, shop.release(release_id)
            while killing and shop.release(release_id).due_at is not None:
                # Each step dies after its first call, then after its second, and so on.
                with world.crash_after(calls):
                    shop.settle()
                now = shop.release(release_id)
                on = (now.state, now.missing) != (before.state, before.missing)
                calls = 1 if on else calls + (1 if calls < 8 else 23)
                deaths, before = deaths + 1, now
                world.clock.advance(hours=7)
                send(world.platform, release_id)  # as the sweep does
            return finished(shop, release_id), deaths

    files, deaths = made(killing=True)
    assert deaths > 20
    assert files == made(killing=False)[0]


def test_two_workers_at_once_build_one_release(shop: Workshop) -> None:
    release_id = shop.request().body["release_id"]
    shop.deliver()
    sqs, url = shop.platform.client("sqs"), shop.platform.settings.queue_builds
    for number in ("0", "1", "1", "2"):
        body = json.dumps({"release_id": release_id, "shard": number})
        sqs.send_message(QueueUrl=url, MessageBody=body)
    shop.settle()
    assert shop.release(release_id).state is ReleaseState.PUBLISHED


@pytest.fixture
def losing(shop: Workshop) -> Callable[[], None]:
    """Empties the queue without anybody handling its messages."""

    def lose() -> None:
        sqs, url = shop.platform.client("sqs"), shop.platform.settings.queue_builds
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    return lose


def test_lost_messages_cost_minutes_not_a_release(
    shop: Workshop, losing: Callable[[], None]
) -> None:
    release_id = shop.request().body["release_id"]
    for _ in range(2):
        losing()
        shop.world.clock.advance(minutes=25)
        run_sweep(shop.world)
    assert finished(shop, release_id)


def test_a_lost_message_of_a_preview_is_sent_again(world: World) -> None:
    platform, key = world.platform, keys.preview(CODE)
    platform.catalogue.insert(key, due.due(key, world.clock.now()))
    world.clock.advance(minutes=1)
    run_sweep(world)
    sqs, url = platform.client("sqs"), platform.settings.queue_builds
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"]) == {"preview": CODE}
    assert not list(overdue(platform.catalogue, now=world.clock.now()))


def test_a_message_that_names_nothing_comes_again_and_holds_up_no_other(shop: Workshop) -> None:
    release_id = shop.request().body["release_id"]
    shop.deliver()
    bodies = ('{"nothing": "1"}', json.dumps({"release_id": release_id, "shard": "1"}))
    records = [
        {"messageId": f"m{number}", "body": body, "eventSource": "aws:sqs", "receiptHandle": "r"}
        for number, body in enumerate(bodies)
    ]
    answer = builds.wanted(shop.platform, {"Records": records})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert shop.release(release_id).missing == [0, 2]


def test_a_plan_that_selects_nobody_fails_with_a_sentence_and_frees_the_dataset(
    shop: Workshop,
) -> None:
    chosen, shop.units = shop.units, []
    failed = shop.publish()
    assert failed.state is ReleaseState.FAILED
    assert failed.problem is not None
    assert failed.problem.en == "Nobody is selected."
    shop.units = chosen
    assert shop.publish().state is ReleaseState.PUBLISHED


def test_that_the_last_release_failed_is_known_until_another_is_made(shop: Workshop) -> None:
    def noted() -> Any:
        return (shop.platform.catalogue.get(keys.dataset(CODE)) or {}).get("failed")

    units, shop.units = shop.units, []
    failed = shop.publish()
    assert failed.state is ReleaseState.FAILED
    assert noted()["release_id"] == failed.release_id
    shop.units = units
    shop.publish()
    assert noted() is None


def test_a_failed_release_is_logged_and_counted_by_its_reason(
    shop: Workshop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.units, said = [], []
    monkeypatch.setattr(logging, "info", lambda *told, **facts: said.append((*told, facts)))
    with metering("build_release"):
        failed = shop.publish()
    facts = {"release_id": failed.release_id, "reason": "plan_unfit"}
    assert said == [("release failed", facts)]
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (figure,) = (each for each in told if "ReleasesFailed" in each)
    assert (figure["ReleasesFailed"], figure["reason"]) == ([1.0], "plan_unfit")


def test_another_version_than_the_one_shown_is_not_released(shop: Workshop) -> None:
    failed = shop.publish(version="2.0.0")
    assert failed.state is ReleaseState.FAILED
    assert failed.problem is not None
    assert "2.0.0" in failed.problem.en
    assert shop.files(failed.release_id) == {}
    ledger = shop.platform.catalogue.get(keys.ledger())
    assert ledger is not None
    assert ledger["frozen"] == []


def test_one_release_of_a_dataset_is_made_at_a_time(shop: Workshop) -> None:
    first = shop.request(key="a")
    assert shop.request(key="b").body["error"]["code"] == "being_made"
    assert shop.request(key="a").body == first.body
    assert shop.request(key="a", change="Other").status == 409
    shop.settle()
    assert shop.request(key="b").status == 202


def test_an_image_that_is_missing_stops_the_release_and_says_so(shop: Workshop) -> None:
    from tests.images.making import awaited_image

    awaited_image(shop.world, b"x", image_id=UNITS[4].image_id)
    store = shop.platform.images
    store.erase(store.versions(UNITS[4].clean_key))
    failed = shop.publish()
    assert failed.state is ReleaseState.FAILED
    assert failed.problem is not None
    assert UNITS[4].image_id in failed.problem.en
    assert shop.files(failed.release_id) == {}


def test_an_image_erased_meanwhile_lets_the_units_be_chosen_anew(shop: Workshop) -> None:
    release_id = shop.request().body["release_id"]
    shop.deliver()
    store = shop.platform.images
    store.erase(store.versions(UNITS[4].clean_key))
    shop.withdrawn = {UNITS[4].patient_id}
    shop.settle()
    release = shop.release(release_id)
    assert (release.state, release.build) == (ReleaseState.PUBLISHED, 1)
    rows = shop.files(release_id)["metadata.csv"].decode()
    assert UNITS[0].unit_id in rows
    assert UNITS[4].unit_id not in rows
    assert shop.frozen == [release_id, release_id]
