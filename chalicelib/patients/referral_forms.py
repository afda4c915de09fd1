"""What is told and answered of referrals; each clinic is shown what it may know."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, field_validator

from chalicelib.patients.choices import Sex
from chalicelib.patients.forms import Id, ReferralBrief
from chalicelib.patients.offering import Direction
from chalicelib.patients.referral import MAX_LESIONS, Referral, ReferralState
from chalicelib.patients.referring import Referred
from chalicelib.people.forms import Bilingual, ClinicId
from chalicelib.people.model import Clinic
from chalicelib.platform.http.fields import Answer, Form, Listed, OwnWords, fault
from chalicelib.platform.language import Text

NO_CONSENT: Final = Text(
    "Без согласия пациента направить его в другую клинику нельзя.",
    "Without the patient's consent he cannot be referred to another clinic.",
)
Reason = Annotated[
    OwnWords, Field(description="In the doctor's own words, without names; both clinics see it.")
]


class ReferralForm(Form):
    """Where a patient is referred to, and what that clinic will see."""

    clinic_id: Annotated[
        ClinicId, Field(min_length=1, description="One of `GET /v1/referrals/clinics`.")
    ]
    lesion_ids: Annotated[
        list[Id] | None,
        Field(
            min_length=1,
            max_length=MAX_LESIONS,
            description="The lesions covered; left out, all there are and will be.",
        ),
    ] = None
    consent: Annotated[bool, Field(description="The patient agrees; must be true.")]
    reason: Reason | None = None

    @field_validator("consent")
    @classmethod
    def _required(cls, agreed: bool) -> bool:
        if not agreed:
            raise fault(NO_CONSENT)
        return agreed


class ReferralsQuery(Listed):
    direction: Annotated[
        Direction, Field(description="What the clinic received, or what it made.")
    ] = Direction.IN


class EndForm(Form):
    """Why a referral ends."""

    reason: Reason


class ReferralOffered(Answer):
    referral_id: str


class ReferralStep(Answer):
    state: ReferralState
    at: datetime
    clinic_id: Annotated[
        str | None, Field(description="Whose doctor took the step; null for an offer's expiry.")
    ]
    reason: str | None


class Covered(Answer):
    """What a referral covers."""

    all_lesions: Annotated[bool, Field(description="All of the patient, future ones too.")]
    lesion_ids: Annotated[list[str], Field(description="Otherwise these.")]


class ReferralAnswer(Answer):
    """A referral, as far as the asking clinic may know it. The other clinic sees reason, sex and
    year of birth of an offer, of an accepted one all, and of one that is over only that it was."""

    referral_id: str
    direction: Direction
    from_clinic_id: str
    to_clinic_id: str
    state: ReferralState
    offered_at: datetime
    expires_at: datetime
    reason: str | None
    sex: Sex | None
    birth_year: int | None
    patient_id: str | None
    covers: Covered | None
    history: Annotated[list[ReferralStep], Field(description="Oldest first.")]


class ReferralClinic(Answer):
    """A clinic that a patient may be referred to."""

    clinic_id: str
    name: Bilingual
    city: str


def clinic_answer(clinic: Clinic) -> ReferralClinic:
    name = Bilingual(ru=clinic.name.ru, en=clinic.name.en)
    return ReferralClinic(clinic_id=clinic.clinic_id, name=name, city=clinic.city)


def referral_answer(referred: Referred, clinic_id: str, now: datetime) -> ReferralAnswer:
    """A referral as a doctor of this clinic gets it."""
    referral, patient = referred.referral, referred.patient
    state = referral.state_at(now)
    made_here = referral.from_clinic == clinic_id
    sees_all = made_here or state is ReferralState.ACCEPTED
    sees_offer = sees_all or state is ReferralState.OFFERED
    return ReferralAnswer(
        referral_id=referral.referral_id,
        direction=Direction.OUT if made_here else Direction.IN,
        from_clinic_id=referral.from_clinic,
        to_clinic_id=referral.to_clinic,
        state=state,
        offered_at=referral.offered_at,
        expires_at=referral.expires_at,
        reason=referral.reason if sees_offer else None,
        sex=patient.sex if sees_offer else None,
        birth_year=patient.birth_year if sees_offer else None,
        patient_id=patient.patient_id if sees_all else None,
        covers=_covered(referral) if sees_all else None,
        history=[
            ReferralStep(
                state=step.state,
                at=step.at,
                clinic_id=step.clinic_id or None,
                reason=step.reason,
            )
            for step in referral.history
        ],
    )


def referral_in_brief(referral: Referral) -> ReferralBrief:
    """A referral on its patient's page."""
    return ReferralBrief(
        referral_id=referral.referral_id,
        from_clinic_id=referral.from_clinic,
        to_clinic_id=referral.to_clinic,
        state=referral.state,
        all_lesions=referral.lesions is None,
        lesion_ids=sorted(referral.lesions or ()),
    )


def _covered(referral: Referral) -> Covered:
    return Covered(all_lesions=referral.lesions is None, lesion_ids=sorted(referral.lesions or ()))
