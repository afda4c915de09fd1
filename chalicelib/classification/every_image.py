"""Every image there is, without a scan: clinic by clinic and patient by patient, then the archives.

A walk can stop behind any patient (of an archive: behind any page) and go on from there later. What is
moved or merged while it goes on may be met twice or not at all, so whoever must miss nothing walks again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.items import read_image
from chalicelib.images.model import Image
from chalicelib.imports.store import ImportStore
from chalicelib.people.store import PeopleStore
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item, Table

PAGE: Final = 25
LISTED: Final = 100
_INDEX: Final = "by_clinic"
_PLACE: Final = ("pk", "sk", "clinic_id", "clinic_order", "patient_id")


@dataclass(frozen=True)
class Position:
    """How far a walk has come: in which clinic, and behind which entry of its list."""

    clinic_id: str
    after: Item | None = None


@dataclass(frozen=True)
class Met:
    """Some images, and where the walk goes on after them."""

    images: list[Image]
    position: Position


def clinics(platform: Platform) -> list[str]:
    """The ids of all clinics, those that stand for archives among them, in a fixed order."""
    people, imports = PeopleStore(platform.people), ImportStore(platform.cases)
    found: list[str] = []
    start: Item | None = None
    while True:
        some, start = people.clinics(limit=LISTED, start=start)
        found.extend(clinic.clinic_id for clinic in some)
        if start is None:
            break
    while True:
        several, start = imports.list(limit=LISTED, start=start)
        found.extend(each.clinic_id for each in several)
        if start is None:
            return sorted(found)


def walk(platform: Platform, start: Position | None = None) -> Iterator[Met]:
    """All images from `start` on. An image may have changed since the index took it up.

    One call for each 25 patients or images of an archive, and one for each patient.
    """
    for clinic_id in clinics(platform):
        if start is None or clinic_id >= start.clinic_id:
            after = start.after if start is not None and clinic_id == start.clinic_id else None
            yield from _of_archive(platform.cases, clinic_id, after)
            yield from _of_clinic(platform.cases, clinic_id, after)


def _of_clinic(table: Table, clinic_id: str, after: Item | None) -> Iterator[Met]:
    # The orders of patients begin with a day. Those of a clinic's referred patients do too.
    where = Where("clinic_id").eq(clinic_id) & Where("clinic_order").lt("a")
    while True:
        page = table.query(where, index=_INDEX, limit=PAGE, start=after, only=_PLACE)
        for entry in page.items:
            if entry["sk"] == "patient":
                images = _of_patient(table, entry["pk"].removeprefix("patient#"))
                yield Met(images, Position(clinic_id, _key(entry)))
        after = page.last
        if after is None:
            return


def _of_patient(table: Table, patient_id: str) -> list[Image]:
    where = Where("patient_id").eq(patient_id) & Where("patient_order").begins_with("image#")
    return [read_image(item) for item in table.query_each(where, index="by_patient")]


def _of_archive(table: Table, clinic_id: str, after: Item | None) -> Iterator[Met]:
    where = Where("clinic_id").eq(clinic_id) & Where("clinic_order").begins_with("image#")
    while True:
        page = table.query(where, index=_INDEX, limit=PAGE, start=after)
        images = [read_image(item) for item in page.items]
        if images:
            yield Met(images, Position(clinic_id, _key(page.items[-1])))
        after = page.last
        if after is None:
            return


def _key(entry: Item) -> Item:
    return {name: entry[name] for name in ("pk", "sk", "clinic_id", "clinic_order")}
