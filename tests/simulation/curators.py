"""Curators, and what reports of histology say: they know more of a case than its readers may."""

from dataclasses import dataclass
from random import Random
from typing import Final

from chalicelib.labelling.proof import Proof, Truth
from chalicelib.labelling.truth import confirm
from chalicelib.platform.lesion_classes import LesionClass
from tests.asking import as_caller
from tests.simulation.outside import Outside, outcome
from tests.world import WorkerDied

CASE: Final = "/v1/labelling/cases/{image_id}"
CURATOR: Final = as_caller("curator", "curator")
_PROVEN: Final = (LesionClass.NEVUS, LesionClass.NEVUS, LesionClass.MELANOMA)


@dataclass
class Curators(Outside):
    """The curator, and the part of the platform that takes in reports."""

    def prove(self, draw: Random) -> str | None:
        """A report says what an image shows; at times a second one says something else."""
        images = self._images()
        if not images:
            return None
        image_id, now = draw.choice(images), self.stage.clock.now()
        before = self.history.truths.setdefault(image_id, [])
        if any(truth.at == now for truth in before):
            return None
        truth = Truth(
            diagnosis=draw.choice(_PROVEN),
            by=draw.choice(list(Proof)),
            record_id=f"report-{draw.getrandbits(40)}",
            at=now,
        )
        before.append(truth)
        return self._confirm(image_id, truth)

    def prove_again(self) -> None:
        """Whoever took in a report drives it on until it is done."""
        for image_id, truths in self.history.truths.items():
            for truth in truths:
                self._confirm(image_id, truth)

    def _confirm(self, image_id: str, truth: Truth) -> str:
        try:
            done = confirm(self.stage.platform, image_id, truth)
        except (Exception, WorkerDied):
            return "no answer"
        return "done" if done else "not yet"

    def make_gold(self, draw: Random) -> str | None:
        """Mix a case into hands, or no longer; mostly one whose truth is known."""
        proven = list(self.history.truths)
        images = proven if proven and draw.random() < 0.9 else self._images()
        if not images:
            return None
        image_id, gold = draw.choice(images), draw.random() < 0.9
        answer = self.answer(
            "PATCH", CASE, caller=CURATOR, body={"gold": gold}, ids={"image_id": image_id}
        )
        if answer is not None and answer.status == 200:
            self.did(CURATOR, "case.made_gold" if gold else "case.made_common", image_id)
        return outcome(answer)

    def look(self, draw: Random) -> str | None:
        images = self._images()
        if not images:
            return None
        image_id = draw.choice(images)
        answer = self.answer("GET", CASE, caller=CURATOR, ids={"image_id": image_id})
        if answer is not None and answer.status == 200:
            self.history.cases_shown.append(answer.body)
            self.did(CURATOR, "case.viewed", image_id)
        return outcome(answer)

    def _images(self) -> list[str]:
        return [*self.history.photos, *self.history.arrived]
