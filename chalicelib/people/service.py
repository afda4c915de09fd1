"""Opening, changing and closing accounts; clinics; who may be given cases to read.

Rights are taken in our table first, where they end at once, and given there last. What the user
pool must know follows or goes before, in calls that may be made twice; a crash between leaves a
person with fewer rights than meant, and the same request again completes it.
"""

from dataclasses import dataclass, replace
from math import ceil

from chalicelib.people import refusals
from chalicelib.people.logins import Logins
from chalicelib.people.model import (
    CLINICAL,
    HAND_SIZE,
    READERS,
    Account,
    AccountState,
    Clinic,
    Role,
    takes_away,
)
from chalicelib.people.store import (
    ATTEMPTS,
    LastAdministrator,
    LoginTaken,
    OtherRequest,
    PeopleStore,
)
from chalicelib.platform.errors import Invalid, NotFound, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed, Item


@dataclass(frozen=True)
class Opened:
    """A new account; the temporary password is shown once, to be changed at the first sign-in."""

    account: Account
    temporary_password: str | None


@dataclass(frozen=True)
class Wish:
    """What is to change in an account, None: nothing. An empty `clinic_id` means no clinic."""

    role: Role | None = None
    clinic_id: str | None = None
    state: AccountState | None = None
    qualified_since: int | None = None
    hand_size: int | None = None


def open_account(
    platform: Platform,
    *,
    login: str,
    role: Role,
    clinic_id: str = "",
    qualified_since: int | None = None,
    hand_size: int = HAND_SIZE,
    password: str | None = None,
    request_id: str | None = None,
) -> Opened:
    """Open an account with a login of its own. With `password` the person signs in at once.

    `request_id` marks repetitions of one request, which answer alike, the temporary password
    included: it is derived and stored nowhere. Without one, the login marks them. Raises `Invalid`
    for fields that do not fit together, `Conflict` when the login is another account's
    (`login_taken`) or the request asked for something else before (`idempotency_conflict`).
    """
    store, logins = PeopleStore(platform.people), Logins(platform)
    request_id = request_id or platform.ids.derived("account", login)
    new = Account(
        account_id="",
        login=login,
        role=role,
        clinic_id=clinic_id,
        state=AccountState.OPEN,
        opened_at=platform.clock.now(),
        qualified_since=qualified_since,
        hand_size=hand_size,
        opened_by=request_id,
    )
    _check(platform, store, new, clinic_chosen=bool(clinic_id))
    _remember(platform, store, new)
    temporary = _temporary_password(platform, request_id)
    made = logins.make(login, temporary)
    try:
        account = store.open_account(replace(new, account_id=made.account_id))
    except LoginTaken:
        raise refusals.login_taken() from None
    if account.administers:
        store.join_administrators(account.account_id)
    _offer_cases(platform, account)
    if password is not None:
        logins.set_password(login, password, permanent=True)
        return Opened(account, None)
    if not made.created and made.first_sign_in_pending:
        # The login was left by a request that crashed, with a password of its own.
        logins.set_password(login, temporary, permanent=False)
    return Opened(account, temporary)


def change_account(platform: Platform, *, by: str, account_id: str, wish: Wish) -> Account:
    """Fulfil `wish`. What takes rights away also ends the person's sessions.

    `by` is the account of the administrator who asks. Raises `NotFound`, `Invalid`, or `Conflict`
    when he would shut himself out (`own_account`) or the house (`last_administrator`).
    """
    store, logins = PeopleStore(platform.people), Logins(platform)
    for _ in range(ATTEMPTS):
        before = view_account(platform, account_id)
        after = _fulfilled(platform, store, before, wish)
        if before.administers and not after.administers:
            _let_an_administrator_go(store, account_id, by)
        if wish.state is AccountState.OPEN:
            logins.enable(before.login)
        try:
            account = store.save(before, after)
        except ConditionFailed:
            continue
        break
    else:
        raise refusals.changed_meanwhile()
    if account.administers:
        store.join_administrators(account_id)
    if account != before:
        _offer_cases(platform, account)
    if wish.state is AccountState.CLOSED:
        logins.disable(account.login)
    if wish.state is AccountState.CLOSED or takes_away(before, account):
        logins.sign_out(account.login)
        _let_the_second_pass(platform, account)
    return account


def revoke_sessions(platform: Platform, *, account_id: str) -> None:
    """Whoever is signed in to the account has to sign in again. Raises `NotFound`."""
    store = PeopleStore(platform.people)
    for _ in range(ATTEMPTS):
        before = view_account(platform, account_id)
        try:
            account = store.save(before, _signed_out(platform, before))
        except ConditionFailed:
            continue
        Logins(platform).sign_out(before.login)
        _let_the_second_pass(platform, account)
        return
    raise refusals.changed_meanwhile()


def reset_password(platform: Platform, *, account_id: str, request_id: str) -> Opened:
    """Give a forgotten password anew, a temporary one, and end every session. Raises `NotFound`."""
    account = view_account(platform, account_id)
    temporary = _temporary_password(platform, f"{account_id} {request_id}")
    Logins(platform).set_password(account.login, temporary, permanent=False)
    revoke_sessions(platform, account_id=account_id)
    return Opened(account, temporary)


def view_account(platform: Platform, account_id: str) -> Account:
    """Raises `NotFound`."""
    account = PeopleStore(platform.people).account(account_id)
    if account is None:
        raise NotFound
    return account


def open_clinic(
    platform: Platform, *, name: Text, city: str, clinic_id: str | None = None
) -> Clinic:
    """Open a clinic. Raises `Conflict` when another one has this id."""
    clinic = Clinic(clinic_id or platform.ids.new(), name, city)
    try:
        return PeopleStore(platform.people).open_clinic(clinic)
    except OtherRequest:
        raise idempotency_conflict() from None


def view_clinic(platform: Platform, clinic_id: str) -> Clinic | None:
    return PeopleStore(platform.people).clinic(clinic_id)


def list_clinics(
    platform: Platform, *, limit: int, after: Item | None
) -> tuple[list[Clinic], Item | None]:
    return PeopleStore(platform.people).clinics(limit=limit, start=after)


def _offer_cases(platform: Platform, account: Account) -> None:
    """Tell labelling that a reader may have room for cases that were waiting."""
    if account.is_open and account.role in READERS:
        platform.labelling_queue.send({"reader_id": account.account_id})


def _remember(platform: Platform, store: PeopleStore, new: Account) -> None:
    asked = (new.login, new.role, new.clinic_id, str(new.qualified_since), str(new.hand_size))
    try:
        store.remember_request(new.opened_by, platform.ids.derived("opening", *asked))
    except OtherRequest:
        raise idempotency_conflict() from None


def _fulfilled(platform: Platform, store: PeopleStore, before: Account, wish: Wish) -> Account:
    """The account as wished. Raises `Invalid` when the wish does not fit it."""
    if wish.role is not None and before.role is Role.PATIENT:
        raise Invalid({"role": refusals.PATIENT_STAYS})
    wished = {name: value for name, value in vars(wish).items() if value is not None}
    after = replace(before, **wished)
    _check(platform, store, after, clinic_chosen=bool(wish.clinic_id))
    return _signed_out(platform, after) if takes_away(before, after) else after


def _check(
    platform: Platform, store: PeopleStore, account: Account, *, clinic_chosen: bool
) -> None:
    if account.role in CLINICAL and not account.clinic_id:
        raise Invalid({"clinic_id": refusals.CLINIC_NEEDED})
    if clinic_chosen:
        clinic = store.clinic(account.clinic_id)
        if clinic is None:
            raise Invalid({"clinic_id": refusals.NO_SUCH_CLINIC})
        if clinic.closed:
            raise Invalid({"clinic_id": refusals.CLINIC_CLOSED})
    if account.qualified_since is not None and account.qualified_since > platform.today().year:
        raise Invalid({"qualified_since": refusals.YEAR_TO_COME})


def _signed_out(platform: Platform, account: Account) -> Account:
    # Never earlier than before, though the clock be set back: an ended session stays ended.
    now = platform.clock.now()
    return replace(account, valid_after=max(now, account.valid_after or now))


def _let_the_second_pass(platform: Platform, account: Account) -> None:
    """Answer only in the next second: tokens tell the time in whole ones, so that whoever signs in
    again at once could not be told from whoever was signed in before."""
    if account.valid_after is not None:
        left = ceil(account.valid_after.timestamp()) - platform.clock.now().timestamp()
        if 0 < left <= 1:  # more, when the clock was set back: nobody waits an hour for that
            platform.wait(left)


def _let_an_administrator_go(store: PeopleStore, account_id: str, by: str) -> None:
    if account_id == by:
        raise refusals.own_account()
    try:
        store.leave_administrators(account_id)
    except LastAdministrator:
        raise refusals.last_administrator() from None


def _temporary_password(platform: Platform, request_id: str) -> str:
    """120 bits in groups of four: typed once, from a sheet of paper."""
    letters = platform.ids.derived("temporary_password", request_id)
    groups = (letters[start : start + 4] for start in range(0, len(letters), 4))
    # The pool wants a capital and a digit too, which the derived part may not have.
    return "R1-" + "-".join(groups)
