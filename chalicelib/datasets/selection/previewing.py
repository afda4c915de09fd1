"""What a plan would select now, computed in the background: nothing is frozen, nothing is kept but this."""

import json
from collections.abc import Iterable
from typing import Any, Final

from chalicelib.datasets.dataset import Dataset
from chalicelib.datasets.looks.model import Waiting, waiting_key
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.planning.versions import next_version
from chalicelib.datasets.previews import PreviewStore
from chalicelib.datasets.selection.balance import counts
from chalicelib.datasets.selection.candidates import load
from chalicelib.datasets.selection.composing import power
from chalicelib.datasets.selection.guard import context
from chalicelib.datasets.selection.ledger import Ledger
from chalicelib.datasets.selection.previous import before
from chalicelib.datasets.selection.problems import Problem, problems
from chalicelib.datasets.selection.seeded import rank
from chalicelib.datasets.selection.selected import Selection
from chalicelib.datasets.selection.selecting import screen, select
from chalicelib.datasets.store import DatasetStore
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform

MOST_ROWS: Final = 200
"""Of the table of combinations, the rarest first: an item has room for so many."""

MOST_VALUES: Final = 40
"""Of one attribute in one class, for the same reason."""


def preview(platform: Platform, code: str) -> None:
    """Compute what a dataset's plan would select, and note it. Doing it again does no harm.

    Images that no curator has looked at are taken as if they were clear, and listed for the gallery.
    """
    previews = PreviewStore(platform.catalogue)
    asked = previews.asked(code)
    dataset = DatasetStore(platform.catalogue).get(code)
    if asked is None or dataset is None:
        return
    plan = dataset.plan
    screened = screen(plan, load(platform, plan), look_later=True)
    page = Ledger(platform.catalogue).read()
    others = context(platform, plan, screened, page, code=code, release_id=None)
    found = select(plan, screened, others)
    wrong = problems(plan, found)
    if previews.asked(code) != asked:
        return  # asked for anew meanwhile: that message computes it
    _list_waiting(platform, code, plan, found)
    fatal = next((each for each in wrong if each.fatal), None)
    previews.computed(
        code,
        asked,
        at=platform.clock.now(),
        revision=dataset.revision,
        result=json.dumps(_result(platform, dataset, found, wrong), ensure_ascii=False),
        problem=fatal.sentence if fatal else None,
    )


def _result(
    platform: Platform, dataset: Dataset, found: Selection, wrong: Iterable[Problem]
) -> dict[str, Any]:
    plan, table = dataset.plan, found.privacy["table"]
    last = before(platform, dataset.releases, release_id=None)
    version, difference = next_version(last.previous if last else None, plan, found.units)
    return {
        "version": str(version),
        "previous_version": last.manifest.version if last else None,
        "difference": difference.written,
        "flow": list(found.flow),
        "counts": commonest(counts(found.units)),
        "privacy": {
            **found.privacy,
            "table": table[:MOST_ROWS],
            "combinations": len(table),
        },
        "splits": dict(found.splits),
        "duplicates": dict(found.duplicates),
        "agreement": dict(found.agreement),
        "power": power(plan, found.units),
        "waiting": len(found.waiting),
        "unlooked": found.unlooked,
        "problems": [{**each.sentence._asdict(), "fatal": each.fatal} for each in wrong],
    }


def commonest(told: dict[str, Any]) -> dict[str, Any]:
    """Counts (`balance.counts`) with the `MOST_VALUES` commonest values alone: devices are named freely, so of them there is no end."""
    by = {
        name: {
            key: dict(sorted(sorted(values.items(), key=lambda one: -one[1])[:MOST_VALUES]))
            for key, values in found.items()
        }
        for name, found in told["by"].items()
    }
    return {**told, "by": by}


def _list_waiting(platform: Platform, code: str, plan: Plan, found: Selection) -> None:
    """What the gallery shows, in an order by lot, so that no clinic or class comes last. No earlier list
    stays, which might name whoever has withdrawn since."""
    order = sorted(found.waiting, key=lambda image_id: rank(plan.seed, "look", image_id))
    data = Waiting(tuple(order), timestamp(platform.clock.now())).written()
    platform.releases.put(waiting_key(code), data, content_type="application/json")
    platform.releases.erase_old_versions(waiting_key(code))
