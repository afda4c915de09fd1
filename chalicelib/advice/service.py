"""A patient asks about a lesion, gets a first opinion at once, and his clinic's advice within days."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from chalicelib.access.service import is_his, own_lesion, own_patient
from chalicelib.advice.model import MOST_OPEN, Advice, Answers, Question, QuestionState, Urgency
from chalicelib.advice.rules import first_opinion
from chalicelib.advice.store import Answered, OtherRequest, QuestionStore
from chalicelib.images.lesion_images import newest_of_lesion
from chalicelib.images.model import LABELLABLE, UNCLASSIFIED, Image
from chalicelib.images.own_course import OwnCourse, own_course
from chalicelib.images.store import ImageStore
from chalicelib.patients.intake import require_clinic
from chalicelib.patients.model import Lesion, Patient
from chalicelib.people.model import Caller
from chalicelib.platform import limits
from chalicelib.platform.announcing import Happening, announce
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

LOOKED_BACK: Final = 100
"""Images of the lesion among which the change is looked for: those uploaded last."""
A_DAY: Final = limits.Limit(
    "questions",
    10,
    timedelta(days=1),
    Text(
        "Сегодня вы уже задали много вопросов. Врач ответит на них; новый задайте завтра. Если вам плохо, "
        "не ждите ответа, обратитесь за помощью.",
        "You have asked many questions today. The doctor will answer them; ask a new one tomorrow. If you feel "
        "unwell, do not wait for an answer, ask for help.",
    ),
)
_TOO_MANY_OPEN: Final = Text(
    "Столько вопросов уже ждут ответа врача. Дождитесь ответа на один из них.",
    "That many questions wait for the doctor already. Wait until one of them is answered.",
)
_NOT_OF_THE_LESION: Final = Text(
    "Такого снимка у этой родинки нет. Выберите снимки из её истории.",
    "This mole has no such photograph. Choose from its own.",
)
_NOT_READY: Final = Text(
    "Снимок ещё не обработан. Подождите несколько секунд и отправьте вопрос снова.",
    "The photograph has not been processed yet. Wait a few seconds and send the question again.",
)
_ANSWERED: Final = Text(
    "На этот вопрос уже ответили. Обновите список.",
    "This question has been answered already. Open the list again.",
)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a patient asks about one of his lesions."""

    lesion_id: str
    image_ids: Sequence[str]
    answers: Answers
    text: str | None


def ask(
    platform: Platform,
    *,
    caller: Caller,
    question_id: str,
    repeatable: bool,
    asking: Asking,
    trace: str,
) -> Question:
    """Ask the caller's clinic; the question with its first opinion. Seven calls to AWS, one more with an
    Idempotency-Key.

    A repetition gets the same question. Raises `NotFound` for a lesion that is not his, `Invalid` for images that
    are not the lesion's or not ready, `TooMany` beyond what he may ask in a day, `Conflict`,
    `ConsentWithdrawn`.
    """
    patient = own_patient(platform, caller)
    store, now = QuestionStore(platform.cases), platform.clock.now()
    fingerprint = _fingerprint(platform, asking)
    if repeatable and (made := store.get(question_id)) is not None:
        if made.fingerprint != fingerprint or not is_his(patient, made.patient_id):
            raise idempotency_conflict()
        return made
    lesion = own_lesion(platform, patient, asking.lesion_id)
    chosen = _chosen(platform, patient, lesion, asking.image_ids)
    course = _course(platform, patient, lesion, chosen)
    _require_room(store, patient)
    limits.count_once(platform.people, platform.clock, caller.account_id, A_DAY, question_id)
    question = Question(
        question_id=question_id,
        patient_id=patient.patient_id,
        clinic_id=patient.clinic_id,
        lesion_id=lesion.lesion_id,
        site=lesion.site.value,
        asked_by=caller.account_id,
        asked_at=now,
        answer_by=now + timedelta(days=platform.settings.answer_within_days),
        answers=asking.answers,
        text=asking.text or None,
        image_ids=tuple(asking.image_ids),
        measured=_measured(course),
        opinion=first_opinion(asking.answers, course),
        fingerprint=fingerprint,
        trace=trace,
    )
    try:
        return store.ask(question)
    except OtherRequest:
        raise idempotency_conflict() from None


def _fingerprint(platform: Platform, asking: Asking) -> str:
    said = asdict(asking.answers).values()
    asked = (asking.lesion_id, *said, asking.text or "", *asking.image_ids)
    return platform.ids.digest("question", *map(str, asked)).hex()


def _require_room(store: QuestionStore, patient: Patient) -> None:
    latest, _ = store.of_patient(patient.patient_id, limit=MOST_OPEN, start=None)
    if sum(question.state is QuestionState.OPEN for question in latest) >= MOST_OPEN:
        raise Conflict("too_many_questions", _TOO_MANY_OPEN)


def _chosen(
    platform: Platform, patient: Patient, lesion: Lesion, image_ids: Sequence[str]
) -> list[Image]:
    """The images asked about. Raises `Invalid`; of a foreign and a missing one the same is told."""
    found = ImageStore(platform.cases).several(image_ids)
    of_lesion = {lesion.lesion_id, *(done.duplicate_id for done in lesion.merges)}
    chosen: list[Image] = []
    for place, image_id in enumerate(image_ids):
        image = found.get(image_id)
        his = image is not None and is_his(patient, image.patient_id)
        if image is None or not his or image.lesion_id not in of_lesion:
            raise Invalid({f"image_ids.{place}": _NOT_OF_THE_LESION})
        if image.state in UNCLASSIFIED:
            raise Invalid({f"image_ids.{place}": _NOT_READY})
        if image.state not in LABELLABLE:
            raise Invalid({f"image_ids.{place}": _NOT_OF_THE_LESION})
        chosen.append(image)
    return chosen


def _course(
    platform: Platform, patient: Patient, lesion: Lesion, chosen: Sequence[Image]
) -> OwnCourse:
    images, _ = newest_of_lesion(
        platform.cases,
        patient_id=patient.patient_id,
        lesion_id=lesion.lesion_id,
        limit=LOOKED_BACK,
    )
    # The index may not show the latest yet.
    return own_course({each.image_id: each for each in (*images, *chosen)}.values())


def _measured(course: OwnCourse) -> Mapping[str, Any] | None:
    """What the circles told, as it is kept with the question: the images may be deleted later."""
    parts = {
        "last": course.last,
        "since_first": course.since_first,
        "since_last": course.since_last,
    }
    return {name: asdict(part) for name, part in parts.items() if part is not None} or None


def own_questions(
    platform: Platform, *, caller: Caller, limit: int, cursor: str | None
) -> tuple[list[Question], str | None]:
    """A page of the caller's questions, the latest first. Two calls to AWS. Raises `Invalid` for a bad cursor."""
    patient = own_patient(platform, caller)
    scope = f"own questions {patient.patient_id}"
    start = platform.cursors.open(cursor, scope=scope)
    questions, last = QuestionStore(platform.cases).of_patient(
        patient.patient_id, limit=limit, start=start
    )
    return questions, platform.cursors.seal(last, scope=scope)


def own_question(platform: Platform, *, caller: Caller, question_id: str) -> Question:
    """One of the caller's questions. Two calls to AWS. Raises `NotFound`."""
    patient = own_patient(platform, caller)
    question = QuestionStore(platform.cases).get(question_id)
    if question is None or not is_his(patient, question.patient_id):
        raise NotFound
    return question


def note_reading(
    platform: Platform, *, caller: Caller, question_id: str, revision: int | None
) -> None:
    """Note that the caller has opened the advice, at this revision where he says which; nothing is noted without
    advice, or where it was corrected since. Three calls to AWS. Raises `NotFound`."""
    question = own_question(platform, caller=caller, question_id=question_id)
    if question.unread and revision in (None, question.revision):
        now = platform.clock.now()
        QuestionStore(platform.cases).read(question_id, now, revision=question.revision)


def list_questions(
    platform: Platform, *, caller: Caller, state: QuestionState, limit: int, cursor: str | None
) -> tuple[list[Question], str | None]:
    """A page of the questions to the caller's clinic. One call to AWS.

    Raises `Invalid` for a cursor of another list, `Forbidden` for a caller without a clinic.
    """
    clinic_id = require_clinic(caller)
    scope = f"questions {clinic_id} {state}"
    start = platform.cursors.open(cursor, scope=scope)
    questions, last = QuestionStore(platform.cases).of_clinic(
        clinic_id, state, limit=limit, start=start
    )
    return questions, platform.cursors.seal(last, scope=scope)


def view_question(platform: Platform, *, caller: Caller, question_id: str) -> Question:
    """A question to the caller's clinic. One call to AWS. Raises `NotFound`."""
    question = QuestionStore(platform.cases).get(question_id)
    if question is None or not caller.reaches_clinic(question.clinic_id):
        raise NotFound
    return question


def advise(
    platform: Platform,
    *,
    caller: Caller,
    question_id: str,
    advice_id: str,
    urgency: Urgency,
    text: str,
) -> Question:
    """Answer a question to the caller's clinic. Two calls to AWS.

    A repetition gets the same answer. Raises `NotFound`, `Conflict` when another has answered first.
    """
    question = view_question(platform, caller=caller, question_id=question_id)
    advice = Advice(
        advice_id=advice_id,
        urgency=urgency,
        text=text,
        by=caller.account_id,
        answered_at=platform.clock.now(),
        fingerprint=platform.ids.digest("advice", question_id, urgency, text).hex(),
    )
    try:
        return QuestionStore(platform.cases).answer(question, advice)
    except Answered as refused:
        return _repeated(refused.question, advice)


def _repeated(question: Question | None, advice: Advice) -> Question:
    """The question, if this very request answered it before."""
    if question is None:
        raise NotFound
    there = question.advice
    if there is None or there.advice_id != advice.advice_id:
        raise Conflict("answered_already", _ANSWERED)
    if there.fingerprint != advice.fingerprint:
        raise idempotency_conflict()
    return question


def remind(platform: Platform, item: Item) -> None:
    """What the sweep does with a question whose answer is overdue: tell whoever asked to be told, each day
    for two weeks. A crash here tells it twice, never not at all."""
    store = QuestionStore(platform.cases)
    question = store.get(item["question_id"])
    if question is None or question.looked_at_next() is None:
        return  # the index lags behind
    count("QuestionsOverdue")
    revision = str(question.reminders)
    announce(platform, Happening.QUESTION_OVERDUE, question.question_id, revision=revision)
    store.remind(question)
