"""Giving a patient a one-time code, and what the code does: his account, opened or recovered.

The code is stored nowhere, only its keyed hash; so is nothing of the password. Whoever tries codes learns
nothing: unknown, used and ended ones answer alike, after the same calls to AWS.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.access.model import Standing, Used, code_of, read_code, read_used, standing
from chalicelib.access.store import AccessStore, Found, OtherCode, Pointer
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Consent, Lesion, Patient
from chalicelib.patients.store import Contended, PatientStore
from chalicelib.people.logins import WeakPassword
from chalicelib.people.model import Account, Caller
from chalicelib.people.patient_accounts import (
    WEAK,
    find_patient_account,
    login_of,
    open_patient_account,
    remove_patient_account,
)
from chalicelib.platform import limits
from chalicelib.platform.audit import Act
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

ATTEMPTS: Final = 5

NO_SUCH_CODE: Final = Text(
    "Код не подходит: он введён с ошибкой, уже использован или истёк. Проверьте его или попросите у врача новый.",
    "The code does not fit: it was mistyped, used already or has ended. Check it, or ask the doctor for a new one.",
)
_TOO_OFTEN: Final = Text(
    "Слишком много попыток ввести код. Повторите позже.",
    "Too many attempts to enter a code. Try again later.",
)
_CLOSED: Final = Text(
    "Учётная запись пациента закрыта администратором. Обратитесь к нему.",
    "An administrator has closed the patient's account. Ask him.",
)
OF_ONE_CODE: Final = limits.Limit("redeem_code", 10, timedelta(hours=1), _TOO_OFTEN)
OF_ONE_VIEWER: Final = limits.Limit("redeem_viewer", 60, timedelta(hours=1), _TOO_OFTEN)
"""A waiting room with one address stays well below."""
OF_ONE_CONNECTION: Final = limits.Limit("redeem_connection", 1200, timedelta(hours=1), _TOO_OFTEN)
"""An edge of the CDN connects for many people."""


@dataclass(frozen=True)
class Given:
    """A code as it is told once, and until when it is good."""

    patient_id: str
    code: str
    url: str
    until: datetime


@dataclass(frozen=True)
class Redeemed:
    """The account that a code opened or, where it was there before, recovered."""

    login: str
    recovered: bool


def give_code(platform: Platform, *, caller: Caller, patient_id: str, creation_id: str) -> Given:
    """A one-time code for a patient of the caller's clinic; it takes the place of any code before.

    Three calls to AWS, two more where he has an account. A repetition gets the same code. Raises
    `NotFound`, `ConsentWithdrawn`, `BeingMerged`, `Conflict` where an administrator closed his account.
    """
    patient = PatientStore(platform.cases).agreeing(patient_id, reaches=caller.reaches_clinic)
    login = _login(platform, patient)
    if patient.logins and _is_closed(find_patient_account(platform, login)):
        raise Conflict("account_closed", _CLOSED)
    code = code_of(platform.ids.digest("access_code", creation_id))
    mac, now = _mac(platform, read_code(code)), platform.clock.now()
    until = now + timedelta(days=platform.settings.access_code_days)
    store = AccessStore(platform)
    try:
        pointer = store.point(mac, Pointer(patient.patient_id, now, until))
    except OtherCode:
        raise idempotency_conflict() from None
    store.give(mac, pointer, by=caller.account_id)
    # Behind `#`: a browser sends that part to nobody, so no log of addresses has it.
    url = f"{platform.settings.web_url or ''}/open#{code}"
    return Given(patient.patient_id, code, url, pointer.until)


def redeem(
    platform: Platform, *, typed: str, password: str, sources: tuple[str, ...], request_id: str
) -> Redeemed:
    """Open or recover the account of the patient whose code this is, with his password.

    Five calls to AWS for a code that does not fit, whatever is wrong with it. The same code with the same
    password answers again for a quarter of an hour. Raises `TooMany`, `Invalid` on `code` or `password`.
    """
    code = read_code(typed)
    # What can be no code has a count of its own too: nobody uses up another's by typing nonsense.
    mac, proof = (
        _mac(platform, code or typed),
        platform.ids.digest("redeeming", code, password).hex(),
    )
    for source, limit in zip(sources, (OF_ONE_VIEWER, OF_ONE_CONNECTION), strict=False):
        limits.count(platform.people, platform.clock, source, limit)
    limits.count(platform.people, platform.clock, mac, OF_ONE_CODE)
    store = AccessStore(platform)
    for _ in range(ATTEMPTS):
        found = store.find(mac, otherwise=platform.ids.derived("nobody", mac))
        may = standing(found.access, mac, proof, platform.clock.now()) if found else Standing.DEAD
        if found is None or may is Standing.DEAD:
            raise Invalid({"code": NO_SUCH_CODE})
        if may is Standing.REPEATED:
            return _carried_out(platform, found, read_used(found.access), password, request_id)
        login = _login(platform, found.patient)
        there = find_patient_account(platform, login) if found.patient.logins else None
        if _is_closed(there):
            raise Invalid({"code": NO_SUCH_CODE})
        used = Used(
            mac=mac,
            at=platform.clock.now(),
            proof=proof,
            login=login,
            recovered=there is not None,
        )
        _close_others(platform, found.patient, login)
        if store.use(found, used):
            return _carried_out(platform, found, used, password, request_id)
    raise Contended


def _carried_out(
    platform: Platform, found: Found, used: Used, password: str, request_id: str
) -> Redeemed:
    patient = found.patient
    if used.recovered:
        _make_way(platform, used)
    try:
        account = open_account(platform, patient, used.login, password)
    except WeakPassword:
        AccessStore(platform).give_back(found, used)
        raise Invalid({"password": WEAK}) from None
    act = Act(account.account_id, account.role, "access.redeemed", patient.patient_id)
    platform.audit.record(act, request_id=request_id, once=True, step=used.mac)
    return Redeemed(account.login, used.recovered)


def open_account(platform: Platform, patient: Patient, login: str, password: str) -> Account:
    """The account of a patient under this login, made now or before. Raises `WeakPassword`."""
    return open_patient_account(
        platform,
        patient_id=patient.patient_id,
        clinic_id=patient.clinic_id,
        login=login,
        password=password,
    )


def _make_way(platform: Platform, used: Used) -> None:
    """Remove the account that the code recovers, for another under the same login. Its sessions end at once,
    and so does a second factor on a phone that was lost: the user pool would not take it away."""
    there = find_patient_account(platform, used.login)
    if there is not None and there.opened_at <= used.at:  # a later one is this code's own
        remove_patient_account(platform, there.account_id, used.login)


def _close_others(platform: Platform, patient: Patient, login: str) -> None:
    """After a merge a patient may have two accounts. The code recovers one; whoever has the phone with the
    other is let in no more."""
    for other in patient.logins.keys() - {login}:
        if (account := find_patient_account(platform, other)) is not None:
            remove_patient_account(platform, account.account_id, other)


def own_patient(platform: Platform, caller: Caller) -> Patient:
    """Who the caller is among the patients. One call to AWS. Raises `ConsentWithdrawn`, `NotFound`."""
    if not caller.patient_id:
        raise NotFound
    return PatientStore(platform.cases).agreeing(caller.patient_id, reaches=lambda _: True)


def is_his(patient: Patient, patient_id: str) -> bool:
    """Whether what is filed under `patient_id` is this patient's: a merge may have left it on its way."""
    return patient_id in {patient.patient_id, *(done.duplicate_id for done in patient.merges)}


def own_lesion(platform: Platform, patient: Patient, lesion_id: str) -> Lesion:
    """A lesion of this patient. One call to AWS. Raises `NotFound`."""
    found = LesionStore(platform.cases).get(lesion_id)
    if found is None or not is_his(patient, found.patient_id):
        raise NotFound
    return found


def take_back_publication(platform: Platform, *, caller: Caller) -> Patient:
    """Note that the patient agrees no longer that his images are published. Two calls, one when he did not.

    What was published before stays so: releases are taken down when consent as a whole is taken back.
    """
    patient, now = own_patient(platform, caller), platform.clock.now()

    def without(known: Patient) -> Patient:
        if not known.consent.publication:
            return known
        said = Consent(
            research=True, publication=False, given_at=now, recorded_by=caller.account_id
        )
        return replace(
            known,
            consent=said,
            confirmed_at=max(now, known.confirmed_at),
            past_consents=(*known.past_consents, known.consent),
        )

    return PatientStore(platform.cases).change(patient.patient_id, without)


def _login(platform: Platform, patient: Patient) -> str:
    """The login he has had longest, or the one that he would get."""
    first = min(patient.logins.items(), key=lambda pair: (pair[1], pair[0]), default=None)
    return first[0] if first else login_of(platform, patient.patient_id)


def _is_closed(account: Account | None) -> bool:
    return account is not None and not account.is_open


def _mac(platform: Platform, code: str) -> str:
    return platform.ids.digest("access", code).hex()
