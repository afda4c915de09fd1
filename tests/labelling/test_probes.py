"""Gold cases and cases read again tell how good and how steady a reader is, and enter no verdict."""

import pytest

from chalicelib.labelling import driving, finding
from chalicelib.labelling.ballots import Probe
from chalicelib.labelling.model import CaseState
from chalicelib.platform import keys
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.table import Change
from tests.labelling.making import case_of, classified_image, hand_of
from tests.labelling.reading import (
    CASE,
    curator,
    hired,
    in_two_hands,
    proven,
    read_by_two,
    settled,
    swept,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")

MELANOMA = LesionClass.MELANOMA


def always_probing(world: World) -> None:
    settings = world.platform.settings.model_copy(update={"probe_share": 1.0})
    object.__setattr__(world.platform, "settings", settings)


def test_a_gold_case_looks_like_any_other_and_enters_no_verdict(world: World) -> None:
    case = read_by_two(world, "melanoma", "melanoma")
    refused = curator(world).ask("PATCH", CASE, {"gold": True}, image_id="image1")
    assert (refused.status, refused.error["code"]) == (409, "not_gold")
    proven(world, MELANOMA)
    made = curator(world).ask("PATCH", CASE, {"gold": True}, image_id="image1")
    assert made.body["gold"] is True
    always_probing(world)
    reader = min(case.slots)
    driving.assign_case(world.platform, classified_image(world, "image2", uploaded_by=reader))
    newcomer = hired(world, "newcomer", hand_size=2)
    assert finding.fill_hand(world.platform, newcomer.account_id) == 2
    items = newcomer.hand().body["items"]
    assert len(items) == 2
    assert items[0].keys() == items[1].keys()
    probe = newcomer.held("image1")
    assert probe.probe is Probe.GOLD
    with world.counted() as calls:
        assert newcomer.read(probe.assignment_id, "nevus").status == 201
    taken, common = dict(calls), newcomer.held("image2").assignment_id
    with world.counted() as calls:
        newcomer.read(common, "nevus")
    assert taken == dict(calls)  # neither does the time it takes tell them apart
    after = settled(world)
    assert (after.state, after.slots) == (CaseState.CONFIRMED, case_of(world, "image1").slots)
    assert set(after.slots) == set(case.slots)
    finding.fill_hand(world.platform, newcomer.account_id)
    assert [each.image_id for each in hand_of(world, newcomer.account_id)] == []


def test_an_archives_proven_image_can_be_gold_without_having_been_read(world: World) -> None:
    classified_image(world, "image1")
    unasked = Change(set={"to_labelling": False})
    world.platform.cases.update(keys.image("image1"), unasked)
    proven(world, MELANOMA)
    made = curator(world).ask("PATCH", CASE, {"gold": True}, image_id="image1")
    assert (made.status, made.body["readings_made"]) == (200, 0)
    always_probing(world)
    driving.assign_case(world.platform, classified_image(world, "image2"))
    one = hired(world, "one")
    finding.fill_hand(world.platform, one.account_id)
    assert one.held("image1").probe is Probe.GOLD
    assert curator(world).ask("PATCH", CASE, {"gold": False}, image_id="image1").status == 200


def test_a_reader_is_given_an_old_case_again_once_he_has_forgotten_it(world: World) -> None:
    _, two = in_two_hands(world)
    for each in two:
        each.read(each.held("image1").assignment_id, "nevus")
    settled(world)
    always_probing(world)
    for later, again in [(30, False), (31, True), (90, False)]:
        world.clock.advance(days=later)
        assert finding.fill_hand(world.platform, two[0].account_id) == int(again)
        for held in hand_of(world, two[0].account_id):
            assert (held.image_id, held.probe) == ("image1", Probe.CONSISTENCY)
            two[0].read(held.assignment_id, "melanoma")
    assert case_of(world, "image1").state is CaseState.AGREED


def test_a_probe_that_is_not_read_in_time_lapses(world: World) -> None:
    test_an_archives_proven_image_can_be_gold_without_having_been_read(world)
    swept(world, days=4)
    account_id = next(iter(case_of(world, "image1").probed))
    assert [each for each in hand_of(world, account_id) if each.probe] == []
