"""A stop in the middle of work is a clean one."""

import threading
import time

import httpx

from tests import pictures
from tests.flows.cases import new_lesion, slot_form
from tests.stack import start_stack

LONGEST_STOP_SECONDS = 14.0
"""One picture may be at work, but not all of those in line."""


def test_a_stop_in_the_middle_of_uploads_is_clean() -> None:
    stack = start_stack("--no-demo")
    doctor = stack.sign_in("doctor")
    lesion_id = new_lesion(doctor)["lesion_id"]
    data = pictures.png(pictures.photograph(1600, 1200))
    form = slot_form(data, "image/png", "dermoscopic")
    slots = [doctor.post(f"/api/v1/lesions/{lesion_id}/images", json=form).json() for _ in range(6)]
    under_way = threading.Semaphore(0)
    answers: list[int] = []

    def keep_sending(upload: dict[str, object]) -> None:
        try:
            while True:
                answers.append(stack.upload(upload, data).status_code)
                under_way.release()
        except httpx.HTTPError:
            return

    senders = [
        threading.Thread(target=keep_sending, args=(slot["upload"],), daemon=True) for slot in slots
    ]
    for sender in senders:
        sender.start()
    for _ in range(8):
        assert under_way.acquire(timeout=60)
    asked_at = time.monotonic()
    assert stack.stop() == 0
    assert time.monotonic() - asked_at < LONGEST_STOP_SECONDS
    for sender in senders:
        sender.join(30)
        assert not sender.is_alive()
    stack.output.reader.join()
    assert set(answers) <= {204, 500, 503}
    assert "Traceback" not in "\n".join(stack.output.lines)
    assert not [line for line in stack.output.lines if '"level":"ERROR"' in line]
