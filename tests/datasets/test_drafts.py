"""Drafts of what a release is made from: written in parts, whatever the number of units."""

import tracemalloc
from dataclasses import replace
from typing import Any

from chalicelib.datasets.selection.drafts import write_draft
from chalicelib.platform.objects import ObjectStore
from tests.datasets.manifests import a_manifest, a_plan, a_unit


class Nowhere:
    """A client of S3 that takes everything and keeps nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda **_: {"UploadId": "u", "ETag": "e"}


def test_a_draft_of_many_units_is_written_in_little_memory() -> None:
    client: Any = Nowhere()
    unit = a_unit(1, survey={"note": "x" * 40_000})
    units = [replace(unit, unit_id=f"u{number:023}") for number in range(1_500)]
    manifest = a_manifest([unit], plan=a_plan())
    tracemalloc.start()
    try:
        name = write_draft(ObjectStore(client, client, "releases"), manifest, units)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(name) == 24
    assert peak < 22_000_000, "two parts and a list of members"
