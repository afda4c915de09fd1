"""The second factor on the way in, against what Cognito answers where it is required."""

import base64
import subprocess
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from tests.stack import PASSWORD, ROOT, RunningStack
from tests.web.browsing import Visit
from tests.web.conftest import NewVisit
from tests.web.strict_pool import StrictPool, totp

READ_QR = """
import decodeQR from "qr/decode.js";
const [width, height] = process.argv.slice(1).map(Number);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
process.stdout.write(decodeQR({ width, height, data: new Uint8Array(Buffer.concat(chunks)) }));
"""
SELECTED_WITH_THE_ALERT = """
new Promise(done => new MutationObserver(() => {
  const code = document.querySelector("[role=alert]") && document.querySelector("#code");
  if (code) done(code.value.slice(code.selectionStart, code.selectionEnd));
}).observe(document.body, { childList: true, subtree: true }))
"""
"""What is selected of the code in the very moment at which a refusal appears."""
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW"


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_the_codes_here_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert totp(base64.b32encode(b"12345678901234567890").decode(), seconds) == code


def test_after_the_password_a_code_is_asked_and_a_wrong_one_may_be_followed_by_a_right_one(
    visit: Visit,
) -> None:
    page = visit.open()
    pool = StrictPool(page, secret=SECRET)
    loaded: list[str] = []
    visit.listen("request", lambda request: loaded.append(request.url))
    page.focus("#login")
    for typed in ("curator", "Tab", PASSWORD, "Enter"):
        page.keyboard.press(typed) if typed in {"Tab", "Enter"} else page.keyboard.type(typed)
    code = page.get_by_label("Код из приложения")
    expect(code).to_be_focused()
    assert code.get_attribute("autocomplete") == "one-time-code"
    assert code.get_attribute("inputmode") == "numeric"
    assert visit.barriers() == []
    alert = page.get_by_role("alert")
    page.keyboard.type("12345")
    page.keyboard.press("Enter")
    expect(alert).to_have_text("Введите шесть цифр из приложения.")
    page.keyboard.type(pool.wrong_code())
    page.keyboard.press("Enter")
    expect(alert).to_contain_text("Код не подошёл")
    expect(code).to_be_focused()
    assert code.get_attribute("aria-invalid") == "true"
    assert visit.barriers() == []
    pool.locked = True
    page.keyboard.type(pool.code())
    page.keyboard.press("Enter")
    expect(alert).to_contain_text("Слишком много попыток")
    pool.locked = False
    right = pool.code()
    page.keyboard.type(f"{right[:3]} {right[3:]}")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Обзор")
    assert not [url for url in loaded if "setting-up" in url], "what only setting up needs"
    page.get_by_role("button", name="Выйти").click()
    visit.sign_in("curator")
    code.fill(right)
    page.keyboard.press("Enter")
    expect(alert).to_contain_text("Этот код уже использован")
    visit.forgive("status of 400")
    visit.forgive("status of 409")  # the figures of a new stack


def test_a_code_typed_at_once_takes_the_place_of_the_refused_one(visit: Visit) -> None:
    page = visit.open()
    pool = StrictPool(page, secret=SECRET)
    visit.sign_in("curator")
    wrong = pool.wrong_code()
    page.get_by_label("Код из приложения").fill(wrong)
    selected = page.evaluate_handle(f"({{selected: {SELECTED_WITH_THE_ALERT}}})")
    page.keyboard.press("Enter")
    assert selected.evaluate("held => held.selected") == wrong
    visit.forgive("status of 400")
    visit.forgive("status of 409")  # the figures of a new stack


@pytest.mark.parametrize(
    ("secret", "said"),
    [(SECRET, "Время на вход вышло"), (None, "Время на настройку вышло")],
    ids=["code", "setting up"],
)
def test_who_takes_too_long_begins_again_with_the_password(
    visit: Visit, secret: str | None, said: str
) -> None:
    page = visit.open()
    pool = StrictPool(page, secret=secret)
    visit.sign_in("curator")
    code = page.get_by_label("Код из приложения")
    code.fill("123456")
    pool.end_sessions()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_label("Пароль", exact=True)).to_be_focused()
    assert page.input_value("#login") == "curator"
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(code).to_be_visible()
    code.fill(pool.code())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Обзор")
    visit.forgive("status of 400")
    visit.forgive("status of 409")  # the figures of a new stack


def test_a_newcomer_sets_up_his_second_factor_after_his_own_password(
    new_visit: NewVisit, stack: RunningStack
) -> None:
    opened = stack.sign_in("admin").post(
        "/api/v1/accounts", json={"login": "careful.newcomer", "role": "curator"}
    )
    visit = new_visit(language="en", scheme="dark", size=(390, 844))
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open()
    pool = StrictPool(page)
    told: list[str] = []
    visit.listen("console", lambda message: told.append(message.text))
    visit.listen("request", lambda request: told.append(f"{request.url} {request.post_data}"))
    visit.sign_in("careful.newcomer", opened.json()["temporary_password"])
    expect(page.get_by_label("New password")).to_be_focused()
    page.keyboard.type("My-own-password-2")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Second factor")
    expect(heading).to_be_focused()
    assert visit.barriers() == []
    assert visit.overflow() == 0
    groups = page.locator("code.key").inner_text().split(" ")
    assert {len(group) for group in groups} == {4}
    assert "".join(groups) == pool.offered
    page.get_by_role("button", name="Copy the key").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == pool.offered
    address = urlsplit(_read_qr(page))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/Rodinka:careful.newcomer"
    assert parse_qs(address.query) == {"secret": [pool.offered], "issuer": ["Rodinka"]}
    page.get_by_label("Code from the app").fill(pool.wrong_code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The code is not right")
    expect(page.get_by_label("Code from the app")).to_be_focused()
    page.keyboard.type(pool.code())
    with page.expect_response(_told_of_app):
        page.keyboard.press("Enter")
    assert pool.preferred
    expect(page.locator("h1")).to_have_text("Overview")
    kept = page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie])")
    assert pool.secret
    assert not [each for each in (kept, page.url, *told) if pool.secret in each]
    visit.forgive("status of 400")
    visit.forgive("status of 409")  # the figures of a new stack


def test_a_connection_lost_on_the_way_to_the_key_leads_back_to_the_password(visit: Visit) -> None:
    page = visit.open()
    pool = StrictPool(page)
    pool.away = True
    visit.sign_in("curator")
    expect(page.get_by_role("alert")).to_contain_text("Сервер не отвечает")
    pool.away = False
    expect(page.get_by_label("Пароль", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Второй фактор")).to_be_focused()
    page.get_by_role("button", name="Начать вход заново").click()
    expect(page.get_by_label("Пароль", exact=True)).to_be_focused()
    visit.forgive("ERR_FAILED")


def _told_of_app(response: Response) -> bool:
    target = response.request.headers.get("x-amz-target", "")
    return target.endswith(".SetUserMFAPreference")


def _read_qr(page: Page) -> str:
    """What a camera would read off the picture as it stands on the screen."""
    shown = Image.open(BytesIO(page.locator("svg.qr").screenshot())).convert("RGBA")
    command = ["node", "--input-type=module", "-e", READ_QR, *map(str, shown.size)]
    read = subprocess.run(
        command, cwd=ROOT / "web", input=shown.tobytes(), capture_output=True, timeout=30
    )
    assert read.returncode == 0, read.stderr
    return read.stdout.decode()
