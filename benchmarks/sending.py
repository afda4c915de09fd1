"""Sends generated images as a doctor does: `python -m benchmarks.sending URL NUMBER`.

A process of its own, so that its memory is its own. Prints a JSON line with the largest resident
memory at a quarter and at the end, and the seconds from the first request to the last image's end.
"""

import hashlib
import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import httpx

from benchmarks.classification import SIZE, photograph
from infra.local.demo import CASES, sign_in, survey_of

WORKERS: Final = 4
FINISHED: Final = {"in_labelling", "rejected"}
PATIENCE_SECONDS: Final = 600.0


def send(client: httpx.Client, lesion_id: str, data: bytes) -> str:
    """Open a slot and upload into it; the image's id."""
    form = {
        "kind": "dermoscopic",
        "content_type": "image/jpeg",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    slot = client.post(f"/api/v1/lesions/{lesion_id}/images", json=form).raise_for_status().json()
    upload = slot["upload"]
    files = {"file": ("image.jpg", data, "image/jpeg")}
    client.post(upload["url"], data=upload["fields"], files=files).raise_for_status()
    return str(slot["image_id"])


def wait_for(client: httpx.Client, image_id: str) -> None:
    """Until the image is in labelling or refused."""
    end = monotonic() + PATIENCE_SECONDS
    while monotonic() < end:
        image = client.get(f"/api/v1/images/{image_id}").raise_for_status().json()
        if image["state"] in FINISHED:
            return
        sleep(0.2)
    raise TimeoutError("an image did not come to its end")


def main(url: str, number: int) -> None:
    from datetime import UTC, datetime

    drawn = photograph(SIZE)
    # Every file differs in its last bytes, which the gate drops: other hashes, one drawing.
    files = (drawn + number.to_bytes(4, "big") for number in range(number))
    with httpx.Client(base_url=url, timeout=60) as client:
        client.headers["Authorization"] = f"Bearer {sign_in(client, 'doctor')}"
        survey = survey_of(CASES[0], datetime.now(UTC).date())
        lesion_id = (
            client.post("/api/v1/surveys", json=survey).raise_for_status().json()["lesion_id"]
        )
        began = monotonic()
        sent = 0
        at_a_quarter = 0.0
        last = ""
        with ThreadPoolExecutor(WORKERS) as workers:
            while some := list(islice(files, 10 * WORKERS)):
                last = list(workers.map(lambda data: send(client, lesion_id, data), some))[-1]
                sent += len(some)
                if not at_a_quarter and sent >= number / 4:
                    at_a_quarter = peak_megabytes()
        wait_for(client, last)
        took = monotonic() - began
    figures = {"seconds": took, "quarter_mb": at_a_quarter, "end_mb": peak_megabytes()}
    sys.stdout.write(json.dumps(figures) + "\n")


def peak_megabytes() -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
