"""Screenshots of the main pages with generated demo data: `python -m tests.web.screenshots FOLDER`.

Each page at 1280 and 390 pixels, light and dark; Russian on the laptop, English on the phone.
"""

import re
import sys
from pathlib import Path

from tests import pictures
from tests.stack import start_stack
from tests.web.browsing import Look, Tab, Visit, debian_chromium
from tests.web.survey_form import drop, enter, new_code, send

ENTERED = re.compile(r"Demo data: 6 of 6")
LOOKS = [
    ("ru", scheme, (1280, 800), name)
    for scheme, name in (("light", "laptop-light"), ("dark", "laptop-dark"))
] + [
    ("en", scheme, (390, 844), name)
    for scheme, name in (("light", "phone-light"), ("dark", "phone-dark"))
]


def main(folder: Path) -> None:
    """Start a stack with demo data and write the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    stack = start_stack()
    try:
        if stack.output.wait_for(ENTERED, 120) is None:
            raise SystemExit("The demo data did not come.")
        with debian_chromium() as browser:
            for language, scheme, size, look in LOOKS:
                tab = Tab(browser, Look(language, scheme, size))
                visit = Visit(tab, stack.url)
                for page in (_doctor, _reader, _others):
                    page(visit, folder, look)
                tab.context.close()
    finally:
        stack.stop()


def _save(visit: Visit, folder: Path, look: str, name: str) -> None:
    visit.settled()
    visit.save(folder / f"{name}-{look}.png")


def _doctor(visit: Visit, folder: Path, look: str) -> None:
    page = visit.open()
    page.wait_for_selector("#login")
    _save(visit, folder, look, "sign-in")
    visit.as_account("doctor").wait_for_selector("table.list")
    _save(visit, folder, look, "patients")
    page.locator("table.list tbody a").last.click()
    page.wait_for_selector(".tile img")
    _save(visit, folder, look, "patient")
    page.click(".tile a")
    page.wait_for_selector(".bars")
    _save(visit, folder, look, "lesion")
    visit.open("/cases/new").wait_for_selector(".survey-fields")
    _save(visit, folder, look, "survey")
    send(page)
    page.wait_for_selector(".failure")
    _save(visit, folder, look, "survey-faults")
    visit.open("/cases/new")
    enter(page, new_code())
    _save(visit, folder, look, "upload")
    drop(page, pictures.other_kinds()["pdf"], "report.jpg")
    page.wait_for_selector(".uploads .fault")
    drop(page, pictures.png(pictures.photograph(20, 20)), "tiny.png")
    page.wait_for_selector(".image-card .failure")
    _save(visit, folder, look, "upload-refused")


def _reader(visit: Visit, folder: Path, look: str) -> None:
    visit.page.locator("header button").last.click()
    page = visit.as_account("expert1")
    page.wait_for_selector(".tile")
    _save(visit, folder, look, "readings")


def _others(visit: Visit, folder: Path, look: str) -> None:
    visit.page.locator("header button").last.click()
    visit.as_account("curator").wait_for_selector("main h1")
    _save(visit, folder, look, "role")
    visit.open("/docs").wait_for_selector(".opblock")
    visit.page.screenshot(path=folder / f"reference-{look}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
