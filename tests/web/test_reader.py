"""An expert's hand: what is assigned to him, blind."""

from typing import Any

from playwright.sync_api import expect

from tests import pictures
from tests.flows.cases import finished, new_lesion, poll, send_image
from tests.stack import RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit

READERS = ("expert1", "expert2", "expert3")


def hand_with_a_new_image(stack: RunningStack, seed: int) -> tuple[str, dict[str, Any]]:
    """A reader who holds something after another image was queued, and what he holds first."""
    doctor = stack.sign_in("doctor")
    data = pictures.jpeg(pictures.photograph(seed=seed))
    lesion_id = new_lesion(doctor)["lesion_id"]
    finished(doctor, send_image(stack, doctor, lesion_id, data, "dermoscopic", "image/jpeg"))
    for _ in poll(30):
        for login in READERS:
            hand = stack.sign_in(login).get("/api/v1/labelling/assignments").json()["items"]
            if hand:
                return login, hand[0]
    raise AssertionError("no reader was found")


def test_an_expert_sees_his_assignments_and_nothing_that_could_sway_him(
    visit: Visit, stack: RunningStack
) -> None:
    login, first = hand_with_a_new_image(stack, 51)
    page = visit.as_account(login)
    tile = page.locator(".tile").first
    expect(tile).to_contain_text("Торс")
    expect(tile).to_contain_text(f"{first['age']}\u00a0")
    expect(tile).to_contain_text("женщина · дерматоскопия")
    expect(tile).to_contain_text("Прочитать до")
    visit.settled()
    assert tile.locator("img").evaluate("image => image.naturalWidth") > 0
    text = page.inner_text("main").lower()
    for secret in ("меланома", "%", "вероятн", "doctor"):
        assert secret not in text
    assert visit.barriers() == []


def test_the_same_hand_in_english(new_visit: NewVisit, stack: RunningStack) -> None:
    visit = new_visit(language="en")
    login, first = hand_with_a_new_image(stack, 52)
    page = visit.as_account(login)
    expect(page.locator("h1")).to_have_text("My readings")
    expect(page.locator(".tile").first).to_contain_text(f"{first['age']}\u00a0years, woman")


def test_an_empty_hand_says_that_there_is_nothing_to_do(visit: Visit) -> None:
    page = visit.as_account("senior")
    expect(page.locator(".empty")).to_contain_text("Сейчас читать нечего")
    assert visit.barriers() == []
