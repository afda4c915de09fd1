"""Correcting surveys: what changes, what is kept, and what follows."""

from typing import Any

import pytest

from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import MAX_CORRECTIONS
from tests.patients.asking import CODE, Client
from tests.world import WorkerDied, World


def test_a_correction_replaces_answers_and_keeps_the_old_ones(
    doctor: Client, colleague: Client, world: World
) -> None:
    entered = doctor.enter().body
    world.clock.advance(hours=1)
    first = doctor.amend(entered["survey_id"], hair="black", sunburns=[])
    assert first.status == 200
    assert (first.body["hair"], first.body["sunburns"], first.body["age"]) == ("black", [], 50)
    world.clock.advance(hours=1)
    second = colleague.amend(entered["survey_id"], hair="brown", diagnosis=None)
    assert second.body["diagnosis"] is None
    assert second.body["history"] == [
        {
            "at": "2026-03-02T10:00:00Z",
            "by": doctor.account_id,
            "was": {"hair": "light_brown", "sunburns": ["redness"]},
        },
        {
            "at": "2026-03-02T11:00:00Z",
            "by": colleague.account_id,
            "was": {"hair": "black", "diagnosis": "nevus"},
        },
    ]
    (survey,) = doctor.view(entered["patient_id"]).body["surveys"]
    assert survey == second.body
    assert ("survey.corrected", entered["survey_id"]) in colleague.acts()


def test_a_correction_repeated_changes_nothing_more(doctor: Client) -> None:
    survey_id = doctor.enter().body["survey_id"]
    first = doctor.amend(survey_id, hair="black")
    again = doctor.amend(survey_id, hair="black")
    assert (again.status, again.body) == (200, first.body)


def test_what_was_corrected_away_may_be_corrected_back(doctor: Client) -> None:
    survey_id = doctor.enter().body["survey_id"]
    doctor.amend(survey_id, diagnosis="melanoma")
    assert doctor.amend(survey_id, diagnosis="nevus").body["diagnosis"] == "nevus"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "body"),
        ({"age": 20}, "age"),
        ({"age": None}, "age"),
        ({"examined_on": "2020-03-01"}, "age"),
        ({"examined_on": "2026-03-05"}, "examined_on"),
        ({"examined_on": "1772323200"}, "examined_on"),
        ({"examined_on": "1974-12-31"}, "examined_on"),
        ({"family_history": ["none", "parent"]}, "family_history"),
        ({"family_history": []}, "family_history"),
        ({"sunburns": ["pain", "pain"]}, "sunburns"),
        ({"hair": None}, "hair"),
        ({"patient_code": CODE}, "patient_code"),
        ({"consent": {"research": True, "publication": True}}, "consent"),
        ({"survey_id": "x"}, "survey_id"),
    ],
)
def test_a_bad_correction_names_the_field_and_changes_nothing(
    doctor: Client, changes: dict[str, Any], field: str
) -> None:
    entered = doctor.enter().body
    before = doctor.items("lesion")
    reply = doctor.amend(entered["survey_id"], **changes)
    assert (reply.status, set(reply.error["fields"])) == (422, {field})
    assert doctor.items("lesion") == before


def test_a_foreign_a_random_and_a_malformed_survey_answer_alike(
    doctor: Client, stranger: Client
) -> None:
    entered = doctor.enter().body
    lesion_id = entered["lesion_id"]
    replies = [
        stranger.amend(survey_id, hair="black")
        for survey_id in (
            entered["survey_id"],
            "nothing.nothing",
            "nothing",
            f"{lesion_id}.nothing",
            f"{lesion_id}.",
            "..",
        )
    ]
    assert {reply.status for reply in replies} == {404}
    assert len({str(reply.body) for reply in replies}) == 1
    assert doctor.amend(f"{lesion_id}.nothing", hair="black").status == 404


def test_two_corrections_at_once_do_not_mix(
    doctor: Client, colleague: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_id = doctor.enter().body["survey_id"]
    correct = LesionStore.correct
    replies = []

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(LesionStore, "correct", correct)
        replies.append(colleague.amend(survey_id, hair="black"))
        return correct(*arguments)

    monkeypatch.setattr(LesionStore, "correct", overtaken)
    mine = doctor.amend(survey_id, hair="blond")
    assert replies[0].status == 200
    assert (mine.status, mine.error["code"]) == (409, "changed_meanwhile")
    assert doctor.amend(survey_id, freckles=False).body["hair"] == "black"


def test_corrections_of_a_lesion_have_an_end(doctor: Client, world: World) -> None:
    entered = doctor.enter().body
    world.platform._dynamodb.update_item(
        TableName=world.platform.settings.table_cases,
        Key={"pk": {"S": f"lesion#{entered['lesion_id']}"}, "sk": {"S": "lesion"}},
        UpdateExpression="SET corrections = :n",
        ExpressionAttributeValues={":n": {"N": str(MAX_CORRECTIONS)}},
    )
    reply = doctor.amend(entered["survey_id"], hair="black")
    assert (reply.status, reply.error["code"]) == (409, "too_many_corrections")


def test_a_corrected_date_moves_the_patients_visits(doctor: Client) -> None:
    entered = doctor.enter().body
    doctor.amend(entered["survey_id"], examined_on="2025-12-01")
    shown = doctor.view(entered["patient_id"]).body
    assert (shown["first_visit"], shown["last_visit"]) == ("2025-12-01", "2025-12-01")
    (listed,) = doctor.patients().body["items"]
    assert listed["last_visit"] == "2025-12-01"


def test_a_corrected_site_is_the_lesions_too(doctor: Client) -> None:
    entered = doctor.enter().body
    doctor.amend(entered["survey_id"], site="arms")
    assert doctor.view(entered["patient_id"]).body["lesions"][0]["site"] == "arms"
    assert doctor.enter(lesion_id=entered["lesion_id"]).error["fields"].keys() == {"site"}
    assert doctor.enter(lesion_id=entered["lesion_id"], site="arms").status == 201


@pytest.mark.parametrize("call", [None, *range(1, 9)])
def test_a_corrected_sex_is_the_patients_everywhere_even_after_a_crash(
    doctor: Client, world: World, call: int | None
) -> None:
    entered = doctor.enter("k").body
    other = doctor.open_lesion(entered["patient_id"], site="legs").body["lesion_id"]
    if call is not None:
        world.crash_in = call
        with pytest.raises(WorkerDied):
            doctor.amend(entered["survey_id"], sex="male")
        world.crash_in = None
    assert doctor.amend(entered["survey_id"], sex="male").status == 200
    assert doctor.view(entered["patient_id"]).body["sex"] == "male"
    assert doctor.enter(lesion_id=other, site="legs", sex="male").status == 201
    asked = doctor.enter(sex="male")
    assert [one["patient_id"] for one in asked.error["candidates"]] == [entered["patient_id"]]
    # The old request comes again: it gets its answer, and puts nobody under the old sex.
    assert doctor.enter("k").body == entered
    assert doctor.enter(sex="female").status == 201
