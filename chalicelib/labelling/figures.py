"""The report on agreement, computed from the ballots of all cases.

Agreement is that of the first readings, which are blind: a senior's reading and probes do not enter. A
reading that calls the image unusable has `unusable` in place of its class, and `unknown` is a class as
any other there: two readers who both do not know agree.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from chalicelib.labelling import agreement, scores
from chalicelib.labelling.ballots import Ballot
from chalicelib.labelling.coding import Coded, coded
from chalicelib.labelling.other_rules import other_rules
from chalicelib.labelling.report import (
    MOST_CLINICS,
    MOST_MONTHS,
    MOST_OVERTURNED,
    MOST_PAIRS,
    PAIR_CASES,
    PUBLISHED_AFTER_THREE,
    PUBLISHED_AFTER_TWO,
    UNUSABLE,
    AgreementReport,
    Bar,
    ClassAgreement,
    ClinicAgreement,
    ConfusedPair,
    Counts,
    Disputed,
    Figure,
    MonthAgreement,
    Overturned,
    PairAgreement,
)
from chalicelib.labelling.scores import DIGITS, Read, Tally, read, said
from chalicelib.platform.clock import timestamp
from chalicelib.platform.lesion_classes import LesionClass

K = TypeVar("K", bound=Hashable)

_ORDER: Final = {
    name: place for place, name in enumerate([*(c.value for c in LesionClass), UNUSABLE])
}


def report(
    ballots: Iterable[Ballot],
    *,
    now: datetime,
    draw: np.random.Generator | int,
    bar: Bar | None = None,
) -> AgreementReport:
    """What the curator sees of how far labels can be trusted.

    `draw`, a generator or the seed of one, decides the bootstrap resamples: the same seed and ballots
    give the same report. Without a `bar`, readers are held to the default one.
    """
    generator = np.random.default_rng(draw)
    seen = list(ballots)
    cases = [read(ballot) for ballot in seen]
    pairs = [case for case in cases if case.twice]
    readings = coded(
        (case.ballot.image_id, vote.account_id, said(vote))
        for case in pairs
        for vote in case.firsts
    )
    return AgreementReport(
        computed_at=timestamp(now),
        counts=_counts(seen),
        disputed_after_two=_disputed(seen, PUBLISHED_AFTER_TWO, "arbitration", "disputed"),
        disputed_after_three=_disputed(seen, PUBLISHED_AFTER_THREE, "disputed"),
        **_figures(readings, generator),
        **_slices(readings, pairs, generator),
        **other_rules(cases),
        confusion=_confusion(pairs),
        by_expert=scores.of_experts(cases, bar or Bar()),
        model=scores.of_model(seen),
        models=scores.of_each_model(seen),
        overturned=_overturned(seen),
    )


def _counts(ballots: Sequence[Ballot]) -> Counts:
    rules = Counter(ballot.rule for ballot in ballots)
    return Counts(
        cases=len(ballots),
        two_agree=rules["two_agree"],
        arbitration=rules["arbitration"],
        disputed=rules["disputed"],
        unfinished=rules[""],
        truth_known=sum(ballot.truth is not None for ballot in ballots),
        overturned=sum(_contradicted(ballot) for ballot in ballots),
    )


def _disputed(ballots: Sequence[Ballot], published: float, *rules: str) -> Disputed:
    """The share of finished cases that these rules ended: for `two_agree` two readings sufficed."""
    tally = Tally()
    for ballot in ballots:
        if ballot.rule:
            tally.add(ballot.rule in rules)
    return Disputed(**tally.share().model_dump(), published=published)


def _contradicted(ballot: Ballot) -> bool:
    """A truth of no class (`unknown`) contradicts nothing."""
    if ballot.truth is None or ballot.truth is LesionClass.UNKNOWN:
        return False
    return ballot.verdict is not None and ballot.verdict is not ballot.truth


def _overturned(ballots: Sequence[Ballot]) -> list[Overturned]:
    found = [ballot for ballot in ballots if _contradicted(ballot)]
    found.sort(key=lambda ballot: (ballot.closed_at, ballot.image_id), reverse=True)
    return [
        Overturned(
            image_id=ballot.image_id,
            verdict=ballot.verdict,
            truth=ballot.truth,
            closed_at=timestamp(ballot.closed_at),
        )
        for ballot in found[:MOST_OVERTURNED]
        if ballot.verdict and ballot.truth
    ]


def _figures(readings: Coded[str, str, Any], draw: np.random.Generator) -> dict[str, Any]:
    """The fields of `Agreement` for these readings."""
    found = agreement.agreement(readings, draw=draw, fewest=PAIR_CASES)
    return {
        "cases": found.items,
        "raw_agreement": _figure(found.raw_agreement),
        "cohen_kappa": _figure(found.cohen_kappa),
        "fleiss_kappa": _figure(found.fleiss_kappa),
        "krippendorff_alpha": _figure(found.krippendorff_alpha),
    }


def _figure(measured: agreement.Measured) -> Figure:
    value, low, high = (
        None if each is None else round(each, DIGITS)
        for each in (measured.value, measured.low, measured.high)
    )
    return Figure(value=value, low=low, high=high)


def _slices(
    readings: Coded[str, str, str], pairs: Sequence[Read], draw: np.random.Generator
) -> dict[str, Any]:
    """The same for a part of the cases at a time. `pairs` are the cases of `readings`, in their order."""

    def part(cases: NDArray[np.intp]) -> dict[str, Any]:
        chosen = np.zeros(len(pairs), dtype=bool)
        chosen[cases] = True
        return _figures(readings.only(chosen[readings.item]), draw)

    by_pair = _grouped(tuple(sorted(vote.account_id for vote in case.firsts)) for case in pairs)
    by_clinic = _grouped(case.ballot.clinic_id for case in pairs)
    by_month = _grouped(f"{case.ballot.closed_at.astimezone(UTC):%Y-%m}" for case in pairs)
    return {
        "by_pair": [
            PairAgreement(account_ids=list(readers), **part(cases))
            for readers, cases in _largest(by_pair, MOST_PAIRS)
            if len(cases) >= PAIR_CASES
        ],
        "by_class": [
            ClassAgreement(diagnosis=each, **_figures(readings.against(each.value), draw))
            for each in LesionClass
            if each.value in readings.labels
        ],
        "by_clinic": [
            ClinicAgreement(clinic_id=clinic_id, **part(cases))
            for clinic_id, cases in _largest(by_clinic, MOST_CLINICS)
        ],
        "by_month": [
            MonthAgreement(month=month, **part(by_month[month]))
            for month in sorted(by_month)[-MOST_MONTHS:]
        ],
    }


def _grouped(keys: Iterable[K]) -> dict[K, NDArray[np.intp]]:
    """The places of each key."""
    groups: dict[K, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        groups[key].append(place)
    return {key: np.array(places, dtype=np.intp) for key, places in groups.items()}


def _largest(groups: dict[K, NDArray[np.intp]], most: int) -> list[tuple[K, NDArray[np.intp]]]:
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), str(group[0])))
    return ordered[:most]


def _confusion(pairs: Iterable[Read]) -> list[ConfusedPair]:
    counted = Counter(
        tuple(sorted((said(vote) for vote in case.firsts), key=_ORDER.__getitem__))
        for case in pairs
    )
    ordered = sorted(counted.items(), key=lambda each: (-each[1], [_ORDER[n] for n in each[0]]))
    return [ConfusedPair(one=one, other=other, cases=cases) for (one, other), cases in ordered]
