"""A demo patient with an account: his moles, a small series of photographs, a question answered and one open."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import httpx

from infra.local.demo_phone import Photograph, circles, draw_phone
from infra.local.demo_requests import created, send_picture

PATIENCE_SECONDS: Final = 60.0
"""How long a photograph may take until it is taken in; the model may still be loading."""


@dataclass(frozen=True)
class DemoMole:
    """A mole, the photographs of it by how many days ago, and what is asked of it."""

    site: str
    name: str
    spot: Mapping[str, Any]
    photographs: Mapping[int, Photograph]
    answers: Mapping[str, str]
    text: str
    template: str | None
    """The doctor's answer, by its key; none: he has not answered yet."""


_BROWN, _TAN = (110, 66, 46), (156, 104, 72)
MOLES: Final = (
    DemoMole(
        site="torso",
        name="Под лопаткой",
        spot={"view": "back", "x": 0.41, "y": 0.31},
        photographs={
            150: Photograph(5.0, _BROWN, width_mm=62.0),
            75: Photograph(5.6, _BROWN, width_mm=56.0),
            1: Photograph(7.4, _BROWN, width_mm=58.0, irregularity=0.16),
        },
        answers={"itching": "yes", "bleeding": "no", "growth": "yes", "colour": "unknown"},
        text="Кажется, стала больше, чем осенью. Иногда чешется.",
        template="show_soon",
    ),
    DemoMole(
        site="arms",
        name="На предплечье",
        spot={"view": "front", "x": 0.22, "y": 0.43},
        photographs={0: Photograph(4.0, _TAN, width_mm=48.0, coin=False)},
        answers={"itching": "no", "bleeding": "no", "growth": "unknown", "colour": "no"},
        text="Раньше не обращала на неё внимания.",
        template=None,
    ),
)


def enter_moles(
    client: httpx.Client,
    *,
    patient: dict[str, str],
    doctor: dict[str, str],
    today: date,
    stopped: Callable[[], bool],
) -> None:
    """Enter everything as patient and doctor would; `patient` and `doctor` are headers that admit them.

    Ends early when `stopped`. Raises `httpx.HTTPError` when the system refuses.
    """
    for number, mole in enumerate(MOLES):
        told = {"site": mole.site, "name": mole.name, "spot": dict(mole.spot)}
        lesion_id = created(client, "/api/v1/me/lesions", told, patient)["lesion_id"]
        images: list[str] = []
        for days, photograph in mole.photographs.items():
            if stopped():
                return
            picture = draw_phone(photograph, seed=10 * number + len(images))
            about = {
                "taken_on": (today - timedelta(days=days)).isoformat(),
                "marks": circles(photograph),
            }
            path = f"/api/v1/me/lesions/{lesion_id}/images"
            images.append(send_picture(client, path, picture, about, patient))
        if not _taken_in(client, images[-1], patient, stopped):
            return
        question = {
            "lesion_id": lesion_id,
            "image_ids": images[-1:],
            "answers": dict(mole.answers),
            "text": mole.text,
        }
        question_id = created(client, "/api/v1/me/questions", question, patient)["question_id"]
        if mole.template is not None:
            advice = _advice(client, mole.template, doctor)
            created(client, f"/api/v1/questions/{question_id}/advice", advice, doctor)


def _taken_in(
    client: httpx.Client, image_id: str, patient: dict[str, str], stopped: Callable[[], bool]
) -> bool:
    """Wait until a photograph can be asked about; whether it can."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not stopped():
        found = client.get(f"/api/v1/me/images/{image_id}", headers=patient)
        if found.raise_for_status().json()["state"] == "accepted":
            return True
        time.sleep(0.2)
    return False


def _advice(client: httpx.Client, key: str, doctor: dict[str, str]) -> dict[str, Any]:
    found = client.get("/api/v1/questions/templates", headers=doctor).raise_for_status()
    template = next(one for one in found.json()["items"] if one["key"] == key)
    return {"urgency": template["urgency"], "text": template["text"]["ru"]}
