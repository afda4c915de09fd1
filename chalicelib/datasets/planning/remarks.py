"""What is allowed in a plan, and yet wants a second thought. Remarks hinder nothing."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any, Final

from chalicelib.datasets.model import Purpose
from chalicelib.datasets.planning.plan import Plan, Role
from chalicelib.datasets.planning.power import WANTED
from chalicelib.platform.language import Text

CALIBRATION: Final = range(100, 201)
SELF_TEST: Final = range(3, 21)
"""Numbers of units that the second paper uses: 100 to 200, and "5 or so"."""


def remarks(plan: Plan, power: Mapping[str, Any] | None) -> Iterator[Text]:
    """What to think over; `power` is that of `planned_power`."""
    if plan.purpose is Purpose.CLINICAL_TEST and plan.units not in CALIBRATION:
        yield CALIBRATION_SIZE
    if plan.purpose is Purpose.SELF_TEST and plan.units not in SELF_TEST:
        yield SELF_TEST_SIZE
    if plan.purpose is Purpose.SELF_TEST and all(x.role is not Role.DEFECT for x in plan.classes):
        yield DEFECT
    if plan.purpose is Purpose.CLINICAL_TEST and plan.verification == "low":
        yield WEAK_LABELS
    if power and power["power"] < WANTED:
        wanted = ceil(100 * WANTED)
        # Rounded, what falls just short would be said to be enough.
        percent = min(round(100 * power["power"]), wanted - 1)
        yield LOW_POWER.filled(percent=percent, wanted=wanted)
        if power["needed"]:
            yield NEEDED.filled(wanted=wanted, **power["needed"])


CALIBRATION_SIZE: Final = Text(
    "Для калибровочного тестирования обычно берут 100–200 единиц.",
    "A calibration test usually has 100 to 200 units.",
)
SELF_TEST_SIZE: Final = Text(
    "Для функционального тестирования обычно хватает около 5 единиц: по одной на каждую модель устройства.",
    "A functional test usually needs about 5 units: one for each model of device.",
)
DEFECT: Final = Text(
    "В функциональное тестирование входит единица с техническим дефектом: добавьте класс с ролью defect.",
    "A functional test has a unit with a technical defect: add a class with the role defect.",
)
WEAK_LABELS: Final = Text(
    "Метки только из документов (low) слабы для клинического испытания.",
    "Labels from documents alone (low) are weak for a clinical test.",
)
LOW_POWER: Final = Text(
    "Мощность испытания {percent} %, а нужно не меньше {wanted} %.",
    "The power of the test is {percent} %; it should be {wanted} % at least.",
)
NEEDED: Final = Text(
    "Для мощности {wanted} % нужно положительных: {positives}, отрицательных: {negatives}.",
    "A power of {wanted} % needs {positives} positives and {negatives} negatives.",
)
