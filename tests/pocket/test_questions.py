"""Questions: what may be asked, who answers when, and what happens when nobody does."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.advice import service
from chalicelib.advice.items import clinic_order
from chalicelib.advice.model import (
    MOST_OPEN,
    MOST_REMINDERS,
    Advice,
    Answers,
    FirstAdvice,
    Opinion,
    Question,
    QuestionState,
    Said,
    Urgency,
)
from chalicelib.advice.store import Answered, QuestionStore
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.platform import keys
from chalicelib.sweep import sweep
from tests.asking import Answered as Reply
from tests.erasure.journeys import withdraw
from tests.patients.asking import Client
from tests.pocket.visiting import Patient, opened
from tests.world import START, World, new_world

ADVICE = {"urgency": "soon", "text": "Покажите на приёме."}


def answer(doctor: Client, question_id: str, body: Any = None, *, key: str | None = None) -> Reply:
    path = "/v1/questions/{question_id}/advice"
    return doctor.ask("POST", path, body or ADVICE, key=key, question_id=question_id)


def waiting(doctor: Client, state: str = "open") -> list[dict[str, Any]]:
    listed = doctor.ask("GET", "/v1/questions", query={"state": state})
    assert listed.status == 200, listed.body
    items: list[dict[str, Any]] = listed.body["items"]
    return items


def no_model() -> Classifier:
    raise AssertionError("nothing here has a picture to judge")


def told(world: World) -> list[dict[str, Any]]:
    """The messages in the queue of webhooks about questions."""
    sqs, url = world.platform.client("sqs"), world.platform.settings.queue_webhooks
    found = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in got if "question.overdue" in message["Body"]]
        for message in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


@pytest.fixture
def lesion_id(patient: Patient) -> str:
    return patient.mark()


@pytest.fixture
def image_id(patient: Patient, lesion_id: str) -> str:
    return patient.photograph(lesion_id)


def test_only_own_images_of_that_lesion_can_be_asked_about_and_others_are_told_alike(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    other = opened(doctor, doctor.enter(new_patient=True).body["patient_id"])
    foreign = other.photograph(other.mark())
    elsewhere = patient.photograph(patient.mark("arms"), seed=3)
    deleted = patient.photograph(lesion_id, seed=4)
    path = "/v1/me/images/{image_id}"
    assert patient.ask("DELETE", path, image_id=deleted).status == 204
    refusals = [
        patient.question(lesion_id, wrong).error
        for wrong in (foreign, elsewhere, deleted, "nothing")
    ]
    assert all(refusal == refusals[0] for refusal in refusals)
    assert refusals[0]["fields"].keys() == {"image_ids.0"}
    awaited = patient.slot(lesion_id, b"x" * 100).body["image_id"]
    assert "seconds" in patient.question(lesion_id, awaited).error["fields"]["image_ids.0"]
    for images in ([], [image_id, image_id], [image_id] * 7):
        assert patient.question(lesion_id, *images).status == 422
    foreign_lesion = other.mark()
    missing = [patient.question(one, image_id) for one in (foreign_lesion, "nothing")]
    assert [one.status for one in missing] == [404, 404]
    assert missing[0].error == missing[1].error
    assert patient.question(lesion_id, image_id).status == 201


def test_a_repetition_is_one_question_and_another_body_is_refused(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    first = patient.question(lesion_id, image_id, key="one")
    assert patient.question(lesion_id, image_id, key="one").body == first.body
    refused = patient.question(lesion_id, image_id, key="one", growth="yes")
    assert refused.body["error"]["code"] == "idempotency_conflict"
    assert len(waiting(doctor)) == 1


def test_one_advice_a_question_and_the_first_stands(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    assert answer(doctor.stranger(), question_id).status == 404
    assert answer(doctor.stranger(), question_id).error == answer(doctor, "nothing").error
    first = answer(doctor, question_id, key="one")
    assert first.status == 201
    assert answer(doctor, question_id, key="one").body == first.body
    other = {**ADVICE, "urgency": "watch"}
    assert answer(doctor, question_id, other, key="one").error["code"] == "idempotency_conflict"
    late = answer(doctor.colleague(), question_id, other)
    assert (late.status, late.error["code"]) == (409, "answered_already")
    assert [one["state"] for one in waiting(doctor, "answered")] == ["answered"]
    assert waiting(doctor) == []
    assert waiting(doctor.stranger(), "answered") == []


def test_the_most_urgent_comes_first_and_an_overdue_one_before_it(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    world, asked = doctor.world, {}
    for name, said in {
        "calm": {},
        "unknown": {"growth": "unknown"},
        "urgent": {"growth": "yes"},
    }.items():
        asked[name] = patient.question(lesion_id, image_id, **said).body["question_id"]
        world.clock.advance(minutes=1)
    by_id = {question_id: name for name, question_id in asked.items()}
    assert [by_id[one["question_id"]] for one in waiting(doctor)] == ["urgent", "unknown", "calm"]
    world.clock.moment = START + timedelta(days=3)
    sweep(world.platform, no_model, trace="t")
    listed = waiting(doctor)
    assert [by_id[one["question_id"]] for one in listed] == ["calm", "urgent", "unknown"]
    assert [one["overdue"] for one in listed] == [True, False, False]


def test_an_overdue_answer_is_told_of_each_day_for_two_weeks_and_no_longer(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    world = doctor.world
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    world.clock.advance(days=2, hours=23)
    sweep(world.platform, no_model, trace="t")
    assert told(world) == []
    days = 0
    for _ in range(20):
        world.clock.advance(days=1)
        for _ in range(2):
            sweep(world.platform, no_model, trace="t")
        days += len(told(world))
    assert days == MOST_REMINDERS
    [listed] = waiting(doctor)
    assert listed["overdue"]
    item = world.platform.cases.get(keys.question(question_id))
    assert item is not None
    assert "due_at" not in item
    assert answer(doctor, question_id).status == 201


def test_a_sweep_that_dies_while_it_reminds_does_so_again(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    world = doctor.world
    patient.question(lesion_id, image_id)
    world.clock.advance(days=3)
    item = next(iter(doctor.world.platform.cases.query_all(_due(world), index="due")))
    for calls in (1, 2):
        with world.crash_after(calls):
            service.remind(world.platform, item)
    service.remind(world.platform, item)
    assert len(told(world)) >= 1
    assert sweep(world.platform, no_model, trace="t") == 0


def _due(world: World) -> Any:
    from boto3.dynamodb.conditions import Key as Where

    from chalicelib.platform.due import SHARDS

    shards = [f"due#{number}" for number in range(SHARDS)]
    full = [
        shard
        for shard in shards
        if world.platform.cases.query(Where("due_shard").eq(shard), index="due").items
    ]
    return Where("due_shard").eq(full[0])


def test_questions_are_bounded_by_day_and_by_how_many_wait(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    for _ in range(MOST_OPEN):
        assert patient.question(lesion_id, image_id).status == 201
    assert not patient.ask("GET", "/v1/me").body["can_ask"]
    assert patient.question(lesion_id, image_id).error["code"] == "too_many_questions"
    answer(doctor, waiting(doctor)[0]["question_id"])
    assert patient.question(lesion_id, image_id).status == 429
    doctor.world.clock.advance(days=1)
    assert patient.question(lesion_id, image_id).status == 201


def test_lists_have_pages_whose_cursors_are_the_askers_own(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    for _ in range(3):
        patient.question(lesion_id, image_id)
    page = doctor.ask("GET", "/v1/questions", query={"limit": "2"}).body
    rest = doctor.ask("GET", "/v1/questions", query={"limit": "2", "cursor": page["next"]}).body
    found = {one["question_id"] for one in (*page["items"], *rest["items"])}
    assert (len(found), rest["next"]) == (3, None)
    query = {"cursor": page["next"]}
    assert doctor.stranger().ask("GET", "/v1/questions", query=query).status == 422
    own = patient.ask("GET", "/v1/me/questions", query={"limit": "2"}).body
    assert len(own["items"]) == 2
    assert patient.ask("GET", "/v1/me/questions", query={"cursor": own["next"]}).status == 200
    assert patient.ask("GET", "/v1/me/questions", query=query).status == 422


def test_a_foreign_question_and_a_missing_one_look_alike(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    other = opened(doctor, doctor.enter(new_patient=True).body["patient_id"])
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    for path, method in (("", "GET"), ("/read", "POST")):
        full = "/v1/me/questions/{question_id}" + path
        answers = [other.ask(method, full, question_id=one) for one in (question_id, "nothing")]
        assert [one.status for one in answers] == [404, 404]
        assert answers[0].error == answers[1].error
    view = "/v1/questions/{question_id}"
    answers = [
        doctor.stranger().ask("GET", view, question_id=one) for one in (question_id, "nothing")
    ]
    assert answers[0].error == answers[1].error
    assert answers[0].status == 404


def test_after_withdrawal_nothing_is_asked_or_answered(
    doctor: Client, patient: Patient, patient_id: str, lesion_id: str, image_id: str
) -> None:
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    withdraw(doctor, patient_id)
    assert patient.question(lesion_id, image_id).error["code"] == "consent_withdrawn"
    assert answer(doctor, question_id).status == 404
    assert waiting(doctor) == waiting(doctor, "answered") == []


def test_calls_to_aws(doctor: Client, patient: Patient, lesion_id: str, image_id: str) -> None:
    world, costs = doctor.world, {}

    def cost(name: str, asked: Any) -> Any:
        with world.counted() as calls:
            answered = asked()
        assert answered.status in (200, 201, 204), answered.body
        costs[name] = sum(calls.values())
        return answered

    question_id = cost("ask", lambda: patient.question(lesion_id, image_id)).body["question_id"]
    cost("own list", lambda: patient.ask("GET", "/v1/me/questions"))
    cost("list", lambda: doctor.ask("GET", "/v1/questions"))
    path = "/v1/questions/{question_id}"
    cost("view", lambda: doctor.ask("GET", path, question_id=question_id))
    cost("advise", lambda: answer(doctor, question_id))
    read = "/v1/me/questions/{question_id}/read"
    cost("read", lambda: patient.ask("POST", read, question_id=question_id))
    cost("templates", lambda: doctor.ask("GET", "/v1/questions/templates"))
    cost("me", lambda: patient.ask("GET", "/v1/me"))
    cost("lesions", lambda: patient.ask("GET", "/v1/me/lesions"))
    cost("image", lambda: patient.ask("GET", "/v1/me/images/{image_id}", image_id=image_id))
    timeline = "/v1/me/lesions/{lesion_id}/timeline"
    cost("timeline", lambda: patient.ask("GET", timeline, lesion_id=lesion_id))
    cost("mark", lambda: patient.ask("POST", "/v1/me/lesions", {"site": "legs"}))
    cost("slot", lambda: patient.slot(lesion_id, b"x" * 100))
    # One of each is the record of the act.
    assert costs == {
        "ask": 8,
        "own list": 3,
        "list": 2,
        "view": 2,
        "advise": 3,
        "read": 4,
        "templates": 0,
        "me": 5,
        "lesions": 3,
        "image": 3,
        "timeline": 4,
        "mark": 4,
        "slot": 6,
    }


class QuestionsLife(RuleBasedStateMachine):
    """Any order of asking, telling, answering, reading and erasing, against the table."""

    def __init__(self) -> None:
        super().__init__()
        self._opened = new_world()
        self.world = self._opened.__enter__()
        self.store = QuestionStore(self.world.platform.cases)
        self.asked = 0
        self.stands: dict[str, Question] = {}
        self.advised: dict[str, Advice] = {}
        self.gone: set[str] = set()

    def teardown(self) -> None:
        self._opened.__exit__(None, None, None)

    def _names(self) -> list[str]:
        return sorted({*self.stands, *self.gone})

    @rule(first=st.sampled_from(FirstAdvice))
    def ask(self, first: FirstAdvice) -> None:
        self.asked += 1
        now = self.world.clock.now()
        question = Question(
            question_id=f"question{self.asked}",
            patient_id="patient1",
            clinic_id="clinic1",
            lesion_id="lesion1",
            site="torso",
            asked_by="account1",
            asked_at=now,
            answer_by=now + timedelta(days=3),
            answers=Answers(itching=Said.NO, bleeding=Said.NO, growth=Said.NO, colour=Said.NO),
            text=None,
            image_ids=("image1",),
            measured=None,
            opinion=Opinion(advice=first, reasons=("nothing_noted",), rules="1"),
            fingerprint=f"asked{self.asked}",
            trace="t",
        )
        assert self.store.ask(question) == question
        assert self.store.ask(question).question_id == question.question_id
        self.stands[question.question_id] = question

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.world.clock.advance(hours=hours)
        sweep(self.world.platform, no_model, trace="t")

    @precondition(lambda self: self.stands or self.gone)
    @rule(which=st.integers(0, 20), who=st.sampled_from(["doctor1", "doctor2"]))
    def answer(self, which: int, who: str) -> None:
        name = self._names()[which % len(self._names())]
        asked = self.stands.get(name)
        advice = Advice(
            advice_id=f"{who}-{name}",
            urgency=Urgency.SOON,
            text="…",
            by=who,
            answered_at=self.world.clock.now(),
            fingerprint=who,
        )
        if asked is None:
            return
        try:
            self.store.answer(asked, advice)
        except Answered:
            assert name in self.advised
        else:
            assert name not in self.advised
            self.advised[name] = advice

    @precondition(lambda self: self.stands or self.gone)
    @rule(which=st.integers(0, 20))
    def read(self, which: int) -> None:
        name = self._names()[which % len(self._names())]
        self.store.read(name, self.world.clock.now())
        question = self.store.get(name)
        if question is not None:
            assert (question.read_at is not None) == (question.advice is not None)

    @precondition(lambda self: self.stands)
    @rule(which=st.integers(0, 20))
    def erase(self, which: int) -> None:
        name = sorted(self.stands)[which % len(self.stands)]
        self.store.withdraw(name, self.world.clock.now())
        del self.stands[name]
        self.gone.add(name)

    @invariant()
    def every_open_question_is_due_or_was_told_of_often_enough(self) -> None:
        for name in self.stands:
            item = self.world.platform.cases.get(keys.question(name)) or {}
            question = self.store.get(name)
            assert question is not None
            assert question.advice == self.advised.get(name)
            assert ("due_at" in item) == (question.looked_at_next() is not None)
            assert item["clinic_order"] == clinic_order(question)
            assert question.reminders <= MOST_REMINDERS
            if question.state is QuestionState.OPEN and "due_at" not in item:
                assert question.reminders == MOST_REMINDERS

    @invariant()
    def lists_hold_what_stands_and_nothing_else(self) -> None:
        listed: list[str] = []
        for state in QuestionState:
            found, _ = self.store.of_clinic("clinic1", state, limit=200, start=None)
            assert all(one.state is state for one in found)
            listed += [one.question_id for one in found]
        assert sorted(listed) == sorted(self.stands)
        own, _ = self.store.of_patient("patient1", limit=200, start=None)
        assert {one.question_id for one in own} == set(self.stands)
        for name in self.gone:
            left = self.world.platform.cases.get(keys.question(name)) or {}
            assert left.keys() == {"pk", "sk", "writer", "question_id", "withdrawn_at"}


TestQuestionsLife = QuestionsLife.TestCase
TestQuestionsLife.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
