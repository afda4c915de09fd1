"""Questions in the `cases` table: one item each, one conditional write a step."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.advice.items import (
    ORDER,
    advice_item,
    clinic_list,
    clinic_order,
    correction_item,
    deadline,
    question_item,
    read_question,
)
from chalicelib.advice.model import Advice, Correction, Question, QuestionState
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.table import Change, ConditionFailed, Item, Table
from chalicelib.platform.tombstones import strip

STANDS: Final = Attr("opinion").exists()
"""Of a question that was not erased."""


TOMBSTONE: Final = frozenset({"question_id", "withdrawn_at"})
"""What stays of a question whose patient took the consent back."""


class OtherRequest(Exception):
    """Another request has made a question of this id."""


class Answered(Exception):
    """The question has its advice already: `question` as it stands, or None where it is no more."""

    def __init__(self, question: Question | None) -> None:
        super().__init__("the question is answered, or gone")
        self.question = question


class Moved(Exception):
    """The advice, or whether it was read, is not as it was seen: `question` as it stands, or None where it is no
    more."""

    def __init__(self, question: Question | None) -> None:
        super().__init__("the advice has changed, or is gone")
        self.question = question


@dataclass(frozen=True)
class QuestionStore:
    """Puts questions and takes them from step to step."""

    table: Table

    def get(self, question_id: str) -> Question | None:
        return _known(self.table.get(keys.question(question_id)))

    def ask(self, question: Question) -> Question:
        """Put a new question; where its own request put it before, the one that is there.

        Raises `OtherRequest`.
        """
        try:
            self.table.insert(keys.question(question.question_id), question_item(question))
        except ConditionFailed as refusal:
            there = _known(refusal.found)
            if there is None or there.fingerprint != question.fingerprint:
                raise OtherRequest from None
            return there
        return question

    def answer(self, question: Question, advice: Advice) -> Question:
        """Give an open question its advice; nobody has to look at it any more. Raises `Answered`."""
        after = replace(question, advice=advice)
        change = Change(
            set={"advice": advice_item(advice), "clinic_order": clinic_order(after)}, remove=DUE
        )
        waits = STANDS & Attr("advice").not_exists()
        try:
            item = self.table.update(keys.question(question.question_id), change, when=waits)
        except ConditionFailed as refusal:
            raise Answered(_known(refusal.found)) from None
        return read_question(item)

    def correct(self, question: Question, corrected: Advice, done: Correction) -> Question:
        """Replace the advice and keep what it was; to the patient it is unread again. Raises `Moved`."""
        change = Change(
            set={"advice": advice_item(corrected)},
            append={"history": [correction_item(done)]},
            remove=("read_at",),
        )
        read_at = Attr("read_at")
        # The history says whether he had read what is replaced, so that must not change meanwhile.
        as_read = (
            read_at.eq(timestamp(question.read_at)) if question.read_at else read_at.not_exists()
        )
        as_seen = _at_revision(question.revision) & as_read
        try:
            item = self.table.update(keys.question(question.question_id), change, when=as_seen)
        except ConditionFailed as refusal:
            raise Moved(_known(refusal.found)) from None
        return read_question(item)

    def read(self, question_id: str, now: datetime, *, revision: int) -> None:
        """Note that the patient has opened this revision of the advice; the first time counts.

        Nothing happens where another revision stands: he has not seen that one.
        """
        change = Change(set_once={"read_at": timestamp(now)})
        with suppress(ConditionFailed):
            self.table.update(keys.question(question_id), change, when=_at_revision(revision))

    def remind(self, question: Question) -> None:
        """Note that the clinic was told once more, and when it is told again, if at all.

        Nothing happens to a question that was answered, or told of by another, meanwhile.
        """
        after = replace(question, reminders=question.reminders + 1)
        held = deadline(after)
        change = Change(
            set={"reminders": after.reminders, "clinic_order": clinic_order(after), **held},
            remove=() if held else DUE,
        )
        same = STANDS & Attr("advice").not_exists() & Attr("reminders").eq(question.reminders)
        with suppress(ConditionFailed):
            self.table.update(keys.question(question.question_id), change, when=same)

    def of_patient(
        self, patient_id: str, *, limit: int, start: Item | None
    ) -> tuple[list[Question], Item | None]:
        """A page of a patient's questions, the latest first."""
        where = Where("patient_id").eq(patient_id) & Where("patient_order").begins_with(ORDER)
        page = self.table.query(
            where, index="by_patient", limit=limit, start=start, newest_first=True
        )
        return [read_question(item) for item in page.items], page.last

    def of_clinic(
        self, clinic_id: str, state: QuestionState, *, limit: int, start: Item | None
    ) -> tuple[list[Question], Item | None]:
        """A page of a clinic's questions: of open ones the most urgent first, of answered ones the latest."""
        where = Where("clinic_id").eq(clinic_list(clinic_id))
        page = self.table.query(
            where & Where("clinic_order").begins_with(f"{state}#"),
            index="by_clinic",
            limit=limit,
            start=start,
            newest_first=state is QuestionState.ANSWERED,
        )
        return [read_question(item) for item in page.items], page.last

    def refile(self, question_id: str, *, was: str, patient_id: str) -> None:
        """Let a question of the patient `was` be that of whom he was merged into."""
        change = Change(set={"patient_id": patient_id})
        with suppress(ConditionFailed):
            self.table.update(keys.question(question_id), change, when=Attr("patient_id").eq(was))

    def withdraw(self, question_id: str, now: datetime) -> Item | None:
        """Leave of a question no more than that there was one, whose patient took the consent back.

        Returns the item as it stood before, None where there is none.
        """

        def tombstone(item: Item) -> Item:
            at = item.get("withdrawn_at", timestamp(now))
            return {"question_id": question_id, "withdrawn_at": at}

        return strip(self.table, keys.question(question_id), tombstone)


def _at_revision(revision: int) -> ConditionBase:
    """Of a question whose advice stands at this revision."""
    history = Attr("history")
    corrected = history.exists() & history.size().eq(revision - 1)
    as_then = corrected if revision > 1 else history.not_exists()
    return STANDS & Attr("advice").exists() & as_then


def _known(item: Item | None) -> Question | None:
    return read_question(item) if item and "opinion" in item else None
