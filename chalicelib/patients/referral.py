"""Referrals: what of a patient another clinic may see, with his consent, and until when.

All referrals of a patient stand on the patient himself, so what opens or ends one is one write, and
whatever becomes of the patient becomes of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.people.model import Caller
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import Item

OFFER_LIFE: Final = timedelta(days=30)
"""How long an offer waits for the other clinic."""
SETTLED_BY: Final = timedelta(minutes=2)
"""When the sweep finishes what follows from a step, if it was cut short."""
MAX_REFERRALS: Final = 40
"""Of one patient, those that are over too; two such patients merged still fit into one item."""
MAX_LESIONS: Final = 50
"""Named in one referral. One that names none covers all there are and will be."""


class ReferralState(StrEnum):
    OFFERED = auto()
    ACCEPTED = auto()
    DECLINED = auto()
    ENDED = auto()
    EXPIRED = auto()


FOLLOWS: Final[Mapping[ReferralState, frozenset[ReferralState]]] = {
    ReferralState.OFFERED: frozenset(
        {
            ReferralState.ACCEPTED,
            ReferralState.DECLINED,
            ReferralState.ENDED,
            ReferralState.EXPIRED,
        }
    ),
    ReferralState.ACCEPTED: frozenset({ReferralState.ENDED}),
    ReferralState.DECLINED: frozenset(),
    ReferralState.ENDED: frozenset(),
    ReferralState.EXPIRED: frozenset(),
}
"""The transition table. Nothing else decides what may follow what."""

OPEN: Final = frozenset({ReferralState.OFFERED, ReferralState.ACCEPTED})


class ForbiddenStep(Exception):
    """A step that the transition table does not have; a mistake of ours, never of a user."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a referral: who took it, for which clinic, and why, where that was told."""

    state: ReferralState
    at: datetime
    by: str
    """An account; empty for what the system does by itself."""
    clinic_id: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Referral:
    """One referral, from its offer to its end."""

    referral_id: str
    from_clinic: str
    to_clinic: str
    lesions: frozenset[str] | None
    """The lesions it covers; None: all of the patient, future ones too."""
    reason: str | None
    expires_at: datetime
    """When an offer that nobody has taken is over."""
    fingerprint: str
    history: tuple[Step, ...]
    """From the offer on; who offered recorded the patient's consent to it."""

    @property
    def state(self) -> ReferralState:
        return self.history[-1].state

    @property
    def offered_at(self) -> datetime:
        return self.history[0].at

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def state_at(self, now: datetime) -> ReferralState:
        """The state, with an offer over when its time is, though nobody has noted that yet."""
        if self.state is ReferralState.OFFERED and now >= self.expires_at:
            return ReferralState.EXPIRED
        return self.state

    def covers(self, lesion_id: str) -> bool:
        return self.lesions is None or lesion_id in self.lesions

    def covers_all_of(self, lesions: frozenset[str] | None) -> bool:
        """Whether another referral of these lesions would add nothing to this one."""
        return self.lesions is None or (lesions is not None and lesions <= self.lesions)

    def opens_to(self, clinic_id: str) -> bool:
        """Whether this clinic sees, by it, what it covers."""
        return self.state is ReferralState.ACCEPTED and self.to_clinic == clinic_id != ""

    def stepped(self, step: Step) -> "Referral":
        """The referral after a step. Raises `ForbiddenStep`."""
        if step.state not in FOLLOWS[self.state]:
            raise ForbiddenStep(f"{self.state} → {step.state}")
        return replace(self, history=(*self.history, step))


def step_of(caller: Caller, to: ReferralState, *, at: datetime, reason: str | None = None) -> Step:
    """A step that a doctor takes for his clinic."""
    return Step(state=to, at=at, by=caller.account_id, clinic_id=caller.clinic_id, reason=reason)


def opened_to(referrals: Mapping[str, Referral], clinic_id: str) -> list[Referral]:
    """The referrals by which a clinic sees something, the first accepted first."""
    found = [referral for referral in referrals.values() if referral.opens_to(clinic_id)]
    return sorted(found, key=lambda referral: (referral.history[-1].at, referral.referral_id))


def referral_item(referral: Referral) -> Item:
    """A referral as it stands in its patient's item."""
    item: dict[str, Any] = {
        "from_clinic": referral.from_clinic,
        "to_clinic": referral.to_clinic,
        "lesions": None if referral.lesions is None else sorted(referral.lesions),
        "reason": referral.reason,
        "expires_at": timestamp(referral.expires_at),
        "fingerprint": referral.fingerprint,
        "history": [_step_item(step) for step in referral.history],
    }
    return {name: value for name, value in item.items() if value is not None}


def _step_item(step: Step) -> Item:
    item = {
        "state": step.state.value,
        "at": timestamp(step.at),
        "by": step.by,
        "clinic_id": step.clinic_id,
        "reason": step.reason,
    }
    return {name: value for name, value in item.items() if value is not None}


def read_referral(referral_id: str, item: Item) -> Referral:
    return Referral(
        referral_id=referral_id,
        from_clinic=item["from_clinic"],
        to_clinic=item["to_clinic"],
        lesions=frozenset(item["lesions"]) if "lesions" in item else None,
        reason=item.get("reason"),
        expires_at=moment(item["expires_at"]),
        fingerprint=item["fingerprint"],
        history=tuple(
            Step(
                state=ReferralState(step["state"]),
                at=moment(step["at"]),
                by=step["by"],
                clinic_id=step["clinic_id"],
                reason=step.get("reason"),
            )
            for step in item["history"]
        ),
    )
