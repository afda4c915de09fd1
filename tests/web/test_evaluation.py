"""A developer's algorithm from its registration to the report of a test taken by file."""

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from chalicelib.evaluation.model import RUNS_A_MONTH
from tests.datasets.planning import CALIBRATION, a_class
from tests.flows.archives import archive, drawn, released
from tests.flows.staff import NEW_PASSWORD, new_person
from tests.stack import RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

WAIT_MS = 60_000
"""For what is computed in the background."""


@pytest.fixture(scope="module")
def hidden(stack: RunningStack) -> str:
    """The code of a hidden set for functional tests: four images, none of them unfit."""
    curator = stack.sign_in("curator")
    diagnoses = ("melanoma", "nevus") * 2
    source = archive(
        stack, curator, [drawn(diagnosis, 600 + n) for n, diagnosis in enumerate(diagnoses)]
    )
    plan = {
        **CALIBRATION,
        "purpose": "self_test",
        "target": "WEB",
        "sources": [source],
        "inclusion": [],
        "exclusion": [],
        "units": 4,
        "classes": [
            a_class("melanoma", "positive", "melanoma"),
            a_class("mole", "negative", "nevus"),
        ],
    }
    return released(curator, plan)


def register(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="Зарегистрировать алгоритм").click()
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.locator("form .failure")).to_contain_text("исправьте отмеченное")
    visit.forgive("status of 422")
    for label, typed in (
        ("Название сервиса", "Красное"),
        ("Версия", "1.0"),
        ("Разработчик", "Лаборатория"),
        ("Что делает алгоритм, по-русски", "Отличает меланому."),
        ("Что делает алгоритм, по-английски", "Tells melanoma."),
        ("AUC", "0,9"),
        ("Чувствительность", "0,8"),
        ("Специфичность", "0,8"),
    ):
        page.get_by_label(label).first.fill(typed)
    classes = page.get_by_role("group", name="Какие классы он определяет")
    for name in ("меланома", "родинка"):
        classes.get_by_label(name).check(force=True)
    page.get_by_role("group", name="Что из этого").get_by_label("меланома").check(force=True)
    assert visit.barriers() == []
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.locator("h1")).to_have_text("Красное 1.0")


def begin(visit: Visit, code: str) -> None:
    page = visit.page
    page.get_by_role("link", name="Начать испытание").click()
    page.get_by_label("KlT-I калибровочное, первое").check()
    page.get_by_label("FT-I функциональное, первое").check()
    page.get_by_label("Скрытый набор").select_option(code)
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    page.get_by_role("button", name="Начать").click()
    expect(page.locator("h1")).to_have_text("FT-I: Красное 1.0")
    expect(page.locator(".run-progress")).to_contain_text("0 из 4")


def fetch_list(page: Page) -> list[str]:
    """The ids of all units, as the list that comes as a file has them."""
    page.get_by_role("button", name="Получить список снимков…").click()
    with page.expect_download() as downloaded:
        page.get_by_role("alertdialog").get_by_role("button", name="Получить список").click()
    text = Path(downloaded.value.path()).read_text(encoding="utf-8")
    return [row["unit_id"] for row in csv.DictReader(io.StringIO(text))]


def send(page: Page, name: str, text: str) -> None:
    file = FilePayload(name=name, mimeType="text/plain", buffer=text.encode())
    page.set_input_files("input[type=file]", files=[file])


def answer(visit: Visit) -> None:
    page = visit.page
    units = fetch_list(page)
    assert len(units) == 4
    expect(page.get_by_text("Испытание идёт файлом")).to_be_visible()
    send(page, "results.csv", "unit_id,melanoma,nevus\nu,much,0\n")
    expect(page.get_by_role("alert")).to_contain_text("в строке 2 в столбце melanoma не число")
    wrong = [{"unit_id": unit, "probabilities": {"melanoma": 0.5}} for unit in units]
    send(page, "results.json", json.dumps({"results": wrong}))
    expect(page.get_by_role("alert")).to_contain_text("Нет вероятности этого класса.")
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    visit.forgive("status of 422")
    lines = [f"{unit};0,{place};0,{10 - place}" for place, unit in enumerate(units, 1)]
    send(page, "results.csv", "\n".join(["unit_id;melanoma;nevus", *lines]))
    expect(page.locator(".verdict-box h2")).to_have_text("Испытание не пройдено", timeout=WAIT_MS)


def test_an_algorithm_is_registered_tested_by_file_and_reported_on(
    new_visit: NewVisit, stack: RunningStack, hidden: str
) -> None:
    person = new_person(stack, "vendor")
    visit = new_visit()
    page = visit.open("/algorithms")
    visit.sign_in(person.login, NEW_PASSWORD)
    expect(page.locator(".empty")).to_contain_text("Зарегистрируйте версию")
    register(visit)
    begin(visit, hidden)
    answer(visit)
    report = page.locator(".report")
    expect(report).to_contain_text("отказ от неё проверить нельзя")
    expect(report).to_contain_text("файл результатов времени не доказывает")
    report.get_by_text("Показатели качества").click()
    expect(report.locator(".curve svg").first).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert (visit.barriers(), visit.overflow()) == ([], 0)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="К испытаниям").click()
    told = f"В этом месяце начато 1 из {RUNS_A_MONTH} испытаний."
    expect(page.locator("main")).to_contain_text(told)


def test_a_curator_sees_every_test_and_has_it_computed_again(
    new_visit: NewVisit, hidden: str
) -> None:
    visit = new_visit(language="en", scheme="dark")
    page = visit.as_account("curator", f"/tests?dataset={hidden}")
    page.locator(".list tbody a").first.click()
    page.get_by_role("button", name="Compute again").click()
    rows = page.locator("section", has=page.get_by_role("heading", name="Computations"))
    expect(rows.locator("tbody tr")).to_have_count(2, timeout=WAIT_MS)
    expect(rows).to_contain_text("The latest report decides.")
    assert (visit.barriers(), visit.overflow()) == ([], 0)
