"""Accounts and clinics over HTTP: parse, one call, answer."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from chalicelib.people import refusals, service
from chalicelib.people.model import (
    HAND_SIZE,
    LOGIN,
    STAFF,
    Account,
    AccountState,
    Clinic,
    Role,
)
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form, Listed, Listing, fault
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import LANGUAGES, Text

routes = Routes()

ClinicId = Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9_.-]*$")]
Line = Annotated[str, Field(min_length=1, max_length=120)]
Year = Annotated[int, Field(ge=1940, le=2200, description="Year in which practice began.")]
HandSize = Annotated[int, Field(ge=1, le=100, description="Cases a reader holds at once.")]
EmptyOr = Annotated[ClinicId, Field(description="Empty for people of no clinic.")]


class StaffForm(Form):
    """What accounts of staff have in common."""

    @field_validator("role", check_fields=False)
    @classmethod
    def _a_role_of_staff(cls, role: Role | None) -> Role | None:
        if role is not None and role not in STAFF:
            raise fault(refusals.NOT_FOR_PATIENTS)
        return role


class AccountForm(StaffForm):
    """A new account. No name, phone or e-mail address is asked."""

    login: Annotated[str, Field(json_schema_extra={"pattern": f"^{LOGIN.pattern}$"})]
    role: Role
    clinic_id: EmptyOr = ""
    qualified_since: Year | None = None
    hand_size: HandSize = HAND_SIZE

    @field_validator("login")
    @classmethod
    def _a_good_login(cls, login: str) -> str:
        if not LOGIN.fullmatch(login):
            raise fault(refusals.BAD_LOGIN)
        return login


class AccountChange(StaffForm):
    """What is to change; what is left out stays."""

    role: Role | None = None
    clinic_id: EmptyOr | None = None
    state: AccountState | None = None
    qualified_since: Year | None = None
    hand_size: HandSize | None = None

    @model_validator(mode="after")
    def _something(self) -> "AccountChange":
        if all(value is None for _, value in self):
            raise fault(refusals.NOTHING_TO_CHANGE)
        return self


class AccountsQuery(Listed):
    role: Role | None = None


class Bilingual(Answer):
    ru: str
    en: str


class BilingualForm(Form):
    ru: Line
    en: Line


class ClinicForm(Form):
    name: BilingualForm
    city: Line


class ClinicAnswer(Answer):
    clinic_id: str
    name: Bilingual
    city: str


class AccountAnswer(Answer):
    account_id: str
    login: str
    role: Role
    clinic_id: str
    state: AccountState
    opened_at: str
    qualified_since: int | None
    hand_size: int


class OpenedAnswer(AccountAnswer):
    """A new account, or one with a new password: told this once, changed at the first sign-in."""

    temporary_password: str


class OwnClinic(Answer):
    """The caller's clinic, its name in the language of the answer."""

    clinic_id: str
    name: str


class OwnAccount(Answer):
    """Who the caller is to the system."""

    account_id: str
    login: str
    role: Role
    clinic: OwnClinic | None
    languages: list[str]


@routes.route(
    "/v1/account",
    summary=Text("Кто я", "Who am I"),
    answers=OwnAccount,
    refusals=("not_found",),
)
def own_account(call: Call[NoBody, NoQuery]) -> OwnAccount:
    account = service.view_account(call.platform, call.caller.account_id)
    clinic = service.view_clinic(call.platform, account.clinic_id) if account.clinic_id else None
    call.audit("account.viewed", account.account_id)
    return OwnAccount(
        account_id=account.account_id,
        login=account.login,
        role=account.role,
        clinic=OwnClinic(clinic_id=clinic.clinic_id, name=clinic.name.in_language(call.language))
        if clinic
        else None,
        languages=list(LANGUAGES),
    )


@routes.route(
    "/v1/accounts",
    summary=Text("Учётные записи", "Accounts"),
    asks=AccountsQuery,
    answers=Listing[AccountAnswer],
)
def list_accounts(call: Call[NoBody, AccountsQuery]) -> Listing[AccountAnswer]:
    scope = f"accounts {call.caller.account_id} {call.query.role or 'all'}"
    cursors = call.platform.cursors
    accounts, last = service.list_accounts(
        call.platform,
        role=call.query.role,
        limit=call.query.limit,
        after=cursors.open(call.query.cursor, scope=scope),
    )
    call.audit("accounts.listed", call.query.role or "all")
    items = [_account_answer(account) for account in accounts]
    return Listing(items=items, next=cursors.seal(last, scope=scope))


@routes.route(
    "/v1/accounts",
    "POST",
    summary=Text("Открыть учётную запись", "Open an account"),
    takes=AccountForm,
    answers=OpenedAnswer,
    status=201,
    refusals=("login_taken", "idempotency_conflict"),
    creates=True,
)
def open_account(call: Call[AccountForm, NoQuery]) -> OpenedAnswer:
    form = call.body
    opened = service.open_account(
        call.platform,
        login=form.login,
        role=form.role,
        clinic_id=form.clinic_id,
        qualified_since=form.qualified_since,
        hand_size=form.hand_size,
        request_id=call.creation_id("account"),
    )
    call.audit("account.opened", opened.account.account_id, once=True)
    return _opened_answer(opened)


@routes.route(
    "/v1/accounts/{account_id}",
    "PATCH",
    summary=Text(
        "Изменить, закрыть или вновь открыть учётную запись",
        "Change, close or reopen an account",
    ),
    takes=AccountChange,
    answers=AccountAnswer,
    refusals=("not_found", "own_account", "last_administrator", "changed_meanwhile"),
)
def change_account(call: Call[AccountChange, NoQuery], account_id: str) -> AccountAnswer:
    account = service.change_account(
        call.platform,
        by=call.caller.account_id,
        account_id=account_id,
        wish=service.Wish(**dict(call.body)),
    )
    call.audit("account.changed", account_id)
    return _account_answer(account)


@routes.route(
    "/v1/accounts/{account_id}/sessions/revoke",
    "POST",
    summary=Text("Завершить все сеансы", "End every session"),
    status=204,
    refusals=("not_found", "changed_meanwhile"),
)
def revoke_sessions(call: Call[NoBody, NoQuery], account_id: str) -> None:
    service.revoke_sessions(call.platform, account_id=account_id)
    call.audit("account.sessions_revoked", account_id)


@routes.route(
    "/v1/accounts/{account_id}/password",
    "POST",
    summary=Text("Выдать новый временный пароль", "Give a new temporary password"),
    answers=OpenedAnswer,
    status=201,
    refusals=("not_found", "changed_meanwhile"),
    creates=True,
)
def reset_password(call: Call[NoBody, NoQuery], account_id: str) -> OpenedAnswer:
    opened = service.reset_password(
        call.platform, account_id=account_id, request_id=call.creation_id("password")
    )
    call.audit("account.password_reset", account_id)
    return _opened_answer(opened)


@routes.route(
    "/v1/clinics",
    summary=Text("Клиники", "Clinics"),
    asks=Listed,
    answers=Listing[ClinicAnswer],
)
def list_clinics(call: Call[NoBody, Listed]) -> Listing[ClinicAnswer]:
    scope = f"clinics {call.caller.account_id}"
    cursors = call.platform.cursors
    clinics, last = service.list_clinics(
        call.platform,
        limit=call.query.limit,
        after=cursors.open(call.query.cursor, scope=scope),
    )
    call.audit("clinics.listed", "clinics")
    items = [_clinic_answer(clinic) for clinic in clinics]
    return Listing(items=items, next=cursors.seal(last, scope=scope))


@routes.route(
    "/v1/clinics",
    "POST",
    summary=Text("Добавить клинику", "Add a clinic"),
    takes=ClinicForm,
    answers=ClinicAnswer,
    status=201,
    refusals=("idempotency_conflict",),
    creates=True,
)
def open_clinic(call: Call[ClinicForm, NoQuery]) -> ClinicAnswer:
    form = call.body
    clinic = service.open_clinic(
        call.platform,
        name=Text(form.name.ru, form.name.en),
        city=form.city,
        clinic_id=call.creation_id("clinic"),
    )
    call.audit("clinic.opened", clinic.clinic_id, once=True)
    return _clinic_answer(clinic)


def _account_answer(account: Account) -> AccountAnswer:
    return AccountAnswer.model_validate(_shown(account))


def _opened_answer(opened: service.Opened) -> OpenedAnswer:
    shown = _shown(opened.account) | {"temporary_password": opened.temporary_password}
    return OpenedAnswer.model_validate(shown)


def _shown(account: Account) -> dict[str, object]:
    return {
        "account_id": account.account_id,
        "login": account.login,
        "role": account.role,
        "clinic_id": account.clinic_id,
        "state": account.state,
        "opened_at": timestamp(account.opened_at),
        "qualified_since": account.qualified_since,
        "hand_size": account.hand_size,
    }


def _clinic_answer(clinic: Clinic) -> ClinicAnswer:
    name = Bilingual(ru=clinic.name.ru, en=clinic.name.en)
    return ClinicAnswer(clinic_id=clinic.clinic_id, name=name, city=clinic.city)
