"""The reading room: an image is read by two keys, and no reading is lost."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests import pictures
from tests.flows.cases import DERMOSCOPIC, finished, new_lesion, poll, real_files, send_image
from tests.stack import RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

READERS = ("expert1", "expert2", "expert3")
HAND = "**/api/v1/labelling/assignments?*"
SHOWN = ".case .viewer[data-state=open]"


def hand_of(stack: RunningStack, login: str) -> list[dict[str, Any]]:
    answer = stack.sign_in(login).get("/api/v1/labelling/assignments?limit=200")
    return list(answer.json()["items"])


def send_images(stack: RunningStack, files: list[bytes]) -> None:
    doctor = stack.sign_in("doctor")
    for data in files:
        lesion_id = new_lesion(doctor)["lesion_id"]
        finished(doctor, send_image(stack, doctor, lesion_id, data, "dermoscopic", "image/jpeg"))


@pytest.fixture(scope="module")
def reader(stack: RunningStack) -> str:
    """A reader who holds three images at least."""
    send_images(stack, [pictures.jpeg(pictures.photograph(seed=seed)) for seed in range(51, 55)])
    for _ in poll(30):
        for login in READERS:
            if len(hand_of(stack, login)) > 2:
                return login
    raise AssertionError("no reader was found")


def until(page: Page, happened: Callable[[], object]) -> None:
    """Wait in the page's own time: while Python sleeps it hears of no request."""
    for _ in poll(20, every=0):
        if happened():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen")


class Sent:
    """What the page sends of readings, as the API hears it."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page
        self.readings: list[tuple[str, dict[str, Any]]] = []
        self.taken_back = 0
        visit.listen("request", self._see)

    def _see(self, request: Request) -> None:
        if request.url.endswith("/reading") and request.method == "POST":
            key = request.headers["idempotency-key"]
            self.readings.append((key, request.post_data_json or {}))
        self.taken_back += request.url.endswith("/reading") and request.method == "DELETE"

    def wait_for(self, count: int) -> dict[str, Any]:
        until(self.page, lambda: len(self.readings) >= count)
        return self.readings[count - 1][1]


def width(page: Page) -> float:
    """How wide the picture is on the screen, of which it may be more than there is."""
    box = page.locator(".sheet").bounding_box()
    return box["width"] if box else 0


def left(page: Page) -> int:
    page.wait_for_selector(SHOWN)
    words = page.inner_text(".panel-head").split("\u00b7")[1]
    return int("".join(filter(str.isdigit, words)))


def test_a_reading_takes_two_keys_and_may_be_taken_back(visit: Visit, reader: str) -> None:
    sent = Sent(visit)
    page = visit.as_account(reader)
    before = left(page)
    text = page.inner_text("body").lower()
    for secret in ("%", "вероятн", "модель считает", "doctor", "пациент:"):
        assert secret not in text
    assert visit.barriers() == []
    page.keyboard.press("Enter")
    expect(page.locator(".panel .fault")).to_contain_text("Сначала выберите класс")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(".undo")).to_contain_text("Отвечено: меланома")
    assert sent.wait_for(1)["diagnosis"] == "melanoma"
    expect(page.locator(".countdown")).to_contain_text("ещё")
    assert left(page) == before - 1
    page.keyboard.press("Backspace")
    expect(page.locator(".class input:checked")).to_have_value("melanoma")
    assert left(page) == before
    until(page, lambda: sent.taken_back)
    for key in ("1", "Shift+Digit2", "s", "s", "s", "q", "c"):
        page.keyboard.press(key)
    page.keyboard.type("12 нитей")
    page.keyboard.press("Control+Enter")
    told = sent.wait_for(2)
    assert (told["diagnosis"], told["differential"]) == ("nevus", ["melanoma"])
    assert (told["confidence"], told["image_quality"]) == (3, "poor")
    assert told["comment"] == "12 нитей"
    assert told["seconds"] > 0
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("отменить ответ в течение минуты")
    assert visit.barriers() == []
    page.keyboard.press("Escape")


def test_a_lost_connection_loses_no_reading(visit: Visit, reader: str) -> None:
    sent = Sent(visit)
    page = visit.as_account(reader)
    before = left(page)
    page.wait_for_selector(SHOWN)
    lost: list[Route] = []
    mended: list[bool] = []

    def lose_the_answer(route: Route) -> None:
        if mended:
            route.continue_()
            return
        if not lost:
            route.fetch()  # It arrives; what came of it is never heard.
        lost.append(route)
        route.abort("connectionreset")

    page.route("**/reading", lose_the_answer)
    page.keyboard.press("9")
    page.keyboard.press("Enter")
    expect(page.locator(".stuck")).to_contain_text("Ответы сохранены в этом браузере")
    assert left(page) == before - 1
    mended.append(True)
    page.reload()
    page.wait_for_selector(SHOWN)
    sent.wait_for(2)
    expect(page.locator(".stuck")).to_have_count(0)
    (first, one), (second, other) = sent.readings[:2]
    assert (first, one) == (second, other)
    assert left(page) == before - 1
    visit.forgive("ERR_CONNECTION_RESET")


def test_an_image_is_declined_with_a_reason(visit: Visit, reader: str) -> None:
    told: list[dict[str, Any]] = []
    visit.listen(
        "request",
        lambda request: (
            told.append(request.post_data_json) if request.url.endswith("/decline") else None
        ),
    )
    page = visit.as_account(reader)
    page.wait_for_selector(SHOWN)
    page.keyboard.press("d")
    act = page.get_by_role("alertdialog").get_by_role("button", name="Отказаться")
    expect(act).to_be_disabled()
    page.get_by_label("Пациент мне знаком").check()
    assert visit.barriers() == []
    act.click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert told == [{"reason": "Пациент мне знаком"}]


def test_on_a_phone_classes_are_buttons_and_two_fingers_zoom(
    new_visit: NewVisit, stack: RunningStack
) -> None:
    send_images(stack, [pictures.jpeg(pictures.photograph(seed=seed)) for seed in (56, 57)])
    login = next(each for each in READERS if hand_of(stack, each))
    visit = new_visit(language="en", size=(360, 800))
    sent = Sent(visit)
    page = visit.as_account(login)
    page.wait_for_selector(SHOWN)
    assert visit.overflow() == 0
    assert visit.barriers() == []
    picture = page.locator(".sheet").bounding_box()
    assert picture is not None
    touches = visit.context.new_cdp_session(page)
    x, y = picture["x"] + picture["width"] / 2, picture["y"] + picture["height"] / 2
    for kind, spread in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60)):
        points = [{"x": x - spread, "y": y, "id": 0}, {"x": x + spread, "y": y, "id": 1}]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(page, lambda: width(page) > picture["width"] * 1.5)
    page.locator(".class input[value=melanoma]").tap()
    page.get_by_role("button", name="Answer").tap()
    assert sent.wait_for(1)["diagnosis"] == "melanoma"
    expect(page.locator(".undo")).to_contain_text("Answered: melanoma")
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator(".class input:checked")).to_have_value("melanoma")


def opinion(diagnosis: str, **more: Any) -> dict[str, Any]:
    return {
        "diagnosis": diagnosis,
        "differential": [],
        "confidence": None,
        "image_quality": "good",
        "outline": None,
        "comment": None,
        **more,
    }


@pytest.fixture
def arbitrated(visit: Visit, stack: RunningStack, reader: str) -> Iterator[list[str]]:
    """The senior's list holds one case, whose first link has run out; what was asked meanwhile."""
    image_url = hand_of(stack, reader)[0]["image_url"]
    asked: list[str] = []
    case = {
        "assignment_id": "a-case",
        "round": "arbitration",
        "kind": "dermoscopic",
        "site": "torso",
        "age": 50,
        "sex": "female",
        "leased_until": "2000-01-01T00:00:00Z",
        "readings": [
            opinion("melanoma", confidence=4, outline=[[0.2, 0.2], [0.7, 0.2], [0.5, 0.7]]),
            opinion("nevus", differential=["melanoma"], comment="сеть", image_quality="poor"),
        ],
    }

    def answer(route: Route) -> None:
        asked.append("hand")
        link = image_url if len(asked) > 1 else f"{image_url.split('?')[0]}?expired"
        listing = {"items": [{**case, "image_url": link}], "next": None}
        route.fulfill(json=listing)

    def renew(route: Route) -> None:
        asked.append("renewed")
        route.fulfill(json={"leased_until": "2099-01-01T00:00:00Z"})

    visit.page.route(HAND, answer)
    visit.page.route("**/a-case/renew", renew)
    yield asked
    visit.forgive("status of 403")


def test_a_senior_sees_both_readings_as_they_come_and_not_whose_they_are(
    visit: Visit, arbitrated: list[str]
) -> None:
    page = visit.as_account("senior")
    page.wait_for_selector(SHOWN)
    assert "renewed" in arbitrated
    first, second = page.locator(".opinions li").all()
    expect(first).to_contain_text("Эксперт A")
    expect(first).to_contain_text("меланома")
    expect(first).to_contain_text("уверенность 4 из 5")
    expect(second).to_contain_text("Эксперт B")
    expect(second).to_contain_text("родинка")
    expect(second).to_contain_text("сеть")
    expect(page.locator(".sheet .outline polygon").first).to_be_visible()
    assert "expert" not in page.inner_text("main").lower()
    assert visit.barriers() == []


def test_a_border_is_drawn_in_one_stroke_and_goes_with_the_reading(
    visit: Visit, arbitrated: list[str]
) -> None:
    told: list[dict[str, Any]] = []

    def take(route: Route) -> None:
        told.append(json.loads(route.request.post_data or "{}"))
        route.fulfill(status=201, json={"reading_id": "r", "undo_until": "2099-01-01T00:00:00Z"})

    page = visit.as_account("senior")
    page.route("**/a-case/reading", take)
    page.wait_for_selector(SHOWN)
    page.keyboard.press("o")
    sheet = page.locator(".sheet").bounding_box()
    assert sheet is not None
    corners = [(0.3, 0.3), (0.45, 0.3), (0.6, 0.3), (0.6, 0.45), (0.6, 0.6), (0.45, 0.6)]
    corners += [(0.3, 0.6), (0.3, 0.5), (0.3, 0.4), (0.3, 0.35), (0.3, 0.305)]
    for place, (x, y) in enumerate(corners):
        page.mouse.move(sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"])
        if place == 0:
            page.mouse.down()
    page.mouse.up()
    expect(page.locator(".a9s-annotation.selected")).to_be_visible()
    assert visit.barriers(".viewer") == []
    page.keyboard.press("o")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    until(page, lambda: told)
    outline = told[0]["outline"]
    assert 4 <= len(outline) <= 6
    assert all(abs(coordinate - 0.45) < 0.16 for point in outline for coordinate in point)


def test_a_new_version_of_the_protocol_is_read_and_accepted_first(visit: Visit) -> None:
    news = {"ru": "Добавлены признаки меланомы.", "en": "Signs of melanoma were added."}
    accepted: list[bool] = []

    def newer(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "changes": news, "accepted": bool(accepted)})

    visit.page.route("**/labelling/protocol", newer)
    page = visit.as_account("senior")
    visit.listen(
        "request",
        lambda request: accepted.append(True) if request.url.endswith("/accept") else None,
    )
    expect(page.locator("main")).to_contain_text("Вышла новая версия протокола")
    expect(page.locator("main")).to_contain_text(news["ru"])
    assert visit.barriers() == []
    page.get_by_role("button", name="принимаю версию 1").click()
    expect(page.locator("h1")).to_have_text("Пока читать нечего")
    expect(page.locator(".figures")).to_contain_text("Первые цифры появятся")
    assert visit.barriers() == []


def test_a_reader_sees_his_agreement_when_everything_is_read(new_visit: NewVisit) -> None:
    visit = new_visit(language="en")
    figures = {"cases": 40, "planned_readings": 200, "agreement": 0.875, "median_seconds": 21.4}
    visit.page.route("**/labelling/statistics", lambda route: route.fulfill(json=figures))
    page = visit.as_account("senior", "/readings/figures")
    expect(page.locator(".figures")).to_contain_text("In 88% of 40 closed cases")
    expect(page.locator(".figures")).to_contain_text("21 s")
    expect(page.get_by_label("Plan: 40 of 200")).to_be_visible()
    assert visit.barriers() == []


def test_a_real_image_is_zoomed_by_keys_and_shown_whole_again(
    visit: Visit, stack: RunningStack
) -> None:
    data = real_files(DERMOSCOPIC, "*.jpg", 1)[0].read_bytes()
    send_images(stack, [data])
    login = next(each for each in READERS if hand_of(stack, each))
    page = visit.as_account(login)
    page.wait_for_selector(SHOWN)
    whole = width(page)
    for key in ("+", "+", "ArrowRight"):
        page.keyboard.press(key)
    until(page, lambda: width(page) > whole * 2)
    page.keyboard.press("0")
    until(page, lambda: width(page) == whole)
