"""Requests that no browser sends: malformed, endless, half sent. Each gets an answer or is cut off."""

import json
import socket
from collections.abc import Iterator

import pytest
from chalice.config import Config

from infra.local import serving as local_serving
from infra.local.api import Api
from infra.local.front import MAX_API_BODY_BYTES, Front
from infra.local.serving import HOST, READ_SECONDS, Serving
from infra.local.sign_in import SignIn
from infra.local.throttle import Throttle
from tests.infra.small_app import NoCloud, small_app

ECHO = b"POST /api/v1/echo HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Of a front whose patience is a fraction of a second."""
    impatient = type("Impatient", (local_serving._SilentHandler,), {"timeout": 0.4})
    front = Front(
        api=Api(small_app(), Config.create(chalice_stage="local")),
        s3=NoCloud(),
        sign_in=SignIn("http://127.0.0.1:9", "eu-central-1", lambda: 0.0),
        throttle=Throttle(lambda: 0.0),
        url="http://127.0.0.1",
    )
    with Serving(front, handler=impatient) as serving:
        yield serving.port


def send(port: int, *pieces: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to raw bytes; 0 when the connection is closed without one."""
    with socket.create_connection((HOST, port), timeout=10) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            told = b"".join(iter(lambda: connection.recv(65536), b""))
        except (ConnectionResetError, BrokenPipeError):
            told = b""
    if not told:
        return 0, b""
    head, _, body = told.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body


def code(body: bytes) -> str:
    return str(json.loads(body)["error"]["code"])


def test_a_chunked_body_is_read_to_its_end(port: int) -> None:
    chunks = b"4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n"
    status, body = send(port, ECHO + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert (status, json.loads(body)["text"]) == (201, "abcdefg")


def test_an_endless_chunked_body_is_413_after_the_limit(port: int) -> None:
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    pieces = [piece] * (MAX_API_BODY_BYTES // 65536 + 2)
    status, body = send(port, ECHO + b"Transfer-Encoding: chunked\r\n\r\n", *pieces)
    assert (status, code(body)) == (413, "too_large")


@pytest.mark.parametrize("chunk", [b"zz\r\nabc\r\n0\r\n\r\n", b"-5\r\nabc\r\n", b"\r\n\r\n"])
def test_chunks_that_are_none_are_400(port: int, chunk: bytes) -> None:
    status, body = send(port, ECHO + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
    assert (status, code(body)) == (400, "bad_request")


@pytest.mark.parametrize(("length", "expected"), [(b"2", "ab"), (b"0", ""), (b"nonsense", "")])
def test_of_a_body_only_the_announced_length_is_read(
    port: int, length: bytes, expected: str
) -> None:
    status, body = send(port, ECHO + b"Content-Length: " + length + b"\r\n\r\nabcd")
    assert (status, json.loads(body)["text"]) == (201, expected)


def test_a_body_shorter_than_announced_is_400_when_patience_ends(port: int) -> None:
    status, body = send(port, ECHO + b"Content-Length: 100\r\n\r\nabcd")
    assert (status, code(body)) == (400, "bad_request")


def test_a_length_beyond_the_limit_is_413_unread(port: int) -> None:
    status, body = send(port, ECHO + b"Content-Length: 99999999999999\r\n\r\nabcd")
    assert (status, code(body)) == (413, "too_large")


@pytest.mark.parametrize(
    "beginning",
    [b"", b"GET /api/v1/op", b"GET /api/v1/open HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a"],
    ids=["nothing", "half a line", "half the headers"],
)
def test_a_request_that_is_never_finished_is_cut_off(port: int, beginning: bytes) -> None:
    assert send(port, beginning) == (0, b"")


def test_the_stack_itself_is_not_patient_for_ever() -> None:
    assert local_serving._SilentHandler.timeout == READ_SECONDS
    assert READ_SECONDS <= 60


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /api/v1/open HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET /api/v1/open HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", 431),
        (b"GET /api/v1/open HTTP/9.9\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ],
    ids=["a long address", "many headers", "a long header", "another version", "TLS"],
)
def test_what_is_no_request_is_refused_in_the_form_of_every_refusal(
    port: int, request_: bytes, expected: int
) -> None:
    status, body = send(port, request_)
    assert (status, code(body)) == (expected, "bad_request")


def test_an_address_of_sixty_thousand_letters_is_an_unknown_record(port: int) -> None:
    status, body = send(port, b"GET /api/v1/" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n")
    assert (status, code(body)) == (404, "not_found")
