"""What a flow starts from, and what has come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from chalicelib.images.model import upload_key
from chalicelib.labelling import driving
from chalicelib.platform import keys
from tests.asking import Answered, as_caller, ask
from tests.patients.asking import SURVEY
from tests.simulation import dynamodb
from tests.simulation import stage as functions
from tests.simulation.cloud import put_object
from tests.simulation.files import File, declaration, files
from tests.simulation.lambdas import Event, Lambdas
from tests.simulation.people import SLOTS, SURVEYS
from tests.simulation.stage import Stage
from tests.simulation.tables import Tables

S = TypeVar("S", bound="Scene")

GOOD: Final = files()[0]
BAD: Final = next(file for file in files() if file.problem is not None)


@dataclass
class Bench:
    """One stage on which flows are run one after another, each with people and codes of its own."""

    stage: Stage
    number: int = 0
    lambdas: Lambdas = field(init=False)

    def __post_init__(self) -> None:
        stage, name = self.stage, self.stage.platform.settings.labelling_queue_name
        self.lambdas = Lambdas(name, lambda: stage.true_time)

    def fresh(self, scene: type[S]) -> S:
        self.number += 1
        return scene(self, f"doctor-of-{self.number}", f"{self.number:04}29031975")


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
        driving.assign_case(self.stage.platform, self.image_id)

    def handle(self, body: Mapping[str, Any]) -> None:
        """What a message of the queue does."""
        if self.image_id and body.get("image_id") == self.image_id:
            self.assign()

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
            # Not when it was formed: a disturbed run takes longer.
            "opinion": {**(image.classification or {}), "at": None},
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
