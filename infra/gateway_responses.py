"""What API Gateway says before any function of ours runs, in our own form.

The deployment writes these into the REST API's GatewayResponses, whose templates cannot choose a
language: there the message holds both (`body` without a language). The local front chooses.
Response types are API Gateway's own names.
"""

import json
from dataclasses import dataclass
from typing import Final

from chalicelib.platform.errors import INTERNAL, NOT_FOUND, TOO_LARGE, UNAUTHORIZED, WRONG_TYPE
from chalicelib.platform.language import Language, Text

REQUEST_ID: Final = "$context.requestId"
"""API Gateway's own variable, filled in when it answers."""


@dataclass(frozen=True)
class GatewayResponse:
    """One kind of refusal: the status and body that replace API Gateway's own."""

    type: str
    status: int
    code: str
    text: Text
    retry_after: int | None = None
    """Seconds; every 429 says when to come again."""

    def body(self, language: Language | None, request_id: str = REQUEST_ID) -> str:
        """The error in the shape of every other one; in both languages when none is given."""
        message = self.text.in_language(language) if language else " / ".join(self.text)
        error = {"code": self.code, "message": message, "fields": {}, "request_id": request_id}
        return json.dumps({"error": error}, ensure_ascii=False)

    @property
    def headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Cache-Control": "no-store",
        }
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return headers


_BUSY: Final = Text(
    "Слишком много запросов. Подождите немного и повторите.",
    "Too many requests. Wait a little and repeat.",
)
_USED_UP: Final = Text(
    "Запросы на сегодня исчерпаны. Повторите позже.",
    "No more requests are allowed today. Repeat later.",
)
_TOO_SLOW: Final = Text(
    "Ответ занял слишком много времени. Повторите запрос.",
    "The answer took too long. Repeat the request.",
)
_BAD_REQUEST: Final = Text(
    "Запрос не принят. Проверьте его и отправьте снова.",
    "The request was not accepted. Check it and send again.",
)

RESPONSES: Final = {
    response.type: response
    for response in (
        # No token; then the authorizer's refusal of a token, which API Gateway calls 403.
        GatewayResponse("UNAUTHORIZED", 401, "unauthorized", UNAUTHORIZED),
        GatewayResponse("ACCESS_DENIED", 401, "unauthorized", UNAUTHORIZED),
        # No such route: API Gateway looks for a signed request and misses its token, or, when an
        # Authorization header is there, finds no signature in it.
        GatewayResponse("MISSING_AUTHENTICATION_TOKEN", 404, "not_found", NOT_FOUND),
        GatewayResponse("INVALID_SIGNATURE", 404, "not_found", NOT_FOUND),
        GatewayResponse("RESOURCE_NOT_FOUND", 404, "not_found", NOT_FOUND),
        GatewayResponse("REQUEST_TOO_LARGE", 413, "too_large", TOO_LARGE),
        GatewayResponse("UNSUPPORTED_MEDIA_TYPE", 415, "wrong_type", WRONG_TYPE),
        # The buckets of `throttling` fill again within seconds; a usage plan's quota is a day's.
        GatewayResponse("THROTTLED", 429, "too_many", _BUSY, retry_after=2),
        GatewayResponse("QUOTA_EXCEEDED", 429, "too_many", _USED_UP, retry_after=3600),
        GatewayResponse("AUTHORIZER_FAILURE", 500, "internal", INTERNAL),
        GatewayResponse("AUTHORIZER_CONFIGURATION_ERROR", 500, "internal", INTERNAL),
        GatewayResponse("INTEGRATION_FAILURE", 500, "internal", INTERNAL),
        GatewayResponse("INTEGRATION_TIMEOUT", 504, "timeout", _TOO_SLOW),
        GatewayResponse("DEFAULT_4XX", 400, "bad_request", _BAD_REQUEST),
        GatewayResponse("DEFAULT_5XX", 500, "internal", INTERNAL),
    )
}
