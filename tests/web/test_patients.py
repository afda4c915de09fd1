"""A doctor's patients: the body map, corrections, treatment, merging, referrals, access, withdrawal."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests import pictures
from tests.flows.cases import finished, new_lesion, send_image
from tests.stack import RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit
from tests.web.survey_form import ANSWERS, fill, new_code, send


def test_a_patient_from_the_first_survey_to_the_withdrawal(visit: Visit) -> None:
    page = visit.as_account("doctor", "/cases/new")
    enter_with_a_mark(page)
    page.locator(".page-above a").click()
    expect(page.locator(".body-dot")).to_have_count(1)
    expect(page.locator(".tile")).to_contain_text("грудь")
    assert visit.barriers() == []
    correct_the_survey(page)
    treat(page)
    add_a_lesion_without_a_survey(page)
    merge_the_second_into_the_first(page)
    give_access(page, visit)
    withdraw(page, visit)


def enter_with_a_mark(page: Page) -> None:
    """The site follows from the mark, which the keyboard sets."""
    page.wait_for_selector("#field-patient_code")
    fill(page, new_code(), {key: said for key, said in ANSWERS.items() if key != "site"})
    page.get_by_role("button", name="Отметить на теле").press("Enter")
    placing = page.get_by_role("application")
    placing.focus()
    for key in ("ArrowLeft", "ArrowDown", "Enter"):
        placing.press(key)
    page.get_by_role("button", name="Готово").press("Enter")
    expect(page.locator(".spot")).to_contain_text("Место: грудь")
    expect(page.locator("#field-site [data-choice=torso] input")).to_be_checked()
    send(page)
    page.wait_for_selector(".upload")


def act(page: Page, name: str, tile: int | None = None) -> None:
    """One act of the patient's menu, or of a tile's."""
    if tile is None:
        page.get_by_role("button", name="Ещё", exact=True).click()
    else:
        page.locator(".tile").nth(tile).locator(".menu-button").click()
    page.get_by_role("menuitem", name=name).click()


def confirm(page: Page, name: str) -> None:
    window = page.get_by_role("alertdialog")
    window.get_by_role("button", name=name).click()
    expect(window).to_have_count(0)


def correct_the_survey(page: Page) -> None:
    act(page, "Анкеты", tile=0)
    page.get_by_role("link", name="Анкета от").click()
    expect(page.get_by_role("button", name="Ничего не изменено")).to_be_disabled()
    page.locator("#field-hair [data-choice=black] input").check()
    page.get_by_role("button", name="Сохранить исправления").click()
    expect(page.get_by_text("Исправления сохранены")).to_be_visible()
    page.locator(".corrections summary").click()
    expect(page.locator(".corrections")).to_contain_text("Тип волос: было «Коричневый»")
    expect(page.locator(".corrections")).to_contain_text("исправили вы")
    page.locator(".page-above a").click()


def treat(page: Page) -> None:
    act(page, "Лечение", tile=0)
    page.get_by_role("button", name="Записать лечение").click()
    page.get_by_label("Что сделано").select_option("cryotherapy")
    confirm(page, "Записать лечение")
    page.get_by_role("button", name="Исправить").click()
    page.get_by_label("Исход").select_option("healed")
    confirm(page, "Исправить")
    course = page.get_by_role("dialog")
    expect(course).to_contain_text("1 исправление")
    course.press("Escape")
    expect(page.locator(".tile")).to_contain_text("Криодеструкция")


def add_a_lesion_without_a_survey(page: Page) -> None:
    act(page, "Новый очаг без анкеты")
    page.get_by_role("alertdialog").get_by_label("Расположение").select_option("torso")
    page.get_by_role("button", name="Добавить очаг").click()
    page.wait_for_selector(".upload")
    page.locator(".page-above a").click()
    expect(page.locator(".tile")).to_have_count(2)


def merge_the_second_into_the_first(page: Page) -> None:
    act(page, "Объединить с другим очагом", tile=1)
    window = page.get_by_role("alertdialog")
    expect(window.get_by_role("button", name="Объединить очаги")).to_be_disabled()
    window.get_by_label("Причина").fill("Записан дважды")
    confirm(page, "Объединить очаги")
    expect(page.locator(".tile")).to_have_count(1)


def give_access(page: Page, visit: Visit) -> None:
    page.get_by_role("link", name="Дать доступ пациенту").click()
    page.get_by_role("button", name="Получить код").click()
    slip = page.locator(".slip")
    expect(slip.get_by_role("img")).to_be_visible()
    expect(slip).to_contain_text("/open и введите код")
    first = slip.locator(".slip-letters").inner_text()
    assert re.fullmatch(r"([A-Z0-9]{4}\s*){3,}", first)
    assert visit.barriers() == []
    page.get_by_role("button", name="Получить новый код").click()
    expect(slip.locator(".slip-letters")).not_to_have_text(first)
    page.emulate_media(media="print")
    expect(page.locator("header.masthead")).to_be_hidden()
    expect(slip).to_be_visible()
    page.emulate_media(media="screen")
    page.locator(".page-above a").click()


def withdraw(page: Page, visit: Visit) -> None:
    patient = page.url
    act(page, "Отозвать согласие")
    window = page.get_by_role("alertdialog")
    expect(window).to_contain_text("удаляются в течение суток")
    window.get_by_role("button", name="Отозвать и удалить данные").click()
    expect(page.get_by_text("Согласие отозвано")).to_be_visible()
    visit.open(patient.removeprefix(visit.url))
    expect(page.get_by_role("alert")).to_be_visible()
    visit.forgive("status of 404")


@pytest.mark.further
def test_a_wrong_image_is_moved_and_deleted_with_a_reason(
    visit: Visit, stack: RunningStack
) -> None:
    doctor = stack.sign_in("doctor")
    made = new_lesion(doctor)
    other = doctor.post(f"/api/v1/patients/{made['patient_id']}/lesions", json={"site": "legs"})
    assert other.status_code == 201
    data = pictures.jpeg(pictures.photograph(seed=77))
    finished(
        doctor, send_image(stack, doctor, made["lesion_id"], data, "dermoscopic", "image/jpeg")
    )
    page = visit.as_account("doctor", f"/patients/{made['patient_id']}")
    act(page, "Перенести или удалить", tile=0)
    page.get_by_role("button", name="Перенести").click()
    page.get_by_role("alertdialog").get_by_label("Причина").fill("Другой очаг")
    confirm(page, "Перенести")
    page.get_by_role("dialog").press("Escape")
    expect(page.locator(".tile").nth(1).locator("img")).to_be_visible()
    act(page, "Перенести или удалить", tile=1)
    page.get_by_role("button", name="Удалить").click()
    page.get_by_role("alertdialog").get_by_label("Причина").fill("Снят не тот пациент")
    confirm(page, "Удалить")
    page.get_by_role("dialog").press("Escape")
    expect(page.locator(".tile img")).to_have_count(0)


@pytest.mark.further
def test_a_referral_is_offered_accepted_and_ended_on_a_phone(
    new_visit: NewVisit, stack: RunningStack
) -> None:
    made = new_lesion(stack.sign_in("doctor"))
    visit = new_visit(language="en", scheme="dark", size=(360, 800))
    page = visit.as_account("doctor", f"/patients/{made['patient_id']}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Refer").click()
    window = page.get_by_role("alertdialog")
    window.get_by_label("Clinic", exact=True).select_option(index=1)
    window.get_by_label("The patient agrees").check()
    assert visit.barriers() == []
    confirm(page, "Send the referral")
    expect(page.get_by_text("Waits for an answer")).to_be_visible()
    assert visit.overflow() == 0
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("#login")
    visit.as_account("doctor2", "/referrals")
    page.get_by_role("button", name="Accept").first.click()
    confirm(page, "Accept")
    page.get_by_role("link", name="Woman, born 1975").first.click()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.get_by_role("link", name="Give the patient access")).to_have_count(0)
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    page.get_by_role("button", name="End").click()
    page.get_by_role("alertdialog").get_by_label("Reason").fill("Seen")
    page.get_by_role("alertdialog").get_by_role("button", name="End").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert re.search("[а-яё]", page.inner_text("main"), re.IGNORECASE) is None
    visit.forgive("status of 404")


@pytest.mark.further
@pytest.mark.parametrize("number", [0, 1])
def test_a_clinic_without_patients_begins_with_the_code(visit: Visit, number: int) -> None:
    def empty(route: Route) -> None:
        route.fulfill(json={"items": [], "next": None})

    if number == 0:
        visit.page.route("**/api/v1/patients", empty)
    page = visit.as_account("doctor", "/patients")
    code = page.locator(".lookup input")
    if number == 0:
        expect(code).to_be_focused()
    typed = new_code()
    code.fill(typed[:-1])
    code.press("Enter")
    expect(page.locator(".lookup")).to_contain_text("12 цифр")
    code.fill(typed)
    code.press("Enter")
    if number == 1:
        page.get_by_role("link", name="Завести нового пациента").click()
        visit.forgive("status of 404")
    expect(page.locator("#field-patient_code")).to_have_value(typed)
    expect(page.locator("#field-age")).not_to_have_value("")
    assert typed not in page.url
    page.reload()
    expect(page.locator("#field-patient_code")).to_have_value("")
