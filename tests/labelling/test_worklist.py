"""Curators list cases by state, site, clinic and time, and see how readers did on gold ones."""

import pytest

from chalicelib.labelling import driving, finding, worklist
from chalicelib.platform import keys
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.table import Change
from tests.labelling.making import classified_image
from tests.labelling.reading import CASE, curator, hired, proven, read_by_two, settled
from tests.labelling.test_probes import always_probing
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")


def listed(world: World, **query: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = curator(world).ask("GET", "/v1/labelling/cases", query={**query, **more})
        assert answer.status == 200, answer.body
        found += [case["image_id"] for case in answer.body["items"]]
        cursor = answer.body["next"]
        if cursor is None:
            return found


def waiting(world: World, number: int, *, site: str = "torso", clinic_id: str = "clinic1") -> None:
    """A case that waits for readers; each a minute after the one before."""
    image_id = classified_image(world, f"image{number}")
    case = driving.case_of(world.platform, image_id)
    facts = vars(case.facts) | {"site": site}
    item = {"facts": facts, "clinic_id": clinic_id}
    driving.assign_case(world.platform, image_id)
    world.platform.labelling.update(keys.case(image_id), Change(set=item))
    world.clock.advance(minutes=1)


def test_cases_are_listed_by_site_clinic_and_since_when(world: World) -> None:
    for number, (site, clinic_id) in enumerate(
        [("torso", "clinic1"), ("legs", "clinic1"), ("legs", "clinic2")]
    ):
        waiting(world, number, site=site, clinic_id=clinic_id)
        world.clock.advance(days=1)
    assert listed(world) == ["image0", "image1", "image2"]
    assert listed(world, site="legs") == ["image1", "image2"]
    assert listed(world, site="legs", clinic_id="clinic2") == ["image2"]
    assert listed(world, since_before="2026-03-04") == ["image0", "image1"]
    assert listed(world, gold="true") == []
    assert listed(world, kind="macroscopic") == []


def test_pages_of_a_filtered_list_tell_every_case_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "MOST_READ", 5)
    monkeypatch.setattr(worklist, "PAGE", 2)
    for number in range(12):
        waiting(world, number, site="legs" if number % 5 == 0 else "torso")
    assert listed(world, limit="2", site="legs") == ["image0", "image5", "image10"]
    assert listed(world, limit="1") == [f"image{number}" for number in range(12)]


def test_a_page_tells_where_each_case_is_and_whose(world: World) -> None:
    waiting(world, 0, site="arms", clinic_id="clinic7")
    [case] = curator(world).ask("GET", "/v1/labelling/cases").body["items"]
    assert (case["site"], case["clinic_id"], case["kind"]) == ("arms", "clinic7", "dermoscopic")


def test_gold_cases_are_listed_with_what_readers_said(world: World) -> None:
    read_by_two(world, "melanoma", "melanoma")
    proven(world, LesionClass.MELANOMA)
    assert curator(world).ask("GET", "/v1/labelling/gold").body["items"] == []
    curator(world).ask("PATCH", CASE, {"gold": True}, image_id="image1")
    always_probing(world)
    driving.assign_case(world.platform, classified_image(world, "image2", uploaded_by="nobody"))
    newcomers = [hired(world, f"newcomer{number}", hand_size=2) for number in range(2)]
    for newcomer, says in zip(newcomers, ("nevus", "melanoma"), strict=True):
        finding.fill_hand(world.platform, newcomer.account_id)
        assert newcomer.read(newcomer.held("image1").assignment_id, says).status == 201
    settled(world)
    [gold] = curator(world).ask("GET", "/v1/labelling/gold").body["items"]
    assert (gold["image_id"], gold["truth"], gold["proof"]) == ("image1", "melanoma", "histology")
    assert (gold["given"], gold["correct"], gold["wrong"]) == (2, 1, 1)
    told = {each["account_id"]: each["correct"] for each in gold["answers"]}
    assert told == {newcomers[0].account_id: False, newcomers[1].account_id: True}
