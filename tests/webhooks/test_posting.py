"""One POST: to the very address that was judged, to nobody else, and over in time."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from chalicelib.webhooks import posting
from chalicelib.webhooks.address import Target
from chalicelib.webhooks.model import Fault
from chalicelib.webhooks.posting import NotPosted, post, trusted
from tests.webhooks.receiving import Identity, Receiver, identity, receiver

NAME = "hooks.clinic.example"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("identity"), NAME)


def plain(port: int) -> Target:
    return Target("127.0.0.1", "127.0.0.1", port, "/hook?of=rodinka", tls=False)


def fault_of(where: Target, trust: ssl.SSLContext | None = None) -> Fault:
    with pytest.raises(NotPosted) as caught:
        post(where, {}, b"{}", trust=trust)
    return caught.value.fault


@contextmanager
def saying(*parts: bytes, pause: float = 0.0) -> Iterator[Target]:
    """Somebody who listens once, says these bytes whatever he is asked, and waits between them."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    for part in parts:
                        connection.sendall(part)
                        time.sleep(pause)

        speaking = threading.Thread(target=speak, daemon=True)
        speaking.start()
        try:
            yield plain(server.getsockname()[1])
        finally:
            speaking.join(5)


def test_the_receiver_gets_the_body_the_headers_and_its_own_name(house: Receiver) -> None:
    house.answers = [202]
    assert post(plain(house.port), {"webhook-id": "e1"}, b'{"a":1}') == 202
    [got] = house.got
    assert (got.path, got.body) == ("/hook?of=rodinka", b'{"a":1}')
    assert got.headers["Host"] == f"127.0.0.1:{house.port}"
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["webhook-id"] == "e1"


def test_a_caller_whose_own_loop_runs_may_post_too(house: Receiver) -> None:
    async def within_a_loop() -> int:
        return post(plain(house.port), {}, b"{}")

    # In a thread of its own, too: a browser test of this process keeps a loop running in ours.
    with ThreadPoolExecutor(1) as alone:
        assert alone.submit(lambda: asyncio.run(within_a_loop())).result() == 204


def test_name_and_certificate_are_the_hosts_while_the_connection_goes_to_the_address(
    known: Identity,
) -> None:
    with receiver(known.server) as made:
        # No name service knows this host: only the pinned address can have been used.
        where = Target(NAME, "127.0.0.1", made.port, "/hook")
        assert post(where, {}, b"{}", trust=known.trust) == 204
        [got] = made.got
        assert got.headers["Host"] == f"{NAME}:{made.port}"
        assert fault_of(replace(where, host="other.example"), known.trust) is Fault.UNTRUSTED
        assert fault_of(where) is Fault.UNTRUSTED, "nobody of the public authorities vouches for it"
        assert len(made.got) == 1


def test_the_authorities_that_are_believed_are_the_shipped_ones() -> None:
    context = trusted()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert len(context.get_ca_certs()) > 50


def test_a_redirection_is_an_answer_and_is_not_followed(house: Receiver) -> None:
    for status in (301, 302, 307, 308):
        house.answers = [status]
        assert post(plain(house.port), {}, b"{}") == status
    assert len(house.got) == 4


def test_no_proxy_of_the_environment_is_asked(
    house: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(plain(house.port), {}, b"{}") == 204


def test_an_interim_answer_is_not_the_answer() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    with saying(early, early, b"HTTP/1.1 410 Gone\r\n\r\n") as where:
        assert post(where, {}, b"{}") == 410


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 2",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/2 200\r\n",
        b"HTTP/1.1 999 What\r\n",
        b"HTTP/1.1 200" + b"a" * 100_000,
        b"HTTP/1.1 100 Continue\r\n" + b"a: b\r\n" * 1000,
    ],
)
def test_what_is_no_answer_is_a_failure(answer: bytes) -> None:
    with saying(answer) as where:
        assert fault_of(where) in (Fault.NO_HTTP, Fault.UNREACHABLE)


def test_nobody_there_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert fault_of(plain(port)) is Fault.UNREACHABLE


def test_an_answer_that_drips_is_cut_off_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.2)
    began = time.monotonic()
    with saying(*[bytes([letter]) for letter in b"HTTP/1.1 200"], pause=0.05) as where:
        assert fault_of(where) is Fault.TOO_SLOW
        assert time.monotonic() - began < 0.5


def test_a_handshake_that_never_comes_is_cut_off_sooner(
    known: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "CONNECT_SECONDS", 0.1)
    began = time.monotonic()
    with saying(b"", pause=0.2) as where:
        assert fault_of(replace(where, tls=True, host=NAME), known.trust) is Fault.TOO_SLOW
        assert time.monotonic() - began < 1
    assert posting.TOTAL_SECONDS <= 10
