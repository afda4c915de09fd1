"""What access asks and answers over HTTP."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from chalicelib.people.patient_accounts import WEAK, is_strong
from chalicelib.platform.http.fields import Answer, Form, fault


class AccessAnswer(Answer):
    """A one-time code, told once: only a keyed hash of it is kept."""

    code: str
    url: Annotated[str, Field(description="The page that takes it; the code stands behind `#`.")]
    qr: Annotated[str, Field(description="That address as a QR code, an `<svg>` element.")]
    expires_at: str


class RedeemForm(Form):
    """A one-time code, and the password that the patient chooses."""

    code: Annotated[str, Field(max_length=100, examples=["7KQ4-M2TX-9FHR-W3CD"])]
    # A space at an end belongs to a password: the user pool will ask for it.
    password: Annotated[str, StringConstraints(strip_whitespace=False), Field(max_length=256)]

    @field_validator("password")
    @classmethod
    def _as_the_pool_wants_it(cls, password: str) -> str:
        if not is_strong(password):
            raise fault(WEAK)
        return password


class RedeemedAnswer(Answer):
    """The patient's account."""

    login: Annotated[str, Field(description="Made by the system; to sign in with.")]
    recovered: Annotated[bool, Field(description="It was there before; its sessions are ended.")]


class PublicationForm(Form):
    """Consent to publication can be taken back here, and given to a doctor only."""

    publication: Literal[False]


class OwnConsentAnswer(Answer):
    research: bool
    publication: bool
    given_on: date
