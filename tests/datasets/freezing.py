"""Freezes of releases, and what they leave."""

from typing import Any

from chalicelib.datasets.manifest import Manifest, Unit, read_units, units_key
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection.freezing import freeze
from tests.datasets.choosing import plan
from tests.world import World

HIDDEN = plan(access="hidden", purpose="clinical_test")
TRAINING = plan(access="controlled")


def frozen(world: World, wanted: Plan, name: str = "r1", **of: Any) -> Manifest:
    told = {"code": "DS", "number": 1, "change": "First", "release_id": name, "plan": wanted, **of}
    return freeze(world.platform, **told)


def units_of(world: World, name: str = "r1") -> list[Unit]:
    stored = world.platform.releases.get(units_key(name))
    assert stored is not None
    return list(read_units(stored.data.splitlines()))


def images_of(world: World, name: str = "r1") -> set[str]:
    return {unit.image_id for unit in units_of(world, name)}
