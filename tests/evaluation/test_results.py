"""What services answer is checked strictly, with all faults at once. Bad input 24."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.evaluation import results
from chalicelib.evaluation.model import MOST_UNITS
from chalicelib.evaluation.results import fingerprint, read_result, read_results
from chalicelib.platform.errors import Invalid
from chalicelib.platform.ids import Ids
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.strict_json import MAX_BYTES

CLASSES = ["benign_keratosis", "melanoma", "nevus"]
GOOD = {"probabilities": {"benign_keratosis": 0.2, "melanoma": 0.3, "nevus": 0.5}}
KNOWN = frozenset({"u0", "u1", "u2"})


def faults(result: dict[str, Any]) -> set[str]:
    with pytest.raises(Invalid) as refused:
        read_result(result, CLASSES)
    return set(refused.value.fields)


def test_all_faults_of_a_result_are_named_at_once() -> None:
    wrong = {"melanoma": -0.1, "nevus": "NaN", "wart": 0.3, "benign_keratosis": True}
    assert faults({"probabilities": wrong}) == {
        *("probabilities.melanoma", "probabilities.nevus"),
        *("probabilities.wart", "probabilities.benign_keratosis"),
    }
    assert faults({"probabilities": {"nevus": 0.5}}) == {
        *("probabilities.melanoma", "probabilities.benign_keratosis", "probabilities"),
    }
    assert faults({}) == {"probabilities"}
    assert faults({**GOOD, "refused": True}) == {"refused"}
    assert faults({**GOOD, "reason": "why"}) == {"reason"}
    assert faults({"refused": "yes", "reason": "why"}) == {"refused", "reason"}
    assert faults({"probabilities": [1, 2]}) == {"probabilities"}


@pytest.mark.parametrize(("off", "accepted"), [(0.0009, True), (0.0011, False), (-0.0011, False)])
def test_probabilities_may_miss_one_by_a_thousandth(off: float, accepted: bool) -> None:
    given_ = {"benign_keratosis": 0.2, "melanoma": 0.3, "nevus": 0.5 + off}
    if accepted:
        assert read_result({"probabilities": given_}, CLASSES).probabilities == given_
    else:
        assert faults({"probabilities": given_}) == {"probabilities"}


@settings(max_examples=20)
@given(st.lists(st.floats(1e-300, 1), min_size=3, max_size=3))
def test_every_distribution_over_the_classes_is_taken_as_it_is(weights: list[float]) -> None:
    total = sum(weights)
    shares = {name: weight / total for name, weight in zip(CLASSES, weights, strict=True)}
    answered = read_result({"probabilities": shares}, CLASSES)
    assert (answered.probabilities, answered.refused) == (shares, False)


def test_a_results_file_names_missing_extra_and_repeated_units_and_every_faulty_line() -> None:
    sent = [
        {"unit_id": "u0", **GOOD},
        {"unit_id": "u0", **GOOD},
        {"unit_id": "stranger", **GOOD},
        {"unit_id": "u1", "probabilities": {"melanoma": 0.9, "nevus": 0.9, "benign_keratosis": 0}},
        {"refused": True, "patient": "x"},
        7,
    ]
    with pytest.raises(Invalid) as refused:
        read_results(sent, CLASSES, KNOWN, KNOWN)
    assert refused.value.fields == {
        "results.1.unit_id": results.TWICE.filled(line=0),
        "results.2.unit_id": results.NOT_OF_RUN,
        "results.3.probabilities": results.SUM.filled(sum="1.8"),
        "results.4.unit_id": results.NO_ID,
        "results.4.patient": results.NO_SUCH_FIELD,
        "results.5": results.OBJECT,
        "missing.u2": results.MISSING,
    }


def test_a_unit_that_was_withdrawn_may_be_in_the_file_or_not() -> None:
    both = [{"unit_id": "u0", **GOOD}, {"unit_id": "u1", "refused": True}]
    assert set(read_results(both, CLASSES, KNOWN, frozenset({"u0", "u1"}))) == {"u0", "u1"}
    assert set(read_results(both, CLASSES, KNOWN, frozenset({"u0"}))) == {"u0", "u1"}


def test_a_fingerprint_heeds_values_and_no_order() -> None:
    assert fingerprint({"a": 1, "b": 0.5}) == fingerprint({"b": 0.5, "a": 1})
    assert fingerprint({"a": 0.5}) != fingerprint({"a": 0.25})


def test_the_results_of_the_largest_set_fit_into_a_request() -> None:
    shares = dict.fromkeys((one.value for one in LesionClass), 1 / 3 * 1e-5)
    line = {
        "unit_id": "i" * len(Ids(b"a key of the tests, long enough.").new()),
        "probabilities": shares,
    }
    assert len(json.dumps({"results": [line] * MOST_UNITS}).encode()) < 0.95 * MAX_BYTES
