"""Criteria that nobody can meet: age at least 60 and at most 18; included and excluded alike.

All conditions on one field are tried on values of it that tell them apart: each choice (of several answers,
each combination), and each bound with its neighbours. When none is left, the condition that took the last
one is named, with those that took what it would have left. So it needs no rule for each pair of operators,
and finds what three say together. Each condition looks at each value once, so that a plan of the longest
criteria takes a second.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations
from math import inf, nextafter
from typing import Any, Final

from chalicelib.datasets.planning.condition_fields import FIELDS, ConditionField
from chalicelib.datasets.planning.conditions import holds, sentence
from chalicelib.datasets.planning.plan import Condition, Operator, Plan
from chalicelib.platform.language import Text


@dataclass(frozen=True)
class _Demand:
    """A condition that must hold, or must not; `path` is None where the plan implies it."""

    condition: Condition
    wanted: bool
    path: str | None = None

    def met_by(self, value: Any) -> bool:
        answer = holds(self.condition, {self.condition.field: value})
        return answer is True if self.wanted else answer is not True


def unmeetable(plan: Plan) -> dict[str, Text]:
    """Criteria, and classes, that no candidate can meet beside the others; by path, in a sentence.

    The plan's conditions must be without `faults`.
    """
    found: dict[str, Text] = {}
    of_field: dict[str, list[_Demand]] = {}
    for demand in (*_implied(plan), *_written(plan)):
        of_field.setdefault(demand.condition.field, []).append(demand)
    left: dict[str, Iterable[Any]] = {"diagnosis": FIELDS["diagnosis"].choices}
    for key, demands in of_field.items():
        values = list(_values(FIELDS[key], demands))
        left[key], kept = values, list[_Demand]()
        for demand in demands:
            meeting = list(filter(demand.met_by, left[key]))
            if meeting or demand.path is None:
                left[key] = meeting
                kept.append(demand)
            else:
                found[demand.path] = _against(demand, kept, values)
    for place, one in enumerate(plan.classes):
        if one.diagnoses and not set(map(str, one.diagnoses)) & set(left["diagnosis"]):
            found[f"classes.{place}.diagnoses"] = NOBODY_IN_CLASS
    return found


def _implied(plan: Plan) -> Iterator[_Demand]:
    yield _Demand(_is("kind", [str(kind) for kind in plan.kinds]), True)
    least = Condition(
        field="verification", operator=Operator.AT_LEAST, value=str(plan.verification)
    )
    yield _Demand(least, True)


def _written(plan: Plan) -> Iterator[_Demand]:
    for place, condition in enumerate(plan.inclusion):
        yield _Demand(condition, True, f"inclusion.{place}")
    for place, condition in enumerate(plan.non_inclusion):
        yield _Demand(condition, False, f"non_inclusion.{place}")
    for place, condition in enumerate(plan.exclusion):
        yield _Demand(condition, False, f"exclusion.{place}")


def _is(field: str, values: list[Any]) -> Condition:
    return Condition(field=field, operator=Operator.IS, value=values)


def _values(field: ConditionField, demands: Sequence[_Demand]) -> Iterator[Any]:
    """Values of a field among which each set of values that these demands can describe has one."""
    yield None
    if field.kind == "choices":
        sizes = range(len(field.choices) + 1)
        yield from map(list, chain(*(combinations(field.choices, size) for size in sizes)))
    elif field.choices:
        yield from field.choices
    elif field.kind == "boolean":
        yield from (True, False)
    else:
        yield from {near: None for bound in _bounds(demands) for near in _near(field, bound)}


def _bounds(demands: Sequence[_Demand]) -> Iterator[Any]:
    for demand in demands:
        value = demand.condition.value
        yield from value if isinstance(value, list) else [value]


def _near(field: ConditionField, bound: Any) -> Iterator[Any]:
    """A value, and those next to it. Of a condition without a value, any."""
    match field.kind:
        case "text":
            yield from (bound or SOMETHING, SOMETHING)
        case "date":
            day = date.fromisoformat(bound) if bound else _ANY_DAY
            days = (day.toordinal() + step for step in (-1, 0, 1))
            yield from (
                date.fromordinal(one).isoformat()
                for one in days
                if date.min.toordinal() <= one <= date.max.toordinal()
            )
        case "integer":
            middle = bound if bound is not None else int(field.minimum or 0)
            around = (middle - 1, middle, middle + 1)
            yield from (one for one in around if _within(field, one))
        case _:
            middle = bound if bound is not None else field.minimum or 0
            beside = (nextafter(middle, -inf), middle, nextafter(middle, inf))
            yield from (one for one in beside if _within(field, one))


def _within(field: ConditionField, value: float) -> bool:
    low = field.minimum if field.minimum is not None else -inf
    high = field.maximum if field.maximum is not None else inf
    return low <= value <= high


def _against(demand: _Demand, others: Iterable[_Demand], values: Iterable[Any]) -> Text:
    """Why nothing that meets a demand is left: those of the others, in their order, that took something."""
    left = list(filter(demand.met_by, values))
    said = []
    for other in others:
        meeting = list(filter(other.met_by, left))
        if len(meeting) < len(left):
            said.append(_said(other))
        left = meeting
    if not said:
        return NOBODY
    ru, en = "; ".join(one.ru for one in said), "; ".join(one.en for one in said)
    return Text(AGAINST.ru.format(others=ru), AGAINST.en.format(others=en))


def _said(demand: _Demand) -> Text:
    ru, en = sentence(demand.condition)
    return Text(ru, en) if demand.wanted else Text(f"исключаются: {ru}", f"left out: {en}")


SOMETHING: Final = "\N{REPLACEMENT CHARACTER}"
"""A text that nobody names: no request can contain it."""
_ANY_DAY: Final = date(2000, 1, 1)

AGAINST: Final = Text(
    "С этим условием не останется никого, потому что уже сказано: {others}.",
    "With this condition nobody is left, since it is said already: {others}.",
)
NOBODY: Final = Text("Этому условию не отвечает никто.", "Nobody meets this condition.")
NOBODY_IN_CLASS: Final = Text(
    "По критериям в этот класс никто не попадёт.",
    "By the criteria nobody gets into this class.",
)
