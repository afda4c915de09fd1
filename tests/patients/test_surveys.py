"""Entering surveys: what is kept, who the patient is, and what a retry finds."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.patients.asking import CODE, SURVEY, Client, Reply, acts, items
from tests.world import WorkerDied, World


def test_a_first_survey_makes_a_patient_a_lesion_and_a_survey_in_five_calls(
    doctor: Client, world: World
) -> None:
    with world.counted() as calls:
        reply = doctor.enter(key="k")
    assert reply.status == 201
    assert set(reply.body) == {"survey_id", "patient_id", "lesion_id"}
    assert calls.total() == 5, calls
    assert acts(world) == [("survey.created", reply.body["survey_id"])]
    shown = doctor.view(reply.body["patient_id"]).body
    (survey,) = shown["surveys"]
    sent = {k: v for k, v in SURVEY.items() if k not in {"patient_code", "consent"}}
    assert sent.items() <= survey.items()
    assert survey["history"] == []
    assert shown["birth_year"] == 1975
    assert shown["first_visit"] == shown["last_visit"] == "2026-03-01"
    assert shown["consent"] == {
        "research": True,
        "publication": False,
        "given_on": "2026-03-02",
    }


def test_neither_the_code_nor_the_date_of_birth_is_stored(doctor: Client, world: World) -> None:
    doctor.enter(key="k")
    client = world.platform.client("dynamodb")
    for table in (world.platform.settings.table_cases, world.platform.settings.table_audit):
        stored = str(client.scan(TableName=table)["Items"])
        for secret in (CODE, "29031975", "1975-03-29", "29.03.1975"):
            assert secret not in stored


def test_a_known_code_asks_whether_it_is_the_same_person(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    with world.counted() as calls:
        reply = doctor.enter(diagnosis="melanoma")
    assert reply.status == 409
    assert reply.error["code"] == "same_person"
    assert reply.error["candidates"] == [
        {
            "patient_id": first["patient_id"],
            "sex": "female",
            "birth_year": 1975,
            "last_visit": "2026-03-01",
        }
    ]
    assert calls["dynamodb.PutItem"] == 1, "the audit record only"
    assert ("patient.candidates_shown", first["patient_id"]) in acts(world)


def test_the_same_person_gets_another_lesion_in_five_calls(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    world.clock.advance(minutes=5)
    with world.counted() as calls:
        second = doctor.enter(patient_id=first["patient_id"], site="arms", key="k")
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["patient_id"] == first["patient_id"]
    assert second.body["lesion_id"] != first["lesion_id"]
    shown = doctor.view(first["patient_id"]).body
    assert [lesion["site"] for lesion in shown["lesions"]] == ["torso", "arms"]


def test_another_person_with_the_same_code_is_kept_apart(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    with world.counted() as calls:
        second = doctor.enter(new_patient=True, key="k")
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["patient_id"] != first["patient_id"]
    candidates = doctor.enter().error["candidates"]
    assert {one["patient_id"] for one in candidates} == {
        first["patient_id"],
        second.body["patient_id"],
    }


def test_another_sex_under_the_code_opens_a_patient_without_asking(
    doctor: Client, world: World
) -> None:
    first = doctor.enter().body
    with world.counted() as calls:
        second = doctor.enter(sex="male", key="k")
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["patient_id"] != first["patient_id"]


def test_another_clinic_with_the_same_code_is_not_told(doctor: Client, stranger: Client) -> None:
    first = doctor.enter().body
    second = stranger.enter()
    assert second.status == 201
    assert second.body["patient_id"] != first["patient_id"]


def test_a_patient_with_another_code_is_no_candidate(doctor: Client, world: World) -> None:
    doctor.enter()
    other = doctor.enter(patient_code="999929031975").body
    before = items(world, "lesion")
    for patient_id in (other["patient_id"], "random"):
        reply = doctor.enter(patient_id=patient_id)
        assert reply.status == 422
        assert set(reply.error["fields"]) == {"patient_id"}
    assert items(world, "lesion") == before


def test_a_candidate_of_the_other_sex_is_refused_on_sex(doctor: Client) -> None:
    first = doctor.enter().body
    reply = doctor.enter(patient_id=first["patient_id"], sex="male")
    assert (reply.status, set(reply.error["fields"])) == (422, {"sex"})


def test_a_further_survey_of_a_lesion_takes_five_calls(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    world.clock.advance(days=30)
    with world.counted() as calls:
        second = doctor.enter(
            lesion_id=first["lesion_id"], examined_on="2026-04-01", age=51, key="k"
        )
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["lesion_id"] == first["lesion_id"]
    assert second.body["patient_id"] == first["patient_id"]
    shown = doctor.view(first["patient_id"]).body
    assert len(shown["lesions"]) == 1
    assert [survey["age"] for survey in shown["surveys"]] == [51, 50]
    assert (shown["first_visit"], shown["last_visit"]) == ("2026-03-01", "2026-04-01")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"patient_code": "999929031975"}, "lesion_id"),
        ({"site": "arms"}, "site"),
        ({"sex": "male"}, "sex"),
        ({"patient_id": "somebody"}, "patient_id"),
        ({"new_patient": True}, "new_patient"),
    ],
)
def test_a_further_survey_that_does_not_fit_its_lesion_names_the_field(
    doctor: Client, world: World, changes: dict[str, Any], field: str
) -> None:
    first = doctor.enter().body
    lesions, patients = items(world, "lesion"), items(world, "patient")
    reply = doctor.enter(lesion_id=first["lesion_id"], **changes)
    assert (reply.status, set(reply.error["fields"])) == (422, {field})
    assert (items(world, "lesion"), items(world, "patient")) == (lesions, patients)


def test_a_lesion_of_another_clinic_and_a_random_one_answer_alike(
    doctor: Client, stranger: Client
) -> None:
    first = doctor.enter().body
    stranger.enter()
    foreign = stranger.enter(lesion_id=first["lesion_id"])
    random = stranger.enter(lesion_id="nothing")
    assert foreign.status == random.status == 404
    assert foreign.error == random.error


def test_consent_given_anew_replaces_the_old_and_keeps_it(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    world.clock.advance(days=1)
    again = {"lesion_id": first["lesion_id"], "consent": {"research": True, "publication": True}}
    assert doctor.enter(**again).status == 201
    assert doctor.view(first["patient_id"]).body["consent"] == {
        "research": True,
        "publication": True,
        "given_on": "2026-03-03",
    }
    (patient,) = items(world, "patient")
    assert [old["publication"] for old in patient["past_consents"]] == [False]


def test_an_older_examination_entered_later_does_not_move_the_last_visit(doctor: Client) -> None:
    first = doctor.enter().body
    doctor.enter(lesion_id=first["lesion_id"], examined_on="2025-11-05")
    shown = doctor.view(first["patient_id"]).body
    assert (shown["first_visit"], shown["last_visit"]) == ("2025-11-05", "2026-03-01")


# Repetitions


KINDS: dict[str, dict[str, Any]] = {
    "new": {"patient_code": "123429031975"},
    "known": {"patient_id": "known"},
    "further": {"lesion_id": "known"},
    "namesake": {"new_patient": True},
}


def form_of(kind: str, first: dict[str, str]) -> dict[str, Any]:
    """The survey of a kind, after a first one."""
    return {
        name: first[name] if value == "known" else value for name, value in KINDS[kind].items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_request_again_gets_the_same_answer_and_makes_nothing(
    doctor: Client, world: World, kind: str
) -> None:
    form = form_of(kind, doctor.enter().body)
    before = doctor.enter("k", **form)
    counts = [len(items(world, what)) for what in ("patient", "lesion")]
    world.clock.advance(hours=1)
    again = doctor.enter("k", **form)
    assert (again.status, again.body) == (201, before.body)
    assert [len(items(world, what)) for what in ("patient", "lesion")] == counts
    survey_id = before.body["survey_id"]
    assert acts(world).count(("survey.created", survey_id)) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "other",
    [
        {"hair": "black"},
        {"sex": "male"},
        {"consent": {"research": True, "publication": True}},
        {"patient_code": "555529031975"},
    ],
)
def test_the_same_key_with_another_body_is_refused_and_changes_nothing(
    doctor: Client, world: World, kind: str, other: dict[str, Any]
) -> None:
    form = form_of(kind, doctor.enter().body)
    if "patient_id" in form and {"sex", "patient_code"} & set(other):
        pytest.skip("these do not fit the known patient, and are refused for that")
    if "lesion_id" in form and "patient_code" in other:
        pytest.skip("a lesion of another patient is refused for that")
    assert doctor.enter("k", **form).status == 201
    before = [_essence(world, what) for what in ("patient", "lesion", "code")]
    reply = doctor.enter("k", **(form | other))
    assert (reply.status, reply.error["code"]) == (409, "idempotency_conflict")
    assert [_essence(world, what) for what in ("patient", "lesion", "code")] == before


@pytest.mark.parametrize("first_kind", KINDS)
@pytest.mark.parametrize("then", KINDS)
def test_a_key_serves_one_kind_of_survey_only(
    doctor: Client, world: World, first_kind: str, then: str
) -> None:
    known = doctor.enter().body
    assert doctor.enter("k", **form_of(first_kind, known)).status == 201
    surveys = _surveys(world)
    reply = doctor.enter("k", **form_of(then, known))
    assert reply.status == (201 if first_kind == then else 409)
    assert _surveys(world) == surveys


def test_a_key_is_not_burnt_by_a_refusal(doctor: Client) -> None:
    first = doctor.enter().body
    assert doctor.enter("k").status == 409
    assert doctor.enter("k", lesion_id=first["lesion_id"], site="arms").status == 422
    assert doctor.enter("k", lesion_id="nothing").status == 404
    assert doctor.enter("k", lesion_id=first["lesion_id"]).status == 201


def test_two_doctors_may_use_the_same_key(doctor: Client) -> None:
    first = doctor.enter("k")
    colleague = Client(account_id="doctor3")
    second = colleague.enter("k", patient_id=first.body["patient_id"])
    assert second.status == 201
    assert second.body["survey_id"] != first.body["survey_id"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", range(1, 6))
def test_a_crash_after_any_call_and_the_same_request_again_make_it_once(
    doctor: Client, world: World, kind: str, call: int
) -> None:
    form = form_of(kind, doctor.enter().body)
    patients, surveys = len(items(world, "patient")), len(_surveys(world))
    world.crash_in = call
    with pytest.raises(WorkerDied):
        doctor.enter("k", **form)
    world.crash_in = None
    world.clock.advance(seconds=30)
    reply = doctor.enter("k", **form)
    assert reply.status == 201, reply.body
    made = kind in {"new", "namesake"}
    assert len(items(world, "patient")) == patients + made
    assert len(_surveys(world)) == surveys + 1
    assert acts(world).count(("survey.created", reply.body["survey_id"])) == 1
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


def overtaken(world: World, nth: int, by: Callable[[], Reply]) -> list[Reply]:
    """Let the request `by` run just before the `nth` call to DynamoDB of the next one."""
    assert world.platform.cases
    events = world.platform.__dict__["_dynamodb"].meta.events
    calls: list[str] = []
    replies: list[Reply] = []

    def look(model: Any, **_: Any) -> None:
        calls.append(model.name)
        if len(calls) == nth:
            events.unregister("before-call.dynamodb", look)
            replies.append(by())

    events.register_first("before-call.dynamodb", look)
    return replies


def test_of_two_doctors_who_enter_one_code_at_once_one_is_asked(
    doctor: Client, world: World
) -> None:
    colleague = Client(account_id="doctor3")
    replies = overtaken(world, 1, lambda: colleague.enter("theirs"))
    mine = doctor.enter("mine")
    (theirs,) = replies
    assert theirs.status == 201
    assert mine.status == 409
    assert [one["patient_id"] for one in mine.error["candidates"]] == [theirs.body["patient_id"]]
    assert len(items(world, "patient")) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nth", range(1, 5))
def test_two_equal_requests_at_once_make_one_survey(
    doctor: Client, world: World, kind: str, nth: int
) -> None:
    form = form_of(kind, doctor.enter().body)
    before = len(_surveys(world))
    replies = overtaken(world, nth, lambda: doctor.enter("k", **form))
    mine = doctor.enter("k", **form)
    (theirs,) = replies
    assert (mine.status, mine.body) == (201, theirs.body)
    assert len(_surveys(world)) == before + 1
    assert acts(world).count(("survey.created", mine.body["survey_id"])) == 1


def test_a_zombie_that_wakes_late_does_not_undo_a_correction_or_a_consent(
    doctor: Client, world: World
) -> None:
    first = doctor.enter("k").body
    world.clock.advance(days=1)
    doctor.amend(first["survey_id"], hair="black")
    doctor.enter(
        lesion_id=first["lesion_id"], consent={"research": True, "publication": True}
    )
    world.clock.advance(days=1)
    assert doctor.enter("k").body == first
    shown = doctor.view(first["patient_id"]).body
    assert shown["consent"]["publication"] is True
    assert "black" in {survey["hair"] for survey in shown["surveys"]}


def _surveys(world: World) -> list[str]:
    return sorted(
        suffix for item in items(world, "lesion") if "surveys" in item for suffix in item["surveys"]
    )


def _essence(world: World, kind: str) -> list[dict[str, Any]]:
    """The items without the writer's mark, and codes that nobody stands under left out."""
    plain = [
        {name: value for name, value in item.items() if name not in {"writer", "revision"}}
        for item in items(world, kind)
    ]
    filled = [item for item in plain if set(item) - {"pk", "sk"}]
    return sorted(filled, key=lambda item: str(item["pk"]))
