"""What curators do with plans: write one, look, change it, see what it would select."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.datasets.dataset import MOST_REVISIONS, Dataset
from chalicelib.datasets.model import Access, ReleaseState
from chalicelib.datasets.planning import codes
from chalicelib.datasets.planning.contradictions import contradictions
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.previews import Preview, PreviewStore
from chalicelib.datasets.store import DatasetStore
from chalicelib.people.model import Caller
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.http.fields import WHOLE
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

CHANGED: Final = Text(
    "План за это время изменили. Откройте его заново и повторите.",
    "The plan has been changed meanwhile. Open it again and repeat.",
)
TOO_OFTEN: Final = Text(
    "План меняли уже {most} раз, больше нельзя. Составьте план нового набора.",
    "The plan has been changed {most} times, and no more may be. Plan a new dataset.",
)
IN_THE_CODE: Final = Text(
    "Это входит в код набора {code}, и потому не меняется. Составьте план нового набора.",
    "The code {code} says this, so it does not change. Plan a new dataset.",
)
STAYS_HIDDEN: Final = Text(
    "Набор уже выпускался или выпускается: скрытое остаётся скрытым, а открытого не скрыть. "
    "Составьте план нового набора.",
    "The dataset has been released, or is being: what is hidden stays so, and what is known cannot be hidden. "
    "Plan a new dataset.",
)


@dataclass(frozen=True)
class View:
    """A dataset with one of its plans, and the preview of its last one."""

    dataset: Dataset
    plan: Plan
    revision: int
    preview: Preview | None


def create_dataset(platform: Platform, *, caller: Caller, request_id: str, plan: Plan) -> Dataset:
    """Plan a dataset: it gets its code and its number in the registry. Five calls to AWS, three for a
    repetition.

    A repetition (`request_id` comes from the Idempotency-Key) gets the same one. Raises `Invalid` with
    every contradiction of the plan, and `Conflict` when the repetition says something else.
    """
    _check(plan)
    fingerprint = platform.ids.digest("dataset", plan.model_dump_json()).hex()
    store = DatasetStore(platform.catalogue)
    if not store.remember_request(request_id, fingerprint):
        raise idempotency_conflict()
    now = platform.clock.now()
    return store.create(plan, request_id=request_id, by=caller.account_id, at=now)


def list_datasets(
    platform: Platform, *, limit: int, cursor: str | None
) -> tuple[list[Dataset], str | None]:
    """A page of the datasets by code, and the cursor of the next. One call to AWS.

    Raises `Invalid` for a cursor of another list.
    """
    start = platform.cursors.open(cursor, scope="datasets")
    page, last = DatasetStore(platform.catalogue).list(limit=limit, start=start)
    return page, platform.cursors.seal(last, scope="datasets")


def view_dataset(platform: Platform, code: str, *, revision: int | None = None) -> View:
    """A dataset with its plan, or the one of an earlier revision. One call to AWS, two for that.

    Raises `NotFound`.
    """
    dataset, preview = PreviewStore(platform.catalogue).get_with_dataset(code)
    if dataset is None:
        raise NotFound
    if revision in (None, dataset.revision):
        return View(dataset, dataset.plan, dataset.revision, preview)
    earlier = DatasetStore(platform.catalogue).earlier_plan(code, revision or 0)
    if earlier is None:
        raise NotFound
    return View(dataset, earlier, revision or 0, preview)


def change_plan(
    platform: Platform, *, caller: Caller, code: str, revision: int, plan: Plan
) -> Dataset:
    """Give a dataset another plan; `revision` is the one that was changed. Three calls to AWS.

    Sending the same change again changes nothing. Raises `NotFound`, `Invalid` with every contradiction,
    and `Conflict` when the plan has been changed since that revision.
    """
    store = DatasetStore(platform.catalogue)
    dataset = _found(store.get(code))
    if dataset.revision == revision + 1 and dataset.plan == plan:
        return dataset
    if dataset.revision != revision:
        raise _changed(dataset)
    _check(plan, dataset)
    if plan == dataset.plan:
        return dataset
    if revision >= MOST_REVISIONS:
        raise Conflict("too_many_changes", TOO_OFTEN.filled(most=MOST_REVISIONS))
    now = platform.clock.now()
    changed = store.change(dataset, plan, by=caller.account_id, at=now)
    if changed is None:
        raise _changed(_found(store.get(code)))
    return changed


def ask_for_preview(platform: Platform, code: str) -> Preview:
    """Have it computed what the plan would select. Three calls to AWS; two while it is being computed.

    Raises `NotFound`.
    """
    dataset = _found(DatasetStore(platform.catalogue).get(code))
    store = PreviewStore(platform.catalogue)
    preview, is_new = store.ask(code, dataset.revision, at=platform.clock.now())
    if is_new:
        platform.builds_queue.send({"preview": code})
    return preview


def _check(plan: Plan, before: Dataset | None = None) -> None:
    """Raise `Invalid` with everything that is wrong with a plan, or with a change to it."""
    found: Mapping[str, Text] = contradictions(plan)
    if before is not None:
        found = {
            "plan" if path == WHOLE else f"plan.{path}": text
            for path, text in {**found, **_fixed(plan, before)}.items()
        }
    if found:
        raise Invalid(found)


def _fixed(plan: Plan, before: Dataset) -> dict[str, Text]:
    """What a change may not touch."""
    found: dict[str, Text] = {}
    if codes.stem(plan) != codes.stem(before.plan):
        for name in codes.PARTS:
            if getattr(plan, name) != getattr(before.plan, name):
                found[name] = IN_THE_CODE.filled(code=before.code)
    was_hidden, is_hidden = (one.access is Access.HIDDEN for one in (before.plan, plan))
    released = any(one["state"] != ReleaseState.FAILED for one in before.releases.values())
    if (released or before.being_made) and was_hidden is not is_hidden:
        found["access"] = STAYS_HIDDEN
    return found


def _found(dataset: Dataset | None) -> Dataset:
    if dataset is None:
        raise NotFound
    return dataset


def _changed(dataset: Dataset) -> Conflict:
    details: dict[str, Any] = {"revision": dataset.revision}
    return Conflict("changed_meanwhile", CHANGED, details=details)
