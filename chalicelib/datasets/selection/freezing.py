"""The freeze: the units of a release are chosen, written down and entered in the ledger.

The draft is written first and the ledger last, on condition that nobody wrote it meanwhile; then the draft
is copied to where builders read it. After that consents are read once more: whoever took his back before
the ledger had the release was overlooked by the erasure, which asks the ledger. A worker that dies anywhere
is followed by one that finds the ledger's entry and goes on, or none and begins anew.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection.candidate import Candidate
from chalicelib.datasets.selection.candidates import all_allowed, load
from chalicelib.datasets.selection.composing import compose
from chalicelib.datasets.selection.drafts import erase_draft, read_members, settle, write_draft
from chalicelib.datasets.selection.guard import context
from chalicelib.datasets.selection.ledger import Frozen, Ledger, Overtaken, Page
from chalicelib.datasets.selection.problems import problems
from chalicelib.datasets.selection.selected import Selection
from chalicelib.datasets.selection.selecting import screen, select
from chalicelib.datasets.selection.units import Changed
from chalicelib.platform import keys
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

ATTEMPTS: Final = 10
AGAIN_AFTER: Final = timedelta(seconds=1)
"""An index may show for a moment what is no more."""


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
                manifest, units = compose(
                    platform, release_id, code, number, plan, change, selection
                )
                own = write_draft(platform.releases, manifest, units)
                entry = _entry(manifest, plan, own)
                ledger.enter(page, entry)
            found = settle(platform.releases, release_id, entry.draft)
            if found is not None and _is_allowed(platform, entry):
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
        draft=draft,
    )


def _strike(platform: Platform, entry: Frozen) -> None:
    """Take out what cannot be released, unless another worker went on from it. Raises `Overtaken`."""
    ledger = Ledger(platform.catalogue)
    item = platform.catalogue.get(keys.release(entry.release_id))
    if item is not None and item["state"] != ReleaseState.REQUESTED.value:
        # It is being built: whoever builds it, or erases from it, begins it anew.
        raise NotFrozen(entry.release_id)
    page = ledger.read()
    if page.of(entry.release_id) == entry:
        ledger.strike(page, entry.release_id)


def _is_allowed(platform: Platform, entry: Frozen) -> bool:
    """Whether everybody in a release allows it now that the ledger tells of it."""
    members = read_members(platform.releases, entry.release_id, entry.draft)
    return all_allowed(platform, members.patients, members.images, entry.access)
