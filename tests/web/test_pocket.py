"""A patient's pages on a phone: the way in, photographs, series, questions, no network, the way out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Request, expect

from tests.flows.cases import poll
from tests.stack import PASSWORD, RunningStack
from tests.web.browsing import Look, Tab, Visit
from tests.web.phone import (
    PHONE,
    access_code,
    browser_with_camera,
    clients_of_kept_tokens,
    mole_and_coin,
    moles,
    nothing_waits,
    open_account,
    photograph_file,
    place_anew,
    shoot,
)

Phone = Callable[..., Visit]


@pytest.fixture(scope="module")
def camera(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder: Path = tmp_path_factory.mktemp("camera")
    with browser_with_camera(browser, folder) as started:
        yield started


@pytest.fixture
def phone(camera: Browser, stack: RunningStack) -> Iterator[Phone]:
    """Makes phones; afterwards none of them may have complained of anything."""
    made: list[Visit] = []

    def make(language: str = "ru", scheme: str = "light") -> Visit:
        made.append(Visit(Tab(camera, Look(language, scheme, PHONE)), stack.url))
        return made[-1]

    yield make
    for visit in made:
        visit.tab.context.close()
    assert [complaint for visit in made for complaint in visit.complaints] == []


def clients(stack: RunningStack) -> dict[str, str]:
    """How to sign in, as anybody is told."""
    auth: dict[str, str] = stack.client().get("/api/v1/config").json()["auth"]
    return auth


def test_a_code_opens_the_pages_and_the_camera_is_two_taps_away(
    phone: Phone, stack: RunningStack
) -> None:
    visit = phone()
    code = access_code(stack)
    page = visit.open("/open")
    page.locator("input.one-time").fill(code.lower().replace("-", " "))
    expect(page.locator("input.one-time")).to_have_value(code)
    page.locator("input[type=password]").fill("short")
    page.locator(".open-form button[type=submit]").click()
    expect(page.locator("input[type=password]")).to_be_focused()
    assert visit.barriers() == []
    login = open_account(visit, code)
    assert code not in page.evaluate("location.href + JSON.stringify({...localStorage})")
    patients_client = clients(stack)["patient_client_id"]
    page.reload()
    page.locator(".shutter-bar").wait_for()
    assert clients_of_kept_tokens(page) == [patients_client]
    sent: list[bytes] = []
    visit.listen(
        "request",
        lambda request: (
            sent.append(request.post_data_buffer or b"") if "/s3/" in request.url else None
        ),
    )
    shoot(page)
    assert visit.barriers() == []
    page.locator(".editor-rings").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("+")
    page.locator(".marking .primary").click()
    page.locator("#coin").select_option("rub_5")
    page.locator(".marking .primary").click()
    assert visit.barriers() == []
    place_anew(page)
    expect(page.locator(".sent .lead")).to_have_text("Снимок отправлен.")
    assert visit.overflow() == 0
    page.get_by_role("link", name="Посмотреть эту родинку").click()
    expect(page.locator(".series-words")).to_contain_text("±")
    expect(page.locator(".series-words")).to_contain_text("по монете «5 рублей»")
    assert visit.settled()
    assert visit.barriers() == []
    [mole] = moles(stack.sign_in(login))
    assert mole["spot"]["view"] == "front"
    assert [b"Exif" in body for body in sent if body] in ([False], [])
    page.locator(".masthead a", has_text="Выйти").click()
    page.locator("#login").wait_for()


def test_a_doubtful_photograph_says_why_and_goes_all_the_same_without_what_the_phone_wrote(
    phone: Phone, stack: RunningStack
) -> None:
    visit = phone(language="en", scheme="dark")
    login = open_account(visit, access_code(stack))
    page = visit.page
    page.locator(".shutter-bar a").click()
    page.locator("input[type=file]").set_input_files([photograph_file(blurred=True)])
    expect(page.locator(".findings")).to_contain_text("It is not sharp.")
    page.get_by_role("button", name="Send it anyway").click()
    page.get_by_role("button", name="No coin, go on").click()
    page.locator(".mole-choice input").first.check()
    with page.expect_request("**/s3/**") as posted:
        page.locator(".where .steps .primary").click()
    assert b"Ivanova" not in (posted.value.post_data_buffer or b"")
    page.get_by_role("link", name="Ask the doctor").click()
    page.locator(".choice input:checked").wait_for()
    page.locator("main .primary.large").click()
    for answer in ("Yes", "No", "I do not know", "Yes", "No", "No", "No"):
        page.get_by_role("button", name=answer, exact=True).click()
    assert visit.barriers() == []
    page.locator("textarea").fill("Since spring.")
    page.locator("main .primary.large").click()
    page.locator("main .primary.large").click()
    opinion = page.locator(".opinion-first")
    expect(opinion).to_contain_text("Show it to a doctor within days.")
    expect(opinion).to_contain_text("This is not a diagnosis.")
    assert visit.barriers() == []
    question = page.url.rsplit("/", 1)[-1]
    advised(stack, question, "POST", urgency="urgent", text="Come on Monday.")
    visit.open("/me")
    page.get_by_role("link", name="Read the answer").click()
    expect(page.locator(".advice")).to_contain_text("Come on Monday.")
    expect(page.locator(".advice")).to_contain_text("If nobody answers")
    assert visit.barriers() == []
    advised(stack, question, "PATCH", revision=1, text="Come on Tuesday.")
    visit.open("/me")
    expect(page.locator(".news h2")).to_have_text("The doctor has corrected the answer")
    with page.expect_response("**/read?revision=2"):
        page.get_by_role("link", name="Read the answer").click()
    expect(page.locator(".advice .notice").first).to_contain_text("The doctor corrected the answer")
    expect(page.locator(".advice")).to_contain_text("Come on Tuesday.")
    assert visit.barriers() == []
    visit.open("/me")
    page.locator(".shutter-bar").wait_for()
    expect(page.locator(".news")).to_have_count(0)
    erased(visit, stack, login)


def advised(stack: RunningStack, question: str, method: str, **advice: object) -> None:
    path = f"/api/v1/questions/{question}/advice"
    stack.sign_in("doctor").request(method, path, json=advice).raise_for_status()


def erased(visit: Visit, stack: RunningStack, login: str) -> None:
    """All of it is erased at the patient's word, and he reads a calm page."""
    page = visit.open("/me/own")
    assert visit.barriers() == []
    page.get_by_role("button", name="Erase everything").click()
    window = page.get_by_role("alertdialog")
    expect(window.get_by_role("button", name="Erase everything")).to_be_disabled()
    window.locator("input").check()
    window.get_by_role("button", name="Erase everything").click()
    expect(page.locator("h1")).to_have_text("Everything is being erased")
    expect(page.locator("header nav")).to_have_count(0)
    refused = stack.initiate_auth("USER_PASSWORD_AUTH", {"USERNAME": login, "PASSWORD": PASSWORD})
    assert refused.status_code == 400


def controlled(visit: Visit) -> Page:
    """The worker is in charge of the pages: they open without a network from now on."""
    page = visit.open("/me")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    for _ in poll(30):
        if page.evaluate("navigator.serviceWorker.controller !== null"):
            break
    page.locator(".moles").wait_for()
    return page


def test_without_a_network_the_pages_open_and_what_is_photographed_goes_later_once(
    phone: Phone, stack: RunningStack
) -> None:
    visit = phone()
    login = open_account(visit, access_code(stack), stay=True)
    page = controlled(visit)
    visit.context.set_offline(True)
    page.reload()
    shoot(page)
    page.locator(".marking .quiet").click()
    place_anew(page)
    expect(page.locator(".sent .lead")).to_contain_text("уйдёт сам")
    assert visit.barriers() == []
    page.locator(".masthead a", has_text="Выйти").click()
    expect(page.locator(".page .lead")).to_contain_text("Не всё отправлено")
    page.reload()
    expect(page.locator(".waiting-room li")).to_have_count(2)
    visit.context.set_offline(False)
    nothing_waits(page)
    [mole] = moles(stack.sign_in(login))
    assert len(mole["images"]) == 1
    visit.forgive("ERR_INTERNET_DISCONNECTED")


@pytest.mark.further
def test_the_worker_sends_what_waits_when_no_page_is_open(
    phone: Phone, stack: RunningStack
) -> None:
    visit = phone()
    login = open_account(visit, access_code(stack), stay=True)
    page = controlled(visit)
    devtools = visit.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(each["registrationId"] for each in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    visit.context.set_offline(True)
    shoot(page)
    page.locator(".marking .quiet").click()
    page.locator(".mole-choice input").first.check()
    page.locator(".where .steps .primary").click()
    page.locator(".waiting-room").wait_for()
    page.goto("about:blank")
    visit.context.set_offline(False)
    event = {"origin": stack.url, "registrationId": found[-1], "tag": "rodinka.send"}
    devtools.send("ServiceWorker.dispatchSyncEvent", {**event, "lastChance": False})
    client = stack.sign_in(login)
    for _ in poll(30):
        if any(image["state"] == "accepted" for mole in moles(client) for image in mole["images"]):
            break
    visit.forgive("ERR_INTERNET_DISCONNECTED")


@pytest.mark.further
def test_a_patient_who_signs_in_at_the_staffs_page_is_let_in_and_his_session_is_ended_where_it_began(
    phone: Phone, stack: RunningStack
) -> None:
    visit = phone()
    login, auth = open_account(visit, access_code(stack)), clients(stack)
    page = visit.page
    for path, client in (("/", "client_id"), ("/me", "patient_client_id")):
        held = clients_of_kept_tokens(page)
        with page.expect_request(ends_a_session) as asked:
            page.locator(".masthead a", has_text="Выйти").click()
        assert [(asked.value.post_data_json or {})["ClientId"]] == held
        page.locator("#login").wait_for()
        visit.open(path)
        visit.sign_in(login)
        page.locator(".shutter-bar").wait_for()
        page.reload()
        page.locator(".shutter-bar").wait_for()
        assert clients_of_kept_tokens(page) == [auth[client]]


def ends_a_session(request: Request) -> bool:
    return request.headers.get("x-amz-target", "").endswith(".RevokeToken")


@pytest.mark.further
def test_pages_of_other_roles_are_left_alone_by_the_worker(phone: Phone) -> None:
    visit = phone()
    page = visit.as_account("doctor", "/patients")
    page.locator("h1").wait_for()
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert page.locator("link[rel=manifest]").count() == 0


@pytest.mark.further
def test_a_refused_camera_leaves_the_phones_own(phone: Phone, stack: RunningStack) -> None:
    visit = phone()
    visit.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    open_account(visit, access_code(stack))
    page = visit.page
    page.locator(".shutter-bar a").click()
    expect(page.locator(".notice")).to_contain_text("обычной камерой телефона")
    damaged: FilePayload = {
        "name": "x.jpg",
        "mimeType": "image/jpeg",
        "buffer": mole_and_coin()[:400],
    }
    page.locator("input[type=file]").set_input_files([damaged])
    expect(page.get_by_role("alert")).to_contain_text("Это не снимок")
    page.locator("input[type=file]").set_input_files([photograph_file()])
    page.locator(".look").wait_for()
