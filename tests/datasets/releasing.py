"""A dataset whose units the test chooses, and the queue that builds its releases."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from chalicelib.datasets.manifest import (
    Manifest,
    Source,
    Unit,
    manifest_key,
    members_key,
    units_key,
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
from chalicelib.platform.table import Change
from tests import pictures
from tests.asking import Answered
from tests.patients.asking import Client
from tests.world import World

CODE: Final = "DS_ML_DSC_SKIN_MELANOMA"
PHOTO: Final = pictures.jpeg(pictures.photograph(48, 36))


def both(text: str) -> dict[str, str]:
    return {"ru": f"{text} (рус.)", "en": text}


def a_class(key: str, role: str, *diagnoses: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": both(key),
        "diagnoses": list(diagnoses),
        "role": role,
        "requirements": both(f"What shows {key}"),
    }


PLAN: Final[dict[str, Any]] = {
    "name": both("Melanoma among moles"),
    "abstract": both("Dermoscopic images for machine learning."),
    "clinical_task": both("Tell melanoma from benign lesions."),
    "clinical_use": both("Fewer excisions of moles."),
    "data_security": both("No personal data leave the platform."),
    "features": [both("Probability of melanoma")],
    "working_group": [
        {"name": "A. Petrova", "task": "clinician", "orcid": "0000-0002-1825-0097"},
        {"name": "I. Orlov", "task": "engineer", "affiliation": "Institute"},
    ],
    "keywords": ["melanoma"],
    "purpose": "training",
    "access": "public",
    "licence": "CC-BY-4.0",
    "target": "MELANOMA",
    "classes": [
        a_class("melanoma", "positive", "melanoma"),
        a_class("benign", "negative", "nevus", "benign_keratosis"),
    ],
    "splits": [{"name": "train", "share": 0.8}, {"name": "test", "share": 0.2}],
    "units": 200,
    "seed": "2026-1",
}


def a_plan(**changes: Any) -> dict[str, Any]:
    return Plan.model_validate_json(json.dumps({**PLAN, **changes})).written()


def a_unit(number: int, **changes: Any) -> Unit:
    melanoma = number % 3 == 0
    unit = Unit(
        unit_id=f"u{number:06}",
        image_id=f"image{number}x",
        lesion_id=f"lesion{number}x",
        patient_id=f"patient{number // 2}x",
        released_lesion_id=f"l{number:06}",
        released_patient_id=f"p{number // 2:06}",
        clean_key=f"clean/image{number}x.jpg",
        content_type="image/jpeg",
        width=48,
        height=36,
        pixel_hash=hashlib.sha256(str(number).encode()).hexdigest(),
        image_type="dermoscopic",
        split="test" if number % 5 == 4 else "train",
        class_key="melanoma" if melanoma else "benign",
        diagnosis="melanoma" if melanoma else "nevus",
        label={
            "rule": "histology" if melanoma else "two_agree",
            "verification": "high" if melanoma else "medium",
            "retrospective": False,
        },
        quasi={"age": "45", "sex": "female", "site": "torso", "skin_type": "II"},
        survey={"hair": "brown", "family_history": ["none"], "sunburns": [], "freckles": True},
        day=number % 2,
        capture={"device": {"make": "Acme", "model": "D1"}, "polarized": True, "contact": True},
        source="clinic",
        readings=(
            {
                "reader": "r1",
                "round": "first",
                "diagnosis": "melanoma" if melanoma else "nevus",
                "differential": [],
                "confidence": 4,
                "quality": "good",
                "seconds": 12.5,
                "protocol": 1,
            },
            {"reader": "r2", "round": "first", "diagnosis": "nevus", "quality": "good"},
        ),
        outline=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9)) if number % 2 else None,
    )
    return replace(unit, **changes)


def shards_of(count: int, size: int) -> tuple[tuple[int, int], ...]:
    return tuple((first, min(first + size, count)) for first in range(0, count, size))


def a_manifest(
    units: list[Unit], *, plan: Mapping[str, Any], shard_size: int = 3, **changes: Any
) -> Manifest:
    splits: dict[str, dict[str, Any]] = {}
    for unit in units:
        told = splits.setdefault(unit.split, {"units": 0, "patients": 0, "classes": {}})
        told["units"] += 1
        told["classes"][unit.class_key] = told["classes"].get(unit.class_key, 0) + 1
    values: dict[str, Any] = {
        "release_id": "release1",
        "code": CODE,
        "number": 1,
        "version": "1.0.0",
        "previous_version": None,
        "frozen_at": "2026-03-02T09:00:00.000000Z",
        "seed": plan["seed"],
        "plan": plan,
        "change": "The first one.",
        "changes": (
            {
                "version": "1.0.0",
                "date": "2026-03-02",
                "change": "The first one.",
                "added": len(units),
                "removed": 0,
                "relabelled": 0,
            },
        ),
        "sources": {
            "clinic": Source(
                name="Clinic of Oryol",
                licence="CC-BY-4.0",
                attribution="=cmd()|'Clinic of Oryol'",
                legal_basis="consent",
                units=len(units),
            )
        },
        "flow": (
            {
                "step": "label",
                "title": both("Labelled"),
                "reason": both("No label"),
                "dropped": 2,
                "left": len(units),
                "patients_left": 4,
            },
        ),
        "privacy": {
            "k": 11,
            "reached": 12,
            "levels": {"age": "fives", "sex": "told", "site": "sites", "skin_type": "types"},
            "suppressed": {"age": 0, "sex": 0, "site": 0, "skin_type": 0},
            "table": [
                {"age": "45", "sex": "female", "site": "torso", "skin_type": "II", "patients": 12}
            ],
        },
        "splits": splits,
        "duplicates": {"groups": 0, "units": 0},
        "agreement": {"readings": 2 * len(units)},
        "shards": shards_of(len(units), shard_size),
        "units": len(units),
    }
    return Manifest(**{**values, **changes})


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


def write_frozen(platform: Platform, manifest: Manifest, units: list[Unit]) -> None:
    """What a freeze leaves: units, members, manifest, and an entry in the ledger."""
    release_id, store = manifest.release_id, platform.releases
    lines = "".join(unit.line() + "\n" for unit in units)
    store.put(units_key(release_id), lines.encode(), content_type="application/x-ndjson")
    members = {
        "patients": sorted({unit.patient_id for unit in units}),
        "images": [unit.image_id for unit in units],
        "pixel_hashes": [unit.pixel_hash for unit in units],
    }
    told = json.dumps(members).encode()
    store.put(members_key(release_id), told, content_type="application/json")
    store.put(manifest_key(release_id), manifest.written(), content_type="application/json")
    item = platform.catalogue.get(keys.ledger()) or {}
    entries = [each for each in item.get("frozen", ()) if each["release_id"] != release_id]
    entry = {
        "release_id": release_id,
        "code": manifest.code,
        "version": manifest.version,
        "access": manifest.plan["access"],
        "purpose": manifest.plan["purpose"],
    }
    change = Change(set={"frozen": [*entries, entry]})
    platform.catalogue.update(keys.ledger(), change, when=None)
