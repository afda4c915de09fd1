"""What vendors do with algorithms: register a version of a service, and look at their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from chalicelib.evaluation.model import ALGORITHMS, Algorithm, Vendor
from chalicelib.evaluation.vendor_store import AlgorithmStore, VendorStore
from chalicelib.people.model import Caller, Reach
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import Conflict, NotFound, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

Place = tuple[str, str, str]
"""In a list: vendor, time, id."""

TOO_MANY: Final = Text(
    "У вас уже {most} алгоритмов, больше нельзя. Напишите куратору.",
    "You have {most} algorithms already, and no more may be. Write to the curator.",
)


@dataclass(frozen=True, kw_only=True)
class Described:
    """A version of a service as its vendor describes it; the fields are those of `Algorithm`."""

    name: str
    version: str
    vendor: str
    description: Mapping[str, str]
    classes: Sequence[str]
    positive: Sequence[str]
    claimed: Mapping[str, Any]
    model_sha256: str | None


def register(
    platform: Platform, *, caller: Caller, algorithm_id: str, described: Described
) -> Algorithm:
    """Register a version of a service. Three calls to AWS.

    A repetition (`algorithm_id` comes from the Idempotency-Key) gets the same one. Raises `Conflict`
    when the repetition says something else, or when there are too many.
    """
    now = platform.clock.now()
    new = Algorithm(
        algorithm_id=algorithm_id,
        vendor_id=caller.account_id,
        name=described.name,
        version=described.version,
        vendor=described.vendor,
        description=described.description,
        classes=tuple(sorted(described.classes)),
        positive=tuple(sorted(described.positive)),
        claimed=described.claimed,
        model_sha256=described.model_sha256,
        created_at=now,
        fingerprint=platform.ids.digest("algorithm", repr(described)).hex(),
    )

    def enter(vendor: Vendor) -> Vendor:
        if algorithm_id in vendor.algorithms:
            return vendor
        if len(vendor.algorithms) >= ALGORITHMS:
            raise Conflict("too_many_algorithms", TOO_MANY.filled(most=ALGORITHMS))
        return replace(vendor, algorithms={**vendor.algorithms, algorithm_id: now})

    # The vendor's list first: after a crash it names one that is not there, and leaves none out.
    VendorStore(platform.catalogue).change(caller.account_id, enter)
    there = AlgorithmStore(platform.catalogue).create(new)
    if there.fingerprint != new.fingerprint:
        raise idempotency_conflict()
    return there


def view(platform: Platform, caller: Caller, algorithm_id: str) -> Algorithm:
    """One algorithm. One call. Raises `NotFound` for one that is not there, or not the caller's."""
    found = AlgorithmStore(platform.catalogue).get(algorithm_id)
    if found is None or not reaches(caller, found.vendor_id):
        raise NotFound
    return found


def list_algorithms(
    platform: Platform, caller: Caller, *, limit: int, cursor: str | None
) -> tuple[list[Algorithm], str | None]:
    """A page of the caller's algorithms, the latest first; of a curator's, by vendor. Two calls.

    Raises `Invalid` for a cursor of another list.
    """
    places = (
        (vendor.vendor_id, timestamp(vendor.algorithms[algorithm_id]), algorithm_id)
        for vendor in vendors(platform, caller)
        for algorithm_id in vendor.newest_algorithms
    )
    scope = f"algorithms {caller.account_id}"
    page, following = cut(platform, places, scope=scope, limit=limit, cursor=cursor)
    return AlgorithmStore(platform.catalogue).several(page), following


def vendors(platform: Platform, caller: Caller) -> Iterator[Vendor]:
    """Those whose algorithms and tests the caller may see."""
    store = VendorStore(platform.catalogue)
    if caller.reach is Reach.ANY:
        return store.each()
    return iter([store.get(caller.account_id)])


def reaches(caller: Caller, vendor_id: str) -> bool:
    """Whether what this vendor has is within reach."""
    return caller.reach is Reach.ANY or caller.account_id == vendor_id


def cut(
    platform: Platform,
    places: Iterator[Place],
    *,
    scope: str,
    limit: int,
    cursor: str | None,
) -> tuple[list[str], str | None]:
    """The ids of a page of places, and the cursor of the page after it.

    Places come by vendor, and of each vendor the latest first.
    """
    last = platform.cursors.open(cursor, scope=scope)
    if last is not None:
        vendor, order = last["vendor"], (last["at"], last["id"])
        places = (
            one for one in places if one[0] > vendor or (one[0] == vendor and one[1:] < order)
        )
    page = list(islice(places, limit + 1))
    more = None
    if len(page) > limit:
        more = dict(zip(("vendor", "at", "id"), page[limit - 1], strict=True))
    return [one for _, _, one in page[:limit]], platform.cursors.seal(more, scope=scope)
