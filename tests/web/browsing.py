"""A person's visit to the pages in a real browser, which notices everything that is amiss."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.flows.cases import poll
from tests.stack import PASSWORD, ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "web" / "dist" / "index.html"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""Axe's tags of the success criteria up to level AA of WCAG 2.2."""
PATIENCE_MS = 30_000
"""How long a step may take on a slow and busy machine."""

expect.set_options(timeout=PATIENCE_MS)

_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event =>
  console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI}`));
"""


@contextmanager
def debian_chromium() -> Iterator[Browser]:
    """Debian's Chromium, or a skip that says what is missing.

    Where its build without windows is there too, that one: the same engine for a third less work.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        pytest.skip("Browser tests need Debian's chromium: apt-get install chromium")
    if not BUILT.is_file() or not AXE.is_file():
        pytest.skip("The pages are not built: npm ci --prefix web && npm run --prefix web build")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


_SETTLED = """
document.querySelectorAll(".bone").length === 0
  && Array.from(document.images).every(image => image.complete)
"""


@dataclass(frozen=True)
class Look:
    """Through what a page is seen."""

    language: str = "ru"
    scheme: str = "light"
    size: tuple[int, int] = (1280, 800)


class Tab:
    """A tab of one look, for one visit after the other: a new one costs a second of work each time."""

    def __init__(self, browser: Browser, look: Look) -> None:
        self.look = look
        self.context = browser.new_context(
            viewport={"width": look.size[0], "height": look.size[1]},
            color_scheme="dark" if look.scheme == "dark" else "light",
            locale={"ru": "ru-RU", "en": "en-GB"}[look.language],
            has_touch=look.size[0] < 600,
            reduced_motion="reduce",  # a page that moves costs the software renderer a core
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(_TELL_VIOLATIONS)
        self.page: Page = self.context.new_page()
        self._browser = self.context.new_cdp_session(self.page)

    def empty(self, origin: str) -> None:
        """Forget everything that a visit to `origin` has left, the way that it went too."""
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.set_viewport_size({"width": self.look.size[0], "height": self.look.size[1]})
        for kept in (True, False):
            where = {"storageKey": f"{origin}/", "isLocalStorage": kept}
            self._browser.send("DOMStorage.clear", {"storageId": where})
        self.page.goto("about:blank")
        everything = {"origin": origin, "storageTypes": "all"}
        self._browser.send("Storage.clearDataForOrigin", everything)
        self._browser.send("Network.clearBrowserCache")
        self._browser.send("Page.resetNavigationHistory")


class Visit:
    """A visit in a tab that remembers nothing. What is amiss in it is in `complaints`."""

    def __init__(self, tab: Tab, url: str) -> None:
        self.url, self.language = url, tab.look.language
        self.complaints: list[str] = []
        self.revoked: list[str] = []
        """Refresh tokens that the page asked the pool to forget."""
        self.tab, self.context, self.page = tab, tab.context, tab.page
        self._heard: list[tuple[str, Any]] = []
        self.listen("console", self._hear)
        self.listen("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.listen("request", self._see)

    def listen(self, event: str, told: Callable[[Any], object]) -> None:
        """Tell `told` of each event of the page as long as the visit lasts."""
        self._heard.append((event, told))
        self.page.on(event, told)  # type: ignore[call-overload]

    def end(self) -> None:
        """Nothing more is heard, and the tab is empty for the next one."""
        for event, told in self._heard:
            self.page.remove_listener(event, told)
        self.tab.empty(self.url)

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} {message.location.get('url', '')}".strip())

    def _see(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.complaints.append(f"third party asked: {request.url}")
        if request.headers.get("x-amz-target", "").endswith(".RevokeToken"):
            self.revoked.append((request.post_data_json or {})["Token"])

    def forgive(self, text: str) -> None:
        """The browser reports what the test provoked."""
        self.complaints = [each for each in self.complaints if text not in each]

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, login: str, password: str = PASSWORD) -> Page:
        """Sign in on the page that is open."""
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.click("form.sign-in button[type=submit]")
        return self.page

    def as_account(self, login: str, path: str = "/") -> Page:
        """Open a page as somebody who has signed in on it."""
        self.open(path)
        self.sign_in(login)
        self.page.locator("header .who").or_(self.page.locator("header nav")).first.wait_for(
            state="attached"
        )
        return self.page

    def settled(self) -> Page:
        """The page once nothing is being loaded and every picture is there."""
        # Playwright's own waiting evaluates text, which the pages' policy forbids.
        for _ in poll(PATIENCE_MS / 1000):
            if self.page.evaluate(_SETTLED):
                return self.page
        raise AssertionError("the page is still loading")

    def barriers(self, within: str | None = None) -> list[str]:
        """What axe finds serious or critical on the page as it stands, or `within` a part of it."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        # The rules of WCAG alone; of what is right it need not tell the places.
        options = {"resultTypes": ["violations"], "runOnly": WCAG, "preload": False}
        found = self.page.evaluate(
            "([within, options]) => axe.run(within ?? document, options)", [within, options]
        )
        return [
            f"{rule['impact']} {rule['id']}: {json.dumps([n['target'] for n in rule['nodes']][:5])}"
            for rule in found["violations"]
            if rule["impact"] in {"serious", "critical"}
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width

    def sound(self) -> tuple[list[str], int]:
        """Of the page once it has come: what axe finds, and by how much it is too wide."""
        self.settled()
        return self.barriers(), self.overflow()

    def save(self, to: Path) -> None:
        self.page.screenshot(path=to, full_page=True)
