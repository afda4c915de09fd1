"""Advice as it is given, corrected and answered over HTTP, and the texts to begin it from."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from chalicelib.advice.model import Question, Urgency
from chalicelib.advice.templates import Template
from chalicelib.patients.forms import Labels
from chalicelib.platform.http.fields import Answer, Form, fault
from chalicelib.platform.language import Text

_REQUIRED = Text("Это значение обязательно.", "This value is required.")
Words = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
AdviceText = Annotated[Words, Field(min_length=1, description="What to do and when; no names.")]


class AdviceForm(Form):
    """The doctor's advice."""

    urgency: Urgency
    text: AdviceText


class AdviceCorrection(Form):
    """What is to be another in the advice; what is left out stays as it was."""

    revision: Annotated[int, Field(ge=1, description="Of the advice that is corrected, as seen.")]
    urgency: Urgency | None = None
    text: AdviceText | None = None

    @field_validator("urgency", "text")
    @classmethod
    def _stays(cls, value: Any) -> Any:
        if value is None:
            raise fault(_REQUIRED)
        return value


class AdviceAnswer(Answer):
    """The advice as it stands."""

    urgency: Urgency
    text: str
    answered_at: Annotated[datetime, Field(description="When it was given first.")]
    revision: Annotated[int, Field(description="1 as it was given, one more each correction.")]
    corrected_at: Annotated[datetime | None, Field(description="When it was corrected last.")]
    read_at: Annotated[
        datetime | None, Field(description="When the patient opened it, as it stands.")
    ]


class FormerAdviceAnswer(Answer):
    """Advice that a correction replaced."""

    urgency: Urgency
    text: str
    read_at: Annotated[
        datetime | None, Field(description="When the patient opened it; null if he had not.")
    ]


class AdviceCorrected(Answer):
    """One correction: what the advice was before it."""

    at: datetime
    by: Annotated[str, Field(description="The account that corrected.")]
    was: FormerAdviceAnswer


class TemplateAnswer(Answer):
    """An answer to begin from."""

    key: str
    urgency: Urgency
    title: Labels
    text: Labels


class Templates(Answer):
    """All of them; there is no further page."""

    items: list[TemplateAnswer]
    next: Literal[None] = None


def advice_answer(question: Question) -> AdviceAnswer | None:
    if (advice := question.advice) is None:
        return None
    return AdviceAnswer(
        urgency=advice.urgency,
        text=advice.text,
        answered_at=advice.answered_at,
        revision=question.revision,
        corrected_at=question.corrected_at,
        read_at=question.read_at,
    )


def corrections_of(question: Question) -> list[AdviceCorrected]:
    return [
        AdviceCorrected(at=done.at, by=done.by, was=FormerAdviceAnswer(**vars(done.was)))
        for done in question.history
    ]


def template_answer(template: Template) -> TemplateAnswer:
    return TemplateAnswer(
        key=template.key,
        urgency=template.urgency,
        title=labels(template.title),
        text=labels(template.text),
    )


def labels(text: Text) -> Labels:
    return Labels(ru=text.ru, en=text.en)
