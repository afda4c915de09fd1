"""What flows of reading start from, and what has come of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.labelling import driving
from chalicelib.labelling.model import Assignment, Case
from chalicelib.labelling.probing import probe
from chalicelib.labelling.proof import Proof, Truth
from chalicelib.labelling.truth import confirm
from chalicelib.people.readers import reader
from chalicelib.platform.lesion_classes import LesionClass
from tests.asking import Answered, as_caller, ask
from tests.labelling.making import case_of, classified_image
from tests.simulation.curators import CASE, CURATOR
from tests.simulation.readers import DECLINE, READING, RENEW
from tests.simulation.scenes import Scene
from tests.simulation.tables import Tables


@dataclass
class ReadingScene(Scene):
    """One run of a flow on a case: whose readers have it, and what they do."""

    held: list[tuple[str, str]] = field(default_factory=list)
    """Reader and assignment: of the case's first two, then of the senior or of a probe."""
    before: datetime | None = None
    """Until when the first of them had it."""
    proven_at: datetime | None = None

    # --- what flows start from ----------------------------------------------------------------------

    def in_hands(self) -> "ReadingScene":
        """Two readers have the case."""
        self.image_id = f"image-of-{self.doctor}"
        classified_image(self.stage.world, self.image_id, uploaded_by=self.doctor)
        self.assign()
        slots = sorted(self.case.slots.items())
        self.held = [(account, slot.assignment_id) for account, slot in slots]
        self.before = slots[0][1].leased_until
        self.forget()
        return self

    def read(self, *diagnoses: str) -> "ReadingScene":
        """The case has been read so, by as many as there are diagnoses, and no message has come."""
        self.in_hands()
        for nth, diagnosis in enumerate(diagnoses):
            self.say(nth, diagnosis)
        self.forget()
        return self

    def settled(self, *diagnoses: str) -> "ReadingScene":
        """The case has been read so, and the readings are final."""
        self.read(*diagnoses).later(seconds=61).settle()
        slots = self.case.slots.items()
        self.held += [(a, slot.assignment_id) for a, slot in slots if slot.round == "arbitration"]
        self.forget()
        return self

    def probed(self) -> "ReadingScene":
        """Somebody has the case as a probe: its readings agree, and it is proven and gold."""
        self.settled("nevus", "nevus").prove()
        ask("PATCH", CASE, caller=CURATOR, body={"gold": True}, ids={"image_id": self.image_id})
        until = self.stage.clock.now()
        for number in range(4):
            account = reader(self.stage.platform, f"many-{number}")
            if account.account_id in self.case.slots:
                continue
            while not self._probe_of(account.account_id):
                assert probe(self.stage.platform, account, until.replace(day=until.day + 1))
            break
        [lent] = self._probe_of(account.account_id)
        self.held.append((lent.account_id, lent.assignment_id))
        self.forget()
        return self

    def _probe_of(self, account_id: str) -> list[Assignment]:
        found = Tables(self.stage, frozenset({self.image_id})).assignments
        return [each for each in found if each.probe and each.account_id == account_id]

    def later(self, **time: float) -> "ReadingScene":
        self.stage.clock.advance(**time)
        return self

    def forget(self) -> None:
        """Whatever was sent so far is lost."""
        self.bench.lambdas.gather_messages()
        self.bench.lambdas.messages.clear()

    # --- what is called -----------------------------------------------------------------------------

    def say(self, nth: int, diagnosis: str = "nevus") -> Answered:
        return self._ask(nth, "POST", READING, {"diagnosis": diagnosis})

    def undo(self) -> Answered:
        return self._ask(0, "DELETE", READING)

    def decline(self) -> Answered:
        return self._ask(0, "POST", DECLINE, {"reason": "I know the patient"})

    def renew(self) -> Answered:
        return self._ask(0, "POST", RENEW)

    def settle(self) -> None:
        driving.settle(self.stage.platform, self.image_id)

    def prove(self) -> None:
        self.proven_at = self.proven_at or self.stage.clock.now()
        truth = Truth(
            diagnosis=LesionClass.NEVUS, by=Proof.HISTOLOGY, record_id="report", at=self.proven_at
        )
        if not confirm(self.stage.platform, self.image_id, truth):
            raise ConnectionError("the image cannot be labelled yet")

    def handle(self, body: Mapping[str, Any]) -> None:
        """What a message of the queue does."""
        if body.get("case_id") == self.image_id:
            self.settle()
        super().handle(body)

    def _ask(self, nth: int, method: str, path: str, body: Any = None) -> Answered:
        account_id, assignment_id = self.held[nth]
        answer = ask(
            method,
            path,
            caller=as_caller("expert", account_id),
            body=body,
            headers={"idempotency-key": f"{assignment_id}-{method}-{path}"},
            ids={"assignment_id": assignment_id},
        )
        if answer.status >= 500:
            raise ConnectionError(f"{method} {path} answers {answer.status}")
        return answer

    # --- what must come of it -----------------------------------------------------------------------

    @property
    def case(self) -> Case:
        return case_of(self.stage.world, self.image_id)

    def standing(self) -> Mapping[str, Any]:
        """How the case stands, what its readers have, and how its image is labelled."""
        tables = Tables(self.stage, frozenset({self.image_id}))
        image, case, row = tables.images[self.image_id], self.case, tables.case_rows[self.image_id]
        label = image.label or {}
        return {
            "state": case.state,
            "label": (image.state, label.get("rule"), label.get("diagnosis")),
            "places": sorted(
                (slot.round, slot.final, str(slot.reading and slot.reading.diagnosis))
                for slot in case.slots.values()
            ),
            "assignments": sorted(
                (each.round, each.state, bool(each.probe), str(each.reading and each.reading.says))
                for each in tables.assignments
            ),
            "agree": all(
                slot.assignment_id
                in {a.assignment_id for a in tables.counting[self.image_id] if a.account_id == who}
                for who, slot in case.slots.items()
            ),
            "declined": len(case.declined),
            "probes": sorted(told["diagnosis"] for told in row["probes"].values()),
            "overdue": [
                each["sk"] for each in tables.due if each["due_at"] < str(self.stage.clock.now())
            ],
            "acts": sorted(
                {
                    act
                    for _, act, on in Tables(self.stage, self._assignments()).acts
                    if on in self._assignments()
                }
            ),
        }

    def _assignments(self) -> frozenset[str]:
        return frozenset(assignment_id for _, assignment_id in self.held)

    def after_the_old_lease(self) -> Mapping[str, Any]:
        """How the case stands when the time that its reader had at first is over."""
        assert self.before is not None
        self.stage.clock.moment = max(self.stage.clock.now(), self.before)
        self.later(seconds=1)
        driving.drive_on(self.stage.platform, self.case)
        account_id, assignment_id = self.held[0]
        slot = self.case.slots.get(account_id)
        return {"holds it still": slot is not None and slot.assignment_id == assignment_id}
