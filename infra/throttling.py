"""How many requests the front door lets in: the one source of these numbers.

The local front applies all three. Of API Gateway, `STAGE` and `METHODS` are the stage's method
settings (`MethodSettings`: `/*` and the single methods), which count all callers together; it has
no limit for each bearer token, which a usage plan or a WAF rule for each address stands in for.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Rate(NamedTuple):
    """A token bucket: `burst` requests at once, then `rate` a second."""

    rate: float
    burst: int


STAGE: Final = Rate(200, 400)
"""All callers together, and all anonymous ones."""
CALLER: Final = Rate(100, 200)
"""One bearer token. An import of eight workers and a page's own requests stay well below."""
METHODS: Final[Mapping[tuple[str, str], Rate]] = {
    # Each asks KMS once for every version of the key, and tells whether a person is known.
    ("POST", "/v1/patients/lookup"): Rate(20, 100),
    # The user pool admits some tens of changes a second for the whole account.
    ("POST", "/v1/accounts"): Rate(10, 60),
    ("POST", "/v1/accounts/{account_id}/password"): Rate(10, 60),
    # Anybody may try codes; those who have one come a few a minute.
    ("POST", "/v1/access/redeem"): Rate(10, 60),
}
"""Costly methods, all callers together."""

FAILED_SIGN_INS: Final = 5
"""So many wrong passwords for one login are answered at once; Cognito's own number."""
SIGN_IN_PAUSE_SECONDS: Final = 1.0
"""The pause after them. It doubles with each further failure, as Cognito's does."""
LONGEST_SIGN_IN_PAUSE_SECONDS: Final = 900.0
