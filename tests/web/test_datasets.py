"""A curator's datasets from the plan to the registry, and what a stranger sees of them."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.flows.archives import archive, drawn
from tests.stack import RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

PASSAGES = ("name", "abstract", "clinical_task", "clinical_use", "features-0")
WAIT_MS = 60_000
"""For what is computed in the background."""


@pytest.fixture(scope="module")
def source(stack: RunningStack) -> str:
    """An archive of six patients, alike in all that could tell who they are."""
    diagnoses = ("melanoma", "nevus") * 3
    pictures = [drawn(diagnosis, 500 + n) for n, diagnosis in enumerate(diagnoses)]
    return archive(stack, stack.sign_in("curator"), pictures)


def both(page: Page, name: str, text: str = "Сказано на двух языках.") -> None:
    for tongue in ("ru", "en"):
        page.fill(f"#plan-{name}-{tongue}", text)


def group(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def write_plan(page: Page, source: str) -> None:
    """All groups of a plan for a set by agreement, with an open licence, which contradicts that."""
    page.fill("#plan-target", "MEL")
    for name in PASSAGES:
        both(page, name)
    group(page, "Единицы и критерии")
    page.fill("#plan-units", "6")
    page.locator("#plan-inclusion").get_by_role("button", name="Добавить условие").click()
    page.select_option("#plan-inclusion-0-field", "age")
    page.select_option("#plan-inclusion-0-operator", "at_least")
    page.fill("#plan-inclusion-0-value", "180")
    group(page, "Классы и баланс")
    for place, key in enumerate(("melanoma", "nevus")):
        page.fill(f"#plan-classes-{place}-key", key)
        page.locator(f"#plan-classes-{place}-diagnoses input[value={key}]").check(force=True)
        both(page, f"classes-{place}-title", key)
        both(page, f"classes-{place}-requirements")
    group(page, "Верификация и источники")
    page.locator(f"#plan-sources input[value='{source}']").check(force=True)
    both(page, "data_security")
    group(page, "Условия и авторы")
    page.select_option("#plan-access", "controlled")
    page.fill("#plan-working_group-0-name", "Рабочая группа")


def look_through(curator: httpx.Client, code: str) -> None:
    waiting = curator.get("/api/v1/looks", params={"dataset": code}).json()["items"]
    looks = [{"image_id": each["image_id"], "look": "clear"} for each in waiting]
    curator.post("/api/v1/looks", json={"looks": looks}).raise_for_status()


def plan_with_faults_mended(visit: Visit, source: str) -> str:
    """The code of the set that was planned."""
    page = visit.as_account("curator", "/datasets/new")
    page.wait_for_selector("#plan-target")
    write_plan(page, source)
    page.wait_for_timeout(500)  # the draft is kept a moment after the last key
    page.reload()
    expect(page.locator(".plan-form > .notice")).to_contain_text("Восстановлен черновик")
    page.click(".plan-save .primary")
    faults = page.locator(".plan-form .failure")
    expect(faults).to_contain_text("выберите LicenseRef-Agreement")
    expect(faults).to_contain_text("Укажите от 0 до 120.")
    assert visit.barriers() == []
    faults.locator("li", has_text="LicenseRef-Agreement").get_by_role("button").click()
    expect(page.locator("#plan-licence")).to_be_focused()
    page.select_option("#plan-licence", "LicenseRef-Agreement")
    faults.locator("li", has_text="от 0 до 120").get_by_role("button").click()
    expect(page.locator("#plan-inclusion-0-value")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("18")
    expect(faults).to_have_count(0)
    page.keyboard.press("Control+S")
    page.wait_for_url(re.compile("/datasets/DS_ML_DSC_SKIN_MEL"))
    visit.forgive("status of 422")
    return page.url.rpartition("/")[2]


def release(visit: Visit, curator: httpx.Client, code: str) -> None:
    page = visit.page
    aside = page.locator(".plan-aside")
    expect(aside.locator(".flow")).to_be_visible(timeout=WAIT_MS)
    expect(aside).to_contain_text("Возраст не меньше 18")
    expect(aside).to_contain_text("Следующий выпуск — 1.0.0.")
    expect(aside).to_contain_text("Ждут просмотра куратором: 6 из отобранных.")
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    look_through(curator, code)
    page.get_by_role("tab", name="Выпуски").click()
    page.get_by_role("tab", name="План", exact=True).click()
    aside.get_by_role("button", name="Посчитать снова").click()
    expect(aside).not_to_contain_text("Ждут просмотра", timeout=WAIT_MS)
    page.get_by_role("tab", name="Выпуски").click()
    page.get_by_role("button", name="Выпустить версию 1.0.0").click()
    expect(page.locator("form.request .fault")).to_have_text("Напишите, что изменилось и почему.")
    page.fill("form.request textarea", "Первый выпуск.")
    page.get_by_role("button", name="Выпустить версию 1.0.0").click()
    page.wait_for_selector(".steps, .files")
    expect(page.locator(".page-head .badge")).to_have_text("Опубликован", timeout=WAIT_MS)
    readme = page.get_by_role("link", name="README.ru.pdf")
    assert page.request.get(readme.get_attribute("href") or "").body().startswith(b"%PDF")
    assert (visit.barriers(), visit.overflow()) == ([], 0)


def give_access(visit: Visit, code: str) -> str:
    """The key, which is told once."""
    page = visit.open(f"/datasets/{code}?view=access")
    page.get_by_role("button", name="Дать доступ").first.click()
    window = page.get_by_role("dialog")
    window.get_by_role("button", name="Создать ключ").click()
    expect(window.locator(".fault").first).to_have_text("Заполните это поле.")
    window.get_by_label("Организация").fill("Институт")
    window.get_by_label("Для чего даны данные").fill("Обучение")
    window.get_by_label("Последний день").fill("2099-01-31")
    window.get_by_role("button", name="Создать ключ").click()
    told = page.get_by_role("alertdialog")
    key = told.locator("code").inner_text()
    assert visit.barriers() == []
    told.get_by_role("button", name="Ключ сохранён, закрыть").click()
    expect(page.locator(".rows li")).to_contain_text("до 31 января 2099")
    return key


def revoke(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Прекратить: Институт").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Прекратить").click()
    expect(page.locator(".rows li")).to_contain_text("прекращён")


def see_in_the_registry(visit: Visit, code: str, key: str) -> None:
    """A stranger on a small phone finds the set, and fetches it with the key alone."""
    page = visit.open("/registry?q=MEL&access=controlled")
    expect(page.locator(".entry", has_text=code)).to_contain_text("6 units")
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    page.locator(".entry", has_text=code).get_by_role("link").click()
    expect(page.locator(".flow")).to_contain_text("6 images, 6 patients")
    expect(page.locator(".cited")).to_contain_text("Version 1.0.0. Rodinka")
    page.get_by_label("Access key").fill("wrong.key")
    page.get_by_role("button", name="Show the files").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no set for this key.")
    visit.forgive("status of 404")
    page.get_by_label("Access key").fill(key)
    page.get_by_role("button", name="Show the files").click()
    expect(page.locator(".files").get_by_role("link", name="metadata.csv")).to_be_visible()
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    expect(page.locator("#login")).to_be_visible()


def test_a_dataset_is_planned_released_given_out_and_found_in_the_registry(
    new_visit: NewVisit, stack: RunningStack, source: str
) -> None:
    visit, curator = new_visit(), stack.sign_in("curator")
    code = plan_with_faults_mended(visit, source)
    release(visit, curator, code)
    key = give_access(visit, code)
    see_in_the_registry(new_visit(language="en", size=(360, 740)), code, key)
    revoke(visit)
    answer: Any = httpx.post(f"{stack.url}/api/v1/downloads", json={"code": code, "grant": key})
    assert answer.status_code == 404
