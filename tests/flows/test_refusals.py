"""Whatever is asked, the refusal has one shape, the right status and both languages."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.flows.cases import survey
from tests.flows.staff import refusal
from tests.stack import RunningStack


def raw(stack: RunningStack, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes that no HTTP library would; the status, headers and body that come back."""
    address = urlsplit(stack.url)
    with socket.create_connection((str(address.hostname), address.port or 80), timeout=20) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in rest)
    return int(first.split(" ")[1]), headers, body


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api"),
        ("GET", "/api/v1"),
        ("GET", "/api/v1/nope"),
        ("GET", "/api//v1/health"),
        ("POST", "/api/v1/health"),
        ("PUT", "/api/v1/surveys"),
        ("DELETE", "/api/v1/surveys"),
        ("GET", "/api/v1/surveys"),
        ("TRACE", "/api/v1/surveys"),
        ("PROPFIND", "/api/v1/nope"),
        ("OPTIONS", "/api/v1/nope"),
        ("GET", "/api/v1/images/%2e%2e"),
        ("GET", "/api/v1/images/a%2Fb"),
        ("GET", "/api/v1/images/%ff"),
        ("GET", "/api/v1/images/%00"),
        ("GET", "/api/v1/images/a%20b"),
        ("GET", "/api/v1/images/" + "a" * 4000),
        ("GET", "/api/v1/patients/%D0%90"),
    ],
)
def test_an_unknown_route_method_or_id_is_404_in_our_form(
    stack: RunningStack, method: str, path: str
) -> None:
    answer = stack.sign_in("doctor").request(method, path)
    assert answer.status_code == 404
    assert refusal(answer)["code"] == "not_found"


def test_a_refused_head_has_our_headers_and_no_body(stack: RunningStack) -> None:
    answer = stack.sign_in("doctor").head("/api/v1/nope")
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("language", "russian"),
    [
        (None, True),
        ("ru", True),
        ("en", False),
        ("fr", True),
        ("en;q=nan, ru;q=inf", True),
        ("ru;q=0.1, en-GB;q=0.9", False),
        ("en;q=0", True),
    ],
)
def test_every_refusal_is_in_the_language_asked_for(
    stack: RunningStack, language: str | None, russian: bool
) -> None:
    client = stack.client()
    headers = {"Accept-Language": language} if language else {}
    if language is None:
        del client.headers["Accept-Language"]
    for path in ("/api/v1/nope", "/api/v1/patients", "/api/v1/health?nope=1"):
        answer = client.get(path, headers=headers)
        message = refusal(answer)["message"]
        assert any("а" <= letter <= "я" for letter in message) is russian
        assert answer.headers["content-language"] == ("ru" if russian else "en")


@pytest.mark.parametrize(
    ("request_line", "headers", "expected"),
    [
        (b"GET /api/v1/health HTTP/1.1", b"X-Long: " + b"a" * 70_000, {431}),
        (
            b"GET /api/v1/health HTTP/1.1",
            b"\r\n".join(b"X-%d: a" % number for number in range(200)),
            {431},
        ),
        (b"GET /api/v1/" + b"a" * 70_000 + b" HTTP/1.1", b"Host: here", {414}),
        (b"POST /api/v1/surveys HTTP/1.1", b"Content-Length: 99999999999999999999", {413}),
        (
            b"POST /api/v1/surveys HTTP/1.1",
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0",
            {400},
        ),
        (b"GET /api/v1/patients HTTP/1.1", b"Authorization: Bearer ", {401}),
        (b"GET /api/v1/patients HTTP/1.1", b"Authorization: Bearer \xff\xfe", {401}),
        (b"GET /api/../../etc/passwd HTTP/1.1", b"Host: here", {404}),
        (b"GET /api/v1/\xff\xfe HTTP/1.1", b"Host: here", {404}),
        (b"G\x01T /api/v1/health HTTP/1.1", b"Host: here", {404, 400}),
    ],
)
def test_what_no_library_would_send_is_refused_in_our_form(
    stack: RunningStack, request_line: bytes, headers: bytes, expected: set[int]
) -> None:
    status, answered, body = raw(stack, request_line + b"\r\n" + headers + b"\r\n\r\n")
    assert status in expected
    assert answered["content-type"] == "application/json; charset=utf-8"
    assert {"code", "message", "fields", "request_id"} == set(json.loads(body)["error"])


def json_of(**changes: Any) -> bytes:
    return json.dumps(survey(**changes)).encode()


def in_place_of_age(text: str) -> bytes:
    return json_of().replace(b'"age": 50', f'"age": {text}'.encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xef\xbb\xbf{}",
        json.dumps({"a": 1}).encode("utf-16"),
        b'{"patient_code": "\xff\xfe"}',
        b'{"patient_\xffcode": "1"}',
        b'{"patient_code": "\\ud800"}',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 40_000,
        in_place_of_age("NaN"),
        in_place_of_age("-Infinity"),
        in_place_of_age("9" * 5000),
        in_place_of_age("1e400"),
        in_place_of_age('50, "age": 50'),
    ],
    ids=[
        "empty",
        "cut",
        "byte order mark",
        "UTF-16",
        "value not UTF-8",
        "key not UTF-8",
        "lone surrogate",
        "deep",
        "deep and closed",
        "deep objects",
        "NaN",
        "infinity",
        "5,000 digits",
        "out of range",
        "key twice",
    ],
)
def test_a_body_that_is_not_strict_json_is_400(stack: RunningStack, body: bytes) -> None:
    answer = stack.sign_in("doctor").post(
        "/api/v1/surveys", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, refusal(answer)["code"]) == (400, "not_json")


@pytest.mark.parametrize("size", [300_000, 2_000_000])
def test_a_body_too_large_is_413(stack: RunningStack, size: int) -> None:
    answer = stack.sign_in("doctor").post("/api/v1/surveys", json=survey(hair="x" * size))
    assert (answer.status_code, refusal(answer)["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "multipart/form-data; boundary=x", "application/problem+json"]
)
def test_a_body_of_another_type_is_415(stack: RunningStack, media_type: str) -> None:
    answer = stack.sign_in("doctor").post(
        "/api/v1/surveys", content=json_of(), headers={"Content-Type": media_type}
    )
    assert (answer.status_code, refusal(answer)["code"]) == (415, "wrong_type")


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "1"])
def test_a_body_that_is_no_object_is_422(stack: RunningStack, body: str) -> None:
    answer = stack.sign_in("doctor").post(
        "/api/v1/surveys", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, set(refusal(answer)["fields"])) == (422, {"body"})


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"{broken", b"[]", b"null", b'{"AuthParameters": "text"}'],
    ids=["not UTF-8", "cut", "array", "null", "parameters as text"],
)
def test_a_malformed_sign_in_is_refused_as_cognito_does(
    stack: RunningStack, content: bytes
) -> None:
    config = stack.client().get("/api/v1/config").json()["auth"]
    whole = content.replace(
        b"{",
        b'{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "%s", ' % config["client_id"].encode(),
    )
    answer = stack.client().post(
        config["endpoint"],
        content=whole if content.endswith(b"}") else content,
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "Content-Type": "application/x-amz-json-1.1",
        },
    )
    assert answer.status_code == 400
    assert answer.json()["__type"]
