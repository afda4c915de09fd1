"""One browser for all tests of the pages; each test visits in a tab that remembers nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.stack import RunningStack
from tests.thorough import THOROUGH
from tests.web.browsing import Look, Tab, Visit, debian_chromium

NewVisit = Callable[..., Visit]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Further journeys, beside the main ones of each role, are walked where somebody asks to be thorough."""
    if THOROUGH:
        return
    for item in items:
        if item.get_closest_marker("further"):
            item.add_marker(pytest.mark.skip(reason="A further journey: make test THOROUGH=1"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with debian_chromium() as started:
        yield started


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[dict[Look, list[Tab]]]:
    """Empty tabs by their look, for the tests of one module."""
    kept: dict[Look, list[Tab]] = defaultdict(list)
    yield kept
    for tab in chain.from_iterable(kept.values()):
        tab.context.close()


@pytest.fixture
def new_visit(
    browser: Browser, tabs: dict[Look, list[Tab]], stack: RunningStack
) -> Iterator[NewVisit]:
    """Makes visits; afterwards none of them may have complained of anything."""
    visits: list[Visit] = []

    def make(**options: Any) -> Visit:
        look = Look(**options)
        tab = tabs[look].pop() if tabs[look] else Tab(browser, look)
        visits.append(Visit(tab, stack.url))
        return visits[-1]

    yield make
    for visit in visits:
        visit.end()
        tabs[visit.tab.look].append(visit.tab)
    assert [complaint for visit in visits for complaint in visit.complaints] == []


@pytest.fixture
def visit(new_visit: NewVisit) -> Visit:
    """A visit from a laptop, in Russian."""
    return new_visit()
