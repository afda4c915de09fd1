"""Vendors and their algorithms in the `catalogue` table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.evaluation.items import (
    read_algorithm,
    read_vendor,
    written_algorithm,
    written_run,
)
from chalicelib.evaluation.model import Algorithm, Outcome, Vendor
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Table

TRIES: Final = 40
"""A vendor's item that changes all the time is tried so often; each time somebody else got on."""


class Overtaken(Exception):
    """A vendor's item changed all the time."""


@dataclass(frozen=True)
class AlgorithmStore:
    table: Table

    def get(self, algorithm_id: str) -> Algorithm | None:
        item = self.table.get(keys.algorithm(algorithm_id))
        return read_algorithm(item) if item else None

    def several(self, algorithm_ids: Sequence[str]) -> list[Algorithm]:
        """Those that exist, in this order. A call for each hundred."""
        return [
            read_algorithm(i) for i in self.table.get_many([*map(keys.algorithm, algorithm_ids)])
        ]

    def create(self, new: Algorithm) -> Algorithm:
        """Put a new algorithm; if it is there already, the one that is there."""
        key = keys.algorithm(new.algorithm_id)
        try:
            return read_algorithm(self.table.insert(key, written_algorithm(new)))
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_algorithm(error.found)


@dataclass(frozen=True)
class VendorStore:
    table: Table

    def get(self, vendor_id: str) -> Vendor:
        """What the vendor has here, nothing yet included."""
        item = self.table.get(keys.vendor(vendor_id))
        return read_vendor(item) if item else Vendor(vendor_id=vendor_id)

    def each(self) -> Iterator[Vendor]:
        """All vendors, by id. A query for each megabyte."""
        return map(read_vendor, self.table.query_each(Where("pk").eq(keys.vendor("")[0])))

    def change(self, vendor_id: str, step: Callable[[Vendor], Vendor]) -> Vendor:
        """Change a vendor's item by `step`, which sees it as it stands and may refuse by raising.

        Two calls, and two more each time that somebody else was faster. Raises `Overtaken`.
        """
        for _ in range(TRIES):
            seen = self.get(vendor_id)
            wanted = step(seen)
            if wanted == seen:
                return seen
            try:
                return self._write(seen, wanted)
            except ConditionFailed:
                continue
        raise Overtaken

    def _write(self, seen: Vendor, wanted: Vendor) -> Vendor:
        values = {
            "vendor_id": wanted.vendor_id,
            "algorithms": {one: timestamp(at) for one, at in wanted.algorithms.items()},
            "runs": {one: written_run(run) for one, run in wanted.runs.items()},
        }
        same = ABSENT if seen.writer is None else Attr("writer").eq(seen.writer)
        item = self.table.update(keys.vendor(wanted.vendor_id), Change(set=values), when=same)
        return read_vendor(item)

    def conclude(self, vendor_id: str, evaluation_id: str, outcome: Outcome) -> None:
        """Note how a test ended. Doing it again changes nothing."""
        change = Change(set={f"runs.{evaluation_id}.outcome": outcome.value})
        with suppress(ConditionFailed):
            known = Attr(f"runs.{evaluation_id}").exists()
            self.table.update(keys.vendor(vendor_id), change, when=known)
