"""Screenshots of every main page with generated demo data: `make screenshots`, or for closer looks
`python -m tests.web.screenshots FOLDER --every-look [--only WORD]`.

The demo data are entered first, which takes minutes. With `--every-look` each page is seen on a laptop in
Russian and on a phone in English, light and dark, and on a 4K screen.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from infra.local.demo_course import FOLLOWED_CODE
from tests.stack import RunningStack, start_stack
from tests.web.browsing import Look, Tab, Visit, debian_chromium

ENTERED = re.compile(r"Demo data: (all is entered|not entered)")
ENTER_SECONDS = 1800
LAPTOP, PHONE = (1280, 800), (390, 844)
EVERY_LOOK = (
    ("laptop-ru", Look("ru", "light", LAPTOP)),
    ("laptop-ru-dark", Look("ru", "dark", LAPTOP)),
    ("phone-en", Look("en", "light", PHONE)),
    ("phone-ru-dark", Look("ru", "dark", (360, 740))),
    ("4k-en", Look("en", "light", (3840, 2160))),
)


EN_LAPTOP, EN_PHONE = Look("en", "light", LAPTOP), Look("en", "light", PHONE)


@dataclass(frozen=True)
class Shot:
    """One page: who looks at it, where it is, and on what it is seen for the docs."""

    name: str
    login: str
    path: str
    look: Look = EN_LAPTOP
    ready: str = "h1"
    """What is there when the page has come."""


def shots(stack: RunningStack) -> Iterator[Shot]:
    """Every main page of every role, with the ids of what the demo data have."""
    doctor, curator = stack.sign_in("doctor"), stack.sign_in("curator")
    patient = _post(doctor, "/api/v1/patients/lookup", {"patient_code": FOLLOWED_CODE})[
        "patient_id"
    ]
    lesion = _get(doctor, f"/api/v1/patients/{patient}")["lesions"][0]["lesion_id"]
    question = _first(doctor, "/api/v1/questions?state=open", "question_id")
    yield Shot("sign-in", "", "/", ready="#login")
    yield Shot("registry", "", "/registry")
    yield Shot("patients", "doctor", "/patients")
    yield Shot("patient", "doctor", f"/patients/{patient}", ready=".tile img")
    yield Shot("lesion", "doctor", f"/patients/{patient}/lesions/{lesion}", ready=".bars")
    yield Shot("summary", "doctor", f"/patients/{patient}/lesions/{lesion}/summary")
    yield Shot("survey", "doctor", "/cases/new", ready=".survey-fields")
    yield Shot("histology", "doctor", "/histology")
    yield Shot("questions", "doctor", "/questions")
    if question:
        yield Shot("question", "doctor", f"/questions/{question}")
    yield Shot("referrals", "doctor", "/referrals")
    yield Shot("account", "doctor", "/account")
    yield Shot("reading", "expert1", "/readings", look=Look("en", "dark", LAPTOP))
    yield Shot("own-figures", "expert1", "/readings/figures")
    yield Shot("protocol", "expert1", "/readings/protocol")
    yield Shot("overview", "curator", "/overview")
    yield Shot("cases", "curator", "/cases")
    if case := _first(curator, "/api/v1/labelling/cases?state=agreed", "image_id"):
        yield Shot("case", "curator", f"/cases/{case}")
    yield Shot("experts", "curator", "/experts")
    yield Shot("duplicates", "curator", "/duplicates")
    yield Shot("looks", "curator", "/looks")
    yield Shot("imports", "curator", "/imports")
    yield Shot("datasets", "curator", "/datasets")
    yield Shot("new-dataset", "curator", "/datasets/new")
    if code := _first(curator, "/api/v1/datasets", "code"):
        yield Shot("dataset", "curator", f"/datasets/{code}")
    yield Shot("tests", "vendor", "/tests")
    tests = _get(curator, "/api/v1/evaluations")["items"]
    for test in tests[:1]:
        yield Shot("report", "vendor", f"/tests/{test['evaluation_id']}")
    yield Shot("algorithms", "vendor", "/algorithms")
    yield Shot("new-algorithm", "vendor", "/algorithms/new")
    yield Shot("accounts", "admin", "/accounts")
    yield Shot("account", "doctor", "/account")
    yield Shot("clinics", "admin", "/clinics")
    yield Shot("audit", "admin", "/audit")
    yield Shot("models", "admin", "/models")
    yield Shot("dead-letters", "admin", "/dead-letters")
    yield Shot("webhooks", "admin", "/webhooks")
    yield Shot("open", "", "/open", look=EN_PHONE)
    yield Shot("moles", "patient", "/me", look=EN_PHONE)
    moles = _get(stack.sign_in("patient"), "/api/v1/me/lesions")["items"]
    mole = max(moles, key=lambda each: len(each["images"]))["lesion_id"]
    yield Shot("mole", "patient", f"/me/moles/{mole}", look=EN_PHONE)
    yield Shot("ask", "patient", f"/me/moles/{mole}/ask", look=EN_PHONE)
    yield Shot("photograph", "patient", "/me/photograph", look=EN_PHONE)
    yield Shot("own-questions", "patient", "/me/questions", look=EN_PHONE)
    yield Shot("own-data", "patient", "/me/own", look=EN_PHONE)


def main() -> None:
    """Start a stack with demo data and write the pictures into the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every-look", action="store_true")
    parser.add_argument("--only", default="", help="pages whose name has this word")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    stack = start_stack()
    try:
        told = stack.output.wait_for(ENTERED, ENTER_SECONDS)
        if told is None or told[1] != "all is entered":
            raise SystemExit("The demo data did not come.")
        take(stack, asked.folder, asked.every_look, asked.only)
    finally:
        stack.stop()


def take(stack: RunningStack, folder: Path, every_look: bool, only: str) -> None:
    """Visit each page whose name has `only` in it, and keep what is seen."""
    wanted = [shot for shot in shots(stack) if only in shot.name]
    with debian_chromium() as browser:
        for shot in wanted:
            looks = EVERY_LOOK if every_look else (("", shot.look),)
            for suffix, look in looks:
                tab = Tab(browser, look)
                name = f"{shot.name}-{suffix}" if suffix else shot.name
                to = folder / f"{name}.{'png' if every_look else 'jpg'}"
                _one(Visit(tab, stack.url), shot, to, whole=every_look)
                tab.context.close()


def _one(visit: Visit, shot: Shot, to: Path, *, whole: bool) -> None:
    if shot.login:
        visit.as_account(shot.login, shot.path)
    else:
        visit.open(shot.path)
    visit.page.wait_for_selector(shot.ready)
    visit.settled()
    visit.page.screenshot(path=to, full_page=whole, quality=None if to.suffix == ".png" else 82)
    told = [f"{visit.overflow()} px too wide"] if visit.overflow() else []
    sys.stdout.write(" ".join((to.name, *told, *visit.complaints)) + "\n")


def _get(client: httpx.Client, path: str) -> Any:
    return client.get(path).raise_for_status().json()


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json=body).raise_for_status().json()


def _first(client: httpx.Client, path: str, key: str) -> str | None:
    items = _get(client, path)["items"]
    return str(items[0][key]) if items else None


if __name__ == "__main__":
    main()
