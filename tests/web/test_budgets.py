"""What a first visit costs: scripts, the time until something is seen, and nothing that jumps.

The sizes are of the built files, compressed as the CDN compresses them. The profile of the line is that of
Lighthouse's "slow 4G": 1.6 Mbit/s and 150 ms a round trip.
"""

import gzip
from functools import cache
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.stack import ROOT
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

DIST = ROOT / "web" / "dist"
MOST_SCRIPT = 250 * 1024
MOST_SECONDS_TO_PAINT = 4.0
MOST_SHIFT = 0.05
"""Of 0.1, up to which the web's vital signs call a page good."""
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""
FIRST_PAINT = """
performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null
"""


@cache
def compressed(path: str) -> int:
    return len(gzip.compress((DIST / path.lstrip("/")).read_bytes(), 9))


def scripts_of(visit: Visit) -> dict[str, int]:
    """The scripts that are fetched from now on, with their compressed sizes; filled as they come."""
    fetched: dict[str, int] = {}

    def note(url: str) -> None:
        path = urlsplit(url).path
        if path.endswith(".js"):
            fetched[path] = compressed(path)

    visit.listen("request", lambda request: note(request.url))
    return fetched


def test_a_stranger_loads_little_and_sees_something_soon_on_a_slow_line(visit: Visit) -> None:
    fetched = scripts_of(visit)
    line = visit.context.new_cdp_session(visit.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_4G)
    try:
        page = visit.open()
        page.wait_for_selector("#login")
    finally:
        line.detach()
    assert 0 < sum(fetched.values()) <= MOST_SCRIPT, fetched
    assert painted(page) <= MOST_SECONDS_TO_PAINT


def painted(page: Page) -> float:
    """Seconds until the browser first painted something of the page."""
    milliseconds: float = page.evaluate(FIRST_PAINT)
    return milliseconds / 1000


@pytest.mark.parametrize(
    "login", ["doctor", "expert1", "curator", "vendor", "admin"], ids=lambda login: str(login)
)
def test_the_first_page_of_each_role_loads_little_and_does_not_jump(
    new_visit: NewVisit, login: str
) -> None:
    visit = new_visit(language="en")
    visit.as_account(login)
    visit.settled()
    fetched = scripts_of(visit)
    visit.page.add_init_script(WATCH_SHIFTS)
    visit.page.reload()
    visit.page.wait_for_selector("h1")
    visit.settled()
    assert sum(fetched.values()) <= MOST_SCRIPT, fetched
    assert visit.page.evaluate("window.shifted") <= MOST_SHIFT
    visit.forgive("status of 409")  # the figures of a new stack
