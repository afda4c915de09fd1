"""One browser for all tests of the pages; each test visits with an empty memory."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.stack import RunningStack
from tests.web.browsing import Visit, debian_chromium

NewVisit = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with debian_chromium() as started:
        yield started


@pytest.fixture
def new_visit(browser: Browser, stack: RunningStack) -> Iterator[NewVisit]:
    """Makes visits; afterwards none of them may have complained of anything."""
    visits: list[Visit] = []

    def make(**options: Any) -> Visit:
        visits.append(Visit(browser, stack.url, **options))
        return visits[-1]

    yield make
    for visit in visits:
        visit.context.close()
    assert [complaint for visit in visits for complaint in visit.complaints] == []


@pytest.fixture
def visit(new_visit: NewVisit) -> Visit:
    """A visit from a laptop, in Russian."""
    return new_visit()
