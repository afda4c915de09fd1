"""A dataset whose units the test chooses, and the queue that builds its releases."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from chalicelib.datasets.manifest import (
    Manifest,
    Unit,
)
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.releases import building
from chalicelib.datasets.releases.model import Release
from chalicelib.datasets.releases.store import ReleaseStore
from chalicelib.datasets.selection.freezing import Unfit
from chalicelib.documents import readme
from chalicelib.people.model import Role
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.language import Language, Text
from chalicelib.platform.runtime import Platform
from tests import pictures
from tests.asking import Answered
from tests.datasets.manifests import CODE, a_manifest, a_plan, write_frozen
from tests.patients.asking import Client
from tests.world import World

PHOTO: Final = pictures.jpeg(pictures.photograph(48, 36))


@contextmanager
def short_readmes() -> Iterator[None]:
    """READMEs of a line each, since typesetting takes its time."""

    def markdown(manifest: Any, counts: Any, files: Any, language: Language) -> str:
        return f"# {manifest['plan']['name'][language]}\n\n{counts['units']} {len(files)}\n"

    def pdf(manifest: Any, counts: Any, files: Any, language: Language) -> bytes:
        return b"%PDF-1.7 " + markdown(manifest, counts, files, language).encode()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readme, "markdown", markdown)
        patch.setattr(readme, "pdf", pdf)
        yield


@dataclass
class Workshop:
    """One dataset, what would be chosen for it, and its queue."""

    world: World
    units: list[Unit] = field(default_factory=list)
    plan: Mapping[str, Any] = field(default_factory=a_plan)
    shard_size: int = 3
    number: int = 1
    frozen: list[str] = field(default_factory=list)
    """Ids of the releases that were frozen, in order."""
    withdrawn: set[str] = field(default_factory=set)
    """Patients whom the choice of units leaves out."""
    chosen_at: str = "2026-03-02T09:00:00.000000Z"

    @property
    def platform(self) -> Platform:
        return self.world.platform

    @property
    def store(self) -> ReleaseStore:
        return ReleaseStore(self.platform.catalogue)

    @property
    def curator(self) -> Client:
        return Client(self.world, "curator1", "", role=Role.CURATOR)

    def open(self, code: str = CODE) -> "Workshop":
        """Put the dataset, and the clean images of its units."""
        self.platform.catalogue.insert(
            keys.dataset(code),
            {
                "code": code,
                "number": self.number,
                "plan": json.dumps(self.plan),
                "revision": 1,
                "created_at": timestamp(self.platform.clock.now()),
                "created_by": "curator1",
                "releases": {},
                "history": [],
                "request_id": "r",
                "fingerprint": "f",
            },
        )
        for unit in self.units:
            self.put_image(unit)
        return self

    def put_image(self, unit: Unit, data: bytes | None = None) -> None:
        # Each file differs in its last bytes, which no reader of JPEG looks at.
        several = data if data is not None else PHOTO + unit.image_id.encode()
        self.platform.images.put(unit.clean_key, several, content_type=unit.content_type)

    def freeze(
        self,
        platform: Platform,
        *,
        release_id: str,
        code: str,
        number: int,
        plan: Plan,
        change: str,
        only: frozenset[str] | None,
    ) -> Manifest:
        chosen = [
            unit
            for unit in self.units
            if unit.patient_id not in self.withdrawn and (only is None or unit.image_id in only)
        ]
        if not chosen:
            raise Unfit(Text("Никто не отобран.", "Nobody is selected."))
        item = platform.catalogue.get(keys.dataset(code))
        assert item is not None
        manifest = a_manifest(
            chosen,
            plan=plan.written(),
            shard_size=self.shard_size,
            release_id=release_id,
            code=code,
            number=number,
            version=f"1.{len(item['releases'])}.0",
            change=change,
            frozen_at=self.chosen_at,
        )
        write_frozen(platform, manifest, chosen)
        self.frozen.append(release_id)
        return manifest

    def request(self, code: str = CODE, *, key: str | None = None, **body: Any) -> Answered:
        form = {"change": "The first one.", **body}
        path = "/v1/datasets/{code}/releases"
        return self.curator.ask("POST", path, form, key=key, code=code)

    def deliver(self) -> int:
        """Handle the messages that wait in the queue now; how many."""
        sqs, url = self.platform.client("sqs"), self.platform.settings.queue_builds
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            body = json.loads(message["Body"])
            if "shard" in body:
                building.build(self.platform, body["release_id"], int(body["shard"]))
                continue
            with short_readmes(), pytest.MonkeyPatch.context() as patch:
                patch.setattr(building, "freeze", self.freeze)
                building.drive_on(self.platform, body["release_id"])
        return len(found)

    def settle(self) -> None:
        """Handle messages until none comes any more."""
        while self.deliver():
            pass

    def release(self, release_id: str) -> Release:
        found = self.store.get(release_id)
        assert found is not None
        return found

    def publish(self, code: str = CODE, **body: Any) -> Release:
        answer = self.request(code, **body)
        assert answer.status == 202, answer.body
        self.settle()
        return self.release(answer.body["release_id"])

    def files(self, release_id: str) -> dict[str, bytes]:
        """Every file of a release as it can be read, by path."""
        store, found = self.platform.releases, {}
        folder = f"files/{release_id}/"
        for version in store.versions_under(folder):
            stored = store.get(version.key)
            if stored is not None:
                found[version.key.removeprefix(folder)] = stored.data
        return found
