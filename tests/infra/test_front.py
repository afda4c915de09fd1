"""One port: pages with their headers, the API with the gateway's refusals."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from infra.gateway_responses import RESPONSES
from infra.local.front import MAX_API_BODY_BYTES
from infra.web_headers import page_headers
from tests.infra.small_app import TOKEN, URL


def error(response: TestResponse) -> dict[str, Any]:
    assert response.mimetype == "application/json"
    found: dict[str, Any] = json.loads(response.data)["error"]
    assert set(found) == {"code", "message", "fields", "request_id"}
    assert response.headers["X-Request-Id"] == found["request_id"] != ""
    return found


def test_the_page_comes_with_every_security_header(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    for name, value in page_headers().items():
        assert response.headers[name] == value
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-cache"


def test_other_origins_and_tls_are_named_where_there_are_any() -> None:
    headers = page_headers(origins=["https://images.example"], tls=True)
    policy = headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://images.example;" in policy
    assert "connect-src 'self' https://images.example;" in policy
    assert "script-src 'self';" in policy
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in page_headers()


@pytest.mark.parametrize("path", ["/patients", "/patients/k4zq", "/reading/room/"])
def test_an_address_of_the_pages_router_gets_the_page(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "Rodinka" in response.text
    assert response.headers["Cache-Control"] == "no-cache"


def test_built_files_are_kept_for_long_and_have_their_type(client: Client) -> None:
    script = client.get("/assets/main-4f2a.js")
    assert script.mimetype == "text/javascript"
    assert "immutable" in script.headers["Cache-Control"]
    icon = client.get("/icon.svg")
    assert icon.mimetype == "image/svg+xml"
    assert icon.headers["Cache-Control"] == "no-cache"


def test_files_are_compressed_for_whoever_takes_that(client: Client) -> None:
    plain = client.get("/assets/main-4f2a.js")
    assert "Content-Encoding" not in plain.headers
    zipped = client.get("/assets/main-4f2a.js", headers={"Accept-Encoding": "gzip, br"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_a_missing_file_is_no_page(client: Client) -> None:
    for path in ("/assets/old-1111.js", "/favicon.ico"):
        response = client.get(path)
        assert (response.status_code, response.mimetype) == (404, "text/plain")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/secret.txt%00.js",
        "/" + "a" * 5000 + ".js",
    ],
)
def test_nothing_outside_the_folder_of_pages_is_served(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert b"a secret" not in response.data


def test_two_slashes_at_the_beginning_lead_nowhere_else(client: Client) -> None:
    assert b"a secret" not in client.get("//secret.txt").data


def test_pages_are_for_reading_only(client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200


def test_a_page_asked_for_as_localhost_moves_to_the_address_that_links_name(
    client: Client,
) -> None:
    moved = client.get("/patients?a=1", base_url="http://localhost:8000")
    assert (moved.status_code, moved.headers["Location"]) == (307, f"{URL}/patients?a=1")
    assert client.get("/api/v1/open", base_url="http://localhost:8000").status_code == 200


def test_without_built_pages_a_page_says_what_to_do(client: Client, web: Path) -> None:
    (web / "index.html").unlink()
    response = client.get("/")
    assert response.status_code == 503
    assert "npm run build" in response.text
    assert "Страницы ещё не собраны" in response.text
    assert client.get("/api/v1/open").status_code == 200


def test_a_request_to_the_api_reaches_its_view_with_a_request_id(client: Client) -> None:
    context = client.get("/api/v1/open").get_json()["context"]
    assert context["requestId"]
    assert (context["stage"], context["path"]) == ("api", "/api/v1/open")


def test_a_good_token_opens_a_closed_route(client: Client) -> None:
    response = client.get("/api/v1/closed/a", headers={"Authorization": TOKEN})
    assert response.get_json() == {"name": "a", "role": "doctor"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [(None, "Войдите в систему"), ("ru-RU,en;q=0.5", "Войдите в систему"), ("en", "Sign in")],
)
@pytest.mark.parametrize("token", [None, "Bearer bad", "nonsense"])
def test_no_token_and_a_refused_one_get_401_in_the_language_asked_for(
    client: Client, token: str | None, language: str | None, sentence: str
) -> None:
    sent = {"Authorization": token, "Accept-Language": language}
    headers = {name: value for name, value in sent.items() if value is not None}
    response = client.get("/api/v1/closed/a", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    found = error(response)
    assert found["code"] == "unauthorized"
    assert found["message"].startswith(sentence)


@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/v1/nothing"), ("DELETE", "/api/v1/open"), ("GET", "/api")]
)
def test_an_unknown_route_or_method_is_404_in_our_form(
    client: Client, method: str, path: str, token: str | None
) -> None:
    headers = {"Accept-Language": "en"} | ({"Authorization": token} if token else {})
    response = client.open(path, method=method, headers=headers)
    assert response.status_code == 404
    assert error(response)["code"] == "not_found"
    assert error(response)["message"].startswith("There is no such record")


def test_a_body_query_and_status_go_through(client: Client) -> None:
    response = client.post("/api/v1/echo?a=1&b=%D1%8F", data="тело".encode())
    assert response.status_code == 201
    assert response.get_json() == {"bytes": 8, "text": "тело", "query": {"a": "1", "b": "я"}}
    assert response.headers["Cache-Control"] == "no-store"


def test_a_body_of_the_limit_is_taken_and_one_byte_more_is_refused(client: Client) -> None:
    taken = client.post("/api/v1/echo", data=b"x" * MAX_API_BODY_BYTES)
    assert taken.get_json()["bytes"] == MAX_API_BODY_BYTES
    refused = client.post("/api/v1/echo", data=b"x" * (MAX_API_BODY_BYTES + 1))
    assert refused.status_code == 413
    assert error(refused)["code"] == "too_large"


def test_a_failing_authorizer_is_a_500_that_quotes_nothing(client: Client, log: list[str]) -> None:
    response = client.get("/api/v1/closed/a", headers={"Authorization": "Bearer broken"})
    assert response.status_code == 500
    assert error(response)["code"] == "internal"
    (line,) = log
    assert "RuntimeError" in line
    assert "the table is away" not in line


def test_what_goes_to_s3_is_passed_on_as_sent(client: Client) -> None:
    assert client.get("/s3/images/a%2Bb?X-Amz-Date=1").text == "/s3/images/a%2Bb?X-Amz-Date=1"


def test_the_gateways_own_refusals_hold_both_languages_when_deployed() -> None:
    needed = {"UNAUTHORIZED", "ACCESS_DENIED", "MISSING_AUTHENTICATION_TOKEN", "DEFAULT_5XX"}
    assert needed <= set(RESPONSES)
    for response in RESPONSES.values():
        found = json.loads(response.body(None))["error"]
        assert found["request_id"] == "$context.requestId"
        assert response.text.ru in found["message"]
        assert response.text.en in found["message"]
        assert 400 <= response.status < 600
        assert ("Retry-After" in response.headers) is (response.status == 429)
