"""The main job, done once in a world and counted act by act.

An act is one invocation of a function, or one thing that a browser does at AWS by itself.
"""

import contextlib
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from time import thread_time
from typing import Any, Final
from urllib.parse import quote_plus

from moto.dynamodb.models.dynamo_type import DynamoType

import app
from benchmarks.meter import Counts, Meter, table_in_moto, typed_item
from chalicelib.images.model import upload_key
from chalicelib.people import service as people
from chalicelib.people.model import HAND_SIZE, Role
from chalicelib.platform.language import Text
from infra.cost.units import item_bytes
from tests.asking import as_caller, ask
from tests.images.making import upload
from tests.labelling.making import reader
from tests.patients.asking import SURVEY
from tests.people.accounts import sign_in
from tests.people.issuer import Issuer, claims
from tests.world import World

READERS: Final = 3
HALF_A_HAND: Final = HAND_SIZE // 2
PAGE: Final = 50
"""Patients on the first page of a clinic's list; one page is read however many there are."""
PASSWORD: Final = "Rodinka-test-1"
LINE_BYTES: Final = 26
"""CloudWatch Logs adds so many bytes to each line."""
TICK: Final = {
    "id": "tick",
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "detail": {},
    "account": "1",
    "region": "eu-central-1",
    "time": "now",
    "version": "0",
    "resources": [],
}


@dataclass
class Act:
    """One invocation of `function`, or a browser's own act where that is None."""

    function: str | None
    counts: Counts
    metrics: Counter[str] = field(default_factory=Counter)
    """Values written, by metric, function and further dimensions."""
    log_bytes: int = 0
    answer_bytes: int = 0
    seconds: list[float] = field(default_factory=list)
    """Our own work, without what AWS does meanwhile, and without what else the machine does."""

    def as_json(self) -> dict[str, Any]:
        return {
            "function": self.function,
            "calls": dict(sorted(self.counts.calls.items())),
            "write_units": dict(sorted(self.counts.write_units.items())),
            "read_units": dict(sorted(self.counts.read_units.items())),
            "metrics": dict(sorted(self.metrics.items())),
            "stored_bytes": {k: v for k, v in sorted(self.counts.stored_bytes.items()) if v},
            "log_bytes": self.log_bytes,
            "answer_bytes": self.answer_bytes,
            "compute_ms": round(1000 * min(self.seconds), 1),
        }


class MainJob:
    """Who does the job in one world, and what was counted of it so far."""

    def __init__(self, world: World, meter: Meter, issuer: Issuer, photo: bytes) -> None:
        self.world, self.meter, self._issuer = world, meter, issuer
        self.acts: dict[str, Act] = {}
        self._photo = photo
        self._surveys = 0

    def prepare(self) -> None:
        """Open the accounts, warm everything up, and fill list and hands as they are by day."""
        platform = self.world.platform
        name = Text("Клиника", "Clinic")
        people.open_clinic(platform, name=name, city="Орёл", clinic_id="clinic1")
        opened = people.open_account(
            platform, login="doctor", role=Role.DOCTOR, clinic_id="clinic1", password=PASSWORD
        )
        self._doctor = as_caller("doctor", opened.account.account_id, "clinic1")
        self._experts = [self._expert(f"expert{number}") for number in range(READERS)]
        self._messages()  # of what the new readers set going
        self.one_image()
        self.acts.clear()
        patient = self._patient_id
        (pattern,) = self._items("cases", f"patient#{patient}")
        for number in range(1, PAGE):
            self._put("cases", pattern, {patient: f"{number:024}"})
        self._fill_hands(HALF_A_HAND)

    def _expert(self, login: str, role: Role = Role.EXPERT) -> str:
        return reader(self.world, login, role=role)

    def one_image(self) -> None:
        """From signing in to the readers' hands, and what the clock does meanwhile."""
        self._signing_in()
        self._ask("configuration", "GET", "/v1/config", caller=None)
        self._ask("vocabularies", "GET", "/v1/vocabularies", caller=None)
        self._ask("own account", "GET", "/v1/account")
        self._ask("list of patients", "GET", "/v1/patients")
        answers = {**SURVEY, "patient_code": f"{self._surveys:04}29031975"}
        self._surveys += 1
        survey = self._ask("survey", "POST", "/v1/surveys", body=answers)
        self._patient_id, self._lesion_id = survey["patient_id"], survey["lesion_id"]
        image = {"image_id": self._through_the_intake()}
        messages = self._messages()
        with self._act("assign readers", "assign_reader"):
            app.assign_reader({"Records": messages}, None)
        seen = self._ask("look at the image", "GET", "/v1/images/{image_id}", ids=image)
        assert seen["state"] == "in_labelling", seen
        patient = {"patient_id": self._patient_id}
        self._ask("look at the patient", "GET", "/v1/patients/{patient_id}", ids=patient)
        for expert in self._experts:
            caller = as_caller("expert", expert)
            self._ask("look at a hand", "GET", "/v1/labelling/assignments", caller=caller)
        self._on_the_clock()

    def _signing_in(self) -> None:
        with self._act("sign in", None):
            sign_in(self.world, "doctor", PASSWORD)
        # moto's own tokens are dated by the machine's clock, not by the world's.
        ours, subject = self.world.platform.settings, self._doctor["account_id"]
        said = {"iss": ours.issuer, "client_id": ours.client_id, "sub": subject}
        token = self._issuer.sign(claims(self.world.clock.now(), **said))
        arn = "arn:aws:execute-api:eu-central-1:123456789012:api/stage/GET/v1/account"
        asked = {"type": "TOKEN", "authorizationToken": f"Bearer {token}", "methodArn": arn}
        with self._act("authorize", "authorize"):
            policy = app.authorize(asked, None)
        assert policy["principalId"] == subject, policy

    def _through_the_intake(self) -> str:
        """Slot, upload and classification of the photograph; the image's id."""
        form = {
            "kind": "dermoscopic",
            "content_type": "image/jpeg",
            "bytes": len(self._photo),
            "sha256": hashlib.sha256(self._photo).hexdigest(),
        }
        path, lesion = "/v1/lesions/{lesion_id}/images", {"lesion_id": self._lesion_id}
        slot = self._ask("image slot", "POST", path, body=form, ids=lesion)
        image_id = str(slot["image_id"])
        with self._act("upload", None):
            version = upload(self.world, self._photo, image_id=image_id)
        stored = {"key": quote_plus(upload_key(image_id)), "versionId": version}
        event = {"Records": [{"s3": {"bucket": {"name": "uploads"}, "object": stored}}]}
        with self._act("classify", "classify"):
            app.classify(event, None)
        return image_id

    def _on_the_clock(self) -> None:
        self.world.clock.advance(minutes=1)
        with self._act("seal the records of one image", "seal_audit"):
            app.seal_audit(TICK, None)
        with self._act("seal, nothing to do", "seal_audit"):
            app.seal_audit(TICK, None)
        # The same photograph as the job's before: with a pair to be entered, more than most pictures cost.
        with self._act("compare one picture", "compare_pictures"):
            app.compare_pictures(TICK, None)
        with self._act("compare, nothing new", "compare_pictures"):
            app.compare_pictures(TICK, None)
        with self._act("sweep, nothing to do", "sweep"):
            app.sweep(TICK, None)

    def readers_are_short(self, looks: int) -> None:
        """A case that finds every hand full, and the sweep's looks at it, every hour."""
        acts, self.acts = self.acts, {}
        self._fill_hands(HAND_SIZE)
        self._through_the_intake()
        messages = self._messages()
        with self._act("no room in any hand", "assign_reader"):
            app.assign_reader({"Records": messages}, None)
        self.acts = acts
        for _ in range(looks):
            self.world.clock.advance(minutes=61)
            with self._act("sweep, one case without a reader", "sweep"):
                app.sweep(TICK, None)

    @cached_property
    def account_bytes(self) -> int:
        """Bytes of an expert's account, which every search for readers reads of each of them."""
        (account,) = self._items("people", f"account#{self._experts[0]}")
        return item_bytes(account)

    def _ask(self, act: str, method: str, path: str, **asked: Any) -> Any:
        asked.setdefault("caller", self._doctor)
        with self._act(act, "api_handler") as done:
            answer = ask(method, path, **asked)
        assert answer.status in (200, 201, 204), answer.body
        size = len(json.dumps(answer.body, ensure_ascii=False).encode()) if answer.body else 0
        done.answer_bytes = done.answer_bytes or size  # hands grow as the job is done again
        return answer.body

    @contextmanager
    def _act(self, name: str, function: str | None) -> Iterator[Act]:
        """Count what the block does as one act; of an act done before, only its seconds."""
        counts = self.meter.counts = Counts()
        act = self.acts.setdefault(name, Act(function, counts))
        said = io.StringIO()
        began = thread_time()
        with contextlib.redirect_stdout(said):
            yield act
        took = thread_time() - began
        act.seconds.append(max(0.0, took - counts.seconds_away))
        self.meter.counts = Counts()
        if act.counts is counts:
            lines = said.getvalue().splitlines()
            act.log_bytes = sum(len(line.encode()) + LINE_BYTES for line in lines)
            act.metrics = _metrics(lines)

    @cached_property
    def _sqs(self) -> Any:
        return self.world.platform.client("sqs")

    def _messages(self) -> list[dict[str, Any]]:
        """What waits in the labelling queue, taken out as Lambda does."""
        sqs, queue = self._sqs, self.world.platform.settings.queue_labelling
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [
            {"messageId": one["MessageId"], "body": one["Body"], "eventSource": "aws:sqs"}
            for one in found
        ]

    def _fill_hands(self, until: int) -> None:
        """Let every reader hold so many assignments: copies of one, which nobody need go through."""
        hands = {expert: self._hand(expert) for expert in self._experts}
        pattern = next(item for held in hands.values() for item in held)
        for expert, held in hands.items():
            for number in range(len(held), until):
                own = {
                    pattern["assignment_id"]["S"]: f"{number:024}",
                    pattern["account_id"]["S"]: expert,
                }
                self._put("labelling", pattern, own)

    def _hand(self, expert: str) -> list[Any]:
        held = self._items("labelling", f"reader#{expert}")
        return [item for item in held if item.get("hand", {}).get("S") == f"hand#{expert}"]

    def _put(self, table: str, pattern: Any, changed: dict[str, str]) -> None:
        """Put an item like `pattern` with some texts changed, wherever they stand in it."""
        text = json.dumps(pattern)
        for before, after in changed.items():
            text = text.replace(before, after)
        table_in_moto(f"rodinka-test-{table}").put_item(json.loads(text))

    def _items(self, table: str, key: str) -> list[Any]:
        """The items under one partition key, typed as DynamoDB has them."""
        found = table_in_moto(f"rodinka-test-{table}").items.get(DynamoType({"S": key}), {})
        return [typed_item(item) for item in found.values()]


def _metrics(lines: list[str]) -> Counter[str]:
    """The values in the lines of CloudWatch's embedded format, by metric and dimensions."""
    written: Counter[str] = Counter()
    for line in lines:
        said = json.loads(line)
        for directive in said.get("_aws", {}).get("CloudWatchMetrics", []):
            (dimensions,) = directive["Dimensions"]
            of = " ".join(str(said[name]) for name in sorted(dimensions) if name != "service")
            for metric in directive["Metrics"]:
                written[f"{metric['Name']} {of}"] += len(said[metric["Name"]])
    return written
