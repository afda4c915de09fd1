"""The way in, the way out, and a session that ends by itself."""

import json
from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from tests.stack import RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

UNAUTHORIZED = json.dumps(
    {"error": {"code": "unauthorized", "message": "no", "fields": {}, "request_id": "r1"}}
)

REFRESH_TOKENS = """
Object.keys(sessionStorage).filter(key => key.endsWith(".refreshToken")).map(key => sessionStorage[key])
"""


def test_a_stranger_reads_what_rodinka_is_and_where_the_api_is_described(visit: Visit) -> None:
    page = visit.open()
    expect(page.locator(".lead")).to_contain_text("дерматоскопические снимки")
    expect(page.locator("footer")).to_contain_text("Не является медицинским изделием")
    page.click("footer a[href='/docs']")
    expect(page).to_have_url(f"{visit.url}/docs")


def test_a_wrong_password_is_answered_in_words(visit: Visit) -> None:
    visit.open()
    page = visit.sign_in("doctor", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("Логин или пароль не подходят")
    assert page.input_value("#login") == "doctor"
    visit.forgive("status of 400")


def test_an_empty_form_is_answered_without_asking_anybody(visit: Visit) -> None:
    visit.open()
    page = visit.sign_in("", "")
    expect(page.get_by_role("alert")).to_contain_text("Введите логин и пароль")


@pytest.mark.parametrize(
    ("login", "path", "section"),
    [
        ("doctor", "/patients", "Пациенты"),
        ("expert1", "/readings", "Мои чтения"),
        ("senior", "/readings", "Мои чтения"),
        ("curator", "/overview", "Обзор"),
        ("vendor", "/tests", "Испытания"),
        ("admin", "/accounts", "Учётные записи"),
    ],
)
def test_each_role_arrives_at_its_own_page(
    visit: Visit, login: str, path: str, section: str
) -> None:
    page = visit.as_account(login)
    expect(page.locator("nav a[aria-current=page]")).to_have_text(section)
    expect(page).to_have_url(visit.url + path)
    visit.forgive("status of 409")  # the figures of a new stack


def test_the_language_is_the_browsers_until_another_is_chosen_and_then_remembered(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(language="en")
    page = visit.open()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.click("text=Русский")
    expect(page.locator("h1")).to_have_text("Вход")
    page.reload()
    expect(page.locator("h1")).to_have_text("Вход")
    assert page.get_attribute("html", "lang") == "ru"


def test_a_session_survives_a_reload_and_ends_with_signing_out(visit: Visit) -> None:
    page = visit.as_account("doctor")
    expect(page.locator("h1")).to_have_text("Пациенты")
    page.reload()
    expect(page.locator("h1")).to_have_text("Пациенты")
    kept = page.evaluate(REFRESH_TOKENS)
    with page.expect_response(lambda answer: "/auth" in answer.url):
        page.get_by_role("button", name="Выйти").click()
    expect(page.locator("h1")).to_have_text("Вход")
    page.reload()
    expect(page.locator("h1")).to_have_text("Вход")
    assert page.evaluate(REFRESH_TOKENS) == []
    assert visit.revoked == kept


def test_who_signs_out_and_leaves_before_the_pool_answers_is_signed_out(visit: Visit) -> None:
    page = visit.as_account("doctor")
    expect(page.locator("h1")).to_have_text("Пациенты")
    page.route("**/auth", lambda _: None)
    with page.expect_request("**/auth"):
        page.get_by_role("button", name="Выйти").click()
    assert page.evaluate(REFRESH_TOKENS) == []
    page.reload()
    expect(page.locator("h1")).to_have_text("Вход")


def test_a_token_refused_before_its_time_is_renewed_without_a_word(visit: Visit) -> None:
    refused: list[str] = []
    renewals: list[Any] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.headers["authorization"])
            route.fulfill(status=401, body=UNAUTHORIZED, content_type="application/json")

    visit.page.route("**/api/v1/patients", refuse_once)

    def note_renewals(request: Request) -> None:
        if "/auth" in request.url:
            renewals.append(request.headers["x-amz-target"].partition(".")[2])

    visit.listen("request", note_renewals)
    page = visit.as_account("doctor")
    expect(page.locator(".list, .first-patient").first).to_be_visible()
    assert refused
    assert renewals == ["InitiateAuth", "GetTokensFromRefreshToken"]
    visit.forgive("status of 401")


def end_session(visit: Visit) -> None:
    """The pool renews nothing more and the API knows the token no more; a question to it finds out."""
    refusal = json.dumps({"__type": "NotAuthorizedException", "message": "revoked"})
    visit.page.route(
        "**/auth",
        lambda route: route.fulfill(
            status=400, body=refusal, content_type="application/x-amz-json-1.1"
        ),
    )
    visit.page.route(
        "**/api/v1/account",
        lambda route: route.fulfill(status=401, body=UNAUTHORIZED, content_type="application/json"),
    )
    visit.page.get_by_role("button", name="English").click()
    expect(visit.page.get_by_role("alertdialog")).to_contain_text("Your session has ended")
    visit.page.unroute("**/auth")
    visit.page.unroute("**/api/v1/account")
    visit.forgive("status of 40")


def test_who_signs_in_again_after_a_session_ended_finds_what_was_typed(visit: Visit) -> None:
    page = visit.as_account("doctor", "/cases/new")
    page.fill("#field-patient_code", "010229031975")
    end_session(visit)
    expect(page.locator("h1")).to_be_hidden()
    assert page.input_value("#login") == "doctor"
    assert visit.barriers() == []
    visit.sign_in("doctor")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    expect(page.locator("#field-patient_code")).to_have_value("010229031975")
    visit.forgive("status of 40")  # one of several requests may have been refused late


def test_somebody_else_who_signs_in_after_a_session_ended_sees_nothing_of_it(visit: Visit) -> None:
    page = visit.as_account("doctor", "/cases/new")
    page.fill("#field-patient_code", "010229031975")
    end_session(visit)
    visit.sign_in("expert1")
    expect(page.locator("nav a[aria-current=page]")).to_have_text("My readings")


def test_staff_who_sign_in_at_a_patients_page_are_told_where_to(visit: Visit) -> None:
    visit.open("/me")
    page = visit.sign_in("doctor")
    expect(page.get_by_role("alert")).to_contain_text("Здесь входят только пациенты")
    assert visit.barriers() == []
    assert page.evaluate(REFRESH_TOKENS) == []
    assert len(visit.revoked) == 1
    page.get_by_role("link", name="Войти на главной странице").click()
    expect(page).to_have_url(f"{visit.url}/")
    visit.sign_in("doctor")
    expect(page.locator("h1")).to_have_text("Пациенты")
    visit.open("/me")
    expect(page.locator("h1")).to_have_text("Этот раздел не для вашей роли")
    visit.forgive("status of 401")


def test_a_temporary_password_is_replaced_by_ones_own_at_the_first_sign_in(
    visit: Visit, stack: RunningStack
) -> None:
    opened = stack.sign_in("admin").post(
        "/api/v1/accounts", json={"login": "newcomer", "role": "curator"}
    )
    assert opened.status_code == 201, opened.text
    visit.open()
    page = visit.sign_in("newcomer", opened.json()["temporary_password"])
    expect(page.get_by_label("Новый пароль")).to_be_visible()
    assert visit.barriers() == []
    page.fill("#password", "My-own-password-2")
    page.get_by_role("button", name="Сохранить и войти").click()
    expect(page.locator("h1")).to_have_text("Обзор")
    visit.forgive("status of 409")
