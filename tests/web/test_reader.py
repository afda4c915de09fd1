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
    """A reader who holds an image of a woman's torso, such as was just queued, and that assignment.

    Other tests fill the same hands, and a hand has no order that could be relied on.
    """
    doctor = stack.sign_in("doctor")
    data = pictures.jpeg(pictures.photograph(seed=seed))
    lesion_id = new_lesion(doctor)["lesion_id"]
    finished(doctor, send_image(stack, doctor, lesion_id, data, "dermoscopic", "image/jpeg"))
    for _ in poll(30):
        for login in READERS:
            hand = (
                stack.sign_in(login).get("/api/v1/labelling/assignments?limit=200").json()["items"]
            )
            for held in hand:
                if (held["site"], held["sex"]) == ("torso", "female"):
                    return login, held
    raise AssertionError("no reader was found")


def test_an_expert_sees_his_assignments_and_nothing_that_could_sway_him(
    visit: Visit, stack: RunningStack
) -> None:
    login, held = hand_with_a_new_image(stack, 51)
    page = visit.as_account(login)
    tile = page.locator(".tile", has_text="Торс").filter(has_text="женщина").first
    expect(page.locator(".tile", has_text=f"{held['age']}\u00a0").first).to_be_visible()
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
    login, held = hand_with_a_new_image(stack, 52)
    page = visit.as_account(login)
    expect(page.locator("h1")).to_have_text("My readings")
    told = f"{held['age']}\u00a0years, woman"
    expect(page.locator(".tile", has_text="Torso").filter(has_text=told).first).to_be_visible()


def test_an_empty_hand_says_that_there_is_nothing_to_do(visit: Visit) -> None:
    page = visit.as_account("senior")
    expect(page.locator(".empty")).to_contain_text("Сейчас читать нечего")
    assert visit.barriers() == []
