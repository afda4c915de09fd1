"""An administrator's day: accounts, clinics, the audit trail, models, dead letters, receivers of events."""

import re

import pytest
from playwright.sync_api import expect

from tests.stack import PASSWORD
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

PHONE = {"language": "en", "scheme": "dark", "size": (360, 740)}


def test_an_administrator_opens_an_account_ends_its_sessions_and_closes_it(
    visit: Visit, new_visit: NewVisit
) -> None:
    page = visit.as_account("admin")
    expect(page.locator("h1")).to_have_text("Учётные записи")
    assert visit.sound() == ([], 0)
    page.get_by_role("button", name="Новая учётная запись").click()
    window = page.get_by_role("dialog")
    window.get_by_role("button", name="Открыть").click()
    expect(window).to_contain_text("Заполните это поле.")
    window.get_by_label("Логин").fill("new.reader")
    window.get_by_label("Роль").select_option("expert")
    assert visit.barriers() == []
    window.get_by_role("button", name="Открыть").click()
    told = page.get_by_role("alertdialog")
    expect(told).to_contain_text("new.reader")
    temporary = told.locator("code").inner_text()
    told.get_by_role("button", name="Записано, закрыть").click()
    page.get_by_label("Роль").select_option("expert")
    page.get_by_role("link", name="new.reader").click()
    expect(page.locator(".facts")).to_contain_text("эксперт")
    reader = new_visit(language="en")
    reader.open()
    reader.sign_in("new.reader", temporary)
    reader.page.get_by_label("New password").fill("My-own-password-2")
    reader.page.get_by_role("button", name="Save and sign in").click()
    expect(reader.page.locator("header .who")).to_contain_text("new.reader")
    page.get_by_role("button", name="Закрыть учётную запись").click()
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("new.reader больше не сможет войти")
    asked.get_by_role("button", name="Закрыть учётную запись").click()
    expect(page.locator(".facts")).to_contain_text("закрыта")
    assert visit.sound() == ([], 0)
    page.get_by_role("link", name="Что делал").click()
    expect(page.locator("h1")).to_have_text("Журнал действий")
    expect(page.locator("table.list tbody tr").first).to_contain_text("new.reader")
    assert visit.sound() == ([], 0)
    reader.forgive("status of 40")  # he was closed while his page was open


@pytest.mark.further
def test_an_administrator_changes_clinics_and_narrows_the_audit_trail(visit: Visit) -> None:
    page = visit.as_account("admin", "/clinics")
    page.get_by_role("button", name="Новая клиника").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Название по-русски").fill("Клиника на пробу")
    window.get_by_label("Название по-английски").fill("Trial clinic")
    window.get_by_label("Город").fill("Мценск")
    window.get_by_role("button", name="Сохранить").click()
    row = page.get_by_role("row").filter(has_text="Клиника на пробу")
    expect(row).to_contain_text("работает")
    row.get_by_role("button", name="Закрыть").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Закрыть").click()
    expect(row).to_contain_text("закрыта")
    assert visit.sound() == ([], 0)
    visit.open("/audit")
    page.get_by_label("Действие").fill("clinic.opened")
    page.get_by_role("button", name="Найти").click()
    expect(page).to_have_url(re.compile(r"act=clinic\.opened"))
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    expect(page.locator("table.list tbody tr")).to_contain_text("admin")


@pytest.mark.further
def test_models_letters_and_receivers_are_seen_on_a_phone_in_english(new_visit: NewVisit) -> None:
    visit = new_visit(**PHONE)
    page = visit.as_account("admin", "/models")
    expect(page.locator(".model .mark")).to_have_text("answers now")
    assert visit.sound() == ([], 0)
    visit.open("/dead-letters")
    expect(page.locator(".empty h2")).to_have_text("There are no dead letters")
    assert visit.sound() == ([], 0)
    visit.open("/webhooks")
    page.get_by_role("button", name="New receiver").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Address").fill("http://127.0.0.1:9/events")
    window.get_by_label("a label is complete").check()
    assert visit.barriers() == []
    window.get_by_role("button", name="Save").click()
    told = page.get_by_role("alertdialog")
    assert len(told.locator("code").inner_text()) > 20
    told.get_by_role("button", name="I have it, close").click()
    page.get_by_role("link", name="http://127.0.0.1:9/events").click()
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("status").filter(has_text="The receiver is off.")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".empty h2")).to_have_text("There are no receivers")
    assert visit.sound() == ([], 0)


def test_what_an_administrator_sees_is_for_nobody_else(visit: Visit) -> None:
    page = visit.as_account("doctor", "/accounts")
    expect(page.locator("h1")).to_have_text("Этот раздел не для вашей роли")
    assert PASSWORD not in page.content()
