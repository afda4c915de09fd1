"""What needs a human today is counted in the background, without a scan, and told in order of urgency."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.advice.model import Answers, FirstAdvice, Opinion, Question, Said
from chalicelib.advice.store import QuestionStore
from chalicelib.events import agreement
from chalicelib.images.selectable import selectable
from chalicelib.labelling import driving
from chalicelib.oversight import counting, report
from chalicelib.oversight.attention import attention
from chalicelib.oversight.counting import count_up
from chalicelib.oversight.report import AttentionKind, Counted, DeadCount, Overview
from chalicelib.oversight.slow_counts import slow_counts
from chalicelib.patients.result_store import OVERDUE_AFTER
from chalicelib.people.model import Role
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import due
from chalicelib.platform.table import Change
from tests.evaluation.hidden_sets import DEFECT, MELANOMA, NEVUS, plan, publish
from tests.evaluation.taking import Reporting, answer_rest, begun, registered
from tests.infra.laying_aside import lay_aside
from tests.labelling.making import classified_image
from tests.labelling.reading import arbitrated, read_by_two, senior, swept
from tests.patients.asking import SURVEY, Client
from tests.people.accounts import open_clinic
from tests.reclassification.making import stored
from tests.world import World


def counted(world: World, who: Client) -> dict[str, Any]:
    """The overview, counted anew."""
    world.clock.advance(minutes=15)
    assert count_up(world.platform)
    return asked(who)


def asked(who: Client) -> dict[str, Any]:
    answer = who.ask("GET", "/v1/overview")
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def kinds(told: dict[str, Any]) -> list[str]:
    return [each["kind"] for each in told["attention"]]


def test_before_the_first_count_the_answer_says_to_come_later(curator: Client) -> None:
    answer = curator.ask("GET", "/v1/overview")
    assert (answer.status, answer.error["code"]) == (409, "not_computed")


def test_a_quiet_house_needs_nobody(world: World, curator: Client, admin: Client) -> None:
    told = counted(world, curator)
    assert told["attention"] == []
    assert told["counts"]["cases"] == {
        "by_state": {},
        "open": 0,
        "median_waited_seconds": None,
        "longest_waited_seconds": None,
    }
    assert asked(admin)["computed_at"] == told["computed_at"]
    assert asked(admin)["age_seconds"] == 0


def test_the_event_function_counts_and_http_answers_what_it_stored(
    world: World, curator: Client
) -> None:
    agreement.tick(world.platform, {})
    world.clock.advance(seconds=40)
    with world.counted() as calls:
        told = asked(curator)
    assert dict(calls) == {"dynamodb.GetItem": 1, "dynamodb.PutItem": 1}
    assert told["age_seconds"] == 40
    agreement.tick(world.platform, {})
    assert asked(curator)["computed_at"] == told["computed_at"], "every minute is enough"
    world.clock.advance(seconds=20)
    agreement.tick(world.platform, {})
    assert asked(curator)["computed_at"] > told["computed_at"]


def test_an_overview_is_counted_though_the_figures_of_agreement_fail(
    world: World, curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "measure", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        agreement.tick(world.platform, {})
    assert asked(curator)["attention"] == []


def test_images_and_cases_are_counted_by_state(world: World, curator: Client) -> None:
    for number in range(3):
        stored(world, f"image{number}", patient_id=f"patient{number}")
        world.platform.cases.update(
            keys.image(f"image{number}"), Change(set=selectable(f"image{number}"))
        )
    driving.assign_case(world.platform, "image0")
    world.clock.advance(hours=2)
    driving.assign_case(world.platform, "image1")
    world.clock.advance(hours=1)
    told = counted(world, curator)
    assert told["counts"]["images"]["by_state"] == {"classified": 1, "in_labelling": 2}
    assert told["counts"]["images"]["without_look"] == 3
    cases = told["counts"]["cases"]
    assert (cases["by_state"], cases["open"]) == ({"waiting": 2}, 2)
    assert cases["longest_waited_seconds"] == 3 * 3600 + 900
    assert cases["median_waited_seconds"] == 2 * 3600 + 900
    assert told["cases_without_reader"]["count"] == 2
    assert "cases_without_reader" in kinds(told)


def test_disputed_cases_are_told_with_the_oldest(world: World, curator: Client) -> None:
    third = senior(world)
    read_by_two(world, "melanoma", "nevus")
    arbitrated(world, third, diagnosis="benign_keratosis")
    agreement.tick(world.platform, {})
    told = counted(world, curator)  # the figures say how closed cases stand
    assert told["cases_disputed"]["count"] == 1
    assert told["cases_disputed"]["since"] < told["computed_at"]
    assert told["counts"]["cases"]["by_state"] == {"disputed": 1}


def test_what_the_sweep_did_not_drive_on_is_told_by_kind(world: World, curator: Client) -> None:
    classified_image(world, "image1")
    key = keys.report("histology1")
    world.platform.cases.insert(key, due(key, world.clock.now()))
    world.clock.advance(minutes=16)
    told = counted(world, curator)
    assert {each["kind"]: each["count"] for each in told["overdue"]} == {"image": 1, "report": 1}
    assert kinds(told)[0] == "overdue"


def test_dead_letters_are_told_by_queue(world: World, admin: Client) -> None:
    lay_aside(world, "builds", "?")
    told = counted(world, admin)
    assert {each["queue"]: each["count"] for each in told["dead_letters"]}["builds"] == 1
    assert told["attention"] == [{"kind": "dead_letters", "count": 1, "more": False, "since": None}]


def test_histology_that_is_awaited_too_long_is_told(world: World, curator: Client) -> None:
    doctor = Client(world, "doctor1", open_clinic(world, "clinic1"))
    asking = SURVEY | {"histology_required": True}
    assert doctor.ask("POST", "/v1/surveys", asking).status == 201
    since = world.clock.now()
    assert counted(world, curator)["counts"]["histology_overdue"]["count"] == 0
    world.clock.advance(seconds=OVERDUE_AFTER.total_seconds())
    told = counted(world, curator)["counts"]["histology_overdue"]
    assert (told["count"], told["since"][:19]) == (1, since.isoformat()[:19])


def test_questions_that_no_doctor_answered_in_time_are_told(world: World, curator: Client) -> None:
    now = world.clock.now()
    question = Question(
        question_id="question1",
        patient_id="patient1",
        clinic_id=open_clinic(world, "clinic1"),
        lesion_id="lesion1",
        site="torso",
        asked_by="account1",
        asked_at=now,
        answer_by=now + timedelta(days=3),
        answers=Answers(itching=Said.NO, bleeding=Said.NO, growth=Said.YES, colour=Said.NO),
        text=None,
        image_ids=(),
        measured=None,
        opinion=Opinion(advice=FirstAdvice.SEE_DOCTOR_SOON, reasons=("growth",), rules="1"),
        fingerprint="asked",
        trace="t",
    )
    QuestionStore(world.platform.cases).ask(question)
    assert counted(world, curator)["counts"]["questions_overdue"]["count"] == 0
    swept(world, days=3)
    told = counted(world, curator)
    assert told["counts"]["questions_overdue"] == {
        "count": 1,
        "more": False,
        "since": timestamp(question.answer_by),
    }
    assert kinds(told) == ["questions_overdue"]


def test_releases_are_told_while_they_are_made_and_when_they_failed(
    world: World, curator: Client
) -> None:
    table, now = world.platform.catalogue, "2026-03-02T09:00:00.000000Z"
    for code in ("A", "B", "C"):
        table.insert(keys.dataset(code), {"code": code})
    table.update(keys.dataset("A"), Change(set={"unfinished": "release1"}))
    release = {"release_id": "release1", "code": "A", "state": "building", "requested_at": now}
    table.insert(keys.release("release1"), release)
    failed = {"failed": {"release_id": "release2", "at": now}}
    table.update(keys.dataset("B"), Change(set=failed))
    told = counted(world, curator)
    assert [(each["code"], each["state"]) for each in told["releases_being_made"]] == [
        ("A", "building")
    ]
    assert [(each["code"], each["release_id"]) for each in told["releases_failed"]] == [
        ("B", "release2")
    ]
    assert kinds(told) == ["releases_failed"]


def test_tests_that_wait_for_their_report_are_told_and_late_ones_need_a_human(
    world: World, curator: Client
) -> None:
    publish(world, "DS_FT-I", [MELANOMA, NEVUS, DEFECT], plan())
    vendor = Client(world, "vendor1", "", role=Role.VENDOR)
    evaluation_id = begun(vendor, registered(vendor), "DS_FT-I")
    assert counted(world, curator)["evaluations_awaiting_report"]["count"] == 0
    answer_rest(vendor, evaluation_id)
    told = counted(world, curator)
    assert told["evaluations_awaiting_report"]["count"] == 1
    assert told["reports_late"]["count"] == 0
    for _ in range(2):
        swept(world, minutes=25)
    told = counted(world, curator)
    assert (told["reports_late"]["count"], kinds(told)) == (1, ["reports_late"])
    Reporting().compute(world, evaluation_id)
    assert counted(world, curator)["evaluations_awaiting_report"]["count"] == 0


def test_looks_that_a_preview_waits_for_are_told(world: World, curator: Client) -> None:
    table, at = world.platform.catalogue, "2026-03-02T09:00:00.000000Z"
    table.insert(keys.dataset("A"), {"code": "A"})
    preview = {"code": "A", "asked_at": at, "computed_at": at, "result": '{"waiting": 7}'}
    table.insert(keys.preview("A"), preview)
    told = counted(world, curator)
    assert told["counts"]["looks"] == [{"code": "A", "waiting": 7, "computed_at": at}]
    assert told["attention"] == [{"kind": "looks_undone", "count": 7, "more": False, "since": at}]


def test_what_is_read_whole_is_counted_less_often_the_more_there_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def noted(platform: Any, now: Any) -> report.SlowCounts:
        made.append(str(now))
        many = {"labelled": 150_000}
        found = slow_counts(platform, now)
        images = found.images.model_copy(update={"by_state": many})
        return found.model_copy(update={"images": images})

    monkeypatch.setattr(counting, "slow_counts", noted)
    for _ in range(12):
        count_up(world.platform)
        world.clock.advance(minutes=10)
    assert len(made) == 3, "150,000 images are read again after 50 minutes"


def test_what_is_most_urgent_comes_first() -> None:
    nothing = Counted(count=0)
    quiet = Overview(
        computed_at="",
        attention=[],
        counts=report.SlowCounts(
            counted_at="",
            images=report.ImagesCount(by_state={}, without_look=0),
            cases=report.CasesCount(
                by_state={}, open=0, median_waited_seconds=None, longest_waited_seconds=None
            ),
            histology_overdue=nothing,
            questions_overdue=Counted(count=2, since="2026-01"),
            looks=[report.LooksCount(code="A", waiting=1, computed_at="2026")],
        ),
        cases_without_reader=nothing,
        cases_disputed=Counted(count=4, since="2025"),
        overdue=[
            report.OverdueCount(kind="image", count=2, since="2026-02"),
            report.OverdueCount(kind="case", count=1, more=True, since="2026-01"),
        ],
        duplicates_undecided=Counted(count=1, since="2024"),
        releases_being_made=[],
        releases_failed=[],
        evaluations_awaiting_report=Counted(count=3, since="2026"),
        reports_late=Counted(count=1, since="2026"),
        dead_letters=[DeadCount(queue="builds", count=0), DeadCount(queue="labelling", count=1)],
        audit_faults=1,
    )
    found = attention(quiet)
    assert [each.kind for each in found] == [
        AttentionKind.AUDIT_BROKEN,
        AttentionKind.DEAD_LETTERS,
        AttentionKind.OVERDUE,
        AttentionKind.QUESTIONS_OVERDUE,
        AttentionKind.REPORTS_LATE,
        AttentionKind.DUPLICATES_UNDECIDED,
        AttentionKind.CASES_DISPUTED,
        AttentionKind.LOOKS_UNDONE,
    ]
    overdue = found[2]
    assert (overdue.count, overdue.more, overdue.since) == (3, True, "2026-01")
