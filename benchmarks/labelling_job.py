"""What becomes of an image once readers have it, done in a world and counted act by act."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

import app
from benchmarks.main_job import TICK, MainJob
from chalicelib.labelling.model import Case
from chalicelib.labelling.reading import UNDO
from chalicelib.labelling.store import CaseStore
from chalicelib.people.model import Caller, Reach, Role
from chalicelib.platform.announcing import Happening, announce
from chalicelib.webhooks import service as webhooks
from infra.cost.units import item_bytes
from infra.local.events import sqs_event
from tests.asking import as_caller
from tests.webhooks.handing import ARN, waiting
from tests.world import REGION

ASSIGNMENT: Final = "/v1/labelling/assignments/{assignment_id}"
SAID: Final = {
    "confidence": 4,
    "outline": [[round(0.2 + n / 50, 3), round(0.2 + n % 7 / 30, 3)] for n in range(24)],
    "comment": "Атипичная сеть, сине-белая вуаль",
    "seconds": 21.5,
}
"""Beside the class: an outline of 24 points, as a hand draws it, and a sentence."""
LOOKS: Final = 3


class LabellingJob(MainJob):
    """The main job, then its labelling: two who agree, two who do not and a senior, and what is rarer."""

    def prepare(self) -> None:
        """The same, with a senior and one receiver of events."""
        self._senior = self._expert("senior", Role.SENIOR_EXPERT)
        webhooks.register(
            self.world.platform,
            caller=Caller("curator1", Role.CURATOR, "", Reach.ANY),
            webhook_id="webhook1",
            url="https://registry.example/",
            events=[Happening.LABEL_COMPLETED.value, Happening.ARBITRATION_NEEDED.value],
            note="",
        )
        super().prepare()
        with self._uncounted():  # their first calls are over then
            announce(self.world.platform, Happening.HISTOLOGY_DUE, self._lesion_id)
            self._told()
            with self._act("figures", "measure_agreement"):
                app.measure_agreement(TICK, None)

    def labelling(self) -> None:
        """One image that two agree on, one that goes to the senior, the figures of both, and one image
        that is given to and fro."""
        case = self._in_hands()
        for reader in case.slots:
            self._reads(case, reader, "nevus")
        self._settled("settle, two agree", case)
        self._agreed = case.image_id
        case = self._in_hands()
        for reader, diagnosis in zip(case.slots, ("nevus", "melanoma"), strict=True):
            self._reads(case, reader, diagnosis)
        self._settled("settle, a senior is asked", case)
        self._reads(case, self._senior, "melanoma")
        self._settled("settle, a senior has read", case)
        # Of one case in each list: two in one would be read in one block or in two, as chance has it.
        with self._act("figures", "measure_agreement"):
            app.measure_agreement(TICK, None)
        with self._act("figures, nothing new", "measure_agreement"):
            app.measure_agreement(TICK, None)
        caller = as_caller("expert", self._experts[0])
        self._ask("look at own figures", "GET", "/v1/labelling/statistics", caller=caller)
        self._given_to_and_fro()

    def one_case_more(self, cases: int) -> dict[str, float]:
        """What a closed case adds to the figures: its bytes, and milliseconds of our own work, told by so
        many more of them."""
        (closed,) = self._items("labelling", f"case#{self._agreed}")
        few = self._figures_seconds()
        for number in range(cases):
            self._put("labelling", closed, {self._agreed: f"{number:024}"})
        milliseconds = 1000 * (self._figures_seconds() - few) / cases
        return {"case_bytes": item_bytes(closed), "case_ms": round(milliseconds, 3)}

    def _figures_seconds(self) -> float:
        with self._uncounted():
            for _ in range(LOOKS):
                self.world.clock.advance(hours=1)
                with self._act("figures", "measure_agreement") as act:
                    app.measure_agreement(TICK, None)
        return min(act.seconds)

    @contextmanager
    def _uncounted(self) -> Iterator[None]:
        acts, self.acts = self.acts, {}
        try:
            yield
        finally:
            self.acts = acts

    def _in_hands(self) -> Case:
        """A new image in the hands of two experts."""
        with self._uncounted():
            image_id = self._through_the_intake()
            messages = self._messages()
            with self._act("assign readers", "assign_reader"):
                app.assign_reader({"Records": messages}, None)
        case = self._case(image_id)
        assert len(case.slots) == 2, case
        return case

    def _case(self, image_id: str) -> Case:
        case = CaseStore(self.world.platform.labelling).get(image_id)
        assert case is not None
        return case

    def _reads(self, case: Case, reader: str, diagnosis: str) -> None:
        body = {"diagnosis": diagnosis, **SAID}
        self._of_reader("submit a reading", "POST", "/reading", case, reader, body=body)
        self._has_room(reader)

    def _has_room(self, reader: str) -> None:
        self._message("look for a reader's next case", {"reader_id": reader})

    def _of_reader(
        self, act: str, method: str, path: str, case: Case, reader: str, **asked: Any
    ) -> None:
        slot = self._case(case.image_id).slots[reader]
        role = Role.SENIOR_EXPERT if reader == self._senior else Role.EXPERT
        ids, caller = {"assignment_id": slot.assignment_id}, as_caller(role.value, reader)
        self._ask(act, method, ASSIGNMENT + path, ids=ids, caller=caller, **asked)
        self._messages()  # what the queue was told is done here, each by itself

    def _settled(self, act: str, case: Case) -> None:
        """The last reading is final: the case goes on, and others are told."""
        self.world.clock.advance(seconds=UNDO.total_seconds() + 1)
        self._message(act, {"case_id": case.image_id})
        self._told()

    def _told(self) -> None:
        """Whoever waits for events is told of all there are."""
        while messages := waiting(self.world):
            for message in messages:
                self._tell(message)

    def _message(self, act: str, body: Mapping[str, str]) -> None:
        """One message of the labelling queue, by itself."""
        record = {"messageId": "one", "body": json.dumps(body), "eventSource": "aws:sqs"}
        with self._act(act, "assign_reader"):
            app.assign_reader({"Records": [record]}, None)

    def _tell(self, message: Any) -> None:
        """One message of the queue of webhooks: to all receivers, or to one of them."""
        to_one = "webhook_id" in json.loads(message["Body"])

        def post(*_: Any) -> int:
            self.meter.counts.calls["receiver.Post"] += 1
            return 204

        with (
            patch("chalicelib.webhooks.delivery.post", post),
            self._act("deliver an event" if to_one else "share an event out", "deliver_webhook"),
        ):
            app.deliver_webhook(sqs_event([message], queue_arn=ARN, region=REGION), None)
        queue = self.world.platform.settings.queue_webhooks
        self._sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def _given_to_and_fro(self) -> None:
        """One reader asks for time, takes his reading back and reads again; the other declines."""
        case = self._in_hands()
        one, other = case.slots
        self.world.clock.advance(hours=2)
        self._of_reader("ask for more time", "POST", "/renew", case, one)
        self._reads(case, one, "nevus")
        self._of_reader("take a reading back", "DELETE", "/reading", case, one)
        reason = {"reason": "Пациент мне знаком"}
        self._of_reader("decline an image", "POST", "/decline", case, other, body=reason)
        self._has_room(other)
        self._message("find another reader", {"case_id": case.image_id})
        for reader in self._case(case.image_id).slots:
            self._reads(case, reader, "nevus")
        self._settled("settle, two agree", case)
        self.world.clock.advance(minutes=3)
        with self._act("sweep, one declined assignment", "sweep"):
            app.sweep(TICK, None)
