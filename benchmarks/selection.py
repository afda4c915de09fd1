"""Choosing from 20,000 cases that are loaded: criteria, balance, k-anonymity and splits."""

import time
from random import Random

from benchmarks.table import Row
from chalicelib.datasets.candidate import Candidate, Look
from chalicelib.datasets.selected import Context
from chalicelib.datasets.selection import screen, select
from tests.datasets.choosing import candidate, melanoma, plan

CASES = 20_000
LONGEST = 5.0
"""Seconds."""


def candidates(number: int) -> list[Candidate]:
    """Images of two lesions in three patients' worth, one in ten a melanoma, some answers missing."""
    chance = Random(5)
    sites = ("torso", "torso", "legs", "arms", "head_neck", "palms_soles", None)
    made = []
    for each in range(number):
        one = melanoma if chance.random() < 0.1 else candidate
        patient = chance.randrange(number * 2 // 3)
        made.append(
            one(
                f"image{each}",
                patient_id=f"patient{patient}",
                lesion_id=f"lesion{patient}-{chance.randrange(2)}",
                age=chance.choice([None, *range(5, 90)]),
                sex=chance.choice(["male", "female"]),
                site=chance.choice(sites),
                skin_type=chance.choice(["I", "II", "III", None]),
                capture={"device": {"make": "Make", "model": str(chance.randrange(4))}},
                look=Look.CLEAR,
            )
        )
    return made


def rows() -> list[Row]:
    wanted = plan(
        units=CASES // 2,
        inclusion=[{"field": "age", "operator": "at_least", "value": 18}],
        exclusion=[{"field": "image_quality", "operator": "is", "value": "unusable"}],
        splits=[
            {"name": name, "share": share}
            for name, share in (("train", 0.7), ("validation", 0.15), ("test", 0.15))
        ],
        most_of_one_device=0.5,
    )
    loaded = candidates(CASES)
    began = time.perf_counter()
    selection = select(wanted, screen(wanted, loaded), Context())
    took = time.perf_counter() - began
    assert len(selection.units) > CASES // 3
    assert selection.privacy["reached"] >= 11
    return [Row("selection from 20,000 cases", took, None, "s", LONGEST)]
