"""How often the issuer is asked for its keys, and what happens when it does not answer."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chalicelib.people.issuer_keys import MAX_BYTES, IssuerKeys, KeysUnavailable, fetch_over_http
from tests.people.issuer import Issuer, jwks
from tests.world import START as NOW


class Published:
    """What the issuer publishes at the moment, and how often it was asked."""

    def __init__(self, *issuers: Issuer) -> None:
        self.document = jwks(*issuers)
        self.answers = True
        self.asked = 0

    def fetch(self) -> bytes:
        self.asked += 1
        if not self.answers:
            raise TimeoutError("no answer")
        return self.document


def test_the_issuer_is_asked_once_for_many_tokens(issuer: Issuer) -> None:
    published = Published(issuer)
    keys = IssuerKeys(published.fetch)
    for seconds in range(3000):
        assert keys.find(issuer.key_id, NOW + timedelta(seconds=seconds))
    assert published.asked == 1


def test_forged_key_ids_cost_the_issuer_one_question_a_minute(issuer: Issuer) -> None:
    published = Published(issuer)
    keys = IssuerKeys(published.fetch)
    for seconds in range(600):
        assert keys.find(f"forged-{seconds}", NOW + timedelta(seconds=seconds)) is None
    assert published.asked == 10


def test_a_new_key_of_the_issuer_is_found_within_a_minute(issuer: Issuer) -> None:
    published = Published(issuer)
    keys = IssuerKeys(published.fetch)
    assert keys.find("key-2", NOW) is None
    published.document = jwks(issuer, Issuer("key-2"))
    assert keys.find("key-2", NOW + timedelta(seconds=59)) is None
    assert keys.find("key-2", NOW + timedelta(seconds=60)) is not None


def test_a_withdrawn_key_stops_working_within_the_hour(issuer: Issuer) -> None:
    published = Published(issuer)
    keys = IssuerKeys(published.fetch)
    assert keys.find(issuer.key_id, NOW)
    published.document = jwks(Issuer("key-2"))
    assert keys.find(issuer.key_id, NOW + timedelta(minutes=59))
    assert keys.find(issuer.key_id, NOW + timedelta(minutes=60)) is None


def test_known_keys_serve_a_day_while_the_issuer_is_silent(issuer: Issuer) -> None:
    published = Published(issuer)
    keys = IssuerKeys(published.fetch)
    assert keys.find(issuer.key_id, NOW)
    published.answers = False
    for hours in range(1, 24):
        assert keys.find(issuer.key_id, NOW + timedelta(hours=hours))
    with pytest.raises(KeysUnavailable):
        keys.find(issuer.key_id, NOW + timedelta(hours=24))


def test_a_damaged_document_does_not_replace_good_keys(issuer: Issuer) -> None:
    published = Published(issuer)
    keys = IssuerKeys(published.fetch)
    assert keys.find(issuer.key_id, NOW)
    for damaged in (b"", b"<html>", json.dumps({"keys": []}).encode()):
        published.document = damaged
        assert keys.find("other", NOW + timedelta(minutes=5)) is None
        assert keys.find(issuer.key_id, NOW + timedelta(minutes=5))


def test_a_silent_issuer_at_the_start_is_asked_again_soon(issuer: Issuer) -> None:
    published = Published(issuer)
    published.answers = False
    keys = IssuerKeys(published.fetch)
    for seconds in (0, 1, 4):
        with pytest.raises(KeysUnavailable):
            keys.find(issuer.key_id, NOW + timedelta(seconds=seconds))
    assert published.asked == 1
    published.answers = True
    assert keys.find(issuer.key_id, NOW + timedelta(seconds=5))


def test_a_clock_set_back_asks_once_more_and_goes_on(issuer: Issuer) -> None:
    published = Published(issuer)
    keys = IssuerKeys(published.fetch)
    assert keys.find(issuer.key_id, NOW)
    for seconds in range(100):
        assert keys.find(issuer.key_id, NOW - timedelta(hours=1) + timedelta(seconds=seconds))
    assert published.asked == 2


def test_keys_come_over_http_and_no_more_than_they_may_weigh(issuer: Issuer) -> None:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = jwks(issuer) if self.path == "/jwks.json" else b" " * (MAX_BYTES + 1)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            assert IssuerKeys(fetch_over_http(f"{url}/jwks.json")).find(issuer.key_id, NOW)
            with pytest.raises(KeysUnavailable):
                IssuerKeys(fetch_over_http(f"{url}/large")).find(issuer.key_id, NOW)
        finally:
            server.shutdown()
            thread.join()
