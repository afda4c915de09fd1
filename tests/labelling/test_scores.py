"""How readers and the model are judged against the truth."""

from datetime import timedelta

import pytest
from sklearn.metrics import roc_auc_score

from chalicelib.labelling.ballots import Ballot, Probe, Quality
from chalicelib.labelling.intervals import wilson
from chalicelib.labelling.report import Bar
from chalicelib.labelling.scores import of_each_model, of_experts, of_model, read
from chalicelib.platform.lesion_classes import MALIGNANT, LesionClass
from tests.labelling.balloting import START, ballot, practice, vote

NEVUS, MELANOMA, UNKNOWN = LesionClass.NEVUS, LesionClass.MELANOMA, LesionClass.UNKNOWN


def judged(*answers: tuple[LesionClass, LesionClass | None, Quality]) -> tuple[int, ...]:
    """Right and all, of malignant and of benign cases, by one reader's (answer, truth, quality)."""
    ballots = [
        ballot(str(n), [vote("a", said, quality=quality)], None, rule="", truth=truth)
        for n, (said, truth, quality) in enumerate(answers)
    ]
    [figures] = of_experts(map(read, ballots), Bar())
    of = figures.sensitivity, figures.specificity
    return tuple(number for share in of for number in (share.count, share.of))


GOOD, UNUSABLE = Quality.GOOD, Quality.UNUSABLE


@pytest.mark.parametrize("truth", sorted(MALIGNANT))
def test_any_malignant_answer_finds_any_malignant_truth(truth: LesionClass) -> None:
    assert judged((LesionClass.BASAL_CELL_CARCINOMA, truth, GOOD)) == (1, 1, 0, 0)
    assert judged((NEVUS, truth, GOOD)) == (0, 1, 0, 0)


def test_any_benign_answer_clears_any_benign_truth() -> None:
    assert judged((LesionClass.DERMATOFIBROMA, NEVUS, GOOD)) == (0, 0, 1, 1)
    assert judged((MELANOMA, NEVUS, GOOD)) == (0, 0, 0, 1)


def test_not_knowing_is_a_miss_and_a_false_alarm() -> None:
    assert judged((UNKNOWN, MELANOMA, GOOD), (UNKNOWN, NEVUS, GOOD)) == (0, 1, 0, 1)


def test_an_unusable_image_an_unknown_truth_and_none_judge_nobody() -> None:
    assert judged((NEVUS, MELANOMA, UNUSABLE), (NEVUS, UNKNOWN, GOOD), (NEVUS, None, GOOD)) == (
        0,
        0,
        0,
        0,
    )


def test_shares_carry_wilsons_interval() -> None:
    answers = [(MELANOMA, MELANOMA)] * 29 + [(NEVUS, MELANOMA)]
    ballots = [
        ballot(str(n), [vote("a", said)], None, rule="", truth=truth)
        for n, (said, truth) in enumerate(answers)
    ]
    [figures] = of_experts(map(read, ballots), Bar())
    low, high = wilson(29, 30)
    assert figures.sensitivity.low == pytest.approx(low, abs=1e-4)
    assert figures.sensitivity.high == pytest.approx(high, abs=1e-4)
    assert figures.specificity.value is None


def _known(ballots: list[Ballot]) -> list[Ballot]:
    return [each for each in ballots if each.truth is not None]


def test_the_model_is_judged_like_a_reader_and_by_its_probabilities() -> None:
    ballots = practice(500)
    found = of_model(ballots)
    assert (found.asked, found.abstained.count) == (500, sum(each.abstained for each in ballots))
    known = _known(ballots)
    malignant = [each.truth in MALIGNANT for each in known]
    top = [
        max(each.probabilities or {}, key=(each.probabilities or {}).__getitem__) for each in known
    ]
    hits = sum(
        bad and name in MALIGNANT and not each.abstained
        for bad, name, each in zip(malignant, top, known, strict=True)
    )
    assert (found.sensitivity.count, found.sensitivity.of) == (hits, sum(malignant))
    scores = [sum((each.probabilities or {})[name] for name in MALIGNANT) for each in known]
    expected = roc_auc_score(malignant, scores)
    assert found.malignancy_auc.value == pytest.approx(expected, abs=1e-4)
    melanoma = [(each.probabilities or {})["melanoma"] for each in known]
    expected = roc_auc_score([each.truth is MELANOMA for each in known], melanoma)
    assert found.melanoma_auc.value == pytest.approx(expected, abs=1e-4)


def test_each_model_is_scored_on_the_cases_that_were_opened_with_its_opinion() -> None:
    sure, wrong = {"melanoma": 0.9, "nevus": 0.1}, {"melanoma": 0.1, "nevus": 0.9}
    ballots = [
        ballot(str(n), [], None, truth=MELANOMA, probabilities=said, model=model)
        for n, (said, model) in enumerate(
            [(sure, ("rodinka", "2")), (wrong, ("rodinka", "1")), (wrong, None), (sure, None)]
        )
    ]
    found = of_each_model([*ballots, ballot("unasked", [], None, truth=MELANOMA)])
    assert [(each.name, each.version, each.asked, each.sensitivity.count) for each in found] == [
        (None, None, 2, 1),
        ("rodinka", "1", 1, 0),
        ("rodinka", "2", 1, 1),
    ]


def test_a_picture_that_was_not_judged_is_an_abstention_and_has_no_place_in_the_curve() -> None:
    judged_ones = [
        ballot("1", [], None, truth=MELANOMA, probabilities={"melanoma": 0.9, "nevus": 0.1}),
        ballot("2", [], None, truth=NEVUS, probabilities={"melanoma": 0.2, "nevus": 0.8}),
    ]
    unjudged = ballot("3", [], None, truth=MELANOMA, probabilities={"unknown": 1.0}, abstained=True)
    found = of_model([*judged_ones, unjudged])
    assert (found.abstained.count, found.sensitivity.count, found.sensitivity.of) == (1, 1, 2)
    assert found.melanoma_auc.value == 1


def test_a_model_that_was_never_asked_has_no_figures() -> None:
    found = of_model([ballot("1", [vote("a", NEVUS)], None, truth=MELANOMA)])
    assert found.asked == found.sensitivity.of == 0
    assert found.melanoma_auc.value is None


def test_the_reader_with_most_readings_comes_first() -> None:
    ballots = [
        ballot(str(n), [vote("b", NEVUS), vote("ac"[n % 2], NEVUS)], NEVUS) for n in range(3)
    ]
    found = of_experts(map(read, ballots), Bar())
    assert [each.account_id for each in found] == ["b", "a", "c"]


def test_the_first_two_blind_readings_by_two_readers_are_the_first_readings() -> None:
    votes = [
        vote("c", NEVUS, at=START + timedelta(hours=3)),
        vote("a", NEVUS, at=START + timedelta(hours=2)),
        vote("s", NEVUS, at=START, arbitration=True),
        vote("g", NEVUS, at=START, probe=Probe.GOLD),
        vote("b", MELANOMA, at=START + timedelta(hours=1)),
        vote("b", NEVUS, at=START + timedelta(hours=1, minutes=1)),
    ]
    firsts = read(ballot("1", votes, NEVUS)).firsts
    assert [(each.account_id, each.diagnosis) for each in firsts] == [("b", MELANOMA), ("a", NEVUS)]
