"""Who asks too fast is told to wait, before any function runs and without harm to others."""

from collections.abc import Callable

import pytest
from chalice.config import Config
from werkzeug.test import Client

from infra.local import throttle as throttling
from infra.local.api import Api
from infra.local.front import Front
from infra.local.sign_in import SignIn
from infra.local.throttle import Buckets, Throttle
from infra.throttling import CALLER, METHODS, STAGE, Rate
from tests.infra.small_app import TOKEN, URL, Browser, NoCloud, small_app
from tests.infra.test_front import error


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


Made = Callable[..., Client]


@pytest.fixture
def front(seconds: Seconds) -> Made:
    def made(**limits: object) -> Client:
        return Browser(
            Front(
                api=Api(small_app(), Config.create(chalice_stage="local")),
                s3=NoCloud(),
                sign_in=SignIn("http://127.0.0.1:9", "eu-central-1", seconds),
                throttle=Throttle(seconds, **limits),  # type: ignore[arg-type]
                url=URL,
            )
        )

    return made


def statuses(client: Client, number: int, path: str = "/api/v1/open", **headers: str) -> list[int]:
    return [client.get(path, headers=headers).status_code for _ in range(number)]


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate(seconds: Seconds) -> None:
    buckets = Buckets(Rate(2, 3), seconds)
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    seconds.now += 0.5
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    seconds.now += 3600
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")


def test_only_so_many_buckets_are_kept(seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "MOST_CALLERS", 3)
    buckets = Buckets(Rate(1, 1), seconds)
    for key in "abcd":
        assert buckets.take(key)
    assert not buckets.take("d")
    assert buckets.take("a"), "the oldest was forgotten"


@pytest.mark.parametrize(("language", "sentence"), [("ru", "Слишком много"), ("en", "Too many")])
def test_a_caller_beyond_his_burst_is_429_in_our_form_with_a_time_to_come_back(
    front: Made, seconds: Seconds, language: str, sentence: str
) -> None:
    client = front(caller=Rate(1, 2))
    assert statuses(client, 3, Authorization=TOKEN) == [200, 200, 429]
    refused = client.get(
        "/api/v1/open", headers={"Authorization": TOKEN, "Accept-Language": language}
    )
    assert error(refused)["code"] == "too_many"
    assert error(refused)["message"].startswith(sentence)
    assert refused.headers["Content-Language"] == language
    seconds.now += int(refused.headers["Retry-After"])
    assert statuses(client, 1, Authorization=TOKEN) == [200]


def test_one_caller_who_floods_takes_nothing_from_another(front: Made) -> None:
    client = front(caller=Rate(1, 2), stage=Rate(1, 2))
    statuses(client, 50, Authorization="Bearer flood")
    assert statuses(client, 2, Authorization=TOKEN) == [200, 200]
    assert statuses(client, 3) == [200, 200, 429]


def test_costly_methods_have_a_lower_limit_whatever_stands_in_the_braces(front: Made) -> None:
    client = front(methods={("GET", "/v1/closed/{name}"): Rate(1, 2)})
    told = [
        client.get(f"/api/v1/closed/{name}?a=1", headers={"Authorization": TOKEN}).status_code
        for name in "abc"
    ]
    assert told[2] == 429
    assert 429 not in told[:2]
    assert statuses(client, 5, Authorization=TOKEN) == [200] * 5


def test_the_pages_are_not_throttled(front: Made) -> None:
    client = front(stage=Rate(1, 1))
    assert 429 not in statuses(client, 5, path="/favicon.ico")


def test_costly_methods_are_routes_and_are_limited_below_the_stage() -> None:
    from chalicelib.people.permissions import PUBLIC, TABLE

    assert METHODS.keys() <= TABLE.keys() | PUBLIC
    assert CALLER.rate < STAGE.rate
    assert all(limit.rate < CALLER.rate for limit in METHODS.values())
