"""Speaking to a server that is busy, failing, or has forgotten who we are."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from client.api import Api
from client.asking import Refused, Stopped
from client.words import Stop
from tests.client.scripted import Answer, Impatient, Scripted, serving

OK: Answer = (200, {}, {"done": True})
BUSY: Answer = (429, {"Retry-After": "7"}, {"error": {"code": "too_many", "message": "Too many."}})
FAILING: Answer = (503, {}, {"error": {"code": "internal", "message": "Something failed."}})
BROKEN_OFF: Answer = (0, {}, None)
NO_TOKEN: Answer = (401, {}, {"error": {"code": "unauthorized", "message": "Sign in."}})


def no_code() -> str:
    raise AssertionError("no code was to be asked for")


@contextmanager
def client_of(
    script: Scripted, stopped: Impatient | None = None, *, patience: float = 600
) -> Iterator[Api]:
    api = Api(
        script.url,
        "curator",
        "password",
        code=no_code,
        language="en",
        connections=2,
        stopped=stopped or Impatient(),
        patience=patience,
    )
    try:
        yield api
    finally:
        api.close()


def test_a_busy_server_is_asked_again_after_as_long_as_it_says() -> None:
    stopped = Impatient()
    with serving(BUSY, BUSY, OK) as script, client_of(script, stopped) as api:
        assert api.post("/imports", {}) == {"done": True}
    assert len(script.tokens) == 3
    assert stopped.waits == [7, 7]


@pytest.mark.parametrize("trouble", [FAILING, BROKEN_OFF])
def test_a_failing_server_is_asked_again_after_pauses_that_grow(
    trouble: Answer,
) -> None:
    stopped = Impatient()
    with serving(*[trouble] * 4, OK) as script, client_of(script, stopped) as api:
        assert api.post("/imports", {}) == {"done": True}
    first, *_, last = stopped.waits
    assert len(stopped.waits) == 4
    assert 0.25 <= first <= 0.5
    assert 2 <= last <= 4


def test_a_server_that_stays_away_ends_in_a_sentence_that_says_how_to_go_on() -> None:
    with (
        serving(FAILING) as script,
        client_of(script, patience=0) as api,
        pytest.raises(Stop, match="Repeat the same command later"),
    ):
        api.get("/imports")


def test_waiting_ends_when_the_person_stops_the_program() -> None:
    stopped = Impatient(stop_at=3)
    with serving(BUSY) as script, client_of(script, stopped) as api, pytest.raises(Stopped):
        api.get("/imports")
    assert len(script.tokens) == 3


def test_a_refusal_is_not_asked_again_and_carries_the_servers_sentences() -> None:
    error = {"code": "invalid", "message": "Not right.", "fields": {"survey.age": "At most 120."}}
    with (
        serving((422, {}, {"error": error})) as script,
        client_of(script) as api,
        pytest.raises(Refused) as refused,
    ):
        api.post("/imports", {})
    assert (refused.value.status, refused.value.code) == (422, "invalid")
    assert refused.value.message == "Not right. survey.age: At most 120."
    assert len(script.tokens) == 1


def test_a_token_is_renewed_before_its_end_without_the_password() -> None:
    with serving(OK) as script, client_of(script) as api:
        script.lives = 30  # less than the time ahead at which it is renewed
        api.get("/imports")
        api.get("/imports")
    assert script.flows == {"USER_PASSWORD_AUTH": 1, "REFRESH_TOKEN_AUTH": 1}
    assert script.tokens == ["Bearer token-1", "Bearer token-2"]


def test_a_token_refused_before_its_end_is_renewed_and_the_request_repeated() -> None:
    with serving(OK, NO_TOKEN, OK) as script, client_of(script) as api:
        api.get("/imports")
        assert api.get("/imports") == {"done": True}
    assert script.tokens == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]


def test_when_the_session_has_ended_too_the_password_signs_in_again() -> None:
    with serving(OK, NO_TOKEN, OK) as script, client_of(script) as api:
        api.get("/imports")
        script.refreshes = False
        assert api.get("/imports") == {"done": True}
    assert script.flows == {"USER_PASSWORD_AUTH": 2, "REFRESH_TOKEN_AUTH": 1}


def test_the_object_store_never_sees_the_token() -> None:
    with serving(OK) as script, client_of(script) as api:
        api.sign_in()
        api.upload({"url": f"{script.url}/bucket", "fields": {"key": "uploads/1"}}, b"bytes")
    assert script.tokens == [""]


def test_an_address_without_rodinka_is_said_in_a_sentence() -> None:
    with serving(OK) as script, pytest.raises(Stop, match="There is no Rodinka at"):
        Api(
            f"{script.url}/elsewhere",
            "curator",
            "password",
            code=no_code,
            language="en",
            connections=1,
            stopped=Impatient(),
        )
