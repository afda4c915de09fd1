"""Which access tokens speak for their owner at the pool: moto lets none run out, and none end by signing out."""

from collections import OrderedDict
from typing import Any, Final

from infra.local.refresh_tokens import RefreshTokens, refresh_token_of
from infra.local.throttle import Seconds

MOST_TOKENS: Final = 10_000
"""So many tokens are remembered; the one given longest ago goes first, as if it had run out."""


class AccessTokens:
    """What was given out, until when it is good, and by which refresh token it came."""

    def __init__(self, refresh_tokens: RefreshTokens, seconds: Seconds) -> None:
        self._refresh_tokens, self._seconds = refresh_tokens, seconds
        self._given: OrderedDict[str, tuple[str | None, float]] = OrderedDict()

    def given(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Remember the token of this answer, if there is one."""
        result = answer.get("AuthenticationResult")
        token = result.get("AccessToken") if isinstance(result, dict) else None
        if not isinstance(result, dict) or not isinstance(token, str):
            return
        refresh = result.get("RefreshToken") or refresh_token_of(asked)
        until = self._seconds() + float(result.get("ExpiresIn", 0))
        self._given[token] = refresh if isinstance(refresh, str) else None, until
        if len(self._given) > MOST_TOKENS:
            self._given.popitem(last=False)

    def refusal(self, token: object) -> str | None:
        """Why a token speaks for nobody, in Cognito's words; None for one that does."""
        refresh, until = self._given.get(token if isinstance(token, str) else "", (None, None))
        if until is None:
            return "Invalid Access Token"
        if refresh is not None and self._refresh_tokens.is_revoked(refresh):
            return "Access Token has been revoked"
        return None if self._seconds() < until else "Access Token has expired"
