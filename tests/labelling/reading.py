"""Readers at work: what they are asked of the routes, and a case that is read to its end."""

from typing import Any

import pytest

from chalicelib.labelling import driving, finding
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.model import Assignment, Case
from chalicelib.labelling.reading import UNDO
from chalicelib.labelling.truth import Proof, Truth, confirm
from chalicelib.people.model import Role
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.sweep import sweep
from tests.asking import Answered
from tests.labelling.making import case_of, classified_image, hand_of, reader
from tests.patients.asking import Client
from tests.world import World

CASE = "/v1/labelling/cases/{image_id}"
READING = "/v1/labelling/assignments/{assignment_id}/reading"


class Reader(Client):
    """A signed-in reader."""

    def held(self, image_id: str) -> Assignment:
        """His assignment of an image."""
        held = AssignmentStore(self.world.platform.labelling).hand(self.account_id)
        return next(each for each in held if each.image_id == image_id)

    def read(self, assignment_id: str, diagnosis: str = "nevus", **more: Any) -> Answered:
        body = {"diagnosis": diagnosis, **more}
        return self.ask("POST", READING, body, assignment_id=assignment_id)

    def undo(self, assignment_id: str) -> Answered:
        return self.ask("DELETE", READING, assignment_id=assignment_id)

    def decline(self, assignment_id: str, reason: str = "I know the patient") -> Answered:
        path = "/v1/labelling/assignments/{assignment_id}/decline"
        return self.ask("POST", path, {"reason": reason}, assignment_id=assignment_id)

    def renew(self, assignment_id: str) -> Answered:
        path = "/v1/labelling/assignments/{assignment_id}/renew"
        return self.ask("POST", path, assignment_id=assignment_id)

    def hand(self) -> Answered:
        return self.ask("GET", "/v1/labelling/assignments")


def hired(world: World, login: str, role: Role = Role.EXPERT, **more: Any) -> Reader:
    return Reader(world, reader(world, login, role=role, **more), "", role=role)


def senior(world: World, login: str = "senior") -> Reader:
    return hired(world, login, Role.SENIOR_EXPERT)


def in_two_hands(world: World, image_id: str = "image1", **more: Any) -> tuple[Case, list[Reader]]:
    """A case that two new readers have in hand."""
    two = [hired(world, f"reader-{n}-of-{image_id}") for n in (1, 2)]
    driving.assign_case(world.platform, classified_image(world, image_id, **more))
    case = case_of(world, image_id)
    assert set(case.slots) == {each.account_id for each in two}
    return case, two


def read_by_two(world: World, *diagnoses: Any, image_id: str = "image1", **more: Any) -> Case:
    """A case that two readers have read so, and whose undo minutes are over."""
    _, two = in_two_hands(world, image_id, **more)
    for each, said in zip(two, diagnoses, strict=True):
        told = said if isinstance(said, dict) else {"diagnosis": said}
        assert each.read(each.held(image_id).assignment_id, **told).status == 201
    return settled(world, image_id)


def read_together(world: World, two: list[Reader], image_id: str, *diagnoses: str) -> Case:
    """A new case that these two, the only ones with room, have read so."""
    driving.assign_case(world.platform, classified_image(world, image_id))
    for each, said in zip(two, diagnoses, strict=True):
        assert each.read(each.held(image_id).assignment_id, said).status == 201
    return settled(world, image_id)


def settled(world: World, image_id: str = "image1") -> Case:
    """The case once the last reading's minute is over and its message has come."""
    world.clock.advance(seconds=UNDO.total_seconds() + 1)
    driving.settle(world.platform, image_id)
    return case_of(world, image_id)


def arbitrated(world: World, by: Reader, image_id: str = "image1", **told: Any) -> Case:
    """The case once the senior has read it."""
    if not hand_of(world, by.account_id):
        finding.fill_hand(world.platform, by.account_id)
    answer = by.read(by.held(image_id).assignment_id, **told)
    assert answer.status == 201, answer.body
    return settled(world, image_id)


def swept(world: World, **later: float) -> None:
    """One run of the sweep after so much time."""
    world.clock.advance(**later)
    sweep(world.platform, lambda: pytest.fail("no image waits for the model"), trace="sweep")


def curator(world: World) -> Client:
    return Client(world, "curator1", "", role=Role.CURATOR)


def proven(
    world: World,
    diagnosis: LesionClass,
    image_id: str = "image1",
    *,
    record_id: str = "report1",
) -> None:
    """Histology says now what an image shows."""
    truth = Truth(
        diagnosis=diagnosis, by=Proof.HISTOLOGY, record_id=record_id, at=world.clock.now()
    )
    assert confirm(world.platform, image_id, truth)
