"""Whose turn a test is: rules on the vendor's item alone."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.evaluation.admission import Wish, known, refusal
from chalicelib.evaluation.model import RUNS_A_MONTH, Outcome, Run, Test, Vendor
from chalicelib.platform.errors import TooMany

NOW = datetime(2026, 12, 30, 12, tzinfo=UTC)
PASSED, FAILED, EXPIRED = Outcome.PASSED, Outcome.FAILED, Outcome.EXPIRED


def run(
    name: str,
    test: Test,
    outcome: Outcome | None = None,
    *,
    algorithm: str = "a1",
    service: str = "reader",
    release: str | None = None,
    begun_at: datetime = NOW - timedelta(days=60),
) -> Run:
    return Run(
        evaluation_id=name,
        algorithm_id=algorithm,
        service=service,
        test=test,
        code="DS",
        version="1.0.0",
        release_id=release or f"release-{name}",
        begun_at=begun_at,
        outcome=outcome,
    )


def vendor(*runs: Run) -> Vendor:
    return Vendor(vendor_id="v", runs={one.evaluation_id: one for one in runs})


def code(before: Vendor, wanted: Run, *seen: str) -> str | None:
    refused = refusal(before, Wish(run=wanted, seen=frozenset(seen)))
    return refused.code if refused else None


FT_PASSED = run("ft", Test.FT_I, PASSED)
KLT = run("new", Test.KLT_I, begun_at=NOW)


@pytest.mark.parametrize(
    ("before", "wanted", "expected"),
    [
        ([], run("new", Test.FT_I, begun_at=NOW), None),
        ([], KLT, "functional_first"),
        ([run("ft", Test.FT_I, FAILED)], KLT, "functional_first"),
        ([run("ft", Test.FT_I, PASSED, algorithm="a0")], KLT, "functional_first"),
        ([FT_PASSED], KLT, None),
        ([run("ft", Test.FT_II, PASSED)], KLT, None),
        ([FT_PASSED, run("o", Test.KLT_I)], KLT, "run_open"),
        ([FT_PASSED, run("o", Test.KLT_I, algorithm="a2", service="other")], KLT, None),
        ([FT_PASSED, run("k", Test.KLT_I, FAILED, algorithm="a0")], KLT, "take_repeated"),
        ([FT_PASSED, run("k", Test.KLT_I, FAILED, service="other")], KLT, None),
        ([FT_PASSED, run("k", Test.KLT_I, EXPIRED)], KLT, None),
        ([FT_PASSED, run("k", Test.KLT_I, PASSED, release=KLT.release_id)], KLT, "judged_already"),
    ],
)
def test_tests_come_in_the_papers_order(
    before: list[Run], wanted: Run, expected: str | None
) -> None:
    assert code(vendor(*before), wanted) == expected


def test_a_repeated_test_follows_a_failed_first_one_on_images_that_were_not_seen() -> None:
    wanted = run("new", Test.KLT_II, begun_at=NOW)
    assert code(vendor(FT_PASSED), wanted) == "nothing_to_repeat"
    expired = run("k", Test.KLT_I, EXPIRED)
    assert code(vendor(FT_PASSED, expired), wanted) == "nothing_to_repeat"
    failed = run("k", Test.KLT_I, FAILED, algorithm="a0")
    assert code(vendor(FT_PASSED, failed), wanted) is None
    # It shares an image with a set that was seen, whatever became of that test and of whose it was.
    assert code(vendor(FT_PASSED, failed), wanted, failed.release_id) == "set_seen"
    other = run("x", Test.KLT_I, EXPIRED, algorithm="a9", service="z", release=wanted.release_id)
    assert code(vendor(FT_PASSED, failed, other), wanted) == "set_seen"


def test_a_report_tells_labels_so_that_a_calibration_set_is_good_for_one_verdict() -> None:
    """A ROC curve over scores that one knows tells every label, whatever service gave the scores."""
    wanted = run("new", Test.KLT_I, algorithm="b", service="b", begun_at=NOW)
    functional = run("ft", Test.FT_I, PASSED, algorithm="b", service="b")
    probing = run("p", Test.KLT_I, FAILED, service="probe", release=wanted.release_id)
    assert code(vendor(functional, probing), wanted) == "labels_told"
    sharing = run("p", Test.KLT_I, PASSED, service="probe")
    assert code(vendor(functional, sharing), wanted) is None
    assert code(vendor(functional, sharing), wanted, sharing.release_id) == "labels_told"
    # Of two open tests the report of the first would tell what to answer in the second.
    under_way = run("p", Test.KLT_I, service="probe", release=wanted.release_id)
    assert code(vendor(functional, under_way), wanted) == "labels_told"
    assert code(vendor(functional, run("p", Test.KLT_I)), wanted, "release-p") == "labels_told"
    # Without a report nothing was told, and functional sets may be taken again.
    unreported = run("p", Test.KLT_I, EXPIRED, service="probe", release=wanted.release_id)
    assert code(vendor(functional, unreported), wanted) is None
    again = run("f2", Test.FT_I, release="release-ft", algorithm="c", service="c", begun_at=NOW)
    assert code(vendor(functional), again) is None


def test_a_month_has_so_many_tests_and_then_says_when_the_next_one_begins() -> None:
    month = [
        run(f"r{n}", Test.FT_I, PASSED, algorithm=f"a{n}", service=f"s{n}", begun_at=NOW)
        for n in range(RUNS_A_MONTH)
    ]
    wanted = run("new", Test.FT_I, algorithm="b", service="b", begun_at=NOW)
    assert code(vendor(*month[1:]), wanted) is None
    refused = refusal(vendor(*month), Wish(run=wanted, seen=frozenset()))
    assert isinstance(refused, TooMany)
    again = NOW + timedelta(seconds=refused.retry_after)
    assert (again.year, again.month, again.day) == (2027, 1, 1)
    assert code(vendor(*month), run("new", Test.FT_I, algorithm="b", begun_at=again)) is None


def test_the_same_request_again_is_no_second_test() -> None:
    assert code(vendor(KLT), KLT) is None


def test_a_place_taken_by_a_request_that_died_is_free_after_a_minute() -> None:
    young = run("young", Test.FT_I, begun_at=NOW - timedelta(seconds=59))
    dead = run("dead", Test.FT_I, begun_at=NOW - timedelta(seconds=61))
    ended = run("ended", Test.FT_I, begun_at=NOW - timedelta(days=8))
    there = known(vendor(young, dead, ended), {"ended": EXPIRED}, NOW)
    assert {name: one.outcome for name, one in there.runs.items()} == {
        "young": None,
        "ended": EXPIRED,
    }
