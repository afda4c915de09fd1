"""Accounts and clinics over HTTP: parse, one call, answer."""

from chalicelib.people import clinics, looking, service
from chalicelib.people.forms import (
    AccountAnswer,
    AccountChange,
    AccountDetail,
    AccountForm,
    AccountsQuery,
    Bilingual,
    ClinicAnswer,
    ClinicChange,
    ClinicForm,
    OpenedAnswer,
    OwnAccount,
    OwnClinic,
)
from chalicelib.people.model import Account, Clinic
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import LANGUAGES, Text

routes = Routes()


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
    query = call.query
    wanted = f"{query.role or 'all'} {query.clinic_id or 'all'} {query.state or 'all'}"
    scope = f"accounts {call.caller.account_id} {wanted}"
    cursors = call.platform.cursors
    accounts, last = looking.list_accounts(
        call.platform,
        role=query.role,
        clinic_id=query.clinic_id,
        state=query.state,
        limit=query.limit,
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
    summary=Text("Учётная запись", "An account"),
    answers=AccountDetail,
    refusals=("not_found",),
)
def view_account(call: Call[NoBody, NoQuery], account_id: str) -> AccountDetail:
    seen = looking.look_at_account(call.platform, account_id)
    account, login = seen.account, seen.login
    call.audit("account.viewed", account_id)
    return AccountDetail.model_validate(
        _shown(account)
        | {
            "clinic": _clinic_answer(seen.clinic) if seen.clinic else None,
            "signed_in_after": timestamp(account.valid_after) if account.valid_after else None,
            "second_factor": login.second_factor if login else None,
            "first_sign_in_pending": login.first_sign_in_pending if login else None,
            "protocol": account.protocol or None,
            "paused_because": account.paused_because,
        }
    )


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
    found, last = service.list_clinics(
        call.platform,
        limit=call.query.limit,
        after=cursors.open(call.query.cursor, scope=scope),
    )
    call.audit("clinics.listed", "clinics")
    items = [_clinic_answer(clinic) for clinic in found]
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


@routes.route(
    "/v1/clinics/{clinic_id}",
    "PATCH",
    summary=Text(
        "Переименовать, закрыть или вновь открыть клинику", "Rename, close or reopen a clinic"
    ),
    takes=ClinicChange,
    answers=ClinicAnswer,
    refusals=("not_found", "changed_meanwhile"),
)
def change_clinic(call: Call[ClinicChange, NoQuery], clinic_id: str) -> ClinicAnswer:
    form = call.body
    clinic = clinics.change_clinic(
        call.platform,
        clinic_id,
        name=Text(form.name.ru, form.name.en) if form.name else None,
        city=form.city,
        closed=form.closed,
    )
    closing = {True: "clinic.closed", False: "clinic.reopened", None: "clinic.changed"}
    call.audit(closing[form.closed], clinic_id)
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
    return ClinicAnswer(
        clinic_id=clinic.clinic_id, name=name, city=clinic.city, closed=clinic.closed
    )
