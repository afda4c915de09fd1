"""One world in which everything happens through the functions' entry points, as on Lambda."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
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
        records = [
            {
                "messageId": str(number),
                "receiptHandle": "",
                "body": json.dumps(message),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "",
                "awsRegion": "",
            }
            for number, message in enumerate(messages)
        ]
        assert app.assign_reader({"Records": records}, None) == {"batchItemFailures": []}

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


def _scheduled() -> dict[str, Any]:
    return {**TICK, "account": "", "region": "", "resources": [], "time": "", "version": "0"}


@contextmanager
def new_life() -> Iterator[Life]:
    """A world whose model costs nothing; which one is active is asked all the same.

    Every life is lived in the same account: keys and user pool have the same ids.
    """
    mock_random.seed(1)
    load = "chalicelib.events.models.Classifier.load"
    with new_world() as world, recording(world) as recorder, patch(load, lambda _: STAND_IN):
        yield Life(world, recorder)
