"""A release on a server of its own, to be fetched."""

from collections.abc import Iterator

import pytest

from client import asking
from client.datasets import __main__ as command
from tests.client import releases
from tests.client.fetched import UNITS
from tests.client.releases import Shop, selling


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return releases.make([releases.unit(n) for n in range(UNITS)])


@pytest.fixture
def shop(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    # Signals are left to the tests' runner, and nobody waits for a server that fails on purpose.
    monkeypatch.setattr(command, "_stop_on_signals", lambda _: None)
    monkeypatch.setattr(asking, "LONGEST_PAUSE", 0.0)
    with selling(files) as shop:
        yield shop
