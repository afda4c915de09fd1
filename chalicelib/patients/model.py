"""Patients, lesions and their surveys: what they are, and the rules that hold of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from chalicelib.patients.choices import Sex, Site
from chalicelib.patients.referral import Referral
from chalicelib.patients.results import Result, confirmed
from chalicelib.patients.spot import Spot
from chalicelib.patients.survey import Survey
from chalicelib.patients.treatment import Treatment, treatment_json
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text

MAX_SURVEYS: Final = 100
MAX_CORRECTIONS: Final = 300
"""Of one lesion. With them its item stays below the 400 KB that DynamoDB allows."""

_WITHDRAWN: Final = Text(
    "Согласие этого пациента отозвано, его данные удаляются. Новых записей о нём быть не может.",
    "This patient took the consent back, and his data are being erased. Nothing new can be kept.",
)


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the patient agreed to, since when, and which account recorded it."""

    research: bool
    publication: bool
    given_at: datetime
    recorded_by: str


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What one survey says about its patient."""

    patient_id: str
    clinic_id: str
    sex: Sex
    birth_year: int
    examined_on: date
    consent: Consent
    mac: str
    """Of the patient code, under the newest key."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A record that turned out to be the same: who merged it into this one, when and why."""

    at: datetime
    by: str
    duplicate_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Patient:
    """One person of one clinic, without a name: a random id, sex, year of birth, consent."""

    patient_id: str
    clinic_id: str
    sex: Sex
    birth_year: int
    first_visit: date
    last_visit: date
    consent: Consent
    confirmed_at: datetime
    """When the consent was last given; an older word never replaces a newer one."""
    past_consents: tuple[Consent, ...]
    codes: frozenset[str]
    """Keyed hashes of the patient's code, under every key version it was used with."""
    revision: int
    merges: tuple[Merged, ...] = ()
    """Patients that turned out to be the same person, the first merged first."""
    referrals: Mapping[str, Referral] = field(default_factory=dict)
    """What other clinics were asked to see of him, by the referral's id, over as well as open."""
    logins: Mapping[str, datetime] = field(default_factory=dict)
    """The logins of his accounts, and since when he has each; several only after a merge."""

    def seen(self, visit: Visit) -> "Patient":
        """The patient after a visit. In whatever order visits are told, and however often, the
        last visit is the latest examination and the consent the one given last."""
        changed = replace(
            self,
            first_visit=min(self.first_visit, visit.examined_on),
            last_visit=max(self.last_visit, visit.examined_on),
            codes=self.codes | {visit.mac},
        )
        given = visit.consent
        if given.given_at <= self.confirmed_at:
            return changed
        if given.publication == self.consent.publication:
            return replace(changed, confirmed_at=given.given_at)
        return replace(
            changed,
            consent=given,
            confirmed_at=given.given_at,
            past_consents=(*self.past_consents, self.consent),
        )


class ConsentWithdrawn(Conflict):
    """The patient took the consent back; nothing may be written of him any more."""

    def __init__(self) -> None:
        super().__init__("consent_withdrawn", _WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """When consent was taken back, and which account recorded it in which role."""

    at: datetime
    account_id: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whose a patient is, and whether he took the consent back; all that is known of him then."""

    patient_id: str
    clinic_id: str
    withdrawal: Withdrawal | None
    """The account and role are told until the erasure is done."""
    erased_at: datetime | None
    codes: frozenset[str]
    absorbed: frozenset[str]
    """Ids of patients who were merged into this one."""
    logins: frozenset[str] = frozenset()
    """Of his accounts, until the erasure is done."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Answers that a correction replaced: who did it, when, and what stood there before."""

    at: datetime
    by: str
    was: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RecordedSurvey:
    """A survey as it stands, with its history."""

    suffix: str
    answers: Survey
    created_at: datetime
    by: str
    fingerprint: str
    """Of the request that made it; a repetition is told from another request by it."""
    revision: int = 1
    history: tuple[Correction, ...] = ()

    def changes(self, corrected: Survey) -> dict[str, Any]:
        """The old answers that `corrected` replaces, as JSON values."""
        before, after = answers_json(self.answers), answers_json(corrected)
        return {name: before[name] for name in before if before[name] != after[name]}


@dataclass(frozen=True, kw_only=True)
class RecordedTreatment:
    """A treatment as it stands, with its history."""

    suffix: str
    told: Treatment
    created_at: datetime
    by: str
    clinic_id: str
    """Of whoever recorded it: the lesion's own, or one that it was referred to."""
    fingerprint: str
    revision: int = 1
    history: tuple[Correction, ...] = ()

    def changes(self, corrected: Treatment) -> dict[str, Any]:
        """What `corrected` replaces, as JSON values."""
        before, after = treatment_json(self.told), treatment_json(corrected)
        return {name: before[name] for name in before if before[name] != after[name]}


@dataclass(frozen=True, kw_only=True)
class Lesion:
    """One place on a patient's skin, with every survey and treatment of it."""

    lesion_id: str
    patient_id: str
    clinic_id: str
    site: Site
    sex: Sex
    birth_year: int
    created_at: datetime
    created_by: str
    codes: frozenset[str]
    fingerprint: str
    """Of the request that made the lesion."""
    note: str | None = None
    name: str | None = None
    """What the patient calls it; told to him and his clinic, never exported."""
    spot: Spot | None = None
    surveys: Mapping[str, RecordedSurvey] = field(default_factory=dict)
    corrections: int = 0
    merges: tuple[Merged, ...] = ()
    """Lesions that turned out to be the same, the first merged first."""
    also_treated_by: frozenset[str] = frozenset()
    """Accounts that made the lesions merged into this one, or treat it at another clinic."""
    treatments: Mapping[str, RecordedTreatment] = field(default_factory=dict)
    amendments: int = 0
    """Corrections of the treatments."""
    results: Mapping[str, Result] = field(default_factory=dict)
    """Histology in brief, by id; what was taken back too."""
    decided_at: datetime | None = None
    """When its results last changed."""

    @property
    def confirmed(self) -> Result | None:
        """The histology result that says what it is."""
        return confirmed(self.results.values())

    @property
    def awaits_histology(self) -> RecordedSurvey | None:
        """The survey entered first of those that asked for histology and have no answer."""

        def is_answered(survey: RecordedSurvey) -> bool:
            examined_on, asked_at = survey.answers.examined_on, survey.created_at
            return any(
                result.answers(examined_on=examined_on, asked_at=asked_at)
                for result in self.results.values()
            )

        return min(
            (
                survey
                for survey in self.surveys.values()
                if survey.answers.histology_required and not is_answered(survey)
            ),
            key=lambda survey: (survey.created_at, survey.suffix),
            default=None,
        )

    @property
    def latest(self) -> RecordedSurvey | None:
        """The survey of the latest examination."""
        return max(
            self.surveys.values(),
            key=lambda survey: (survey.answers.examined_on, survey.created_at),
            default=None,
        )

    @property
    def age(self) -> int | None:
        """The patient's age at the latest examination, in whole years; None without a survey."""
        return self.latest.answers.age if self.latest else None

    @property
    def treated_by(self) -> tuple[str, ...]:
        """Accounts that know the patient, and so must not read this lesion blind."""
        known = {self.created_by, *self.also_treated_by}
        entries: tuple[RecordedSurvey | RecordedTreatment, ...] = (
            *self.surveys.values(),
            *self.treatments.values(),
        )
        for entered in entries:
            known |= {entered.by, *(correction.by for correction in entered.history)}
        return tuple(sorted(known))


def answers_json(survey: Survey) -> dict[str, Any]:
    """The answers as JSON values, in the form's order; a diagnosis not given is None."""
    return survey.model_dump(mode="json", include=set(Survey.model_fields))


def survey_id(lesion_id: str, suffix: str) -> str:
    """A survey is named after its lesion, so that one read finds it."""
    return f"{lesion_id}.{suffix}"


def treatment_id(lesion_id: str, suffix: str) -> str:
    """As a survey, a treatment is named after its lesion."""
    return f"{lesion_id}.{suffix}"
