"""What curators are answered of gold cases: what is known of each, and what readers said of it."""

from datetime import datetime

from chalicelib.labelling.answers import CaseBrief, case_brief
from chalicelib.labelling.ballots import Quality
from chalicelib.labelling.proof import Proof
from chalicelib.labelling.verdict import verdict
from chalicelib.labelling.worklist import GoldCase
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.lesion_classes import LesionClass


class GoldReading(Answer):
    """What a reader said of a gold case that was mixed into his hand."""

    account_id: str
    diagnosis: LesionClass
    image_quality: Quality
    at: str
    seconds: float | None
    correct: bool | None
    """Null where he does not know, or called the image unusable."""


class GoldAnswer(CaseBrief):
    """A case of known truth that is mixed into hands, to see how good readers are."""

    truth: LesionClass | None
    proof: Proof | None
    given: int
    """To how many readers."""
    correct: int
    wrong: int
    answers: list[GoldReading]
    """The latest first."""


def gold_answer(found: GoldCase, now: datetime) -> GoldAnswer:
    case = found.case
    return GoldAnswer(
        **case_brief(case, verdict(case), now),
        truth=case.truth.diagnosis if case.truth else None,
        proof=case.truth.by if case.truth else None,
        given=found.given,
        correct=sum(each.correct is True for each in found.answers),
        wrong=sum(each.correct is False for each in found.answers),
        answers=[
            GoldReading(
                account_id=each.account_id,
                diagnosis=each.diagnosis,
                image_quality=each.quality,
                at=timestamp(each.at),
                seconds=each.seconds,
                correct=each.correct,
            )
            for each in found.answers
        ],
    )
