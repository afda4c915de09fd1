"""A model takes a test over HTTP as an outside vendor does."""

import io
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from PIL import Image

from chalicelib.classification.inference.card import TRAINED_CLASSES
from client.asking import Refused
from client.words import Stop
from training import as_vendor
from training.as_vendor import MODELS, by_chance, of_model, take

REPORTED = [{"passed": True}]


class Server:
    """Gives out so many units, and remembers what is answered; a test begun again goes on."""

    def __init__(self, units: int, reports: list[Any]) -> None:
        self.units, self.reports = units, reports
        self.answered: list[Mapping[str, Any]] = []
        self.keys: list[str | None] = []

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Any:
        if path == "/evaluations":
            self.keys.append(key)
            return {"evaluation_id": "e", "units": self.units}
        assert path == "/evaluations/e/results"
        self.answered.append(body)
        return {}

    def get(self, path: str) -> Any:
        if path == "/evaluations/e":
            return {"state": "complete" if self.reports else "expired", "reports": self.reports}
        number = len(self.answered)
        if number == self.units:
            raise Refused(409, "all_answered", "")
        return {"unit_id": f"u{number}", "number": number + 1, "image_url": f"http://s3/{number}"}


@pytest.fixture(autouse=True)
def _pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The object store has a picture at each link: its last letter."""
    transport = httpx.MockTransport(lambda asked: httpx.Response(200, content=asked.url.path[-1:]))
    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **kw: client(transport=transport, **kw))


def taken(server: Server) -> Any:
    def service(picture: bytes) -> Mapping[str, Any]:
        return {"refused": True} if picture == b"1" else {"probabilities": {"nevus": 1.0}}

    return take(server, service, algorithm_id="a", dataset="DS", test="FT-I")  # type: ignore[arg-type]


def test_every_unit_is_answered_and_the_same_command_again_goes_on() -> None:
    server = Server(3, REPORTED)
    assert taken(server)["reports"] == REPORTED
    assert server.answered == [
        {"unit_id": "u0", "probabilities": {"nevus": 1.0}},
        {"unit_id": "u1", "refused": True},
        {"unit_id": "u2", "probabilities": {"nevus": 1.0}},
    ]
    assert taken(server)["reports"] == REPORTED
    assert len(server.answered) == 3
    first, second = server.keys
    assert first == second is not None


def test_a_test_without_a_report_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stop, match="consent to every image"):
        taken(Server(0, []))
    monkeypatch.setattr(as_vendor, "WAIT_SECONDS", -1.0)
    late = Server(0, REPORTED)
    monkeypatch.setattr(late, "get", lambda path: _not_ready(path))
    with pytest.raises(Stop, match="not there yet"):
        taken(late)


def _not_ready(path: str) -> Any:
    if path.endswith("/next"):
        raise Refused(409, "all_answered", "")
    return {"state": "computing", "reports": []}


def test_the_shipped_model_gives_a_distribution_or_refuses_and_so_does_chance() -> None:
    service, sha256 = of_model(MODELS / "rodinka-2.onnx")
    assert sha256 == json.loads((MODELS / "rodinka-2.json").read_bytes())["sha256"]
    dark = io.BytesIO()
    Image.new("RGB", (300, 200), (4, 4, 4)).save(dark, "PNG")
    said = service(dark.getvalue())
    assert said["refused"] is True
    assert by_chance(service, 1)(dark.getvalue()) == said
    guessing = by_chance(lambda _: {"probabilities": {}}, 1)(b"")["probabilities"]
    assert guessing.keys() == set(TRAINED_CLASSES)
    assert sum(guessing.values()) == pytest.approx(1)
