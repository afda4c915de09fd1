"""Readers and the model beside the truth, beside each other and beside themselves.

An answer counts as malignant when its class is (`MALIGNANT`, actinic keratosis among them). `unknown` is
neither: it is a miss where the truth is malignant and a false alarm where it is benign, for a reader as
for the model, so that nobody gains by it. A reading that calls the image unusable is not judged against
malignancy. A truth that is `unknown` judges nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from chalicelib.labelling.ballots import Ballot, Probe, Quality, Vote
from chalicelib.labelling.discrimination import Area, area_under_curve
from chalicelib.labelling.intervals import wilson
from chalicelib.labelling.report import (
    MOST_EXPERTS,
    PAUSE,
    UNUSABLE,
    Bar,
    ExpertFigures,
    Figure,
    FiguresOfOneModel,
    Measure,
    ModelFigures,
    Pause,
    Sentence,
    Share,
)
from chalicelib.platform.lesion_classes import MALIGNANT, LesionClass

DIGITS: Final = 4
FIRST_READINGS: Final = 2


@dataclass
class Tally:
    """So many of so many."""

    count: int = 0
    of: int = 0

    def add(self, counted: bool) -> None:
        self.count += counted
        self.of += 1

    def share(self) -> Share:
        if not self.of:
            return Share(count=0, of=0, value=None, low=None, high=None)
        low, high = (round(end, DIGITS) for end in wilson(self.count, self.of))
        value = round(self.count / self.of, DIGITS)
        return Share(count=self.count, of=self.of, value=value, low=low, high=high)


@dataclass
class _Judged:
    """Answers against the truth, by what the truth is."""

    malignant: Tally = field(default_factory=Tally)
    benign: Tally = field(default_factory=Tally)

    def add(self, answer: LesionClass, truth: LesionClass | None) -> None:
        if truth in (None, LesionClass.UNKNOWN):
            return
        if truth in MALIGNANT:
            self.malignant.add(answer in MALIGNANT)
        else:
            self.benign.add(answer not in MALIGNANT and answer is not LesionClass.UNKNOWN)


@dataclass
class _Reader:
    """What is counted of one reader."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    agreement: Tally = field(default_factory=Tally)
    with_verdict: Tally = field(default_factory=Tally)
    consistency: Tally = field(default_factory=Tally)
    gold: Tally = field(default_factory=Tally)
    judged: _Judged = field(default_factory=_Judged)

    @property
    def work(self) -> int:
        return self.counts["readings"] + self.counts["arbitrations"] + self.counts["probes"]


@dataclass(frozen=True)
class Read:
    """A ballot with its votes in the order of time."""

    ballot: Ballot
    votes: Sequence[Vote]
    firsts: Sequence[Vote]
    """The two blind readings that came first, by two readers; fewer where there are fewer."""

    @property
    def twice(self) -> bool:
        return len(self.firsts) == FIRST_READINGS


def read(ballot: Ballot) -> Read:
    """Put the votes of a ballot into order."""
    votes = sorted(ballot.votes, key=_order)
    blind: dict[str, Vote] = {}
    for vote in votes:
        if not vote.arbitration and vote.probe is None:
            blind.setdefault(vote.account_id, vote)
    return Read(ballot, votes, tuple(blind.values())[:FIRST_READINGS])


def said(vote: Vote) -> str:
    """The class a reader gave, or that the image is unusable."""
    return UNUSABLE if vote.quality is Quality.UNUSABLE else vote.diagnosis.value


def of_experts(cases: Iterable[Read], bar: Bar) -> list[ExpertFigures]:
    """Each reader's figures, those with most readings first."""
    readers: dict[str, _Reader] = defaultdict(_Reader)
    for case in cases:
        _count(case, readers)
        _beside_each_other(case, readers)
    ordered = sorted(readers, key=lambda account: (-readers[account].work, account))
    return [_expert(account, readers[account], bar) for account in ordered[:MOST_EXPERTS]]


def of_model(ballots: Iterable[Ballot]) -> ModelFigures:
    """The figures of whichever model was asked, over all cases."""
    abstained, judged = Tally(), _Judged()
    melanoma: list[float] = []
    malignant: list[float] = []
    truths: list[LesionClass] = []
    for ballot in ballots:
        if ballot.probabilities is None:
            continue
        abstained.add(ballot.abstained)
        top = LesionClass(max(ballot.probabilities, key=ballot.probabilities.__getitem__))
        judged.add(LesionClass.UNKNOWN if ballot.abstained else top, ballot.truth)
        # A picture that it took for no dermatoscopic one has no place in the order of its scores.
        judged_it = ballot.probabilities.get(LesionClass.UNKNOWN, 0.0) < 1
        if ballot.truth not in (None, LesionClass.UNKNOWN) and judged_it:
            truths.append(ballot.truth)
            melanoma.append(ballot.probabilities.get(LesionClass.MELANOMA, 0.0))
            malignant.append(sum(ballot.probabilities.get(name, 0.0) for name in _MALIGNANT))
    return ModelFigures(
        asked=abstained.of,
        abstained=abstained.share(),
        sensitivity=judged.malignant.share(),
        specificity=judged.benign.share(),
        melanoma_auc=_area(
            area_under_curve(melanoma, [truth is LesionClass.MELANOMA for truth in truths])
        ),
        malignancy_auc=_area(area_under_curve(malignant, [truth in MALIGNANT for truth in truths])),
    )


def of_each_model(ballots: Iterable[Ballot]) -> list[FiguresOfOneModel]:
    """The figures of each model by name and version, over the cases that were opened with its opinion."""
    by_model: dict[tuple[str, str] | None, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        if ballot.probabilities is not None:
            by_model[ballot.model].append(ballot)
    return [
        FiguresOfOneModel(
            **dict(of_model(by_model[model])),
            name=model and model[0],
            version=model and model[1],
        )
        for model in sorted(by_model, key=lambda model: model or ("", ""))
    ]


def _count(case: Read, readers: dict[str, _Reader]) -> None:
    ballot = case.ballot
    own: dict[str, Vote] = {}
    for vote in case.votes:
        reader = readers[vote.account_id]
        kind = "probes" if vote.probe else "arbitrations" if vote.arbitration else "readings"
        reader.counts[kind] += 1
        reader.counts[said(vote)] += 1
        if vote.seconds is not None:
            reader.seconds.append(vote.seconds)
        if vote.probe is not Probe.CONSISTENCY:
            own.setdefault(vote.account_id, vote)
        elif vote.account_id in own:
            reader.consistency.add(said(vote) == said(own[vote.account_id]))
        if vote.probe is Probe.GOLD and ballot.truth is not None:
            reader.gold.add(said(vote) == ballot.truth.value)
    for account_id, vote in own.items():
        if vote.quality is not Quality.UNUSABLE:
            readers[account_id].judged.add(vote.diagnosis, ballot.truth)


def _beside_each_other(case: Read, readers: dict[str, _Reader]) -> None:
    answers, verdict = [said(vote) for vote in case.firsts], case.ballot.verdict
    for vote, answer in zip(case.firsts, answers, strict=True):
        if verdict is not None:
            readers[vote.account_id].with_verdict.add(answer == verdict.value)
        if case.twice:
            readers[vote.account_id].agreement.add(answers[0] == answers[1])


def _expert(account_id: str, reader: _Reader, bar: Bar) -> ExpertFigures:
    sensitivity, specificity = reader.judged.malignant.share(), reader.judged.benign.share()
    return ExpertFigures(
        account_id=account_id,
        readings=reader.counts["readings"],
        arbitrations=reader.counts["arbitrations"],
        probes=reader.counts["probes"],
        unknown=reader.counts[LesionClass.UNKNOWN.value],
        unusable=reader.counts[UNUSABLE],
        agreement=reader.agreement.share(),
        with_verdict=reader.with_verdict.share(),
        sensitivity=sensitivity,
        specificity=specificity,
        median_seconds=round(median(reader.seconds), 1) if reader.seconds else None,
        consistency=reader.consistency.share(),
        gold=reader.gold.share(),
        suggest_pause=_pause(Measure.SENSITIVITY, sensitivity, bar.sensitivity, bar.cases)
        or _pause(Measure.SPECIFICITY, specificity, bar.specificity, bar.cases),
    )


def _pause(measure: Measure, share: Share, bar: float, cases: int) -> Pause | None:
    """Only where enough cases are known, and even the upper end of the interval is below the bar."""
    if share.high is None or share.of < cases or share.high >= bar:
        return None
    reason = PAUSE[measure].filled(
        cases=share.of, count=share.count, high=f"{share.high:.2f}", bar=f"{bar:.2f}"
    )
    return Pause(
        measure=measure,
        cases=share.of,
        high=share.high,
        bar=bar,
        reason=Sentence(ru=reason.ru, en=reason.en),
    )


def _area(area: Area | None) -> Figure:
    if area is None:
        return Figure(value=None, low=None, high=None)
    value, low, high = (round(each, DIGITS) for each in (area.value, area.low, area.high))
    return Figure(value=value, low=low, high=high)


def _order(vote: Vote) -> tuple[object, ...]:
    return vote.at, vote.account_id


_MALIGNANT: Final = tuple(sorted(each.value for each in MALIGNANT))
