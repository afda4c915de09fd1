"""One's own account: another password, and a second factor where nobody is forced to have one."""

import re
import time

from playwright.sync_api import expect

from tests.flows.cases import poll
from tests.flows.staff import NEW_PASSWORD, new_doctor, new_person
from tests.stack import PASSWORD, RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit
from tests.web.phone import PHONE, access_code, open_account
from tests.web.strict_pool import STEP_SECONDS, totp

OTHER_PASSWORD = "Another-password-3"
SOON_OVER_SECONDS = 6
"""A code that is over so soon might be refused by the time it is told."""


def code_of(key: str) -> str:
    """What an app shows for the key as the page writes it, good for some seconds yet."""
    for _ in poll(SOON_OVER_SECONDS):
        if time.time() % STEP_SECONDS < STEP_SECONDS - SOON_OVER_SECONDS:
            break
    return totp(key.replace(" ", "").upper(), time.time())


def test_a_doctor_changes_his_password_and_the_old_one_opens_nothing(
    visit: Visit, stack: RunningStack
) -> None:
    doctor = new_doctor(stack)
    page = visit.open()
    visit.sign_in(doctor.login, NEW_PASSWORD)
    page.get_by_role("link", name="Моя учётная запись").click()
    expect(page.locator("h1")).to_have_text("Моя учётная запись")
    current, fresh = page.get_by_label("Нынешний пароль"), page.get_by_label("Новый пароль")
    kinds = [each.get_attribute("autocomplete") for each in (current, fresh)]
    assert kinds == ["current-password", "new-password"]
    current.fill("Not-the-password-1")
    fresh.fill("short")
    change = page.get_by_role("button", name="Сменить пароль")
    change.click()
    expect(fresh).to_be_focused()
    fresh.fill(OTHER_PASSWORD)
    change.click()
    expect(current).to_be_focused()
    expect(current).to_have_accessible_description(re.compile("Нынешний пароль не подходит"))
    assert visit.sound() == ([], 0)
    current.fill(NEW_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Пароль сменён")).to_be_visible()
    assert [current.input_value(), fresh.input_value()] == ["", ""]
    page.get_by_role("button", name="Выйти").click()
    visit.sign_in(doctor.login, NEW_PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Логин или пароль не подходят")
    visit.sign_in(doctor.login, OTHER_PASSWORD)
    expect(page.locator("h1")).to_have_text("Моя учётная запись")
    expect(page.get_by_role("region", name="Второй фактор")).to_contain_text("Не настроен")
    visit.forgive("status of 400")


def test_an_expert_sets_up_a_second_factor_that_nobody_asked_for(
    new_visit: NewVisit, stack: RunningStack
) -> None:
    expert = new_person(stack, "expert")
    visit = new_visit(language="en", size=PHONE)
    page = visit.open()
    visit.sign_in(expert.login, NEW_PASSWORD)
    page.get_by_role("link", name="My account").click()
    part = page.get_by_role("region", name="Second factor")
    expect(part).to_contain_text("Not set up")
    assert visit.sound() == ([], 0)
    part.get_by_role("button", name="Set up").click()
    expect(part.get_by_role("heading", name="App for codes")).to_be_focused()
    key, code = part.locator("code.key").inner_text(), part.get_by_label("Code from the app")
    assert visit.sound() == ([], 0)
    code.fill("12345")
    page.keyboard.press("Enter")
    expect(part.get_by_role("alert")).to_have_text("Enter the six digits from the app.")
    right = code_of(key)
    code.fill(f"{(int(right) + 500_000) % 1_000_000:06}")
    page.keyboard.press("Enter")
    expect(part.get_by_role("alert")).to_contain_text("The code is not right")
    expect(code).to_be_focused()
    code.fill(code_of(key))
    page.keyboard.press("Enter")
    expect(part.get_by_role("status").filter(has_text="Done.")).to_be_visible()
    expect(part.get_by_role("heading", name="Second factor")).to_be_focused()
    expect(part.get_by_role("button", name="Set up anew")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    visit.sign_in(expert.login, NEW_PASSWORD)
    page.get_by_label("Code from the app").fill(code_of(key))
    page.keyboard.press("Enter")
    expect(part).to_contain_text("Set up: after the password")
    visit.forgive("status of 400")


def test_a_patient_changes_his_password_in_the_large_type_of_his_pages(
    new_visit: NewVisit, stack: RunningStack
) -> None:
    visit = new_visit(scheme="dark", size=PHONE)
    open_account(visit, access_code(stack))
    page = visit.open("/account")
    expect(page.locator("h1")).to_have_text("Пароль и второй фактор")
    expect(page.get_by_role("region", name="Второй фактор")).to_contain_text("Не настроен")
    assert visit.sound() == ([], 0)
    page.get_by_label("Нынешний пароль").fill(PASSWORD)
    page.get_by_label("Новый пароль").fill(OTHER_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Пароль сменён")).to_be_visible()
    page.get_by_role("link", name="Мои данные").first.click()
    expect(page.get_by_role("link", name="Пароль и второй фактор")).to_be_visible()
