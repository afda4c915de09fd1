"""The Chalice app behind Chalice's own local gateway, one request at a time.

The gateway is called directly rather than through its HTTP server: that server runs threads, while
Chalice keeps the current request and the Lambda context on the one app object, where two requests
would mix. Lambda gives each container one request at a time, and so does the lock here. Authorizers
run in it as they do on AWS.
"""

import base64
import threading
import traceback
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import (
    ForbiddenError,
    InvalidAuthorizerError,
    LocalGateway,
    NotAuthorizedError,
)
from werkzeug.wrappers import Response

from chalicelib.platform.language import preferred
from infra.gateway_responses import RESPONSES

STAGE = "api"


class Api:
    """Answers requests below `/api`."""

    def __init__(self, app: Chalice, config: Config, log: Callable[[str], None] = print) -> None:
        self._gateway = _Gateway(app, config)
        self._lock = threading.Lock()
        self._log = log

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """The app's answer. `path` is as sent, with its query, without `/api`."""
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            with self._lock:
                if not self._gateway.knows(method, path):
                    return refusal("MISSING_AUTHENTICATION_TOKEN", headers)
                found = self._gateway.handle_request(method, path, lower, body or None)
        except NotAuthorizedError:
            return refusal("UNAUTHORIZED", headers)
        except ForbiddenError:
            return refusal("ACCESS_DENIED", headers)
        except InvalidAuthorizerError:
            return refusal("AUTHORIZER_CONFIGURATION_ERROR", headers)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(frame.filename).name}:{frame.lineno}"
            self._log(f"api failed: {type(error).__name__} at {where}")
            return refusal("INTEGRATION_FAILURE", headers)
        return _response(found)


def refusal(type_: str, headers: Mapping[str, str]) -> Response:
    """One of the gateway's own answers, in the language the request asks for."""
    response = RESPONSES[type_]
    lower = {name.lower(): value for name, value in headers.items()}
    language = preferred(lower.get("accept-language"))
    request_id = str(uuid.uuid4())
    return Response(
        response.body(language, request_id),
        status=response.status,
        headers={
            **response.headers,
            "Content-Language": language,
            "X-Request-Id": request_id,
        },
    )


class _Gateway(LocalGateway):
    """Chalice's gateway with the parts of API Gateway's event that it leaves out."""

    def knows(self, method: str, path: str) -> bool:
        """Whether there is such a route and method; nothing else reaches a function."""
        try:
            found = self.event_converter.create_lambda_event(method, path, {}, None)
        except ValueError:
            return False
        resource = found["requestContext"]["resourcePath"]
        return method == "OPTIONS" or method in self._app_object.routes[resource]

    def _generate_lambda_event(
        self, method: str, path: str, headers: dict[str, Any], body: bytes | None
    ) -> dict[str, Any]:
        event: dict[str, Any] = super()._generate_lambda_event(method, path, headers, body)
        context = event["requestContext"]
        context["requestId"] = str(uuid.uuid4())
        context["stage"] = STAGE
        context["path"] = f"/{STAGE}{context['path']}"
        context["identity"]["userAgent"] = headers.get("user-agent", "")
        if isinstance(event["body"], bytes):
            # API Gateway hands over text, whatever was sent.
            event["body"] = event["body"].decode("utf-8", "replace")
        return event


def _response(found: Mapping[str, Any]) -> Response:
    body = found.get("body") or b""
    if found.get("isBase64Encoded"):
        body = base64.b64decode(body)
    response = Response(body, status=found["statusCode"], content_type="application/json")
    for name, value in found["headers"].items():
        response.headers[name] = str(value)
    for name, values in found["multiValueHeaders"].items():
        response.headers.setlist(name, values)
    return response
