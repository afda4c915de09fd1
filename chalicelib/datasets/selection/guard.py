"""The leak guard: what images are to each other, to other releases and to what models learnt from.

Nobody of a hidden set is in a release that somebody may read, and the other way round: a test on what was
learnt from is no test. Nor is he in a hidden set of another dataset, since a repeated test on patients who
were seen before is not a new one. Whoever has any picture that is there, or nearly the same as one, is taken
for that patient, whatever his id. A release that was taken down or deprecated still counts: what was
downloaded cannot be recalled, nor what was seen.
"""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.classification.trained_on import trained_on
from chalicelib.datasets.model import Access
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection.candidate import Candidate
from chalicelib.datasets.selection.drafts import Members, read_members
from chalicelib.datasets.selection.ledger import Frozen, Page
from chalicelib.datasets.selection.selected import Context, Screened
from chalicelib.duplicates.flagged import flagged_pairs, groups, near_pictures
from chalicelib.platform.runtime import Platform


def context(
    platform: Platform,
    plan: Plan,
    screened: Screened,
    page: Page,
    *,
    code: str,
    release_id: str | None,
) -> Context:
    """Everything that `selecting.select` must know beside the candidates.

    Three calls for each hundred images of the patients who are left, two more for each hundred where
    another release or a list of what models learnt from matters, and one for each such release.
    """
    taken = _taken(platform, _conflicting(page, plan.access, code, release_id))
    learnt = trained_on(platform) if plan.access is Access.HIDDEN else frozenset[str]()
    hashes = {one.pixel_hash for one in screened.theirs if one.pixel_hash}
    near = near_pictures(platform, hashes) if hashes and (taken.images or learnt) else {}
    return Context(
        groups=_groups(platform, screened.theirs),
        patients=taken.patients,
        images=taken.images,
        pixel_hashes=taken.pixel_hashes,
        near=near,
        trained_on=learnt,
    )


def _conflicting(page: Page, access: Access, code: str, release_id: str | None) -> Iterator[Frozen]:
    """Releases with which one of this dataset and access must have nothing in common: for a hidden set,
    all but the hidden ones of its own dataset; for another, the hidden ones."""
    for one in page.frozen:
        one_is_hidden = Access.HIDDEN in {one.access, access}
        of_its_own = (one.code, one.access) == (code, access)
        if one_is_hidden and not of_its_own and one.release_id != release_id:
            yield one


def _taken(platform: Platform, others: Iterable[Frozen]) -> Members:
    taken = [read_members(platform.releases, one.release_id, one.draft) for one in others]
    return Members(
        frozenset().union(*(one.patients for one in taken)),
        frozenset().union(*(one.images for one in taken)),
        frozenset().union(*(one.pixel_hashes for one in taken)),
    )


def _groups(platform: Platform, theirs: Sequence[Candidate]) -> list[frozenset[str]]:
    if not theirs:
        return []
    return groups(flagged_pairs(platform, [one.image_id for one in theirs]))
