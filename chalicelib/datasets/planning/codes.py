"""The internal code of a dataset: what it is for, modality, organ, target; unique in the registry.

`DS_CT-I_DSC_SKIN_MELANOMA`, in the style of the second paper's registry, where calibration sets (KlT) are
coded `CT`. One that is taken already gets `_2`, `_3` …
"""

from collections.abc import Collection, Mapping
from typing import Final

from chalicelib.datasets.model import Purpose
from chalicelib.datasets.planning.plan import Plan

_TESTS: Final[Mapping[Purpose, str]] = {Purpose.SELF_TEST: "FT", Purpose.CLINICAL_TEST: "CT"}
_OTHERS: Final[Mapping[Purpose, str]] = {
    Purpose.TRAINING: "ML",
    Purpose.ADDITIONAL_TRAINING: "AT",
    Purpose.DYNAMIC: "DYN",
    Purpose.TECHNICAL_DEFECTS: "TD",
}

PARTS: Final = ("purpose", "repeated", "modality", "organ", "target")
"""Fields of the plan that its code is made of."""


def stem(plan: Plan) -> str:
    """The code of a plan, where no other has it yet."""
    if plan.purpose in _TESTS:
        kind = f"{_TESTS[plan.purpose]}-{'II' if plan.repeated else 'I'}"
    else:
        kind = _OTHERS[plan.purpose]
    return f"DS_{kind}_{plan.modality}_{plan.organ}_{plan.target}"


def free_code(plan: Plan, taken: Collection[str]) -> str:
    """The first code for a plan that is not taken."""
    first = code = stem(plan)
    number = 1
    while code in taken:
        number += 1
        code = f"{first}_{number}"
    return code
