"""Questions as they are asked and answered over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, field_validator

from chalicelib.advice.advice_forms import (
    AdviceAnswer,
    AdviceCorrected,
    Words,
    advice_answer,
    corrections_of,
    labels,
)
from chalicelib.advice.model import (
    MAX_IMAGES,
    Answers,
    FirstAdvice,
    Opinion,
    Question,
    QuestionState,
    Said,
)
from chalicelib.advice.rules import REASONS
from chalicelib.images.marks import Grown, Size
from chalicelib.images.own_forms import SizeAnswer, SizeChange, change_answer, size_answer
from chalicelib.patients.choices import Site
from chalicelib.patients.forms import Id, Labels
from chalicelib.patients.scale_objects import ScaleObject
from chalicelib.platform.http.fields import Answer, Form, Listed, fault
from chalicelib.platform.language import Text

_ONCE = Text("Каждый снимок указывайте один раз.", "Name each photograph once.")


class AnswersForm(Form):
    """What the patient noticed."""

    itching: Said
    bleeding: Annotated[Said, Field(description="Bleeding or a crust.")]
    growth: Annotated[Said, Field(description="It grows, or changes its shape.")]
    colour: Annotated[Said, Field(description="Its colour changes.")]
    pain: Said = Said.UNKNOWN
    new: Annotated[Said, Field(description="It was not there before.")] = Said.UNKNOWN
    unlike_others: Annotated[Said, Field(description="It looks unlike his other moles.")] = (
        Said.UNKNOWN
    )


class QuestionForm(Form):
    """A question about one mole."""

    lesion_id: Id
    image_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_IMAGES)]
    answers: AnswersForm
    text: Annotated[Words | None, Field(description="In the patient's own words.")] = None

    @field_validator("image_ids")
    @classmethod
    def _each_once(cls, image_ids: list[str]) -> list[str]:
        if len(set(image_ids)) < len(image_ids):
            raise fault(_ONCE)
        return image_ids


class QuestionsQuery(Listed):
    state: QuestionState = QuestionState.OPEN


class ReadingQuery(Form):
    revision: Annotated[
        int | None,
        Field(ge=1, description="Of the advice that was shown; one corrected since stays unread."),
    ] = None


class FirstOpinionReason(Answer):
    """Why the first opinion is what it is, in everyday words."""

    key: str
    text: Labels


class OpinionAnswer(Answer):
    """The first opinion, by written rules over the answers and the measured change. Not a diagnosis."""

    advice: FirstAdvice
    reasons: list[FirstOpinionReason]
    rules: Annotated[str, Field(description="Version of the rules.")]


class QuestionAsked(Answer):
    """A question was taken; its answer comes by `answer_by`."""

    question_id: str
    answer_by: datetime
    opinion: OpinionAnswer


class QuestionBrief(Answer):
    """One line of a clinic's list."""

    question_id: str
    patient_id: str
    lesion_id: str
    site: Site
    asked_at: datetime
    answer_by: datetime
    overdue: bool
    opinion: FirstAdvice
    state: QuestionState


class QuestionSize(Answer):
    """What the circles in the lesion's photographs told when the question was asked."""

    last: SizeAnswer | None
    since_first: SizeChange | None
    since_last: SizeChange | None


class OwnQuestion(Answer):
    """A question as its patient sees it."""

    question_id: str
    lesion_id: str
    site: Site
    state: QuestionState
    asked_at: datetime
    answer_by: datetime
    overdue: bool
    image_ids: list[str]
    answers: dict[str, Said]
    text: str | None
    measured: QuestionSize | None
    opinion: OpinionAnswer
    advice: AdviceAnswer | None


class QuestionAnswer(OwnQuestion):
    """A question as the clinic sees it."""

    patient_id: str
    advised_by: Annotated[str | None, Field(description="The account that answered.")]
    history: Annotated[
        list[AdviceCorrected], Field(description="Corrections of the advice, oldest first.")
    ]


def answers_of(form: AnswersForm) -> Answers:
    return Answers(**dict(form))


def opinion_answer(opinion: Opinion) -> OpinionAnswer:
    reasons = [FirstOpinionReason(key=key, text=labels(REASONS[key])) for key in opinion.reasons]
    return OpinionAnswer(advice=opinion.advice, reasons=reasons, rules=opinion.rules)


def in_brief(question: Question, now: datetime) -> QuestionBrief:
    return QuestionBrief(
        question_id=question.question_id,
        patient_id=question.patient_id,
        lesion_id=question.lesion_id,
        site=Site(question.site),
        asked_at=question.asked_at,
        answer_by=question.answer_by,
        overdue=question.overdue(now),
        opinion=question.opinion.advice,
        state=question.state,
    )


def own_answer(question: Question, now: datetime) -> OwnQuestion:
    return OwnQuestion(**_told(question, now))


def clinic_answer(question: Question, now: datetime) -> QuestionAnswer:
    return QuestionAnswer(
        **_told(question, now),
        patient_id=question.patient_id,
        advised_by=question.advice.by if question.advice else None,
        history=corrections_of(question),
    )


def _told(question: Question, now: datetime) -> dict[str, Any]:
    return {
        "question_id": question.question_id,
        "lesion_id": question.lesion_id,
        "site": Site(question.site),
        "state": question.state,
        "asked_at": question.asked_at,
        "answer_by": question.answer_by,
        "overdue": question.overdue(now),
        "image_ids": list(question.image_ids),
        "answers": vars(question.answers),
        "text": question.text,
        "measured": _measured(question.measured),
        "opinion": opinion_answer(question.opinion),
        "advice": advice_answer(question),
    }


def _measured(told: Mapping[str, Any] | None) -> QuestionSize | None:
    if told is None:
        return None
    last = told.get("last")
    if last is not None:
        last = Size(**{**last, "scale": ScaleObject(last["scale"])})
    since = {
        name: change_answer(Grown(**told[name])) if name in told else None
        for name in ("since_first", "since_last")
    }
    return QuestionSize(last=size_answer(last), **since)
