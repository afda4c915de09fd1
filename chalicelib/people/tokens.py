"""Access tokens: a signed statement of the issuer about who signed in, when, and for how long.

Verified here and not by API Gateway's Cognito authorizer, which admits everyone when run locally.
One algorithm is accepted (RS256): a token that may choose is a token that may choose `none`, or
HS256 with our issuer's public key for a password (RFC 8725, 2.1). Cognito's access tokens carry
`client_id` and no `aud`; its id tokens, meant for the client, are not admitted. The pool has two
clients of ours, one of them for patients alone.
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.people.issuer_keys import IssuerKeys
from chalicelib.platform import strict_json
from chalicelib.platform.settings import LOCAL_STAGES

MAX_CHARACTERS: Final = 8192
"""API Gateway passes at most 10,240 bytes of headers; Cognito's access tokens have about 1,100."""
ALGORITHM: Final = "RS256"
LEEWAY: Final = timedelta(seconds=30)
"""How far the issuer's clock may be ahead of ours."""
PUBLISHED_KEY_IDS: Final = frozenset({"dummy"})
"""Key ids whose private halves anybody can download: moto's. Good for a laptop and for tests."""
STAGES_OF_PUBLISHED_KEYS: Final = LOCAL_STAGES

_SUBJECT: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999, beyond which Python's calendar ends."""


class Reason(StrEnum):
    """Why a token is refused: for the log, never for the bearer."""

    MISSING = auto()
    MALFORMED = auto()
    WRONG_ALGORITHM = auto()
    PUBLISHED_KEY = auto()
    UNKNOWN_KEY = auto()
    BAD_SIGNATURE = auto()
    WRONG_ISSUER = auto()
    WRONG_CLIENT = auto()
    WRONG_USE = auto()
    EXPIRED = auto()
    NOT_YET_VALID = auto()


class BadToken(Exception):
    """The token is refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Expected:
    """What a token must say of itself to be ours."""

    issuer: str
    client_id: str
    patient_client_id: str
    stage: str


@dataclass(frozen=True)
class SignIn:
    """Whom a token speaks for, and when he signed in (not when the token was last renewed)."""

    account_id: str
    began: datetime
    as_patient: bool
    """Whether he used the patients' client of the pool, whose sessions last for months."""


def bearer_token(authorization: object) -> str:
    """The token in an Authorization header (RFC 6750, 2.1). Raises `BadToken` without one."""
    if not isinstance(authorization, str):
        raise BadToken(Reason.MISSING)
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise BadToken(Reason.MISSING)
    return token


def verify(token: str, *, expected: Expected, keys: IssuerKeys, now: datetime) -> SignIn:
    """Who signed in, if `token` is a valid access token of ours at `now`.

    Raises `BadToken` for any other text whatever, and `KeysUnavailable` when the issuer's keys
    cannot be had.
    """
    if len(token) > MAX_CHARACTERS or not token.isascii() or token.count(".") != 2:
        raise BadToken(Reason.MALFORMED)
    key_id = _key_id(_part(token, 0), expected.stage)
    claims = _part(token, 1)
    # Read before the signature, so that a token of somebody else's pool costs our issuer nothing.
    if claims.get("iss") != expected.issuer:
        raise BadToken(Reason.WRONG_ISSUER)
    _check_signature(token, key_id, keys, now)
    if claims.get("token_use") != "access":
        raise BadToken(Reason.WRONG_USE)
    client_id = claims.get("client_id")
    if client_id not in (expected.client_id, expected.patient_client_id):
        raise BadToken(Reason.WRONG_CLIENT)
    as_patient = client_id == expected.patient_client_id
    return SignIn(_subject(claims), _sign_in_time(claims, now), as_patient)


def _part(token: str, index: int) -> dict[str, Any]:
    """The header (0) or the claims (1). A second JSON reader must not find other values in them."""
    text = token.split(".")[index]
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        value = strict_json.loads(raw)
    except ValueError:
        raise BadToken(Reason.MALFORMED) from None
    if not isinstance(value, dict):
        raise BadToken(Reason.MALFORMED)
    return value


def _key_id(header: dict[str, Any], stage: str) -> str:
    if header.get("alg") != ALGORITHM:
        raise BadToken(Reason.WRONG_ALGORITHM)
    key_id = header.get("kid")
    # `crit` names extensions we would have to understand (RFC 7515, 4.1.11); we understand none.
    if not isinstance(key_id, str) or "crit" in header or "b64" in header:
        raise BadToken(Reason.MALFORMED)
    if key_id in PUBLISHED_KEY_IDS and stage not in STAGES_OF_PUBLISHED_KEYS:
        raise BadToken(Reason.PUBLISHED_KEY)
    return key_id


def _check_signature(token: str, key_id: str, keys: IssuerKeys, now: datetime) -> None:
    # Imported here: only `authorize` verifies, the HTTP function must not pay for cryptography.
    from jwt import PyJWS
    from jwt.exceptions import PyJWTError

    key = keys.find(key_id, now)
    if key is None:
        raise BadToken(Reason.UNKNOWN_KEY)
    try:
        PyJWS().decode(token, key, algorithms=[ALGORITHM])
    except PyJWTError:
        raise BadToken(Reason.BAD_SIGNATURE) from None


def _subject(claims: dict[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise BadToken(Reason.MALFORMED)
    return subject


def _sign_in_time(claims: dict[str, Any], now: datetime) -> datetime:
    issued = _time(claims, "iat")
    if _time(claims, "exp") <= now:
        raise BadToken(Reason.EXPIRED)
    if max(issued, _time(claims, "nbf", issued)) > now + LEEWAY:
        raise BadToken(Reason.NOT_YET_VALID)
    # A renewed token is issued anew, but its bearer signed in when he typed his password.
    return min(issued, _time(claims, "auth_time", issued))


def _time(claims: dict[str, Any], name: str, absent: datetime | None = None) -> datetime:
    """A NumericDate (RFC 7519, 2): seconds since 1970."""
    value = claims.get(name)
    if value is None and absent is not None:
        return absent
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST:
        raise BadToken(Reason.MALFORMED)
    return datetime.fromtimestamp(value, UTC)
