"""Events are announced and delivered: to one who takes them, to one who does not, after a worker died."""

from unittest.mock import patch

from chalicelib.platform.announcing import Happening, announce
from chalicelib.webhooks.model import Fault
from chalicelib.webhooks.posting import NotPosted
from tests.infra.daily_scenes import done, refused
from tests.infra.whole_life import Life
from tests.webhooks.asking import change, look, ping, register, registered, rotate
from tests.webhooks.handing import hand_all

URL = "https://hooks.clinic.example/"
POST = "chalicelib.webhooks.delivery.post"


def receivers_are_registered(life: Life) -> None:
    curator = life.curator
    webhook_id = done(register(curator, URL, key="hook"))["webhook_id"]
    done(register(curator, URL, key="hook"))
    with patch("chalicelib.webhooks.service.MOST", 1):
        refused(register(curator, URL), "too_many_webhooks")
    done(curator.ask("GET", "/v1/webhooks"))
    look(curator, webhook_id)
    done(change(curator, webhook_id, note="Orel"))
    for _ in range(2):
        done(rotate(curator, webhook_id, key="new"))
    assert ping(curator, webhook_id).status == 202
    done(curator.ask("DELETE", "/v1/webhooks/{webhook_id}", webhook_id=webhook_id))


def events_are_delivered(life: Life) -> None:
    """Also what fails at its receiver, and what a worker left half done."""
    for number in range(2):
        registered(life.curator, URL, note=str(number))
    platform = life.world.platform
    with patch(POST, return_value=204) as sent:
        for calls in (None, 1, 2, 3):
            announce(platform, Happening.LABEL_COMPLETED, f"image{calls}")
            with life.recorder.dies_after(calls):
                hand_all(life.world)
            hand_all(life.world, again=True)
        assert sent.call_count >= 8
    platform.client("sqs").send_message(QueueUrl=platform.settings.queue_webhooks, MessageBody="?")
    assert hand_all(life.world) > 0, "none of ours: laid aside"
    announce(platform, Happening.HISTOLOGY_DUE, "lesion1")
    with patch(POST, side_effect=NotPosted(Fault.UNREACHABLE)):
        assert hand_all(life.world) == 2
    with patch(POST, return_value=200):
        assert hand_all(life.world, again=True) == 0
