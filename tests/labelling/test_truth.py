"""Histology outranks readings; taken back, the readings count again."""

import pytest

from chalicelib.images.model import State
from chalicelib.labelling.model import CaseState
from chalicelib.labelling.truth import retract
from chalicelib.platform.lesion_classes import LesionClass
from tests.images.making import image_of
from tests.labelling.making import case_of
from tests.labelling.reading import (
    arbitrated,
    in_two_hands,
    proven,
    read_by_two,
    senior,
    settled,
    swept,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")

MELANOMA, NEVUS = LesionClass.MELANOMA, LesionClass.NEVUS


def label(world: World) -> tuple[str | None, str | None]:
    told = image_of(world, "image1").label or {}
    return told.get("diagnosis"), told.get("rule")


def test_a_truth_that_is_taken_back_gives_the_verdict_to_the_readings_again(world: World) -> None:
    read_by_two(world, "nevus", "nevus")
    proven(world, MELANOMA)
    assert label(world) == ("melanoma", "histology")
    assert case_of(world, "image1").state is CaseState.OVERRIDDEN
    retract(world.platform, "image1", "report1")
    assert case_of(world, "image1").state is CaseState.AGREED
    assert label(world) == ("nevus", "two_agree")
    retract(world.platform, "image1", "report1")
    assert label(world) == ("nevus", "two_agree")


def test_a_dispute_that_was_settled_by_mistake_is_one_again(world: World) -> None:
    third = senior(world)
    read_by_two(world, "nevus", "melanoma")
    arbitrated(world, third, diagnosis="dermatofibroma")
    proven(world, MELANOMA)
    assert image_of(world, "image1").state is State.LABELLED
    retract(world.platform, "image1", "report1")
    assert case_of(world, "image1").state is CaseState.DISPUTED
    image = image_of(world, "image1")
    assert (image.state, image.label) == (State.DISPUTED, None)


def test_a_case_whose_senior_was_spared_looks_for_one_when_the_truth_goes(world: World) -> None:
    read_by_two(world, "nevus", "melanoma")
    proven(world, MELANOMA)
    third = senior(world)
    assert case_of(world, "image1").state is CaseState.OVERRIDDEN
    retract(world.platform, "image1", "report1")
    case = case_of(world, "image1")
    assert case.state is CaseState.ARBITRATION
    assert third.account_id in case.slots
    image = image_of(world, "image1")
    assert (image.state, image.label) == (State.IN_LABELLING, None)


def test_a_truth_taken_back_from_elsewhere_changes_nothing(world: World) -> None:
    read_by_two(world, "nevus", "nevus")
    proven(world, MELANOMA)
    retract(world.platform, "image1", "another")
    assert label(world) == ("melanoma", "histology")


@pytest.mark.parametrize("nth", range(1, 10))
def test_a_case_learns_the_truth_though_the_worker_dies_after_any_call(
    world: World, nth: int
) -> None:
    """Whoever tells it tells it again, as histology does until all images know."""
    _, two = in_two_hands(world)
    for each in two:
        each.read(each.held("image1").assignment_id, "nevus")
    settled(world)
    with world.crash_after(nth):
        proven(world, MELANOMA)
    proven(world, MELANOMA)
    swept(world, minutes=4)
    assert case_of(world, "image1").state is CaseState.OVERRIDDEN
    assert label(world) == ("melanoma", "histology")
