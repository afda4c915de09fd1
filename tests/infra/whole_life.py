"""One world in which everything happens through the functions' entry points, as on Lambda."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import quote_plus

from moto.moto_api._internal import mock_random

import app
from chalicelib.images.model import upload_key
from chalicelib.people.model import Role
from tests import pictures
from tests.classification.admitting import report as passed_report
from tests.erasure.journeys import Journey, begin
from tests.images.making import upload
from tests.infra.recorded_calls import Recorder, recording
from tests.merging.clinic import OTHER, Clinic
from tests.patients.asking import Client
from tests.people.issuer import Issuer, claims
from tests.simulation.files import STAND_IN
from tests.world import World, new_world

TICK: Final = {"id": "tick", "source": "aws.events", "detail-type": "", "detail": {}}
METHOD: Final = "arn:aws:execute-api:eu-central-1:123456789012:api/stage/GET/v1/account"
COSTLY: Final[dict[str, Any]] = {
    "events.models.Classifier.load": lambda _: STAND_IN,
    "documents.readme.pdf": lambda *_: _no_pdf(),
    "evaluation.report.compute": lambda **given: _passed(**given),
    "documents.report.pdf": lambda *_: _no_pdf(),
}
"""What reckons and draws, and asks AWS for nothing: by what it is replaced."""


@dataclass
class Life:
    """A clinic and its staff, and the events that reach the functions."""

    world: World
    recorder: Recorder
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def doctor(self) -> Client:
        return Client(self.world, "doctor1", "clinic1")

    @property
    def curator(self) -> Client:
        return Client(self.world, "curator1", "", role=Role.CURATOR)

    @property
    def admin(self) -> Client:
        return Client(self.world, "admin1", "", role=Role.ADMIN)

    @property
    def vendor(self) -> Client:
        return Client(self.world, "vendor1", "", role=Role.VENDOR)

    @property
    def clinic(self) -> Clinic:
        return Clinic(self.world, self.doctor)

    def photo(self) -> bytes:
        """A photograph like no other."""
        return pictures.jpeg(pictures.photograph(96, 72, seed=next(self._numbers)))

    def patient(self, data: bytes | None = None, *, kind: str = "dermoscopic") -> Journey:
        """A new patient with a lesion, and a slot that awaits a photograph."""
        return begin(self.doctor, data or self.photo(), kind=kind)

    def somebody_else(self) -> Journey:
        """A patient of another code, of other sex and age, with the lesion elsewhere."""
        other: dict[str, Any] = OTHER
        return begin(self.doctor, self.photo(), new_patient=True, **other)

    def classified(self, data: bytes | None = None, *, kind: str = "dermoscopic") -> Journey:
        case = self.patient(data, kind=kind)
        self.uploaded(case)
        return case

    def in_labelling(self, data: bytes | None = None) -> Journey:
        case = self.classified(data)
        self.told({"image_id": case.image_id})
        return case

    def uploaded(self, case: Journey) -> None:
        """The file comes, and its event."""
        version = upload(self.world, case.data, image_id=case.image_id)
        self.arrived(case.image_id, version)

    def arrived(self, image_id: str, version: str | None) -> None:
        """S3 tells `classify` of an upload."""
        stored = {"key": quote_plus(upload_key(image_id))}
        record = {"s3": {"object": stored | ({"versionId": version} if version else {})}}
        app.classify({"Records": [record]}, None)

    def told(self, *messages: dict[str, str]) -> None:
        """The labelling queue hands messages to `assign_reader`, which deals with all of them."""
        assert app.assign_reader(_messages(*messages), None) == {"batchItemFailures": []}

    def builds(self) -> int:
        """`build_release` gets what waits in its queue now, message by message; how many."""
        return self._hand_on(self.world.platform.settings.queue_builds, app.build_release)

    def reports(self) -> int:
        """The same of `evaluate`."""
        return self._hand_on(self.world.platform.settings.queue_evaluations, app.evaluate)

    def built(self) -> None:
        """Until none comes any more."""
        while self.builds():
            pass

    def _hand_on(self, queue: str, function: Callable[[Any, Any], Any]) -> int:
        sqs: Any = self.recorder.session.client("sqs")
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            answer = function(_messages(json.loads(message["Body"])), None)
            assert answer == {"batchItemFailures": []}
        return len(found)

    def lost_builds(self) -> None:
        """What waits for `build_release` is lost."""
        self._hand_on(self.world.platform.settings.queue_builds, _nobody)

    def lost_reports(self) -> None:
        """What waits for `evaluate` is lost."""
        self._hand_on(self.world.platform.settings.queue_evaluations, _nobody)

    def beside(self, owner: Any, method: str, other: Callable[[], object]) -> Any:
        """Once, before `method` does its work, somebody else does `other`."""
        real, left = getattr(owner, method), [other]

        def overtaken(*given: Any, **named: Any) -> Any:
            if left:
                with self.recorder.by_others():
                    left.pop()()
            return real(*given, **named)

        return patch.object(owner, method, overtaken)

    def sweep(self, **later: float) -> None:
        """One run of the sweep after so much time."""
        self.world.clock.advance(**later)
        app.sweep(_scheduled(), None)

    def seal(self) -> None:
        self.world.clock.advance(minutes=5)
        app.seal_audit(_scheduled(), None)

    def measure(self) -> None:
        self.world.clock.advance(minutes=5)
        app.measure_agreement(_scheduled(), None)

    def compare(self) -> None:
        self.world.clock.advance(minutes=5)
        app.compare_pictures(_scheduled(), None)

    def sign_in(self, account_id: str, issuer: Issuer) -> bool:
        """Whether `authorize` admits the account's token."""
        settings = self.world.platform.settings
        said = {"iss": settings.issuer, "client_id": settings.client_id, "sub": account_id}
        token = issuer.sign(claims(self.world.clock.now(), **said))
        event = {"type": "TOKEN", "authorizationToken": f"Bearer {token}", "methodArn": METHOD}
        with patch("chalicelib.people.authorizer.issuer_keys", lambda _: issuer.keys()):
            answer = app.authorize(event, None)
        return bool(answer["principalId"] == account_id)


def _passed(**given: Any) -> dict[str, Any]:
    """The report of a test that was passed, whatever was answered."""
    told = {name: given[name] for name in ("test", "dataset", "algorithm", "computed_at")}
    return passed_report("", **told)


def _no_pdf(*_: Any) -> bytes:
    return b"%PDF-1.7"


def _nobody(_event: Any, _context: Any) -> dict[str, Any]:
    return {"batchItemFailures": []}


def _messages(*bodies: dict[str, str]) -> dict[str, Any]:
    """What Lambda hands to a function that a queue triggers."""
    records = [
        {
            "messageId": str(number),
            "receiptHandle": "",
            "body": json.dumps(body),
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "",
            "awsRegion": "",
        }
        for number, body in enumerate(bodies)
    ]
    return {"Records": records}


def _scheduled() -> dict[str, Any]:
    return {**TICK, "account": "", "region": "", "resources": [], "time": "", "version": "0"}


@contextmanager
def new_life() -> Iterator[Life]:
    """A world whose model and documents cost nothing; which one is active is asked all the same.

    Every life is lived in the same account: keys and user pool have the same ids.
    """
    mock_random.seed(1)
    with ExitStack() as patched:
        world = patched.enter_context(new_world())
        recorder = patched.enter_context(recording(world))
        for what, instead in COSTLY.items():
            patched.enter_context(patch(f"chalicelib.{what}", instead))
        yield Life(world, recorder)
