"""Published readings of several raters, where they lie beside the checkout."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data" / "multirater"
Readings = list[tuple[int, int, int]]


def anaesthesia() -> Readings:
    """The table of Dawid and Skene (1979): 45 patients, 5 anaesthetists (the first thrice), 4 grades."""
    with _there("anaesthesia.csv").open() as table:
        rows = list(csv.DictReader(table))
    return [
        (int(float(row["item"])), int(float(row["rater"])), int(float(row["rating"])))
        for row in rows
    ]


def dermatology(*, commonest: int) -> Readings:
    """The first choices of dermatologists; all conditions but the `commonest` ones are one, -1.

    The experts are not named: the first of each case is one rater, and so on.
    """
    cases = json.loads(_there("dermatology_ddx", "dermatology_selectors.json").read_text())
    chosen = [
        (case, place, ranked[0][0])
        for case, experts in enumerate(cases)
        for place, ranked in enumerate(experts)
        if ranked
    ]
    counted = Counter(label for _, _, label in chosen)
    known = set(sorted(counted, key=lambda label: (-counted[label], label))[:commonest])
    return [(case, place, label if label in known else -1) for case, place, label in chosen]


def _there(*path: str) -> Path:
    file = DATA.joinpath(*path)
    if not file.is_file():
        pytest.skip("the published readings are not at ../shared/data/multirater")
    return file
