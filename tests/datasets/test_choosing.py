"""How many and which, where the plan's numbers are met narrowly, and what is said of it."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.datasets.planning.plan import Licence
from chalicelib.datasets.selection.balance import counts
from chalicelib.datasets.selection.candidate import Candidate
from chalicelib.datasets.selection.candidates import load
from chalicelib.datasets.selection.composing import power
from chalicelib.datasets.selection.criteria import LONGEST
from chalicelib.datasets.selection.licensing import least
from chalicelib.datasets.selection.previewing import MOST_VALUES, commonest
from chalicelib.datasets.selection.problems import problems
from chalicelib.datasets.selection.selected import Context, Selection
from chalicelib.datasets.selection.selecting import screen, select
from tests.datasets.choosing import MELANOMA, NEVUS, candidate, melanoma, plan, some
from tests.datasets.shelf import Shelf

SERIES = {"access": "hidden", "unit": "series"}


def chosen(candidates: list[Candidate], **of: Any) -> Selection:
    wanted = plan(**{"access": "hidden", **of})
    return select(wanted, screen(wanted, candidates), Context())


def said(candidates: list[Candidate], **of: Any) -> list[str]:
    wanted = plan(**{"access": "hidden", **of})
    return [each.sentence.en for each in problems(wanted, chosen(candidates, **of))]


def from_device(make: str, candidates: list[Candidate]) -> list[Candidate]:
    return [replace(one, capture={"device": {"make": make}}) for one in candidates]


def test_a_share_of_devices_is_met_to_the_last_unit() -> None:
    """0.29 of 100 are 28.999999999999996 in floating point."""
    several = [candidate(f"h{n}") for n in range(29)]
    several += from_device("Canon", [candidate(f"c{n}") for n in range(24)])
    several += from_device("Nikon", [candidate(f"n{n}") for n in range(23)])
    several += from_device("Leica", [candidate(f"l{n}") for n in range(24)])
    assert len(chosen(several, most_of_one_device=0.29).units) == 100


def test_of_one_device_the_rare_class_is_not_lost_whole() -> None:
    several = [candidate(f"h{n}") for n in range(200)] + [melanoma(f"m{n}") for n in range(4)]
    several += from_device("Canon", [candidate(f"c{n}") for n in range(10)])
    found = chosen(several, most_of_one_device=0.5)
    assert Counter(unit.class_key for unit in found.units)["melanoma"] == 4
    devices = Counter(unit.candidate.device for unit in found.units)
    assert devices == {"heine delta": 10, "canon": 10}


def test_the_rarest_class_has_its_devices_first() -> None:
    """All melanomas are of one device, of which the other class, too, has many."""
    several = [melanoma(f"m{n}") for n in range(40)] + [candidate(f"h{n}") for n in range(100)]
    several += from_device("Canon", [candidate(f"c{n}") for n in range(40)])
    classes = [MELANOMA | {"units": 40}, NEVUS | {"key": "benign", "units": 40}]
    found = chosen(several, classes=classes, most_of_one_device=0.5)
    assert Counter(unit.class_key for unit in found.units) == {"melanoma": 40, "benign": 40}


def test_a_device_is_one_however_it_is_written() -> None:
    several = [
        *from_device("HEINE", [candidate(f"a{n}") for n in range(20)]),
        *from_device("Heine ", [candidate(f"b{n}") for n in range(20)]),
        *from_device("Canon", [candidate(f"c{n}") for n in range(10)]),
    ]
    found = chosen(several, most_of_one_device=0.5)
    devices = Counter(unit.candidate.device for unit in found.units)
    assert devices == {"heine": 10, "canon": 10}


def test_it_is_said_when_devices_leave_nobody() -> None:
    (sentence,) = said(some(3), most_of_one_device=0.5)
    assert "too much of one device" in sentence


def test_a_preview_names_the_commonest_devices() -> None:
    several = [one for n in range(60) for one in from_device(f"Make{n:02}", [candidate(f"a{n}")])]
    several += from_device("Make99", [candidate("b0"), candidate("b1")])
    told = commonest(counts(chosen(several).units))
    assert told["units"] == 62
    assert len(told["by"]["device"]["nevus"]) == MOST_VALUES
    assert told["by"]["device"]["nevus"]["Make99"] == 2


def test_of_series_the_series_are_counted_not_their_images() -> None:
    several = [
        made(f"{c}{lesion}{n}", lesion_id=f"{c}{lesion}", patient_id=f"{c}{lesion}")
        for c, made in (("m", melanoma), ("n", candidate))
        for lesion in range(2)
        for n in range(3)
    ]
    wanted = {**SERIES, "classes": [MELANOMA | {"units": 4}, NEVUS], "test": {}}
    assert said(several, **wanted) == [
        "The class “Words” has 2 units, not the 4 that were planned."
    ]
    found = power(plan(**wanted), chosen(several, **wanted).units)
    assert found is not None
    assert (found["positives"], found["negatives"]) == (2, 2)


def test_a_split_without_a_unit_is_told() -> None:
    splits = [{"name": "train", "share": 0.7}, {"name": "test", "share": 0.3}]
    several = [one for n in range(4) for one in (melanoma(f"m{n}"), candidate(f"n{n}"))]
    assert said(several, splits=splits) == []
    one_patient = [replace(one, patient_id="p") for one in several]
    assert said(one_patient, splits=splits) == [
        "The split “test” has no unit: there are too few patients who may be parted."
    ]


def test_a_plan_of_all_clinics_knows_their_surveys(shelf: Shelf) -> None:
    shelf.images(2)
    wanted = plan(sources=["clinics"], inclusion=[{"field": "hair", "operator": "is_recorded"}])
    assert len(screen(wanted, load(shelf.world.platform, wanted)).left) == 4


def test_a_long_criterion_is_brief_in_the_flow_and_whole_in_the_plan() -> None:
    makes = [f"Make number {n}" for n in range(50)]
    wanted = {"inclusion": [{"field": "device_make", "operator": "is_not", "value": makes}]}
    (step,) = (each for each in chosen(some(1), **wanted).flow if each["step"] == "inclusion_1")
    assert len(step["reason"]["ru"]) < LONGEST + 50
    assert step["reason"]["en"].endswith("…")


@pytest.mark.parametrize(
    ("told", "freest"),
    [
        ("Used by permission of the authors", None),
        ("All rights reserved by the hospital", None),
        ("Not in the public domain", None),
        ("Public data, the domain of dermatology", None),
        ("https://creativecommons.org/licenses/by-nc/4.0/", Licence.CC_BY_NC),
        ("https://creativecommons.org/publicdomain/zero/1.0/", Licence.CC0),
    ],
)
def test_words_that_only_look_like_a_free_licence_are_none(
    told: str, freest: Licence | None
) -> None:
    assert least(told) == freest
