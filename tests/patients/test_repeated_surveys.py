"""Requests that come twice, at once, late, or after a crash: each makes what it makes once."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.asking import Answered
from tests.patients.asking import Client
from tests.world import WorkerDied, World

KINDS: dict[str, dict[str, Any]] = {
    "new": {"patient_code": "123429031975"},
    "known": {"patient_id": "known"},
    "further": {"lesion_id": "known"},
    "namesake": {"new_patient": True},
}


def form_of(kind: str, first: dict[str, str]) -> dict[str, Any]:
    """The survey of a kind, after a first one."""
    return {name: first[name] if value == "known" else value for name, value in KINDS[kind].items()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_request_again_gets_the_same_answer_and_makes_nothing(
    doctor: Client, world: World, kind: str
) -> None:
    form = form_of(kind, doctor.enter().body)
    before = doctor.enter("k", **form)
    counts = [len(doctor.items(what)) for what in ("patient", "lesion")]
    world.clock.advance(hours=1)
    again = doctor.enter("k", **form)
    assert (again.status, again.body) == (201, before.body)
    assert [len(doctor.items(what)) for what in ("patient", "lesion")] == counts
    survey_id = before.body["survey_id"]
    assert doctor.acts().count(("survey.created", survey_id)) == 1


OTHER_HAIR = {"hair": "black"}
OTHER_SEX = {"sex": "male"}
OTHER_CONSENT = {"consent": {"research": True, "publication": True}}
OTHER_CODE = {"patient_code": "555529031975"}


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        *(("new", other) for other in (OTHER_HAIR, OTHER_SEX, OTHER_CONSENT, OTHER_CODE)),
        *(("namesake", other) for other in (OTHER_HAIR, OTHER_SEX, OTHER_CONSENT, OTHER_CODE)),
        *(("known", other) for other in (OTHER_HAIR, OTHER_CONSENT)),
        *(("further", other) for other in (OTHER_HAIR, OTHER_SEX, OTHER_CONSENT, OTHER_CODE)),
    ],
)
def test_the_same_key_with_another_body_is_refused_and_changes_nothing(
    doctor: Client, kind: str, other: dict[str, Any]
) -> None:
    form = form_of(kind, doctor.enter().body)
    assert doctor.enter("k", **form).status == 201
    before = [_essence(doctor, what) for what in ("patient", "lesion", "code")]
    reply = doctor.enter("k", **(form | other))
    assert (reply.status, reply.error["code"]) == (409, "idempotency_conflict")
    assert [_essence(doctor, what) for what in ("patient", "lesion", "code")] == before


@pytest.mark.parametrize("first_kind", KINDS)
@pytest.mark.parametrize("then", KINDS)
def test_a_key_serves_one_kind_of_survey_only(
    doctor: Client, world: World, first_kind: str, then: str
) -> None:
    known = doctor.enter().body
    assert doctor.enter("k", **form_of(first_kind, known)).status == 201
    surveys = doctor.surveys()
    reply = doctor.enter("k", **form_of(then, known))
    assert reply.status == (201 if first_kind == then else 409)
    assert doctor.surveys() == surveys


def test_a_key_is_not_burnt_by_a_refusal(doctor: Client) -> None:
    first = doctor.enter().body
    assert doctor.enter("k").status == 409
    assert doctor.enter("k", lesion_id=first["lesion_id"], site="arms").status == 422
    assert doctor.enter("k", lesion_id="nothing").status == 404
    assert doctor.enter("k", lesion_id=first["lesion_id"]).status == 201


def test_two_doctors_may_use_the_same_key(doctor: Client, colleague: Client) -> None:
    first = doctor.enter("k")
    second = colleague.enter("k", patient_id=first.body["patient_id"])
    assert second.status == 201
    assert second.body["survey_id"] != first.body["survey_id"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", range(1, 6))
def test_a_crash_after_any_call_and_the_same_request_again_make_it_once(
    doctor: Client, world: World, kind: str, call: int
) -> None:
    form = form_of(kind, doctor.enter().body)
    patients, surveys = len(doctor.items("patient")), len(doctor.surveys())
    world.crash_in = call
    with pytest.raises(WorkerDied):
        doctor.enter("k", **form)
    world.crash_in = None
    world.clock.advance(seconds=30)
    reply = doctor.enter("k", **form)
    assert reply.status == 201, reply.body
    made = kind in {"new", "namesake"}
    assert len(doctor.items("patient")) == patients + made
    assert len(doctor.surveys()) == surveys + 1
    assert doctor.acts().count(("survey.created", reply.body["survey_id"])) == 1
    assert doctor.view(reply.body["patient_id"]).status == 200


@pytest.mark.parametrize("call", [2, 3])
def test_a_first_survey_cut_short_for_good_leaves_a_candidate_that_the_next_one_completes(
    doctor: Client, world: World, call: int
) -> None:
    world.crash_in = call
    with pytest.raises(WorkerDied):
        doctor.enter("k")
    world.crash_in = None
    assert doctor.look_up().status == 404
    asked = doctor.enter("another")
    (candidate,) = asked.error["candidates"]
    assert candidate["last_visit"] is None
    reply = doctor.enter("another", patient_id=candidate["patient_id"])
    assert reply.status == 201
    assert doctor.view(candidate["patient_id"]).status == 200
    assert doctor.look_up().body == {"patient_id": candidate["patient_id"]}


def overtaken(world: World, nth: int, by: Callable[[], Answered]) -> list[Answered]:
    """Let the request `by` run just before the `nth` call to DynamoDB of the next one."""
    assert world.platform.cases
    events = world.platform.__dict__["_dynamodb"].meta.events
    calls: list[str] = []
    replies: list[Answered] = []

    def look(model: Any, **_: Any) -> None:
        calls.append(model.name)
        if len(calls) == nth:
            events.unregister("before-call.dynamodb", look)
            replies.append(by())

    events.register_first("before-call.dynamodb", look)
    return replies


def test_of_two_doctors_who_enter_one_code_at_once_one_is_asked(
    doctor: Client, colleague: Client, world: World
) -> None:
    replies = overtaken(world, 1, lambda: colleague.enter("theirs"))
    mine = doctor.enter("mine")
    (theirs,) = replies
    assert theirs.status == 201
    assert mine.status == 409
    assert [one["patient_id"] for one in mine.error["candidates"]] == [theirs.body["patient_id"]]
    assert len(doctor.items("patient")) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nth", range(1, 5))
def test_two_equal_requests_at_once_make_one_survey(
    doctor: Client, world: World, kind: str, nth: int
) -> None:
    form = form_of(kind, doctor.enter().body)
    before = len(doctor.surveys())
    replies = overtaken(world, nth, lambda: doctor.enter("k", **form))
    mine = doctor.enter("k", **form)
    (theirs,) = replies
    assert (mine.status, mine.body) == (201, theirs.body)
    assert len(doctor.surveys()) == before + 1
    assert doctor.acts().count(("survey.created", mine.body["survey_id"])) == 1


def test_a_zombie_that_wakes_late_does_not_undo_a_correction_or_a_consent(
    doctor: Client, world: World
) -> None:
    first = doctor.enter("k").body
    world.clock.advance(days=1)
    doctor.amend(first["survey_id"], hair="black")
    doctor.enter(lesion_id=first["lesion_id"], consent={"research": True, "publication": True})
    world.clock.advance(days=1)
    assert doctor.enter("k").body == first
    shown = doctor.view(first["patient_id"]).body
    assert shown["consent"]["publication"] is True
    assert "black" in {survey["hair"] for survey in shown["surveys"]}


def test_late_repetitions_in_any_order_leave_the_consent_given_last(
    doctor: Client, world: World
) -> None:
    first = doctor.enter("first").body
    further = {"lesion_id": first["lesion_id"]}
    agrees = {**further, "consent": {"research": True, "publication": True}}
    for key, form in (("second", agrees), ("third", further)):
        world.clock.advance(days=1)
        assert doctor.enter(key, **form).status == 201
    for key, form in (("first", {}), ("second", agrees)):
        world.clock.advance(days=1)
        assert doctor.enter(key, **form).status == 201
    consent = doctor.view(first["patient_id"]).body["consent"]
    assert (consent["publication"], consent["given_on"]) == (False, "2026-03-04")


def _essence(doctor: Client, kind: str) -> list[dict[str, Any]]:
    """The items without the writer's mark, and codes that nobody stands under left out."""
    plain = [
        {name: value for name, value in item.items() if name not in {"writer", "revision"}}
        for item in doctor.items(kind)
    ]
    filled = [item for item in plain if set(item) - {"pk", "sk"}]
    return sorted(filled, key=lambda item: str(item["pk"]))
