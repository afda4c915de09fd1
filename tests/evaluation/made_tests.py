"""Made tests of an AI service: a plan, and units whose answers are as good as asked for."""

from typing import Any

import numpy as np

from chalicelib.evaluation.tested import TestedUnit

CLASSES = (
    ("malignant", "positive", ("melanoma", "basal_cell_carcinoma")),
    ("nevus", "negative", ("nevus",)),
    ("benign", "negative", ("benign_keratosis",)),
)
DIAGNOSES = tuple(name for _, _, names in CLASSES for name in names)


def plan(*, defects: bool = False) -> dict[str, Any]:
    classes = [*CLASSES, *([("defect", "defect", ())] if defects else [])]
    return {
        "classes": [
            {"key": key, "role": role, "diagnoses": list(names), "title": {"ru": key, "en": key}}
            for key, role, names in classes
        ]
    }


def unit(number: int = 0, diagnosis: str = "nevus", **other: Any) -> TestedUnit:
    """A unit answered rightly and at once, unless told otherwise."""
    key, role = next((key, role) for key, role, names in CLASSES if diagnosis in names)
    values: dict[str, Any] = {
        "unit_id": f"unit{number}",
        "class_key": key,
        "diagnosis": diagnosis,
        "role": role,
        "probabilities": {diagnosis: 1.0},
        "refused": False,
        "seconds": 2.0,
    }
    return TestedUnit(**(values | other))


def defect(*, refused: bool = True, **other: Any) -> TestedUnit:
    probabilities = None if refused else {"nevus": 1.0}
    values = {"probabilities": probabilities, "class_key": "defect", "role": "defect"}
    return unit(9999, refused=refused, **(values | {"diagnosis": "nevus"} | other))


def practice(units: int, skill: float = 2.0, seed: int = 0) -> list[TestedUnit]:
    """Units of all classes in turn; the higher the skill, the better the answers."""
    draw = np.random.default_rng(seed)
    found = []
    for number in range(units):
        diagnosis = DIAGNOSES[number % len(DIAGNOSES)]
        leaning = draw.normal(size=len(DIAGNOSES))
        leaning[DIAGNOSES.index(diagnosis)] += skill
        # Coarse, so that scores tie.
        share = np.round(np.exp(leaning) / np.exp(leaning).sum(), 2)
        share[0] += 1 - share.sum()
        found.append(
            unit(
                number,
                diagnosis,
                probabilities=dict(zip(DIAGNOSES, share.clip(0).tolist(), strict=True)),
                seconds=float(draw.uniform(1, 5)),
                quasi={"sex": ("male", "female")[number % 3 == 0], "age": f"{20 + number % 60}"},
                readings=[
                    {"reader": f"reader{number % 2}", "diagnosis": DIAGNOSES[draw.integers(4)]}
                ],
            )
        )
    return found
