"""Who is admitted: a valid token of ours, and an open account whose sessions were not ended since; of a
doctor, one whose clinic is not closed; by the patients' client of the pool, patients alone.

API Gateway keeps the answer for 30 seconds, so an account closed or a role lowered is refused
within that time everywhere. Role and clinic come from the account, never from the token.
"""

from functools import cache

from chalice.app import AuthRequest, AuthResponse

from chalicelib.people.issuer_keys import IssuerKeys, fetch_over_http
from chalicelib.people.model import CLINICAL, Account, Role
from chalicelib.people.store import PeopleStore
from chalicelib.people.tokens import BadToken, Expected, bearer_token, verify
from chalicelib.platform import logging
from chalicelib.platform.runtime import Platform


class NotAdmitted(Exception):
    """The token is good, its account is not."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def authorize(
    platform: Platform, request: AuthRequest, *, keys: IssuerKeys | None = None
) -> AuthResponse:
    """Admit the bearer of a good token to the API, with who he is; anybody else to nothing.

    Nothing that a stranger sends raises. A failure of ours does (the issuer's keys or the table
    cannot be reached): API Gateway refuses then too, but keeps no answer, and the next request
    is judged anew.
    """
    try:
        account = _admitted(platform, request, keys or issuer_keys(platform.settings.keys_url))
    except (BadToken, NotAdmitted) as refusal:
        logging.info("not_admitted", reason=str(refusal.reason))
        return AuthResponse(routes=[], principal_id="nobody")
    return AuthResponse(
        # All routes: the answer is kept by token, and the next request may be for another route.
        routes=["*"],
        principal_id=account.account_id,
        context={
            "account_id": account.account_id,
            "role": account.role.value,
            "clinic_id": account.clinic_id,
            **({"patient_id": account.patient_id} if account.patient_id else {}),
        },
    )


def _admitted(platform: Platform, request: AuthRequest, keys: IssuerKeys) -> Account:
    settings = platform.settings
    expected = Expected(
        settings.issuer, settings.client_id, settings.patient_client_id, settings.stage
    )
    token = bearer_token(request.token)
    sign_in = verify(token, expected=expected, keys=keys, now=platform.clock.now())
    account = PeopleStore(platform.people).account(sign_in.account_id)
    if account is None:
        raise NotAdmitted("no_account")
    if sign_in.as_patient and account.role is not Role.PATIENT:
        # Or a member of staff who signs in at a patient's pages would have a session of months.
        raise NotAdmitted("wrong_client")
    if not account.is_open:
        raise NotAdmitted("account_closed")
    if not account.admits(sign_in.began):
        raise NotAdmitted("session_ended")
    if account.role in CLINICAL and _is_closed(platform, account.clinic_id):
        raise NotAdmitted("clinic_closed")
    return account


def _is_closed(platform: Platform, clinic_id: str) -> bool:
    clinic = PeopleStore(platform.people).clinic(clinic_id)
    return clinic is not None and clinic.closed


@cache
def issuer_keys(url: str) -> IssuerKeys:
    """The keys that this process knows of the issuer at `url`."""
    return IssuerKeys(fetch_over_http(url))
