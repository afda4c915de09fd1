"""A doctor's work: a survey, its faults, who the patient is, and finding him again."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.browsing import Visit
from tests.web.conftest import NewVisit
from tests.web.survey_form import ANSWERS, enter, fill, new_code, send


@pytest.fixture
def form(visit: Visit) -> Page:
    """An empty survey before a doctor."""
    page = visit.as_account("doctor", "/cases/new")
    page.wait_for_selector("#field-patient_code")
    return page


def test_the_code_has_the_focus_and_gives_the_age(form: Page) -> None:
    expect(form.locator("#field-patient_code")).to_be_focused()
    form.keyboard.type("0102 29.03.1975")
    form.fill("#field-examined_on", "2025-03-28")
    expect(form.locator("#field-age")).not_to_have_value("")
    expect(form.locator(".field-age .hint")).to_have_text("По коду: 49")


def test_the_whole_survey_fits_a_laptop_screen_in_two_columns(form: Page) -> None:
    button = form.locator(".survey button[type=submit]").bounding_box()
    first = form.locator("#field-age").bounding_box()
    last = form.locator("#field-examined_on").bounding_box()
    assert button is not None
    assert first is not None
    assert last is not None
    assert last["x"] > first["x"] + 400
    assert button["y"] + button["height"] <= 800


def test_the_fields_stand_in_the_order_of_the_form(form: Page, visit: Visit) -> None:
    served = form.evaluate(
        "fetch('/api/v1/vocabularies').then(r => r.json()).then(v => v.fields.map(f => f.key))"
    )
    shown = form.eval_on_selector_all(
        ".survey-fields [id^='field-']", "all => all.map(each => each.id.slice(6))"
    )
    assert shown == served
    assert len(served) == 15


def test_every_missing_answer_is_in_a_summary_that_leads_to_its_field(form: Page) -> None:
    send(form)
    summary = form.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(14)
    summary.get_by_role("link", name="Раса").click()
    expect(form.locator("#field-race input").first).to_be_focused()
    expect(form.locator("#field-race")).to_have_accessible_description("Заполните это поле.")


def test_a_fault_that_the_system_finds_leads_to_its_field_too(form: Page, visit: Visit) -> None:
    fill(form, new_code())
    form.fill("#field-age", "12")
    send(form)
    link = form.get_by_role("alert").get_by_role("link")
    expect(link).to_contain_text("Возраст не согласуется")
    link.click()
    expect(form.locator("#field-age")).to_be_focused()
    visit.forgive("status of 422")


def test_none_and_the_other_relatives_exclude_each_other(form: Page) -> None:
    relatives = form.locator("#field-family_history")
    relatives.get_by_label("Мать/Отец").check()
    relatives.get_by_label("Брат/Сестра").check()
    relatives.get_by_label("Нет").check()
    expect(relatives.locator("input:checked")).to_have_count(1)
    relatives.get_by_label("Мать/Отец").check()
    expect(relatives.get_by_label("Нет")).not_to_be_checked()


def test_a_survey_can_be_entered_with_the_keyboard_alone(form: Page) -> None:
    press = form.keyboard.press
    form.keyboard.type(new_code())
    form.keyboard.press("Tab")  # the age follows from the code
    for field in ANSWERS:
        press("Tab")
        press("Space")
        choices = form.locator(f"#field-{field} input")
        assert choices.locator(":scope:checked").count() == 1, field
        if choices.first.get_attribute("type") == "checkbox":
            for _ in range(choices.count() - 1):
                press("Tab")
        if field == "site":
            press("Tab")  # the body map is offered there
    expect(form.locator("#field-histology_required input").first).to_be_checked()
    form.locator("#field-consent input").first.focus()
    press("Space")
    press("Tab")
    press("Tab")
    press("Enter")
    form.wait_for_selector(".upload")


def test_the_same_person_may_come_again(form: Page, visit: Visit) -> None:
    code = new_code()
    enter(form, code)
    first = patient_in(form.url)
    visit.open("/cases/new")
    fill(form, code)
    send(form)
    question = form.get_by_role("alert")
    expect(question).to_contain_text("уже есть пациент с этим кодом")
    expect(question).to_contain_text("Женщина, 1961 г. р.")
    assert visit.barriers() == []
    question.get_by_role("button", name="Это тот же пациент").click()
    form.wait_for_selector(".upload")
    assert patient_in(form.url) == first
    visit.forgive("status of 409")


def test_another_person_may_have_the_same_code(form: Page, visit: Visit) -> None:
    code = new_code()
    enter(form, code)
    first = patient_in(form.url)
    visit.open("/cases/new")
    fill(form, code)
    send(form)
    form.get_by_role("button", name="Это другой человек").click()
    form.wait_for_selector(".upload")
    assert patient_in(form.url) != first
    visit.forgive("status of 409")


def test_a_survey_whose_answer_was_lost_is_sent_again_without_a_second_case(
    form: Page, visit: Visit
) -> None:
    keys: list[str | None] = []

    def lose_the_first_answer(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    form.route("**/api/v1/surveys", lose_the_first_answer)
    fill(form, new_code())
    send(form)
    expect(form.get_by_role("alert")).to_contain_text("Сервер не отвечает")
    send(form)
    form.wait_for_selector(".upload")
    form.locator(".page-above a").click()
    expect(form.locator(".tile")).to_have_count(1)
    assert keys[0]
    assert keys == [keys[0]] * 2
    visit.forgive("ERR_CONNECTION_RESET")


def test_a_further_survey_of_a_lesion_keeps_the_lasting_traits(form: Page) -> None:
    code = new_code()
    enter(form, code)
    lesion = form.url
    form.get_by_role("link", name="Повторная анкета").click()
    expect(form.locator("#field-site input:checked")).to_have_count(1)
    expect(form.locator("#field-hair [data-choice=brown] input")).to_be_checked()
    rest = {key: ANSWERS[key] for key in ANSWERS if key not in {"family_history", "sunburns"}}
    fill(form, code, rest)
    send(form)
    form.wait_for_selector(".upload")
    assert form.url == lesion
    form.get_by_role("tab", name="2 анкеты").click()
    expect(form.locator("details", has_text="Анкета от")).to_have_count(2)


def test_a_draft_survives_the_tab_without_the_code(form: Page) -> None:
    form.fill("#field-patient_code", "010229031975")
    form.locator("#field-race [data-choice=asian] input").check()
    form.reload()
    expect(form.locator("#field-race [data-choice=asian] input")).to_be_checked()
    expect(form.locator("#field-patient_code")).to_have_value("")
    kept = form.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert "010229031975" not in kept
    form.get_by_role("button", name="Очистить анкету").click()
    expect(form.locator("#field-race input:checked")).to_have_count(0)


def test_signing_out_takes_the_draft_along(form: Page) -> None:
    form.locator("#field-race [data-choice=asian] input").check()
    form.get_by_role("button", name="Выйти").click()
    expect(form.locator("h1")).to_have_text("Вход")
    assert form.evaluate("localStorage.getItem('rodinka.draft')") is None


def test_a_patient_is_found_by_his_code_which_stays_out_of_every_address(
    form: Page, visit: Visit
) -> None:
    addresses: list[str] = []
    visit.listen("request", lambda request: addresses.append(request.url))
    code = new_code()
    enter(form, code)
    patient = patient_in(form.url)
    visit.open("/patients")
    form.fill(".lookup input", code)
    form.press(".lookup input", "Enter")
    expect(form).to_have_url(f"{visit.url}/patients/{patient}")
    expect(form.locator("h1")).to_have_text("Женщина, 1961 г. р.")
    visit.open("/patients")
    form.fill(".lookup input", new_code())
    form.press(".lookup input", "Enter")
    expect(form.locator(".lookup")).to_contain_text("нет пациента с этим кодом")
    assert [address for address in addresses if code in address] == []
    visit.forgive("status of 404")


def test_an_english_doctor_reads_english_throughout(new_visit: NewVisit) -> None:
    visit = new_visit(language="en")
    page = visit.as_account("doctor", "/cases/new")
    page.wait_for_selector("#field-patient_code")
    send(page)
    text = page.inner_text("main")
    assert "Check the survey" in text
    assert re.search("[а-яё]", text, re.IGNORECASE) is None


def patient_in(url: str) -> str:
    found = re.search(r"/patients/([^/]+)/lesions/", url)
    assert found is not None
    return found.group(1)
