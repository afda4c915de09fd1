"""The manifest: all that a release is made from, frozen before the first byte is written.

It lies at `private/<release id>/` in the releases bucket: `manifest.json` (a `Manifest`, without units),
`units.jsonl` (a `Unit` a line, in order) and `members.json` (whose data it has). Builders read it and
nothing else but the clean images, so the same manifest gives the same bytes. It names patients, lesions and images by the platform's own ids, and
never leaves the platform.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

TECHNICAL_DEFECT = "technical_defect"
"""The class of a unit that a good service refuses."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of data: one image with what is known of it. Values are as they are released, already
    generalised; None is not recorded, or suppressed."""

    unit_id: str
    """Random id of this release: names its files. Units are in this order, which tells nothing."""
    image_id: str
    lesion_id: str
    patient_id: str
    released_lesion_id: str
    """Random ids of this release, the same for all units of the lesion, of the patient."""
    released_patient_id: str
    clean_key: str
    """Where the clean image lies in the images bucket."""
    content_type: str
    width: int
    height: int
    pixel_hash: str
    image_type: str
    """`dermoscopic` or `macroscopic`."""
    split: str
    class_key: str
    """Which of the plan's classes it is in."""
    diagnosis: str
    """One of the nine, or `technical_defect`."""
    label: Mapping[str, Any]
    """`rule`, `verification`, `retrospective`, and `confirmed_by` where an archive said so."""
    quasi: Mapping[str, str | None]
    """Quasi-identifiers as released: `age`, `sex`, `site`, `skin_type`."""
    survey: Mapping[str, Any]
    """Further answers of the survey that are released; no dates, no free text, no quasi-identifier."""
    day: int | None
    """Days since the patient's first image of this release."""
    capture: Mapping[str, Any]
    """`device` (`make`, `model`), `pixel_spacing_mm`, `contact`, `polarized`, as far as told."""
    source: str
    """Key into the manifest's `sources`."""
    readings: tuple[Mapping[str, Any], ...] = ()
    """Final readings that entered the verdict: `reader` (an alias of this release), `round`, `diagnosis`,
    `differential`, `confidence`, `quality`, `seconds`, `protocol`; no comment, no time, no account."""
    outline: tuple[tuple[float, float], ...] | None = None
    """What experts drew (merged where two did), as fractions of width and height."""

    def line(self) -> str:
        """As it stands in `units.jsonl`."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where units come from, and what a release must say of it."""

    name: str
    licence: str
    attribution: str
    legal_basis: str
    units: int = 0


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A release as a whole, without its units."""

    release_id: str
    code: str
    number: int
    """Running number in the registry: the dataset's own, the same for all its releases."""
    version: str
    previous_version: str | None
    frozen_at: str
    seed: str
    plan: Mapping[str, Any]
    """The plan as JSON, as it was at the freeze."""
    change: str
    """What and why, in the curator's words."""
    changes: tuple[Mapping[str, Any], ...]
    """All releases up to this one, the latest first: `version`, `date`, `change`, `added`, `removed`,
    `relabelled`."""
    sources: Mapping[str, Source]
    flow: tuple[Mapping[str, Any], ...]
    """The selection step by step: `step`, `title` (ru, en), `reason` (ru, en), `dropped`, `left` (images),
    `patients_left`."""
    privacy: Mapping[str, Any]
    """`k`, `reached`, `levels` and `suppressed` (units) by quasi-identifier, and `table`: each combination
    with how many patients share it."""
    splits: Mapping[str, Any]
    """By split: `units`, `patients`, and `classes`: how many units of each."""
    duplicates: Mapping[str, Any]
    """`groups` of near-duplicates kept together, and how many units are in them."""
    agreement: Mapping[str, Any]
    """Of the units' readings: `readings`, `share_disputed_after_two`, `share_disputed_after_three`, `raw`."""
    power: Mapping[str, Any] | None = None
    shards: tuple[tuple[int, int], ...] = ()
    """Which units (from, to, to not among them) stand in which shard of images."""
    units: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def written(self) -> bytes:
        """As it lies in `manifest.json`."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1)
        return text.encode()


def read_manifest(data: bytes) -> Manifest:
    """The manifest in `manifest.json`."""
    found = json.loads(data)
    found["sources"] = {key: Source(**one) for key, one in found["sources"].items()}
    found["shards"] = tuple((first, last) for first, last in found["shards"])
    for name in ("changes", "flow"):
        found[name] = tuple(found[name])
    return Manifest(**found)


def read_units(lines: Iterable[bytes | str]) -> Iterator[Unit]:
    """The units of `units.jsonl`, one at a time."""
    for line in lines:
        found = json.loads(line)
        found["readings"] = tuple(found["readings"])
        if found["outline"] is not None:
            found["outline"] = tuple((x, y) for x, y in found["outline"])
        yield Unit(**found)


def manifest_key(release_id: str) -> str:
    return f"private/{release_id}/manifest.json"


def units_key(release_id: str) -> str:
    return f"private/{release_id}/units.jsonl"


def members_key(release_id: str) -> str:
    """Whose data the release holds: `patients`, `images`, `pixel_hashes`."""
    return f"private/{release_id}/members.json"


def made_from(release_id: str) -> tuple[str, ...]:
    """Everything that a release is made from, in the order it is written."""
    return units_key(release_id), members_key(release_id), manifest_key(release_id)
