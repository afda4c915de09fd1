"""Which refresh tokens renew a session, and by which client: moto forgets none and takes any client."""

from collections import OrderedDict
from typing import Any, Final

MOST_TOKENS: Final = 10_000
"""So many tokens are remembered with their client; the one given longest ago goes first."""


class RefreshTokens:
    """What was given out and what was taken back, as the pool's clients hear of it."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, object] = OrderedDict()
        self._revoked: set[str] = set()

    def given(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Remember by which client a token of this answer was asked for, if there is one."""
        result = answer.get("AuthenticationResult")
        token = result.get("RefreshToken") if isinstance(result, dict) else None
        if isinstance(token, str):
            self._clients[token] = asked.get("ClientId")
            if len(self._clients) > MOST_TOKENS:
                self._clients.popitem(last=False)

    def revoke(self, token: str) -> None:
        self._revoked.add(token)

    def is_revoked(self, token: str) -> bool:
        return token in self._revoked

    def refusal(self, asked: dict[str, Any]) -> str | None:
        """Why a request renews nothing, in Cognito's words; None for any that may go on."""
        token = refresh_token_of(asked)
        if token is None:
            return None
        if token in self._revoked:
            return "Refresh Token has been revoked"
        client = asked.get("ClientId")
        return None if self._clients.get(token, client) == client else "Invalid Refresh Token"


def refresh_token_of(asked: dict[str, Any]) -> str | None:
    """The refresh token that a request brings, if it does."""
    parameters = asked.get("AuthParameters")
    token = parameters.get("REFRESH_TOKEN") if isinstance(parameters, dict) else None
    return token if isinstance(token, str) else None
