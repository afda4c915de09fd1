"""Whether a service passed its test, and why: the thresholds of the second paper (its figure 3).

Calibration (KlT): the area of the target is at least 0.81, no quality metric is worse than claimed by 10 %
or more, and each unit took less than 10 minutes. Functional (FT): every good unit was answered, in less
than 10 minutes, and every unit with a technical defect was refused.

Point estimates decide, as in the paper; every reason names the interval. How much a metric is worse is
relative to what was claimed: (claimed - measured) / claimed. A better one is no fault. Thresholds are
compared at six decimals, as a report gives its figures: 0.81 of 0.9 is 10 % worse and not 9.999….
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.evaluation import wording
from chalicelib.evaluation.wording import decimal, say
from chalicelib.platform.language import Text

LEAST_AREA: Final = 0.81
WORSE_BY: Final = 0.10
SECONDS: Final = 600.0
_DIGITS: Final = 6


@dataclass(frozen=True)
class Reason:
    """One condition: which way it went, and why."""

    passed: bool
    sentence: Text

    def as_json(self) -> dict[str, Any]:
        return {"passed": self.passed, "ru": self.sentence.ru, "en": self.sentence.en}


@dataclass(frozen=True)
class Verdict:
    """A test is passed when every condition is met."""

    reasons: Sequence[Reason]

    @property
    def passed(self) -> bool:
        return bool(self.reasons) and all(reason.passed for reason in self.reasons)

    def as_json(self) -> dict[str, Any]:
        return {"passed": self.passed, "reasons": [reason.as_json() for reason in self.reasons]}


@dataclass(frozen=True)
class Measured:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Time:
    """What the clock showed: the worst unit, in seconds, and of how many units it was measured."""

    units: int
    measured: int
    worst: float | None


def worse_by(claimed: float, measured: float) -> float:
    """By what share of the claimed a metric is worse; 0 where it is not. Raises `ValueError` unless the
    claimed one is above 0."""
    if claimed <= 0:
        raise ValueError("Nothing can be worse than a claim of 0.")
    return max(0.0, round((claimed - measured) / claimed, _DIGITS))


def calibration(
    area: Measured | None, claimed: Mapping[str, tuple[float, Measured | None]], time: Time
) -> Verdict:
    """The verdict on a calibration test. `claimed`: by metric, what was claimed and what was measured
    (None: the set cannot tell)."""
    reasons = [_area(area)]
    reasons += [_claim(name, *pair) for name, pair in claimed.items()]
    if not claimed:
        reasons.append(Reason(True, wording.NOTHING_CLAIMED))
    return Verdict([*reasons, _time(time)])


def functional(good: int, answered: int, defects: int, defects_refused: int, time: Time) -> Verdict:
    """The verdict on a functional test, by counts of units."""
    counts = {"answered": answered, "good": good, "refused": defects_refused, "defects": defects}
    if not good:
        processed = Reason(False, wording.NO_GOOD_UNITS)
    elif answered == good:
        processed = Reason(True, say(wording.ALL_ANSWERED, **counts))
    else:
        processed = Reason(False, say(wording.NOT_ALL_ANSWERED, **counts))
    if not defects:
        refused = Reason(False, wording.NO_DEFECTS)
    elif defects_refused == defects:
        refused = Reason(True, say(wording.DEFECTS_REFUSED, **counts))
    else:
        refused = Reason(False, say(wording.DEFECTS_NOT_REFUSED, **counts))
    return Verdict([processed, refused, _time(time)])


def _area(area: Measured | None) -> Reason:
    if area is None:
        return Reason(False, wording.NO_AREA)
    passed = round(area.value, _DIGITS) >= LEAST_AREA
    if not passed:
        sentence = wording.AREA_TOO_SMALL
    elif round(area.low, _DIGITS) < LEAST_AREA:
        sentence = wording.AREA_ENOUGH_UNSURE
    else:
        sentence = wording.AREA_ENOUGH
    return Reason(passed, say(sentence, least=decimal(LEAST_AREA), **_figures(area)))


def _claim(name: str, claimed: float, measured: Measured | None) -> Reason:
    values: dict[str, Text] = {"metric": wording.metric(name), "claimed": decimal(claimed)}
    if measured is None:
        return Reason(False, say(wording.CLAIM_UNKNOWN, **values))
    share = worse_by(claimed, measured.value)
    values |= _figures(measured) | {"worse": wording.percent(share)}
    if share >= WORSE_BY:
        return Reason(False, say(wording.CLAIM_BROKEN, **values))
    return Reason(True, say(wording.CLAIM_WITHIN if share else wording.CLAIM_KEPT, **values))


def _time(time: Time) -> Reason:
    missing, minutes = time.units - time.measured, int(SECONDS // 60)
    if time.worst is None or (missing and time.worst < SECONDS):
        return Reason(False, say(wording.NO_TIME, units=time.units, missing=missing))
    in_time = time.worst < SECONDS
    sentence = wording.IN_TIME if in_time else wording.TOO_SLOW
    longest = wording.duration(time.worst)
    return Reason(in_time, say(sentence, units=time.units, minutes=minutes, longest=longest))


def _figures(figure: Measured) -> dict[str, Text]:
    return {
        "value": decimal(figure.value),
        "low": wording.thousandths(figure.low),
        "high": wording.thousandths(figure.high),
    }
