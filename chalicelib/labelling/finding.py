"""How cases find their readers.

A queue message names an image, or a reader with room in his hand. Both ways end in one conditional
write on the case (`claim`), so that two messages, or the same one twice, never give a slot twice.
The copy of the image and the assignment follow the claim; the case's deadline in the `due` index
finishes what a crash left between.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.labelling.concluding import conclude
from chalicelib.labelling.eligible import eligible_readers, in_random_order, reads, room
from chalicelib.labelling.following import follow, stepped
from chalicelib.labelling.model import LEASE, PLACING, WANTING, Case, Round, Slot
from chalicelib.labelling.placing import place
from chalicelib.labelling.probing import probe
from chalicelib.labelling.store import CaseStore, LostClaim
from chalicelib.labelling.urgency import half_by_urgency
from chalicelib.people.model import Account
from chalicelib.platform import logging
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform

ASKED: Final = 10
"""How many hands are looked into for one case. When all are full, the next reader who has room finds the
case himself."""
SEVERAL: Final = 20
"""How many waiting cases of each shard are looked at when a hand is filled."""


def find_readers(platform: Platform, case: Case) -> Case:
    """Fill the open slots of a case from readers with room, in random order.

    Notes since when nobody is left who may read it, whatever room he has.
    """
    round_ = case.wants
    if round_ is None:
        return case
    able = in_random_order(platform, case, eligible_readers(platform, round_))
    for reader in able[:ASKED]:
        if case.wants is not round_:
            break
        if room(platform, reader) > 0:
            case = claim(platform, case, reader)
    if case.state in WANTING:
        count("CasesWithoutReader")
    nobody = len([r for r in able if case.may_be_read_by(r.account_id)]) < case.open_slots
    return _noted(platform, case, nobody and case.state in WANTING)


def fill_hand(platform: Platform, account_id: str) -> int:
    """Fill a reader's hand from the waiting cases; how many he was given."""
    for round_ in Round:
        for reader in eligible_readers(platform, round_):
            if reader.account_id == account_id:
                return _fill(platform, reader, round_)
    return 0


def claim(platform: Platform, case: Case, reader: Account) -> Case:
    """Give a slot of `case` to a reader, and the assignment into his hand.

    Returns the case as it stands afterwards; the reader is in its slots when the claim was his.
    """
    logging.follow(case.trace)
    now, cases = platform.clock.now(), CaseStore(platform.labelling)
    assignment_id = platform.ids.new()
    while case.wants is not None and case.may_be_read_by(reader.account_id):
        if not reads(platform, reader, case.wants):
            break
        slot = Slot(
            assignment_id=assignment_id,
            leased_until=lease_end(now),
            round=case.wants,
            protocol=reader.protocol,
        )
        after = replace(case, slots={**case.slots, reader.account_id: slot})
        try:
            case = cases.replace(case, stepped(platform, after), due_at=now + PLACING)
        except LostClaim as lost:
            case = lost.found
            continue
        place(platform, case, reader.account_id, slot)
        count("AssignmentsMade")
        break
    return case


def lease_end(begun: datetime, length: timedelta = LEASE) -> datetime:
    """When a lease that begins then ends: to the hour, so that it does not tell two readers that they
    share a case."""
    return (begun + length).replace(minute=0, second=0, microsecond=0)


def _fill(platform: Platform, reader: Account, round_: Round) -> int:
    places, given = room(platform, reader), 0
    # One draw a pull, and a reader pulls with each reading: so the share is one of his readings.
    if round_ is Round.FIRST and places and platform.draw.random() < platform.settings.probe_share:
        given += probe(platform, reader, lease_end(platform.clock.now()))
    waiting = [
        case
        for case in CaseStore(platform.labelling).waiting(round_, limit=SEVERAL)
        if case.may_be_read_by(reader.account_id)
    ]
    for case in half_by_urgency(waiting, places - given, platform.draw):
        claimed = claim(platform, case, reader)
        if reader.account_id in claimed.slots:
            given += 1
            with suppress(LostClaim):
                conclude(platform, follow(platform, claimed))
    return given


def _noted(platform: Platform, case: Case, nobody: bool) -> Case:
    """With the moment from which nobody is left, or without one."""
    if nobody:
        count("CasesWithoutEligibleReader")
    if nobody == (case.no_reader_since is not None):
        return case
    since = platform.clock.now() if nobody else None
    due_at = platform.clock.now() + PLACING
    return CaseStore(platform.labelling).replace(
        case, replace(case, no_reader_since=since), due_at=due_at
    )
