"""The freeze: the units of a release are chosen, written down and entered in the ledger.

The draft is written first and the ledger last, on condition that nobody wrote it meanwhile; then the draft
is copied to where builders read it. After that consents are read once more: whoever took his back before
the ledger had the release was overlooked by the erasure, which asks the ledger. A worker that dies anywhere
is followed by one that finds the ledger's entry and goes on, or none and begins anew.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest, Source, Unit
from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.planning.conditions import explain
from chalicelib.datasets.planning.plan import Plan, Role
from chalicelib.datasets.planning.power import power_of
from chalicelib.datasets.planning.versions import next_version
from chalicelib.datasets.selection.candidate import OWN_SOURCE, Candidate
from chalicelib.datasets.selection.candidates import all_allowed, load
from chalicelib.datasets.selection.drafts import erase_draft, read_members, settle, write_draft
from chalicelib.datasets.selection.guard import context
from chalicelib.datasets.selection.ledger import Frozen, Ledger, Overtaken, Page
from chalicelib.datasets.selection.previous import before
from chalicelib.datasets.selection.problems import problems
from chalicelib.datasets.selection.selected import Selected, Selection, numbers
from chalicelib.datasets.selection.selecting import screen, select
from chalicelib.datasets.selection.units import Changed, make
from chalicelib.datasets.store import DatasetStore
from chalicelib.imports.store import ImportStore
from chalicelib.labelling.model import FIRST_READERS, Round
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

ATTEMPTS: Final = 10
AGAIN_AFTER: Final = timedelta(seconds=1)
"""An index may show for a moment what is no more."""
CLINICS: Final = Source(
    name="Клиники платформы «Родинка» / Clinics of the Rodinka platform",
    licence="",
    attribution="Клиники платформы «Родинка» / Clinics of the Rodinka platform",
    legal_basis="Согласие пациентов / Consent of the patients",
)


class Unfit(Exception):
    """Nothing can be released by this plan; `sentence` says why, to a person."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFrozen(Exception):
    """Data or ledger changed all the time; the step may come again."""


def freeze(
    platform: Platform,
    *,
    release_id: str,
    code: str,
    number: int,
    plan: Plan,
    change: str,
    only: frozenset[str] | None = None,
) -> Manifest:
    """Choose the units of a release and write its manifest, or find them chosen already.

    `only`: the images that may be chosen at all. Raises `Unfit` when no release can be made of what is
    chosen, and `NotFrozen` when others change everything all the time.
    """
    ledger, candidates = Ledger(platform.catalogue), list[Candidate]()
    own = ""
    for _ in range(ATTEMPTS):
        page = ledger.read()
        entry = page.of(release_id)
        if own and (entry is None or entry.draft != own):
            erase_draft(platform.releases, release_id, own)  # it came second
        try:
            if entry is None:
                candidates = candidates or load(platform, plan)
                selection = _choose(platform, plan, candidates, page, code, release_id, only)
                manifest, units = _written(
                    platform, release_id, code, number, plan, change, selection
                )
                own = write_draft(platform.releases, manifest, units)
                entry = _entry(manifest, plan, own)
                ledger.enter(page, entry)
            found = settle(platform.releases, release_id, entry.draft)
            if found is not None and _is_allowed(platform, entry, plan):
                return found
            _strike(platform, entry)
            candidates = []
        except Overtaken:
            continue
        except Changed:
            candidates = []
            platform.wait(AGAIN_AFTER.total_seconds())
    raise NotFrozen(release_id)


def _choose(
    platform: Platform,
    plan: Plan,
    candidates: Sequence[Candidate],
    page: Page,
    code: str,
    release_id: str,
    only: frozenset[str] | None,
) -> Selection:
    screened = screen(plan, candidates, only=only)
    others = context(platform, plan, screened, page, code=code, release_id=release_id)
    found = select(plan, screened, others)
    for problem in problems(plan, found):
        if problem.fatal:
            raise Unfit(problem.sentence)
    return found


def _entry(manifest: Manifest, plan: Plan, draft: str) -> Frozen:
    return Frozen(
        release_id=manifest.release_id,
        code=manifest.code,
        version=manifest.version,
        access=plan.access,
        purpose=plan.purpose.value,
        draft=draft,
    )


def _strike(platform: Platform, entry: Frozen) -> None:
    """Take out what cannot be released, unless another worker went on from it. Raises `Overtaken`."""
    ledger, item = (
        Ledger(platform.catalogue),
        platform.catalogue.get(keys.release(entry.release_id)),
    )
    if item is not None and item["state"] != ReleaseState.REQUESTED.value:
        # It is being built: whoever builds it, or erases from it, begins it anew.
        raise NotFrozen(entry.release_id)
    page = ledger.read()
    if page.of(entry.release_id) == entry:
        ledger.strike(page, entry.release_id)


def _is_allowed(platform: Platform, entry: Frozen, plan: Plan) -> bool:
    """Whether everybody in a release allows it now that the ledger tells of it."""
    members = read_members(platform.releases, entry.release_id, entry.draft)
    return all_allowed(platform, members.patients, members.images, plan.access)


def _written(
    platform: Platform,
    release_id: str,
    code: str,
    number: int,
    plan: Plan,
    change: str,
    selection: Selection,
) -> tuple[Manifest, Sequence[Unit]]:
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
        agreement={**selection.agreement, **agreement(made.units)},
        power=power(plan, selection.units),
        shards=made.shards,
        units=len(made.units),
        extra=told_besides(plan, made.units),
    )
    return manifest, made.units


def told_besides(plan: Plan, units: Sequence[Unit]) -> dict[str, Any]:
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


def agreement(units: Sequence[Unit]) -> dict[str, Any]:
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
