"""Requests as a browser would send them: the deployed system answers, and refuses, as it should."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.platform.version import VERSION
from infra.steps.deployment import Change, Deployment, Refused

TRIES: Final = 10
PAUSE_SECONDS: Final = 6.0
"""A new API or CDN is known everywhere within a minute."""
TIMEOUT_SECONDS: Final = 30


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in small letters, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        """The error that the body says, or nothing."""
        try:
            found: dict[str, Any] = json.loads(self.body)["error"]
        except (ValueError, KeyError, TypeError):
            return {}
        return found


def changes(deployment: Deployment) -> Iterator[Change]:
    """Changes nothing. Raises `Refused` with what did not answer as it should."""
    if deployment.emulated:
        deployment.say("  not asked: no function runs at this endpoint")
        return
    url = deployment.web_url
    yield Change(f"asks {url}", lambda: until_it_answers(url, deployment.wait))


def until_it_answers(url: str, wait: Callable[[float], None]) -> None:
    """Ask until everything is as it should be. Raises `Refused` after about a minute."""
    for _ in range(TRIES - 1):
        if not amiss(url):
            return
        wait(PAUSE_SECONDS)
    if problems := amiss(url):
        raise Refused(f"{url} does not answer as it should: " + "; ".join(problems))


def amiss(url: str) -> list[str]:
    """What does not answer as it should, in sentences; empty when all does."""
    problems = []
    for what, check in CHECKS.items():
        try:
            if not check(url):
                problems.append(what)
        except (OSError, ValueError, KeyError) as error:
            problems.append(f"{what} ({type(error).__name__})")
    return problems


def ask(url: str, body: bytes | None = None, **headers: str) -> Answer:
    """Send a GET, or a POST of `body`. An error status is an answer; no connection is an `OSError`."""
    request = urllib.request.Request(url, body, headers)  # noqa: S310 (an address of ours)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return _answer(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return _answer(refused)


def _answer(response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, response.read())


def _is_healthy(url: str) -> bool:
    return ask(f"{url}/api/v1/health").status == 200


def _has_this_version(url: str) -> bool:
    config = json.loads(ask(f"{url}/api/v1/config").body)
    auth = config["auth"]
    return bool(config["version"] == VERSION and auth["client_id"] and auth["patient_client_id"])


def _signs_nobody_in(url: str) -> bool:
    auth = json.loads(ask(f"{url}/api/v1/config").body)["auth"]
    wrong = {"USERNAME": "nobody", "PASSWORD": "Nobody-knows-1"}
    asked = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": auth["client_id"],
        "AuthParameters": wrong,
    }
    refused = ask(
        auth["endpoint"],
        json.dumps(asked).encode(),
        **{
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        },
    )
    return refused.status == 400 and b"NotAuthorizedException" in refused.body


def _refuses_without_a_token(url: str) -> bool:
    refused = ask(f"{url}/api/v1/patients")
    forged = ask(f"{url}/api/v1/patients", Authorization="Bearer not.a.token")
    return (refused.status, refused.error.get("code"), forged.status) == (401, "unauthorized", 401)


def _knows_no_other_route(url: str) -> bool:
    unknown = ask(f"{url}/api/v1/nothing-here")
    return (unknown.status, unknown.error.get("code")) == (404, "not_found")


def _shows_the_pages(url: str) -> bool:
    page, deep = ask(f"{url}/"), ask(f"{url}/patients/some-id")
    return page.status == deep.status == 200 and b"<html" in page.body and page.body == deep.body


def _guards_the_pages(url: str) -> bool:
    headers = ask(f"{url}/").headers
    return (
        "script-src 'self'" in headers["content-security-policy"]
        and headers["x-content-type-options"] == "nosniff"
        and headers["x-frame-options"] == "DENY"
    )


CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "/api/v1/health answers 200": _is_healthy,
    "/api/v1/config names this version and its user pool": _has_this_version,
    "the user pool refuses a wrong password": _signs_nobody_in,
    "a request without a token, or with a forged one, is refused with 401": _refuses_without_a_token,
    "an unknown address of the API is 404 in our form": _knows_no_other_route,
    "every address of the pages shows them": _shows_the_pages,
    "the pages bear their security headers": _guards_the_pages,
}
