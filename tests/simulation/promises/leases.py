"""Promise 8: a lease lasts as long as its reader was told and no longer; nobody starves."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from chalicelib.labelling.model import AssignmentState, Case
from chalicelib.platform.clock import moment
from tests.simulation.evidence import Evidence

ALARM: Final = timedelta(minutes=15)
"""Nothing may be overdue for longer."""


def a_lease_lasts_as_told(seen: Evidence) -> Iterator[str]:
    """No lease ends before its reader was told, or lies in his hand long after it."""
    now, told = seen.stage.clock.now(), seen.history.work
    for write in seen.stage.writes:
        item = write.item
        if item["sk"]["S"].startswith("assignment#") and item["state"]["S"] == "expired":
            work = told.get(item["assignment_id"]["S"])
            if work is not None and write.at < moment(work.leased_until):
                yield f"{work.account_id} had {work.assignment_id} until {work.leased_until} only"
    for each in seen.tables.assignments:
        if each.state is not AssignmentState.OPEN:
            continue
        if each.leased_until + ALARM < now:
            yield f"{each.account_id} still holds {each.assignment_id}"
        if (work := told.get(each.assignment_id)) and each.leased_until < moment(work.leased_until):
            yield f"{each.account_id} has {each.assignment_id} for less than he was told"


def no_case_starves(seen: Evidence) -> Iterator[str]:
    """A case lacks a reader only where none that may read it has room."""
    held = Counter(
        each.account_id for each in seen.tables.assignments if each.state is AssignmentState.OPEN
    )
    for image_id, case in seen.tables.cases.items():
        for account_id in _able(seen, case):
            if held[account_id] < seen.tables.accounts[account_id]["hand_size"]:
                yield f"case {image_id} is {case.state}, and {account_id} has room"


def nobody_left_is_noted(seen: Evidence) -> Iterator[str]:
    """Where too few are left who may read a case, that is noted; and only there."""
    for image_id, case in seen.tables.cases.items():
        lacking = {"waiting": 2 - len(case.first), "awaiting_senior": 1}.get(case.state, 0)
        nobody = len(_able(seen, case)) < lacking
        if nobody is (case.no_reader_since is None):
            yield f"case {image_id} is {case.state}, noted is {case.no_reader_since}"


def _able(seen: Evidence, case: Case) -> list[str]:
    """Who may read a case for the round that it waits for."""
    role = {"waiting": "expert", "awaiting_senior": "senior_expert"}.get(case.state, "")
    away = case.excluded | case.declined | set(case.slots)
    return [
        account_id
        for account_id, account in seen.tables.accounts.items()
        if account["role"] == role and account_id not in away and _settles(account, role)
    ]


def _settles(account: dict[str, Any], role: str) -> bool:
    return role == "expert" or 2026 - account["qualified_since"] > 5
