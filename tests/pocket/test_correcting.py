"""Advice that was wrong is put right; what it was is kept, and the patient learns that it changed."""

from typing import Any

import pytest

from chalicelib.advice.model import MAX_CORRECTIONS
from chalicelib.advice.store import QuestionStore
from chalicelib.platform import keys
from tests.erasure.journeys import withdraw
from tests.patients.asking import Client
from tests.pocket.questioning import ADVICE, answer, correct, viewed, waiting
from tests.pocket.visiting import Patient
from tests.world import World

OWN = "/v1/me/questions/{question_id}"


@pytest.fixture
def question_id(doctor: Client, patient: Patient, lesion_id: str, image_id: str) -> str:
    """A question with its advice."""
    asked = patient.question(lesion_id, image_id)
    assert asked.status == 201, asked.body
    question_id = str(asked.body["question_id"])
    given = answer(doctor, question_id, key="given")
    assert given.status == 201, given.body
    assert (given.body["advice"]["revision"], given.body["advice"]["corrected_at"]) == (1, None)
    assert given.body["history"] == []
    doctor.world.clock.advance(minutes=5)
    return question_id


def advice_of(patient: Patient, question_id: str) -> dict[str, Any]:
    """The advice as its patient sees it."""
    shown = patient.ask("GET", OWN, question_id=question_id)
    assert shown.status == 200, shown.body
    assert "history" not in shown.body, "what was wrong is for the clinic"
    advice: dict[str, Any] = shown.body["advice"]
    return advice


def read(patient: Patient, question_id: str, **seen: str) -> None:
    done = patient.ask("POST", f"{OWN}/read", query=seen or None, question_id=question_id)
    assert done.status == 204, done.body


def test_a_correction_keeps_who_when_and_what_it_was_and_to_the_patient_it_is_unread(
    doctor: Client, patient: Patient, question_id: str
) -> None:
    before = advice_of(patient, question_id)
    read(patient, question_id)
    read_at = advice_of(patient, question_id)["read_at"]
    assert patient.ask("GET", "/v1/me").body["advice_unread"] == 0
    doctor.world.clock.advance(minutes=5)
    colleague = doctor.colleague()
    done = correct(colleague, question_id, urgency="urgent")
    assert done.status == 200, done.body
    advice = done.body["advice"]
    assert (advice["urgency"], advice["text"]) == ("urgent", ADVICE["text"])
    assert (advice["revision"], advice["read_at"]) == (2, None)
    assert advice["answered_at"] == before["answered_at"], "the first answer"
    assert done.body["advised_by"] == doctor.account_id
    at = advice["corrected_at"]
    was = {**ADVICE, "read_at": read_at}
    assert done.body["history"] == [{"at": at, "by": colleague.account_id, "was": was}]
    assert advice_of(patient, question_id) == advice
    assert patient.ask("GET", "/v1/me").body["advice_unread"] == 1
    [mole] = [
        one for one in patient.ask("GET", "/v1/me/lesions").body["items"] if one["advice_unread"]
    ]
    assert mole["advice_unread"] == 1
    read(patient, question_id)
    assert patient.ask("GET", "/v1/me").body["advice_unread"] == 0
    assert ("advice.corrected", question_id) in colleague.acts()


def test_the_former_answers_stand_in_the_order_in_which_they_were_replaced(
    doctor: Client, question_id: str
) -> None:
    correct(doctor, question_id, text="Приходите в среду.")
    doctor.world.clock.advance(minutes=5)
    done = correct(doctor, question_id, revision=2, text="Приходите в четверг.", urgency="watch")
    former = [one["was"] for one in done.body["history"]]
    assert [one["text"] for one in former] == [ADVICE["text"], "Приходите в среду."]
    assert [one["urgency"] for one in former] == ["soon", "soon"]
    assert [one["read_at"] for one in former] == [None, None]
    assert done.body["advice"]["revision"] == 3
    assert viewed(doctor, question_id) == done.body
    assert [one["question_id"] for one in waiting(doctor, "answered")] == [question_id]


def test_the_same_again_changes_nothing_more(
    doctor: Client, patient: Patient, question_id: str
) -> None:
    same = correct(doctor, question_id, **ADVICE)
    assert (same.status, same.body["advice"]["revision"]) == (200, 1)
    first = correct(doctor, question_id, text="Приходите в среду.")
    read(patient, question_id)
    again = correct(doctor, question_id, text="Приходите в среду.")
    assert (again.status, again.body["history"]) == (200, first.body["history"])
    assert again.body["advice"]["read_at"] is not None, "it is not unread once more"


def test_a_request_of_before_the_correction_gets_the_answer_as_it_is_by_now(
    doctor: Client, question_id: str
) -> None:
    corrected = correct(doctor, question_id, urgency="urgent").body
    again = answer(doctor, question_id, key="given")
    assert (again.status, again.body) == (201, corrected)


def test_who_saw_another_revision_is_told_and_overwrites_nothing(
    doctor: Client, question_id: str
) -> None:
    correct(doctor, question_id, urgency="urgent")
    for revision in (1, 3):
        late = correct(doctor.colleague(), question_id, revision=revision, urgency="watch")
        assert (late.status, late.error["code"]) == (409, "changed_meanwhile")
    assert viewed(doctor, question_id)["advice"]["urgency"] == "urgent"
    assert correct(doctor, question_id, revision=2, urgency="watch").status == 200


def overtaken(monkeypatch: pytest.MonkeyPatch, by: Any) -> None:
    """Let `by` happen between the reading and the writing of the next correction."""
    real = QuestionStore.correct

    def late(*given: Any) -> Any:
        monkeypatch.setattr(QuestionStore, "correct", real)
        by()
        return real(*given)

    monkeypatch.setattr(QuestionStore, "correct", late)


def test_of_two_corrections_at_once_one_is_told(
    doctor: Client, question_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = doctor.colleague()
    overtaken(monkeypatch, lambda: correct(colleague, question_id, urgency="urgent"))
    refused = correct(doctor, question_id, urgency="watch")
    assert (refused.status, refused.error["code"]) == (409, "changed_meanwhile")
    [kept] = viewed(doctor, question_id)["history"]
    assert kept["by"] == colleague.account_id
    overtaken(monkeypatch, lambda: correct(colleague, question_id, revision=2, urgency="soon"))
    assert correct(doctor, question_id, revision=2, urgency="soon").status == 200, "the same"


def test_a_patient_who_reads_at_the_moment_of_the_correction_read_what_is_replaced(
    doctor: Client, patient: Patient, question_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtaken(monkeypatch, lambda: read(patient, question_id))
    done = correct(doctor, question_id, urgency="urgent")
    assert (done.status, done.body["advice"]["read_at"]) == (200, None)
    assert done.body["history"][0]["was"]["read_at"] is not None


def test_a_question_that_is_erased_at_the_moment_of_the_correction_stays_erased(
    doctor: Client, patient_id: str, question_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    correct(doctor, question_id, urgency="watch")
    overtaken(monkeypatch, lambda: withdraw(doctor, patient_id))
    assert correct(doctor, question_id, revision=2, urgency="urgent").status == 404
    item = doctor.world.platform.cases.get(keys.question(question_id)) or {}
    assert item.keys() == {"pk", "sk", "writer", "question_id", "withdrawn_at"}


def test_what_the_patient_has_not_seen_is_not_noted_as_read(
    doctor: Client, patient: Patient, question_id: str
) -> None:
    correct(doctor, question_id, urgency="urgent")
    read(patient, question_id, revision="1")
    assert advice_of(patient, question_id)["read_at"] is None
    read(patient, question_id, revision="2")
    assert advice_of(patient, question_id)["read_at"] is not None


def test_without_advice_there_is_nothing_to_correct(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    refused = correct(doctor, question_id, urgency="urgent")
    assert (refused.status, refused.error["code"]) == (409, "not_answered")
    assert "no answer yet" in refused.error["message"]
    assert len(waiting(doctor)) == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "body"),
        ({"urgency": None}, "urgency"),
        ({"urgency": "soon", "text": None}, "text"),
        ({"urgency": "now"}, "urgency"),
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"urgency": "soon", "revision": 0}, "revision"),
        ({"urgency": "soon", "revision": None}, "revision"),
        ({"urgency": "soon", "answered_at": "2026-01-01"}, "answered_at"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_field(
    doctor: Client, question_id: str, told: dict[str, Any], field: str
) -> None:
    refused = correct(doctor, question_id, **told)
    assert (refused.status, set(refused.error["fields"])) == (422, {field})
    assert viewed(doctor, question_id)["history"] == []


def test_the_corrections_of_an_answer_have_an_end(doctor: Client, question_id: str) -> None:
    for number in range(MAX_CORRECTIONS):
        done = correct(doctor, question_id, revision=number + 1, text=f"{number}")
        assert done.status == 200, done.body
    last = MAX_CORRECTIONS + 1
    refused = correct(doctor, question_id, revision=last, text="once more")
    assert (refused.status, refused.error["code"]) == (409, "too_many_corrections")
    assert correct(doctor, question_id, revision=last, text=f"{number}").status == 200, "the same"


def test_a_correction_that_dies_anywhere_is_finished_by_its_repetition(
    doctor: Client, question_id: str, world: World
) -> None:
    for calls in (1, 2):
        with world.crash_after(calls):
            correct(doctor, question_id, urgency="urgent")
    done = correct(doctor, question_id, urgency="urgent")
    assert (done.status, len(done.body["history"])) == (200, 1)
