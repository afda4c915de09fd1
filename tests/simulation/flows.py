"""Every flow of the main job by itself: what it starts from, what is called, and what must come of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.classification import service as classification
from chalicelib.images.model import upload_key
from chalicelib.labelling import finding
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.model import LEASE, CaseState
from chalicelib.labelling.store import CaseStore
from tests.asking import Answered
from tests.simulation import stage as functions
from tests.simulation.faults import Fault
from tests.simulation.files import STAND_IN
from tests.simulation.scenes import BAD, GOOD, Scene
from tests.world import WorkerDied

_DIES_AT_ONCE: Final = {1: Fault.DIES_BEFORE}
"""The first call pins the upload."""


@dataclass(frozen=True)
class Flow:
    """`begin` makes what it starts from, `act` is what a fault meets, `end` what must be the same."""

    name: str
    begin: Callable[[Any], Any]
    act: Callable[[Any], object]
    end: Callable[[Any], Mapping[str, Any]]

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
                scene.handle(json.loads(message.body))
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
    AssignmentStore(scene.stage.platform.labelling).annul(
        scene.account_id, case.slots[scene.account_id].assignment_id
    )
    one_left = replace(
        case, state=CaseState.WAITING, slots={each: case.slots[each] for each in kept}
    )
    cases.replace(case, one_left, due_at=scene.stage.clock.now() + LEASE)
    return scene


def _ended_lease(scene: Scene) -> Scene:
    """A case one of whose readers let his lease end."""
    scene.with_case()
    platform, now = scene.stage.platform, scene.stage.clock.now()
    cases, assignments = CaseStore(platform.labelling), AssignmentStore(platform.labelling)
    case = cases.get(scene.image_id)
    assert case is not None
    scene.account_id, ended = min(case.slots.items())
    held = assignments.get(scene.account_id, ended.assignment_id)
    assert held is not None
    over = assignments.renew(held, now - timedelta(minutes=1)).leased_until
    slots = {**case.slots, scene.account_id: replace(ended, leased_until=over)}
    cases.replace(case, replace(case, slots=slots), due_at=now)
    return scene


def _sweep(scene: Scene) -> None:
    functions.sweep()


def _fill(scene: Scene) -> None:
    finding.fill_hand(scene.stage.platform, scene.account_id)


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
