"""A patient's phone: a browser whose camera shows a generated mole with a coin beside it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import ImageDraw, ImageFilter
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests import pictures
from tests.flows.cases import new_lesion
from tests.stack import PASSWORD, RunningStack
from tests.web.browsing import FLAGS, Visit

PHONE = (390, 844)


@contextmanager
def browser_with_camera(beside: Browser, folder: Path) -> Iterator[Browser]:
    """One more browser of the same driver; its camera needs no permission and shows `mole_and_coin`.

    The whole of Chromium: in its build without windows what waited does not go when the network is back.
    """
    film = folder / "camera.mjpeg"
    film.write_bytes(mole_and_coin())
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = beside.browser_type.launch(
        executable_path=shutil.which("chromium"), args=[*FLAGS, *camera]
    )
    yield browser
    browser.close()


def mole_and_coin(*, blurred: bool = False) -> bytes:
    """A photograph upright, with a coin where the guide asks for it."""
    image = pictures.photograph(720, 960, seed=3)
    ImageDraw.Draw(image).ellipse((460, 570, 620, 730), fill=(172, 166, 150), outline=(90, 90, 84))
    return pictures.jpeg(image.filter(ImageFilter.GaussianBlur(9)) if blurred else image)


def photograph_file(*, blurred: bool = False) -> FilePayload:
    """What the phone's own camera hands over, with what phones write into their files."""
    data = mole_and_coin(blurred=blurred)
    secret = pictures.SECRET.encode()
    comment = b"\xff\xfe" + (len(secret) + 2).to_bytes(2, "big") + secret
    return {
        "name": "IMG_2041.jpg",
        "mimeType": "image/jpeg",
        "buffer": data[:2] + comment + data[2:],
    }


def access_code(stack: RunningStack) -> str:
    """The one-time code that a doctor gives a patient whom nobody else knows."""
    doctor = stack.sign_in("doctor")
    patient = new_lesion(doctor)["patient_id"]
    answer = doctor.post(f"/api/v1/patients/{patient}/access")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


def open_account(visit: Visit, code: str, *, stay: bool = False) -> str:
    """Open the pages with a code as a patient does, up to the first page; answers the login."""
    page = visit.open(f"/open#{code}")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator(".open-form button[type=submit]").click()
    login = page.locator(".login-card .login-itself").inner_text()
    if stay:
        page.locator(".stay input").check()
    page.locator("a.primary").click()
    page.locator(".shutter-bar").wait_for()
    return login


def clients_of_kept_tokens(page: Page) -> list[str]:
    """Which clients of the pool the tokens are of that this browser keeps, wherever it does."""
    kept: list[str] = page.evaluate(
        "[...Object.keys(sessionStorage), ...Object.keys(localStorage)]"
        ".filter(key => key.endsWith('.refreshToken')).map(key => key.split('.')[1])"
    )
    return kept


def shoot(page: Page) -> None:
    """From the first page to a photograph that was looked at: two taps and one on."""
    page.locator(".shutter-bar a").click()
    page.locator(".shutter:enabled").click()
    page.locator(".look .steps button").first.click()


def place_anew(page: Page) -> None:
    """Put the mole on the chest, and send it."""
    figure = page.locator(".body-placing")
    box = figure.bounding_box()
    assert box is not None
    figure.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.26})
    page.locator(".where .steps .primary").click()


def moles(client: Any) -> list[dict[str, Any]]:
    """What the system knows of the patient's moles, those with photographs."""
    found = client.get("/api/v1/me/lesions").raise_for_status().json()["items"]
    return [mole for mole in found if mole["images"]]


def nothing_waits(page: Page) -> None:
    expect(page.locator(".waiting-room")).to_have_count(0)
