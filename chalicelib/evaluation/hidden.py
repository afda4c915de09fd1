"""Hidden releases, as tests read them: which is the newest, what its plan asks, and its units."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.datasets.manifest import Unit, manifest_key, read_manifest, read_units, units_key
from chalicelib.datasets.model import Access, Purpose, ReleaseState, Version
from chalicelib.datasets.planning.plan import Role
from chalicelib.datasets.selection.drafts import read_members
from chalicelib.datasets.store import DatasetStore
from chalicelib.evaluation.model import Test
from chalicelib.images.tombstones import is_tombstone
from chalicelib.platform import keys
from chalicelib.platform.errors import Conflict, Invalid
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

NO_SET: Final = Text(
    "Опубликованного набора с таким кодом для испытаний нет. Коды стоят в реестре.",
    "There is no published set of this code for tests. The registry has the codes.",
)
WRONG_SET: Final = Text(
    "Этот набор предназначен для другого испытания, не для {test}.",
    "This set is meant for another test, not for {test}.",
)
TAKEN_DOWN: Final = Text(
    "Набор снят, испытание на нём невозможно. Возьмите другой.",
    "The set was taken down, it cannot be tested on. Take another.",
)


@dataclass(frozen=True)
class HiddenRelease:
    """A published release that nobody may read, and the plan it was made by."""

    code: str
    version: str
    release_id: str
    plan: Mapping[str, Any]

    @property
    def roles(self) -> dict[str, str]:
        """`positive`, `negative` or `defect` by class."""
        return {one["key"]: one["role"] for one in self.plan["classes"]}

    def diagnoses(self, role: Role) -> frozenset[str]:
        """The diagnoses of the classes that have this role in the planned test."""
        return frozenset(
            diagnosis
            for one in self.plan["classes"]
            if one["role"] == role.value
            for diagnosis in one["diagnoses"]
        )


def newest(platform: Platform, code: str, test: Test) -> HiddenRelease:
    """The set on which a vendor takes this test: the dataset's newest published release. Two calls.

    Raises `Invalid` where there is none, `Conflict` where it is meant for another test.
    """
    found = _newest(platform, code, major=None)
    if found is None:
        raise Invalid({"dataset": NO_SET})
    release = released(platform, code, *found)
    if release is None or release.plan["access"] != Access.HIDDEN.value:
        raise Invalid({"dataset": NO_SET})
    purpose, repeated = Purpose(release.plan["purpose"]), bool(release.plan["repeated"])
    if purpose is not test.purpose or repeated is not test.is_repeated:
        raise Conflict("wrong_set", WRONG_SET.filled(test=test.value))
    return release


def relabelled(platform: Platform, code: str, version: str) -> tuple[str, str] | None:
    """Version and id of the newest published release with the same MAJOR, where that is a later one.
    One call."""
    seen = Version.read(version)
    found = _newest(platform, code, major=seen.major)
    return found if found and Version.read(found[0]) > seen else None


def released(platform: Platform, code: str, version: str, release_id: str) -> HiddenRelease | None:
    """A release with its plan; None where nothing is left of it. One call."""
    stored = platform.releases.get(manifest_key(release_id))
    if stored is None:
        return None
    return HiddenRelease(code, version, release_id, read_manifest(stored.data).plan)


def units(platform: Platform, release_id: str) -> Iterator[Unit]:
    """The units of a release, without those that were withdrawn. One call."""
    stored = platform.releases.get(units_key(release_id))
    if stored is None:
        raise Conflict("taken_down", TAKEN_DOWN)
    return read_units(stored.data.splitlines())


def shared(platform: Platform, release_id: str, others: Sequence[str]) -> frozenset[str]:
    """Those of the other releases that share an image, or the pixels of one. A call for each release."""
    mine = _members(platform, release_id)
    return frozenset(one for one in others if one == release_id or mine & _members(platform, one))


@dataclass(frozen=True)
class Placed:
    """A unit in the order of one run, under its id in this run."""

    place: str
    unit_id: str
    unit: Unit


def order_of(platform: Platform, evaluation_id: str, found: Iterable[Unit]) -> list[Placed]:
    """The units in the order of one run, from the first place on.

    Places and ids are HMACs: neither the release nor another run tells them, and the same run has the
    same ones each time, also when some units have gone meanwhile.
    """
    placed = [
        Placed(
            platform.ids.digest("place of unit", evaluation_id, unit.unit_id).hex(),
            platform.ids.derived("tested unit", evaluation_id, unit.unit_id),
            unit,
        )
        for unit in found
    ]
    return sorted(placed, key=lambda one: one.place)


def still_there(platform: Platform, image_ids: Sequence[str]) -> frozenset[str]:
    """Those of the images that were not taken back. One call for each hundred."""
    items = platform.cases.get_many(
        [keys.image(image_id) for image_id in image_ids], only=("image_id", "state")
    )
    return frozenset(item["image_id"] for item in items if not is_tombstone(item))


def _newest(platform: Platform, code: str, *, major: int | None) -> tuple[str, str] | None:
    published = [
        (Version.read(version), release["release_id"])
        for version, release in DatasetStore(platform.catalogue).releases(code).items()
        if release["state"] == ReleaseState.PUBLISHED.value
    ]
    fitting = [each for each in published if major is None or each[0].major == major]
    if not fitting:
        return None
    version, release_id = max(fitting)
    return str(version), release_id


def _members(platform: Platform, release_id: str) -> frozenset[str]:
    """Ids and pixel hashes of a release's images; none where nothing is left of it."""
    members = read_members(platform.releases, release_id)
    return members.images | members.pixel_hashes
