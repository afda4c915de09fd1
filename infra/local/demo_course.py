"""Demo data beyond first visits: a lesion followed over a year with its histology, and readings by experts."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx

from infra.local.demo_pictures import Lesion, draw
from infra.local.demo_requests import created, send_picture

FOLLOWED_CODE = "481507111958"
"""The patient whose lesion is followed."""
GROWTH = ((-365, 0.2), (-180, 0.235), (-60, 0.275))
"""Days from today, and the radius in parts of the picture's height."""
SPACING_MM = 0.02
READ_BY = ("expert1", "expert2", "expert3")
NEVUS_RADIUS = 0.27
READING_SECONDS = 40.0
"""How long readers are waited for; who finds an empty hand has nothing to read."""


def follow(client: httpx.Client, doctor: dict[str, str], today: date) -> None:
    """Earlier pictures of one lesion, each smaller than the next, and what histology said of it."""
    found = created(client, "/api/v1/patients/lookup", {"patient_code": FOLLOWED_CODE}, doctor)
    patient = client.get(f"/api/v1/patients/{found['patient_id']}", headers=doctor)
    lesion_id = patient.raise_for_status().json()["lesions"][0]["lesion_id"]
    for number, (days, radius) in enumerate(GROWTH):
        lesion = Lesion((62, 40, 34), radius, 0.12, second_colour=(104, 104, 128), network=0.35)
        send_picture(
            client,
            f"/api/v1/lesions/{lesion_id}/images",
            draw(lesion, seed=60 + number),
            {
                "kind": "dermoscopic",
                "taken_on": (today + timedelta(days=days)).isoformat(),
                "pixel_spacing_mm": SPACING_MM,
            },
            doctor,
        )
    histology = {
        "diagnosis": "melanoma",
        "reported_on": today.isoformat(),
        "icd10": "C43.5",
        "breslow_mm": 0.6,
    }
    created(client, f"/api/v1/lesions/{lesion_id}/histology", histology, doctor)


def read(
    client: httpx.Client, readers: dict[str, dict[str, str]], stopped: Callable[[], bool]
) -> None:
    """Let the demo experts read what they were handed: mostly alike, and differently now and then."""
    ends_at = time.monotonic() + READING_SECONDS
    read_by_any = 0
    while time.monotonic() < ends_at and not stopped():
        handed = list(_hands(client, readers))
        for number, (reader, assignment) in enumerate(handed):
            path = f"/api/v1/labelling/assignments/{assignment['assignment_id']}/reading"
            created(client, path, _reading(reader, assignment, number), readers[reader])
        read_by_any += len(handed)
        if read_by_any and not handed:
            return
        time.sleep(2)


def _hands(
    client: httpx.Client, readers: dict[str, dict[str, str]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for reader, authorized in readers.items():
        hand = client.get("/api/v1/labelling/assignments", headers=authorized)
        for assignment in hand.raise_for_status().json()["items"]:
            yield reader, assignment


def _reading(reader: str, assignment: dict[str, Any], number: int) -> dict[str, Any]:
    """What a demo expert says: of heads he suspects more, and the third one at times something else."""
    suspected = assignment["site"] == "head_neck"
    unlike = reader == READ_BY[-1] and not suspected
    diagnosis = "melanoma" if suspected else "benign_keratosis" if unlike else "nevus"
    return {"diagnosis": diagnosis, "confidence": 3 + number % 3, "seconds": 9 + number * 2}
