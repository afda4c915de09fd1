"""What holds of every page: no barriers, no overflow, a small first load, honest dead ends."""

import gzip
import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests import pictures
from tests.flows.cases import finished, new_lesion, send_image
from tests.stack import RunningStack
from tests.web.browsing import BUILT, Visit
from tests.web.conftest import NewVisit

NARROWEST = 360
"""Pixels across, of a phone that somebody still has."""
SOME = ("/v1/surveys", "/v1/account", "/v1/images/{image_id}")
"""Paths with an operation of each method that we have."""
FIRST_LOAD_BYTES = 250 * 1024
LOOKS = [
    pytest.param({"language": "ru", "scheme": "light"}, id="laptop-light-ru"),
    pytest.param({"language": "en", "scheme": "dark", "size": (390, 844)}, id="phone-dark-en"),
]


@pytest.fixture(scope="module")
def case(stack: RunningStack) -> dict[str, str]:
    """A lesion with a classified image."""
    doctor = stack.sign_in("doctor")
    made: dict[str, str] = new_lesion(doctor)
    data = pictures.jpeg(pictures.photograph(seed=61))
    finished(
        doctor, send_image(stack, doctor, made["lesion_id"], data, "dermoscopic", "image/jpeg")
    )
    return made


def few_operations(visit: Visit) -> None:
    """The API's reference tells of a few operations only, for all of them take seconds to draw."""

    def shorten(route: Route) -> None:
        answer = route.fetch()
        document = answer.json()
        document["paths"] = {path: document["paths"][path] for path in SOME}
        route.fulfill(response=answer, json=document)

    visit.page.route("**/openapi.json", shorten)


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_a_doctor_has_a_barrier_or_overflows(
    new_visit: NewVisit, look: dict[str, object], case: dict[str, str]
) -> None:
    visit = new_visit(**look)
    page = visit.as_account("doctor")
    patient = f"/patients/{case['patient_id']}"
    for path, seen in (
        ("/patients", "table.list"),
        (patient, ".tile"),
        (f"{patient}/lesions/{case['lesion_id']}", ".opinion"),
        ("/cases/new", ".survey-fields"),
        ("/nowhere", "h1"),
        ("/readings", "h1"),
    ):
        visit.open(path)
        page.wait_for_selector(seen)
        visit.settled()
        assert (path, visit.barriers(), visit.overflow()) == (path, [], 0)
    visit.forgive("status of 404")


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_of_the_others_has_a_barrier_or_overflows(
    new_visit: NewVisit, look: dict[str, object]
) -> None:
    visit = new_visit(**look)
    visit.open().wait_for_selector("#login")
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    for login in ("curator", "vendor", "admin"):
        page = visit.as_account(login)
        page.wait_for_selector("main h1")
        visit.settled()
        assert (login, visit.barriers(), visit.overflow()) == (login, [], 0)
        page.locator("header button").last.click()
    visit.forgive("status of 409")  # the figures of a new stack


def test_the_api_reference_has_no_barrier_and_tries_requests_as_who_is_signed_in(
    visit: Visit,
) -> None:
    few_operations(visit)
    page = visit.as_account("admin")
    page.click("footer a[href='/docs']")
    _see_the_reference(visit)
    page.click("#operations-account-get_account button.opblock-summary-control")
    page.click("#operations-account-get_account .try-out__btn")
    page.click("#operations-account-get_account .execute")
    expect(page.locator("#operations-account-get_account .live-responses-table")).to_contain_text(
        '"login": "admin"'
    )


def test_the_whole_api_reference_has_none_on_a_phone_in_the_dark_either(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(language="en", scheme="dark", size=(390, 844))
    page = visit.open("/docs")
    page.wait_for_selector(".opblock")
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    page.set_viewport_size({"width": NARROWEST, "height": 740})
    assert visit.overflow() == 0


def _see_the_reference(visit: Visit) -> None:
    page = visit.page
    page.wait_for_selector(".opblock")
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    opened = "#operations-surveys-post_surveys"
    page.click(f"{opened} button.opblock-summary-control")
    page.click(f"{opened} .try-out__btn")
    page.wait_for_selector(f"{opened} textarea[aria-label]")
    assert visit.barriers(opened) == []


def test_nothing_overflows_on_the_narrowest_phone(new_visit: NewVisit) -> None:
    visit = new_visit(size=(NARROWEST, 740))
    visit.open().wait_for_selector("#login")
    assert visit.overflow() == 0


def test_targets_on_a_phone_are_large_enough(new_visit: NewVisit, case: dict[str, str]) -> None:
    visit = new_visit(size=(390, 844))
    page = visit.as_account("doctor")
    for path, seen in (
        ("/cases/new", ".survey-fields"),
        (f"/patients/{case['patient_id']}/lesions/{case['lesion_id']}", ".opinion"),
    ):
        visit.open(path)
        page.wait_for_selector(seen)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, a:not(.skip), .chip, .check, select, summary")]
              .filter(each => each.checkVisibility() && !each.closest("p"))
              .map(each => [each.className || each.textContent, each.getBoundingClientRect().height])
              .filter(([, height]) => height < 43.9)"""
        )
        assert small == []


def test_the_first_load_is_small() -> None:
    html = BUILT.read_text(encoding="utf-8")
    scripts = re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', html)
    assert scripts
    size = sum(len(gzip.compress((BUILT.parent / name[1:]).read_bytes())) for name in scripts)
    assert size <= FIRST_LOAD_BYTES
    assert "<style" not in html
    assert re.search(r"<script(?![^>]*src=)", html) is None


def test_a_page_for_another_role_says_so(visit: Visit) -> None:
    page = visit.as_account("expert2", "/patients")
    expect(page.locator("h1")).to_have_text("Этот раздел не для вашей роли")


def test_an_unknown_address_and_a_missing_file_are_dead_ends(visit: Visit) -> None:
    page = visit.open("/no/such/page")
    expect(page.locator("h1")).to_have_text("Такой страницы нет")
    answer = page.request.get(f"{visit.url}/assets/gone.js")
    assert answer.status == 404


def test_a_failure_of_the_system_gives_its_number_and_can_be_tried_again(visit: Visit) -> None:
    body = {
        "error": {
            "code": "internal",
            "message": "Произошла внутренняя ошибка.",
            "fields": {},
            "request_id": "a-number-to-report",
        }
    }
    visit.page.route(
        "**/api/v1/patients",
        lambda route: route.fulfill(
            status=500, body=json.dumps(body), content_type="application/json"
        ),
    )
    page = visit.as_account("doctor")
    expect(page.get_by_role("alert")).to_contain_text("a-number-to-report")
    assert visit.barriers() == []
    page.unroute("**/api/v1/patients")
    page.get_by_role("button", name="Повторить").click()
    expect(page.locator(".list, .empty").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    visit.forgive("status of 500")


def test_the_policy_lets_no_page_talk_to_anybody_else(visit: Visit) -> None:
    page = visit.open()
    page.wait_for_selector("#login")
    with page.expect_console_message(
        lambda message: message.text.startswith("policy violated: connect-src")
    ):
        page.evaluate("fetch('https://example.com/').catch(() => null)")
    visit.forgive("example.com")
