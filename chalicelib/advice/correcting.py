"""Advice that was wrong is put right: what it was is kept, and to the patient it is unread again."""

from dataclasses import replace
from typing import Final

from chalicelib.advice.model import MAX_CORRECTIONS, Correction, FormerAdvice, Question, Urgency
from chalicelib.advice.service import view_question
from chalicelib.advice.store import Moved, QuestionStore
from chalicelib.people.model import Caller
from chalicelib.platform.errors import Conflict, Invalid, NotFound
from chalicelib.platform.http.fields import WHOLE
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

_NOTHING: Final = Text(
    "Укажите срочность или текст, которые нужно исправить.",
    "Give the urgency or the text to correct.",
)
_NOT_ANSWERED: Final = Text(
    "На этот вопрос ещё не ответили, исправлять нечего. Ответьте на него.",
    "This question has no answer yet, so there is nothing to correct. Answer it.",
)
_MEANWHILE: Final = Text(
    "Этот ответ только что исправил кто-то другой. Откройте вопрос заново и повторите, если нужно.",
    "Somebody else has just corrected this answer. Open the question again and repeat if need be.",
)
_TOO_MANY: Final = Text(
    "Этот ответ исправляли слишком много раз. Позвоните пациенту или пригласите его на приём.",
    "This answer was corrected too many times. Call the patient, or ask him to come.",
)


def correct_advice(
    platform: Platform,
    *,
    caller: Caller,
    question_id: str,
    revision: int,
    urgency: Urgency | None,
    text: str | None,
) -> Question:
    """Replace the urgency, the text or both of the advice that the caller saw at `revision`; None stays as it is.

    The same again changes nothing more. Two calls to AWS, one when nothing changes. Raises `NotFound`, `Invalid`
    without anything to correct, and `Conflict` when there is no advice, when it was corrected since, or too often.
    """
    if urgency is None and text is None:
        raise Invalid({WHOLE: _NOTHING})
    question = view_question(platform, caller=caller, question_id=question_id)
    while True:
        if (advice := question.advice) is None:
            raise Conflict("not_answered", _NOT_ANSWERED)
        corrected = replace(advice, urgency=urgency or advice.urgency, text=text or advice.text)
        if corrected == advice:
            return question
        if question.revision != revision:
            raise Conflict("changed_meanwhile", _MEANWHILE)
        if len(question.history) >= MAX_CORRECTIONS:
            raise Conflict("too_many_corrections", _TOO_MANY)
        was = FormerAdvice(urgency=advice.urgency, text=advice.text, read_at=question.read_at)
        done = Correction(at=platform.clock.now(), by=caller.account_id, was=was)
        try:
            return QuestionStore(platform.cases).correct(question, corrected, done)
        except Moved as moved:
            if moved.question is None:
                raise NotFound from None
            question = moved.question  # corrected by another, or only read by the patient
