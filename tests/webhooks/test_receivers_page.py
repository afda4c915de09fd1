"""docs/webhooks.md says what receivers really get, and its example verifies it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.platform.announcing import Happening, announce
from chalicelib.webhooks.address import LONGEST
from chalicelib.webhooks.model import ABOUT, MOST, Fault
from tests.patients.asking import Client
from tests.webhooks.asking import register
from tests.webhooks.handing import hand_all
from tests.webhooks.receiving import Receiver
from tests.world import World

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture(scope="module")
def verify() -> Callable[[str, Mapping[str, str], bytes], bool]:
    """The function of the page, as a reader would copy it."""
    [code] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 (the page's own example)
    example: Callable[[str, Mapping[str, str], bytes], bool] = names["is_from_rodinka"]
    return example


def test_the_example_takes_what_is_ours_and_nothing_else(
    world: World,
    curator: Client,
    house: Receiver,
    verify: Callable[[str, Mapping[str, str], bytes], bool],
) -> None:
    secret, other = (register(curator, house.url).body["secret"] for _ in range(2))
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    assert hand_all(world) == 0
    now = world.clock.now().timestamp()
    with patch("time.time", lambda: now):
        taken = [verify(secret, got.headers, got.body) for got in house.got]
        assert sorted(taken) == [False, True], "each is signed with its own receiver's secret"
        ours = house.got[taken.index(True)]
        assert not verify(secret, ours.headers, ours.body.replace(b"image1", b"image2"))
        for name, value in (("webhook-id", "another"), ("webhook-timestamp", str(int(now) + 1))):
            assert not verify(secret, {**ours.headers, name: value}, ours.body)
        assert not verify(other, ours.headers, ours.body)
    with patch("time.time", lambda: now + 301):
        assert not verify(secret, ours.headers, ours.body), "an old request, sent once more"


def test_the_page_names_every_type_of_event_and_every_fault() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \|.*\| `(\w+)` \|$", PAGE, re.MULTILINE))
    assert rows.pop("type") == "data", "the heading"
    assert rows == {str(type_): about for type_, about in ABOUT.items()}
    assert set(Fault) <= set(re.findall(r"`(\w+)`", PAGE))
    assert f"{MOST} receivers at most" in PAGE
    assert f"{LONGEST} characters at most" in PAGE
