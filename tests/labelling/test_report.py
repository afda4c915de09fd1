"""The report on agreement says of a practice what can be counted by hand."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from chalicelib.labelling.agreement import cohen_kappa, fleiss_kappa, raw_agreement
from chalicelib.labelling.ballots import Ballot, Probe, Quality, Vote
from chalicelib.labelling.figures import report
from chalicelib.labelling.intervals import wilson
from chalicelib.labelling.report import (
    MOST_CLINICS,
    MOST_EXPERTS,
    MOST_MONTHS,
    MOST_OVERTURNED,
    MOST_PAIRS,
    AgreementReport,
    Bar,
    ConsensusMethod,
    ExpertFigures,
    Measure,
)
from chalicelib.platform.lesion_classes import LesionClass
from tests.labelling.balloting import START, ballot, practice, vote

NOW = datetime(2027, 1, 1, tzinfo=UTC)
NEVUS, MELANOMA, UNKNOWN = LesionClass.NEVUS, LesionClass.MELANOMA, LesionClass.UNKNOWN
KERATOSIS = LesionClass.BENIGN_KERATOSIS


def of(ballots: list[Ballot], *, bar: Bar | None = None) -> AgreementReport:
    return report(ballots, now=NOW, draw=1, bar=bar)


def expert(found: AgreementReport, account_id: str) -> ExpertFigures:
    [figures] = [each for each in found.by_expert if each.account_id == account_id]
    return figures


def twice(
    image_id: str, one: LesionClass, other: LesionClass, *, by: tuple[str, str] = ("a", "b")
) -> tuple[str, list[Vote], LesionClass | None]:
    """A case read by two; disputed unless they agree."""
    votes = [vote(by[0], one), vote(by[1], other)]
    return image_id, votes, one if one is other is not UNKNOWN else None


@pytest.fixture(scope="module")
def made_up() -> list[Ballot]:
    return practice(600, readers=5, clinics=3)


@pytest.fixture(scope="module")
def whole(made_up: list[Ballot]) -> AgreementReport:
    return of(made_up)


def test_cases_are_counted_by_what_decided_them(
    made_up: list[Ballot], whole: AgreementReport
) -> None:
    rules = Counter(each.rule for each in made_up)
    counts = whole.counts
    assert counts.cases == 600
    assert (counts.two_agree, counts.arbitration, counts.disputed) == tuple(
        rules[rule] for rule in ("two_agree", "arbitration", "disputed")
    )
    assert counts.truth_known == 120
    assert whole.disputed_after_two.count == counts.arbitration + counts.disputed
    assert whole.disputed_after_two.published == 0.25
    assert whole.disputed_after_three.value == pytest.approx(counts.disputed / 600, abs=1e-4)
    assert whole.disputed_after_three.published == 0.04


def test_figures_are_those_of_the_first_readings_only(
    made_up: list[Ballot], whole: AgreementReport
) -> None:
    readings = [
        (
            each.image_id,
            reading.account_id,
            "unusable" if reading.quality is Quality.UNUSABLE else reading.diagnosis.value,
        )
        for each in made_up
        for reading in each.votes[:2]
    ]
    assert whole.cases == 600
    assert whole.raw_agreement.value == pytest.approx(raw_agreement(readings), abs=1e-4)
    assert whole.fleiss_kappa.value == pytest.approx(fleiss_kappa(readings), abs=1e-4)
    assert whole.cohen_kappa.value == pytest.approx(cohen_kappa(readings), abs=1e-4)
    for figure in (whole.raw_agreement, whole.cohen_kappa, whole.krippendorff_alpha):
        assert figure.low is not None
        assert figure.value is not None
        assert figure.high is not None
        assert figure.low < figure.value < figure.high


def test_probes_and_arbitration_change_no_figure_of_agreement(
    made_up: list[Ballot], whole: AgreementReport
) -> None:
    bare = [replace(each, votes=each.votes[:2]) for each in made_up]
    without = of(bare)
    assert without.fleiss_kappa == whole.fleiss_kappa
    assert (without.by_pair, without.by_clinic) == (whole.by_pair, whole.by_clinic)
    assert without.confusion == whole.confusion


def test_parts_hold_all_cases_between_them(whole: AgreementReport) -> None:
    for part in (whole.by_pair, whole.by_clinic, whole.by_month):
        assert sum(each.cases for each in part) == 600
    assert len(whole.by_pair) == 10
    assert {each.clinic_id for each in whole.by_clinic} == {"clinic0", "clinic1", "clinic2"}
    months = [each.month for each in whole.by_month]
    assert months == sorted(months)
    assert months[0] == "2025-01"
    assert {each.diagnosis for each in whole.by_class} == set(LesionClass)
    assert sum(each.cases for each in whole.confusion) == 600


def test_agreement_on_one_class_is_that_on_whether_it_is_this_class() -> None:
    pairs = [(MELANOMA, MELANOMA), (MELANOMA, NEVUS), (NEVUS, KERATOSIS), (NEVUS, NEVUS)] * 10
    found = of([ballot(*twice(str(n), *pair)) for n, pair in enumerate(pairs)])
    [melanoma] = [each for each in found.by_class if each.diagnosis is MELANOMA]
    assert melanoma.raw_agreement.value == 0.75
    assert melanoma.cohen_kappa.value == pytest.approx(0.5)


def test_pairs_with_few_cases_in_common_are_not_shown_by_themselves() -> None:
    cases = [twice(f"{n}", NEVUS, (NEVUS, MELANOMA)[n % 2], by=("b", "a")) for n in range(20)]
    cases += [twice(f"x{n}", NEVUS, NEVUS, by=("a", "c")) for n in range(19)]
    [pair] = of([ballot(*case) for case in cases]).by_pair
    assert (pair.account_ids, pair.cases, pair.raw_agreement.value) == (["a", "b"], 20, 0.5)


def test_confusion_names_each_pair_once_whoever_said_which() -> None:
    cases = [twice("1", NEVUS, MELANOMA), twice("2", MELANOMA, NEVUS), twice("3", NEVUS, NEVUS)]
    blurred = [vote("a", NEVUS), vote("b", NEVUS, quality=Quality.UNUSABLE)]
    found = of([*(ballot(*case) for case in cases), ballot("4", blurred, None, rule="disputed")])
    assert [(each.one, each.other, each.cases) for each in found.confusion] == [
        ("nevus", "melanoma", 2),
        ("nevus", "nevus", 1),
        ("nevus", "unusable", 1),
    ]


def test_other_rules_stand_beside_the_verdicts(
    made_up: list[Ballot], whole: AgreementReport
) -> None:
    assert [each.rule for each in whole.other_rules] == list(ConsensusMethod)
    for each in whole.other_rules:
        decided = sum(case.verdict is not None for case in made_up)
        assert each.compared + each.undecided == decided
        assert each.settled <= whole.counts.disputed
    majority, _, dawid_skene = whole.other_rules
    assert majority.differ == 0, "a verdict is what most said, wherever most said something"
    assert dawid_skene.settled > majority.settled
    verdicts = {each.image_id: each.verdict for each in made_up}
    assert len(whole.doubtful) == min(dawid_skene.differ, 50)
    assert all(each.verdict is verdicts[each.image_id] for each in whole.doubtful)
    assert all(each.dawid_skene is not each.verdict for each in whole.doubtful)


def test_a_case_that_neither_reader_knows_is_left_open_by_every_rule() -> None:
    cases = [ballot(*twice(str(n), NEVUS, NEVUS)) for n in range(5)]
    found = of([*cases, ballot(*twice("dark", UNKNOWN, UNKNOWN), rule="disputed")])
    assert {(each.compared, each.settled) for each in found.other_rules} == {(5, 0)}


def test_what_truth_contradicts_is_listed_newest_first() -> None:
    cases = [
        ballot(*twice(str(n), NEVUS, NEVUS), truth=MELANOMA, opened_at=START + timedelta(n))
        for n in range(120)
    ]
    right = ballot(*twice("right", NEVUS, NEVUS), truth=NEVUS)
    unclear = ballot(*twice("unclear", NEVUS, NEVUS), truth=UNKNOWN)
    found = of([*cases, right, unclear])
    assert found.counts.overturned == 120
    assert [each.image_id for each in found.overturned] == [str(n) for n in range(119, 19, -1)]


def test_the_same_seed_gives_the_same_report_whatever_gives_it(
    made_up: list[Ballot], whole: AgreementReport
) -> None:
    again = report(iter(made_up), now=NOW, draw=np.random.default_rng(1))
    assert again == whole
    assert report(made_up, now=NOW, draw=2).raw_agreement != whole.raw_agreement


def test_an_empty_practice_has_an_empty_report() -> None:
    found = of([])
    assert found.counts.cases == found.cases == 0
    assert found.raw_agreement.value is found.disputed_after_two.value is None
    assert not any((found.by_expert, found.by_class, found.confusion, found.doubtful))
    assert found.model.asked == 0
    assert found.computed_at == "2027-01-01T00:00:00.000000Z"
    assert AgreementReport.model_validate_json(found.model_dump_json()) == found


def test_a_case_of_one_reading_enters_no_agreement() -> None:
    alone = ballot("1", [vote("a", NEVUS), vote("a", NEVUS)], None, rule="", truth=MELANOMA)
    found = of([alone])
    assert (found.cases, found.counts.unfinished) == (0, 1)
    assert expert(found, "a").agreement.of == 0
    assert expert(found, "a").sensitivity.of == 1, "his first reading is judged, and once"


def test_the_report_stays_small_with_very_many_readers() -> None:
    """Every list is full, every reader has a reason to pause, and each letter is escaped."""
    ballots = practice(2500, readers=400, clinics=400)
    ballots += [
        ballot(f"{n:064}", votes, verdict, truth=truth, opened_at=START + timedelta(days=n % 1500))
        for n in range(1300)
        for _, votes, verdict in [twice("", NEVUS, NEVUS, by=(f"{n % 60:064}", f"z{n % 60:063}"))]
        for truth in [MELANOMA if n < 120 else NEVUS]
    ]
    found = of(ballots, bar=Bar(cases=0, sensitivity=1.1, specificity=1.1))
    lengths = [len(found.by_expert), len(found.by_pair), len(found.by_clinic), len(found.by_month)]
    assert lengths == [MOST_EXPERTS, MOST_PAIRS, MOST_CLINICS, MOST_MONTHS]
    assert len(found.overturned) == MOST_OVERTURNED
    assert all(each.suggest_pause for each in found.by_expert)
    assert len(json.dumps(found.model_dump(mode="json"))) < 300_000


@pytest.mark.parametrize("measure", list(Measure))
def test_a_pause_is_suggested_only_when_chance_alone_does_not_explain_it(
    measure: Measure,
) -> None:
    truth, wrong = (MELANOMA, NEVUS) if measure is Measure.SENSITIVITY else (NEVUS, MELANOMA)
    bar = Bar(cases=20, sensitivity=0.8, specificity=0.8)

    def suggested(right: int, cases: int) -> ExpertFigures:
        said = [truth] * right + [wrong] * (cases - right)
        return expert(
            of(
                [
                    ballot(str(n), [vote("a", each)], None, rule="", truth=truth)
                    for n, each in enumerate(said)
                ],
                bar=bar,
            ),
            "a",
        )

    assert suggested(0, 19).suggest_pause is None, "too few cases"
    assert suggested(14, 20).suggest_pause is None, "0.70, but up to 0.85"
    pause = suggested(10, 20).suggest_pause
    assert pause is not None
    assert (pause.measure, pause.cases, pause.bar) == (measure, 20, 0.8)
    assert pause.high == pytest.approx(wilson(10, 20)[1], abs=1e-4)
    assert "20" in pause.reason.ru
    assert "0.70" in pause.reason.en


def test_probes_are_kinds_of_their_own() -> None:
    votes = [
        vote("a", NEVUS),
        vote("b", MELANOMA, seconds=10.0),
        vote("s", MELANOMA, arbitration=True, seconds=None),
        vote("a", MELANOMA, probe=Probe.CONSISTENCY, at=START + timedelta(90), seconds=50.0),
        vote("g", MELANOMA, probe=Probe.GOLD),
    ]
    found = of([ballot("1", votes, MELANOMA, rule="arbitration", truth=MELANOMA)])
    a, b, s, g = (expert(found, account) for account in "absg")
    assert (a.readings, a.probes, a.median_seconds) == (1, 1, 40.0)
    assert (a.consistency.count, a.consistency.of) == (0, 1)
    assert (a.sensitivity.count, a.sensitivity.of) == (0, 1), "the second look is no second chance"
    assert (a.with_verdict.count, b.with_verdict.count) == (0, 1)
    assert (a.agreement.of, a.agreement.count) == (1, 0)
    assert (s.arbitrations, s.readings, s.agreement.of, s.median_seconds) == (1, 0, 0, None)
    assert (s.sensitivity.count, s.sensitivity.of) == (1, 1)
    assert (g.gold.count, g.gold.of, g.probes, g.readings) == (1, 1, 1, 0)
    assert g.sensitivity.count == 1
    assert found.cases == 1
