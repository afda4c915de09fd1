"""Images on their way from a file to the model's opinion, with what goes wrong on it."""

import base64
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from tests import pictures
from tests.flows.cases import new_lesion, poll
from tests.stack import ROOT, RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit
from tests.web.survey_form import drop, enter

REAL = ROOT.parent / "shared" / "data" / "ham10000-fullsize" / "dataset"
CLASSIFIED_MS = 60_000


@pytest.fixture
def lesion(visit: Visit, stack: RunningStack) -> Page:
    """The page of a lesion without images."""
    made = new_lesion(stack.sign_in("doctor"))
    page = visit.as_account("doctor", f"/patients/{made['patient_id']}/lesions/{made['lesion_id']}")
    page.wait_for_selector(".upload")
    return page


def opinion_in(page: Page, images: int = 1) -> None:
    expect(page.locator(".opinion")).to_have_count(images, timeout=CLASSIFIED_MS)


def judged(page: Page, **more: Any) -> None:
    """Whatever the model makes of a drawn picture, here it judges it; `more` of its opinion is as given."""

    def judge(route: Route) -> None:
        answer = route.fetch()
        image = answer.json()
        if opinion := image["classification"]:
            shares = dict.fromkeys(opinion["probabilities"], 0.0) | {"nevus": 0.8, "melanoma": 0.2}
            said = {"probabilities": shares, "top": "nevus", "abstained": False, "reason": None}
            image["classification"] = {**opinion, **said, **more}
        route.fulfill(response=answer, json=image)

    page.route("**/api/v1/images/*", judge)


def test_after_the_survey_the_upload_is_open_and_the_opinion_appears_in_place(visit: Visit) -> None:
    lesion = visit.as_account("doctor", "/cases/new")
    enter(lesion)
    expect(lesion.get_by_role("status").filter(has_text="Анкета сохранена")).to_be_visible()
    lesion.evaluate("window.neverReloaded = true")
    drop(lesion, pictures.jpeg(pictures.photograph(seed=31)))
    opinion_in(lesion)
    card = lesion.locator(".image-card")
    expect(card).to_contain_text("Это не диагноз")
    expect(card).to_contain_text("Модель rodinka, версия 2.")
    expect(card.locator(".state")).to_have_text("У экспертов", timeout=CLASSIFIED_MS)
    visit.settled()
    expect(card.locator(".viewer")).to_have_attribute("data-state", "open")
    card.get_by_text("История снимка").click()
    expect(card).to_contain_text("640 × 480 точек")
    assert lesion.evaluate("window.neverReloaded")
    assert visit.barriers() == []


def test_the_nine_bars_name_every_class_and_say_their_share(lesion: Page) -> None:
    judged(lesion)
    drop(lesion, pictures.png(pictures.photograph(seed=32)), "lesion.png")
    opinion_in(lesion)
    names = lesion.locator(".bar-name").all_inner_texts()
    assert {"родинка", "меланома", "неизвестный диагноз"} < set(names)
    assert len(set(names)) == 9
    assert all("%" in share for share in lesion.locator(".bar-share").all_inner_texts())


def test_a_real_photograph_gets_an_opinion(new_visit: NewVisit) -> None:
    files = sorted(REAL.glob("*.jpg"))
    if not files:
        pytest.skip("The real photographs are not on this machine (shared/data/ham10000-fullsize)")
    visit = new_visit(language="en")
    page = visit.as_account("doctor", "/cases/new")
    enter(page)
    page.locator(".upload input[type=file]").first.set_input_files(files[0])
    opinion_in(page)
    expect(page.locator(".image-card")).to_contain_text("This is not a diagnosis")
    visit.settled()
    expect(page.locator(".viewer")).to_have_attribute("data-state", "open")


def test_a_phone_photograph_is_never_given_an_opinion(lesion: Page) -> None:
    drop(lesion, pictures.jpeg(pictures.photograph(seed=33)), kind="macroscopic")
    card = lesion.locator(".image-card")
    expect(card).to_contain_text("к таким фотографиям не применяется", timeout=CLASSIFIED_MS)
    expect(card.locator(".state")).to_have_text("Проверен")
    expect(lesion.locator(".opinion")).to_have_count(0)


def test_twenty_files_chosen_at_once_all_arrive_a_few_at_a_time(
    lesion: Page, visit: Visit, stack: RunningStack
) -> None:
    address = lesion.url
    on_the_way: set[str] = set()
    most: list[int] = []

    def begun(request: Request) -> None:
        if request.method == "POST" and "/s3/" in request.url:
            on_the_way.add(request.headers.get("content-type", ""))
            most.append(len(on_the_way))

    def ended(request: Request) -> None:
        on_the_way.discard(request.headers.get("content-type", ""))

    visit.listen("request", begun)
    visit.listen("requestfinished", ended)
    files: list[FilePayload] = [
        {
            "name": f"{seed}.jpg",
            "mimeType": "image/jpeg",
            "buffer": pictures.jpeg(pictures.photograph(seed=seed)),
        }
        for seed in range(400, 420)
    ]
    lesion.locator(".upload input[type=file]").first.set_input_files(files)
    expect(lesion.locator(".masthead .sending")).to_contain_text("из 20")
    # The pictures arrive on whatever page the doctor is meanwhile.
    lesion.click("nav >> text=Пациенты")
    expect(lesion.locator("h1")).to_have_text("Пациенты")
    expect(lesion.locator(".masthead .sending")).to_have_text("", timeout=CLASSIFIED_MS)
    lesion_id = urlsplit(address).path.rpartition("/")[2]
    doctor = stack.sign_in("doctor")
    for _ in poll(CLASSIFIED_MS / 1000):
        timeline = doctor.get(f"/api/v1/lesions/{lesion_id}/timeline").json()
        if len(timeline["images"]) == 20:
            break
    else:
        raise AssertionError(f"{len(timeline['images'])} images of 20")
    assert len(most) == 20
    assert 1 <= max(most) <= 3


def test_a_file_of_another_kind_is_refused_before_anything_is_sent(
    lesion: Page, visit: Visit
) -> None:
    asked: list[str] = []
    visit.listen("request", lambda request: asked.append(request.method))
    drop(lesion, pictures.other_kinds()["pdf"], "report.jpg")
    expect(lesion.locator(".uploads")).to_contain_text("Подходят только JPEG и PNG")
    assert "POST" not in asked
    lesion.get_by_role("button", name="Убрать из списка").click()
    expect(lesion.locator(".uploads")).to_have_count(0)


def test_an_image_that_is_not_accepted_says_why_and_what_to_do(lesion: Page, visit: Visit) -> None:
    drop(lesion, pictures.png(pictures.photograph(20, 20)), "tiny.png")
    expect(lesion.locator(".state")).to_have_text("Снимок не принят", timeout=CLASSIFIED_MS)
    expect(lesion.get_by_role("alert")).to_contain_text("Снимок слишком мал")
    assert visit.barriers() == []


def test_a_lost_connection_is_told_and_the_upload_goes_on_when_it_is_back(
    lesion: Page, visit: Visit
) -> None:
    visit.context.set_offline(True)
    expect(lesion.locator(".banner")).to_contain_text("Нет связи")
    drop(lesion, pictures.jpeg(pictures.photograph(seed=34)))
    expect(lesion.locator(".uploads")).to_contain_text("Связь прервалась")
    visit.context.set_offline(False)
    opinion_in(lesion)
    expect(lesion.locator(".image-card")).to_have_count(1)
    visit.forgive("ERR_INTERNET_DISCONNECTED")


def test_a_connection_lost_in_the_middle_of_a_file_makes_no_second_image(
    lesion: Page, visit: Visit
) -> None:
    slots: list[str] = []
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route)
            route.abort("connectionreset")

    lesion.route("**/s3/**", lose_the_first)
    visit.listen(
        "request",
        lambda request: slots.append(request.url) if request.url.endswith("/images") else None,
    )
    drop(lesion, pictures.jpeg(pictures.photograph(seed=35)))
    lesion.get_by_role("button", name="Повторить").click()
    opinion_in(lesion)
    assert len(slots) == 1
    expect(lesion.locator(".image-card")).to_have_count(1)
    visit.forgive("ERR_CONNECTION_RESET")


def test_what_the_store_refuses_is_said_with_its_own_word(lesion: Page, visit: Visit) -> None:
    lesion.route(
        "**/s3/**",
        lambda route: route.fulfill(status=403, body="<Error><Code>AccessDenied</Code></Error>"),
    )
    drop(lesion, pictures.jpeg(pictures.photograph(seed=36)))
    expect(lesion.locator(".uploads")).to_contain_text("AccessDenied")
    visit.forgive("status of 403")


def test_the_outline_is_drawn_over_the_image_and_can_be_put_away(lesion: Page) -> None:
    drop(lesion, pictures.jpeg(pictures.photograph(seed=37)))
    opinion_in(lesion)
    expect(lesion.locator(".viewer")).to_have_attribute("data-state", "open")
    shown = lesion.get_by_role("button", name="Контур")
    if lesion.locator(".viewer .outline").count() == 0:
        expect(shown).to_have_count(0)
        return
    shown.click()
    expect(shown).to_have_attribute("aria-pressed", "false")
    expect(lesion.locator(".viewer .outline")).to_have_count(0)


def test_a_picture_is_zoomed_and_measured_with_the_keyboard(lesion: Page, visit: Visit) -> None:
    drop(lesion, pictures.jpeg(pictures.photograph(seed=38)))
    opinion_in(lesion)
    viewer = lesion.locator(".viewer")
    expect(viewer).to_have_attribute("data-state", "open")
    lesion.get_by_role("button", name="Линейка").press("Enter")
    viewer.focus()
    for key in ("+", "ArrowLeft", "Enter", "ArrowRight", "ArrowRight", "Enter"):
        lesion.keyboard.press(key)
    expect(viewer.get_by_role("status")).to_contain_text("масштаб снимка неизвестен")
    assert visit.barriers() == []
    lesion.get_by_role("button", name="Убрать линейку").press("Enter")
    expect(viewer.locator(".ruler")).to_have_count(0)


def test_an_abstention_is_said_in_honest_words(lesion: Page) -> None:
    judged(lesion, abstained=True, top="unknown", reason={"code": "unsure", "message": "-"})
    drop(lesion, pictures.jpeg(pictures.photograph(seed=39)))
    opinion_in(lesion)
    expect(lesion.locator(".verdict")).to_have_text("Модель воздержалась")
    expect(lesion.locator(".opinion")).to_contain_text("поэтому ответа нет")
    expect(lesion.locator(".bar.top")).to_have_count(0)


def test_a_picture_that_is_none_for_the_model_gets_a_reason_and_no_bars(
    lesion: Page, visit: Visit
) -> None:
    reason = {"code": "no_lesion", "message": "Похоже на кожу без очага."}
    judged(lesion, abstained=True, top="unknown", reason=reason, outline=None)
    drop(lesion, pictures.jpeg(pictures.photograph(seed=43)))
    opinion_in(lesion)
    expect(lesion.locator(".verdict")).to_have_text("Модель не оценивала этот снимок")
    expect(lesion.locator(".opinion")).to_contain_text("Похоже на кожу без очага.")
    expect(lesion.locator(".bar")).to_have_count(0)
    assert visit.barriers() == []


def test_where_the_model_looked_is_shown_on_demand_and_how_often_it_is_right_in_words(
    lesion: Page, visit: Visit
) -> None:
    cells = base64.b64encode(bytes(range(0, 240, 20))).decode()
    judged(
        lesion,
        saliency={"width": 4, "height": 3, "values": cells},
        reliability={"of_100": 78, "low": 69, "high": 84, "images": 112, "class": "nevus"},
        melanoma_alert=True,
    )
    drop(lesion, pictures.jpeg(pictures.photograph(seed=44)))
    opinion_in(lesion)
    expect(lesion.locator(".opinion")).to_contain_text("Из 100 таких снимков 78 — родинка.")
    expect(lesion.locator(".opinion")).to_contain_text("Вероятность меланомы 20")
    map_over = lesion.locator(".viewer canvas.saliency")
    expect(map_over).to_have_count(0)
    lesion.get_by_role("button", name="Куда смотрела модель").click()
    expect(map_over).to_be_visible()
    last = "canvas => canvas.getContext('2d').getImageData(3, 2, 1, 1).data[3]"
    assert map_over.evaluate(last) == round(220 * 0.65)
    assert visit.barriers() == []


def test_the_patients_page_shows_the_lesion_with_its_latest_image(
    lesion: Page, visit: Visit
) -> None:
    drop(lesion, pictures.jpeg(pictures.photograph(seed=40)))
    opinion_in(lesion)
    lesion.locator(".page-above a").click()
    tile = lesion.locator(".tile")
    expect(tile).to_have_count(1)
    expect(tile).to_contain_text("1 снимок, 1 анкета")
    expect(tile.locator("img")).to_be_visible()
    visit.settled()
