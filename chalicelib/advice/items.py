"""Questions as items of the `cases` table, and back."""

from dataclasses import asdict
from typing import Final

from chalicelib.advice.model import (
    Advice,
    Answers,
    Correction,
    FirstAdvice,
    FormerAdvice,
    Opinion,
    Question,
    Said,
    Urgency,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import due
from chalicelib.platform.table import Item

ORDER: Final = "question#"
"""How a question's place among what a patient has begins."""
_RANKS: Final = {advice: str(rank) for rank, advice in enumerate(FirstAdvice)}


OVERDUE: Final = "open#0#"
"""How the place of a question begins, in its clinic's list, that the clinic was reminded of."""


def clinic_list(clinic_id: str) -> str:
    """The index partition of a clinic's questions; no clinic has such an id."""
    return f"questions#{clinic_id}"


def clinic_order(question: Question) -> str:
    """Of open ones: those that the clinic was reminded of come first, then the most pressing by the first
    opinion, then who asked first. Of answered ones, by when."""
    if question.advice is not None:
        return f"answered#{timestamp(question.advice.answered_at)}#{question.question_id}"
    late = "0" if question.reminders else "1"
    rank = _RANKS[question.opinion.advice]
    return f"open#{late}#{rank}#{timestamp(question.answer_by)}#{question.question_id}"


def deadline(question: Question) -> Item:
    """The attributes that hold a question due; none when nobody has to look at it any more."""
    at = question.looked_at_next()
    return due(keys.question(question.question_id), at) if at else {}


def question_item(question: Question) -> Item:
    """The item of a new question."""
    return {
        "question_id": question.question_id,
        "patient_id": question.patient_id,
        "patient_order": f"{ORDER}{timestamp(question.asked_at)}#{question.question_id}",
        "of_clinic": question.clinic_id,
        "clinic_id": clinic_list(question.clinic_id),
        "clinic_order": clinic_order(question),
        "lesion_id": question.lesion_id,
        "site": question.site,
        "asked_by": question.asked_by,
        "asked_at": timestamp(question.asked_at),
        "answer_by": timestamp(question.answer_by),
        "answers": {name: str(said) for name, said in asdict(question.answers).items()},
        "text": question.text,
        "image_ids": list(question.image_ids),
        "measured": question.measured,
        "opinion": {
            "advice": str(question.opinion.advice),
            "reasons": list(question.opinion.reasons),
            "rules": question.opinion.rules,
        },
        "fingerprint": question.fingerprint,
        "trace": question.trace,
        "reminders": question.reminders,
        **deadline(question),
    }


def advice_item(advice: Advice) -> Item:
    return {
        **asdict(advice),
        "urgency": str(advice.urgency),
        "answered_at": timestamp(advice.answered_at),
    }


def correction_item(done: Correction) -> Item:
    """An entry of the advice's history."""
    was = {"urgency": str(done.was.urgency), "text": done.was.text}
    if done.was.read_at is not None:
        was["read_at"] = timestamp(done.was.read_at)
    return {"at": timestamp(done.at), "by": done.by, "was": was}


def read_question(item: Item) -> Question:
    """The question in an item of the table."""
    advice, opinion, read_at = item.get("advice"), item["opinion"], item.get("read_at")
    return Question(
        question_id=item["question_id"],
        patient_id=item["patient_id"],
        clinic_id=item["of_clinic"],
        lesion_id=item["lesion_id"],
        site=item["site"],
        asked_by=item["asked_by"],
        asked_at=moment(item["asked_at"]),
        answer_by=moment(item["answer_by"]),
        answers=Answers(**{name: Said(said) for name, said in item["answers"].items()}),
        text=item.get("text"),
        image_ids=tuple(item["image_ids"]),
        measured=item.get("measured"),
        opinion=Opinion(
            advice=FirstAdvice(opinion["advice"]),
            reasons=tuple(opinion["reasons"]),
            rules=opinion["rules"],
        ),
        fingerprint=item["fingerprint"],
        trace=item["trace"],
        advice=_read_advice(advice) if advice else None,
        read_at=moment(read_at) if read_at else None,
        history=tuple(_read_correction(done) for done in item.get("history", ())),
        reminders=item["reminders"],
    )


def _read_advice(item: Item) -> Advice:
    answered_at, urgency = moment(item["answered_at"]), Urgency(item["urgency"])
    return Advice(**{**item, "urgency": urgency, "answered_at": answered_at})


def _read_correction(item: Item) -> Correction:
    was = item["was"]
    read_at = was.get("read_at")
    former = FormerAdvice(
        urgency=Urgency(was["urgency"]),
        text=was["text"],
        read_at=moment(read_at) if read_at else None,
    )
    return Correction(at=moment(item["at"]), by=item["by"], was=former)
