"""A referral after its offer: it is accepted, declined, ended, or nobody takes it.

The step itself is one write on the patient. Before it, the entry in the other clinic's list is held
due; after it, that clinic's list of patients follows. The sweep finishes what a crash left between,
and notes that an offer nobody took is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.patients.intake import require_clinic
from chalicelib.patients.model import Patient
from chalicelib.patients.referral import (
    OPEN,
    SETTLED_BY,
    Referral,
    ReferralState,
    Step,
    step_of,
)
from chalicelib.patients.referral_store import Entry, ReferralStore, read_entry
from chalicelib.patients.store import PatientStore
from chalicelib.people.model import Caller, Role
from chalicelib.platform.audit import Act
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

_BY_ITSELF: Final = "sweep"
"""Whom the audit trail names for what no person did."""

_NOT_YOURS: Final = Text(
    "Принять направление может только клиника, в которую направлен пациент.",
    "Only the clinic that the patient is referred to can accept the referral.",
)
_OVER: Final = Text(
    "Это направление уже завершено. Если оно ещё нужно, попросите клинику пациента направить его "
    "снова.",
    "This referral is over. If it is still needed, ask the patient's clinic to refer him again.",
)


@dataclass(frozen=True)
class Referred:
    """A referral, and the patient whom it concerns."""

    referral: Referral
    patient: Patient


def accept(platform: Platform, *, caller: Caller, referral_id: str, request_id: str) -> Referred:
    """Take over what a referral covers, and record it. Doing it again changes nothing. Six calls to
    AWS.

    Raises `NotFound` for a referral of other clinics, `Conflict` for one's own and for one that is
    over.
    """
    entry = _held(platform, caller, referral_id)
    if entry.to_clinic != caller.clinic_id:
        raise Conflict("referral_of_own_clinic", _NOT_YOURS)
    now = platform.clock.now()

    def accepted(referral: Referral) -> Referral:
        state = referral.state_at(now)
        if state not in OPEN:
            raise Conflict("referral_over", _OVER, details={"state": state.value})
        if referral.state is ReferralState.ACCEPTED:
            return referral
        return referral.stepped(step_of(caller, ReferralState.ACCEPTED, at=now))

    return _take(platform, entry, accepted, request_id)


def end(
    platform: Platform, *, caller: Caller, referral_id: str, reason: str, request_id: str
) -> Referred:
    """End a referral, for either clinic, and record it; an offer that the other clinic ends is
    declined.

    From the write on the patient on the other clinic sees nothing by it. Doing it again changes
    nothing. Six calls to AWS. Raises `NotFound` for a referral of other clinics.
    """
    entry, now = _held(platform, caller, referral_id), platform.clock.now()

    def ended(referral: Referral) -> Referral:
        if referral.state_at(now) not in OPEN:
            return referral
        declined = (
            referral.state is ReferralState.OFFERED and caller.clinic_id == referral.to_clinic
        )
        to = ReferralState.DECLINED if declined else ReferralState.ENDED
        return referral.stepped(step_of(caller, to, at=now, reason=reason))

    return _take(platform, entry, ended, request_id)


def drive_on(platform: Platform, item: Item, *, trace: str) -> None:
    """What the sweep does with an overdue entry: finish the last step, or note that an offer is over."""
    entry, now = read_entry(item), platform.clock.now()

    def expired(referral: Referral) -> Referral:
        if referral.state is referral.state_at(now):
            return referral
        over = Step(state=ReferralState.EXPIRED, at=now, by="", clinic_id="")
        return referral.stepped(over)

    try:
        _take(platform, entry, expired, trace)
    except NotFound:
        # The patient is gone, or the request that made the entry ended before it wrote on him.
        ReferralStore(platform.cases).remove(entry.referral_id)


def _held(platform: Platform, caller: Caller, referral_id: str) -> Entry:
    until = platform.clock.now() + SETTLED_BY
    entry = ReferralStore(platform.cases).hold(
        referral_id, clinic_id=require_clinic(caller), until=until
    )
    if entry is None:
        raise NotFound
    return entry


def _take(
    platform: Platform, entry: Entry, step: Callable[[Referral], Referral], request_id: str
) -> Referred:
    """Take one step of a referral; the audit trail and the lists follow. Raises `NotFound` where it
    is gone."""

    def stepped(patient: Patient) -> Patient:
        if entry.referral_id not in patient.referrals:
            raise NotFound
        after = step(patient.referrals[entry.referral_id])
        return replace(patient, referrals={**patient.referrals, entry.referral_id: after})

    patient = PatientStore(platform.cases).change(entry.patient_id, stepped)
    referral = patient.referrals[entry.referral_id]
    store = ReferralStore(platform.cases)
    platform.audit.record(_act(referral), request_id=request_id, once=True)
    if referral.state is ReferralState.ACCEPTED:
        store.list_patient(referral, patient.patient_id)
    elif not referral.is_open:
        store.unlist_patient(referral.referral_id)
    waits = referral.state is ReferralState.OFFERED
    store.settle(entry, referral.expires_at if waits else None)
    return Referred(referral, patient)


def _act(referral: Referral) -> Act:
    """The last step in the audit trail: whoever finishes it, it is the act of who took it."""
    last = referral.history[-1]
    role = Role.DOCTOR.value if last.by else "system"
    return Act(last.by or _BY_ITSELF, role, f"referral.{last.state}", referral.referral_id)
