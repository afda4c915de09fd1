"""The limits of the front door on the real stack, set low from the command line."""

from collections.abc import Iterator

import httpx
import pytest

from tests.flows.staff import refusal
from tests.stack import RunningStack, start_stack


@pytest.fixture(scope="module")
def slow_stack() -> Iterator[RunningStack]:
    running = start_stack("--no-demo", "--requests-per-second", "0.02")
    yield running
    assert running.stop() == 0, running.output.lines[-20:]


def test_a_caller_is_told_to_wait_and_another_is_served(slow_stack: RunningStack) -> None:
    doctor, expert = slow_stack.sign_in("doctor"), slow_stack.sign_in("expert1")
    answers = [doctor.get("/api/v1/account") for _ in range(2)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert refusal(answers[-1])["code"] == "too_many"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert expert.get("/api/v1/account").status_code == 200
    assert httpx.get(f"{slow_stack.url}/api/v1/health").status_code == 200


def test_passwords_cannot_be_tried_one_after_another(slow_stack: RunningStack) -> None:
    wrong = {"USERNAME": "curator", "PASSWORD": "Wrong-password-1"}
    told: list[str] = []
    # The first pause lasts a second, which a busy machine may spend on the way; later ones do not.
    while "TooManyRequestsException" not in told:
        assert len(told) < 12
        told.append(slow_stack.initiate_auth("USER_PASSWORD_AUTH", wrong).json()["__type"])
    assert told[:5] == ["NotAuthorizedException"] * 5
