"""Recording a survey: patient code → patient, lesion, survey.

Four writes and no transaction. The register of codes decides who the patient is, the lesion with
its survey follows, then the patient. All ids come from the request's Idempotency-Key, and each
write may be repeated, so whatever a crash left undone the same request finishes; if it never comes
back, the patient stands in the register and the next survey under the code offers him.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.patients.codes import BadCode, PatientCode, read_code
from chalicelib.patients.disclosure import count_disclosure
from chalicelib.patients.faults import faults_by_code
from chalicelib.patients.forms import NewSurvey
from chalicelib.patients.lesion_store import LesionStore, Refused
from chalicelib.patients.model import (
    Consent,
    Lesion,
    RecordedSurvey,
    Visit,
)
from chalicelib.patients.register import Full, Known, Register
from chalicelib.patients.same_person import SamePerson, candidates
from chalicelib.patients.spot_forms import spot
from chalicelib.patients.store import PatientStore
from chalicelib.patients.survey import Survey
from chalicelib.people.model import Caller
from chalicelib.platform.errors import (
    FORBIDDEN,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    idempotency_conflict,
)
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

_NOT_A_CANDIDATE: Final = Text(
    "У этого пациента другой код. Выберите одного из предложенных или отметьте нового.",
    "This patient has another code. Choose one of those offered, or say it is a new one.",
)
_OTHER_SEX: Final = Text(
    "У этого пациента указан другой пол. Проверьте пол и код пациента.",
    "This patient is of the other sex. Check the sex and the patient code.",
)
_OTHER_PATIENT: Final = Text(
    "Этот очаг принадлежит другому пациенту. Проверьте код пациента.",
    "This lesion is another patient's. Check the patient code.",
)
_OTHER_SITE: Final = Text(
    "Этот очаг расположен в другом месте. Проверьте расположение или выберите другой очаг.",
    "This lesion is elsewhere. Check the site, or choose another lesion.",
)
_TOO_MANY_SURVEYS: Final = Text(
    "У этого очага уже слишком много анкет. Обратитесь к администратору.",
    "This lesion has too many surveys already. Ask an administrator.",
)
_TOO_MANY_PATIENTS: Final = Text(
    "С этим кодом заведено слишком много пациентов. Выберите одного из них.",
    "Too many patients were entered under this code. Choose one of them.",
)


@dataclass(frozen=True, kw_only=True)
class NewIds:
    """What the request would make: the same for its repetition."""

    lesion_id: str
    suffix: str
    repeatable: bool
    """Whether an Idempotency-Key came, so that the ids can come again."""


def record_survey(
    platform: Platform, *, caller: Caller, form: NewSurvey, ids: NewIds
) -> tuple[Lesion, RecordedSurvey]:
    """Keep a survey, of a new patient, a known one, or a known lesion. Four calls to AWS.

    Raises `Invalid` for a code, age or date that cannot be, and for a patient or lesion that does
    not go with the code; `SamePerson` when the clinic knows the code and the form does not say who
    it is; `TooMany` when such answers come too often; `NotFound` for a lesion out of reach;
    `Conflict` when the Idempotency-Key was used with another form.
    """
    require_clinic(caller)
    code = _plausible(form, platform.today())
    entry = _Entry(platform, caller, form, ids, code)
    lesion = entry.add_to_lesion(form.lesion_id) if form.lesion_id else entry.open_lesion()
    survey = lesion.surveys[ids.suffix]
    entry.note_visit(lesion, survey)
    return lesion, survey


def require_clinic(caller: Caller) -> str:
    """The clinic of a caller. Raises `Forbidden` for an account that belongs to none."""
    if not caller.clinic_id:
        raise Forbidden("forbidden", FORBIDDEN)
    return caller.clinic_id


def _plausible(form: NewSurvey, day: date) -> PatientCode:
    try:
        code = read_code(form.patient_code, day)
    except BadCode as bad:
        raise Invalid({"patient_code": bad.text}) from None
    faults = faults_by_code(form, code, day)
    if faults:
        raise Invalid(faults)
    return code


class _Entry:
    """One form on its way into the tables."""

    def __init__(
        self, platform: Platform, caller: Caller, form: NewSurvey, ids: NewIds, code: PatientCode
    ) -> None:
        self.platform, self.caller, self.form, self.ids = platform, caller, form, ids
        self.birth_year = code.born_on.year
        self.macs = tuple(platform.code_macs.under_every_version(code.digits))
        self.register = Register(platform.cases, caller.clinic_id, self.macs)
        self.lesions = LesionStore(platform.cases)
        self.survey = RecordedSurvey(
            suffix=ids.suffix,
            answers=Survey.model_validate(
                {name: getattr(form, name) for name in Survey.model_fields}
            ),
            created_at=platform.clock.now(),
            by=caller.account_id,
            fingerprint=self._fingerprint(),
        )

    def _fingerprint(self) -> str:
        """Keyed, and with the code as KMS hashed it: a plain hash of the form would let anybody
        who reads the table try all codes. The oldest key's hash is the one that stays."""
        said = self.form.model_dump(mode="json", exclude={"patient_code"})
        canonical = json.dumps(said, sort_keys=True)
        return self.platform.ids.digest("survey", canonical, self.macs[-1]).hex()

    def open_lesion(self) -> Lesion:
        """A first survey of a lesion, of a patient new or known."""
        patient_id = self._known_patient() if self.form.patient_id else self._new_patient()
        lesion = Lesion(
            lesion_id=self.ids.lesion_id,
            patient_id=patient_id,
            clinic_id=self.caller.clinic_id,
            site=self.form.site,
            sex=self.form.sex,
            birth_year=self.birth_year,
            created_at=self.survey.created_at,
            created_by=self.caller.account_id,
            codes=frozenset(self.macs[:1]),
            fingerprint=self.survey.fingerprint,
            spot=spot(self.form.spot),
            surveys={self.ids.suffix: self.survey},
        )
        try:
            return self.lesions.create(lesion)
        except Refused as refused:
            # The key belongs to another form: nobody came with this one.
            belongs = refused.found is not None and refused.found.patient_id == patient_id
            if not belongs and not self.form.patient_id:
                self.register.leave(patient_id, self.form.sex)
            raise idempotency_conflict() from None

    def _new_patient(self) -> str:
        sex = self.form.sex
        # With the code and sex in it, a key used again with another code names another patient.
        patient_id = self.platform.ids.derived("patient", self.ids.lesion_id, self.macs[-1], sex)
        try:
            self.register.enter(patient_id, sex, although_known=self.form.new_patient)
        except Known as known:
            if self.ids.repeatable:
                mine = self.ids.lesion_id, self.survey.fingerprint
                if self.lesions.made_by_another(*mine):
                    raise idempotency_conflict() from None
                if (made := self.lesions.of_request(*mine)) is not None:
                    return made.patient_id  # he was merged since, and left the register
            count_disclosure(self.platform, self.caller)
            alike = [bearer for bearer in known.bearers if bearer[1] is sex]
            offered = candidates(self.platform, alike, birth_year=self.birth_year)
            if offered:
                raise SamePerson(offered) from None
            # All of them took their consent back and are about to leave the register.
            self.register.enter(patient_id, sex, although_known=True)
        except Full:
            raise Conflict("too_many_patients", _TOO_MANY_PATIENTS) from None
        return patient_id

    def _known_patient(self) -> str:
        patient_id, sex = str(self.form.patient_id), self.form.sex
        bearers = self.register.bearers()
        if patient_id not in bearers.of[sex]:
            patient_id = self._merged(patient_id)
        if patient_id not in bearers.of[sex]:
            count_disclosure(self.platform, self.caller)
            if patient_id in {bearer for bearer, _ in bearers}:
                raise Invalid({"sex": _OTHER_SEX})
            raise Invalid({"patient_id": _NOT_A_CANDIDATE})
        if len(self.macs) > 1:
            self.register.keep(patient_id, sex)
        return patient_id

    def _merged(self, patient_id: str) -> str:
        """The id of whom this patient was merged into, if he was."""
        patient = PatientStore(self.platform.cases).get(patient_id)
        return patient.patient_id if patient else patient_id

    def add_to_lesion(self, lesion_id: str) -> Lesion:
        """A further survey of a known lesion."""
        try:
            if self.ids.repeatable:
                self.lesions.promise(self.ids.lesion_id, self.survey, to=lesion_id)
        except Refused:
            raise idempotency_conflict() from None
        named = self._merged(self.form.patient_id) if self.form.patient_id else None
        try:
            return self.lesions.add_survey(
                lesion_id,
                self.survey,
                clinic_id=self.caller.clinic_id,
                patient_id=named,
                macs=self.macs,
            )
        except Refused as refused:
            return self._repeated(refused.found, named)

    def _repeated(self, lesion: Lesion | None, named: str | None) -> Lesion:
        """The lesion, if it refused the survey because it has it already. Raises the reason if not."""
        if lesion is None or not self.caller.reaches_clinic(lesion.clinic_id):
            raise NotFound
        there = lesion.surveys.get(self.ids.suffix)
        if there is not None:
            if there.fingerprint != self.survey.fingerprint:
                raise idempotency_conflict()
            return lesion
        if lesion.codes.isdisjoint(self.macs):
            count_disclosure(self.platform, self.caller)
            raise Invalid({"lesion_id": _OTHER_PATIENT})
        if named not in {None, lesion.patient_id}:
            raise Invalid({"patient_id": _OTHER_PATIENT})
        if lesion.site is not self.form.site:
            raise Invalid({"site": _OTHER_SITE})
        if lesion.sex is not self.form.sex:
            raise Invalid({"sex": _OTHER_SEX})
        raise Conflict("too_many_surveys", _TOO_MANY_SURVEYS)

    def note_visit(self, lesion: Lesion, survey: RecordedSurvey) -> None:
        """Tell the patient of the survey, as it was first kept. Raises `ConsentWithdrawn`."""
        visit = Visit(
            patient_id=lesion.patient_id,
            clinic_id=lesion.clinic_id,
            sex=self.form.sex,
            birth_year=self.birth_year,
            examined_on=self.form.examined_on,
            consent=Consent(
                research=self.form.consent.research,
                publication=self.form.consent.publication,
                given_at=survey.created_at,
                recorded_by=survey.by,
            ),
            mac=self.macs[0],
        )
        # Should he have taken the consent back meanwhile, the erasure sweeps lesion and survey.
        patient = PatientStore(self.platform.cases).visit(visit)
        if patient.sex is not self.form.sex:
            # An old request came again after his sex was corrected, and entered him anew.
            self.register.leave(patient.patient_id, self.form.sex)
