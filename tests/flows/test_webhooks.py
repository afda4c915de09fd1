"""An event from a curator's request to a receiver on this machine, through the whole local stack."""

import json

from tests.flows.cases import poll
from tests.stack import RunningStack
from tests.webhooks.receiving import receiver
from tests.webhooks.verifying import is_signed

WAIT_SECONDS = 20.0


def test_a_test_event_reaches_its_receiver_and_the_curator_sees_how_it_went(
    stack: RunningStack,
) -> None:
    curator = stack.sign_in("curator")
    with receiver() as house:
        body = {"url": house.url, "events": ["label.completed"], "note": "a test"}
        told = curator.post("/api/v1/webhooks", json=body).json()
        path = f"/api/v1/webhooks/{told['webhook_id']}"
        sent = curator.post(f"{path}/test")
        assert sent.status_code == 202
        for _ in poll(WAIT_SECONDS):
            shown = curator.get(path).json()
            if shown["last_delivery"]:
                break
        assert shown["last_delivery"]["status"] == 204
        [got] = house.got
    assert got.headers["webhook-id"] == sent.json()["event_id"]
    assert json.loads(got.body)["data"] == {"webhook_id": told["webhook_id"]}
    assert is_signed(got, told["secret"])
    assert curator.delete(path).status_code == 204
    doctor = stack.sign_in("doctor")
    assert doctor.post("/api/v1/webhooks", json=body).status_code == 403
