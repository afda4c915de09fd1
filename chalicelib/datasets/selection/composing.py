"""The manifest of a release, composed of what was selected: the units in full, and what is told of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest, Source, Unit
from chalicelib.datasets.planning.conditions import explain
from chalicelib.datasets.planning.plan import Plan, Role
from chalicelib.datasets.planning.power import power_of
from chalicelib.datasets.planning.versions import next_version
from chalicelib.datasets.selection.candidate import OWN_SOURCE
from chalicelib.datasets.selection.previous import before
from chalicelib.datasets.selection.selected import Selected, Selection, numbers
from chalicelib.datasets.selection.units import make
from chalicelib.datasets.store import DatasetStore
from chalicelib.imports.store import ImportStore
from chalicelib.labelling.model import FIRST_READERS, Round
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform

CLINICS: Final = Source(
    name="Клиники платформы «Родинка» / Clinics of the Rodinka platform",
    licence="",
    attribution="Клиники платформы «Родинка» / Clinics of the Rodinka platform",
    legal_basis="Согласие пациентов / Consent of the patients",
)


def compose(
    platform: Platform,
    release_id: str,
    code: str,
    number: int,
    plan: Plan,
    change: str,
    selection: Selection,
) -> tuple[Manifest, Sequence[Unit]]:
    """The manifest of a selection, numbered after the release before, and its units. Nothing is written.

    The calls of `units.make`, one for each archive, and three. Raises `units.Changed`.
    """
    made = make(platform, release_id, selection)
    dataset = DatasetStore(platform.catalogue).get(code)
    last = before(platform, dataset.releases if dataset else {}, release_id=release_id)
    version, difference = next_version(last.previous if last else None, plan, made.units)
    now = timestamp(platform.clock.now())
    told = {
        "version": str(version),
        "date": now[:10],
        "change": change,
        "added": difference.added,
        "removed": difference.removed,
        "relabelled": difference.relabelled,
    }
    manifest = Manifest(
        release_id=release_id,
        code=code,
        number=number,
        version=str(version),
        previous_version=last.manifest.version if last else None,
        frozen_at=now,
        seed=plan.seed,
        plan=plan.written(),
        change=change,
        changes=(told, *(last.manifest.changes if last else ())),
        sources=_sources(platform, plan, selection.units),
        flow=selection.flow,
        privacy=selection.privacy,
        splits=selection.splits,
        duplicates=selection.duplicates,
        agreement={**selection.agreement, **_agreement(made.units)},
        power=power(plan, selection.units),
        shards=made.shards,
        units=len(made.units),
        extra=_told_besides(plan, made.units),
    )
    return manifest, made.units


def _told_besides(plan: Plan, units: Sequence[Unit]) -> dict[str, Any]:
    """What a README tells beside: the criteria in words, by which protocols experts read, and of how many
    units there is an outline."""
    criteria = {
        kind: [sentence._asdict() for sentence in sentences]
        for kind, sentences in explain(plan).items()
    }
    protocols = sorted({reading["protocol"] for unit in units for reading in unit.readings})
    masks = sum(unit.outline is not None for unit in units)
    return {"criteria": criteria, "protocols": protocols, "masks": masks}


def power(plan: Plan, units: Sequence[Selected]) -> dict[str, Any] | None:
    """Of the units as they were chosen. None where no test is planned."""
    by_class, by_role = numbers(plan, units), Counter[Role]()
    for each in plan.classes:
        by_role[each.role] += by_class[each.key]
    return power_of(plan, by_role)


def _agreement(units: Sequence[Unit]) -> dict[str, Any]:
    """How many readings the units have, and of those with two first ones, the share whose two agree."""
    same, both, number = 0, 0, 0
    for unit in units:
        number += len(unit.readings)
        first = [one["diagnosis"] for one in unit.readings if one["round"] == Round.FIRST.value]
        if len(first) == FIRST_READERS:
            both += 1
            same += first[0] == first[1]
    return {"readings": number, "raw": round(same / both, 4) if both else None}


def _sources(platform: Platform, plan: Plan, units: Sequence[Selected]) -> Mapping[str, Source]:
    """Where the units come from, with what must be said of it. One call for each archive."""
    imports, found = ImportStore(platform.cases), dict[str, Source]()
    for key in sorted({unit.source for unit in units}):
        number = sum(unit.source == key for unit in units)
        archive = None if key == OWN_SOURCE else imports.get(key)
        found[key] = Source(
            name=archive.name if archive else CLINICS.name,
            licence=archive.licence if archive else plan.licence.value,
            attribution=archive.attribution if archive else CLINICS.attribution,
            legal_basis=archive.legal_basis if archive else CLINICS.legal_basis,
            units=number,
        )
    return found
