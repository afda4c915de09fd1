"""Filling the survey as a doctor does, by clicking."""

import itertools
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import FilePayload, Page

_numbers = itertools.count(1)

ANSWERS: dict[str, Any] = {
    "sex": "female",
    "hair": "brown",
    "skin_type": "II",
    "site": "torso",
    "mole_count": "5_to_20",
    "family_history": ["none"],
    "immunosuppressed": "no",
    "freckles": "yes",
    "race": "caucasian",
    "sunburns": ["redness"],
    "large_moles": "one_or_two",
    "histology_required": "no",
}


def new_code() -> str:
    """The code of a patient born on 12 May 1961 whom no other test knows."""
    return f"{7000 + next(_numbers):04}12051961"


def fill(page: Page, code: str, answers: Mapping[str, Any] = ANSWERS) -> None:
    """Everything but the button; the age follows from the code."""
    page.fill("#field-patient_code", code)
    for field, answer in answers.items():
        for choice in answer if isinstance(answer, list) else [answer]:
            page.locator(f"#field-{field} [data-choice='{choice}'] input").check()
    page.locator("#field-consent input").first.check()


def send(page: Page) -> None:
    page.click(".survey button[type=submit]")


def enter(page: Page, code: str | None = None) -> None:
    """A whole survey on the page that is open, until the lesion's page is there."""
    page.wait_for_selector("#field-patient_code")
    fill(page, code or new_code())
    send(page)
    page.wait_for_selector(".upload")


def drop(page: Page, data: bytes, name: str = "lesion.jpg", kind: str = "dermoscopic") -> None:
    """Choose a file on a lesion's page."""
    page.locator(".upload .chip input").nth(("dermoscopic", "macroscopic").index(kind)).check()
    mime = "image/png" if name.endswith("png") else "image/jpeg"
    file: FilePayload = {"name": name, "mimeType": mime, "buffer": data}
    page.locator(".upload input[type=file]").first.set_input_files([file])
