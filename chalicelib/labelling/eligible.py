"""Who may be given cases of a round, and how many more fit into his hand."""

from chalicelib.labelling import protocols
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.model import Case, Round
from chalicelib.people.model import Account, Role
from chalicelib.people.readers import readers
from chalicelib.platform.runtime import Platform


def eligible_readers(platform: Platform, round_: Round) -> list[Account]:
    """Readers who may be given a case of this round: the newest protocol accepted, not paused.

    Experts read first. A senior has practised for more years than the settings ask; what he reads is
    kept for arbitration.
    """
    newest = protocols.current(platform).version
    return [
        reader
        for reader in readers(platform)
        if reads(platform, reader, round_)
        and reader.protocol == newest
        and reader.paused_because is None
    ]


def reads(platform: Platform, reader: Account, round_: Round) -> bool:
    """Whether it is his part to read cases of this round."""
    if round_ is Round.FIRST:
        return reader.role is Role.EXPERT
    years = platform.settings.senior_after_years
    return reader.role is Role.SENIOR_EXPERT and reader.is_qualified(platform.today().year, years)


def in_random_order(platform: Platform, case: Case, readers: list[Account]) -> list[Account]:
    """Those of the `readers` who may read `case`; those who let its lease end come last."""
    independent = [reader for reader in readers if case.may_be_read_by(reader.account_id)]
    shuffled = platform.draw.sample(independent, len(independent))
    return sorted(shuffled, key=lambda reader: reader.account_id in case.lapsed)


def room(platform: Platform, reader: Account) -> int:
    """How many more assignments fit into a reader's hand. One query."""
    held = AssignmentStore(platform.labelling).hand(reader.account_id)
    return max(reader.hand_size - len(held), 0)
