"""What is merged into what, and when two records may be one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.patients.model import (
    MAX_CORRECTIONS,
    MAX_SURVEYS,
    Consent,
    Lesion,
    Merged,
    Patient,
)
from chalicelib.patients.referral import MAX_REFERRALS, OPEN
from chalicelib.patients.treatment import MAX_AMENDMENTS, MAX_TREATMENTS
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.errors import Conflict, Invalid
from chalicelib.platform.language import Text

RUN: Final = 50
"""How many images one run moves; the next is a minute away."""
GOES_ON_AFTER: Final = timedelta(minutes=2)
"""When the sweep takes up a merge that was cut short."""
SETTLING: Final = timedelta(minutes=3)
"""How long after a merge stragglers are looked for: what requests in flight filed under the
duplicate, and what the index did not show yet. Longer than any request may run."""

_SAME: Final = Text(
    "Это одна и та же запись. Укажите две разные.",
    "This is one and the same record. Name two.",
)
_OTHER_CLINIC: Final = Text(
    "Эти записи ведут разные клиники. Объединять можно только записи одной клиники.",
    "These records are of different clinics. Only records of one clinic can be merged.",
)
_OTHER_PATIENT: Final = Text(
    "Эти очаги записаны за разными пациентами. Если это один человек, сначала объедините пациентов.",
    "These lesions are of different patients. If they are one person, merge the patients first.",
)
_OTHER_SITE: Final = Text(
    "У этих очагов указано разное расположение. Сначала исправьте его в анкете одного из них.",
    "These lesions are at different sites. Correct the site in a survey of one of them first.",
)
_OTHER_SEX: Final = Text(
    "У этих пациентов указан разный пол. Сначала исправьте его в анкете одного из них.",
    "These patients are of different sex. Correct it in a survey of one of them first.",
)
_OTHER_BIRTH: Final = Text(
    "У этих пациентов разный год рождения: это разные люди, или код одного введён с ошибкой. "
    "Перенесите снимки по одному или обратитесь к администратору.",
    "These patients have different years of birth: they are two people, or one code was mistyped. "
    "Move the images one by one, or ask an administrator.",
)
_TOO_MANY: Final = Text(
    f"Вместе у этих очагов больше {MAX_SURVEYS} анкет или {MAX_CORRECTIONS} исправлений. "
    "Перенесите снимки по одному.",
    f"Together these lesions have over {MAX_SURVEYS} surveys or {MAX_CORRECTIONS} corrections. "
    "Move the images one by one.",
)
_TOO_MANY_TREATMENTS: Final = Text(
    f"Вместе у этих очагов больше {MAX_TREATMENTS} записей о лечении или {MAX_AMENDMENTS} их "
    "исправлений. Перенесите снимки по одному.",
    f"Together these lesions have over {MAX_TREATMENTS} treatments or {MAX_AMENDMENTS} corrections "
    "of them. Move the images one by one.",
)
_TOO_MANY_REFERRALS: Final = Text(
    "Вместе у этих пациентов слишком много направлений. Перенесите снимки по одному.",
    "Together these patients have too many referrals. Move the images one by one.",
)
_SEEN_ELSEWHERE: Final = Text(
    "Один из этих очагов направлен в другую клинику, а второй нет. Завершите направление или "
    "направьте и второй очаг, затем объедините их.",
    "One of these lesions is referred to another clinic, and the other is not. End the referral, or "
    "refer the other one too, and then merge them.",
)


class What(StrEnum):
    """Why an image or a lesion is filed elsewhere now."""

    MOVED = auto()
    LESIONS_MERGED = auto()
    PATIENTS_MERGED = auto()


@dataclass(frozen=True, kw_only=True)
class Merge:
    """One merge: the record that stays, the one that goes, and who said so."""

    kept: str
    duplicate: str
    by: str
    role: str
    at: datetime
    reason: str
    request_id: str

    @property
    def merged(self) -> Merged:
        """As the kept record remembers it."""
        return Merged(at=self.at, by=self.by, duplicate_id=self.duplicate, reason=self.reason)

    def change(self, what: What) -> dict[str, Any]:
        """An entry of the `changes` of what was filed under the duplicate, but for `was`."""
        return change(what, at=self.at, by=self.by, reason=self.reason)


def change(what: What, *, at: datetime, by: str, reason: str) -> dict[str, Any]:
    return {"at": timestamp(at), "by": by, "what": what.value, "reason": reason}


def merge_item(merge: Merge) -> dict[str, str]:
    return {**vars(merge), "at": timestamp(merge.at)}


def read_merge(item: Mapping[str, str]) -> Merge:
    return Merge(**{**item, "at": moment(item["at"])})  # type: ignore[arg-type]


def require_two(kept_id: str, duplicate_id: str) -> None:
    """Raise `Invalid` when one record is named twice."""
    if kept_id == duplicate_id:
        raise Invalid({"duplicate_id": _SAME})


def require_one_lesion(kept: Lesion, duplicate: Lesion) -> None:
    """Raise `Invalid` or `Conflict` unless the two can be one lesion."""
    if kept.clinic_id != duplicate.clinic_id:
        raise Invalid({"duplicate_id": _OTHER_CLINIC})
    if kept.patient_id != duplicate.patient_id:
        raise Invalid({"duplicate_id": _OTHER_PATIENT})
    if kept.site is not duplicate.site:
        raise Invalid({"duplicate_id": _OTHER_SITE})
    surveys = len(kept.surveys) + len(duplicate.surveys)
    if surveys > MAX_SURVEYS or kept.corrections + duplicate.corrections > MAX_CORRECTIONS:
        raise Conflict("too_many_surveys", _TOO_MANY)
    treatments = len(kept.treatments) + len(duplicate.treatments)
    if treatments > MAX_TREATMENTS or kept.amendments + duplicate.amendments > MAX_AMENDMENTS:
        raise Conflict("too_many_treatments", _TOO_MANY_TREATMENTS)


def require_seen_alike(patient: Patient, kept: Lesion, duplicate: Lesion) -> None:
    """Raise `Conflict` when another clinic sees one of the lesions and not the other: merged, it
    would see what it was never shown, or lose what it treats."""

    def seen_by(lesion: Lesion) -> set[str]:
        return {
            referral.to_clinic
            for referral in patient.referrals.values()
            if referral.state in OPEN and referral.covers(lesion.lesion_id)
        }

    if seen_by(kept) != seen_by(duplicate):
        raise Conflict("referred_apart", _SEEN_ELSEWHERE)


def require_one_person(kept: Patient, duplicate: Patient) -> None:
    """Raise `Invalid` or `Conflict` unless the two can be one person."""
    if kept.clinic_id != duplicate.clinic_id:
        raise Invalid({"duplicate_id": _OTHER_CLINIC})
    if kept.sex is not duplicate.sex:
        raise Invalid({"duplicate_id": _OTHER_SEX})
    if kept.birth_year != duplicate.birth_year:
        raise Invalid({"duplicate_id": _OTHER_BIRTH})
    if len(kept.referrals) + len(duplicate.referrals) > 2 * MAX_REFERRALS:
        raise Conflict("too_many_referrals", _TOO_MANY_REFERRALS)


def absorbed(kept: Patient, duplicate: Patient, merged: Merged) -> Patient:
    """The kept patient with all that is known of the duplicate; the consent confirmed last holds."""
    last, other = sorted((duplicate, kept), key=lambda patient: patient.confirmed_at, reverse=True)
    if last.confirmed_at == other.confirmed_at:
        last, other = kept, duplicate
    past: dict[Consent, None] = dict.fromkeys(
        (*kept.past_consents, *duplicate.past_consents, other.consent)
    )
    past.pop(last.consent, None)
    return replace(
        kept,
        first_visit=min(kept.first_visit, duplicate.first_visit),
        last_visit=max(kept.last_visit, duplicate.last_visit),
        consent=last.consent,
        confirmed_at=last.confirmed_at,
        past_consents=tuple(sorted(past, key=lambda consent: consent.given_at)),
        codes=kept.codes | duplicate.codes,
        merges=(*kept.merges, *duplicate.merges, merged),
        referrals={**duplicate.referrals, **kept.referrals},
        logins={**duplicate.logins, **kept.logins},
    )
