"""What a doctor does over HTTP, step by step."""

import hashlib
import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.stack import RunningStack

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
DERMOSCOPIC = SHARED / "ham10000-fullsize" / "dataset"
PHONE = SHARED / "clinical-photos" / "images"
FINISHED = {"in_labelling", "rejected", "labelled", "abandoned"}

_numbers = itertools.count(1)


def real_files(folder: Path, pattern: str, number: int) -> list[Path]:
    """So many files of the shared data, or a skip that says what is missing."""
    files = sorted(folder.glob(pattern))[:number]
    if len(files) < number:
        pytest.skip(f"the shared research data are not here ({folder.name})")
    return files


def survey(**changes: Any) -> dict[str, Any]:
    """A correct survey of a new patient."""
    return {
        # Born a day later than those whose codes tests write out, so that no two are the same.
        "patient_code": f"{next(_numbers):04}30031975",
        "consent": {"research": True, "publication": False},
        "age": 50,
        "sex": "female",
        "hair": "brown",
        "skin_type": "II",
        "site": "torso",
        "mole_count": "5_to_20",
        "family_history": ["none"],
        "immunosuppressed": False,
        "freckles": True,
        "race": "caucasian",
        "sunburns": ["redness"],
        "large_moles": "one_or_two",
        "histology_required": False,
        "examined_on": "2025-06-02",
        **changes,
    }


def new_lesion(doctor: httpx.Client) -> dict[str, Any]:
    answer = doctor.post("/api/v1/surveys", json=survey())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def slot_form(data: bytes, content_type: str, kind: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "content_type": content_type,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        **changes,
    }


def send_image(
    stack: RunningStack,
    doctor: httpx.Client,
    lesion_id: str,
    data: bytes,
    kind: str,
    content_type: str,
) -> str:
    """Open a slot and upload into it; the image's id."""
    answer = doctor.post(
        f"/api/v1/lesions/{lesion_id}/images", json=slot_form(data, content_type, kind)
    )
    assert answer.status_code == 201, answer.text
    slot = answer.json()
    uploaded = stack.upload(slot["upload"], data)
    assert uploaded.status_code == 204, uploaded.text
    return str(slot["image_id"])


def poll(seconds: float, *, every: float = 0.1) -> Iterator[None]:
    """Look again and again for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(every)


def finished(doctor: httpx.Client, image_id: str, *, states: set[str] = FINISHED) -> dict[str, Any]:
    """The image once it is in one of `states`."""
    image: dict[str, Any] = {}
    for _ in poll(60):
        image = doctor.get(f"/api/v1/images/{image_id}").json()
        if image["state"] in states:
            return image
    raise AssertionError(f"the image stays {image.get('state')}")
