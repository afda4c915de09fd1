"""A curator's day: what needs a human, cases, experts, gold, duplicates, looks and imports."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.stack import RunningStack, start_stack
from tests.web import curated
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

PHONE = {"language": "en", "scheme": "dark", "size": (360, 740)}


@pytest.fixture(scope="module")
def stack() -> Iterator[RunningStack]:
    """A stack of its own, with a short undo minute and quick schedules."""
    running = start_stack("--no-demo", "--tick", "1", module="tests.flows.hasty")
    yield running
    assert running.stop() == 0, running.output.lines[-20:]


@pytest.fixture(scope="module")
def code(stack: RunningStack) -> str:
    """The dataset whose images wait to be looked at."""
    return curated.enter(stack)


def test_a_curator_sees_what_needs_him_and_walks_through_cases_with_keys(
    visit: Visit, code: str
) -> None:
    page = visit.as_account("curator")
    expect(page.locator("h1")).to_have_text("Обзор")
    expect(page.locator(".calm, .attention-line")).to_have_count(1)
    expect(page.get_by_role("row", name="Доля согласия")).to_contain_text("100")
    expect(page.locator(".heat td[data-agree=true]").first).to_have_text("4")
    assert visit.sound() == ([], 0)
    page.get_by_role("link", name="Случаи", exact=True).click()
    page.get_by_label("Подтверждён").click()
    expect(page).to_have_url(f"{visit.url}/cases?state=confirmed")
    expect(page.locator("tbody tr")).to_have_count(3)
    assert visit.sound() == ([], 0)
    page.locator("tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".case-words .verdict").first).to_have_text("родинка")
    expect(page.locator(".reading")).to_have_count(2)
    assert visit.sound() == ([], 0)
    second = page.locator("h1").inner_text()
    page.get_by_role("button", name="Сделать эталоном").click()
    expect(page.locator(".mark")).to_have_text("эталон")
    page.keyboard.press("k")
    expect(page.locator("h1")).not_to_have_text(second)
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text(second)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Следующий")
    page.keyboard.press("Escape")
    page.go_back()
    expect(page).to_have_url(f"{visit.url}/cases?state=confirmed")


@pytest.mark.further
def test_a_pair_is_decided_with_a_key_and_may_be_decided_anew(
    visit: Visit, stack: RunningStack, code: str
) -> None:
    page = visit.as_account("curator", "/duplicates")
    expect(page.locator(".compare-picture")).to_have_count(2)
    for view in ("шторкой", "попеременно"):
        page.keyboard.press("v")
        expect(page.get_by_label(view)).to_be_checked()
        assert visit.sound() == ([], 0)
    page.keyboard.press("s")
    expect(page.locator(".pair .notice")).to_have_text("Решено: одна фотография")
    page.keyboard.press("d")
    expect(page.locator(".pair .notice")).to_have_text("Решено: разные фотографии")
    settled = stack.sign_in("curator").get("/api/v1/duplicates?state=settled").json()["items"]
    assert [step["decision"] for step in settled[0]["history"]] == ["same_photograph", "different"]


def looked_at(page: Page) -> None:
    expect(page.locator(".look-progress [role=status]")).to_have_text("Все отметки отправлены")


def test_looks_take_one_key_each_and_survive_a_lost_connection_and_a_closed_tab(
    visit: Visit, stack: RunningStack, code: str
) -> None:
    page = visit.as_account("curator", f"/looks/{code}")
    expect(page.locator(".look")).to_have_count(4)
    assert visit.sound() == ([], 0)
    page.keyboard.press("f")
    expect(page.locator(".look-said")).to_have_text("лицо")
    page.keyboard.press("u")
    expect(page.locator(".look-said")).to_have_count(0)
    page.keyboard.press("Space")
    looked_at(page)
    visit.context.set_offline(True)
    page.keyboard.press("Space")
    page.keyboard.press("t")
    expect(page.locator(".notice")).to_contain_text("сохранены на этом компьютере")
    waiting = stack.sign_in("curator").get("/api/v1/looks", params={"dataset": code})
    assert len(waiting.json()["items"]) == 3
    visit.context.set_offline(False)
    visit.open(f"/looks/{code}")
    expect(page.locator(".look")).to_have_count(1)
    page.keyboard.press("Space")
    looked_at(page)
    expect(page.locator(".empty")).to_contain_text("просмотрены")
    left = stack.sign_in("curator").get("/api/v1/looks", params={"dataset": code}).json()
    assert left["items"] == []
    visit.forgive("ERR_INTERNET_DISCONNECTED")


def test_on_a_phone_in_english_experts_are_planned_and_sources_opened(
    new_visit: NewVisit, stack: RunningStack, code: str
) -> None:
    visit = new_visit(**PHONE)
    page = visit.as_account("curator", "/experts")
    page.get_by_role("link", name="expert1").click()
    expect(page.get_by_role("row", name="Sensitivity for malignancy")).to_be_visible()
    page.get_by_label("How much to read").fill("many")
    page.get_by_label("Give no new cases").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#planned-fault")).to_contain_text("A whole number")
    expect(page.locator("#reason-fault")).to_have_text("Say why.")
    page.get_by_label("How much to read").fill("300")
    page.get_by_label("Reason for the pause").fill("On leave")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The plan is saved.")).to_be_visible()
    assert visit.sound() == ([], 0)
    readers = stack.sign_in("curator").get("/api/v1/labelling/readers").json()["items"]
    planned = {
        each["login"]: (each["planned_readings"], each["paused_because"]) for each in readers
    }
    assert planned["expert1"] == (300, "On leave")
    for path, seen in (
        ("/overview", ".heat"),
        ("/cases?state=overridden", "tbody tr"),
        ("/experts/gold", "main h1"),
        ("/experts/protocol/new", ".sign"),
        ("/imports", "tbody a"),
    ):
        visit.open(path)
        page.wait_for_selector(seen)
        assert (path, visit.sound()) == (path, ([], 0))
    page.get_by_role("link", name=curated.SOURCE["name"]).click()
    expect(page.locator(".amounts")).to_contain_text("Image not accepted")
    assert visit.sound() == ([], 0)
    visit.open("/imports/new")
    page.get_by_role("button", name="Open the source").click()
    expect(page.locator(".fault", has_text="Fill in this field.")).to_have_count(4)
    for label in ("Name", "Legal basis", "Licence", "Attribution"):
        page.get_by_label(label).fill("Words")
    page.get_by_role("button", name="Open the source").click()
    expect(page.locator("h1")).to_have_text("Words")
    expect(page.locator(".empty")).to_contain_text("There are no images yet")
