"""How many of each class are chosen, and of which devices, ages and sexes."""

from random import Random
from typing import Any

import pytest

from chalicelib.datasets.selection.balance import counts
from tests.datasets.choosing import (
    MELANOMA,
    NEVUS,
    candidate,
    chosen,
    plan,
    planned_class,
    some,
)

TEST = {"access": "hidden", "purpose": "clinical_test"}


def test_class_targets_are_met_and_the_plans_size_is_shared_evenly() -> None:
    crowd = some(50)

    def by_class(**of: Any) -> dict[str, int]:
        return dict(counts(chosen(plan(**TEST, **of), crowd).units)["classes"])

    assert by_class(units=20) == {"melanoma": 10, "nevus": 10}
    assert by_class(classes=[MELANOMA | {"units": 4}, NEVUS], units=20) == {
        "melanoma": 4,
        "nevus": 16,
    }
    assert by_class(classes=[MELANOMA, NEVUS, planned_class("dermatofibroma")]) == {
        "melanoma": 50,
        "nevus": 50,
    }


def test_classes_are_balanced_over_what_may_matter() -> None:
    chance = Random(1)
    crowd = [
        candidate(
            f"n{n}",
            sex="female" if n % 10 else "male",
            age=chance.choice([30, 30, 30, 60]),
            site=chance.choice(["torso", "torso", "legs"]),
        )
        for n in range(600)
    ]
    selection = chosen(plan(**TEST, classes=[MELANOMA, NEVUS], units=80), crowd)
    by = counts(selection.units)["by"]
    for name in ("sex", "age", "site"):
        assert max(by[name]["nevus"].values()) <= 44, by[name]


@pytest.mark.parametrize(("most", "heine", "other"), [(0.5, 30, 30), (0.25, 10, 10)])
def test_no_device_has_more_than_its_share(most: float, heine: int, other: int) -> None:
    device = {"device": {"make": "DermLite", "model": "DL5"}}
    crowd = [*some(100), *some(15, prefix="d", capture=device)]
    crowd += some(10, prefix="u", capture=None) if most < 0.5 else []
    selection = chosen(plan(**TEST, most_of_one_device=most), crowd)
    by = counts(selection.units)["by"]["device"]
    totals = {
        name: sum(found.get(name, 0) for found in by.values())
        for name in ("Heine Delta", "DermLite DL5")
    }
    assert totals == {"Heine Delta": heine, "DermLite DL5": other}
