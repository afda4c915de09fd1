"""Patients and lesions as items of the `cases` table, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.patients.choices import Sex, Site
from chalicelib.patients.model import (
    Consent,
    Correction,
    Lesion,
    Merged,
    Patient,
    RecordedSurvey,
    RecordedTreatment,
    Standing,
    Withdrawal,
    answers_json,
)
from chalicelib.patients.referral import read_referral, referral_item
from chalicelib.patients.results import read_result, result_item
from chalicelib.patients.spot import read_spot, spot_item
from chalicelib.patients.survey import Survey
from chalicelib.patients.treatment import Treatment, treatment_json
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import Change, Item


def clinic_order(last_visit: date, told_at: datetime, patient_id: str) -> str:
    """The sort key of a clinic's list: read backwards, the last seen comes first, and of those
    seen on one day the one told of last."""
    return f"{last_visit.isoformat()}#{timestamp(told_at)}#{patient_id}"


def patient_order(lesion: Lesion) -> str:
    """The sort key among what a patient has: his lesions in the order they were made."""
    return f"lesion#{timestamp(lesion.created_at)}#{lesion.lesion_id}"


def consent_item(consent: Consent) -> Item:
    return {
        "research": consent.research,
        "publication": consent.publication,
        "given_at": timestamp(consent.given_at),
        "recorded_by": consent.recorded_by,
    }


def _read_consent(item: Item) -> Consent:
    return Consent(**{**item, "given_at": moment(item["given_at"])})


def _read_merges(item: Item) -> tuple[Merged, ...]:
    return tuple(
        Merged(
            at=moment(done["at"]),
            by=done["by"],
            duplicate_id=done["duplicate_id"],
            reason=done["reason"],
        )
        for done in item.get("merges", ())
    )


def patient_change(patient: Patient) -> Change:
    """The next revision of a patient."""
    return Change(
        set={
            "sex": str(patient.sex),
            "first_visit": patient.first_visit.isoformat(),
            "last_visit": patient.last_visit.isoformat(),
            "clinic_order": clinic_order(
                patient.last_visit, patient.confirmed_at, patient.patient_id
            ),
            "consent": consent_item(patient.consent),
            "confirmed_at": timestamp(patient.confirmed_at),
            "past_consents": [consent_item(consent) for consent in patient.past_consents],
            "codes": set(patient.codes),
            "referrals": {
                referral_id: referral_item(referral)
                for referral_id, referral in patient.referrals.items()
            },
            "logins": {login: timestamp(since) for login, since in patient.logins.items()},
        },
        add={"revision": 1},
    )


def read_patient(item: Item) -> Patient:
    return Patient(
        patient_id=item["patient_id"],
        clinic_id=item["clinic_id"],
        sex=Sex(item["sex"]),
        birth_year=item["birth_year"],
        first_visit=date.fromisoformat(item["first_visit"]),
        last_visit=date.fromisoformat(item["last_visit"]),
        consent=_read_consent(item["consent"]),
        confirmed_at=moment(item["confirmed_at"]),
        past_consents=tuple(_read_consent(consent) for consent in item["past_consents"]),
        codes=frozenset(item["codes"]),
        revision=item["revision"],
        merges=_read_merges(item),
        referrals={
            referral_id: read_referral(referral_id, one)
            for referral_id, one in item.get("referrals", {}).items()
        },
        logins={login: moment(since) for login, since in item.get("logins", {}).items()},
    )


def read_standing(item: Item) -> Standing:
    """How a patient stands, from his item or from what an erasure has left of it."""
    withdrawal = None
    if "withdrawn_at" in item:
        withdrawal = Withdrawal(
            at=moment(item["withdrawn_at"]),
            account_id=item.get("withdrawn_by", ""),
            role=item.get("withdrawn_as", ""),
        )
    return Standing(
        patient_id=item["patient_id"],
        clinic_id=item.get("clinic_id", ""),
        withdrawal=withdrawal,
        erased_at=moment(item["erased_at"]) if "erased_at" in item else None,
        codes=frozenset(item.get("codes", ())),
        absorbed=frozenset(item.get("absorbed", ())),
        logins=frozenset(item.get("logins", ())),
    )


def answers_item(answers: Mapping[str, Any]) -> Item:
    """Answers in JSON values; what was not answered is left out."""
    return {name: answer for name, answer in answers.items() if answer is not None}


def survey_item(survey: RecordedSurvey) -> Item:
    return {
        "answers": answers_item(answers_json(survey.answers)),
        "created_at": timestamp(survey.created_at),
        "by": survey.by,
        "fingerprint": survey.fingerprint,
        "revision": survey.revision,
        "history": [],
    }


def _read_survey(suffix: str, item: Item) -> RecordedSurvey:
    return RecordedSurvey(
        suffix=suffix,
        answers=Survey.model_validate(item["answers"]),
        created_at=moment(item["created_at"]),
        by=item["by"],
        fingerprint=item["fingerprint"],
        revision=item["revision"],
        history=_read_history(item),
    )


def _read_history(item: Item) -> tuple[Correction, ...]:
    return tuple(
        Correction(at=moment(done["at"]), by=done["by"], was=done["was"])
        for done in item["history"]
    )


def correction_item(done: Correction) -> Item:
    """An entry of the history of a survey or a treatment."""
    return {"at": timestamp(done.at), "by": done.by, "was": dict(done.was)}


def treatment_item(treatment: RecordedTreatment) -> Item:
    return {
        "told": answers_item(treatment_json(treatment.told)),
        "created_at": timestamp(treatment.created_at),
        "by": treatment.by,
        "clinic_id": treatment.clinic_id,
        "fingerprint": treatment.fingerprint,
        "revision": treatment.revision,
        "history": [],
    }


def _read_treatment(suffix: str, item: Item) -> RecordedTreatment:
    return RecordedTreatment(
        suffix=suffix,
        told=Treatment.model_validate(item["told"]),
        created_at=moment(item["created_at"]),
        by=item["by"],
        clinic_id=item["clinic_id"],
        fingerprint=item["fingerprint"],
        revision=item["revision"],
        history=_read_history(item),
    )


def lesion_item(lesion: Lesion) -> Item:
    return {
        "lesion_id": lesion.lesion_id,
        "patient_id": lesion.patient_id,
        "clinic_id": lesion.clinic_id,
        "site": str(lesion.site),
        "sex": str(lesion.sex),
        "birth_year": lesion.birth_year,
        "note": lesion.note,
        "name": lesion.name,
        "spot": spot_item(lesion.spot) if lesion.spot else None,
        "created_at": timestamp(lesion.created_at),
        "created_by": lesion.created_by,
        "codes": set(lesion.codes),
        "fingerprint": lesion.fingerprint,
        "patient_order": patient_order(lesion),
        "surveys": {suffix: survey_item(survey) for suffix, survey in lesion.surveys.items()},
        "corrections": lesion.corrections,
        "treatments": {
            suffix: treatment_item(treatment) for suffix, treatment in lesion.treatments.items()
        },
        "amendments": lesion.amendments,
        "histology": {name: result_item(result) for name, result in lesion.results.items()},
    }


def read_lesion(item: Item) -> Lesion:
    return Lesion(
        lesion_id=item["lesion_id"],
        patient_id=item["patient_id"],
        clinic_id=item["clinic_id"],
        site=Site(item["site"]),
        sex=Sex(item["sex"]),
        birth_year=item["birth_year"],
        note=item.get("note"),
        name=item.get("name"),
        spot=read_spot(item.get("spot")),
        created_at=moment(item["created_at"]),
        created_by=item["created_by"],
        codes=frozenset(item["codes"]),
        fingerprint=item["fingerprint"],
        surveys={
            suffix: _read_survey(suffix, survey) for suffix, survey in item["surveys"].items()
        },
        corrections=item["corrections"],
        merges=_read_merges(item),
        also_treated_by=frozenset(item.get("also_treated_by", ())),
        treatments={
            suffix: _read_treatment(suffix, treatment)
            for suffix, treatment in item.get("treatments", {}).items()
        },
        amendments=item.get("amendments", 0),
        results={name: read_result(name, one) for name, one in item.get("histology", {}).items()},
        decided_at=moment(item["decided_at"]) if "decided_at" in item else None,
    )
