"""Datasets in the `catalogue` table: one item each, and one for each earlier plan."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.datasets.dataset import Dataset
from chalicelib.datasets.model import GIVEN_OUT, ReleaseState, Version
from chalicelib.datasets.planning.codes import free_code, stem
from chalicelib.datasets.planning.plan import Plan
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Table

_ALL: Final = keys.dataset("")[0]


@dataclass(frozen=True)
class DatasetStore:
    """Plans datasets, changes plans, and notes how releases stand."""

    table: Table

    def get(self, code: str) -> Dataset | None:
        item = self.table.get(keys.dataset(code))
        return read_dataset(item) if item else None

    def list(self, *, limit: int, start: Item | None) -> tuple[list[Dataset], Item | None]:
        """A page of the datasets by code, and where to go on. Long plans make a page short."""
        page = self.table.query(Where("pk").eq(_ALL), limit=limit, start=start)
        return [read_dataset(item) for item in page.items], page.last

    def remember_request(self, request_id: str, fingerprint: str) -> bool:
        """Remember what a request asks to plan; whether it never asked for anything else. One call."""
        try:
            self.table.insert(keys.planning(request_id), {"fingerprint": fingerprint})
        except ConditionFailed as error:
            return (error.found or {}).get("fingerprint") == fingerprint
        return True

    def create(self, plan: Plan, *, request_id: str, by: str, at: datetime) -> Dataset:
        """Put a new dataset under the first free code; of a repeated request, the one that is there.

        Four calls, two for a repetition. A number once given is not given again, so that one whose
        request broke off before the dataset was put stays unused.
        """
        codes, number = self._codes(stem(plan)), None
        while True:
            known = next((code for code, who in codes.items() if who == request_id), None)
            there = self.get(known) if known else None
            if there is not None:
                return there
            number = number or self._next_number()
            new = Dataset(
                code=free_code(plan, codes),
                number=number,
                plan=plan,
                revision=1,
                created_at=at,
                created_by=by,
                history=({"at": timestamp(at), "by": by},),
                request_id=request_id,
            )
            try:
                return read_dataset(self.table.insert(keys.dataset(new.code), _written(new)))
            except ConditionFailed as error:
                codes[new.code] = (error.found or {}).get("request_id", "")

    def _codes(self, beginning: str) -> dict[str, str]:
        """Taken codes that begin so, each with the request that took it. A query for each megabyte."""
        where, start = Where("pk").eq(_ALL) & Where("sk").begins_with(beginning), None
        found: dict[str, str] = {}
        while True:
            page = self.table.query(where, start=start, only=("sk", "request_id"))
            found |= {item["sk"]: item["request_id"] for item in page.items}
            start = page.last
            if start is None:
                return found

    def _next_number(self) -> int:
        """The next number of the registry, for one dataset only. Two calls, more when others ask too."""
        item = self.table.get(keys.ledger()) or {}
        while True:
            number = int(item.get("next_number", 1))
            same = (
                Attr("next_number").eq(number)
                if "next_number" in item
                else Attr("next_number").not_exists()
            )
            try:
                self.table.update(keys.ledger(), Change(set={"next_number": number + 1}), when=same)
            except ConditionFailed as error:
                item = error.found or {}
                continue
            return number

    def change(self, before: Dataset, plan: Plan, *, by: str, at: datetime) -> Dataset | None:
        """Give a dataset another plan; None when it has had another one since `before` was read.

        Two calls. The plan before is kept first, which can be repeated; then the one write that counts.
        """
        kept = {
            "code": before.code,
            "revision": before.revision,
            "plan": before.plan.model_dump_json(),
            **before.history[-1],
        }
        with suppress(ConditionFailed):  # by one that broke off afterwards
            self.table.insert(keys.earlier_plan(before.code, before.revision), kept)
        change = Change(
            set={"plan": plan.model_dump_json(), "revision": before.revision + 1},
            append={"history": [{"at": timestamp(at), "by": by}]},
        )
        same = Attr("revision").eq(before.revision)
        try:
            return read_dataset(self.table.update(keys.dataset(before.code), change, when=same))
        except ConditionFailed:
            return None

    def earlier_plan(self, code: str, revision: int) -> Plan | None:
        """A plan that the dataset had before."""
        item = self.table.get(keys.earlier_plan(code, revision))
        return _read_plan(item["plan"]) if item else None

    def releases(self, code: str) -> Mapping[str, Mapping[str, Any]]:
        """How the releases of a dataset stand, by version, the first one first: `release_id`, `state`, `at`.
        Empty where there is no such dataset. One call."""
        item = self.table.get(keys.dataset(code))
        return _read_releases(item) if item else {}

    def note_release(
        self, code: str, version: str, release_id: str, state: ReleaseState, at: datetime
    ) -> None:
        """Note how a release stands. One call; an earlier state than the one noted changes nothing.

        No clock is trusted: it may have been set back since the last word.
        """
        path = f"releases.{_named(version)}"
        change = Change(
            set={path: {"release_id": release_id, "state": state.value, "at": timestamp(at)}}
        )
        until_now = [each.value for each in GIVEN_OUT[: GIVEN_OUT.index(state) + 1]]
        newer = Attr(path).not_exists() | Attr(f"{path}.state").is_in(until_now)
        with suppress(ConditionFailed):
            self.table.update(keys.dataset(code), change, when=PRESENT & newer)


def _named(version: str) -> str:
    """As a key of a map: dots divide paths."""
    return version.replace(".", "_")


def _written(dataset: Dataset) -> dict[str, Any]:
    """As it is put; `plan` as JSON, since DynamoDB's numbers have bounds that JSON's have not."""
    return {
        "code": dataset.code,
        "number": dataset.number,
        "plan": dataset.plan.model_dump_json(),
        "revision": dataset.revision,
        "created_at": timestamp(dataset.created_at),
        "created_by": dataset.created_by,
        "releases": {},
        "history": [dict(one) for one in dataset.history],
        "request_id": dataset.request_id,
    }


def read_dataset(item: Item) -> Dataset:
    """A dataset from its item."""
    return Dataset(
        code=item["code"],
        number=item["number"],
        plan=_read_plan(item["plan"]),
        revision=item["revision"],
        created_at=moment(item["created_at"]),
        created_by=item["created_by"],
        releases=_read_releases(item),
        being_made="unfinished" in item,
        history=tuple(item["history"]),
        request_id=item["request_id"],
    )


def _read_releases(item: Item) -> Mapping[str, Mapping[str, Any]]:
    told = {name.replace("_", "."): one for name, one in item["releases"].items()}
    return dict(sorted(told.items(), key=lambda one: Version.read(one[0])))


def _read_plan(text: str) -> Plan:
    return Plan.model_validate_json(text, strict=True)
