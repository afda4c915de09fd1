"""Hidden releases as a freeze leaves them, with images that tests may take back."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.datasets.manifest import Manifest, Unit, manifest_key, members_key, units_key
from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.selection.drafts import Members
from chalicelib.datasets.store import DatasetStore
from chalicelib.erasure.service import delete_image
from chalicelib.people.model import Reach, Role
from chalicelib.platform import keys
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.table import Change
from tests.images.making import awaited_image
from tests.world import World, caller

MELANOMA, NEVUS, DEFECT = "melanoma", "nevus", "technical_defect"
CLASSES = [
    {"key": key, "title": {"ru": key, "en": key}, "role": role, "diagnoses": diagnoses}
    for key, role, diagnoses in (
        ("malignant", "positive", ["melanoma", "basal_cell_carcinoma"]),
        ("benign", "negative", ["nevus", "benign_keratosis"]),
        ("defect", "defect", []),
    )
]
_CLASS_OF = {MELANOMA: "malignant", NEVUS: "benign", DEFECT: "defect"}


def plan(purpose: str = "self_test", *, repeated: bool = False, access: str = "hidden") -> Any:
    """The part of a plan that tests read."""
    return {
        "name": {"ru": "Набор", "en": "A set"},
        "purpose": purpose,
        "access": access,
        "repeated": repeated,
        "classes": CLASSES,
    }


def publish(
    world: World,
    code: str,
    diagnoses: Mapping[str, str] | Sequence[str],
    plan: Any,
    *,
    version: str = "1.0.0",
    state: str = "published",
) -> str:
    """A release of images with these diagnoses, by image id; its id. Images are made as needed."""
    if not isinstance(diagnoses, Mapping):
        diagnoses = {f"{code}-{n}": diagnosis for n, diagnosis in enumerate(diagnoses)}
    release_id = f"release-{code}-{version}"
    units = [unit_of(release_id, image_id, d) for image_id, d in diagnoses.items()]
    for unit in units:
        if world.platform.cases.get(keys.image(unit.image_id)) is None:
            awaited_image(world, b"x", image_id=unit.image_id)
            taken_in = Change(set={"state": "labelled"}, remove=DUE)
            world.platform.cases.update(keys.image(unit.image_id), taken_in)
            _put(world.platform.images, unit.clean_key, unit.image_id.encode(), "image/jpeg")
    releases = world.platform.releases
    manifest = Manifest(
        release_id=release_id,
        code=code,
        number=1,
        version=version,
        previous_version=None,
        frozen_at="2026-03-01T00:00:00.000000Z",
        seed="seed",
        plan=plan,
        change="first",
        changes=(),
        sources={},
        flow=(),
        privacy={},
        splits={},
        duplicates={},
        agreement={},
        units=len(units),
    )
    _put(releases, manifest_key(release_id), manifest.written())
    lines = "".join(f"{unit.line()}\n" for unit in units)
    _put(releases, units_key(release_id), lines.encode())
    _put(releases, members_key(release_id), Members.of(units).written())
    table, now = world.platform.catalogue, world.clock.now()
    if table.get(keys.dataset(code)) is None:
        table.insert(keys.dataset(code), {"releases": {}})
    DatasetStore(table).note_release(code, version, release_id, ReleaseState(state), now)
    return release_id


def unit_of(release_id: str, image_id: str, diagnosis: str) -> Unit:
    return Unit(
        unit_id=f"{release_id}-{image_id}",
        image_id=image_id,
        lesion_id=f"lesion-{image_id}",
        patient_id=f"patient-{image_id}",
        released_lesion_id=f"rl-{image_id}",
        released_patient_id=f"rp-{image_id}",
        clean_key=f"clean/{image_id}.jpg",
        content_type="image/jpeg",
        width=600,
        height=450,
        pixel_hash=f"pixels-{image_id}",
        image_type="dermoscopic",
        split="all",
        class_key=_CLASS_OF[diagnosis],
        diagnosis=diagnosis,
        label={"rule": "two_agree", "verification": "medium", "retrospective": False},
        quasi={"age": "50", "sex": "female", "site": "torso", "skin_type": None},
        survey={},
        day=0,
        capture={"device": {"make": "Heine", "model": "Delta"}},
        source="clinic",
    )


def withdraw(world: World, image_id: str) -> None:
    """An image is erased, in the middle of whatever is done with it; no copy of it is left."""
    curator = caller(Role.CURATOR, reach=Reach.ANY)
    delete_image(world.platform, caller=curator, image_id=image_id, reason="wrong", request_id="r")
    s3, bucket = world.platform.client("s3"), world.platform.settings.bucket_images
    versions = s3.list_object_versions(Bucket=bucket)
    pictures = [
        s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        for one in versions.get("Versions", [])
    ]
    assert image_id.encode() not in pictures


def _put(bucket: Any, key: str, data: bytes, content_type: str = "application/json") -> None:
    bucket.put(key, data, content_type=content_type)
