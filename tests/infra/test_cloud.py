"""The cloud answers one request at a time, and a port has one owner."""

import io
import threading
from typing import Any

import pytest

from infra.local.cloud import OneAtATime
from infra.local.serving import PortInUseError, Serving

SECONDS = 10.0


def _answer(application: OneAtATime, body: Any = None, **more: Any) -> bytes:
    environ = {"wsgi.input": body or io.BytesIO(), **more}
    return b"".join(application(environ, lambda status, headers: None))


def test_no_two_requests_are_inside_at_once() -> None:
    inside = threading.Lock()
    overlaps: list[int] = []
    start = threading.Barrier(8)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        if not inside.acquire(blocking=False):
            overlaps.append(1)
            return [b""]
        # An answer made piece by piece belongs to the request as much as its beginning.
        yield b"a"
        sum(range(20_000))
        yield b"b"
        inside.release()

    guarded = OneAtATime(application)
    answers: list[bytes] = []

    def ask() -> None:
        start.wait(SECONDS)
        answers.extend(_answer(guarded) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert answers == [b"ab"] * 160
    assert overlaps == []


def test_a_slow_sender_does_not_hold_up_the_others() -> None:
    read = threading.Event()
    entered = threading.Event()

    class Body(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            read.set()
            return super().read(size)

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if "first" in environ:
            entered.set()
            # The other's body is read while this one is being answered.
            assert read.wait(SECONDS)
        return [environ["wsgi.input"].read()]

    guarded = OneAtATime(application)
    answers: list[bytes] = []
    first = threading.Thread(target=lambda: answers.append(_answer(guarded, first=True)))
    first.start()
    assert entered.wait(SECONDS)
    assert _answer(guarded, Body(b"body"), CONTENT_LENGTH="4") == b"body"
    first.join(SECONDS)
    assert answers == [b""]


def test_an_answer_is_closed_even_when_it_fails() -> None:
    closed: list[bool] = []

    class Failing:
        def __iter__(self) -> Any:
            raise RuntimeError

        def close(self) -> None:
            closed.append(True)

    guarded = OneAtATime(lambda environ, start_response: Failing())
    for _ in range(2):
        with pytest.raises(RuntimeError):
            _answer(guarded)
    assert closed == [True, True]


def test_a_port_can_be_taken_once() -> None:
    serving = Serving(lambda environ, start_response: [])
    with pytest.raises(PortInUseError, match=str(serving.port)):
        Serving(lambda environ, start_response: [], serving.port)
    serving.stop()
    serving.stop()
    Serving(lambda environ, start_response: [], serving.port).stop()
