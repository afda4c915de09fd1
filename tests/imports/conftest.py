"""The app of these tests works on the test's own world."""

import pytest

from tests.world import World


@pytest.fixture(autouse=True)
def _served(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
