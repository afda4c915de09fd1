"""Questions in any order of steps, against the table."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.advice.items import clinic_order
from chalicelib.advice.model import (
    MOST_REMINDERS,
    Advice,
    Answers,
    Correction,
    FirstAdvice,
    FormerAdvice,
    Opinion,
    Question,
    QuestionState,
    Said,
    Urgency,
)
from chalicelib.advice.store import Answered, Moved, QuestionStore
from chalicelib.platform import keys
from chalicelib.sweep import sweep
from tests.pocket.questioning import no_model
from tests.world import new_world


class QuestionsLife(RuleBasedStateMachine):
    """Any order of asking, telling, answering, correcting, reading and erasing, against the table."""

    def __init__(self) -> None:
        super().__init__()
        self._opened = new_world()
        self.world = self._opened.__enter__()
        self.store = QuestionStore(self.world.platform.cases)
        self.asked = 0
        self.stands: dict[str, Question] = {}
        self.advised: dict[str, Advice] = {}
        self.former: dict[str, list[FormerAdvice]] = {}
        self.read_at: dict[str, datetime] = {}
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

    @precondition(lambda self: self.advised)
    @rule(which=st.integers(0, 20), stale=st.sampled_from(["", "revision", "reading"]))
    def correct(self, which: int, stale: str) -> None:
        """By one who saw the question as it stands, or before it was corrected, or before it was read."""
        names = sorted(self.advised)
        name = names[which % len(names)]
        seen, now = self.store.get(name), self.world.clock.now()
        if seen is None or seen.advice is None:
            assert name in self.gone
            return
        was = FormerAdvice(urgency=seen.advice.urgency, text=seen.advice.text, read_at=seen.read_at)
        done = Correction(at=now, by="doctor3", was=was)
        corrected = replace(seen.advice, text=f"{seen.advice.text}!")
        if stale == "revision":
            seen = replace(seen, history=(*seen.history, done))
        if stale == "reading":
            seen = replace(seen, read_at=None if seen.read_at else now)
        try:
            self.store.correct(seen, corrected, done)
        except Moved:
            assert stale
        else:
            assert not stale
            self.advised[name] = corrected
            self.former.setdefault(name, []).append(was)
            self.read_at.pop(name, None)

    @precondition(lambda self: self.stands or self.gone)
    @rule(which=st.integers(0, 20), later=st.integers(0, 1))
    def read(self, which: int, later: int) -> None:
        """The advice as it stands, or one that does not stand yet."""
        name = self._names()[which % len(self._names())]
        now, revision = self.world.clock.now(), len(self.former.get(name, ())) + 1
        self.store.read(name, now, revision=revision + later)
        if name in self.stands and name in self.advised and not later:
            self.read_at.setdefault(name, now)

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
            assert question.read_at == self.read_at.get(name)
            assert [done.was for done in question.history] == self.former.get(name, [])
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
