"""Probes: cases given to a reader to see how good, and how steady, he is. He cannot tell.

A gold case has a known truth; a case he read long ago shows whether he says the same again. What he
reads there enters no verdict.
"""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.ballots import Probe
from chalicelib.labelling.model import CLOSED, Case, Round, Slot
from chalicelib.labelling.placing import place_probe
from chalicelib.labelling.store import CaseStore, LostClaim
from chalicelib.people.model import Account
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform

SEVERAL: Final = 20
"""Among how many gold cases of a shard, or former readings, one is drawn."""


def probe(platform: Platform, reader: Account, until: datetime) -> bool:
    """Put one probe into a reader's hand, gold or his own of long ago; whether there was any."""
    kinds = platform.draw.sample(list(Probe), len(Probe))
    for kind in kinds:
        case = _gold(platform, reader) if kind is Probe.GOLD else _read_before(platform, reader)
        if case is None:
            continue
        slot = Slot(
            assignment_id=platform.ids.new(),
            leased_until=until,
            round=Round.FIRST,
            protocol=reader.protocol,
        )
        try:
            case = CaseStore(platform.labelling).lend(case, reader.account_id, slot.assignment_id)
        except LostClaim:
            continue  # others change it just now; there is no hurry about probes
        place_probe(platform, case, reader.account_id, slot, kind)
        count("ProbesMade")
        return True
    return False


def _gold(platform: Platform, reader: Account) -> Case | None:
    """A gold case that he never had."""
    known = [
        case
        for case in CaseStore(platform.labelling).gold(limit=SEVERAL)
        if case.truth is not None
        and case.may_be_read_by(reader.account_id)
        and reader.account_id not in case.probed
    ]
    return platform.draw.choice(known) if known else None


def _read_before(platform: Platform, reader: Account) -> Case | None:
    """A closed case that he read so long ago that he has forgotten it, and was not given since."""
    since = platform.clock.now() - timedelta(days=platform.settings.reread_after_days)
    read = AssignmentStore(platform.labelling).read_before(reader.account_id, since, limit=SEVERAL)
    own = [each for each in read if each.probe is None and each.round is Round.FIRST]
    for assignment in platform.draw.sample(own, len(own)):
        case = CaseStore(platform.labelling).get(assignment.image_id)
        if case and case.state in CLOSED and reader.account_id not in case.probed | case.excluded:
            return case
    return None
