"""What of an overview needs a human, in order of urgency. Pure."""

from collections.abc import Iterable

from chalicelib.oversight.report import Attention, AttentionKind, Counted, Overview


def attention(seen: Overview) -> list[Attention]:
    """One entry a kind, those of nothing left out. `AttentionKind` has the order."""
    found = {
        AttentionKind.AUDIT_BROKEN: Counted(count=seen.audit_faults),
        AttentionKind.DEAD_LETTERS: Counted(count=sum(each.count for each in seen.dead_letters)),
        AttentionKind.OVERDUE: together(seen.overdue),
        AttentionKind.QUESTIONS_OVERDUE: seen.counts.questions_overdue,
        AttentionKind.CASES_WITHOUT_READER: seen.cases_without_reader,
        AttentionKind.RELEASES_FAILED: Counted(
            count=len(seen.releases_failed),
            since=min((each.since for each in seen.releases_failed), default=None),
        ),
        AttentionKind.REPORTS_LATE: seen.reports_late,
        AttentionKind.HISTOLOGY_OVERDUE: seen.counts.histology_overdue,
        AttentionKind.DUPLICATES_UNDECIDED: seen.duplicates_undecided,
        AttentionKind.CASES_DISPUTED: seen.cases_disputed,
        AttentionKind.LOOKS_UNDONE: Counted(
            count=sum(each.waiting for each in seen.counts.looks),
            since=min((each.computed_at for each in seen.counts.looks), default=None),
        ),
    }
    return [
        Attention(
            kind=kind, count=found[kind].count, more=found[kind].more, since=found[kind].since
        )
        for kind in AttentionKind
        if found[kind].count
    ]


def together(several: Iterable[Counted]) -> Counted:
    """Several counts as one."""
    known = list(several)
    return Counted(
        count=sum(each.count for each in known),
        more=any(each.more for each in known),
        since=min((each.since for each in known if each.since), default=None),
    )
