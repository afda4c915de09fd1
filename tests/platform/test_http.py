"""What every route shares: strict bodies, one shape of refusal, nothing personal in logs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.patients import service as patients
from tests.asking import Answered, as_caller, ask
from tests.patients.asking import CODE, SURVEY
from tests.world import World, new_world

DOCTOR = as_caller("doctor", "doctor1", "clinic1")
SECRET = "Иванова Анна"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture(autouse=True)
def _served(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)


def send(body: str, *, headers: dict[str, str] | None = None) -> Answered:
    """A survey with a body of our making."""
    return ask("POST", "/v1/surveys", caller=DOCTOR, raw=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "not_json"),
        ("{", 400, "not_json"),
        ("[" * 50_000, 400, "not_json"),
        ('{"age": NaN}', 400, "not_json"),
        ('{"age": 1, "age": 2}', 400, "not_json"),
        ('{"note": "\\ud800"}', 400, "not_json"),
        ('{"age": ' + "9" * 5_000 + "}", 400, "not_json"),
        (json.dumps({"note": "x" * 300_000}), 413, "too_large"),
        ("[]", 422, "invalid"),
        ("null", 422, "invalid"),
        ('"text"', 422, "invalid"),
        ("{}", 422, "invalid"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_in_one_shape(
    body: str, status: int, code: str
) -> None:
    answer = send(body)
    assert (answer.status, answer.body["error"]["code"]) == (status, code)
    assert set(answer.body["error"]) == {"code", "message", "fields", "request_id"}


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/xml"])
def test_a_body_of_another_type_is_refused(kind: str) -> None:
    answer = send("{}", headers={"content-type": kind})
    assert (answer.status, answer.body["error"]["code"]) == (415, "wrong_type")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip"])
def test_a_packed_body_is_refused_unread(coding: str) -> None:
    answer = send(json.dumps(SURVEY), headers={"content-encoding": coding})
    assert (answer.status, answer.body["error"]["code"]) == (415, "wrong_type")


def test_a_body_that_says_it_is_not_packed_is_read() -> None:
    assert send("{}", headers={"content-encoding": "identity"}).status == 422


def test_json_with_a_charset_is_json() -> None:
    answer = send("{}", headers={"content-type": "Application/JSON; charset=UTF-8"})
    assert answer.status == 422


@pytest.mark.parametrize(("language", "ascii_only"), [("ru", False), ("en", True)])
def test_sentences_are_in_the_language_asked_for(language: str, ascii_only: bool) -> None:
    answer = send("{}", headers={"accept-language": language})
    assert answer.headers["Content-Language"] == language
    assert answer.body["error"]["message"].isascii() == ascii_only
    assert answer.body["error"]["fields"]["age"].isascii() == ascii_only


@pytest.mark.parametrize("key", ["", "x" * 201, "ключ", "a b"])
def test_an_idempotency_key_that_is_none_is_named(key: str) -> None:
    answer = send(json.dumps(SURVEY), headers={"idempotency-key": key})
    assert answer.status == 422
    assert list(answer.body["error"]["fields"]) == ["Idempotency-Key"]


def test_a_failure_of_ours_tells_its_number_and_logs_no_personal_data(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"{SECRET} {CODE}")

    monkeypatch.setattr(patients, "look_up_patient", fail)
    answer = ask("POST", "/v1/patients/lookup", caller=DOCTOR, body={"patient_code": CODE})
    assert (answer.status, answer.body["error"]["code"]) == (500, "internal")
    assert answer.body["error"]["request_id"] == "request-1"
    logged = repr([vars(record) for record in caplog.records])
    assert "builtins.RuntimeError" in logged
    assert "request-1" in logged
    for secret in (SECRET, CODE):
        assert secret not in logged
        assert secret not in json.dumps(answer.body, ensure_ascii=False)


def test_no_refusal_quotes_what_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    answer = send(json.dumps({**SURVEY, "patient_code": f"{CODE}9", "age": SECRET}))
    assert answer.status == 422
    told = json.dumps(answer.body, ensure_ascii=False)
    told += repr([vars(record) for record in caplog.records])
    assert SECRET not in told
    assert CODE not in told


def test_a_refusal_and_an_answer_both_bear_the_id_of_their_request(world: World) -> None:
    for path, caller, status in (("/v1/surveys", DOCTOR, 422), ("/v1/health", None, 200)):
        method = "GET" if caller is None else "POST"
        answer = ask(method, path, caller=caller, body={}, request_id=f"request-of-{status}")
        assert answer.status == status
        assert answer.headers["X-Request-Id"] == f"request-of-{status}"


def test_answers_are_not_cached(world: World) -> None:
    assert send("{}").headers["Cache-Control"] == "no-store"
