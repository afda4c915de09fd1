"""The course of treatment: what was done to a lesion, recorded, corrected and listed.

Doctors of the lesion's own clinic record and correct; so do those of a clinic that it is referred
to, who correct only what their own clinic recorded.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.patients import service
from chalicelib.patients.intake import require_clinic
from chalicelib.patients.lesion_store import LesionStore, Refused
from chalicelib.patients.model import Correction, Lesion, RecordedTreatment
from chalicelib.patients.treatment import (
    MAX_AMENDMENTS,
    MAX_TREATMENTS,
    Treatment,
    faults_of_days,
    treatment_json,
)
from chalicelib.patients.treatment_store import TreatmentStore
from chalicelib.people.model import Caller
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.http.fields import WHOLE, read_form
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

_NOTHING: Final = Text(
    "Укажите хотя бы одно поле, которое нужно исправить.",
    "Give at least one field to correct.",
)
_TOO_MANY: Final = Text(
    f"У этого очага уже {MAX_TREATMENTS} записей о лечении. Дополните одну из них.",
    f"This lesion has {MAX_TREATMENTS} treatments already. Add to one of them.",
)
_TOO_MANY_AMENDMENTS: Final = Text(
    "Записи о лечении этого очага исправляли слишком много раз. Обратитесь к администратору.",
    "The treatments of this lesion were corrected too many times. Ask an administrator.",
)
_MEANWHILE: Final = Text(
    "Эту запись только что исправил кто-то другой. Откройте её заново и повторите.",
    "Somebody else has just corrected this treatment. Open it again and repeat.",
)
_ELSEWHERE: Final = Text(
    "Эту запись сделала другая клиника, исправить её может только она или клиника пациента. "
    "Добавьте свою запись.",
    "Another clinic made this record; only it or the patient's own clinic can correct it. Add a "
    "record of your own.",
)


def record_treatment(
    platform: Platform,
    *,
    caller: Caller,
    lesion_id: str,
    suffix: str,
    told: Treatment,
) -> tuple[Lesion, RecordedTreatment]:
    """Keep what was done to a lesion. Two calls to AWS; three for a referred lesion.

    A repetition (`suffix` comes from the Idempotency-Key) gets the same treatment as it is by now.
    Raises `NotFound` for a lesion out of reach, `Invalid` for days that cannot be, `Conflict` when
    the repetition tells something else or the lesion has too many.
    """
    clinic_id = require_clinic(caller)
    lesion = service.lesion(platform, caller, lesion_id)
    _require_possible(platform, lesion, told)
    values = treatment_json(told)
    treatment = RecordedTreatment(
        # Two lesions that are merged later must not both have it.
        suffix=platform.ids.derived("treatment of", lesion_id, suffix),
        told=told,
        created_at=platform.clock.now(),
        by=caller.account_id,
        clinic_id=clinic_id,
        fingerprint=platform.ids.digest("treatment", *map(str, values.values())).hex(),
    )
    try:
        lesion = _store(platform).add(lesion.lesion_id, treatment)
    except Refused as refused:
        if refused.found is None:
            raise NotFound from None
        lesion = refused.found
    kept = lesion.treatments.get(treatment.suffix)
    if kept is None:
        raise Conflict("too_many_treatments", _TOO_MANY)
    if kept.fingerprint != treatment.fingerprint:
        raise idempotency_conflict()
    return lesion, kept


def amend_treatment(
    platform: Platform, *, caller: Caller, treatment_id: str, changes: Mapping[str, Any]
) -> tuple[Lesion, RecordedTreatment]:
    """Set the outcome of a treatment, or correct it: `changes` are JSON values, null takes one back.

    Doing it again changes nothing more. Two calls to AWS; three for a referred lesion. Raises
    `NotFound`, `Invalid`, or `Conflict` when another clinic recorded it or somebody else corrected
    it at the same moment.
    """
    if not changes:
        raise Invalid({WHOLE: _NOTHING})
    lesion_id, _, suffix = treatment_id.rpartition(".")
    lesion = service.lesion(platform, caller, lesion_id)
    treatment = lesion.treatments.get(suffix)
    if treatment is None:
        raise NotFound
    if not (caller.reaches_clinic(lesion.clinic_id) or caller.reaches_clinic(treatment.clinic_id)):
        raise Conflict("recorded_elsewhere", _ELSEWHERE)
    corrected = read_form(Treatment, {**treatment_json(treatment.told), **changes})
    _require_possible(platform, lesion, corrected)
    was = treatment.changes(corrected)
    if was:
        done = Correction(at=platform.clock.now(), by=caller.account_id, was=was)
        told = treatment_json(corrected)
        try:
            lesion = _store(platform).amend(lesion, treatment, told, done)
        except Refused as refused:
            raise _conflict(refused.found) from None
    return lesion, lesion.treatments[suffix]


def list_treatments(
    platform: Platform, *, caller: Caller, lesion_id: str, limit: int, cursor: str | None
) -> tuple[Lesion, list[RecordedTreatment], str | None]:
    """A page of what was done to a lesion, the earliest first, and the cursor of the next page. One
    call to AWS; two for a referred lesion.

    Raises `NotFound`, and `Invalid` for a cursor of another list.
    """
    lesion = service.lesion(platform, caller, lesion_id)
    scope = f"treatments {lesion.lesion_id} {caller.clinic_id}"
    start = platform.cursors.open(cursor, scope=scope)
    later = [
        treatment
        for treatment in in_order(lesion)
        if start is None or _place(treatment) > start["after"]
    ]
    page = later[:limit]
    last = {"after": _place(page[-1])} if len(later) > limit else None
    return lesion, page, platform.cursors.seal(last, scope=scope)


def in_order(lesion: Lesion) -> list[RecordedTreatment]:
    """The treatments of a lesion, the earliest first."""
    return sorted(lesion.treatments.values(), key=_place)


def _store(platform: Platform) -> TreatmentStore:
    return TreatmentStore(LesionStore(platform.cases))


def _place(treatment: RecordedTreatment) -> str:
    return f"{treatment.told.done_on.isoformat()}#{treatment.suffix}"


def _require_possible(platform: Platform, lesion: Lesion, told: Treatment) -> None:
    faults = faults_of_days(told, lesion.birth_year, platform.today())
    if faults:
        raise Invalid(faults)


def _conflict(lesion: Lesion | None) -> Conflict:
    if lesion is not None and lesion.amendments >= MAX_AMENDMENTS:
        return Conflict("too_many_corrections", _TOO_MANY_AMENDMENTS)
    return Conflict("changed_meanwhile", _MEANWHILE)
