"""Every flow of the main job by itself: what it starts from, what is called, and what must come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from chalicelib.classification import service as classification
from chalicelib.images.model import upload_key
from chalicelib.labelling import service as labelling
from chalicelib.labelling.model import Slot
from chalicelib.labelling.store import AssignmentStore, CaseStore
from chalicelib.platform import keys
from tests.asking import Answered, as_caller, ask
from tests.patients.asking import SURVEY
from tests.simulation import dynamodb
from tests.simulation import stage as functions
from tests.simulation.cloud import put_object
from tests.simulation.faults import Fault
from tests.simulation.files import STAND_IN, File, declaration, files
from tests.simulation.lambdas import Event, Lambdas
from tests.simulation.people import SLOTS, SURVEYS
from tests.simulation.stage import Stage
from tests.simulation.tables import Tables
from tests.world import WorkerDied

_DIES_AT_ONCE: Final = {1: Fault.DIES_BEFORE}
"""The first call pins the upload."""
GOOD: Final = files()[0]
BAD: Final = next(file for file in files() if file.problem is not None)


@dataclass
class Bench:
    """One stage on which flows are run one after another, each with people and codes of its own."""

    stage: Stage
    number: int = 0
    lambdas: Lambdas = field(init=False)

    def __post_init__(self) -> None:
        self.lambdas = Lambdas(self.stage.platform.settings.labelling_queue_name)

    def fresh(self) -> "Scene":
        self.number += 1
        return Scene(self, f"doctor-of-{self.number}", f"{self.number:04}29031975")


@dataclass
class Scene:
    """One run of a flow: its doctor, and what has been made for him."""

    bench: Bench
    doctor: str
    code: str
    lesion: Mapping[str, Any] = field(default_factory=dict)
    image_id: str = ""
    version: str = ""
    account_id: str = ""

    @property
    def stage(self) -> Stage:
        return self.bench.stage

    def ask(self, method: str, path: str, body: Any = None, **ids: str) -> Answered:
        caller = as_caller("doctor", self.doctor, "clinic-1")
        headers = {"idempotency-key": f"{self.doctor}-{path}-{(body or {}).get('lesion_id')}"}
        answer = ask(method, path, caller=caller, body=body, headers=headers, ids=ids)
        if answer.status >= 500:
            raise ConnectionError(f"{method} {path} answers {answer.status}")
        return answer

    # --- what flows start from ----------------------------------------------------------------------

    def with_lesion(self) -> "Scene":
        self.lesion = self.enter_survey().body
        return self

    def with_slot(self, file: File = GOOD, kind: str = "dermoscopic") -> "Scene":
        self.with_lesion()
        self.image_id = self.open_slot(file, kind).body["image_id"]
        return self

    def with_upload(self, file: File = GOOD, kind: str = "dermoscopic") -> "Scene":
        self.with_slot(file, kind)
        bucket = self.stage.platform.settings.bucket_uploads
        put = {"Bucket": bucket, "Key": upload_key(self.image_id), "Body": file.data}
        self.version = put_object(put)["VersionId"]
        return self

    def with_classified(self) -> "Scene":
        self.with_upload().classify()
        self.bench.lambdas.gather_messages()
        self.bench.lambdas.messages.clear()
        return self

    def with_case(self) -> "Scene":
        self.with_classified().assign()
        return self

    def after(self, **time: float) -> "Scene":
        self.stage.clock.advance(**time)
        return self

    # --- what is called -----------------------------------------------------------------------------

    def enter_survey(self) -> Answered:
        return self.ask("POST", SURVEYS, {**SURVEY, "patient_code": self.code})

    def enter_further_survey(self) -> Answered:
        further = {"lesion_id": self.lesion["lesion_id"], "hair": "black"}
        return self.ask("POST", SURVEYS, {**SURVEY, "patient_code": self.code, **further})

    def open_slot(self, file: File = GOOD, kind: str = "dermoscopic") -> Answered:
        form = {"kind": kind, **declaration(file)}
        return self.ask("POST", SLOTS, form, lesion_id=self.lesion["lesion_id"])

    def classify(self) -> None:
        functions.classify(Event(((upload_key(self.image_id), self.version),)).body())

    def assign(self) -> None:
        labelling.assign_case(self.stage.platform, self.image_id)

    # --- what must come of it -----------------------------------------------------------------------

    def records(self) -> Mapping[str, Any]:
        """The lesion's surveys and the patient, and their audit."""
        tables, table = self._tables(), self.stage.platform.settings.table_cases
        lesions = list(tables.lesions.values())
        return {
            "surveys": [
                sorted(survey["answers"]["hair"] for survey in each["surveys"].values())
                for each in lesions
            ],
            "moles": [
                sorted(survey["answers"]["mole_count"] for survey in each["surveys"].values())
                for each in lesions
            ],
            "patients": [
                dynamodb.found(table, keys.patient(each["patient_id"])) is not None
                for each in lesions
            ],
            "acts": sorted(
                (act, times)
                for (actor, act, _), times in tables.acts.items()
                if actor == self.doctor and act in {"survey.created", "image.slot_opened"}
            ),
        }

    def image(self) -> Mapping[str, Any]:
        """The image's life, its readers, and its audit."""
        tables = self._tables()
        image, case = tables.images[self.image_id], tables.cases.get(self.image_id)
        open_ones = [
            each.account_id
            for each in tables.assignments
            if each.image_id == self.image_id and each.state == "open"
        ]
        return {
            "life": [step["state"] for step in image.history],
            "problem": image.problem,
            "opinion": image.classification,
            "due": "due_at" in tables.image_rows[self.image_id],
            "slots": len(case.slots) if case else None,
            "placed": sorted(open_ones) == sorted(case.slots) if case else not open_ones,
            "clean": image.intake and tables.stored(image.intake.clean_key),
            "acts": sorted(
                (act, times)
                for (actor, act, on), times in tables.acts.items()
                if (actor, on) == ("classify", self.image_id)
            ),
        }

    def _tables(self) -> Tables:
        return Tables(self.stage, frozenset({self.doctor, self.image_id}))

    def chain(self) -> Mapping[str, Any]:
        return {"faults": self.stage.platform.audit.verify(), "open": Tables(self.stage).unsealed}


@dataclass(frozen=True)
class Flow:
    """`begin` makes what it starts from, `act` is what a fault meets, `end` what must be the same."""

    name: str
    begin: Callable[[Scene], Scene]
    act: Callable[[Scene], object]
    end: Callable[[Scene], Mapping[str, Any]]

    def __str__(self) -> str:
        return self.name.replace(" ", "-")

    def attempt(self, scene: Scene) -> None:
        """Act once, and let go whatever the fault raises."""
        try:
            self.act(scene)
        except (Exception, WorkerDied):
            return

    def finish(self, scene: Scene) -> None:
        """What follows without faults: the caller's own retry, then messages and the sweep."""
        self.act(scene)
        lambdas = scene.bench.lambdas
        for _ in range(2):
            scene.stage.clock.advance(minutes=7)
            functions.sweep()
            lambdas.gather_messages()
            for message in lambdas.messages:
                if scene.image_id and scene.image_id in message.body:
                    scene.assign()
            lambdas.messages.clear()


def _resumed(scene: Scene) -> Scene:
    """A worker pinned the upload and died."""
    with scene.stage.cloud.invocation(_DIES_AT_ONCE):
        try:
            scene.classify()
        except WorkerDied:
            return scene.after(minutes=7)
    raise AssertionError("the worker should have died")


def _waiting_case(scene: Scene) -> Scene:
    """A case that only one reader has, and a second one who asks for cases."""
    scene.with_case()
    cases = CaseStore(scene.stage.platform.labelling)
    case = cases.get(scene.image_id)
    assert case is not None
    scene.account_id, *kept = case.slots
    AssignmentStore(scene.stage.platform.labelling).expire(
        scene.account_id, case.slots[scene.account_id].assignment_id
    )
    due_at = scene.stage.clock.now() + timedelta(hours=1)
    cases.put_slots(case, {each: case.slots[each] for each in kept}, due_at=due_at)
    return scene


def _ended_lease(scene: Scene) -> Scene:
    """A case one of whose readers let his lease end."""
    scene.with_case()
    cases = CaseStore(scene.stage.platform.labelling)
    case, now = cases.get(scene.image_id), scene.stage.clock.now()
    assert case is not None
    scene.account_id = min(case.slots)
    ended = Slot(
        assignment_id=case.slots[scene.account_id].assignment_id,
        leased_until=now - timedelta(minutes=1),
    )
    cases.put_slots(case, {**case.slots, scene.account_id: ended}, due_at=now)
    return scene


def _sweep(scene: Scene) -> None:
    functions.sweep()


def _fill(scene: Scene) -> None:
    labelling.fill_hand(scene.stage.platform, scene.account_id)


def _sealed(scene: Scene) -> Scene:
    return scene.with_lesion().after(minutes=1)


def _look_up(scene: Scene) -> Answered:
    return scene.ask("POST", "/v1/patients/lookup", {"patient_code": scene.code})


def _renew(scene: Scene) -> Answered:
    return scene.ask("POST", "/v1/images/{image_id}/upload", image_id=scene.image_id)


def _view(scene: Scene) -> Answered:
    return scene.ask("GET", "/v1/images/{image_id}", image_id=scene.image_id)


def _correct(scene: Scene) -> Answered:
    change, survey_id = {"mole_count": "over_20"}, scene.lesion["survey_id"]
    return scene.ask("PATCH", "/v1/surveys/{survey_id}", change, survey_id=survey_id)


def _resume_classify(scene: Scene) -> None:
    classification.take_in(
        scene.stage.platform,
        lambda: STAND_IN,
        key=upload_key(scene.image_id),
        version=None,
        trace="trace",
    )


FLOWS: Final = (
    Flow("a first survey", lambda s: s, Scene.enter_survey, Scene.records),
    Flow("a further survey", Scene.with_lesion, Scene.enter_further_survey, Scene.records),
    Flow("a correction", Scene.with_lesion, _correct, Scene.records),
    Flow("a look-up by code", Scene.with_lesion, _look_up, Scene.records),
    Flow("a slot", Scene.with_lesion, Scene.open_slot, Scene.records),
    Flow("a new form", Scene.with_slot, _renew, Scene.image),
    Flow("a look at an image", Scene.with_case, _view, Scene.image),
    Flow("classify", Scene.with_upload, Scene.classify, Scene.image),
    Flow("classify a bad file", lambda s: s.with_upload(BAD), Scene.classify, Scene.image),
    Flow(
        "classify a phone photograph",
        lambda s: s.with_upload(GOOD, "macroscopic"),
        Scene.classify,
        Scene.image,
    ),
    Flow("classify without a version", Scene.with_upload, _resume_classify, Scene.image),
    Flow(
        "sweep an upload without an event",
        lambda s: s.with_upload().after(minutes=7),
        _sweep,
        Scene.image,
    ),
    Flow("sweep after a dead worker", lambda s: _resumed(s.with_upload()), _sweep, Scene.image),
    Flow(
        "sweep after a lost message",
        lambda s: s.with_classified().after(minutes=7),
        _sweep,
        Scene.image,
    ),
    Flow("sweep an unused slot", lambda s: s.with_slot().after(hours=25), _sweep, Scene.image),
    Flow("find readers for a case", Scene.with_classified, Scene.assign, Scene.image),
    Flow("fill a hand", _waiting_case, _fill, Scene.image),
    Flow("sweep after a lease has ended", _ended_lease, _sweep, Scene.image),
    Flow("seal the audit", _sealed, lambda s: functions.seal_audit(), Scene.chain),
)
