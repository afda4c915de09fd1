"""What services answer, checked strictly and with all faults at once. Pure; knows no label.

A fault's sentence depends on the answer and the algorithm's own classes alone, so nothing about hidden
labels can be learnt from what is refused.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.evaluation.model import Answered
from chalicelib.platform.errors import Invalid
from chalicelib.platform.language import Text

SUM_WITHIN: Final = 0.001
"""By so much probabilities may miss one, for services that round."""
REASON_LENGTH: Final = 500

NUMBER: Final = Text("Укажите число от 0 до 1.", "Give a number from 0 to 1.")
UNKNOWN_CLASS: Final = Text(
    "Алгоритм зарегистрирован без этого класса.", "The algorithm is registered without this class."
)
MISSING_CLASS: Final = Text(
    "Нет вероятности этого класса.", "The probability of this class is missing."
)
SUM: Final = Text(
    "Сумма вероятностей {sum}, а должна быть 1 (±0,001).",
    "The probabilities sum to {sum}, and must sum to 1 (±0.001).",
)
NOTHING: Final = Text(
    "Укажите вероятности классов или refused: true.",
    "Give probabilities of classes, or refused: true.",
)
BOTH: Final = Text(
    "Единица или отвечена, или отклонена: уберите одно из двух.",
    "A unit is either answered or refused: take away one of the two.",
)
REASON: Final = Text(
    "Причина — текст не длиннее {most} знаков, только при refused: true.",
    "The reason is a text of {most} characters at most, and comes with refused: true only.",
)
NO_SUCH_FIELD: Final = Text("Такого поля нет, уберите его.", "There is no such field, remove it.")
OBJECT: Final = Text("Укажите объект с полями.", "Give an object with fields.")
TRUE_OR_FALSE: Final = Text("Укажите true или false.", "Give true or false.")
NO_ID: Final = Text("Укажите unit_id.", "Give the unit_id.")
NOT_OF_RUN: Final = Text(
    "Такой единицы в испытании нет, или её снимок отозван. Уберите строку.",
    "There is no such unit in this test, or its image was taken back. Remove the line.",
)
TWICE: Final = Text(
    "Результат этой единицы уже есть в строке {line}.",
    "The result of this unit is in line {line} already.",
)
MISSING: Final = Text("Нет результата этой единицы.", "The result of this unit is missing.")

FIELDS: Final = frozenset({"unit_id", "probabilities", "refused", "reason"})
Faults = Iterator[tuple[str, Text]]


def read_result(result: Mapping[str, Any], classes: Sequence[str]) -> Answered:
    """One result. Raises `Invalid` with every fault."""
    faults = dict(_faults(result, classes))
    if faults:
        raise Invalid(faults)
    return _answered(result)


def read_results(
    results: Sequence[Any],
    classes: Sequence[str],
    known: frozenset[str],
    wanted: frozenset[str],
) -> dict[str, Answered]:
    """The results of a whole set, by unit. Raises `Invalid` with every fault of every line.

    Of the `known` units those of `wanted` must be there, the others may.
    """
    faults: dict[str, Text] = {}
    line_of: dict[str, int] = {}
    answered = {}
    for line, result in enumerate(results):
        found = dict(_line_faults(result, classes, known, line, line_of))
        faults |= {f"results.{line}{path and '.'}{path}": text for path, text in found.items()}
        if not found:
            answered[result["unit_id"]] = _answered(result)
    for unit_id in sorted(wanted - line_of.keys()):
        faults[f"missing.{unit_id}"] = MISSING
    if faults:
        raise Invalid(faults)
    return answered


def fingerprint(results: object) -> str:
    """By which the same results are known when they come again."""
    canonical = json.dumps(results, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _line_faults(
    result: Any,
    classes: Sequence[str],
    known: frozenset[str],
    line: int,
    line_of: dict[str, int],
) -> Faults:
    if not isinstance(result, Mapping):
        yield "", OBJECT
        return
    unit_id = result.get("unit_id")
    if not isinstance(unit_id, str):
        yield "unit_id", NO_ID
    elif unit_id not in known:
        yield "unit_id", NOT_OF_RUN
    elif (first := line_of.setdefault(unit_id, line)) != line:
        yield "unit_id", TWICE.filled(line=first)
    for name in result.keys() - FIELDS:
        yield name, NO_SUCH_FIELD
    yield from _faults(result, classes)


def _faults(result: Mapping[str, Any], classes: Sequence[str]) -> Faults:
    probabilities = result.get("probabilities")
    refused, reason = result.get("refused"), result.get("reason")
    if refused is not None and not isinstance(refused, bool):
        yield "refused", TRUE_OR_FALSE
    if reason is not None and not (
        refused is True and isinstance(reason, str) and len(reason) <= REASON_LENGTH
    ):
        yield "reason", REASON.filled(most=REASON_LENGTH)
    if probabilities is None:
        if not refused:
            yield "probabilities", NOTHING
    elif refused:
        yield "refused", BOTH
    elif not isinstance(probabilities, Mapping):
        yield "probabilities", OBJECT
    else:
        yield from _distribution_faults(probabilities, classes)


def _distribution_faults(probabilities: Mapping[str, Any], classes: Sequence[str]) -> Faults:
    total = 0.0
    for name, value in probabilities.items():
        if name not in classes:
            yield f"probabilities.{name}", UNKNOWN_CLASS
        elif not _is_probability(value):
            yield f"probabilities.{name}", NUMBER
        total += value if _is_probability(value) else math.nan
    for name in classes:
        if name not in probabilities:
            yield f"probabilities.{name}", MISSING_CLASS
    if math.isfinite(total) and abs(total - 1) > SUM_WITHIN:
        yield "probabilities", SUM.filled(sum=f"{total:.6g}")


def _is_probability(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _answered(result: Mapping[str, Any]) -> Answered:
    probabilities = result.get("probabilities")
    return Answered(
        probabilities=(
            {name: float(value) for name, value in probabilities.items()}
            if probabilities is not None
            else None
        ),
        refused=bool(result.get("refused")),
        reason=result.get("reason"),
    )
