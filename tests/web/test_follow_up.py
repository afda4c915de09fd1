"""A lesion over time: comparison, figures, histology with its report, the sheet, a patient's question."""

import hashlib
import re
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import pictures
from tests.flows.cases import finished, new_lesion, poll, slot_form, survey
from tests.histology.papers import pdf
from tests.stack import PASSWORD, RunningStack
from tests.web.conftest import NewVisit

CLASSIFIED = {"classified", "in_labelling", "labelled"}


def grown(part: float) -> bytes:
    """The same spot, nearer by so much: with one scale, a larger one."""
    picture = pictures.photograph(seed=501)
    across, down = (int(side / part) for side in picture.size)
    left, top = (picture.width - across) // 2, (picture.height - down) // 2
    box = (left, top, left + across, top + down)
    return pictures.jpeg(picture.crop(box).resize(picture.size, Image.Resampling.BICUBIC))


def sent(
    stack: RunningStack, doctor: httpx.Client, lesion_id: str, data: bytes, **more: Any
) -> str:
    form = slot_form(data, "image/jpeg", "dermoscopic", pixel_spacing_mm=0.02, **more)
    slot = doctor.post(f"/api/v1/lesions/{lesion_id}/images", json=form).json()
    assert stack.upload(slot["upload"], data).status_code == 204
    finished(doctor, slot["image_id"], states=CLASSIFIED)
    return str(slot["image_id"])


@pytest.fixture(scope="module")
def course(stack: RunningStack) -> str:
    """The address of a lesion that was photographed twice, a year apart."""
    doctor = stack.sign_in("doctor")
    made = new_lesion(doctor)
    for day, part in (("2024-05-02", 1.0), ("2025-05-02", 1.3)):
        sent(stack, doctor, made["lesion_id"], grown(part), taken_on=day)
    return f"/patients/{made['patient_id']}/lesions/{made['lesion_id']}"


@pytest.fixture(scope="module")
def question(stack: RunningStack) -> tuple[str, httpx.Client]:
    """The address of a question that a patient asked from a phone, and the patient."""
    doctor = stack.sign_in("doctor")
    made = new_lesion(doctor)
    code = doctor.post(f"/api/v1/patients/{made['patient_id']}/access").json()["code"]
    redeemed = {"code": code, "password": PASSWORD}
    login = stack.client().post("/api/v1/access/redeem", json=redeemed).json()["login"]
    patient = stack.sign_in(login)
    lesion = patient.post("/api/v1/me/lesions", json={"site": "arms"}).json()["lesion_id"]
    image = photographed(stack, patient, lesion)
    asked = {
        "lesion_id": lesion,
        "image_ids": [image],
        "answers": {"itching": "yes", "bleeding": "no", "growth": "yes", "colour": "unknown"},
        "text": "Чешется вторую неделю.",
    }
    answer = patient.post("/api/v1/me/questions", json=asked)
    assert answer.status_code == 201, answer.text
    return f"/questions/{answer.json()['question_id']}", patient


def photographed(stack: RunningStack, patient: httpx.Client, lesion: str) -> str:
    """A photograph with a mole and a coin circled, once it is accepted."""
    file = BytesIO()
    pictures.photograph(seed=502).save(file, "JPEG")
    data = file.getvalue()
    circle = {"x": 0.5, "y": 0.4, "diameter": 0.1}
    coin = {"object": "rub_1", "x": 0.2, "y": 0.2, "diameter": 0.2}
    form = {
        "content_type": "image/jpeg",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "marks": {"mole": circle, "scale": coin},
    }
    slot = patient.post(f"/api/v1/me/lesions/{lesion}/images", json=form).json()
    assert stack.upload(slot["upload"], data).status_code == 204
    for _ in poll(60):
        state = patient.get(f"/api/v1/me/images/{slot['image_id']}").json()["state"]
        if state not in {"awaiting_upload", "received"}:
            break
    return str(slot["image_id"])


def test_photographs_are_compared_side_by_side_under_a_slider_and_in_turn(
    new_visit: NewVisit, course: str
) -> None:
    visit = new_visit()
    page = visit.as_account("doctor", f"{course}?view=timeline")
    expect(page.locator(".side-by-side svg")).to_have_count(2)
    expect(page.get_by_role("region", name="Сравнить снимки")).to_contain_text("2 мая 2025")
    table = page.get_by_role("region", name="Все измерения")
    expect(table.get_by_role("row")).to_have_count(3)
    if table.get_by_text("±").count() > 0:
        expect(page.locator(".plot-drawn")).to_have_attribute("aria-label", re.compile("±"))
    assert visit.barriers() == []

    page.get_by_label("Шторка").check()
    line = page.locator(".slid-line")
    before = line.get_attribute("x1")
    page.get_by_role("slider").press("ArrowRight")
    assert line.get_attribute("x1") != before
    page.get_by_role("slider").press("End")
    expect(page.get_by_role("slider")).to_have_value("100")

    page.get_by_label("Поочерёдно").check()
    # The visit asked for less motion, so nothing moves by itself.
    expect(page.get_by_role("button", name="Чередовать")).to_have_count(0)
    shown = page.locator(".blink svg")
    expect(shown).to_have_accessible_name("Снимок, 2 мая 2024 г.")
    page.get_by_role("button", name="Показать другой").press("Enter")
    expect(shown).to_have_accessible_name("Снимок, 2 мая 2025 г.")
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Чередовать").click()
    expect(shown).to_have_accessible_name("Снимок, 2 мая 2024 г.")
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_role("button", name="Остановить")).to_have_count(0)
    assert visit.barriers(".comparison") == []


def test_a_report_is_entered_with_its_file_corrected_and_taken_back(
    new_visit: NewVisit, course: str
) -> None:
    visit = new_visit()
    page = visit.as_account("doctor", f"{course}?view=histology")
    page.get_by_role("button", name="Внести результат").click()
    page.get_by_label("Диагноз").select_option("melanoma")
    page.get_by_label("Дата заключения").fill("2025-05-20")
    page.get_by_label("Толщина по Бреслоу").fill("0,6")
    page.get_by_label("Категория pT").select_option("pT3")
    file = page.locator(".report-field input[type=file]")
    file.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    save = page.get_by_role("button", name="Сохранить", exact=True)
    save.click()
    expect(page.locator(".report-field .fault")).to_contain_text("Без этого подтверждения")
    page.get_by_label("В файле не прочесть имени").check()
    save.click()
    stage = page.get_by_label("Категория pT")
    expect(stage).to_have_accessible_description(re.compile("не согласуется с толщиной"))
    expect(stage).to_be_focused()
    visit.forgive("status of 422")
    assert visit.barriers(".histology") == []
    stage.select_option("pT1")
    save.click()
    result = page.get_by_role("article", name="меланома")
    expect(result.locator(".state")).to_have_text("Файл заключения принят")
    expect(result).to_contain_text("определяет заключение по очагу")
    expect(result).to_contain_text("2 страницы")

    result.get_by_role("button", name="Исправить").click()
    page.get_by_label("Толщина по Бреслоу").fill("0.7")
    page.get_by_label("Причина").fill("Опечатка")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(result).to_contain_text("0,70 мм")
    expect(result).to_contain_text("Исправления: 1")

    result.get_by_role("button", name="Отозвать").click()
    asked = page.get_by_role("alertdialog")
    act = asked.get_by_role("button", name="Отозвать")
    expect(act).to_be_disabled()
    asked.get_by_label("Причина").fill("Другой очаг")
    act.click()
    expect(result).to_contain_text("Причина: Другой очаг")
    assert visit.barriers(".histology") == []


@pytest.mark.further
def test_the_sheet_says_what_is_known_and_fits_one_page(new_visit: NewVisit, course: str) -> None:
    visit = new_visit(language="en", scheme="dark")
    page = visit.as_account("doctor", f"{course}/summary")
    sheet = page.get_by_role("article", name="Summary")
    expect(sheet).to_contain_text(course.split("/")[2])
    expect(sheet).to_contain_text("Not a diagnosis")
    expect(sheet.locator("svg image")).to_have_count(2)
    expect(sheet.locator(".scale-bar")).to_have_count(2)
    visit.settled()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    assert visit.barriers() == []


def test_a_patients_question_is_answered_from_a_template_that_stays_editable(
    new_visit: NewVisit, question: tuple[str, httpx.Client]
) -> None:
    address, patient = question
    visit = new_visit(size=(360, 800))
    page = visit.as_account("doctor", "/questions")
    row = page.get_by_role("row").filter(has_text="показать врачу в ближайшие дни").first
    row.get_by_role("link").click()
    page.wait_for_url(f"**{address}")
    expect(page.locator(".answers")).to_contain_text("Зуд")
    expect(page.locator(".own-words")).to_contain_text("Чешется вторую неделю.")
    expect(page.locator(".viewer")).to_have_attribute("data-state", "open")
    visit.settled()
    assert visit.overflow() == 0
    assert visit.barriers() == []

    send = page.get_by_role("button", name="Отправить ответ")
    send.click()
    expect(page.locator(".advice-form")).to_contain_text("Выберите, когда показать родинку.")
    page.get_by_role("button", name="Показать в ближайшие недели").click()
    expect(page.get_by_label("В течение двух–трёх недель")).to_be_checked()
    text = page.get_by_label("Текст для пациента")
    text.press("Control+End")
    text.type(" Возьмите с собой список лекарств.")
    own = text.input_value()
    page.get_by_role("button", name="Показать на плановом приёме").click()
    expect(page.locator(".templates [role=status]")).to_contain_text("Ваш текст будет заменён")
    expect(text).to_have_value(own)
    send.click()
    expect(page.get_by_role("region", name="Ответ пациенту")).to_contain_text("список лекарств")
    told = patient.get(f"/api/v1/me{address}").json()["advice"]
    assert (told["urgency"], told["text"]) == ("soon", own)
    assert patient.post(f"/api/v1/me{address}/read").status_code == 204

    page.get_by_role("button", name="Исправить ответ").click()
    window = page.get_by_role("dialog")
    expect(window.get_by_label("В течение двух–трёх недель")).to_be_checked()
    expect(window.get_by_label("Текст для пациента")).to_have_value(own)
    window.get_by_label("Текст для пациента").fill("")
    window.get_by_role("button", name="Отправить исправление").click()
    expect(window).to_contain_text("Напишите пациенту, что делать и когда.")
    window.get_by_label("Срочно, в ближайшие дни").check()
    window.get_by_label("Текст для пациента").fill("Покажите левую, приходите завтра.")
    assert visit.barriers() == []
    window.get_by_role("button", name="Отправить исправление").click()
    given = page.get_by_role("region", name="Ответ пациенту")
    expect(given).to_contain_text("приходите завтра")
    expect(given).to_contain_text("Исправлен")
    expect(given).to_contain_text("Пациент его ещё не открывал.")
    given.get_by_text("Прежние ответы: 1").click()
    expect(given.locator(".former")).to_contain_text("список лекарств")
    expect(given.locator(".former")).to_contain_text("Пациент прочёл его")
    assert visit.overflow() == 0
    assert visit.barriers() == []
    told = patient.get(f"/api/v1/me{address}").json()["advice"]
    assert (told["urgency"], told["revision"], told["read_at"]) == ("urgent", 2, None)


@pytest.mark.further
def test_lesions_that_wait_for_histology_are_listed_and_lead_to_it(
    new_visit: NewVisit, stack: RunningStack
) -> None:
    made = new_lesion_that_waits(stack)
    visit = new_visit(language="en", size=(360, 800))
    page = visit.as_account("doctor", "/histology")
    leads = page.locator(f"a[href*='{made['lesion_id']}']")
    expect(leads).to_be_visible()
    assert visit.overflow() == 0
    assert visit.barriers() == []
    leads.click()
    expect(page.get_by_role("tab", name="Histology")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("main")).to_contain_text("There is no result yet")


def new_lesion_that_waits(stack: RunningStack) -> dict[str, Any]:
    answer = stack.sign_in("doctor").post("/api/v1/surveys", json=survey(histology_required=True))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def looked_at(page: Page) -> str:
    """The day of the image that is large."""
    return page.locator(".strip-image[aria-pressed=true]").inner_text()


@pytest.mark.further
def test_images_stand_in_a_row_and_each_is_shown_large_when_chosen(
    new_visit: NewVisit, course: str
) -> None:
    visit = new_visit(size=(360, 800))
    page = visit.as_account("doctor", course)
    expect(page.locator(".strip-image")).to_have_count(2)
    expect(page.locator(".image-card")).to_have_count(1)
    assert "02.05.2025" in looked_at(page)
    page.locator(".strip-image").last.press("Enter")
    expect(page.locator(".image-card")).to_contain_text("Снято 2 мая 2024")
    assert "02.05.2024" in looked_at(page)
    expect(page.locator(".measurements, .opinion").first).to_be_visible()
    visit.settled()
    assert visit.overflow() == 0
