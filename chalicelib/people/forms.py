"""What the people's routes take and answer."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from chalicelib.people import refusals
from chalicelib.people.model import HAND_SIZE, LOGIN, STAFF, AccountState, Role
from chalicelib.platform.http.fields import Answer, Form, Listed, fault

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
    clinic_id: Annotated[ClinicId, Field(min_length=1)] | None = None
    state: AccountState | None = None


class Bilingual(Answer):
    ru: str
    en: str


class ClinicName(Form):
    ru: Line
    en: Line


class ClinicForm(Form):
    name: ClinicName
    city: Line


class ClinicChange(Form):
    """What is to change of a clinic; what is left out stays."""

    name: ClinicName | None = None
    city: Line | None = None
    closed: Annotated[
        bool | None,
        Field(
            description="Its doctors are refused within a minute, nobody is referred to it, and no account "
            "is given it. Its patients and their records stay."
        ),
    ] = None

    @model_validator(mode="after")
    def _something(self) -> "ClinicChange":
        if all(value is None for _, value in self):
            raise fault(refusals.NOTHING_TO_CHANGE_OF_A_CLINIC)
        return self


class ClinicAnswer(Answer):
    clinic_id: str
    name: Bilingual
    city: str
    closed: bool


class AccountAnswer(Answer):
    account_id: str
    login: str
    role: Role
    clinic_id: str
    state: AccountState
    opened_at: str
    qualified_since: int | None
    hand_size: int


class AccountDetail(AccountAnswer):
    """An account with what the user pool says of its login; null where the pool has no such login."""

    clinic: ClinicAnswer | None
    signed_in_after: str | None
    """Sessions that began before were ended."""
    second_factor: bool | None
    """A one-time code is asked for at each sign-in."""
    first_sign_in_pending: bool | None
    """The temporary password has not been changed yet."""
    protocol: int | None
    """Of a reader: the newest labelling protocol that he has accepted."""
    paused_because: str | None


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
