"""How a test ends: its report is asked for, and what is overdue is driven on."""

from datetime import timedelta

from chalicelib.evaluation.items import read_evaluation
from chalicelib.evaluation.model import ASKED_AT_LEAST, COMPUTED_BY, Outcome, RunState
from chalicelib.evaluation.store import EvaluationStore, LostStep
from chalicelib.evaluation.vendor_store import VendorStore
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item


def ask_for_report(platform: Platform, evaluation_id: str) -> None:
    """Have the report of a test computed. A lost message is sent again by the sweep."""
    platform.evaluations_queue.send({"evaluation_id": evaluation_id})


def drive_on(platform: Platform, item: Item) -> None:
    """What the sweep does with an overdue test: a report that has not come is asked for again, and
    a test that was not finished ends. The index lags: what has moved on meanwhile is left alone."""
    evaluation, now = read_evaluation(item), platform.clock.now()
    store = EvaluationStore(platform.catalogue)
    try:
        if evaluation.state is RunState.COMPUTING:
            store.ask_again(evaluation, now=now, ask_at=now + wait_after(evaluation.attempts + 1))
            ask_for_report(platform, evaluation.evaluation_id)
        elif evaluation.state is RunState.OPEN:
            store.expire(evaluation, now)
            # Where this is lost, the vendor's next test reads it from the item.
            conclude(platform, evaluation.vendor_id, evaluation.evaluation_id, Outcome.EXPIRED)
            count("TestsExpired")
    except LostStep:
        return


def wait_after(attempts: int) -> timedelta:
    """How long a report is waited for after it was asked for so often."""
    return min(COMPUTED_BY * 2.0 ** min(attempts, 10), ASKED_AT_LEAST)


def conclude(platform: Platform, vendor_id: str, evaluation_id: str, outcome: Outcome) -> None:
    """Note in the vendor's item how a test ended."""
    VendorStore(platform.catalogue).conclude(vendor_id, evaluation_id, outcome)
